"""Bytes into lines of text: encodings, line ends, and what is no text at all."""

import numpy as np

from oceanco2.errors import ReadError

_BINARY = {
    b"\x89PNG": "a PNG picture",
    b"\x89HDF": "an HDF5 or netCDF-4 file (reader = 'netcdf')",
    b"CDF\x01": "a netCDF file (reader = 'netcdf')",
    b"CDF\x02": "a netCDF file (reader = 'netcdf')",
    b"CDF\x05": "a netCDF file (reader = 'netcdf')",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (reader = 'spreadsheet')",
    b"PK\x03\x04": "a zip or Excel workbook (unpack it, or reader = 'spreadsheet')",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzipped (unpack it first)",
    b"\xff\xd8\xff": "a JPEG picture",
    b"SQLite format": "an SQLite database",
}
_WIDE = ("utf-16", "utf16", "utf-32", "utf32", "u16", "u32")
_SAMPLE = 1_000_000


def is_empty(content: bytes) -> bool:
    """Whether a file holds nothing but blanks."""
    return not content[:_SAMPLE].strip(b"\x00 \t\r\n\x1a") and not content.strip(
        b"\x00 \t\r\n\x1a"
    )


def decode(content: bytes, encoding: str, file: str) -> tuple[str, list[str]]:
    """Turn bytes into text."""
    if is_empty(content):
        raise ReadError(f"{file}: the file is empty")
    for signature, what in _BINARY.items():
        if content.startswith(signature):
            raise ReadError(f"{file}: is {what}, not a text table")
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if encoding == "auto" and marked:
        encoding = "utf-16"
    if not encoding.lower().startswith(_WIDE):
        _must_be_text(content, file)
    notes: list[str] = []
    if encoding == "auto":
        text = _guess(content, file, notes)
    else:
        text = _decode(content, encoding, file)
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    if "\x00" in text:
        text = text.replace("\x00", "")
        notes.append(f"{file}: NUL characters removed")
    return text, notes


def _guess(content: bytes, file: str, notes: list[str]) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(f"{file}: not UTF-8, read as Windows-1252")
        return content.decode("cp1252", errors="replace")


def _decode(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # A file that was cut in the middle of a character costs that character.
        if error.end >= len(content) and len(content) - error.start < 4:
            return content[: error.start].decode(encoding)
        said = f"byte {error.start} is not {encoding}"
        raise ReadError(f"{file}: {said}; set 'encoding'") from None
    except (LookupError, UnicodeError, ValueError):
        raise ReadError(f"{file}: {encoding!r} is no encoding of text") from None


def _must_be_text(content: bytes, file: str) -> None:
    """Refuse what has control characters; NULs of a power failure are no reason."""
    sample = np.frombuffer(content[:_SAMPLE].replace(b"\x00", b""), dtype=np.uint8)
    nul = 1.0 - sample.size / min(len(content), _SAMPLE)
    control = (sample < 9) | ((sample > 13) & (sample < 32) & (sample != 26))
    if control.sum() > 0.02 * sample.size or nul > 0.3:
        raise ReadError(f"{file}: is not a text table (binary content)")


def split_lines(text: str) -> list[str]:
    r"""Split at LF, CR, CR LF and CR CR LF alike.

    Examples
    --------
    >>> split_lines("a\r\r\nb\rc")
    ['a', 'b', 'c']
    """
    while "\r\r\n" in text:
        text = text.replace("\r\r\n", "\r\n")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines
