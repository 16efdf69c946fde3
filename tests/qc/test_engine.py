"""The engine: places and seasons, the cascade, why a value is doubtful, properties."""

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import oceanco2
from oceanco2 import platforms
from oceanco2.bits import TEST_BITS, named_tests
from oceanco2.cli import main
from oceanco2.errors import PlatformError, UnknownNameError
from oceanco2.geography import REGIONS, socat_regions, within
from oceanco2.qc import CHECKS, check_options, describe_checks, explain, flag
from oceanco2.qc.cascade import cascade
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES

SHIP = platforms.available()["demo_ship"].read_text()
RESULT = "fCO2_water_SST_wet"


@cache
def ship(tables=""):
    return platforms.parse(f"{SHIP}\n{tables}\n".encode(), "ship.toml")


def series(start="2024-01-15", step="1h", **variables):
    place = {n: variables.pop(n) for n in ("latitude", "longitude") if n in variables}
    size = len(next(iter(variables.values())))
    pause = np.timedelta64(int(step[:-1]), step[-1])
    time = np.datetime64(start, "ns") + np.arange(size) * pause
    data = {k: ("time", np.asarray(v)) for k, v in variables.items()}
    coords = {k: ("time", np.asarray(v, dtype=float)) for k, v in place.items()}
    return xr.Dataset(data, coords={"time": time, **coords})


# ---- places and seasons -------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon", "region"),
    [
        (60, -20, "A"),
        (65, 5, "A"),
        (40, 30, "A"),
        (71, 10, "R"),
        (67, 5, "A"),
        (67, 170, "R"),
        (67, -150, "R"),
        (45, -150, "N"),
        (45, 150, "N"),
        (0, -150, "T"),
        (0, 210, "T"),
        (0, -20, "Z"),
        (-10, 70, "I"),
        (-31, 70, "O"),
        (-60, -170, "O"),
        (50, 80, ""),
        (np.nan, 0, ""),
        (10, np.nan, ""),
    ],
)
def test_regions_are_those_of_socat(lat, lon, region):
    """Boxes and precedence of table 4, doi:10.5194/essd-8-383-2016."""
    assert socat_regions(np.array([lat]), np.array([lon]))[0] == region


def test_the_oceans_are_covered_and_the_edges_belong_to_a_region():
    lat, lon = np.meshgrid(np.arange(-90, 91, 5.0), np.arange(-180, 180, 5.0))
    letters = socat_regions(lat, lon)
    assert set(REGIONS) - {"C"} == set(np.unique(letters[letters != ""]))
    assert (letters[lat < -30] == "O").all()
    same = socat_regions(lat, lon % 360)
    np.testing.assert_array_equal(letters, same)


def test_boxes_cross_the_date_line():
    lon = np.array([169.0, 170.0, 180.0, -180.0, 185.0, -170.0, -169.0])
    inside = within(np.zeros(7), lon, -10, 170, 10, -170)
    np.testing.assert_array_equal(inside, [False, True, True, True, True, True, False])


COLD = """
[[qc.where]]
name = "Nordic seas in winter"
region = "arctic"
months = [12, "January", 2]
checks = { SST = { range = { questionable = [-2.0, 8.0] } } }
"""


def test_limits_of_a_region_and_a_season_act_there_only():
    ds = series(
        SST=[9.0, 9.0, 9.0, 55.0], latitude=[72, 60, 72, 72], longitude=[0, 0, 0, 0]
    )
    out = flag(ds, ship(COLD))
    expected = [QUESTIONABLE, GOOD, QUESTIONABLE, BAD]  # the other limits still hold
    np.testing.assert_array_equal(out["SST_flag"], expected)
    summer = flag(series("2024-07-15", SST=[9.0], latitude=[72], longitude=[0]), ship())
    assert int(summer["SST_flag"][0]) == GOOD
    record = json.loads(out["SST_flag"].attrs["tests_applied"])
    (there,) = record["where"]
    assert there["rows"] == 3
    assert there["region"] == ["R"]
    assert there["months"] == [1, 2, 12]
    table = explain(out, "SST")
    assert table["limit"].tolist() == [
        *("questionable [-2, 8]", "questionable [-2, 8]", "bad [-10, 50]")
    ]


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("box = [0, 0, 10, 10]", [0]),
        ("latitude = [-90, 0]", [1, 2]),
        ("longitude = [170, -170]", [1]),
        ('season = "summer"', [1, 2]),
        ('season = "DJF"', [0, 1, 2, 3]),
        ('season = ["winter", "spring"]', [0, 3]),
        ('region = ["T", "Z", "indian"]', [0, 1]),
        ('region = "Southern"', [2]),
        ("months = [2, 3]", []),
        ('region = "tropical atlantic"\nseason = "summer"', []),
    ],
)
def test_every_condition_finds_its_rows(where, rows):
    """In January, 5N 5E, 5S 175W, 40S 20E and 60N 20W."""
    sst = 10.0 + 0.1 * np.arange(4)
    ds = series(SST=sst, latitude=[5, -5, -40, 60], longitude=[5, -175, 20, -20])
    checks = "checks = { SST = { range = { bad = [0, 1] } } }"
    table = f"[[qc.where]]\n{where}\n{checks}"
    got = flag(ds, ship(table))["SST_flag"].to_numpy()
    np.testing.assert_array_equal(np.flatnonzero(got == BAD), rows)


