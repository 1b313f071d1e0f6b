"""`python -m bench`: what can be measured, and how."""

BENCHES = {
    "bench.pretrain": "tokens/s, MFU and scaling of one pretrain job on this machine's GPUs",
    "bench.beside": "a training step's speed on GPUs beside nanochat's, in turns on the same cards",
    "bench.cpu": "training speed on a CPU thread, beside nanochat in the same run",
    "bench.memory": "peak memory of training steps on a GPU, beside what is predicted",
    "bench.speedrun": "held-out loss after a fixed time of training, variants side by side",
    "bench.kernels": "the fused GPU kernels, each beside what it replaces",
    "bench.step": "kernel by kernel, where the time of one training step goes",
    "bench.occupancy": "slot occupancy, money spent and CPU time of a lab on a simulated node",
    "bench.regret": "regret of the lab's searchers and their peers against dollars",
    "bench.greedy": "keep-if-better on a lab's own runs, beside its verdicts",
    "bench.transfer": "whether findings hold at scale: the ladder against the small rung, equal dollars",
    "bench.truth": "whether verdicts hold: simulated labs whose true effects are known",
}


def main() -> None:
    for name, purpose in BENCHES.items():
        print(f"python -m {name} --help\n    {purpose}")


if __name__ == "__main__":
    main()
