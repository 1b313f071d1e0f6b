"""Continuous batching: every request gets what it would get alone, whoever comes and goes."""

import random

import pytest
import torch

from tests.support.core_support import tiny_model
from trainer.engine.batching import Batcher
from trainer.engine.generation import Generation
from trainer.engine.replies import Advance, TextReply, banned_mask
from trainer.engine.requests import ContextLengthExceeded, build_generation
from trainer.job.engine import ChatRequest, CompletionRequest, Message, Sampling
from trainer.model.gpt import GPT
from trainer.model.kv_cache import KVCache
from trainer.tokenizer import Tokenizer

TEXT = "one two three four five six seven eight nine ten. "
SEQUENCE_LEN = 48


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT * 20], 310)


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> GPT:
    return tiny_model(tokenizer.vocab_size, SEQUENCE_LEN)


class Run:
    """A batcher and what it reported."""

    def __init__(
        self, model: GPT, tokenizer: Tokenizer, slots: int, prefill_tokens: int | None = None
    ) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.text: dict[str, str] = {}
        self.finish: dict[str, str] = {}
        self.tokens: dict[str, int] = {}
        cache = KVCache(model.config, slots, SEQUENCE_LEN)
        self.batcher = Batcher(model, tokenizer, cache, slots, self._report, prefill_tokens)

    def add(self, name: str, prompt: str, **sampling: object) -> Generation:
        request = CompletionRequest(
            request_id=name, prompt=prompt, sampling=Sampling.model_validate(sampling)
        )
        generation = build_generation(request, (1, name), self.tokenizer, SEQUENCE_LEN)
        self.batcher.add(generation)
        return generation

    def finish_all(self) -> None:
        while len(self.batcher.scheduler):
            self.batcher.step()

    def _report(self, generation: Generation, advance: Advance) -> None:
        name = generation.key[1]
        self.text[name] = self.text.get(name, "") + advance.text
        self.tokens[name] = generation.sampled_tokens
        if advance.finish is not None:
            self.finish[name] = advance.finish


def greedy(model: GPT, tokenizer: Tokenizer, prompt: str, count: int) -> str:
    """Text of the likeliest ordinary tokens, one forward pass over everything for each."""
    ids = [tokenizer.special("<|bos|>"), *tokenizer.encode(prompt).tolist()]
    banned = torch.from_numpy(banned_mask(tokenizer, model.config.vocab_size, frozenset()))
    reply, text = TextReply(tokenizer, ()), ""
    for _ in range(count):
        with torch.no_grad():
            logits = model(torch.tensor([ids]))[0, -1].masked_fill(banned, float("-inf"))
        ids.append(int(logits.argmax()))
        text += reply.accept(ids[-1]).text
    return text + reply.flush()


def test_greedy_decoding_through_slots_equals_the_uncached_model(model: GPT, tokenizer: Tokenizer) -> None:
    run = Run(model, tokenizer, slots=3)
    prompts = {f"r{n}": TEXT[: 3 * n] for n in range(8)}
    for n, (name, prompt) in enumerate(prompts.items()):
        run.add(name, prompt, temperature=0.0, max_tokens=4 + n)
        run.batcher.step()
    run.finish_all()
    for n, (name, prompt) in enumerate(prompts.items()):
        assert run.text[name] == greedy(model, tokenizer, prompt, 4 + n), name
        assert (run.finish[name], run.tokens[name]) == ("length", 4 + n)


def test_seeded_sampling_does_not_depend_on_the_neighbours(model: GPT, tokenizer: Tokenizer) -> None:
    settings = {"seed": 11, "temperature": 1.1, "top_p": 0.9, "max_tokens": 20}
    alone = Run(model, tokenizer, slots=1)
    alone.add("x", "two three", **settings)
    alone.finish_all()
    crowd = Run(model, tokenizer, slots=4)
    rng = random.Random(3)
    for n in range(9):
        crowd.add(f"n{n}", TEXT[: rng.randint(0, 30)], seed=n, max_tokens=rng.randint(1, 9))
        if n == 4:
            crowd.add("x", "two three", **settings)
        crowd.batcher.step()
    crowd.finish_all()
    assert crowd.text["x"] == alone.text["x"]
    assert len(crowd.finish) == 10


