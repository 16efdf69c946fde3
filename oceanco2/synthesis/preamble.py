"""What stands above the rows: the header, and all that the preamble tells."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oceanco2.errors import ReadError
from oceanco2.socat_format import column_of
from oceanco2.synthesis.bytesource import ByteSource, open_source

_UTF8_MARK = b"\xef\xbb\xbf"
_PANGAEA = "/* DATA DESCRIPTION:"
_EXPOCODE = re.compile(r"\b[A-Z0-9]{4,5}(?:19|20)\d{6}(?:-\d)?\b")


@dataclass(frozen=True)
class SocatFile:
    """A file of SOCAT and what its preamble says."""

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
        """Return the name for messages."""
        return self.source.name

    @property
    def version(self) -> str:
        """Return the version of SOCAT: the newest that a data set has."""
        told = [d.get("version", "") for d in self.data_sets]
        told.append(self.attributes.get("version", ""))
        found = [float(m[0]) for text in told if (m := re.match(r"\d+\.?\d*", text))]
        return f"{max(found):g}" if found else ""

    def describe(self) -> dict[str, Any]:
        """Return what is known of the file."""
        known = {data_set["Expocode"] for data_set in self.data_sets}
        artificial = [x for x in self.artificial_times if x in known or not known]
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
    """Find the header of a file and read what stands above it.

    Parameters
    ----------
    path : str or Path
        File of SOCAT or PANGAEA, plain, .gz or .zip.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Of texts; found out by default.

    Returns
    -------
    SocatFile
        The file.

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
    for line, behind in source.lines():
        separator = _separator_of_header(line)
        if separator:
            return _opened(source, above, line, behind, separator, encoding)
        above.append(line)
    raise ReadError(
        f"{source.name}: has no header in {len(above)} lines: no line with names of"
        " SOCAT's columns such as Expocode, yr, longitude [dec.deg.E], fCO2rec [uatm]"
    )


def _separator_of_header(line: bytes) -> str:
    """Return the separator if a line names columns, else nothing."""
    for separator in ("\t", ","):
        if line.count(separator.encode()) < 2:
            continue
        names = _decoded(line.removeprefix(_UTF8_MARK))[0].split(separator)
        found = [column for name in names if (column := column_of(name))]
        # The table of data sets begins alike: it names no column of numbers.
        numeric = [column for column in found if column.kind != "text"]
        if len(found) > 2 and len(numeric) > 1 and 3 * len(found) > len(names):
            return separator
    return ""


def _decoded(text: bytes) -> tuple[str, str]:
    try:
        return text.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return text.decode("iso-8859-1"), "iso-8859-1"


def _opened(
    source: ByteSource,
    above: list[bytes],
    line: bytes,
    behind: int,
    separator: str,
    wanted: str | None,
) -> SocatFile:
    notes = []
    raw = [*above, line]
    if raw[0].startswith(_UTF8_MARK):
        raw[0] = raw[0].removeprefix(_UTF8_MARK)
    if source.odd == "utf-16":
        notes.append(f"{source.name}: is UTF-16; it is read as such")
    encoding = _decoded(b"\n".join(raw))[1]
    if encoding != "utf-8":
        first = next(i for i, x in enumerate(raw, 1) if _decoded(x)[1] != "utf-8")
        told = f"{source.name}, line {first}: is not UTF-8"
        if wanted == "utf-8":
            raise ReadError(f"{told}; encoding can be iso-8859-1")
        notes.append(f"{told}: texts are read as ISO-8859-1")
    encoding = wanted or encoding
    lines = [x.decode(encoding) for x in raw]
    pangaea = any(x.lstrip().startswith(_PANGAEA) for x in lines[:1])
    return SocatFile(
        source=source,
        kind="pangaea" if pangaea else "socat",
        header=tuple(name.strip() for name in lines[-1].split(separator)),
        line=len(lines),
        start=behind,
        separator=separator,
        encoding=encoding,
        preamble=tuple(lines[:-1]),
        data_sets=_data_sets(lines[:-1]),
        attributes=_attributes(lines[:-1], pangaea),
        artificial_times=_artificial(lines[:-1]),
        notes=tuple(notes),
    )


def _data_sets(lines: list[str]) -> tuple[dict[str, str], ...]:
    found: list[dict[str, str]] = []
    names: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0] == "Expocode" and len(cells) > 5:
            names = cells
        elif names and len(cells) == len(names):
            found.append(dict(zip(names, cells, strict=True)))
        elif names:
            break
    return tuple(found)


def _artificial(lines: list[str]) -> tuple[str, ...]:
    for i, line in enumerate(lines):
        if line.startswith("Note for data set"):
            # No line ends between the list and its explanation.
            text = " ".join(lines[i : i + 3])
            if "artificial" in text:
                return tuple(_EXPOCODE.findall(line))
    return ()


def _attributes(lines: list[str], pangaea: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    key = ""
    for line in lines:
        if line.startswith(("Explanation of data", "Note for")):
            break
        match = re.match(r"([A-Za-z(][^:\t]{0,60}):[ \t]+(.*)", line)
        if match and "\t" not in (line if not pangaea else ""):
            key = match[1].strip()
            found.setdefault(key, match[2].strip())
        elif pangaea and key and line.startswith("\t"):
            found[key] += " " + line.strip()
    return found


def constants(file: SocatFile) -> dict[str, str]:
    """Return what holds for every row of a file of PANGAEA."""
    if file.kind != "pangaea":
        return {}
    told = file.attributes
    texts = {
        "Expocode": _first(_EXPOCODE, told.get("Event(s)", ""), *file.preamble),
        "version": _first(r"SOCAT V(\d+)", *file.preamble),
        "Source_DOI": _first(r"doi:(10\.\d+/\S+?)[,;.]?(?:\s|$)", *file.preamble),
        "QC_Flag": _first(r"QC flag: ([A-Z])", *file.preamble),
    }
    return {name: text for name, text in texts.items() if text}


def _first(pattern: str | re.Pattern[str], *texts: str) -> str:
    for text in texts:
        match = re.search(pattern, text)
        if match:
            return match[match.re.groups]
    return ""
