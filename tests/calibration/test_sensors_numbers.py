"""Calibrated sensors and derived variables against hand calculations."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.calibration import sensors
from oceanco2.calibration.sensors import calibrate_sensors, derive, derived_names
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.platforms import Sensor, SensorCalibration, VariableSource
from oceanco2.platforms.settings import Reduction

NAN = np.nan
START = np.datetime64("2020-01-01", "ns")


def dataset(days=(0.0,), **variables):
    time = START + (np.array(days) * 86400e9).astype("timedelta64[ns]")
    data = {
        name: ("time", np.array(values, dtype=float), {"sensor": "S", "other": 1})
        for name, values in variables.items()
    }
    return xr.Dataset(data, coords={"time": time})


def platform(variables, drift="none", dates=(), **more):
    """A ship whose sensor S has polynomials (date, coefficients, certificate)."""
    entries = [
        SensorCalibration(valid_from=d, polynomial=p, certificate=c)
        for d, p, c in dates
    ]
    sources = {n: VariableSource(**source) for n, source in variables.items()}
    update = {
        "variables": sources,
        "sensors": {"S": Sensor(calibrations=entries, drift=drift)},
        "path": "ship.toml",
    }
    return platforms.load("demo_ship").model_copy(update=update | more)


SST = {"SST": {"column": "a", "units": "degC", "sensor": "S"}}
TWO = [
    ("2020-01-05", [1.0, 2.0], "second"),
    ("2019-12-30", [0.5, 1.0, 0.25], ""),
]


def test_the_polynomial_in_force():
    ds = dataset([0.0, 3.999, 4.0, 9.0], SST_raw=[2.0, 4.0, 4.0, NAN])
    out = calibrate_sensors(ds, platform(SST, dates=TWO))["SST"]
    np.testing.assert_allclose(out, [3.5, 8.5, 9.0, NAN])
    assert out.attrs["calibration"] == (
        "polynomials [0.5, 1.0, 0.25] since 2019-12-30T00:00:00;"
        " [1.0, 2.0] since 2020-01-05T00:00:00 second"
    )
    assert out.attrs["sensor"] == "S"
    assert "other" not in out.attrs
    first = calibrate_sensors(ds.isel(time=[0]), platform(SST, dates=TWO))["SST"]
    assert first.attrs["calibration"].endswith("2019-12-30T00:00:00")


def test_drift_between_two_polynomials():
    # on 2020-01-01 two of six days have passed
    ds = dataset([0.0, 1.0], SST_raw=[2.0, 2.0])
    ship = platform(SST, "linear", TWO)
    out = calibrate_sensors(ds, ship)["SST"]
    np.testing.assert_allclose(out, [3.5 + 1.5 / 3.0, 3.5 + 1.5 / 2.0])
    text = "drift linear in time between polynomials [0.5, 1.0, 0.25] since"
    assert out.attrs["calibration"].startswith(text)
    assert "[1.0, 2.0] since 2020-01-05T00:00:00 second" in out.attrs["calibration"]
    late = dataset([1.0, 4.0, 5.0], SST_raw=[2.0, 2.0, 2.0])
    with pytest.warns(DataWarning, match=r"2 of 3 rows use that of 2020-01-05"):
        out = calibrate_sensors(late, ship)["SST"]
    np.testing.assert_allclose(out, [4.25, 5.0, 5.0])


def test_no_calibration_before_the_data():
    ds = dataset([-3.0], SST_raw=[2.0])
    with pytest.raises(ProcessingError, match="no calibration before") as caught:
        calibrate_sensors(ds, platform(SST, dates=TWO))
    message = "before 2019-12-30T00:00:00, the data begin 2019-12-29T00:00:00"
    assert message in str(caught.value)
    empty = calibrate_sensors(ds.isel(time=slice(0, 0)), platform(SST, dates=TWO))
    assert empty["SST"].size == 0


def test_what_has_no_calibration_is_copied():
    ds = dataset([0.0], SST_raw=[2.0], T_equ_raw=[9.0])
    out = calibrate_sensors(ds, platform(SST))
    assert out["SST"].to_numpy().tolist() == [2.0]
    assert out["SST"].attrs["calibration"] == ""
    assert "T_equ" not in out  # not in the platform file


@pytest.mark.parametrize(
    ("sst", "t_equ", "expected"),
    [
        ([10.0, NAN], [20.0, 20.0], [10.0, 20.0]),
        ([NAN, 10.0], None, [10.0, 10.0]),
        ([NAN, NAN], None, [15.0, 15.0]),
        ([-5.0, 50.0], [7.0, NAN], [7.0, 7.0]),
        ([-4.9, 49.9], None, [-4.9, 49.9]),
        (None, None, [15.0, 15.0]),
    ],
)
def test_temperature_of_the_air_column(sst, t_equ, expected):
    values = {"SST": sst, "T_equ": t_equ}
    ds = dataset([0.0, 1.0], **{n: v for n, v in values.items() if v is not None})
    assert sensors._water_temperature(ds).tolist() == expected


def test_pressure_is_reduced_to_sea_level_after_the_others():
    variables = SST | {"P_atm": {"column": "p", "units": "hPa", "height": 15.0}}
    ship = platform(variables, reduction=Reduction(sea_level_pressure="hydrostatic"))
    ds = dataset([0.0], P_atm_raw=[1000.0], SST_raw=[10.0])
    out = calibrate_sensors(ds, ship)["P_atm"]
    # 15 m of air of 10 degC: 1000 hPa exp(g h / (R T))
    expected = 1000.0 * np.exp(9.80665 * 15.0 / (287.05 * 283.15))
    assert float(out[0]) == pytest.approx(expected, abs=0.03)
    text = "hydrostatic reduction from 15 m to sea level"
    assert out.attrs["calibration"] == text


# ---- derived variables and copies ---------------------------------------------------


def names(*variables):
    source = VariableSource(value=1.0)
    return set(
        derived_names(
            platform({}).model_copy(
                update={"variables": dict.fromkeys(variables, source)}
            )
        )
    )


def test_what_can_be_derived():
    assert names("conductivity", "T_conductivity") == {"salinity"}
    assert names("conductivity", "SST") == {"salinity"}
    assert names("conductivity") == set()
    assert names("conductivity", "SST", "salinity") == set()
    assert names("delta_D_vapour", "delta_18O_vapour") == {"deuterium_excess"}
    assert names("delta_D_vapour") == names("delta_18O_vapour", "SST") == set()


def test_salinity_and_the_excess_of_deuterium():
    sources = ("conductivity", "SST", "delta_D_vapour", "delta_18O_vapour")
    ship = platform({name: {"value": 1.0} for name in sources})
    ds = dataset(
        [0.0, 1.0],
        conductivity=[42.914, 500.0],
        SST=[15.0, 15.0],
        delta_D_vapour=[-80.0, NAN],
        delta_18O_vapour=[-11.25, -10.0],
    )
    out = derive(ds, ship)
    # PSS-78: 42.914 mS/cm at 15 degC (IPTS-68) is 35
    np.testing.assert_allclose(out["salinity"], [35.0, NAN], atol=0.01)
    assert "from conductivity and SST" in out["salinity"].attrs["method"]
    assert "PSS-78, temperature on ITS-90" in out["salinity"].attrs["method"]
    np.testing.assert_allclose(out["deuterium_excess"], [10.0, NAN])
    own = derive(ds.assign(T_conductivity=ds["SST"] + 5.0), ship)["salinity"]
    assert "from conductivity and T_conductivity" in own.attrs["method"]
    assert float(own[0]) < 32.0


def test_a_copy_says_so():
    ship = platform({"T_equ": {"same_as": "SST"}, "SST": {"value": 1.0}})
    ds = dataset([0.0, 1.0], SST=[5.0, NAN])
    out = derive(ds, ship)
    np.testing.assert_array_equal(out["T_equ"], [5.0, NAN])
    method = "not measured: taken to be the same as SST"
    assert out["T_equ"].attrs["method"] == method
    assert out["T_equ_type"].to_numpy().tolist() == [1, 0]
    assert out["T_equ_type"].attrs["long_name"] == "origin of T_equ"
    assert f"T_equ {method}" in out.attrs["history"]
    typed = ds.assign(SST_type=("time", np.array([2, 3], dtype=np.int8)))
    assert derive(typed, ship)["T_equ_type"].to_numpy().tolist() == [2, 3]
    assert "T_equ" not in derive(ds.drop_vars("SST"), ship)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        derive(ds, ship)
