"""Whole tracks and columns: one line each, unless the platform file has answered."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import DataWarning
from oceanco2.qc import flag
from oceanco2.qc.contradictions import contradictions
from oceanco2.qc.engine import check_context
from oceanco2.qc.plan import plan_of
from oceanco2.qc.rows import position_layer
from oceanco2.vocabulary import GOOD, QUESTIONABLE, RUN_TYPES

BASE = """
schema = 1
name = "Test"
kind = "{kind}"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
latitude = {{ column = "lat"{latitude} }}
longitude = {{ column = "lon"{longitude} }}
SST = {{ column = "sst", units = "degree_Celsius" }}
salinity = {{ column = "sal", units = "1" }}
{more}
"""
N = 40


def ship(more="", kind="ship", latitude="", longitude=""):
    text = BASE.format(more=more, kind=kind, latitude=latitude, longitude=longitude)
    return platforms.parse(text.encode(), "x.toml")


def series(n=N, minutes=10, nominal=(), **changes):
    """A ship at 45 N 20 W; changes are values of variables."""
    step = np.arange(n)
    values = {
        "latitude": 45.0 + 0.01 * step,
        "longitude": -20.0 + 0.01 * step,
        "SST": 14.0 + 0.01 * step,
        "salinity": 35.7 + 0.001 * step,
    } | {k: np.zeros(n) + v for k, v in changes.items()}
    time = np.datetime64("2024-01-15", "ns") + step * np.timedelta64(minutes, "m")
    attrs = {name: {"value_type": "nominal"} for name in nominal}
    data = {k: ("time", v, attrs.get(k, {})) for k, v in values.items()}
    coords = {k: data.pop(k) for k in ("latitude", "longitude")}
    return xr.Dataset(data, coords={"time": time, **coords})


def lines(ds, platform=None):
    platform = platform or ship()
    context = check_context(ds, plan_of(platform), {})
    return contradictions(context, platform, position_layer(context)[0])


def told(ds, platform=None):
    """The one line, and the key that answers it."""
    (line,) = lines(ds, platform)
    text, _, key = line.partition(" If this is right: [accepted] ")
    assert text.endswith((".", "?"))
    return text.removesuffix("."), key.removesuffix(' = "why"')


def test_a_ship_at_sea_is_no_contradiction():
    assert lines(series()) == []
    assert lines(series(0)) == []
    bare = series()[["SST"]].drop_vars(["latitude", "longitude"])
    assert lines(bare) == []


def test_what_is_told_is_a_warning_of_flag():
    ds = series(longitude=20.0)
    with pytest.warns(DataWarning, match="40 of 40 positions lie on land"):
        out = flag(ds, ship())
    assert set(out["position_flag"].to_numpy()) == {QUESTIONABLE}
    assert set(out["position_tests"].to_numpy()) == {TEST_BITS["land"]}


# ---- land ---------------------------------------------------------------------------

LAND = "{} of 40 positions lie on land (latitude {}, longitude {}){}"


def test_longitudes_without_their_sign():
    text, key = told(series(longitude=20.0))
    hint = "; at sea with the other sign of the longitudes"
    hint += " or with the other sign of the latitudes"
    assert text == LAND.format(40, "45 to 45.39", "20", hint)
    assert key == "land"


@pytest.mark.parametrize(
    ("lat", "lon", "hint"),
    [
        (45.0, -70.0, "; at sea with the other sign of both"),
        (5.0, 38.0, "latitude and longitude exchanged"),
        (50.0, 70.0, "the other sign of the latitudes"),
        (45.0, 20.0, "the other sign of the longitudes"),
    ],
)
def test_what_brings_the_track_to_the_sea(lat, lon, hint):
    assert hint in told(series(latitude=lat, longitude=lon))[0]


def test_longitudes_beyond_90_are_no_latitudes():
    lon = np.where(np.arange(N) < 20, 89.0, 91.0)
    text, _ = told(series(latitude=62.0, longitude=lon))
    assert "exchanged" not in text


def test_without_a_hint():
    first = np.arange(N) < 20
    lat, lon = np.where(first, 45.0, 30.0), np.where(first, -70.0, 70.0)
    text, _ = told(series(latitude=lat, longitude=lon))
    assert text == LAND.format(40, "30 to 45", "-70 to 70", "")


@pytest.mark.parametrize(("rows", "count"), [(3, 0), (4, 1)])
def test_a_tenth_of_the_track(rows, count):
    lon = np.full(N, -20.0)
    lon[:rows] = 20.0
    assert len(lines(series(longitude=lon))) == count


def test_twenty_rows_are_a_track():
    assert lines(series(19, longitude=20.0)) == []
    assert len(lines(series(20, longitude=20.0))) == 1


def test_rows_that_are_not_used_do_not_count():
    ds = series(longitude=20.0)
    ds["run_type"] = ("time", np.full(N, RUN_TYPES["ignored"], dtype=np.int8))
    assert lines(ds) == []
    ds["run_type"][:20] = RUN_TYPES["water"]
    assert told(ds)[0].startswith("20 of 20 positions lie on land")


def test_rows_without_a_fix_do_not_count():
    ds = series(latitude=0.0, longitude=0.0)
    assert lines(ds) == []
    lat, lon = np.zeros(N), np.zeros(N)
    lat[20:], lon[20:] = 45.0, 20.0
    lat[:5] = np.nan
    text, _ = told(series(latitude=lat, longitude=lon))
    assert text.startswith("20 of 20 positions lie on land")


def test_who_sails_on_a_lake_says_so_with_one_key():
    ds = series(longitude=20.0)
    accepted = ship('[accepted]\nland = "a lake"')
    switched_off = ship("[qc.latitude]\nland = false")
    for platform in (accepted, switched_off):
        assert lines(ds, platform) == []
        assert set(flag(ds, platform)["position_flag"].to_numpy()) == {GOOD}


def test_a_declared_position_inland_is_told_but_not_flagged():
    ds = series(longitude=20.0, nominal=("latitude", "longitude"))
    with pytest.warns(DataWarning, match="on land"):
        out = flag(ds, ship(kind="mooring"))
    assert set(out["position_flag"].to_numpy()) == {GOOD}


def test_rows_on_land_are_brought_back_to_the_track():
    """Also if another change brings them to some sea."""
    lat, lon = 45.0 + 0.01 * np.arange(N), -20.0 + 0.01 * np.arange(N)
    exchanged = np.arange(N) >= 32
    pair = np.where(exchanged, lon, lat), np.where(exchanged, lat, lon)
    text, key = told(series(latitude=pair[0], longitude=pair[1]))
    assert text == (
        "8 of 40 positions lie on land (latitude -19.68 to -19.61, longitude 45.32 to"
        " 45.39); at sea with latitude and longitude exchanged"
    )
    assert key == "land"


def off_the_track(rows, change):
    """A ship in the Pacific of which some rows are changed."""
    lat, lon = -10.0 - 0.01 * np.arange(N), -150.0 + 0.01 * np.arange(N)
    if change == "exchanged":
        lon += 125.0
    wrong = np.isin(np.arange(N), rows)
    y, x = {
        "longitudes": (lat, -lon),
        "latitudes": (-lat, lon),
        "both": (-lat, -lon),
        "exchanged": (lon, lat),
        "nothing": (lat + 30.0, lon),
    }[change]
    ds = series(latitude=np.where(wrong, y, lat), longitude=np.where(wrong, x, lon))
    return ds.drop_vars("salinity")


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("longitudes", "the other sign of the longitudes"),
        ("latitudes", "the other sign of the latitudes"),
        ("both", "the other sign of both"),
        ("exchanged", "latitude and longitude exchanged"),
    ],
)
def test_rows_at_sea_are_brought_back_to_the_track(change, hint):
    text, key = told(off_the_track(range(10, 17), change))
    assert text.startswith("7 of 40 positions are off the track (latitude ")
    assert text.endswith(f"); on it with {hint}")
    assert key == "positions"


def test_rows_off_the_track_for_another_reason():
    assert lines(off_the_track(range(10, 17), "nothing")) == []
    assert lines(off_the_track(range(10, 12), "longitudes")) == []
    assert len(lines(off_the_track(range(10, 13), "longitudes"))) == 1
    assert len(lines(off_the_track([*range(3), *range(37, 40)], "latitudes"))) == 1
    short = off_the_track(range(10, 13), "longitudes").isel(time=slice(19))
    assert lines(short) == []
    short = off_the_track(range(10, 13), "longitudes").isel(time=slice(20))
    assert len(lines(short)) == 1
    answered = ship('[accepted]\npositions = "two ships"')
    assert lines(off_the_track(range(10, 17), "longitudes"), answered) == []


@pytest.mark.parametrize(("lat", "count"), [(1.2, 0), (1.5, 1)])
def test_near_the_equator_a_sign_makes_no_difference(lat, count):
    """The jump there and back is too fast, but no farther than 300 km."""
    north = np.full(N, lat)
    north[10:13] = -lat
    east = -25.0 + 0.001 * np.arange(N)
    ds = series(latitude=north, longitude=east).drop_vars("salinity")
    assert len(lines(ds)) == count


@pytest.mark.parametrize(("degrees", "count"), [(2.6, 1), (2.8, 0)])
def test_how_near_to_the_track(degrees, count):
    ds = off_the_track(range(10, 17), "latitudes")
    lat = ds["latitude"].to_numpy().copy()
    lat[10:17] += degrees
    assert len(lines(ds.assign_coords(latitude=("time", lat)))) == count


# ---- how positions are read ---------------------------------------------------------


def named(latitude, longitude):
    text = BASE.format(more="", kind="ship", latitude="", longitude="")
    text = text.replace('"lat"', f'"{latitude}"').replace('"lon"', f'"{longitude}"')
    return platforms.parse(text.encode(), "x.toml")


@pytest.mark.parametrize(
    ("latitude", "longitude", "variables"),
    [
        ("gprmc_longitude", "gprmc_latitude", ["latitude", "longitude"]),
        ("LON", "y", ["latitude"]),
        ("Länge", "Breite", ["latitude", "longitude"]),
        ("laenge", "x", ["latitude"]),
        ("x", "Lat.", ["longitude"]),
        ("lat_lon_1", "lat_lon_2", []),
        ("y", "x", []),
        ("later", "lone later", []),
    ],
)
def test_names_of_columns(latitude, longitude, variables):
    found = lines(series(), named(latitude, longitude))
    assert [x.split(" ")[0] for x in found] == variables
    for line, name in zip(found, variables, strict=True):
        assert f'[accepted] positions.{name} = "why"' in line
    if variables == ["latitude", "longitude"]:
        assert found[0].startswith(
            f"latitude is read from column {latitude!r}, the name of a longitude:"
            " exchanged?"
        )


def test_negative_numbers_that_are_positive_to_the_west():
    west = ship(longitude=', positive = "west"')
    text, key = told(series(longitude=121.5, latitude=34.0), west)
    assert text == (
        "longitude has positive = 'west', and all numbers in column 'lon' are"
        " negative: that is 121.5 east; negative numbers usually mean west already"
    )
    assert key == "positions.longitude"
    south = ship(latitude=', positive = "south"')
    text, key = told(series(), south)
    assert text == (
        "latitude has positive = 'south', and all numbers in column 'lat' are"
        " negative: that is 45 to 45.39 north; negative numbers usually mean south"
        " already"
    )
    assert key == "positions.latitude"


def test_signs_that_can_be_right():
    west = ship(longitude=', positive = "west"')
    assert lines(series(), west) == []
    lon = np.full(N, -20.0)
    lon[0] = 0.1
    assert lines(series(longitude=lon), west) == []
    lon[:] = 0.0
    assert lines(series(longitude=lon, latitude=-20.0), west) == []
    letters = ship(longitude=', positive = "west", hemisphere = "EW"')
    assert lines(series(longitude=160.0), letters) == []
    assert lines(series(longitude=160.0), ship(longitude=', positive = "east"')) == []
    lon[:] = 160.0
    lon[:3] = np.nan, 0.0, 161.0
    assert len(lines(series(longitude=lon), west)) == 1


def test_units_of_the_other_direction():
    west = ship(longitude=', positive = "west", units = "degE"')
    text, key = told(series(), west)
    assert text == "longitude has positive = 'west', and units = 'degE'"
    assert key == "positions.longitude"
    assert len(lines(series(longitude=121.5, latitude=34.0), west)) == 1
    south = ship(latitude=', positive = "south", units = "degrees_north"')
    assert told(series(latitude=-45.0), south)[1] == "positions.latitude"
    east = ship(longitude=', positive = "east", units = "degrees_east"')
    assert lines(series(), east) == []


@pytest.mark.parametrize(
    "column",
    ["Longitude (W)", "lon_w", "Lon degW", "LON [deg. w]", "Long. West", "degrees w"],
)
def test_columns_that_name_the_west(column):
    sea = {"longitude": 160.0, "latitude": 30.0}
    text, key = told(series(**sea), named("lat", column))
    assert text == (
        f"longitude is read from column {column!r}, which names the west, as 160 east:"
        " positive = 'west'?"
    )
    assert key == "positions.longitude"
    assert lines(series(), named("lat", column)) == []


def test_columns_that_name_no_direction():
    sea = {"longitude": 160.0, "latitude": 30.0}
    for column in ("lon", "lon_ws", "lon_wgs84", "window lon", "deg lon"):
        assert lines(series(**sea), named("lat", column)) == []
    found = told(series(**sea), named("Latitude (S)", "lon"))[0]
    assert found.endswith("names the south, as 30 north: positive = 'south'?")
    for column in ("lats", "lat_sec", "latitude"):
        assert lines(series(**sea), named(column, "lon")) == []


def test_a_platform_without_a_column_of_longitudes():
    """Positions may come from a reader; those of a platform file may be given."""
    text = BASE.format(more="", kind="mooring", latitude="", longitude="")
    place = [x for x in text.splitlines() if x.startswith(("lat", "lon"))]
    none = text.replace("\n".join(place), "")
    given = text.replace('{ column = "lon" }', "{ value = -20.0 }")
    for variant in (none, given):
        assert lines(series(), platforms.parse(variant.encode(), "x.toml")) == []


def test_latitudes_beyond_the_pole():
    text, key = told(series(latitude=150.0, longitude=-20.0))
    assert text == (
        "latitude is 150, beyond 90 in 40 of 40 rows: degrees and minutes? With"
        ' format = "ddmm.mmmm" they are 1.83333'
    )
    assert key == "positions.latitude"
    text, _ = told(series(latitude=170.7, longitude=-45.9))
    assert text == (
        "latitude is 170.7, beyond 90 in 40 of 40 rows: latitude and longitude"
        " exchanged?"
    )
    text, _ = told(series(latitude=4530.0, longitude=-1230.0))
    assert text.endswith('format = "ddmm.mmmm" they are 45.5')
    for lat in (9930.0, 9030.0):
        text, _ = told(series(latitude=lat, longitude=-1230.0))
        assert text == f"latitude is {lat:g}, beyond 90 in 40 of 40 rows"
    text, _ = told(series(latitude=170.7, longitude=-90.1))
    assert text == "latitude is 170.7, beyond 90 in 40 of 40 rows"


@pytest.mark.parametrize(("rows", "count"), [(3, 0), (4, 1)])
def test_a_tenth_beyond_the_pole(rows, count):
    lat = np.full(N, 45.0)
    lat[:rows] = 170.7
    assert len(lines(series(latitude=lat))) == count
    lat[:] = 90.0
    assert lines(series(latitude=lat)) == []
    assert lines(series(19, latitude=170.7)) == []


# ---- columns ------------------------------------------------------------------------


def test_one_column_as_two_variables():
    more = 'T_equ = { column = "sst", units = "degree_Celsius" }'
    text, key = told(series(), ship(more))
    assert text == (
        "SST and T_equ are both read from column 'sst'; where a variable is not"
        ' measured, write { same_as = "SST" }'
    )
    assert key == "columns.T_equ"
    assert lines(series(), ship(f'{more}\n[accepted]\ncolumns.T_equ = "so"')) == []


def test_one_quantity_in_two_columns():
    ds = series()
    text, key = told(ds.assign(salinity=ds["SST"]))  # and nothing of its range
    assert text == "SST and salinity are equal in 40 of 40 rows: the same column twice?"
    assert key == "copies.salinity"


@pytest.mark.parametrize(("rows", "count"), [(36, 1), (35, 0)])
def test_nine_tenths_are_equal(rows, count):
    salinity = 7.0 + 0.01 * np.arange(N)
    sst = salinity.copy()
    sst[rows:] = 14.0
    place = {"latitude": 57.5, "longitude": 19.5}
    ds = series(SST=sst, salinity=salinity, **place)
    assert len(lines(ds)) == count
    ds["SST"][rows:] = np.nan
    assert len(lines(ds)) == 1
    ds["run_type"] = ("time", np.full(N, RUN_TYPES["unknown"], dtype=np.int8))
    assert lines(ds) == []


def test_equal_constants_and_given_numbers_are_no_copies():
    place = {"latitude": 57.5, "longitude": 19.5}
    assert lines(series(SST=7.0, salinity=7.0, minutes=1, **place)) == []
    varying = 7.0 + 0.01 * np.arange(N)
    ds = series(SST=varying, salinity=varying, nominal=("salinity",), **place)
    assert lines(ds) == []
    assert lines(series(19, SST=varying[:19], salinity=varying[:19], **place)) == []
    ds = series(20, SST=varying[:20], salinity=varying[:20], **place)
    assert len(lines(ds)) == 1
    same_units = series(T_equ=14.0 + 0.01 * np.arange(N))
    assert lines(same_units) == []


def test_latitude_and_longitude_of_one_column():
    north = -20.0 + 0.01 * np.arange(N)
    text, key = told(series(latitude=north, longitude=north))
    assert text.startswith("latitude and longitude are equal in 40 of 40 rows")
    assert key == "copies.longitude"


# ---- salinity -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "place"),
    [
        (1000, (45.0, -20.0)),
        (100, (45.0, -20.0)),
        (10, (45.0, -20.0)),
        (1000, (51.3, 2.5)),
        (100, (51.3, 2.5)),
    ],
)
def test_salinity_as_a_fraction(factor, place):
    lat, lon = place
    text, key = told(series(salinity=35.0 / factor, latitude=lat, longitude=lon))
    assert text.startswith(f"salinity is {35 / factor:g}, and ")
    assert text.endswith(
        f" in this part of the sea: a fraction? Times {factor} it fits"
    )
    assert key == "salinity"


def test_the_usual_range_is_quoted():
    text, _ = told(series(salinity=0.035))
    assert text.startswith(
        "salinity is 0.035, and 35.6 to 35.8 in this part of the sea"
    )


def test_fresh_water_near_land_is_no_fraction():
    assert lines(series(salinity=3.5, latitude=51.3, longitude=2.5)) == []
    assert lines(series(salinity=0.3, latitude=45.0, longitude=20.0))[0].endswith(
        '[accepted] land = "why"'
    )
    assert lines(series(salinity=3.5, latitude=64.5, longitude=22.5)) == []  # Baltic
    assert lines(series(salinity=0.0175, latitude=43.0, longitude=34.0)) == []


def test_another_column_as_salinity():
    text, key = told(series(salinity=14.0 + 0.02 * np.arange(N)))
    assert text == (
        "salinity is 14 to 14.78, and 35.6 to 35.8 in this part of the sea: another"
        " column, or other units?"
    )
    assert key == "salinity"
    assert lines(series(salinity=14.0, latitude=45.0, longitude=-5.0)) == []


@pytest.mark.parametrize(("rows", "count"), [(20, 0), (21, 1)])
@pytest.mark.parametrize("wrong", [0.035, 14.0])
def test_more_than_half_of_the_column(wrong, rows, count):
    salinity = np.full(N, 35.7)
    salinity[:rows] = wrong
    assert len(lines(series(salinity=salinity))) == count


def test_twenty_salinities():
    assert lines(series(19, salinity=14.0)) == []
    assert len(lines(series(20, salinity=14.0))) == 1
    ds = series(salinity=14.0)
    ds["salinity"][:21] = np.nan
    assert lines(ds) == []
    ds = series(salinity=14.0)
    ds["run_type"] = ("time", np.full(N, RUN_TYPES["ignored"], dtype=np.int8))
    assert lines(ds) == []


def test_an_answer_ends_warning_and_flags_of_salinity():
    ds = series(salinity=14.0)
    for more in ('[accepted]\nsalinity = "brine"', "[qc.salinity]\nunusual = false"):
        assert lines(ds, ship(more)) == []
        tests = flag(ds, ship(more))["salinity_tests"].to_numpy()
        assert not (tests & TEST_BITS["unusual"]).any()
    with pytest.warns(DataWarning, match="another column"):
        tests = flag(ds, ship())["salinity_tests"].to_numpy()
    assert (tests & TEST_BITS["unusual"]).all()


# ---- constants ----------------------------------------------------------------------


def test_a_constant_is_a_given_number():
    ds = series(minutes=60, salinity=35.7)
    text, key = told(ds)
    assert text == (
        "salinity is 35.7 in all 40 rows; a number that was not measured is written"
        " salinity = { value = 35.7 } in [variables]"
    )
    assert key == "constant.salinity"
    with pytest.warns(DataWarning, match="salinity is 35.7"):
        tests = flag(ds, ship())["salinity_tests"].to_numpy()
    assert (tests & TEST_BITS["constant"]).all()
    answered = ship('[accepted]\nconstant.salinity = "a steady spring"')
    assert lines(ds, answered) == []
    assert not flag(ds, answered)["salinity_tests"].to_numpy().any()


def test_not_a_constant():
    assert lines(series(minutes=60, salinity=35.7, nominal=("salinity",))) == []
    values = np.full(N, 35.7)
    values[-1] = 35.701
    assert lines(series(minutes=60, salinity=values)) == []
    values = np.full(N, 35.7)
    values[25:] = np.nan
    assert len(lines(series(minutes=90, salinity=values))) == 1
    values[24:] = np.nan
    assert lines(series(minutes=120, salinity=values)) == []


@pytest.mark.parametrize(("minutes", "count"), [(48, 0), (49, 1)])
def test_as_long_as_the_check_allows(minutes, count):
    ds = series(31, minutes=minutes, salinity=35.7)  # 30 intervals; 1440 minutes
    assert len(lines(ds)) == count
    off = ship("[qc.salinity]\nconstant = false")
    assert lines(ds, off) == []


def test_other_constants_have_their_check_only():
    assert lines(series(minutes=60, SST=14.0, P_equ=1013.0)) == []
