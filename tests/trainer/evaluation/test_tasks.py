"""Reading a CORE folder: plain or packed, and one clear line when it is broken."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from trainer.evaluation.tasks import CoreError, load_items, load_tasks

YAML = """icl_tasks:
-
  label: colours
  dataset_uri: a/colours.jsonl
  num_fewshot: [2]
  icl_task_type: multiple_choice
  continuation_delimiter: "\\nAnswer: "
-
  label: words
  dataset_uri: a/words.jsonl
  num_fewshot: [0]
  icl_task_type: language_modeling
"""
TABLE = "Eval Task,Random baseline\ncolours,25\nwords,0\nunused,50\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "eval_data" / "a").mkdir(parents=True)
    (tmp_path / "core.yaml").write_text(YAML)
    (tmp_path / "eval_meta_data.csv").write_text(TABLE)
    rows = [{"query": f"q{n}", "choices": ["x", "y"], "gold": n % 2} for n in range(20)]
    (tmp_path / "eval_data/a/colours.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = json.dumps({"context": "a line\u2028break ", "continuation": "z"}, ensure_ascii=False) + "\n"
    with pa.output_stream(str(tmp_path / "eval_data/a/words.jsonl.zst"), compression="zstd") as stream:
        stream.write(words.encode())
    return tmp_path


def test_tasks_and_items_are_read(folder: Path) -> None:
    colours, words = load_tasks(folder)
    assert (colours.label, colours.shots, colours.delimiter) == ("colours", 2, "\nAnswer: ")
    assert (colours.shape, colours.baseline) == ("multiple_choice", 0.25)
    assert (words.shots, words.delimiter, words.baseline) == (0, " ", 0.0)
    (word,) = load_items(words)
    assert word.contexts == ("a line\u2028break",)


def test_the_order_is_shuffled_and_always_the_same(folder: Path) -> None:
    colours = load_tasks(folder)[0]
    order = [item.contexts[0] for item in load_items(colours)]
    assert order == [item.contexts[0] for item in load_items(colours)]
    assert order != sorted(order, key=lambda q: int(q[1:]))
    assert sorted(order) == sorted(f"q{n}" for n in range(20))


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no list": (lambda f: (f / "core.yaml").unlink(), "core.yaml"),
    "not yaml": (lambda f: (f / "core.yaml").write_text("a: [b"), "core.yaml"),
    "no tasks": (lambda f: (f / "core.yaml").write_text("icl_tasks: []"), "at least one"),
    "a task twice": (lambda f: (f / "core.yaml").write_text(YAML + YAML[11:]), "twice"),
    "an unknown shape": (
        lambda f: (f / "core.yaml").write_text(YAML.replace("multiple_choice", "essay")),
        "'essay'; allowed: multiple_choice, schema, language_modeling",
    ),
    "no table": (lambda f: (f / "eval_meta_data.csv").unlink(), "eval_meta_data.csv"),
    "no baseline": (lambda f: (f / "eval_meta_data.csv").write_text(TABLE.replace("words", "w")), "no row"),
    "baseline 100": (lambda f: (f / "eval_meta_data.csv").write_text(TABLE.replace("25", "100")), "to below"),
    "no data": (lambda f: (f / "eval_data/a/colours.jsonl").unlink(), "colours.jsonl: not found"),
    "empty data": (lambda f: (f / "eval_data/a/colours.jsonl").write_text("\n"), "no items"),
    "not json": (lambda f: (f / "eval_data/a/colours.jsonl").write_text("{"), "colours.jsonl"),
    "a missing field": (lambda f: (f / "eval_data/a/colours.jsonl").write_text('{"query": "q"}'), "line 1"),
    "gold out of range": (
        lambda f: (f / "eval_data/a/colours.jsonl").write_text('{"query":"q","choices":["a"],"gold":1}'),
        "gold 1; allowed: 0 to 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_folder_is_refused_in_one_line(folder: Path, name: str) -> None:
    spoil, expected = BREAKS[name]
    spoil(folder)
    with pytest.raises(CoreError) as caught:
        for task in load_tasks(folder):
            load_items(task)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
