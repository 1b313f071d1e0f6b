"""One's own files as a data set: nothing lost, nothing on both sides, nothing half-written."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.data import DataError, open_data
from trainer.data.sources.imports import MAX_DOCUMENT_CHARS, cut_paragraphs, import_data


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def notes(folder: Path, count: int = 200) -> Path:
    folder.mkdir()
    for i in range(count):
        (folder / f"{i:04d}.txt").write_text(f"Note {i}. Grüße an alle.\n")
    return folder


def test_every_document_is_on_exactly_one_side(tmp_path: Path) -> None:
    made = import_data(notes(tmp_path / "notes"), "notes")
    data = open_data("notes")
    train, validation, locked = (list(data.texts(split)) for split in ("train", "validation", "locked"))
    assert sorted(train + validation + locked) == sorted(f"Note {i}. Grüße an alle.\n" for i in range(200))
    assert len(validation) >= 1 and len(locked) >= 1
    assert (made.documents, made.held_out_documents) == (200, len(validation) + len(locked))
    assert train != sorted(train), "documents are shuffled"


def test_all_kinds_of_files_are_read(tmp_path: Path) -> None:
    folder = notes(tmp_path / "mixed", 10)
    row = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
    (folder / "a.jsonl").write_text(json.dumps({"text": "from jsonl"}) + "\n" + json.dumps(row) + "\n")
    pq.write_table(pa.table({"text": ["from parquet"], "id": [1]}), folder / "b.parquet")
    (folder / "c.md").write_text("# from markdown")
    (folder / "ignored.png").write_bytes(b"\x89PNG")
    made = import_data(folder, "mixed")
    texts = [text for split in ("train", "validation", "locked") for text in open_data("mixed").texts(split)]
    assert {"from jsonl", "from parquet", "# from markdown"} < set(texts)
    assert (made.documents, made.conversations) == (13, 1)
    assert len(list((made.folder / "chat").iterdir())) == 1


def test_the_same_files_give_the_same_set(tmp_path: Path) -> None:
    source = notes(tmp_path / "notes")
    first = import_data(source, "one"), open_data("one").content_hash()
    second = import_data(source, "two"), open_data("two").content_hash()
    assert first[1] == second[1]


def test_a_name_is_not_overwritten_unasked(tmp_path: Path) -> None:
    import_data(notes(tmp_path / "a"), "mine")
    other = notes(tmp_path / "b", 20)
    with pytest.raises(DataError, match='name: "mine" exists already'):
        import_data(other, "mine")
    assert import_data(other, "mine", replace=True).documents == 20


@pytest.mark.parametrize("name", ["starter", "default", "../x", "A", ""])
def test_names_that_mean_something_else_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="allowed: a-z 0-9 _ -"):
        import_data(notes(tmp_path / "a"), name)


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("a.txt", b"\xff\xfe", "a.txt: not UTF-8"),
        ("a.txt", b"too short", "1 documents; needed: at least 4"),
        ("a.jsonl", b'{"text": "x"}\n{"body": "x"}', "a.jsonl:2: a row with body; needed: text or messages"),
        ("a.jsonl", b'{"messages": [{"role": "x"}]}', 'a.jsonl:1: role: "x"'),
        ("a.parquet", b"PAR1", "a.parquet: not a parquet file"),
        ("a.txt", b" \n", "no text in its 1 files"),
        ("a.docx", b"", "no files to import; allowed: .txt .md"),
    ],
)
def test_a_bad_file_is_named_and_leaves_nothing(
    tmp_path: Path, cache: Path, file: str, content: bytes, complaint: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / file).write_bytes(content)
    with pytest.raises(DataError) as caught:
        import_data(tmp_path / "in", "mine")
    assert complaint in str(caught.value) and "\n" not in str(caught.value)
    assert not (cache / "data").exists() or list((cache / "data").iterdir()) == []


@given(st.lists(st.sampled_from(["word ", "\n", "\n\n", "x" * 3000]), max_size=30))
def test_cutting_loses_only_blank_lines(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts = list(cut_paragraphs(text))
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= MAX_DOCUMENT_CHARS and part.strip() for part in parts)
