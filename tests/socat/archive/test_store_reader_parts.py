"""Ranges of rows of stored files, written here and not by the package."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ReadError
from oceanco2.socat.archive import store_reader
from oceanco2.socat.archive.layout import lay_out
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.archive.store_reader import StoredSource, files_of, open_file

NAN = np.nan
TIMES = np.array(
    [
        "2001-02-03T04:05:06.25",
        "NaT",
        "1969-12-31T23:59:59",
        "2020-01-01",
        "2021-01-01",
    ],
    "datetime64[ns]",
)
SECONDS = np.where(np.isnat(TIMES), NAN, TIMES.astype(np.int64) / 1e9)
COLUMNS = {
    "SST": np.array([1.5, NAN, -3.0, 4.0, 5.0]),
    "fCO2rec_src": np.array([1, -1, 3, 0, 14], np.int16),
    "fCO2rec_src_oceanco2": np.array([1, -1, 3, 0, 14], np.int16),
}
CODES, WORDS = np.array([0, 1, -1, 1, 0], np.int32), ["26NA20050107", "Ö"]


def parquet(path, row_group_size=2):
    words = pa.DictionaryArray.from_arrays(pa.array(CODES, mask=CODES < 0), WORDS)
    table = pa.table({"time": TIMES, **COLUMNS, "Expocode": words})
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table, row_group_size)
        writer.add_key_value_metadata({"oceanco2": '{"socat_version": "2022"}'})


def arrays(path):
    data = {name: ("obs", values) for name, values in COLUMNS.items()}
    data["time"] = "obs", SECONDS
    data["Expocode_index"] = "obs", CODES
    data["Expocode"] = "Expocode_word", np.array(WORDS, object)
    ds = xr.Dataset(data, attrs={"socat_version": "2022", "source": "a.tsv, b.tsv"})
    if path.suffix == ".zarr":
        ds.to_zarr(path, consolidated=False, zarr_format=3)
    else:
        ds.to_netcdf(path)


WRITERS = {".parquet": parquet, ".nc": arrays, ".zarr": arrays}


@pytest.fixture(scope="module", params=WRITERS)
def store(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / f"x{request.param}"
    WRITERS[request.param](path)
    return path


def test_what_is_known_of_a_store(store):
    file = open_file(store)
    version = {"version": "2022", "source": "a.tsv, b.tsv"}
    if store.suffix == ".parquet":
        version["source"] = ""
    assert sorted(file.header) == sorted([*COLUMNS, "time", "Expocode"])
    assert (file.kind, file.line, file.start, file.separator, file.encoding) == (
        *("store", 0, 0, "\t", "utf-8"),
    )
    assert file.preamble == file.data_sets == file.artificial_times == file.notes == ()
    assert file.attributes == version
    assert file.version == "2022"
    source = file.source
    assert (source.path, source.name, source.size, source.window) == (
        *(store, store.name, 5, ()),
    )
    assert source.divisible is False
    assert list(source.chunks()) == []
    assert source.lines_before(3) == 0
    assert isinstance(source, StoredSource)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 6])
def test_pieces_are_the_rows(rows, store, monkeypatch):
    monkeypatch.setattr(store_reader, "_ROWS", rows)
    layout = lay_out(open_file(store))
    pieces = list(layout.file.source.pieces(0, 1))
    sizes = [size for _, size in pieces]
    assert sizes == [*[rows] * (5 // rows), *[5 % rows] * (5 % rows > 0)]
    parts = [make().rows(layout) for make, _ in pieces]
    assert [part.size for part in parts] == sizes
    for name, values in COLUMNS.items():
        found = np.concatenate([part.numbers[name] for part in parts])
        missing = (values < 0) & (name != "SST")
        np.testing.assert_array_equal(found, np.where(missing, NAN, values))
        assert found.dtype == np.float64
    found = np.concatenate([part.time for part in parts])
    assert found.dtype == TIMES.dtype
    np.testing.assert_array_equal(found, TIMES)
    texts = [part.labels["Expocode"] for part in parts]
    words = [text.labels[code].decode() for text in texts for code in text.codes]
    assert words == [WORDS[code] if code >= 0 else "" for code in CODES]
    for part in parts:
        assert part.lines.tolist() == list(range(part.size))
        assert part.spans.tolist() == [[0, 0]] * part.size
        assert part.text.size == 0
        assert part.file == store.name


def test_a_store_as_a_table(store):
    frame = read_socat(store, ["time", "SST", "fCO2rec_src"])
    expected = {"time": TIMES, "SST": COLUMNS["SST"]}
    expected["fCO2rec_src"] = np.array([1, -1, 3, 0, 14], np.int16)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(expected))
    without = read_socat(store, ["SST"])
    assert list(without) == ["SST"]


def test_a_parquet_file_of_other_programs(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"time": TIMES.astype("M8[us]"), "SST": [1.0] * 5}), path)
    frame = read_socat(path)
    assert frame["time"].dtype == TIMES.dtype
    np.testing.assert_array_equal(frame["time"], TIMES)
    assert open_file(path).attributes == {"version": "", "source": ""}


def test_netcdf_that_is_no_store(tmp_path):
    path = tmp_path / "x.nc"
    xr.Dataset({"SST": ("time", [1.0])}).to_netcdf(path)
    with pytest.raises(ReadError, match=r"x\.nc: has no dimension 'obs'; was it"):
        open_file(path)
    for suffix in (".NC", ".Parquet", ".ZARR"):
        with pytest.raises(ReadError, match="no such file"):
            open_file(tmp_path / f"none{suffix}")


def test_paths():
    assert store_reader.SUFFIXES == (".parquet", ".zarr", ".nc")
    assert store_reader._ROWS == 262144
    assert files_of("ab.tsv") == ["ab.tsv"]
    assert files_of(("a", "b")) == ["a", "b"]
    with pytest.raises(ReadError, match=r"^no file given$"):
        files_of([])
    with pytest.raises(OptionError, match=r"^paths must be str or Path, not int$"):
        files_of(["a", 3])
