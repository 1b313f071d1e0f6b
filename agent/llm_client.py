"""Calls to an OpenAI-compatible endpoint: retried, and every attempt paid for."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import openai
import tenacity

from agent.settings import LlmSettings
from agent.spender import CALL_PREFIX, Spender
from journal.errors import JournalError
from journal.records import LlmCall

_RETRIED = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)
_FRAMING_TOKENS = 64  # what chat templates add around the messages
REQUEST_TIMEOUT = 408

ChatMessage = dict[str, str]
Outcome = Literal["ok", "repaired", "invalid", "error"]


class LlmError(Exception):
    """The model could not be asked, or did not answer; one line."""


@dataclass(frozen=True)
class Reply:
    """An answer that is not paid for yet: call `close` with what became of it, once."""

    text: str
    close: Callable[[Outcome, str], None]


class LlmClient:
    """One endpoint and one model; learns which request parameters the server takes."""

    def __init__(
        self, settings: LlmSettings, spender: Spender, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._spender = spender
        self._clock = clock
        self._limit_name = "max_tokens"
        self._takes_schema = True
        self._client: openai.OpenAI | None = None

    def ask(self, messages: Sequence[ChatMessage], schema: dict[str, Any], purpose: str) -> Reply:
        """One answer, after retries.

        Raises:
            LlmError: the server cannot be reached or refuses.
            OverBudget: the worst case of a call is not covered.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_RETRIED),
            stop=tenacity.stop_after_attempt(self._settings.attempts),
            wait=tenacity.wait_random_exponential(self._settings.retry_wait_seconds, max=30),
            reraise=True,
        )
        try:
            return retrying(self._negotiate, messages, schema, purpose)
        except JournalError:
            raise
        # ValueError: the client lets a body that is no JSON through.
        except (openai.OpenAIError, ValueError) as error:
            raise LlmError(_brief(error)) from None

    def _negotiate(self, messages: Sequence[ChatMessage], schema: dict[str, Any], purpose: str) -> Reply:
        while True:
            try:
                return self._attempt(messages, schema, purpose)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                # Reasoning models renamed the limit; small servers do not know json_schema.
                if "max_completion_tokens" in str(error) and self._limit_name == "max_tokens":
                    self._limit_name = "max_completion_tokens"
                elif self._takes_schema:
                    self._takes_schema = False
                else:
                    raise

    def _attempt(self, messages: Sequence[ChatMessage], schema: dict[str, Any], purpose: str) -> Reply:
        request = self._request(messages, schema)
        price = self._settings.price
        # A token is at least one byte, so the request's bytes bound its tokens.
        worst_prompt = len(json.dumps(request, ensure_ascii=False).encode()) + _FRAMING_TOKENS
        worst = price.cost_micro_usd(worst_prompt, self._settings.max_completion_tokens)
        key = f"{CALL_PREFIX}{uuid.uuid4().hex[:16]}"
        self._spender.reserve(key, worst)
        try:
            completion = self._connection().chat.completions.create(**request)
            text, usage = _read(completion)
        except BaseException as error:
            cost = worst if _may_be_billed(error) else 0
            self._settle(key, cost, purpose, None, "error", _brief(error))
            raise
        cost = worst if usage is None else price.cost_micro_usd(*usage)

        def close(outcome: Outcome, detail: str) -> None:
            self._settle(key, cost, purpose, usage, outcome, detail)

        return Reply(text, close)

    def _request(self, messages: Sequence[ChatMessage], schema: dict[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._settings.model,
            "messages": list(messages),
            self._limit_name: self._settings.max_completion_tokens,
        }
        if self._takes_schema:
            named = {"name": "proposals", "strict": True, "schema": schema}
            request["response_format"] = {"type": "json_schema", "json_schema": named}
        return request

    def _settle(
        self,
        key: str,
        cost_micro_usd: int,
        purpose: str,
        usage: tuple[int, int] | None,
        outcome: Outcome,
        detail: str,
    ) -> None:
        call = LlmCall(
            at=self._clock(),
            model=self._settings.model,
            base_url=self._settings.base_url,
            purpose=purpose,
            prompt_tokens=usage[0] if usage else None,
            completion_tokens=usage[1] if usage else None,
            cost_micro_usd=cost_micro_usd,
            outcome=outcome,
            detail=detail[:500],
        )
        self._spender.settle(key, cost_micro_usd, call)

    def _connection(self) -> openai.OpenAI:
        if self._client is None:
            # Retries are ours: each attempt has its own line in the ledger.
            self._client = openai.OpenAI(
                api_key=self._settings.api_key,
                base_url=self._settings.base_url,
                timeout=self._settings.timeout_seconds,
                max_retries=0,
            )
        return self._client


def _read(completion: Any) -> tuple[str, tuple[int, int] | None]:
    # Servers that only resemble OpenAI's leave things out; what is missing is billed in full.
    choices = getattr(completion, "choices", None)
    first = choices[0] if isinstance(choices, list) and choices else None
    text = getattr(getattr(first, "message", None), "content", None)
    usage = getattr(completion, "usage", None)
    counts = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    return str(text or ""), _usage(*counts, text=bool(text))


def _usage(prompt_tokens: object, completion_tokens: object, text: bool) -> tuple[int, int] | None:
    """The tokens that the answer states; None when they cannot be true (no prompt, no tokens for a text)."""
    if not isinstance(prompt_tokens, int) or not isinstance(completion_tokens, int):
        return None
    is_plausible = prompt_tokens > 0 and completion_tokens >= int(text)
    return (prompt_tokens, completion_tokens) if is_plausible else None


def _may_be_billed(error: BaseException) -> bool:
    """Refusals and failed connections are free; what broke on the way may have been charged."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code >= 500 or error.status_code == REQUEST_TIMEOUT
    # By name: the client's HTTP library is httpx or httpx2, as its version has it.
    return type(error.__cause__).__name__ not in ("ConnectError", "ConnectTimeout")


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
