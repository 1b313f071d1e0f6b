"""`python -m trainer.engine.tiny RUN_FOLDER`: write a tiny random model, to see an engine answer."""

import sys
from pathlib import Path

import torch

from trainer.checkpoint.contents import CheckpointMeta
from trainer.checkpoint.writer import save_checkpoint
from trainer.job import RunPaths
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.tokenizer import Tokenizer

TEXT = "one two three four five six seven eight nine ten. "
VOCAB_SIZE = 310
# Heads and width as in real models, so that the kernels are the same; two layers, both kinds of window.
CONFIG = ModelConfig(
    depth=2, width=256, heads=2, kv_heads=2, head_dim=128, sequence_len=256, vocab_size=VOCAB_SIZE,
    block="gpt", windows=(64, None), value_embedding_layers=(1,), logit_softcap=15.0, rope_base=1e5,
    qk_scale=1.2,
)  # fmt: skip


def write_tiny_checkpoint(run: RunPaths) -> None:
    """Write the run folder's checkpoint; its canary holds the loss that this CPU computes."""
    tokenizer = Tokenizer.train([TEXT * 20], VOCAB_SIZE)
    tokenizer.save(run.tokenizer)
    model = GPT(CONFIG)
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        parameter.data.normal_(0.0, 0.1, generator=generator)
    row = [tokenizer.special("<|bos|>"), *tokenizer.encode(TEXT * 3).tolist()]
    tokens = torch.tensor([row])
    with torch.no_grad():
        loss = float(model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean())
    meta = CheckpointMeta(job_id=run.folder.name, kind="sft", step=1, config=CONFIG, spec_hash="0" * 64)
    save_checkpoint(run.checkpoint, model.state_dict(), None, meta, run.tokenizer, b"{}", (row, loss), {})


if __name__ == "__main__":
    write_tiny_checkpoint(RunPaths(Path(sys.argv[1])))
