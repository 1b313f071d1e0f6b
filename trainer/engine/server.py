"""The UNIX socket: JSON lines in, JSON lines out, many requests on many connections."""

import asyncio
import contextlib
import itertools
import json
import os
import socket
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from trainer.engine.loop import Answer, Arrived, Disconnected, EngineLoop, Request
from trainer.job import one_line
from trainer.job.engine import EngineError, Ready, request_adapter
from trainer.system.sockets import check_path

MAX_LINE_BYTES = 16 << 20
# A client that reads nothing must not fill this process's memory.
MAX_UNSENT_BYTES = 64 << 20
CLOSE_SECONDS = 2.0


class Connection:
    """One client; `send` may be called from the model thread."""

    def __init__(self, connection_id: int, writer: asyncio.StreamWriter) -> None:
        self.id = connection_id
        self._writer = writer
        self._loop = asyncio.get_running_loop()

    def send(self, reply: Answer | Ready) -> None:
        line = reply.model_dump_json().encode() + b"\n"
        # The loop may be closing while the model thread still speaks.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._write, line)

    def _write(self, line: bytes) -> None:
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            self._writer.transport.abort()
            return
        self._writer.write(line)


class Lines:
    """Cuts a byte stream into lines; one that is too long is dropped and reported as None."""

    def __init__(self, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held = bytearray()
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes | None]:
        """The lines that `data` completes."""
        *ends, rest = data.split(b"\n")
        lines: list[bytes | None] = []
        for end in ends:
            self._hold(end)
            lines.append(None if self._dropping else bytes(self._held))
            self._held.clear()
            self._dropping = False
        self._hold(rest)
        return lines

    def _hold(self, part: bytes) -> None:
        if self._dropping or len(self._held) + len(part) > self._max_bytes:
            self._held.clear()
            self._dropping = True
        else:
            self._held += part


class EngineServer:
    """Accepts connections and passes their requests to the model thread."""

    def __init__(self, loop: EngineLoop, ready: Ready) -> None:
        self._engine = loop
        self._ready = ready
        self._ids = itertools.count(1)
        self._adapter: TypeAdapter[Request] = request_adapter()
        self._writers: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.Task[None]] = set()

    async def serve(self, listening: socket.socket, until: asyncio.Event) -> None:
        """Serve on a listening socket until the event is set."""
        server = await asyncio.start_unix_server(self._client, sock=listening)
        await until.wait()
        server.close()
        for writer in list(self._writers):
            writer.close()
        # Let the connections' tasks end by themselves: cancelled ones are reported as errors.
        if self._clients:
            await asyncio.wait(self._clients, timeout=CLOSE_SECONDS)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(next(self._ids), writer)
        self._track(asyncio.current_task())
        self._writers.add(writer)
        connection.send(self._ready)
        try:
            lines = Lines()
            while data := await reader.read(1 << 16):
                for line in lines.feed(data):
                    self._line(connection, line)
        except ConnectionError:
            pass
        finally:
            self._engine.put(Disconnected(connection.id))
            self._writers.discard(writer)
            writer.close()

    def _track(self, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            self._clients.add(task)
            task.add_done_callback(self._clients.discard)

    def _line(self, connection: Connection, line: bytes | None) -> None:
        if line is None:
            connection.send(_invalid(f"line: longer than {MAX_LINE_BYTES} bytes"))
        elif line.strip():
            try:
                request = self._adapter.validate_json(line)
            except ValidationError as error:
                connection.send(_invalid(one_line(error), _request_id(line)))
            else:
                self._engine.put(Arrived(connection, request))


def _invalid(message: str, request_id: str | None = None) -> EngineError:
    return EngineError(request_id=request_id, code="invalid_request", message=message)


def _request_id(line: bytes) -> str | None:
    """The id in a line that is otherwise refused, so that its sender learns which one it was."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    request_id = document.get("request_id") if isinstance(document, dict) else None
    return request_id if isinstance(request_id, str) else None


def listen(path: Path) -> socket.socket:
    """A listening socket that appears at `path` only when it can be connected to.

    Raises:
        OSError: the path cannot be used, for one because an engine answers there.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    check_path(temporary)
    if _answers(path):
        raise OSError(f"{path}: in use by another engine")
    temporary.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(temporary))
        temporary.chmod(0o600)
        listening.listen(128)
        temporary.replace(path)
    except BaseException:
        listening.close()
        temporary.unlink(missing_ok=True)
        raise
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True
