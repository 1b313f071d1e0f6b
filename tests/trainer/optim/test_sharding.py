"""Parameters sharded over ranks: what each keeps, how state is gathered, and when gradients are sent."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from tests.support.model_support import random_tokens, tiny_model
from tests.support.trainer_lab import ROOT, trainer_environment
from tests.trainer.optim.sharded_steps import CASES, ROWS, first_norm, trained, write
from trainer.optim.sharding import Bucket, GradientExchange, Table, group_by_shape, shard_matrices, shard_rows
from trainer.training.gradients import Gradients

pytestmark = pytest.mark.long

STEPS = 2  # roundings grow from step to step


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The same steps on 1, 2 and 4 ranks."""
    made = {ranks: tmp_path_factory.mktemp(f"ranks{ranks}") for ranks in (1, 2, 4)}
    for case in CASES:
        write(made[1], case, *trained(case, STEPS))
    for ranks in (2, 4):
        on_ranks(ranks, made[ranks], STEPS)
    return made


def on_ranks(ranks: int, *arguments: object) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"]
    done = subprocess.run(
        [*command, "-m", "tests.trainer.optim.sharded_steps", *map(str, arguments)],
        env=trainer_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def apart(one: dict[str, Tensor], other: dict[str, Tensor], start: dict[str, Tensor]) -> list[str]:
    """Tensors of which more than a few values differ by over 1% of how far the tensor has moved from `start`.

    A value whose gradient or decay is all but zero goes by its sign: rounding decides a few of them.
    """
    assert one.keys() == other.keys() == start.keys()
    found = []
    for name, tensor in one.items():
        moved = float((tensor - start[name]).square().mean().sqrt())
        differ = int(((tensor - other[name]).abs() > 0.01 * moved).sum())
        if moved == 0.0 or differ > max(1, tensor.numel() // 500):
            found.append(f"{name}: {differ} of {tensor.numel()}, moved {moved}")
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks_together_step_as_one_does(folders: dict[int, Path], case: str, ranks: int) -> None:
    alone, together = (load_file(folders[n] / f"{case}.model") for n in (1, ranks))
    start = trained(case, 0)[0].state_dict()
    assert apart(alone, together, start) == []
    state, shared = (load_file(folders[n] / f"{case}.optimizer") for n in (1, ranks))
    assert apart(state, shared, {name: torch.zeros_like(tensor) for name, tensor in state.items()}) == []
    for rank in range(1, ranks):
        assert_equal(load_file(folders[ranks] / f"{case}.model.{rank}"), together)


def assert_equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ranks", [2, 4])
def test_a_rank_keeps_its_share_of_the_state(folders: dict[int, Path], case: str, ranks: int) -> None:
    whole = json.loads((folders[1] / f"{case}.0.json").read_text())
    kept = [json.loads((folders[ranks] / f"{case}.{rank}.json").read_text()) for rank in range(ranks)]
    # What is small is on every rank: norms, gains of the residual stream.
    assert max(kept) < 1.05 * whole / ranks
    assert whole <= sum(kept) < 1.05 * whole


@pytest.mark.parametrize("case", CASES)
def test_one_rank_takes_over_what_four_saved(folders: dict[int, Path], case: str) -> None:
    loaded, untouched = trained(case, 0, begin=folders[4])
    assert_equal(untouched.state_tensors(), load_file(folders[4] / f"{case}.optimizer"))
    assert_equal(dict(loaded.state_dict()), load_file(folders[4] / f"{case}.model"))


@pytest.mark.parametrize("case", CASES)
def test_every_rank_knows_the_norm_of_the_whole_gradient(folders: dict[int, Path], case: str) -> None:
    model, _ = trained(case, 0)
    tokens = random_tokens(ROWS, 17, seed=0)
    model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean().backward()
    whole = float(torch.nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None]))
    assert first_norm(case) == pytest.approx(whole, rel=1e-4)
    for ranks in (2, 4):
        for rank in range(ranks):
            norms = json.loads((folders[ranks] / f"norms.{rank}.json").read_text())
            assert norms[case] == pytest.approx(whole, rel=1e-4)


