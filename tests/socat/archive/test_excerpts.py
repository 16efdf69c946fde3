"""Excerpts: untouched files come out byte by byte, columns with every value."""

import csv
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2.errors import OptionError, OutputError, ReadError
from oceanco2.socat import excerpt
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.columns import HEADERS
from tests.reference.simulated_socat import simulate_socat_file

PUBLISHED = (
    "SOCATv2026_mini_excerpt.tsv",
    "PAT520150211_SOCATv4_enhanced_rows.tsv",
    "PAT520150211_SOCATv4_synthesis_rows_regionC.tsv",
)


@pytest.mark.parametrize("file", PUBLISHED)
def test_untouched_files_come_out_byte_by_byte(file, reference_data, tmp_path):
    path = reference_data / "socat" / file
    excerpt(path, tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_bytes() == path.read_bytes()


def test_line_ends_and_a_latin_preamble_come_out_as_well(few, tmp_path):
    path = few(
        lambda x: ["Köln".encode("iso-8859-1"), *x], name="latin.tsv", end=b"\r\n"
    )
    excerpt(path, tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_bytes() == path.read_bytes()


def test_an_excerpt_keeps_the_preamble_of_its_data_sets(excerpt_2026, tmp_path):
    report = excerpt(excerpt_2026, tmp_path / "out.tsv", flags="B")
    text = (tmp_path / "out.tsv").read_text()
    lines = excerpt_2026.read_text().splitlines()
    assert report["rows_selected"] == 8
    assert text.splitlines()[-8:] == [x for x in lines[71:] if x.split("\t")[3] == "B"]
    again = read_socat(tmp_path / "out.tsv")
    assert len(again.attrs["socat"]["files"][0]["attributes"]) > 1
    assert again.attrs["socat"]["files"][0]["data_sets"] == 2
    assert "06AQ20241224\t2026.0N\tN/A\tPolarstern" in text
    assert "Gulf Challenger" not in text
    assert "Excerpt made with oceanco2" in text


def test_columns_as_they_are_printed(excerpt_2026, tmp_path):
    names = ["fCO2rec", "time", "lat", "Expocode"]
    excerpt(excerpt_2026, tmp_path / "out.tsv", names)
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    header = next(i for i, x in enumerate(lines) if x.startswith("fCO2rec [uatm]\tyr"))
    assert lines[header].split("\t")[7:] == ["latitude [dec.deg.N]", "Expocode"]
    row = excerpt_2026.read_text().splitlines()[71].split("\t")
    expected = [row[29], *row[4:10], row[11], row[0]]
    assert lines[header + 1].split("\t") == expected


def test_csv_has_the_cells_of_the_file(excerpt_2026, few, tmp_path):
    excerpt(excerpt_2026, tmp_path / "out.csv")
    rows = list(csv.reader((tmp_path / "out.csv").read_text().splitlines()))
    lines = excerpt_2026.read_text().splitlines()[70:]
    assert rows == [line.split("\t") for line in lines]
    path = few(lambda x: [x[0], x[1].replace(b"N/A", b'a,"b"')])
    excerpt(path, tmp_path / "quoted.csv")
    rows = list(csv.reader((tmp_path / "quoted.csv").read_text().splitlines()))
    assert rows[1][2] == 'a,"b"'
    assert len(rows[1]) == 32


def test_pangaea_in_the_formats_of_socat(data_set, tmp_path):
    path = next(data_set("socatv3_pangaea_26NA20050107").glob("*.tab"))
    excerpt(path, tmp_path / "out.tsv")
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    assert tuple(lines[0].split("\t")) == HEADERS
    assert lines[1].startswith(
        "26NA20050107\t3\t10.1594/PANGAEA.850132\tC\t2005\t01\t07\t01\t08\t00."
        "\t317.01700\t59.34300\t5.\tNaN\t2.440\t3.080\tNaN\t977.800\t34.736"
    )
    ours, theirs = read_socat(tmp_path / "out.tsv"), read_socat(path)
    assert ours["time"].equals(theirs["time"])
    for name in ("SST", "WOA_SSS", "fCO2rec", "fCO2rec_src"):
        assert ours[name].equals(theirs[name])
    np.testing.assert_allclose(ours.longitude, theirs.longitude % 360, atol=5e-6)


def plain(frame):
    texts = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(texts, str))


def test_parquet_is_the_table(made, tmp_path):
    excerpt(made, tmp_path / "out.parquet")
    found = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(plain(found), plain(read_socat(made)))
    excerpt(made, tmp_path / "few.parquet", ["time", "fco2", "Expocode"], src=1)
    assert list(pd.read_parquet(tmp_path / "few.parquet")) == [
        "time",
        "fCO2rec",
        "Expocode",
    ]


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_netcdf_and_zarr_are_the_table(suffix, made, tmp_path):
    path = tmp_path / f"out{suffix}"
    excerpt(made, path, flags="AB")
    frame = plain(read_socat(made, flags="AB"))
    opened = (
        xr.open_zarr(path, consolidated=False)
        if suffix == ".zarr"
        else xr.open_dataset(path)
    )
    with opened as ds:
        for name in frame:
            if name in ("Expocode", "version", "Source_DOI", "QC_Flag"):
                words = ds[name].to_numpy()[ds[f"{name}_index"].to_numpy()]
                assert words.tolist() == frame[name].tolist()
            else:
                values = ds[name].to_numpy()
                expected = frame[name].to_numpy()
                np.testing.assert_array_equal(values.astype(expected.dtype), expected)
        assert ds.attrs["selection"] == "QC_Flag AB"
        assert ds["SST"].attrs["units"] == "degree_Celsius"
        assert ds["Expocode"].attrs.get("cf_role", "") in ("trajectory_id", "")


def test_rows_are_written_in_many_chunks(made, tmp_path, monkeypatch):
    from oceanco2.socat.archive import store_writer

    monkeypatch.setattr(store_writer, "_CHUNK", 1000)
    for suffix in (".nc", ".parquet", ".zarr"):
        excerpt(made, tmp_path / f"out{suffix}", ["time", "fCO2rec", "Expocode"])
    frame = read_socat(made, ["time", "fCO2rec", "Expocode"])
    pd.testing.assert_frame_equal(
        plain(pd.read_parquet(tmp_path / "out.parquet")), plain(frame)
    )
    with xr.open_dataset(tmp_path / "out.nc") as ds:
        assert ds.sizes["obs"] == len(frame)
        np.testing.assert_array_equal(ds["fCO2rec"], frame["fCO2rec"])


def test_same_input_same_bytes(made, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("out.tsv", "out.parquet", "out.nc"):
        files = []
        for _ in range(2):
            excerpt(made, tmp_path / name, ["time", "fCO2rec", "Expocode"], src=1)
            files.append((tmp_path / name).read_bytes())
        assert files[0] == files[1]


def test_nothing_half_written_is_left(few, tmp_path):
    path = few(lambda x: [*x[:20], b"broken", *x[20:]])
    for name in ("out.tsv", "out.nc", "out.parquet", "out.zarr"):
        with pytest.raises(ReadError, match="line 21"):
            excerpt(path, tmp_path / name, strict=True)
    assert [p.name for p in tmp_path.iterdir()] == ["few.tsv"]
    with pytest.raises(OutputError, match="no folder"):
        excerpt(path, tmp_path / "none" / "out.tsv")
    with pytest.raises(OptionError, match=r"\.tsv, \.csv, \.nc, \.parquet, \.zarr"):
        excerpt(path, tmp_path / "out.xls")


@pytest.mark.parametrize("name", ["pyarrow", "zarr"])
def test_what_is_not_installed_is_named(name, made, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    suffix = {"pyarrow": ".parquet", "zarr": ".zarr"}[name]
    with pytest.raises(OptionError, match=rf"pip install 'oceanco2\[{suffix[1:]}\]'"):
        excerpt(made, tmp_path / f"out{suffix}")


def test_made_files_are_like_those_of_socat(tmp_path):
    for enhanced, columns in ((True, 32), (False, 26)):
        path = tmp_path / "made.tsv"
        simulate_socat_file(path, 2500, seed=1, enhanced=enhanced, each=100)
        header, *rows = path.read_text().splitlines()
        assert len(rows) == 2500
        assert header.count("\t") == columns - 1
        codes = [row.split("\t")[0] for row in rows]
        assert codes == sorted(codes)
        assert len(set(codes)) == 25
    first = path.read_bytes()
    simulate_socat_file(path, 2500, seed=1, enhanced=False, each=100)
    assert path.read_bytes() == first
    for wrong in ({"rows": -1}, {"rows": 1, "each": 0}):
        with pytest.raises(OptionError, match="must be"):
            simulate_socat_file(path, **wrong)
