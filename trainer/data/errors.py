"""The one exception of this package."""

from pathlib import Path


class DataError(ValueError):
    """A data set that cannot be used as it lies; `str()` is one line for the user."""


def unwritable(folder: Path, error: OSError) -> DataError:
    """One line for a folder of the cache that takes no more."""
    return DataError(
        f"{folder}: cannot be written ({error.strerror or error}); "
        "needed: a folder with room, which HARNESS_CACHE may name"
    )
