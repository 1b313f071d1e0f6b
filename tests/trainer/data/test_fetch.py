"""Fetching over real HTTP: resumed after a cut, checked, and never half in place."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from trainer.data import DataError, open_data
from trainer.data.shards import write_shard
from trainer.data.sources.download import download
from trainer.data.sources.fetch import fetch, plan_fetch, verify

BODY = bytes(range(256)) * 20_000


@dataclass
class Hub:
    """A small file server that can break off, forget and declare hashes."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: list[int] = field(default_factory=list)
    declared: dict[str, str] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    etag: str = '"v1"'
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serve(hub, self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HARNESS_DATA_MIRROR", hub.url)
    yield hub
    server.shutdown()
    server.server_close()


def serve(hub: Hub, request: BaseHTTPRequestHandler) -> None:
    asked = request.headers.get("Range")
    hub.ranges.append(asked)
    body = hub.files.get(request.path)
    if hub.refusals or body is None:
        request.send_error(hub.refusals.pop(0) if hub.refusals else 404)
        return
    start = int(asked[6:-1]) if asked and request.headers.get("If-Range") == hub.etag else 0
    request.send_response(206 if start else 200)
    request.send_header("ETag", hub.etag)
    request.send_header("Content-Length", str(len(body) - start))
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
    if request.path in hub.declared:
        request.send_header("X-Linked-Etag", f'"{hub.declared[request.path]}"')
    request.end_headers()
    cut = hub.cut_after.pop(0) if hub.cut_after else len(body)
    request.wfile.write(body[start : start + cut])


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def get(hub: Hub, target: Path, expected: str | None = None) -> str:
    return download(f"{hub.url}/file", target, expected, longest_wait_seconds=0.0)


def test_a_cut_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.files["/file"] = BODY
    hub.cut_after = [1_000_000, 2_000_000]
    assert get(hub, tmp_path / "file", sha256(BODY)) == sha256(BODY)
    assert (tmp_path / "file").read_bytes() == BODY
    assert hub.ranges == [None, "bytes=1000000-", "bytes=3000000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_later_call_goes_on_too(hub: Hub, tmp_path: Path) -> None:
    hub.files["/file"] = BODY
    hub.cut_after = [100_000] * 6
    with pytest.raises(DataError, match=r"broke off 6 times .*run it again to go on"):
        get(hub, tmp_path / "file")
    assert not (tmp_path / "file").exists()
    get(hub, tmp_path / "file", sha256(BODY))
    assert hub.ranges[6] == "bytes=600000-"


def test_a_file_that_changed_meanwhile_starts_again(hub: Hub, tmp_path: Path) -> None:
    hub.files["/file"] = b"old" * 1000
    hub.cut_after = [100] * 6
    with pytest.raises(DataError):
        get(hub, tmp_path / "file")
    hub.files["/file"], hub.etag = BODY, '"v2"'
    assert get(hub, tmp_path / "file") == sha256(BODY)
    assert (tmp_path / "file").read_bytes() == BODY


@pytest.mark.parametrize("declared_by", ["caller", "server"])
def test_wrong_bytes_are_dropped(hub: Hub, tmp_path: Path, declared_by: str) -> None:
    hub.files["/file"] = BODY
    wanted = sha256(b"something else")
    if declared_by == "server":
        hub.declared["/file"] = wanted
    with pytest.raises(DataError, match=f"sha256 {sha256(BODY)}; expected: {wanted}") as caught:
        get(hub, tmp_path / "file", wanted if declared_by == "caller" else None)
    assert list(tmp_path.iterdir()) == [] and "\n" not in str(caught.value)


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(hub: Hub, tmp_path: Path) -> None:
    hub.files["/file"], hub.refusals = BODY, [503, 502]
    assert get(hub, tmp_path / "file") == sha256(BODY)
    del hub.files["/file"]
    hub.ranges.clear()
    with pytest.raises(DataError, match="HTTP 404"):
        get(hub, tmp_path / "other")
    assert hub.ranges == [None]


def test_shards_are_fetched_with_the_last_one_held_out(hub: Hub, tmp_path: Path) -> None:
    put_shards(hub, tmp_path, 0, 1, 6542)
    plan = plan_fetch("climbmix", shards=2)
    assert (len(plan.missing), plan.download_bytes) == (3, 270_000_000)
    assert plan.usd(3600.0) == pytest.approx(plan.seconds)
    fetch(plan, longest_wait_seconds=0.0)
    data = open_data("climbmix")
    assert list(data.texts("train")) == ["text 0", "text 1"]
    assert list(data.texts("validation")) == ["text 6542"]
    assert plan_fetch("climbmix", shards=2).missing == ()
    assert [file.target for file in plan_fetch("climbmix", shards=3).missing] == [
        "pretrain/shard_00002.parquet"
    ]


def test_a_stopped_fetch_keeps_whole_files_only(hub: Hub, tmp_path: Path) -> None:
    put_shards(hub, tmp_path, 0, 6542)
    with pytest.raises(DataError, match=r"shard_00001\.parquet: HTTP 404"):
        fetch(plan_fetch("climbmix", shards=2), longest_wait_seconds=0.0)
    assert [file.target for file in plan_fetch("climbmix", shards=2).missing] == [
        "pretrain/shard_00001.parquet",
        "pretrain/shard_06542.parquet",
    ]


def test_changed_files_are_found_and_fetched_again(hub: Hub, tmp_path: Path) -> None:
    put_shards(hub, tmp_path, 0, 6542)
    fetch(plan_fetch("climbmix", shards=1), longest_wait_seconds=0.0)
    assert verify("climbmix") == []
    shard = plan_fetch("climbmix", shards=1).folder / "pretrain" / "shard_00000.parquet"
    shard.write_bytes(shard.read_bytes()[:-1])
    assert verify("climbmix") == ["pretrain/shard_00000.parquet"]
    assert len(plan_fetch("climbmix", shards=1).missing) == 1
    with pytest.raises(DataError, match="nothing was fetched"):
        verify("fineweb-edu")


def test_the_core_bundle_is_unpacked(hub: Hub) -> None:
    hub.files["/core/eval_bundle.zip"] = bundle("eval_bundle/core.yaml", "eval_bundle/eval_data/a/b.jsonl")
    fetch(plan_fetch("core", shards=1), longest_wait_seconds=0.0)
    core = open_data("core").core_folder()
    assert core is not None
    assert sorted(path.name for path in core.rglob("*") if path.is_file()) == ["b.jsonl", "core.yaml"]
    assert plan_fetch("core", shards=1).missing == ()


def test_a_bundle_that_leads_out_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.files["/core/eval_bundle.zip"] = bundle("eval_bundle/../../../evil")
    with pytest.raises(DataError, match="leads out of the archive"):
        fetch(plan_fetch("core", shards=1), longest_wait_seconds=0.0)
    assert list(tmp_path.rglob("evil")) == []


@pytest.mark.parametrize(("name", "shards"), [("nothing", 1), ("climbmix", 0), ("climbmix", 6543)])
def test_what_cannot_be_fetched_is_named(name: str, shards: int) -> None:
    with pytest.raises(DataError, match="allowed"):
        plan_fetch(name, shards)


def put_shards(hub: Hub, folder: Path, *indices: int) -> None:
    for index in indices:
        write_shard(folder / "shard", [[f"text {index}"]])
        hub.files[f"/climbmix-400b-shuffle/shard_{index:05d}.parquet"] = (folder / "shard").read_bytes()


def bundle(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()
