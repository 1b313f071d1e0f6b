"""The ledger, added up again line by line."""

from collections import Counter, defaultdict

from journal.audit.checks import Check, check_of
from journal.ledger.ledger import Ledger
from journal.store import Journal
from trainer.job import TERMINAL_STATES


def budget_kept(journal: Journal) -> Check:
    """spent + reserved ≤ budget after every prefix of the ledger."""
    budget = spent = reserved = 0
    faults = []
    entries = Ledger(journal).entries()
    for entry in entries:
        budget += entry.budget_micro_usd
        spent += entry.spent_micro_usd
        reserved += entry.reserved_micro_usd
        if spent + reserved > budget:
            faults.append(f"entry {entry.entry_id}: {spent} spent + {reserved} reserved > budget {budget}")
    fine = f"spent + reserved ≤ budget after each of {len(entries)} entries; {spent} micro-dollars spent"
    advice = "an overrun stays on record and stops launches: harness budget says how much to add"
    return check_of("budget", faults, fine, advice)


def jobs_settled_once(journal: Journal) -> Check:
    """Each ended job that money was set aside for is charged once, by what its row says."""
    entries = Ledger(journal).entries()
    charges: dict[str | None, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "settle":
            charges[entry.account].append(entry.spent_micro_usd)
    reserved = {entry.account for entry in entries if entry.kind == "reserve"}
    faults = [f"{key}: settled {len(found)} times" for key, found in charges.items() if len(found) > 1]
    for row in journal.jobs(states=TERMINAL_STATES):
        found = charges.get(row.job_id, [])
        if row.job_id in reserved and not found:
            faults.append(f"{row.job_id}: ended, never settled")
        if found and found[0] != row.cost_micro_usd:
            faults.append(f"{row.job_id}: cost {row.cost_micro_usd} in its row, {found[0]} in the ledger")
        if row.purpose != "manual" and row.job_id not in reserved and row.cost_micro_usd:
            faults.append(f"{row.job_id}: ran without a reservation")
    fine = f"{len(charges)} jobs settled, each once and at the cost in its row"
    return check_of("settled", faults, fine, "harness doctor --lab --repair settles what ended unsettled")


def nothing_held_by_ended_jobs(journal: Journal) -> Check:
    """Nothing stays reserved for a job that has ended."""
    held = Ledger(journal).reservations()
    ended = {row.job_id for row in journal.jobs(states=TERMINAL_STATES)}
    faults = [f"{key}: ended, {held[key]} micro-dollars still reserved" for key in held if key in ended]
    fine = f"{sum(held.values())} micro-dollars reserved, none of it by an ended job"
    return check_of("reservations", faults, fine, "harness doctor --lab --repair gives it back")


def llm_calls_paid(journal: Journal) -> Check:
    """Calls to language models cost what the ledger was charged for them."""
    calls = journal.llm_calls()
    recorded, charged = sum(c.cost_micro_usd for c in calls), Ledger(journal).spent_on("llm")
    keys = Counter(entry.account for entry in Ledger(journal).entries() if entry.kind == "llm")
    faults = [f"{key}: charged {count} times" for key, count in keys.items() if count > 1]
    if recorded != charged:
        faults.append(f"calls on record cost {recorded}, the ledger was charged {charged} micro-dollars")
    return check_of("llm calls", faults, f"{len(calls)} calls, {charged} micro-dollars, each charged once")
