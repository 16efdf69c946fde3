"""CONTROS HydroC: signals to pCO2, zero modes, sheets before and after, flushing."""

import csv

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.calibration import calibrate
from oceanco2.calibration.models.hydroc import (
    HydroC,
    Phases,
    ResponseTime,
    correct_response,
)
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.pipeline import check
from oceanco2.platforms import parse as parse_bytes
from oceanco2.reduction import reduce
from oceanco2.vocabulary import RUN_TYPES

HEAD = """
schema = 1
name = "Sensor"
kind = "ship"
platform_code = "99ZZ"
[files.log]
reader = "contros_table"
time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%S" }
[variables]
SST = { column = "sst", units = "degree_Celsius" }
salinity = { value = 35.0, units = "1" }
signal_detector = { column = "signal_raw", units = "1" }
signal_reference = { column = "signal_ref", units = "1" }
state_zero = { column = "zero", units = "1" }
state_flush = { column = "flush", units = "1" }
runtime = { column = "runtime", units = "s" }
T_gas = { column = "t_gas", units = "degree_Celsius" }
P_analyser = { column = "p_ndir", units = "hPa" }
P_equ = { column = "p_in", units = "hPa" }
[calibration]
model = "hydroc"
[hydroc]
"""
SETTLED = "response_time_seconds = 0  # each reading of the cases has settled"
PRE = """
[[hydroc.coefficients]]
valid_from = 2024-01-01
F = 60000
k1 = 0.06
k2 = 3.5e-6
k3 = 3e-10
runtime = 1000000
"""
POST = """
[[hydroc.coefficients]]
valid_from = 2025-01-01
F = 60000
k1 = 0.062
k2 = 3.1e-6
k3 = 3.4e-10
runtime = 3000000
"""
MODES = {
    "Continuous": "continuous",
    "Zero after sleep": "zero_after_sleep",
    "Zero before sleep": "zero_before_sleep",
}


def parse(text, name):
    return parse_bytes(text.encode(), name)


def platform(table, post=True):
    return parse(HEAD + table + PRE + (POST if post else ""), "sensor.toml")


@pytest.fixture
def cases(reference):
    def read(name):
        path = reference / "instruments" / name
        with path.open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return read("hydroc_synthetic_inputs.csv"), read("hydroc_synthetic_cases.csv")


def dataset(rows, groups):
    """Rows of the reference table as the sensor would log them."""
    kept = [r for r in rows if r["kind"] == "zero" and r["name"] in groups]
    kept += [r for r in rows if r["kind"] == "measurement"]
    kept.sort(key=lambda r: float(r["runtime_s"]))
    runtime = np.array([float(r["runtime_s"]) for r in kept])
    m = next(r for r in rows if r["kind"] == "measurement")

    def full(key):
        return "time", np.full(len(kept), float(m[key]))

    def column(key):
        return "time", np.array([float(r[key]) for r in kept])

    zero = np.array([float(r["kind"] == "zero") for r in kept])
    start = np.datetime64("2024-03-01", "ns")
    time = start + (runtime - runtime[0]).astype("timedelta64[s]")
    data = {
        "signal_detector": column("signal_raw"),
        "signal_reference": column("signal_ref"),
        "state_zero": ("time", zero),
        "state_flush": ("time", 0.0 * zero),
        "runtime": ("time", runtime),
        "T_gas": full("gas_temp_C"),
        "P_analyser": full("p_NDIR_hPa"),
        "P_equ": full("p_in_hPa"),
        "SST": full("water_temp_C"),
        "salinity": ("time", np.full(len(kept), 35.0)),
    }
    return xr.Dataset(data, coords={"time": time}), zero == 0


def test_all_reference_cases(cases):
    """The 18 made cases: three zero modes, zeros on one side or both, both sheets."""
    rows, expected = cases
    assert len(expected) == 18
    for case in expected:
        ds, water = dataset(rows, case["zero_groups"].split("+"))
        mode = MODES[case["zero_mode"]]
        post = case["calibrations"] == "pre+post"
        described = platform(f'zero_mode = "{mode}"\n{SETTLED}', post)
        out = reduce(calibrate(ds, described), described)
        found = {
            "zero_S2beam": out["signal_zero"],
            "k1": out["calibration_k1"],
            "k2": out["calibration_k2"],
            "k3": out["calibration_k3"],
            "xCO2_wet_umol_mol": out["xCO2_water_SST_wet"],
            "pCO2_uatm": out["pCO2_water_SST_wet"],
            "fCO2_uatm": out["fCO2_water_SST_wet"],
        }
        for key, values in found.items():
            tolerance = {"abs": 2e-6, "rel": 1e-8, "nan_ok": True}
            expected = pytest.approx(float(case[key]), **tolerance)
            assert float(values.to_numpy()[water][0]) == expected, (case, key)
        status = int(out["calibration_status"].to_numpy()[water][0])
        words = {"calibrated": 1, "pre_only": 2, "no_zero": 0}
        assert status == words[case["calibration_status"]]


def test_gas_temperature_is_in_kelvin_right(cases):
    """273.15, not the 274.15 of a public program: that would give 0.3 % more."""
    rows, _ = cases
    ds, water = dataset(rows, ["A", "B"])
    out = calibrate(ds, platform(SETTLED, post=False))
    value = float(out["xCO2_water_SST_wet"].to_numpy()[water][0])
    assert value == pytest.approx(441.477237, abs=1e-6)
    assert abs(value * 308.65 / 307.65 - 441.477237) > 1.0


