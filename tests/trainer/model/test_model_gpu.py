"""On a GPU the compiled loss, its gradients and the cache agree with the CPU."""

import copy
from functools import partial

import pytest
import torch
import torch.nn.functional as F

from tests.support.model_support import VOCAB_SIZE, tiny_model
from trainer.job import ModelSpec
from trainer.kernels.attention import cudnn as cudnn_attention
from trainer.model.attention import attention_kernels, rope_tables, rotate, window_mask
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT, norm
from trainer.model.kv_cache import KVCache
from trainer.optim import muon
from trainer.optim.rates import GroupRates
from trainer.sizing.shape import resolve_model
from trainer.tokens import IGNORE
from trainer.training.loss import loss_sum_of

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
SHAPES = [{}, {"kv_heads": 2}, {"block": "llama", "kv_heads": 2}]


def _config(overrides: dict[str, object]) -> ModelConfig:
    sizes = {"depth": 3, "width": 256, "head_dim": 64, "sequence_len": 512}
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
    from trainer.kernels.softcap import softcap_loss_sum

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(512, 64, generator=generator).cuda().bfloat16().requires_grad_(True)
    weight = (0.5 * torch.randn(5000, 64, generator=generator)).cuda().bfloat16().requires_grad_(True)
    targets = torch.randint(5000, (512,), generator=generator).cuda()
    targets[3] = IGNORE
    torch.compiler.reset()
    fused = torch.compile(softcap_loss_sum) if compiled else softcap_loss_sum
    loss = fused(x, weight, targets, 15.0, IGNORE, False)[0] * 0.25
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


@pytest.mark.parametrize("heads_of_keys", [4, 2])
@pytest.mark.parametrize("window", [1, 17, 128, 300])
def test_flash_attentions_gradients_are_cudnns(window: int, heads_of_keys: int) -> None:
    from trainer.kernels import cute as cute_kernels
    from trainer.kernels.attention import flash as flash_attention

    qkv = torch.randn(2, 300, 4 + 2 * heads_of_keys, 64, device="cuda", dtype=torch.bfloat16)
    parts = [4, heads_of_keys, heads_of_keys]
    q, k, v = qkv.split(parts, dim=2)
    if not cudnn_attention.takes(q) or cute_kernels.version(cute_kernels.FLASH_ATTENTION) is None:
        pytest.skip("needs nvidia-cudnn-frontend, flash-attn-4 and a Hopper GPU")
    out, stats = cudnn_attention.attention(q, k, v, window, 0.2)
    grad, (ours, theirs) = torch.randn_like(out), (torch.zeros_like(qkv) for _ in range(2))
    for way, into in ((flash_attention, ours), (cudnn_attention, theirs)):
        way.attention_backward(grad, q, k, v, out, stats, window, 0.2, into.split(parts, dim=2))
    for mine, his in zip(ours.split(parts, dim=2), theirs.split(parts, dim=2), strict=True):
        assert float((mine - his).float().norm() / his.float().norm().clamp_min(1.0)) < 1e-2


def test_attention_is_named_as_it_runs() -> None:
    name = partial(attention_kernels, _config({"window_pattern": "SL"}), torch.device("cuda"))
    if not cudnn_attention.is_available():
        pytest.skip("needs nvidia-cudnn-frontend and a Hopper GPU")
    assert name(torch.bfloat16, True).startswith("cuDNN, backward ")
    assert name(torch.bfloat16, False) == "SDPA and cuDNN"
    assert name(torch.float32, True) == "FlexAttention and SDPA"


@pytest.mark.parametrize("window", [64, 300])
@pytest.mark.parametrize("gated", [False, True])
def test_fused_attention_is_the_plain_one(window: int, gated: bool) -> None:
    x, weight, value, gate, rope = _attention_inputs()
    if not cudnn_attention.takes(x.view(2, 300, 4, 64)):
        pytest.skip("needs nvidia-cudnn-frontend and a Hopper GPU")
    from trainer.kernels.attention.fused import fused_attention

    extra = (value, gate) if gated else (None, None)
    out = fused_attention(x, weight, *rope, *extra, 4, 64, window, 0.2, False)[0]
    grad = torch.randn_like(out)
    out.backward(grad)
    exact = [t.detach().float().requires_grad_(True) for t in (x, weight, value, gate)]
    plain = _plain_attention(exact, rope, window, gated)
    plain.backward(grad.float())
    assert float((out - plain).norm() / plain.norm()) < 1e-2
    for ours, theirs in list(zip((x, weight, value, gate), exact, strict=True))[: 4 if gated else 2]:
        assert ours.grad is not None and theirs.grad is not None
        assert float((ours.grad - theirs.grad).norm() / theirs.grad.norm()) < 2e-2


