"""What surrounds the rows of a SOCAT upload file: options, metadata lines, account."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.dashboard.checker import Check, check_text
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.recognition import missing_codes
from oceanco2.dashboard.records import SEPARATORS
from oceanco2.errors import OptionError, OutputError, ProcessingError, did_you_mean
from oceanco2.identity import SOCAT_TYPES, expocode_of, plain_text
from oceanco2.provenance import whole_file


@dataclass(frozen=True, slots=True)
class Upload:
    """A SOCAT upload file and the account of what is in it.

    Attributes
    ----------
    text : str
        The whole file.
    rows : int
        Rows written.
    left_out : mapping of str to int
        Reason and number of rows that were not written; together with `rows` every
        row of the dataset.
    notes : tuple of str
        What else was changed on the way: values written as missing, columns left
        out, letters transliterated.
    separator : str
        What stands between two cells.
    columns : tuple of (str, str)
        Header and variable of the dataset; empty where the writer makes the column.
    """

    text: str
    rows: int
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    separator: str = "\t"
    columns: tuple[tuple[str, str], ...] = ()

    def check(self) -> tuple[Message, ...]:
        """Run the checks of the SOCAT dashboard on the text.

        Returns
        -------
        tuple of Message
            What the dashboard would say.
        """
        return self._read().messages

    def _read(self) -> Check:
        words = {mark: word for word, mark in SEPARATORS.items()}
        return check_text(self.text, separator=words[self.separator])

    def write(self, path: str | Path) -> Path:
        """Write the file, whole or not at all.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        Path
            The same.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        with whole_file(path) as temporary:
            try:
                temporary.write_bytes(self.text.encode("ascii"))
            except OSError as error:
                said = f"{path}: cannot be written: {error.strerror}"
                raise OutputError(said) from None
        return Path(path)

    def account(self) -> dict[str, Any]:
        """Return what was written, left out and found, ready for JSON.

        Returns
        -------
        dict
            ``rows_written``, ``rows_left_out`` by reason, ``notes``, and
            ``findings``: how often the dashboard would say what about which column.
        """
        read = self._read()
        counts: Counter[str] = Counter()
        for said in read.messages:
            names = ", ".join(read.header[number - 1] for number in said.columns[:1])
            # Values differ from row to row: what is common to them is counted.
            what = re.sub(r"^-?[\d.e+]+ ", "", said.text).partition(":")[0]
            what = re.sub(r" [\d.]+ (kn|d)$", "", what)
            counts[f"{said.severity}: {names}: {what}"] += 1
        return {
            "rows_written": self.rows,
            "rows_left_out": dict(self.left_out),
            "notes": list(self.notes),
            "findings": dict(sorted(counts.items())),
        }


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a SOCAT file is written.

    Attributes
    ----------
    separator : {"tab", "comma", "semicolon"}
        To be declared at upload; tab is the safe one.
    missing : str
        Code of missing numbers, one of those SOCAT knows.
    include_air : bool
        Write rows with a CO2 value of air only, too; their sea columns are missing.
    include_bad : bool
        Write rows (and air values) flagged 4, too.
    suggested_flag : str, optional
        Data set flag that the investigator suggests, A to E; by default the one of
        the dataset's attribute, if any.
    """

    separator: str = "tab"
    missing: str = "-999"
    include_air: bool = False
    include_bad: bool = True
    suggested_flag: str | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        _one_of("separator", self.separator, SEPARATORS)
        _one_of("missing", self.missing, [code for code in missing_codes() if code])
        _one_of("include_air", self.include_air, (True, False))
        _one_of("include_bad", self.include_bad, (True, False))
        _one_of("suggested_flag", self.suggested_flag, (None, *"ABCDE"))

    @property
    def mark(self) -> str:
        """What stands between two cells.

        Returns
        -------
        str
            One character.
        """
        return SEPARATORS[self.separator]


def _one_of(option: str, value: object, allowed: Iterable[object]) -> None:
    words = list(allowed)
    if value not in words:
        hint = did_you_mean(str(value), [w for w in words if isinstance(w, str)])
        known = ", ".join(map(str, words))
        raise OptionError(f"{option} {value!r} is none of {known}.{hint}")


def metadata_lines(
    ds: xr.Dataset, options: UploadOptions, notes: list[str]
) -> list[str]:
    """Return the metadata lines of an upload file."""
    people = _names(ds, "creator_name")
    if not people:
        raise ProcessingError(
            "SOCAT needs the names of the investigators: the dataset has no"
            " 'creator_name' (platform file: [metadata] investigators)"
        )
    groups = _names(ds, "organizations") or _names(ds, "institution")
    if len(groups) > 1 and len(groups) != len(people):
        raise ProcessingError(
            f"{len(groups)} organizations for {len(people)} investigators: SOCAT takes"
            " one, or one for each (platform file: [metadata] organizations)"
        )
    platform = str(ds.attrs.get("platform_name", "")).strip()
    if not platform:
        raise ProcessingError(
            "SOCAT needs the name of the platform: the dataset has no 'platform_name'"
        )
    said = {
        "Expocode": expocode_of(ds),
        "Vessel Name": platform,
        "PIs": "; ".join(people),
        "Organization": "; ".join(groups),
        "Vessel Type": _vessel_type(ds),
        "Suggested QC": _suggested(ds, options),
    }
    plain = {tag: plain_text(value) for tag, value in said.items() if value}
    for tag, value in plain.items():
        if value != said[tag]:
            notes.append(f"{tag}: {said[tag]!r} is written {value!r}")
    return [f"{tag}: {value}" for tag, value in plain.items()]


def _names(ds: xr.Dataset, attribute: str) -> list[str]:
    parts = (" ".join(part.split()) for part in _split(ds.attrs.get(attribute)))
    return [part for part in parts if part]


def _split(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return str(value or "").split(";")


def _vessel_type(ds: xr.Dataset) -> str:
    kind = str(ds.attrs.get("platform_kind", ""))
    if kind not in SOCAT_TYPES:
        hint = did_you_mean(kind, SOCAT_TYPES)
        raise ProcessingError(
            f"platform_kind {kind!r} is none of {', '.join(SOCAT_TYPES)}.{hint}"
        )
    return SOCAT_TYPES[kind]


def _suggested(ds: xr.Dataset, options: UploadOptions) -> str:
    flag = options.suggested_flag or ds.attrs.get("suggested_flag") or ""
    if flag and flag not in set("ABCDE"):
        raise ProcessingError(
            f"suggested_flag {flag!r} is not one letter A to E (platform file:"
            " [metadata] suggested_flag)"
        )
    return str(flag)
