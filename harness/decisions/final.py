"""The end, carved out first: champion, SFT, evaluation, deployment, report. Pure."""

import math

from harness.decisions.actions import Action, Finish, Launch
from harness.decisions.champion import with_adopted
from harness.decisions.locked_test import final_recipe
from harness.decisions.serving import depth_of, serve, trained_share
from harness.decisions.view import LabView, has_ended, is_plateau, may_retry, value_of
from harness.decisions.work import Stage, next_step
from harness.plan.growth import champion_patch, planned_depth, useful_seconds
from harness.plan.jobs import champion_ranks, planned_tuning, pretrain_job, sft_job
from harness.plan.plan import ENDING_SECONDS, SHUTDOWN_SECONDS, Plan, wall_limit
from harness.plan.rates import Rates, measured_rates
from harness.plan.rungs import searched_depth
from harness.plan.shapes import compile_shape
from harness.plan.split import LEAST_CHAMPION_SECONDS
from journal.records import JobRow, Purpose, Recipe
from trainer.job import TERMINAL_STATES, PretrainJob, SftJob, parse_job

STRETCH = 1.3
# A loss late in the longest job of all should not cost the whole of it.
CHECKPOINTS = 8
GPU_CHECKPOINT_SECONDS = 150.0
SHORTEST_CHECKPOINTED_SECONDS = 300.0
_GUESSED_BATCH_TOKENS = 2**19
# Less than this part of the planned time is not worth another attempt.
LEAST_RETRIED = 0.1
CHAMPION_SEED = 7
# Of its horizon: a model that was tuned for less is no better at talking than its base.
LEAST_TUNED = 0.5


def final_actions(view: LabView) -> list[Action]:
    """The end's next actions; [] to wait."""
    plan = view.plan
    assert plan is not None
    recipe = _recipe(view, plan)
    if recipe.result is None:
        return list(recipe.actions)
    champion = _champion(view, plan, recipe.result)
    if champion.result is None:
        return list(champion.actions)
    tuned = _champion_sft(view, plan, recipe.result, champion.result)
    if tuned.result is None:
        return list(tuned.actions)
    return serve(view, plan, tuned.result)


def is_training_over(view: LabView) -> bool:
    """Whether nothing more is trained in this session: what is left measures no speed."""
    tuned = view.latest("champion_sft")
    return view.latest("champion_eval") is not None or (tuned is not None and has_ended(view, tuned))


def _recipe(view: LabView, plan: Plan) -> Stage[Recipe]:
    """What the champion's run was begun with, or else what the locked text lets through."""
    row = view.latest("champion")
    begun = None if row is None else next((r for r in view.recipes if r.recipe_id == row.recipe_id), None)
    if begun is not None:
        return Stage(begun)
    confirmed = final_recipe(view, plan, _kept_for_sft(plan) + LEAST_RETRIED * plan.champion_seconds)
    return confirmed if confirmed.result is None else with_adopted(view, plan, confirmed.result)


def _champion(view: LabView, plan: Plan, recipe: Recipe) -> Stage[JobRow]:
    """The base to tune: the champion recipe at a longer horizon, or else its best search run."""
    row = view.latest("champion")
    if row is None:
        launch = _champion_launch(view, plan, recipe)
        if launch is None:
            return _best_base_or(view, recipe, "no run of the champion recipe succeeded")
        return _when_free(view, launch)
    if not has_ended(view, row) and _is_worth_it(view, plan, row):
        return _again(view, plan, row, "champion", _kept_for_sft(plan))
    if row.job_id in view.checkpoints:
        return Stage(row)
    return _best_base_or(view, recipe, f"the champion run failed: {row.reason}")


def _is_worth_it(view: LabView, plan: Plan, row: JobRow) -> bool:
    """Under way, or there is time for another attempt to get somewhere."""
    left = view.seconds_left - _kept_for_sft(plan) - plan.rates.overhead_seconds
    return row.state not in TERMINAL_STATES or left > LEAST_RETRIED * plan.champion_seconds


