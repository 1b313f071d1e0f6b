"""A champion that cannot be served: the session says why, and ends with the model that was live."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.engine_place import EnginePlace
from tests.support.harness_lab import CliLab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab", trainer={"seconds": 0.15}, extra={"FAKE_ENGINE_SERVES_THE_FIRST": "1"})
    yield found
    found.clean_up()


def test_what_was_live_stays_and_the_end_says_so(lab: CliLab) -> None:
    done = lab.run(*lab.start_arguments("--max-hypotheses", "0"))
    assert done.returncode == 1, done.stdout + done.stderr
    with lab.journal() as journal:
        early = journal.jobs(purpose="early_sft")[0].job_id
        tuned = journal.jobs(purpose="champion_sft")[0].job_id
        assert [(d.job_id, d.state) for d in journal.deployments()] == [(early, "live"), (tuned, "failed")]
        # Kept only where it differs from what was: engines were told where to run, and are free again.
        assert journal.meta("engine_place") == EnginePlace().model_dump_json()
    why = "loading: the model's process ended (code 2); last words: engine: model.safetensors: not what"
    assert f"{tuned}: deployment failed: {why}" in done.stdout
    assert f"{early}: deployment live" in done.stdout
    outcome = f"the champion's deployment failed ({why}"
    assert outcome in done.stdout and f"(log: logs/engine-2.log)); {early} is deployed" in done.stdout
    assert "talk to it: harness chat" in done.stdout
    report = " ".join((lab.folder / "report" / "report.md").read_text().replace("\\", "").split())
    assert outcome in report and f"{early} is deployed" in report
    assert lab.run("chat", "still there").stdout.strip().endswith("still there")
    assert lab.processes() == []
