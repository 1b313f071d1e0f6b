"""A checkpoint of a tiny random model, with a true or a false canary."""

from pathlib import Path

import torch

from tests.support.core_support import tiny_model
from trainer.checkpoint.contents import CheckpointMeta
from trainer.checkpoint.writer import save_checkpoint
from trainer.tokenizer import Tokenizer

TEXT = "one two three four five six seven eight nine ten. "
SEQUENCE_LEN = 96


def write_checkpoint(folder: Path, loss_error: float = 0.0, head_scale: float = 1.0) -> Path:
    """Write `folder/checkpoint` and return it; a head scaled to 0 makes the model guess evenly."""
    tokenizer = Tokenizer.train([TEXT * 20], 310)
    tokenizer.save(folder / "tokenizer.json")
    model = tiny_model(tokenizer.vocab_size, SEQUENCE_LEN)
    model.lm_head.weight.data.mul_(head_scale)
    row = [tokenizer.special("<|bos|>"), *tokenizer.encode(TEXT).tolist()]
    with torch.no_grad():
        tokens = torch.tensor([row])
        loss = float(model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean())
    meta = CheckpointMeta(job_id="0123456789-1", kind="sft", step=1, config=model.config, spec_hash="0" * 64)
    checkpoint = folder / "checkpoint"
    save_checkpoint(
        checkpoint,
        model.state_dict(),
        None,
        meta,
        folder / "tokenizer.json",
        b"{}",
        (row, loss + loss_error),
        {},
    )
    return checkpoint
