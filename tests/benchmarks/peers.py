"""oceanco2 side by side with other packages: speed and the largest difference.

Run ``python -m tests.benchmarks.peers``. A package that is not installed is named and
left out. Reasons for differences are the known ones; where a peer's recipe can be set
here by an option, the difference that remains with it is shown, too.
"""

import importlib
import warnings

import numpy as np

import oceanco2.physics as ph
from tests.benchmarks.timing import sea, seconds

ignore = {"on_range": "ignore"}


def pyseaflux_rows(sf, s):
    t, u2 = s["sst"], s["wind"] ** 2
    kelvin, k = t + 273.15, ph.transfer_velocity(s["wind"], t)
    flux = (t, s["salinity"], s["fco2"], s["xco2"], s["pressure"], k)
    velocity = sf.gas_transfer_velocity

    def dry_k0():
        dry = 1.0 - ph.water_vapour_pressure(t, s["salinity"]) / 1013.25
        return ph.solubility(t, s["salinity"]) * 1e-3 / dry

    def dry_flux():
        dry = (s["pressure"] - ph.water_vapour_pressure(t, s["salinity"])) / 1013.25
        return ours_flux() / dry * (12.0108 / 12.011)

    def ours_flux():
        value = ph.flux(s["fco2"], s["xco2"], s["wind"], t, s["salinity"], k=k)
        return value * 12.011e-3

    yield (
        "pySeaFlux solubility",
        lambda: ph.solubility(t, s["salinity"]) * 1e-3,
        lambda: sf.solubility.solubility_weiss1974(s["salinity"], kelvin),
        dry_k0,
        "divided by (P - pH2O) there (TR-01)",
    )
    yield (
        "pySeaFlux Schmidt number",
        lambda: ph.schmidt_number(t),
        lambda: velocity.schmidt_number(t),
        None,
        "rounding",
    )
    yield (
        "pySeaFlux k W14",
        lambda: ph.transfer_velocity(s["wind"], t),
        lambda: velocity.k_Wa14(u2, t),
        None,
        "rounding",
    )
    yield (
        "pySeaFlux k M01",
        lambda: ph.transfer_velocity(s["wind"], t, "M01"),
        lambda: velocity.k_Mc01(s["wind"], t),
        lambda: 3.3 + ph.transfer_velocity(s["wind"], t, {"coef": (0, 0, 0, 0.026)}),
        "its intercept is not scaled with Sc (TR-19)",
    )
    yield (
        "pySeaFlux flux_bulk",
        ours_flux,
        lambda: sf.flux_bulk(*flux),
        dry_flux,
        "K0 divided by (P - pH2O) there (TR-01); 12.0108 g/mol: 2e-5",
    )


def pyco2sys_rows(pyco2, s):
    n = 100_000
    x, t_equ, sst, salinity, p = (
        s[name][:n] for name in ("xco2", "t_equ", "sst", "salinity", "pressure")
    )
    common = {
        "par1": x,
        "par1_type": 9,
        "salinity": salinity,
        "temperature": t_equ,
        "temperature_out": sst,
        "pressure_atmosphere": p / 1013.25,
        "pressure_atmosphere_out": p / 1013.25,
    }

    def theirs(option):
        return pyco2.sys(**common, opt_adjust_temperature=option)["fCO2_out"]

    def ours(method, fraction="xco2"):
        return ph.fco2_at_sst(
            x,
            t_equ,
            sst,
            salinity,
            p,
            temperature_correction=method,
            mole_fraction=fraction,
            **ignore,
        )

    def their_order(method):
        # The temperature step on pCO2, then the virial term at SST.
        pco2 = ph.pco2_from_xco2(x, t_equ, salinity, p)
        at_sst = ph.correct_to_temperature(pco2, t_equ, sst, method, **ignore)
        gas = 83.14462618 / 1.01325
        return ph.fco2_from_pco2(
            at_sst, sst, p, mole_fraction="neglect", gas_constant=gas
        )

    for option, method in ((5, "takahashi_1993"), (6, "takahashi_2009")):
        yield (
            f"PyCO2SYS chain, option {option}",
            lambda method=method: ours(method),
            lambda option=option: theirs(option),
            lambda method=method: their_order(method),
            "there: step on pCO2, virial term at SST, x neglected",
        )
    yield (
        "PyCO2SYS chain, option 1",
        lambda: ours("humphreys_2024_parameterised"),
        lambda: theirs(1),
        lambda: ph.correct_to_temperature(
            ph.fco2_from_pco2(
                ph.pco2_from_xco2(x, t_equ, salinity, p),
                t_equ,
                p,
                mole_fraction="neglect",
                gas_constant=83.14462618 / 1.01325,
            ),
            t_equ,
            sst,
            "humphreys_2024_parameterised",
            salinity=salinity,
            **ignore,
        ),
        "there: x neglected in the virial term",
    )


def gasex_rows(gasex, s):
    t, salinity = s["sst"], s["salinity"]
    diff = importlib.import_module("gasex.diff")
    yield (
        "gasex Schmidt number",
        lambda: ph.schmidt_number(t),
        lambda: diff.schmidt(salinity, t, gas="CO2"),
        None,
        "another viscosity and diffusivity there, up to 11 %",
    )


PEERS = {
    "pyseaflux": pyseaflux_rows,
    "PyCO2SYS": pyco2sys_rows,
    "gasex": gasex_rows,
}


def difference(a, b):
    """Return the largest relative difference; of tiny numbers, to a typical one."""
    size = np.maximum(np.abs(b), 1e-2 * np.median(np.abs(b)))
    return float(np.max(np.abs(a - b) / size))


def compare(points=1_000_000, turns=2, share=0.2):
    """Return a row for each comparison, and the peers that are missing."""
    table, missing = [], []
    s = sea(points)
    for name, make in PEERS.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                peer = importlib.import_module(name)
        except ImportError:
            missing.append(name)
            continue
        for title, ours, theirs, same, reason in make(peer, s):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                a, b = np.asarray(ours()), np.asarray(theirs())
                with_recipe = difference(np.asarray(same()), b) if same else None
                fast, slow = seconds(ours, theirs, turns=turns, share=share)
            row = (title, slow / fast, difference(a, b), with_recipe, reason)
            table.append(row)
    return table, missing


def main():
    """Print the table."""
    table, missing = compare()
    print(f"{'':28}{'times as':>9}  {'largest relative':^28}")
    print(
        f"{'peer and task':28}{'fast':>9}  {'difference':>12} {'its recipe':>12}  why"
    )
    for title, ratio, apart, same, reason in table:
        recipe = "" if same is None else f"{same:.1e}"
        print(f"{title:28}{ratio:9.1f}  {apart:12.1e} {recipe:>12}  {reason}")
    for name in missing:
        print(f"{name}: not installed, left out")


if __name__ == "__main__":
    main()
