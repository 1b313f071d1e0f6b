"""OpenAI's endpoints: chat completions, completions, models; and health."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from server.api.answers import (
    chat_document,
    chat_stream,
    collect_text,
    completion_document,
    completion_stream,
)
from server.api.engine_requests import Document, PendingAnswer, start_chat, start_completion
from server.api.protocol import ChatCompletionBody, CompletionBody
from server.engines.process import Engine
from server.http.dependencies import ServerState, json_body, state_of
from server.http.errors import ApiError, parse_body, unavailable
from server.http.streams import EventStream, cancel_on_disconnect
from trainer.job.engine import Done

ALIASES = frozenset({"best", "default"})
router = APIRouter()
State = Annotated[ServerState, Depends(state_of)]
JsonBody = Annotated[bytes, Depends(json_body)]
Body = TypeVar("Body", ChatCompletionBody, CompletionBody)


@router.post("/v1/chat/completions")
async def create_chat_completion(request: Request, body: JsonBody, state: State) -> Response:
    asked = parse_body(ChatCompletionBody, body)
    answer = start_chat(_engine_for(state, asked.model), asked)
    return await _answer(request, state.closing, asked, answer, chat_stream, chat_document)


@router.post("/v1/completions")
async def create_completion(request: Request, body: JsonBody, state: State) -> Response:
    asked = parse_body(CompletionBody, body)
    answer = start_completion(_engine_for(state, asked.model), asked)
    return await _answer(request, state.closing, asked, answer, completion_stream, completion_document)


@router.get("/v1/models")
async def list_models(state: State) -> Document:
    engine = state.deployer.current
    return {"object": "list", "data": [] if engine is None else [_model(engine)]}


@router.get("/v1/models/{model}")
async def retrieve_model(model: str, state: State) -> Document:
    return _model(_engine_for(state, model))


@router.get("/health")
async def health(state: State) -> Document:
    """200 whenever the server runs; `state` and `live` say whether a model answers."""
    deployer = state.deployer
    engine, loading = deployer.current, deployer.loading
    return {
        "status": "ok",
        "state": deployer.state,
        "live": None if engine is None else _live(engine),
        "loading": None if loading is None else loading.job_id,
    }


async def _answer(
    request: Request,
    closing: asyncio.Event,
    asked: ChatCompletionBody | CompletionBody,
    answer: PendingAnswer,
    stream: Callable[[PendingAnswer, bool], AsyncGenerator[bytes, None]],
    document: Callable[[PendingAnswer, str, Done], Document],
) -> Response:
    try:
        if not asked.stream:
            text, done = await cancel_on_disconnect(request.receive, closing, collect_text(answer))
            return JSONResponse(document(answer, text, done))
        await cancel_on_disconnect(request.receive, closing, answer.peek())
    except BaseException:
        answer.generation.cancel()
        raise
    return EventStream(stream(answer, asked.wants_usage), closing, answer.generation.cancel)


def _engine_for(state: ServerState, model: str) -> Engine:
    """The engine that answers for this model name.

    Raises:
        ApiError: 503 when nothing is live, 404 when something else is.
    """
    engine = state.deployer.current
    if engine is None:
        raise unavailable(
            {
                "restarting": "the model's process ended and is being started again",
                "loading": "the first model is being loaded",
            }.get(state.deployer.state, "no model is deployed yet")
        )
    if model not in ALIASES and model != engine.job_id:
        message = f'model: "{model}" is not served; allowed: "{engine.job_id}", "best", "default"'
        raise ApiError(404, message, param="model", code="model_not_found")
    return engine


def _model(engine: Engine) -> Document:
    ready = engine.client.ready
    return {
        "id": engine.job_id,
        "object": "model",
        "created": int(engine.deployment.requested_at),
        "owned_by": "harness",
        "job_id": engine.job_id,
        "kind": ready.kind,
        "parameters": ready.parameters,
        "sequence_len": ready.sequence_len,
        "device": ready.device,
        "deployment_id": engine.deployment.deployment_id,
    }


def _live(engine: Engine) -> Document:
    model = _model(engine)
    return {name: model[name] for name in ("job_id", "deployment_id", "kind", "parameters", "device")} | {
        "in_flight": engine.client.in_flight
    }
