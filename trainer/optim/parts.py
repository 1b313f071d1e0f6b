"""The two kinds of parts an optimizer is made of, each on what this rank owns of some parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
import torch.distributed as dist
from torch import Tensor, nn

from trainer.optim.adam import FusedAdamW, Moments
from trainer.optim.muon import MuonGroup
from trainer.optim.rates import GroupRates, Rates
from trainer.optim.sharding import LocalParameters

_MOMENTS = ("exp_avg", "exp_avg_sq")


class MuonPart:
    """All matrices of one shape; their buckets hold them in any order."""

    def __init__(
        self, parameters: Sequence[nn.Parameter], buckets: Sequence[LocalParameters], dtype: torch.dtype
    ) -> None:
        self.buckets, self._parameters = list(buckets), list(parameters)
        tensors = [tensor for bucket in buckets for tensor in bucket.tensors]
        self._group = MuonGroup(tensors, like=parameters[0], dtype=dtype)
        self.name = "x".join(map(str, parameters[0].shape))

    def group_rates(self, rates: Rates) -> list[GroupRates]:
        """One group's."""
        return [GroupRates(rates.matrix_lr * rates.lr_multiplier, rates.weight_decay, rates.momentum)]

    def step(self, groups: Sequence[GroupRates], rows: Tensor | None) -> None:
        """One update; `rows` are the same rates on a GPU, and all that is read there."""
        self._group.step(groups[0] if rows is None else rows[0])

    def state(self) -> Iterator[tuple[str, Tensor]]:
        """Names and tensors of all ranks together; collective where there are several ranks."""
        for name, own in self._own_state():
            yield name, self._gathered(own)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and the shapes that `state` gives."""
        return {name: (len(self._parameters), *own.shape[1:]) for name, own in self._own_state()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over this rank's share of tensors that `state` gave."""
        for name, own in self._own_state():
            values = dict(zip(self._parameters, tensors[name].unbind(0), strict=True))
            mine = [v for b in self.buckets for v in b.shard([values[p] for p in b.parameters])]
            for place, value in zip(own, mine, strict=True):
                place.copy_(value.view_as(place))

    def _own_state(self) -> Iterator[tuple[str, Tensor]]:
        yield f"muon.{self.name}.momentum", self._group.momentum
        yield f"muon.{self.name}.second_moment", self._group.second_moment

    def _gathered(self, own: Tensor) -> Tensor:
        if type(self.buckets[0]) is LocalParameters:
            return own  # the live tensor, without a copy
        values: dict[Tensor, Tensor] = {}
        rest, width = iter(own), own.shape[1:].numel()
        for bucket in self.buckets:
            mine = [next(rest) for _ in bucket.tensors]
            values.update(zip(bucket.parameters, bucket.gather(mine, width), strict=True))
        return torch.stack([values[p].view(own.shape[1:]) for p in self._parameters])


class AdamPart:
    """AdamW on one bucket; `settings` are a parameter's rate and weight decay, None being the step's."""

    def __init__(
        self,
        bucket: LocalParameters,
        names: Mapping[nn.Parameter, str],
        settings: Mapping[nn.Parameter, tuple[float, float | None]],
        betas: tuple[float, float],
    ) -> None:
        self.buckets, self._names = [bucket], names
        groups: dict[tuple[float, float | None], list[Tensor]] = {}
        for tensor, owner in zip(bucket.tensors, bucket.owners, strict=True):
            groups.setdefault(settings[owner], []).append(tensor)
        self._groups = {setting: FusedAdamW(members, betas) for setting, members in groups.items()}

    def group_rates(self, rates: Rates) -> list[GroupRates]:
        """Of each pair of settings, in a fixed order."""
        return [_group_rates(rate, own, rates) for rate, own in self._groups]

    def step(self, groups: Sequence[GroupRates], rows: Tensor | None) -> None:
        """One update; `rows` are the same rates on a GPU, and all that a single rank reads there."""
        if rows is not None and type(self.buckets[0]) is LocalParameters:
            from trainer.optim import adam_triton  # triton comes with the CUDA builds of torch

            adam_triton.step(list(self._groups.values()), rows)
            return
        for adam, its in zip(self._groups.values(), groups, strict=True):
            adam.step(its.lr, its.weight_decay)

    def state(self) -> Iterator[tuple[str, Tensor]]:
        """Names and tensors of all ranks together; collective where there are several ranks."""
        bucket, steps = self.buckets[0], self._steps()
        gathered = {key: bucket.gather(self._own(key)) for key in _MOMENTS}
        for index, parameter in enumerate(bucket.parameters):
            yield f"{self._prefix(parameter)}.step", steps[index]
            for key in _MOMENTS:
                yield f"{self._prefix(parameter)}.{key}", gathered[key][index].view(parameter.shape)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and the shapes that `state` gives."""
        shapes: dict[str, tuple[int, ...]] = {}
        for parameter in self.buckets[0].parameters:
            shapes[f"{self._prefix(parameter)}.step"] = ()
            shapes |= {f"{self._prefix(parameter)}.{key}": tuple(parameter.shape) for key in _MOMENTS}
        return shapes

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over this rank's share of tensors that `state` gave."""
        bucket = self.buckets[0]
        for owner, step in zip(bucket.owners, self._own("step"), strict=True):
            step.copy_(tensors[f"{self._prefix(owner)}.step"])
        for key in _MOMENTS:
            mine = bucket.shard([tensors[f"{self._prefix(p)}.{key}"] for p in bucket.parameters])
            for place, value in zip(self._own(key), mine, strict=True):
                place.copy_(value.view_as(place))

    def moments(self) -> dict[Tensor, Moments]:
        """The live state of each of this rank's tensors."""
        return {tensor: kept for adam in self._groups.values() for tensor, kept in adam.moments.items()}

    def _own(self, key: str) -> list[Tensor]:
        """The live state of `tensors`."""
        moments = self.moments()
        return [getattr(moments[tensor], key) for tensor in self.buckets[0].tensors]

    def _steps(self) -> list[Tensor]:
        """The number of steps, for every parameter; a rank that owns nothing has counted none."""
        bucket, own = self.buckets[0], self._own("step")
        if type(bucket) is LocalParameters:
            return own
        count = torch.zeros((), device=bucket.parameters[0].device) if not own else own[0].clone()
        dist.all_reduce(count, op=dist.ReduceOp.MAX)
        return [count for _ in bucket.parameters]

    def _prefix(self, parameter: nn.Parameter) -> str:
        return f"adamw.{self._names[parameter]}"


def _group_rates(rate: float, own: float | None, rates: Rates) -> GroupRates:
    decay = rates.weight_decay if own is None else own * rates.table_decay_multiplier
    return GroupRates(rate * rates.lr_multiplier, decay)
