"""Held-out loss after a fixed time of training, or after as many tokens, on one GPU a run.

    python -m bench.speedrun --data ../shared/data --seconds 180 --seeds 0 1 2 --gpus 0 1
    python -m bench.speedrun --data ../shared/data --depth 24 --tokens 9830400 --variants precision.json

Every run is a job of its own; a GPU trains one at a time. Every step is timed: what is compiled is compiled
before, on weights that are thrown away. `--variants FILE` holds `{"name": {"model.depth": 10, ...}, ...}`:
each patch is run with each seed. Prints a line a run as it ends, then the table.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

VAL_TOKENS = 2_097_152
Metrics = dict[str, float]


@dataclass(frozen=True)
class Run:
    """One variant with one seed."""

    name: str
    patch: dict[str, Any]
    seed: int


def job_document(setup: "Setup", run: Run) -> dict[str, Any]:
    """A pretraining job to the setup's end, everything else the trainer's default or the run's patch."""
    document: dict[str, Any] = {
        "kind": "pretrain",
        "data": str(setup.data),
        "tokenizer": setup.tokenizer,
        "seed": run.seed,
        "model": {"depth": setup.depth},
        **setup.end,
        "val_tokens": VAL_TOKENS,
        "core": {"enabled": False},
        "limits": {"max_seconds": 4 * setup.end.get("train_seconds", 3600.0) + 600.0},
    }
    for path, value in run.patch.items():
        _set(document, path.split("."), value)
    return document


def _set(document: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        document = document.setdefault(key, {})
    document[path[-1]] = value


def run_job(document: dict[str, Any], scratch: Path, name: str, gpu: str) -> tuple[Path, dict[str, Any]]:
    """Run a job alone on `gpu` ("" for none), in a folder of its own; that folder and its result.

    Raises:
        RuntimeError: with the trainer's last words, when it fails.
    """
    job, runs = scratch / f"{name}.json", scratch / name
    job.write_text(json.dumps(document))
    environment = os.environ | {"HARNESS_RUNS": str(runs), "CUDA_VISIBLE_DEVICES": gpu}
    command = [sys.executable, "-m", "trainer", str(job)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {(done.stderr or done.stdout)[-800:]}")
    (folder,) = runs.iterdir()
    return folder, json.loads((folder / "result.json").read_text())


def train(document: dict[str, Any], scratch: Path, name: str, gpu: str, whole_shard: bool) -> Metrics:
    """Train one run and read its losses; its checkpoint is dropped."""
    folder, result = run_job(document, scratch, name, gpu)
    metrics: Metrics = result["metrics"] | {"wall_seconds": result["wall_seconds"]}
    if whole_shard:
        reading = {
            "kind": "eval",
            "checkpoint": str(folder),
            "data": document["data"],
            "text": "locked",
            "val_tokens": VAL_TOKENS,
            "core": {"enabled": False},
        }
        metrics["locked_bpb"] = run_job(reading, scratch, f"{name}-locked", gpu)[1]["metrics"]["locked_bpb"]
    shutil.rmtree(folder)
    return metrics


@dataclass(frozen=True)
class Setup:
    """What all runs share; `end` is when they do, in a job's own terms, and `scratch` holds the tokenizer."""

    data: Path
    depth: int
    end: dict[str, float]
    tokenizer: str
    whole_shard: bool
    scratch: Path
    out: Path | None


class Queue:
    """Runs waiting for a GPU, and those that have ended."""

    def __init__(self, setup: Setup, runs: Sequence[Run]) -> None:
        self._setup, self.ended = setup, list[tuple[Run, Metrics]]()
        self._waiting = deque(runs)

    def drain(self, gpus: Sequence[str]) -> None:
        """Run all of them, one at a time on each GPU."""
        threads = [threading.Thread(target=self._work, args=(gpu,)) for gpu in gpus]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, gpu: str) -> None:
        while True:
            try:
                run = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._end(run, self._train(run, gpu))
            except RuntimeError as error:  # printed, and left out of the table
                print(error, file=sys.stderr, flush=True)

    def _train(self, run: Run, gpu: str) -> Metrics:
        setup = self._setup
        document = job_document(setup, run)
        return train(document, setup.scratch, f"{run.name}-{run.seed}", gpu, setup.whole_shard)

    def _end(self, run: Run, metrics: Metrics) -> None:
        self.ended.append((run, metrics))
        print(line_of(run, metrics), flush=True)
        if self._setup.out:
            rows = [{**asdict(run), "metrics": metrics} for run, metrics in self.ended]
            self._setup.out.write_text(json.dumps(rows, indent=1))


def line_of(run: Run, m: Metrics) -> str:
    """One row of the table."""
    cells = (
        run.name,
        f"{run.seed}",
        f"{m['val_bpb']:.4f}",
        f"{m['locked_bpb']:.4f}" if "locked_bpb" in m else "",
        f"{m['tokens'] / 1e6:.1f}",
        f"{m['steps']:.0f}",
        f"{m['epochs']:.2f}",
        f"{m['tokens'] / m['train_seconds']:,.0f}",
        f"{m['train_seconds']:.2f}",
        f"{m.get('mfu', 0.0):.1%}",
        f"{m.get('peak_memory_bytes', 0.0) / 1e9:.1f}",
        f"{m['wall_seconds']:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


def print_table(ended: Sequence[tuple[Run, Metrics]]) -> None:
    """Every run, then the mean of each variant."""
    columns = (
        "variant",
        "seed",
        "val_bpb",
        "locked_bpb",
        "M tokens",
        "steps",
        "epochs",
        "tokens/s",
        "training s",
        "MFU",
    )
    print("| " + " | ".join((*columns, "memory GB", "job s")) + " |")
    print("|---" * (len(columns) + 2) + "|")
    for run, metrics in sorted(ended, key=lambda pair: (pair[0].name, pair[0].seed)):
        print(line_of(run, metrics))
    for name in sorted({run.name for run, _ in ended}):
        losses = [metrics["val_bpb"] for run, metrics in ended if run.name == name]
        spread = f", sd {statistics.stdev(losses):.4f}" if len(losses) > 1 else ""
        print(f"{name}: mean val_bpb {statistics.fmean(losses):.4f} of {len(losses)}{spread}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--tokens", type=int, help="train on so many tokens, however long it takes")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--gpus", nargs="+", default=["0"], help="indices as in CUDA_VISIBLE_DEVICES")
    parser.add_argument("--vocab-size", type=int, default=32_768)
    parser.add_argument("--variants", type=Path, help="JSON: name -> patch of the job; default: none")
    parser.add_argument("--whole-shard", action="store_true", help="read the locked half of the text, too")
    parser.add_argument("--out", type=Path, help="JSON of all metrics, rewritten after each run")
    args = parser.parse_args()
    variants = json.loads(args.variants.read_text()) if args.variants else {"default": {}}
    runs = [Run(name, patch, seed) for seed in args.seeds for name, patch in variants.items()]
    data = args.data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        text = {"kind": "tokenizer", "data": str(data), "vocab_size": args.vocab_size}
        tokenizer, _ = run_job(text, Path(folder), "tokenizer", "")
        end = {"train_seconds": args.seconds} if args.tokens is None else {"train_tokens": args.tokens}
        setup = Setup(data, args.depth, end, str(tokenizer), args.whole_shard, Path(folder), args.out)
        queue = Queue(setup, runs)
        queue.drain(args.gpus)
    print_table(queue.ended)


if __name__ == "__main__":
    main()
