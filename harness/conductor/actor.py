"""Carrying out what `decide()` asked for; every step is in the journal before the next one."""

from concurrent.futures import Executor, Future
from dataclasses import asdict

from agent.knowledge.insights import add_insight
from agent.proposals.proposer import ProposerProtocol
from harness.conductor.registration import lab_context, register
from harness.conductor.session_money import SessionMoney
from harness.conductor.state import LabState, ProposerState
from harness.decisions.actions import (
    Action,
    AddRecipe,
    Deploy,
    Finish,
    Judge,
    Launch,
    Propose,
    Retest,
    SetPlan,
)
from harness.decisions.ladder import transfer_hypothesis
from harness.decisions.view import LabView
from harness.errors import Halt
from harness.fleet.disk_gate import REFUSED_EVENT, DiskGate
from harness.lab.crash_points import crash_point
from harness.steering.hypotheses import TAKEN_EVENT, waiting_human_drafts
from journal.errors import OverBudget
from journal.records import Proposal, Purpose, Recipe
from journal.science.adoption.decision import ADOPTION_EVENT
from journal.science.drift import add_alarm
from journal.science.evidence import judge_hypothesis

# Without money for one of these the session goes on to its end; without the others there is no end.
_SEARCH_PURPOSES: tuple[Purpose, ...] = ("baseline", "hypothesis", "early_sft")
LEAST_SECONDS = 1.0
# Between the look at the money and the reservation the clock goes on, and amounts are rounded up.
ROUNDING_SECONDS = 1.0


