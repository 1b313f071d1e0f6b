"""The set-up: tokenizer, calibration, plan and first recipe. Pure."""

from harness.decisions.actions import Action, AddRecipe, Finish, Launch, SetPlan
from harness.decisions.champion import champion_recipe
from harness.decisions.view import LabView
from harness.decisions.work import next_step
from harness.plan.jobs import (
    Document,
    calibration_job,
    starter_document,
    tokenizer_job,
)
from harness.plan.plan import Plan, calibrations
from harness.plan.rates import measured_rates
from harness.plan.split import guessed_plan
from journal.records import JobRow, Patch


def setup_actions(view: LabView, pins: Patch) -> list[Action] | None:
    """The set-up's next actions; [] to wait, None when it is over."""
    if view.plan is not None and champion_recipe(view, view.plan) is not None:
        return _rebase(view)
    tokenizer = tokenizer_job(view.scale, view.session.data)
    launch = Launch(tokenizer, "tokenizer", guess_of(view).least_final_seconds)
    step = next_step(view, launch, _by_purpose(view, "tokenizer"))
    if step.row is None:
        return (
            list(step.actions) if step.failed is None else [_give_up("the tokenizer job failed", step.failed)]
        )
    if view.plan is None:
        return _calibrate(view, step.row.job_id, pins)
    tokens, items = view.plan.search_tokens, view.plan.core_per_task(view.scale)
    document = starter_document(view.scale, view.session.data, step.row.job_id, tokens, pins, items)
    return [AddRecipe(document, None, {}, "starter")]


def _calibrate(view: LabView, tokenizer: str, pins: Patch) -> list[Action]:
    document = _current_document(view) or starter_document(
        view.scale, view.session.data, tokenizer, 4096 * 8, pins, view.scale.core_per_task
    )
    guess = guess_of(view)
    actions: list[Action] = []
    rows: list[JobRow] = []
    for index in range(calibrations(view.scale.kind, view.session.slots)):
        seed = view.session.number * 1000 + index
        own = [r for r in view.in_session if r.purpose == "calibrate" and r.seed == seed]
        launch = Launch(
            calibration_job(view.scale, document, seed, guess.search_tokens),
            "calibrate",
            guess.least_final_seconds,
        )
        step = next_step(view, launch, own, taken=len(actions))
        if step.failed is not None:
            return [_give_up("the calibration job failed", step.failed)]
        actions += step.actions
        rows += [step.row] if step.row is not None else []
    if len(rows) < calibrations(view.scale.kind, view.session.slots):
        return actions
    return [SetPlan(measured_rates(rows))]


def guess_of(view: LabView) -> Plan:
    """What stands in for a plan until the calibration has run: the session's first one."""
    session = view.session
    if view.first_plan is not None:
        return view.first_plan
    return guessed_plan(view.scale, session.slots, session.price_micro_usd_per_hour, session.total_seconds)


def _rebase(view: LabView) -> list[Action] | None:
    """A new session with other money trains for another horizon: the champion's settings go on there."""
    assert view.plan is not None
    champion = champion_recipe(view, view.plan)
    assert champion is not None
    if champion.document.get("train_tokens") == view.plan.search_tokens:
        return None
    patch: Patch = {"train_tokens": view.plan.search_tokens}
    document = {**champion.document, "train_tokens": view.plan.search_tokens}
    return [AddRecipe(document, champion.recipe_id, patch, "rebased", session=view.session.number)]


def _current_document(view: LabView) -> Document | None:
    return dict(view.recipes[-1].document) if view.recipes else None


def _by_purpose(view: LabView, purpose: str) -> list[JobRow]:
    return [row for row in view.jobs if row.purpose == purpose]


def _give_up(what: str, row: JobRow | None) -> Finish:
    why = "" if row is None else f": {row.reason or ''} {row.message or ''} ({row.job_id})"
    return Finish(what + why, ok=False)