def test_later_tables_win_and_a_check_can_be_away_somewhere():
    tables = """
[[qc.where]]
latitude = [0, 90]
checks = { SST = { range = { bad = [0, 5] }, spike = false } }
[[qc.where]]
latitude = [50, 90]
checks = { SST = { range = { bad = [0, 20] } } }
"""
    sst = np.full(9, 10.0)
    sst[[2, 6]] = 14.9
    ds = series(
        step="60s",
        SST=sst,
        latitude=[-1, -1, -1, -1, 10, 10, 10, 10, 60],
        longitude=[0.0] * 9,
    )
    out = flag(ds, ship(tables))
    tests = out["SST_tests"].to_numpy()
    np.testing.assert_array_equal(np.flatnonzero(tests & TEST_BITS["spike"]), [2])
    far = np.flatnonzero(tests & TEST_BITS["range"])
    np.testing.assert_array_equal(far, [4, 5, 6, 7])


def test_neighbours_across_a_border_are_still_seen():
    """A spike at the edge of a region has its neighbours on both sides of it."""
    where = "[[qc.where]]\nlatitude = [10, 90]\n"
    checks = "checks = { SST = { spike = { questionable = 0.1 } } }"
    ds = series(
        step="60s",
        SST=[10.0, 10.0, 10.5, 10.0, 10.0],
        latitude=[9, 9, 10, 10, 10],
        longitude=[0.0] * 5,
    )
    ds["latitude"] = ds["latitude"] * 1e-3 + [9.98, 9.985, 9.991, 9.992, 9.993]
    out = flag(ds, ship(where + checks))
    fired = out["SST_tests"].to_numpy() & TEST_BITS["spike"]
    np.testing.assert_array_equal(np.flatnonzero(fired), [2])


