"""The job API: submit, look, follow, cancel; the lab's status."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from journal.documents import Document, job_document, job_summary, lab_document
from journal.records import JobRow
from server.http.dependencies import ServerState, json_body, state_of
from server.http.errors import ApiError, bad_request
from server.http.streams import EventStream
from server.lab.event_tail import tail
from server.lab.submission import check_job, queue_job
from trainer.job import TERMINAL_STATES, JobError, JobState, is_job_id, job_adapter
from trainer.system.locks import is_locked

STATES: tuple[JobState, ...] = ("queued", "running", *TERMINAL_STATES)
NO_CONDUCTOR = "no conductor is running: start one with `harness start` and it will be taken up"
router = APIRouter(prefix="/lab")
State = Annotated[ServerState, Depends(state_of)]


@router.post("/jobs", status_code=201)
async def submit_job(body: Annotated[bytes, Depends(json_body)], state: State) -> Document:
    settings = state.settings
    try:
        job = check_job(body, settings.lab)
    except JobError as error:
        field = str(error).partition(":")[0]
        raise bad_request(str(error), None if field == "job" else field, "invalid_job") from None
    row = await state.journal.run(lambda journal: queue_job(journal, job))
    return {
        "job_id": row.job_id,
        "spec_hash": row.spec_hash,
        "state": row.state,
        "conductor": is_locked(settings.lab.lock),
        "next": f"GET /lab/jobs/{row.job_id}" if is_locked(settings.lab.lock) else NO_CONDUCTOR,
    }


@router.get("/jobs")
async def list_jobs(state: State, wanted: Annotated[str | None, Query(alias="state")] = None) -> Document:
    known = next((name for name in STATES if name == wanted), None)
    if wanted is not None and known is None:
        raise bad_request(f'state: "{wanted}"; allowed: {", ".join(STATES)}', "state", "invalid_value")
    rows = await state.journal.run(lambda journal: journal.jobs(state=known))
    return {"object": "list", "data": [job_summary(row) for row in rows]}


@router.get("/jobs/{job_id}")
async def show_job(job_id: str, request: Request, state: State) -> Response:
    row = await find_job(state, job_id)
    if _prefers_html(request):
        return RedirectResponse(f"/lab/job/{job_id}", 303)
    return JSONResponse(job_document(row))


@router.get("/jobs/{job_id}/events")
async def follow_job(job_id: str, state: State) -> Response:
    await find_job(state, job_id)

    async def has_ended() -> bool:
        row = await state.journal.run(lambda journal: journal.job(job_id))
        return row is None or row.state in TERMINAL_STATES

    return EventStream(tail(state.settings.lab.run(job_id).events, has_ended), state.closing)


@router.post("/jobs/{job_id}/cancel", status_code=202)
async def cancel_job(job_id: str, state: State) -> Document:
    row = await find_job(state, job_id)
    if not await state.journal.run(lambda journal: journal.request_cancel(job_id)):
        raise ApiError(409, f"{job_id}: ended already ({row.state})", code="job_ended")
    conductor = is_locked(state.settings.lab.lock)
    return {
        "job_id": job_id,
        "cancel_requested": True,
        "conductor": conductor,
        "next": f"GET /lab/jobs/{job_id}" if conductor else NO_CONDUCTOR,
    }


@router.get("/schema")
async def schema() -> Document:
    """The JSON Schema of every kind of job, as `python -m trainer schema` prints it."""
    return job_adapter().json_schema()


@router.get("/status")
async def status(state: State) -> Document:
    conductor = is_locked(state.settings.lab.lock)
    summary = await state.journal.run(lab_document)
    engine = state.deployer.current
    return summary | {
        "conductor": conductor,
        "server": state.deployer.state,
        "live_model": None if engine is None else engine.job_id,
    }


async def find_job(state: ServerState, job_id: str) -> JobRow:
    """The row of a job.

    Raises:
        ApiError: 404.
    """
    row = await state.journal.run(lambda journal: journal.job(job_id)) if is_job_id(job_id) else None
    if row is None:
        raise ApiError(
            404, f'job_id: "{job_id}"; no such job in this lab', param="job_id", code="job_not_found"
        )
    return row


def _prefers_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "").partition(",")[0]
