"""One clear line for a user's mistake: the field, the value given, and what is allowed."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

MAX_SHOWN_CHARS = 80


def one_line(error: ValidationError, root: type[BaseModel] | None = None, name: str = "job") -> str:
    """The first fault of a validation as `field: value; allowed: …`.

    Args:
        error: what pydantic found.
        root: the model that refused, to list the settings an unknown key could have meant.
        name: what to call the document as a whole.
    """
    faults = error.errors(include_url=False)
    first = faults[0]
    path = [str(part) for part in first["loc"]]
    field = ".".join(field_name(part) for part in path) or name
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    value = "absent" if first["type"] == "missing" else shown(first["input"])
    return f"{field}: {value}; {_allowed(first, root, path)}{more}"


def shown(value: Any) -> str:
    """The value as JSON, shortened, on one line."""
    text = json.dumps(value, default=str)
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 3] + "..."


def field_name(key: str) -> str:
    """A key as a refusal names it: as it stands where it is plain, else as shortened JSON."""
    return key if re.fullmatch(r"[\w.-]{1,64}", key, re.ASCII) else shown(key)


def _allowed(fault: Any, root: type[BaseModel] | None, path: list[str]) -> str:
    known = list(_settings_at(root, path[:-1])) if root else []
    if fault["type"] == "extra_forbidden" and known:
        close = difflib.get_close_matches(path[-1][:MAX_SHOWN_CHARS], known, n=1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        return f"unknown setting; {hint}allowed: {', '.join(known)}"
    if fault["type"] == "missing":
        return "this setting is required"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return (
        "allowed:" + message.removeprefix("Input should be")
        if message.startswith("Input should be")
        else message
    )


def _settings_at(model: type[BaseModel], path: Iterable[str]) -> Iterable[str]:
    for section in path:
        inner = list(_models_of(model, section))
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)


def _models_of(model: type[BaseModel], section: str) -> Iterable[type[BaseModel]]:
    field = model.model_fields.get(section)
    annotation: Any = field.annotation if field else None
    options = [annotation, *get_args(annotation)]
    return [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
