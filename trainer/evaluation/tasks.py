"""The task list (`core.yaml`), its random baselines (`eval_meta_data.csv`) and the items of a task."""

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa
import yaml

from trainer.data.errors import DataError

Shape = Literal["multiple_choice", "schema", "language_modeling"]
SHUFFLE_SEED = 1337


class CoreError(DataError):
    """A CORE folder that cannot be used; `str()` is one line for the user."""


@dataclass(frozen=True)
class CoreTask:
    """One task: `baseline` is the accuracy of guessing, between 0 and 1."""

    label: str
    shape: Shape
    shots: int
    delimiter: str
    baseline: float
    path: Path


@dataclass(frozen=True)
class Item:
    """One question in any shape: contexts × continuations are its candidates, `gold` the right one.

    multiple_choice has one context, schema one continuation, language_modeling one of each.
    """

    contexts: tuple[str, ...]
    continuations: tuple[str, ...]
    gold: int

    def answered(self, delimiter: str) -> str:
        """The item with its right answer, as it stands among the few-shot examples."""
        context = self.contexts[self.gold if len(self.contexts) > 1 else 0]
        continuation = self.continuations[self.gold if len(self.continuations) > 1 else 0]
        return f"{context}{delimiter}{continuation}"


def load_tasks(core_folder: Path) -> tuple[CoreTask, ...]:
    """The tasks of `core_folder`, in the order of its `core.yaml`.

    Raises:
        CoreError: a file is missing, or an entry cannot be understood.
    """
    entries = _read_task_list(core_folder / "core.yaml")
    baselines = _read_baselines(core_folder / "eval_meta_data.csv")
    tasks = tuple(_task(entry, baselines, core_folder) for entry in entries)
    if len({task.label for task in tasks}) != len(tasks):
        raise CoreError(f"{core_folder / 'core.yaml'}: a label is given twice; allowed: once")
    return tasks


def load_items(task: CoreTask, seed: int = SHUFFLE_SEED) -> list[Item]:
    """All items of a task in the fixed shuffled order, of which a cap takes the first.

    Raises:
        CoreError: naming the line at fault.
    """
    items = [
        _item(document, task, number)
        for number, document in enumerate(_read_lines(task.path), 1)
        if document is not None
    ]
    if not items:
        raise CoreError(f"{task.path}: no items")
    random.Random(seed).shuffle(items)
    return items


def _read_task_list(path: Path) -> list[dict[str, Any]]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise CoreError(f"{path}: {' '.join(str(error).split())[:300]}") from None
    entries = document.get("icl_tasks") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CoreError(f"{path}: no list `icl_tasks` of tasks")
    if not entries:
        raise CoreError(f"{path}: `icl_tasks` is empty; allowed: at least one task")
    return entries


def _read_baselines(path: Path) -> dict[str, float]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {row["Eval Task"]: 0.01 * float(row["Random baseline"]) for row in rows}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise CoreError(f"{path}: {error}") from None


def _task(entry: dict[str, Any], baselines: dict[str, float], core_folder: Path) -> CoreTask:
    try:
        label, shape, uri = entry["label"], entry["icl_task_type"], entry["dataset_uri"]
        shots = int(entry["num_fewshot"][0])
        if not all(isinstance(text, str) for text in (label, shape, uri)):
            raise TypeError("label, icl_task_type and dataset_uri must be texts")
    except (KeyError, IndexError, TypeError, ValueError) as error:
        # Only a text is shown: a document of aliases within aliases is small in memory, endless in print.
        label = name[:80] if isinstance(name := entry.get("label"), str) else "without a label"
        raise CoreError(f"{core_folder / 'core.yaml'}: task {label}: {error!r:.200}") from None
    if shape not in get_args(Shape):
        raise CoreError(f"{label:.80}: icl_task_type {shape[:80]!r}; allowed: {', '.join(get_args(Shape))}")
    if label not in baselines:
        raise CoreError(f"{label}: no row in {core_folder / 'eval_meta_data.csv'}")
    if not 0.0 <= baselines[label] < 1.0:
        raise CoreError(f"{label}: random baseline {100 * baselines[label]:g} %; allowed: 0 to below 100")
    delimiter = entry.get("continuation_delimiter", " ")
    if not isinstance(delimiter, str):
        raise CoreError(f"{label}: continuation_delimiter; allowed: a text")
    return CoreTask(label, shape, shots, delimiter, baselines[label], _data_file(core_folder, uri))


def _data_file(core_folder: Path, uri: str) -> Path:
    plain = core_folder / "eval_data" / uri
    if ".." in plain.parts or Path(uri).is_absolute():
        raise CoreError(f"dataset_uri: {uri[:80]!r}; allowed: a file below {core_folder / 'eval_data'}")
    for path in (plain, plain.with_name(plain.name + ".zst")):
        if path.is_file():
            return path
    raise CoreError(f"{plain}: not found, with or without .zst")


def _read_lines(path: Path) -> Iterator[Any]:
    compression = "zstd" if path.suffix == ".zst" else None
    try:
        with pa.input_stream(str(path), compression=compression) as stream:
            text = stream.read().decode("utf-8")
        # Only "\n" ends a line: JSON strings may hold U+2028 and its like.
        for line in text.split("\n"):
            yield json.loads(line) if line.strip() else None
    except (OSError, ValueError) as error:
        raise CoreError(f"{path}: {error}") from None


def _item(document: Any, task: CoreTask, number: int) -> Item:
    try:
        item = _PARSERS[task.shape](document)
    except (KeyError, TypeError, ValueError) as error:
        raise CoreError(f"{task.path}: line {number}: not a {task.shape} item ({error!r})") from None
    candidates = len(item.contexts) * len(item.continuations)
    if not 0 <= item.gold < candidates:
        raise CoreError(f"{task.path}: line {number}: gold {item.gold}; allowed: 0 to {candidates - 1}")
    return item


def _multiple_choice(document: dict[str, Any]) -> Item:
    return Item((str(document["query"]),), _texts(document["choices"]), int(document["gold"]))


def _schema(document: dict[str, Any]) -> Item:
    return Item(_texts(document["context_options"]), (str(document["continuation"]),), int(document["gold"]))


def _language_modeling(document: dict[str, Any]) -> Item:
    # Some contexts end in blanks, which would be tokens of their own before the delimiter.
    return Item((str(document["context"]).strip(),), (str(document["continuation"]),), 0)


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not values:
        raise ValueError(f"{values!r} is not a list of texts")
    return tuple(str(value) for value in values)


_PARSERS = {
    "multiple_choice": _multiple_choice,
    "schema": _schema,
    "language_modeling": _language_modeling,
}
