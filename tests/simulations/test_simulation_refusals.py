"""Names of nodes, settings of the simulation, and labs of the other kind: one clear line each."""

import time
from pathlib import Path

import pytest

from harness.errors import UserError
from harness.lab.simulated import check_same_nature
from harness.simulation.node_names import simulated_machine
from harness.simulation.settings import VARIABLE, simulation_settings
from journal.lab_paths import LabPaths
from journal.prices import node_price
from journal.store import Journal
from tests.support.harness_lab import CliLab
from tests.support.journal_support import job_row


@pytest.mark.parametrize(
    ("name", "slots", "machine"),
    [
        ("8xh100", 8, "simulated 8x NVIDIA H100 80GB HBM3"),
        ("4xH200", 4, "simulated 4x NVIDIA H200"),
        ("1xa100", 1, "simulated 1x NVIDIA A100-SXM4-80GB"),
        ("2cpu", 2, "simulated 2 CPU cores"),
    ],
)
def test_nodes_by_name(name: str, slots: int, machine: str) -> None:
    found = simulated_machine(name)
    assert len(found.slots()) == slots and found.name == machine and found.simulated


def test_known_nodes_have_their_price() -> None:
    gpus = simulated_machine("8xh100").gpus
    assert node_price(gpus[0].name, len(gpus)) == 24_000_000


@pytest.mark.parametrize(
    "name", ["", "8", "h100", "8x", "0xh100", "65xh100", "8xv100", "0cpu", "257cpu", "8xh100 "]
)
def test_other_names_are_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(UserError, match=r'^--simulate: ".*"; allowed: .*8xh100') as refusal:
        simulated_machine(name)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"seed": "x"}', '{"faults": [{"after_seconds": 1, "kind": "fire"}]}', '{"noise": -1}'],
)
def test_bad_settings_are_one_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(UserError, match=f"^{VARIABLE}") as refusal:
        simulation_settings()
    assert "\n" not in str(refusal.value)


def test_real_results_and_simulated_ones_never_share_a_lab(tmp_path: Path) -> None:
    real = LabPaths.at(tmp_path / "real")
    check_same_nature(real, simulated=True)
    with Journal.open(real.journal) as journal:
        journal.add_event("empty", {}, time.time())
    check_same_nature(real, simulated=True)
    with Journal.open(real.journal) as journal:
        journal.add_job(job_row(1))
    check_same_nature(real, simulated=False)
    refused = CliLab(real.folder).run("start", "--budget", "20usd", "--simulate", "1xh100")
    assert refused.returncode == 2 and "holds real results" in refused.stderr


def test_a_simulated_lab_runs_nothing_real(tmp_path: Path) -> None:
    lab = CliLab(tmp_path / "lab", extra={"HARNESS_SIMULATION": '{"mishaps": 0}'})
    start = ["start", "--budget", "1usd", "--simulate", "2cpu", "--price", "1usd", "--max-hypotheses", "0"]
    assert lab.run(*start).returncode == 0
    job = tmp_path / "job.json"
    job.write_text('{"kind": "tokenizer"}')
    for command in (["start", "--budget", "1usd"], ["submit", str(job)], ["serve", "--port", "0"]):
        refused = lab.run(*command)
        assert refused.returncode == 2 and "is a simulated lab" in refused.stderr, command
        assert refused.stderr.count("\n") == 1
    assert lab.run("start", "--budget", "1usd", "--simulate", "2cpu", "--proposer", "llm").returncode == 2