def states(zero, flush, seconds):
    data = {"state_zero": ("time", zero), "state_flush": ("time", flush)}
    return xr.Dataset(data), np.asarray(seconds, dtype=float)


def test_flushing_rules():
    """Whole flush phase; zero flush; response time from the START of the flush."""
    zero = np.array([0, 1, 1, 1, 0, 0, 0, 0, 0, 0.0])
    flush = np.array([0, 0, 0, 0, 1, 1, 0, 0, 0, 0.0])
    ds, seconds = states(zero, flush, np.arange(10) * 60)
    text = "zero_flush_seconds = 60\nresponse_time_seconds = 180"
    table = platform(text).settings(HydroC)
    phases = Phases.of(ds, seconds, table)
    words = {code: word for word, code in RUN_TYPES.items()}
    kinds = [words[int(c)] for c in phases.run_type]
    assert kinds == ["water", *["zero"] * 3, *["flush"] * 2, *["water"] * 4]
    # the first row, 0-60 s of the zero, the flush, and up to 240 + 180 = 420 s
    assert phases.flushing.tolist() == [True] * 3 + [False] + [True] * 4 + [False] * 2


def test_fractions_of_means_count_as_zero_and_not_as_zero_readings():
    zero = np.array([0.0, 0.4, 1.0, 0.7, 0.0])
    ds, seconds = states(zero, np.zeros(5), np.arange(5) * 60)
    phases = Phases.of(ds, seconds, platform("").settings(HydroC))
    assert (phases.run_type[1:4] == RUN_TYPES["zero"]).all()
    assert phases.flushing.tolist() == [False, True, False, True, False]


def test_rows_without_a_zero_state_are_not_of_the_sensor():
    ds, seconds = states(np.array([np.nan, 0.0]), np.zeros(2), [0, 60])
    phases = Phases.of(ds, seconds, platform("").settings(HydroC))
    assert phases.run_type[0] == RUN_TYPES["ignored"]


def test_sheet_within_the_data_is_refused(cases):
    rows, _ = cases
    ds, _ = dataset(rows, ["A", "B"])
    late = SETTLED + PRE + POST.replace("2025-01-01", "2024-03-01T01:00:00")
    with pytest.raises(ProcessingError, match="change within the data"):
        calibrate(ds, parse(HEAD + late, "sensor.toml"))
    early = SETTLED + PRE.replace("2024-01-01", "2024-06-01")
    with pytest.raises(
        ProcessingError, match="no coefficients are valid at their start"
    ):
        calibrate(ds, parse(HEAD + early, "sensor.toml"))


def test_factory_zero_is_the_coefficient(cases):
    rows, _ = cases
    ds, water = dataset(rows, [])
    text = HEAD + 'zero_mode = "factory"' + PRE + "s2beam_zero = 0.808\n"
    out = calibrate(ds, parse(text, "sensor.toml"))
    value = float(out["pCO2_water_SST_wet"].to_numpy()[water][0])
    # The table's zero is a mean of three, 0.808 to nine digits only.
    assert value == pytest.approx(442.982666, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (HEAD.partition("[hydroc]")[0], r"\[hydroc\]"),
        (HEAD + PRE.replace("k3 = 3e-10", ""), "k3"),
        (HEAD + 'zero_mode = "factory"' + PRE, "s2beam_zero"),
        (HEAD + 'zero_mode = "continous"' + PRE, "continuous"),
        (HEAD + PRE.replace("k2 =", "kk2 ="), "k2"),
        ((HEAD + PRE).replace("T_gas = {", "T_atm = {"), "T_gas"),
    ],
)
def test_wrong_tables_are_reported(text, word):
    with pytest.raises(PlatformError, match=word):
        check(parse(text, "sensor.toml"))


@given(
    truth=st.lists(st.floats(200, 600), min_size=3, max_size=40),
    tau=st.floats(20, 400),
)
def test_response_correction_undoes_the_response(truth, tau):
    """Convolving a known series and correcting it gives it back."""
    seconds = np.arange(len(truth)) * 60.0
    left = np.exp(-60.0 / tau)
    slow = np.array(truth)
    for i in range(1, slow.size):
        slow[i] = slow[i - 1] * left + truth[i] * (1.0 - left)
    way = ResponseTime(tau_seconds=tau)
    out, gain = correct_response(seconds, slow, np.ones(slow.size, bool), way)
    np.testing.assert_allclose(out, truth, rtol=1e-9)
    assert gain[1:] == pytest.approx(np.sqrt(1 + left**2) / (1 - left))


def test_response_correction_states_its_noise():
    """White noise grows by the stated factor."""
    random = np.random.default_rng(1)
    seconds = np.arange(20000) * 60.0
    noisy = 400.0 + random.normal(0, 0.5, seconds.size)
    way = ResponseTime(tau_seconds=120.0)
    out, gain = correct_response(seconds, noisy, np.ones(seconds.size, bool), way)
    assert out[1:].std() == pytest.approx(0.5 * gain[1:].mean(), rel=0.03)
    assert gain[5] > 2.0


def test_coefficients_must_be_there():
    with pytest.raises(ValueError, match="coefficients"):
        HydroC()
