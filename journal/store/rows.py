"""Records to rows and back: JSON for what is nested, 0 and 1 for what is true or false."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from trainer.job import Contract

Record = TypeVar("Record", bound=Contract)


def to_row(record: Contract) -> dict[str, Any]:
    """Column values of a record."""
    return {name: _column(value) for name, value in record.model_dump(mode="json").items()}


def from_row(model: type[Record], row: Mapping[str, Any], nested: tuple[str, ...] = ()) -> Record:
    """The record of a row; `nested` names its JSON columns, others unknown to the model are left out."""
    fields = model.model_fields
    values = {name: value for name, value in row.items() if name in fields}
    for name in nested:
        values[name] = json.loads(values[name])
    for name, field in fields.items():
        if field.annotation in (bool, bool | None) and values.get(name) is not None:
            values[name] = bool(values[name])
    return model.model_validate_json(json.dumps(values))


def _column(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value
