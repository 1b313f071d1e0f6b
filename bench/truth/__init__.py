"""Does the judge hold? Simulated labs whose true effects are known."""
