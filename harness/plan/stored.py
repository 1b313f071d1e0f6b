"""What outlives a process: a session's plan in the journal, a machine's job times in the cache folder."""

import contextlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError

from harness.lab.session import Session
from harness.plan.overheads import Overheads, shape_code
from harness.plan.plan import Plan
from harness.plan.rates import Rates
from harness.plan.scale import Scale
from harness.plan.split import make_plan
from journal.store import Journal
from trainer.job import Contract, cache_dir
from trainer.job.host import cpu_name
from trainer.system.files import read_json, write_json
from trainer.system.hashes import code_hash

_PLAN, _FIRST = "plan", "first_plan"
# What stands for the trainer's code where nothing is trained.
SIMULATED_CODE = "simulated"


def load_plan(journal: Journal, session: Session) -> Plan | None:
    """The plan of this session once its rates are measured."""
    text = journal.meta(f"{_PLAN}:{session.number}")
    return None if text is None else Plan.model_validate_json(text)


def first_plan(
    scale: Scale,
    slots: int,
    price_micro_usd_per_hour: int,
    total_seconds: float,
    max_hypotheses: int | None,
    known: "KeptTimes",
) -> Plan:
    """The plan before anything was measured in the session, by what is known of the machine.

    Raises:
        UserError: it is too little to end with a model.
    """
    overheads, warm = known.overheads, known.overheads.pretrain.warm_seconds
    rates = Rates(tokens_per_second=known.tokens_per_second, overhead_seconds=warm, measured=False)
    return make_plan(
        scale, slots, price_micro_usd_per_hour, total_seconds, rates, max_hypotheses, overheads=overheads
    )


def load_first_plan(journal: Journal, session: Session) -> Plan | None:
    """What the session began with; None of one of an older version."""
    text = journal.meta(f"{_FIRST}:{session.number}")
    return None if text is None else Plan.model_validate_json(text)


def save_first_plan(journal: Journal, session: Session, plan: Plan) -> None:
    """Keep it: the calibration has the batch that it foresees."""
    journal.set_meta(f"{_FIRST}:{session.number}", plan.model_dump_json())


def save_plan(journal: Journal, session: Session, plan: Plan) -> None:
    """Keep the plan: decisions after a crash follow the same numbers."""
    journal.set_meta(f"{_PLAN}:{session.number}", plan.model_dump_json())


class KeptTimes(Contract):
    """One slot's speed on the recipe that was searched last, and the machine's overheads."""

    tokens_per_second: float
    overheads: Overheads


def times_file() -> Path:
    """`HARNESS_CACHE/job_times.json`, by machine."""
    return cache_dir() / "job_times.json"


def kept_times(machine: str) -> KeptTimes | None:
    """What was kept for a machine of this name; None where nothing was, or nothing of ours."""
    try:
        kept = (read_json(times_file()) or {}).get(_key(machine))
        return KeptTimes.model_validate_json(json.dumps(kept))
    except ValidationError:
        return None


def kept_shapes(machine: str) -> tuple[str, ...]:
    """The shapes that jobs on this machine have compiled, whatever the code."""
    kept = kept_times(machine)
    return () if kept is None else tuple(name.rpartition(":")[2] for name in kept.overheads.compiled)


def known_times(scale: Scale, machine: str | None, simulated: bool) -> KeptTimes:
    """What is known of a machine before a session: what was kept, else guesses; None: it has no past."""
    kept = None if machine is None else kept_times(machine)
    speed = scale.guess_tokens_per_second if kept is None else kept.tokens_per_second
    overheads = scale.guess_overheads if kept is None else kept.overheads
    code = shape_code(SIMULATED_CODE if simulated else code_hash())
    return KeptTimes(tokens_per_second=speed, overheads=overheads.model_copy(update={"code": code}))


def keep_times(machine: str, times: KeptTimes) -> None:
    """Keep it if the disk can; of two labs that do so at once, the later one's stays."""
    with contextlib.suppress(OSError):
        times_file().parent.mkdir(parents=True, exist_ok=True)
        kept = {_key(machine): times.model_dump(mode="json")}
        write_json(times_file(), {**(read_json(times_file()) or {}), **kept})


def _key(machine: str) -> str:
    """Device, count and torch: a change of our own code moves overheads little, and soon shows."""
    device = f"{machine}, {cpu_name()}" if "CPU" in machine else machine
    return f"{device}, torch {_torch_version()}"


def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return "none"
