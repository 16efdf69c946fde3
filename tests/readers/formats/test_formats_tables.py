"""Small files of CONTROS, PANGAEA, Pro-Oceanus and netCDF, as tables of cells."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.files import digest
from oceanco2.readers.formats import contros, netcdf, pangaea, pro_oceanus
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns, table_of
from tests.readers.conftest import small_platform

DEFINITION = small_platform("", 'SST = { column = "SST", units = "degC" }').files["a"]


def read(function, text, texts=(), numbers=()):
    raw = RawFile("f", text.encode(), digest(text.encode()))
    return function(DEFINITION, raw, RequiredColumns.of(texts, numbers))


LINE = "#2020/01/02 03:04:0{}, M,1,-2.5,400,4,5,6,7,8,9,{}"


def test_pro_oceanus():
    lines = ["2020/01/02 03:04:09.123 " + LINE.format(5, "W"), LINE.format(6, "A")]
    lines += ["x y [info]: text", "broken", "", LINE.format(7, "Z")]
    table = read(pro_oceanus.read_pro_oceanus, "\n".join(lines))
    expected = {
        "logger time": ["2020/01/02 03:04:09.123", ""],
        "instrument time": ["2020/01/02 03:04:05", "2020/01/02 03:04:06"],
        "zero": [1.0, 1.0],
        "current": [-2.5, -2.5],
        "CO2": [400.0, 400.0],
        "T irga": [4.0, 4.0],
        "humidity": [5.0, 5.0],
        "T humidity": [6.0, 6.0],
        "P gas": [7.0, 7.0],
        "T detector": [8.0, 8.0],
        "T source": [9.0, 9.0],
        "state": ["W", "A"],
    }
    found = {n: table.column(n).tolist() for n in table.names}
    assert np.isnan(found.pop("supply voltage")).all()
    assert found == expected
    assert table.lines.tolist() == [1, 2]
    assert table.notes[-1] == "f: 1 messages"
    assert table.warnings == ["f: 2 broken lines (4, 6): not used"]
    with pytest.raises(ReadError, match="f: no reading of a CO2-Pro"):
        read(pro_oceanus.read_pro_oceanus, "broken\n")
    for count, dots in ((8, False), (9, True)):
        text = "\n".join([LINE.format(5, "W"), *["broken"] * count])
        table = read(pro_oceanus.read_pro_oceanus, text)
        assert ("..." in table.warnings[0]) is dots
        assert "8, 9" in table.warnings[0]


def test_contros_ferrybox():
    lines = ["$x", "$DATASETS", "$Timestamp\tValue\tQuality", "$a\tb\tc"]
    lines += ["t1\t1.5\t0", "t2\t66666\t0.0", "t3\t99999\t3", "$end", "t4\t9\t0"]
    wanted = (["Timestamp", "Quality flag"], ["Value"])
    table = read(contros.read_contros_ferrybox, "\n".join(lines), *wanted)
    assert table.column("Timestamp").tolist() == ["t1", "t2", "t3"]
    np.testing.assert_array_equal(table.column("Value"), [1.5, np.nan, np.nan])
    assert table.column("Quality flag").tolist() == ["2", "2", "4"]
    assert table.lines.tolist() == [5, 6, 7]
    table = read(contros.read_contros_ferrybox, "\n".join(lines), ["Timestamp"])
    assert table.column("Quality flag") is None
    with pytest.raises(ReadError, match="no line '\\$DATASETS'"):
        read(contros.read_contros_ferrybox, "a\n")
    for text in ("$DATASETS\n", "$DATASETS\nx\n"):
        with pytest.raises(ReadError, match="ends before its column names"):
            read(contros.read_contros_ferrybox, text)


@pytest.mark.parametrize(
    ("head", "names", "zeros"),
    [
        ("t,Signal_raw,Signal_ref", ["t", "Signal_raw", "Signal_ref"], False),
        (
            "t,Signal_raw_z,Signal_ref_z,Runtime_z",
            ["t", "Signal_raw", "Signal_ref", "Runtime"],
            True,
        ),
    ],
)
def test_contros_tables(head, names, zeros):
    text = f"serial\n{head}\n" + ",".join(["1"] * len(names)) + "\n"
    table = read(contros.read_contros_table, text, [], ["Signal_raw"])
    assert table.names == names + (["zero", "flush"] if zeros else [])
    assert table.column("Signal_raw").tolist() == [1.0]
    if zeros:
        assert table.column("zero").tolist() == [1.0]
        assert table.column("flush").tolist() == [0.0]
    assert contros._sniff_table(text.encode())
    assert not contros._sniff_table(b"\n$DATASETS" + text.encode())
    assert not contros._sniff_table(b"signal_raw only")
    with pytest.raises(ReadError, match="f: no header line"):
        read(contros.read_contros_table, "Signal_raw,x\n1,2\n")


def test_missing_values_of_contros():
    columns = {"a": np.array([66666.0, 99999.0, 66665.0]), "b": np.array([0.0] * 3)}
    table = table_of(columns, np.arange(3))
    contros._mask_missing(table)
    np.testing.assert_array_equal(table.column("a"), [np.nan, np.nan, 66665.0])


def test_pangaea():
    text = "/* DATA DESCRIPTION:\nCitation:\tWho (2020) \nLicense:\tCC\nOther:\tx\n*/\n"
    text += "Date/Time\tTemp [°C]\n2020-01-02T03:04\t12.5\n"
    table = read(pangaea.read_pangaea, text, ["Date/Time"], ["Temp [°C]"])
    assert table.column("Temp [°C]").tolist() == [12.5]
    assert table.column("Date/Time").tolist() == ["2020-01-02T03:04"]
    assert table.lines.tolist() == [7]
    assert table.notes[-2:] == ["f: Citation: Who (2020)", "f: License: CC"]
    assert pangaea._sniff(text.encode())
    assert pangaea._sniff(b"\xef\xbb\xbf" + text.encode())
    assert not pangaea._sniff(b"x" + text.encode())
    with pytest.raises(ReadError, match="f: not a PANGAEA table"):
        read(pangaea.read_pangaea, "Date/Time\tx\n")


@pytest.mark.parametrize(
    "mark", [b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n"]
)
def test_signatures_of_netcdf(mark):
    assert netcdf._sniff(mark + b"x")
    assert not netcdf._sniff(b"x" + mark)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([1, 2], dtype=np.int16), [1.0, 2.0]),
        (
            np.array(["2020-01-01", "NaT"], "datetime64[ns]"),
            ["2020-01-01T00:00:00", "NaT"],
        ),
        (np.array([b"a", b"b"]), ["a", "b"]),
        (np.array(["a", "b"]), ["a", "b"]),
    ],
)
def test_cells_of_netcdf(values, expected):
    found = netcdf._cells(xr.DataArray(values, dims="time"), 2)
    assert found.tolist() == expected
    assert found.dtype == (object if isinstance(expected[0], str) else np.float64)
    constant = netcdf._cells(xr.DataArray(values[0]), 2)
    assert constant.tolist() == [expected[0]] * 2


def test_times_of_netcdf():
    days = np.array(["2020-01-01"], "datetime64[ns]")
    ds = xr.Dataset({"a": ("x", days), "b": ("x", days), "c": ("x", [1.0])})
    assert netcdf._find_time(ds, None, "f") == "a"
    assert netcdf._find_time(ds, "b", "f") == "b"
    assert netcdf._find_time(ds.rename(b="Time"), None, "f") == "Time"
    with pytest.raises(ReadError, match="variable of times"):
        netcdf._find_time(ds, "c", "f")
    with pytest.raises(ReadError, match="f: has no variable of times"):
        netcdf._find_time(ds[["c"]], None, "f")
