"""DataArrays that state their units, and the possible range of air pressure."""

import numpy as np
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2.errors import FormulaError, RangeWarning, UnitsError


def array(value, units=None):
    attrs = {} if units is None else {"units": units}
    return xr.DataArray([value], dims="x", attrs=attrs)


#: A call, its argument in the documented units, and the same in others.
CALLS = {
    "fco2_at_sst": (
        ph.fco2_at_sst,
        (400.0, 20.5, 20.0, 35.0, 1013.25),
        "4e-4 mol mol-1; 293.65 K; 68.0 degF; 35.0 permil; 101325.0 Pa",
    ),
    "sensitivity": (
        lambda x, te, t, s, p: ph.fco2_sensitivities(x, te, t, s, p)["p_equ"],
        (400.0, 20.5, 20.0, 35.0, 1013.25),
        "4e-4 mol/mol; 293.65 kelvin; 68.0 °F; 35.0 psu; 1.0 atm",
    ),
    "fco2_from_pco2": (
        ph.fco2_from_pco2,
        (400.0, 20.0, 1013.25, 410.0),
        "0.4053 hPa; 293.15 K; 101.325 kPa; 0.41 mmol mol-1",
    ),
    "fco2_from_xco2": (
        ph.fco2_from_xco2,
        (400.0, 20.0, 35.0, 1013.25),
        "4e5 ppb; 293.15 K; 35.0 PSU; 10.1325 dbar",
    ),
    "sea_level_pressure": (
        ph.sea_level_pressure,
        (1000.0, 20.0, 15.0),
        "100.0 kPa; 293.15 K; 1500.0 cm",
    ),
    "dry_mole_fraction": (
        ph.dry_mole_fraction,
        (400.0, 20.0),
        "4e-4 mol mol-1; 2.0 percent",
    ),
    "correct_to_temperature": (
        ph.correct_to_temperature,
        (400.0, 20.0, 21.0),
        "40.53 Pa; 293.15 K; 294.15 K",
    ),
    "transfer_velocity": (
        ph.transfer_velocity,
        (7.2, 20.0),
        "25.92 km/h; 293.15 K",
    ),
    "flux": (
        ph.flux,
        (380.0, 400.0, 7.2, 20.0, 35.0),
        "38.5035 Pa; 40.53 Pa; 720.0 cm/s; 293.15 K; 35.0 ppt",
    ),
    "flux_slope": (
        lambda w, a, u, t, s: ph.flux_sensitivities(w, a, u, t, s)["fco2_water"],
        (380.0, 400.0, 7.2, 20.0, 35.0),
        "38.5035 Pa; 40.53 Pa; 720.0 cm/s; 293.15 K; 35.0 ppt",
    ),
    "practical_salinity": (
        ph.practical_salinity,
        (42.914, 15.0, 10.0),
        "4.2914 S/m; 288.15 K; 1000.0 hPa",
    ),
    "absolute_salinity": (
        ph.absolute_salinity,
        (35.0, -20.0, 50.0, 10.0),
        "35.0 psu; -20.0 degrees; 50.0 degree; 1000.0 mbar",
    ),
    "density": (
        ph.density,
        (35.0, 15.0, -20.0, 50.0, 10.0),
        "35.0 1; 288.15 K; -20.0 °E; 50.0 °N; 1e5 Pa",
    ),
    "conservative_temperature": (
        ph.conservative_temperature,
        (35.0, 15.0, -20.0, 50.0, 10.0),
        "35.0 1; 288.15 K; -20.0 deg; 50.0 deg; 1e5 Pa",
    ),
    "freezing_temperature": (
        ph.freezing_temperature,
        (35.0, -20.0, 50.0, 10.0),
        "35.0 1; -20.0 deg; 50.0 deg; 1e5 Pa",
    ),
    "per_volume": (
        ph.per_volume_from_per_mass,
        (2100.0, 1025.0),
        "2.1 mmol/kg; 1.025 g cm-3",
    ),
    "per_mass": (
        ph.per_mass_from_per_volume,
        (2152.5, 1025.0),
        "2.1525 mol m-3; 1.025 kg/L",
    ),
    "hydroc_xco2": (
        lambda s, t, p: ph.hydroc_xco2(s, t, p, 0.06, 2e-6, 3e-10),
        (1000.0, 20.0, 1013.25),
        "1000.0 counts; 293.15 K; 101.325 kPa",
    ),
    "vapour_of_humidity": (
        ph.vapour_of_humidity,
        (80.0, 5.0, 20.0),
        "0.8 1; 0.05 1; 293.15 K",
    ),
    "mapco2": (
        ph.mapco2_dry_mole_fraction,
        (400.0, 1013.25, 80.0, 20.0, 5.0),
        "0.4 mmol mol-1; 1.0 atm; 0.8 1; 293.15 K; 0.05 1",
    ),
    "sami": (
        lambda t: ph.sami_pco2(0.1, 0.5, t, (16.5, 0.0422, 0.6761, -1.5798)),
        (20.0,),
        "293.15 K",
    ),
    "cool_skin": (ph.cool_skin, (7.2,), "720.0 cm s-1"),
    "fco2rec": (
        lambda t, s, p, x: ph.fco2rec(
            sst=t, t_equ=t, salinity=s, p_equ=p, xco2_equ_dry=x
        )[0],
        (20.0, 35.0, 1013.25, 400.0),
        "293.15 K; 35.0 psu; 1.01325 bar; 0.4 mmol/mol",
    ),
    "fco2_uncertainty": (
        lambda x, t: ph.fco2_uncertainty(
            400.0, 20.5, 20.0, 35.0, 1013.25, u_p_equ=x, u_t_equ=t
        ),
        (2.0, 0.05),
        "200.0 Pa; 0.09 degF",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_argument_is_converted(name):
    call, values, others = CALLS[name]
    stated = [text.split(" ", maxsplit=1) for text in others.split("; ")]
    assert len(values) == len(stated)
    expected = call(*map(array, values))
    for position, (value, units) in enumerate(stated):
        arguments = [array(float(v)) for v in values]
        arguments[position] = array(float(value), units)
        np.testing.assert_allclose(call(*arguments), expected, rtol=1e-9)


def test_each_argument_of_a_detailed_skin():
    names = (
        "friction_velocity",
        "sensible_heat",
        "latent_heat",
        "longwave",
        "shortwave",
    )
    values = dict(zip(names, (0.2, 10.0, 100.0, 60.0, 200.0), strict=True))
    values |= {"temperature": 20.0, "salinity": 35.0}
    expected = float(ph.cool_skin(method="fairall_1996", **values))
    others = {"friction_velocity": (20.0, "cm s-1"), "latent_heat": (0.1, "kW m-2")}
    others |= {"temperature": (293.15, "K")}
    for name, stated in others.items():
        result = ph.cool_skin(method="fairall_1996", **values | {name: array(*stated)})
        assert float(result[0]) == pytest.approx(expected, rel=1e-9)


def test_pa_of_a_dataarray_gives_the_value_of_hpa():
    state = {"t_equ": 20.5, "sst": 20.0, "salinity": 35.0}
    result = ph.fco2_at_sst(array(400.0), p_equ=array(101325.0, "Pa"), **state)
    assert float(result[0]) == pytest.approx(381.2012, abs=5e-5)
    assert result.attrs["units"] == "uatm"


@pytest.mark.parametrize("units", ["m", "bananas", "uatmm", "degree_Celsius"])
def test_other_units_are_refused(units):
    with pytest.raises(UnitsError, match=f"units to convert to 'hPa' .* not '{units}'"):
        ph.fco2_from_xco2(400.0, 20.0, 35.0, array(1013.25, units))


@pytest.mark.parametrize("units", ["", "hPa", "mbar", "millibar"])
def test_the_same_units_change_nothing(units):
    given = array(1013.25, units)
    expected = ph.fco2_from_xco2(400.0, 20.0, 35.0, 1013.25)
    assert float(ph.fco2_from_xco2(400.0, 20.0, 35.0, given)[0]) == expected
    assert given.attrs == {"units": units}


def test_a_dask_array_stays_lazy_when_it_is_converted():
    given = array(101325.0, "Pa").chunk()
    result = ph.fco2_from_xco2(400.0, 20.0, 35.0, given)
    assert result.chunks is not None
    expected = ph.fco2_from_xco2(400.0, 20.0, 35.0, 1013.25)
    assert float(result.compute()[0]) == pytest.approx(expected, rel=1e-14)


#: Formulas of air pressure, and what they call it.
OF_PRESSURE = {
    "pressure": (
        lambda p, **o: ph.fco2_from_xco2(400.0, 20.0, 35.0, p, **o),
        lambda p, **o: ph.xco2_from_fco2(400.0, 20.0, 35.0, p, **o),
        lambda p, **o: ph.pco2_from_xco2(400.0, 20.0, 35.0, p, **o),
        lambda p, **o: ph.xco2_from_pco2(400.0, 20.0, 35.0, p, **o),
        lambda p, **o: ph.fco2_from_pco2(400.0, 20.0, p, **o),
        lambda p, **o: ph.pco2_from_fco2(400.0, 20.0, p, **o),
        lambda p, **o: ph.fugacity_coefficient(20.0, p, **o),
        lambda p, **o: ph.sea_level_pressure(p, 20.0, 15.0, **o),
        lambda p, **o: ph.flux_from_xco2(380.0, 400.0, 7.0, 20.0, 35.0, p, **o),
    ),
    "p_equ": (lambda p, **o: ph.fco2_at_sst(400.0, 20.5, 20.0, 35.0, p, **o),),
}
PAIRS = [(name, call) for name, calls in OF_PRESSURE.items() for call in calls]


@pytest.mark.parametrize(("name", "call"), PAIRS)
def test_pressure_has_a_possible_range(name, call):
    """Both limits are inside; on_range decides, as for temperature."""
    for inside in (500.0, 1300.0):
        assert np.isfinite(call(inside, on_range="raise"))
    text = f"1 of 1 samples: {name} outside 500..1300 hPa of air at the sea"
    for outside in (499.9, 1300.1, 101325.0):
        with pytest.warns(RangeWarning, match=text):
            value = call(outside)
        assert np.isfinite(value)
        assert np.isnan(call(outside, on_range="nan"))
        assert call(outside, on_range="ignore") == value
        with pytest.raises(FormulaError, match=text):
            call(outside, on_range="raise")
