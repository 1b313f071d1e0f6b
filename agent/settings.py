"""Which language model to ask, and at what price."""

from collections.abc import Mapping
from dataclasses import dataclass

from journal.prices import LLM_PRICE_VARIABLE, LlmPrice, llm_price

MODEL_VARIABLE = "HARNESS_LLM_MODEL"
DEFAULT_BASE_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class LlmSettings:
    """An OpenAI-compatible endpoint. `retry_wait_seconds` is the first pause between attempts."""

    model: str
    price: LlmPrice
    base_url: str = DEFAULT_BASE_URL
    api_key: str = "none"
    max_completion_tokens: int = 2000
    timeout_seconds: float = 120.0
    attempts: int = 3
    retry_wait_seconds: float = 2.0

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str],
        *,
        model: str | None = None,
        base_url: str | None = None,
        price: str | None = None,
    ) -> "LlmSettings | None":
        """Settings from arguments, else HARNESS_LLM_MODEL, OPENAI_BASE_URL, OPENAI_API_KEY and
        HARNESS_LLM_PRICE; None when no model is named.

        Raises:
            MoneyError: no price is known for the model; the message says how to give one.
        """
        name = model or environment.get(MODEL_VARIABLE)
        if not name:
            return None
        return cls(
            model=name,
            price=llm_price(name, price or environment.get(LLM_PRICE_VARIABLE)),
            base_url=base_url or environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL,
            api_key=environment.get("OPENAI_API_KEY") or "none",
        )
