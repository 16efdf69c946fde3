"""The registry of calibration models: how the signals of an instrument become CO2."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import xarray as xr

from oceanco2.platforms import Platform
from oceanco2.registry import Registry

#: ``(dataset with calibrated sensors, platform) -> dataset with more variables``.
Apply = Callable[[xr.Dataset, Platform], xr.Dataset]
#: ``platform -> names of variables that will be added``; raises if incomplete.
Outputs = Callable[[Platform], Collection[str]]


def _no_outputs(platform: Platform) -> Collection[str]:  # noqa: ARG001 (all alike)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationModel:
    """A calibration model: how the signals of an instrument become CO2.

    Attributes
    ----------
    name : str
        Value of ``[calibration] model`` in a platform file.
    description : str
        One line for lists.
    cite : str
        Publication with DOI; empty if there is none.
    apply : callable
        ``(dataset, platform) -> dataset`` that adds variables.
    outputs : callable
        ``platform -> names`` of the variables that it will add; raises PlatformError
        if the platform file lacks what it needs. Called before data are read.
    """

    name: str
    description: str
    cite: str = ""
    apply: Apply
    outputs: Outputs = _no_outputs


MODELS: Registry[CalibrationModel] = Registry("calibration model")


def register_model(
    name: str, *, description: str, cite: str = "", outputs: Outputs = _no_outputs
) -> Callable[[Apply], Apply]:
    """Register a function as a calibration model.

    Parameters
    ----------
    name : str
        Value of ``[calibration] model`` in a platform file.
    description : str
        One line for lists.
    cite : str, default ""
        Publication with DOI.
    outputs : callable, optional
        ``platform -> names`` of the variables that it will add.

    Returns
    -------
    callable
        Decorator that returns the function unchanged.
    """

    def register(function: Apply) -> Apply:
        entry = CalibrationModel(
            name=name,
            description=description,
            cite=cite,
            apply=function,
            outputs=outputs,
        )
        MODELS.add(name, entry)
        return function

    return register
