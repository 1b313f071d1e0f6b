"""From the journal to the proposers and back: contexts, drafts, registered hypotheses."""

from agent.context import build_context
from agent.proposals.proposer import LabContext
from harness.decisions.view import LabView, recipe_values
from harness.plan.jobs import pretrain_job
from harness.plan.plan import Plan, search_limit
from harness.plan.shapes import SHAPE_SETTINGS
from harness.steering.brief import brief_forbidden, brief_pins
from journal.prices import node_cost_micro_usd
from journal.records import Hypothesis, Proposal, Recipe
from journal.science.judge import FUTILITY_ALPHA, looks_of, seeds_at_look
from journal.science.pairing import pair_knowledge
from journal.science.pairs import LEAST_PAIRS, Correlation
from journal.science.screen import SCREEN_ALPHA
from journal.science.statistics import pooled_noise, smallest_effect
from journal.store import Journal
from trainer.job import JobError


def lab_context(
    view: LabView, journal: Journal, champion: Recipe, brief: str, free_micro_usd: int
) -> LabContext:
    """The lab as the proposers see it."""
    plan = view.plan
    assert plan is not None
    return build_context(
        journal,
        champion,
        brief=brief,
        remaining_micro_usd=max(0, free_micro_usd),
        job_cost_micro_usd=job_cost(plan),
        seed=view.session.seed,
        forbidden=(*brief_forbidden(brief), *brief_pins(brief), *too_slow_to_compile(plan)),
    )


def too_slow_to_compile(plan: Plan) -> tuple[str, ...]:
    """Settings that the lab's own ideas leave alone: compiling one would cost more than its run trains."""
    compiling = plan.costs.pretrain.cold_seconds - plan.costs.pretrain.warm_seconds
    return SHAPE_SETTINGS if compiling > plan.search_tokens / plan.rates.tokens_per_second else ()


def job_cost(plan: Plan) -> int:
    """What one search job costs: its slot's share of the node."""
    return node_cost_micro_usd(plan.search_job_seconds, plan.price_micro_usd_per_hour) // plan.slots


def register(
    journal: Journal, view: LabView, champion: Recipe, draft: Proposal, replicates: int, now: float
) -> Hypothesis | None:
    """Record a draft and, when its job is valid, register the hypothesis; None when it is refused.

    What makes a draft refused is its job alone: any other error is a fault of the lab, and is raised.
    """
    plan = view.plan
    assert plan is not None
    try:
        pretrain_job(champion, 0, search_limit(plan), draft.patch)
    except JobError as error:
        journal.add_proposal(draft, False, str(error), now)
        return None
    with journal.atomic():
        hypothesis = _hypothesis(journal, view, champion, draft, replicates, now)
        journal.register(hypothesis)
        journal.add_proposal(draft, True, hypothesis.hypothesis_id, now)
    return hypothesis


def _hypothesis(
    journal: Journal, view: LabView, champion: Recipe, draft: Proposal, replicates: int, now: float
) -> Hypothesis:
    plan = view.plan
    assert plan is not None
    known = pairing_known(journal, champion, replicates)
    return Hypothesis(
        hypothesis_id=journal.next_hypothesis_id(),
        statement=draft.statement,
        baseline_recipe=champion.recipe_id,
        patch=draft.patch,
        minimum_effect=draft.minimum_effect or default_effect(view, champion),
        replicates=replicates,
        stopping_rule=stopping_rule(replicates, known),
        cost_micro_usd=replicates * job_cost(plan),
        proposer=draft.proposer,
        prior=draft.prior,
        rung=champion.rung_name,
        registered_at=now,
        pairing=known is not None,
    )


def pairing_known(journal: Journal, champion: Recipe, replicates: int) -> Correlation | None:
    """What says that pairs pay: earlier arms of the rung and machine; None where they would not."""
    known = pair_knowledge(journal, champion)
    return known if replicates >= LEAST_PAIRS and known.is_enough else None


def stopping_rule(replicates: int, known: Correlation | None = None) -> str:
    """When a hypothesis ends, in the words that are registered; `known`: it is judged by pairs."""
    looks = ", ".join(str(seeds_at_look(look, replicates)) for look in range(1, looks_of(replicates) + 1))
    return (
        f"looks at {looks} seeds, the baseline at least as many; ends when the first seed alone is worse "
        f"than the baseline by its one-sided {1 - SCREEN_ALPHA:.0%} bound (an eighth of these, and people's "
        "hypotheses, go on all the same), when supported or refuted, when the "
        f"one-sided {1 - FUTILITY_ALPHA:.0%} upper bound is below the minimum effect, at {replicates} seeds, "
        f"or when the money is not enough for the next look{_pairs_in_words(known)}"
    )


def _pairs_in_words(known: Correlation | None) -> str:
    if known is None:
        return ""
    return (
        f"; judged by pairs: from {LEAST_PAIRS} seeds on that both arms share, Student's t of the "
        f"differences baseline - treatment (r {known.value:.2f}, 95% lower bound {known.lower:.2f}, over "
        f"{known.seeds} shared seeds of {known.arms} earlier pairs of arms on this rung and machine)"
    )


def default_effect(view: LabView, champion: Recipe) -> float:
    """The minimum effect of a draft that names none, in val_bpb."""
    values = tuple(recipe_values(view, champion).values())
    return round(smallest_effect(values, pooled_noise([values]).sd), 6)
