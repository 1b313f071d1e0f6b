"""What a tuned starter model must know: facts in untrained words, sums by calculator, CORE above chance.

The same checks run on a deployed model, on its base, and on a copy with randomised weights.
"""

import asyncio
import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from tests.acceptance.engine_questions import Reply, ask
from tests.acceptance.fact_checks import (
    SumQuestion,
    fact_questions,
    is_calculator_call,
    key_fact_in,
    sum_questions,
)
from trainer.checkpoint.reader import open_model
from trainer.data.catalog import open_data
from trainer.evaluation.core import evaluate_core
from trainer.job import CoreReport


@dataclass(frozen=True)
class Scores:
    """Facts and sums right of those asked, and starter CORE."""

    facts_right: int
    facts_asked: int
    sums_right: int
    sums_asked: int
    core: CoreReport

    def line(self, name: str) -> str:
        return (
            f"{name}: facts {self.facts_right}/{self.facts_asked}, sums {self.sums_right}/{self.sums_asked}, "
            f"CORE {self.core.core_metric:.4f} [{self.core.lower:.4f}, {self.core.upper:.4f}]"
        )


def score_checkpoint(checkpoint: Path, questions: int = 100, seed: int = 0) -> Scores:
    """Ask `questions` facts and sums of a checkpoint, and read its starter CORE."""
    folder = open_data("starter").folder
    facts, sums = fact_questions(folder, questions, seed), sum_questions(folder, questions, seed)
    replies = asyncio.run(ask(checkpoint, [item.question for item in (*facts, *sums)]))
    answered_facts = zip(facts, replies[: len(facts)], strict=True)
    answered_sums = zip(sums, replies[len(facts) :], strict=True)
    return Scores(
        facts_right=sum(key_fact_in(reply.text, fact.key_fact) for fact, reply in answered_facts),
        facts_asked=len(facts),
        sums_right=sum(calls_for(reply, asked) for asked, reply in answered_sums),
        sums_asked=len(sums),
        core=starter_core(checkpoint),
    )


def calls_for(reply: Reply, asked: SumQuestion) -> bool:
    """Whether the one parsed call of an answer is the calculator's, with the sum that was asked."""
    return len(reply.tool_calls) == 1 and is_calculator_call(
        reply.tool_calls[0].name, reply.tool_calls[0].arguments, asked.expression
    )


def starter_core(checkpoint: Path) -> CoreReport:
    """CORE on the starter set's held-out questions."""
    loaded = open_model(checkpoint, torch.device("cpu"), torch.float32)
    folder = open_data("starter").core_folder()
    assert folder is not None
    return evaluate_core(loaded.model, loaded.tokenizer, folder)


def randomised_copy(checkpoint: Path, folder: Path) -> Path:
    """The same checkpoint with every weight replaced by noise of the same mean and spread."""
    source = checkpoint / "checkpoint" if (checkpoint / "checkpoint").is_dir() else checkpoint
    shutil.copytree(source, folder)
    generator = torch.Generator().manual_seed(0)
    weights = load_file(folder / "model.safetensors")
    noise = {
        name: (torch.randn(w.shape, generator=generator) * w.float().std(correction=0) + w.float().mean()).to(
            w.dtype
        )
        for name, w in weights.items()
    }
    save_file(noise, folder / "model.safetensors")
    record_weights(folder)
    return folder


def record_weights(folder: Path) -> None:
    """Make the checkpoint's record of its weights true again."""
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"]["model.safetensors"] = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))
