"""Named points at which a test may kill the conductor, as a power cut would."""

import os
import signal

POINTS = (
    "after_session", "after_reserve", "before_launch", "after_launch", "after_result_before_settle",
    "after_settle", "after_proposal", "after_register", "before_verdict", "after_verdict", "after_recipe",
    "after_plan", "mid_deploy", "after_deploy_request", "before_report", "before_finish",
)  # fmt: skip


def crash_point(name: str) -> None:
    """SIGKILL this process when `HARNESS_CRASH_AT` names this point; `name:3` at its third passing."""
    assert name in POINTS, name
    wanted, _, count = os.environ.get("HARNESS_CRASH_AT", "").partition(":")
    if wanted != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)


_passed: dict[str, int] = {}
