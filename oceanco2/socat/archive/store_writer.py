"""Write rows as columns that are read quickly: netCDF, parquet, zarr."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.dates import SECOND
from oceanco2.errors import OptionError, require_library
from oceanco2.provenance import add_history
from oceanco2.socat.archive.layout import INTEGERS, TIME, Layout, attributes_of
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.archive.reading import ArchiveReading
from oceanco2.socat.archive.table import MISSING, ArchiveRows, Table
from oceanco2.socat.columns import ArchiveColumn

#: Rows that are written in one step.
_CHUNK = 262_144


class StoreWriter:
    """Write columns in chunks; subclasses define `start`, `put` and `finish`."""

    def __init__(
        self,
        path: Path,
        reading: ArchiveReading,
        columns: Sequence[str],
        added: Sequence[ArchiveColumn] = (),
    ) -> None:
        self.path, self.reading = path, reading
        self.added = {column.name: column for column in added}
        self.table = Table([*columns, *self.added])
        self.start()

    def add(self, rows: ArchiveRows, _: Layout, more: Mapping[str, Array]) -> None:
        """Write rows."""
        self.table.add(rows, more)
        while self.table.size >= _CHUNK:
            self.put(self.table.take(_CHUNK))

    def close(self) -> None:
        """Write the last rows and the texts."""
        if self.table.size:
            self.put(self.table.take(self.table.size))
        self.finish()

    def abandon(self) -> None:
        """Close the file after an error."""

    def labels(self) -> dict[str, list[str]]:
        """Return the distinct texts of each text column."""
        tables = self.table.string_tables.items()
        return {name: table.labels for name, table in tables}

    def attributes(self) -> dict[str, Any]:
        """Return the global attributes."""
        info = self.reading.info()
        files = [file["file"] for file in info["files"]]
        attrs = {
            "title": "excerpt of SOCAT",
            "source": ", ".join(files),
            "socat_version": ", ".join(file["version"] for file in info["files"]),
            "selection": info["selection"],
            "rows_read": info["rows_read"],
            "lines_set_aside": info["lines_set_aside"],
        }
        step = f"excerpt of {', '.join(files)}: {info['selection']}"
        return add_history(attrs, step)

    def kind(self, name: str) -> str:
        """Return the data type of a column."""
        if name in self.table.string_tables:
            return "int32"
        if name in INTEGERS or (name in self.added and self._is_integer(name)):
            return "int16"
        return "float64"

    def _is_integer(self, name: str) -> bool:
        return self.added[name].kind == "integer"

    def start(self) -> None:
        """Create an empty file."""
        raise NotImplementedError

    def put(self, chunk: Mapping[str, Array]) -> None:
        """Append rows."""
        raise NotImplementedError

    def finish(self) -> None:
        """Complete the file."""
        raise NotImplementedError


def _seconds(values: Array) -> Array:
    return (values - np.datetime64(0, "ns")) / SECOND


class NetcdfWriter(StoreWriter):
    """A netCDF file: rows along ``obs``; texts are indices into tables of texts."""

    def start(self) -> None:
        """Create an empty file."""
        import netCDF4

        self.file = netCDF4.Dataset(str(self.path), "w")
        self.file.createDimension("obs", None)
        self.size = 0
        for name in self.table.names:
            is_text = name in self.table.string_tables
            variable = self.file.createVariable(
                f"{name}_index" if is_text else name,
                self.kind(name),
                ("obs",),
                zlib=True,
                complevel=1,
                shuffle=True,
                chunksizes=(65536,),
                fill_value=np.nan if self.kind(name) == "float64" else None,
            )
            variable.setncatts(attributes_of(name, self.added))
            if is_text:
                variable.long_name = f"number in the table {name}, from 0"
            if name == "Expocode":
                variable.instance_dimension = "Expocode_word"

    def abandon(self) -> None:
        """Close the file."""
        if self.file.isopen():
            self.file.close()

    def put(self, chunk: Mapping[str, Array]) -> None:
        """Append rows."""
        count = 0
        for name, values in chunk.items():
            count = values.size
            key = f"{name}_index" if name in self.table.string_tables else name
            data = _seconds(values) if name == TIME else values
            self.file.variables[key][self.size : self.size + count] = data
        self.size += count

    def finish(self) -> None:
        """Write the tables of texts."""
        for name, labels in self.labels().items():
            self.file.createDimension(f"{name}_word", len(labels))
            variable = self.file.createVariable(name, str, (f"{name}_word",))
            variable.setncatts(attributes_of(name, self.added))
            if name == "Expocode":
                variable.cf_role = "trajectory_id"
            for i, label in enumerate(labels):
                variable[i] = label
        self.file.setncatts({"Conventions": "CF-1.11", **self.attributes()})
        if "Expocode" in self.table.string_tables:
            self.file.featureType = "trajectory"
        self.file.close()


class ParquetWriter(StoreWriter):
    """A parquet file: texts are dictionaries, times are timestamps (UTC)."""

    def start(self) -> None:
        """Create an empty file."""
        pa = require_library("pyarrow", "parquet", ".parquet")
        parquet = require_library("pyarrow.parquet", "parquet", ".parquet")
        kinds = {"int32": pa.dictionary(pa.int32(), pa.string())}
        kinds |= {"int16": pa.int16(), "float64": pa.float64()}
        fields = []
        for name in self.table.names:
            kind = pa.timestamp("ns") if name == TIME else kinds[self.kind(name)]
            about = {k: str(v) for k, v in attributes_of(name, self.added).items()}
            if name == TIME:
                about.pop("units")
            fields.append(pa.field(name, kind, metadata=about))
        self.pa = pa
        self.schema = pa.schema(fields)
        self.writer = parquet.ParquetWriter(
            str(self.path), self.schema, compression="zstd", version="2.6"
        )

    def abandon(self) -> None:
        """Close the file."""
        self.writer.close()

    def put(self, chunk: Mapping[str, Array]) -> None:
        """Append rows."""
        arrays = []
        for name, values in chunk.items():
            if name in self.table.string_tables:
                labels = self.pa.array(
                    self.table.string_tables[name].labels, self.pa.string()
                )
                mask = values < 0
                codes = self.pa.array(values, mask=mask)
                arrays.append(self.pa.DictionaryArray.from_arrays(codes, labels))
            else:
                arrays.append(self.pa.array(values, self.schema.field(name).type))
        batch = self.pa.Table.from_arrays(arrays, schema=self.schema)
        self.writer.write_table(batch)

    def finish(self) -> None:
        """Write the attributes and close the file."""
        text = json.dumps(self.attributes(), sort_keys=True)
        self.writer.add_key_value_metadata({"oceanco2": text})
        self.writer.close()


class ZarrWriter(StoreWriter):
    """A zarr group with the layout of the netCDF file."""

    def start(self) -> None:
        """Create an empty group."""
        zarr = require_library("zarr", "zarr", ".zarr")
        self.group = zarr.open_group(str(self.path), mode="w", zarr_format=3)
        for name in self.table.names:
            is_text = name in self.table.string_tables
            kind = self.kind(name)
            array = self.group.create_array(
                f"{name}_index" if is_text else name,
                shape=(0,),
                chunks=(_CHUNK,),
                dtype=kind,
                dimension_names=("obs",),
                fill_value=np.nan if kind == "float64" else MISSING,
            )
            attrs = attributes_of(name, self.added)
            if is_text:
                attrs["long_name"] = f"number in the table {name}, from 0"
            array.attrs.update(attrs)

    def put(self, chunk: Mapping[str, Array]) -> None:
        """Append rows."""
        for name, values in chunk.items():
            key = f"{name}_index" if name in self.table.string_tables else name
            self.group[key].append(_seconds(values) if name == TIME else values)

    def finish(self) -> None:
        """Write the tables of texts."""
        for name, labels in self.labels().items():
            array = self.group.create_array(
                name,
                shape=(len(labels),),
                chunks=(max(len(labels), 1),),
                dtype=str,
                dimension_names=(f"{name}_word",),
            )
            array.attrs.update(attributes_of(name, self.added))
            if labels:
                array[:] = np.array(labels, dtype=object)
        self.group.attrs.update({"Conventions": "CF-1.11", **self.attributes()})


#: Writers by suffix.
STORES = {".nc": NetcdfWriter, ".parquet": ParquetWriter, ".zarr": ZarrWriter}
LINES = (".tsv", ".csv")


def suffix_of(path: str | Path, allowed: Iterable[str] = (*LINES, *STORES)) -> str:
    """Return the suffix of an output file; raise OptionError if it is not allowed."""
    suffix = Path(path).suffix.lower()
    if suffix not in allowed:
        raise OptionError(
            f"{path}: the suffix of the output must be one of {', '.join(allowed)}"
        )
    return suffix
