"""Carrying out what `decide()` asked for; every step is in the journal before the next one."""

from concurrent.futures import Future, ThreadPoolExecutor

from agent.proposer import ProposerProtocol
from harness.actions import Action, AddRecipe, Deploy, Finish, Judge, Launch, Propose, SetPlan
from harness.crash import crash_point
from harness.decide_search import KEPT_OF_FINAL
from harness.plan import Plan, make_plan
from harness.proposals import TAKEN_EVENT, lab_context, read_brief, register, waiting_human_drafts
from harness.session import save_plan
from harness.state import LabState, Thoughts
from harness.view import LabView
from journal.errors import OverBudget
from journal.evidence import judge_hypothesis
from journal.records import Proposal, Purpose, Recipe

END_PURPOSES: tuple[Purpose, ...] = ("champion", "champion_sft", "champion_eval")
# Without money for one of these the session goes on to its end; without the others there is no end.
_SEARCH_PURPOSES: tuple[Purpose, ...] = ("baseline", "hypothesis", "early_sft")
LEAST_SECONDS = 1.0


class Actor:
    """Acts on one lab; the proposer thinks in a thread of its own."""

    def __init__(self, state: LabState, proposer: ProposerProtocol) -> None:
        self.state = state
        self.journal = state.journal
        self.output = state.output
        self.proposer = proposer
        self._thinker = ThreadPoolExecutor(1, thread_name_prefix="proposer")
        self._thinking: Future[list[Proposal]] | None = None
        self._thinking_about: Recipe | None = None
        self._exhausted_at: int | None = None

    @property
    def thoughts(self) -> Thoughts:
        """What the proposer is doing."""
        return Thoughts(self._thinking is not None, self._exhausted_at)

    def close(self) -> None:
        """Let the proposer's thread go; a call to a model that hangs does not hold us."""
        self._thinker.shutdown(wait=False, cancel_futures=True)

    def act(self, action: Action) -> Finish | None:
        """Carry out one action; a Finish ends the session."""
        match action:
            case Launch():
                return self._launch(action)
            case SetPlan():
                self._set_plan(action)
            case AddRecipe():
                self._add_recipe(action)
            case Propose():
                self._propose(action.count)
            case Judge():
                self._judge(action)
            case Deploy():
                self._deploy(action.job_id)
            case Finish():
                return action
        return None

    def hear_proposer(self) -> None:
        """Register what the proposer has come up with, if it has."""
        if self._thinking is None or not self._thinking.done():
            return
        drafts, champion = self._thinking.result(), self._thinking_about
        self._thinking = None
        crash_point("after_proposal")
        view = self.state.view()
        assert champion is not None
        registered = [self._register(view, champion, draft) for draft in drafts]
        if not any(registered):
            self._exhausted_at = len(view.verdicts)
            self.output.say("the proposer has nothing new to try")

    def carve_out(self, plan: Plan) -> None:
        """Set the end's money aside, so that no language model and no search job can spend it."""
        state = self.state
        if state.ledger.reserved(state.end_key) or state.session.bill == "share":
            return
        wanted = state.billing.share_micro_usd(state.session.slots, KEPT_OF_FINAL * plan.final_seconds)
        state.ledger.reserve(state.end_key, min(wanted, max(0, state.ledger.totals().free)), "end")

    def _launch(self, launch: Launch) -> Finish | None:
        state = self.state
        grace = state.accounts.grace_seconds
        deadline = min(launch.job.limits.max_seconds, state.seconds_left() - launch.keep_seconds - grace)
        try:
            if deadline < LEAST_SECONDS:
                raise OverBudget(state.billing.share_micro_usd(launch.job.limits.gpus, 60.0), 0)
            if launch.purpose in END_PURPOSES:
                state.ledger.release(state.end_key, note="the end begins")
            row = state.accounts.open(launch, deadline)
        except OverBudget as error:
            return self._refused(launch, str(error))
        crash_point("before_launch")
        state.fleet.launch(row, deadline, grace)
        crash_point("after_launch")
        self.output.job_launched(row)
        return None

    def _refused(self, launch: Launch, why: str) -> Finish | None:
        """No money for a job: while others run or the search's time runs out, wait; else it is over."""
        waits = launch.purpose in _SEARCH_PURPOSES and self.state.session.bill == "wall"
        if len(self.state.fleet) or waits:
            return None
        detail: dict[str, object] = {"purpose": launch.purpose, "why": why}
        self.journal.add_event("launch_refused", detail, self.state.clock.now())
        return Finish(f"no money is left for the {launch.purpose} job ({why})", ok=False)

    def _set_plan(self, action: SetPlan) -> None:
        recipes = self.journal.recipes()
        horizon = recipes[-1].document.get("train_tokens") if recipes else None
        plan = self._plan(action, None)
        if isinstance(horizon, int) and 0.5 <= horizon / plan.search_tokens <= 2.0:
            plan = self._plan(action, horizon)  # near enough: what was measured stays comparable
        save_plan(self.journal, self.state.session, plan)
        crash_point("after_plan")
        self.carve_out(plan)
        self.output.plan_measured(plan)

    def _plan(self, action: SetPlan, search_tokens: int | None) -> Plan:
        session = self.state.session
        return make_plan(
            self.state.scale,
            session.slots,
            session.price_micro_usd_per_hour,
            session.total_seconds,
            action.rates,
            session.max_hypotheses,
            search_tokens,
        )

    def _add_recipe(self, action: AddRecipe) -> None:
        recipe = Recipe(
            recipe_id=self.journal.next_recipe_id(),
            parent=action.parent,
            patch=action.patch,
            document=action.document,
            reason=action.reason,
            created_at=self.state.clock.now(),
        )
        self.journal.add_recipe(recipe)
        crash_point("after_recipe")
        self.state.note_champion()
        self.output.say(f"recipe {recipe.recipe_id}: {action.reason}")

    def _propose(self, count: int) -> None:
        view, champion = self.state.view(), self.state.champion()
        assert champion is not None
        human = waiting_human_drafts(self.journal)[:count]
        for event_id, draft in human:
            with self.journal.atomic():
                self._register(view, champion, draft)
                self.journal.add_event(TAKEN_EVENT, {"event_id": event_id}, self.state.clock.now())
        if human:
            return
        free = self.state.ledger.totals().free
        context = lab_context(view, self.journal, champion, read_brief(self.state.lab.brief), free)
        self._thinking_about = champion
        self._thinking = self._thinker.submit(self.proposer.propose, context, count)

    def _register(self, view: LabView, champion: Recipe, draft: Proposal) -> bool:
        assert view.plan is not None
        hypothesis = register(
            self.journal, view, champion, draft, view.plan.replicates, self.state.clock.now()
        )
        crash_point("after_register")
        if hypothesis is not None:
            self.output.registered(hypothesis, self.journal.hash_of(hypothesis.hypothesis_id))
        return hypothesis is not None

    def _judge(self, action: Judge) -> None:
        crash_point("before_verdict")
        verdict = judge_hypothesis(self.journal, action.hypothesis_id, self.state.clock.now(), action.closing)
        self.journal.add_verdict(verdict)
        crash_point("after_verdict")
        self.output.judged(verdict)

    def _deploy(self, job_id: str) -> None:
        crash_point("mid_deploy")
        checkpoint = self.state.lab.run(job_id).checkpoint
        self.journal.request_deployment(job_id, str(checkpoint), self.state.clock.now())
        crash_point("after_deploy_request")
        self.output.say(f"{job_id}: deployment requested")
