"""Accidents to files: what a disk, a cable, an editor or another program leaves."""

import netCDF4
import numpy as np
import xarray as xr


def _lines(content):
    return content.splitlines(keepends=True)


def _pick(rng, size):
    return int(rng.integers(max(size, 1)))


def cut(content, rng):
    """The end is missing."""
    return content[: _pick(rng, len(content) + 1)]


def without_start(content, rng):
    """The beginning is missing."""
    return content[_pick(rng, len(content) + 1) :]


def repeated(content, rng):
    """A block of lines stands twice."""
    lines = _lines(content)
    start = _pick(rng, len(lines))
    block = lines[start : start + 1 + _pick(rng, 9)]
    return b"".join([*lines[:start], *block, *lines[start:]])


def moved(content, rng):
    """A block of lines stands elsewhere."""
    lines = _lines(content)
    start = _pick(rng, len(lines))
    block = lines[start : start + 1 + _pick(rng, 9)]
    del lines[start : start + len(block)]
    at = _pick(rng, len(lines) + 1)
    return b"".join([*lines[:at], *block, *lines[at:]])


def deleted(content, rng):
    """A block of lines is missing."""
    lines = _lines(content)
    start = _pick(rng, len(lines))
    del lines[start : start + 1 + _pick(rng, 9)]
    return b"".join(lines)


def interleaved(content, rng):
    """A block of lines breaks into the middle of a line."""
    lines = _lines(content)
    start = _pick(rng, len(lines))
    block = b"".join(lines[start : start + 1 + _pick(rng, 9)])
    at = _pick(rng, len(content) + 1)
    return content[:at] + block + content[at:]


def joined(content, rng):
    """A line end is missing."""
    lines = _lines(content)
    at = _pick(rng, len(lines))
    lines[at : at + 1] = [line.rstrip(b"\r\n") for line in lines[at : at + 1]]
    return b"".join(lines)


def without_field(content, rng):
    """A line has lost a field."""
    lines = _lines(content)
    at = _pick(rng, len(lines))
    line = b"".join(lines[at : at + 1])
    marks = [mark for mark in (b"\t", b";", b",", b" ") if mark in line]
    if marks:
        cells = line.split(marks[0])
        del cells[_pick(rng, len(cells) - 1)]
        lines[at] = marks[0].join(cells)
    return b"".join(lines)


def spoilt(content, rng):
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(1 + _pick(rng, 20)):
        if changed:
            changed[_pick(rng, len(changed))] = _pick(rng, 256)
    return bytes(changed)


def zeros(content, rng):
    """A block is zero, as after a crash of the computer."""
    at = _pick(rng, len(content) + 1)
    size = 1 + _pick(rng, 600)
    return content[:at] + bytes(min(size, len(content) - at)) + content[at + size :]


def encoded(content, rng):
    """Saved in another encoding."""
    names = ("utf-16", "utf-16-le", "cp037", "utf-8-sig", "utf-8")
    name = names[_pick(rng, len(names))]
    return content.decode("latin-1").encode(name, "replace")


def line_ends(content, rng):
    """Saved with other line ends."""
    ends = (b"\r", b"\r\n", b"\r\r\n", b"\n\n", b"\x00\n", b"\x0b\n", b" \n")
    return content.replace(b"\n", ends[_pick(rng, len(ends))])


#: Numbers and words that a person or a program may have put into a cell or a key.
_WORDS = (
    *("", "nan", "NaN", "inf", "-inf", "1e400", "-1", "0", "1e-30", "999999999999"),
    *("true", "x", "'", '"', '"""', "[", "}", "\u00b0", "\x1b[31m", "\u202e", "1,5"),
    *("1970-01-01", "2150-01-01", "00:00", "24:00", "12:61", "-999", "#", "=", "\\"),
    *("[1, 2]", "{}", '"CHECK"', "[[1]]", "1_000", "0x1F", "{ a = 1 }", "2024-13-01"),
)


def word(content, rng):
    """A word or number is another."""
    marks = b" \t,;=\n"
    starts = [i + 1 for i, byte in enumerate(content) if byte in marks]
    if not starts:
        return content
    start = starts[_pick(rng, len(starts))]
    stop = start
    while stop < len(content) and content[stop] not in marks:
        stop += 1
    new = _WORDS[_pick(rng, len(_WORDS))].encode()
    return content[:start] + new + content[stop:]


#: Accidents to lines: no number is another one afterwards, it can only be cut.
LINES = (repeated, moved, deleted, joined, without_field)
BYTES = (cut, without_start, interleaved, spoilt, zeros, encoded, line_ends, word)
TEXT = (*LINES, *BYTES)
WORDS = (word, word, word, deleted, moved, repeated, cut, spoilt, encoded)
BINARY = (cut, without_start, spoilt, spoilt, zeros)


def edited_netcdf(path, rng):
    """Edit a netCDF file as other programs do: attributes, names, values, encoding."""
    if rng.random() < 0.5:
        _edit(path, rng)
    else:
        _save_again(path, rng)


def _edit(path, rng):
    values = ("", "x", "days since 1900-01-01", 5, -1.5, float("nan"), [1, 2, 3])
    with netCDF4.Dataset(path, "a") as file:
        owners = [file, *file.variables.values()]
        owner = owners[_pick(rng, len(owners))]
        names = [name for name in owner.ncattrs() if name != "_FillValue"]
        way = _pick(rng, 4)
        if way == 0 and names:
            owner.delncattr(names[_pick(rng, len(names))])
        elif way == 1 and names:
            value = values[_pick(rng, len(values))]
            owner.setncattr(names[_pick(rng, len(names))], value)
        elif way == 2:
            variables = list(file.variables)
            old = variables[_pick(rng, len(variables))]
            file.renameVariable(old, f"{old}_x" if rng.random() < 0.5 else f"a_{old}")
        else:
            variables = [v for v in file.variables.values() if v.dtype.kind in "if"]
            variable = variables[_pick(rng, len(variables))]
            variable.set_auto_maskandscale(False)
            if variable.size:
                variable[...] = np.zeros(variable.shape, variable.dtype)


def _save_again(path, rng):
    way = _pick(rng, 5)
    with xr.open_dataset(path, decode_times=bool(way % 2), engine="netcdf4") as file:
        ds = file.load()
    names = list(ds.data_vars)
    name = names[_pick(rng, len(names))]
    if way == 0:
        ds = ds.drop_vars(name)
    elif way == 1:
        ds = ds.drop_encoding()
    elif way == 2:
        ds[name] = ds[name].astype(str)
    elif way == 3:
        ds = ds.isel(time=slice(0, _pick(rng, 3))) if "time" in ds.dims else ds
    else:
        ds[name] = ds[name].expand_dims("other", axis=-1)
    path.unlink()
    ds.to_netcdf(path, engine="netcdf4")
