"""Job files from anywhere: a valid job, or one line that names a field; nothing else, nothing written."""

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from journal.lab_paths import LabPaths
from server.lab.submission import check_job
from tests.support.harness_lab import CliLab
from tests.support.mutations import mutated
from tests.support.server_lab import Lab, serving
from tests.support.trainer_lab import run_trainer
from trainer.job import (
    Job,
    JobError,
    canonical_bytes,
    check_references,
    parse_job,
    read_job_file,
    spec_hash,
    validate_job,
)

PLAIN: tuple[dict[str, Any], ...] = (
    {"kind": "tokenizer"},
    {"kind": "pretrain", "tokenizer": "0123456789-1", "train_tokens": 1000},
    {"kind": "sft", "base": "0123456789-1"},
    {"kind": "eval", "checkpoint": "0123456789-1"},
)
WHOLE = tuple(json.loads(canonical_bytes(validate_job(document))) for document in PLAIN)
MUTANTS = 12_000


def mutants(count: int, seed: int) -> list[bytes]:
    """Mutated jobs of every kind, terse ones and ones with every setting."""
    chance = random.Random(seed)
    return [mutated(chance.choice(PLAIN + WHOLE), chance) for _ in range(count)]


def outcome(data: bytes) -> Job | str:
    """The job, or the refusal; any other exception is the test's failure."""
    try:
        return parse_job(data)
    except JobError as error:
        return str(error)


def by_http(data: bytes, runs: Path, lab: Path) -> Job:
    return check_job(data, LabPaths(lab))


def from_file(data: bytes, runs: Path, lab: Path) -> None:
    """What every other door calls."""
    check_references(parse_job(data), runs)


def check_line(line: str) -> None:
    """One line, short, printable, that begins with what it is about."""
    assert line.isprintable() and 10 < len(line) < 700, line
    field, colon, rest = line.partition(": ")
    assert colon and field and rest, line


def test_mutated_job_files_are_jobs_or_clean_refusals(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for data in mutants(MUTANTS, seed=1):
        found = outcome(data)
        if isinstance(found, str):
            check_line(found)
            seen["refused"] += 1
            continue
        text = canonical_bytes(found)
        assert parse_job(text) == found and canonical_bytes(parse_job(text)) == text
        assert spec_hash(parse_job(text)) == spec_hash(found)
        seen[found.kind] += 1
    assert seen["refused"] > 0.6 * MUTANTS
    assert min(seen[kind] for kind in ("tokenizer", "pretrain", "sft", "eval")) > 100, seen


def test_what_a_mutant_refers_to_is_looked_up_without_a_crash(tmp_path: Path) -> None:
    """Also as it comes by HTTP: `check_job` is what the server calls."""
    for data in mutants(3000, seed=2):
        for check in (from_file, by_http):
            try:
                check(data, tmp_path, tmp_path)
            except JobError as error:
                check_line(str(error))
    assert list(tmp_path.iterdir()) == []


LONG = "a" * 300


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "tokenizer", "data": LONG},
        {"kind": "pretrain", "tokenizer": LONG},
        {"kind": "sft", "base": f"/{LONG}"},
        {"kind": "eval", "checkpoint": LONG, "core": {"data": LONG}},
    ],
)
def test_a_name_longer_than_a_file_system_takes_is_refused(tmp_path: Path, document: dict[str, Any]) -> None:
    with pytest.raises(JobError, match="allowed:"):
        from_file(json.dumps({"data": str(tmp_path), **document}).encode(), tmp_path, tmp_path)


@pytest.mark.parametrize("document", [{"kind": "tokenizer", "data": "docs"}, {"kind": "sft", "base": "docs"}])
def test_http_takes_no_path_relative_to_the_server(document: dict[str, Any]) -> None:
    """Another process, with another working folder, runs the job."""
    assert Path("docs").is_dir()
    with pytest.raises(JobError, match="absolute path of a folder inside the lab"):
        check_job(json.dumps(document).encode(), LabPaths(Path.cwd()))


