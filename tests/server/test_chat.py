"""OpenAI's own client against a running server: whole and streamed answers, tools, models, cancelling."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest

from tests.support.server_lab import Lab, RunningServer, eventually, serving

TOOL: Any = {
    "type": "function",
    "function": {"name": "weather", "description": "…", "parameters": {"type": "object", "properties": {}}},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("chat") / "lab")


@pytest.fixture(scope="module")
def model(lab: Lab) -> str:
    return lab.add_model()


@pytest.fixture(scope="module")
def server(lab: Lab, model: str) -> Iterator[RunningServer]:
    lab.deploy(model)
    with serving(lab) as running:
        running.wait_live(model)
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)


def user(words: str) -> Any:
    return [{"role": "user", "content": words}]


def test_a_whole_answer(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(model="best", messages=user("good day"))
    choice = answer.choices[0]
    assert choice.message.content == f"{model} heard: good day"
    assert choice.message.role == "assistant" and choice.message.tool_calls is None
    assert choice.finish_reason == "stop"
    assert (answer.model, answer.system_fingerprint, answer.object) == (model, model, "chat.completion")
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (
        2,
        2,
        4,
    )


def test_a_streamed_answer_is_the_whole_one(client: openai.OpenAI, model: str) -> None:
    stream = client.chat.completions.create(
        model=model, messages=user("count 5"), stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "1 2 3 4 5 "
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert all(c.usage is None for c in chunks[:-1]) and chunks[-1].choices == []
    assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens == 5
    assert len({c.id for c in chunks}) == 1 and {c.model for c in chunks} == {model}


def test_a_stream_without_usage_ends_with_the_finish_reason(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(model="best", messages=user("count 9"), stream=True, max_tokens=3)
    )
    assert chunks[-1].choices[0].finish_reason == "length"
    assert all(chunk.usage is None for chunk in chunks)


def test_pieces_arrive_while_the_model_still_speaks(client: openai.OpenAI, lab: Lab, model: str) -> None:
    stream = client.chat.completions.create(model="best", messages=user("count 500"), stream=True)
    first = next(c for c in stream if c.choices[0].delta.content)
    assert first.choices[0].delta.content == "1 "
    stream.close()
    eventually(lambda: cancelled(lab, model, "count 500"), "the cancelling of the stream")


def test_leaving_a_whole_answer_cancels_it(server: RunningServer, lab: Lab, model: str) -> None:
    with httpx.Client(base_url=server.url, timeout=0.5) as hasty, pytest.raises(httpx.ReadTimeout):
        hasty.post("/v1/chat/completions", json={"model": "best", "messages": user("hang whole")})
    eventually(lambda: cancelled(lab, model, "hang whole"), "the cancelling of the answer")


def test_leaving_before_the_first_piece_cancels_it(server: RunningServer, lab: Lab, model: str) -> None:
    document = {"model": "best", "messages": user("hang early"), "stream": True}
    with httpx.Client(base_url=server.url, timeout=0.5) as hasty, pytest.raises(httpx.ReadTimeout):
        hasty.post("/v1/chat/completions", json=document)
    eventually(lambda: cancelled(lab, model, "hang early"), "the cancelling of the stream")


def cancelled(lab: Lab, model: str, words: str) -> bool:
    asked = {r["request_id"] for r in lab.received(model, "chat") if r["messages"][-1]["content"] == words}
    return bool(asked & {r["request_id"] for r in lab.received(model, "cancel")})


def test_every_setting_reaches_the_engine(client: openai.OpenAI, lab: Lab, model: str) -> None:
    client.chat.completions.create(
        model="default", messages=user("settings"), temperature=0, top_p=0.5, seed=7, stop=["a", "b"],
        max_completion_tokens=33, user="u", n=1, presence_penalty=0, logprobs=False,
    )  # fmt: skip
    sampling = {"max_tokens": 33, "temperature": 0.0, "top_p": 0.5, "seed": 7, "stop": ["a", "b"]}
    assert asked(lab, model, "settings")["sampling"] == sampling


def test_one_stop_string_is_a_list_of_one(client: openai.OpenAI, lab: Lab, model: str) -> None:
    client.chat.completions.create(model="best", messages=user("stop"), stop="END")
    assert asked(lab, model, "stop")["sampling"]["stop"] == ["END"]


def asked(lab: Lab, model: str, words: str) -> dict[str, Any]:
    return next(r for r in lab.received(model, "chat") if r["messages"][-1]["content"] == words)


def test_without_tools_the_engine_runs_its_own(client: openai.OpenAI, lab: Lab, model: str) -> None:
    client.chat.completions.create(model="best", messages=user("no tools"))
    assert asked(lab, model, "no tools")["run_tools"] is True
    client.chat.completions.create(model="best", messages=user("some tools"), tools=[TOOL])
    assert asked(lab, model, "some tools")["run_tools"] is False
    assert asked(lab, model, "some tools")["tools"][0]["function"]["name"] == "weather"
    client.chat.completions.create(model="best", messages=user("none"), tools=[TOOL], tool_choice="none")
    assert asked(lab, model, "none")["tools"] == [] and asked(lab, model, "none")["run_tools"] is True


def test_a_tool_call_and_its_result(client: openai.OpenAI, lab: Lab, model: str) -> None:
    answer = client.chat.completions.create(model="best", messages=user("use weather"), tools=[TOOL])
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls" and choice.message.content is None
    assert choice.message.tool_calls is not None
    call: Any = choice.message.tool_calls[0]
    assert (call.type, call.function.name, call.function.arguments) == (
        "function",
        "weather",
        '{"expression": "1+1"}',
    )
    # The message goes back as the client received it, as its documentation shows.
    messages: Any = [
        *user("use weather"), choice.message,
        {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
    ]  # fmt: skip
    client.chat.completions.create(model="best", messages=messages, tools=[TOOL])
    sent = asked(lab, model, "sunny")["messages"]
    assert sent[1]["tool_calls"][0] == {
        "id": call.id,
        "name": "weather",
        "arguments": '{"expression": "1+1"}',
    }
    assert sent[2]["tool_call_id"] == call.id


def test_a_tool_call_in_a_stream(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(model="best", messages=user("use weather"), tools=[TOOL], stream=True)
    )
    calls = [call for c in chunks for call in c.choices[0].delta.tool_calls or []]
    assert len(calls) == 1 and calls[0].index == 0 and calls[0].id
    assert calls[0].function is not None and calls[0].function.name == "weather"
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_text_parts_and_the_developer_role(client: openai.OpenAI, lab: Lab, model: str) -> None:
    messages: Any = [
        {"role": "developer", "content": "be brief"},
        {"role": "user", "content": [{"type": "text", "text": "two "}, {"type": "text", "text": "parts"}]},
    ]
    client.chat.completions.create(model="best", messages=messages)
    sent = asked(lab, model, "two parts")["messages"]
    assert [message["role"] for message in sent] == ["system", "user"]


def test_completions(client: openai.OpenAI, model: str) -> None:
    answer = client.completions.create(model="best", prompt="Once upon", max_tokens=50)
    assert answer.choices[0].text == f"{model} heard: Once upon"
    assert answer.object == "text_completion" and answer.choices[0].finish_reason == "stop"
    stream = client.completions.create(
        model="best", prompt=["count 4"], stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].text for c in chunks if c.choices) == "1 2 3 4 "
    assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens == 4


def test_models(client: openai.OpenAI, model: str) -> None:
    listed = client.models.list().data
    assert [entry.id for entry in listed] == [model]
    one = client.models.retrieve("best")
    assert one.id == model and one.to_dict()["job_id"] == model and one.to_dict()["parameters"] == 1234567
    with pytest.raises(openai.NotFoundError) as refusal:
        client.models.retrieve("gpt-7")
    assert refusal.value.code == "model_not_found"


def test_a_context_that_is_full_is_the_clients_error(client: openai.OpenAI) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as refusal:
            client.chat.completions.create(model="best", messages=user("refuse"), stream=stream)
        assert refusal.value.code == "context_length_exceeded" and "511" in refusal.value.message


def test_many_conversations_at_once_are_not_mixed_up(client: openai.OpenAI, model: str) -> None:
    together = threading.Barrier(16)

    def talk(number: int) -> str | None:
        together.wait()
        words = f"count {number}" if number % 2 else f"number {number}"
        stream = client.chat.completions.create(model="best", messages=user(words), stream=True)
        return "".join(c.choices[0].delta.content or "" for c in stream)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(talk, range(16)))
    for number, answer in enumerate(answers):
        counted = "".join(f"{n} " for n in range(1, number + 1))
        assert answer == (counted if number % 2 else f"{model} heard: number {number}")
