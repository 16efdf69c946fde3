"""Checks at both sides of each limit, with numbers that can be checked by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.fields.air import marine_background
from oceanco2.qc.check import CHECKS, Track
from oceanco2.qc.checks import air, standards, track

NAN = np.nan
KNOT = 1.852 / 111.19492664 / 60.0  # degrees of latitude in a minute


def flags(name, values, seconds=None, **options):
    check = CHECKS[name]
    values = np.array(values, dtype=float)
    seconds = 60.0 * np.arange(values.size) if seconds is None else np.array(seconds)
    given = {k: o for k, o in options.items() if isinstance(o, np.ndarray)}
    chosen = {k: o for k, o in options.items() if k not in given}
    complete = check.options(**chosen).model_dump()
    return check.function(values, seconds, **given, **complete).tolist()


# ---- the track ----------------------------------------------------------------------


def test_positions_that_exist():
    lat = np.array([90.0, -90.0, 90.1, -90.1, 0.0, 0.0, NAN, 0.0])
    lon = np.array([180.0, -180.0, 0.0, 0.0, 180.1, -180.1, 0.0, NAN])
    found = track.check_position(lat, lon)
    assert found.tolist() == [2, 2, 4, 4, 4, 4, 4, 4]
    assert found.dtype == np.int8


def speeds(knots, *, blame="one", questionable=30.0, bad=80.0):
    """Flags of fixes a minute apart, northward at the given speeds."""
    lat = np.concatenate([[0.0], np.cumsum(np.array(knots) * KNOT)])
    found = track.check_speed(
        *(lat, np.zeros(lat.size), 60.0 * np.arange(lat.size)),
        **{"questionable": questionable, "bad": bad, "blame": blame},
    )
    return found.tolist()


def test_speeds_with_the_tolerance_of_a_fix():
    # 50 m in a minute are 1.62 knots: they are allowed for
    assert speeds([10, 31.5, 10, 10]) == [2] * 5
    assert speeds([10, 31.8, 10, 10]) == [2, 2, 3, 2, 2]
    assert speeds([10, 81.5, 10, 10])[2] == 3
    assert speeds([10, 81.8, 10, 10])[2] == 4
    assert speeds([10, -500, 500, 10]) == [2, 2, 4, 2, 2]  # one fix is misplaced
    assert speeds([-500, 10, 10]) == [4, 2, 2, 2]  # the first one


def test_both_ends_of_a_fast_leg():
    limits = {"blame": "both", "questionable": 30.0, "bad": 80.0}
    assert speeds([10, 30.1, 10], **limits) == [2, 3, 3, 2]
    assert speeds([10, 29.9, 10], **limits) == [2] * 4
    assert speeds([10, 80.1, 10], **limits) == [2, 4, 4, 2]
    with pytest.raises(OptionError, match="blame must be one of one, both"):
        speeds([10], blame="none")


def test_fixes_without_a_position_are_passed_over():
    lat = np.array([0.0, NAN, 2.0 * 20.0 * KNOT, 3.0])
    args = (lat, np.zeros(4), 60.0 * np.arange(4))
    options = {"questionable": 30.0, "bad": 80.0, "blame": "one"}
    assert track.check_speed(*args, **options).tolist() == [2, 2, 2, 4]
    one = (lat[:2], np.zeros(2), np.zeros(2))
    assert track.check_speed(*one, **options).tolist() == [2, 2]


def test_the_larger_of_the_speeds_to_and_from_a_fix():
    lat = np.array([0.0, 10 * KNOT, NAN, 30 * KNOT, 30 * KNOT])
    seconds = np.array([0.0, 60.0, 120.0, 180.0, 180.0])
    fixes = Track(lat, np.zeros(5), seconds, np.arange(5))
    options = track.SpeedOptions(questionable=9.9)
    found = track._measure_speed(fixes, options)
    np.testing.assert_allclose(found, [10.0, 10.0, NAN, np.inf, np.inf], rtol=1e-5)
    found = track._measure_speed(fixes, track.SpeedOptions(questionable=10.1))
    np.testing.assert_array_equal(found, [NAN, NAN, NAN, np.inf, np.inf])
    alone = Track(lat[:1], np.zeros(1), seconds[:1], np.array([0]))
    assert np.isnan(track._measure_speed(alone, options)).all()


def test_limits_of_speed_by_kind_of_platform():
    kinds = CHECKS["speed"].kinds
    limits = {
        kind: (o["questionable"], o["bad"]) for kind, o in kinds["default"].items()
    }
    assert limits == {
        "ship": (30.0, 80.0),
        "surface_vehicle": (15.0, 80.0),
        "drifter": (10.0, 80.0),
        "mooring": (10.0, 80.0),
    }
    assert kinds["none"] == kinds["default"]
    for options in kinds["quince-28"].values():
        assert (
            options["questionable"]
            == options["bad"]
            == pytest.approx(311.015, abs=1e-3)
        )
        assert options["blame"] == "both"


@pytest.mark.parametrize(
    ("seconds", "file", "row", "found"),
    [
        ([0, 1, 2, 3], [0] * 4, [1, 2, 3, 4], [2, 2, 2, 2]),
        ([0, 9, 2, 3], [0] * 4, [1, 2, 3, 4], [2, 3, 2, 2]),
        ([0, 1, 5, 2, 6], [0] * 5, [1, 2, 3, 4, 5], [2, 2, 2, 3, 2]),  # a tie
        ([5, 6, 0, 1], [0, 0, 1, 1], [1, 2, 1, 2], [2, 2, 2, 2]),  # another file
        ([1, 0, 2, 3], [0] * 4, [2, 1, 3, 4], [2, 2, 2, 2]),  # rows in other order
        ([3, 2, 1, 0], [1, 1, 0, 0], [2, 1, 2, 1], [2, 2, 2, 2]),
        ([0, 1, 1, 2], [0] * 4, [1, 2, 3, 4], [2, 2, 2, 2]),
    ],
)
def test_clocks_that_go_back(seconds, file, row, found):
    arrays = (np.array(a, dtype=float) for a in (seconds, file, row))
    assert track.check_time_order(*arrays).tolist() == found


def test_rows_of_one_time():
    found = track.check_duplicate_time(np.array([0.0, 0.0, 0.0, 1.0, 2.0, 2.0]))
    assert found.tolist() == [2, 3, 3, 2, 2, 3]


# ---- air ----------------------------------------------------------------------------

DAY = np.array(["2015-06-01T12", "2015-06-01T20"], dtype="datetime64[ns]")


@pytest.mark.parametrize(
    ("excess", "flag"),
    [
        *((24.9, 2), (25.1, 3), (199.9, 3), (200.1, 4)),
        *((-14.9, 2), (-15.1, 3), (-59.9, 3), (-60.1, 4), (NAN, 2)),
    ],
)
def test_air_beside_marine_air(excess, flag):
    noon, middle = DAY[:1], np.array([10.5])
    expected = marine_background(noon, middle)
    values = np.repeat(expected, 2) + excess
    latitude = np.array([10.2, 10.7])
    arrays = {"time": DAY, "latitude": latitude}
    assert flags("air_plausibility", values, **arrays) == [flag, flag]
    arrays["latitude"] = np.array([NAN, NAN])
    assert flags("air_plausibility", values, **arrays) == [2, 2]


def test_marine_air_by_days_and_degrees():
    time = np.array(
        ["2015-06-01T12", "2015-06-02T01", "2015-06-02T02"], "datetime64[ns]"
    )
    latitude = np.array([89.9, -10.2, -10.9])
    found = air._expected(time, latitude, "")
    noon = np.array(["2015-06-01T12", "2015-06-02T12"], dtype="datetime64[ns]")
    one, two = marine_background(noon, np.array([89.5, -10.5]))
    assert found.tolist() == [
        one,
        two,
        marine_background(noon[1:], np.array([-10.5]))[0],
    ]
    pole = air._expected(time[:1], np.array([90.0]), "")
    assert pole.tolist() == marine_background(noon[:1], np.array([90.0])).tolist()


@pytest.mark.parametrize(
    ("value", "flag"), [(405, 2), (405.1, 3), (450, 3), (450.1, 4)]
)
def test_exhaust_is_richer_than_the_air_around(value, flag):
    values = [400.0] * 3 + [value] + [400.0] * 3
    assert flags("plume", values) == [2] * 3 + [flag] + [2] * 3
    assert flags("plume", values[1:5]) == [2] * 4  # fewer than five
    poor = [400.0] * 3 + [300.0] + [400.0] * 3
    assert flags("plume", poor) == [2] * 7


# ---- gas standards of a run ---------------------------------------------------------


def test_standards_before_and_after_a_row():
    hour = np.timedelta64(1, "h")
    start = np.datetime64("2020-01-01", "ns")
    runs = {
        "standard_run_time": start + np.array([1, 2, 3, 4, 5]) * hour,
        "standard_run_standard": np.array([0, 1, 0, 2, 1]),
        "standard_run_used": np.array([1, 1, 1, 1, 0]),
        "standard_run_true": np.array([200.0, 400.0, 200.0, 0.0, 400.0]),
    }
    data = {name: ("standard_run", values) for name, values in runs.items()}
    time = start + np.arange(7) * hour
    ds = xr.Dataset(data, coords={"time": time})
    assert standards._before(ds).tolist() == [0, 1, 2, 2, 2, 2, 2]
    assert standards._after(ds).tolist() == [2, 2, 2, 1, 0, 0, 0]
    rows = ds.assign(
        standard=("time", np.array([-1, 0, 1, 2, 0, -1, 1], dtype=np.int8))
    )
    found = standards._concentration(rows)
    np.testing.assert_array_equal(found, [NAN, 200.0, 400.0, 0.0, 200.0, NAN, 400.0])


def test_too_few_standards_on_either_side():
    sides = {
        "standards_before": np.array([2, 1, 3, 2]),
        "standards_after": np.array([2, 3, 1, 0]),
    }
    found = flags("missing_standards", [1.0, 1.0, 1.0, NAN], **sides)
    assert found[:3] == [2, 4, 4]
    assert found[3] != 4


def test_standards_and_isotopes_that_are_off():
    gas = np.array([400.0, 400.0, 400.0, NAN])
    found = flags(
        "standard_offset", [404.0, 404.1, 395.9, 1.0], standard_concentration=gas
    )
    assert found == [2, 4, 4, 2]
    total = np.array([400.0, 400.0, 400.0])
    part = np.array([4.0, 4.0, 4.0])
    found = flags("isotope_sum", [396.0, 396.002, 395.998], x13CO2=part, xCO2=total)
    assert found == [2, 4, 4]


#: Options of each check that are not given otherwise, as documented.
DEFAULTS = {
    "air_plausibility": {
        "questionable": (-15.0, 25.0),
        "bad": (-60.0, 200.0),
        "file": "",
    },
    "analyser_step": {
        "limit": 4.0,
        "sigma": 8.0,
        "T_limit": 0.06,
        "S_limit": 0.1,
        "max_gap_minutes": 10.0,
    },
    "climatology": {
        "file": "",
        "variable": "",
        "questionable": 100.0,
        "bad": 300.0,
        "sigma": 4.0,
        "trend": 0.0,
        "reference_year": 0.0,
    },
    "constant": {"minutes": 120.0},
    "constant_offset": {"share": 0.95, "tolerance": 0.001, "distinct": 10.0},
    "constant_warming": {
        "minutes": 360.0,
        "distinct": 10.0,
        "share": 0.95,
        "tolerance": 0.0001,
    },
    "cooling": {
        "low": 1.0,
        "high": 0.1,
        "summer": 0.3,
        "band": (40.0, 60.0),
        "samples": 15,
    },
    "deviation": {"sigma": 5.0},
    "flow_drop": {"questionable": 0.6, "bad": 0.1, "hours": 12.0},
    "freezing": {"questionable": 0.1, "bad": 0.5},
    "gradient": {"max_gap_minutes": 60.0},
    "ice": {"questionable": 0.8, "bad": np.inf},
    "isotope_sum": {"limit": 0.001},
    "missing_standards": {"minimum": 2.0},
    "outlier": {"bad": np.inf, "sigma": 8.0, "samples": 15, "max_gap_minutes": 60.0},
    "plume": {
        "questionable": 5.0,
        "bad": 50.0,
        "sigma": 6.0,
        "samples": 31,
        "hours": 12.0,
    },
    "port": {
        "reach_km": 0.4,
        "hours": 4.0,
        "warming": 1.0,
        "flow": 0.3,
        "ports": "",
        "port_km": 3.0,
    },
    "pressure_difference": {
        "questionable": 15.0,
        "bad": 50.0,
        "offset": 10.0,
        "samples": 31,
        "minutes": 720.0,
    },
    "range": {"questionable": (-np.inf, np.inf), "bad": (-np.inf, np.inf)},
    "speed": {"questionable": 30.0, "bad": 80.0, "blame": "one"},
    "spike": {"max_gap_minutes": 15.0},
    "standard_drift": {"per_day": 1.0, "least": 0.5, "hours": 24.0},
    "standard_gap": {"usual": 1.6, "hours": 8.0, "samples": 15},
    "standard_offset": {"limit": 4.0},
    "standard_scatter": {"questionable": 1.0, "bad": 5.0},
    "standard_step": {"questionable": 3.0, "bad": 20.0, "max_gap_hours": 12.0},
    "step": {"sigma": 8.0, "max_gap_minutes": 20.0},
    "warming": {"questionable": (-1.0, 1.0), "bad": (-3.0, 3.0)},
    "warming_outlier": {
        "questionable": 0.3,
        "bad": 3.0,
        "sigma": 4.0,
        "samples": 31,
        "minutes": 60.0,
    },
    "warming_rate": {"limit": 1.0, "front": 0.5, "samples": 15},
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_of_the_options(name):
    fields = CHECKS[name].options.model_fields
    found = {k: f.default for k, f in fields.items() if not f.is_required()}
    assert DEFAULTS[name].items() <= found.items()
