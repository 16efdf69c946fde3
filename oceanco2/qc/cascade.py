"""From the flags of the inputs to the flag of a result."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES, TEST_BITS

_WATER = ("water_flow", "gas_flow", "position", "time")
#: Of a membrane sensor.
_SIGNALS = ("signal_detector", "signal_reference", "state_zero", "T_gas", "P_analyser")
#: Result to the inputs that decide on it; those that a dataset lacks do not count.
INPUTS: Mapping[str, tuple[str, ...]] = {
    "warming": ("T_equ", "SST"),
    "pCO2_water_Tequ_wet": (
        *("xCO2_water_Tequ_dry", "T_equ", "salinity", "P_equ"),
        *(*_WATER, *_SIGNALS),
    ),
    "fCO2_water_Tequ_wet": (
        *("xCO2_water_Tequ_dry", "pCO2_water_Tequ_wet", "T_equ", "salinity", "P_equ"),
        *_WATER,
    ),
    "pCO2_water_SST_wet": (
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "T_equ", "SST", "salinity"),
        *("P_equ", "warming", *_WATER, *_SIGNALS),
    ),
    "fCO2_water_SST_wet": (
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "pCO2_water_SST_wet"),
        *("fCO2_water_Tequ_wet", "T_equ", "SST", "salinity", "P_equ", "warming"),
        *_WATER,
    ),
    **{
        f"{quantity}_atm_wet_{kind}": (
            *(f"xCO2_atm_dry_{kind}", "SST", "salinity", "P_atm", "position", "time"),
            *(("gas_flow",) if kind == "actual" else ()),
        )
        for quantity in ("pCO2", "fCO2")
        for kind in ("actual", "interp")
    },
    "delta_fCO2": ("fCO2_water_SST_wet", "fCO2_atm_wet_interp"),
}
#: A doubtful salinity hardly moves fCO2: one step milder.
_MILDER = {QUESTIONABLE: GOOD, BAD: QUESTIONABLE}
#: Inputs that need not be there.
_OPTIONAL = {"water_flow", "gas_flow", "warming", "position", "time", *_SIGNALS}

Layer = tuple[np.ndarray, np.ndarray]


def rows_of(ds: xr.Dataset, name: str) -> np.ndarray:
    """Tell on which rows a result is to be expected.

    Parameters
    ----------
    ds : xarray.Dataset
        Reduced dataset.
    name : str
        The result.

    Returns
    -------
    ndarray of bool
        Water rows, air rows, or all where there are no run types.
    """
    if "run_type" not in ds or "CO2" not in name:
        return np.ones(ds.sizes["time"], dtype=bool)
    word = "air" if name.endswith("actual") else "water"
    return ds["run_type"].to_numpy() == RUN_TYPES[word]


def cascade(
    name: str, own: Layer, inputs: Mapping[str, Layer], values: np.ndarray
) -> Layer:
    """Give a result the worst flag of itself and its inputs.

    Parameters
    ----------
    name : str
        The result.
    own : tuple of ndarray
        Flags and tests of its own checks.
    inputs : mapping of str to tuple of ndarray
        Effective flags and tests of the inputs that are there.
    values : ndarray
        The result; where it is NaN the flag is bad if an input cannot be such a
        quantity, else missing.

    Returns
    -------
    flags : ndarray of int8
        WOCE flags.
    tests : ndarray of int64
        Own bits and those of the inputs that are not good.

    Notes
    -----
    Salinity counts one step milder; missing inputs that need not be there do not
    count. Nothing ever makes a flag better.
    """
    flags, tests = own[0].copy(), own[1].copy()
    impossible = np.zeros(values.shape, dtype=bool)
    for key in INPUTS[name]:
        if key not in inputs:
            continue
        theirs, bits = inputs[key]
        if key in _OPTIONAL:
            theirs = np.where(theirs == MISSING, GOOD, theirs)
        elif key == "salinity":
            theirs = theirs.copy()
            for code in (QUESTIONABLE, BAD):
                theirs[inputs[key][0] == code] = _MILDER[code]
        doubtful = (theirs > GOOD) | ((inputs[key][0] > GOOD) & (key == "salinity"))
        impossible |= doubtful & ((bits & TEST_BITS["physical"]) != 0)
        flags = np.maximum(flags, np.where(theirs == MISSING, flags, theirs))
        tests |= np.where(doubtful, bits | TEST_BITS["input"], 0).astype(np.int64)
    absent = np.isnan(values)
    flags[absent] = np.where(impossible[absent], BAD, MISSING)
    tests[absent] |= TEST_BITS["missing"]
    return flags.astype(np.int8), tests
