"""An analyser with gas standards: values and attributes by hand."""

import datetime

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.calibration import MODELS
from oceanco2.calibration.models import analyser
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.platforms.settings import Calibration, Standard
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES

NAN = np.nan
START = np.datetime64("2020-01-01T00:00", "ns")
#: Minute, run type or gas, reading: gas 1 reads 210 for 200, gas 2 420 for 400.
ROWS = (
    *((0, 0, 209.0), (1, 0, 211.0), (2, 1, 420.0), (3, 1, 420.0)),
    *((4, "water", 315.0), (5, "water", NAN), (6, "air", 378.0)),
    *((60, 0, 210.0), (61, 0, 210.0), (62, 1, 419.0), (63, 1, 421.0)),
)


def gas(run, x, since=None, **more):
    if since is not None:
        more["valid_from"] = datetime.datetime.fromisoformat(since)
    return Standard(run=run, xCO2=x, **more)


GASES = (gas("STD1", 200.0, cylinder="A1"), gas("STD2", 400.0, cylinder="B2"))


def ship(*gases, variable=None, flushing=None, **options):
    base = platforms.load("demo_ship")
    reading = base.variables["xCO2"].model_copy(update=variable or {})
    runs = base.runs.model_copy(update={"flushing_seconds": flushing or {}})
    update = {
        "standards": list(gases or GASES),
        "calibration": Calibration(**options),
        "variables": base.variables | {"xCO2": reading},
        "runs": runs,
    }
    return base.model_copy(update=update)


def dataset(rows=ROWS, **more):
    minutes, kinds, readings = zip(*rows, strict=True)
    which = [kind if isinstance(kind, int) else -1 for kind in kinds]
    codes = [RUN_TYPES["standard" if isinstance(k, int) else k] for k in kinds]
    data = {
        "xCO2": ("time", np.array(readings, dtype=float)),
        "run_type": ("time", np.array(codes, dtype=np.int8)),
        "standard": ("time", np.array(which, dtype=np.int8)),
    }
    data |= {name: ("time", np.array(v, dtype=float)) for name, v in more.items()}
    time = START + np.array(minutes) * np.timedelta64(1, "m")
    return xr.Dataset(data, coords={"time": time.astype("datetime64[ns]")})


# ---- the entry ----------------------------------------------------------------------


def test_the_entry():
    entry = MODELS["gas_standards"]
    assert entry.apply is analyser.calibrate_analyser
    assert entry.settings is None
    assert entry.required == ()
    assert set(entry.outputs(ship())) == {"xCO2_water_Tequ_dry"}
    without = ship().model_copy(update={"variables": {}})
    assert set(entry.outputs(without)) == set()


def test_what_is_not_there():
    ds = dataset()
    assert analyser.calibrate_analyser(ds[["run_type"]], ship()).identical(
        ds[["run_type"]]
    )
    with pytest.raises(ProcessingError, match=r"\[variables.xCO2\] is an analyser"):
        analyser.calibrate_analyser(ds[["xCO2"]], ship())


# ---- one pass over it all -----------------------------------------------------------

UMOL = "umol mol-1"
#: Variable: long name and units.
SAID = {
    "calibration_standards": ("gas standards used", "1"),
    "calibration_slope": ("slope, true on measured", "1"),
    "calibration_intercept": ("intercept", UMOL),
    "calibration_age": ("time to the nearest run of the farthest standard", "h"),
    "calibration_span_distance": (
        "distance outside the span of the standards, negative below",
        UMOL,
    ),
    "calibration_residual": ("rms residual of the fit", UMOL),
    "calibration_uncertainty": (
        "standard uncertainty that the standards bring",
        UMOL,
    ),
    "standard_run_measured": ("mean reading of the run", UMOL),
    "standard_run_std": ("scatter of the readings", UMOL),
    "standard_run_count": ("readings", "1"),
    "standard_run_true": ("certified concentration", UMOL),
    "standard_run_residual": (
        "calibrated reading minus certified concentration",
        UMOL,
    ),
}
ALL = {
    *SAID,
    *("xCO2", "run_type", "standard", "xCO2_calibrated", "calibration_status"),
    *("standard_run_time", "standard_run_standard", "standard_run_used", "flushing"),
    *("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"),
}


@pytest.fixture(scope="module")
def done():
    return analyser.calibrate_analyser(dataset(), ship())


