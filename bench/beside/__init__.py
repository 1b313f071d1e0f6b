"""Training speed on GPUs, beside nanochat's in the same run."""
