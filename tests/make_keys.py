"""Write the table of all keys of platform files into ``platforms/README.md``.

python -m tests.make_keys
"""

import types
import typing
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from oceanco2.platforms.schema import DeliveredSource, Platform, Runs, VariableSource
from oceanco2.platforms.settings import QC
from oceanco2.registry import CALIBRATION_MODELS

README = Path(__file__).parents[1] / "platforms" / "README.md"
BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
#: Fields that are no keys, and those that stand for keys that users choose.
NOT_KEYS = {Platform: ("path", "sha256")}
CHOSEN = {(Runs, "labels"): "LABEL", (QC, "checks"): "VARIABLE"}
#: Units by the end of a key, and of keys whose name does not say them.
ENDINGS = {"_seconds": "s", "_hours": "h", "_volume": "L", "_flow": "L min-1"}
UNITS = {
    **dict.fromkeys(("height", "depth", "air_height"), "m"),
    **dict.fromkeys(("equilibrator.water_volume", "equilibrator.gas_volume"), "L"),
    **dict.fromkeys(("standards.xCO2", "standards.uncertainty"), "umol mol-1"),
    "alignment.lags.seconds": "s",
    "calibration.residual_limit": "umol mol-1",
    "fCO2_accuracy": "uatm",
}
NAMES = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    datetime: "date or time",
    Any: "any",
}


def models() -> dict[str, type[BaseModel]]:
    """Return the tables by their names, those of calibration models last."""
    own = {name: m.settings for name, m in CALIBRATION_MODELS.items() if m.settings}
    return {"": Platform} | own


def described(annotation: Any) -> str:
    """Return what a key takes, in words."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    words = NAMES.get(annotation, "table")
    if origin is typing.Annotated:
        words = described(inner[0])
    elif origin is Literal:
        words = ", ".join(shown(value) for value in inner)
    elif origin in (typing.Union, types.UnionType):
        kinds = [described(part) for part in inner if part is not type(None)]
        words = " or ".join(dict.fromkeys(kinds))
    elif origin is list:
        words = f"list of {described(inner[0])}"
    elif origin is tuple:
        words = f"{len(inner)} numbers"
    elif origin is dict and inner[1] is not Any:
        words = f"table of {described(inner[1])}"
    return words


def shown(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, datetime):
        return f"`{value:%Y-%m-%dT%H:%M:%SZ}`"
    if isinstance(value, list):
        return f"`[{', '.join(shown(v).strip('`') for v in value)}]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value!r}`"


def table_of(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """Return the model inside of a list, a table or an option, and how it is named."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    name = {dict: ".NAME", list: ""}.get(typing.get_origin(annotation), "")
    for inner in typing.get_args(annotation):
        model, below = table_of(inner)
        if model is not None:
            return model, name + below
    return None, ""


def default(field: Any) -> str:
    """Return the default of a key as it is written; "required" if there is none."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", [], {}, PydanticUndefined) or isinstance(value, BaseModel):
        return ""
    return shown(value)


def unit(key: str) -> str:
    """Return the units of a key, empty where it has none."""
    name = key.rpartition(".")[2]
    by_ending = (u for end, u in ENDINGS.items() if name.endswith(end))
    return UNITS.get(key) or UNITS.get(name) or next(by_ending, "")


def rows(model: type[BaseModel], table: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, what it takes, default and units of a table and those inside."""
    skipped = NOT_KEYS.get(model, ())
    if model is DeliveredSource:
        yield table, "the keys of `variables.NAME`, and:", "", ""
        skipped = tuple(VariableSource.model_fields)
    for name, field in model.model_fields.items():
        if name in skipped:
            continue
        chosen = CHOSEN.get((model, name))
        key = ".".join(filter(None, (table, chosen or field.alias or name)))
        inner, more = table_of(field.annotation)
        if inner is None:
            takes = described(field.annotation)
            takes = takes.removeprefix("table of ") if chosen else takes
            yield key, takes, default(field), unit(key)
        else:
            yield from rows(inner, key + more)


def table() -> str:
    """Return the table of all keys."""
    lines = ["| key | takes | default | units |", "|---|---|---|---|"]
    for name, model in models().items():
        for key, takes, value, units in rows(model, name):
            lines.append(f"| `{key}` | {takes} | {value} | {units} |")
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """Return the README with the table of today between its marks."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
