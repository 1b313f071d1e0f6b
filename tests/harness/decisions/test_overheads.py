"""What jobs take beside training: by kind, cold and warm apart, kept for the next lab on the machine."""

from pathlib import Path

import pytest

from harness.plan.measurements import adapted
from harness.plan.overheads import Overheads
from harness.plan.plan import Plan
from harness.plan.scale import CPU, GPU
from harness.plan.shapes import likely_batch_tokens
from harness.plan.stored import KeptTimes, first_plan, keep_times, kept_times, known_times, times_file
from journal.records import Deployment, JobRow
from trainer.job import Job, JobResult, Provenance, canonical_bytes, job_id, spec_hash, validate_job

GUESSES = GPU.guess_overheads
MACHINE = "1x NVIDIA H200"


def pretrain(tokens: int = 4_000_000, **changes: object) -> Job:
    document = {"kind": "pretrain", "tokenizer": "0123456789-1", "train_tokens": tokens, **changes}
    return validate_job(document)


def row(job: Job, started: float, beside: float, code: str = "c" * 64, **changes: object) -> JobRow:
    """A job that trained 10 s, and took so much longer."""
    name, at = job_id(job, 1), started + 10.0 + beside
    provenance = Provenance(
        git_revision=None, code_hash=code, data_hash="d", tokenizer_hash="t", torch_version="2",
        python_version="3", device="x", world_size=1,
    )  # fmt: skip
    result = JobResult(
        job_id=name, spec_hash=spec_hash(job), kind=job.kind, state="succeeded", provenance=provenance,
        started_at=started, finished_at=at, wall_seconds=at - started, train_seconds=10.0,
    )  # fmt: skip
    found = JobRow(
        job_id=name, spec_hash=spec_hash(job), kind=job.kind, purpose="baseline", state="succeeded",
        spec=canonical_bytes(job).decode(), seed=job.seed, gpus=1, source="conductor", created_at=started,
        started_at=started, finished_at=at, result=result.model_dump_json(),
    )  # fmt: skip
    return found.model_copy(update=changes)


def seen(*rows: JobRow, prior: Overheads = GUESSES, first: int = 0) -> Overheads:
    return adapted(prior, rows, first, ())


def begin(machine: str | None) -> Plan:
    return first_plan(GPU, 1, 3_000_000, 1200.0, None, known_times(GPU, machine, simulated=False))


def test_the_first_job_of_a_shape_is_cold_and_the_next_are_warm() -> None:
    rows = [row(pretrain(seed=seed), 100.0 * seed, 60.0 if seed == 1 else 20.0) for seed in (1, 2, 3)]
    found = seen(*rows)
    assert (found.pretrain.cold_seconds, found.pretrain.warm_seconds) == (60.0, 20.0)
    assert found.measured == ("pretrain.cold", "pretrain.warm")


def test_two_that_start_side_by_side_are_both_cold() -> None:
    found = seen(row(pretrain(seed=1), 0.0, 70.0), row(pretrain(seed=2), 1.0, 75.0))
    assert found.pretrain.cold_seconds == 75.0 and "pretrain.warm" not in found.measured


def test_another_shape_and_other_code_are_cold_again() -> None:
    deeper = pretrain(model={"depth": 12})
    first = row(pretrain(seed=1), 0.0, 60.0)
    found = seen(first, row(deeper, 100.0, 80.0))
    assert found.pretrain.cold_seconds == 80.0 and "pretrain.warm" not in found.measured
    found = seen(first, row(pretrain(seed=2), 100.0, 90.0, code="e" * 64))
    assert found.pretrain.cold_seconds == 90.0


def test_rates_do_not_change_the_shape_but_the_batch_does() -> None:
    first = row(pretrain(seed=1), 0.0, 60.0)
    warm = seen(first, row(pretrain(seed=2, optim={"matrix_lr": 0.05}), 100.0, 20.0))
    assert warm.pretrain.warm_seconds == 20.0
    larger = seen(first, row(pretrain(400_000_000, seed=2), 100.0, 65.0))
    assert larger.pretrain.cold_seconds == 65.0
    assert likely_batch_tokens(4_000_000) < likely_batch_tokens(400_000_000)


