"""Evidence for the criteria: values of a dataset and its platform file."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR
from oceanco2.platforms import SetUp, Standard
from oceanco2.platforms.setup import ASSUMED, UNKNOWN, attribute_table
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, RUN_TYPES

RESULT = "fCO2_water_SST_wet"
_CO2 = (
    *("xCO2", "xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "xCO2_water_Tequ_wet"),
    *("xCO2_water_SST_wet", "pCO2_water_Tequ_wet", "pCO2_water_SST_wet", RESULT),
    *("fCO2_water_Tequ_wet", "signal_detector", "current_count", "light_434"),
)
#: Models of membrane sensors and of sensors that use the colour of an indicator.
_ALTERNATIVE = ("hydroc", "pro_oceanus", "sami")


class Evidence:
    """Values of a dataset and facts of its platform file."""

    def __init__(self, ds: xr.Dataset) -> None:
        self.ds = ds
        self.set_up = SetUp.of(ds)
        self.options: Mapping[str, Any] = attribute_table(ds, "options")

    @cached_property
    def water(self) -> np.ndarray:
        """Return the rows with a result."""
        if RESULT not in self.ds:
            return np.zeros(self.ds.sizes.get("time", 0), dtype=bool)
        return np.isfinite(self.ds[RESULT].to_numpy())

    @cached_property
    def flags(self) -> np.ndarray:
        """Return the flags of the result."""
        if f"{RESULT}_flag" not in self.ds:
            return np.full(self.water.shape, GOOD, dtype=np.int8)
        return self.ds[f"{RESULT}_flag"].to_numpy()

    def share(self, flag: int) -> float:
        """Return the share of results that have a flag."""
        flagged = np.isin(self.flags, (GOOD, QUESTIONABLE, BAD)) & self.water
        total = int(flagged.sum())
        return (
            float((flagged & (self.flags == flag)).sum() / total) if total else np.nan
        )

    def values(self, name: str) -> np.ndarray:
        """Return a variable where there is a result."""
        if name not in self.ds:
            return np.empty(0)
        values = self.ds[name].to_numpy()[self.water]
        return values[np.isfinite(values)]

    def accuracy(self, name: str) -> tuple[float, str]:
        """Return the accuracy of an input and its source, the largest of all times."""
        times = self.ds["time"].to_numpy()
        value, source = self.set_up.accuracy(name, times).largest()
        if source not in (ASSUMED, UNKNOWN):
            return value, source
        if f"{name}_uncertainty" in self.ds and not self.assumed(name):
            sigma = self.values(f"{name}_uncertainty")
            if sigma.size:
                return float(np.median(sigma)), "computed"
        return np.nan, UNKNOWN

    def assumed(self, name: str) -> bool:
        """Return whether the uncertainty of a variable is assumed."""
        if f"{name}_uncertainty" not in self.ds:
            return False
        source = self.ds[f"{name}_uncertainty"].attrs.get("uncertainty_source", "")
        return "assumed" in str(source)

    def result_accuracy(self) -> tuple[float, str, list[str]]:
        """Return the accuracy of fCO2 of the water, its source, and assumed inputs."""
        stated = self.ds.attrs.get("fCO2_accuracy")
        if stated is not None:
            return float(stated), "stated in the platform file", []
        if f"{RESULT}_uncertainty" not in self.ds:
            return np.nan, "not computed", []
        sigma = self.ds[f"{RESULT}_uncertainty"].to_numpy()
        sigma = sigma[np.isfinite(sigma) & self.water]
        inputs = ("T_equ", "SST", "P_equ", *_CO2)
        assumed_inputs = [name for name in inputs if self.assumed(name)]
        if not sigma.size:
            return np.nan, "no value of it has an uncertainty", assumed_inputs
        value = float(np.median(sigma))
        return value, "median of the computed uncertainty", assumed_inputs

    def gases(self) -> list[Standard]:
        """Return the gas standards that are not zero."""
        gases = [gas for gas in self.set_up.standards if gas.xCO2 > 0]
        if "standard_run_true" not in self.ds:
            return gases
        true = self.ds["standard_run_true"].to_numpy()
        if "standard_run_used" in self.ds:
            true = true[self.ds["standard_run_used"].to_numpy() > 0]
        run = np.unique(true[np.isfinite(true) & (true > 0)])
        if not gases:
            return [Standard(run="", xCO2=float(x)) for x in run]
        return [gas for gas in gases if np.any(np.isclose(run, gas.xCO2, atol=1e-6))]

    def _co2_sensors(self) -> list[str]:
        """List the sensors of CO2 that the platform file describes."""
        variables = self.set_up.variables
        named = (variables[name].sensor for name in _CO2 if name in variables)
        return [name for name in dict.fromkeys(named) if name in self.set_up.sensors]

    def sensor_text(self) -> str:
        """Return method, maker and model of the analyser, from the platform file."""
        sensors = [self.set_up.sensors[name] for name in self._co2_sensors()]
        parts = [(s.method, s.manufacturer, s.model) for s in sensors]
        return " ".join(text for part in parts for text in part if text)

    def calibration_text(self) -> str:
        """Return the calibration of the CO2 sensor, from the platform file."""
        names = sorted(self._co2_sensors())
        texts = [self.set_up.sensors[name].calibration for name in names]
        return "; ".join(text for text in texts if text)

    def alternative(self) -> bool:
        """Return whether a membrane sensor or another alternative sensor was used."""
        model = self.options.get("calibration", {}).get("model", "")
        equilibrator = self.set_up.equilibrator.type
        description = f"{equilibrator} {self.sensor_text()}"
        keywords = ("membrane", "spectrophoto", "indicator dye", "hydroc", "sami")
        return model in _ALTERNATIVE or any(
            mark in description.lower() for mark in keywords
        )

    def interval_hours(self) -> float:
        """Return the median time between water samples [h]."""
        time = np.sort(self.ds["time"].to_numpy()[self.water])
        if time.size < 2:
            return np.nan
        return float(np.median(np.diff(time)) / HOUR)

    def analysed(self) -> np.ndarray:
        """Return the dry mole fraction of the equilibrated gas."""
        names = [n for n in self.ds.data_vars if str(n).startswith("xCO2_water_")]
        candidates = (self.values(str(name)) for name in sorted(map(str, names)))
        return next((values for values in candidates if values.size), np.empty(0))

    def unplaced(self) -> int:
        """Count water samples whose position or time is bad."""
        rows = np.zeros(self.water.shape, dtype=bool)
        for name in ("position", "time"):
            if f"{name}_flag" in self.ds:
                rows |= self.ds[f"{name}_flag"].to_numpy() == BAD
        if "run_type" in self.ds:
            rows &= self.ds["run_type"].to_numpy() == RUN_TYPES["water"]
        return int(rows.sum())