def test_without_a_position_no_place_holds():
    out = flag(series(SST=[9.0]), ship(COLD))
    assert int(out["SST_flag"][0]) == GOOD
    record = json.loads(out["SST_flag"].attrs["tests_applied"])
    assert record["where"][0]["rows"] == 0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('region = "artic"', ["no region named 'artic'", "'arctic'"]),
        ('region = "coastal"', ["'coastal' is not a box"]),
        ("months = [13]", ["month must be one of 1 to 12", "not 13"]),
        (
            'months = ["Janury"]',
            ["month must be one of 1 to 12, january", "not 'Janury'", "'january'"],
        ),
        ('season = "sumer"', ["season must be one of", "not 'sumer'", "'summer'"]),
        ("latitude = [10, 0]", ["'latitude'", "from south to north"]),
        ("box = [0, 0, 100, 0]", ["'box'", "-90 and 90"]),
        ('name = "nowhere"', ["needs at least one of region, box"]),
        ("box = [0, 0, 1, 1]\nlatitude = [0, 1]", ["not both"]),
    ],
)
def test_places_that_cannot_be_are_named(table, words):
    checks = "checks = { SST = { range = { bad = [0, 1] } } }"
    good = "[[qc.where]]\nlatitude = [0, 1]\nchecks = { SST = { spike = false } }\n"
    with pytest.raises(PlatformError) as caught:
        check_options(ship(f"{good}[[qc.where]]\n{table}\n{checks}"))
    for word in ["ship.toml", "[[qc.where]] number 2", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ("{ SSTT = {} }", ["no variable named 'SSTT'", "'SST'"]),
        ("{ SST = { rnage = {} } }", ["checks.SST.rnage", "'range'"]),
        ("{ SST = { range = { bda = [0, 1] } } }", ["checks.SST.range", "'bad'"]),
        ("{ SST = { range = { bad = [2, 1] } } }", ["must be [lowest, highest]"]),
        ("{ T_atm = { spike = { bad = 1 } } }", ["lacks 'questionable'"]),
    ],
)
def test_limits_somewhere_are_checked_as_all_are(checks, words):
    with pytest.raises(PlatformError) as caught:
        check_options(ship(f"[[qc.where]]\nmonths = [1]\nchecks = {checks}"))
    for word in ["ship.toml", "[[qc.where]] number 1", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[qc.cascade]\nsalinty = { bad = 2 }", ["'salinty'", "'salinity'"]),
        ("[qc.cascade]\nsalinity = { bd = 2 }", ["[qc.cascade]", "salinity"]),
        ("[qc.cascade]\nsalinity = { bad = 9 }", ["2, 3 or 4"]),
        (
            "[qc.cascade]\nSST = { questionable = 4, bad = 3 }",
            ["SST", "must not be below 'questionable': 3, 4"],
        ),
        (
            f"[qc.cascade.{RESULT}]\nwind_speed = {{ bad = 2 }}",
            ["no input of a result named 'wind_speed'"],
        ),
        ("[qc.water_flow]\nconsequences = { SST = ['watr'] }", ["'watr'", "'water'"]),
        ("[qc.water_flow]\nconsequences = { SSTT = 'all' }", ["'SSTT'", "'SST'"]),
        ("[qc.water_flow]\nconsequences = { SST = 'water' }", ["list of run types"]),
        ("[qc.SST]\nspike = true", ["or false"]),
        ("[qc.SST]\nposition = false", ["no options"]),
        ('[qc]\nprofile = "quince"', ["no profile named 'quince'", "quince-28"]),
        ('[qc]\nprofil = "default"', ["[qc.profil]", "'profile'"]),
        ("[qc.SST]\nrange = {}", ["[qc.SST.range]", "needs a limit"]),
        (
            "[qc.SST]\nrange = { questionable = [-9, 50], bad = [-2, 35] }",
            ["[qc.SST.range]", "'bad' must enclose"],
        ),
        (
            "[qc.SST]\nspike = { questionable = 3, bad = 1 }",
            ["[qc.SST.spike]", "below 'questionable'"],
        ),
        ("[qc.SST]\nwarming = {}", ["[qc.SST.warming]", "[qc.warming]"]),
        (
            "[qc.fCO2_water_SST_wet]\nclimatology = { bad = 300 }",
            ["[qc.fCO2_water_SST_wet.climatology]", "lacks 'file'"],
        ),
        ('[qc.warming]\nport = { ports = "60" }', ["[qc.warming.port]", "'60'"]),
        (
            '[qc.warming]\nport = { ports = "95 5" }',
            ["[qc.warming.port]", "not a valid position"],
        ),
        (
            '[qc.latitude]\nspeed = { blame = "bth" }',
            ["[qc.latitude.speed]", "'both'"],
        ),
    ],
)
def test_what_is_written_is_applied_or_refused(table, words):
    with pytest.raises(PlatformError) as caught:
        check_options(ship(table))
    for word in ["ship.toml", *words]:
        assert word in str(caught.value)


def test_limits_of_what_has_no_flag_by_itself_are_applied():
    """Nothing that somebody writes is passed over in silence."""
    ds = series(
        SST=[10.0, 10.0], sample_depth=[5.0, -3.0], latitude=[1, 2], longitude=[0, 0]
    )
    tables = "[qc.sample_depth]\nrange = { bad = [0, 20] }\n"
    tables += "[qc.latitude]\nrange = { bad = [0, 1.5] }\n"
    out = flag(ds, ship(tables))
    np.testing.assert_array_equal(out["sample_depth_flag"], [GOOD, BAD])
    np.testing.assert_array_equal(out["position_flag"], [GOOD, BAD])
    assert "sample_depth_flag" not in flag(ds, ship())


def test_a_check_can_be_switched_off():
    ds = series(step="60s", SST=[10.0, 10.0, 17.0, 10.0, 10.0])
    assert int(flag(ds, ship())["SST_flag"][2]) == BAD
    off = flag(ds, ship("[qc.SST]\nspike = false"))
    assert int(off["SST_flag"][2]) == GOOD
    assert "spike" not in json.loads(off["SST_flag"].attrs["tests_applied"])


