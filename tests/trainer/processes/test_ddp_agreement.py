"""Under torchrun: the same training for any number of ranks, and one result."""

import json
import math
import signal
from pathlib import Path

import pytest

from tests.support.trainer_lab import (
    events_of,
    lab,
    losses_of,
    result_of,
    run_trainer,
    start_trainer,
    wait_for_event,
)
from trainer.checkpoint.reader import open_model
from trainer.job import RunPaths

# Wide enough for training to amplify roundings a thousandfold within 50 steps.
WIDE = {"depth": 2, "width": 128, "sequence_len": 64}


@pytest.fixture(scope="module")
def runs() -> dict[int, RunPaths]:
    """The same job on 1 and on 2 ranks, 50 steps in fp32."""
    made = {}
    for ranks in (1, 2):
        paths = lab().place(lab().pretrain(model=WIDE, dtype="fp32"), attempt=ranks)
        done = run_trainer(paths.job, ranks=ranks)
        assert done.returncode == 0, done.stderr
        made[ranks] = paths
    return made


def test_two_ranks_train_as_one_does(runs: dict[int, RunPaths]) -> None:
    one, two = losses_of(runs[1]), losses_of(runs[2])
    assert list(one) == list(two) == list(range(1, 51))
    worst = max(abs(one[step] - two[step]) / one[step] for step in one)
    assert worst <= 1e-5
    bpb = [result_of(runs[ranks]).metrics["val_bpb"] for ranks in (1, 2)]
    assert math.isclose(*bpb, rel_tol=1e-5)


def test_each_rank_took_half_and_one_of_them_wrote(runs: dict[int, RunPaths]) -> None:
    for ranks, paths in runs.items():
        result = result_of(paths)
        assert result.provenance.world_size == ranks
        assert result.metrics["tokens"] == 51_200
        assert [event["event"] for event in events_of(paths)].count("started") == 1
    resolved = result_of(runs[2]).resolved
    assert int(str(resolved["device_batch_size"])) * int(str(resolved["accumulation_steps"])) == 8


def test_both_runs_save_the_same_model(runs: dict[int, RunPaths]) -> None:
    canaries = [open_model(paths.folder).canary for paths in runs.values()]
    assert canaries[0].tokens == canaries[1].tokens
    assert math.isclose(canaries[0].loss, canaries[1].loss, rel_tol=1e-5)


def test_sigterm_to_torchrun_saves_once_and_one_rank_can_go_on() -> None:
    document = lab().pretrain(train_tokens=409_600, dtype="fp32")
    paths = lab().place(document)
    process = start_trainer(paths.job, ranks=2)
    wait_for_event(paths, "step")
    process.send_signal(signal.SIGTERM)
    process.wait(120)
    result = result_of(paths)
    assert (result.state, result.reason) == ("cancelled", "stopped")
    saved = json.loads((paths.checkpoint / "loop.json").read_text())
    assert saved["step"] == result.metrics["steps"] == max(losses_of(paths)) < 400
    paths.result.unlink()
    assert run_trainer(paths.job).returncode == 0
    straight = losses_of(lab().run(document, attempt=2))
    both = losses_of(paths)
    assert list(both) == list(straight) == list(range(1, 401))
    # A state that was lost or shuffled shows in the first steps; roundings grow from step to step.
    assert max(abs(both[step] - straight[step]) / straight[step] for step in straight) < 1e-3


def test_a_bad_job_is_told_once_and_writes_nothing(tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(lab().pretrain(total_batch_size=1000)))
    done = run_trainer(request, ranks=2, HARNESS_RUNS=str(tmp_path / "runs"))
    assert done.returncode != 0
    assert done.stderr.count("total_batch_size: 1000; allowed: a multiple of 128") == 1
    assert not (tmp_path / "runs").exists()
