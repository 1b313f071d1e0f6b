"""`harness learn`: an earlier lab's findings become first hypotheses, its trials what the search knows."""

import time

from agent.knowledge.earlier import EARLIER_EVENT, EarlierTrial, earlier_trials
from harness.errors import UserError
from harness.lab.folder import create_lab, require_lab
from harness.lab.simulated import check_same_nature
from harness.steering.hypotheses import HUMAN_EVENT
from journal.lab_paths import LabPaths
from journal.records import Proposal
from journal.store import Journal

# Another horizon, data or depth: about half of what held there holds here (docs/logs/transfer.md).
PRIOR = 0.5


def learn_from(lab: LabPaths, earlier: LabPaths) -> str:
    """Copy what another lab tried into a lab's journal; a line that says what happens next.

    Raises:
        UserError: it is no lab, the same lab, has tried nothing, or was told already.
    """
    if lab.folder.resolve() == earlier.folder.resolve():
        raise UserError(f"EARLIER: {earlier.folder}; allowed: another lab than --lab")
    require_lab(earlier)
    with Journal.read_only(earlier.journal) as journal:
        found = [
            trial.model_copy(update={"source": str(earlier.folder)}) for trial in earlier_trials(journal)
        ]
        simulated = any(row.simulated for row in journal.jobs())
    if not found:
        raise UserError(f"EARLIER: {earlier.folder} has tried nothing yet; allowed: a lab with verdicts")
    if simulated and not lab.journal.exists():
        raise UserError(f"EARLIER: {earlier.folder} is simulated; allowed: a lab with real results")
    check_same_nature(lab, simulated=simulated)
    create_lab(lab)
    with Journal.open(lab.journal) as journal:
        if any(event.detail["source"] == str(earlier.folder) for event in journal.events(EARLIER_EVENT)):
            raise UserError(f"EARLIER: {earlier.folder} was learnt from already; allowed: another lab")
        with journal.atomic():
            findings = _tell(journal, found)
    first = "1 finding is" if findings == 1 else f"{findings} findings are"
    return (
        f"{len(found)} trials of {earlier.folder} are known to the search, {first} tested first "
        "(next: harness start)"
    )


def _tell(journal: Journal, found: list[EarlierTrial]) -> int:
    """Trials as events, findings as drafts; how many drafts."""
    now = time.time()
    for trial in found:
        journal.add_event(EARLIER_EVENT, trial.model_dump(mode="json"), now)
    findings = [trial for trial in found if trial.verdict == "supported"]
    for trial in sorted(findings, key=lambda trial: trial.gain or 0.0, reverse=True):
        draft = Proposal(
            statement=trial.statement, patch=trial.patch, minimum_effect=None, prior=PRIOR, proposer="search"
        )
        journal.add_event(HUMAN_EVENT, draft.model_dump(mode="json"), now)
    return len(findings)
