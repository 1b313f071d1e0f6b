"""The price book: amounts of money as text, what a node costs an hour, what a model costs a token."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from journal.errors import MoneyError
from journal.node_presets import MICRO_USD, NODE_PRESETS, preset_of

MAX_USD = Decimal(10**9)
_MONEY = re.compile(
    r"^\s*(?:\$\s*(?P<dollars>\d+(?:\.\d+)?)|(?P<plain>\d+(?:\.\d+)?)\s*(?:usd|\$)?)\s*$", re.I | re.ASCII
)

LLM_PRICE_VARIABLE = "HARNESS_LLM_PRICE"
MOST_LLM_USD = 1e6


OWN_MACHINE_MICRO_USD_PER_HOUR = 200_000


@dataclass(frozen=True)
class LlmPrice:
    """USD per million tokens, which is micro-dollars per token."""

    input_usd: float
    output_usd: float

    def cost_micro_usd(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Cost of one call, rounded up to a micro-dollar."""
        # In decimals: 3 * 0.1 must not cost a micro-dollar more for a float's last bit, nor 10**-9 nothing.
        amounts = (prompt_tokens, self.input_usd), (completion_tokens, self.output_usd)
        return math.ceil(sum(tokens * Decimal(str(usd)) for tokens, usd in amounts))


# List prices in USD per million tokens. Prices move: HARNESS_LLM_PRICE overrides.
LLM_PRICES: Mapping[str, LlmPrice] = {
    "gpt-4o": LlmPrice(2.5, 10.0),
    "gpt-4o-mini": LlmPrice(0.15, 0.6),
    "gpt-4.1": LlmPrice(2.0, 8.0),
    "gpt-4.1-mini": LlmPrice(0.4, 1.6),
    "gpt-5": LlmPrice(1.25, 10.0),
    "gpt-5-mini": LlmPrice(0.25, 2.0),
    "gpt-5-nano": LlmPrice(0.05, 0.4),
    "o4-mini": LlmPrice(1.1, 4.4),
    "claude-sonnet-4-5": LlmPrice(3.0, 15.0),
    "claude-haiku-4-5": LlmPrice(1.0, 5.0),
    "gemini-2.5-pro": LlmPrice(1.25, 10.0),
    "gemini-2.5-flash": LlmPrice(0.3, 2.5),
}


def parse_money(text: str) -> int:
    """Micro-dollars of `100usd`, `$100`, `0.06usd` or `100`.

    Raises:
        MoneyError: not such a text, zero, or finer than a micro-dollar.
    """
    match = _MONEY.match(text)
    amount = Decimal(match["dollars"] or match["plain"]) if match else Decimal(0)
    if not 0 < amount <= MAX_USD or amount * MICRO_USD != int(amount * MICRO_USD):
        raise MoneyError(
            f'"{text}": not an amount of money; allowed: like 100usd, $2.50 or 0.06usd, '
            f"from $0.000001 to ${MAX_USD}"
        )
    return int(amount * MICRO_USD)


def format_money(micro_usd: int) -> str:
    """`$12.34`, with more digits below a dollar."""
    usd = micro_usd / MICRO_USD
    return f"${usd:.2f}" if abs(usd) >= 1 else f"${usd:.4f}"


def node_price(gpu_name: str | None, gpus: int) -> int:
    """Micro-dollars an hour of this node; without a GPU, of a machine of one's own.

    Raises:
        MoneyError: no preset for such a GPU; the message says how to give a price.
    """
    if gpu_name is None or gpus == 0:
        return OWN_MACHINE_MICRO_USD_PER_HOUR
    preset = preset_of(gpu_name)
    if preset is not None:
        return preset.micro_usd_per_hour(gpus)
    known = ", ".join(preset.name for preset in NODE_PRESETS)
    raise MoneyError(
        f"{gpus} × {gpu_name}: no preset price (known: {known}); give the node's price an hour, "
        "e.g. --price 24usd"
    )


def node_cost_micro_usd(seconds: float, micro_usd_per_hour: int) -> int:
    """Price of so many seconds of the node, rounded up."""
    return rounded_up(seconds * micro_usd_per_hour / 3600.0)


def rounded_up(micro_usd: float) -> int:
    """Whole micro-dollars; a float's last bits cost none."""
    return math.ceil(round(micro_usd, 6))


def llm_price(model: str, override: str | None = None) -> LlmPrice:
    """Price of a model: the `override` text "in,out" (USD per million tokens), else the list.

    Raises:
        MoneyError: a bad override, or a model that is not listed.
    """
    if override:
        return _parse_llm_price(override)
    name = model.rsplit("/", 1)[-1]
    if name in LLM_PRICES:
        return LLM_PRICES[name]
    raise MoneyError(
        f'{model}: no list price; give it in USD per million tokens as "input,output", '
        f'e.g. {LLM_PRICE_VARIABLE}="0.15,0.60" ("0,0" for a model of your own)'
    )


def _parse_llm_price(text: str) -> LlmPrice:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*", text)
    if match is None or max(float(match[1]), float(match[2])) > MOST_LLM_USD:
        raise MoneyError(
            f'{LLM_PRICE_VARIABLE}="{text}"; allowed: "input,output" in USD per million tokens, '
            f"at most {MOST_LLM_USD:g} each"
        )
    return LlmPrice(float(match[1]), float(match[2]))
