"""Options, metadata lines and result of a SOCAT upload file."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.errors import ProcessingError, choose
from oceanco2.expocode import SOCAT_TYPES, expocode_of
from oceanco2.files import write_bytes
from oceanco2.platforms import Platform, describe
from oceanco2.socat.checker import Check, check_text
from oceanco2.socat.checker.message import Message
from oceanco2.socat.checker.reading import SEPARATORS
from oceanco2.socat.types import missing_codes
from oceanco2.text import plain_text

#: Suffixes of upload files, by the separator.
SUFFIXES = {
    "tab": (".tsv", ".txt", ".tab"),
    "comma": (".csv", ".txt"),
    "semicolon": (".csv", ".txt"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A SOCAT upload file, with counts of written and skipped rows.

    Attributes
    ----------
    text : str
        Content of the file.
    rows : int
        Number of rows written.
    left_out : mapping of str to int
        Number of skipped rows by reason; together with `rows` all rows of the dataset.
    notes : tuple of str
        Other changes: values written as missing, nominal values not written, letters
        transliterated.
    separator : str
        Character between two cells.
    columns : tuple of (str, str)
        Header and variable of the dataset; empty if the writer makes the column.
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
            Messages of the upload checker.
        """
        return self._check_text().messages

    def _check_text(self) -> Check:
        names = {delimiter: word for word, delimiter in SEPARATORS.items()}
        return check_text(self.text, separator=names[self.separator])

    def write(self, path: str | Path) -> Path:
        """Write the file atomically.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        Path
            The given path.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        write_bytes(self.text.encode("ascii"), path)
        return Path(path)

    def account(self) -> dict[str, Any]:
        """Return counts, notes and check results as a dictionary for JSON.

        Returns
        -------
        dict
            ``rows_written``, ``rows_left_out`` by reason, ``notes``, and
            ``findings``: number of messages by severity, column and kind.
        """
        check = self._check_text()
        counts: Counter[str] = Counter()
        for message in check.messages:
            names = ", ".join(
                check.header[number - 1] for number in message.columns[:1]
            )
            # Count kinds of messages: remove values, which differ from row to row.
            kind = re.sub(r"^-?[\d.e+]+ ", "", message.text).partition(":")[0]
            kind = re.sub(r" [\d.]+ (kn|d)$", "", kind)
            counts[": ".join(filter(None, (message.severity, names, kind)))] += 1
        return {
            "rows_written": self.rows,
            "rows_left_out": dict(self.left_out),
            "notes": list(self.notes),
            "findings": dict(sorted(counts.items())),
        }


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """Options of a SOCAT upload file.

    Attributes
    ----------
    separator : {"tab", "comma", "semicolon"}
        To be stated at upload; tab is the safest.
    missing : str
        Code of missing numbers, one of those that SOCAT accepts.
    include_air : bool
        Also write rows with CO2 of air only; their columns of sea water are missing.
    include_bad : bool
        Also write rows (and values of air) flagged 4.
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
        """Validate the options."""
        choose("separator", self.separator, SEPARATORS)
        choose("missing", self.missing, [code for code in missing_codes() if code])
        choose("include_air", self.include_air, (True, False))
        choose("include_bad", self.include_bad, (True, False))
        if self.suggested_flag is not None:
            choose("suggested_flag", self.suggested_flag, "ABCDE")

    @property
    def mark(self) -> str:
        """Character between two cells.

        Returns
        -------
        str
            One character.
        """
        return SEPARATORS[self.separator]


def check_platform(platform: Platform) -> None:
    """Raise an error if a platform file lacks what every upload file needs."""
    names = xr.Dataset(attrs=describe(platform) | {"expocode": "AAAA20000101"})
    metadata_lines(names, UploadOptions(), [])


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
    organizations = _names(ds, "organizations") or _names(ds, "institution")
    if len(organizations) > 1 and len(organizations) != len(people):
        raise ProcessingError(
            f"{len(organizations)} organizations for {len(people)} investigators: SOCAT"
            " accepts one, or one for each (platform file: [metadata] organizations)"
        )
    platform = str(ds.attrs.get("platform_name", "")).strip()
    if not platform:
        raise ProcessingError(
            "SOCAT needs the name of the platform: the dataset has no 'platform_name'"
        )
    items = {
        "Expocode": expocode_of(ds),
        "Vessel Name": platform,
        "PIs": "; ".join(people),
        "Organization": "; ".join(organizations),
        "Vessel Type": _vessel_type(ds),
        "Suggested QC": _suggested_flag(ds, options),
        "Run ID": str(ds.attrs.get("run_id", "")),
    }
    ascii_items = {tag: plain_text(value) for tag, value in items.items() if value}
    for tag, value in ascii_items.items():
        if value != items[tag]:
            notes.append(f"{tag}: {items[tag]!r} is written {value!r}")
    return [f"{tag}: {value}" for tag, value in ascii_items.items()]


def _names(ds: xr.Dataset, attribute: str) -> list[str]:
    parts = (" ".join(part.split()) for part in _split(ds.attrs.get(attribute)))
    return [part for part in parts if part]


def _split(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return str(value or "").split(";")


def _vessel_type(ds: xr.Dataset) -> str:
    kind = str(ds.attrs.get("platform_kind", ""))
    choose("platform_kind", kind, SOCAT_TYPES, error=ProcessingError)
    return SOCAT_TYPES[kind]


def _suggested_flag(ds: xr.Dataset, options: UploadOptions) -> str:
    flag = options.suggested_flag or ds.attrs.get("suggested_flag") or ""
    if flag and flag not in set("ABCDE"):
        raise ProcessingError(
            f"suggested_flag must be a letter A to E, not {flag!r} (platform file:"
            " [metadata] suggested_flag)"
        )
    return str(flag)
