"""Sensors of buoys: Pro-Oceanus CO2-Pro in water and air, SAMI2-CO2."""

from collections.abc import Collection
from typing import Any, Literal

import numpy as np
import xarray as xr

from oceanco2.calibration.model import flushing, register_model
from oceanco2.dates import SECOND
from oceanco2.physics import (
    dry_mole_fraction,
    fco2_from_pco2,
    sami_pco2,
    sami_temperature,
)
from oceanco2.platforms import Platform
from oceanco2.platforms.settings import Table
from oceanco2.units import HPA_PER_ATM
from oceanco2.vocabulary import RUN_TYPES, attrs_of


class Sami(Table):
    """Calibration of a SAMI2-CO2; ``bits`` is the resolution of its hardware."""

    CalT: float
    CalA: float
    CalB: float
    CalC: float
    bits: Literal[12, 14] = 12


def _pro_oceanus_outputs(platform: Platform) -> Collection[str]:  # noqa: ARG001
    return "xCO2_water_SST_wet", "pCO2_water_SST_wet"


@register_model(
    "pro_oceanus",
    description="Pro-Oceanus CO2-Pro: humid mole fraction times the gas pressure",
    outputs=_pro_oceanus_outputs,
    required=("xCO2", "P_analyser"),
)
def calibrate_pro_oceanus(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Convert readings of a CO2-Pro to partial pressures of water and air."""
    size = ds.sizes["time"]
    run_type = np.full(size, RUN_TYPES["water"])
    if "run_type" in ds:
        run_type = ds["run_type"].to_numpy()
    x, pressure = ds["xCO2"].to_numpy(), ds["P_analyser"].to_numpy()
    pco2 = x * pressure / HPA_PER_ATM
    water, air = (run_type == RUN_TYPES[w] for w in ("water", "air"))
    method = "humid mole fraction times the pressure of the gas stream"
    results = {
        "xCO2_water_SST_wet": np.where(water, x, np.nan),
        "pCO2_water_SST_wet": np.where(water, pco2, np.nan),
    }
    if air.any():
        results["pCO2_atm_wet_actual"] = np.where(air, pco2, np.nan)
        if "P_vapour" in ds:
            vapour = 1e3 * ds["P_vapour"].to_numpy() / pressure
            results["xCO2_atm_dry_actual"] = np.where(
                air, dry_mole_fraction(x, vapour), np.nan
            )
        if "T_atm" in ds:
            temperature = ds["T_atm"].to_numpy()
            fco2 = fco2_from_pco2(pco2, temperature, pressure, x, on_range="ignore")
            results["fCO2_atm_wet_actual"] = np.where(air, fco2, np.nan)
    new: dict[str, Any] = {
        name: ("time", values, attrs_of(name, method=method))
        for name, values in results.items()
    }
    new["flushing"] = _flushing(ds, run_type, platform)
    return ds.assign({name: value for name, value in new.items() if name not in ds})


def _flushing(
    ds: xr.Dataset, run_type: np.ndarray, platform: Platform
) -> tuple[str, np.ndarray, dict[str, Any]]:
    """Mark rows up to the flushing time after a change of run type or of the zero."""
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / SECOND
    changed = np.zeros(run_type.shape, dtype=bool)
    if "zero_count" in ds:
        zero = np.nan_to_num(ds["zero_count"].to_numpy())
        changed |= np.diff(zero, prepend=np.nan) != 0
    # After a gap between bursts the sensor flushes again.
    changed |= np.diff(seconds, prepend=-np.inf) > 600.0
    return flushing(run_type, seconds, platform, changed)


def _sami_outputs(platform: Platform) -> Collection[str]:  # noqa: ARG001 (all alike)
    return "T_equ", "pCO2_water_Tequ_wet"


@register_model(
    "sami",
    description="Sunburst SAMI2-CO2: absorbances over the last blank",
    cite="OOI data product specification 1341-00490",
    outputs=_sami_outputs,
    settings=Sami,
    required=("light_434", "light_620", "thermistor"),
    in_options=False,
)
def calibrate_sami(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Convert light ratios of a SAMI2-CO2 to partial pressure."""
    table = platform.settings(Sami)
    if table is None:  # an error before data are read
        return ds
    temperature = sami_temperature(ds["thermistor"].to_numpy(), 2.0**table.bits)
    run_type = ds["run_type"].to_numpy()
    blank = run_type == RUN_TYPES["zero"]
    order = np.arange(run_type.size)
    last_blank = np.maximum.accumulate(np.where(blank, order, -1))
    new: dict[str, Any] = {"T_equ": ("time", temperature, attrs_of("T_equ"))}
    absorbances = []
    for wave in ("434", "620"):
        light = ds[f"light_{wave}"].to_numpy()
        blank_light = np.where(
            last_blank >= 0, light[np.maximum(last_blank, 0)], np.nan
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            absorbances.append(-np.log10(light / blank_light))
        text = {"long_name": f"light at {wave} nm of the last blank", "units": "1"}
        new[f"blank_{wave}"] = ("time", blank_light, text)
    cal = (table.CalT, table.CalA, table.CalB, table.CalC)
    pco2 = sami_pco2(absorbances[0], absorbances[1], temperature, cal)
    pco2 = np.where(run_type == RUN_TYPES["water"], pco2, np.nan)
    name = "pCO2_water_Tequ_wet"
    method = f"absorbances over the last blank; CalT, A, B, C = {cal}"
    new[name] = ("time", pco2, attrs_of(name, method=method))
    return ds.assign({key: value for key, value in new.items() if key not in ds})
