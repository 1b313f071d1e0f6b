"""The canary: a checkpoint must reproduce its own loss and hold a short conversation before it serves."""

import asyncio

from server.engines.engine_client import EngineClient, EngineDisconnected, new_request_id
from trainer.job.engine import ChatRequest, Done, EngineError, Message, Sampling

GREETING = "Hello"
CANARY_TOKENS = 16


class CanaryFailed(RuntimeError):
    """The model is not fit to serve; `str()` is one line for the journal."""


async def run_canary(client: EngineClient, timeout_seconds: float) -> None:
    """Pass, or say why not.

    Raises:
        CanaryFailed: the loss differs, the chat fails, the engine ends, or it takes too long.
    """
    try:
        await asyncio.wait_for(_exchange(client), timeout_seconds)
    except asyncio.TimeoutError:
        raise CanaryFailed(f"canary: no answer within {timeout_seconds:g} seconds") from None
    except EngineDisconnected as error:
        raise CanaryFailed(f"canary: {error}") from None


async def _exchange(client: EngineClient) -> None:
    report = await client.canary()
    if not report.passed:
        raise CanaryFailed(f"canary: {report.detail or 'the loss is not the one stored'}")
    request = ChatRequest(
        request_id=new_request_id(),
        messages=(Message(role="user", content=GREETING),),
        run_tools=True,
        sampling=Sampling(max_tokens=CANARY_TOKENS, temperature=0.0),
    )
    async for answer in client.start(request):
        if isinstance(answer, EngineError):
            raise CanaryFailed(f"canary chat: {answer.message}")
        if isinstance(answer, Done) and answer.finish_reason == "cancelled":
            raise CanaryFailed("canary chat: cancelled by the engine")