def test_variables_and_what_they_say(done):
    assert set(done.data_vars) == ALL
    for name, (long_name, units) in SAID.items():
        assert done[name].attrs == {"long_name": long_name, "units": units}
        own = "standard_run" if name.startswith("standard_run") else "time"
        assert done[name].dims == (own,)
    assert done["standard_run_time"].attrs == {"long_name": "time of the run"}
    assert done["standard_run_standard"].attrs == {
        "long_name": "gas standard of the run (0: STD1 A1, 1: STD2 B2)"
    }
    for name in ("calibration_status", "standard_run_used", "flushing"):
        assert done[name].dtype == np.int8
    status = done["calibration_status"].attrs
    assert status["long_name"] == "how the calibration was reached"
    assert status["flag_values"].tolist() == list(CALIBRATION_STATUS.values())
    assert status["flag_values"].dtype == np.int8
    used = done["standard_run_used"].attrs
    assert used["long_name"] == "run was used"
    assert used["flag_meanings"] == "no yes"
    assert used["flag_values"].tolist() == [0, 1]
    assert used["flag_values"].dtype == np.int8
    for name in ("xCO2_calibrated", "xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"):
        assert done[name].attrs["units"] == UMOL
        assert done[name].dims == ("time",)


def test_values_by_hand(done):
    slope = done["calibration_slope"].to_numpy()
    np.testing.assert_allclose(slope, 200.0 / 210.0, rtol=1e-12)
    intercept = done["calibration_intercept"].to_numpy()
    np.testing.assert_allclose(intercept, 0.0, atol=1e-9)
    np.testing.assert_allclose(
        done["xCO2_calibrated"], np.array([r[2] for r in ROWS]) / 1.05, rtol=1e-12
    )
    water, air = np.full(11, NAN), np.full(11, NAN)
    water[4], air[6] = 300.0, 360.0
    np.testing.assert_allclose(done["xCO2_water_Tequ_dry"], water, rtol=1e-12)
    np.testing.assert_allclose(done["xCO2_atm_dry_actual"], air, rtol=1e-12)
    assert done["calibration_standards"].to_numpy().tolist() == [2] * 11
    # the runs are at 0.5, 2.5, 60.5 and 62.5 minutes
    age = done["calibration_age"].to_numpy()[[4, 6]] * 60.0
    np.testing.assert_allclose(age, [3.5, 5.5])
    status = done["calibration_status"].to_numpy()
    assert status[[4, 6]].tolist() == [CALIBRATION_STATUS["two_sided"]] * 2
    below = 209.0 / 1.05 - 200.0
    distance = done["calibration_span_distance"].to_numpy()
    np.testing.assert_allclose(distance[[0, 4, 10]], [below, 0.0, 421 / 1.05 - 400.0])
    np.testing.assert_allclose(done["calibration_residual"], 0.0, atol=1e-9)


def test_noise_of_the_readings_is_that_of_the_platform_file():
    """In the middle both gases have half the weight: slope noise / sqrt(2).

    Without it, the scatter of the readings counts: 0 or sqrt(2) in each of four runs
    of two readings, a variance of the means of (1 + 0 + 0 + 1) / 4.
    """
    for noise, expected in ((0.3, 0.3), (None, 0.5**0.5)):
        platform = ship(variable={"uncertainty": noise})
        found = analyser.calibrate_analyser(dataset(), platform)
        got = float(found["calibration_uncertainty"][4])
        total = np.hypot(expected / 1.05, 0.1) / 2**0.5  # assumed for each gas: 0.1
        assert got == pytest.approx(total, rel=1e-12)


def test_runs_of_the_standards(done):
    seconds = (done["standard_run_time"].to_numpy() - START) / np.timedelta64(1, "s")
    assert seconds.tolist() == [30.0, 150.0, 3630.0, 3750.0]
    assert done["standard_run_time"].dtype == np.dtype("datetime64[ns]")
    assert done["standard_run_standard"].to_numpy().tolist() == [0, 1, 0, 1]
    assert done["standard_run_standard"].dtype == np.int8
    assert done["standard_run_measured"].to_numpy().tolist() == [210, 420, 210, 420]
    scatter = [2**0.5, 0.0, 0.0, 2**0.5]
    np.testing.assert_allclose(done["standard_run_std"], scatter)
    assert done["standard_run_count"].to_numpy().tolist() == [2] * 4
    assert done["standard_run_count"].dtype == np.int32
    assert done["standard_run_true"].to_numpy().tolist() == [200, 400, 200, 400]
    np.testing.assert_allclose(done["standard_run_residual"], 0.0, atol=1e-9)
    assert done["standard_run_used"].to_numpy().tolist() == [1] * 4


