"""Stands where the lab's server would: every deployment asked for is live a few seconds later."""

from harness.lab.clock import Clock
from journal.records import UNDECIDED, Deployment
from journal.store import Journal

LOAD_SECONDS = 8.0


class SimulatedServer:
    """Takes requests live in the journal; serves nothing."""

    def __init__(self, journal: Journal, clock: Clock, load_seconds: float) -> None:
        self.journal = journal
        self.clock = clock
        self.load_seconds = load_seconds

    def poll(self) -> None:
        """Answer the requests that are due."""
        for deployment in self._waiting():
            if self._seconds_left(deployment) <= 0.0:
                self._go_live(deployment)

    def allow_gpus(self, allowed: bool) -> None:
        """Nothing is served."""

    def seconds_to_answers(self) -> list[float]:
        """Seconds until each waiting request is answered."""
        return [max(0.0, self._seconds_left(deployment)) for deployment in self._waiting()]

    def _waiting(self) -> list[Deployment]:
        return [row for row in self.journal.deployments() if row.state in UNDECIDED]

    def _seconds_left(self, deployment: Deployment) -> float:
        waited = self.clock.now() - deployment.requested_at
        # A clock that was set back must not make a request wait for it.
        return self.load_seconds - waited if waited >= 0.0 else 0.0

    def _go_live(self, deployment: Deployment) -> None:
        assert deployment.deployment_id is not None
        at, live = self.clock.now(), self.journal.live_deployment()
        with self.journal.atomic():
            for state in ("loading", "canary", "live"):
                if UNDECIDED.index(deployment.state) < (*UNDECIDED, "live").index(state):
                    self.journal.set_deployment(deployment.deployment_id, state, "simulated", at)
            if live is not None and live.deployment_id is not None:
                self.journal.set_deployment(live.deployment_id, "retired", None, at)
