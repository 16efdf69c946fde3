"""Saildrone data as its service hands them out: JSON, one record a time."""

import json
import re
from typing import Any

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.clocks import parse_each
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.stamps import STAMP, stamped_columns, stamped_times
from oceanco2.readers.table import RawTable, Wanted, hashes
from oceanco2.readers.text import decode

#: Under which key the records stand, and which of their keys may be the time.
_LISTS = ("data", "records", "features", "rows")
_TIMES = ("time_interval", "time", "timestamp", "date_time", "datetime")
_FORMATS = [
    f"%Y-%m-%d{between}%H:%M:%S{fraction}{zone}"
    for between in ("T", " ")
    for fraction in ("", ".%f")
    for zone in ("Z", "")
]
_EPOCH = np.datetime64("1970-01-01", "ms")

Record = dict[str, Any]


def _sniff(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in (b"{", b"[") and any(
        f'"{key}"'.encode() in head for key in _TIMES
    )


@reader(
    "saildrone_json",
    description="JSON records of the Saildrone service, one stream a data set",
    times=stamped_times,
    time_columns=stamped_columns,
    sniff=_sniff,
)
def read_saildrone_json(
    definition: FileDefinition, raw: RawFile, wanted: Wanted
) -> RawTable:
    """Turn the records of one file into rows."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    records, doubt = _records(text)
    if not records:
        raise ReadError(
            f"{raw.name}: holds no JSON records; it starts {text.strip()[:60]!r}"
        )
    names = list(dict.fromkeys(key for record in records for key in record))
    lower = {name.lower(): name for name in names}
    time = next((lower[key] for key in _TIMES if key in lower), None)
    if time is None and definition.time is None:
        raise ReadError(
            f"{raw.name}: no key of the records is a time ({', '.join(_TIMES)});"
            f" there are {', '.join(names)[:300]}"
        )
    cells = {
        i: np.array([_text(record.get(names[i])) for record in records], dtype=object)
        for i in wanted.among(names)
    }
    if time is not None:
        stamps = [_text(record.get(time)) for record in records]
        names = [*names, STAMP]
        cells[len(names) - 1] = _seconds(np.array(stamps, dtype=object))
    table = RawTable(
        names,
        cells,
        np.arange(1, len(records) + 1, dtype=np.int32),
        np.zeros(len(records), dtype=bool),
        hashes([json.dumps(record, sort_keys=True) for record in records]),
    )
    table.notes = notes
    table.doubts = [f"{raw.name}: {doubt}"] if doubt else []
    return table


def _records(text: str) -> tuple[list[Record], str]:
    """Find the records; of what is no whole JSON those before the damage."""
    try:
        return _flat_all(_list_of(json.loads(text))), ""
    except (ValueError, RecursionError):
        pass
    found = re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text)
    at = found.end() if found else text.find("[") + 1
    decoder, records = json.JSONDecoder(), []
    while at > 0:
        start = text.find("{", at)
        # Between two records stands a comma and nothing else.
        if start < 0 or text[at:start].strip(", \t\r\n"):
            break
        try:
            record, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        records.append(record)
    return _flat_all(records), (
        f"is no whole JSON: {len(records)} records before the damage are read"
    )


def _list_of(content: Any) -> list[Any]:
    if isinstance(content, dict):
        keys = {str(key).lower(): key for key in content}
        named = (content[keys[name]] for name in _LISTS if name in keys)
        content = next((value for value in named if isinstance(value, list)), [content])
    return content if isinstance(content, list) else []


def _flat_all(records: list[Any]) -> list[Record]:
    return [_flat(record) for record in records if isinstance(record, dict)]


def _flat(record: Record, before: str = "") -> Record:
    out: Record = {}
    for key, value in record.items():
        if isinstance(value, dict) and before.count(".") < 4:
            out |= _flat(value, f"{before}{key}.")
        else:
            out[f"{before}{key}".strip()] = value
    return out


def _text(value: Any) -> str:
    """Cell of a value; a missing one is blank."""
    if value is None or isinstance(value, bool | list | dict):
        return "" if value is None else json.dumps(value)
    return value.strip() if isinstance(value, str) else repr(value)


def _seconds(stamps: np.ndarray) -> np.ndarray:
    """Seconds since 1970 of ISO times, or of UNIX times in s or ms."""
    times = parse_each(stamps, _FORMATS)
    out = (times - _EPOCH) / np.timedelta64(1, "s")
    for i in np.flatnonzero(np.isnan(out)):
        if re.fullmatch(r"\d{9,13}(\.\d+)?", stamps[i]):
            number = float(stamps[i])
            out[i] = number / 1e3 if number > 1e11 else number
    return np.asarray(out)
