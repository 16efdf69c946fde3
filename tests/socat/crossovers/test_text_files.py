"""Tracks of datasets and of simple tables: which columns, which code, which values."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.socat.crossovers import track_of, tracks_of
from oceanco2.socat.crossovers.text_files import _code_of_file, _table_columns
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

NAN = np.nan
RESULT = "fCO2_water_SST_wet"


def dataset(**attrs):
    time = np.array(["1970-01-01T00:00:01.5", "NaT", "1970-01-02", "1970-01-03"])
    columns = {
        RESULT: [1.0, 2.0, 3.0, 4.0],
        "SST": [10.0, 11.0, 12.0, 13.0],
        "latitude": [50.0, 51.0, 52.0, 53.0],
        "longitude": [-10.0, -11.0, -12.0, -13.0],
    }
    data = {k: ("time", np.array(v)) for k, v in columns.items()}
    return xr.Dataset(data, {"time": time.astype("datetime64[ns]")}, attrs)


def test_the_track_of_a_dataset():
    track = track_of(dataset(expocode="33RO20100308"))
    assert (track.expocode, track.platform, track.source) == (
        "33RO20100308",
        "33RO",
        "",
    )
    np.testing.assert_array_equal(track.seconds, [1.5, NAN, 86400.0, 172800.0])
    np.testing.assert_array_equal(track.fco2, [1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(track.sst, [10.0, 11.0, 12.0, 13.0])
    np.testing.assert_array_equal(track.latitude, [50.0, 51.0, 52.0, 53.0])
    np.testing.assert_array_equal(track.longitude, [-10.0, -11.0, -12.0, -13.0])


def test_names_of_a_dataset():
    coded = track_of(dataset(expocode="33RO20100308", platform_code="99ZZ", id="x"))
    assert (coded.expocode, coded.platform) == ("33RO20100308", "99ZZ")
    assert track_of(dataset(id="named")).expocode == "named"
    found = track_of(dataset(), "folder/stem.nc")
    assert (found.expocode, found.source) == ("stem", "folder/stem.nc")


@pytest.mark.parametrize("name", [RESULT, "position", "time"])
def test_good_values_only(name):
    ds = dataset()
    flags = np.array([GOOD, 0, QUESTIONABLE, BAD], "int8")
    found = track_of(ds.assign({f"{name}_flag": ("time", flags)}))
    np.testing.assert_array_equal(found.fco2, [1.0, 2.0, NAN, NAN])
    assert ds[RESULT].to_numpy().tolist() == [1.0, 2.0, 3.0, 4.0]


def test_what_a_track_needs():
    for name in (RESULT, "SST"):
        with pytest.raises(ReadError, match=f"dataset: crossovers need {name}"):
            track_of(dataset().drop_vars(name))
    with pytest.raises(ReadError, match=r"x\.nc: crossovers need SST"):
        track_of(dataset().drop_vars("SST"), "x.nc")


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("crossover_33RO20100308", "33RO20100308"),
        ("33ro20100308-2_final", "33RO20100308-2"),
        ("33RO2010", "33RO2010"),
        ("my cruise", "my cruise"),
    ],
)
def test_codes_in_names_of_files(tmp_path, stem, code):
    assert _code_of_file(tmp_path / f"{stem}.csv") == code


FIVE = {"longitude": 0, "latitude": 1, "time": 2, "sst": 3, "fco2": 4}
HEADS = [
    ("lon,lat,time,SST,fCO2", ",", FIVE),
    ("Longitude [deg]\tLatitude\tdate_time\ttemp\tfCO2rec", "\t", FIVE),
    ("LON;LAT;seconds since 1970;sea surface temp;fco2_sst", ";", FIVE),
    ("lon,lat,time,sst,fco2water,fCO2rec", ",", FIVE | {"fco2": 5}),
    ("lon,lat,time,sst,fco2,fCO2_flag", ",", FIVE | {"flag": 5}),
    ("lon,lat,time,sst,fco2,a,WOCE", ",", FIVE | {"flag": 6}),
    ("lon,lat,time,sst,fco2,Expocode", ",", FIVE | {"code": 5}),
    ("lon,lat,time,sst,fCO2,fCO2rec_flag", ",", FIVE | {"flag": 5}),
    ("lon,lat,time,sst,fCO2,fCO2rec_qc", ",", FIVE | {"flag": 5}),
    (
        "lon flag,LON,lat_qc,lat,time_qc,time,sst uncertainty,SST,fCO2_sd,fCO2rec",
        ",",
        {"longitude": 1, "latitude": 3, "time": 5, "sst": 7, "fco2": 9},
    ),
    (
        "lon,lat,time,temp_std,sst error,temp,fCO2rec_src,fCO2rec_alg,fCO2_source,fCO2",
        ",",
        {"longitude": 0, "latitude": 1, "time": 2, "sst": 5, "fco2": 9},
    ),
]


@pytest.mark.parametrize(("line", "separator", "positions"), HEADS)
def test_heads_of_tables(line, separator, positions):
    assert _table_columns(line + "\n") == (separator, positions)


@pytest.mark.parametrize(
    "line",
    [
        *("lon,lat,date,time,sst,fco2", "lon,lat,time,sst", "lon lat time sst fco2"),
        *("", "lon,lat,time,sst,fCO2rec_flag"),
    ],
)
def test_heads_of_other_files(line):
    assert _table_columns(line) is None


TABLE = """# a remark
lon,lat,time,sst,fco2,fco2_flag,expocode
-10,50,1970-01-01T00:00:01.5Z,10.5,400.5,2,AAAA20100101
-11,51,1970-01-02T02:00:00+02:00,11,-999,2,BBBB20100101
-12,52,,12,402,3,AAAA20100101
"""


def test_a_simple_table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    first, second = tracks_of(path)
    assert (first.expocode, first.platform) == ("AAAA20100101", "AAAA")
    assert first.source == str(path)
    np.testing.assert_array_equal(first.seconds, [1.5, NAN])
    np.testing.assert_array_equal(first.fco2, [400.5, NAN])
    np.testing.assert_array_equal(first.sst, [10.5, 12.0])
    np.testing.assert_array_equal(first.longitude, [-10.0, -12.0])
    np.testing.assert_array_equal(first.latitude, [50.0, 52.0])
    assert second.expocode == "BBBB20100101"
    assert second.seconds.tolist() == [86400.0]
    assert np.isnan(second.fco2).all()


def test_seconds_and_a_code_in_the_name(tmp_path):
    path = tmp_path / "x_33RO20100308.csv"
    path.write_text("lon;lat;seconds since 1970;sst;fco2\n1;2;5.5;3;4\n")
    (track,) = tracks_of(path)
    assert track.expocode == "33RO20100308"
    assert track.seconds.tolist() == [5.5]
    assert track.fco2.tolist() == [4.0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",10.5,", ",warm,", "sst: line 3: not a number: warm"),
        ("1970-01-02T02:00:00+02:00", "soon", "line 4: not a date and time.*soon"),
        ("BBBB20100101\n", 'BBBB20100101,"\n', "a row cannot be read"),
    ],
)
def test_what_is_wrong_in_a_table(tmp_path, old, new, words):
    path = tmp_path / "t.csv"
    assert old in TABLE
    path.write_text(TABLE.replace(old, new))
    with pytest.raises(ReadError, match=words):
        tracks_of(path)
