"""Platform files: people, instruments and the meaning of columns."""

import json
import os
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from oceanco2.errors import PlatformError, choose_name, invalid_value, not_found
from oceanco2.files import digest, reading
from oceanco2.platforms.schema import (
    Alignment,
    FileDefinition,
    Platform,
    Time,
    VariableSource,
)
from oceanco2.platforms.settings import (
    Sensor,
    SensorCalibration,
    Standard,
    Table,
    WrongKey,
)
from oceanco2.platforms.setup import Accuracy, SetUp
from oceanco2.platforms.standards import on_scale
from oceanco2.platforms.stations import Station, station, stations
from oceanco2.provenance import versions
from oceanco2.registry import CALIBRATION_MODELS

__all__ = [
    "Accuracy",
    "Alignment",
    "FileDefinition",
    "Platform",
    "Sensor",
    "SensorCalibration",
    "SetUp",
    "Standard",
    "Station",
    "Table",
    "Time",
    "VariableSource",
    "available",
    "describe",
    "load",
    "parse",
    "set_up",
    "shipped",
    "station",
    "stations",
]


def describe(platform: Platform) -> dict[str, Any]:
    """Return the global attributes that describe a platform.

    Parameters
    ----------
    platform : Platform
        A loaded platform.

    Returns
    -------
    dict
        With ACDD names where they exist; options and versions as JSON.
    """
    metadata = platform.metadata.model_dump(
        exclude_none=True, exclude={"people", "funding"}
    )
    attributes = metadata.pop("attributes")
    investigators = metadata.pop("investigators")
    organizations = metadata.pop("organizations")
    options = {
        table: getattr(platform, table).model_dump(mode="json")
        for table in ("alignment", "calibration", "reduction", "qc")
    }
    if platform.calibration.scale is None:  # as before there was this option
        del options["calibration"]["scale"]
    model = CALIBRATION_MODELS.get(platform.calibration.model)
    if model is not None and model.settings is not None and model.in_options:
        settings = platform.settings(model.settings) or model.settings()
        options[model.name] = settings.model_dump(mode="json")
    attrs = {
        "platform_name": platform.name,
        "platform_code": platform.platform_code,
        "platform_kind": platform.kind,
        "platform_file": Path(platform.path).name,
        "platform_file_sha256": platform.sha256,
        "call_sign": platform.call_sign,
        "station": platform.station,
        "creator_name": "; ".join(investigators),
        "organizations": "; ".join(organizations),
        "set_up": json.dumps(set_up(platform), sort_keys=True),
        "options": json.dumps(options, sort_keys=True),
        "versions": json.dumps(versions(), sort_keys=True),
        "processing_level": "calibrated and quality controlled by automatic tests",
    }
    return {
        k: v for k, v in (attributes | metadata | attrs).items() if v not in (None, "")
    }


def set_up(platform: Platform) -> dict[str, Any]:
    """Return people and instruments, the content of metadata documents.

    Parameters
    ----------
    platform : Platform
        A loaded platform.

    Returns
    -------
    dict
        Ready for JSON: ``people``, ``funding``, ``intake``, ``equilibrator``,
        ``sensors``, ``standards``, and under ``variables`` the sensor, uncertainty
        and height of each; empty entries are omitted.
    """
    return SetUp.from_platform(platform).content()


def shipped() -> Traversable:
    """Return the directory of the platform files that come with oceanco2.

    Returns
    -------
    Traversable
        Inside the installed package, or top-level ``platforms/`` in a checkout.
    """
    inside = files("oceanco2") / "_platforms"
    if inside.is_dir():
        return inside
    return Path(__file__).parents[2] / "platforms"


