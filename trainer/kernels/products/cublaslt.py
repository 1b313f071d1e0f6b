"""Matrix products by any of the algorithms that cuBLASLt knows, through its C interface.

torch takes the library's first guess, which need not be the fastest: see `trainer.kernels.products.tuned`.
The library is the one that torch has loaded. Shape suffixes: M rows, K summed, N columns.
"""

import ctypes
from ctypes import byref, c_float, c_int, c_int8, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

# Of cublasLt.h and library_types.h.
_TYPES = {torch.float32: 0, torch.bfloat16: 14, torch.float8_e4m3fn: 28, torch.float8_e5m2: 29}
_FP8 = (torch.float8_e4m3fn, torch.float8_e5m2)
_SUMS_IN_FLOAT32, _WORKSPACE_LIMIT = 68, 1
_TRANSPOSE_A, _TRANSPOSE_B, _SCALE_A, _SCALE_B, _ROUGH_SUMS = 3, 4, 17, 18, 25
_WORKSPACE_BYTES = 2**26
_MOST_ALGORITHMS = 32
# What the library takes for granted when it is not told.
_ALIGNMENT_BYTES = 256


@dataclass(frozen=True)
class Factors:
    """What is multiplied: bf16, or fp8 with the scale of each; contiguous, or the transpose of what is.

    In fp8 a is contiguous and b is not; `rough` sums are faster and keep about 14 bits. In bf16 the product
    can be added `onto` something.
    """

    a_MK: Tensor
    b_KN: Tensor
    scales: tuple[Tensor, Tensor] | None = None
    rough: bool = False
    onto_MN: Tensor | None = None

    @property
    def kind(self) -> str:
        """Equal for factors that one `Product` takes."""
        layouts = "".join("n" if x.is_contiguous() else "t" for x in (self.a_MK, self.b_KN))
        types = "" if self.scales is None else f" {self.a_MK.dtype} {self.b_KN.dtype} {self.rough}"
        sizes = f"{self.a_MK.size(0)}x{self.a_MK.size(1)}x{self.b_KN.size(1)}"
        return f"{sizes} {layouts}{types}{'' if self.onto_MN is None else ' added'}"

    @property
    def flop(self) -> float:
        return 2.0 * self.a_MK.numel() * self.b_KN.size(1)

    def are_taken(self) -> bool:
        """Whether the library takes them as they lie."""
        types = (torch.bfloat16,) if self.scales is None else _FP8
        if self.onto_MN is not None and not (self.onto_MN.is_contiguous() and _is_dense(self.onto_MN)):
            return False
        return all(x.is_cuda and x.dtype in types and _is_dense(x) for x in (self.a_MK, self.b_KN))

    def by_torch(self) -> Tensor:
        """The product in bf16, as torch takes it."""
        if self.onto_MN is not None:
            return torch.addmm(self.onto_MN, self.a_MK, self.b_KN)
        if self.scales is None:
            return self.a_MK @ self.b_KN
        return torch._scaled_mm(
            self.a_MK, self.b_KN, *self.scales, out_dtype=torch.bfloat16, use_fast_accum=self.rough
        )


@lru_cache(maxsize=1)
def library() -> Any:
    """The C library; None where this torch has none."""
    if torch.version.cuda is None or not torch.cuda.is_available():
        return None
    try:
        return ctypes.CDLL(f"libcublasLt.so.{torch.version.cuda.split('.')[0]}")
    except OSError:
        return None


def version() -> int:
    """The library's version, as in 130100."""
    library().cublasLtGetVersion.restype = c_size_t
    return int(library().cublasLtGetVersion())