def _champion_launch(view: LabView, plan: Plan, recipe: Recipe) -> Launch | None:
    ranks = champion_ranks(recipe.document, plan.slots)
    available = _before_slack(view, plan)
    tuning = min(available * plan.sft_share, plan.sft_most_seconds or math.inf)
    most = _stretched(view, available - tuning, plan.champion_seconds)
    rates, searched, words = plan.rates_of(ranks), searched_depth(recipe), view.scale.vocab_size
    seconds = useful_seconds(rates, searched, words, most, plan.text_most_tokens)
    patch = champion_patch(plan, recipe, view.scale, seconds, ranks)
    grown = "model.depth" in patch
    if not grown and int(str(patch["train_tokens"])) <= plan.search_tokens and _best_base(view, recipe):
        return None  # no longer than a search run: the best of those will do
    depth = int(str(patch.get("model.depth", searched or view.scale.depth)))
    seed = 1_000_000 * view.session.seed + 1000 * view.session.number + CHAMPION_SEED
    if seconds > SHORTEST_CHECKPOINTED_SECONDS:
        count = _checkpoints(view, seconds)
        patch["checkpoint_every_steps"] = _checkpoint_every(recipe, int(str(patch["train_tokens"])), count)
    if view.scale.kind == "gpu":
        # Its batch is larger than any that was measured, and so is its speed: it ends by the clock.
        training = rates.training_seconds(seconds)
        patch |= {"train_tokens": None, "train_seconds": round(training, 1)}
        # Of another shape than planned, neither it nor its fine-tuning may find what the plan counts on.
        job = pretrain_job(recipe, seed, wall_limit(seconds), patch, ranks)
        if not plan.costs.knows(compile_shape(job, job)):
            is_deeper = depth != planned_depth(plan, view.scale)
            fitting = rates.training_seconds(most) - _unplanned_seconds(plan, is_deeper)
            patch["train_seconds"] = round(max(1.0, min(training, fitting)), 1)
    items = plan.core_per_task_champion(view.scale, depth)
    job = pretrain_job(recipe, seed, wall_limit(seconds), patch, ranks, items)
    return Launch(job, "champion", _kept_for_sft(plan), recipe_id=recipe.recipe_id)


def _before_slack(view: LabView, plan: Plan) -> float:
    """For champion and fine-tuning; on a GPU the slack is left to what follows, unless too little remains."""
    available = view.seconds_left - plan.after_sft_seconds
    if view.scale.kind == "cpu":
        return available - 0.5 * plan.contingency_seconds
    least = plan.rates_of(plan.slots).overhead_seconds + LEAST_CHAMPION_SECONDS + plan.sft_least_seconds
    without = available - plan.contingency_seconds - plan.slack_seconds
    return max(without, min(available - 0.5 * plan.contingency_seconds, least))


def _unplanned_seconds(plan: Plan, is_deeper: bool) -> float:
    """What a cold champion takes more than was planned, and its fine-tuning where it is deeper."""
    champion = max(0.0, plan.costs.pretrain.cold_seconds - plan.rates_of(1).overhead_seconds)
    tuning = max(0.0, plan.costs.sft.cold_seconds - plan.sft_rates_of(1).overhead_seconds)
    return champion + (tuning if is_deeper else 0.0)


