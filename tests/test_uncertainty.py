"""Standard uncertainties against hand calculations."""

import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2 import platforms
from oceanco2.uncertainty import add_uncertainty
from tests.datasets import canonical_dataset


@pytest.fixture(scope="module")
def with_uncertainty():
    ds = canonical_dataset()
    ds = ds.drop_vars([n for n in ds.data_vars if str(n).endswith("_uncertainty")])
    return add_uncertainty(ds, platforms.load("demo_ship"))


def water(ds, *names):
    """Columns of the rows with sea water."""
    rows = np.isfinite(ds["fCO2_water_Tequ_wet"].to_numpy())
    assert rows.any()
    return [ds[name].to_numpy()[rows] for name in names]


def by_differences(function, values, sigmas):
    """Combine uncertainties of independent inputs with central differences."""
    total = 0.0
    for i, sigma in enumerate(sigmas):
        shift = [np.zeros_like(v) for v in values]
        shift[i] = 0.5 * sigma
        up = function(*(v + d for v, d in zip(values, shift, strict=True)))
        down = function(*(v - d for v, d in zip(values, shift, strict=True)))
        total = total + (up - down) ** 2
    return np.sqrt(total)


INPUTS = ("xCO2_water_Tequ_dry", "T_equ", "salinity", "P_equ")


@pytest.mark.parametrize(
    ("result", "function"),
    [
        ("pCO2_water_Tequ_wet", ph.pco2_from_xco2),
        ("fCO2_water_Tequ_wet", ph.fco2_from_xco2),
    ],
)
def test_at_the_temperature_of_the_equilibrator(with_uncertainty, result, function):
    values = water(with_uncertainty, *INPUTS)
    sigmas = water(with_uncertainty, *(f"{name}_uncertainty" for name in INPUTS))
    (got,) = water(with_uncertainty, f"{result}_uncertainty")
    expected = by_differences(function, values, sigmas)
    # u(pCO2) is u(fCO2) times pCO2/fCO2: the fugacity coefficient moves by 1e-4 K-1.
    np.testing.assert_allclose(got, expected, rtol=2e-3)


def test_pco2_and_fco2_have_one_relative_uncertainty(with_uncertainty):
    for place in ("Tequ", "SST"):
        names = [f"{kind}CO2_water_{place}_wet" for kind in "pf"]
        pco2, fco2 = water(with_uncertainty, *names)
        u_pco2, u_fco2 = water(with_uncertainty, *(f"{n}_uncertainty" for n in names))
        np.testing.assert_allclose(u_pco2 / pco2, u_fco2 / fco2, rtol=1e-12)
        assert (u_pco2 > u_fco2).all()
