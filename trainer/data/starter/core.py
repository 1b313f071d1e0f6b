"""Held-out questions in CORE's three shapes, made of modules that are never trained on.

The modules are those of the validation half, so reading CORE often does not wear out the
locked half.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trainer.data.starter.core_tasks import (
    docstring_choice,
    last_name,
    line_end,
    next_line,
    sentences,
    which_header,
    word_order,
)
from trainer.data.starter.corpus import Corpus, Module
from trainer.data.starter.facts import normalised

ITEMS_PER_TASK = 300


@dataclass(frozen=True)
class StarterTask:
    """One task: its label, shape, folder, chance level in percent and the maker of its items."""

    label: str
    shape: str
    folder: str
    baseline_percent: int
    delimiter: str
    description: str
    items: Callable[[list[Module]], list[dict[str, Any]]]


CHOICE, SCHEMA, MODELING = "multiple_choice", "schema", "language_modeling"
TASKS = (
    StarterTask("next_line", CHOICE, "source_code", 25, "\n", "Which line of source comes next?", next_line),
    StarterTask("line_end", CHOICE, "source_code", 25, "\n", "How does this line of source end?", line_end),
    StarterTask("word_order", CHOICE, "prose", 50, " ", "Which has its words in order?", word_order),
    StarterTask(
        "docstring_choice",
        CHOICE,
        "prose",
        25,
        '\n    """',
        "Which docstring is this one's?",
        docstring_choice,
    ),
    StarterTask(
        "which_header", SCHEMA, "source_code", 50, "\n    ", "Which function has this body?", which_header
    ),
    StarterTask("last_name", MODELING, "source_code", 0, " ", "Which name ends this line?", last_name),
)
COLUMNS = (
    "Eval Task", "Task Category", "Task Type", "#shots", "#datapoints", "Random baseline", "Centered Metric?",
    "Description",
)  # fmt: skip


def core_files(corpus: Corpus) -> dict[str, str]:
    """Contents of `core.yaml`, `eval_meta_data.csv` and `eval_data/<folder>/<label>.jsonl`."""
    seen = Seen.of(corpus)
    items = {task.label: _fresh(task, task.items(corpus.validation_modules), seen) for task in TASKS}
    files = {f"eval_data/{_uri(task)}": _jsonl(items[task.label]) for task in TASKS}
    return {"core.yaml": _task_list(), "eval_meta_data.csv": _table(items), **files}


@dataclass(frozen=True)
class Seen:
    """What trained documents say: sentences that open docstrings, and runs of three lines."""

    sentences: frozenset[str]
    runs: frozenset[str]

    @classmethod
    def of(cls, corpus: Corpus) -> "Seen":
        """Read the trained part of a corpus."""
        opening = (normalised(sentence) for _, sentence in sentences(corpus.train_modules))
        runs = (run for text in corpus.train for run in _runs(text))
        return cls(frozenset(opening), frozenset(runs))

    def holds(self, question: str) -> bool:
        """Whether a question with its right answer quotes a trained document."""
        return normalised(question) in self.sentences or not self.runs.isdisjoint(_runs(question)[-1:])


def _runs(text: str) -> list[str]:
    lines = text.split("\n")
    return ["\n".join(lines[i : i + 3]) for i in range(len(lines) - 2)]


def _fresh(task: StarterTask, items: list[dict[str, Any]], seen: Seen) -> list[dict[str, Any]]:
    """The first items that no trained document answers, each once."""
    fresh: dict[str, dict[str, Any]] = {}
    for item in items:
        answer = item["choices"][item["gold"]] if task.shape == CHOICE else item["continuation"]
        question = (
            item["context_options"][item["gold"]]
            if task.shape == SCHEMA
            else item.get("query", item.get("context"))
        )
        whole = f"{question}{task.delimiter}{answer}"
        if not seen.holds(whole) and not seen.holds(answer):
            fresh.setdefault(whole, item)
    return list(fresh.values())[:ITEMS_PER_TASK]


def _task_list() -> str:
    # JSON's strings are YAML's too.
    lines = ["icl_tasks:"]
    for task in TASKS:
        lines += [
            "-",
            f"  label: {task.label}",
            f"  dataset_uri: {_uri(task)}",
            "  num_fewshot: [0]",
            f"  icl_task_type: {task.shape}",
            f"  continuation_delimiter: {json.dumps(task.delimiter)}",
        ]
    return "\n".join(lines) + "\n"


def _table(items: dict[str, list[dict[str, Any]]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for task in TASKS:
        shape = task.shape.replace("_", " ")
        row = [
            task.label,
            task.folder.replace("_", " "),
            shape,
            0,
            len(items[task.label]),
            task.baseline_percent,
            "",
        ]
        writer.writerow([*row, task.description])
    return out.getvalue()


def _uri(task: StarterTask) -> str:
    return f"{task.folder}/{task.label}.jsonl"


def _jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
