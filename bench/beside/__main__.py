"""Our training step's speed beside nanochat's: the same GPUs, the same run, in turns.

    python -m bench.beside --nanochat ../nanochat --depth 12 --gpus 1 2 --out beside.json
    python -m bench.beside --variants ours ours-sssl --depth 24 --one-at-a-time

Every variant is a group of processes, one a GPU. All are built and compiled first, one after another; then
each in its turn takes `--steps` timed optimizer steps, `--rounds` times, while the others wait. nanochat's
kernels for sliding windows (FA3) come by download alone; without them its SSSL is a mask that saves nothing.
"""

import argparse
import shlex
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from bench.beside.report import Book
from bench.beside.spec import VARIANTS, Spec
from bench.beside.turns import Run
from bench.step import synthetic_tokens

# Steps' worth of rows that differ.
DIFFERENT_STEPS = 4


def main() -> None:
    args = arguments()
    # Ended from outside, it ends its workers.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    folder = Path(tempfile.mkdtemp(prefix="beside-"))
    command = shlex.join(["python", "-m", "bench.beside", *sys.argv[1:]])
    print(f"{command}\nlogs: {folder}", flush=True)
    book = Book(args.total_batch_size, command, args.out)
    rows_path = write_rows(args, folder)
    run = Run(args, [spec_of(variant, args, rows_path) for variant in args.variants], folder, book)
    try:
        for world_size in sorted(args.gpus):
            run.measure(world_size)
    finally:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        print(f"\n{book.table()}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nanochat", type=Path, metavar="CHECKOUT", help="a checkout of nanochat")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, help="default: all that apply")
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--sequence-len", type=int, default=2048)
    parser.add_argument("--vocab-size", type=int, default=32_768)
    parser.add_argument("--gpus", type=int, nargs="+", default=[1], help="numbers of GPUs (of CPU ranks)")
    parser.add_argument("--total-batch-size", type=int, default=524_288, help="tokens an optimizer step")
    parser.add_argument("--device-batch-size", type=int, default=32, help="nanochat's rows a pass")
    parser.add_argument("--our-device-batch-size", type=int, help="default: what the trainer chooses")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=4, help="timed optimizer steps a round")
    parser.add_argument("--warm-steps", type=int, default=3, help="untimed ones after compilation")
    parser.add_argument("--one-at-a-time", action="store_true", help="where not all fit in memory at once")
    parser.add_argument(
        "--share-cache", action="store_true", help="compile less: seconds to the first step are not cold then"
    )
    parser.add_argument("--patience", type=float, default=900.0, help="seconds to wait for an answer")
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    args = parser.parse_args()
    check(parser, args)
    return args


def check(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Fill in the variants, and refuse what cannot run."""
    if args.variants is None:
        there = [name for name in VARIANTS if args.nanochat or not name.startswith("nanochat")]
        args.variants = [name for name in there if args.device == "cuda" or "fp8" not in name]
    if any(name.startswith("nanochat") for name in args.variants):
        if args.nanochat is None or not (args.nanochat / "nanochat" / "gpt.py").is_file():
            parser.error(f"--nanochat: {args.nanochat}; allowed: a checkout, or --variants without nanochat")
        args.nanochat = args.nanochat.resolve()
    if args.total_batch_size % args.sequence_len:
        parser.error("--total-batch-size: allowed: a multiple of --sequence-len")
    # Asks the driver, so that this process takes no GPU memory.
    most = torch.cuda.device_count() if args.device == "cuda" else 8
    if not 1 <= min(args.gpus) <= max(args.gpus) <= most:
        parser.error(f"--gpus: {args.gpus}; allowed: 1 to {most}")
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)


def spec_of(variant: str, args: argparse.Namespace, rows_path: Path) -> Spec:
    return Spec(
        variant=variant, depth=args.depth, sequence_len=args.sequence_len, vocab_size=args.vocab_size,
        total_batch_size=args.total_batch_size, device_batch_size=args.device_batch_size,
        our_device_batch_size=args.our_device_batch_size, warm_steps=args.warm_steps, device=args.device,
        nanochat=None if args.nanochat is None else str(args.nanochat), rows_path=str(rows_path),
    )  # fmt: skip


def write_rows(args: argparse.Namespace, folder: Path) -> Path:
    """The rows that all variants train on."""
    torch.manual_seed(0)
    rows = DIFFERENT_STEPS * args.total_batch_size // args.sequence_len
    tokens = synthetic_tokens(rows, args.sequence_len + 1, args.vocab_size, torch.device("cpu"))
    path = folder / "rows.npy"
    np.save(path, tokens.numpy().astype(np.int32))
    return path


if __name__ == "__main__":
    main()
