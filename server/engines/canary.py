"""The canary: a checkpoint must reproduce its own loss and hold a short conversation before it serves."""

import asyncio

from server.engines.engine_client import EngineClient, EngineDisconnected, new_request_id
from server.engines.failures import EngineFailed
from server.engines.process import Engine
from trainer.job.engine import ChatRequest, Done, EngineError, Message, Sampling
from trainer.system.time_limit import within

GREETING = "Hello"
CANARY_TOKENS = 16


class CanaryFailed(Exception):
    """The model itself is not fit to serve; another try would say the same."""


async def run_canary(engine: Engine, timeout_seconds: float) -> None:
    """Pass, or say why not.

    Raises:
        EngineFailed: the loss differs, the chat fails, the engine ends, or it takes too long.
    """
    try:
        await within(timeout_seconds, _exchange(engine.client))
    except CanaryFailed as error:
        raise await _failure(engine, str(error), may_pass_later=False) from None
    except asyncio.TimeoutError:
        what = f"no answer within {timeout_seconds:g} seconds"
        raise await _failure(engine, what, may_pass_later=True) from None
    except EngineDisconnected as error:
        raise await _failure(engine, str(error), may_pass_later=True) from None


async def _failure(engine: Engine, what: str, may_pass_later: bool) -> EngineFailed:
    return await engine.failure("canary", what, may_pass_later)


async def _exchange(client: EngineClient) -> None:
    report = await client.canary()
    if not report.passed:
        raise CanaryFailed(report.detail or "the loss is not the one stored")
    request = ChatRequest(
        request_id=new_request_id(),
        messages=(Message(role="user", content=GREETING),),
        run_tools=True,
        sampling=Sampling(max_tokens=CANARY_TOKENS, temperature=0.0),
    )
    async for answer in client.start(request):
        if isinstance(answer, EngineError):
            # `internal`: the engine failed, and is about to end.
            raise (EngineDisconnected if answer.code == "internal" else CanaryFailed)(answer.message)
        if isinstance(answer, Done) and answer.finish_reason == "cancelled":
            raise EngineDisconnected("the chat was cancelled by the engine")
