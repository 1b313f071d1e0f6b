"""Training speed on one CPU thread: ours and nanochat's in turn, on the same rows, and the loss both reach.

    python -m bench.cpu --nanochat ../nanochat --data ../shared/data
    python -m bench.cpu --shape starter --rounds 40 --variants ours-bf16 ours-fp32

Depth 4, width 256, two heads of 128, vocabulary 32,768, full attention: nanochat's depth-4 shape; or the
starter lab's. Each round lets every variant train the same step; CPU seconds count, so a shared machine
disturbs less. `--nanochat` is a folder with a checkout of it.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.cpu.rows import SHAPES, write_rows
from bench.cpu.worker import Worker

VARIANTS = (
    "nanochat-fp32",
    "nanochat-fp32-compiled",
    "nanochat-bf16",
    "nanochat-bf16-compiled",
    "ours-fp32",
    "ours-fp32-compiled",
    "ours-bf16",
    "ours-bf16-compiled",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nanochat", type=Path, help="a checkout of nanochat")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="a folder with pretrain/*.parquet"
    )
    parser.add_argument("--rounds", type=int, default=24, help="optimizer steps of each variant")
    parser.add_argument("--shape", choices=SHAPES, default="nanochat")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    args = parser.parse_args()
    if args.nanochat is None and any(name.startswith("nanochat") for name in args.variants):
        parser.error("--nanochat: absent; allowed: a checkout, or --variants without nanochat")
    with tempfile.TemporaryDirectory() as scratch:
        shape = SHAPES[args.shape]
        rows_per_round = shape.batch_tokens // shape.sequence_len
        rows = write_rows(args.data, Path(scratch), shape, args.rounds * rows_per_round)
        workers = [Worker(name, rows, args) for name in args.variants]
        for round_ in range(args.rounds):
            for worker in workers:
                worker.step()
                print(
                    f"round {round_ + 1} {worker.name}: {worker.tokens_per_cpu_second[-1]:,.0f}", flush=True
                )
        losses = [worker.close() for worker in workers]
    report(workers, losses, args.json)


def report(workers: Sequence[Worker], losses: Sequence[float], path: Path | None) -> None:
    """The table: median tokens per CPU-second after the first round, and held-out nats a token."""
    print("\n| variant | tokens / CPU-s | of the first | held-out loss |\n|---|---|---|---|")
    speeds = [statistics.median(w.tokens_per_cpu_second[1:] or w.tokens_per_cpu_second) for w in workers]
    for worker, speed, loss in zip(workers, speeds, losses, strict=True):
        print(f"| {worker.name} | {speed:,.0f} | {speed / speeds[0]:.2f} | {loss:.4f} |")
    if path is not None:
        figures = {
            worker.name: {"tokens_per_cpu_second": worker.tokens_per_cpu_second, "loss": loss}
            for worker, loss in zip(workers, losses, strict=True)
        }
        path.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
