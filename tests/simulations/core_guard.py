"""How often the guard holds back: `python -m tests.simulations.core_guard` prints a table.

It stands in docs/logs/verdicts.md.

Runs answer items as in `harness.simulation.core`: each item is as hard in every run, a run is as able as
its seed makes it, and near the line chance decides. A change that does no harm still moves items up and
down; one that costs CORE also makes its runs less able.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journal.science.core_change import CoreChange, core_change
from journal.science.statistics import Noise, pooled_noise
from trainer.job import CoreReport, TaskScore, encode_answers

CHANCE = 0.25
CORE = 0.2
SEEDS = (2, 4, 8)
COSTS = (0.0, 0.02, 0.05)
OTHER_ARMS = 3


@dataclass(frozen=True)
class Setting:
    """Tasks and items that a search run reads, and what moves its answers (sd of CORE, sd of an item)."""

    name: str
    tasks: int
    items: int
    seed_sd: float
    item_sd: float
    moved_sd: float


NODE = Setting("node, 22 tasks × 50 items", 22, 50, 0.0033, 0.175, 0.1)
STARTER = Setting("starter, 6 tasks × 50 items", 6, 50, 0.018, 0.175, 0.1)


class Questions:
    """One lab's items, and the runs that read them."""

    def __init__(self, setting: Setting, chance: np.random.Generator) -> None:
        self.setting, self.chance = setting, chance
        self.hard = chance.uniform(size=(setting.tasks, setting.items))

    def moved(self) -> npt.NDArray[np.float64]:
        """What a harmless change does to each item: something, and on average nothing."""
        return self.chance.normal(0.0, self.setting.moved_sd, self.hard.shape)

    def arm(self, runs: int, core: float, moved: npt.NDArray[np.float64]) -> list[CoreReport]:
        return [self._run(core, moved) for _ in range(runs)]

    def _run(self, core: float, moved: npt.NDArray[np.float64]) -> CoreReport:
        setting, chance = self.setting, self.chance
        able = CHANCE + (1.0 - CHANCE) * (core + chance.normal(0.0, setting.seed_sd))
        right = able + moved + chance.normal(0.0, setting.item_sd, self.hard.shape) > self.hard
        return report(right.tolist())


def report(right: list[list[bool]]) -> CoreReport:
    """CORE of one run from its answers, [tasks, items]."""
    scores = []
    for number, answers in enumerate(right):
        accuracy = sum(answers) / len(answers)
        scores.append(
            TaskScore(
                label=str(number),
                shape="multiple_choice",
                items=len(answers),
                accuracy=accuracy,
                centered=(accuracy - CHANCE) / (1.0 - CHANCE),
                right=encode_answers(answers),
            )
        )
    core = math.fsum(score.centered for score in scores) / len(scores)
    return CoreReport(core_metric=core, lower=core, upper=core, tasks=tuple(scores))


def look(setting: Setting, seeds: int, cost: float, number: int, others: int = OTHER_ARMS) -> CoreChange:
    """One look of one lab; `others` arms of as many seeds lend their noise."""
    questions = Questions(setting, np.random.default_rng([number, seeds]))
    baseline = questions.arm(seeds, CORE, np.zeros_like(questions.hard))
    treatment = questions.arm(seeds, CORE - cost, questions.moved())
    noise = Noise(0.0, 0)
    if others:
        arms = [questions.arm(seeds, CORE, questions.moved()) for _ in range(others)]
        noise = pooled_noise([[run.core_metric for run in arm] for arm in arms])
    change = core_change(baseline, treatment, noise)
    assert change is not None
    return change


def held_share(setting: Setting, seeds: int, cost: float, labs: int, others: int = OTHER_ARMS) -> float:
    """Share of labs that hold the change back at one look."""
    return sum(look(setting, seeds, cost, n, others).is_worse for n in range(labs)) / labs


def main(labs: int) -> None:
    print("| setting | seeds | other arms | sd of CORE | harmless | costs 0.02 | costs 0.05 |")
    print("|---|---|---|---|---|---|---|")
    for setting in (NODE, STARTER):
        questions = Questions(setting, np.random.default_rng(0))
        runs = questions.arm(400, CORE, np.zeros_like(questions.hard))
        sd = pooled_noise([[run.core_metric for run in runs]]).sd
        for seeds in SEEDS:
            for others in (0, OTHER_ARMS):
                shares = " | ".join(f"{held_share(setting, seeds, c, labs, others):.1%}" for c in COSTS)
                print(f"| {setting.name} | {seeds} | {others} | {sd:.4f} | {shares} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
