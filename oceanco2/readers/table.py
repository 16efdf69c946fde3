"""Text into rows and columns; no row is lost, a broken one costs only itself."""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from oceanco2.errors import ReadError, did_you_mean

SEPARATORS = {
    "tab": "\t",
    "\t": "\t",
    "comma": ",",
    ",": ",",
    "semicolon": ";",
    ";": ";",
    "pipe": "|",
    "|": "|",
    "space": " ",
    " ": " ",
}
_BINARY = {
    b"\x89PNG": "a PNG picture",
    b"\x89HDF": "an HDF5 or netCDF-4 file",
    b"CDF\x01": "a netCDF file",
    b"CDF\x02": "a netCDF file",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (save it as text)",
    b"PK\x03\x04": "a zip or Excel workbook (save it as text)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzipped (unpack it first)",
    b"SQLite format": "an SQLite database",
}
_LINE_ENDS = re.compile(r"\r*\n|\r")


@dataclass(slots=True)
class RawTable:
    """Cells of one raw file, as text.

    Attributes
    ----------
    file : str
        File name.
    digest : str
        SHA-256 of the file.
    names : list of str
        Column names, blanks around them removed.
    cells : dict of int to ndarray of object
        Column number to texts; only columns that are wanted.
    lines : ndarray of int
        Line number of each row, from 1.
    damaged : ndarray of bool
        Row had another number of fields than the header.
    content : ndarray of uint64
        Hash of the whole row, to find doublets.
    notes : list of str
        What a user should know.
    """

    file: str
    digest: str
    names: list[str]
    cells: dict[int, np.ndarray]
    lines: np.ndarray
    damaged: np.ndarray
    content: np.ndarray
    notes: list[str] = field(default_factory=list)

    def position(self, name: str, occurrence: int = 1) -> int | None:
        """Find a column.

        Parameters
        ----------
        name : str
            Its name; case matters only where two columns differ in nothing else.
        occurrence : int, default 1
            Which one, where a name stands several times.

        Returns
        -------
        int or None
            Column number, None if there is none.
        """
        return locate(self.names, name, occurrence)


def locate(names: list[str], name: str, occurrence: int = 1) -> int | None:
    """Find a column name, first as written, then ignoring case.

    Parameters
    ----------
    names : list of str
        The header.
    name : str
        The wanted name.
    occurrence : int, default 1
        Which one, where a name stands several times.

    Returns
    -------
    int or None
        Column number, None if there is none.

    Examples
    --------
    >>> locate(["time", "H2O", "h2o", "H2O"], "H2O", 2)
    3
    """
    name = name.strip()
    for same in (lambda n: n == name, lambda n: n.lower() == name.lower()):
        found = [i for i, n in enumerate(names) if same(n)]
        if len(found) >= occurrence:
            return found[occurrence - 1]
    return None


