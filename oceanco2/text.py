"""Decode bytes to lines of text: encodings, line ends, rejection of binary files."""

import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import numpy as np

from oceanco2.errors import ReadError

#: Byte-order marks of files, and what is left of one in decoded text.
UTF8_MARK, UTF16_MARKS, TEXT_MARK = BOM_UTF8, (BOM_UTF16_LE, BOM_UTF16_BE), "\ufeff"

_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "µ": "u",
        "μ": "u",
        "°": " deg",
        "–": "-",
        "—": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "“": "'",
        "”": "'",
        '"': "'",
    }
)


def plain_text(text: object) -> str:
    """Transliterate text to one line of ASCII without double quotes.

    Examples
    --------
    >>> plain_text("Gérard  Ørsted-Łęcki")
    'Gerard Orsted-Lecki'
    """
    letters = unicodedata.normalize("NFKD", str(text).translate(_LETTERS))
    without_accents = "".join(c for c in letters if not unicodedata.combining(c))
    ascii_only = without_accents.encode("ascii", "replace").decode("ascii")
    return " ".join("".join(c if c.isprintable() else " " for c in ascii_only).split())


_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\x89HDF": "an HDF5 or netCDF-4 file (reader = 'netcdf')",
    b"CDF\x01": "a netCDF file (reader = 'netcdf')",
    b"CDF\x02": "a netCDF file (reader = 'netcdf')",
    b"CDF\x05": "a netCDF file (reader = 'netcdf')",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (reader = 'spreadsheet')",
    b"PK\x03\x04": "a zip or Excel workbook (unpack it, or reader = 'spreadsheet')",
    b"PK\x05\x06": "a zip with nothing in it",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzipped (unpack it first)",
    b"\xff\xd8\xff": "a JPEG image",
    b"SQLite format": "an SQLite database",
}
_WIDE_ENCODINGS = ("utf-16", "utf16", "utf-32", "utf32", "u16", "u32")
_SAMPLE = 1_000_000


def is_empty(content: bytes) -> bool:
    """Whether a file is empty or blank."""
    return not content[:_SAMPLE].strip(b"\x00 \t\r\n\x1a") and not content.strip(
        b"\x00 \t\r\n\x1a"
    )


def decode(content: bytes, encoding: str, file: str) -> tuple[str, list[str]]:
    """Turn bytes into text."""
    if is_empty(content):
        raise ReadError(f"{file}: the file is empty")
    for signature, what in _SIGNATURES.items():
        if content.startswith(signature):
            raise ReadError(f"{file}: is {what}, not a text table")
    if encoding == "auto" and content[:2] in UTF16_MARKS:
        encoding = "utf-16"
    if not encoding.lower().startswith(_WIDE_ENCODINGS):
        _require_text(content, file)
    notes: list[str] = []
    if encoding == "auto":
        text = _decode_guessed(content, file, notes)
    else:
        text = _decode(content, encoding, file)
    text = text.removeprefix(TEXT_MARK).rstrip("\x1a")
    if "\x00" in text:
        text = text.replace("\x00", "")
        notes.append(f"{file}: NUL characters removed")
    return text, notes


def _decode_guessed(content: bytes, file: str, notes: list[str]) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(f"{file}: not UTF-8, read as Windows-1252")
        return content.decode("cp1252", errors="replace")


def _decode(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # A file cut in the middle of a character loses that character only.
        if error.end >= len(content) and len(content) - error.start < 4:
            return content[: error.start].decode(encoding)
        reason = f"byte {error.start} is not {encoding}"
        raise ReadError(f"{file}: {reason}; set 'encoding'") from None
    except (LookupError, UnicodeError, ValueError):
        raise ReadError(f"{file}: {encoding!r} is not a text encoding") from None


def _require_text(content: bytes, file: str) -> None:
    """Reject binary content; NULs left by a power failure are tolerated."""
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
