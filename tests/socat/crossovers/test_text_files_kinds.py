"""Tracks of upload files and of published files, row by row."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.physics import fco2rec
from oceanco2.socat.columns import COLUMNS, HEADERS
from oceanco2.socat.crossovers import text_files, tracks_of
from oceanco2.socat.crossovers.text_files import _parse_numbers, _parse_times
from tests.uploads import row, upload

NAN = np.nan
START = 1709272800.0  # 2024-03-01T06:00:00Z


def written(tmp_path, text, name="a.tsv"):
    path = tmp_path / name
    path.write_text(text)
    return path


NAMES = (
    *("Year", "Month", "Day", "Hour", "Minute", "Second"),
    *("Longitude [deg E]", "Latitude [deg N]", "SST [deg C]"),
)
#: Header, keyword of fco2rec, a value.
INPUTS = (
    ("T_equ [deg C]", "t_equ", 18.5),
    ("Salinity [PSU]", "salinity", 35.1),
    ("P_equ [hPa]", "p_equ", 1010.25),
    ("P_atm [hPa]", "p_atm", 1012.5),
)
RESULTS = (
    ("xCO2_water_Tequ_dry [umol/mol]", "xco2_equ_dry", 380.0),
    ("xCO2_water_SST_dry [umol/mol]", "xco2_sst_dry", 375.0),
    ("pCO2_water_Tequ_wet [uatm]", "pco2_equ_wet", 370.5),
    ("pCO2_water_SST_wet [uatm]", "pco2_sst_wet", 365.25),
    ("fCO2_water_Tequ_wet [uatm]", "fco2_equ_wet", 369.5),
    ("fCO2_water_SST_wet [uatm]", "fco2_sst_wet", 364.125),
)


def upload_text(extra, values, head=None):
    names = (*NAMES, *extra)
    rows = [
        ["2024", "3", "1", "6", str(k), "0", "10", "-30", "18.25", *map(str, values)]
        for k in range(2)
    ]
    options = {} if head is None else {"head": head}
    return upload(rows, names=names, **options)


@pytest.mark.parametrize(("header", "keyword", "value"), RESULTS)
def test_fco2_of_upload_files(tmp_path, header, keyword, value):
    """The recommended fCO2 follows from every input that the file has."""
    names = [*(i[0] for i in INPUTS), header]
    values = [*(i[2] for i in INPUTS), value]
    (track,) = tracks_of(written(tmp_path, upload_text(names, values)))
    inputs = {key: number for _, key, number in INPUTS} | {keyword: value}
    expected = float(fco2rec(sst=18.25, **inputs)[0])
    assert np.isfinite(expected)
    np.testing.assert_allclose(track.fco2, [expected] * 2, rtol=1e-12)
    assert track.seconds.tolist() == [START, START + 60]
    assert track.sst.tolist() == [18.25] * 2
    assert (track.longitude.tolist(), track.latitude.tolist()) == (
        [10.0] * 2,
        [-30.0] * 2,
    )
    assert (track.expocode, track.platform) == ("ZZ9920240301", "ZZ99")
    assert track.source == str(tmp_path / "a.tsv")


def test_codes_of_upload_files(tmp_path):
    result = ["fCO2_water_SST_wet [uatm]"]
    head = "Vessel Name: S\nPIs: N\n"
    path = written(tmp_path, upload_text(result, [360], head), "x_AA9920240301.tsv")
    assert tracks_of(path)[0].expocode == "AA9920240301"
    text = upload_text([*result, "Expocode"], [360, "BB9920240301"], head)
    assert [t.expocode for t in tracks_of(written(tmp_path, text))] == ["BB9920240301"]
    lines = text.splitlines()
    lines[-1] = lines[-1].replace("BB99", "CC99")
    two = tracks_of(written(tmp_path, "\n".join(lines) + "\n"))
    assert [t.expocode for t in two] == ["BB9920240301", "CC9920240301"]
    assert [t.seconds.tolist() for t in two] == [[START], [START + 60]]


def test_rows_of_upload_files_that_are_not_good(tmp_path):
    extra = ["fCO2_water_SST_wet [uatm]", "WOCE_CO2_water"]
    text = upload_text(extra, [360, 2]) + upload_text(extra, [361, 3]).split("\n")[-2]
    (track,) = tracks_of(written(tmp_path, text + "\n"))
    assert track.fco2.tolist()[:2] == [360.0, 360.0]
    assert np.isnan(track.fco2[2])


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("SST [deg C]", "no column of type temp$"),
        ("Latitude [deg N]", "no column of type latitude$"),
        ("Hour", "no column of type date and time$"),
    ],
)
def test_what_upload_files_need(tmp_path, left_out, words):
    text = upload_text(["fCO2_water_SST_wet [uatm]"], [360])
    path = written(tmp_path, text.replace(left_out, "note"))
    with pytest.raises(ReadError, match=words):
        tracks_of(path)


def test_broken_rows_of_upload_files(tmp_path):
    text = upload_text(["fCO2_water_SST_wet [uatm]"], [360]) + "1\t2\n"
    with pytest.raises(ReadError, match=r"line 7, row 3: 2 fields, the header has 10"):
        tracks_of(written(tmp_path, text))
    nothing = "six columns that say nothing at all\n".replace(" ", "\t")
    with pytest.raises(ReadError, match="must be a processed netCDF, a SOCAT upload"):
        tracks_of(written(tmp_path, nothing))
    with pytest.raises(ReadError, match="no column of type temp"):
        tracks_of(written(tmp_path, upload([row(0), row(1)])))


def archive(*rows):
    """A published file with rows of (expocode, minute, fCO2rec, flag)."""
    lines = ["\t".join(HEADERS)]
    for code, minute, fco2, flag in rows:
        cells = {"Expocode": code, "version": "6", "Source_DOI": "N/A", "QC_Flag": "A"}
        cells |= {"yr": "2024", "mon": "03", "day": "01", "hh": "06", "mm": minute}
        cells |= {"ss": "00.", "longitude": "350.00000", "latitude": "-30.00000"}
        cells |= {"SST": "18.250", "fCO2rec": fco2, "fCO2rec_flag": flag}
        cells |= {"fCO2rec_src": "1"}
        lines.append("\t".join(cells.get(c.name, "NaN") for c in COLUMNS))
    return "".join(f"{line}\n" for line in lines)


def test_published_files(tmp_path):
    text = archive(
        ("AA9920240301", "00", "360.000", "2"),
        ("AA9920240301", "01", "361.000", "3"),
        ("BB9920240301", "02", "362.000", "2"),
        ("AA9920240301", "03", "363.000", "2"),
    )
    first, second = tracks_of(written(tmp_path, "A preamble.\n\n" + text))
    assert (first.expocode, first.platform) == ("AA9920240301", "AA99")
    assert first.source == str(tmp_path / "a.tsv")
    assert first.seconds.tolist() == [START, START + 60, START + 180]
    np.testing.assert_array_equal(first.fco2, [360.0, NAN, 363.0])
    assert first.sst.tolist() == [18.25] * 3
    assert first.latitude.tolist() == [-30.0] * 3
    np.testing.assert_allclose(np.cos(np.radians(first.longitude - 350)), 1.0)
    assert second.expocode == "BB9920240301"
    assert (second.seconds.tolist(), second.fco2.tolist()) == ([START + 120], [362.0])


def test_long_preambles(tmp_path):
    text = archive(("AA9920240301", "00", "360.000", "2"))
    for count in (20_000, 20_001):
        path = written(tmp_path, "#\n" * count + text)
        assert len(tracks_of(path)) == 1
    with pytest.raises(ReadError):
        tracks_of(written(tmp_path, "#\n" * 20_002 + text))


# ---- cells of simple tables ---------------------------------------------------------


def test_numbers_and_times_of_cells(tmp_path):
    import pandas as pd

    cells = pd.Series(["1.5", None, "-2"])
    np.testing.assert_array_equal(_parse_numbers(cells, "x", 7), [1.5, NAN, -2.0])
    with pytest.raises(ReadError, match=r"^x: line 8: not a number: y$"):
        _parse_numbers(pd.Series(["1", "y", "z"]), "x", 7)
    cells = pd.Series(["1970-01-01", None, "1970-01-02T00:00:00.25+01:00"])
    np.testing.assert_array_equal(
        _parse_times(cells, tmp_path, 7), [0.0, NAN, 86400.25 - 3600]
    )
    with pytest.raises(ReadError, match=r"line 9: not a date and time .*: soon$"):
        _parse_times(pd.Series(["1970-01-01", None, "soon"]), tmp_path, 7)


def test_comments_and_missing_codes_of_tables(tmp_path):
    text = "\n# note\nlon,lat,time,sst,fco2,flag,more\n"
    text += "# note\n1,2,3,-999.9,N/A,2,x\n4,5,6,7,8,9,y # end\n"
    (track,) = tracks_of(written(tmp_path, text, "t.csv"))
    np.testing.assert_array_equal(track.sst, [NAN, 7.0])
    np.testing.assert_array_equal(track.fco2, [NAN, 8.0])
    assert track.seconds.tolist() == [3.0, 6.0]
    assert (track.expocode, track.platform) == ("t", "t")


def test_the_types_that_are_read():
    assert text_files._REQUIRED_TYPES == {
        "longitude": "longitude",
        "latitude": "latitude",
        "sst": "temp",
    }
