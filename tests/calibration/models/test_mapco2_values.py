"""A whole cycle of a MAPCO2 by hand: values, uncertainties, and what they say."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration import MODELS
from oceanco2.calibration.models import mapco2
from oceanco2.calibration.models.mapco2 import MAPCO2, calibrate_mapco2
from oceanco2.physics import vapour_of_humidity
from oceanco2.platforms import load
from oceanco2.platforms.settings import Calibration, Standard
from oceanco2.vocabulary import CALIBRATION_STATUS, VALUE_TYPES, attrs_of

#: Their span gas is far from its readings on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:.*run 'span' is")

NAN = np.nan
STATES = (
    *("zero on", "zero off", "zero postcal", "span on", "span off", "span postcal"),
    *("equil on", "equil off", "air on", "air off"),
)
CO2 = [0.0, 0.0, 2.0, 0.0, 0.0, 402.0, 0.0, 322.0, 0.0, 362.0]
RH = [55.0, 55.0, 60.0, 55.0, 30.0, 40.0, 55.0, 70.0, 55.0, 65.0]
PRESSURE = [950.0, 1010.0, 1.0, 951.0, 1011.0, 1.0, 952.0, 1012.0, 953.0, 1013.0]
WATER, AIR = 7, 9
NAMES = {WATER: "xCO2_water_SST_dry", AIR: "xCO2_atm_dry_actual"}


def ship(*spans, mode="none", noise=None, humidity=None, pressure=None, own=()):
    base = load("demo_mapco2")
    errors = {"xCO2": noise, "RH": humidity, "P_analyser": pressure}
    variables = {
        name: variable.model_copy(update={"uncertainty": errors.get(name)})
        for name, variable in base.variables.items()
        if name not in ("P_equ", "P_atm")
    }
    variables |= dict.fromkeys(own, variables["P_analyser"])
    gases = [Standard(run="span", **gas) for gas in spans]
    platform = base.model_copy(
        update={
            "standards": [Standard(run="zero", xCO2=0.0, uncertainty=9.0), *gases],
            "calibration": Calibration(model="mapco2"),
            "variables": variables,
        }
    )
    platform._tables = {}
    platform.add_tables({"mapco2": MAPCO2(recalibration=mode)})
    return platform


def dataset(**more):
    labels = np.arange(10, dtype=np.int16)
    meanings = " ".join(s.replace(" ", "_") for s in STATES)
    columns = {"xCO2": CO2, "RH": RH, "P_analyser": PRESSURE, "T_RH": [25.0] * 10}
    data = {name: ("time", np.array(v)) for name, v in (columns | more).items()}
    data["run_label"] = ("time", labels, {"flag_meanings": meanings})
    time = np.datetime64("2020-01-01", "ns") + labels * np.timedelta64(1, "m")
    return xr.Dataset(data, coords={"time": time})


def vapour(row):
    """Share of water in the gas: humidity above that of the span gas, 30 %."""
    return float(vapour_of_humidity(RH[row], 30.0, 25.0)) / PRESSURE[row]


def test_the_entry():
    entry = MODELS["mapco2"]
    assert entry.apply is calibrate_mapco2
    assert entry.settings is MAPCO2
    assert entry.required == ("xCO2", "RH", "T_RH", "P_analyser")
    assert entry.outputs is mapco2.mapco2_outputs
    assert entry.in_options
    assert "doi:10.5194/essd-6-353-2014" in entry.cite
    assert mapco2._settings(load("demo_ship")) == MAPCO2()


def test_readings_as_the_system_set_them():
    found = calibrate_mapco2(dataset(), ship())
    method = "zero and span set by the system, dried by the humidity above that of"
    for row, name in NAMES.items():
        values = found[name]
        assert values.dims == ("time",)
        assert values.attrs == attrs_of(name, method=f"{method} the span gas")
        expected = np.full(10, NAN)
        expected[row] = CO2[row] / (1.0 - vapour(row))
        np.testing.assert_allclose(values, expected, rtol=1e-12)
        water = float(found["xH2O_gas"][row])
        assert water == pytest.approx(1e3 * vapour(row), rel=1e-12)
    assert found["RH_span"].to_numpy().tolist() == [30.0] * 10
    for name in ("RH_span", "xH2O_gas", "zero_reading", "span_reading", "P_pump"):
        assert found[name].attrs == attrs_of(name)
        assert found[name].dims == ("time",)
    kind = found["RH_span_type"]
    assert kind.dtype == kind.attrs["flag_values"].dtype == np.int8
    assert kind.attrs["long_name"] == "origin of RH_span"
    assert kind.attrs["flag_values"].tolist() == list(VALUE_TYPES.values())
    assert found["zero_reading"].to_numpy().tolist() == [2.0] * 10
    assert found["span_reading"].to_numpy().tolist() == [402.0] * 10
    assert found["xCO2_calibrated"].to_numpy().tolist() == CO2
    assert found["xCO2_calibrated"].attrs == attrs_of("xCO2_calibrated")
    assert not [n for n in found if str(n).endswith("_uncertainty")]
    assert not {"oxygen_ratio", "span_residual", "calibration_status"} & set(found)


def test_readings_set_to_zero_and_span():
    platform = ship({"xCO2": 500.0}, mode="zero_span")
    found = calibrate_mapco2(dataset(oxygen_percent=[20.0] * 10), platform)
    method = "set to the zero and span of its cycle, dried by the humidity above that"
    for row, humid in ((WATER, 400.0), (AIR, 450.0)):
        values = found[NAMES[row]]
        assert values.attrs["method"] == f"{method} of the span gas"
        assert float(values[row]) == pytest.approx(humid / (1.0 - vapour(row)))
    np.testing.assert_allclose(
        found["xCO2_calibrated"], (np.array(CO2) - 2.0) * 1.25, rtol=1e-12
    )
    assert found["xCO2_calibrated"].attrs == attrs_of("xCO2_calibrated")
    status = found["calibration_status"]
    assert status.dtype == status.attrs["flag_values"].dtype == np.int8
    assert status.attrs["long_name"] == "how the calibration was reached"
    assert status.attrs["flag_values"].tolist() == list(CALIBRATION_STATUS.values())
    assert status.dims == ("time",)
    assert found["span_residual"].dims == ("time",)
    assert found["span_residual"].attrs == {
        "long_name": "reading of span gas minus its content",
        "units": "umol mol-1",
    }
    assert found["oxygen_ratio"].attrs == attrs_of("oxygen_ratio")
    assert float(found["oxygen_ratio"][WATER]) == 100.0


def test_pressures_of_the_air_are_those_with_the_pump_off():
    found = calibrate_mapco2(dataset(), ship(pressure=0.4, own=("P_equ",)))
    expected = np.full(10, NAN)
    expected[[WATER, AIR]] = 1012.0, 1013.0
    for name in ("P_equ", "P_atm"):
        np.testing.assert_array_equal(found[name], expected)
        assert found[name].attrs == attrs_of(
            name, method="pressure of the analyser with the pump off"
        )
    assert "P_equ_uncertainty" not in found  # the platform file has its own
    error = found["P_atm_uncertainty"]
    assert error.attrs == attrs_of(
        "P_atm_uncertainty",
        uncertainty_source="pressure of the analyser: platform file",
    )
    expected[[WATER, AIR]] = 0.4
    np.testing.assert_array_equal(error, expected)


def test_states_are_texts_of_any_length():
    cycles = mapco2.Cycles.of(dataset())
    assert cycles.states.dtype == object
    assert cycles.states.tolist() == list(STATES)
    none = mapco2.Cycles.of(dataset().isel(time=slice(0)))
    assert (none.count, none.states.size) == (0, 0)
    assert none.at(np.array([]), "zero on").size == 0


def test_variables_of_the_file_stay():
    own = np.arange(10.0)
    ds = dataset(P_atm=own, xCO2_water_SST_dry=own)
    found = calibrate_mapco2(ds, ship())
    for name in ("P_atm", "xCO2_water_SST_dry"):
        np.testing.assert_array_equal(found[name], own)
    assert float(found["P_equ"][AIR]) == 1013.0


# ---- uncertainty --------------------------------------------------------------------


def one_percent():
    return float(vapour_of_humidity(1.0, 0.0, 25.0))


@pytest.mark.parametrize("row", NAMES)
@pytest.mark.parametrize(("noise", "humidity"), [(0.5, 0.0), (0.5, None), (0.2, 2.0)])
def test_uncertainty_of_noise_and_two_humidities(row, noise, humidity):
    """d = x/(1 - v): the noise times 1/(1 - v); d^2/x for each of two humidities."""
    found = calibrate_mapco2(dataset(), ship(noise=noise, humidity=humidity))
    error = found[f"{NAMES[row]}_uncertainty"]
    drying = 1.0 / (1.0 - vapour(row))
    slope = one_percent() / PRESSURE[row] * CO2[row] * drying**2
    expected = np.full(10, NAN)
    by_humidity = 2.0 * ((humidity or 0.0) * slope) ** 2
    expected[row] = np.sqrt((noise * drying) ** 2 + by_humidity)
    np.testing.assert_allclose(error, expected, rtol=1e-12)
    assert error.dims == ("time",)
    assert error.attrs == attrs_of(
        f"{NAMES[row]}_uncertainty",
        uncertainty_source="noise of a reading, span gas, humidity",
    )


@pytest.mark.parametrize(("row", "humid"), [(WATER, 400.0), (AIR, 450.0)])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_uncertainty_with_zero_and_span(row, humid, noise):
    """By differences: x = gas (r - zero)/(span - zero), each reading with its noise."""
    spans = (
        {"xCO2": 500.0, "uncertainty": 0.3},
        {"xCO2": 450.0, "uncertainty": 0.2, "valid_from": "2030-01-01"},
    )
    found = calibrate_mapco2(dataset(), ship(*spans, mode="zero_span", noise=noise))
    errors = {"reading": noise, "zero": noise, "span": noise, "gas": 0.3}
    point = {"reading": CO2[row], "zero": 2.0, "span": 402.0, "gas": 500.0}

    def true(reading, zero, span, gas):
        return gas * (reading - zero) / (span - zero)

    assert true(**point) == humid
    step, square = 1e-3, 0.0
    for name, error in errors.items():
        more = true(**(point | {name: point[name] + step}))
        less = true(**(point | {name: point[name] - step}))
        square += ((more - less) / (2 * step) * error) ** 2
    expected = square**0.5 / (1.0 - vapour(row))
    error = float(found[f"{NAMES[row]}_uncertainty"][row])
    assert error == pytest.approx(expected, rel=1e-7)
