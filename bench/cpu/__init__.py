"""Training speed on a CPU, beside nanochat's in the same run."""
