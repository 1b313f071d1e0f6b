"""Deployments: requested → loading → canary → live, then draining → retired; one live at a time."""

import asyncio
import logging
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from journal.errors import JournalError, Refused
from journal.records import Deployment, DeploymentState
from journal.store.journal import Journal
from server.engines.canary import CanaryFailed, run_canary
from server.engines.process import Engine, EngineFailed, start_engine
from server.lab.journal_thread import JournalThread
from server.settings import Settings

EXITS_WINDOW_SECONDS = 60.0
logger = logging.getLogger("server.engines.deployer")


class Deployer:
    """Carries out the journal's deployment requests; `current` is the engine that answers now."""

    def __init__(self, settings: Settings, journal: JournalThread, sockets: Path) -> None:
        self._settings = settings
        self._journal = journal
        self._sockets = sockets
        self._current: Engine | None = None
        self._loading: Deployment | None = None
        self._restarting = False
        self._watcher: asyncio.Task[None] | None = None
        self._drains: set[asyncio.Task[None]] = set()

    @property
    def current(self) -> Engine | None:
        """The live engine, while its process lives."""
        engine = self._current
        return None if engine is None or engine.client.disconnected.is_set() else engine

    @property
    def state(self) -> str:
        """`live`, `restarting`, `loading` (nothing live yet) or `empty`."""
        if self.current is not None:
            return "live"
        if self._restarting or self._current is not None:
            return "restarting"
        return "loading" if self._loading is not None else "empty"

    @property
    def loading(self) -> Deployment | None:
        """The deployment that is being loaded or tried, if any."""
        return self._loading

    async def run(self) -> None:
        """Serve requests for deployments until cancelled; then end every engine."""
        try:
            await self._recover()
            while True:
                try:
                    await self._carry_out_next()
                except (sqlite3.Error, JournalError) as error:
                    # The journal may be busy for a while; the model that is live goes on answering.
                    logger.warning("the journal: %s", error)
                await asyncio.sleep(self._settings.poll_seconds)
        finally:
            await self._end_all()

    async def _recover(self) -> None:
        """After a restart: redo what a dead server left unfinished, bring the live one back."""
        live = await self._journal.run(_reset_unfinished)
        if live is not None:
            await self._deploy(live)

    async def _carry_out_next(self) -> None:
        waiting = await self._journal.run(lambda journal: journal.deployments("requested"))
        if waiting:
            await self._deploy(waiting[0])

    async def _deploy(self, deployment: Deployment) -> None:
        """Load, try, and swap in; a failure leaves the current model as it is."""
        self._loading = deployment
        try:
            engine = await self._load(deployment)
            await self._run_canary(engine)
            await self._go_live(engine)
        except (EngineFailed, CanaryFailed, Refused, OSError) as error:
            logger.warning("deployment %s of %s: %s", deployment.deployment_id, deployment.job_id, error)
            await self._record(deployment, "failed", str(error))
        finally:
            self._loading = None

    async def _load(self, deployment: Deployment) -> Engine:
        await self._record(deployment, "loading")
        return await start_engine(self._settings, deployment, self._sockets)

    async def _run_canary(self, engine: Engine) -> None:
        try:
            await self._record(engine.deployment, "canary")
            await run_canary(engine.client, self._settings.canary_timeout_seconds)
        except BaseException:
            await engine.stop()
            raise

    async def _go_live(self, engine: Engine) -> None:
        try:
            await self._journal.run(lambda journal: _make_live(journal, engine.deployment))
        except BaseException:
            await engine.stop()
            raise
        if self._watcher is not None:
            self._watcher.cancel()
        old, self._current = self._current, engine
        self._restarting = False
        self._watcher = asyncio.create_task(self._watch(engine))
        if old is not None:
            self._drain_later(old)
        logger.info("deployment %s: %s is live", engine.deployment.deployment_id, engine.job_id)

    def _drain_later(self, engine: Engine) -> None:
        task = asyncio.create_task(self._drain(engine))
        self._drains.add(task)
        task.add_done_callback(self._drains.discard)

    async def _drain(self, engine: Engine) -> None:
        """Let the requests in flight finish on the old engine, then end it."""
        try:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(engine.client.drained(), self._settings.drain_timeout_seconds)
        finally:
            await engine.stop()
        await self._record(engine.deployment, "retired")

    async def _watch(self, engine: Engine) -> None:
        """Restart the live engine when it dies; one that will not start any more has failed."""
        exits: list[float] = []
        while True:
            await engine.client.disconnected.wait()
            exits = [at for at in exits if at > time.monotonic() - EXITS_WINDOW_SECONDS] + [time.monotonic()]
            logger.warning("the engine of %s ended; starting it again", engine.job_id)
            self._restarting = True
            await engine.stop()
            restarted = await self._restart(engine.deployment, len(exits) - 1)
            if self._watcher is not asyncio.current_task():
                # Replaced meanwhile, at a moment when the cancellation could not reach us.
                await _stop_if_started(restarted)
                return
            self._restarting = False
            self._current = restarted
            if restarted is None:
                await self._record(engine.deployment, "failed", "its process kept ending")
                return
            engine = restarted

    async def _restart(self, deployment: Deployment, earlier_exits: int) -> Engine | None:
        """Start it again, the later the more often it died of late."""
        for attempt in range(self._settings.restart_attempts):
            await asyncio.sleep(self._settings.restart_pause_seconds * (attempt + earlier_exits))
            try:
                return await start_engine(self._settings, deployment, self._sockets)
            except (EngineFailed, OSError) as error:
                logger.warning("restart %d of %s: %s", attempt + 1, deployment.job_id, error)
        return None

    async def _record(
        self, deployment: Deployment, state: DeploymentState, reason: str | None = None
    ) -> None:
        await self._journal.run(lambda journal: _set_state(journal, deployment, state, reason))

    async def _end_all(self) -> None:
        tasks = [*self._drains, *([self._watcher] if self._watcher else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._current is not None:
            await self._current.stop()
            self._current = None


async def _stop_if_started(engine: Engine | None) -> None:
    if engine is not None:
        await engine.stop()


def _reset_unfinished(journal: Journal) -> Deployment | None:
    """Put unfinished rows back to `requested`, close drained ones; the row that is live, if any."""
    with journal.atomic():
        for row in journal.deployments():
            if row.deployment_id is not None and row.state in ("loading", "canary"):
                journal.set_deployment(row.deployment_id, "requested", None, time.time())
            if row.deployment_id is not None and row.state == "draining":
                journal.set_deployment(row.deployment_id, "retired", None, time.time())
        return journal.live_deployment()


def _set_state(journal: Journal, deployment: Deployment, state: DeploymentState, reason: str | None) -> None:
    assert deployment.deployment_id is not None
    with journal.atomic():
        now = journal.deployment(deployment.deployment_id).state
        # A live row that is brought back after a restart stays live while it loads, and a
        # rolled-back one stays that when its last request is done.
        if (now == "live" and state != "failed") or now == "rolled_back":
            return
        journal.set_deployment(deployment.deployment_id, state, reason, time.time())


def _make_live(journal: Journal, deployment: Deployment) -> None:
    """The swap on record, all at once; a rollback closes the one it replaces as `rolled_back`."""
    assert deployment.deployment_id is not None
    with journal.atomic():
        replaced = journal.live_deployment()
        journal.set_deployment(deployment.deployment_id, "live", None, time.time())
        is_rollback = (deployment.reason or "").startswith("rollback of deployment")
        if is_rollback and replaced is not None and replaced.deployment_id != deployment.deployment_id:
            assert replaced.deployment_id is not None
            reason = f"rolled back to {deployment.job_id}"
            journal.set_deployment(replaced.deployment_id, "rolled_back", reason, time.time())
