"""Files that are read quickly: names, types, attributes and storage of every column."""

import json

import netCDF4
import numpy as np
import pyarrow.parquet as pq
import pytest
import zarr

from oceanco2.errors import OptionError
from oceanco2.provenance import package_version
from oceanco2.socat.archive import store_writer
from oceanco2.socat.archive.excerpts import writer
from oceanco2.socat.archive.layout import attributes_of
from oceanco2.socat.archive.reading import open_reading
from oceanco2.socat.archive.recomputing import ADDED, DIFFERENCE, NUMBER, VALUE
from oceanco2.socat.archive.store_writer import LINES, STORES, suffix_of

COLUMNS = ["time", "SST", "fCO2rec_src", "Expocode", "my_text"]
NAMES = [*COLUMNS, VALUE, NUMBER, DIFFERENCE]
ABOUT = {
    "time": {
        "standard_name": "time",
        "long_name": "time (UTC)",
        "units": "seconds since 1970-01-01T00:00:00Z",
        "calendar": "standard",
    },
    "SST": {
        "standard_name": "sea_surface_temperature",
        "units": "degree_Celsius",
    },
    VALUE: {"long_name": "recommended fCO2, recomputed", "units": "uatm"},
    NUMBER: {"long_name": "algorithm, recomputed"},
    "my_text": {},
}
TEXT = (
    "Expocode\tyr\tmon\tday\thh\tmm\tSST [deg.C]"
    "\tfCO2rec [uatm]\tfCO2rec_src\tmy_text\n"
    "26NA20050107\t2005\t1\t7\t1\t8\t10.5\t350.5\t1\tone\n"
    "26NA20050107\t2005\t1\t7\t1\t9\tNaN\t351.5\tNaN\ttwo\n"
    "33RO20100308\t2010\t3\t8\t1\t8\t11.5\t352.5\t14\tone\n"
)
SECONDS = [1105060080.0, 1105060140.0, 1268010480.0]
WORDS = {"Expocode": ["26NA20050107", "33RO20100308"], "my_text": ["one", "two"]}


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(store_writer, "_CHUNK", 2)
    path = tmp_path / "in.tsv"
    path.write_text(TEXT)

    def write(suffix):
        reading = open_reading(path, COLUMNS, workers=1, progress=False)
        more = {
            VALUE: np.array([1.0, np.nan, 3.0]),
            NUMBER: np.array([1, 0, 14], np.int8),
            DIFFERENCE: np.array([0.5, np.nan, -0.5]),
        }
        out = tmp_path / f"out{suffix}"
        with writer(out, reading, COLUMNS, ADDED) as target:
            for rows, _ in reading.pieces():
                target.add(rows, reading.layouts[0], more)
        return out

    return write


GLOBAL = {
    "title": "excerpt of SOCAT",
    "source": "in.tsv",
    "socat_version": "",
    "selection": "all rows",
    "rows_read": 3,
    "lines_set_aside": 0,
    "history": (
        f"2023-11-14T22:13:20Z oceanco2 {package_version()}:"
        " excerpt of in.tsv: all rows"
    ),
}


def key_of(name):
    return f"{name}_index" if name in WORDS else name


def expected_attributes(name):
    added = {column.name: column for column in ADDED}
    about = attributes_of(name, added)
    if name in WORDS:
        about["long_name"] = f"number in the table {name}, from 0"
    return about


VALUES = {
    "time": SECONDS,
    "SST": [10.5, np.nan, 11.5],
    "fCO2rec_src": [1, -1, 14],
    "Expocode": [0, 0, 1],
    "my_text": [0, 1, 0],
    VALUE: [1.0, np.nan, 3.0],
    NUMBER: [1, 0, 14],
    DIFFERENCE: [0.5, np.nan, -0.5],
}
KINDS = ["float64", "float64", "int16", "int32", "int32", "float64", "int16", "float64"]


def test_netcdf(stored):
    with netCDF4.Dataset(stored(".nc")) as ds:
        ds.set_auto_maskandscale(False)
        assert list(ds.variables) == [*map(key_of, NAMES), "Expocode", "my_text"]
        assert ds.dimensions["obs"].isunlimited()
        for name, kind in zip(NAMES, KINDS, strict=True):
            variable = ds[key_of(name)]
            assert variable.dtype == kind
            assert variable.dimensions == ("obs",)
            np.testing.assert_array_equal(variable[:], VALUES[name])
            filters = variable.filters()
            assert (filters["zlib"], filters["complevel"], filters["shuffle"]) == (
                *(True, 1, True),
            )
            assert variable.chunking() == [65536]
            about = dict(variable.__dict__)
            fill = about.pop("_FillValue", None)
            assert np.isnan(fill) if kind == "float64" else fill is None
            if name == "Expocode":
                assert about.pop("instance_dimension") == "Expocode_word"
            assert about == expected_attributes(name)
        for name, words in WORDS.items():
            assert ds[name].dimensions == (f"{name}_word",)
            assert ds[name][:].tolist() == words
            about = dict(ds[name].__dict__)
            assert about.pop("cf_role", "") == "trajectory_id" * (name == "Expocode")
            assert about == attributes_of(name, {})
        found = dict(ds.__dict__)
        assert found.pop("Conventions") == "CF-1.11"
        assert found.pop("featureType") == "trajectory"
        assert found == GLOBAL