HOSTILE: list[tuple[bytes, str]] = [
    (b"\xef\xbb\xbf" + b'{"kind":"tokenizer"}', "byte-order mark"),
    ('{"kind":"tokenizer"}'.encode("utf-16"), "byte-order mark"),
    (b'{"kind":"tokenizer","data":"\xed\xa0\x80"}', "UTF-8"),
    (b'{"kind":"tokenizer","data":"\\ud800"}', "job"),
    (b'{"kind":"tokenizer","data":"a\\u0000b"}', "data"),
    (b'{"kind":"tokenizer","data":"a\\nb"}', "data"),
    (b'{"kind":"tokenizer","seed":' + b"1" * 401 + b"}", "seed"),
    (b'{"kind":"tokenizer","seed":' + b"1" * 5000 + b"}", "at most 1000"),
    (b'{"kind":"tokenizer","limits":{"max_seconds":' + b"1" * 401 + b"}}", "limits.max_seconds"),
    (b'{"kind":"tokenizer","a\\nb":1,"a\\nb":2}', "given twice"),
    (b'{"kind":"tokenizer","a\\nb":1}', "unknown setting"),
    (b'{"kind":"tokenizer","' + b"k" * 900_000 + b'":1}', "unknown setting"),
    (b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b',"0":1}', "0: given twice"),
    (b'{"kind":"tokenizer","seed":' + b"[" * 40 + b"]" * 40 + b"}", "nested"),
    (b'{"kind":' + b"[" * 900 + b"]" * 900 + b"}", "nested"),
    (b"[" * 500_000, "not JSON"),
    (b" " * (2 << 20), "at most 1048576"),
    (b"\0" * 100, "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_known_tricks_are_named(data: bytes, words: str) -> None:
    line = outcome(data)
    assert isinstance(line, str) and words in line, line
    check_line(line)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A named pipe must not hang: opening it for reading would wait for a writer."""
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "large.json").write_bytes(b" " * (2 << 20))
    for name, words in (
        ("pipe.json", "regular"), ("folder.json", "regular"), ("large.json", "2097152"),
        ("absent.json", "No such"),
        ("n" * 300, "too long"), ("/dev/zero", "regular"),
    ):  # fmt: skip
        with pytest.raises(JobError, match=words) as refusal:
            read_job_file(tmp_path / name)
        check_line(str(refusal.value))


def refusals(count: int, seed: int) -> list[bytes]:
    """Mutants that are refused."""
    return [data for data in mutants(20 * count, seed) if isinstance(outcome(data), str)][:count]


def test_the_trainers_command_line_refuses_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    requests = [tmp_path / "pipe.json"]
    for number, data in enumerate(refusals(12, seed=3)):
        requests.append(tmp_path / f"{number}.json")
        requests[-1].write_bytes(data)
    before = sorted(tmp_path.iterdir())
    for request in requests:
        done = run_trainer(request, HARNESS_RUNS=str(tmp_path / "runs"))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        check_line(done.stderr.rstrip("\n").removeprefix("error: "))
    assert sorted(tmp_path.iterdir()) == before


def test_the_labs_command_line_refuses_in_one_line(tmp_path: Path) -> None:
    for number, data in enumerate(refusals(6, seed=4)):
        request = tmp_path / f"{number}.json"
        request.write_bytes(data)
        done = CliLab(tmp_path / "lab").run("submit", str(request))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert not (tmp_path / "lab").exists()


def test_http_refuses_with_400_and_queues_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    with serving(lab) as server:
        outside = [b'{"kind":"tokenizer","data":"/dev"}', b'{"kind":"eval","checkpoint":"x"}']
        for data in [*refusals(50, seed=5), *outside]:
            answer = server.http.post("/lab/jobs", content=data, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400, (data, answer.text)
            check_line(answer.json()["error"]["message"])
    assert lab.journal.jobs() == [] and list((lab.folder / "runs").iterdir()) == []
