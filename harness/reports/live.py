"""What a person sees of a running lab: log lines, and on a terminal a live view under them."""

import time
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.lab.session import Session
from harness.plan.plan import Plan, phases
from harness.plan.scale import GPU
from journal.prices import format_money, node_cost_micro_usd
from journal.records import Hypothesis, JobRow, Verdict
from journal.store import Journal
from journal.views import budget_summary, champion, hypotheses_table

_COLOURS = {"supported": "green", "refuted": "red", "inconclusive": "yellow"}
REFRESH_SECONDS = 2.0


class Output:
    """Lines for a log; on a terminal also the jobs, the money and the clock, refreshed in place."""

    def __init__(self, console: Console | None = None, clock: Clock = SYSTEM_CLOCK) -> None:
        self.clock = clock
        self.console = console or Console(highlight=False)
        self._live = Live(console=self.console, auto_refresh=False) if self.console.is_terminal else None
        self._refreshed_at = 0.0

    def __enter__(self) -> "Output":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.update("", refresh=True)
            self._live.stop()

    def say(self, text: str, style: str | None = None) -> None:
        """One line, with the time of day."""
        clock = time.strftime("%H:%M:%S  ", time.localtime(self.clock.now()))
        line = Text(clock, style="dim").append(Text(text, style=style or "not dim"))
        self.console.print(line, soft_wrap=True)

    def plan(self, plan: Plan, machine: str) -> None:
        """The table of what the money buys."""
        self.console.print(plan_table(plan, machine))

    def plan_measured(self, plan: Plan) -> None:
        rate, overhead = plan.rates.tokens_per_second, plan.rates.overhead_seconds
        self.say(
            f"measured: {rate:,.0f} tokens/s a slot, {overhead:.0f} s of overhead; a search job is "
            f"{plan.search_tokens:,} tokens in about {plan.search_job_seconds:.0f} s; "
            f"room for about {plan.hypotheses} hypotheses"
        )
        if plan.sft_least_seconds < plan.sft_floor_seconds:
            self.say(
                f"this machine is too slow for the budget: the champion should be fine-tuned for "
                f"{plan.sft_floor_seconds:.0f} s, {plan.champion_sft_seconds:.0f} s are planned; "
                "harness budget --add AMOUNT gives it more",
                "yellow",
            )

        if plan.sft_most_tokens is not None and plan.sft_most_tokens < plan.sft_floor_tokens:
            self.say(
                f"the chat set is small: fine-tuning reads {plan.sft_most_tokens:,} tokens, more would be "
                f"the same text too often; a model of this size should see {plan.sft_floor_tokens:,}",
                "yellow",
            )

        if plan.freed_seconds > 0.0:
            self.say(small_text(plan), "yellow")

    def job_launched(self, row: JobRow) -> None:
        resumed = f", resumed from {row.resumed_from}" if row.resumed_from else ""
        self.say(f"{row.job_id} {_what(row)}: launched on {row.gpus} slot{'s' * (row.gpus > 1)}{resumed}")

    def job_ended(self, row: JobRow) -> None:
        numbers = "".join(
            f" {n} {row.metrics[n]:.4f}" for n in ("val_bpb", "gain_bpb", "core_metric") if n in row.metrics
        )
        why = f" ({row.reason}: {(row.message or '')[:160]})" if row.state != "succeeded" else ""
        cost = "" if row.cost_micro_usd is None else f"  {format_money(row.cost_micro_usd)}"
        style = "red" if row.state == "failed" else None
        self.say(f"{row.job_id} {_what(row)}: {row.state}{why}{numbers}{cost}", style)

    def registered(self, hypothesis: Hypothesis, digest: str) -> None:
        self.say(
            f"{hypothesis.hypothesis_id} registered ({digest[:12]}): {hypothesis.statement} "
            f"[{hypothesis.proposer}]"
        )

    def judged(self, verdict: Verdict) -> None:
        interval = (
            "no interval"
            if verdict.lower is None or verdict.upper is None
            else f"improvement {verdict.effect:+.4f} [{verdict.lower:+.4f}, {verdict.upper:+.4f}]"
        )
        text = f"{verdict.hypothesis_id} {verdict.verdict}: {interval}, p {verdict.p_value:.3f}"
        self.say(text, _COLOURS[verdict.verdict])

    def refresh(self, journal: Journal, session: Session) -> None:
        """Redraw the live view, every couple of seconds."""
        if self._live is None or time.monotonic() - self._refreshed_at < REFRESH_SECONDS:
            return
        self._refreshed_at = time.monotonic()
        self._live.update(live_view(journal, session, self.clock.now()), refresh=True)


def small_text(plan: Plan) -> str:
    """What becomes of the champion's time where it would read its text too often."""
    amounts = {"go to the search": plan.freed_seconds - plan.unspent_seconds}
    amounts["stay unspent"] = plan.unspent_seconds
    price, training = plan.price_micro_usd_per_hour, plan.rates_of(plan.slots)
    money = ", ".join(
        f"{format_money(node_cost_micro_usd(seconds, price))} {where}"
        for where, seconds in amounts.items()
        if seconds >= 1.0
    )
    return (
        f"the text is small: the champion reads it {GPU.text_most_epochs:g} times in "
        f"{training.training_seconds(plan.champion_seconds):.0f} s, more often is worth little; {money}"
    )


def plan_table(plan: Plan, machine: str) -> Table:
    """Phases, jobs, seconds, dollars."""
    price = format_money(plan.price_micro_usd_per_hour)
    table = Table(title=f"Plan: {machine}, {plan.slots} slots at {price}/h", title_justify="left")
    table.add_column("phase")
    for name in ("jobs", "seconds", "cost"):
        table.add_column(name, justify="right")
    for phase in phases(plan):
        table.add_row(phase.name, str(phase.jobs), f"{phase.seconds:,.0f}", format_money(phase.micro_usd))
    total = plan.total_seconds
    money = round(plan.price_micro_usd_per_hour * total / 3600)
    table.add_section()
    table.add_row("total: price × time", "", f"{total:,.0f}", format_money(money))
    return table


def live_view(journal: Journal, session: Session, now: float) -> RenderableType:
    """Money, champion, verdicts, and the jobs under way since their launch; `now` is the lab's clock."""
    money = budget_summary(journal)
    best = champion(journal)
    table = Table(box=None, padding=(0, 2))
    for name in ("job", "what", "for"):
        table.add_column(name)
    for row in journal.jobs(states=("queued", "running")):
        since = row.launched_at if row.started_at is None else row.started_at
        if since is not None:  # else it waits
            table.add_row(row.job_id, _what(row), f"{max(0.0, now - since):.0f} s")
    judged = [row for row in hypotheses_table(journal) if row.final]
    front = (
        "none yet"
        if best is None or best.val_bpb is None
        else f"{best.recipe.recipe_id}, val_bpb {best.val_bpb:.4f}"
    )
    line = (
        f"session {session.number}   {format_money(money.spent_micro_usd)} of "
        f"{format_money(money.budget_micro_usd)} spent, {format_money(money.reserved_micro_usd)} reserved   "
        f"{len(judged)} verdicts   champion: {front}"
    )
    return Group(Text(line, style="bold"), table)


def _what(row: JobRow) -> str:
    if row.hypothesis_id is not None:
        return f"{row.hypothesis_id} seed {row.seed}"
    if row.purpose == "baseline":
        return f"baseline {row.recipe_id} seed {row.seed}"
    return row.purpose
