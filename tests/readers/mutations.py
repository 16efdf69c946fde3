"""Files as they arrive: cut, doubled, interleaved, in another encoding, spoilt."""

import warnings

from hypothesis import strategies as st

from oceanco2.errors import DataWarning, ReadError
from oceanco2.readers import read


def _cut(content, draw):
    return content[: draw(st.integers(0, len(content)))]


def _without_start(content, draw):
    return content[draw(st.integers(0, len(content))) :]


def _block(content, draw):
    lines = content.splitlines(keepends=True)
    start = draw(st.integers(0, max(len(lines) - 1, 0)))
    return lines, start, lines[start : start + draw(st.integers(1, 9))]


def _repeated(content, draw):
    lines, start, block = _block(content, draw)
    return b"".join([*lines[:start], *block, *lines[start:]])


def _moved(content, draw):
    lines, _, block = _block(content, draw)
    at = draw(st.integers(0, len(lines)))
    return b"".join([*lines[:at], *block, *lines[at:]])


def _interleaved(content, draw):
    """A block breaks into the middle of a line."""
    _, _, block = _block(content, draw)
    at = draw(st.integers(0, len(content)))
    return content[:at] + b"".join(block) + content[at:]


def _spoilt(content, draw):
    spoilt = bytearray(content)
    for _ in range(draw(st.integers(1, 20))):
        if spoilt:
            spoilt[draw(st.integers(0, len(spoilt) - 1))] = draw(st.integers(0, 255))
    return bytes(spoilt)


def _encoded(content, draw):
    name = draw(st.sampled_from(["utf-16", "utf-16-le", "cp037", "utf-8-sig"]))
    return content.decode("latin-1").encode(name, "replace")


def _line_ends(content, draw):
    end = draw(st.sampled_from([b"\r", b"\r\n", b"\r\r\n", b"\n\n", b"\x00\n"]))
    return content.replace(b"\n", end)


WAYS = [
    _cut,
    _without_start,
    _repeated,
    _moved,
    _interleaved,
    _spoilt,
    _encoded,
    _line_ends,
]


@st.composite
def mutants(draw, content, times=2):
    """`content` after one or more accidents."""
    for _ in range(draw(st.integers(1, times))):
        content = draw(st.sampled_from(WAYS))(content, draw)
    return content


def survives(platform, folder, content, name):
    """Read what is left: the streams and their doubts, or None after a ReadError."""
    (folder / name).write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            streams = read(platform, folder / name)
        except ReadError as error:
            text = str(error)
            assert "\n" not in text
            assert name in text or "[files." in text
            return None
    assert all(issubclass(w.category, DataWarning) for w in caught)
    return streams, [str(w.message) for w in caught]
