"""The calculator: right, bounded, and nothing else than arithmetic."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.sandbox import SandboxError, calculate

OPERATORS = ("+", "-", "*")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("12 + 30", "42"), ("7-10", "-3"), ("6*7", "42"), ("10/4", "2.5"), ("10 / 5", "2"), ("7 // 2", "3"),
        ("-7 // 2", "-4"), ("7 % 4", "3"), ("2**10", "1024"), ("-(3 + 4) * 2", "-14"), ("+5", "5"),
        ("1.5 + 1.5", "3"), ("1/3", "0.3333333333"), ("2 ** -1", "0.5"), ("  3 * (2 + 1) ", "9"),
        ("1e3", "1000"), ("2**1000 // 2**999", "2"), ("0.1 + 0.2", "0.3"), ("1e300 * 10", "1e+301"),
    ],
)  # fmt: skip
def test_values(expression: str, value: str) -> None:
    assert calculate(expression) == value


@given(
    st.lists(st.tuples(st.sampled_from(OPERATORS), st.integers(-999, 999)), max_size=6),
    st.integers(-999, 999),
)
def test_integer_sums_are_exact(steps: list[tuple[str, int]], first: int) -> None:
    value, expression = first, str(first)
    for operator, operand in steps:
        expression = f"({expression}) {operator} ({operand})"
        value = {"+": value + operand, "-": value - operand, "*": value * operand}[operator]
    assert calculate(expression) == str(value)


@given(st.integers(-10_000, 10_000), st.integers(1, 500))
def test_division_is_right_to_ten_digits(a: int, b: int) -> None:
    assert math.isclose(float(calculate(f"({a}) / {b}")), float(Fraction(a, b)), rel_tol=1e-9)


@pytest.mark.parametrize(
    "expression",
    [
        "", "   ", "1 +", "9**9**9", "2**99999999999", "10**400", "1/0", "5 % 0", "0 ** -1", "(-8) ** 0.5",
        "1e999", "__import__('os').system('true')", "a + 1", "(1).bit_length()", "[1][0]", "'a' * 3",
        "True + 1", "1 if 1 else 2", "lambda: 1", "1 < 2", "~5", "2 ^ 3", "1 @ 2", "1j * 1j", "f'{1}'",
        "(" * 150 + "1" + ")" * 150, "1+" * 99 + "1", "-" * 199 + "1", "x := 5", "\x00", "9" * 201,
        "1\n+1\nimport os", "None", "...", "1,2",
    ],
)  # fmt: skip
def test_all_else_is_refused_in_one_line(expression: str) -> None:
    with pytest.raises(SandboxError) as caught:
        calculate(expression)
    assert str(caught.value).startswith("expression: ") and "\n" not in str(caught.value)


@given(st.text(alphabet="0123456789+-*/%.() e", max_size=40))
def test_any_text_has_a_value_or_a_reason(expression: str) -> None:
    try:
        float(calculate(expression))
    except SandboxError as error:
        assert "\n" not in str(error)
