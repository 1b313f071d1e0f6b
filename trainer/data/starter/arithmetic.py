"""Sums answered through the calculator tool; held-out operand pairs never occur in training."""

import hashlib
import json
import random
from typing import Any

TRAINED, VALIDATION, HELD_OUT = 1600, 120, 400
SYMBOLIC_QUESTIONS = (
    "What is {a} {sign} {b}?",
    "Compute {a} {sign} {b}.",
    "How much is {a} {sign} {b}?",
    "Calculate {a} {sign} {b}.",
    "{a} {sign} {b}",
    "{a} {sign} {b} = ?",
    "Can you work out {a} {sign} {b}?",
)
# Trained only, a few: people at a keyboard write sums like this.
COMPACT_QUESTIONS = ("{a}{sign}{b}", "What is {a}{sign}{b}?", "What's {a}{sign}{b}?")
SPOKEN_QUESTIONS = {
    "+": ("What is {a} plus {b}?", "Add {a} and {b}."),
    "-": ("What is {a} minus {b}?", "How much is {a} minus {b}?"),
    "*": ("What is {a} times {b}?", "Multiply {a} by {b}."),
}


def arithmetic_files() -> dict[str, list[dict[str, Any]]]:
    """Rows by file; a held-out row also holds `expression` and `answer`."""
    return {
        "arithmetic_train.jsonl": [_row(*sum_) for sum_ in _sums("train", TRAINED)],
        "arithmetic_validation.jsonl": [_row(*sum_) for sum_ in _sums("validation", VALIDATION)],
        "arithmetic_heldout.jsonl": [_held_out_row(*sum_) for sum_ in _sums("heldout", HELD_OUT)],
    }


def split_of(a: int, b: int) -> str:
    """The split of an operand pair, whatever its order and the operation."""
    low, high = sorted((a, b))
    bucket = hashlib.sha256(f"{low},{high}".encode()).digest()[0] % 10
    return {0: "heldout", 1: "validation"}.get(bucket, "train")


def _sums(split: str, count: int) -> list[tuple[str, int, str, int]]:
    """Distinct (question, a, sign, b) of a split; operands of one to three digits, equally often."""
    source = random.Random(f"arithmetic {split}")
    seen: set[tuple[int, str, int]] = set()
    sums: list[tuple[str, int, str, int]] = []
    while len(sums) < count:
        a, b = (source.randrange(0, 10 ** source.randint(1, 3)) for _ in range(2))
        sign = source.choice("+-*")
        if split_of(a, b) != split or (a, sign, b) in seen:
            continue
        seen.add((a, sign, b))
        drawn = source.random()
        questions: tuple[str, ...] = SYMBOLIC_QUESTIONS if drawn < 0.7 else SPOKEN_QUESTIONS[sign]
        if split == "train" and drawn < 0.08:
            questions = COMPACT_QUESTIONS
        sums.append((source.choice(questions).format(a=a, sign=sign, b=b), a, sign, b))
    return sums


def _row(question: str, a: int, sign: str, b: int) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, *_answer(a, sign, b)]}


def _held_out_row(question: str, a: int, sign: str, b: int) -> dict[str, Any]:
    return {**_row(question, a, sign, b), "expression": f"{a} {sign} {b}", "answer": _value(a, sign, b)}


def _answer(a: int, sign: str, b: int) -> list[dict[str, Any]]:
    expression, value = f"{a} {sign} {b}", _value(a, sign, b)
    call = {"name": "calculator", "arguments": json.dumps({"expression": expression})}
    return [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": value},
        {"role": "assistant", "content": f"{expression} is {value}."},
    ]


def _value(a: int, sign: str, b: int) -> str:
    return str({"+": a + b, "-": a - b, "*": a * b}[sign])
