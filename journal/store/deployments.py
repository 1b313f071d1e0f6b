"""Deployments: requests to serve a checkpoint, and the states they go through."""

from pathlib import Path

from journal.errors import NotFound, Refused
from journal.lab_paths import LabPaths
from journal.records import Deployment, DeploymentState
from journal.store.database import Store
from journal.store.rows import from_row

NEXT_STATES: dict[DeploymentState, tuple[DeploymentState, ...]] = {
    "requested": ("loading", "failed", "retired"),
    # Back to requested: the server was restarted before the canary had spoken.
    "loading": ("requested", "canary", "failed", "retired"),
    "canary": ("requested", "live", "failed", "retired"),
    "live": ("draining", "retired", "failed", "rolled_back"),
    "draining": ("retired", "failed", "rolled_back"),
    "retired": (),
    "failed": (),
    "rolled_back": (),
}


class Deployments(Store):
    """What is, was and shall be served; at most one row is live."""

    def request_deployment(self, job_id: str, checkpoint: str, at: float, reason: str | None = None) -> int:
        """Ask for a checkpoint to be served; the server acts on it. Returns the request's id.

        `checkpoint` is kept as `LabPaths.stored` gives it.
        """
        return self._insert(
            "deployments",
            {
                "job_id": job_id,
                "checkpoint": LabPaths.at(self.path.parent).stored(Path(checkpoint)),
                "state": "requested",
                "reason": reason,
                "requested_at": at,
                "updated_at": at,
            },
        )

    def deployments(self, state: DeploymentState | None = None) -> list[Deployment]:
        """Deployments in the order of their requests."""
        rows = self._rows(
            "SELECT * FROM deployments WHERE ? IS NULL OR state = ? ORDER BY deployment_id", [state, state]
        )
        return [from_row(Deployment, row) for row in rows]

    def deployment(self, deployment_id: int) -> Deployment:
        """The deployment with this id.

        Raises:
            NotFound: no such deployment.
        """
        row = self._row("SELECT * FROM deployments WHERE deployment_id = ?", [deployment_id])
        if row is None:
            raise NotFound(f"deployment {deployment_id}: not in {self.path}")
        return from_row(Deployment, row)

    def set_deployment(
        self, deployment_id: int, state: DeploymentState, reason: str | None, at: float
    ) -> None:
        """Move a deployment on; going live puts the one before it into `draining` in the same transaction.

        Setting the state it is in changes nothing. A `reason` of None keeps the one before.

        Raises:
            NotFound: no such deployment.
            Refused: not a step the life of a deployment has.
        """
        with self.atomic():
            now = self.deployment(deployment_id).state
            if now == state:
                return
            if state not in NEXT_STATES[now]:
                allowed = ", ".join(NEXT_STATES[now]) or "none, it has ended"
                raise Refused(f"deployment {deployment_id}: {now} → {state}; allowed: {allowed}")
            live = self.live_deployment()
            if state == "live" and live is not None and live.deployment_id is not None:
                self._move(live.deployment_id, "draining", f"replaced by deployment {deployment_id}", at)
            self._move(deployment_id, state, reason, at)

    def live_deployment(self) -> Deployment | None:
        """The deployment that answers now (or did when the server last ran)."""
        rows = self.deployments("live")
        return rows[-1] if rows else None

    def previous_deployment(self) -> Deployment | None:
        """The last one that was live with another checkpoint than today's and was not rolled back."""
        live = self.live_deployment()
        rows = self._rows(
            "SELECT * FROM deployments WHERE state IN ('draining', 'retired') AND was_live = 1 "
            "AND checkpoint IS NOT ? ORDER BY deployment_id DESC LIMIT 1",
            [None if live is None else live.checkpoint],
        )
        return from_row(Deployment, rows[0]) if rows else None

    def request_rollback(self, at: float) -> int:
        """Ask for the previous deployment's checkpoint again. Returns the new request's id.

        Raises:
            Refused: nothing earlier to go back to.
        """
        with self.atomic():
            previous, live = self.previous_deployment(), self.live_deployment()
            if previous is None:
                raise Refused("rollback: no earlier deployment to go back to")
            away_from = "none" if live is None else str(live.deployment_id)
            return self.request_deployment(
                previous.job_id, previous.checkpoint, at, f"rollback of deployment {away_from}"
            )

    def _move(self, deployment_id: int, state: str, reason: str | None, at: float) -> None:
        self._execute(
            "UPDATE deployments SET state = ?, reason = COALESCE(?, reason), updated_at = ?, "
            "was_live = MAX(was_live, ? = 'live') WHERE deployment_id = ?",
            [state, reason, at, state, deployment_id],
        )
