"""The conductor: looks at the journal, asks `decide()`, acts; one turn after another."""

import signal
import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType

from agent.proposer import ProposerProtocol
from harness.accounts import Accounts
from harness.actions import Action, AddRecipe, Deploy, Finish, Judge, Launch, Propose, SetPlan
from harness.billing import Billing
from harness.crash import crash_point
from harness.decide import decide
from harness.decide_search import KEPT_OF_FINAL
from harness.fleet import Fleet
from harness.housekeeping import tidy
from harness.lab import LabPaths
from harness.output import Output
from harness.plan import SHUTDOWN_SECONDS, Plan, make_plan
from harness.proposals import (
    TAKEN_EVENT,
    brief_pins,
    lab_context,
    read_brief,
    register,
    waiting_human_drafts,
)
from harness.recipes import scale_for
from harness.serving import ServerKeeper
from harness.session import Session, load_plan, save_plan
from harness.view import LabView, champion_recipe
from journal.errors import OverBudget
from journal.evidence import judge_hypothesis
from journal.ledger import Ledger
from journal.prices import format_money
from journal.records import JobRow, Proposal, Purpose, Recipe
from journal.store import Journal
from journal.views import CHAMPION_RECIPE
from trainer.job import TERMINAL_STATES

STOP_WAIT_SECONDS = 30.0
END_PURPOSES: tuple[Purpose, ...] = ("champion", "champion_sft", "champion_eval")


