"""Digests of written files: one line for whatever may change by itself.

netCDF and zarr are compared by variable (type, shape, bytes, attributes, encoding),
parquet by column, figures as drawn, members of a zip and all else by bytes. Left out,
because it changes with nothing in the package:

* the attribute ``versions`` (of libraries), in JSON the key of that name, in
  ``netcdf_header`` the library that wrote it;
* ``platform_file_sha256``, which a comment in a platform file changes; set B has the
  digests of these files.

The words of attributes and keys that hold messages (`WORDS`, `SENTENCES`), of reports
for readers and of comments in drafts go into the texts, each sentence once: their
wording may change where nothing else may. Numbers in sentences of JSON are compared.
"""

import csv
import hashlib
import io
import json
import re
import tomllib
import zipfile

import numpy as np

#: Attributes of a file that say who made it with what.
LEFT_OUT = {"versions", "platform_file_sha256", "_NCProperties"}
#: Attributes of a file that hold messages.
WORDS = ("warnings", "reading_notes")
#: Keys of JSON that hold messages and sentences.
SENTENCES = {
    *(*WORDS, "said", "text", "words", "reason", "reasons", "refusals", "remarks"),
    *("notes", "reminders"),
}
NUMBER = re.compile(r"(?<![A-Za-z_\d])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


class Words(str):
    """A text among the digests: to be read, not compared by its digest."""

    __slots__ = ()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def _plain(value):
    """What JSON can hold, with the type, so that 1 and 1.0 differ."""
    if isinstance(value, np.ndarray | np.generic):
        return [str(value.dtype), np.asarray(value).tolist()]
    if isinstance(value, dict):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_plain(x) for x in value]
    return value if isinstance(value, str | int | float | None) else repr(value)


def _digest(*parts):
    text = json.dumps([_plain(part) for part in parts], sort_keys=True)
    return sha256(text.encode())


def _bytes(values):
    values = np.asarray(values)
    if values.dtype == object:
        return sha256(json.dumps(_plain(values.tolist())).encode())
    return sha256(np.ascontiguousarray(values).tobytes())


def attribute_lines(name, attrs):
    """One line of all attributes, one of the history, and what holds messages."""
    rest = {k: v for k, v in attrs.items() if k not in LEFT_OUT}
    if ".nc" in str(rest.get("source_files")):  # their bytes hold versions and messages
        rest.pop("source_files_sha256", None)
    words = {k: rest[k] for k in WORDS if k in rest}
    history = rest.pop("history", None)
    rest |= dict.fromkeys(words, "words")
    lines = {f"{name}:attributes": _digest(list(attrs), rest)}
    if history is not None:
        lines[f"{name}:history"] = _digest(history)
    for key, value in words.items():
        lines[f"{name}:{key}"] = Words(_listed(value))
    return lines


def _listed(value):
    """One message a line, whether a list, its JSON, or text."""
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    return value if isinstance(value, str) else "\n".join(map(str, value))


def _attrs(item):
    return {key: item.getncattr(key) for key in item.ncattrs()}


def netcdf_lines(name, path):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        lines = attribute_lines(name, _attrs(file))
        lines[f"{name}:format"] = _digest(
            file.data_model,
            {k: [len(d), d.isunlimited()] for k, d in file.dimensions.items()},
            list(file.variables),
            list(file.groups),
        )
        for key, variable in file.variables.items():
            filters = variable.filters() if file.data_model == "NETCDF4" else None
            lines[f"{name}:{key}"] = _digest(
                str(variable.dtype),
                variable.shape,
                variable.dimensions,
                _bytes(variable[...]),
                _attrs(variable),
                [filters, variable.chunking(), variable.endian()],
            )
    return lines


def dataset_lines(name, ds):
    """Lines of a dataset in memory."""
    lines = attribute_lines(name, ds.attrs)
    lines[f"{name}:format"] = _digest(dict(ds.sizes), list(ds.variables))
    for key, variable in ds.variables.items():
        lines[f"{name}:{key}"] = _digest(
            str(variable.dtype),
            variable.shape,
            variable.dims,
            _bytes(variable.to_numpy()),
            variable.attrs,
            {k: str(v) for k, v in variable.encoding.items() if k != "source"},
        )
    return lines


def value_digest(made):
    """Digest of a number, an array, a Series, a DataArray or a table, with its kind."""
    kind = type(made).__name__
    attrs = dict(getattr(made, "attrs", {}))
    if hasattr(made, "to_csv"):
        return _digest(kind, made.to_csv(), attrs)
    values = np.asarray(made)
    return _digest(kind, str(values.dtype), values.shape, _bytes(values), attrs)


def zarr_lines(name, path):
    import xarray as xr

    with xr.open_zarr(
        path, consolidated=False, mask_and_scale=False, decode_times=False
    ) as ds:
        # the order of variables is that of the folder, which the disk decides
        return dataset_lines(name, ds[sorted(ds.data_vars)].load())


