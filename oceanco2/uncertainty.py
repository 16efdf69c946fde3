"""Standard uncertainty of every measured and computed value."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.physics import fco2_uncertainty
from oceanco2.platforms import Platform, SetUp
from oceanco2.platforms.settings import ASSUMED_STANDARD
from oceanco2.provenance import add_history
from oceanco2.vocabulary import VARIABLES, attrs_of, possible

#: Variables with a standard uncertainty if the platform file states none.
_ASSUMED = [n for n, variable in VARIABLES.items() if variable.uncertainty is not None]
_INPUTS = ("SST", "T_equ", "salinity", "P_equ", "P_atm")
_SLOPE = (
    0.0423  # relative change of fCO2 per kelvin, for the temperature correction only
)


def add_uncertainty(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Add one standard deviation to inputs and results.

    Linear propagation of independent inputs. Errors of the equilibrator and the sea
    surface thermometer are taken as independent, which is the cautious choice: a
    common error nearly cancels.

    Parameters
    ----------
    ds : xarray.Dataset
        Reduced dataset.
    platform : Platform
        ``uncertainty`` of its variables, sensor calibrations and gas standards.

    Returns
    -------
    xarray.Dataset
        With ``X_uncertainty`` in the units of ``X``; the attribute
        ``uncertainty_source`` says ``assumed`` where the platform file does not.

    References
    ----------
    .. [1] JCGM 100:2008, Guide to the expression of uncertainty in measurement.
    """
    new: dict[str, Any] = {}
    for name in _INPUTS:
        if name in ds:
            new[name] = _input_uncertainty(ds, platform, name)
    _mole_fractions(ds, platform, new)
    _water(ds, platform, new)
    _air(ds, platform, new)
    if "delta_fCO2" in ds:
        air = next((n for n in _AIR if f"fCO2_{n}" in new), None)
        if air and "fCO2_water_SST_wet" in new:
            parts = (new["fCO2_water_SST_wet"][0], new[f"fCO2_{air}"][0])
            new["delta_fCO2"] = (np.hypot(*parts), "water and air")
    variables = {
        f"{name}_uncertainty": (
            "time",
            np.where(np.isfinite(ds[name].to_numpy()), values, np.nan),
            attrs_of(f"{name}_uncertainty", uncertainty_source=source),
        )
        for name, (values, source) in new.items()
        if name in ds and f"{name}_uncertainty" not in ds
    }
    out = ds.assign(variables)
    return out.assign_attrs(add_history(out.attrs, "uncertainties propagated"))


_AIR = ("atm_wet_interp", "atm_wet_actual")
_Part = tuple[np.ndarray, str]


def _input_uncertainty(ds: xr.Dataset, platform: Platform, name: str) -> _Part:
    """Return the uncertainty of the sensor, plus that of interpolation in time."""
    sigma, source = _sensor_uncertainty(ds, platform, name)
    gap = f"{name}_interpolation_uncertainty"
    if gap not in ds:
        return sigma, source
    added = ds[gap].to_numpy()
    return np.hypot(sigma, np.where(np.isnan(added), 0.0, added)), (
        f"{source}; interpolation in time: structure function of its stream"
    )


def _sensor_uncertainty(ds: xr.Dataset, platform: Platform, name: str) -> _Part:
    """Return what the calibration model computed, else the accuracy of the set-up."""
    computed = _from_model(ds, name)
    if computed is not None:
        return computed
    accuracy = SetUp.from_platform(platform).accuracy(name, ds["time"].to_numpy())
    return accuracy.value, accuracy.sources


def _mole_fractions(ds: xr.Dataset, platform: Platform, new: dict[str, _Part]) -> None:
    if "calibration_uncertainty" in ds:
        noise, source = _input_uncertainty(ds, platform, "xCO2")
        standards = ds["calibration_uncertainty"].to_numpy()
        total = np.hypot(ds["calibration_slope"].to_numpy() * noise, standards)
        certificates = "certificates"
        if not all(standard.uncertainty for standard in platform.standards):
            certificates += f" ({ASSUMED_STANDARD:g} assumed where not stated)"
        total_source = f"reading: {source}; standards: {certificates}, readings and fit"
        for name in ("xCO2_calibrated", "xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"):
            new[name] = (total, total_source)
    for name in _ASSUMED:
        if name.startswith("xCO2_") and name in ds and name not in new:
            new[name] = _input_uncertainty(ds, platform, name)
    if "calibration_uncertainty" in ds and "xCO2_atm_dry_interp" in ds:
        new["xCO2_atm_dry_interp"] = (total, total_source)


def _from_model(ds: xr.Dataset, name: str) -> _Part | None:
    """Return the uncertainty computed by the calibration model, if there is one."""
    variable = f"{name}_uncertainty"
    if variable in ds:
        source = str(ds[variable].attrs.get("uncertainty_source", ""))
        return ds[variable].to_numpy(), source
    actual = "xCO2_atm_dry_actual_uncertainty"
    if name != "xCO2_atm_dry_interp" or actual not in ds:
        return None
    air = ds[actual].to_numpy()
    air = air[np.isfinite(air)]
    median = float(np.median(air)) if air.size else np.nan
    return np.full(ds.sizes["time"], median), "median of the air samples"


