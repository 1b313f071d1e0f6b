"""The session's money while it runs: the plan, the end's share, a raised budget, an overrun."""

from harness.conductor.state import LabState
from harness.decisions.actions import END_PURPOSES, Finish
from harness.decisions.setup import guess_of
from harness.lab.session import load_session
from harness.plan.measurements import adapted
from harness.plan.overheads import Overheads
from harness.plan.plan import Plan
from harness.plan.rates import Rates
from harness.plan.split import make_plan, near_horizon
from harness.plan.stored import KeptTimes, keep_times, save_plan
from journal.errors import Overrun
from journal.prices import format_money
from journal.records import JobRow
from trainer.job import CHAT_TOKENS, TEXT_TOKENS, TokenizerJob, parse_job


class SessionMoney:
    """Keeps plan and reservations in step with the ledger."""

    def __init__(self, state: LabState) -> None:
        self.state = state
        self._shown: tuple[int, int] | None = None

    def update(self) -> Finish | None:
        """Once a turn; a Finish when the budget is overrun and no job is left."""
        state = self.state
        state.billing.heartbeat()
        self._notice_raise()
        self._notice_measurements()
        state.billing.renew_drain(state.drain_seconds())
        free = state.ledger.totals().free
        if free >= 0 or len(state.fleet):
            return None
        state.journal.add_event("overrun", {"free_micro_usd": free}, state.clock.now())
        return Finish(str(Overrun(free)), ok=False)

    def set_plan(self, rates: Rates) -> Plan:
        """Plan with what was measured; a horizon that is near enough keeps what was measured comparable."""
        prior = self.state.known_times().overheads
        overheads = self._adapted(prior)
        rates = _with_overhead(rates, overheads)
        plan = self._plan(rates, None, overheads, prior)
        horizon = self._horizon(plan)
        if horizon is not None:
            plan = self._plan(rates, horizon, overheads, prior)
        save_plan(self.state.journal, self.state.session, plan)
        self._keep(plan)
        return plan

    def _horizon(self, plan: Plan) -> int | None:
        """That of the last recipe; before the first one on a GPU, one whose code the calibration compiled.

        None where it is too far from what the plan wants.
        """
        recipes, session = self.state.journal.recipes(), self.state.session
        if recipes:
            horizon = recipes[-1].document.get("train_tokens")
            is_near = isinstance(horizon, int) and 0.5 <= horizon / plan.search_tokens <= 2.0
            return horizon if is_near and isinstance(horizon, int) else None
        if session.machine_kind == "cpu":
            return None
        return near_horizon(plan, guess_of(self.state.view()).search_tokens)

    def reserve_end(self) -> None:
        """Reserve the end's share of the plan until the end begins."""
        plan = self.state.plan()
        if plan is not None and not self._end_has_begun():
            self.state.billing.reserve_end(plan.least_final_seconds)

    def _notice_raise(self) -> None:
        """Somebody raised the budget or the hours: the journal's session is newer than ours."""
        state, plan = self.state, self.state.plan()
        session = load_session(state.journal)
        if session is not None and session != state.session:
            state.session = session
            hours = "" if session.hours is None else f", {session.hours:g} hours"
            state.output.say(f"the budget is now {format_money(session.budget_micro_usd)}{hours}")
        if plan is None or plan.total_seconds == state.session.total_seconds:
            return
        # The horizon stays: what was measured so far remains comparable.
        again = self._plan(plan.rates, plan.search_tokens, plan.overheads, plan.prior)
        save_plan(state.journal, state.session, again)
        self.reserve_end()
        state.output.plan_measured(again)

    def _notice_measurements(self) -> None:
        """Jobs that ended show what such jobs take: the plan follows, its horizon apart."""
        state, plan = self.state, self.state.plan()
        ended = sum(row.finished_at is not None for row in state.history.jobs())
        look = ended, sum(d.state == "live" for d in state.journal.deployments())
        if plan is None or plan.prior is None or look == self._shown:
            return
        self._shown = look
        overheads = self._adapted(plan.prior)
        if overheads == plan.overheads:
            return
        if not self._end_has_begun():
            rates = _with_overhead(plan.rates, overheads)
            plan = self._plan(rates, plan.search_tokens, overheads, plan.prior)
            save_plan(state.journal, state.session, plan)
            self.reserve_end()
        self._keep(plan.model_copy(update={"overheads": overheads}))

    def _adapted(self, prior: Overheads) -> Overheads:
        rows, first = self.state.history.jobs(), self.state.session.jobs_before
        return adapted(prior, rows, first, self.state.journal.deployments())

    def _keep(self, plan: Plan) -> None:
        if plan.overheads is not None and self.state.remembered_machine is not None:
            times = KeptTimes(tokens_per_second=plan.rates.tokens_per_second, overheads=plan.overheads)
            keep_times(self.state.remembered_machine, times)

    def _plan(
        self, rates: Rates, search_tokens: int | None, overheads: Overheads | None, prior: Overheads | None
    ) -> Plan:
        session = self.state.session
        return make_plan(
            self.state.scale,
            session.slots,
            session.price_micro_usd_per_hour,
            session.total_seconds,
            rates,
            session.max_hypotheses,
            search_tokens,
            overheads,
            prior,
            self._counted(CHAT_TOKENS),
            self._counted(TEXT_TOKENS),
        )

    def _counted(self, name: str) -> float | None:
        """What the lab's tokenizer job counted of the session's data by this name; None: it did not."""
        data = self.state.session.data
        for row in reversed(self.state.history.jobs()):
            if row.purpose == "tokenizer" and name in row.metrics and _data_of(row) == data:
                return row.metrics[name]
        return None

    def _end_has_begun(self) -> bool:
        view = self.state.view()
        return any(view.latest(purpose) is not None for purpose in END_PURPOSES)


def _data_of(row: JobRow) -> str | None:
    job = parse_job(row.spec)
    return job.data if isinstance(job, TokenizerJob) else None


def _with_overhead(rates: Rates, overheads: Overheads) -> Rates:
    """A search job finds its compiled code."""
    return rates.model_copy(update={"overhead_seconds": overheads.pretrain.warm_seconds})