def test_times_of_runs_are_of_milliseconds():
    rows = [
        (0, 0, 210.0),
        (1, 0, 210.0),
        (1.01, 0, 210.0),
        (2, 1, 420.0),
        (3, "air", 1),
    ]
    ds = dataset([(int(60000 * m), *rest) for m, *rest in rows])
    ds["time"] = START + (ds["time"] - START) / 60000
    found = analyser.calibrate_analyser(ds, ship())
    ms = (found["standard_run_time"].to_numpy() - START) / np.timedelta64(1, "ms")
    assert ms.tolist() == [40200.0, 120000.0]


def test_residuals_of_three_gases():
    """Of 0, 10 and 26 on 0, 10 and 20 above 200: slope 1.3, mean 12 at 10."""
    gases = [gas("STD1", 200.0), gas("STD2", 210.0), gas("STD3", 226.0)]
    rows = [(0, 0, 200.0), (1, 1, 210.0), (2, 2, 220.0), (3, "water", 205.0)]
    found = analyser.calibrate_analyser(dataset(rows), ship(*gases))
    residual = found["standard_run_residual"].to_numpy()
    np.testing.assert_allclose(residual, [-1.0, 2.0, -1.0], atol=1e-9)
    rms = found["calibration_residual"].to_numpy()
    np.testing.assert_allclose(rms, 6.0**0.5)
    assert found["xCO2_water_Tequ_dry"].to_numpy()[3] == pytest.approx(205.5)
    assert "xCO2_atm_dry_actual" not in found


def test_no_run_of_a_standard():
    rows = [(0, "water", 300.0), (1, "air", 310.0)]
    with pytest.warns(DataWarning) as caught:
        found = analyser.calibrate_analyser(dataset(rows), ship())
    text = "2 of 2 water and air readings are not calibrated: fewer than 2 usable"
    assert [str(w.message) for w in caught] == [f"{text} standards within 12 h"]
    assert not [n for n in found.variables if str(n).startswith("standard_run")]
    assert np.isnan(found["xCO2_water_Tequ_dry"]).all()
    assert found["calibration_status"].to_numpy().tolist() == [0, 0]


def test_a_zero_gas_is_used_only_if_it_may_be():
    gases = [gas("STD1", 0.0), *GASES]
    rows = [(0, 0, 5.0), (1, 1, 210.0), (2, 2, 420.0), (3, "water", 315.0)]
    found = analyser.calibrate_analyser(dataset(rows), ship(*gases))
    assert found["standard_run_used"].to_numpy().tolist() == [0, 1, 1]
    assert found["calibration_standards"].to_numpy().tolist() == [2] * 4
    found = analyser.calibrate_analyser(dataset(rows), ship(*gases, include_zero=True))
    assert found["standard_run_used"].to_numpy().tolist() == [1, 1, 1]
    assert found["calibration_standards"].to_numpy().tolist() == [3] * 4


def test_a_new_cylinder_counts_from_its_date():
    """The second gas is replaced half an hour after the first row."""
    new = gas("STD2", 440.0, "2020-01-01T00:30:00+00:00", cylinder="C3")
    rows = [*ROWS[:7], *((m, g + (g == 1), x) for m, g, x in ROWS[7:])]
    rows += [(64, "water", 315.0)]
    found = analyser.calibrate_analyser(dataset(rows), ship(*GASES, new))
    slope = found["calibration_slope"].to_numpy()
    np.testing.assert_allclose(slope[:7], 200.0 / 210.0)
    np.testing.assert_allclose(slope[7:], 240.0 / 210.0)
    residual = found["standard_run_residual"].to_numpy()
    np.testing.assert_allclose(residual, 0.0, atol=1e-9)
    assert found["standard_run_true"].to_numpy().tolist() == [200, 400, 200, 440]
    said = found["standard_run_standard"].attrs["long_name"]
    assert said.endswith("(0: STD1 A1, 1: STD2 B2, 2: STD2 C3)")


def test_without_cylinders_the_names_end_with_the_run():
    gases = [gas("STD1", 200.0), gas("STD2", 400.0)]
    found = analyser.calibrate_analyser(dataset(), ship(*gases))
    said = found["standard_run_standard"].attrs["long_name"]
    assert said == "gas standard of the run (0: STD1 , 1: STD2)"


def test_values_that_the_file_has_stay():
    own = np.arange(11.0)
    names = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
    ds = dataset(**dict.fromkeys(names, own))
    found = analyser.calibrate_analyser(ds, ship())
    for name in names:
        np.testing.assert_array_equal(found[name], own)