def _attention_inputs() -> tuple[torch.Tensor, ...]:
    shapes = {"x": (2, 300, 256), "weight": (512, 256), "value": (2, 300, 2, 64), "gate": (2, 300, 2)}
    scale = {"weight": 0.06}
    made = (scale.get(n, 1.0) * torch.randn(s, device="cuda") for n, s in shapes.items())
    return *(t.bfloat16().requires_grad_(True) for t in made), _rope(300, 64)


def _rope(length: int, head_dim: int) -> tuple[torch.Tensor, torch.Tensor]:
    cos, sin = rope_tables(length, head_dim, 1e5)
    return cos.cuda()[:, None], sin.cuda()[:, None]


def _plain_attention(
    exact: list[torch.Tensor], rope: tuple[torch.Tensor, torch.Tensor], window: int, gated: bool
) -> torch.Tensor:
    x, weight, value, gate = exact
    q, k, v = (x @ weight.T).view(2, 300, 8, 64).split([4, 2, 2], dim=2)
    v = v + gate[..., None] * value if gated else v
    q, k, v = (t.transpose(1, 2) for t in (norm(rotate(q, *rope)), norm(rotate(k, *rope)), v))
    mask = window_mask(300, window, x.device)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=0.2, enable_gqa=True).transpose(1, 2)


@pytest.mark.parametrize(("tokens", "width", "hidden"), [(600, 256, 1024), (77, 72, 288)])
def test_the_fused_mlp_is_the_plain_one(tokens: int, width: int, hidden: int) -> None:
    if torch.cuda.get_device_capability()[0] != 9:
        pytest.skip("needs a Hopper GPU")
    from trainer.kernels.products.relu_squared import relu_squared_mlp

    shapes = ((tokens, width), (hidden, width), (width, hidden))
    tensors = [0.3 * torch.randn(shape, device="cuda") for shape in shapes]
    ours = [t.bfloat16().requires_grad_(True) for t in tensors]
    exact = [t.detach().float().requires_grad_(True) for t in ours]
    out, plain = relu_squared_mlp(*ours)[0], F.relu(exact[0] @ exact[1].T).square() @ exact[2].T
    grad = torch.randn_like(out)
    out.backward(grad)
    plain.backward(grad.float())
    assert float((out - plain).norm() / plain.norm()) < 1e-2
    for one, other in zip(ours, exact, strict=True):
        assert one.grad is not None and other.grad is not None
        assert float((one.grad - other.grad).norm() / other.grad.norm()) < 1e-2


@pytest.mark.parametrize("overrides", [*SHAPES, {"window_pattern": "SL"}])
def test_the_training_loss_in_bf16(overrides: dict[str, object]) -> None:
    ours, theirs, tokens = _pair(overrides)
    theirs.compute_dtype = torch.bfloat16
    torch.compiler.reset()
    compiled = torch.compile(loss_sum_of(theirs), dynamic=False, fullgraph=True)
    plain = loss_sum_of(ours)(tokens, tokens.roll(-1, 1)) / tokens.numel()
    fused = compiled(tokens.cuda(), tokens.cuda().roll(-1, 1)) / tokens.numel()
    plain.backward()
    fused.backward()
    assert abs(float(plain) / float(fused) - 1.0) < 2e-3
    for (name, one), other in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert one.grad is not None and other.grad is not None
        assert float((one.grad - other.grad.cpu()).norm() / one.grad.norm()) < 6e-2, name


@pytest.mark.parametrize("shape", [(3, 100, 300), (2, 300, 100), (1, 6, 32)])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_muons_kernels_are_the_plain_formulas(shape: tuple[int, int, int], decay: float) -> None:
    from trainer.optim import muon_triton

    gradient, average, weights = (torch.randn(shape, device="cuda") for _ in range(3))
    average_too, weights_too = average.clone(), weights.clone()
    rates = GroupRates(0.1, decay, momentum=0.9)
    row = torch.tensor([*rates, 0.0], device="cuda")
    mixed = muon_triton.nesterov(gradient, average, row)
    plain = muon.nesterov(gradient.clone(), average_too, rates)
    assert torch.allclose(average, average_too, atol=1e-6)
    assert torch.allclose(mixed.float(), plain, rtol=1e-2, atol=1e-6)
    update = muon.orthogonalize(mixed)
    tall = shape[1] >= shape[2]
    scale = torch.rand((shape[0], shape[1], 1) if tall else (shape[0], 1, shape[2]), device="cuda")
    muon_triton.descend(weights, update, scale, 1.5, row)
    muon.descend(weights_too, update.float(), scale, 1.5, rates)
    assert torch.allclose(weights, weights_too, atol=1e-5)
