"""Calls to an OpenAI-compatible endpoint: retried, and every attempt paid for."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import openai
import tenacity

from agent.breaker import Breaker
from agent.llm_http import BrokenAnswer, RawAnswer, SlowAnswer, exchange, may_be_billed
from agent.settings import LlmSettings
from agent.spender import Spender
from journal.errors import JournalError
from journal.ledger.account import llm_account
from journal.records import LlmCall, Proposal

_RETRIED = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError, BrokenAnswer)
# Who was silent for the whole time-out once would cost it again at once: that is the breaker's business.
_SILENCE = (openai.APITimeoutError, SlowAnswer)
_FAULTS = (openai.OpenAIError, BrokenAnswer, SlowAnswer, ValueError, RecursionError)
_FRAMING_TOKENS = 64  # what chat templates add around the messages
# Tokenizers average 3 to 6 bytes a token on text; who claims ever more for less states no true bill.
_MOST_BYTES_A_TOKEN = 32
_MOST_DETAIL_CHARS = 500
_LEAST_SECRET_CHARS = 8

ChatMessage = dict[str, str]
Outcome = Literal["ok", "repaired", "invalid", "error"]
Refused = tuple[Proposal, str]


class LlmError(Exception):
    """The model could not be asked, or did not answer; one line."""


@dataclass(frozen=True)
class Reply:
    """An answer that is not paid for yet: call `close` with what became of it, once.

    `close` takes the outcome, its details, and the drafts that were refused with their reasons.
    """

    text: str
    close: Callable[[Outcome, str, Sequence[Refused]], None]


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

    def is_paused(self) -> bool:
        """Whether the endpoint failed so often in a row that it is left alone for now."""
        return self._breaker().is_paused(self._clock())

    def note_breaker(self) -> None:
        """Record that the endpoint is left alone from now on, or answers again; each once."""
        self._spender.note_breaker(
            self._settings.model, self._settings.base_url, self._breaker(), self._clock()
        )

    def _breaker(self) -> Breaker:
        return self._spender.breaker(self._settings.model, self._settings.base_url)

    def ask(self, messages: Sequence[ChatMessage], schema: dict[str, Any], purpose: str) -> Reply:
        """One answer, after retries; after a pause one attempt has to do.

        Raises:
            LlmError: the server cannot be reached or refuses.
            OverBudget: the worst case of a call is not covered.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_retried),
            stop=tenacity.stop_after_attempt(1 if self._breaker().is_open else self._settings.attempts),
            wait=tenacity.wait_random_exponential(self._settings.retry_wait_seconds, max=30),
            reraise=True,
        )
        try:
            return retrying(self._negotiate, messages, schema, purpose)
        except JournalError:
            raise
        except _FAULTS as error:
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
        account = llm_account(uuid.uuid4().hex[:16])
        self._spender.reserve(account, worst)
        try:
            answer = exchange(self._settings, request)
        except BaseException as error:
            cost = worst if may_be_billed(error) else 0
            self._settle(account, cost, purpose, None, "error", _brief(error))
            raise
        said = sum(len(message["content"].encode()) for message in messages)
        usage = _usage(answer, said, worst_prompt, self._settings.max_completion_tokens)
        cost = worst if usage is None else price.cost_micro_usd(*usage)

        def close(outcome: Outcome, detail: str, refused: Sequence[Refused] = ()) -> None:
            self._settle(account, cost, purpose, usage, outcome, detail, refused)

        return Reply(answer.text, close)

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
        account: str,
        cost_micro_usd: int,
        purpose: str,
        usage: tuple[int, int] | None,
        outcome: Outcome,
        detail: str,
        refused: Sequence[Refused] = (),
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
            detail=self._harmless(detail),
        )
        self._spender.settle(account, cost_micro_usd, call, refused)

    def _harmless(self, detail: str) -> str:
        """Words of a stranger as they may be kept and shown: one line, printable, without our key."""
        if len(self._settings.api_key) >= _LEAST_SECRET_CHARS:
            detail = detail.replace(self._settings.api_key, "(key)")
        line = " ".join(detail[: 4 * _MOST_DETAIL_CHARS].split())
        return "".join(c if c.isprintable() else "?" for c in line)[:_MOST_DETAIL_CHARS]


def _usage(answer: RawAnswer, said: int, most_prompt: int, most_completion: int) -> tuple[int, int] | None:
    """The (prompt, completion) tokens that the answer states; None when they cannot be true.

    `said` are the bytes of the messages; more than what was reserved, or hardly any tokens for
    many bytes, is no bill but a claim.
    """
    prompt, completion = answer.prompt_tokens, answer.completion_tokens
    if type(prompt) is not int or type(completion) is not int:
        return None
    heard = len(answer.text.encode())
    is_true = _fewest(said) <= prompt <= most_prompt and _fewest(heard) <= completion <= most_completion
    return (prompt, completion) if is_true else None


def _fewest(text_bytes: int) -> int:
    return -(-text_bytes // _MOST_BYTES_A_TOKEN)


def _is_retried(error: BaseException) -> bool:
    return isinstance(error, _RETRIED) and not isinstance(error, _SILENCE)


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
