"""Batched CORE equals a naive evaluator that takes one candidate a forward pass, item by item."""

import json
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from tests.support.core_support import WORDS, Rows, sentence, tiny_model, write_core
from trainer.evaluation import evaluate_core, load_items, load_tasks, task_correctness
from trainer.evaluation.passes import PassShapes
from trainer.model.gpt import GPT
from trainer.tokenizer import Tokenizer

ONE_WIDTH = PassShapes(4096, (8,))  # narrower than most: the model's length for the rest


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    rng = random.Random(0)
    return Tokenizer.train([sentence(rng, 400) + "\nAnswer: \n\n"], 400)


@pytest.fixture(scope="module")
def core_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_core(tmp_path_factory.mktemp("core"))


def naive(
    model: GPT, tokenizer: Tokenizer, shape: str, shots: int, delimiter: str, rows: Rows, i: int
) -> bool:
    """One item, read from its raw JSON row, one candidate a forward pass."""
    examples = random.Random(1234 + i).sample([row for j, row in enumerate(rows) if j != i], shots)
    row, before = rows[i], ""
    for example in examples:
        if shape == "multiple_choice":
            before += example["query"] + delimiter + example["choices"][example["gold"]]
        elif shape == "schema":
            before += example["context_options"][example["gold"]] + delimiter + example["continuation"]
        else:
            before += example["context"].strip() + delimiter + example["continuation"]
        before += "\n\n"
    bos = [tokenizer.special("<|bos|>")]
    if shape == "language_modeling":
        prompt = before + row["context"].strip() + delimiter
        start = len(bos + tokenizer.encode(prompt.strip()).tolist())
        ids = bos + tokenizer.encode(prompt + row["continuation"]).tolist()
        logits, cut = naive_logits(model, ids)
        predicted = logits.argmax(-1)[start - cut - 1 : -1].tolist()
        return bool(predicted == ids[start:])
    if shape == "multiple_choice":
        texts = [before + row["query"] + delimiter + choice for choice in row["choices"]]
    else:
        texts = [before + context + delimiter + row["continuation"] for context in row["context_options"]]
    candidates = [bos + tokenizer.encode(text).tolist() for text in texts]
    losses = []
    for ids, start in zip(candidates, naive_starts(candidates, shape), strict=True):
        logits, cut = naive_logits(model, ids)
        logp = logits.log_softmax(-1)
        nats = [-logp[t - cut - 1, ids[t]].item() for t in range(start, len(ids))]
        losses.append(sum(nats) / len(nats))
    return losses.index(min(losses)) == row["gold"]


def naive_starts(candidates: list[list[int]], shape: str) -> list[int]:
    rows = candidates if shape == "multiple_choice" else [ids[::-1] for ids in candidates]
    common = 0
    while all(len(ids) > common and ids[common] == rows[0][common] for ids in rows):
        common += 1
    if shape == "schema":
        return [len(ids) - common for ids in candidates]
    return [min(common, len(ids) - 1) for ids in candidates]


def naive_logits(model: GPT, ids: Sequence[int]) -> tuple[torch.Tensor, int]:
    """Logits of the last `sequence_len` tokens, and how many were cut off before them."""
    cut = max(0, len(ids) - model.config.sequence_len)
    with torch.no_grad():
        return model(torch.tensor([ids[cut:]]))[0], cut


def shuffled_rows(path: Path) -> Rows:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    random.Random(1337).shuffle(rows)
    return rows


@pytest.mark.parametrize("label", ["choice", "choice_zero", "schema", "modeling"])
@pytest.mark.parametrize("sequence_len", [40, 400])
def test_every_item_as_the_naive_evaluator(
    core_folder: Path, tokenizer: Tokenizer, label: str, sequence_len: int
) -> None:
    model = tiny_model(tokenizer.vocab_size, sequence_len)
    task = next(task for task in load_tasks(core_folder) if task.label == label)
    rows = shuffled_rows(task.path)
    if label == "modeling":
        rows = with_some_right(model, tokenizer, rows, task.shots, task.delimiter)
        task.path.write_text("".join(json.dumps(row) + "\n" for row in unshuffled(rows)))
    expected = [
        naive(model, tokenizer, task.shape, task.shots, task.delimiter, rows, i) for i in range(len(rows))
    ]
    items = load_items(task)
    for shapes in (None, PassShapes(300), PassShapes(1), PassShapes(300, (16, 24, 40)), ONE_WIDTH):
        batched = task_correctness(model, tokenizer, task, items, range(len(rows)), shapes=shapes)
        assert batched == expected
    assert 0 < sum(expected) < len(expected)


def with_some_right(model: GPT, tokenizer: Tokenizer, rows: Rows, shots: int, delimiter: str) -> Rows:
    """A random model hardly ever hits a word: favour words, and ask some items for the likeliest."""
    rows = [dict(row) for row in rows]
    for word in WORDS:
        model.lm_head.weight.data[tokenizer.encode(" " + word).tolist()] *= 4.0
    for i in range(0, len(rows), 4):
        for word in WORDS:
            rows[i]["continuation"] = word
            if naive(model, tokenizer, "language_modeling", shots, delimiter, rows, i):
                break
    return rows


def unshuffled(rows: Rows) -> Rows:
    order = list(range(len(rows)))
    random.Random(1337).shuffle(order)
    back: Rows = [{} for _ in rows]
    for row, place in zip(rows, order, strict=True):
        back[place] = row
    return back


def test_a_cap_takes_the_first_items_and_leaves_their_prompts_alone(
    core_folder: Path, tokenizer: Tokenizer
) -> None:
    model = tiny_model(tokenizer.vocab_size)
    task = load_tasks(core_folder)[0]
    everything = task_correctness(model, tokenizer, task, load_items(task), range(40))
    report = evaluate_core(model, tokenizer, core_folder, max_per_task=7)
    assert report.tasks[0].items == 7
    assert report.tasks[0].accuracy == pytest.approx(sum(everything[:7]) / 7)


def test_equal_candidates_give_the_first(tokenizer: Tokenizer, tmp_path: Path) -> None:
    (tmp_path / "eval_data").mkdir()
    rows = [{"query": "the sky is", "choices": ["blue"] * n, "gold": 0} for n in range(1, 6)]
    (tmp_path / "eval_data/t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "core.yaml").write_text(
        "icl_tasks: [{label: t, dataset_uri: t.jsonl, num_fewshot: [0], icl_task_type: multiple_choice}]"
    )
    (tmp_path / "eval_meta_data.csv").write_text("Eval Task,Random baseline\nt,0\n")
    report = evaluate_core(tiny_model(tokenizer.vocab_size), tokenizer, tmp_path)
    assert report.core_metric == 1.0


@pytest.mark.real_data
def test_all_22_tasks_run(tokenizer: Tokenizer) -> None:
    folder = Path(os.environ["HARNESS_DATA"]) / "core"
    seen: list[str] = []
    report = evaluate_core(
        tiny_model(tokenizer.vocab_size, 256),
        tokenizer,
        folder,
        max_per_task=2,
        on_progress=lambda fraction, text: seen.append(text),
    )
    assert len(report.tasks) == len(seen) == 22
    assert all(task.items == 2 for task in report.tasks)
    assert report.lower < report.core_metric < report.upper
