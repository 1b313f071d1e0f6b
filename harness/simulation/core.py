"""What a simulated job answers: CORE by bits per byte, item by item."""

import random
from functools import lru_cache

from harness.simulation.settings import SimulationSettings
from harness.simulation.surface import gained_bpb
from trainer.job import CoreReport, PretrainJob, TaskScore, encode_answers

# Of 22 tasks with 50 items each: together sd 0.005 between seeds, as at depth 24 (7 identical runs).
_SEED_SD = 0.0033
_ITEM_SD = 0.175
_TASKS = 22
_MOST_ITEMS = 500
_CHANCE = 0.25
_HALF_INTERVAL = 0.02
_SURE_SDS = 6.0


def ability(
    bpb: float, job: PretrainJob, tokens: float, vocab_size: int, settings: SimulationSettings
) -> float:
    """CORE that a run's loss leads to: GPT-2's 0.2565 near 0.745, about 0.1 at 1.0; less what gains cost."""
    level = max(-0.05, min(0.9, 0.1 + 0.62 * (1.0 - bpb)))
    return level - settings.core_cost * gained_bpb(job, tokens, vocab_size, settings)


def simulated_core(
    level: float, items_per_task: int | None, digest: str, settings: SimulationSettings
) -> CoreReport:
    """CORE of a run of that ability; the same digest gives the same answers.

    Each item is as hard as it is in every run. A run answers those rightly that are easier than it is
    able, and near that line chance decides.
    """
    chance = random.Random(f"core:{settings.seed}:{digest}")
    able = _CHANCE + (1.0 - _CHANCE) * (level + chance.gauss(0.0, _SEED_SD * settings.noise))
    count = min(items_per_task or _MOST_ITEMS, _MOST_ITEMS)
    scores = tuple(_score(task, count, able, _ITEM_SD * settings.noise, chance) for task in range(_TASKS))
    core = sum(score.centered for score in scores) / _TASKS
    return CoreReport(
        core_metric=core, lower=core - _HALF_INTERVAL, upper=core + _HALF_INTERVAL, tasks=scores
    )


def _score(task: int, count: int, able: float, sd: float, chance: random.Random) -> TaskScore:
    answers = [_is_right(able - hard, sd, chance) for hard in _difficulties(task, count)]
    accuracy = sum(answers) / count
    return TaskScore(
        label=f"simulated_{task}",
        shape="multiple_choice",
        items=count,
        accuracy=accuracy,
        centered=(accuracy - _CHANCE) / (1.0 - _CHANCE),
        right=encode_answers(answers),
    )


def _is_right(margin: float, sd: float, chance: random.Random) -> bool:
    return margin > 0.0 if abs(margin) > _SURE_SDS * sd else margin + chance.gauss(0.0, sd) > 0.0


@lru_cache(maxsize=64)
def _difficulties(task: int, count: int) -> tuple[float, ...]:
    """Evenly spread, and between those of the other tasks, so that their mean is not coarse."""
    return tuple((item + (task + 0.5) / _TASKS) / count for item in range(count))
