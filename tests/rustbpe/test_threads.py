"""The number of threads, given by the environment, changes no byte of the result."""

import os
import subprocess
import sys

SCRIPT = """
import random, sys
from trainer.tokenizer import Tokenizer
draw = random.Random(7)
words = ["".join(draw.choices("abcdeé字", k=draw.randint(1, 8))) for _ in range(3000)]
texts = [" ".join(draw.choices(words, k=400)) for _ in range(300)]
tokenizer = Tokenizer.train(iter(texts), 900)
print(tokenizer.content_hash(), hash(tuple(tuple(ids.tolist()) for ids in tokenizer.encode_batch(texts))))
"""


def output(**environment: str) -> str:
    env = {
        key: value for key, value in os.environ.items() if key not in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS")
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=env | environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_same_result_for_any_number_of_threads() -> None:
    once = output(RAYON_NUM_THREADS="1")
    assert once
    assert output(RAYON_NUM_THREADS="2") == once
    assert output(RAYON_NUM_THREADS="7", OMP_NUM_THREADS="1") == once
    assert output(OMP_NUM_THREADS="nonsense") == once
