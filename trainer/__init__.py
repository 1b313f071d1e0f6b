"""The trainer: tokenizer, data, models, loops, evaluation and engine, behind one JSON door."""
