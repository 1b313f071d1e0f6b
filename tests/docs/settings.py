"""The page of a job's settings, made from the contract's JSON schema."""

import json
from typing import Any

from trainer.job import job_adapter

TITLE = "Settings of a job"
INTRO = """What each kind of job may say; `python -m trainer schema` prints the same as JSON Schema. A setting
whose default is `null` is derived when the job runs, as its description says; what was really used stands in
`resolved` of the job's `result.json`. Rates and `optim.weight_decay` are those of the reference model (depth
12, 524,288 tokens a step) and are scaled to the job's own size (`trainer/sizing/`). A section is a nested
object: `optim.matrix_lr` is `{"optim": {"matrix_lr": 0.02}}`. Unknown names and values outside the range are
refused."""


_Schema = dict[str, Any]


def settings_page() -> str:
    """The whole page as markdown."""
    schema = job_adapter().json_schema()
    models: _Schema = schema["$defs"]
    kinds = [models[str(_reference(option))] for option in schema["oneOf"]]
    sections = sorted({name for model in kinds for name in _sections(model)})
    parts = [f"# {TITLE}", INTRO]
    for model in kinds:
        parts += [f"## `{_kind(model)}`", _first_line(model), _table(model, "")]
        parts += _other_defaults(model, models)
    for name in sections:
        owner = next(model for model in kinds if name in _sections(model))
        section = models[_reference(owner["properties"][name])]
        used = ", ".join(f"`{_kind(model)}`" for model in kinds if name in _sections(model))
        parts += [f"## Section `{name}`", f"{_first_line(section)} In {used}.", _table(section, f"{name}.")]
    return "\n\n".join(parts) + "\n"


def undescribed() -> list[str]:
    """Settings without a description, as `Model.setting`."""
    models = job_adapter().json_schema()["$defs"]
    return [
        f"{model}.{name}"
        for model, schema in models.items()
        for name, field in schema["properties"].items()
        if name != "kind" and "description" not in field and _reference(field) is None
    ]


def _kind(model: _Schema) -> str:
    kind: str = model["properties"]["kind"]["const"]
    return kind


def _reference(field: _Schema) -> str | None:
    """Name of the model that a field holds, or None for a plain value."""
    return field["$ref"].rsplit("/", 1)[1] if "$ref" in field else None


def _sections(model: _Schema) -> list[str]:
    return [name for name, field in model["properties"].items() if _reference(field)]


def _first_line(model: _Schema) -> str:
    return str(model["description"]).split("\n\n")[0].replace("\n", " ").replace("None:", "`null`:")


def _table(model: _Schema, prefix: str) -> str:
    rows = ["| setting | type | range | default | meaning |", "|---|---|---|---|---|"]
    required = model.get("required", [])
    for name, field in sorted(model["properties"].items(), key=lambda item: item[0] not in required):
        if name == "kind":
            continue
        section = _reference(field)
        if section is not None:
            rows.append(f"| `{name}` | section | | | [section `{name}`](#section-{name}) |")
            continue
        default = "required" if name in required else f"`{json.dumps(field['default'])}`"
        cells = [
            f"`{prefix}{name}`",
            _type(field),
            _range(field),
            default,
            field["description"].replace("None:", "`null`:"),
        ]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _options(field: _Schema) -> list[_Schema]:
    return [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]


def _type(field: _Schema) -> str:
    names = [str(option["type"]) for option in _options(field)]
    nullable = len(_options(field)) < len(field.get("anyOf", [field]))
    return " or ".join(names + ["null"] * nullable)


def _range(field: _Schema) -> str:
    bounds = []
    for option in _options(field):
        if "enum" in option:
            bounds.append(", ".join(f"`{value}`" for value in option["enum"]))
        if "minimum" in option or "exclusiveMinimum" in option:
            open_below = "exclusiveMinimum" in option
            least = option["exclusiveMinimum" if open_below else "minimum"]
            bounds.append(f"{'above' if open_below else 'at least'} {_number(least)}")
        if "maximum" in option or "exclusiveMaximum" in option:
            open_above = "exclusiveMaximum" in option
            most = option["exclusiveMaximum" if open_above else "maximum"]
            bounds.append(f"{'below' if open_above else 'at most'} {_number(most)}")
        if "maxLength" in option:
            bounds.append(f"{option['minLength']} to {_number(option['maxLength'])} characters")
        elif "pattern" in option:
            bounds.append(f"`{option['pattern']}`")
    return ", ".join(bounds)


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def _other_defaults(model: _Schema, models: _Schema) -> list[str]:
    """One line for each section whose defaults differ from the section's own."""
    lines = []
    for name in _sections(model):
        field = model["properties"][name]
        own = models[str(_reference(field))]["properties"]
        changed = {key: value for key, value in field["default"].items() if own[key].get("default") != value}
        if changed:
            lines.append(f"Its `{name}` defaults to `{json.dumps(changed)}`.")
    return lines
