"""One optimizer object: Muon for the blocks' matrices, AdamW for everything else."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from trainer.job import OptimSpec
from trainer.kernels.graph import Replay, side_by_side
from trainer.model.gpt import GPT
from trainer.optim.captured_step import try_capture
from trainer.optim.parts import AdamPart, MuonPart
from trainer.optim.rates import DeviceRates, GroupRates, Rates
from trainer.optim.schedule import muon_momentum, table_decay_multiplier, weight_decay_multiplier
from trainer.optim.sharding import (
    BUCKET_ELEMENTS,
    Bucket,
    GradientExchange,
    LocalParameters,
    ReplicatedBucket,
    group_by_shape,
    shard_matrices,
    shard_rows,
)
from trainer.processes.group import rank_and_ranks, sum_over_ranks
from trainer.sizing.plan import TrainingPlan

_HEAD = 1 << 30


class Optimizer:
    """Steps every parameter of one model, from gradients that add up over ranks.

    Learning rates are the plan's times `lr_multiplier`; momentum and weight decay follow `progress`.
    Of several ranks each keeps the state of its share of the parameters and steps that; what is sent
    together has at most `bucket_elements`, or is one matrix.
    """

    def __init__(self, model: GPT, plan: TrainingPlan, bucket_elements: int = BUCKET_ELEMENTS) -> None:
        self.plan, self._dtype, self._most = plan, model.compute_dtype, bucket_elements
        self._device = model.device
        self._names = {parameter: name for name, parameter in model.named_parameters()}
        self._roles = {p: parameter_role(name, p) for p, name in self._names.items()}
        self._rank, self._ranks = rank_and_ranks()
        self._parts = self._local_parts() if self._ranks == 1 else self._sharded_parts()
        buckets = [b for part in self._parts for b in part.buckets if isinstance(b, Bucket)]
        self._exchange = GradientExchange(sorted(buckets, key=self._step_order))
        self._gathered: dict[str, Tensor] | None = None
        sizes = [len(rates) for rates in self._group_rates(0.0, 0.0, 1.0)]
        self._device_rates = DeviceRates(sum(sizes), model.device) if model.device.type == "cuda" else None
        # Each part's rates on the device.
        self._rows: Sequence[Tensor | None] = [None] * len(sizes)
        if self._device_rates is not None:
            self._rows = torch.split(self._device_rates.rows, sizes)
        self._replay: Replay | None = None

    def expect_gradients(self) -> None:
        """The next backward pass is the step's last: its gradients are summed over ranks as they come."""
        self._exchange.expect()

    def step(
        self, lr_multiplier: float, progress: float, measured: bool = False, epochs: float = 1.0
    ) -> Tensor | None:
        """One update; `progress` through the horizon is between 0 and 1. Collective.

        At the horizon the text will have been read `epochs` times.
        Returns the norm of all gradients together where it is to be `measured`.
        """
        self._gathered = None
        groups = self._group_rates(lr_multiplier, progress, epochs)
        if self._device_rates is not None:
            self._device_rates.send([rates for part in groups for rates in part])
        if self._replay is None:
            return self._step(groups, measured)
        squares = [bucket.squares() for part in self._parts for bucket in part.buckets] if measured else []
        self._replay()
        return torch.stack(squares).sum().sqrt() if measured else None

    def capture(self, pool: Any) -> None:
        """Take later steps as one CUDA graph, whose memory is from `pool`, where that is possible.

        For a single rank on a GPU. Gradients must stay where they are now; their values are lost. Weights and
        state are what they were.
        """
        assert self._device_rates is not None and self._ranks == 1
        self._device_rates.rows.zero_()
        for gradient in (p.grad for p in self._names if p.grad is not None):
            gradient.zero_()
        state = [tensor for part in self._parts for _, tensor in part.state()]
        self._replay = try_capture(self._step_from_device, state, pool)

    def _group_rates(self, lr_multiplier: float, progress: float, epochs: float) -> list[list[GroupRates]]:
        """For each part."""
        rates = Rates(
            lr_multiplier,
            self.plan.optim.matrix_lr,
            muon_momentum(progress, self.plan.optim.muon_momentum),
            self.plan.optim.weight_decay * weight_decay_multiplier(progress),
            table_decay_multiplier(epochs),
        )
        return [part.group_rates(rates) for part in self._parts]

    def _step_from_device(self) -> None:
        """A single rank's step, with the rates that are on the device.

        Muon's products are small and AdamW moves memory: neither fills a GPU alone.
        """
        steps = [partial(part.step, (), rows) for part, rows in zip(self._parts, self._rows, strict=True)]
        side_by_side(steps, self._device)

    def _step(self, groups: Sequence[Sequence[GroupRates]], measured: bool) -> Tensor | None:
        self._exchange.send_rest()
        squares = []
        for part, rates, rows in zip(self._parts, groups, self._rows, strict=True):
            for bucket in part.buckets:
                bucket.finish_reduce()
                squares += [bucket.squares()] if measured else []
            part.step(rates, rows)
            for bucket in part.buckets:
                bucket.start_gather()
        for bucket in (bucket for part in self._parts for bucket in part.buckets):
            bucket.finish_gather()
        return sum_over_ranks(torch.stack(squares).sum()).sqrt() if measured else None

    def zero_grad(self) -> None:
        """Drop all gradients."""
        for parameter in self._names:
            parameter.grad = None

    def release(self) -> None:
        """Give back gradients and the graph, whose memory evaluations may want: no step is to come soon."""
        self.zero_grad()
        self._replay = None

    def gather_state(self) -> None:
        """Bring all ranks' state to rank 0, for `state_tensors`; needless for a single rank. Collective."""
        if self._ranks == 1:
            return
        gathered = {}
        for name, tensor in (pair for part in self._parts for pair in part.state()):
            if self._rank == 0:
                gathered[name] = tensor.to("cpu", copy=True)
        self._gathered = gathered

    def state_tensors(self) -> dict[str, Tensor]:
        """All state, by name, whatever the number of ranks: of a single rank the live tensors, not copies.

        Raises:
            RuntimeError: of several ranks, when no `gather_state` came since the last step.
        """
        if self._ranks == 1:
            return dict(pair for part in self._parts for pair in part.state())
        if self._gathered is None:
            raise RuntimeError("optimizer state is spread over ranks: gather_state() comes first, on all")
        return self._gathered

    def load_state_tensors(self, tensors: dict[str, Tensor]) -> None:
        """Take over state saved by an optimizer of the same model and plan, on any number of ranks.

        Raises:
            ValueError: if names or shapes differ.
        """
        shapes = {name: shape for part in self._parts for name, shape in part.shapes().items()}
        if shapes.keys() != tensors.keys():
            odd = sorted(shapes.keys() ^ tensors.keys())[0]
            raise ValueError(f"optimizer state does not fit the model: {odd}")
        for name, shape in shapes.items():
            if shape != (found := tuple(tensors[name].shape)):
                raise ValueError(f"optimizer state does not fit the model: {name} {found}")
        for part in self._parts:
            part.load(tensors)

    def _local_parts(self) -> list[AdamPart | MuonPart]:
        others = [p for p in self._names if not self._is_muon(p)]
        muon = [MuonPart(group, [LocalParameters(group)], self._dtype) for group in self._muon_groups()]
        return [self._adam(LocalParameters(others)), *muon]

    def _sharded_parts(self) -> list[AdamPart | MuonPart]:
        """In the order in which they are stepped."""
        rank, ranks = self._rank, self._ranks
        parts: list[AdamPart | MuonPart] = []
        assigned = 0
        for group in self._muon_groups():
            buckets = shard_matrices(group, rank, ranks, assigned % ranks, self._most)
            parts.append(MuonPart(group, buckets, self._dtype))
            assigned += len(group)
        others = [p for p in self._names if not self._is_muon(p)]
        large = [p for p in others if p.ndim >= 2 and p.size(0) >= ranks]
        small = [p for p in others if p.ndim < 2 or p.size(0) < ranks]
        parts += [self._adam(shard_rows(bucket, rank, ranks)) for bucket in group_by_shape(large, self._most)]
        if small:
            parts.append(self._adam(ReplicatedBucket(small)))
        return sorted(parts, key=lambda part: max(map(self._step_order, part.buckets)))

    def _is_muon(self, parameter: nn.Parameter) -> bool:
        return self.plan.optim.matrix_optimizer == "muon" and self._roles[parameter] == "matrix"

    def _muon_groups(self) -> list[list[nn.Parameter]]:
        """One group a shape, in a fixed order."""
        by_shape: dict[tuple[int, ...], list[nn.Parameter]] = defaultdict(list)
        for parameter in filter(self._is_muon, self._names):
            by_shape[tuple(parameter.shape)].append(parameter)
        return [by_shape[shape] for shape in sorted(by_shape)]

    def _adam(self, bucket: LocalParameters) -> AdamPart:
        optim = self.plan.optim
        rates, decays = _adam_rates(optim), _adam_decays(optim)
        settings = {p: (rates[role], decays[role]) for p, role in self._roles.items()}
        return AdamPart(bucket, self._names, settings, (optim.adam_beta1, optim.adam_beta2))

    def _step_order(self, bucket: LocalParameters) -> tuple[bool, int]:
        """Muon's first: it works while tables are sent, which are more. Then what a backward pass ends first.

        A compiled one leaves all gradients at its end.
        """
        layers = (_layer(self._names[parameter]) for parameter in bucket.parameters)
        return not self._is_muon(bucket.parameters[0]), max(-layer for layer in layers)


