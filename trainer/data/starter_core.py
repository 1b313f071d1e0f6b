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

from trainer.data.starter_sources import Corpus, Module
from trainer.data.starter_tasks import (
    docstring_choice,
    last_name,
    line_end,
    next_line,
    which_header,
    word_order,
)

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
    items: Callable[[list[Module], int], list[dict[str, Any]]]


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
    items = {task.label: task.items(corpus.validation_modules, ITEMS_PER_TASK) for task in TASKS}
    files = {f"eval_data/{_uri(task)}": _jsonl(items[task.label]) for task in TASKS}
    return {"core.yaml": _task_list(), "eval_meta_data.csv": _table(items), **files}


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
