"""The inference process: continuous batching over a checkpoint, spoken to by JSON lines on a local socket."""
