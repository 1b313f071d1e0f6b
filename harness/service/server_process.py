"""The lab's server process: started, kept up, stopped. What it serves is its own affair."""

import json
import os
import shlex
import subprocess
import time
from signal import SIGTERM

from harness.errors import UserError
from harness.fleet.launcher import clean_environment
from harness.lab.running_server import running_server
from harness.node.tagged_processes import end_all, send_signal, with_environment
from journal.lab_paths import LabPaths, ServerRecord
from trainer.system.logs import last_words
from trainer.system.processes import is_alive
from trainer.system.python import module_command

START_SECONDS = 60.0
STOP_SECONDS = 12.0
ENGINE_VARIABLE = "HARNESS_ENGINE_COMMAND"
SERVER_VARIABLE = "HARNESS_SERVER_COMMAND"
# Who started a server, in its environment (its engines inherit it): a conductor ends only its own.
OWNER_VARIABLE = "HARNESS_SERVER_OWNER"


def server_command(lab: LabPaths, port: int) -> list[str]:
    """The server's command line; `HARNESS_SERVER_COMMAND` (JSON) stands in for the program in tests."""
    stand_in = os.environ.get(SERVER_VARIABLE)
    program = json.loads(stand_in) if stand_in else module_command("server")
    engine = os.environ.get(ENGINE_VARIABLE)
    extra = ["--engine-command", shlex.join(json.loads(engine))] if engine else []
    return [*program, "--lab", str(lab.folder), "--port", str(port), *extra]


def server_environment(lab: LabPaths, owner: str) -> dict[str, str]:
    """The job environment's rules, but the server may know its own key."""
    environment = {
        **clean_environment(),
        "HARNESS_LAB": str(lab.folder),
        OWNER_VARIABLE: owner_mark(lab, owner),
    }
    key = os.environ.get("HARNESS_API_KEY")
    return environment if key is None else {**environment, "HARNESS_API_KEY": key}


def owner_mark(lab: LabPaths, owner: str) -> str:
    """The value of the owner's variable: who, and for which lab."""
    return f"{owner} {lab.folder}"


def start_server(lab: LabPaths, port: int, owner: str, wait: bool = True) -> "subprocess.Popen[bytes]":
    """Start the server in a session of its own; it outlives a crash of ours.

    Raises:
        UserError: it did not come up; the line says why.
    """
    log = lab.server_log.open("ab")
    process = subprocess.Popen(
        server_command(lab, port),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=server_environment(lab, owner),
        start_new_session=True,
    )
    log.close()
    if wait:
        wait_for_server(lab, process)
    return process


def wait_for_server(lab: LabPaths, process: "subprocess.Popen[bytes]") -> ServerRecord:
    """Wait until it listens.

    Raises:
        UserError: it ended, or took too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        server = running_server(lab)
        if server is not None:
            return server
        if process.poll() is not None:
            break
        time.sleep(0.05)
    said = last_words(lab.server_log)
    raise UserError(f"the server did not start: {said} (see {lab.server_log})")


def stop_server(lab: LabPaths, owner: str) -> None:
    """SIGTERM the owner's server, and end what is left of it and its engines."""
    mark = owner_mark(lab, owner)
    server = running_server(lab)
    if server is not None and server.identity.pid in with_environment(OWNER_VARIABLE, mark):
        send_signal([server.identity.pid], SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while is_alive(server.identity) and time.monotonic() < deadline:
            time.sleep(0.05)
    end_all(OWNER_VARIABLE, mark, 3.0)


def free_port(wanted: int) -> int:
    """`wanted` if it is free, else 0 (any)."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
