"""Real conversations and text, as they lie in the folder that HARNESS_DATA names."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from trainer.chat import parse_reply, render, render_prompt
from trainer.data import DataSet, open_data
from trainer.data.conversations import Conversation
from trainer.data.shards import count_in_shard, train_shards
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def data() -> DataSet:
    return open_data("default")


@pytest.fixture(scope="module")
def conversations(data: DataSet) -> list[Conversation]:
    return list(data.conversations("train"))


@pytest.fixture(scope="module")
def tokenizer(data: DataSet) -> Tokenizer:
    return Tokenizer.train(itertools.islice(data.texts("train"), 200), 1024)


def test_all_conversations_load(data: DataSet, conversations: list[Conversation]) -> None:
    assert len(conversations) > 1_000
    held_out = list(data.conversations("validation"))
    assert 0.005 < len(held_out) / len(conversations) < 0.2
    roles = {message.role for conversation in conversations for message in conversation.messages}
    assert {"user", "assistant"} <= roles


def test_sampled_conversations_render_and_read_back(
    conversations: list[Conversation], tokenizer: Tokenizer
) -> None:
    first_special = tokenizer.special(SPECIAL_TOKENS[0])
    for conversation in conversations[:: max(1, len(conversations) // 300)]:
        ids, mask = render(conversation, tokenizer)
        assert mask.any() and not mask[0] and ids.max() < tokenizer.vocab_size
        assert np.count_nonzero(ids >= first_special) >= 5
        last = max(i for i, m in enumerate(conversation.messages) if m.role in ("user", "system"))
        prompt = render_prompt(Conversation(conversation.messages[: last + 1], conversation.tools), tokenizer)
        turn = [m for m in conversation.messages[last + 1 :] if m.role == "assistant"]
        reply = parse_reply(ids[len(prompt) :], tokenizer)
        assert reply.content == "".join(message.content or "" for message in turn)
        assert len(reply.tool_calls) == sum(len(message.tool_calls) for message in turn)


def test_splits_of_the_text_are_whole_and_apart(data: DataSet) -> None:
    shards = train_shards(data.folder / "pretrain")
    assert sum(map(count_in_shard, shards)) == sum(1 for _ in data.texts("train"))
    held_out = [set(data.texts(split)) for split in ("validation", "locked")]
    assert held_out[0] and held_out[1] and not held_out[0] & held_out[1]


def test_the_core_folder_and_the_hash_are_found(data: DataSet) -> None:
    core = data.core_folder()
    assert core is not None and (core / "eval_meta_data.csv").is_file()
    assert data.content_hash() == open_data(str(Path(data.folder))).content_hash()
