"""Jobs: one row an attempt, and the points of its curves."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlite_utils import Database

from journal.errors import NotFound, Refused
from journal.lab_paths import LabPaths
from journal.records import JobRow, JobSource, Purpose
from journal.store.database import Row, Store
from journal.store.rows import from_row, to_row
from trainer.job import (
    KINDS,
    TERMINAL_STATES,
    CheckpointPaths,
    Inputs,
    Job,
    JobResult,
    JobState,
    canonical_bytes,
    job_id,
    spec_hash,
)

MAX_POINTS = 1000


class Jobs(Store):
    """What was asked of the trainer, and what came of it."""

    def __init__(self, db: Database, path: Path) -> None:
        super().__init__(db, path)
        self._ended: dict[str, JobRow] = {}

    def add_job(self, row: JobRow) -> None:
        """Record a new attempt.

        Raises:
            Refused: its id is taken, or its hypothesis or recipe is not registered.
        """
        self._insert("jobs", to_row(row))

    def job(self, job_id: str) -> JobRow | None:
        """The attempt with this id."""
        row = self._row("SELECT * FROM jobs WHERE job_id = ?", [job_id])
        return None if row is None else self._job(row)

    def jobs(
        self,
        *,
        state: JobState | None = None,
        states: Sequence[JobState] | None = None,
        purpose: Purpose | None = None,
        kind: str | None = None,
        hypothesis_id: str | None = None,
        spec_hash: str | None = None,
    ) -> list[JobRow]:
        """Attempts in the order they were recorded; every filter given must hold."""
        wanted: dict[str, object] = {
            "state": state,
            "purpose": purpose,
            "kind": kind,
            "hypothesis_id": hypothesis_id,
            "spec_hash": spec_hash,
        }
        clauses = [f"{name} = ?" for name, value in wanted.items() if value is not None]
        values = [value for value in wanted.values() if value is not None]
        if states is not None:
            clauses.append(f"state IN ({', '.join('?' for _ in states)})")
            values += states
        where = " AND ".join(clauses) or "1"
        return [
            self._job(row)
            for row in self._rows(f"SELECT * FROM jobs WHERE {where} ORDER BY sequence", values)
        ]

    def mark_launched(self, job_id: str, at: float) -> None:
        """Note that a supervisor was started; the job stays `queued` until its own first event."""
        self._change(job_id, "launched_at = ?", [at])

    def mark_running(self, job_id: str, at: float) -> None:
        """queued → running; a second call changes nothing."""
        self._change(job_id, "state = 'running', started_at = COALESCE(started_at, ?)", [at])

    def finish_job(
        self,
        job_id: str,
        state: JobState,
        reason: str | None,
        message: str | None,
        result: JobResult | None,
        cost_micro_usd: int | None,
        at: float,
    ) -> None:
        """Close the row for good, with what the job reported.

        Raises:
            Refused: the row is closed already, or `state` is not a terminal one.
        """
        if state not in TERMINAL_STATES:
            raise Refused(f"{job_id}: {state} does not end a job; allowed: {', '.join(TERMINAL_STATES)}")
        text = None if result is None else result.model_dump_json()
        metrics = json.dumps({} if result is None else result.metrics, sort_keys=True)
        self._change(
            job_id,
            "state = ?, reason = ?, message = ?, result = ?, metrics = ?, cost_micro_usd = ?, "
            "finished_at = ?",
            [state, reason, message, text, metrics, cost_micro_usd, at],
        )

    def request_cancel(self, job_id: str) -> bool:
        """Ask for a job to be ended; False when it has ended already.

        Raises:
            NotFound: no such job.
        """
        with self.atomic():
            row = self._known(job_id)
            if row.state in TERMINAL_STATES:
                return False
            self._change(job_id, "cancel_requested = ?", [1])
        return True

    def queued_row(
        self, job: Job, purpose: Purpose, source: JobSource, at: float, simulated: bool = False
    ) -> JobRow:
        """The row of the next attempt at a job, to be added; both in one transaction.

        A manual one goes on from the checkpoint of the attempt before, if that was cut short.
        """
        digest = spec_hash(job)
        return JobRow(
            job_id=job_id(job, self.next_attempt(digest)),
            spec_hash=digest,
            kind=job.kind,
            purpose=purpose,
            state="queued",
            spec=canonical_bytes(job).decode(),
            seed=job.seed,
            gpus=job.limits.gpus,
            source=source,
            resumed_from=self._to_go_on_from(digest) if purpose == "manual" else None,
            simulated=simulated,
            created_at=at,
        )

    def next_attempt(self, spec_hash: str) -> int:
        """1 + the highest attempt whose job id starts with this spec's first ten digits."""
        row = self._row(
            "SELECT MAX(CAST(substr(job_id, 12) AS INTEGER)) AS last FROM jobs "
            "WHERE substr(job_id, 1, 10) = ?",
            [spec_hash[:10]],
        )
        return 1 + int((row or {}).get("last") or 0)

    def reusable(self, spec_hash: str, inputs: Inputs, device: str) -> JobRow | None:
        """The latest success of this very spec, code, data, tokenizer and device, if there is one."""
        for row in reversed(self.jobs(state="succeeded", spec_hash=spec_hash)):
            if row.simulated or row.result is None:
                continue
            made = JobResult.model_validate_json(row.result).provenance
            # Of a tokenizer job that hash is of its result.
            tokenizer_hash = None if KINDS[row.kind].makes == "tokenizer" else made.tokenizer_hash
            made_of = (made.code_hash, made.data_hash, tokenizer_hash, made.device)
            if made_of == (inputs.code_hash, inputs.data_hash, inputs.tokenizer_hash, device):
                return row
        return None

    def add_points(self, job_id: str, series: str, points: Iterable[tuple[int, float]]) -> None:
        """Add (step, value) points of a curve; a step given again is replaced.

        Past 1,000 points every other one is dropped: the full curve stays in the run folder.
        """
        with self.atomic():
            for step, value in points:
                self._execute(
                    "INSERT OR REPLACE INTO metrics (job_id, series, step, value) VALUES (?, ?, ?, ?)",
                    [job_id, series, step, value],
                )
            while (count := self._count_points(job_id, series)) > MAX_POINTS:
                self._thin(job_id, series, count)

    def points(self, job_id: str, series: str) -> list[tuple[int, float]]:
        """The kept (step, value) points of a curve, by step."""
        sql = "SELECT step, value FROM metrics WHERE job_id = ? AND series = ? ORDER BY step"
        return [(int(row["step"]), float(row["value"])) for row in self._rows(sql, [job_id, series])]

    def _job(self, row: Row) -> JobRow:
        """The record of a row; one that has ended never changes and is parsed once."""
        known = self._ended.get(row["job_id"])
        if known is not None:
            return known
        record = from_row(JobRow, row, nested=("metrics",))
        if record.state in TERMINAL_STATES and not self._depth:  # a transaction may yet be rolled back
            self._ended[record.job_id] = record
        return record

    def _to_go_on_from(self, spec_hash: str) -> str | None:
        """The latest attempt, if it was cut short and has a checkpoint."""
        last = next(reversed(self.jobs(spec_hash=spec_hash)), None)
        if last is None or not (last.state == "cancelled" or last.reason in ("lost", "killed")):
            return None
        checkpoint = LabPaths.at(self.path.parent).run(last.job_id).checkpoint
        return last.job_id if CheckpointPaths(checkpoint).meta.is_file() else None

    def _known(self, job_id: str) -> JobRow:
        row = self.job(job_id)
        if row is None:
            raise NotFound(f"{job_id}: no such job in {self.path}")
        return row

    def _change(self, job_id: str, assignments: str, values: list[object]) -> None:
        with self.atomic():
            if not self._execute(f"UPDATE jobs SET {assignments} WHERE job_id = ?", [*values, job_id]):
                self._known(job_id)

    def _count_points(self, job_id: str, series: str) -> int:
        sql = "SELECT COUNT(*) AS n FROM metrics WHERE job_id = ? AND series = ?"
        return int(self._rows(sql, [job_id, series])[0]["n"])

    def _thin(self, job_id: str, series: str, count: int) -> None:
        sql = (
            "DELETE FROM metrics WHERE job_id = ? AND series = ? AND step IN (SELECT step FROM ("
            "SELECT step, ROW_NUMBER() OVER (ORDER BY step) AS place FROM metrics "
            "WHERE job_id = ? AND series = ?) WHERE place % 2 = 0 AND place < ?)"
        )
        self._execute(sql, [job_id, series, job_id, series, count])
