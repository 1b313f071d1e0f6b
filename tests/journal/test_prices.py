"""Money as text, node presets, model prices."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.errors import MoneyError
from journal.node_presets import NODE_PRESETS, preset_of
from journal.prices import (
    LlmPrice,
    format_money,
    llm_price,
    node_cost_micro_usd,
    node_price,
    parse_money,
)


@pytest.mark.parametrize(
    ("text", "micro_usd"),
    [
        ("100usd", 100_000_000),
        ("$100", 100_000_000),
        ("$ 2.50", 2_500_000),
        ("0.06usd", 60_000),
        (" 0.06 USD ", 60_000),
        ("100", 100_000_000),
        ("0.000001usd", 1),
    ],
)
def test_amounts(text: str, micro_usd: int) -> None:
    assert parse_money(text) == micro_usd


@pytest.mark.parametrize(
    "text",
    ["", "0", "0usd", "-5usd", "$-5", "ten dollars", "100eur", "nan", "inf", "1e3", "1,000usd", "$1usd",
     "0.0000001usd", "10000000000usd", "٣usd"],
)  # fmt: skip
def test_what_is_not_money_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_money(text)
    message = str(caught.value)
    assert f'"{text}"' in message and "allowed: like 100usd" in message and "\n" not in message


@given(st.integers(1, 10**15))
def test_every_micro_dollar_amount_reads_back(micro_usd: int) -> None:
    assert parse_money(f"{micro_usd // 10**6}.{micro_usd % 10**6:06d}usd") == micro_usd


@pytest.mark.parametrize(
    ("gpu", "name", "usd"),
    [
        ("NVIDIA H100 80GB HBM3", "H100 SXM", 3.0),
        ("NVIDIA H100 PCIe", "H100 PCIe", 2.25),
        ("NVIDIA H100 NVL", "H100 PCIe", 2.25),
        ("NVIDIA A100-SXM4-80GB", "A100", 2.0),
        ("NVIDIA A100 80GB PCIe", "A100", 2.0),
        ("NVIDIA H200", "H200", 4.59),
        ("NVIDIA B200", "B200", 6.79),
        ("NVIDIA GH200 480GB", "GH200", 2.29),
        ("NVIDIA L40S", "L40S", 1.09),
        ("NVIDIA L4", "L4", 0.44),
        ("NVIDIA A10G", "A10G", 1.006),
        ("NVIDIA RTX A6000", "RTX A6000", 1.09),
        ("NVIDIA GeForce RTX 4090", "RTX 4090", 0.74),
        ("NVIDIA GeForce RTX 5090", "RTX 5090", 0.69),
        ("AMD Instinct MI300X", "MI300X", 1.99),
    ],
)
def test_a_gpu_is_known_by_its_drivers_name_and_costs_so_much_each(gpu: str, name: str, usd: float) -> None:
    preset = preset_of(gpu)
    assert preset is not None and preset.name == name
    assert [node_price(gpu, count) for count in range(1, 9)] == [
        round(usd * count * 1e6) for count in range(1, 9)
    ]


def test_every_price_says_where_it_is_from_and_when() -> None:
    assert len({preset.name for preset in NODE_PRESETS}) == len(NODE_PRESETS) == 13
    for preset in NODE_PRESETS:
        assert preset.source and re.fullmatch(r"2026-\d\d(-\d\d)?", preset.read), preset.name


def test_whole_nodes_and_a_machine_of_ones_own() -> None:
    assert node_price("NVIDIA H100 80GB HBM3", 8) == 24_000_000
    assert node_price("NVIDIA H100 PCIe", 8) == 18_000_000
    assert node_price("NVIDIA A100-SXM4-80GB", 8) == 16_000_000
    assert node_price(None, 0) == 200_000


def test_unknown_gpu_asks_for_a_price() -> None:
    with pytest.raises(MoneyError, match=r"8 × NVIDIA X9: no preset price .* --price 24usd"):
        node_price("NVIDIA X9", 8)


def test_node_time_is_rounded_up() -> None:
    assert node_cost_micro_usd(3600.0, 200_000) == 200_000
    assert node_cost_micro_usd(0.001, 200_000) == 1
    assert node_cost_micro_usd(0.0, 200_000) == 0


def test_model_prices() -> None:
    assert llm_price("gpt-4o-mini") == llm_price("openai/gpt-4o-mini") == LlmPrice(0.15, 0.6)
    assert llm_price("gpt-4o-mini", "1, 2.5") == LlmPrice(1.0, 2.5)
    assert LlmPrice(0.1, 0.6).cost_micro_usd(3, 0) == 1
    assert LlmPrice(0.1, 0.6).cost_micro_usd(30, 5) == 6
    assert LlmPrice(0.0, 0.0).cost_micro_usd(10**9, 10**9) == 0


@given(
    tokens=st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)),
    prices=st.tuples(st.decimals(0, 200, places=4), st.decimals(0, 200, places=4)),
)
def test_a_call_is_rounded_up_by_less_than_a_micro_dollar(
    tokens: tuple[int, int], prices: tuple[Decimal, Decimal]
) -> None:
    exact = tokens[0] * prices[0] + tokens[1] * prices[1]
    cost = LlmPrice(float(prices[0]), float(prices[1])).cost_micro_usd(*tokens)
    assert exact <= cost < exact + 1


def test_a_model_without_a_price_says_how_to_give_one() -> None:
    with pytest.raises(MoneyError, match=r'my-model: no list price; .*HARNESS_LLM_PRICE="0.15,0.60"'):
        llm_price("my-model")
    for bad in ("1", "1,x", "-1,2", "1,2,3", "1," + "9" * 400):
        with pytest.raises(MoneyError, match="allowed"):
            llm_price("gpt-4o", bad)


def test_money_is_shown_with_enough_digits() -> None:
    assert [format_money(v) for v in (12_345_678, 60_000, 100)] == ["$12.35", "$0.0600", "$0.0001"]
