"""All searchers on all problems, in several processes."""

import multiprocessing
from collections.abc import Iterator
from functools import partial

from rich.console import Console
from rich.progress import track

from agent.random import RandomProposer
from agent.search.proposer import SearchProposer
from bench.regret.catalog import load
from bench.regret.lab import LabSearcher
from bench.regret.play import Curve, Maker, play
from bench.regret.report import Result
from bench.regret.searchers import KeepIfBetter, Random, cma_es, tpe

SEARCHERS: dict[str, Maker] = {
    "search": partial(LabSearcher, SearchProposer),
    "lab-random": partial(LabSearcher, RandomProposer),
    "tpe": tpe,
    "cma-es": cma_es,
    "keep-if-better": KeepIfBetter,
    "random": Random,
}
Played = tuple[str, float, dict[str, list[Curve]]]


def play_all(problem_name: str, searchers: tuple[str, ...], seeds: range) -> Played:
    """Every searcher and seed on one problem: its name, budget and curves."""
    problem = load(problem_name)
    curves = {s: [play(problem, SEARCHERS[s], seed) for seed in seeds] for s in searchers}
    return problem_name, problem.budget_seconds, curves


def gather(played: Iterator[Played], searchers: tuple[str, ...]) -> Result:
    """One result of all problems, in the order of their names."""
    ordered = sorted(played)
    curves = {s: {name: found[s] for name, _, found in ordered} for s in searchers}
    return Result(curves, {name: seconds for name, seconds, _ in ordered})


def run(problems: list[str], searchers: tuple[str, ...], seeds: range, processes: int) -> Result:
    """Play problem by problem in so many processes, behind a progress bar."""
    work = partial(play_all, searchers=searchers, seeds=seeds)
    bar = partial(track, total=len(problems), console=Console(stderr=True), description="problems")
    if processes == 1:
        return gather(iter(bar(map(work, problems))), searchers)
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return gather(iter(bar(pool.imap_unordered(work, problems))), searchers)
