"""Checks a finished lab from its journal and its deployed model.

    python -m tests.acceptance --lab lab

Exit code 0 when every line is `ok`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.doctor.lab_checks import examine_lab
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.science.screen import screen_record
from journal.store import Journal
from tests.acceptance.conversation_checks import score_conversations
from tests.acceptance.model_checks import randomised_copy, score_checkpoint
from trainer.job import RunPaths

Check = tuple[str, bool, str]


def doctor_checks(lab: Path) -> Iterator[Check]:
    """Every invariant that holds of any lab."""
    for check in examine_lab(LabPaths.at(lab)):
        yield check.name, check.state != "failed", check.detail


def journal_checks(journal: Journal) -> Iterator[Check]:
    """What a finished lab's record must show besides."""
    hypotheses, verdicts = journal.hypotheses(), journal.latest_verdicts()
    yield "hypotheses were posed", bool(hypotheses), f"{len(hypotheses)}"
    # The screen may give up after one hopeless seed: what it says of the rows is recomputed here.
    given_up = {stopped.hypothesis_id for stopped in screen_record(journal).stopped}
    judged = [v for v in verdicts.values() if v.hypothesis_id not in given_up]
    seeds = [(len(v.baseline_jobs), len(v.treatment_jobs)) for v in judged]
    detail = f"{seeds}, given up: {sorted(given_up)}"
    yield "2 seeds on each side of at least 4", len(seeds) >= 4 and min(map(min, seeds)) >= 2, detail
    concluded = [name for name in given_up if verdicts[name].verdict != "inconclusive"]
    yield "nothing is concluded from one seed", not concluded, str(concluded)
    yield "at least four verdicts", len(verdicts) >= 4, str([v.verdict for v in verdicts.values()])
    reserved = Ledger(journal).totals().reserved
    yield "nothing left reserved", reserved == 0, f"{reserved} micro-dollars"
    running = [job.job_id for job in journal.jobs() if job.state in ("queued", "running")]
    yield "no job left running", not running, str(running)
    deployments = journal.deployments()
    jobs = {d.job_id: journal.job(d.job_id) for d in deployments}
    purposes = [job.purpose for job in jobs.values() if job]
    first = deployments[0].updated_at if deployments else float("inf")
    yield (
        "an early deployment, then the champion",
        purposes[:1] == ["early_sft"] and "champion_sft" in purposes,
        (f"{purposes}, first request at {first:.0f}"),
    )


def model_checks(journal: Journal, lab: Path) -> Iterator[Check]:
    """What the deployed model, its base and its randomised twin answer; the questions are its data set's."""
    live = journal.live_deployment()
    if live is None:
        yield "a model is deployed", False, "none"
        return
    tuned = lab / "runs" / live.job_id
    document = json.loads(RunPaths(tuned).job.read_text())
    base = lab / "runs" / document["base"]
    with tempfile.TemporaryDirectory() as scratch:
        noise = randomised_copy(tuned, Path(scratch) / "random")
        if document["data"] == "starter":
            yield from starter_checks(tuned, base, noise)
        else:
            yield from conversation_checks(tuned, base, noise, document["data"])
            yield assistant_loss_check(tuned)


def starter_checks(tuned: Path, base: Path, noise: Path) -> Iterator[Check]:
    """Facts, sums and CORE of the starter set."""
    deployed = score_checkpoint(tuned)
    yield "facts: at least 70 of 100", deployed.facts_right >= 70, deployed.line("deployed")
    yield "sums: at least 90 of 100", deployed.sums_right >= 90, deployed.line("deployed")
    yield "CORE's lower bound above 0", deployed.core.lower > 0.0, deployed.line("deployed")
    before = score_checkpoint(base)
    yield "the base knows almost none", before.facts_right <= 5, before.line("base")
    random = score_checkpoint(noise)
    fails = random.facts_right < 70 and random.sums_right < 90 and random.core.lower <= 0.0
    yield "randomised weights fail all three", fails, random.line("random")


def conversation_checks(tuned: Path, base: Path, noise: Path, data: str) -> Iterator[Check]:
    """Held-out conversations and CORE of any other set."""
    deployed = score_conversations(tuned, data)
    yield "6 of 10 answers end", deployed.ended >= 0.6 * deployed.asked > 0, deployed.line("deployed")
    above = deployed.core is None or deployed.core.lower > 0.0
    yield "CORE's lower bound above 0", above, deployed.line("deployed")
    before = score_conversations(base, data)
    yield "the base ends almost none", before.ended <= 0.1 * before.asked, before.line("base")
    random = score_conversations(noise, data)
    fails = random.ended < 0.6 * random.asked and (random.core is None or random.core.lower <= 0.0)
    yield "randomised weights fail them", fails, random.line("random")


def assistant_loss_check(tuned: Path) -> Check:
    """Held-out answers are far likelier than to the base."""
    metrics = json.loads(RunPaths(tuned).result.read_text())["metrics"]
    after, before = metrics["val_assistant_loss"], metrics["val_assistant_loss_base"]
    return (
        "held-out answers: loss below 0.8 of the base's",
        after < 0.8 * before,
        f"{before:.3f} to {after:.3f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lab", type=Path, default=Path("lab"))
    lab = parser.parse_args().lab
    journal = Journal.read_only(lab / "journal.db")
    failed = 0
    for checks in (doctor_checks(lab), journal_checks(journal), model_checks(journal, lab)):
        for name, passed, detail in checks:
            failed += not passed
            print(f"{'ok  ' if passed else 'FAIL'} {name}: {detail}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
