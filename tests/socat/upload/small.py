"""Three rows of sea water and one of air, with the same round values in every row."""

import numpy as np

from tests.datasets import canonical_dataset, set_flag

VALUES = {
    "latitude": -30.123456,
    "longitude": 10.5,
    "SST": 18.1234,
    "salinity": 35.1,
    "T_equ": 18.5,
    "P_equ": 1010.25,
    "P_atm": 1012.5,
    "wind_speed": 7.5,
    "xCO2_water_Tequ_dry": 380.1234,
    "pCO2_water_Tequ_wet": 370.5,
    "pCO2_water_SST_wet": 365.25,
    "fCO2_water_Tequ_wet": 369.5,
    "fCO2_water_SST_wet": 364.125,
    "xCO2_atm_dry_actual": 400.5,
    "pCO2_atm_wet_actual": 395.5,
    "fCO2_atm_wet_actual": 394.5,
    "xCO2_atm_dry_interp": 400.25,
    "pCO2_atm_wet_interp": 395.25,
    "fCO2_atm_wet_interp": 394.25,
    "delta_fCO2": -30.125,
}


def small(flag=3):
    """The dataset; the second row is flagged, the last one is of air."""
    ds = canonical_dataset(12).copy(deep=True)
    for name, value in VALUES.items():
        values = ds[name].to_numpy()
        values[np.isfinite(values)] = value
    ds = set_flag(ds, 1, "fCO2_water_SST_wet", flag, "gradient")
    return ds.isel(time=[0, 1, 9, 10])
