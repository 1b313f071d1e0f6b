"""Questions to a checkpoint through a real engine process, over its socket."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from server.engines.engine_client import EngineClient, new_request_id
from trainer.job.engine import ChatRequest, Delta, Done, Message, Sampling, ToolCall

AT_ONCE = 8


@dataclass(frozen=True)
class Reply:
    """What the engine answered to one question; `ended`: of its own, not at the most tokens."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    ended: bool


async def ask(checkpoint: Path, questions: Sequence[str], most_tokens: int = 80) -> list[Reply]:
    """Greedy answers of a real engine process, `AT_ONCE` questions in flight."""
    with tempfile.TemporaryDirectory() as scratch:
        socket_path = Path(scratch) / "engine.sock"
        command = (sys.executable, "-m", "trainer", "engine", str(checkpoint), "--socket", str(socket_path))
        process = await asyncio.create_subprocess_exec(*command, env=os.environ | {"OMP_NUM_THREADS": "2"})
        try:
            client = await connect(socket_path, process)
            gate = asyncio.Semaphore(AT_ONCE)
            replies = await asyncio.gather(
                *(ask_one(client, gate, question, most_tokens) for question in questions)
            )
            await client.close()
            return list(replies)
        finally:
            process.terminate()
            await process.wait()


async def connect(socket_path: Path, process: asyncio.subprocess.Process) -> EngineClient:
    while process.returncode is None:
        try:
            return await EngineClient.connect(socket_path)
        except OSError:
            await asyncio.sleep(0.1)
    raise RuntimeError(f"the engine ended with code {process.returncode}")


async def ask_one(client: EngineClient, gate: asyncio.Semaphore, question: str, most_tokens: int) -> Reply:
    request = ChatRequest(
        request_id=new_request_id(),
        messages=(Message(role="user", content=question),),
        sampling=Sampling(temperature=0.0, max_tokens=most_tokens),
    )
    text, calls, ended = "", (), False
    async with gate:
        async for answer in client.start(request):
            if isinstance(answer, Delta):
                text += answer.text
            elif isinstance(answer, Done):
                calls, ended = answer.tool_calls, answer.finish_reason != "length"
    return Reply(text, calls, ended)