def _checkpoints(view: LabView, seconds: float) -> int:
    """On a GPU each costs some 2 s, in which nothing trains: few where little can be lost."""
    if view.scale.kind == "cpu":
        return CHECKPOINTS
    return max(2, min(CHECKPOINTS, int(seconds // GPU_CHECKPOINT_SECONDS)))


def _checkpoint_every(recipe: Recipe, tokens: int, count: int) -> int:
    batch = recipe.document.get("total_batch_size")
    steps = tokens // (batch if isinstance(batch, int) else _GUESSED_BATCH_TOKENS)
    return max(1, steps // count)


def _stretched(view: LabView, available: float, planned: float) -> float:
    """What the search left over: all of it when the money is there to be used, or the search had no room.

    On a CPU fine-tuning's share of it is measured as right for what is planned, and little more.
    """
    is_saved = view.scale.kind == "cpu" or _ended_early(view)
    return min(available, STRETCH * planned) if view.session.stops_at_plateau and is_saved else available


def _ended_early(view: LabView) -> bool:
    """Whether the search ended with all its ideas tried or with nothing won, not for want of time."""
    most = view.session.max_hypotheses
    is_full = most is not None and len(view.own_hypotheses()) >= most
    return is_full or is_plateau(view)  # what the journal knows: a restart decides alike


def _champion_sft(view: LabView, plan: Plan, recipe: Recipe, base: JobRow) -> Stage[JobRow]:
    row = view.latest("champion_sft")
    kept = plan.deploy_seconds + plan.report_seconds + SHUTDOWN_SECONDS
    if row is None:
        ranks = champion_ranks(recipe.document, plan.slots)
        seconds = _sft_seconds(view, plan, kept)
        early = _early_model(view)
        if seconds < plan.sft_least_seconds and early is not None:
            return Stage(early)  # less than the floor makes a base worse, and this one chats
        rates = _sft_rates(view, plan, base, ranks) or plan.sft_rates_of(ranks)
        tokens, training = rates.tokens_in(seconds), max(1.0, rates.training_seconds(seconds))
        tokens = min(tokens, plan.sft_most_tokens or tokens)
        tokens = max(tokens, _compiled_horizon(view, plan, base, tokens, ranks))
        items = plan.core_per_task_champion(view.scale, depth_of(view, base))
        job = sft_job(
            view.scale, view.session.data, base.job_id, 0, tokens, wall_limit(seconds), ranks, training,
            core_per_task=items,
        )  # fmt: skip
        return _when_free(view, Launch(job, "champion_sft", kept, recipe_id=recipe.recipe_id))
    if not has_ended(view, row):
        return _again(view, plan, row, "champion_sft", kept)
    early = _early_model(view)
    is_cut = row.reason == "time_limit" and row.job_id in view.checkpoints
    if row.state == "succeeded" or (is_cut and (early is None or trained_share(row) >= LEAST_TUNED)):
        return Stage(row)
    if early is not None:
        return Stage(early)
    return _failed(f"the champion's SFT failed: {row.reason} {row.message or ''}")


def _compiled_horizon(view: LabView, plan: Plan, base: JobRow, tokens: int, ranks: int) -> int:
    """The planned horizon where its code is compiled and that of so many tokens is not: the clock ends it."""
    root, planned = parse_job(base.spec), plan.tuning_tokens(plan.champion_sft_seconds)
    if view.scale.kind == "cpu" or not isinstance(root, PretrainJob):
        return tokens
    jobs = (planned_tuning(view.scale, ranks, horizon) for horizon in (tokens, planned))
    knows_own, knows_planned = (plan.costs.knows(compile_shape(job, root)) for job in jobs)
    return planned if knows_planned and not knows_own else tokens


def _sft_seconds(view: LabView, plan: Plan, kept: float) -> float:
    """What is left for it; where that is less than its floor, the evaluation's time, too."""
    spare = view.seconds_left - plan.after_sft_seconds - 0.4 * plan.contingency_seconds
    # The slack makes up for what it lacks; what is left of it is the evaluation's.
    available = max(min(spare, plan.champion_sft_seconds), spare - plan.slack_seconds)
    seconds = _stretched(view, available, plan.champion_sft_seconds)
    return max(seconds, min(plan.sft_least_seconds, view.seconds_left - kept - ENDING_SECONDS))


def _early_model(view: LabView) -> JobRow | None:
    row = view.latest("early_sft")
    return row if row is not None and row.state == "succeeded" else None


def _sft_rates(view: LabView, plan: Plan, base: JobRow, ranks: int) -> Rates | None:
    """What the champion's run showed of so many slots, and the early SFT of what tuning takes more."""
    if base.gpus != ranks or base.result is None or _speed(base) is None:
        return None
    rates = measured_rates([base])
    overhead = rates.overhead_seconds
    if ranks == 1 and plan.overheads is not None:
        is_planned = depth_of(view, base) == planned_depth(plan, view.scale)
        overhead = plan.sft_rates_of(1).overhead_seconds if is_planned else plan.costs.sft.cold_seconds
    slowed = rates.tokens_per_second * _sft_slowdown(view)
    return rates.model_copy(update={"tokens_per_second": slowed, "overhead_seconds": overhead})


def _sft_slowdown(view: LabView) -> float:
    """The early SFT's speed, in smaller batches, over that of its own base; 1 where either is unknown."""
    early = view.latest("early_sft")
    job = None if early is None else parse_job(early.spec)
    if early is None or not isinstance(job, SftJob):
        return 1.0
    base = next((row for row in view.jobs if row.job_id == job.base), None)
    tuned, trained = _speed(early), None if base is None else _speed(base)
    return 1.0 if tuned is None or trained is None else min(1.0, tuned / trained)


def _speed(row: JobRow) -> float | None:
    return row.metrics.get("tokens_per_second")


def _again(view: LabView, plan: Plan, row: JobRow, purpose: Purpose, kept: float) -> Stage[JobRow]:
    """Wait for a job under way; repeat one that was interrupted."""
    if not may_retry(view, row):
        return Stage()
    launch = Launch(parse_job(row.spec), purpose, kept, recipe_id=row.recipe_id)
    return Stage(actions=next_step(view, launch, [row]).actions)


def _when_free(view: LabView, launch: Launch) -> Stage[JobRow]:
    return Stage(actions=next_step(view, launch, []).actions)


def _failed(outcome: str) -> Stage[JobRow]:
    return Stage(actions=(Finish(outcome, ok=False),))


def _best_base_or(view: LabView, recipe: Recipe, outcome: str) -> Stage[JobRow]:
    base = _best_base(view, recipe)
    return _failed(outcome) if base is None else Stage(base)


def _best_base(view: LabView, recipe: Recipe) -> JobRow | None:
    # A recipe that an earlier one was returned to has that one's runs.
    same = {r.recipe_id for r in view.recipes if r.document == recipe.document}
    if recipe.origin == "adopted":
        same.add(recipe.parent or "")  # it has no runs of its own
    rows = [row for row in view.jobs if row.recipe_id in same and row.purpose == "baseline"]
    done = [row for row in rows if value_of(row) is not None and row.job_id in view.checkpoints]
    return min(done, key=lambda row: value_of(row) or 0.0) if done else None


def _kept_for_sft(plan: Plan) -> float:
    tuning = max(0.5 * plan.champion_sft_seconds, plan.sft_least_seconds)
    return tuning + plan.deploy_seconds + plan.report_seconds + SHUTDOWN_SECONDS
