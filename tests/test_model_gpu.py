"""On a GPU the compiled loss, its gradients and the cache agree with the CPU."""

import copy

import pytest
import torch
import torch.nn.functional as F

from tests.model_support import VOCAB_SIZE, tiny_model
from trainer import cudnn_attention
from trainer.attention import window_mask
from trainer.config import ModelConfig
from trainer.job import ModelSpec
from trainer.kv_cache import KVCache
from trainer.model import GPT, IGNORE
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


@pytest.mark.parametrize("compiled", [False, True])
def test_the_fused_loss_is_the_plain_one(compiled: bool) -> None:
    from trainer.softcap_triton import softcap_loss_sum

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(512, 64, generator=generator).cuda().bfloat16().requires_grad_(True)
    weight = (0.5 * torch.randn(5000, 64, generator=generator)).cuda().bfloat16().requires_grad_(True)
    targets = torch.randint(5000, (512,), generator=generator).cuda()
    targets[3] = IGNORE
    torch.compiler.reset()
    fused = torch.compile(softcap_loss_sum) if compiled else softcap_loss_sum
    loss = fused(x, weight, targets, 15.0, IGNORE)[0] * 0.25
    loss.backward()
    x_32, weight_32 = (t.detach().float().requires_grad_(True) for t in (x, weight))
    logits = 15.0 * torch.tanh(x_32 @ weight_32.T / 15.0)
    plain = F.cross_entropy(logits, targets, ignore_index=IGNORE, reduction="sum") * 0.25
    plain.backward()
    assert abs(float(loss) / float(plain) - 1.0) < 1e-3
    for ours, theirs in ((x, x_32), (weight, weight_32)):
        assert ours.grad is not None and theirs.grad is not None
        assert float((ours.grad - theirs.grad).norm() / theirs.grad.norm()) < 1e-2


@pytest.mark.parametrize("window", [1, 17, 128])
def test_cudnn_windows_see_the_last_keys_and_no_others(window: int) -> None:
    q, k, v = (
        torch.randn(2, 300, heads, 64, device="cuda", dtype=torch.bfloat16, requires_grad=True)
        for heads in (4, 2, 2)
    )
    if not cudnn_attention.takes(q):
        pytest.skip("needs nvidia-cudnn-frontend and a Hopper GPU")
    out = cudnn_attention.window_attention(q, k, v, window, 0.2)[0]
    grad = torch.randn_like(out)
    out.backward(grad)
    exact = [t.detach().float().requires_grad_(True) for t in (q, k, v)]
    mask = window_mask(300, window, q.device)
    query, key, value = (t.transpose(1, 2) for t in exact)
    plain = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=0.2, enable_gqa=True)
    plain.transpose(1, 2).backward(grad.float())
    assert float((out - plain.transpose(1, 2)).abs().max()) < 2e-2
    for ours, theirs in zip((q, k, v), exact, strict=True):
        assert ours.grad is not None and theirs.grad is not None
        assert float((ours.grad - theirs.grad).abs().max()) < 6e-2
