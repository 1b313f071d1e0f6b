"""Opening data sets by name, and the hash of what they hold."""

import json
from pathlib import Path

import pytest

from trainer.data import DataError, open_data
from trainer.data.shards import write_shard


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    return tmp_path / "cache"


def make_set(folder: Path) -> Path:
    (folder / "pretrain").mkdir(parents=True)
    (folder / "chat").mkdir()
    for index, text in enumerate("ab"):
        write_shard(folder / "pretrain" / f"shard_{index:05d}.parquet", [[text]])
    row = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
    (folder / "chat" / "x_validation.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def test_a_set_opens_by_folder_by_name_and_as_default(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_set(cache / "data" / "mine")
    monkeypatch.setenv("HARNESS_DATA", str(folder))
    sets = [open_data(name) for name in (str(folder), "mine", "default")]
    assert {data.content_hash() for data in sets} == {sets[0].content_hash()}
    assert list(sets[1].texts("train")) == ["a"]
    assert len(list(sets[1].conversations("validation"))) == 1
    assert sets[1].core_folder() is None


@pytest.mark.parametrize("name", ["absent", "default", "/nowhere/at/all"])
def test_an_unknown_name_says_what_is_allowed(cache: Path, name: str) -> None:
    with pytest.raises(DataError, match=f'data: "{name}"; no such data set; allowed: "starter"'):
        open_data(name)


def test_an_empty_folder_is_no_data_set(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no pretrain"):
        open_data(str(tmp_path / "empty"))


def test_missing_parts_are_named_when_asked_for(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "core.yaml").write_text("icl_tasks: []\n")
    data = open_data(str(tmp_path))
    assert data.core_folder() == tmp_path / "core"
    with pytest.raises(DataError, match="no conversations"):
        data.conversations("train")
    with pytest.raises(DataError, match="0 parquet shards"):
        list(data.texts("train"))


def test_the_hash_follows_every_byte_and_name(cache: Path, tmp_path: Path) -> None:
    data = open_data(str(make_set(tmp_path / "a")))
    seen = {data.content_hash()}
    chat = data.folder / "chat" / "x_validation.jsonl"
    chat.write_text(chat.read_text().replace('"q"', '"r"'))
    seen.add(data.content_hash())
    chat.rename(chat.with_name("y_validation.jsonl"))
    seen.add(data.content_hash())
    write_shard(data.folder / "pretrain" / "shard_00001.parquet", [["c"]])
    seen.add(data.content_hash())
    assert len(seen) == 4
    assert open_data(str(make_set(tmp_path / "b"))).content_hash() in seen


def test_the_hash_is_remembered_outside_the_folder(cache: Path, tmp_path: Path) -> None:
    data = open_data(str(make_set(tmp_path / "a")))
    before = sorted(tmp_path.joinpath("a").rglob("*"))
    first = data.content_hash()
    (memory,) = (cache / "hashes").iterdir()
    assert sorted(tmp_path.joinpath("a").rglob("*")) == before
    memory.write_text("broken")
    assert data.content_hash() == first