def available() -> dict[str, Traversable]:
    """Find platform files by name.

    Returns
    -------
    dict
        Name to file; folders in ``OCEANCO2_PLATFORMS`` take precedence.

    Raises
    ------
    PlatformError
        If ``OCEANCO2_PLATFORMS`` names a folder that does not exist.
    """
    paths = os.environ.get("OCEANCO2_PLATFORMS", "").split(os.pathsep)
    folders = [Path(path) for path in paths if path]
    for folder in folders:
        if not folder.is_dir():
            raise PlatformError(f"OCEANCO2_PLATFORMS: no folder {str(folder)!r}")
    by_name: dict[str, Traversable] = {}
    for directory in (shipped(), *reversed(folders)):
        for file in sorted(directory.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                by_name[file.name.removesuffix(".toml")] = file
    return by_name


def load(platform: str | Path) -> Platform:
    """Load and validate a platform file.

    Parameters
    ----------
    platform : str or Path
        A name from `available`, or the path of a TOML file.

    Returns
    -------
    Platform
        With every key validated.

    Raises
    ------
    UnknownNameError
        If there is no platform file of that name.
    PlatformError
        If the file cannot be read or violates the schema.
    """
    with reading(str(platform), error=PlatformError):
        is_pipe = Path(platform).is_fifo()
    if str(platform).endswith(".toml") or is_pipe:
        file: Traversable = Path(platform)
    else:
        by_name = available()
        file = by_name[choose_name("platform", str(platform), sorted(by_name))]
    with reading(str(platform), error=PlatformError):
        content = file.read_bytes()
    return parse(content, str(platform))


def parse(content: bytes, where: str) -> Platform:
    """Validate the content of a platform file.

    Parameters
    ----------
    content : bytes
        TOML, UTF-8.
    where : str
        Name of the file in messages.

    Returns
    -------
    Platform
        With every key validated; ``path`` and ``sha256`` filled.

    Raises
    ------
    PlatformError
        If it is not TOML or violates the schema.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise PlatformError(f"{where}: not a TOML file (not UTF-8 text)") from None
    except tomllib.TOMLDecodeError as error:
        raise PlatformError(f"{where}: not valid TOML: {error}") from None
    for key in _FILLED:
        if key in table:
            raise PlatformError(f"{where}: unknown key {key!r}")
    table, tables, faults = _tables_of_models(table)
    try:
        platform = Platform.model_validate(
            table | {"path": where, "sha256": digest(content)}
        )
    except ValidationError as error:
        faults = [*error.errors(), *faults]
    if faults:
        raise PlatformError(_explain(faults, where))
    platform.add_tables(tables)
    gases = on_scale(platform.standards, platform.calibration.scale)
    return platform.model_copy(update={"standards": gases})


#: Fields of a platform that are no keys of the file.
_FILLED = ("path", "sha256")


def _settings_models() -> dict[str, type[Table]]:
    """Return the tables that calibration models own, by name."""
    models = CALIBRATION_MODELS.items()
    return {name: m.settings for name, m in models if m.settings is not None}


def _tables_of_models(
    table: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Table], list[Any]]:
    """Validate the tables of calibration models; return the rest, them and faults."""
    keys = {field.alias or name for name, field in Platform.model_fields.items()}
    others = table.keys() - keys
    models = _settings_models() if others else {}  # most platforms need none
    owned = others & models.keys()
    tables: dict[str, Table] = {}
    faults: list[Any] = []
    for name in sorted(owned):
        try:
            tables[name] = models[name].model_validate(table[name])
        except ValidationError as error:
            faults += [{**f, "loc": (name, *f["loc"])} for f in error.errors()]
    return {k: v for k, v in table.items() if k not in owned}, tables, faults


def _explain(faults: list[Any], where: str) -> str:
    """Return the first fault in one line: file, table, key, nearest valid word."""
    # A misspelt key often makes the right one "missing" too: report it first.
    faults.sort(key=lambda fault: fault["type"] != "extra_forbidden")
    fault = faults[0]
    others = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    cause = fault.get("ctx", {}).get("error")
    if isinstance(cause, WrongKey):
        return f"{where}: [{cause.where}] {cause}{others}"
    location = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        allowed_keys = _keys_at(fault["loc"][:-1])
        table_name = f"[{'.'.join(location[:-1])}] " if location[:-1] else ""
        unknown = not_found("key", location[-1], sorted(allowed_keys))
        return f"{where}: {table_name}{unknown}{others}"
    if fault["type"] == "missing":
        table_name = f"[{'.'.join(location[:-1])}] " if location[:-1] else ""
        return f"{where}: {table_name}lacks {location[-1]!r}{others}"
    return f"{where}: [{'.'.join(location)}] {invalid_value(fault)}{others}"


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """List the keys that the schema allows in a table."""
    model: Any = Platform
    tables = _settings_models()
    if location and location[0] in tables:
        model, location = tables[str(location[0])], location[1:]
    for part in location:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            break
        field = model.model_fields.get(str(part))
        model = _model_in(field.annotation) if field else model
    if isinstance(model, type) and issubclass(model, BaseModel):
        keys = [f.alias or n for n, f in model.model_fields.items()]
        if model is Platform:
            keys = [key for key in (*keys, *tables) if key not in _FILLED]
        return keys
    return []


def _model_in(annotation: Any) -> Any:
    """Return the model inside ``list[...]``, ``dict[str, ...]`` or ``... | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        model = _model_in(inner)
        if model is not None:
            return model
    return None
