"""Each part of a summary, counted by hand."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.files import digest
from oceanco2.summary.numbers import (
    coverage,
    iso,
    number,
    run_report,
    standards,
    summary,
)
from oceanco2.summary.text import (
    _coverage_text,
    _format_number,
    _header_text,
    _manual_text,
    _shares_text,
    _standards_text,
    _tests_text,
    _variables_text,
    _warming_text,
)
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES
from tests.datasets import canonical_dataset

START = np.datetime64("2024-03-01T00:00:00", "ns")


def hours(*values):
    return START + np.array(values) * np.timedelta64(3600, "s")


def runs(**columns):
    """Runs of a gas of 400 and one of 0; each column along standard_run."""
    base = {
        "true": [400.0, 0.0, 400.0, 400.0, np.nan],
        "measured": [401.0, 0.5, 403.0, np.nan, 1.0],
        "time": hours(0, 1, 12, 30, 31),
    }
    data = {
        f"standard_run_{k}": ("standard_run", v) for k, v in (base | columns).items()
    }
    return xr.Dataset(data)


def test_standards_by_hand():
    ds = runs(used=[1, 0, 1, 1, 1], residual=[0.3, np.nan, -0.4, np.nan, 9.0])
    zero, gas = standards(ds)
    assert gas == {
        "xCO2": 400.0,
        "runs": 3,
        "used": 3,
        "mean_difference": 2.0,
        "drift": 2.0,
        "drift_per_day": pytest.approx(4.0),  # 2 in half a day
        "residual": pytest.approx(np.sqrt((0.09 + 0.16) / 2)),
        "longest_gap_hours": 12.0,
    }
    assert zero == {
        "xCO2": 0.0,
        "runs": 1,
        "used": 0,
        "mean_difference": 0.5,
        "drift": 0.0,
        "drift_per_day": None,
        "residual": None,
        "longest_gap_hours": None,
    }


def test_a_standard_that_is_not_used_still_shows_its_drift():
    (_, gas) = standards(runs(used=[0, 0, 0, 0, 0]))
    assert (gas["used"], gas["drift_per_day"]) == (0, pytest.approx(4.0))
    assert gas["longest_gap_hours"] is None
    assert "residual" not in gas
    (_, gas) = standards(runs(used=[1, 0, 0, 1, 1]))
    assert gas["drift_per_day"] is None  # one run in use
    same = runs(time=hours(0, 1, 0, 30, 31))
    assert standards(same)[1]["drift_per_day"] is None


def test_without_a_word_all_standards_are_used():
    (_, gas) = standards(runs())
    assert (gas["runs"], gas["used"]) == (3, 3)
    assert standards(xr.Dataset()) == []
    assert standards(runs().drop_vars("standard_run_true")) == []


def test_small_helpers():
    assert number(np.mean, np.array([1.0, 2.0])) == 1.5
    assert number(np.mean, np.array([])) is None
    assert iso(np.datetime64("2024-03-01T06:07:08.9", "ns")) == "2024-03-01T06:07:08Z"


def track(times, lat, lon, **flags):
    ds = xr.Dataset(
        {f"{k}_flag": ("time", np.array(v, "int8")) for k, v in flags.items()},
        coords={
            "time": times,
            "latitude": ("time", np.array(lat, float)),
            "longitude": ("time", np.array(lon, float)),
        },
    )
    return coverage(ds, np.ones(len(lat), dtype=bool))


KM = 6371.0088 * np.pi / 180.0  # a degree of latitude, to 1e-6


def test_distance_and_speed_along_the_equator():
    found = track(hours(0, 1, 3), [0, 0, 0], [10, 10.5, 11])
    assert found["distance_km"] == pytest.approx(KM, rel=1e-5)
    first, second = KM / 2 / 1.852, KM / 4 / 1.852
    assert found["speed"]["maximum"] == pytest.approx(first, rel=1e-5)
    assert found["speed"]["median"] == pytest.approx((first + second) / 2, rel=1e-5)
    assert found["speed"]["maximum_at"] == "2024-03-01T01:00:00Z"
    assert (found["west"], found["east"]) == (10.0, 11.0)
    assert (found["south"], found["north"]) == (0.0, 0.0)


def test_fixes_that_do_not_count():
    """Bad or missing fixes, impossible latitudes; questionable ones count."""
    flags = [GOOD, BAD, QUESTIONABLE, MISSING, GOOD, GOOD]
    lat = [0, 50, 1, 50, 90.1, np.nan]
    found = track(hours(*range(6)), lat, [10] * 6, position=flags)
    assert found["north"] == 1.0
    assert found["distance_km"] == pytest.approx(KM, rel=1e-5)
    found = track(hours(*range(6)), [0, 50, 1, 50, 90.0, 0], [10] * 6, time=flags)
    assert found["north"] == 90.0
    found = track(hours(0, 1), [0, 1], [10, np.nan])
    assert found["north"] == 0.0
    assert "speed" not in found
    assert "north" not in track(hours(0), [np.nan], [1])


def test_fixes_closer_than_a_minute_are_no_speed():
    """One fix of each minute after the first is taken: the first one."""
    seconds = START + np.array([0, 59, 60, 119, 121]) * np.timedelta64(1, "s")
    found = track(seconds, [0, 5, 0.001, 5, 0.003], [10] * 5)
    assert found["distance_km"] == pytest.approx(0.003 * KM, rel=1e-5)
    same = track(np.array([START] * 3), [0, 1, 2], [10] * 3)
    assert "speed" not in same
    assert "gaps" not in same
    assert same["days"] == 0.0


def test_longitudes_on_both_sides_of_the_date_line():
    found = track(hours(0, 1), [0, 0], [179.5, 180.5])
    assert (found["west"], found["east"]) == (179.5, -179.5)


def test_the_ten_longest_gaps_are_listed():
    steps = np.concatenate([np.full(60, 0.1), np.arange(2.0, 14.0)])
    time = START + np.rint(np.cumsum([0, *steps]) * 3600).astype(int) * np.timedelta64(
        1, "s"
    )
    gaps = track(time, [0] * 73, [0] * 73)["gaps"]
    assert gaps["number"] == 12
    assert [round(g["hours"]) for g in gaps["longest"]] == list(range(13, 3, -1))
    assert gaps["hours"] == pytest.approx(sum(range(2, 14)))


def test_a_gap_is_longer_than_an_hour_and_five_intervals():
    def found(*values):
        return track(hours(*values), [0] * len(values), [0] * len(values))["gaps"]

    assert found(0, 0.1, 0.2, 0.3, 1.3)["number"] == 0  # an hour
    assert found(0, 0.1, 0.2, 0.3, 1.4)["number"] == 1
    assert found(0, 1, 2, 3, 8)["number"] == 0  # five intervals
    assert found(0, 1, 2, 3, 8.1)["number"] == 1


@pytest.fixture
def small():
    """Two water rows with every kind of flag, and one of air."""
    n = 6
    tests = np.zeros(n, "int64")
    tests[1], tests[2] = TEST_BITS["spike"], TEST_BITS["spike"] | TEST_BITS["range"]
    flag = np.array([GOOD, QUESTIONABLE, BAD, MISSING, 0, GOOD], "int8")
    sst = np.array([1.0, 50.0, 60.0, np.nan, 4.0, 3.0])
    kinds = np.array([RUN_TYPES[w] for w in ("water",) * 4 + ("air", "standard")])
    name = "fCO2_water_SST_wet"
    data = {
        "SST": ("time", sst),
        "SST_flag": ("time", flag),
        "SST_tests": ("time", tests, mask_attrs("SST")),
        "SST_uncertainty": ("time", np.array([0.1, 9.0, 9.0, 9.0, np.nan, 0.3])),
        name: ("time", np.array([300.0, 301, 302, np.nan, np.nan, np.nan])),
        f"{name}_flag": ("time", flag),
        f"{name}_tests": ("time", tests, mask_attrs(name)),
        "run_type": ("time", kinds.astype("int8")),
        "flux_CO2": (
            "time",
            sst * -1.0,
            {"method": "m", "scheme": "s", "references": "r"},
        ),
        "flux_CO2_flag": ("time", flag),
        "flux_CO2_uncertainty": ("time", sst / 10.0),
        "flux_CO2_uncertainty_systematic": ("time", sst / 20.0),
    }
    return xr.Dataset(data, coords={"time": hours(0, 1, 2, 3, 4, 5)})


def test_numbers_of_a_variable(small):
    found = summary(small)
    assert found["rows"] == 6
    assert found["period"] == ["2024-03-01T00:00:00Z", "2024-03-01T05:00:00Z"]
    bad_clock = small.assign(time_flag=("time", [4, 2, 2, 2, 2, 4]))
    later = summary(bad_clock)["period"]
    assert later == ["2024-03-01T01:00:00Z", "2024-03-01T04:00:00Z"]
    assert found["platform"] is None
    assert found["expocode"] is None
    assert found["run_types"] == {"water": 4, "air": 1, "standard": 1}
    assert found["warming"] is None
    assert found["variables"]["SST"] == {
        "units": "degree_Celsius",
        "values": 5,
        "flags": {
            "good": 2,
            "questionable": 1,
            "bad": 1,
            "missing": 1,
            "not_evaluated": 1,
        },
        "tests": {"spike": 2, "range": 1},
        "minimum": 1.0,
        "median": 3.0,
        "maximum": 4.0,
        "uncertainty": pytest.approx(0.2),
    }


def test_shares_of_the_water(small):
    water = summary(small)["flags"]
    count = water["values"]
    assert count in (3, 4)  # rows of water; with or without the missing one
    assert water["by_flag"]["good"] == 1 / count
    assert water["by_flag"]["bad"] == 1 / count
    assert water["by_test"] == {"spike": 2 / count, "range": 1 / count}
    assert "not_evaluated" not in water["by_flag"]


def test_numbers_of_a_flux(small):
    flux = summary(small)["flux"]
    assert flux == {
        "method": "m",
        "scheme": "s",
        "references": "r",
        "units": "mmol m-2 d-1",
        "rows": 3,
        "mean": pytest.approx(-8 / 3),
        "uncertainty": pytest.approx(0.3),
        "uncertainty_systematic": pytest.approx(0.15),
    }
    bare = summary(small.drop_vars("flux_CO2_flag"))["flux"]
    assert bare["rows"] == 5
    assert "flux" not in summary(small.drop_vars("flux_CO2"))


def test_an_empty_dataset_has_no_period():
    empty = xr.Dataset(coords={"time": np.array([], "datetime64[ns]")})
    found = summary(empty)
    assert found["period"] == [None, None]
    assert found["rows"] == 0
    assert found["flags"] == {}
    assert "criteria" not in found


def test_report_of_a_run(tmp_path):
    ds = canonical_dataset(30)
    path = tmp_path / "out.txt"
    path.write_bytes(b"abc")
    attrs = {
        "source_files": ["a.txt", "b.txt"],
        "source_files_sha256": ["1", "2"],
        "versions": json.dumps({"oceanco2": "1"}),
        "platform_name": "Ship",
        "platform_file": "ship.toml",
        "platform_file_sha256": "3",
        "options": json.dumps({"qc": True}),
        "rows_read": 30,
        "rows_rejected": 2,
        "warnings": ["w"],
        "reading_notes": ["n"],
    }
    found = run_report(ds.assign_attrs(attrs), [path])
    assert found["made"].endswith("Z")
    assert found["versions"] == {"oceanco2": "1"}
    assert found["platform"] == {"name": "Ship", "file": "ship.toml", "sha256": "3"}
    assert found["options"] == {"qc": True}
    assert found["inputs"] == [
        {"name": "a.txt", "sha256": "1"},
        {"name": "b.txt", "sha256": "2"},
    ]
    assert found["outputs"] == [{"name": "out.txt", "sha256": digest(b"abc")}]
    assert found["rows"] == {"read": 30, "rejected": 2, "duplicated": 0}
    assert (found["warnings"], found["reading_notes"]) == (["w"], ["n"])
    assert found["summary"]["rows"] == 30


# ---- text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((None, ""), (999.96, "1000"), (1000.0, "1000.0"), (-1234.56, "-1234.6")),
        *((0.123456, "0.1235"), (-12.3456, "-12.35"), (999.0, "999")),
    ],
)
def test_numbers_as_text(value, text):
    assert _format_number(value) == text


def test_the_head():
    numbers = {"platform": None, "period": ["a", "b"], "rows": 1234, "run_types": {}}
    assert _header_text(numbers) == "dataset, a to b\n1,234 rows"
    numbers |= {"platform": "Ship", "run_types": {"water": 1000, "air": 2}}
    assert _header_text(numbers) == "Ship, a to b\n1,234 rows: 1,000 water, 2 air"


def test_the_table_of_variables():
    values = {"values": 3, "units": "1", "minimum": 1.0, "median": 2.0, "maximum": 3.0}
    variables = {
        "SST": values | {"flags": {"good": 1234, "bad": 1}, "uncertainty": 0.25},
        "salinity": values,
        "T_equ": values | {"values": 0, "flags": {"not_evaluated": 3}},
    }
    assert _variables_text(variables).splitlines() == [
        "variable  units  minimum  median  maximum  sigma   good  bad  not evaluated",
        "--------  -----  -------  ------  -------  -----  -----  ---  -------------",
        "SST       1            1       2        3   0.25  1,234    1              0",
        "salinity  1            1       2        3",
    ]
    assert _variables_text({"T_equ": variables["T_equ"]}) == ""


def test_the_table_of_tests():
    tests = {"tests": {"out_of_range": 1234, "missing": 9, "input": 8}}
    variables = {"SST": tests, "salinity": {"tests": {"spike": 1, "out_of_range": 2}}}
    shown = _tests_text(variables).splitlines()
    assert shown == [
        "test          flagged rows",
        "------------  ---------------------",
        "out of range  SST 1,234, salinity 2",
        "spike         salinity 1",
    ]
    for name in ("solubility", "transfer_velocity", "fCO2_atm_wet_flux"):
        assert _tests_text({name: tests}) == ""
    for name in ("pCO2_water_SST_wet", "xCO2_atm_dry_actual", "fCO2_water_Tequ_wet"):
        assert _tests_text({name: tests}) == ""
    assert _tests_text({"SST": {}}) == ""
    many = {f"variable_number_{i:02d}": {"tests": {"spike": 1}} for i in range(9)}
    lines = _tests_text(many).splitlines()
    assert len(lines) == 5  # four, four and one
    assert lines[2].startswith("spike  variable_number_00 1, ")
    assert lines[3].startswith("       variable_number_04 1, ")
    assert lines[4] == "       variable_number_08 1"


def test_the_table_of_standards():
    gas = {"xCO2": 400.5, "runs": 3, "used": 2, "mean_difference": 2.0, "drift": 1.5}
    gas |= {"drift_per_day": 0.75, "residual": 0.25, "longest_gap_hours": 12.345}
    zero = gas | {"xCO2": 0.0, "longest_gap_hours": None, "drift_per_day": None}
    lines = _standards_text([gas, zero]).splitlines()
    assert lines[0].split() == [
        *("standard", "runs", "used", "read", "-", "true", "drift", "per", "day"),
        *("residual", "longest", "gap"),
    ]
    assert lines[2].split() == [
        *("400.5", "umol", "mol-1", "3", "2", "2", "1.5", "0.75", "0.25", "12.3", "h"),
    ]
    assert lines[3].split() == ["0", "umol", "mol-1", "3", "2", "2", "1.5", "0.25"]
    assert _standards_text([]) == ""


def test_coverage_as_text():
    numbers = {"samples": 1234, "days": 2.0}
    assert _coverage_text({"samples": 0}) == ""
    assert _coverage_text(numbers) == "1,234 water samples in 2.00 days"
    gaps = {"number": 1, "longest": [{"hours": 3.04, "start": "T"}]}
    numbers |= {"share_of_time": 0.5, "gaps": gaps, "interval_minutes": 2.504}
    assert _coverage_text(numbers).splitlines() == [
        "1,234 water samples in 2.00 days, one every 2.5 min",
        "50.0 % of the time covered, 1 gaps, the longest 3.0 h from T",
    ]
    numbers["gaps"] = {"number": 0, "longest": []}
    numbers |= {"south": -1.5, "north": 0.0, "west": -0.001, "east": 10.0}
    numbers |= {"distance_km": 12345.6}
    numbers |= {"speed": {"median": 9.96, "maximum": 12.34}}
    assert _coverage_text(numbers).splitlines()[1:] == [
        "50.0 % of the time covered, 0 gaps",
        "1.500 S to 0.000 N, 0.001 W to 10.000 E; 12,346 km sailed;"
        " speed 10.0 kn, at most 12.3 kn",
    ]


def test_other_lines():
    assert _shares_text({}) == ""
    shares = {"values": 1000, "by_flag": {"good": 0.98765, "bad": 0.01235}}
    assert _shares_text(shares) == (
        "fCO2 of the water, 1,000 values: 98.77 % good, 1.23 % bad"
    )
    assert _manual_text({"variables": {}, "lines": 3}) == ""
    manual = {"variables": {"SST": {"flags": {"good": 1000, "bad": 2}}}, "lines": 3}
    assert _manual_text(manual) == "manual flags (3 entries): SST 1,002"
    assert _warming_text(None) == ""
    warming = {"median": 0.25, "minimum": -0.1, "maximum": 1.5, "rate_95_percent": None}
    warming |= {"share_above_1": 0.01234, "share_above_3": 0.0}
    text = (
        "warming: median 0.250 degC, -0.100 to 1.500;"
        " beyond 1 degC 1.23 %, beyond 3 degC 0 %"
    )
    assert _warming_text(warming) == text
    warming["rate_95_percent"] = 0.456
    assert _warming_text(warming) == (
        f"{text}; 95 % of the hours change by less than 0.46 degC/h"
    )
