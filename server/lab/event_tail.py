"""A run's `events.jsonl` as server-sent events, from its first line until the job has ended."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

POLL_SECONDS = 0.2
# A comment now and then lets a client (and the server) notice that the other end is gone.
HEARTBEAT_SECONDS = 15.0
MAX_READ_BYTES = 1 << 16


async def tail(path: Path, has_ended: Callable[[], Awaitable[bool]]) -> AsyncGenerator[bytes, None]:
    """Every line as one event; `finished`, or the end of the job, is the last."""
    offset, silent_seconds = 0, 0.0
    while True:
        # Asked before the read: what was written until the end is then surely in it.
        over = await has_ended()
        lines, offset = await asyncio.to_thread(_read_lines, path, offset)
        for line in lines:
            yield b"data: " + line + b"\n\n"
        if any(_is_finish(line) for line in lines) or (over and not lines):
            break
        silent_seconds = 0.0 if lines else silent_seconds + POLL_SECONDS
        if silent_seconds >= HEARTBEAT_SECONDS:
            silent_seconds = 0.0
            yield b": still running\n\n"
        if not lines:
            await asyncio.sleep(POLL_SECONDS)
    yield b"event: end\ndata: {}\n\n"


def _read_lines(path: Path, offset: int) -> tuple[list[bytes], int]:
    """Whole lines after `offset`; a line still being written waits for the next call."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            chunk = file.read(MAX_READ_BYTES)
            while chunk and b"\n" not in chunk and (more := file.read(MAX_READ_BYTES)):
                chunk += more
    except OSError:
        return [], offset
    end = chunk.rfind(b"\n") + 1
    return [line for line in chunk[:end].split(b"\n") if line.strip()], offset + end


def _is_finish(line: bytes) -> bool:
    try:
        document = json.loads(line)
    except ValueError:
        return False
    return isinstance(document, dict) and document.get("event") == "finished"
