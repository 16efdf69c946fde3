"""What was kept as parquet, zarr or netCDF is read as the file itself."""

import pandas as pd
import pytest

import oceanco2
from oceanco2.errors import ReadError
from oceanco2.socat import excerpt
from oceanco2.socat.archive.reading import iter_socat, read_socat
from oceanco2.socat.archive.recomputing import recompute


def plain(frame):
    texts = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(texts, str))


@pytest.mark.parametrize("suffix", [".parquet", ".zarr", ".nc"])
def test_a_store_is_the_file(suffix, made, tmp_path, monkeypatch):
    from oceanco2.socat.archive import store_reader, store_writer

    monkeypatch.setattr(store_writer, "_CHUNK", 2500)
    monkeypatch.setattr(store_reader, "_ROWS", 1700)
    store = tmp_path / f"kept{suffix}"
    excerpt(made, store)
    for options in ({}, {"flags": "B", "src": [1, 2]}, {"columns": ["time", "fco2"]}):
        ours, theirs = read_socat(store, **options), read_socat(made, **options)
        pd.testing.assert_frame_equal(plain(ours)[list(theirs)], plain(theirs))
    assert sum(map(len, iter_socat(store, chunk_rows=1000))) == 6000
    excerpt(store, tmp_path / "back.tsv")
    assert (tmp_path / "back.tsv").read_bytes() == made.read_bytes()
    ours, theirs = recompute(store), recompute(made)
    for name in ("src", "max_difference", "src_same", "median_difference"):
        assert ours[name] == theirs[name]
    grid = oceanco2.grid(str(store)) if suffix == ".parquet" else None
    if grid is not None:
        assert grid.attrs["rows_gridded"] == 6000


def test_recomputed_columns_are_kept(excerpt_2026, tmp_path):
    recompute(excerpt_2026, tmp_path / "out.parquet")
    frame = read_socat(tmp_path / "out.parquet")
    assert (frame["fCO2rec_src_oceanco2"] == frame["fCO2rec_src"]).all()
    assert frame.attrs["socat"]["files"][0]["version"] == "2026"


def test_what_is_no_store(tmp_path):
    for name in ("x.parquet", "x.nc"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(ReadError, match="cannot be read"):
            read_socat(tmp_path / name)
    with pytest.raises(ReadError, match="no such file"):
        read_socat(tmp_path / "none.zarr")
