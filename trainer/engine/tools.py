"""The tools that the engine itself can answer: the calculator."""

import json

from trainer.job.engine import ToolCall
from trainer.sandbox import SandboxError, calculate


def runs_here(call: ToolCall) -> bool:
    """Whether the engine can answer this call."""
    return call.name == "calculator"


def tool_result(call: ToolCall) -> str:
    """The calculator's answer, or what is wrong with the expression, as the model will read it."""
    arguments = json.loads(call.arguments)
    expression = arguments.get("expression") if isinstance(arguments, dict) else None
    if not isinstance(expression, str):
        return "error: expression: missing; needed: a text"
    try:
        return calculate(expression)
    except SandboxError as error:
        return f"error: {error}"