def test_zarr(stored):
    group = zarr.open_group(str(stored(".zarr")), mode="r")
    assert group.metadata.zarr_format == 3
    assert sorted(group) == sorted([*map(key_of, NAMES), *WORDS])
    for name, kind in zip(NAMES, KINDS, strict=True):
        array = group[key_of(name)]
        assert array.dtype == kind
        assert array.metadata.dimension_names == ("obs",)
        assert array.chunks == (2,)
        np.testing.assert_array_equal(array[:], VALUES[name])
        assert dict(array.attrs) == expected_attributes(name)
        fill = array.fill_value
        assert np.isnan(fill) if kind == "float64" else fill == -1
    for name, words in WORDS.items():
        array = group[name]
        assert array[:].tolist() == words
        assert array.chunks == (2,)
        assert array.metadata.dimension_names == (f"{name}_word",)
        assert dict(array.attrs) == attributes_of(name, {})
    assert dict(group.attrs) == {"Conventions": "CF-1.11", **GLOBAL}


def test_parquet(stored):
    file = pq.ParquetFile(stored(".parquet"))
    schema = file.schema_arrow
    assert schema.names == NAMES
    text = "dictionary<values=string, indices=int32, ordered=0>"
    kinds = [
        "timestamp[ns]",
        "double",
        "int16",
        text,
        text,
        "double",
        "int16",
        "double",
    ]
    assert [str(kind) for kind in schema.types] == kinds
    assert file.metadata.format_version == "2.6"
    assert [file.metadata.row_group(i).num_rows for i in range(2)] == [2, 1]
    assert file.metadata.row_group(0).column(1).compression == "ZSTD"
    for name in NAMES:
        about = attributes_of(name, {column.name: column for column in ADDED})
        if name == "time":
            del about["units"]
        found = schema.field(name).metadata or {}
        assert {k.decode(): v.decode() for k, v in found.items()} == about
    table = file.read()
    assert table["Expocode"].to_pylist() == [WORDS["Expocode"][i] for i in (0, 0, 1)]
    assert table["my_text"].to_pylist() == ["one", "two", "one"]
    assert table["fCO2rec_src"].to_pylist() == [1, -1, 14]
    assert table["time"].cast("int64").to_pylist() == [int(s * 1e9) for s in SECONDS]
    np.testing.assert_array_equal(table["SST"].to_numpy(), VALUES["SST"])
    assert json.loads(file.metadata.metadata[b"oceanco2"]) == GLOBAL


def test_attributes_of_columns_are_those_of_cf():
    for name, about in ABOUT.items():
        found = attributes_of(name, {column.name: column for column in ADDED})
        assert about.items() <= found.items()
        assert ("units" in about) == ("units" in found)


def test_nothing_is_trajectory_without_expocodes(tmp_path):
    path = tmp_path / "in.tsv"
    path.write_text(TEXT)
    reading = open_reading(path, ["SST"], workers=1, progress=False)
    with writer(tmp_path / "out.nc", reading, ["SST"]) as target:
        for rows, _ in reading.pieces():
            target.add(rows, reading.layouts[0], {})
    with netCDF4.Dataset(tmp_path / "out.nc") as ds:
        assert list(ds.variables) == ["SST"]
        assert "featureType" not in ds.ncattrs()


def test_suffixes():
    assert store_writer._CHUNK == 262144
    assert LINES == (".tsv", ".csv")
    assert list(STORES) == [".nc", ".parquet", ".zarr"]
    for suffix in (*LINES, *STORES):
        assert suffix_of(f"a/b{suffix.upper()}") == suffix
    with pytest.raises(OptionError, match=r"^a\.txt: .* one of \.nc, \.tsv$"):
        suffix_of("a.txt", (".nc", ".tsv"))
    with pytest.raises(OptionError, match=r"\.tsv, \.csv, \.nc, \.parquet, \.zarr$"):
        suffix_of("a")