def decode(content: bytes, encoding: str, file: str) -> tuple[str, list[str]]:
    """Turn bytes into text.

    Parameters
    ----------
    content : bytes
        The file.
    encoding : str
        A Python encoding or ``"auto"``: UTF-8, UTF-16 with a mark, else Windows-1252.
    file : str
        Name for messages.

    Returns
    -------
    text : str
        The text.
    notes : list of str
        What was assumed.

    Raises
    ------
    ReadError
        If the file is empty, is no text, or is not in the encoding.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise ReadError(f"{file}: the file is empty")
    for signature, what in _BINARY.items():
        if content.startswith(signature):
            raise ReadError(f"{file}: is {what}, not a text table")
    notes: list[str] = []
    if encoding != "auto":
        try:
            return content.decode(encoding), notes
        except UnicodeDecodeError as error:
            said = f"byte {error.start} is not {encoding}"
            raise ReadError(f"{file}: {said}; set 'encoding'") from None
        except LookupError:
            raise ReadError(f"{file}: no encoding named {encoding!r}") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), notes
    _must_be_text(content, file)
    if b"\x00" in content:
        content = content.replace(b"\x00", b"")
        notes.append(f"{file}: NUL bytes removed")
    try:
        return content.decode("utf-8-sig"), notes
    except UnicodeDecodeError:
        notes.append(f"{file}: not UTF-8, read as Windows-1252")
        return content.decode("cp1252", errors="replace"), notes


def _must_be_text(content: bytes, file: str) -> None:
    sample = np.frombuffer(content[:100_000].rstrip(b"\x00"), dtype=np.uint8)
    control = (sample < 9) | ((sample > 13) & (sample < 32) & (sample != 26))
    if sample.size and control.mean() > 0.02:
        raise ReadError(f"{file}: is not a text table (binary content)")


def split_lines(text: str) -> list[str]:
    r"""Split at LF, CR, CR LF and CR CR LF alike.

    Parameters
    ----------
    text : str
        A whole file.

    Returns
    -------
    list of str
        Lines without their ends.

    Examples
    --------
    >>> split_lines("a\r\r\nb\rc")
    ['a', 'b', 'c']
    """
    lines = _LINE_ENDS.split(text) if "\r" in text else text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def sniff(line: str) -> str:
    """Guess the separator of a header line.

    Parameters
    ----------
    line : str
        Column names.

    Returns
    -------
    str
        The one of tab, semicolon, comma and pipe that occurs most; else a blank.
    """
    counts = {s: line.count(s) for s in "\t;,|"}
    best = max(counts, key=lambda s: counts[s])
    return best if counts[best] else " "


def fields(line: str, separator: str) -> list[str]:
    """Split one line into trimmed cells, quotes respected.

    Parameters
    ----------
    line : str
        One line.
    separator : str
        One character; blanks collapse if it is a blank.

    Returns
    -------
    list of str
        Cells.
    """
    if separator == " ":
        return line.split()
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [cell.strip() for cell in row]


def cells_of(
    lines: list[str], width: int, separator: str, wanted: Collection[int]
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Cut lines into columns of text.

    Parameters
    ----------
    lines : list of str
        Data lines, none blank.
    width : int
        Number of columns of the header.
    separator : str
        One character.
    wanted : collection of int
        Columns that are needed.

    Returns
    -------
    cells : dict of int to ndarray of object
        Texts, empty where a row is too short.
    damaged : ndarray of bool
        Rows with another number of fields (one empty trailing field is tolerated).
    """
    plain = separator != " " and not any('"' in line for line in lines)
    if plain:
        counts = np.array([line.count(separator) + 1 for line in lines])
        parts: dict[int, list[str]] = {}
    else:
        parts = {i: fields(line, separator) for i, line in enumerate(lines)}
        counts = np.array([len(parts[i]) for i in range(len(lines))])
    tolerated = np.array([line.rstrip(" ").endswith(separator) for line in lines])
    tolerated &= counts == width + 1
    damaged = (counts != width) & ~tolerated
    odd = np.flatnonzero(counts != width)
    columns = {c: np.full(len(lines), "", dtype=object) for c in wanted}
    if plain:
        even = np.flatnonzero(counts == width)
        _fill_fast(columns, [lines[i] for i in even], even, separator)
        parts = {int(i): fields(lines[i], separator) for i in odd}
    for i, row in parts.items():
        for column, values in columns.items():
            if column < len(row):
                values[i] = row[column]
    return columns, damaged


def _fill_fast(
    columns: dict[int, np.ndarray], lines: list[str], rows: np.ndarray, separator: str
) -> None:
    if not lines or not columns:
        return
    frame = pd.read_csv(
        io.StringIO("\n".join(lines)),
        sep=separator,
        header=None,
        usecols=sorted(columns),
        dtype=object,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        engine="c",
    )
    for column, values in columns.items():
        texts = frame[column].to_numpy(dtype=object)
        values[rows] = np.array([t.strip() for t in texts], dtype=object)


def missing_column(names: list[str], wanted: str, file: str, where: str) -> ReadError:
    """Say that a declared column is not there, and which is nearest.

    Parameters
    ----------
    names : list of str
        The header.
    wanted : str
        The declared column.
    file : str
        Raw file.
    where : str
        Key of the platform file.

    Returns
    -------
    ReadError
        To be raised.
    """
    hint = did_you_mean(wanted, names)
    listed = ", ".join(repr(n) for n in names if n)
    listed = listed if len(listed) < 800 else f"{listed[:800]} ..."
    return ReadError(
        f"{file}: no column {wanted!r} ({where}).{hint} There are: {listed}."
    )


def hashes(lines: list[str]) -> np.ndarray:
    """Hash whole lines, to find doublets.

    Parameters
    ----------
    lines : list of str
        Data lines.

    Returns
    -------
    ndarray of uint64
        One number a line.
    """
    return pd.util.hash_array(np.array(lines, dtype=object), categorize=False)
