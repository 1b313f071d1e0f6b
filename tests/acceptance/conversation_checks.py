"""What a model tuned on any other chat set must do: end its answers, and read that set's CORE above chance.

The set's own held-out conversations are asked; a base, which knows no end of an answer, fails.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import torch

from tests.acceptance.engine_questions import ask
from trainer.checkpoint.reader import open_model
from trainer.data.catalog import DataSet, open_data
from trainer.evaluation.core import evaluate_core
from trainer.job import CoreReport

# Longer than nine of ten held-out answers; a model that repeats itself reaches it.
MOST_ANSWER_TOKENS = 256
LONGEST_QUESTION_CHARACTERS = 1000
CORE_ITEMS_PER_TASK = 50


@dataclass(frozen=True)
class ConversationScores:
    """Answers that ended of their own, of those asked, and CORE of the set (None: it has none)."""

    ended: int
    asked: int
    core: CoreReport | None

    def line(self, name: str) -> str:
        core = self.core
        read = "" if core is None else f", CORE {core.core_metric:.4f} [{core.lower:.4f}, {core.upper:.4f}]"
        return f"{name}: {self.ended}/{self.asked} answers ended{read}"


def score_conversations(checkpoint: Path, data_name: str, questions: int = 50) -> ConversationScores:
    """Ask a checkpoint held-out questions of a data set, and read a part of its CORE."""
    data = open_data(data_name)
    asked = held_out_questions(data, questions)
    replies = asyncio.run(ask(checkpoint, asked, MOST_ANSWER_TOKENS))
    ended = sum(reply.ended and bool(reply.text.strip() or reply.tool_calls) for reply in replies)
    return ConversationScores(ended, len(asked), core_of(checkpoint, data))


def held_out_questions(data: DataSet, count: int) -> list[str]:
    """First turns of held-out conversations without tools, spread over all of them."""
    found = [
        conversation.messages[0].content
        for conversation in data.conversations("validation")
        if not conversation.tools and conversation.messages[0].role == "user"
    ]
    short = [text for text in found if isinstance(text, str) and len(text) <= LONGEST_QUESTION_CHARACTERS]
    return short[:: max(1, len(short) // count)][:count]


def core_of(checkpoint: Path, data: DataSet) -> CoreReport | None:
    """CORE of the first items of each task, on a GPU where there is one."""
    folder = data.core_folder()
    if folder is None:
        return None
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loaded = open_model(checkpoint, device, torch.float32 if device.type == "cpu" else torch.bfloat16)
    return evaluate_core(loaded.model, loaded.tokenizer, folder, CORE_ITEMS_PER_TASK)
