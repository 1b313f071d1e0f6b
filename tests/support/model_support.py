"""Tiny models and a tiny tokenizer for tests of the model and its checkpoints."""

from pathlib import Path
from typing import Any

import torch

from trainer.checkpoint.contents import CheckpointMeta
from trainer.checkpoint.writer import save_checkpoint
from trainer.job import ModelSpec, PretrainJob
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.optim.optimizer import Optimizer, build_optimizer
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.tokenizer import Tokenizer

VOCAB_SIZE = 300


def tiny_config(**overrides: Any) -> ModelConfig:
    """Depth 4, width 32: every feature of the gpt block, windows of 4 tokens in 16."""
    settings: dict[str, Any] = {"depth": 4, "width": 32, "head_dim": 8, "sequence_len": 16, **overrides}
    return resolve_model(ModelSpec(**settings), VOCAB_SIZE)


def tiny_model(config: ModelConfig | None = None, seed: int = 0, noise: float = 0.0) -> GPT:
    """An initialised model; `noise` moves every weight, so that no output projection is zero."""
    model = GPT(config or tiny_config())
    model.init_weights(seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=noise)
    return model


def tiny_plan(config: ModelConfig, **overrides: Any) -> TrainingPlan:
    """A plan of 40 steps of 8 sequences."""
    batch = 8 * config.sequence_len
    settings: dict[str, Any] = {"train_tokens": 40 * batch, "total_batch_size": batch, **overrides}
    return resolve_training(PretrainJob(kind="pretrain", tokenizer="t", **settings), config, 1)


def random_tokens(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(VOCAB_SIZE, shape, generator=torch.Generator().manual_seed(seed))


def train_steps(model: GPT, optimizer: Optimizer, steps: int, seed: int = 0) -> None:
    """A few real steps on random tokens."""
    for step in range(steps):
        tokens = random_tokens(2, 16, seed=seed + step)
        model.loss_per_token(tokens, tokens.roll(-1, 1)).mean().backward()
        optimizer.step(1.0, 0.1)
        optimizer.zero_grad()


def tokenizer_file(folder: Path) -> Path:
    path = folder / "tokenizer.json"
    if not path.exists():
        Tokenizer.train(["one two three four five six seven"] * 4, VOCAB_SIZE).save(path)
    return path


def save_tiny(folder: Path, step: int = 0, seed: int = 0, model: GPT | None = None) -> GPT:
    """Write a complete checkpoint to `folder`; its canary loss is the model's own."""
    model = model or tiny_model(seed=seed, noise=0.02)
    tokens = random_tokens(1, 17)
    with torch.no_grad():
        loss = float(model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean())
    meta = CheckpointMeta(
        job_id="0123456789-1", kind="pretrain", step=step, config=model.config, spec_hash="0" * 64
    )
    save_checkpoint(
        folder,
        model.state_dict(),
        build_optimizer(model, tiny_plan(model.config)),
        meta,
        tokenizer_file(folder.parent),
        b"{}\n",
        (tokens[0].tolist(), loss),
        {"step": step},
    )
    return model
