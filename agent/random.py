"""Random search: one setting at a time, away from the baseline's value. The floor to beat."""

import random
from collections.abc import Callable

from agent.proposals.drafts import DraftError, Drafts, DraftsProtocol
from agent.proposals.proposer import LabContext
from agent.proposals.space import ADAMW_RATE_FACTOR, Dimension, rounded
from journal.records import Patch, Proposal

PRIOR = 0.15
MIN_STEP = 0.1  # of the range: a smaller step is lost in seed noise
ATTEMPTS_PER_DRAFT = 50


class RandomProposer:
    """Proposes changes of one setting drawn uniformly; the same context gives the same drafts."""

    name = "random"

    def __init__(self, drafts: Callable[[LabContext], DraftsProtocol] = Drafts) -> None:
        self._drafts = drafts

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` new drafts; fewer once the space is exhausted."""
        drafts = self._drafts(context)
        generator = random.Random(f"{context.seed}:{len(context.observations)}")
        proposals: list[Proposal] = []
        for _ in range(ATTEMPTS_PER_DRAFT * count):
            if len(proposals) == count or not drafts.space:
                break
            patch = one_change(generator, generator.choice(drafts.space), drafts)
            try:
                proposals.append(drafts.draft(patch, "random", PRIOR))
            except DraftError:
                continue
        return proposals


def one_change(generator: random.Random, dimension: Dimension, drafts: DraftsProtocol) -> Patch:
    """A patch that moves one setting a visible step."""
    setting = dimension.setting
    if setting.path == "optim.matrix_optimizer":
        return _other_optimizer(drafts)
    if dimension.choices:
        return {setting.path: generator.choice(dimension.choices)}
    value = dimension.at(generator.random())
    base = dimension.base
    own = setting.optimizer in (None, drafts.base.get("optim.matrix_optimizer"))
    if own and base is not None and abs(dimension.unit(value) - dimension.unit(base)) < MIN_STEP:
        return {setting.path: base}
    patch: Patch = {setting.path: value}
    if not own:
        patch["optim.matrix_optimizer"] = setting.optimizer
    return patch


def _other_optimizer(drafts: DraftsProtocol) -> Patch:
    rate = float(drafts.base["optim.matrix_lr"] or 0.0)
    if drafts.base["optim.matrix_optimizer"] == "muon":
        return {"optim.matrix_optimizer": "adamw", "optim.matrix_lr": rounded(rate * ADAMW_RATE_FACTOR)}
    return {"optim.matrix_optimizer": "muon", "optim.matrix_lr": rounded(rate / ADAMW_RATE_FACTOR)}
