"""On a GPU: optimizer steps replayed as a graph are those launched kernel by kernel, whatever the rates."""

import gc

import pytest
import torch
from torch import Tensor

from tests.support.model_support import tiny_config, tiny_model, tiny_plan
from trainer.job import OptimSpec
from trainer.model.gpt import GPT
from trainer.optim.captured_step import try_capture
from trainer.optim.optimizer import Optimizer, build_optimizer, parameter_role

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
STEPS = 20
SPEC = OptimSpec(weight_decay=0.5, table_weight_decay=0.5)


def model_on(device: str) -> GPT:
    """With a gradient for every parameter but one, at addresses that stay."""
    model = tiny_model(tiny_config(), noise=0.1).to(device)
    for name, parameter in model.named_parameters():
        parameter.grad = None if name == "backout_lambda" else torch.zeros_like(parameter)
    return model


def optimizer_of(model: GPT, matrix_optimizer: str = "muon") -> Optimizer:
    spec = SPEC.model_copy(update={"matrix_optimizer": matrix_optimizer})
    return build_optimizer(model, tiny_plan(model.config, optim=spec))


def take(model: GPT, optimizer: Optimizer, steps: range, measured: bool = False) -> list[Tensor | None]:
    """Steps whose every rate changes; at the last one's progress, 1, matrices decay no more."""
    norms = []
    for step in steps:
        generator = torch.Generator().manual_seed(step)
        for parameter in model.parameters():
            drawn = torch.randn(parameter.shape, generator=generator)
            if parameter.grad is not None:
                parameter.grad.copy_(drawn)
        progress = min(1.0, step / (STEPS - 2))
        norms.append(optimizer.step(1.0 - 0.9 * progress, progress, measured, epochs=1.0 + step / 5))
    return norms


@torch.no_grad()
def far(one: GPT, other: GPT, start: GPT, role: str | None = None) -> float:
    """The largest distance of two ends of a parameter, as a share of the way to one of them."""
    shares = []
    names = dict(other.named_parameters()), dict(start.named_parameters())
    for name, parameter in one.named_parameters():
        moved = (parameter.cpu() - names[1][name].cpu()).norm()
        if moved > 0 and role in (None, parameter_role(name, parameter)):
            shares.append(float((parameter.cpu() - names[0][name].cpu()).norm() / moved))
    return max(shares)


@pytest.mark.parametrize("matrix_optimizer", ["muon", "adamw"])
def test_replayed_steps_are_those_launched_one_by_one(matrix_optimizer: str) -> None:
    start = model_on("cpu")
    launched, replayed = model_on("cuda"), model_on("cuda")
    plain, captured = (optimizer_of(model, matrix_optimizer) for model in (launched, replayed))
    captured.capture(None)
    assert captured._replay is not None, "the log says why"
    take(launched, plain, range(STEPS))
    take(replayed, captured, range(STEPS))
    assert far(launched, replayed, start) < 1e-2
    on_cpu = model_on("cpu")
    take(on_cpu, optimizer_of(on_cpu, matrix_optimizer), range(STEPS))
    assert far(on_cpu, replayed, start, "embedding") < 1e-3
    assert far(on_cpu, replayed, start, "unembedding") < 1e-3
    assert far(on_cpu, replayed, start) < 0.15  # Muon multiplies in bf16 on a GPU
    states = plain.state_tensors(), captured.state_tensors()
    for name, tensor in states[0].items():
        assert torch.allclose(tensor, states[1][name], rtol=1e-2, atol=1e-4), name


def test_kinds_of_step_alternate_on_one_state() -> None:
    start, launched, mixed = model_on("cpu"), model_on("cuda"), model_on("cuda")
    take(launched, optimizer_of(launched), range(STEPS))
    optimizer = optimizer_of(mixed)
    take(mixed, optimizer, range(2))
    optimizer.capture(None)
    replay = optimizer._replay
    for step in range(2, STEPS):
        optimizer._replay = replay if step % 3 else None
        (norm,) = take(mixed, optimizer, range(step, step + 1), measured=step % 2 == 0)
        assert (norm is None) == (step % 2 == 1)
        if norm is not None:
            gradients = [p.grad.flatten() for p in mixed.parameters() if p.grad is not None]
            assert float(norm) == pytest.approx(float(torch.cat(gradients).norm()), rel=1e-4)
    assert far(launched, mixed, start) < 1e-2


def test_capturing_changes_no_weight_and_no_state() -> None:
    model = model_on("cuda")
    optimizer = optimizer_of(model)
    take(model, optimizer, range(3))
    values = {**dict(model.named_parameters()), **optimizer.state_tensors()}
    before = {name: tensor.detach().clone() for name, tensor in values.items()}
    optimizer.capture(None)
    assert optimizer._replay is not None
    assert [name for name, tensor in values.items() if not torch.equal(tensor, before[name])] == []


def test_state_goes_from_one_captured_optimizer_to_another() -> None:
    start, model = model_on("cpu"), model_on("cuda")
    optimizer = optimizer_of(model)
    optimizer.capture(None)
    take(model, optimizer, range(5))
    resumed = model_on("cuda")
    resumed.load_state_dict(model.state_dict())
    other = optimizer_of(resumed)
    other.capture(None)
    other.load_state_tensors({name: tensor.cpu() for name, tensor in optimizer.state_tensors().items()})
    for one, its in ((model, optimizer), (resumed, other)):
        take(one, its, range(5, STEPS))
    assert far(model, resumed, start) < 1e-2
    optimizer_of(start).load_state_tensors({n: t.cpu() for n, t in other.state_tensors().items()})


def test_what_cannot_be_captured_is_said_and_launched(capsys: pytest.CaptureFixture[str]) -> None:
    state = torch.zeros(3, device="cuda")

    def step() -> None:
        state.add_(float(state.sum()) + 1.0)  # waits for the device

    assert try_capture(step, [state], None) is None
    assert "launched kernel by kernel" in capsys.readouterr().err
    assert state.tolist() == [0.0, 0.0, 0.0]
    step()
    assert state.tolist() == [1.0, 1.0, 1.0]


def test_released_memory_is_free_while_the_optimizer_lives() -> None:
    model = model_on("cuda")
    optimizer = optimizer_of(model)
    take(model, optimizer, range(2))
    optimizer.capture(None)  # cuBLAS keeps a workspace for the stream that captures
    optimizer.release()
    torch.cuda.empty_cache()
    before = torch.cuda.memory_reserved()
    optimizer.capture(None)
    take(model, optimizer, range(2, 4))
    optimizer.release()
    assert all(parameter.grad is None for parameter in model.parameters())
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    assert torch.cuda.memory_reserved() <= before


def test_memory_goes_with_the_optimizer() -> None:
    def one_after_the_other() -> None:
        model = model_on("cuda")
        optimizer = optimizer_of(model)
        optimizer.capture(None)
        take(model, optimizer, range(2))

    used = []
    for _ in range(4):
        one_after_the_other()
        gc.collect()
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        used.append((torch.cuda.memory_allocated(), torch.cuda.memory_reserved()))
    assert used[-1] == used[1], "bytes allocated and reserved"
