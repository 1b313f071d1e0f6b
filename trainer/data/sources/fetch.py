"""Fetching a known data set: the plan in gigabytes, minutes and dollars, then its files."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainer.data.errors import DataError
from trainer.data.sources.download import download
from trainer.data.sources.remote import RemoteFile, RemoteSet, mirrored, remote_set
from trainer.job.paths import cache_dir
from trainer.system.files import write_whole
from trainer.system.hashes import sha256_of
from trainer.system.locks import locked

MANIFEST = "fetched.json"
BYTES_PER_SECOND = 50e6
SPARE_BYTES = 1 << 30
MAX_ARCHIVE_FILES = 10_000
MAX_UNPACKED_BYTES = 8 << 30


@dataclass(frozen=True)
class FetchPlan:
    """What a fetch would do; seconds are for 50 MB/s."""

    name: str
    folder: Path
    files: tuple[RemoteFile, ...]
    missing: tuple[RemoteFile, ...]

    @property
    def download_bytes(self) -> int:
        return sum(file.approximate_bytes for file in self.missing)

    @property
    def seconds(self) -> float:
        return self.download_bytes / BYTES_PER_SECOND

    def usd(self, usd_per_hour: float) -> float:
        """What a machine of that price costs meanwhile."""
        return self.seconds / 3600 * usd_per_hour


def plan_fetch(name: str, shards: int) -> FetchPlan:
    """Work out which files are missing.

    Raises:
        DataError: for an unknown name or number of shards.
    """
    entry: RemoteSet = remote_set(name)
    folder = cache_dir() / "data" / name
    files = entry.chosen(shards)
    have = _manifest(folder)
    missing = tuple(file for file in files if not _is_there(folder, file, have))
    return FetchPlan(name, folder, files, missing)


def fetch(
    plan: FetchPlan,
    on_bytes: Callable[[int], None] | None = None,
    longest_wait_seconds: float = 30.0,
) -> None:
    """Fetch what is missing; each file is named only once it is whole and checked.

    Raises:
        DataError: for a full disk, a server's refusal, or a file that is not the expected one.
    """
    plan.folder.mkdir(parents=True, exist_ok=True)
    _check_disk(plan)
    with locked(plan.folder / ".lock"):
        _fetch_files(plan, on_bytes, longest_wait_seconds)


def _fetch_files(
    plan: FetchPlan, on_bytes: Callable[[int], None] | None, longest_wait_seconds: float
) -> None:
    for file in plan.missing:
        target = plan.folder / file.target
        sha256 = download(mirrored(file), target, file.sha256, on_bytes, longest_wait_seconds)
        if target.suffix == ".zip":
            _unpack(target)
        size = 0 if target.suffix == ".zip" else target.stat().st_size
        _record(plan.folder, file.target, {"url": file.url, "sha256": sha256, "bytes": size})


def verify(name: str) -> list[str]:
    """Names of fetched files whose bytes are no longer those that were recorded.

    Raises:
        DataError: when no such set was fetched.
    """
    folder = cache_dir() / "data" / name
    if not _manifest(folder):
        raise DataError(f'name: "{name}"; nothing was fetched into {folder}')
    entries = [
        (target, entry) for target, entry in sorted(_manifest(folder).items()) if not target.endswith(".zip")
    ]
    return [t for t, e in entries if not (folder / t).is_file() or sha256_of(folder / t) != e["sha256"]]


def _check_disk(plan: FetchPlan) -> None:
    free = shutil.disk_usage(plan.folder).free
    if free < plan.download_bytes + SPARE_BYTES:
        raise DataError(
            f"{plan.folder}: {free / 1e9:.1f} GB free; "
            f"needed: {plan.download_bytes / 1e9:.1f} GB and 1 GB to spare"
        )


def _unpack(archive: Path) -> None:
    """Unpack `eval_bundle.zip` beside itself, without its top folder, then drop it."""
    staging = archive.with_suffix(".unpacking")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        with zipfile.ZipFile(archive) as bundle:
            _check_sizes(bundle)
            for member in bundle.infolist():
                _extract(bundle, member, staging)
        for path in sorted(staging.iterdir()):
            _put_in_place(path, archive.parent / path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # RuntimeError: encrypted
        raise DataError(f"{archive}: {error}") from None
    finally:
        shutil.rmtree(staging)
    archive.unlink()


def _check_sizes(bundle: zipfile.ZipFile, max_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """What an archive says it holds is also the most that is read out of it."""
    members = bundle.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_ARCHIVE_FILES or unpacked > max_bytes:
        raise DataError(
            f"{bundle.filename}: {len(members)} files of {unpacked} bytes; "
            f"allowed: {MAX_ARCHIVE_FILES} files of {max_bytes} bytes"
        )


def _extract(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    top, *parts = PurePosixPath(member.filename).parts or ("",)
    if ".." in (top, *parts):
        raise DataError(f"{bundle.filename}: {member.filename} leads out of the archive")
    if member.is_dir() or top == "__MACOSX" or not parts or parts[-1].startswith("."):
        return
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with bundle.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _put_in_place(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    source.replace(target)


def _is_there(folder: Path, file: RemoteFile, have: dict[str, dict[str, object]]) -> bool:
    entry = have.get(file.target)
    if entry is None or (file.sha256 is not None and entry["sha256"] != file.sha256):
        return False
    target = folder / file.target
    if target.suffix == ".zip":
        return (target.parent / "core.yaml").is_file()
    return target.is_file() and target.stat().st_size == entry["bytes"]


def _manifest(folder: Path) -> dict[str, dict[str, object]]:
    try:
        loaded: dict[str, dict[str, object]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return loaded
    except (OSError, ValueError):
        return {}


def _record(folder: Path, target: str, entry: dict[str, object]) -> None:
    entries = {**_manifest(folder), target: entry}
    write_whole(folder / MANIFEST, (json.dumps(entries, indent=1, sort_keys=True) + "\n").encode())
