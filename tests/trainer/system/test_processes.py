"""Which process it is, whether it lives, and what ends with it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support.paths import ROOT
from trainer.system.processes import environment_of, identity_of, is_alive, is_running

# A parent that starts a child tied to it and one that is not, and names both.
PARENT = (
    "import os, subprocess, sys, time\n"
    "tied = 'import os, time; from trainer.system.prctl import end_with_parent;'\\\n"
    "    ' assert end_with_parent(os.getppid()); print(0, flush=True); time.sleep(60)'\n"
    "one = subprocess.Popen([sys.executable, '-c', tied], stdout=subprocess.PIPE)\n"
    "one.stdout.readline()\n"
    "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(one.pid, other.pid, flush=True)\n"
    "time.sleep(60)"
)


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def test_this_process_lives_and_another_with_its_pid_does_not() -> None:
    own = identity_of(os.getpid())
    assert is_alive(own)
    assert not is_alive(replace(own, start_time_ticks=own.start_time_ticks + 1))
    assert not is_alive(replace(own, boot_id="another boot"))


def test_a_zombie_is_no_living_process() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = identity_of(child.pid)
    assert is_alive(identity) and is_running(child.pid)
    child.kill()
    assert eventually(lambda: not is_alive(identity)) and not is_running(child.pid)
    with pytest.raises(ProcessLookupError):
        identity_of(child.pid)
    child.wait()
    child.communicate()


def test_the_environment_is_the_one_it_was_started_with() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={**os.environ, "MARK": "a b"}
    ) as child:
        assert eventually(lambda: b"MARK=a b" in environment_of(child.pid))
        child.kill()
    assert environment_of(child.pid) == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
def test_the_kernel_ends_a_tied_child_with_its_parent_and_no_other() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        tied, untied = map(int, parent.stdout.readline().split())
        assert is_running(tied) and is_running(untied)
        parent.kill()
        assert eventually(lambda: not is_running(tied))
        assert is_running(untied)
        os.kill(untied, 9)
