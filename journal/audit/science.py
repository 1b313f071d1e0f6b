"""Claims and verdicts: registered first, and the same when judged again."""

from journal.audit.checks import Check, check_of, listed
from journal.records import Hypothesis, Verdict
from journal.science.evidence import RULES, recompute_all
from journal.store import Journal

CLOCK_JUMPED = "clock_jumped"  # the event of a conductor that saw the time of day jump
REWRITTEN = "the record was changed after the fact: trust a copy of journal.db instead"


def hypotheses_registered_first(journal: Journal) -> Check:
    """Each registration hashes to what was stored, and is older than its first job.

    The rows alone prove the order: a job's row names its hypothesis's (a foreign key) and neither ever
    changes. Time stamps prove it too, unless somebody set the clock.
    """
    hypotheses = journal.hypotheses()
    faults = [
        f"{h.hypothesis_id}: its text is not what was hashed at registration"
        for h in hypotheses
        if journal.hash_of(h.hypothesis_id) != h.sha256()
    ]
    late = [fault for h in hypotheses if (fault := _is_late(journal, h)) is not None]
    jumps = journal.events(CLOCK_JUMPED)
    if late and jumps and not faults:
        return Check("hypotheses", "note", f"{listed(late)}: the clock was set {len(jumps)} times meanwhile")
    fine = f"{len(hypotheses)} hypotheses: hashes recompute, each registered before its first job"
    return check_of("hypotheses", faults + late, fine, REWRITTEN)


def verdicts_recompute(journal: Journal) -> Check:
    """`judge()` gives every verdict again by the rules of its version; looks and versions only rise."""
    pairs = recompute_all(journal)
    faults = [
        f"{stored.hypothesis_id} look {stored.look}: stored {stored.verdict} ({stored.effect:+.4f}), "
        f"recomputed {again.verdict} ({again.effect:+.4f})"
        for stored, again in pairs
        if stored != again and stored.judge_version in RULES
    ]
    faults += _faults_of_versions([stored for stored, _ in pairs])
    for hypothesis in journal.hypotheses():
        looks = [verdict.look for verdict in journal.verdicts(hypothesis.hypothesis_id)]
        if looks != list(range(1, len(looks) + 1)):
            faults.append(f"{hypothesis.hypothesis_id}: looks {looks}")
    return check_of("verdicts", faults, f"judge() recomputes all {len(pairs)} verdicts", REWRITTEN)


def _faults_of_versions(verdicts: list[Verdict]) -> list[str]:
    """Versions that nobody wrote, and verdicts that went back to older rules."""
    known = list(RULES)
    faults = [
        f"{v.hypothesis_id} look {v.look}: judge_version {v.judge_version!r}; allowed: {', '.join(known)}"
        for v in verdicts
        if v.judge_version not in known
    ]
    ranks = [known.index(v.judge_version) for v in verdicts if v.judge_version in known]
    return faults + (
        ["a verdict by older rules follows one by newer rules"] if ranks != sorted(ranks) else []
    )


def _is_late(journal: Journal, hypothesis: Hypothesis) -> str | None:
    name = hypothesis.hypothesis_id
    first = min((row.created_at for row in journal.jobs(hypothesis_id=name)), default=None)
    if first is not None and hypothesis.registered_at > first:
        return f"{name}: registered {hypothesis.registered_at - first:.3f} s after its first job"
    return None