class Product:
    """The product, in bf16 and contiguous, of factors of this kind; `count` algorithms can take it.

    Raises:
        RuntimeError: when the library refuses.
    """

    def __init__(self, factors: Factors) -> None:
        a_MK, b_KN = factors.a_MK, factors.b_KN
        self._description = _create("cublasLtMatmulDescCreate", _SUMS_IN_FLOAT32, _TYPES[torch.float32])
        # The library counts by columns: it takes bᵀ aᵀ, which lie in memory as b and a do.
        self._describe(_TRANSPOSE_A, c_int32(not b_KN.is_contiguous()))
        self._describe(_TRANSPOSE_B, c_int32(not a_MK.is_contiguous()))
        if factors.scales is not None:
            self._describe(_ROUGH_SUMS, c_int8(factors.rough))
            self._point_to_scales(factors.scales)
        self._b, self._a = _layout_of(b_KN), _layout_of(a_MK)
        self._out = _layout(torch.bfloat16, b_KN.size(1), a_MK.size(0))
        self._found = self._ask()
        self.count = len(self._found)

    def run(self, number: int, factors: Factors) -> Tensor:
        """By algorithm `number`, on the current stream."""
        a_MK, b_KN = factors.a_MK, factors.b_KN
        out_MN = torch.empty(a_MK.size(0), b_KN.size(1), dtype=torch.bfloat16, device=a_MK.device)
        if factors.scales is not None:
            self._point_to_scales(factors.scales)
        device = a_MK.get_device()
        onto_MN, share = (out_MN, 0.0) if factors.onto_MN is None else (factors.onto_MN, 1.0)
        _call(
            "cublasLtMatmul", _handle(device), self._description, byref(c_float(1.0)),
            _address(b_KN), self._b, _address(a_MK), self._a, byref(c_float(share)),
            _address(onto_MN), self._out, _address(out_MN), self._out, byref(self._found[number]),
            _address(_workspace(device)), c_size_t(_WORKSPACE_BYTES),
            c_void_p(torch.cuda.current_stream(device).cuda_stream),
        )  # fmt: skip
        return out_MN

    def _ask(self) -> list["_Found"]:
        preference, found, count = _create("cublasLtMatmulPreferenceCreate"), _list_of_found(), c_int()
        limit = c_uint64(_WORKSPACE_BYTES)
        _set("cublasLtMatmulPreferenceSetAttribute", preference, _WORKSPACE_LIMIT, limit)
        _call(
            "cublasLtMatmulAlgoGetHeuristic", _handle(torch.cuda.current_device()), self._description,
            self._b, self._a, self._out, self._out, preference, _MOST_ALGORITHMS, found, byref(count),
        )  # fmt: skip
        _call("cublasLtMatmulPreferenceDestroy", preference)
        return [each for each in found[: count.value] if each.state == 0]

    def _describe(self, attribute: int, value: Any) -> None:
        _set("cublasLtMatmulDescSetAttribute", self._description, attribute, value)

    def _point_to_scales(self, scales: tuple[Tensor, Tensor]) -> None:
        self._describe(_SCALE_A, _address(scales[1]))
        self._describe(_SCALE_B, _address(scales[0]))


class _Found(ctypes.Structure):
    """cublasLtMatmulHeuristicResult_t: an algorithm, opaque, and what is known of it."""

    _fields_ = (
        ("algorithm", c_uint64 * 8),
        ("workspace_bytes", c_size_t),
        ("state", c_int),
        ("waves", c_float),
        ("reserved", c_int * 4),
    )


def _list_of_found() -> Any:
    return (_Found * _MOST_ALGORITHMS)()


def _is_dense(x: Tensor) -> bool:
    return (x.is_contiguous() or x.T.is_contiguous()) and x.data_ptr() % _ALIGNMENT_BYTES == 0


def _layout_of(x: Tensor) -> c_void_p:
    rows, columns = x.T.shape if x.is_contiguous() else x.shape
    return _layout(x.dtype, rows, columns)


def _layout(dtype: torch.dtype, rows: int, columns: int) -> c_void_p:
    """A matrix stored column by column without gaps."""
    sizes = (c_uint64(rows), c_uint64(columns), c_int64(rows))
    return _create("cublasLtMatrixLayoutCreate", _TYPES[dtype], *sizes)


def _address(x: Tensor) -> c_void_p:
    return c_void_p(x.data_ptr())


def _call(name: str, *arguments: Any) -> None:
    status = getattr(library(), name)(*arguments)
    if status:
        raise RuntimeError(f"{name}: status {status}")


def _create(name: str, *arguments: Any) -> c_void_p:
    """A handle or description, kept as long as the process: there is one set a kind of product."""
    made = c_void_p()
    _call(name, byref(made), *arguments)
    return made


def _set(name: str, target: c_void_p, attribute: int, value: Any) -> None:
    _call(name, target, attribute, byref(value), c_size_t(ctypes.sizeof(value)))


@lru_cache(maxsize=16)
def _handle(device: int) -> c_void_p:
    with torch.cuda.device(device):
        return _create("cublasLtCreate")


@lru_cache(maxsize=16)
def _workspace(device: int) -> Tensor:
    return torch.empty(_WORKSPACE_BYTES, dtype=torch.uint8, device=torch.device("cuda", device))