def parquet_lines(name, path):
    from pyarrow import parquet

    table = parquet.read_table(path)
    lines = {}
    about = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    # pandas and arrow keep schemas with their versions there
    about = {k: v for k, v in about.items() if k not in {"pandas", "ARROW:schema"}}
    lines[f"{name}:attributes"] = sha256(_without_versions(json.dumps(about)))
    for key in table.column_names:
        column = table.column(key)
        lines[f"{name}:{key}"] = _digest(str(column.type), column.to_pylist())
    return lines


def _without_versions(text):
    """Text that holds JSON, without versions of libraries and digests of platforms."""
    text = re.sub(r'\\*"versions\\*": *(\\*")?\{[^{}]*\}(\\*")?', '"versions": 0', text)
    text = re.sub(r'("platform_file_sha256\\*": *\\*")[0-9a-f]{64}', r"\1", text)
    return text.encode()


def _apart(text, words):
    """Take a sentence apart: its words are collected, its numbers returned."""
    words.append(NUMBER.sub("#", text))
    return NUMBER.findall(text)


def _without_words(item, words, sentences=False):
    """JSON with the numbers of its sentences in their place."""
    if isinstance(item, list):
        return [_without_words(x, words, sentences) for x in item]
    if isinstance(item, dict):
        # bytes of netCDF hold versions and messages, those of platform files comments
        held = str(item.get("name", "")).endswith(".nc") or "file" in item
        return {
            key: _without_words(value, words, key in SENTENCES)
            for key, value in item.items()
            if key != "sha256" or not held
        }
    return _apart(item, words) if sentences and isinstance(item, str) else item


def _toml_lines(name, text):
    """What a platform file says; the remarks in a draft are words."""
    lines = {name: _digest(tomllib.loads(text))}
    remarks = [x for x in text.splitlines() if "#" in x] if "draft" in name else []
    return lines | {f"{name}:words": Words("\n".join(remarks))}


def _json_lines(name, text):
    """JSON by bytes; if it holds sentences, by what it says beside them."""
    words = []
    kept = _without_words(json.loads(text), words)
    if words:
        text = json.dumps(kept)
    lines = {name: sha256(_without_versions(text))}
    return lines | {f"{name}:words": Words("\n".join(words))}


def _csv_lines(name, text):
    """A table by bytes; the list of reasons for flags without its sentences."""
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or not {"reason", "limit"} <= set(rows[0]):
        return {name: sha256(_without_versions(text))}
    words, at = [], rows[0].index("reason")
    for row in rows[1:]:
        row[at] = _apart(row[at], words)
    return {name: _digest(rows), f"{name}:words": Words("\n".join(words))}


def _png(content):
    from matplotlib.image import imread

    drawn = imread(io.BytesIO(content), format="png")
    return _digest(drawn.shape, str(drawn.dtype), _bytes(drawn))


def _text_lines(name, content, normalise):
    try:
        text = normalise(content.decode())
    except UnicodeDecodeError:
        return {name: sha256(content)}
    if name.endswith(".json"):
        return _json_lines(name, text)
    if name.endswith(".csv"):
        return _csv_lines(name, text)
    if name.endswith(".toml"):
        return _toml_lines(name, text)
    if name.endswith("_check.txt"):
        return {f"{name}:words": Words(text)}
    return {name: sha256(_without_versions(text))}


def _zip_lines(name, content, normalise):
    lines = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines[f"{name}:order"] = _digest(archive.namelist())
        for member in archive.namelist():
            inside = archive.read(member)
            lines |= content_lines(f"{name}!{member}", inside, normalise)
    return lines


def content_lines(name, content, normalise):
    """Lines of a file that is compared by its bytes, a picture or a zip."""
    suffix = name.rpartition(".")[2]
    if suffix == "png":
        return {name: _png(content)}
    if suffix == "zip":
        return _zip_lines(name, content, normalise)
    if suffix in {"json", "txt", "tsv", "csv", "xml", "toml"}:
        return _text_lines(name, content, normalise)
    return {name: sha256(content)}


def file_lines(work, folder, normalise):
    """Lines of all files below a folder of the working folder."""
    lines = {}
    stores = sorted((work / folder).rglob("*.zarr"))
    for path in sorted((work / folder).rglob("*")):
        name = path.relative_to(work).as_posix()
        if path in stores:
            lines |= zarr_lines(name, path)
        if path.is_dir() or any(store in path.parents for store in stores):
            continue
        if path.suffix in {".nc", ".nc4"}:
            lines |= netcdf_lines(name, path)
        elif path.suffix == ".parquet":
            lines |= parquet_lines(name, path)
        else:
            lines |= content_lines(name, path.read_bytes(), normalise)
    return lines
