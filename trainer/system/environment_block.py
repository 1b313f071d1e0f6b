"""A variable of this process's environment as other processes see it, in /proc: changed while it runs.

A process that takes one run after another is found by the run that it has now. `os.environ` alone does not
show: /proc reads the block of memory that the kernel filled when the program started. stdlib only.
"""

import ctypes
import os

# Given after the variable, it is room for a longer value.
ROOM_BYTES = 256


def with_room(name: str, value: str) -> dict[str, str]:
    """The variable as it is to be given to a program that will change it."""
    return {name: value, f"{name}_ROOM": "." * ROOM_BYTES}


class VisibleVariable:
    """One variable; make it early, before anything sets it anew."""

    def __init__(self, name: str) -> None:
        self._name = name
        libc = ctypes.CDLL(None)
        libc.getenv.restype = ctypes.c_void_p
        self._address: int | None = libc.getenv(os.fsencode(name))
        room = libc.getenv(os.fsencode(f"{name}_ROOM"))
        length = len(ctypes.string_at(self._address)) if self._address else 0
        self._capacity = length
        start_of_room = len(os.fsencode(f"{name}_ROOM="))
        if self._address and room == self._address + length + 1 + start_of_room:
            self._capacity = length + 1 + start_of_room + len(ctypes.string_at(room))

    def change(self, value: str) -> bool:
        """Show and hand down another value; False where there is no room for it."""
        data = os.fsencode(value)
        if self._address is None or len(data) > self._capacity:
            return False
        ctypes.memmove(self._address, data.ljust(self._capacity, b"\0"), self._capacity)
        os.environ[self._name] = value
        os.environ.pop(f"{self._name}_ROOM", None)
        return True
