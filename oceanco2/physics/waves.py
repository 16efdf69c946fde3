"""Gas transfer velocities that need more than wind: friction velocity, waves."""

from typing import Any

from oceanco2.physics._engine.elementary import exp, log, power, sqrt, where
from oceanco2.physics.parametrisations import register_transfer_velocity


@register_transfer_velocity(
    "yang_2022_ustar",
    "Y22-ustar",
    long_name="Yang et al. (2022), friction velocity",
    expression="1.47 + 76.67 u* + 20.48 u*^2",
    doi="10.3389/fmars.2022.826421",
    valid=(),
    moments=(),
    inputs=("friction_velocity",),
    status="optional",
)
def yang_2022_ustar(u_star: Any) -> Any:
    """Transfer velocity at Sc = 660 after Yang et al. (2022)."""
    return 1.47 + u_star * (76.67 + 20.48 * u_star)


@register_transfer_velocity(
    "deike_melville_2018",
    "DM18",
    long_name="Deike and Melville (2018), wind and bubbles",
    expression="3.6e5 [A_NB u* + A_B u*^(5/3) (g Hs)^(2/3)/alpha]",
    doi="10.1029/2018GL078758",
    valid=(),
    moments=(),
    inputs=("friction_velocity", "wave_height", "salinity", "a_nb", "a_b"),
    status="optional",
    note="A_NB and A_B are yours to give: implementations differ by 20 %",
)
def deike_melville_2018(
    u_star: Any, wave_height: Any, alpha: Any, a_nb: Any, a_b: Any
) -> Any:
    """Transfer velocity at Sc = 660 after Deike and Melville (2018)."""
    bubbles = power(u_star, 5.0 / 3.0) * power(9.81 * wave_height, 2.0 / 3.0)
    return 3.6e5 * (a_nb * u_star + a_b * bubbles / alpha)


@register_transfer_velocity(
    "woolf_1997_kb",
    "Wo97",
    long_name="Woolf (1997), bubbles only",
    expression="V0 W/alpha [1 + (14 alpha Sc^-1/2)^(-1/1.2)]^-1.2, W = 3.84e-6 U^3.41",
    valid=(("wind_speed", 0.0, 20.0),),
    moments=(1,),
    inputs=("salinity",),
    status="optional",
    note="the bubble part only, at the Schmidt number of the water; V0 = 2450 cm/h,"
    " 2540 in Johnson (2010); the DOI has not been confirmed",
)
def woolf_1997_kb(u: Any, schmidt: Any, alpha: Any, v0: Any) -> Any:
    """Transfer velocity by bubbles after Woolf (1997)."""
    whitecaps = whitecap_fraction(u)
    saturation = power(14.0 * alpha / sqrt(schmidt), -1.0 / 1.2)
    return v0 * whitecaps / alpha * exp(-1.2 * log(1.0 + saturation))


def rain_ho_1997(rain_rate: Any) -> Any:
    """Transfer velocity at Sc = 600 by rain after Ho et al. (1997)."""
    k = 0.929 + rain_rate * (0.679 - 0.0015 * rain_rate)
    return where(rain_rate > 0.0, k, 0.0 * rain_rate)


def surfactant_pereira_2018(temperature: Any) -> Any:
    """Factor on `nightingale_2000` by surfactants after Pereira et al. (2018)."""
    warm = where(temperature > 0.0, temperature, 0.0 * temperature)
    return 1.0 - 0.0046e-2 * power(warm, 2.5673)


def whitecap_fraction(u: Any) -> Any:
    """Share of the sea covered by whitecaps after Monahan and O'Muircheartaigh."""
    return 3.84e-6 * power(u, 3.41)
