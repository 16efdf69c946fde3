"""`SetUp`: people and instruments of a platform file, stored in a dataset."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from oceanco2.errors import ProcessingError
from oceanco2.platforms.settings import (
    Equilibrator,
    Funding,
    Intake,
    NotNegative,
    Person,
    Sensor,
    Standard,
    Table,
)
from oceanco2.vocabulary import VARIABLES

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from numpy.typing import ArrayLike

    from oceanco2.platforms.schema import Platform

#: Sources of an accuracy, besides ``sensor NAME``.
STATED, CALIBRATION = "platform file", "calibration of the sensor"
ASSUMED, UNKNOWN = "assumed", "not stated"


class VariableSetUp(Table):
    """What later steps need of a variable of the platform file."""

    sensor: str = ""
    uncertainty: NotNegative | None = None
    height: float = 0.0
    dry: bool | Literal["corrected"] = True
    value: float | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Standard uncertainty in units of the variable, and its source, at each time."""

    value: "np.ndarray"
    source: "np.ndarray"

    @property
    def sources(self) -> str:
        """Every source once, in order of time."""
        return "; ".join(dict.fromkeys(self.source.ravel().tolist()))

    def largest(self) -> tuple[float, str]:
        """Return the largest value and its source; NaN if nothing is known."""
        import numpy as np

        if not np.isfinite(self.value).any():
            return np.nan, UNKNOWN
        index = int(np.nanargmax(self.value))
        return float(self.value.flat[index]), str(self.source.flat[index])


class SetUp(Table):
    """People and instruments; the attribute ``set_up`` of a dataset holds it as JSON.

    Nothing else reads or writes that attribute.
    """

    people: list[Person] = []
    funding: list[Funding] = []
    intake: Intake = Intake()
    equilibrator: Equilibrator = Equilibrator()
    sensors: dict[str, Sensor] = {}
    standards: list[Standard] = []
    variables: dict[str, VariableSetUp] = {}
    accepted: dict[str, str | dict[str, str]] = {}
    within: dict[str, float] = {}

    @classmethod
    def from_platform(cls, platform: "Platform") -> "SetUp":
        """Return the set-up of a platform file."""
        keys = set(VariableSetUp.model_fields)
        return cls(
            people=platform.metadata.people,
            funding=platform.metadata.funding,
            intake=platform.intake,
            equilibrator=platform.equilibrator,
            sensors=platform.sensors,
            standards=platform.standards,
            accepted=platform.accepted,
            within={
                name: source.within
                for name, source in platform.delivered.items()
                if source.within is not None
            },
            variables={
                name: VariableSetUp(**source.model_dump(include=keys))
                for name, source in platform.variables.items()
            },
        )

    @classmethod
    def of(cls, ds: "xr.Dataset") -> "SetUp":
        """Read the set-up of a dataset; it is empty if the dataset has none."""
        try:
            return cls.model_validate(attribute_table(ds, "set_up"))
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            raise ProcessingError(
                f"{_not_ours('set_up')}: {where}: {fault['msg']}"
            ) from None

    def content(self) -> dict[str, Any]:
        """Return what the attribute holds, ready for JSON; without empty entries."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def has(self, table: str) -> bool:
        """Return whether the platform file has anything in a table."""
        return table in self.content()

    def sensor_of(self, name: str) -> Sensor:
        """Return the sensor of a variable; an empty one if it has none."""
        variable = self.variables.get(name, VariableSetUp())
        return self.sensors.get(variable.sensor, Sensor())

    def accuracy(self, name: str, time: "ArrayLike") -> Accuracy:
        """Return how accurate a variable is at each time.

        The first of these that is known: stated for the variable; calibration in force
        at that time; accuracy of the sensor; assumed by the vocabulary. A copy without
        an uncertainty of its own has the accuracy of its original.

        Parameters
        ----------
        name : str
            A variable; it need not be in the platform file.
        time : array-like of datetime64
            Times of the values, any shape.

        Returns
        -------
        Accuracy
            In the shape of `time`; NaN and ``not stated`` where nothing is known.
        """
        import numpy as np

        times = np.asarray(time, dtype="datetime64[ns]")
        value = np.full(times.shape, np.nan)
        source = np.full(times.shape, UNKNOWN, dtype=object)
        for values, text in self._accuracies(name, times):
            known = np.isnan(value) & ~np.isnan(values)
            value = np.where(known, values, value)
            source = np.where(known, text, source)
        return Accuracy(value, source)

    def _accuracies(
        self, name: str, times: "np.ndarray"
    ) -> Iterator[tuple["np.ndarray", str]]:
        """Yield the uncertainty from each source, in order; NaN where there is none."""
        variable = self.variables.get(name, VariableSetUp())
        if variable.uncertainty is None and variable.same_as is not None:
            name = variable.same_as
            variable = self.variables.get(name, VariableSetUp())
        sensor = self.sensor_of(name)
        row = VARIABLES.get(name)
        yield _number(variable.uncertainty), STATED
        yield _of_calibrations(sensor, times), CALIBRATION
        yield _number(sensor.accuracy), f"sensor {variable.sensor}"
        yield _number(None if row is None else row.uncertainty), ASSUMED


def _number(value: float | None) -> "np.ndarray":
    import numpy as np

    return np.array(np.nan if value is None else value)


def _of_calibrations(sensor: Sensor, times: "np.ndarray") -> "np.ndarray":
    """Return the uncertainty of the calibration in force; NaN before the first."""
    import numpy as np

    dated = sorted(sensor.calibrations, key=lambda entry: entry.valid_from)
    dates = [entry.valid_from.replace(tzinfo=None) for entry in dated]
    uncertainties = np.array([np.nan, *(_number(c.uncertainty) for c in dated)])
    starts = np.array(dates, dtype="datetime64[us]").astype("datetime64[ns]")
    return uncertainties[np.searchsorted(starts, times, side="right")]


def attribute_table(ds: "xr.Dataset", name: str) -> Mapping[str, Any]:
    """Return an attribute of a dataset that is a table as JSON; empty without it."""
    text = ds.attrs.get(name) or {}
    try:
        content = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        content = None
    if not isinstance(content, Mapping):
        raise ProcessingError(_not_ours(name))
    return content


def _not_ours(name: str) -> str:
    return (
        f"attribute {name!r} of the dataset was not written by oceanco2; use the option"
        " --platform where the command has it"
    )
