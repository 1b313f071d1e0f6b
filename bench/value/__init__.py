"""What is the champion worth? Simulated labs whose truth is known, searched by several policies."""
