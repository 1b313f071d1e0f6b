"""What the language model may answer: JSON Schema made from the job's own, and reading it back."""

import json
import re
from typing import Any

from pydantic import ValidationError

from agent.proposals.drafts import allowed_paths
from agent.proposals.proposer import LabContext
from agent.proposals.space import pretrain_schema
from journal.records import Proposal
from journal.science.statistics import mean
from trainer.job import one_line
from trainer.job.refusals import field_name
from trainer.job.strict_json import is_deep, strict_decoder

_KEPT = (
    "type", "enum", "pattern", "anyOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
)  # fmt: skip


MAX_ANSWER_CHARS = 65_536
MAX_STATEMENT_CHARS = 400
# A claim of next to nothing cannot be refuted, one of a miracle is refuted whatever it brings.
EFFECT_FRACTIONS = (0.0002, 0.05)
STATEMENT_HINT = "one sentence that can be false"
# Each bracket may begin a document, and each attempt may read to the end: an answer of brackets is slow.
_MOST_FALSE_STARTS = 200


class AnswerError(ValueError):
    """An answer that is not what was asked; one line for the model."""


def answer_schema(context: LabContext, count: int) -> dict[str, Any]:
    """Schema of `{"proposals": [{statement, patch: [{field, value}], minimum_effect, prior}]}`.

    Every field is tied to the range that the job contract gives it.
    """
    changes = [_change(path) for path in allowed_paths(context.forbidden)]
    proposal = _closed(
        {
            "statement": {"type": "string"},
            "patch": {"type": "array", "minItems": 1, "maxItems": 4, "items": {"anyOf": changes}},
            "minimum_effect": {"anyOf": [_effect(context), {"type": "null"}]},
            "prior": {"type": "number", "minimum": 0, "maximum": 1},
        }
    )
    several = {"type": "array", "minItems": 1, "maxItems": count, "items": proposal}
    return _closed({"proposals": several})


def field_schema(path: str) -> dict[str, Any]:
    """The job contract's schema of one field, without its prose."""
    root = pretrain_schema()
    node: dict[str, Any] = root
    for name in path.split("."):
        node = _resolved(node, root)["properties"][name]
    return _bare(_resolved(node, root))


def describe_field(path: str) -> str:
    """The allowed values of one field in a few words."""
    return json.dumps(field_schema(path), sort_keys=True)


def read_answer(text: str) -> list[dict[str, Any]]:
    """The raw proposals of an answer: the first JSON object in it that has them.

    Raises:
        AnswerError: no such object, or an answer past 65,536 characters.
    """
    if len(text) > MAX_ANSWER_CHARS:
        raise AnswerError(f"answer: {len(text)} characters; allowed: at most {MAX_ANSWER_CHARS}")
    for document in _json_documents(text):
        found = document.get("proposals") if isinstance(document, dict) else document
        if isinstance(document, dict) and found is None and "patch" in document:
            found = [document]
        if isinstance(found, list) and all(isinstance(item, dict) for item in found):
            return found
    raise AnswerError('answer: no JSON object {"proposals": [...]} in it; allowed: only that object')


def to_proposal(raw: dict[str, Any]) -> Proposal:
    """A checked proposal; `patch` as a list of {field, value} or as an object.

    Raises:
        AnswerError: naming the field, the value and what is allowed.
    """
    patch = raw.get("patch")
    if isinstance(patch, list):
        if not all(isinstance(c, dict) and {"field", "value"} <= set(c) for c in patch):
            raise AnswerError('patch: allowed: a list of {"field": ..., "value": ...}')
        raw = {**raw, "patch": _patch_of(patch)}
    if isinstance(statement := raw.get("statement"), str):
        raw = {**raw, "statement": _printable(statement)}
    try:
        return Proposal.model_validate_json(json.dumps({**raw, "proposer": "llm"}))
    except ValidationError as error:
        raise AnswerError(one_line(error)) from None
    except ValueError as error:
        raise AnswerError(f"proposal: {error}") from None


def check_effect(proposal: Proposal, context: LabContext) -> None:
    """Refuse a minimum effect that makes the claim empty.

    Raises:
        AnswerError: outside 0.02% to 5% of the baseline's mean val_bpb.
    """
    bounds, effect = _effect_bounds(context), proposal.minimum_effect
    if effect is not None and bounds is not None and not bounds[0] <= effect <= bounds[1]:
        raise AnswerError(f"minimum_effect: {effect:g}; allowed: {bounds[0]:g} to {bounds[1]:g}, or null")


def _effect(context: LabContext) -> dict[str, Any]:
    bounds = _effect_bounds(context)
    if bounds is None:
        return {"type": "number", "exclusiveMinimum": 0}
    return {"type": "number", "minimum": bounds[0], "maximum": bounds[1]}


def _effect_bounds(context: LabContext) -> tuple[float, float] | None:
    if not context.baseline_values:
        return None
    least, most = (fraction * mean(context.baseline_values) for fraction in EFFECT_FRACTIONS)
    return least, most


def _patch_of(changes: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for change in changes:
        name = str(change["field"])
        if name in found:
            raise AnswerError(f"patch: {field_name(name)} is given twice; allowed: once")
        found[name] = change["value"]
    return found


def _printable(statement: str) -> str:
    """The statement on one line: it is shown on terminals, where control characters are commands."""
    line = " ".join(statement.split())
    if len(line) > MAX_STATEMENT_CHARS:
        raise AnswerError(f"statement: {len(line)} characters; allowed: at most {MAX_STATEMENT_CHARS}")
    if not line.isprintable():
        raise AnswerError("statement: holds control characters; allowed: printable text")
    if line.strip(" .").lower() == STATEMENT_HINT:
        raise AnswerError("statement: repeats the instruction; allowed: what the change will do to val_bpb")
    return line


def _change(path: str) -> dict[str, Any]:
    return _closed({"field": {"type": "string", "enum": [path]}, "value": field_schema(path)})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    resolved: dict[str, Any] = root["$defs"][reference.rsplit("/", 1)[-1]]
    return resolved


def _bare(node: dict[str, Any]) -> dict[str, Any]:
    kept = {name: node[name] for name in _KEPT if name in node}
    if "anyOf" in kept:
        kept["anyOf"] = [_bare(option) for option in kept["anyOf"]]
    return kept


def _json_documents(text: str) -> list[Any]:
    decoder = strict_decoder("answer")
    found, position, failures = [], 0, 0
    bracket = re.compile(r"[\[{]")
    while failures < _MOST_FALSE_STARTS and (start := bracket.search(text, position)) is not None:
        try:
            document, position = decoder.raw_decode(text, start.start())
            if not is_deep(document):
                found.append(document)
        except (ValueError, RecursionError):  # JsonError is a ValueError
            position, failures = start.start() + 1, failures + 1
    return found
