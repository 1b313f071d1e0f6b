"""The kinds of job, and what everybody needs to know of each.

A new kind is a model in `trainer.job.spec`, a row here, and a file in `trainer.kinds`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from trainer.job.spec import EvalJob, PretrainJob, SftJob, TokenizerJob

TrainingJob = PretrainJob | SftJob
Job = TokenizerJob | TrainingJob | EvalJob
JobSpec = Annotated[Job, Field(discriminator="kind")]
JobKind = Literal["tokenizer", "pretrain", "sft", "eval"]
TrainingKind = Literal["pretrain", "sft"]
Artifact = Literal["tokenizer", "checkpoint"]
Documents = Literal["train", "validation", "conversation"]


@dataclass(frozen=True)
class KindFacts:
    """One kind of job: its model, what it leaves for others, what each of its references names, and the
    documents that its data set must have at least one of."""

    spec: type[Job]
    makes: Artifact | None = None
    references: Mapping[str, Artifact] = field(default_factory=dict)
    documents: tuple[Documents, ...] = ()


KINDS: Mapping[JobKind, KindFacts] = {
    "tokenizer": KindFacts(TokenizerJob, makes="tokenizer", documents=("train",)),
    "pretrain": KindFacts(
        PretrainJob,
        makes="checkpoint",
        references={"tokenizer": "tokenizer"},
        documents=("train", "validation"),
    ),
    "sft": KindFacts(
        SftJob, makes="checkpoint", references={"base": "checkpoint"}, documents=("conversation",)
    ),
    "eval": KindFacts(EvalJob, references={"checkpoint": "checkpoint", "against": "checkpoint"}),
}


@dataclass(frozen=True)
class JobReference:
    """What a job builds on: the setting, its value (a job id or a folder), and what must be there."""

    setting: str
    value: str
    artifact: Artifact


def references_of(job: Job) -> Iterator[JobReference]:
    """All that a job builds on, its data sets apart."""
    for setting, artifact in KINDS[job.kind].references.items():
        value: str | None = getattr(job, setting)
        if value is not None:
            yield JobReference(setting, value, artifact)


def base_of(job: Job) -> str | None:
    """The checkpoint that a job starts from; None where it starts from none."""
    return next((r.value for r in references_of(job) if r.artifact == "checkpoint"), None)


def data_sets_of(job: Job) -> Iterator[tuple[str, str]]:
    """The data sets that a job reads: setting and name."""
    yield "data", job.data
    if not isinstance(job, TokenizerJob) and job.core.data is not None:
        yield "core.data", job.core.data


def makes_checkpoint(kind: JobKind) -> bool:
    """Whether a job of this kind leaves a model."""
    return KINDS[kind].makes == "checkpoint"


def kinds_that_make(artifact: Artifact) -> str:
    """Those kinds, for a person to read."""
    return " or ".join(kind for kind, facts in KINDS.items() if facts.makes == artifact)


def job_adapter() -> TypeAdapter[Job]:
    """The validator of any kind of job."""
    return TypeAdapter(JobSpec)
