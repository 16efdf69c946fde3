"""Reduction: mole fractions to partial pressures and fugacities, water and air."""

from collections.abc import Collection
from typing import Any

import numpy as np
import xarray as xr

from oceanco2 import physics
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.units import HPA_PER_ATM
from oceanco2.vocabulary import attrs_of, possible

#: Starting variables of the computation for water, best first, and their inputs.
ENTRIES = {
    "xCO2_water_Tequ_dry": ("T_equ", "SST", "salinity", "P_equ"),
    "xCO2_water_SST_dry": ("SST", "salinity", "P_equ"),
    "pCO2_water_Tequ_wet": ("T_equ", "SST", "P_equ"),
    "fCO2_water_Tequ_wet": ("T_equ", "SST"),
    "pCO2_water_SST_wet": ("SST", "P_equ"),
}


def reduce(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Compute pCO2 and fCO2 of water and air.

    The default is the recipe of SOCAT and Pierrot et al. (2009): fugacity at
    equilibrator temperature and pressure, then exp(0.0423 dT) on fCO2.

    Parameters
    ----------
    ds : xarray.Dataset
        Calibrated dataset.
    platform : Platform
        Its ``reduction`` table names the formulas.

    Returns
    -------
    xarray.Dataset
        With those of ``pCO2_water_Tequ_wet``, ``fCO2_water_Tequ_wet``,
        ``pCO2_water_SST_wet``, ``fCO2_water_SST_wet``, the same of the air, and
        ``delta_fCO2`` that can be computed. Impossible inputs give no result.

    References
    ----------
    .. [1] Pierrot et al. (2009), Deep-Sea Res. II 56, 512-522,
       doi:10.1016/j.dsr2.2008.12.005.
    """
    out = ds.assign(_water(ds, platform))
    out = out.assign(_air(out, platform))
    out = out.assign(_difference(out))
    return out.assign_attrs(add_history(out.attrs, f"reduced ({method(platform)})"))


def method(platform: Platform) -> str:
    """Return the formulas of the platform file as text."""
    return "; ".join(f"{k}: {v}" for k, v in platform.reduction.model_dump().items())


def entry_of(ds: xr.Dataset) -> str | None:
    """Return the variable that the computation for water starts from."""
    for name, needed in ENTRIES.items():
        if name in ds:
            missing = [n for n in needed if n not in ds]
            if missing:
                raise ProcessingError(
                    f"{name} cannot be reduced to fCO2 without {', '.join(missing)}:"
                    " add it to [variables] of the platform file"
                )
            return name
    return None


#: What fCO2 of water is delivered as, besides `ENTRIES`.
_RESULT = "fCO2_water_SST_wet"


def _available(platform: Platform, outputs: Collection[str]) -> set[str]:
    """Return the variables that there will be; CO2 only where it is measured."""
    sources = platform.variables.items()
    names = {n for n, source in sources if not (source.absent and "CO2" in n)}
    names |= {*outputs}
    if "xH2O_water" in names or not names & ENTRIES.keys():
        humid = names & _HUMID & platform.variables.keys()
        names |= {n.removesuffix("wet") + "dry" for n in humid}
    return names


def _needed(entry: str, platform: Platform, outputs: Collection[str]) -> list[str]:
    """Return the inputs of an entry, and the water vapour that dries it."""
    is_dry = entry in platform.variables or entry in outputs or "dry" not in entry
    return [*ENTRIES[entry], *(() if is_dry else ("xH2O_water",))]


_HUMID = {"xCO2_water_SST_wet", "xCO2_water_Tequ_wet"}


def no_result(platform: Platform, outputs: Collection[str] = ()) -> tuple[str, bool]:
    """Explain why no fCO2 of water can come out; and whether that is declared.

    The explanation is empty if fCO2 can be computed.
    """
    names = _available(platform, outputs)
    absent = {n for n, source in platform.variables.items() if source.absent}
    entry = next((name for name in ENTRIES if name in names), None)
    if entry:
        without = [n for n in _needed(entry, platform, outputs) if n in absent]
        return (f"{', '.join(without)} declared absent" if without else ""), True
    measured = sorted(name for name in names if "CO2" in name)
    if _RESULT in measured:
        return "", True
    if measured:
        return f"not from {', '.join(measured)} alone", False
    return "no CO2 declared", any("CO2" in name for name in absent)


def check_inputs(platform: Platform, outputs: Collection[str] = ()) -> None:
    """Check before data are read that the measured variables can be reduced."""
    available = _available(platform, outputs)
    entry = next((name for name in ENTRIES if name in available), None)
    needed = _needed(entry, platform, outputs) if entry else []
    missing = [n for n in needed if n not in available]
    if missing:
        raise PlatformError(
            f"{platform.path}: [variables] lacks {', '.join(missing)}:"
            f" {entry} cannot be reduced to fCO2. Set {{ absent = true }} for"
            " variables that were not measured: fCO2 is then missing"
        )


def _possible(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return the values of an input, NaN where they are impossible."""
    return possible(name, ds[name].to_numpy())


def _result(name: str, values: np.ndarray, platform: Platform) -> tuple:
    return "time", values, attrs_of(name, method=method(platform))


def _water(ds: xr.Dataset, platform: Platform) -> dict[str, Any]:
    entry = entry_of(ds)
    if entry is None:
        return {}
    options = platform.reduction
    value, sst = _possible(ds, entry), _possible(ds, "SST")
    salinity = _possible(ds, "salinity") if "salinity" in ds else None
    pressure = _possible(ds, "P_equ") if "P_equ" in ds else None
    t_equ = _possible(ds, "T_equ") if "Tequ" in entry else sst
    new: dict[str, np.ndarray] = {}
    suffix = "Tequ" if "Tequ" in entry else "SST"
    pco2 = fco2 = mole = None
    if entry.startswith("xCO2"):
        mole = value
        pco2 = physics.pco2_from_xco2(
            value, t_equ, salinity, pressure, vapour_pressure=options.vapour_pressure
        )
    elif entry.startswith("pCO2"):
        pco2 = value
        wet = f"x{entry[1:]}"
        mole = _possible(ds, wet) if wet in ds else None
    if pco2 is not None:
        fco2 = _fugacity(pco2, t_equ, pressure, mole, platform)
        new |= {f"pCO2_water_{suffix}_wet": pco2, f"fCO2_water_{suffix}_wet": fco2}
    else:
        fco2 = value
    if suffix == "Tequ":
        at_sst = physics.correct_to_temperature(
            fco2,
            t_equ,
            sst,
            options.temperature_correction,
            salinity=salinity,
            on_range="ignore",  # quality control flags each large warming
        )
        new["fCO2_water_SST_wet"] = at_sst
        if pco2 is not None:
            # The same factor, so that the ratio of fugacity and pressure is kept.
            new["pCO2_water_SST_wet"] = pco2 * (at_sst / fco2)
    return {n: _result(n, v, platform) for n, v in new.items() if n not in ds}


def _fugacity(
    pco2: np.ndarray,
    temperature: np.ndarray,
    pressure: np.ndarray | None,
    mole: np.ndarray | None,
    platform: Platform,
) -> np.ndarray:
    options = platform.reduction
    if options.virial_pressure == "standard_atmosphere":
        pressure = np.full(pco2.shape, HPA_PER_ATM)
    x = "pco2" if mole is None and options.mole_fraction == "xco2" else None
    return physics.fco2_from_pco2(
        pco2, temperature, pressure, mole, mole_fraction=x or options.mole_fraction
    )


def _air(ds: xr.Dataset, platform: Platform) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if not {"SST", "salinity", "P_atm"} <= set(ds.data_vars):
        return new
    sst, salinity, pressure = (_possible(ds, n) for n in ("SST", "salinity", "P_atm"))
    for kind in ("actual", "interp"):
        if f"xCO2_atm_dry_{kind}" not in ds:
            continue
        mole = _possible(ds, f"xCO2_atm_dry_{kind}")
        pco2 = physics.pco2_from_xco2(
            mole,
            sst,
            salinity,
            pressure,
            vapour_pressure=platform.reduction.vapour_pressure,
        )
        fco2 = _fugacity(pco2, sst, pressure, mole, platform)
        for name, values in (("pCO2", pco2), ("fCO2", fco2)):
            variable = f"{name}_atm_wet_{kind}"
            if variable not in ds:
                new[variable] = _result(variable, values, platform)
    return new


def _difference(ds: xr.Dataset) -> dict[str, Any]:
    water = "fCO2_water_SST_wet"
    airs = [n for n in ("fCO2_atm_wet_interp", "fCO2_atm_wet_actual") if n in ds]
    if water not in ds or not airs or "delta_fCO2" in ds:
        return {}
    values = ds[water].to_numpy() - ds[airs[0]].to_numpy()
    return {"delta_fCO2": ("time", values, attrs_of("delta_fCO2"))}
