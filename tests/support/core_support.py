"""A tiny model with random weights and a small folder of CORE's three task shapes."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import torch

from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT

WORDS = ["red", "blue", "green", "sky", "cat", "mat", "sat", "the", "is", "on", "a", "of", "two", "river"]

Rows = list[dict[str, Any]]


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def tiny_model(vocab_size: int, sequence_len: int = 64, seed: int = 0) -> GPT:
    """A model whose predictions differ from token to token: every weight is random."""
    config = ModelConfig(
        depth=2, width=32, heads=2, kv_heads=1, head_dim=16, sequence_len=sequence_len,
        vocab_size=vocab_size, block="gpt", windows=(16, None), value_embedding_layers=(1,),
        logit_softcap=15.0, rope_base=1e4, qk_scale=1.2,
    )  # fmt: skip
    model = GPT(config)
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.data.normal_(0.0, 0.4, generator=generator)
    return model


def write_core(folder: Path) -> Path:
    """Four tasks of 40 items: `core.yaml`, `eval_meta_data.csv`, `eval_data/`."""
    rng = random.Random(1)
    (folder / "eval_data").mkdir(parents=True)
    shapes = {
        "choice": ("multiple_choice", 3, "\nAnswer: "),
        "choice_zero": ("multiple_choice", 0, " "),
        "schema": ("schema", 2, " "),
        "modeling": ("language_modeling", 4, " "),
    }
    rows: dict[str, Rows] = {label: [] for label in shapes}
    for _ in range(40):
        choices = [sentence(rng, rng.randint(1, 5)) for _ in range(rng.randint(2, 5))]
        choice = {"query": sentence(rng, rng.randint(1, 20)), "choices": choices, "gold": 0}
        rows["choice"].append(choice)
        rows["choice_zero"].append(choice | {"gold": len(choices) - 1})
        contexts = [sentence(rng, rng.randint(1, 9)) for _ in range(2)]
        rows["schema"].append({"context_options": contexts, "continuation": sentence(rng, 3), "gold": 1})
        context = sentence(rng, rng.randint(1, 12))
        rows["modeling"].append({"context": context, "continuation": rng.choice(WORDS)})
    tasks = ["icl_tasks:"]
    for label, (shape, shots, delimiter) in shapes.items():
        text = "".join(json.dumps(row) + "\n" for row in rows[label])
        (folder / "eval_data" / f"{label}.jsonl").write_text(text)
        tasks += ["-", f"  label: {label}", f"  dataset_uri: {label}.jsonl", f"  num_fewshot: [{shots}]"]
        tasks += [f"  icl_task_type: {shape}", f"  continuation_delimiter: {json.dumps(delimiter)}"]
    (folder / "core.yaml").write_text("\n".join(tasks) + "\n")
    with (folder / "eval_meta_data.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["Eval Task", "Random baseline"], *([label, 25] for label in shapes)])
    return folder