def test_what_the_manual_shows_can_be_done():
    """The example of platforms/README.md is a platform file."""
    text = (Path(__file__).parents[2] / "platforms" / "README.md").read_text()
    block = text[text.index("[qc]\n") : text.index("[metadata] ")]
    assert "[[qc.where]]" in block
    check_options(ship(block))
    ds = series(
        SST=[9.0, 9.5],
        T_equ=[9.1, 9.6],
        water_flow=[2.0, 0.2],
        latitude=[72, 72],
        longitude=[0, 0.1],
    )
    out = flag(ds, ship(block))
    np.testing.assert_array_equal(out["SST_flag"], [QUESTIONABLE, QUESTIONABLE])
    np.testing.assert_array_equal(out["T_equ_flag"], [GOOD, QUESTIONABLE])


# ---- cascade ------------------------------------------------------------------------


def reduced(**more):
    size = len(next(iter(more.values())))
    values = {
        "SST": 10.0,
        "salinity": 35.0,
        "T_equ": 10.2,
        "P_equ": 1013.0,
        "xCO2_water_Tequ_dry": 380.0,
        RESULT: 370.0,
    }
    data = {k: np.full(size, v) for k, v in values.items()} | more
    return series(step="60s", **data)


def test_the_cascade_of_the_platform_file_acts_and_is_recorded():
    ds = reduced(salinity=np.array([43.0, 51.0]))
    flags = flag(ds, ship())[f"{RESULT}_flag"]
    np.testing.assert_array_equal(flags, [GOOD, QUESTIONABLE])
    table = "[qc.cascade]\nsalinity = { questionable = 3, bad = 4 }"
    out = flag(ds, ship(table))
    np.testing.assert_array_equal(out[f"{RESULT}_flag"], [QUESTIONABLE, BAD])
    table += f"\n[qc.cascade.{RESULT}]\nsalinity = {{ questionable = 2, bad = 2 }}"
    out = flag(ds, ship(table))
    np.testing.assert_array_equal(out[f"{RESULT}_flag"], [GOOD, GOOD])
    record = json.loads(out[f"{RESULT}_flag"].attrs["tests_applied"])
    assert record["input"]["salinity"] == {"questionable": 2, "bad": 2}


def test_salinity_counts_less_for_air_and_for_membrane_sensors():
    """2 and 3 become 2 there, as in QuinCe 28."""
    bad = np.array([51.0])
    ds = reduced(salinity=bad, pCO2_atm_wet_interp=np.array([400.0]))
    out = flag(ds, ship())
    assert int(out[f"{RESULT}_flag"][0]) == QUESTIONABLE
    assert int(out["pCO2_atm_wet_interp_flag"][0]) == GOOD
    assert int(out["pCO2_atm_wet_interp_tests"][0]) & TEST_BITS["input"]
    sensor = reduced(salinity=bad, zero_count=np.array([6e4]))
    assert int(flag(sensor, ship())[f"{RESULT}_flag"][0]) == GOOD


def test_diagnostics_reach_results_unless_their_consequences_are_written():
    ds = reduced(water_flow=np.array([0.1, 2.0]))
    out = flag(ds, ship())
    np.testing.assert_array_equal(out[f"{RESULT}_flag"], [QUESTIONABLE, GOOD])
    assert int(out["SST_flag"][0]) == GOOD
    out = flag(ds, ship("[qc.water_flow]\nconsequences = { T_equ = 'all' }"))
    np.testing.assert_array_equal(out["T_equ_flag"], [QUESTIONABLE, GOOD])
    np.testing.assert_array_equal(out[f"{RESULT}_flag"], [QUESTIONABLE, GOOD])
    assert int(out[f"{RESULT}_tests"][0]) & TEST_BITS["diagnostic"]
    out = flag(ds, ship("[qc.water_flow]\nconsequences = { wind_speed = 'all' }"))
    np.testing.assert_array_equal(out[f"{RESULT}_flag"], [GOOD, GOOD])


