"""The starter set: built once, whole, the same everywhere, and with splits that share no module."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from tests.support.paths import ROOT
from trainer.data import DataSet, open_data
from trainer.data.shards import Split
from trainer.data.starter.corpus import SKIPPED, Corpus, read_corpus

BUILD = "from trainer.data import open_data; d = open_data('starter'); print(d.folder, d.content_hash())"


@pytest.fixture(scope="module")
def starter() -> DataSet:
    return open_data("starter")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


def start_build(cache: Path, **environment: str) -> subprocess.Popen[str]:
    env = {**os.environ, "HARNESS_CACHE": str(cache), "OMP_NUM_THREADS": "1", **environment}
    return subprocess.Popen(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out.strip()


def test_two_builders_at_once_make_one_set_whatever_the_hash_seed_and_locale(
    tmp_path: Path, starter: DataSet
) -> None:
    odd = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Asia/Tokyo"}
    builders = [start_build(tmp_path, **odd), start_build(tmp_path, PYTHONHASHSEED="8")]
    first, second = (finished(builder) for builder in builders)
    assert first == second
    assert first.split()[1] == starter.content_hash()
    left = {path.name for path in (tmp_path / "data").iterdir()}
    assert left == {starter.folder.name, f".{starter.folder.name}.lock"}


def test_splits_are_of_decent_size(starter: DataSet) -> None:
    size = {split: sum(map(len, starter.texts(split))) for split in get_args(Split)}
    assert size["train"] > 5_000_000
    assert min(size["validation"], size["locked"]) > 400_000


def test_no_document_is_in_two_splits(starter: DataSet) -> None:
    texts = [set(starter.texts(split)) for split in get_args(Split)]
    assert sum(map(len, texts)) == len(set.union(*texts))


def test_a_module_and_its_docstrings_are_in_one_split(corpus: Corpus) -> None:
    headers = [
        {text.split("\n")[0] for text in documents if text.startswith("# ")} for documents in splits(corpus)
    ]
    for held_out in headers[1:]:
        sources = {header for header in held_out if header.endswith(".py")}
        assert len(sources) > 10 and not sources & headers[0]
    train = "\n".join(corpus.train)
    module = max(corpus.validation_modules, key=lambda module: len(module.source))
    longest = max((doc.text for doc in module.docstrings()), key=len)
    assert longest not in train and longest in "\n".join(corpus.validation)


def test_tests_and_what_is_installed_beside_are_left_out(corpus: Corpus) -> None:
    paths = [module.path for module in corpus.train_modules]
    assert not [path for path in paths if not SKIPPED.isdisjoint(path.split("/"))]
    assert not [
        path for path in paths if path.split("/")[0].removesuffix(".py") not in sys.stdlib_module_names
    ]


def test_documents_are_cut_and_shuffled(corpus: Corpus) -> None:
    lengths = [len(text) for text in corpus.train]
    assert sorted(lengths)[int(0.98 * len(lengths))] < 8_200
    assert max(lengths) < 50_000
    assert corpus.train != sorted(corpus.train)
    assert "".join(corpus.train).count("import os") > 20


def test_sources_are_complete(corpus: Corpus) -> None:
    module = next(module for module in corpus.train_modules if module.path == "textwrap.py")
    header = f"# {module.path}\n"
    parts = [text.removeprefix(header) for text in corpus.train if text.startswith(header)]
    assert len(parts) >= 2
    assert sorted(parts, key=module.source.index)
    assert "".join(sorted(parts, key=module.source.index)) == module.source


def splits(corpus: Corpus) -> tuple[list[str], list[str], list[str]]:
    return corpus.train, corpus.validation, corpus.locked


def test_a_set_is_built_once_in_a_folder_named_after_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter: DataSet
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    of_other_code = tmp_path / "data" / f"{starter.folder.name.rpartition('-')[0]}-00000000"
    of_other_code.mkdir(parents=True)
    rebuilt = open_data("starter")
    assert rebuilt.folder.name == starter.folder.name
    assert rebuilt.content_hash() == starter.content_hash()
    assert {entry.name for entry in (tmp_path / "data").iterdir() if entry.is_dir()} == {
        of_other_code.name,
        rebuilt.folder.name,
    }
    before = rebuilt.folder.stat().st_ino
    assert open_data("starter").folder.stat().st_ino == before
