"""Parameters sharded over ranks: each rank keeps optimizer state for its share, steps it and sends it to all.

ZeRO (arXiv 1910.02054), stage 2: gradients are summed where they are stepped (reduce-scatter), and the
new weights go to all (all-gather). Both run beside the computation: sums beside the backward pass, but where
it is compiled, which gives all gradients at its end, beside other parameters' steps. Waiting stops no host on
a GPU. Sums are in fp32, the gradients' own precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import prod

import torch
import torch.distributed as dist
from torch import Tensor, nn

# 64 MiB of fp32: long enough for a link's full rate, short enough for several in one backward pass.
BUCKET_ELEMENTS = 1 << 24


class LocalParameters:
    """The parameters of a single rank: it steps them all, and nothing is sent."""

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        self.parameters = list(parameters)
        self.tensors: list[Tensor] = list(parameters)
        self.owners = self.parameters

    def finish_reduce(self) -> None:
        """Wait until `tensors` have their gradients, summed over ranks."""

    def squares(self) -> Tensor:
        """This rank's part of the sum of the gradients' squares; after `finish_reduce`."""
        gradients = [tensor.grad for tensor in self.tensors if tensor.grad is not None]
        if not gradients:
            return torch.zeros((), device=self.parameters[0].device)
        return torch.stack(torch._foreach_norm(gradients)).square().sum()

    def start_gather(self) -> None:
        """Start to send the updated `tensors` to all, and to get the others'."""

    def finish_gather(self) -> None:
        """Wait for the others' weights and put them in place."""

    def gather(self, values: Sequence[Tensor], width: int | None = None) -> list[Tensor]:
        """Of values for `tensors` those for all `parameters`, collective: [items, width] each.

        `width` is the number of elements an item has in them: as many as in the weights, if not given.
        """
        return list(values)

    def shard(self, values: Sequence[Tensor]) -> list[Tensor]:
        """Of values for all `parameters` those for `tensors`."""
        return list(values)