def test_water_that_dries_a_mole_fraction_passes_its_flags_on():
    """Where the platform file has the readings dried, and only there."""
    ds = reduced(xH2O=np.array([5.0, 85.0]))
    assert int(flag(ds, ship())["xCO2_water_Tequ_dry_flag"][1]) == GOOD
    text = SHIP.replace("dry = true", "dry = false")
    assert text != SHIP
    humid = platforms.parse(text.encode(), "humid.toml")
    out = flag(ds, humid)
    for name in ("xCO2_water_Tequ_dry", RESULT):
        np.testing.assert_array_equal(out[f"{name}_flag"], [GOOD, QUESTIONABLE])
        (row,) = explain(out, name).itertuples()
        assert (row.of, row.value, row.limit) == ("xH2O", 85.0, "questionable [-2, 75]")


def test_speed_limits_of_a_region_act():
    lat = 60.0 + np.array([0.0, 0.05, 0.1, 0.15])
    ds = series(step="600s", SST=10 + lat, latitude=lat, longitude=np.zeros(4))
    assert (flag(ds, ship())["position_flag"] == GOOD).all()  # 18 knots
    table = (
        "[[qc.where]]\nregion = 'A'\nchecks = { latitude = { speed = { bad = 9 } } }"
    )
    out = flag(ds, ship(table))
    assert (out["position_flag"] == BAD).sum() == 3
    assert "bad 9" in explain(out, "position")["limit"][0]


# ---- why ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory):
    """One reason a row; the file that holds them."""
    n = 12
    sst = 10.0 + 0.01 * np.arange(n)
    sst[3] = 16.0
    equ = 10.2 + 0.01 * np.arange(n)
    equ[5] = 45.0
    pressure = np.full(n, 1013.0) + 0.01 * np.arange(n)
    flow = np.full(n, 2.0)
    flow[8] = 0.1
    track = {"latitude": 50.0 + 1e-3 * np.arange(n), "longitude": np.full(n, -20.0)}
    ds = reduced(SST=sst, T_equ=equ, P_equ=pressure, water_flow=flow, **track)
    ds["run_type"] = ("time", np.full(n, RUN_TYPES["water"], np.int8))
    linked = "[qc.water_flow]\nconsequences = { T_equ = ['water'] }"
    out = flag(ds, ship(linked))
    path = tmp_path_factory.mktemp("d") / "out.nc"
    oceanco2.write(out, path)
    return out, path


def test_each_flag_names_its_test_with_limit_and_value(doubtful):
    out, _ = doubtful
    table = explain(out, RESULT)
    reasons = {
        (row.of, row.test): row
        for row in table.itertuples()
        if row.time == out["time"].to_numpy()[3]
    }
    spike = reasons["SST", "spike"]
    assert (spike.flag, spike.value, spike.limit) == (
        BAD,
        16.0,
        "questionable 1, bad 4",
    )
    at_five = table[table["time"] == out["time"].to_numpy()[5]]
    limits = at_five[at_five["test"] == "range"]
    assert limits["of"].tolist() == ["T_equ"]
    assert limits["limit"].tolist() == ["questionable [-3, 40]"]
    assert limits["value"].tolist() == [45.0]
    assert "45" in limits["reason"].tolist()[0]


def test_the_measured_value_and_its_limit_are_reported():
    """A spike by its distance, a stuck value by its time, a fix by its speed."""
    n = 40
    sst = 10.0 + 0.001 * np.arange(n)
    sst[12] = 16.0
    salinity = np.where(np.arange(n) < 20, 35.0, 35.0 + 0.001 * np.arange(n))
    lat = 50.0 + 0.01 * np.arange(n)
    lat[30] += 1.0
    ds = series(
        step="480s", SST=sst, salinity=salinity, latitude=lat, longitude=np.zeros(n)
    )
    tables = "[qc.SST]\nspike = { questionable = 1, bad = 4 }\n"
    tables += "outlier = { questionable = 2, bad = 8 }\ngradient = { limit = 0.5 }\n"
    tables += "[qc.salinity]\nconstant = { minutes = 120 }"
    out = flag(ds, ship(tables))
    reasons = {(r.of, r.test): r for r in explain(out).itertuples()}
    assert reasons["SST", "spike"].measured == pytest.approx(5.987)
    assert reasons["SST", "outlier"].measured == pytest.approx(5.987)
    assert reasons["SST", "gradient"].measured == pytest.approx(5.989 / 8, abs=1e-3)
    assert reasons["salinity", "constant"].measured == pytest.approx(19 * 8)
    assert "152 minutes" in reasons["salinity", "constant"].reason
    speed = reasons["position", "speed"]
    nautical_miles = 1.01 * 6371.007 * np.pi / 180 / 1.852
    assert speed.measured == pytest.approx(nautical_miles / (8 / 60), rel=1e-4)
    assert "knots (questionable 30, bad 80)" in speed.reason
    assert np.isnan(explain(flag(series(SST=[45.0]), ship()), "SST")["measured"][0])


