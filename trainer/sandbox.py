"""Where what a model writes is run: arithmetic only, on a whitelist, with bounded sizes."""

import ast
import math
import operator
from collections.abc import Callable

__all__ = ["SandboxError", "calculate"]

Number = int | float

MAX_EXPRESSION_CHARS = 200
MAX_BITS = 1024
MAX_NODES = 100


class SandboxError(ValueError):
    """An expression that is refused or has no value; `str()` is one line."""


def calculate(expression: str) -> str:
    """Evaluate `+ - * / // % **`, unary signs and parentheses over integers and floats.

    Integers print plainly, and so do floats with a whole value; other floats with up to ten
    significant digits.

    Raises:
        SandboxError: for anything else, for a division by zero, and for numbers past 1,024 bits.
    """
    if len(expression) > MAX_EXPRESSION_CHARS:
        raise SandboxError(f"expression: {len(expression)} characters; allowed: {MAX_EXPRESSION_CHARS}")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
            raise SandboxError("expression: too many operations")
        return _shown(_value(tree.body))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, ZeroDivisionError) as error:
        raise SandboxError(_reason(error)) from None


def _value(node: ast.expr) -> Number:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return _bounded(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        return _UNARY[type(node.op)](_value(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _bounded(_BINARY[type(node.op)](_value(node.left), _value(node.right)))
    raise SandboxError("expression: allowed are numbers, + - * / // % ** and parentheses")


def _power(base: Number, exponent: Number) -> Number:
    if base == 0 and exponent < 0:
        raise ZeroDivisionError
    if base < 0 and isinstance(exponent, float) and not exponent.is_integer():
        raise SandboxError("expression: a root of a negative number")
    # The size is judged before the power is taken: 9**9**9 would fill the memory.
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and base.bit_length() * abs(exponent) > 2 * MAX_BITS
    ):
        raise SandboxError("expression: a number too large")
    result: Number = base**exponent
    return result


def _bounded(value: Number) -> Number:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise SandboxError("expression: a number too large")
    elif value.bit_length() > MAX_BITS:
        raise SandboxError("expression: a number too large")
    return value


def _shown(value: Number) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def _reason(error: Exception) -> str:
    if isinstance(error, SandboxError):
        return str(error)
    if isinstance(error, ZeroDivisionError):
        return "expression: division by zero"
    if isinstance(error, OverflowError):
        return "expression: a number too large"
    return "expression: not an arithmetic expression"


_UNARY: dict[type[ast.unaryop], Callable[[Number], Number]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
