"""The starter set's CORE: the three shapes, from held-out text, with no way to guess."""

import csv
import json
from collections import Counter
from typing import Any

import pytest

from trainer.data import DataSet, open_data
from trainer.data.starter.core import TASKS
from trainer.data.starter.corpus import Corpus, read_corpus
from trainer.data.starter.facts import normalised
from trainer.evaluation.tasks import load_items, load_tasks

LABELS = [task.label for task in TASKS]


@pytest.fixture(scope="module")
def starter() -> DataSet:
    return open_data("starter")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


def items(starter: DataSet, label: str) -> list[dict[str, Any]]:
    (path,) = (starter.folder / "core" / "eval_data").rglob(f"{label}.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_evaluator_reads_every_task(starter: DataSet) -> None:
    core = starter.core_folder()
    assert core is not None
    tasks = load_tasks(core)
    assert [task.label for task in tasks] == LABELS
    assert {task.shape for task in tasks} == {"multiple_choice", "schema", "language_modeling"}
    assert all(180 <= len(load_items(task)) <= 400 for task in tasks)


def test_the_table_has_the_columns_and_counts(starter: DataSet) -> None:
    with (starter.folder / "core" / "eval_meta_data.csv").open(newline="") as file:
        table = {row["Eval Task"]: row for row in csv.DictReader(file)}
    assert list(table) == LABELS
    for label in LABELS:
        assert int(table[label]["#datapoints"]) == len(items(starter, label))
        found = items(starter, label)[0]
        options = found.get("choices") or found.get("context_options")
        assert float(table[label]["Random baseline"]) == (100 / len(options) if options else 0)


@pytest.mark.parametrize("label", LABELS)
def test_the_right_place_cannot_be_guessed(starter: DataSet, label: str) -> None:
    found = [item for item in items(starter, label) if "gold" in item]
    if found:
        options = len(found[0].get("choices") or found[0]["context_options"])
        most = Counter(item["gold"] for item in found).most_common(1)[0][1]
        assert most / len(found) < 1 / options + 0.12


@pytest.mark.parametrize("label", LABELS)
def test_options_differ_and_items_do_not_repeat(starter: DataSet, label: str) -> None:
    found = items(starter, label)
    assert len({json.dumps(item) for item in found}) == len(found)
    for item in found:
        options = item.get("choices") or item.get("context_options") or []
        assert len(set(options)) == len(options)


def test_longest_and_shortest_are_not_the_answer(starter: DataSet) -> None:
    for label in ("next_line", "docstring_choice"):
        found = items(starter, label)
        for pick in (min, max):
            hits = sum(
                item["choices"].index(pick(item["choices"], key=len)) == item["gold"] for item in found
            )
            assert hits / len(found) < 0.36, (label, pick)


def test_code_comes_from_validation_modules_only(starter: DataSet, corpus: Corpus) -> None:
    sources = [module.source for module in corpus.validation_modules]
    for item in items(starter, "next_line"):
        line = item["choices"][item["gold"]]
        assert any(f"{item['query']}\n{line}" in source for source in sources)
    for item in items(starter, "last_name"):
        assert any(f"{item['context']} {item['continuation']}\n" in source for source in sources)


def test_no_question_quotes_a_tuned_fact_or_a_trained_document(starter: DataSet, corpus: Corpus) -> None:
    path = starter.folder / "chat" / "facts_heldout.jsonl"
    tuned = {json.loads(line)["key_fact"] for line in path.read_text(encoding="utf-8").splitlines()}
    asked = {normalised(item["choices"][item["gold"]]) for item in items(starter, "docstring_choice")}
    assert not tuned & asked
    train = "\n".join(corpus.train)
    contexts = [item["query"] + "\n" + item["choices"][item["gold"]] for item in items(starter, "next_line")]
    assert not [context for context in contexts if context in train]
