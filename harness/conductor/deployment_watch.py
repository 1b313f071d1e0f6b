"""Says on the session's log what becomes of deployments: the server decides, in a process of its own."""

from collections.abc import Callable, Sequence

from journal.records import Deployment

_SAID = {"live": None, "failed": "red", "rolled_back": None}


class DeploymentWatch:
    """Compares deployments with how they stood; what was decided before the session is no news."""

    def __init__(self, say: Callable[[str, str | None], None]) -> None:
        self._say = say
        self._states: dict[int, str] | None = None

    def look(self, deployments: Sequence[Deployment]) -> None:
        """A line for each that has gone live, failed or been rolled back."""
        states = {row.deployment_id or 0: row.state for row in deployments}
        known = states if self._states is None else self._states
        for row in deployments:
            if row.state in _SAID and known.get(row.deployment_id or 0) != row.state:
                why = "" if row.state == "live" or row.reason is None else f": {row.reason}"
                self._say(f"{row.job_id}: deployment {row.state}{why}", _SAID[row.state])
        self._states = dict(states)