class Actor:
    """Acts on one lab; the proposer runs in a thread of its own."""

    def __init__(self, state: LabState, proposer: ProposerProtocol, executor: Executor) -> None:
        self.state = state
        self.journal = state.journal
        self.output = state.output
        self.proposer = proposer
        self.money = SessionMoney(state)
        self.disk = DiskGate(state.lab, state.journal, state.fleet, state.tidy, self._note_full_disk)
        self._executor = executor
        self._pending_drafts: Future[list[Proposal]] | None = None
        self._drafts_champion: Recipe | None = None
        self._exhausted_at: int | None = None

    @property
    def proposer_state(self) -> ProposerState:
        """What the proposer is doing."""
        return ProposerState(self._pending_drafts is not None, self._exhausted_at)

    def close(self) -> None:
        """Let the proposer's thread go; a call to a model that hangs does not hold us."""
        self._executor.shutdown(wait=False, cancel_futures=True)

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
            case Retest():
                self._retest(action)
            case Judge():
                self._judge(action)
            case Deploy():
                self._deploy(action.job_id)
            case Finish():
                return action
        return None

    def register_pending_drafts(self) -> None:
        """Register what the proposer has come up with, if it has."""
        if self._pending_drafts is None or not self._pending_drafts.done():
            return
        drafts, champion = self._pending_drafts.result(), self._drafts_champion
        self._pending_drafts = None
        crash_point("after_proposal")
        view = self.state.view()
        assert champion is not None
        registered = [self._register(view, champion, draft) for draft in drafts]
        if not any(registered):
            self._exhausted_at = len(view.verdicts)
            self.output.say("the proposer has nothing new to try")

    def _launch(self, launch: Launch) -> Finish | None:
        state, accounts = self.state, self.state.accounts
        most = state.seconds_left() - launch.keep_seconds - accounts.ending_seconds - ROUNDING_SECONDS
        deadline = min(launch.job.limits.max_seconds, most)
        if launch.job.limits.gpus > state.usable_slots(deadline + accounts.grace_seconds):
            return None
        if not state.session.simulated and not self.disk.admits(launch.job):
            self._wait_for_disk()
            return None
        try:
            if deadline < LEAST_SECONDS:
                raise OverBudget(state.billing.share_micro_usd(launch.job.limits.gpus, 60.0), 0)
            row = accounts.open(launch, deadline, state.fleet.seconds_until_drained())
        except OverBudget as error:
            return self._refused(launch, str(error))
        crash_point("before_launch")
        state.fleet.launch(row, deadline, accounts.grace_seconds)
        crash_point("after_launch")
        self.output.job_launched(row)
        return None

    def _wait_for_disk(self) -> None:
        """Jobs under way leave room when they end; without any, only a person can make it."""
        if not len(self.state.fleet):
            raise Halt(f"{self.disk.refusal}, then give the same command")

    def _note_full_disk(self, line: str) -> None:
        self.journal.add_event(REFUSED_EVENT, {"why": line}, self.state.clock.now())
        self.output.say(line, "red")

    def _refused(self, launch: Launch, why: str) -> Finish | None:
        """No money for a job: while others run or the search's time runs out, wait; else it is over."""
        waits = launch.purpose in _SEARCH_PURPOSES and self.state.session.bill == "wall"
        if len(self.state.fleet) or waits:
            return None
        detail: dict[str, object] = {"purpose": launch.purpose, "why": why}
        self.journal.add_event("launch_refused", detail, self.state.clock.now())
        return Finish(f"no money is left for the {launch.purpose} job ({why})", ok=False)

    def _set_plan(self, action: SetPlan) -> None:
        plan = self.money.set_plan(action.rates)
        crash_point("after_plan")
        self.money.reserve_end()
        self.output.plan_measured(plan)

    def _add_recipe(self, action: AddRecipe) -> None:
        recipe = Recipe(
            recipe_id=self.journal.next_recipe_id(),
            parent=action.parent,
            patch=action.patch,
            document=action.document,
            origin=action.origin,
            findings=action.findings,
            session=action.session,
            created_at=self.state.clock.now(),
        )
        with self.journal.atomic():
            self.journal.add_recipe(recipe)
            if action.adoption is not None:
                detail: dict[str, object] = {"recipe_id": recipe.recipe_id, **asdict(action.adoption)}
                self.journal.add_event(ADOPTION_EVENT, detail, recipe.created_at)
        crash_point("after_recipe")
        self.state.note_champion()
        expected = "" if action.adoption is None else f"; {action.adoption.words}"
        self.output.say(f"recipe {recipe.recipe_id}: {recipe.words}{expected}")

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
        context = lab_context(view, self.journal, champion, self.state.brief.words(), free)
        self._drafts_champion = champion
        self._pending_drafts = self._executor.submit(self.proposer.propose, context, count)

    def _register(self, view: LabView, champion: Recipe, draft: Proposal) -> bool:
        assert view.plan is not None
        hypothesis = register(
            self.journal, view, champion, draft, view.plan.replicates, self.state.clock.now()
        )
        crash_point("after_register")
        if hypothesis is not None:
            self.output.registered(hypothesis, self.journal.hash_of(hypothesis.hypothesis_id))
        return hypothesis is not None

    def _retest(self, action: Retest) -> None:
        with self.journal.atomic():
            hypothesis = transfer_hypothesis(
                self.state.view(), action, self.journal.next_hypothesis_id(), self.state.clock.now()
            )
            self.journal.register(hypothesis)
        crash_point("after_register")
        self.output.registered(hypothesis, self.journal.hash_of(hypothesis.hypothesis_id))

    def _judge(self, action: Judge) -> None:
        crash_point("before_verdict")
        verdict = judge_hypothesis(self.journal, action.hypothesis_id, self.state.clock.now(), action.closing)
        with self.journal.atomic():
            self.journal.add_verdict(verdict)
            insight = add_insight(self.journal, verdict.judged_at)
            alarm = add_alarm(self.journal, verdict)
        crash_point("after_verdict")
        self.output.judged(verdict)
        if insight is not None:
            self.output.say(insight, "dim")
        if alarm is not None:
            self.output.say(alarm, "red")

    def _deploy(self, job_id: str) -> None:
        crash_point("mid_deploy")
        checkpoint = self.state.lab.run(job_id).checkpoint
        self.journal.request_deployment(job_id, str(checkpoint), self.state.clock.now())
        crash_point("after_deploy_request")
        self.output.say(f"{job_id}: deployment requested")
