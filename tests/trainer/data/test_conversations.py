"""Chat files: both ways of writing tool turns, splits that never mix, faults with their place."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trainer.data.conversations import Conversation, read_conversations, to_conversation
from trainer.data.errors import DataError

CALL = {"name": "add", "arguments": {"a": 1}}


def ask(question: str, answer: str = "Yes.") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def write(path: Path, *rows: object) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".zst":
        with pa.output_stream(str(path), compression="zstd") as stream:
            stream.write(text.encode())
    else:
        path.write_text(text)


def questions(folder: Path, split: Any) -> list[str | None]:
    return [conversation.messages[0].content for conversation in read_conversations(folder, split)]


def test_files_are_read_in_order_of_names_packed_or_not(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", ask("3"))
    write(tmp_path / "a.jsonl.zst", ask("1"), ask("2"))
    pq.write_table(pa.Table.from_pylist([ask("4")]), tmp_path / "c.parquet")
    write(tmp_path / "c_validation.jsonl", ask("held out"))
    assert questions(tmp_path, "train") == ["1", "2", "3", "4"]
    assert questions(tmp_path, "validation") == ["held out"]


@pytest.mark.parametrize("ending", ["validation", "heldout", "test", "dev", "locked"])
@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.zst"])
def test_held_out_files_are_never_trained_on(tmp_path: Path, ending: str, suffix: str) -> None:
    write(tmp_path / "facts.jsonl", ask("trained"))
    write(tmp_path / "x_validation.jsonl", ask("validation"))
    write(tmp_path / f"facts_{ending}.{suffix}", ask("secret"))
    assert questions(tmp_path, "train") == ["trained"]


def test_without_a_validation_file_two_percent_are_held_out(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *(ask(str(i)) for i in range(2000)))
    write(tmp_path / "mc_validation.jsonl", {"question": "no messages here"})
    train, validation = questions(tmp_path, "train"), questions(tmp_path, "validation")
    assert 15 <= len(validation) <= 70
    assert sorted([*train, *validation]) == sorted(str(i) for i in range(2000))


def test_rows_of_other_shapes_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "a_validation.jsonl", ask("v"))
    write(tmp_path / "gsm8k.jsonl", {"question": "?", "answer": "!"}, {"question": "?", "answer": "!"})
    write(tmp_path / "only_user.jsonl", {"messages": [{"role": "user", "content": "hm"}]})
    assert questions(tmp_path, "train") == []


def test_both_forms_of_a_tool_call_are_the_same_conversation() -> None:
    own = {
        "messages": [
            {"role": "user", "content": "1+1?"},
            {"role": "tool_call", "content": json.dumps(CALL)},
            {"role": "tool_result", "content": "2"},
            {"role": "assistant", "content": "2."},
        ]
    }
    function = {"name": "add", "arguments": json.dumps(CALL["arguments"])}
    openai = {
        "messages": [
            {"role": "user", "content": "1+1?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"type": "function", "function": function}],
            },
            {"role": "tool", "content": "2"},
            {"role": "assistant", "content": "2."},
        ]
    }
    assert to_conversation(own) == to_conversation(openai)


def test_consecutive_calls_are_one_message() -> None:
    turns = [{"role": "user", "content": "?"}, *[{"role": "tool_call", "content": json.dumps(CALL)}] * 2]
    messages = to_conversation({"messages": turns}).messages
    assert [len(message.tool_calls) for message in messages] == [0, 2]


def test_a_column_of_calls_is_the_answer() -> None:
    conversation = to_conversation(
        {"messages": [{"role": "user", "content": "?"}], "calls": [CALL], "tools": [{"name": "add"}]}
    )
    assert [message.role for message in conversation.messages] == ["user", "assistant"]
    assert conversation.messages[-1].tool_calls[0].name == "add"
    assert conversation.tools == ({"name": "add"},)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[1]", "list; needed: a JSON object"),
        ('{"messages": []}', "messages: \\[\\]; needed: a list"),
        ('{"messages": [{"role": "robot", "content": "x"}]}', 'role: "robot"; allowed: system'),
        ('{"messages": [{"role": "user"}]}', "content: null in a message of role user"),
        (
            '{"messages": [{"role": "assistant", "tool_calls": [{"name": "x"}]}]}',
            "tool call: .*needed: name and arguments",
        ),
        ('{"messages": [{"role": "tool_call", "content": "not json"}]}', "Expecting value"),
        ('{"messages": [7]}', "message: 7; needed: an object"),
        (
            '{"messages": [{"role": "user", "content": "x"}], "tools": "all"}',
            "tools: .*needed: a list of objects",
        ),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    write(tmp_path / "x_validation.jsonl", ask("v"))
    (tmp_path / "a.jsonl").write_text(json.dumps(ask("ok")) + "\n" + line + "\n")
    with pytest.raises(DataError, match=complaint) as caught:
        list(read_conversations(tmp_path, "train"))
    assert "a.jsonl:2: " in str(caught.value) and "\n" not in str(caught.value)


def test_a_packed_file_cut_short_is_one_line(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl.zst", *(ask(str(i) * 50) for i in range(500)))
    whole = (tmp_path / "a.jsonl.zst").read_bytes()
    (tmp_path / "a.jsonl.zst").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.jsonl\.zst"):
        list(read_conversations(tmp_path, "train"))


def test_conversations_are_values() -> None:
    assert to_conversation(ask("a")) == to_conversation(ask("a"))
    assert isinstance(to_conversation(ask("a")), Conversation)


def test_reading_what_is_trained_on_finds_a_bad_row_of_either_split(tmp_path: Path) -> None:
    """Two of a hundred rows are held out: a session learns of theirs before it has spent anything."""
    for number in range(200):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.jsonl").write_text(json.dumps({"messages": f"no list {number}"}) + "\n")
        with pytest.raises(DataError, match=r"a\.jsonl:1: messages"):
            list(read_conversations(folder, "train"))
