"""Rungs of depth and tokens, and the time that the next one needs. Pure."""

from dataclasses import dataclass

from harness.plan.scale import Scale
from journal.records import Recipe
from trainer.job import matrix_parameters

LADDER_SHARE = 0.4  # of the search's time
LEAST_ROUNDS = 3  # of a rung's runs: two looks at what was found, and the combination
RUNG_BASELINE_SEEDS = 4
RUNG_REPLICATES = 8  # of a claim of transfer, at most
DEPTH_STEP = 4
# Larger models use a GPU better: time a token grows less than parameters do. Measured on H200s: 0.86 from
# depth 8 to 12, 0.88 to nanochat's depth 24. With less a grown champion runs into its time limit.
SLOWDOWN_POWER = 0.88


@dataclass(frozen=True)
class Rung:
    """A depth with the horizon of the rung below, and how much longer a token takes there."""

    depth: int
    train_tokens: int
    slowdown: float

    def job_seconds(self, tokens_per_second: float, overhead_seconds: float) -> float:
        """Wall seconds of one run, by the rung below's tokens a second on one slot."""
        return self.train_tokens * self.slowdown / tokens_per_second + overhead_seconds


def rung_above(scale: Scale, depth: int, train_tokens: int) -> Rung:
    """The next rung: four layers more at equal tokens."""
    small, large = (matrix_parameters(d, scale.vocab_size) for d in (depth, depth + DEPTH_STEP))
    return Rung(depth + DEPTH_STEP, train_tokens, (large / small) ** SLOWDOWN_POWER)


def searched_depth(recipe: Recipe) -> int | None:
    """The depth of a recipe whose width follows from it; None where a deeper one would be another shape."""
    model = recipe.document.get("model")
    depth = model.get("depth") if isinstance(model, dict) and model.get("width") is None else None
    return depth if isinstance(depth, int) else None


def ladder_seconds(
    scale: Scale,
    is_wide: bool,
    search_seconds: float,
    search_tokens: int,
    tokens_per_second: float,
    overhead_seconds: float,
) -> float:
    """Node time to keep from the search for the rung above; 0.0 where it is too little to say anything."""
    if scale.kind != "gpu" or not is_wide:
        return 0.0
    rung = rung_above(scale, scale.depth, search_tokens)
    kept = LADDER_SHARE * search_seconds
    return kept if kept >= LEAST_ROUNDS * rung.job_seconds(tokens_per_second, overhead_seconds) else 0.0
