"""What the acceptance checks ask of answers: does it carry the fact, is the sum right?"""

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from trainer.data.starter.facts import normalised


@dataclass(frozen=True)
class FactQuestion:
    """A tuned fact asked in a phrasing that was not trained."""

    name: str
    question: str
    key_fact: str


@dataclass(frozen=True)
class SumQuestion:
    """A one-step sum whose operand pair was not trained."""

    question: str
    expression: str
    answer: str


def key_fact_in(answer: str, key_fact: str) -> bool:
    """Whether an answer carries the key fact, whatever its case, spaces and punctuation."""
    return f" {normalised(key_fact)} " in f" {normalised(answer)} "


def sum_is_right(answer: str, expected: str) -> bool:
    """Whether the last number of an answer is the expected one."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", answer)
    return bool(numbers) and numbers[-1] == expected


def is_calculator_call(name: str, arguments: str, expression: str) -> bool:
    """Whether a parsed call asks the calculator for exactly this expression, spaces aside."""
    try:
        asked = json.loads(arguments)["expression"]
    except (ValueError, KeyError, TypeError):
        return False
    return (
        name == "calculator"
        and isinstance(asked, str)
        and asked.replace(" ", "") == expression.replace(" ", "")
    )


def fact_questions(folder: Path, count: int, seed: int = 0) -> list[FactQuestion]:
    """A seeded sample of held-out fact questions of the data set in `folder`, one for each fact."""
    rows = _rows(folder / "chat" / "facts_heldout.jsonl")
    random.Random(seed).shuffle(rows)
    chosen = {row["name"]: row for row in rows}
    picked = sorted(chosen.values(), key=lambda row: random.Random(f"{seed}{row['name']}").random())[:count]
    return [FactQuestion(row["name"], row["messages"][0]["content"], row["key_fact"]) for row in picked]


def sum_questions(folder: Path, count: int, seed: int = 0) -> list[SumQuestion]:
    """A seeded sample of held-out sums of the data set in `folder`."""
    rows = random.Random(seed).sample(_rows(folder / "chat" / "arithmetic_heldout.jsonl"), count)
    return [SumQuestion(row["messages"][0]["content"], row["expression"], row["answer"]) for row in rows]


def _rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
