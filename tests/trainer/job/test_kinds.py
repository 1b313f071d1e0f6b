"""One table of the kinds of job: it names all of them, and settings that they have."""

from typing import get_args

import pytest

from trainer.job import KINDS, Job, JobKind, TrainingJob, TrainingKind, base_of, references_of, validate_job

DOCUMENTS = {
    "tokenizer": {"kind": "tokenizer"},
    "pretrain": {"kind": "pretrain", "tokenizer": "t"},
    "sft": {"kind": "sft", "base": "b"},
    "eval": {"kind": "eval", "checkpoint": "c", "against": "a"},
}


def test_the_table_holds_every_kind_and_its_model() -> None:
    assert tuple(KINDS) == get_args(JobKind) == tuple(DOCUMENTS)
    assert tuple(facts.spec for facts in KINDS.values()) == get_args(Job)
    for kind, facts in KINDS.items():
        assert get_args(facts.spec.model_fields["kind"].annotation) == (kind,)


def test_training_kinds_are_those_that_make_a_checkpoint() -> None:
    makers = tuple(kind for kind, facts in KINDS.items() if facts.makes == "checkpoint")
    assert makers == get_args(TrainingKind)
    assert tuple(KINDS[kind].spec for kind in makers) == get_args(TrainingJob)


@pytest.mark.parametrize(
    ("kind", "named", "base"),
    [
        ("tokenizer", {}, None),
        ("pretrain", {"tokenizer": "t"}, None),
        ("sft", {"base": "b"}, "b"),
        ("eval", {"checkpoint": "c", "against": "a"}, "c"),
    ],
)
def test_references_are_the_settings_that_name_other_jobs(
    kind: str, named: dict[str, str], base: str | None
) -> None:
    job = validate_job(DOCUMENTS[kind])
    assert {reference.setting: reference.value for reference in references_of(job)} == named
    assert base_of(job) == base


def test_a_reference_that_is_left_out_is_none() -> None:
    job = validate_job({"kind": "eval", "checkpoint": "c"})
    assert [reference.setting for reference in references_of(job)] == ["checkpoint"]
