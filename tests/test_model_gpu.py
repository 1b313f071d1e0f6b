"""On a GPU the compiled loss, its gradients and the cache agree with the CPU."""

import copy

import pytest
import torch

from tests.model_support import VOCAB_SIZE, tiny_model
from trainer.config import ModelConfig
from trainer.job import ModelSpec
from trainer.kv_cache import KVCache
from trainer.model import GPT
from trainer.sizing import resolve_model

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
SHAPES = [{}, {"kv_heads": 2}, {"block": "llama", "kv_heads": 2}]


def _config(overrides: dict[str, object]) -> ModelConfig:
    sizes = {"depth": 2, "width": 256, "head_dim": 64, "sequence_len": 512}
    return resolve_model(ModelSpec.model_validate({**sizes, **overrides}), VOCAB_SIZE)


def _pair(overrides: dict[str, object]) -> tuple[GPT, GPT, torch.Tensor]:
    model = tiny_model(_config(overrides), noise=0.03)
    tokens = torch.randint(VOCAB_SIZE, (2, 512), generator=torch.Generator().manual_seed(0))
    return model, copy.deepcopy(model).cuda(), tokens


@pytest.mark.parametrize("overrides", SHAPES)
def test_compiled_loss_and_gradients(overrides: dict[str, object]) -> None:
    ours, theirs, tokens = _pair(overrides)
    torch.compiler.reset()
    compiled = torch.compile(theirs.loss_per_token, dynamic=False, fullgraph=True)
    losses = (
        ours.loss_per_token(tokens, tokens.roll(-1, 1)),
        compiled(tokens.cuda(), tokens.cuda().roll(-1, 1)),
    )
    assert torch.allclose(losses[0], losses[1].cpu(), atol=2e-3)
    for loss in losses:
        loss.mean().backward()
    for (name, one), other in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert one.grad is not None and other.grad is not None
        assert float((one.grad - other.grad.cpu()).norm() / one.grad.norm()) < 2e-2, name


@torch.no_grad()
@pytest.mark.parametrize("overrides", SHAPES)
def test_bf16_cache_follows_the_full_pass(overrides: dict[str, object]) -> None:
    ours, theirs, tokens = _pair(overrides)
    full = ours(tokens[:, :302])
    theirs.cast_parameters(torch.bfloat16)
    cache = KVCache(ours.config, 3, 512, "cuda", torch.bfloat16)
    slots = torch.tensor([2, 0])
    prefill = theirs(tokens[:, :300].cuda(), cache=cache, slots=slots).cpu()
    steps = [theirs(tokens[:, i : i + 1].cuda(), cache=cache, slots=slots).cpu() for i in (300, 301)]
    logits = torch.cat([prefill, *steps], 1)
    assert float((logits - full).norm() / full.norm()) < 2e-2