class Bucket(LocalParameters):
    """Parameters that are sent together, as items of one shape: matrices, or rows of any number of them.

    In the buffer every rank has `per_rank` places; its own items are the first of them. `tensors` are
    views of the parameters `owners`. A step: `take_gradient` …, `start_reduce`, `finish_reduce`, an update,
    `start_gather`, `finish_gather`.
    """

    def __init__(
        self,
        parameters: Sequence[nn.Parameter],
        places: Sequence[int],
        per_rank: int,
        item: Sequence[int],
        rank: int,
        ranks: int,
    ) -> None:
        super().__init__(parameters)
        self._item, self._slots = tuple(item), per_rank * ranks
        counts = [parameter.numel() // prod(item) for parameter in parameters]
        self._places = [slice(place, place + n) for place, n in zip(places, counts, strict=True)]
        self._mine = slice(rank * per_rank, (rank + 1) * per_rank)
        self._pieces = list(_pieces(self._places, self._mine))
        self.tensors = [self._tensor(index, items) for index, items in self._pieces]
        self.owners = [self.parameters[index] for index, _ in self._pieces]
        self._index = {parameter: index for index, parameter in enumerate(self.parameters)}
        self._taken: set[nn.Parameter] = set()
        self._buffer: Tensor | None = None
        self._sum: Tensor | None = None
        self._work: dist.Work | None = None

    @property
    def complete(self) -> bool:
        """Whether every gradient has been taken."""
        return len(self._taken) == len(self.parameters)

    @torch.no_grad()
    def take_gradient(self, parameter: nn.Parameter) -> None:
        """Move a parameter's gradient into the buffer; zeros where it has none."""
        if self._buffer is None:
            self._buffer = torch.empty(self._slots, *self._item, device=parameter.device)
        place = self._buffer[self._places[self._index[parameter]]]
        if parameter.grad is None:
            place.zero_()
        else:
            place.copy_(self._items(parameter.grad))
        parameter.grad = None
        self._taken.add(parameter)

    def start_reduce(self) -> None:
        """Start the sum over ranks."""
        for parameter in self.parameters:
            if parameter not in self._taken:
                self.take_gradient(parameter)
        self._taken.clear()
        assert self._buffer is not None
        self._sum, self._work = self._reduce(self._buffer)

    def finish_reduce(self) -> None:
        self._wait()
        assert self._sum is not None
        start = 0
        for tensor, (_, items) in zip(self.tensors, self._pieces, strict=True):
            end = start + items.stop - items.start
            tensor.grad = self._sum[start:end].view_as(tensor)
            start = end

    @torch.no_grad()
    def start_gather(self) -> None:
        assert self._buffer is not None
        for tensor in self.tensors:
            tensor.grad = None
        self._sum = None
        self._fill(self._buffer, self.tensors)
        self._work = self._all_gather(self._buffer)

    @torch.no_grad()
    def finish_gather(self) -> None:
        assert self._buffer is not None
        self._wait()
        news = [self._buffer[place] for place in self._places]
        torch._foreach_copy_([self._items(parameter) for parameter in self.parameters], news)
        self._buffer = None

    def gather(self, values: Sequence[Tensor], width: int | None = None) -> list[Tensor]:
        buffer = torch.zeros(self._slots, width or prod(self._item), device=self.parameters[0].device)
        self._fill(buffer, values)
        self._work = self._all_gather(buffer)
        self._wait()
        return [buffer[place] for place in self._places]

    def shard(self, values: Sequence[Tensor]) -> list[Tensor]:
        counts = [place.stop - place.start for place in self._places]
        return [values[index].reshape(counts[index], -1)[items] for index, items in self._pieces]

    def _tensor(self, index: int, items: slice) -> Tensor:
        parameter, place = self.parameters[index].detach(), self._places[index]
        is_complete = items.stop - items.start == place.stop - place.start
        return parameter if is_complete else self._items(parameter)[items]

    def _items(self, tensor: Tensor) -> Tensor:
        return tensor.detach().reshape(-1, *self._item)

    def _fill(self, buffer: Tensor, values: Sequence[Tensor]) -> None:
        """Copy the values for `tensors` to their places."""
        start = self._mine.start
        for value, (_, items) in zip(values, self._pieces, strict=True):
            end = start + items.stop - items.start
            buffer[start:end] = value.reshape(end - start, *buffer.shape[1:])
            start = end

    def _reduce(self, buffer: Tensor) -> tuple[Tensor, dist.Work | None]:
        total = torch.empty_like(buffer[self._mine])
        return total, dist.reduce_scatter_tensor(total, buffer, async_op=True)

    def _all_gather(self, buffer: Tensor) -> dist.Work | None:
        return dist.all_gather_into_tensor(buffer, buffer[self._mine], async_op=True)

    def _wait(self) -> None:
        if self._work is not None:
            self._work.wait()
            self._work = None


class Table(Bucket):
    """One parameter whose rows divide evenly over the ranks: sent from where it lies, uncopied."""

    def __init__(self, table: nn.Parameter, rank: int, ranks: int) -> None:
        super().__init__([table], [0], table.size(0) // ranks, table.shape[1:], rank, ranks)

    def take_gradient(self, parameter: nn.Parameter) -> None:
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        self._buffer, parameter.grad = gradient.contiguous(), None
        self._taken.add(parameter)

    def start_gather(self) -> None:
        for tensor in self.tensors:
            tensor.grad = None
        self._sum = self._buffer = None
        self._work = self._all_gather(self.parameters[0].detach())

    def finish_gather(self) -> None:
        self._wait()


class ReplicatedBucket(Bucket):
    """Small parameters that every rank steps: their gradients are summed, and no weights are sent."""

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        ends = list(accumulate((parameter.numel() for parameter in parameters), initial=0))
        super().__init__(parameters, ends[:-1], ends[-1], (), rank=0, ranks=1)

    def _reduce(self, buffer: Tensor) -> tuple[Tensor, dist.Work | None]:
        return buffer, dist.all_reduce(buffer, async_op=True)

    def _all_gather(self, buffer: Tensor) -> dist.Work | None:
        return None

    def squares(self) -> Tensor:
        return super().squares() / dist.get_world_size()  # every rank holds all of them

    def finish_gather(self) -> None:
        """Every rank has stepped the weights themselves."""
        self._buffer = None


def shard_rows(parameters: Sequence[nn.Parameter], rank: int, ranks: int) -> Bucket:
    """Equal numbers of rows to every rank; the parameters have as many columns each."""
    if len(parameters) == 1 and parameters[0].size(0) % ranks == 0:
        return Table(parameters[0], rank, ranks)
    rows = [parameter.size(0) for parameter in parameters]
    places = list(accumulate(rows, initial=0))
    return Bucket(parameters, places[:-1], -(-places[-1] // ranks), parameters[0].shape[1:], rank, ranks)


def shard_matrices(
    parameters: Sequence[nn.Parameter], rank: int, ranks: int, first: int, most: int
) -> list[Bucket]:
    """Matrices of one shape, none split, the model's last ones first, round robin from rank `first` on."""
    shape, backwards = parameters[0].shape, list(reversed(parameters))
    size = ranks * max(1, most // (ranks * parameters[0].numel()))
    buckets = []
    for chunk in (backwards[start : start + size] for start in range(0, len(backwards), size)):
        per_rank = -(-len(chunk) // ranks)
        places = [(first + i) % ranks * per_rank + i // ranks for i in range(len(chunk))]
        buckets.append(Bucket(chunk, places, per_rank, shape, rank, ranks))
    return buckets


def group_by_shape(parameters: Sequence[nn.Parameter], most: int) -> list[list[nn.Parameter]]:
    """Matrices that can share a bucket: the model's last ones first, of one shape, `most` elements in all."""
    groups: list[list[nn.Parameter]] = []
    for parameter in reversed(parameters):
        last = groups[-1] if groups else []
        fits = (1 + len(last)) * parameter.numel() <= most
        if last and fits and last[0].shape == parameter.shape:
            last.append(parameter)
        else:
            groups.append([parameter])
    return groups


class GradientExchange:
    """Sends buckets as a backward pass fills them, always in the order given.

    All ranks must start collectives in one order; which gradient a compiled backward pass finishes
    first is its own affair.
    """

    def __init__(self, buckets: Sequence[Bucket]) -> None:
        self._buckets, self._waiting = list(buckets), list(buckets)
        self._expecting = False
        self._bucket_of: dict[Tensor, Bucket] = {p: bucket for bucket in buckets for p in bucket.parameters}
        for parameter in self._bucket_of:
            parameter.register_post_accumulate_grad_hook(self._arrived)  # type: ignore[no-untyped-call]

    def expect(self) -> None:
        """The next backward pass is a step's last: it leaves final gradients."""
        self._expecting = True

    def send_rest(self) -> None:
        """Send what has not been sent, and be ready for the next step."""
        for bucket in self._waiting:
            bucket.start_reduce()
        self._waiting, self._expecting = list(self._buckets), False

    def _arrived(self, parameter: nn.Parameter) -> None:
        if not self._expecting:
            return
        self._bucket_of[parameter].take_gradient(parameter)
        while self._waiting and self._waiting[0].complete:
            self._waiting.pop(0).start_reduce()


def _pieces(places: Sequence[slice], mine: slice) -> Iterator[tuple[int, slice]]:
    """(index, items of it) for what lies in `mine`, in the order of the places."""
    for index, place in sorted(enumerate(places), key=lambda pair: pair[1].start):
        begin, end = max(place.start, mine.start), min(place.stop, mine.stop)
        if begin < end:
            yield index, slice(begin - place.start, end - place.start)
