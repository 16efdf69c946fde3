"""Gas standards against reference cases and as properties."""

import csv

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.calibration import calibrate
from oceanco2.calibration.standards import StandardRuns, fit
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.platforms.settings import Calibration, Standard
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES

STATUS = {code: word for word, code in CALIBRATION_STATUS.items()}


def platform(true, **options):
    standards = [Standard(run=f"STD{i}", xCO2=x) for i, x in enumerate(true, 1)]
    base = platforms.load("demo_ship")
    return base.model_copy(
        update={"standards": standards, "calibration": Calibration(**options)}
    )


def runs_of(hours, which, measured):
    n = len(hours)
    return StandardRuns(
        seconds=np.array(hours) * 3600.0,
        standard=np.array(which, dtype=np.int8),
        measured=np.array(measured, dtype=float),
        scatter=np.full(n, np.nan),
        count=np.ones(n, dtype=np.int32),
        used=np.ones(n, dtype=bool),
    )


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_reference_cases(reference):
    """gas_standard_synthetic_cases.csv: every status."""
    folder = reference / "instruments"
    runs = rows(folder / "gas_standard_synthetic_runs.csv")
    for case in rows(folder / "gas_standard_synthetic_cases.csv"):
        dropped = case["dropped_runs"].split(";")
        kept = [
            r
            for r in runs
            if r["set"] in case["sets_available"]
            and f"{r['set']}:{r['run_type']}" not in dropped
        ]
        ship = platform(
            [0.0, 250.0, 400.0, 550.0],
            include_zero=case["include_zero"] == "1",
            max_age_hours=float(case["max_age_h"]),
        )
        table = runs_of(
            [float(r["hours"]) for r in kept],
            [int(r["run_type"][3]) - 1 for r in kept],
            [float(r["measured_umol_mol"]) for r in kept],
        )
        at = np.array([float(case["hours"]) * 3600.0])
        got = fit(np.array([float(case["measured_umol_mol"])]), at, table, ship)
        assert STATUS[int(got.status[0])] == case["status"], case["case"]
        if case["status"] == "not_calibrated":
            assert np.isnan(got.calibrated[0])
        else:
            assert int(got.number[0]) == int(case["standards_used"])
            for value, column in (
                (got.calibrated, "calibrated_true_on_measured"),
                (got.slope, "slope_true_on_measured"),
                (got.intercept, "intercept_true_on_measured"),
            ):
                assert value[0] == pytest.approx(float(case[column]), abs=1e-6)


def test_each_standard_is_interpolated_for_itself(reference_data):
    """gas_standard_series.csv: three standards over two days, read at one time."""
    folder = reference_data / "instruments"
    series = rows(folder / "gas_standard_series.csv")
    true = [350.0, 450.0, 550.0]
    origin = np.datetime64("2010-05-14T00:00:00")
    hours = [
        (np.datetime64(r["time_utc"]) - origin) / np.timedelta64(1, "h") for r in series
    ]
    order = np.argsort(hours)
    which = [true.index(float(r["standard_true_umol_mol"])) for r in series]
    measured = [float(r["measured_umol_mol"]) for r in series]
    table = runs_of(*(np.array(x)[order] for x in (hours, which, measured)))
    for expected in rows(folder / "gas_standard_interpolated.csv"):
        at = (np.datetime64(expected["time_utc"]) - origin) / np.timedelta64(1, "s")
        index = true.index(float(expected["standard_true_umol_mol"]))
        # With one standard alone, its true value comes back where it is read.
        reading = float(expected["interpolated_from_printed_series_umol_mol"])
        ship = platform(true, method="piecewise")
        got = fit(np.array([reading]), np.array([at]), table, ship)
        assert got.calibrated[0] == pytest.approx(true[index], abs=1e-4)


def test_fault_f1_true_is_fitted_on_measured():
    """Fault F1: 381.237474, not 381.24044 (offset on true at measured)."""
    table = runs_of(
        [0.1, 0.2, 0.3, 3.1, 3.2, 3.3],
        [0, 1, 2, 0, 1, 2],
        [248.2, 398.1, 549.0, 249.1, 398.9, 549.9],
    )
    got = fit(np.array([380.0]), np.array([5400.0]), table, platform([250, 400, 550]))
    assert got.calibrated[0] == pytest.approx(381.237474, abs=1e-6)
    assert abs(got.calibrated[0] - 381.24044) > 1e-3


def test_fault_f3_equal_standards_give_an_offset():
    table = runs_of([0, 1], [0, 1], [402.0, 402.0])
    got = fit(np.array([300.0]), np.array([1800.0]), table, platform([400.0, 400.0]))
    assert got.calibrated[0] == pytest.approx(298.0)