def test_flushing_begins_with_each_run():
    platform = ship(flushing={"water": 60.0, "standard": 0.0})
    rows = [*ROWS[:4], *((m, "water", 315.0) for m in (4, 5, 6)), *ROWS[7:]]
    found = analyser.calibrate_analyser(dataset(rows), platform)
    assert found["flushing"].to_numpy().tolist() == [0] * 4 + [1, 1, 0] + [0] * 4


# ---- drying -------------------------------------------------------------------------

WATER = [0.2, 0.2, 0.2, 0.2, 20.0, 20.0, 10.0, 0.4, 0.4, 0.4, 0.4]


@pytest.mark.parametrize(
    ("dry", "correction", "dried"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_dried_if_the_reading_is_humid_or_the_file_says_so(dry, correction, dried):
    platform = ship(variable={"dry": dry}, moisture_correction=correction)
    found = analyser.calibrate_analyser(dataset(xH2O=WATER), platform)
    share = 0.98 if dried else 1.0
    assert float(found["xCO2_water_Tequ_dry"][4]) == pytest.approx(300.0 / share)
    share = 0.99 if dried else 1.0
    assert float(found["xCO2_atm_dry_actual"][6]) == pytest.approx(360.0 / share)
    assert "xH2O_calibrated" not in found
    if dried:
        with pytest.raises(ProcessingError, match=r"drying needs \[variables.xH2O\]"):
            analyser.calibrate_analyser(dataset(), platform)


def test_water_that_dry_standards_show_is_taken_off():
    """0.2 at 1.5 minutes and 0.4 at 61.5: at 4 minutes 0.2 + 0.2 x 2.5/60."""
    platform = ship(moisture_correction=True, water_zero=True)
    found = analyser.calibrate_analyser(dataset(xH2O=WATER), platform)
    offset = 0.2 + 0.2 * 2.5 / 60.0
    water = found["xH2O_calibrated"]
    assert water.dims == ("time",)
    assert float(water[4]) == pytest.approx(20.0 - offset, rel=1e-12)
    np.testing.assert_allclose(water[:4], [0, 0, -0.1 / 60, -0.3 / 60], atol=1e-12)
    method = "water that the dry standards show is taken off"
    assert (water.attrs["method"], water.attrs["units"]) == (method, "mmol mol-1")
    expected = 300.0 / (1.0 - 1e-3 * (20.0 - offset))
    dry = float(found["xCO2_water_Tequ_dry"][4])
    assert dry == pytest.approx(expected, rel=1e-12)


def test_age_of_the_dry_standards():
    """Farther from a standard than `max_age_hours`, its water is not known."""
    platform = ship(moisture_correction=True, water_zero=True, max_age_hours=0.05)
    with pytest.warns(DataWarning, match="within 0.05 h"):
        found = analyser.calibrate_analyser(dataset(xH2O=WATER), platform)
    lost = np.isnan(found["xH2O_calibrated"].to_numpy())
    assert lost.tolist() == [False] * 5 + [True] * 2 + [False] * 4


# ---- warnings -----------------------------------------------------------------------


def test_readings_without_standards_are_counted():
    """The last standard is 1.04 h old at minute 125; a NaN is no reading."""
    rows = [*ROWS, (130, "water", 300.0), (131, "air", 300.0), (132, "water", NAN)]
    with pytest.warns(DataWarning) as caught:
        analyser.calibrate_analyser(dataset(rows), ship(max_age_hours=1.05))
    text = "2 of 4 water and air readings are not calibrated: fewer than 2 usable"
    assert [str(w.message) for w in caught] == [f"{text} standards within 1.05 h"]


def test_rejected_runs_are_named_once():
    rows = [*ROWS, (64, 0, 300.0), (65, 1, 420.0), (66, 0, 310.0), (67, "water", 1.0)]
    with pytest.warns(DataWarning) as caught:
        found = analyser.calibrate_analyser(dataset(rows), ship())
    assert [str(w.message) for w in caught] == ["2 runs of standards rejected: STD1"]
    assert found["standard_run_used"].to_numpy().tolist() == [1] * 4 + [0, 1, 0]
    rows += [(68, 1, 300.0), (69, "air", 315.0)]
    with pytest.warns(DataWarning, match="3 runs of standards rejected: STD1, STD2$"):
        analyser.calibrate_analyser(dataset(rows), ship())


def test_minimum_of_standards_in_the_warning():
    with pytest.warns(DataWarning, match="fewer than 3 usable standards within 12 h"):
        analyser.calibrate_analyser(dataset(), ship(minimum_standards=3))
