"""The session's money while it runs: the plan, the end's share, a raised budget, an overrun."""

from harness.conductor.state import LabState
from harness.decisions.actions import END_PURPOSES, Finish
from harness.lab.session import load_session
from harness.plan.plan import Plan, make_plan
from harness.plan.rates import Rates
from harness.plan.stored import save_plan
from journal.errors import Overrun
from journal.prices import format_money


class SessionMoney:
    """Keeps plan and reservations in step with the ledger."""

    def __init__(self, state: LabState) -> None:
        self.state = state

    def update(self) -> Finish | None:
        """Once a turn; a Finish when the budget is overrun and no job is left."""
        state = self.state
        state.billing.heartbeat()
        self._notice_raise()
        state.billing.renew_drain(state.drain_seconds())
        free = state.ledger.totals().free
        if free >= 0 or len(state.fleet):
            return None
        state.journal.add_event("overrun", {"free_micro_usd": free}, state.clock.now())
        return Finish(str(Overrun(free)), ok=False)

    def set_plan(self, rates: Rates) -> Plan:
        """Plan with what was measured; a horizon that is near enough keeps what was measured comparable."""
        recipes = self.state.journal.recipes()
        horizon = recipes[-1].document.get("train_tokens") if recipes else None
        plan = self._plan(rates, None)
        if isinstance(horizon, int) and 0.5 <= horizon / plan.search_tokens <= 2.0:
            plan = self._plan(rates, horizon)
        save_plan(self.state.journal, self.state.session, plan)
        return plan

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
        again = self._plan(plan.rates, plan.search_tokens)
        save_plan(state.journal, state.session, again)
        self.reserve_end()
        state.output.plan_measured(again)

    def _plan(self, rates: Rates, search_tokens: int | None) -> Plan:
        session = self.state.session
        return make_plan(
            self.state.scale,
            session.slots,
            session.price_micro_usd_per_hour,
            session.total_seconds,
            rates,
            session.max_hypotheses,
            search_tokens,
        )

    def _end_has_begun(self) -> bool:
        view = self.state.view()
        return any(view.latest(purpose) is not None for purpose in END_PURPOSES)
