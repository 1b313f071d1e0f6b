"""A GPU node without data fetches the default set first: dollars are too many for starter text."""

import math
import os
import subprocess
from collections.abc import Callable

from harness.errors import UserError
from harness.plan.growth import grown_horizon
from harness.plan.plan import Plan
from harness.plan.scale import Scale
from trainer.system.python import module_command

FETCHED = "default"
# A shard of the default set holds about 250 million characters.
SHARD_TOKENS = 55_000_000
LEAST_SHARDS, MOST_SHARDS = 8, 1000


def shards_for(plan: Plan, scale: Scale) -> int:
    """Training shards that the champion reads about once."""
    tokens = plan.tokens_in(plan.champion_seconds, plan.slots)
    _, tokens = grown_horizon(scale.depth, tokens, scale.vocab_size)
    return min(MOST_SHARDS, max(LEAST_SHARDS, math.ceil(tokens / SHARD_TOKENS)))


def fetch_default(data: str, plan: Plan, scale: Scale, say: Callable[[str], None], dry_run: bool) -> None:
    """Fetch what is missing of the default set, unless HARNESS_DATA or another set is named.

    Says gigabytes, minutes and dollars first.

    Raises:
        UserError: it could not be fetched; the same command goes on where it stopped.
    """
    if data != FETCHED or os.environ.get("HARNESS_DATA"):
        return
    price = plan.price_micro_usd_per_hour / 1e6
    command = module_command("trainer", "data", "fetch", FETCHED, "--usd-per-hour", f"{price:g}")
    command += ["--shards", str(shards_for(plan, scale)), *(["--dry-run"] if dry_run else [])]
    say("no data set is named and HARNESS_DATA is not set: the default set is fetched first")
    if subprocess.run(command, check=False).returncode != 0:
        raise UserError(
            "--data: the default set could not be fetched; allowed: the same command again (it goes on "
            "where it stopped), --data FOLDER, or --data starter"
        )
