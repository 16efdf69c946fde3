"""Dated calibrations of sensors: which one counts, and drift between two."""

import csv

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.calibration import calibrate
from oceanco2.calibration.sensors import calibration_in_force
from oceanco2.errors import DataWarning, OptionError, ProcessingError
from oceanco2.platforms import available, parse
from oceanco2.vocabulary import attrs_of

TEXT = available()["demo_ship"].read_text()


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_all_sets_of_calibrations(reference_data):
    """calibration_set_cases.csv: 16 days, two targets."""
    folder = reference_data / "instruments"
    known = rows(folder / "calibration_set_inputs.csv")
    cases = rows(folder / "calibration_set_cases.csv")
    assert len(cases) == 16
    for case in cases:
        for target in ("target1", "target2"):
            calibrations = [k for k in known if k["target"] == target.upper()]
            days = [
                f"2024-01-{int(k['deployed_day_of_2024_01']):02}" for k in calibrations
            ]
            day = np.array([f"2024-01-{int(case['check_day']):02}"], "datetime64[D]")
            found = calibration_in_force(
                np.array(days, "datetime64[D]"), day, case["query"]
            )
            got = calibrations[found[0]]["calibration_id"] if found[0] >= 0 else ""
            assert got == case[f"{target}_expected_id"], case


def test_neither_prior_nor_post_is_refused():
    with pytest.raises(OptionError, match="Did you mean 'post'"):
        calibration_in_force(np.array([]), np.array([]), "pots")


def ship(calibrations, drift="none"):
    entries = "".join(
        f"[[sensors.SBE38.calibrations]]\nvalid_from = {date}\npolynomial = {poly}\n"
        for date, poly in calibrations
    )
    text = TEXT.replace("[sensors.SBE38]", f'{entries}[sensors.SBE38]\ndrift="{drift}"')
    return parse(text.encode(), "ship.toml")


def readings(dates, values):
    time = np.array(dates, dtype="datetime64[ns]")
    raw = ("time", np.array(values, dtype=float), attrs_of("SST_raw"))
    return xr.Dataset({"SST_raw": raw}, coords={"time": time})


PRE, POST = ("2024-01-01T00:00:00Z", [0.0, 1.0]), ("2024-03-01T00:00:00Z", [0.06, 1.0])


def test_drift_between_pre_and_post_is_linear_in_time():
    ds = readings(["2024-01-01", "2024-01-31", "2024-02-29T12:00"], [10.0, 10.0, 10.0])
    out = calibrate(ds, ship([PRE, POST], "linear"))
    # 60 days: 0.001 K a day.
    np.testing.assert_allclose(out["SST"], [10.0, 10.03, 10.0595], atol=1e-12)
    calibration = out["SST"].attrs["calibration"]
    assert calibration.startswith(
        "drift linear in time between polynomials [0.0, 1.0] since"
    )
    steps = calibrate(ds, ship([PRE, POST]))
    np.testing.assert_array_equal(steps["SST"], [10.0, 10.0, 10.0])
    assert steps["SST"].attrs["calibration"] == (
        "polynomials [0.0, 1.0] since 2024-01-01T00:00:00"
    )


def test_a_missing_post_calibration_is_reported():
    ds = readings(["2024-02-01", "2024-04-01"], [10.0, 10.0])
    with pytest.warns(DataWarning, match="1 of 2 rows use that of 2024-03-01 without"):
        out = calibrate(ds, ship([PRE, POST], "linear"))
    np.testing.assert_allclose(out["SST"], [10.031, 10.06], atol=1e-12)


def test_data_before_any_calibration_are_refused():
    ds = readings(["2023-12-31"], [10.0])
    with pytest.raises(ProcessingError, match=r"\[sensors.SBE38\] has no cal"):
        calibrate(ds, ship([PRE, POST], "linear"))


@given(
    offsets=st.lists(st.floats(-1, 1), min_size=2, max_size=5),
    share=st.floats(0, 0.999),
)
def test_any_series_of_calibrations_is_continuous_in_time(offsets, share):
    dates = [f"2024-{m:02}-01T00:00:00Z" for m in range(1, len(offsets) + 1)]
    platform = ship(
        [(d, [o, 1.0]) for d, o in zip(dates, offsets, strict=True)], "linear"
    )
    days = np.array([d.removesuffix("Z") for d in dates], "datetime64[ns]")
    gaps = np.diff(days)
    inside = days[:-1] + (share * gaps.astype(float)).astype("timedelta64[ns]")
    out = calibrate(readings(inside, np.zeros(inside.size)), platform)
    expected = np.array(offsets[:-1]) + share * np.diff(offsets)
    np.testing.assert_allclose(out["SST"], expected, atol=1e-6)
