"""The budget for people."""

from harness.reports.tables import Document, local_time, print_table
from journal.prices import format_money


def print_budget(document: Document) -> None:
    """Totals, plan, purposes, sessions, and the end to expect."""
    print_table(("money", ""), _totals(document))
    if document["planned"]:
        print_table(("planned", "jobs", "seconds", "cost"), _planned(document))
    if document["by_purpose"]:
        print_table(("spent on", "jobs", "spent", "reserved"), _purposes(document))
    if len(document["by_session"]) > 1:
        print_table(("session", "budget", "jobs", "idle", "language models", "spent"), _sessions(document))
    print(_projection(document))


def _totals(document: Document) -> list[tuple[str, str]]:
    names = {
        "budget": "budget_micro_usd",
        "spent": "spent_micro_usd",
        "  on jobs": "jobs_micro_usd",
        "  on idle node time": "idle_micro_usd",
        "  on language models": "llm_micro_usd",
        "reserved": "reserved_micro_usd",
        "free": "free_micro_usd",
    }
    return [(name, format_money(document[key])) for name, key in names.items()]


def _planned(document: Document) -> list[tuple[str, ...]]:
    rows = [
        (p["phase"], str(p["jobs"]), f"{p['seconds']:,.0f}", format_money(p["micro_usd"]))
        for p in document["planned"]
    ]
    total = document["session"]["total_seconds"]
    money = round(total * document["session"]["price_micro_usd_per_hour"] / 3600)
    return [*rows, ("in all: price × time", "", f"{total:,.0f}", format_money(money))]


def _purposes(document: Document) -> list[tuple[str, ...]]:
    return [
        (p["purpose"], str(p["jobs"] or ""), format_money(p["spent"]), format_money(p["reserved"]))
        for p in document["by_purpose"]
    ]


def _sessions(document: Document) -> list[tuple[str, ...]]:
    columns = ("budget", "jobs", "idle", "llm", "spent")
    return [
        (str(line["session"]), *(format_money(line[column]) for column in columns))
        for line in document["by_session"]
    ]


def _projection(document: Document) -> str:
    end, session = document["projected"], document["session"]
    if end is None:
        return "no session yet"
    if session["state"] == "finished":
        return f"session {session['number']} is finished: {session['outcome']}"
    ends_at = local_time(end["ends_at"])
    if_so = "" if document["is_running"] else "if it goes on now, "
    money = format_money(end["spent"])
    return f"{if_so}session {session['number']} ends by {ends_at} at the latest, {money} spent"
