"""A platform file for files that nobody described yet, its doubts marked."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import Platform, available, parse
from oceanco2.readers.cells import NAMED
from oceanco2.readers.columns_found import Found, find_variables
from oceanco2.readers.entries import READERS
from oceanco2.readers.layout import Layout, layout_of
from oceanco2.readers.sources import RawFile, find
from oceanco2.readers.stamps_found import find_time, plain

_GO = b"equ temp"
#: A shipped file that shows how a reader is used.
_MODELS = ("go_workshop_2019", "demo_hydroc", "crimp2_2016")


def draft_platform(paths: Iterable[str | Path]) -> tuple[str, list[str]]:
    """Write the platform file of unknown raw files.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, globs, folders or zips; those with the same columns are one stream.

    Returns
    -------
    text : str
        TOML with comments; ``DOUBT`` marks what a person must look at.
    doubts : list of str
        The same, one line each.

    Raises
    ------
    ReadError
        If a file is no table and of no known format.
    """
    raws = [source.load() for source in find(paths)]
    known = [(raw, name) for raw in raws if (name := _reader_of(raw))]
    if known:
        return _from_model(known)
    layouts: dict[tuple[str, ...], Layout] = {}
    files: dict[tuple[str, ...], list[str]] = {}
    for raw in sorted(raws, key=lambda r: r.name):
        layout = layout_of(raw.content, raw.name)
        key = tuple(layout.names)
        layouts.setdefault(key, layout)
        files.setdefault(key, []).append(raw.name)
    # The stream with CO2 is the main one.
    streams = [
        (layout, files[key], find_variables(layout)) for key, layout in layouts.items()
    ]
    return _tables(sorted(streams, key=lambda stream: -_carbon(stream[2])))


def _carbon(found: dict[str, dict[str, Found]]) -> int:
    return sum("CO2" in n for n in (*found["variables"], *found["delivered"]))


def _reader_of(raw: RawFile) -> str | None:
    head = raw.content[:20000]
    for name, entry in READERS.items():
        # The names of a PANGAEA table say what its columns are.
        if name != "pangaea" and entry.sniff is not None and entry.sniff(head):
            return name
    lower = head.lower()
    return "general_oceanics" if _GO in lower and b"licor" in lower else None


def _from_model(known: list[tuple[RawFile, str]]) -> tuple[str, list[str]]:
    """Start from a shipped platform file that uses the same reader."""
    raw, reader = known[0]
    shipped = available()
    order = [n for n in _MODELS if n in shipped]
    order += [n for n in shipped if n not in order]
    for name in order:
        text = shipped[name].read_text(encoding="utf-8")
        if f'reader = "{reader}"' not in text:
            continue
        doubts = [
            f"all columns, sensors and constants are those of {name!r}: put in yours",
            "name, platform_code and metadata",
        ]
        doubts += _runs_of(raw) if reader == "general_oceanics" else []
        head = [
            f"# {raw.name} is of the format {reader!r}; this is a copy of the platform",
            f"# file {name!r}, which uses it.",
            *(f"# DOUBT: {doubt}" for doubt in doubts),
        ]
        body = re.sub(r"\A(#[^\n]*\n)+", "", text)
        body = re.sub(r'(?m)^name = ".*"$', 'name = "NAME"', body, count=1)
        code = 'platform_code = "????"     # DOUBT: ICES/NODC code, 4 characters'
        body = re.sub(r"(?m)^platform_code = .*$", code, body, count=1)
        pattern = json.dumps(_pattern([r.name for r, n in known if n == reader]))
        body = _with_pattern(body, reader, pattern)
        return "\n".join(head) + "\n" + body, doubts
    raise ReadError(
        f"{raw.name}: its format {reader!r} is known, but no platform file shows it"
    )


def _with_pattern(body: str, reader: str, pattern: str) -> str:
    """Put the names of the files at hand into the table of their reader."""
    where = rf'(reader = "{reader}"[^\n]*\npattern = )"[^"\n]*"'
    return re.sub(where, lambda m: m.group(1) + pattern, body, count=1)


def _runs_of(raw: RawFile) -> list[str]:
    """Say which run types and standards a General Oceanics log holds."""
    layout = layout_of(raw.content, raw.name)
    lower = [name.strip().lower() for name in layout.names]
    if "type" not in lower or "std val" not in lower:
        return []
    types = layout.columns[lower.index("type")]
    typed = layout.numbers(lower.index("std val"))
    words, counts = np.unique(types.astype(str), return_counts=True)
    shown = ", ".join(f"{w} ({c})" for w, c in zip(words, counts, strict=True))
    out = [f"run types of the file: {shown}"]
    for word in words:
        values = typed[types == word]
        values = values[np.isfinite(values)]
        if word.upper().startswith("STD") and values.size:
            out.append(
                f"standard {word}: the operator typed {np.median(values):g}; is that"
                " its certificate?"
            )
    return out


def _pattern(names: list[str]) -> str:
    """Find a pattern that all names fit and that says most."""
    first = names[0]
    if len(names) == 1:
        return re.sub(r"\d{4,}", "*", first)
    head = _common(names)
    tail = _common([name[len(head) :][::-1] for name in names])[::-1]
    return f"{head}*{tail}"


def _common(names: list[str]) -> str:
    """Return the letters that all names begin with."""
    first, last = min(names), max(names)
    same = (a == b for a, b in zip(first, last, strict=False))
    return first[: next((i for i, s in enumerate(same) if not s), len(first))]


def _tables(
    streams: list[tuple[Layout, list[str], dict[str, dict[str, Found]]]],
) -> tuple[str, list[str]]:
    doubts: list[str] = []
    parts: list[str] = []
    chosen: dict[str, dict[str, tuple[str, Found]]] = {"variables": {}, "delivered": {}}
    for number, (layout, names, recognised) in enumerate(streams):
        key = "data" if number == 0 else f"data{number + 1}"
        parts.append(_file_table(layout, names, key, doubts))
        for home, found in recognised.items():
            for variable, one in found.items():
                assumed = "value" in one.source
                if variable not in chosen[home] and not (assumed and number):
                    chosen[home][variable] = (key if number else "", one)
    head = _head(streams[0][0], doubts)
    for home, table in chosen.items():
        if table:
            parts.append(_variables_table(home, table, doubts))
    if not any("CO2" in n for n in (*chosen["variables"], *chosen["delivered"])):
        doubts.append("no column is recognised as CO2")
    listed = "\n".join(f"# DOUBT: {line}" for line in doubts)
    return "\n".join([head, listed, *parts]).replace("\n\n\n", "\n\n") + "\n", doubts


def _head(layout: Layout, doubts: list[str]) -> str:
    code, name = "????", Path(layout.file).stem
    for position, column in enumerate(layout.names):
        words = {t for t in layout.columns[position] if t}
        if plain(column) == "EXPOCODE" and len(words) == 1:
            code = words.pop()[:4]
        elif plain(column) in ("SHIP", "VESSEL", "MOORING", "PLATFORM") and words:
            name = sorted(words)[0]
    said = "" if code != "????" else "# DOUBT: ICES/NODC code, 4 characters"
    if said:
        doubts.append("platform_code: the ICES/NODC code of the platform")
    doubts.append('kind: "ship", "mooring", "surface_vehicle" or "drifter"')
    return (
        f"# Draft for {layout.file}. Look at every DOUBT, then check it with\n"
        "# `oceanco2 platforms THIS_FILE`.\n"
        f'schema = 1\nname = {json.dumps(name)}\nkind = "ship"\n'
        f'platform_code = "{code}"     {said}'
    ).rstrip() + "\n"


def _file_table(layout: Layout, names: list[str], key: str, doubts: list[str]) -> str:
    lines = [f"\n[files.{key}]", 'reader = "delimited"']
    lines.append(f"pattern = {json.dumps(_pattern(names))}")
    lines.append(f'separator = "{NAMED[layout.separator]}"')
    if layout.decimal != ".":
        lines.append(f'decimal = "{layout.decimal}"')
    if layout.comment:
        lines.append(f'comment = "{layout.comment}"')
    header: dict[str, Any] = {}
    if layout.until:
        header["until"] = layout.until
    if layout.skip and not layout.comment:
        header["skip"] = layout.skip
    if layout.units:
        header["units"] = 1
    if header:
        lines.append(f"header = {_inline(header)}")
    if layout.missing:
        lines.append(f"missing = {json.dumps(layout.missing)}")
    time, more = find_time(layout)
    doubts += [f"[files.{key}] {doubt}" for doubt in [*layout.doubts, *more]]
    if time:
        marks = "".join(f"   # DOUBT: {m}" for m in more[:1])
        lines.append(f"time = {_inline(time)}{marks}")
    return "\n".join(lines) + "\n"


def _variables_table(
    home: str, found: dict[str, tuple[str, Found]], doubts: list[str]
) -> str:
    lines = [f"\n[{home}]"]
    for variable, (key, one) in found.items():
        source = ({"file": key} if key else {}) | one.source
        marks = "".join(f"   # DOUBT: {d}" for d in one.doubts[:1])
        lines.append(f"{variable} = {_inline(source)}{marks}")
        doubts += [f"{variable}: {doubt}" for doubt in one.doubts]
    return "\n".join(lines) + "\n"


def _inline(table: dict[str, Any]) -> str:
    """Write an inline table of TOML; JSON strings are TOML strings."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            text = _inline({json.dumps(k): v for k, v in value.items()})
        else:
            text = json.dumps(value, ensure_ascii=False)
        parts.append(f"{key} = {text}")
    return "{ " + ", ".join(parts) + " }"


def guessed_platform(path: str | Path) -> Platform:
    """Guess the platform of one delivered table, for looking at it only.

    Parameters
    ----------
    path : str or Path
        A table.

    Returns
    -------
    Platform
        As `draft_platform` describes it.

    Raises
    ------
    ReadError
        If its columns cannot be guessed.
    """
    text, doubts = draft_platform([path])
    text = text.replace('platform_code = "????"', 'platform_code = "0000"')
    try:
        return parse(text.encode(), f"guess for {Path(path).name}")
    except OceanCO2Error as error:
        said = "; ".join(doubts[:3])
        raise ReadError(
            f"{path}: its columns cannot be guessed ({said}; {error}): say a platform"
        ) from None
