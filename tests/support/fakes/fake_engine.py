"""A scripted engine process: speaks the real socket protocol, obeys words in what it is asked.

`fake_engine.py CHECKPOINT --socket PATH`. `CHECKPOINT/script.json` may set `canary`
("pass", "fail", "silent", "die"), `load` ("die", "refuse": a checkpoint that cannot be served), `deaths` (so
many processes die in the canary) and `load_seconds`; every line it receives is kept in
`CHECKPOINT/received.jsonl`, the GPUs that it may see in `devices.txt`. It answers a user's last words:

  count N   the words 1 … N, one every 20 ms      hang     nothing at all
  die       ends, in the middle of its answer     refuse   context_length_exceeded
  use NAME  calls the tool NAME, if it was given  other    "<job_id> heard: <words>"
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from trainer.job.engine import (
    CanaryReport,
    CanaryRequest,
    CancelRequest,
    ChatRequest,
    CompletionRequest,
    Delta,
    Done,
    EngineError,
    Ready,
    ToolCall,
    request_adapter,
)

WORD_SECONDS = 0.02


class FakeEngine:
    """One scripted model."""

    def __init__(self, checkpoint: Path) -> None:
        self.folder = checkpoint
        script = checkpoint / "script.json"
        self.script: dict[str, Any] = json.loads(script.read_text()) if script.exists() else {}
        self.job_id = checkpoint.parent.name if checkpoint.name == "checkpoint" else checkpoint.name
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def send(reply: Any) -> None:
            writer.write(reply.model_dump_json().encode() + b"\n")

        send(Ready(job_id=self.job_id, kind="sft", parameters=1234567, sequence_len=512, device="cpu"))
        while line := await reader.readline():
            with (self.folder / "received.jsonl").open("ab") as log:
                log.write(line)
            request = request_adapter().validate_json(line)
            if isinstance(request, CancelRequest):
                if task := self.tasks.pop(request.request_id, None):
                    task.cancel()
            else:
                self.tasks[request.request_id] = asyncio.create_task(self.answer(request, send))

    async def answer(self, request: ChatRequest | CompletionRequest | CanaryRequest, send: Any) -> None:
        if isinstance(request, CanaryRequest):
            self.answer_canary(request, send)
            return
        words = (
            request.prompt if isinstance(request, CompletionRequest) else request.messages[-1].content
        ) or ""
        verb, _, rest = words.partition(" ")
        if verb == "hang":
            await asyncio.sleep(3600)
        if verb == "refuse":
            message = "prompt: 600 tokens; allowed: at most 511"
            send(EngineError(request_id=request.request_id, code="context_length_exceeded", message=message))
            return
        calls: tuple[ToolCall, ...] = ()
        if verb == "use" and isinstance(request, ChatRequest) and request.tools:
            calls = (ToolCall(name=rest, arguments='{"expression": "1+1"}'),)
            said = []
        else:
            said = await self.speak(request, verb, rest, words, send)
        cut = len(said) >= request.sampling.max_tokens
        send(
            Done(
                request_id=request.request_id,
                finish_reason="tool_calls" if calls else "length" if cut else "stop",
                prompt_tokens=len(words.split()),
                completion_tokens=max(len(said), 1),
                tool_calls=calls,
            )
        )

    async def speak(
        self, request: ChatRequest | CompletionRequest, verb: str, rest: str, words: str, send: Any
    ) -> list[str]:
        said = (
            [f"{n} " for n in range(1, int(rest) + 1)]
            if verb == "count"
            else [f"{self.job_id} heard: ", words]
        )
        said = said[: request.sampling.max_tokens]
        for piece in said:
            send(Delta(request_id=request.request_id, text=piece))
            if verb == "die":
                os._exit(9)
            if verb == "count":
                await asyncio.sleep(WORD_SECONDS)
        return said

    def answer_canary(self, request: CanaryRequest, send: Any) -> None:
        tune = self.script.get("canary", "pass")
        if len((self.folder / "pids.txt").read_text().split()) <= self.script.get("deaths", 0):
            print("RuntimeError: CUDA error: an illegal memory access was encountered", file=sys.stderr)
            print("Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.", file=sys.stderr)
            os._exit(1)
        if tune == "die":
            os._exit(7)
        if tune == "silent":
            return
        send(
            CanaryReport(
                request_id=request.request_id,
                passed=tune == "pass",
                loss=2.5,
                expected_loss=2.5 if tune == "pass" else 1.0,
                detail="" if tune == "pass" else "loss 2.5, expected 1.0",
            )
        )


def is_another(engine: FakeEngine) -> bool:
    """With FAKE_ENGINE_SERVES_THE_FIRST: not the first model that a lab's engines were started for."""
    if "FAKE_ENGINE_SERVES_THE_FIRST" not in os.environ:
        return False
    first = engine.folder.parents[2] / "first_model"
    if not first.exists():
        first.write_text(engine.job_id)
    return first.read_text() != engine.job_id


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--socket", type=Path, required=True)
    arguments = parser.parse_args()
    engine = FakeEngine(arguments.checkpoint)
    with (engine.folder / "pids.txt").open("a") as pids:
        pids.write(f"{os.getpid()}\n")
    with (engine.folder / "devices.txt").open("a") as devices:
        devices.write(os.environ.get("CUDA_VISIBLE_DEVICES", "unset") + "\n")
    await asyncio.sleep(engine.script.get("load_seconds", 0.0))
    if engine.script.get("load") == "die":
        sys.exit("cannot read the weights")
    if engine.script.get("load") == "refuse" or is_another(engine):
        print("engine: model.safetensors: not what meta.json says", file=sys.stderr)
        sys.exit(2)
    server = await asyncio.start_unix_server(engine.converse, arguments.socket, limit=8 << 20)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: os._exit(0))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
