"""The questions of a chat set's own: held out, without tools, and asked of a real engine."""

import json
from pathlib import Path

from tests.acceptance.conversation_checks import held_out_questions, score_conversations
from trainer.data.catalog import open_data
from trainer.engine.tiny import write_tiny_checkpoint
from trainer.job import RunPaths


def chat_set(folder: Path) -> Path:
    """Nine held-out conversations: one with a tool, one that is long, one that a system message opens."""
    answer = {"role": "assistant", "content": "yes"}
    rows = [{"messages": [{"role": "user", "content": f"question {number}"}, answer]} for number in range(6)]
    rows.append({"messages": [{"role": "user", "content": "with a tool"}, answer], "tools": [{"name": "f"}]})
    rows.append({"messages": [{"role": "user", "content": "long " * 500}, answer]})
    opened = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "opened"}, answer]
    rows.append({"messages": opened})
    (folder / "chat").mkdir(parents=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "chat" / "a_validation.jsonl").write_text(lines)
    (folder / "chat" / "a.jsonl").write_text(lines.replace("question", "trained"))
    return folder


def test_questions_are_held_out_short_and_without_tools(tmp_path: Path) -> None:
    data = open_data(str(chat_set(tmp_path / "set")))
    assert held_out_questions(data, 3) == ["question 0", "question 2", "question 4"]
    assert len(held_out_questions(data, 50)) == 6


def test_a_random_model_ends_hardly_an_answer_and_a_set_without_core_has_none(tmp_path: Path) -> None:
    run = tmp_path / "0123456789-1"
    run.mkdir()
    write_tiny_checkpoint(RunPaths(run))
    scores = score_conversations(run, str(chat_set(tmp_path / "set")))
    assert scores.asked == 6
    assert scores.ended <= 1
    assert scores.core is None
