"""What identifies a file's content, and the trainer's code."""

import hashlib
from pathlib import Path

_BLOCK_BYTES = 1 << 20
_PACKAGE = Path(__file__).resolve().parents[1]


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file's content, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def code_hash() -> str:
    """SHA-256 over names and bytes of the trainer's Python sources."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_bytes()
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(source)}\n".encode() + source)
    return digest.hexdigest()
