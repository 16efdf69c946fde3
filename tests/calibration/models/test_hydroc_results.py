"""A HydroC from signals to pCO2: every result, its uncertainty and what it says."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration import MODELS
from oceanco2.calibration.models import hydroc
from oceanco2.calibration.models.hydroc import (
    HydroC,
    HydroCCoefficients,
    ResponseTime,
    calibrate_hydroc,
)
from oceanco2.errors import PlatformError
from oceanco2.physics import hydroc_signal, hydroc_xco2
from oceanco2.platforms import load
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES, attrs_of

START = np.datetime64("2020-01-02", "ns")
F, K = 60000.0, (8e-2, 1e-6, 3e-11)
N = 8
DETECTOR = np.array([9000.0, 9000.0, 8000.0, 8100.0, 8200.0, 8300.0, 8400.0, 8500.0])


def sheet(day="2020-01-01", **more):
    known = {"F": F, "k1": K[0], "k2": K[1], "k3": K[2]}
    return HydroCCoefficients(valid_from=day, **(known | more))


def platform(*sheets, **options):
    ship = load("demo_hydroc").model_copy()
    ship._tables = {}
    ship.add_tables(
        {"hydroc": HydroC(coefficients=list(sheets or [sheet()]), **options)}
    )
    return ship


def dataset(**more):
    columns = {
        "signal_detector": DETECTOR,
        "signal_reference": np.full(N, 10000.0),
        "T_gas": np.full(N, 30.0),
        "P_analyser": np.full(N, 1010.0),
        "P_equ": np.full(N, 1020.0),
        "state_zero": np.array([1.0] * 2 + [0.0] * 6),
        "state_flush": np.array([0.0] * 2 + [1.0] + [0.0] * 5),
        "SST": np.full(N, 10.0),
    }
    data = {k: ("time", v) for k, v in (columns | more).items() if v is not None}
    return xr.Dataset(data, {"time": START + np.arange(N) * np.timedelta64(60, "s")})


def without_zero(ship):
    left = {k: v for k, v in ship.variables.items() if k != "state_zero"}
    changed = ship.model_copy(update={"variables": left})
    changed._tables = ship._tables
    return changed


def test_the_entry():
    entry = MODELS["hydroc"]
    assert entry.apply is calibrate_hydroc
    assert entry.outputs is hydroc.hydroc_outputs
    assert entry.settings is HydroC
    needed = ("signal_detector", "signal_reference", "T_gas", "P_analyser", "P_equ")
    assert entry.required == needed
    assert not entry.in_options
    assert "doi:10.1175/JTECH-D-13-00083.1" in entry.cite
    ds = dataset()
    assert calibrate_hydroc(ds, load("demo_ship")) is ds
    ship = without_zero(platform())
    with pytest.raises(PlatformError, match="lacks state_zero"):
        hydroc.hydroc_outputs(ship)
    ship = without_zero(platform(sheet(s2beam_zero=0.9), zero_mode="factory"))
    names = ("xCO2_water_SST_wet", "pCO2_water_SST_wet")
    assert hydroc.hydroc_outputs(ship) == names


def by_hand(zero=0.9, k=K):
    signal = hydroc_signal(DETECTOR, np.full(N, 10000.0), zero, F)
    return hydroc_xco2(signal, 30.0, 1010.0, *k)


def measured(values):
    """Water is measured from the fourth row on; the third flushes."""
    return np.where(np.arange(N) >= 3, values, np.nan)


METHOD = "signals over the zero gas, Fietzek et al. (2014)"


def test_all_results():
    ds = dataset()
    found = calibrate_hydroc(ds, platform())
    x = measured(by_hand())
    assert np.isfinite(x).sum() == 5
    np.testing.assert_allclose(found["xCO2_water_SST_wet"], x, rtol=1e-12)
    pco2 = x * 1020.0 / 1013.25
    np.testing.assert_allclose(found["pCO2_water_SST_wet"], pco2, rtol=1e-12)
    error = found["pCO2_water_SST_wet_uncertainty"]
    np.testing.assert_allclose(error, 0.01 * pco2, rtol=1e-9)
    name = "pCO2_water_SST_wet_uncertainty"
    source = "assumed: 1 % of the reading"
    assert error.attrs == attrs_of(name, uncertainty_source=source)
    for name in ("xCO2_water_SST_wet", "pCO2_water_SST_wet"):
        assert found[name].attrs == attrs_of(name, method=METHOD)
    np.testing.assert_allclose(found["signal_zero"], 0.9)
    sheets = {
        "calibration_coefficients": "sheets of 2020-01-01",
        "interpolated_in": "clock time",
        "scale_factor_F": F,
    }
    assert found["signal_zero"].attrs == attrs_of("signal_zero") | sheets
    status = found["calibration_status"]
    one, none = CALIBRATION_STATUS["one_sided"], CALIBRATION_STATUS["not_calibrated"]
    assert status.to_numpy().tolist() == [none] * 3 + [one] * 5
    assert status.dtype == status.attrs["flag_values"].dtype == np.int8
    assert status.attrs["long_name"] == "how the calibration was reached"
    assert {k: status.attrs[k] for k in sheets} == sheets
    for name, value in zip(("k1", "k2", "k3"), K, strict=True):
        k = found[f"calibration_{name}"]
        assert k.to_numpy().tolist() == [value] * N
        text = f"coefficient {name} of the calibration, at the time of the row"
        assert k.attrs == {"long_name": text, "units": "1"}
    kinds = ["zero"] * 2 + ["flush"] + ["water"] * 5
    assert found["run_type"].to_numpy().tolist() == [RUN_TYPES[k] for k in kinds]
    for name in set(found) - set(ds):
        own = "zero_group" if name.startswith("zero_group") else "time"
        assert found[name].dims == (own,)


def test_coefficients_between_two_sheets():
    """In runtime, which is at its middle between both: k1 is 1.5 times the first."""
    sheets = (
        sheet(runtime=100.0, certificate="A"),
        sheet("2020-03-01", runtime=300.0, k1=2 * K[0], certificate="B"),
    )
    ds = dataset(runtime=np.full(N, 200.0))
    found = calibrate_hydroc(ds, platform(*sheets))
    x = measured(by_hand(k=(1.5 * K[0], *K[1:])))
    np.testing.assert_allclose(found["xCO2_water_SST_wet"], x, rtol=1e-12)
    attrs = found["signal_zero"].attrs
    assert (
        attrs["calibration_coefficients"] == "sheets of 2020-01-01 (A), 2020-03-01 (B)"
    )
    assert attrs["interpolated_in"] == "runtime"
    two = CALIBRATION_STATUS["two_sided"]
    assert found["calibration_status"].to_numpy()[3:].tolist() == [two] * 5
    lost = dataset(runtime=np.full(N, np.nan))
    found = calibrate_hydroc(lost, platform(*sheets))
    assert found["signal_zero"].attrs["interpolated_in"] == "clock time"


def test_the_zero_of_the_factory():
    ship = platform(sheet(s2beam_zero=0.95), zero_mode="factory")
    found = calibrate_hydroc(dataset(state_zero=None), ship)
    assert found["signal_zero"].to_numpy().tolist() == [0.95] * N
    x = by_hand(0.95)[3:]
    np.testing.assert_allclose(found["xCO2_water_SST_wet"][3:], x, rtol=1e-12)


def test_temperature_of_the_equilibrator_and_own_values():
    found = calibrate_hydroc(dataset(T_equ=np.full(N, 10.5)), platform())
    assert "pCO2_water_Tequ_wet" in found
    assert "xCO2_water_Tequ_wet" in found
    assert "pCO2_water_Tequ_wet_uncertainty" in found
    assert "pCO2_water_SST_wet" not in found
    own = dataset(pCO2_water_SST_wet=np.arange(N) * 1.0)
    found = calibrate_hydroc(own, platform())
    np.testing.assert_array_equal(found["pCO2_water_SST_wet"], np.arange(N))


def test_response_and_uncertainty_of_the_platform_file():
    slow = ResponseTime(tau_seconds=60.0)
    plain = calibrate_hydroc(dataset(), platform())
    found = calibrate_hydroc(
        dataset(), platform(response=slow, relative_uncertainty=0.02)
    )
    pco2 = plain["pCO2_water_SST_wet"].to_numpy()
    np.testing.assert_allclose(found["pCO2_sensor"], pco2, rtol=1e-12)
    assert found["pCO2_sensor"].attrs == attrs_of("pCO2_sensor", method=METHOD)
    # a first-order sensor: (y2 - y1 e)/(1 - e), e = exp(-60/60)
    decay = np.exp(-1.0)
    true = (pco2[4:] - pco2[3:-1] * decay) / (1.0 - decay)
    np.testing.assert_allclose(found["pCO2_water_SST_wet"][4:], true, rtol=1e-9)
    x = true * 1013.25 / 1020.0
    np.testing.assert_allclose(found["xCO2_water_SST_wet"][4:], x, rtol=1e-9)
    method = f"{METHOD}; response time of 60 s taken off"
    for name in ("xCO2_water_SST_wet", "pCO2_water_SST_wet"):
        assert found[name].attrs["method"] == method
    error = found["pCO2_water_SST_wet_uncertainty"]
    assert error.attrs["uncertainty_source"] == "platform file"
    gain = np.sqrt(1.0 + decay**2) / (1.0 - decay)
    np.testing.assert_allclose(error[4:], 0.02 * pco2[4:] * gain, rtol=1e-9)
