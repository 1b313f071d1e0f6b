"""The server with the real engine: a tiny random model passes its canary, answers, and is gone at the end."""

from pathlib import Path
from typing import Any

import openai

from tests.support.engine_support import write_checkpoint
from tests.support.server_lab import Lab, eventually, serving

GOOD, FALSE = "0123456789-1", "0123456789-2"


def command_lines() -> list[str]:
    lines = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return lines


def test_a_real_model_from_canary_to_the_end(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    for name, error in ((GOOD, 0.0), (FALSE, 1.0)):
        (lab.folder / "runs" / name).mkdir()
        write_checkpoint(lab.folder / "runs" / name, error)
    one = lab.deploy(GOOD)
    with serving(
        lab, real_engine=True, environment={"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    ) as server:
        server.wait_live(GOOD)
        two = lab.deploy(FALSE)
        client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)
        asked: Any = {"model": GOOD, "messages": [{"role": "user", "content": "one two"}], "max_tokens": 12}
        whole = client.chat.completions.create(**asked, temperature=0)
        stream = client.chat.completions.create(**asked, temperature=0, stream=True)
        pieces = [c.choices[0].delta.content or "" for c in stream]
        assert "".join(pieces) == whole.choices[0].message.content
        assert whole.usage is not None and 1 <= whole.usage.completion_tokens <= 12
        drawn = [
            client.completions.create(model="best", prompt="one", seed=5, max_tokens=9) for _ in range(2)
        ]
        assert drawn[0].choices[0].text == drawn[1].choices[0].text != ""
        try:
            client.completions.create(model="best", prompt="one two three four " * 100)
            raise AssertionError("a prompt beyond the context was taken")
        except openai.BadRequestError as refusal:
            assert refusal.code == "context_length_exceeded" and refusal.param == "prompt"
        eventually(lambda: lab.state(two) == "failed", "the refusal of the false canary")
        assert lab.state(one) == "live"
        assert server.stop() == 0
    assert not [line for line in command_lines() if str(lab.folder) in line]
