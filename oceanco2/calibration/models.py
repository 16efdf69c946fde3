"""The registry of calibration models: how an instrument's signals become CO2."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import xarray as xr

from oceanco2.platforms import Platform
from oceanco2.registry import Registry

#: ``(dataset with calibrated sensors, platform) -> dataset with more variables``.
Apply = Callable[[xr.Dataset, Platform], xr.Dataset]
#: ``platform -> names of variables that will be added``; raises if it cannot be.
Made = Callable[[Platform], Collection[str]]


def _nothing(platform: Platform) -> Collection[str]:  # noqa: ARG001 (all alike)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """How the signals of a kind of instrument become CO2.

    Attributes
    ----------
    name : str
        What ``[calibration] model = "..."`` says in a platform file.
    description : str
        One line for lists.
    cite : str
        Where it is published, with DOI; empty if it is not.
    apply : callable
        ``(dataset, platform) -> dataset`` that adds variables.
    made : callable
        ``platform -> names`` of the variables that it will add; a PlatformError where
        the platform file lacks what it needs. Called before data are read.
    """

    name: str
    description: str
    cite: str = ""
    apply: Apply
    made: Made = _nothing


MODELS: Registry[Model] = Registry("calibration model")


def model(
    name: str, *, description: str, cite: str = "", made: Made = _nothing
) -> Callable[[Apply], Apply]:
    """Register a function as a calibration model.

    Parameters
    ----------
    name : str
        What ``[calibration] model = "..."`` says in a platform file.
    description : str
        One line for lists.
    cite : str, default ""
        Where it is published, with DOI.
    made : callable, optional
        ``platform -> names`` of the variables that it will add.

    Returns
    -------
    callable
        Decorator that leaves the function as it is.
    """

    def register(function: Apply) -> Apply:
        entry = Model(
            name=name, description=description, cite=cite, apply=function, made=made
        )
        MODELS.add(name, entry)
        return function

    return register