def test_what_was_not_seen_is_scaled_by_what_was() -> None:
    found = seen(row(pretrain(), 0.0, 2 * GUESSES.pretrain.cold_seconds))
    assert found.pretrain.warm_seconds == pytest.approx(2 * GUESSES.pretrain.warm_seconds)
    assert found.sft.cold_seconds == pytest.approx(2 * GUESSES.sft.cold_seconds)
    assert found.deployment == GUESSES.deployment
    quick = seen(row(pretrain(), 0.0, 0.5 * GUESSES.pretrain.cold_seconds))
    assert quick.eval == GUESSES.eval, "reading questions does not shrink with the start-up"


def test_a_measured_prior_is_not_scaled_and_gives_way_to_the_session() -> None:
    prior = seen(row(pretrain(seed=1), 0.0, 60.0), row(pretrain(seed=2), 100.0, 20.0))
    found = seen(row(pretrain(seed=3), 0.0, 25.0), prior=prior)
    assert found.pretrain.cold_seconds == 60.0 and found.pretrain.warm_seconds == 25.0


def test_only_the_last_few_count_and_ranks_and_resumed_jobs_do_not() -> None:
    slow = [row(pretrain(seed=seed), 100.0 * seed, 20.0 + (seed == 2) * 40.0) for seed in range(1, 7)]
    assert seen(*slow[:3]).pretrain.warm_seconds == 60.0
    assert seen(*slow).pretrain.warm_seconds == 20.0
    odd = [
        row(pretrain(seed=9), 900.0, 99.0, gpus=2),
        row(pretrain(seed=10), 999.0, 99.0, resumed_from="x-1"),
    ]
    assert seen(*slow, *odd).pretrain.warm_seconds == 20.0
    assert seen(*slow, first=6).measured == ()


def test_a_deployment_counts_until_its_first_answer() -> None:
    job = row(pretrain(), 0.0, 60.0)
    live = Deployment(
        deployment_id=1, job_id=job.job_id, checkpoint="x", state="live", requested_at=80.0, updated_at=93.5
    )
    assert adapted(GUESSES, [job], 0, [live]).deployment.warm_seconds == 13.5


def test_the_next_lab_begins_with_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    assert kept_times(MACHINE) is None
    before = begin(MACHINE)
    rows = [row(pretrain(seed=seed), 100.0 * seed, 60.0 if seed == 1 else 5.0) for seed in (1, 2)]
    keep_times(MACHINE, KeptTimes(tokens_per_second=1_300_000.0, overheads=seen(*rows)))
    keep_times("2 CPU cores", KeptTimes(tokens_per_second=4000.0, overheads=CPU.guess_overheads))
    after = begin(MACHINE)
    assert after.rates.overhead_seconds == 5.0 and after.rates.tokens_per_second == 1_300_000.0
    assert after.search_seconds > before.search_seconds - 20.0 and after.search_tokens > before.search_tokens
    assert begin(None) == before, "a simulated machine has no past"
    assert begin("2x NVIDIA H200") == before


def test_a_shape_that_was_kept_is_warm_in_the_next_lab() -> None:
    prior = seen(row(pretrain(seed=1), 0.0, 60.0))
    found = seen(row(pretrain(seed=5), 0.0, 12.0), prior=prior)
    assert found.pretrain.warm_seconds == 12.0 and found.pretrain.cold_seconds == 60.0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}'])
def test_a_file_that_is_none_of_ours_is_no_knowledge(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    times_file().write_text(text)
    assert kept_times(MACHINE) is None
    keep_times(MACHINE, KeptTimes(tokens_per_second=1.0, overheads=GUESSES))
    assert kept_times(MACHINE) is not None
