"""What flash-attn-4 and quack, whose kernels are written in CuTe's language, need before they are imported.

Each kernel is compiled when it is first called, which takes some seconds, and kept among our caches.
"""

import contextlib
import importlib.metadata
import os
import warnings
from collections.abc import Iterator
from functools import lru_cache

from trainer.job.paths import cache_dir

FLASH_ATTENTION, QUACK = "flash-attn-4", "quack-kernels"


@lru_cache(maxsize=8)
def version(package: str) -> str | None:
    """None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


@contextlib.contextmanager
def calling() -> Iterator[None]:
    """Within it they are imported and called.

    Raises:
        RuntimeError: for whatever they raise; their compiler's exceptions are of many kinds.
    """
    _keep_what_is_compiled()
    try:
        yield
    except RuntimeError:
        raise
    except Exception as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


@lru_cache(maxsize=1)
def _keep_what_is_compiled() -> None:
    """Both packages read these variables when they are imported."""
    os.environ.setdefault("FLASH_ATTENTION_CUTE_DSL_CACHE_ENABLED", "1")
    os.environ.setdefault("FLASH_ATTENTION_CUTE_DSL_CACHE_DIR", str(cache_dir() / "flash_attention"))
    os.environ.setdefault("QUACK_CACHE_DIR", str(cache_dir() / "quack"))
    warnings.filterwarnings("ignore", message="Argument aux_data", category=UserWarning)