def test_a_long_prompt_is_fed_in_pieces_while_others_go_on(model: GPT, tokenizer: Tokenizer) -> None:
    run = Run(model, tokenizer, slots=2, prefill_tokens=3)
    run.add("short", "one", temperature=0.0, max_tokens=12)
    run.batcher.step()
    run.add("long", TEXT[:40], temperature=0.0, max_tokens=3)
    run.batcher.step()
    run.batcher.step()
    assert run.tokens["short"] == 3 and "long" not in run.tokens
    run.finish_all()
    assert run.text["long"] == greedy(model, tokenizer, TEXT[:40], 3)
    assert run.text["short"] == greedy(model, tokenizer, "one", 12)


def test_a_removed_request_frees_its_slot_and_changes_nothing_for_others(
    model: GPT, tokenizer: Tokenizer
) -> None:
    run = Run(model, tokenizer, slots=2)
    for name in ("gone", "stays", "waits"):
        run.add(name, "one two", temperature=0.0, max_tokens=10)
    run.batcher.step()
    run.batcher.step()
    assert run.batcher.remove((1, "gone")) is not None
    run.finish_all()
    expected = greedy(model, tokenizer, "one two", 10)
    assert run.text["stays"] == run.text["waits"] == expected
    assert "gone" not in run.finish


def test_the_context_ends_a_reply_with_length(model: GPT, tokenizer: Tokenizer) -> None:
    run = Run(model, tokenizer, slots=1)
    generation = run.add("full", TEXT[:60], max_tokens=1000, seed=1)
    run.finish_all()
    assert run.finish["full"] == "length"
    assert generation.prompt_tokens + run.tokens["full"] == SEQUENCE_LEN


def test_a_prompt_without_room_for_a_token_is_refused(model: GPT, tokenizer: Tokenizer) -> None:
    run = Run(model, tokenizer, slots=1)
    fitting = " one" * (SEQUENCE_LEN - 2)
    assert len(tokenizer.encode(fitting)) == SEQUENCE_LEN - 2
    run.add("fits", fitting, seed=1)
    run.finish_all()
    assert run.tokens["fits"] == 1
    with pytest.raises(
        ContextLengthExceeded, match=f"{SEQUENCE_LEN} tokens; allowed: at most {SEQUENCE_LEN - 1}"
    ):
        run.add("long", fitting + " one")


def test_a_calculator_result_is_read_by_the_model(tokenizer: Tokenizer) -> None:
    """The model is scripted: only with the result in its context does it say the end of the script."""
    parts = [
        "<|tool_call_start|>",
        '{"name":"calculator","arguments":{"expression":"6*7"}}',
        "<|tool_call_end|>",
    ]
    result = ["<|tool_result_start|>", "42", "<|tool_result_end|>"]
    script = ids_of(tokenizer, [*parts, *result, "forty two", "<|assistant_end|>"])
    request = ChatRequest(
        request_id="c", messages=(Message(role="user", content="6*7?"),), run_tools=True,
        sampling=Sampling(temperature=0.0),
    )  # fmt: skip
    generation = build_generation(request, (1, "c"), tokenizer, 400)
    seen: list[Advance] = []
    model = Scripted(tokenizer.vocab_size, len(generation.pending), script)
    cache = KVCache(tiny_model(tokenizer.vocab_size).config, 1, 4)
    batcher = Batcher(model, tokenizer, cache, 1, lambda _, advance: seen.append(advance))  # type: ignore[arg-type]
    batcher.add(generation)
    while len(batcher.scheduler):
        batcher.step()
    assert "".join(advance.text for advance in seen) == "forty two"
    assert seen[-1].finish == "stop"
    assert generation.used == generation.prompt_tokens + len(script)
    assert generation.sampled_tokens == len(script) - len(ids_of(tokenizer, result))


def ids_of(tokenizer: Tokenizer, parts: list[str]) -> list[int]:
    ids: list[int] = []
    for part in parts:
        ids += [tokenizer.special(part)] if part.startswith("<|") else tokenizer.encode(part).tolist()
    return ids


class Scripted:
    """Stands for a model: continues a prompt of known length by a script, as long as it was followed."""

    def __init__(self, vocab_size: int, prompt_tokens: int, script: list[int]) -> None:
        self.config = tiny_model(vocab_size, 400).config
        self.device = torch.device("cpu")
        self._prompt_tokens, self._script, self._read = prompt_tokens, script, []

    def __call__(self, tokens_BT: torch.Tensor, **_: object) -> torch.Tensor:
        self._read: list[int] = self._read + tokens_BT[0].tolist()
        said = self._read[self._prompt_tokens :]
        assert said == self._script[: len(said)]
        logits = torch.zeros(1, 1, self.config.vocab_size)
        logits[0, 0, self._script[len(said)]] = 1.0
        return logits
