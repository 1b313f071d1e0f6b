"""The pages for a person: chat, the lab's progress, one job."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from server.http.dependencies import ServerState, state_of
from server.jobs.routes import find_job
from server.pages.formats import FILTERS
from server.pages.job_page import job_page, kept_points
from server.pages.lab_page import lab_page
from trainer.system.locks import is_locked

router = APIRouter()
templates = Jinja2Templates(directory=Path(__file__).with_name("templates"))
templates.env.filters.update(FILTERS)
State = Annotated[ServerState, Depends(state_of)]


@router.get("/")
async def chat(request: Request) -> Response:
    return templates.TemplateResponse(request, "chat.html", {"page": "chat"})


@router.get("/lab")
async def lab(request: Request, state: State) -> Response:
    page = await state.journal.run(lab_page)
    more = {
        "page": "lab",
        "lab": state.settings.lab.folder,
        "conductor": is_locked(state.settings.lab.lock),
        "server_state": state.deployer.state,
    }
    return templates.TemplateResponse(request, "lab.html", page | more)


@router.get("/lab/job/{job_id}")
async def job(job_id: str, request: Request, state: State) -> Response:
    row = await find_job(state, job_id)
    kept = await state.journal.run(lambda journal: kept_points(journal, job_id))
    # A long run's events take a while to read: not in the journal's thread.
    page = await asyncio.to_thread(job_page, row, kept, state.settings.lab)
    return templates.TemplateResponse(request, "job.html", page | {"page": "lab"})


@router.get("/favicon.ico", include_in_schema=False)
async def favicon() -> Response:
    return Response(status_code=308, headers={"Location": "/static/icon.svg"})