def build_optimizer(model: GPT, plan: TrainingPlan) -> Optimizer:
    """The optimizer of `plan`; `model` must already be on its device, in its dtype, and not wrapped."""
    return Optimizer(model, plan)


def parameter_role(name: str, parameter: Tensor) -> str:
    """Which rate a parameter follows, or `matrix`."""
    if name.startswith("embed_tokens"):
        return "embedding"
    if name.startswith("value_embeddings"):
        return "value_embedding"
    if name.startswith("bigram_embeddings"):
        return "bigram_embedding"
    if name.startswith("lm_head"):
        return "unembedding"
    if name.startswith(("smear", "backout")):
        return "mixing"
    if parameter.ndim >= 2:
        return "matrix"
    return "scalar" if name == "x0_lambdas" else "residual"


def _layer(name: str) -> int:
    """Where a parameter is first used: its layer, or before all, or after all."""
    if name.startswith("lm_head"):
        return _HEAD
    return next((int(part) for part in name.split(".") if part.isdigit()), -1)


def _adam_rates(optim: OptimSpec) -> dict[str, float]:
    return {
        "embedding": optim.embedding_lr,
        "value_embedding": optim.embedding_lr * 0.5,
        "bigram_embedding": optim.embedding_lr * 0.1,
        "unembedding": optim.unembedding_lr,
        "matrix": optim.matrix_lr,
        "scalar": optim.scalar_lr,
        "mixing": optim.scalar_lr * 0.4,
        # Gains near 1 multiply through all layers: a hundredth of the scalar rate (as nanochat).
        "residual": optim.scalar_lr * 0.01,
    }


def _adam_decays(optim: OptimSpec) -> dict[str, float | None]:
    """Weight decays, as shares of the rate; None: as Muon's, along its schedule.

    Tables that each token reads a row of learn a text by heart in a few epochs, unless they forget.
    """
    decays: dict[str, float | None] = dict.fromkeys(_adam_rates(optim), 0.0)
    tables = dict.fromkeys(("value_embedding", "bigram_embedding", "unembedding"), optim.table_weight_decay)
    return decays | tables | {"embedding": 0.1 * optim.table_weight_decay, "matrix": None}
