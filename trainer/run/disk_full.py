"""Telling a full disk from other failures, whoever reports it."""

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)
# safetensors reports the operating system's error as text.
_WORDS = ("No space left on device", "Disk quota exceeded")


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the error, or one that it was raised for, says that nothing more can be written."""
    while error is not None:
        if getattr(error, "errno", None) in _FULL or any(word in str(error) for word in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
