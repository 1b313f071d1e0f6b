"""Does what is found at small scale hold at large scale? Simulated labs on a ladder of rungs."""
