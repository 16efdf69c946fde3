"""The cool skin: printed forms, and the balance of heat with sunshine."""

import math

import pytest

import oceanco2.physics as ph

SEA = {
    "friction_velocity": 0.2,
    "sensible_heat": 10.0,
    "latent_heat": 100.0,
    "longwave": 60.0,
    "temperature": 20.0,
    "salinity": 35.0,
}


def absorbed(depth):
    """Share of the sunshine that a skin absorbs (Fairall et al. 1996, equation 17)."""
    return 0.065 + 11.0 * depth - 6.6e-5 / depth * (1.0 - math.exp(-depth / 8e-4))


def skin_by_bisection(sunshine):
    """Saunders' thickness, found where both sides of its equation are equal.

    Constants of COARE 3.6: water 1022 kg m-3, 4000 J kg-1 K-1, 1e-6 m2 s-1, 0.6 W m-1
    K-1, gravity 9.80665 m s-2; air 1.2 kg m-3, latent heat 2.45e6 J kg-1.
    """
    t, s, u = 20.0, 35.0, 0.2
    expansion = 1e-5 * (2.2 * (t - 1.0) ** 0.82 - 5.0)
    expansion += (2.1e-5 * (t + 3.2) ** 0.79 - expansion) * s / 35.0

    def heat(depth):
        return 10.0 + 100.0 + 60.0 - sunshine * absorbed(depth)

    def excess(depth):
        sinking = expansion * heat(depth) + 7.5e-4 * s * 100.0 * 4000.0 / 2.45e6
        group = 16.0 * 9.80665 * 4000.0 * (1022.0 * 1e-6) ** 3 / (0.6 * 1.2) ** 2
        convection = max(group * sinking / u**4, 0.0) ** 0.75
        return (
            6.0 / (1.0 + convection) ** (1 / 3) * 1e-6 / (u * math.sqrt(1.2 / 1022.0))
            - depth
        )

    low, high = 1e-6, 1e-2
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return -heat(low) * low / 0.6


@pytest.mark.parametrize("sunshine", [0.0, 150.0, 600.0, 1000.0])
def test_sunshine_warms_the_skin_by_what_it_absorbs(sunshine):
    got = ph.cool_skin(method="fairall_1996", shortwave=sunshine, **SEA)
    assert got == pytest.approx(skin_by_bisection(sunshine), rel=1e-9)


def test_a_share_of_the_sunshine_in_numbers():
    """At 1 mm: 0.065 + 0.011 - 0.066 (1 - exp(-1.25)) = 0.0289093."""
    assert absorbed(1e-3) == pytest.approx(0.0289093, abs=1e-7)
    without = ph.cool_skin(method="fairall_1996", **SEA)
    with_sun = ph.cool_skin(method="fairall_1996", shortwave=600.0, **SEA)
    assert without < with_sun < 0.0


@pytest.mark.parametrize("wind", [0.5, 3.7, 12.0])
def test_donlon_in_numbers(wind):
    expected = -0.14 - 0.30 * math.exp(-wind / 3.7)
    assert ph.cool_skin(wind) == pytest.approx(expected, rel=1e-12)


def test_the_skin_is_never_colder_than_sea_water_freezes():
    assert ph.skin_temperature(-1.75, -0.17) == -1.79
    assert ph.skin_temperature(-1.5, -0.17) == pytest.approx(-1.67, abs=1e-12)
