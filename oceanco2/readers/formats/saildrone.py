"""JSON of the Saildrone data service, one record per time."""

import json
import re
from typing import Any

import numpy as np

from oceanco2.dates import EPOCH, SECOND
from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.reader import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, hash_lines
from oceanco2.readers.times import (
    TIMESTAMP,
    parse_each,
    timestamp_columns,
    timestamp_times,
)
from oceanco2.text import UTF8_MARK, decode

#: Keys of the list of records, and keys of the time in a record.
_LISTS = ("data", "records", "features", "rows")
_TIMES = ("time_interval", "time", "timestamp", "date_time", "datetime")
_FORMATS = [
    f"%Y-%m-%d{between}%H:%M:%S{fraction}{zone}"
    for between in ("T", " ")
    for fraction in ("", ".%f")
    for zone in ("Z", "")
]

Record = dict[str, Any]


def _sniff(head: bytes) -> bool:
    start = head.removeprefix(UTF8_MARK).lstrip()
    return start[:1] in (b"{", b"[") and any(
        f'"{key}"'.encode() in head for key in _TIMES
    )


@reader(
    "saildrone_json",
    description="JSON records of the Saildrone service, one stream per data set",
    times=timestamp_times,
    time_columns=timestamp_columns,
    sniff=_sniff,
    drafted={
        "latitude": (VariableSource(column="gps_lat"),),
        "longitude": (VariableSource(column="gps_lng"),),
        "SST": (VariableSource(column="temp_sbe37_mean", units="degree_Celsius"),),
        "salinity": (VariableSource(column="sal_sbe37_mean", units="1"),),
        "xCO2_water_SST_dry": (
            VariableSource(column="xco2_dry_sw_mean_asvco2", units="umol mol-1"),
        ),
        "xCO2_atm_dry_actual": (
            VariableSource(column="xco2_dry_air_mean_asvco2", units="umol mol-1"),
        ),
    },
)
def read_saildrone_json(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Convert the records of one file to rows."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    records, problem = _find_records(text)
    if not records:
        raise ReadError(
            f"{raw.name}: contains no JSON records; it starts {text.strip()[:60]!r}"
        )
    names = list(dict.fromkeys(key for record in records for key in record))
    lower = {name.lower(): name for name in names}
    time = next((lower[key] for key in _TIMES if key in lower), None)
    if time is None and definition.time is None:
        raise ReadError(
            f"{raw.name}: no time in the records ({', '.join(_TIMES)});"
            f" available: {', '.join(names)[:300]}"
        )
    cells = {
        i: np.array(
            [_cell_text(record.get(names[i])) for record in records], dtype=object
        )
        for i in required.positions_in(names)
    }
    if time is not None:
        stamps = [_cell_text(record.get(time)) for record in records]
        names = [*names, TIMESTAMP]
        cells[len(names) - 1] = _seconds(np.array(stamps, dtype=object))
    table = RawTable(
        names,
        cells,
        np.arange(1, len(records) + 1, dtype=np.int32),
        np.zeros(len(records), dtype=bool),
        hash_lines([json.dumps(record, sort_keys=True) for record in records]),
    )
    table.notes = notes
    table.warnings = [f"{raw.name}: {problem}"] if problem else []
    return table


def _find_records(text: str) -> tuple[list[Record], str]:
    """Find the records; in damaged JSON those before the damage."""
    try:
        return _flatten_all(_list_in(json.loads(text))), ""
    except (ValueError, RecursionError):
        pass
    match = re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text)
    position = match.end() if match else text.find("[") + 1
    decoder, records = json.JSONDecoder(), []
    while position > 0:
        start = text.find("{", position)
        # Only a comma separates two records.
        if start < 0 or text[position:start].strip(", \t\r\n"):
            break
        try:
            record, position = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        records.append(record)
    return _flatten_all(records), (
        f"damaged JSON: {len(records)} records before the damage are read"
    )


def _list_in(content: Any) -> list[Any]:
    if isinstance(content, dict):
        keys = {str(key).lower(): key for key in content}
        named = (content[keys[name]] for name in _LISTS if name in keys)
        content = next((value for value in named if isinstance(value, list)), [content])
    return content if isinstance(content, list) else []


def _flatten_all(records: list[Any]) -> list[Record]:
    return [_flatten(record) for record in records if isinstance(record, dict)]


def _flatten(record: Record, before: str = "") -> Record:
    out: Record = {}
    for key, value in record.items():
        if isinstance(value, dict) and before.count(".") < 4:
            out |= _flatten(value, f"{before}{key}.")
        else:
            out[f"{before}{key}".strip()] = value
    return out


def _cell_text(value: Any) -> str:
    """Text of a value; missing values are blank."""
    if value is None or isinstance(value, bool | list | dict):
        return "" if value is None else json.dumps(value)
    return value.strip() if isinstance(value, str) else repr(value)


def _seconds(stamps: np.ndarray) -> np.ndarray:
    """Seconds since 1970 from ISO times or UNIX times in s or ms."""
    times = parse_each(stamps, _FORMATS)
    out = (times - EPOCH) / SECOND
    for i in np.flatnonzero(np.isnan(out)):
        if re.fullmatch(r"\d{9,13}(\.\d+)?", stamps[i]):
            number = float(stamps[i])
            out[i] = number / 1e3 if number > 1e11 else number
    return np.asarray(out)
