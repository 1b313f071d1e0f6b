"""Deployments: requested → loading → canary → live, then draining → retired; one live at a time."""

import asyncio
import logging
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from journal.engine_place import EnginePlace, engine_place
from journal.errors import JournalError, Refused
from journal.records import Deployment, DeploymentState
from server.engines.canary import run_canary
from server.engines.deployment_rows import make_live, put_back, reset_unfinished, set_state, undecided
from server.engines.failures import EngineFailed
from server.engines.placement import gpus_of_driver, must_move
from server.engines.process import Engine, start_engine
from server.engines.retries import Retries
from server.lab.journal_thread import JournalThread
from server.settings import Settings
from trainer.system.time_limit import within

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
        self._place: EnginePlace | None = None
        self._retries = Retries(
            settings.deploy_tries, settings.deploy_pause_seconds, settings.retry_within_seconds
        )

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
        return "loading" if self._loading is not None or len(self._retries) else "empty"

    @property
    def loading(self) -> Deployment | None:
        """The deployment that is being loaded or tried, if any."""
        return self._loading

    async def run(self) -> None:
        """Serve requests for deployments until cancelled; then end every engine."""
        try:
            await self._journal.run(reset_unfinished)
            while True:
                try:
                    await self._follow_place()
                    await self._carry_out_next()
                except (sqlite3.Error, JournalError) as error:
                    # The journal may be busy for a while; the model that is live goes on answering.
                    logger.warning("the journal: %s", error)
                await asyncio.sleep(self._settings.poll_seconds)
        finally:
            await self._end_all()

    async def _carry_out_next(self) -> None:
        """The first deployment that waits, and whose time for a try has come."""
        for deployment in await self._journal.run(undecided):
            assert deployment.deployment_id is not None
            if deployment.state == "live" and self._current is not None:
                continue
            if self._is_outdated(deployment):
                await self._give_up(deployment, "a newer deployment is live")
            elif self._retries.is_due(deployment.deployment_id):
                await self._deploy(deployment)
                return

    def _is_outdated(self, deployment: Deployment) -> bool:
        """It failed, and a later request went live before its next try."""
        live, key = self._current, deployment.deployment_id or 0
        return (
            self._retries.count(key) > 0 and live is not None and (live.deployment.deployment_id or 0) > key
        )

    async def _deploy(self, deployment: Deployment) -> None:
        """Load, try, and swap in; a failure leaves the current model as it is."""
        assert deployment.deployment_id is not None
        self._loading = deployment
        self._retries.begin(deployment.deployment_id)
        try:
            engine = await self._load(deployment)
            await self._run_canary(engine)
            await self._go_live(engine)
            self._retries.forget(deployment.deployment_id)
        except (EngineFailed, Refused, OSError) as error:
            logger.warning("deployment %s of %s: %s", deployment.deployment_id, deployment.job_id, error)
            await self._fail(deployment, error)
        finally:
            self._loading = None

    async def _fail(self, deployment: Deployment, error: Exception) -> None:
        """Failed for good, or to be tried again after a pause."""
        key, may_pass = deployment.deployment_id, isinstance(error, EngineFailed) and error.may_pass_later
        assert key is not None
        pause, tries = self._retries.pause_seconds(key) if may_pass else None, self._retries.count(key)
        if pause is None:
            await self._give_up(deployment, str(error) if tries == 1 else f"{error}; {tries} tries")
            return
        logger.warning("deployment %s: another try in %.0f seconds", key, pause)
        await self._journal.run(lambda journal: put_back(journal, deployment, tries, str(error), pause))

    async def _give_up(self, deployment: Deployment, why: str) -> None:
        assert deployment.deployment_id is not None
        self._retries.forget(deployment.deployment_id)
        await self._record(deployment, "failed", why)

    async def _follow_place(self) -> None:
        """Move the live engine where the lab has said anew which GPUs engines may take."""
        place, engine = await self._journal.run(engine_place), self.current
        if place == self._place or engine is None:
            return
        self._place = place
        if must_move(engine.gpu, place, await asyncio.to_thread(gpus_of_driver, self._settings.list_gpus)):
            await self._move(engine, place)

    async def _move(self, engine: Engine, place: EnginePlace) -> None:
        """A second engine of the same model takes over; a GPU that is no longer ours is left in any case."""
        must_leave = engine.gpu is not None and not place.allows(engine.gpu.index)
        logger.info("the engine of %s moves", engine.job_id)
        try:
            moved = await start_engine(self._settings, engine.deployment, self._sockets, place)
            await self._run_canary(moved)
        except (EngineFailed, OSError) as error:
            logger.warning("%s cannot move: %s", engine.job_id, error)
            if must_leave:
                await engine.stop()  # it is started again where it may run
        else:
            leave = self._settings.leave_timeout_seconds
            await self._go_live(moved, leave if must_leave else None)

    async def _load(self, deployment: Deployment) -> Engine:
        await self._record(deployment, "loading")
        place = await self._journal.run(engine_place)
        return await start_engine(self._settings, deployment, self._sockets, place)

    async def _run_canary(self, engine: Engine) -> None:
        try:
            await self._record(engine.deployment, "canary")
            await run_canary(engine, self._settings.canary_timeout_seconds)
        except BaseException:
            await engine.stop()
            raise

    async def _go_live(self, engine: Engine, drain_seconds: float | None = None) -> None:
        try:
            await self._journal.run(lambda journal: make_live(journal, engine.deployment))
        except BaseException:
            await engine.stop()
            raise
        if self._watcher is not None:
            self._watcher.cancel()
        old, self._current = self._current, engine
        self._restarting = False
        self._watcher = asyncio.create_task(self._watch(engine))
        if old is not None:
            self._drain_later(old, drain_seconds or self._settings.drain_timeout_seconds)
        logger.info("deployment %s: %s is live", engine.deployment.deployment_id, engine.job_id)

    def _drain_later(self, engine: Engine, seconds: float) -> None:
        task = asyncio.create_task(self._drain(engine, seconds))
        self._drains.add(task)
        task.add_done_callback(self._drains.discard)

    async def _drain(self, engine: Engine, seconds: float) -> None:
        """Let the requests in flight finish on the old engine, then end it."""
        try:
            with suppress(asyncio.TimeoutError):
                await within(seconds, engine.client.drained())
        finally:
            await engine.stop()
        await self._record(engine.deployment, "retired")

    async def _watch(self, engine: Engine) -> None:
        """Restart the live engine when it dies; one that will not start any more has failed."""
        exits: list[float] = []
        while True:
            await engine.client.disconnected.wait()
            exits = [at for at in exits if at > time.monotonic() - EXITS_WINDOW_SECONDS] + [time.monotonic()]
            died = await engine.failure("serving", "the model's process ended", may_pass_later=True)
            logger.warning("%s: %s; starting it again", engine.job_id, died)
            self._restarting = True
            await engine.stop()
            restarted = await self._restart(engine.deployment, len(exits) - 1)
            if self._watcher is not asyncio.current_task():
                # Replaced meanwhile, at a moment when the cancellation could not reach us.
                await _stop_if_started(restarted)
                return
            if not isinstance(restarted, Engine):
                await self._record(engine.deployment, "failed", f"{died}; started again: {restarted}")
            self._restarting = False
            self._current = restarted if isinstance(restarted, Engine) else None
            if self._current is None:
                return
            engine = self._current

    async def _restart(self, deployment: Deployment, earlier_exits: int) -> Engine | Exception:
        """Start it again, the later the more often it died of late; or the error of the last try."""
        last: Exception = EngineFailed("not tried", may_pass_later=False)
        for attempt in range(self._settings.restart_attempts):
            await asyncio.sleep(self._settings.restart_pause_seconds * (attempt + earlier_exits))
            try:
                place = await self._journal.run(engine_place)
                return await start_engine(self._settings, deployment, self._sockets, place)
            except (EngineFailed, OSError) as error:
                last = error
                logger.warning("restart %d of %s: %s", attempt + 1, deployment.job_id, error)
                if isinstance(error, EngineFailed) and not error.may_pass_later:
                    break
        return last

    async def _record(
        self, deployment: Deployment, state: DeploymentState, reason: str | None = None
    ) -> None:
        await self._journal.run(lambda journal: set_state(journal, deployment, state, reason))

    async def _end_all(self) -> None:
        tasks = [*self._drains, *([self._watcher] if self._watcher else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._current is not None:
            await self._current.stop()
            self._current = None


async def _stop_if_started(engine: Engine | Exception) -> None:
    if isinstance(engine, Engine):
        await engine.stop()