@pytest.fixture(scope="module")
def resumed(folders: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Two steps more, from what 4 ranks saved, on 4 and on 2 of them."""
    made = {ranks: tmp_path_factory.mktemp(f"resumed{ranks}") for ranks in (2, 4)}
    for ranks, folder in made.items():
        on_ranks(ranks, folder, 2, folders[4])
    return made


@pytest.mark.parametrize("case", CASES)
def test_resumed_on_any_number_of_ranks_it_goes_on_alike(
    folders: dict[int, Path], resumed: dict[int, Path], case: str
) -> None:
    start = load_file(folders[4] / f"{case}.model")
    alone, _ = trained(case, 2, begin=folders[4])
    for ranks in (2, 4):
        assert apart(dict(alone.state_dict()), load_file(resumed[ranks] / f"{case}.model"), start) == []


class Recorded(Bucket):
    """A bucket that notes when it is sent, and sends nothing."""

    def __init__(self, name: str, parameters: list[nn.Parameter], log: list[str]) -> None:
        super().__init__(parameters, range(len(parameters)), len(parameters), parameters[0].shape, 0, 1)
        self._name, self._log = name, log

    def _reduce(self, buffer: Tensor) -> tuple[Tensor, None]:
        self._log.append(self._name)
        return buffer, None


def logged_chain(names: str, log: list[str]) -> tuple[dict[str, nn.Parameter], GradientExchange]:
    """Scalars that are multiplied in the order of their names; the exchange sends the last one first."""
    chain = {name: nn.Parameter(torch.full((1,), 2.0)) for name in sorted(names)}
    exchange = GradientExchange([Recorded(name, [chain[name]], log) for name in reversed(names)])
    for name, parameter in chain.items():
        parameter.register_post_accumulate_grad_hook(lambda _, name=name: log.append(f"{name} has come"))
    return chain, exchange


def backward(chain: dict[str, nn.Parameter]) -> None:
    x = torch.ones(1)
    for parameter in chain.values():
        x = parameter * (x + 0)
    x.backward()


def test_buckets_are_sent_while_the_backward_pass_goes_on() -> None:
    log: list[str] = []
    chain, exchange = logged_chain("abc", log)
    exchange.expect()
    backward(chain)
    assert log == ["c", "c has come", "b", "b has come", "a", "a has come"]
    assert all(parameter.grad is None for parameter in chain.values())


def test_buckets_keep_their_order_whatever_order_gradients_come_in() -> None:
    log: list[str] = []
    chain, exchange = logged_chain("cab", log)  # to be sent: b, a, c; they come: c, b, a
    exchange.expect()
    backward(chain)
    assert [name for name in log if "come" not in name] == ["b", "a", "c"]


def test_only_the_last_pass_of_a_step_sends() -> None:
    log: list[str] = []
    chain, exchange = logged_chain("ab", log)

    def loss_sum(inputs: Tensor, targets: Tensor) -> Tensor:
        return chain["a"].sum() * chain["b"].sum() * inputs.sum()

    gradients = Gradients(list(chain.values()), loss_sum, 1, before_last=exchange.expect)
    rows = torch.tensor([[1.0], [2.0], [3.0]])
    gradients.accumulate(rows, rows, 1)
    assert sorted(entry for entry in log if "come" not in entry) == ["a", "b"]
    assert min(log.index("a"), log.index("b")) >= 4  # after two passes of two gradients
    exchange.send_rest()
    assert len(log) == 8, "what was sent is not sent again"


def test_a_parameter_without_a_gradient_is_sent_as_zeros() -> None:
    log: list[str] = []
    _, exchange = logged_chain("ab", log)
    exchange.send_rest()
    assert log == ["b", "a"]


class Alone(Table):
    """The first of two ranks, the other of which has gradients of zero."""

    def _reduce(self, buffer: Tensor) -> tuple[Tensor, None]:
        return buffer[self._mine], None


@pytest.mark.parametrize("gradient", [None, torch.ones(4, 2)])
def test_a_table_gets_its_rows_of_the_gradient(gradient: Tensor | None) -> None:
    table = nn.Parameter(torch.zeros(4, 2))
    table.grad, bucket = gradient, Alone(table, 0, 2)
    bucket.start_reduce()
    bucket.finish_reduce()
    (mine,) = bucket.tensors
    assert mine.grad is not None and mine.grad.shape == (2, 2)
    assert float(mine.grad.sum()) == (0.0 if gradient is None else 4.0)


def test_every_row_and_matrix_belongs_to_one_rank() -> None:
    matrices = [nn.Parameter(torch.full((2, 3), float(i))) for i in range(11)]
    table = nn.Parameter(torch.arange(20.0).view(10, 2))
    owned: list[float] = []
    rows = torch.cat([t for rank in range(4) for t in shard_rows([table], rank, 4).tensors])
    assert torch.equal(rows, table)
    counts = []
    for rank in range(4):
        mine = [t for b in shard_matrices(matrices, rank, 4, first=3, most=24) for t in b.tensors]
        owned += [float(tensor.mean()) for tensor in mine]
        counts.append(len(mine))
    assert sorted(owned) == list(range(11))
    assert counts == [3, 3, 2, 3]  # the one too few is not always the last rank's


def test_steps_in_place_reach_the_parameter() -> None:
    table = nn.Parameter(torch.zeros(4, 2))
    (mine,) = shard_rows([table], 1, 2).tensors
    mine += 1
    assert table[:, 0].tolist() == [0, 0, 1, 1]


def test_buckets_of_alike_matrices_stay_small() -> None:
    model = tiny_model()
    matrices = [p for p in model.parameters() if p.ndim == 2]
    groups = group_by_shape(matrices, most=5000)
    assert [p for group in groups for p in group] == list(reversed(matrices))
    for group in groups:
        assert len({p.shape for p in group}) == 1
        assert len(group) == 1 or sum(p.numel() for p in group) <= 5000


def test_one_rank_needs_no_group() -> None:
    assert "RANK" not in os.environ
    _, optimizer = trained("gpt-muon", 1)
    before = optimizer.state_tensors()
    optimizer.gather_state()
    assert all(
        before[name] is tensor or before[name].data_ptr() == tensor.data_ptr()
        for name, tensor in optimizer.state_tensors().items()
    )
