"""From a request's message to what the batcher runs."""

from trainer.chat import Conversation, render_prompt
from trainer.engine.generation import Generation
from trainer.engine.replies import ChatReply, Reply, TextReply
from trainer.engine.sampler import Draw
from trainer.engine.scheduler import Key
from trainer.job.engine import ChatRequest, CompletionRequest
from trainer.tokenizer import Tokenizer


class ContextLengthExceeded(ValueError):
    """The prompt leaves no room for even one token."""


def build_generation(
    request: ChatRequest | CompletionRequest, key: Key, tokenizer: Tokenizer, sequence_len: int
) -> Generation:
    """Render and tokenise a request.

    Raises:
        ContextLengthExceeded: the prompt and one token do not fit into `sequence_len`.
        ValueError: the conversation cannot be rendered.
    """
    prompt = _prompt(request, tokenizer)
    if len(prompt) + 1 > sequence_len:
        raise ContextLengthExceeded(
            f"prompt: {len(prompt)} tokens; allowed: at most {sequence_len - 1}, "
            f"for the model's context is {sequence_len} tokens"
        )
    return Generation(
        key=key,
        prompt_tokens=len(prompt),
        max_tokens=request.sampling.max_tokens,
        draw=Draw(request.sampling),
        reply=_reply(request, tokenizer),
        pending=prompt,
    )


def _prompt(request: ChatRequest | CompletionRequest, tokenizer: Tokenizer) -> list[int]:
    if isinstance(request, ChatRequest):
        ids = render_prompt(Conversation(messages=request.messages, tools=request.tools), tokenizer)
        return [int(token) for token in ids]
    return [tokenizer.special("<|bos|>"), *(int(token) for token in tokenizer.encode(request.prompt))]


def _reply(request: ChatRequest | CompletionRequest, tokenizer: Tokenizer) -> Reply:
    if isinstance(request, ChatRequest):
        return ChatReply(tokenizer, request.sampling.stop, request.run_tools)
    return TextReply(tokenizer, request.sampling.stop)
