"""Read the header and the preamble of a SOCAT file."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oceanco2.errors import ReadError
from oceanco2.socat.archive.source import ByteSource, open_source
from oceanco2.socat.columns import column_of
from oceanco2.text import UTF8_MARK

_PANGAEA = "/* DATA DESCRIPTION:"
_EXPOCODE = re.compile(r"\b[A-Z0-9]{4,5}(?:19|20)\d{6}(?:-\d)?\b")


@dataclass(frozen=True)
class SocatFile:
    """A SOCAT file with its header and the content of its preamble."""

    source: ByteSource
    kind: str
    header: tuple[str, ...]
    line: int
    start: int
    separator: str
    encoding: str
    preamble: tuple[str, ...] = field(repr=False)
    data_sets: tuple[dict[str, str], ...] = field(repr=False)
    attributes: dict[str, str] = field(repr=False)
    artificial_times: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the file name for messages."""
        return self.source.name

    @property
    def version(self) -> str:
        """Return the version of SOCAT: the newest of the data sets."""
        texts = [d.get("version", "") for d in self.data_sets]
        texts.append(self.attributes.get("version", ""))
        matches = [re.match(r"\d+\.?\d*", text) for text in texts]
        versions = [float(match[0]) for match in matches if match]
        return f"{max(versions):g}" if versions else ""

    def describe(self) -> dict[str, Any]:
        """Return a description of the file as a dict."""
        listed = {data_set["Expocode"] for data_set in self.data_sets}
        artificial = [x for x in self.artificial_times if x in listed or not listed]
        return {
            "file": self.name,
            "kind": self.kind,
            "version": self.version,
            "header_line": self.line,
            "columns": list(self.header),
            "encoding": self.encoding,
            "data_sets": len(self.data_sets),
            "artificial_times": artificial,
            "attributes": dict(self.attributes),
            "notes": list(self.notes),
        }


def open_socat(path: str | Path, encoding: str | None = None) -> SocatFile:
    """Find the header of a file and read the preamble above it.

    Parameters
    ----------
    path : str or Path
        File of SOCAT or PANGAEA, uncompressed, .gz or .zip.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Encoding of texts; detected by default.

    Returns
    -------
    SocatFile
        The file with its header and preamble.

    Raises
    ------
    ReadError
        If it has no header.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    source = open_source(path, _separator_of_header)
    above: list[bytes] = []
    for line, after in source.lines():
        separator = _separator_of_header(line)
        if separator:
            return _parse_preamble(source, above, line, after, separator, encoding)
        above.append(line)
    raise ReadError(
        f"{source.name}: no header in {len(above)} lines: no line names"
        " columns of SOCAT such as Expocode, yr, longitude [dec.deg.E], fCO2rec [uatm]"
    )


def _separator_of_header(line: bytes) -> str:
    """Return the separator if the line is a header, otherwise an empty text."""
    for separator in ("\t", ","):
        if line.count(separator.encode()) < 2:
            continue
        names = _decode_with_encoding(line.removeprefix(UTF8_MARK))[0].split(separator)
        columns = [column for name in names if (column := column_of(name))]
        # The table of data sets begins like a header but has no numeric columns.
        numeric = [column for column in columns if column.kind != "text"]
        if len(columns) > 2 and len(numeric) > 1 and 3 * len(columns) > len(names):
            return separator
    return ""


def _decode_with_encoding(text: bytes) -> tuple[str, str]:
    try:
        return text.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return text.decode("iso-8859-1"), "iso-8859-1"


def _parse_preamble(
    source: ByteSource,
    above: list[bytes],
    line: bytes,
    after: int,
    separator: str,
    requested: str | None,
) -> SocatFile:
    notes = []
    raw = [*above, line]
    raw[0] = raw[0].removeprefix(UTF8_MARK)
    if source.conversion == "utf-16":
        notes.append(f"{source.name}: is UTF-16, not UTF-8; it is decoded accordingly")
    encoding = _decode_with_encoding(b"\n".join(raw))[1]
    if encoding != "utf-8":
        first = next(
            i for i, x in enumerate(raw, 1) if _decode_with_encoding(x)[1] != "utf-8"
        )
        message = f"{source.name}, line {first}: is not UTF-8"
        if requested == "utf-8":
            raise ReadError(f"{message}; try encoding iso-8859-1")
        notes.append(f"{message}: texts are read as ISO-8859-1")
    encoding = requested or encoding
    lines = [x.decode(encoding) for x in raw]
    pangaea = any(x.lstrip().startswith(_PANGAEA) for x in lines[:1])
    return SocatFile(
        source=source,
        kind="pangaea" if pangaea else "socat",
        header=tuple(name.strip() for name in lines[-1].split(separator)),
        line=len(lines),
        start=after,
        separator=separator,
        encoding=encoding,
        preamble=tuple(lines[:-1]),
        data_sets=_data_sets(lines[:-1]),
        attributes=_attributes(lines[:-1], pangaea),
        artificial_times=_artificial_times(lines[:-1]),
        notes=tuple(notes),
    )


def _data_sets(lines: list[str]) -> tuple[dict[str, str], ...]:
    data_sets: list[dict[str, str]] = []
    names: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0] == "Expocode" and len(cells) > 5:
            names = cells
        elif names and len(cells) == len(names):
            data_sets.append(dict(zip(names, cells, strict=True)))
        elif names:
            break
    return tuple(data_sets)


def _artificial_times(lines: list[str]) -> tuple[str, ...]:
    for i, line in enumerate(lines):
        if line.startswith("Note for data set"):
            # No line ends between the list and its explanation.
            text = " ".join(lines[i : i + 3])
            if "artificial" in text:
                return tuple(_EXPOCODE.findall(line))
    return ()


def _attributes(lines: list[str], pangaea: bool) -> dict[str, str]:
    attributes: dict[str, str] = {}
    key = ""
    for line in lines:
        if line.startswith(("Explanation of data", "Note for")):
            break
        match = re.match(r"([A-Za-z(][^:\t]{0,60}):[ \t]+(.*)", line)
        if match and "\t" not in (line if not pangaea else ""):
            key = match[1].strip()
            attributes.setdefault(key, match[2].strip())
        elif pangaea and key and line.startswith("\t"):
            attributes[key] += " " + line.strip()
    return attributes


def constants(file: SocatFile) -> dict[str, str]:
    """Return values of a PANGAEA preamble that apply to every row."""
    if file.kind != "pangaea":
        return {}
    texts = {
        "Expocode": _first_match(
            _EXPOCODE, file.attributes.get("Event(s)", ""), *file.preamble
        ),
        "version": _first_match(r"SOCAT V(\d+)", *file.preamble),
        "Source_DOI": _first_match(r"doi:(10\.\d+/\S+?)[,;.]?(?:\s|$)", *file.preamble),
        "QC_Flag": _first_match(r"QC flag: ([A-Z])", *file.preamble),
    }
    return {name: text for name, text in texts.items() if text}


def _first_match(pattern: str | re.Pattern[str], *texts: str) -> str:
    for text in texts:
        match = re.search(pattern, text)
        if match:
            return match[match.re.groups]
    return ""
