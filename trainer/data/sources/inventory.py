"""Which data sets there are, here and to be fetched."""

import os
from pathlib import Path

from trainer.data.conversations import chat_files
from trainer.data.shards import shard_paths
from trainer.data.sources.remote import remote_sets
from trainer.job.paths import cache_dir, data_dir, starter_dir


def list_sets() -> list[dict[str, object]]:
    """One entry a set: name, state (`ready`, `partly`, `to build`, `to fetch`), bytes, parts, folder."""
    entries = {"starter": _entry("starter", starter_dir(), "text, questions and tests out of this Python")}
    if os.environ.get("HARNESS_DATA"):
        entries["default"] = _entry("default", data_dir("default"), "the folder that HARNESS_DATA names")
    for name, remote in remote_sets().items():
        entries.setdefault(name, _entry(name, cache_dir() / "data" / name, remote.description))
    for folder in sorted((cache_dir() / "data").glob("[a-z0-9_]*")):
        if folder.is_dir() and not folder.name.startswith("starter-"):
            entries.setdefault(folder.name, _entry(folder.name, folder, "imported"))
    return list(entries.values())


def _entry(name: str, folder: Path, description: str) -> dict[str, object]:
    shards, chats = shard_paths(folder / "pretrain"), chat_files(folder / "chat")
    core = folder / "core" / "core.yaml"
    parts = [
        part for part, found in (("pretrain", shards), ("chat", chats), ("core", core.is_file())) if found
    ]
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    return {
        "name": name,
        "state": _state(name, parts, files),
        "bytes": sum(path.stat().st_size for path in files),
        "parts": parts,
        "folder": str(folder),
        "description": description,
    }


def _state(name: str, parts: list[str], files: list[Path]) -> str:
    if any(path.name.endswith(".part") for path in files):
        return "partly"
    if parts:
        return "ready"
    return "to build" if name == "starter" else "to fetch"