def _water(ds: xr.Dataset, platform: Platform, new: dict[str, _Part]) -> None:
    if "fCO2_water_SST_wet" not in ds:
        return
    if "xCO2_water_Tequ_dry" in ds:
        arguments: tuple[str, ...]
        arguments = ("xCO2_water_Tequ_dry", "T_equ", "SST", "salinity", "P_equ")
        total = _propagate(ds, platform, new, arguments, 0.0)
        at_equ_arguments = (
            "xCO2_water_Tequ_dry",
            "T_equ",
            "T_equ",
            "salinity",
            "P_equ",
        )
        at_equ = _propagate(ds, platform, new, at_equ_arguments, 1.0)
    elif "xCO2_water_SST_dry" in ds:
        arguments = ("xCO2_water_SST_dry", "SST", "SST", "salinity", "P_equ")
        total = _propagate(ds, platform, new, arguments, 1.0)
        at_equ = total
    else:
        total, at_equ = _delivered(ds, platform, new)
        arguments = ("the delivered CO2", "T_equ", "SST")
    source = f"linear propagation from {', '.join(dict.fromkeys(arguments))}"
    fco2 = ds["fCO2_water_SST_wet"].to_numpy()
    with np.errstate(all="ignore"):
        relative = total / fco2
    new["fCO2_water_SST_wet"] = (total, source)
    if "pCO2_water_SST_wet" in ds:
        new["pCO2_water_SST_wet"] = (
            relative * ds["pCO2_water_SST_wet"].to_numpy(),
            source,
        )
    if "fCO2_water_Tequ_wet" in ds and "xCO2_water_Tequ_dry" in ds:
        values = ds["fCO2_water_Tequ_wet"].to_numpy()
        new["fCO2_water_Tequ_wet"] = (at_equ, source)
        with np.errstate(all="ignore"):
            ratio = ds["pCO2_water_Tequ_wet"].to_numpy() / values
        new["pCO2_water_Tequ_wet"] = (at_equ * ratio, source)


def _propagate(
    ds: xr.Dataset,
    platform: Platform,
    new: dict[str, _Part],
    names: tuple[str, ...],
    correlation: float,
) -> np.ndarray:
    """Propagate through the reduction; one thermometer used twice has correlation 1."""
    inputs = [possible(name, ds[name].to_numpy()) for name in names]
    uncertainties = [new[name][0] for name in names]
    keys = ("u_xco2", "u_t_equ", "u_sst", "u_salinity", "u_p_equ")
    options = platform.reduction
    virial = options.virial_pressure == "standard_atmosphere"
    return np.asarray(
        fco2_uncertainty(
            *inputs,
            **dict(zip(keys, uncertainties, strict=True)),
            corr_teq_sst=correlation,
            vapour_pressure=options.vapour_pressure,
            temperature_correction=options.temperature_correction,
            mole_fraction=options.mole_fraction,
            virial_pressure="1atm" if virial else None,
        )
    )


def _delivered(
    ds: xr.Dataset, platform: Platform, new: dict[str, _Part]
) -> tuple[np.ndarray, np.ndarray]:
    """Propagate where pCO2 or fCO2 itself was delivered."""
    results = [n for n in _ASSUMED if n[0] in "pf" and n in ds]
    computed = next((n for n in results if f"{n}_uncertainty" in ds), None)
    delivered = (n for n in results if n in platform.variables)
    name = computed or next(delivered, "fCO2_water_SST_wet")
    uncertainty, source = _input_uncertainty(ds, platform, name)
    if computed:  # computed by the calibration model
        uncertainty = ds[f"{computed}_uncertainty"].to_numpy()
        source = str(ds[f"{computed}_uncertainty"].attrs.get("uncertainty_source", ""))
    new[name] = (uncertainty, source)
    if "SST_wet" in name:
        return uncertainty, uncertainty
    step = np.hypot(new["T_equ"][0], new["SST"][0]) * _SLOPE
    return np.hypot(
        uncertainty, step * ds["fCO2_water_SST_wet"].to_numpy()
    ), uncertainty


def _air(ds: xr.Dataset, platform: Platform, new: dict[str, _Part]) -> None:
    for kind in ("actual", "interp"):
        names = (f"xCO2_atm_dry_{kind}", "SST", "SST", "salinity", "P_atm")
        if f"fCO2_atm_wet_{kind}" not in ds or not all(n in new for n in names):
            continue
        total = _propagate(ds, platform, new, names, 1.0)
        source = f"linear propagation from {', '.join(dict.fromkeys(names))}"
        new[f"fCO2_atm_wet_{kind}"] = (total, source)
        with np.errstate(all="ignore"):
            ratio = ds[f"pCO2_atm_wet_{kind}"] / ds[f"fCO2_atm_wet_{kind}"]
        new[f"pCO2_atm_wet_{kind}"] = (total * ratio.to_numpy(), source)