class Conductor:
    """One run of a session. `run()` returns the session's finish, or None when it was stopped."""

    def __init__(
        self,
        lab: LabPaths,
        journal: Journal,
        session: Session,
        fleet: Fleet,
        billing: Billing,
        accounts: Accounts,
        proposer: ProposerProtocol,
        output: Output,
        server: ServerKeeper,
        poll_seconds: float,
    ) -> None:
        self.lab = lab
        self.journal = journal
        self.ledger: Ledger = accounts.ledger
        self.session = session
        self.fleet = fleet
        self.billing = billing
        self.accounts = accounts
        self.proposer = proposer
        self.output = output
        self.server = server
        self.poll_seconds = poll_seconds
        self.scale = scale_for(session.machine_kind, session.data)
        self.stops_asked = 0
        self._thinking: Future[list[Proposal]] | None = None
        self._thinking_about: Recipe | None = None
        self._thinker = ThreadPoolExecutor(1, thread_name_prefix="proposer")
        self._exhausted_at: int | None = None

    def run(self) -> Finish | None:
        """Turn until the session is finished or somebody asks to stop."""
        self._take_over()
        while not self.stops_asked:
            finish = self.turn()
            if finish is not None:
                return finish
            self.output.refresh(self.journal, self.session, self.fleet.rows())
            time.sleep(self.poll_seconds)
        self._stop_jobs()
        return None

    def turn(self) -> Finish | None:
        """One look and what follows from it."""
        self.billing.heartbeat()
        self.server.keep()
        self._harvest()
        self._cancel_requested()
        self._hear_proposer()
        self._launch_manual()
        for action in decide(self.view(), brief_pins(read_brief(self.lab.brief))):
            finish = self._act(action)
            if finish is not None:
                return finish
        return None

    def view(self) -> LabView:
        """The journal as it is now."""
        jobs = tuple(self.journal.jobs())
        return LabView(
            session=self.session,
            scale=self.scale,
            plan=load_plan(self.journal, self.session),
            jobs=jobs,
            recipes=tuple(self.journal.recipes()),
            hypotheses=tuple(self.journal.hypotheses()),
            verdicts=tuple(self.journal.verdicts()),
            deployments=tuple(self.journal.deployments()),
            checkpoints=frozenset(row.job_id for row in jobs if self._has_checkpoint(row)),
            free_slots=self.fleet.pool.free,
            seconds_left=self.seconds_left(),
            is_proposing=self._thinking is not None,
            proposals_exhausted=self._exhausted_at == len(self.journal.verdicts()),
            prefetch=self.session.proposer == "llm",
        )

    def seconds_left(self) -> float:
        """Node time until the session must be over, by money and by the clock."""
        by_money = self.billing.seconds_left() - SHUTDOWN_SECONDS
        if self.session.hours is None:
            return by_money
        used = self.billing.node_seconds() - self.session.node_seconds_before
        return min(by_money, self.session.hours * 3600.0 - used - SHUTDOWN_SECONDS)

    def ask_to_stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Signal handler: the first time cleanly, the second time at once."""
        self.stops_asked += 1

    def install_signals(self) -> None:
        """Ctrl-C and `harness stop`."""
        signal.signal(signal.SIGINT, self.ask_to_stop)
        signal.signal(signal.SIGTERM, self.ask_to_stop)

    def _take_over(self) -> None:
        """Go on with the jobs of a conductor that is no more."""
        plan = load_plan(self.journal, self.session)
        if plan is not None and not self._end_has_begun():
            self.carve_out(plan)
        for row in self.journal.jobs(states=("queued", "running")):
            reserved = self.ledger.reserved(row.job_id)
            if row.purpose == "manual" and row.launched_at is None and not reserved:
                continue
            self.output.say(f"{row.job_id} ({row.purpose}): taken over")
            self.fleet.attach(row, self.accounts.deadline_of(row), self.accounts.grace_seconds)

    def _end_has_begun(self) -> bool:
        return any(self.view().latest(purpose) is not None for purpose in END_PURPOSES)

    def _harvest(self) -> None:
        for ended in self.fleet.ended():
            row = self.accounts.close(ended)
            self.output.job_ended(row)
            self._charge_idle(f"at the end of {row.job_id}")
            self._note_champion()
            tidy(self.lab, self.journal, self.view())

    def settle_idle(self, note: str) -> None:
        """Charge what nobody has been charged for up to now."""
        self._charge_idle(note)

    def _charge_idle(self, note: str) -> None:
        shares = [self.billing.share_micro_usd(g, s) for g, s in self.fleet.running_seconds()]
        self.billing.charge_idle(sum(shares), note)

    def _act(self, action: Action) -> Finish | None:
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

    def _launch(self, launch: Launch) -> Finish | None:
        seconds_left = self.seconds_left() - launch.keep_seconds - self.accounts.grace_seconds
        deadline = min(launch.job.limits.max_seconds, seconds_left)
        try:
            if deadline < 1.0:
                raise OverBudget(self.billing.share_micro_usd(launch.job.limits.gpus, 60.0), 0)
            if launch.purpose in END_PURPOSES:
                self.ledger.release(self._end_key, note="the end begins")
            row = self.accounts.open(launch, deadline)
        except OverBudget as error:
            return self._refused(launch, str(error))
        crash_point("before_launch")
        self.fleet.launch(row, deadline, self.accounts.grace_seconds)
        crash_point("after_launch")
        self.output.job_launched(row)
        return None

    def carve_out(self, plan: Plan) -> None:
        """Set the end's money aside, so that no language model and no search job can spend it."""
        if self.ledger.reserved(self._end_key) or self.session.bill == "share":
            return
        wanted = self.billing.share_micro_usd(self.session.slots, KEPT_OF_FINAL * plan.final_seconds)
        free = self.ledger.totals().free
        self.ledger.reserve(self._end_key, min(wanted, max(0, free)), "end")

    @property
    def _end_key(self) -> str:
        return f"end-{self.session.number}"

    def _refused(self, launch: Launch, why: str) -> Finish | None:
        """No money for a job: while others run, wait; alone, the session is over."""
        if len(self.fleet):
            return None
        self.journal.add_event("launch_refused", {"purpose": launch.purpose, "why": why}, time.time())
        return Finish(f"no money is left for the {launch.purpose} job ({why})", ok=False)

    def _set_plan(self, action: SetPlan) -> None:
        current = self.view()
        horizon = current.recipes[-1].document.get("train_tokens") if current.recipes else None
        plan = self._plan(action, None)
        if isinstance(horizon, int) and 0.5 <= horizon / plan.search_tokens <= 2.0:
            plan = self._plan(action, horizon)  # near enough: what was measured stays comparable
        save_plan(self.journal, self.session, plan)
        crash_point("after_plan")
        self.carve_out(plan)
        self.output.plan_measured(plan)

    def _plan(self, action: SetPlan, search_tokens: int | None) -> Plan:
        return make_plan(
            self.scale,
            self.session.slots,
            self.session.price_micro_usd_per_hour,
            self.session.total_seconds,
            action.rates,
            self.session.max_hypotheses,
            search_tokens,
        )

    def _add_recipe(self, action: AddRecipe) -> None:
        recipe = Recipe(
            recipe_id=self.journal.next_recipe_id(),
            parent=action.parent,
            patch=action.patch,
            document=action.document,
            reason=action.reason,
            created_at=time.time(),
        )
        self.journal.add_recipe(recipe)
        crash_point("after_recipe")
        self._note_champion()
        self.output.say(f"recipe {recipe.recipe_id}: {action.reason}")

    def _note_champion(self) -> None:
        view = self.view()
        champion = champion_recipe(view, view.plan) if view.plan is not None else None
        if champion is not None and self.journal.meta(CHAMPION_RECIPE) != champion.recipe_id:
            self.journal.set_meta(CHAMPION_RECIPE, champion.recipe_id)

    def _propose(self, count: int) -> None:
        view = self.view()
        assert view.plan is not None
        champion = champion_recipe(view, view.plan)
        assert champion is not None
        human = waiting_human_drafts(self.journal)[:count]
        for event_id, draft in human:
            with self.journal.atomic():
                self._register(view, champion, draft)
                self.journal.add_event(TAKEN_EVENT, {"event_id": event_id}, time.time())
        if human:
            return
        free = self.ledger.totals().free
        context = lab_context(view, self.journal, champion, read_brief(self.lab.brief), free)
        self._thinking_about = champion
        self._thinking = self._thinker.submit(self.proposer.propose, context, count)

    def _hear_proposer(self) -> None:
        if self._thinking is None or not self._thinking.done():
            return
        drafts, champion = self._thinking.result(), self._thinking_about
        self._thinking = None
        crash_point("after_proposal")
        view = self.view()
        assert champion is not None
        registered = [self._register(view, champion, draft) for draft in drafts]
        if not any(registered):
            self._exhausted_at = len(view.verdicts)
            self.output.say("the proposer has nothing new to try")

    def _register(self, view: LabView, champion: Recipe, draft: Proposal) -> bool:
        assert view.plan is not None
        hypothesis = register(self.journal, view, champion, draft, view.plan.replicates)
        crash_point("after_register")
        if hypothesis is not None:
            self.output.registered(hypothesis, self.journal.hash_of(hypothesis.hypothesis_id))
        return hypothesis is not None

    def _judge(self, action: Judge) -> None:
        crash_point("before_verdict")
        verdict = judge_hypothesis(self.journal, action.hypothesis_id, time.time(), action.closing)
        self.journal.add_verdict(verdict)
        crash_point("after_verdict")
        self.output.judged(verdict)

    def _deploy(self, job_id: str) -> None:
        crash_point("mid_deploy")
        checkpoint = self.lab.run(job_id).checkpoint
        self.journal.request_deployment(job_id, str(checkpoint), time.time())
        crash_point("after_deploy_request")
        self.output.say(f"{job_id}: deployment requested")

    def _cancel_requested(self) -> None:
        for row in self.journal.jobs(states=("queued", "running")):
            if not row.cancel_requested:
                continue
            if any(row.job_id == running.job_id for running in self.fleet.rows()):
                self.fleet.stop(row.job_id)
            else:
                self.accounts.discard(row, "cancelled", "cancelled before it was launched")

    def _launch_manual(self) -> None:
        """Jobs that people queued take free slots while the search runs, never the end's money."""
        plan = load_plan(self.journal, self.session)
        kept = plan.reserve_seconds if plan is not None else 0.5 * self.session.total_seconds
        flying = {row.job_id for row in self.fleet.rows()}
        for row in self.journal.jobs(state="queued"):
            if row.purpose != "manual" or row.job_id in flying or not self.fleet.pool.can_take(row.gpus):
                continue
            limit = _limit_of(row)
            deadline = min(limit, self.seconds_left() - kept - self.accounts.grace_seconds)
            if deadline < min(limit, 20.0):
                continue  # it waits: `harness serve` or the next start has room for it
            try:
                self.accounts.reserve_manual(row, deadline)
            except OverBudget:
                continue
            self.fleet.launch(row, deadline, self.accounts.grace_seconds)
            self.output.job_launched(row)

    def _stop_jobs(self) -> None:
        """SIGTERM to every job; they save their checkpoints and their rows say `interrupted`."""
        deadline = time.monotonic() + STOP_WAIT_SECONDS + self.accounts.grace_seconds
        asked: dict[str, int] = {}
        while len(self.fleet) and time.monotonic() < deadline:
            for row in self.fleet.rows():
                if asked.get(row.job_id, 0) < min(self.stops_asked, 2):
                    asked[row.job_id] = min(self.stops_asked, 2)
                    self.fleet.stop(row.job_id, at_once=self.stops_asked > 1)
            time.sleep(0.1)
            self.billing.heartbeat()
            self._harvest()

    def close(self) -> None:
        """Let the proposer's thread go; a call to a model that hangs does not hold us."""
        self._thinker.shutdown(wait=False, cancel_futures=True)

    def _has_checkpoint(self, row: JobRow) -> bool:
        if row.state not in TERMINAL_STATES or row.kind not in ("pretrain", "sft"):
            return False
        return (self.lab.run(row.job_id).checkpoint / "model.safetensors").is_file()

    def summary(self) -> str:
        """The money in one line."""
        totals = self.ledger.totals()
        return f"spent {format_money(totals.spent)} of {format_money(totals.budget)}"


def _limit_of(row: JobRow) -> float:
    from trainer.job import parse_job

    return parse_job(row.spec).limits.max_seconds
