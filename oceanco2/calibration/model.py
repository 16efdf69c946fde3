"""The registry of calibration models, and the flushing time that they share."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, get_origin

import numpy as np
import xarray as xr

from oceanco2.errors import PlatformError, RegistrationError
from oceanco2.platforms import Platform
from oceanco2.platforms.settings import Table
from oceanco2.registry import CALIBRATION_MODELS
from oceanco2.vocabulary import RUN_TYPES, coded_attrs


def flushing(
    run_type: np.ndarray,
    seconds: np.ndarray,
    platform: Platform,
    changed: np.ndarray | None = None,
) -> tuple[str, np.ndarray, dict[str, Any]]:
    """Mark rows up to the flushing time after the start of a run, inclusive."""
    begins = np.diff(run_type, prepend=-1) != 0
    if changed is not None:
        begins |= changed
    starts = np.maximum.accumulate(np.where(begins, np.arange(run_type.size), 0))
    elapsed = seconds - seconds[starts] if run_type.size else seconds
    out = np.zeros(run_type.shape, dtype=np.int8)
    limits = platform.runs.flushing_seconds if platform.runs else {}
    for name, limit in limits.items():
        if limit > 0:
            out[(run_type == RUN_TYPES[name]) & (elapsed <= limit)] = 1
    attrs = coded_attrs("within the flushing time", {"no": 0, "yes": 1}, "int8")
    return "time", out, attrs


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
    settings : type, optional
        Pydantic model of the table ``[<name>]`` of the platform file, if it has one.
    required : tuple of str
        Variables that the platform file must have.
    in_options : bool
        Whether the settings are recorded in the attribute ``options`` of a dataset.
    """

    name: str
    description: str
    cite: str = ""
    apply: Apply
    outputs: Outputs = _no_outputs
    settings: type[Table] | None = None
    required: tuple[str, ...] = ()
    in_options: bool = True

    def check(self, platform: Platform) -> None:
        """Raise PlatformError if the file lacks the table or a variable."""
        keys = _required_keys(self.name, self.settings) if self.settings else []
        if self.settings and keys and platform.settings(self.settings) is None:
            raise PlatformError(
                f"{platform.path}: [calibration] model {self.name!r} needs a table"
                f" [{self.name}] with {', '.join(keys)}"
            )
        require_variables(platform, self.name, self.required)


def _required_keys(name: str, settings: type[Table]) -> list[str]:
    """Return the keys without default, and the tables that are lists."""
    fields = settings.model_fields.items()
    required = [(key, field) for key, field in fields if field.is_required()]
    return [
        f"[[{name}.{key}]]" if get_origin(field.annotation) is list else key
        for key, field in required
    ]


def require_variables(
    platform: Platform, model_name: str, names: Collection[str]
) -> None:
    """Raise PlatformError if the platform file lacks variables."""
    missing = [name for name in names if name not in platform.variables]
    if missing:
        raise PlatformError(
            f"{platform.path}: [variables] lacks {', '.join(missing)}:"
            f" [calibration] model {model_name!r} needs them"
        )


#: Under its public name.
MODELS = CALIBRATION_MODELS


def register_model(
    name: str,
    *,
    description: str,
    cite: str = "",
    outputs: Outputs = _no_outputs,
    settings: type[Table] | None = None,
    required: tuple[str, ...] = (),
    in_options: bool = True,
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
    settings : type, optional
        Pydantic model of the table ``[<name>]`` of the platform file; a subclass of
        `oceanco2.platforms.Table`, so that unknown keys are errors.
    required : tuple of str, optional
        Variables that the platform file must have.
    in_options : bool, default True
        Whether the settings are recorded in the attribute ``options`` of a dataset.

    Returns
    -------
    callable
        Decorator that returns the function unchanged.

    Raises
    ------
    RegistrationError
        If the name is taken, or names another table of platform files.
    """
    keys = {field.alias or key for key, field in Platform.model_fields.items()}
    if settings is not None and name in keys:
        raise RegistrationError(
            f"calibration model {name!r} cannot have settings: [{name}] is a table of"
            " every platform file"
        )

    def register(function: Apply) -> Apply:
        entry = CalibrationModel(
            name=name,
            description=description,
            cite=cite,
            apply=function,
            outputs=outputs,
            settings=settings,
            required=required,
            in_options=in_options,
        )
        MODELS.add(name, entry)
        return function

    return register
