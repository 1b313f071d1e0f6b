"""The job contract: one serialisation, one hash, and one clear line for every mistake."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.job import (
    JobError,
    PretrainJob,
    canonical_bytes,
    check_references,
    job_id,
    parse_job,
    spec_hash,
)

PRETRAIN = '{"kind":"pretrain","tokenizer":"t"'

REFUSALS = [
    (PRETRAIN + ',"model":{"dpeth":3}}', "model.dpeth: 3; unknown setting", 'did you mean "depth"'),
    (PRETRAIN + ',"model":{"depth":"3"}}', 'model.depth: "3"', "integer"),
    (PRETRAIN + ',"model":{"depth":99}}', "model.depth: 99", "64"),
    (PRETRAIN + ',"model":{"depth":true}}', "model.depth: true", "integer"),
    (PRETRAIN + ',"model":[]}', "model: []", "object"),
    (PRETRAIN + ',"optim":{"matrix_lr":NaN}}', "NaN", "finite"),
    (PRETRAIN + ',"optim":{"matrix_lr":1e999}}', "optim.matrix_lr: Infinity", "finite"),
    (PRETRAIN + ',"train_tokens":10,"train_seconds":1.0}', "train_tokens", "exclude each other"),
    ('{"kind":"sft","base":"b","train_seconds":9.0}', "train_seconds", "name both"),
    (PRETRAIN + ',"schedule":{"warmup_fraction":0.9}}', "schedule", "at most 1"),
    (PRETRAIN + ',"seed":1,"seed":2}', "seed: given twice", "once"),
    ('{"kind":"pretrain"}', "tokenizer: absent", "required"),
    ('{"kind":"pretrian"}', 'kind: "pretrian"', "pretrain"),
    ('{"kind":["pretrain"]}', "kind:", "pretrain"),
    ("[]", "job: []", "object"),
    (PRETRAIN, "job: not JSON", "line 1"),
    ("", "job: not JSON", "line 1"),
    ("[" * 100_000, "job: not JSON", ""),
    (" " * 2_000_000, "job: 2000000 bytes", "at most"),
]


@pytest.mark.parametrize(("text", "field", "allowed"), REFUSALS)
def test_a_mistake_is_named_in_one_line(text: str, field: str, allowed: str) -> None:
    with pytest.raises(JobError) as refusal:
        parse_job(text)
    line = str(refusal.value)
    assert field in line
    assert allowed in line
    assert "\n" not in line
    assert len(line) < 600


def test_the_hash_does_not_depend_on_how_the_job_was_written() -> None:
    terse = parse_job(PRETRAIN + ',"seed":3}')
    wordy = parse_job('{"seed": 3, "limits": {"gpus": 1}, "tokenizer": "t", "kind": "pretrain"}')
    assert spec_hash(terse) == spec_hash(wordy)
    assert job_id(terse, 2) == f"{spec_hash(wordy)[:10]}-2"
    assert spec_hash(terse) != spec_hash(parse_job(PRETRAIN + ',"seed":4}'))


@given(
    seed=st.integers(0, 2**31 - 1),
    depth=st.integers(1, 64),
    rate=st.floats(1e-6, 100.0),
    tokens=st.none() | st.integers(1, 10**14),
)
def test_canonical_bytes_round_trip(seed: int, depth: int, rate: float, tokens: int | None) -> None:
    document = {
        "kind": "pretrain",
        "tokenizer": "t",
        "seed": seed,
        "model": {"depth": depth},
        "optim": {"matrix_lr": rate},
        "train_tokens": tokens,
    }
    job = parse_job(json.dumps(document))
    assert isinstance(job, PretrainJob)
    again = parse_job(canonical_bytes(job))
    assert again == job
    assert canonical_bytes(again) == canonical_bytes(job)


def test_missing_references_are_named(tmp_path: Path) -> None:
    cases = {
        '{"kind":"tokenizer","data":"no/such/place"}': "data:",
        PRETRAIN + "}": "tokenizer:",
        '{"kind":"sft","base":"0123456789-1"}': "base:",
        '{"kind":"eval","checkpoint":"nowhere"}': "checkpoint:",
        PRETRAIN + ',"core":{"data":"nowhere"}}': "core.data:",
    }
    for text, field in cases.items():
        with pytest.raises(JobError, match=field) as refusal:
            check_references(parse_job(text), tmp_path)
        assert "allowed:" in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