@given(
    gain=st.floats(0.9, 1.1),
    offset=st.floats(-20, 20),
    drift=st.floats(-1, 1),
    reading=st.floats(200, 600),
)
def test_any_linear_analyser_with_linear_drift_is_undone(gain, offset, drift, reading):
    true = [250.0, 400.0, 550.0]
    hours = np.array([0.0, 0.1, 0.2, 3.0, 3.1, 3.2])
    which = np.array([0, 1, 2, 0, 1, 2])
    measured = np.array(true)[which] * gain + offset + drift * hours
    at = 1.7
    got = fit(
        np.array([reading * gain + offset + drift * at]),
        np.array([at * 3600.0]),
        runs_of(hours, which, measured),
        platform(true),
    )
    assert got.calibrated[0] == pytest.approx(reading, abs=1e-8)
    expected = max(reading - 550.0, 0.0) - max(250.0 - reading, 0.0)
    assert got.distance[0] == pytest.approx(expected, abs=1e-7)


def log(measured, labels, minutes):
    """A small aligned dataset of an analyser."""
    words = sorted(set(labels))
    kinds = {"E": "water", "A": "air", "S": "standard"}
    n = len(labels)
    time = np.datetime64("2024-03-01", "ns") + (np.array(minutes) * 60).astype(
        "timedelta64[s]"
    )
    run_type = np.array([RUN_TYPES[kinds[x[0]]] for x in labels], dtype=np.int8)
    standard = [int(x[3]) - 1 if x[0] == "S" else -1 for x in labels]
    return xr.Dataset(
        {
            "xCO2": ("time", np.array(measured, dtype=float)),
            "run_type": ("time", run_type),
            "standard": ("time", np.array(standard, dtype=np.int8)),
            "run_label": (
                "time",
                np.array([words.index(x) for x in labels], dtype=np.int16),
                {"flag_meanings": " ".join(words)},
            ),
            "source_file": ("time", np.zeros(n, dtype=np.int16)),
            "source_row": ("time", np.arange(1, n + 1, dtype=np.int32)),
        },
        coords={"time": time},
        attrs={"source_files": ["log.txt"]},
    )


def test_a_dead_reading_of_a_standard_does_not_poison_the_fit():
    labels, measured, minutes = [], [], []
    for group in range(8):
        for i, true in enumerate((250.0, 400.0, 550.0), 1):
            labels.append(f"STD{i}")
            measured.append(true - 1.0)
            minutes.append(group * 180 + i)
        labels.append("EQU")
        measured.append(379.0)
        minutes.append(group * 180 + 60)
    measured[4 * 4 + 1] = 0.0  # the middle standard of the fifth set is dead
    with pytest.warns(DataWarning, match="1 runs of standards rejected: STD2"):
        ds = calibrate(log(measured, labels, minutes), platform([250.0, 400.0, 550.0]))
    water = ds["xCO2_water_Tequ_dry"].to_numpy()
    np.testing.assert_allclose(water[np.isfinite(water)], 380.0, atol=1e-9)
    assert int((ds["standard_run_used"] == 0).sum()) == 1


@pytest.mark.parametrize("gain", [False, True])
def test_an_analyser_that_steps_with_all_its_standards_keeps_their_runs(gain):
    def reads(true, group):
        if group not in (4, 5):
            return true - 1.0
        return true * 1.03 if gain else true + 9.0

    labels, measured, minutes = [], [], []
    for group in range(10):
        for i, true in enumerate((250.0, 400.0, 550.0), 1):
            labels.append(f"STD{i}")
            measured.append(reads(true, group))
            minutes.append(group * 180 + i)
        labels.append("EQU")
        measured.append(reads(380.0, group))
        minutes.append(group * 180 + 90)
    ds = calibrate(log(measured, labels, minutes), platform([250.0, 400.0, 550.0]))
    water = ds["xCO2_water_Tequ_dry"].to_numpy()
    # Between the sets around each step the time of the step is unknown.
    known = np.isfinite(water)
    known[[3 * 4 + 3, 5 * 4 + 3]] = False
    np.testing.assert_allclose(water[known], 380.0, atol=1e-9)
    assert (ds["standard_run_used"] == 1).all()


def test_values_never_change_and_runs_are_kept_apart():
    before = log([249, 399, 400, 410], ["STD1", "STD2", "EQU", "ATM"], [0, 5, 10, 12])
    after = calibrate(before, platform([250.0, 400.0]))
    for name in before.data_vars:
        np.testing.assert_array_equal(after[name], before[name])
    assert after["calibration_status"].to_numpy()[2] == CALIBRATION_STATUS["one_sided"]
    assert np.isfinite(after["xCO2_water_Tequ_dry"]).sum() == 1
    assert np.isfinite(after["xCO2_atm_dry_actual"]).sum() == 1
    assert after["xCO2_atm_dry_interp"].to_numpy()[2] == pytest.approx(411.0)