def test_a_diagnostic_is_named_behind_what_it_made_doubtful(doubtful):
    out, _ = doubtful
    row = out["time"].to_numpy()[8]
    for name in ("T_equ", RESULT):
        table = explain(out, name)
        found, drop = table[table["time"] == row].itertuples()
        assert (found.of, found.test, found.value) == ("water_flow", "range", 0.1)
        assert (drop.of, drop.test, drop.value) == ("water_flow", "flow_drop", 0.1)
        assert found.limit == "questionable [0.3, 30]"


def test_every_flag_is_explained(doubtful):
    out, _ = doubtful
    table = out.co2.doubts()
    for name in [n.removesuffix("_flag") for n in out if str(n).endswith("_flag")]:
        rows = np.isin(out[f"{name}_flag"].to_numpy(), (QUESTIONABLE, BAD))
        times = set(table[table["variable"] == name]["time"].to_numpy())
        assert times == set(out["time"].to_numpy()[rows]), name
    assert (table["reason"] != "").all()


def test_the_file_alone_explains_them(doubtful):
    out, path = doubtful
    import pandas as pd

    again = explain(oceanco2.open_dataset(path))
    pd.testing.assert_frame_equal(again, explain(out))


def test_missing_values_are_listed_on_request():
    ds = reduced(SST=np.array([10.0, np.nan]))
    ds[RESULT][1] = np.nan
    out = flag(ds, ship())
    assert explain(out, "SST").empty
    table = explain(out, "SST", flags=(MISSING,))
    assert table["test"].tolist() == ["missing"]
    assert explain(out, RESULT, flags=(MISSING,))["of"].tolist() == ["SST"]
    with pytest.raises(UnknownNameError, match="'SST'"):
        explain(out, "SSST")


