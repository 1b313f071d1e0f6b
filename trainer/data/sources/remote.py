"""What can be fetched, from where, and how large it is."""

import os
from dataclasses import dataclass
from pathlib import Path

from trainer.data.errors import DataError

HUB = "https://huggingface.co/datasets"
SMOLTALK = f"{HUB}/HuggingFaceTB/smol-smoltalk/resolve/f73fe857d519ff6ac5af2ea67c4d3834da7b8bcc/data"
SMOLTALK_SHA256 = (
    "498cd4580014f42c40cfde066573564ed28e3e1548a5566715b615f5ea932856",
    "5412c03df579fc7dd7d06c7f5249627d99d0621882fb8f2cd5c13582eb2a80f6",
    "aefcac6571abf275b4e1629baa01f326c0fe279d35cd0349b7439319923815a7",
    "c15edfca888c9924a626dad7b7f4e9f08d8f406f997ac13be46bc9be0a6192db",
)
SMOLTALK_TEST_SHA256 = "be6773dcce145f3918ff14237b1f765affa427b0b13f6a02d397e665ac908b9a"
CORE_BUNDLE = "https://karpathy-public.s3.us-west-2.amazonaws.com/eval_bundle.zip"


@dataclass(frozen=True)
class RemoteFile:
    """One file: `target` is relative to the data set's folder; a `.zip` is unpacked into it.

    `approximate_bytes` is for the plan; the server's Content-Length is what is checked.
    """

    url: str
    target: str
    approximate_bytes: int
    sha256: str | None = None


@dataclass(frozen=True)
class RemoteSet:
    """A data set that can be fetched; numbered shards are taken as far as they are asked for."""

    name: str
    description: str
    licence: str
    files: tuple[RemoteFile, ...] = ()
    shards: str | None = None
    last_shard: int = 0
    shard_bytes: int = 0

    def chosen(self, shards: int) -> tuple[RemoteFile, ...]:
        """The files for a number of training shards.

        The last shard of all is always the held-out one, so that fetching more later leaves
        validation text as it was.

        Raises:
            DataError: when there are not that many.
        """
        if self.shards is None:
            return self.files
        if not 1 <= shards <= self.last_shard:
            raise DataError(f"shards: {shards}; allowed for {self.name}: 1 to {self.last_shard}")
        return (*self.files, *(self._shard(index) for index in (*range(shards), self.last_shard)))

    def _shard(self, index: int) -> RemoteFile:
        name = f"shard_{index:05d}.parquet"
        return RemoteFile(f"{self.shards}/{name}", f"pretrain/{name}", self.shard_bytes)


def remote_sets() -> dict[str, RemoteSet]:
    """All sets by name; `default` is the mixture a lab on a GPU node wants."""
    core = RemoteFile(CORE_BUNDLE, "core/eval_bundle.zip", 170_000_000)
    chat = tuple(
        RemoteFile(
            f"{SMOLTALK}/train-{i:05d}-of-00004.parquet",
            f"chat/smoltalk_{i}_train.parquet",
            231_000_000,
            sha256,
        )
        for i, sha256 in enumerate(SMOLTALK_SHA256)
    )
    test = RemoteFile(
        f"{SMOLTALK}/test-00000-of-00001.parquet",
        "chat/smoltalk_validation.parquet",
        48_000_000,
        SMOLTALK_TEST_SHA256,
    )
    climbmix = f"{HUB}/karpathy/climbmix-400b-shuffle/resolve/main"
    fineweb = f"{HUB}/karpathy/fineweb-edu-100b-shuffle/resolve/main"
    sets = (
        RemoteSet(
            "climbmix",
            "web text, 400B tokens in 6,543 shards",
            "CC BY-NC 4.0",
            (),
            climbmix,
            6542,
            90_000_000,
        ),
        RemoteSet(
            "fineweb-edu", "educational web text, 100B tokens", "ODC-By", (), fineweb, 1822, 100_000_000
        ),
        RemoteSet("smoltalk", "460,000 conversations for small models", "Apache-2.0", (*chat, test)),
        RemoteSet("core", "the 22 CORE tasks", "by task", (core,)),
        RemoteSet(
            "default",
            "climbmix text, smoltalk conversations and CORE in one set",
            "as its parts",
            (core, *chat, test),
            climbmix,
            6542,
            90_000_000,
        ),
    )
    return {entry.name: entry for entry in sets}


def remote_set(name: str) -> RemoteSet:
    """One set by name.

    Raises:
        DataError: naming the sets there are.
    """
    sets = remote_sets()
    if name not in sets:
        raise DataError(f'name: "{name}"; allowed: {", ".join(sorted(sets))}')
    return sets[name]


def mirrored(file: RemoteFile) -> str:
    """Where to get a file: under `HARNESS_DATA_MIRROR`, if that is set, by its URL's last parts."""
    mirror = os.environ.get("HARNESS_DATA_MIRROR")
    if not mirror:
        return file.url
    folder = file.url.split("/resolve/")[0].rsplit("/", 1)[-1] if "/resolve/" in file.url else "core"
    return f"{mirror.rstrip('/')}/{folder}/{Path(file.url).name}"