def test_one_sided_can_be_refused_and_uncalibrated_carried():
    ds = log([249, 399, 400], ["STD1", "STD2", "EQU"], [0, 5, 10])
    with pytest.warns(DataWarning, match="1 of 1 water and air readings are not"):
        refused = calibrate(ds, platform([250.0, 400.0], one_sided="reject"))
    assert np.isnan(refused["xCO2_water_Tequ_dry"]).all()
    old = log([249, 399, 400], ["STD1", "STD2", "EQU"], [0, 5, 10 + 13 * 60])
    with pytest.warns(DataWarning, match="within 12 h"):
        lost = calibrate(old, platform([250.0, 400.0]))
    assert np.isnan(lost["xCO2_calibrated"])[2]
    carried = calibrate(old, platform([250.0, 400.0], allow_uncalibrated=True))
    assert carried["xCO2_calibrated"].to_numpy()[2] == 400.0
    status = CALIBRATION_STATUS["uncalibrated_accepted"]
    assert carried["calibration_status"].to_numpy()[2] == status


def test_flushing_readings_are_left_out():
    ship = platform([250.0, 400.0])
    runs = ship.runs.model_copy(
        update={"flushing_seconds": {"standard": 60, "water": 30}}
    )
    ship = ship.model_copy(update={"runs": runs})
    measured = [900, 249, 900, 399, 400, 400]
    labels = ["STD1", "STD1", "STD2", "STD2", "EQU", "EQU"]
    ds = calibrate(log(measured, labels, [0, 2, 4, 6, 8, 9]), ship)
    np.testing.assert_allclose(ds["standard_run_measured"], [249.0, 399.0])
    np.testing.assert_array_equal(ds["flushing"].to_numpy()[-2:], [1, 0])


def test_a_standard_without_a_concentration_is_named():
    ds = log([249, 399], ["STD1", "STD2"], [0, 5])
    ds["standard"][1] = -1
    with pytest.raises(ProcessingError, match=r"log\.txt:2: run STD2 is a standard"):
        calibrate(ds, platform([250.0, 400.0]))


def test_a_new_cylinder_replaces_the_old_one_of_the_same_label():
    ship = platform([250.0, 400.0])
    new = Standard(run="STD2", xCO2=450.0, valid_from="2024-03-01T03:00:00Z")
    ship = ship.model_copy(update={"standards": [*ship.standards, new]})
    labels = ["STD1", "STD2", "EQU", "STD1", "STD2", "EQU"]
    ds = log([249, 399, 379, 249, 449, 429], labels, [0, 5, 10, 180, 185, 190])
    ds["standard"][4] = 2
    water = calibrate(ds, ship)["xCO2_water_Tequ_dry"].to_numpy()
    np.testing.assert_allclose(water[[2, 5]], [380.0, 430.0], atol=1e-9)


def test_speed_and_shape_of_a_long_series():
    """60,000 samples, hundreds of runs: no loop over samples."""
    hours = np.arange(0, 1750, 3.0)
    times = np.concatenate([hours + 0.1 * i for i in range(4)])
    which = np.repeat(np.arange(4), hours.size)
    order = np.argsort(times)
    true = np.array([200.0, 350.0, 450.0, 550.0])
    table = runs_of(times[order], which[order], true[which[order]] + 1.0)
    at = np.linspace(0, 1749 * 3600.0, 60_000)
    got = fit(np.full(at.shape, 401.0), at, table, platform(true))
    np.testing.assert_allclose(got.calibrated, 400.0, atol=1e-9)


def test_air_within_the_flushing_time_does_not_enter_the_air_over_water():
    chosen = platform([250.0, 400.0])
    runs = chosen.runs.model_copy(update={"flushing_seconds": {"air": 60}})
    chosen = chosen.model_copy(update={"runs": runs})
    labels = ["STD1", "STD2", "ATM", "ATM", "ATM", "EQU", "STD1", "STD2"]
    minutes = [0, 2, 4, 4.5, 6, 8, 10, 12]
    measured = [250.0, 400.0, 300.0, 310.0, 420.0, 380.0, 250.0, 400.0]
    ds = calibrate(log(measured, labels, minutes), chosen)
    assert ds["flushing"].to_numpy()[2:5].tolist() == [1, 1, 0]
    assert ds["xCO2_atm_dry_interp"].to_numpy()[5] == pytest.approx(420.0)
