"""Deployments by HTTP: ask for one, list them, go back."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends

from journal.documents import Document, deployment_document
from journal.errors import Refused
from journal.records import Deployment
from journal.store import Journal
from server.api.protocol import DeploymentBody
from server.http.dependencies import ServerState, json_body, state_of
from server.http.errors import ApiError, parse_body
from server.jobs.routes import find_job
from trainer.job import CheckpointPaths, kinds_that_make

router = APIRouter(prefix="/lab/deployments")
State = Annotated[ServerState, Depends(state_of)]


@router.post("", status_code=201)
async def deploy(body: Annotated[bytes, Depends(json_body)], state: State) -> Document:
    """Ask for a job's checkpoint to be served; it goes live once it has passed its canary."""
    row = await find_job(state, parse_body(DeploymentBody, body).job_id)
    checkpoint = state.settings.lab.run(row.job_id).checkpoint
    if not CheckpointPaths(checkpoint).model.is_file():
        makers = kinds_that_make("checkpoint")
        message = f'job_id: "{row.job_id}"; it has no checkpoint; allowed: a finished {makers} job'
        raise ApiError(409, message, param="job_id", code="no_checkpoint")
    return deployment_document(
        await state.journal.run(
            lambda journal: _requested(
                journal, journal.request_deployment(row.job_id, str(checkpoint), time.time())
            )
        )
    )


@router.get("")
async def list_deployments(state: State) -> Document:
    rows = await state.journal.run(lambda journal: journal.deployments())
    return {"object": "list", "data": [deployment_document(row) for row in rows]}


@router.post("/rollback", status_code=201)
async def rollback(state: State) -> Document:
    """Ask for the deployment before the live one."""
    try:
        return deployment_document(
            await state.journal.run(
                lambda journal: _requested(journal, journal.request_rollback(time.time()))
            )
        )
    except Refused as error:
        raise ApiError(409, str(error), code="nothing_to_roll_back_to") from None


def _requested(journal: Journal, deployment_id: int) -> Deployment:
    return journal.deployment(deployment_id)