def test_flags_list_on_the_command_line(doubtful, capsys):
    out, path = doubtful
    want = len(explain(out, RESULT))
    assert main(["flags", "list", str(path), "--variable", RESULT, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == want
    assert {"time", "variable", "flag", "test", "limit", "value"} <= set(found[0])
    assert main(["flags", "list", str(path), "--variable", RESULT, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["test"] for row in rows] == [row["test"] for row in found]
    assert main(["flags", "list", str(path)]) == 0
    assert "water_flow" in capsys.readouterr().out
    assert main(["flags", "list", str(path), "--variable", "SSST"]) == 2
    assert "'SST'" in capsys.readouterr().err
    assert main(["flags", "list", str(path), "--csv", "--json"]) == 2


def test_the_list_of_checks_has_profiles_and_regions(capsys):
    assert main(["checks", "--profile", "quince-28"]) == 0
    text = capsys.readouterr().out
    for word in ("missing_standards", "speed: questionable 311", "R arctic", "warming"):
        assert word in text
    assert main(["checks", "--profile", "quince"]) == 2
    assert "quince-28" in capsys.readouterr().err
    names = [row[0] for row in describe_checks()]
    assert set(CHECKS) <= set(names)


# ---- properties ---------------------------------------------------------------------

VALUES = st.lists(st.floats(0, 30) | st.just(np.nan), min_size=1, max_size=40)
#: Checks by how many samples before and after they look; None: at all of them.
REACH = {"range": 0, "spike": 1, "outlier": 7, "constant": None, "gradient": None}
TABLES = {
    "range": "range = { questionable = [2, 20], bad = [1, 25] }",
    "spike": "spike = { questionable = 1, bad = 5, max_gap_minutes = 60 }",
    "outlier": "outlier = { questionable = 2, sigma = 2 }",
    "constant": "constant = { minutes = 3 }",
    "gradient": "gradient = { limit = 3 }",
    "deviation": "deviation = { sigma = 2 }",
}


def judged(values, names):
    lines = "\n".join(TABLES[name] for name in names)
    text = f'[qc]\nprofile = "none"\n[qc.SST]\n{lines}'
    ds = series(step="60s", SST=np.array(values, dtype=float))
    return flag(ds, ship(text))


@settings(max_examples=40, deadline=None)
@given(VALUES, st.permutations(sorted(TABLES)), st.integers(0, 6))
def test_flags_only_rise_in_any_order_and_values_stay(values, names, cut):
    few, many = judged(values, names[:cut]), judged(values, names)
    np.testing.assert_array_equal(many["SST"], values)
    flags, more = few["SST_flag"].to_numpy(), many["SST_flag"].to_numpy()
    assert (more >= flags).all()
    assert ((few["SST_tests"] & ~many["SST_tests"]) == 0).all()
    again = judged(values, names[::-1])
    np.testing.assert_array_equal(again["SST_flag"], more)
    np.testing.assert_array_equal(again["SST_tests"], many["SST_tests"])
    # NaN is never good, and no flag above good is without a test.
    assert (more[np.isnan(values)] == MISSING).all()
    assert (many["SST_tests"].to_numpy()[more > GOOD] != 0).all()


@settings(max_examples=40, deadline=None)
@given(VALUES, st.lists(st.floats(0, 30), min_size=1, max_size=20))
def test_more_rows_change_old_flags_only_as_far_as_a_rule_looks(values, more):
    """A range not at all, a spike the last value, an outlier the last seven."""
    for name, reach in REACH.items():
        if reach is None:
            continue
        old = judged(values, [name])["SST_flag"].to_numpy()
        new = judged([*values, *more], [name])["SST_flag"].to_numpy()[: old.size]
        there = np.flatnonzero(np.isfinite(values))
        settled = np.ones(old.size, dtype=bool)
        if reach:
            settled[there[-reach:]] = False
        np.testing.assert_array_equal(new[settled], old[settled], err_msg=name)


@settings(max_examples=40, deadline=None)
@given(VALUES, st.lists(st.floats(0, 30), min_size=1, max_size=20))
def test_a_run_that_stood_still_too_long_stays_bad(values, more):
    """More rows may make a run too long, never short."""
    old = judged(values, ["constant"])["SST_flag"].to_numpy()
    new = judged([*values, *more], ["constant"])["SST_flag"].to_numpy()[: old.size]
    assert (new >= old).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([2, 3, 4, 9]), min_size=4, max_size=4),
    st.lists(st.sampled_from([2, 3, 4, 9]), min_size=4, max_size=4),
)
def test_a_worse_input_never_makes_a_result_better(one, other):
    names = ("SST", "T_equ", "salinity", "P_equ")

    def result(flags):
        layers = {
            name: (np.array([f], np.int8), np.array([4 if f > 2 else 0], np.int64))
            for name, f in zip(names, flags, strict=True)
        }
        own = np.array([GOOD], np.int8), np.array([0], np.int64)
        got = cascade(RESULT, own, layers, np.array([350.0]))
        assert got[0][0] == GOOD or named_tests(got[1][0])
        return int(got[0][0])

    rank = {2: 0, 9: 0, 3: 1, 4: 2}
    if all(rank[a] <= rank[b] for a, b in zip(one, other, strict=True)):
        assert result(one) <= result(other)


UNCOMPILED = """
import numpy as np
from oceanco2.qc import CHECKS
rng = np.random.default_rng(7)
x = np.round(rng.normal(10, 1, 400), 1)
x[50] += 9; x[100:120] = 10.0; x[200] = np.nan; t = np.arange(400) * 60.0
lat = 10 + np.cumsum(rng.normal(0, 1e-3, 400)); lat[77] += 1
for name, options in {
    "range": {"questionable": (9, 11), "bad": (0, 15)}, "constant": {"minutes": 5.0},
    "gradient": {"limit": 2.0}, "spike": {"questionable": 1.0, "bad": 4.0},
    "outlier": {"questionable": 1.0, "bad": 4.0, "sigma": 2.0}, "deviation": {},
}.items():
    print(name, "".join(map(str, CHECKS[name].function(x, t, **options))))
for blame in ("one", "both"):
    print("".join(map(str, CHECKS["speed"].function(lat, lat, t, blame=blame))))
"""


def test_loops_say_the_same_uncompiled():
    compiled = io.StringIO()
    with contextlib.redirect_stdout(compiled):
        exec(UNCOMPILED, {})
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", UNCOMPILED],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert compiled.getvalue() == plain
    assert all("4" in line for line in plain.splitlines())
