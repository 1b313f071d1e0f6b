"""Pretraining speed on this machine's GPUs: one job file, run on 1, 2, … of them.

    python -m bench.pretrain --data ../shared/data --depth 12 --gpus 1 2 --steps 40

Prints a table of tokens/s, MFU as reported and as recomputed here from shapes, and scaling.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

H200_DENSE_BF16_FLOPS = 989e12
TOTAL_BATCH_TOKENS = 524_288
FREE_STEPS = 10


def pretrain_document(args: argparse.Namespace, tokenizer: str) -> dict[str, Any]:
    """The job, the same bytes for every number of GPUs."""
    return {
        "kind": "pretrain",
        "data": str(args.data),
        "tokenizer": tokenizer,
        "model": {"depth": args.depth, "sequence_len": 2048, "window_pattern": args.windows},
        "device_batch_size": args.device_batch_size,
        "total_batch_size": TOTAL_BATCH_TOKENS,
        "train_tokens": TOTAL_BATCH_TOKENS * args.steps,
        "val_tokens": 2_097_152,
        "core": {"max_per_task": args.core_items} if args.core_items else {"enabled": False},
        "limits": {"max_seconds": 600.0},
    }


def run_trainer(job: Path, runs: Path, gpus: int, devices: str) -> dict[str, Any]:
    """Run one job to its end and return its result."""
    environment = os.environ | {"HARNESS_RUNS": str(runs), "CUDA_VISIBLE_DEVICES": devices}
    before, began = set(runs.glob("*")) if runs.exists() else set(), time.time()
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={gpus}"]
    command = (launch if gpus > 1 else [sys.executable]) + ["-m", "trainer", str(job)]
    subprocess.run(command, env=environment, check=True)
    (folder,) = set(runs.glob("*")) - before
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return result | step_times(folder / "events.jsonl", began)


def step_times(events: Path, began: float) -> dict[str, float]:
    """Seconds from `began` to the first step's end, and tokens a second between steps seen alike.

    A step's numbers are read once the next one is queued, so ends are seen late, by about the same time. Not
    the last two: one is seen at once, and the one before was seen 0.7 s later still (depth 12, 14 steps).
    """
    lines = (json.loads(line) for line in events.read_text().splitlines()) if events.exists() else ()
    steps = [line for line in lines if line["event"] == "step"]
    if len(steps) <= FREE_STEPS + 3:
        return {}
    first, last = steps[FREE_STEPS], steps[-3]
    rate = (last["tokens"] - first["tokens"]) / (last["time"] - first["time"])
    return {"first_step_seconds": steps[0]["time"] - began, "steady_tokens_per_second": rate}


def flops_per_token(resolved: dict[str, Any]) -> float:
    """6 FLOP a matrix weight and 12 · heads · head_dim · context a layer, from the resolved shape alone."""
    depth, width, heads, head_dim = (int(resolved[k]) for k in ("depth", "width", "heads", "head_dim"))
    kv_heads, vocab_size = int(resolved["kv_heads"]), int(resolved["vocab_size"])
    sequence_len = int(resolved["sequence_len"])
    windows = [sequence_len if w == "None" else int(w) for w in str(resolved["windows"]).split(",")]
    attention = 2 * width * head_dim * (heads + kv_heads)
    mlp = 8 * width * width
    gates = min(32, width) * kv_heads * ((depth + 1) // 2)
    weights = depth * (attention + mlp) + gates + vocab_size * width
    context = sum(min(window, sequence_len) for window in windows)
    return 6.0 * weights + 12.0 * heads * head_dim * context


def recomputed_mfu(result: dict[str, Any], gpus: int) -> float:
    """Model FLOPs utilisation from the shape and the speed alone."""
    flops = flops_per_token(result["resolved"]) * float(result["metrics"]["tokens_per_second"])
    return flops / (gpus * H200_DENSE_BF16_FLOPS)


def print_table(results: dict[int, dict[str, Any]]) -> None:
    """One line for each number of GPUs."""
    base = next(iter(results.values()))["metrics"]["tokens_per_second"] / next(iter(results))
    columns = (
        "GPUs", "tokens/s", "steady tokens/s", "of linear", "MFU", "MFU recomputed", "val_bpb", "memory GB",
        "to first step s", "not training s",
    )  # fmt: skip
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    for gpus, result in results.items():
        m = result["metrics"]
        speed = m["tokens_per_second"]
        row = (
            f"{gpus}",
            f"{speed:,.0f}",
            f"{result['steady_tokens_per_second']:,.0f}",
            f"{speed / (base * gpus):.1%}",
            f"{m.get('mfu', 0.0):.2%}",
            f"{recomputed_mfu(result, gpus):.2%}",
            f"{m['val_bpb']:.4f}",
            f"{m.get('peak_memory_bytes', 0.0) / 1e9:.1f}",
            f"{result['first_step_seconds']:.1f}",
            f"{result['wall_seconds'] - result['train_seconds']:.0f}",
        )
        print("| " + " | ".join(row) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--gpus", type=int, nargs="+", default=[1])
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--windows", default="L")
    parser.add_argument("--device-batch-size", type=int, help="rows a pass; default: the trainer's choice")
    parser.add_argument("--vocab-size", type=int, default=32_768)
    parser.add_argument("--core-items", type=int, default=0)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.steps < FREE_STEPS + 3:
        parser.error(
            f"--steps: {args.steps}; allowed: at least {FREE_STEPS + 3}, the first {FREE_STEPS} are not timed"
        )
    with tempfile.TemporaryDirectory() as scratch:
        runs, job = Path(scratch) / "runs", Path(scratch) / "request.json"
        job.write_text(
            json.dumps({"kind": "tokenizer", "data": str(args.data), "vocab_size": args.vocab_size})
        )
        tokenizer = run_trainer(job, runs, 1, "")["job_id"]
        job.write_text(json.dumps(pretrain_document(args, tokenizer)))
        results = {n: run_trainer(job, runs, n, ",".join(map(str, range(n)))) for n in args.gpus}
    print_table(results)
    if args.out:
        args.out.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
