"""Facts for a metadata document: people, instruments, missing items and their keys."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import HOUR
from oceanco2.platforms import Sensor, SetUp, Standard
from oceanco2.platforms.setup import ASSUMED, UNKNOWN, VariableSetUp, attribute_table
from oceanco2.socat.document.missing import missing_items
from oceanco2.socat.document.model import (
    NOT_STATED,
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Instrument,
    Quantity,
    Sampler,
)
from oceanco2.vocabulary import GOOD

#: Possible source variables of CO2, in order of preference.
_CO2 = (
    "xCO2",
    "xCO2_water_Tequ_dry",
    "xCO2_water_SST_dry",
    "pCO2_water_Tequ_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_Tequ_wet",
    "fCO2_water_SST_wet",
    "pCO2_sensor",
    "signal_detector",
    "light_434",
)


class Facts:
    """Set-up and statistics of a data set."""

    def __init__(self, ds: xr.Dataset) -> None:
        self.ds = ds
        self.attrs: dict[str, Any] = dict(ds.attrs)
        self.set_up = SetUp.of(ds)
        self.options: Mapping[str, Any] = attribute_table(ds, "options")

    def text(self, name: str) -> str:
        """Return a global attribute as text."""
        value = self.attrs.get(name)
        return "" if value is None else " ".join(str(value).split())

    def names(self, name: str) -> list[str]:
        """Return a global attribute that lists names."""
        value = self.attrs.get(name)
        parts = (
            value if isinstance(value, list | tuple) else str(value or "").split(";")
        )
        stripped = (" ".join(str(part).split()) for part in parts)
        return [part for part in stripped if part]

    def source(self, variable: str) -> str:
        """Return the variable of the platform file that a variable is derived from."""
        mapped = self.set_up.variables
        if variable not in mapped and "CO2" in variable:
            return next((name for name in _CO2 if name in mapped), variable)
        return mapped.get(variable, VariableSetUp()).same_as or variable

    def sensor(self, variable: str) -> str:
        """Return the name of the sensor that measured a variable."""
        source = self.source(variable)
        name = self.set_up.variables.get(source, VariableSetUp()).sensor
        if not name and source in self.ds.variables:
            name = str(self.ds[source].attrs.get("sensor") or "")
        return name

    def entry(self, sensor: str) -> Sensor:
        """Return what the platform file says about a sensor."""
        return self.set_up.sensors.get(sensor, Sensor())

    def accuracy(self, variable: str, unit: str) -> Quantity:
        """Return the accuracy of a variable."""
        if variable == "fCO2_water_SST_wet" and self.attrs.get("fCO2_accuracy"):
            return Quantity(f"{float(self.attrs['fCO2_accuracy']):g}", unit)
        computed = self._median_uncertainty(variable)
        if computed:
            return Quantity(computed, unit)
        name = variable if variable in self.set_up.variables else self.source(variable)
        if name != variable and f"{variable}_uncertainty" in self.ds:
            return NOT_STATED  # a reading has another accuracy than its results
        times = self.ds["time"].to_numpy()
        value, source = self.set_up.accuracy(name, times).largest()
        if source in (ASSUMED, UNKNOWN):
            return NOT_STATED
        return Quantity(f"{value:g}", unit)

    def _median_uncertainty(self, variable: str) -> str:
        """Median of the uncertainty of good values; empty if there is none."""
        name = f"{variable}_uncertainty"
        if "CO2" not in variable or name not in self.ds:
            return ""
        values = self.ds[name].to_numpy()
        if f"{variable}_flag" in self.ds:
            values = values[self.ds[f"{variable}_flag"].to_numpy() == GOOD]
        values = values[np.isfinite(values)]
        return f"{np.median(values):.2g}" if values.size else ""

    def median(self, variable: str) -> float:
        """Return the median of a variable."""
        if variable not in self.ds:
            return float("nan")
        values = self.ds[variable].to_numpy()
        values = values[np.isfinite(values)]
        return float(np.median(values)) if values.size else float("nan")

    def standards_every(self) -> str:
        """Return how often each gas standard was run."""
        if "standard_run_time" not in self.ds:
            return ""
        time = self.ds["standard_run_time"].to_numpy()
        standard = self.ds["standard_run_standard"].to_numpy()
        steps = [np.diff(np.sort(time[standard == gas])) for gas in np.unique(standard)]
        intervals = np.concatenate(steps) if steps else np.array([])
        if not intervals.size:
            return ""
        return f"every {np.median(intervals) / HOUR:.1f} hours"


#: Name of the CO2 sensor if the platform file states none.
UNNAMED = "CO2 analyser"


def sensor_text(name: str, entry: Sensor) -> str:
    """Describe a sensor: name, manufacturer, model, serial number."""
    product = " ".join(filter(None, (entry.manufacturer, entry.model)))
    serial = f"serial {entry.serial}" if entry.serial else ""
    details = ", ".join(filter(None, (product, serial)))
    return f"{name} ({details})" if details else name


def calibration_text(entry: Sensor) -> str:
    """Describe how and when a sensor was calibrated."""
    dated = [
        " ".join(filter(None, (c.valid_from.date().isoformat(), c.certificate)))
        for c in entry.calibrations
    ]
    parts = [entry.calibration, *dated]
    return "; ".join(part for part in parts if part)


def standards_text(facts: Facts) -> str:
    """Describe how many gas standards are run, and how often."""
    count = len(facts.set_up.standards)
    every = facts.standards_every()
    return f"{count} standard gases {every}".rstrip() if count else ""


def instruments_of(
    facts: Facts, columns: Sequence[tuple[str, str]]
) -> tuple[Instrument, ...]:
    """Describe sampler, equilibrator, gas sensor and other sensors."""
    names = [name for _, name in columns if name]
    co2 = next((facts.sensor(name) for name in names if "CO2_water" in name), "")
    other_sensors = [facts.sensor(name) for name in names if "CO2" not in name]
    other_sensors = [
        name for name in dict.fromkeys(other_sensors) if name and name != co2
    ]
    instruments: list[Instrument] = []
    if facts.set_up.has("intake"):
        instruments.append(_sampler(facts))
    if facts.set_up.has("equilibrator") or any("Tequ" in name for name in names):
        instruments.append(_equilibrator(facts))
    instruments.append(_gas_sensor(facts, co2))
    return (*instruments, *(_analyser(facts, name) for name in other_sensors))


def _sampler(facts: Facts) -> Sampler:
    sensors = [facts.sensor(name) for name in ("SST", "salinity", "xCO2")]
    return Sampler(
        name="sea water intake",
        comments=facts.set_up.intake.location,
        instrument_names=tuple(dict.fromkeys(filter(None, sensors))),
    )


def _equilibrator(facts: Facts) -> Equilibrator:
    entry = facts.set_up.equilibrator
    sensors = [facts.sensor(name) for name in ("T_equ", "P_equ")]
    labels: dict[Any, str] = {True: "Vented", False: "Not vented"}
    vented = labels.get(entry.vented, "")
    return Equilibrator(
        name=entry.type or "1",
        manufacturer=entry.manufacturer,
        model=entry.model,
        comments=entry.comment,
        instrument_names=tuple(filter(None, sensors)),
        type=entry.type,
        water_volume=_with_unit(entry.water_volume, "L"),
        gas_volume=_with_unit(entry.gas_volume, "L"),
        water_flow=_with_unit(
            facts.median("water_flow")
            if entry.water_flow is None
            else entry.water_flow,
            "L/min",
        ),
        gas_flow=_with_unit(
            facts.median("gas_flow")
            if entry.gas_flow is None
            else entry.gas_flow * 1000,
            "mL/min",
        ),
        venting=vented,
        temperature_accuracy=facts.accuracy("T_equ", "degC"),
        pressure_accuracy=facts.accuracy("P_equ", "hPa"),
    )


def _with_unit(value: float | None, unit: str) -> str:
    if value is None or value != value:  # noqa: PLR0124
        return ""
    return f"{value:.4g} {unit}"


def _gas_sensor(facts: Facts, name: str) -> GasSensor:
    entry = facts.entry(name)
    gases = tuple(map(_gas, facts.set_up.standards))
    return GasSensor(
        name=name or UNNAMED,
        **_common_fields(entry),
        calibration=calibration_text(entry) or standards_text(facts),
        accuracy=_quantity(entry.accuracy, "umol/mol"),
        gases=gases,
        frequency=facts.standards_every(),
    )


def _gas(entry: Standard) -> CalibrationGas:
    scale = entry.scale
    zero = entry.xCO2 == 0
    return CalibrationGas(
        name=entry.cylinder or entry.run,
        type="zero gas, free of CO2" if zero else "CO2 in air",
        supplier=entry.supplier,
        concentration=_quantity(entry.xCO2, "umol/mol"),
        accuracy=_quantity(entry.uncertainty or None, "umol/mol"),  # 0: not stated
        wmo_traceable=f"Yes ({scale})" if scale.upper().startswith("WMO") else scale,
    )


def _quantity(value: float | None, unit: str) -> Quantity:
    return NOT_STATED if value is None else Quantity(f"{value:g}", unit)


def _common_fields(entry: Sensor) -> dict[str, Any]:
    return {
        "identifier": entry.serial,
        "manufacturer": entry.manufacturer,
        "model": entry.model,
        "comments": "; ".join(filter(None, (entry.location, entry.comment))),
    }


def _analyser(facts: Facts, name: str) -> Analyser:
    entry = facts.entry(name)
    return Analyser(
        name=name,
        **_common_fields(entry),
        calibration=calibration_text(entry),
        accuracy=_quantity(entry.accuracy, ""),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing item of a metadata document.

    Attributes
    ----------
    item : str
        The missing item, as the dashboard calls it.
    key : str
        Table and key of the platform file that supplies it.
    """

    item: str
    key: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.item} -> {self.key}"


#: Item as the dashboard calls it and key of the platform file; the first match counts.
_KEYS: tuple[tuple[str, str], ...] = (
    (r"data set id.*", "platform_code, or [metadata] expocode"),
    (r"submitter", "[metadata] investigators, or submitter"),
    (
        r"submitter: (first|last) name",
        '[metadata] submitter = "Last, First" (default: the first investigator)',
    ),
    (r"submitter: street", "[[metadata.people]] address, of the submitter"),
    (r"submitter: e-mail", "[[metadata.people]] email, of the submitter"),
    (
        r"submitter: organization",
        "[[metadata.people]] organization, or [metadata] organizations",
    ),
    (r"investigators", "[metadata] investigators"),
    (
        r"investigator .*: (first|last) name",
        '[metadata] investigators = ["Last, First"]',
    ),
    (r"investigator .*: organization", "[metadata] organizations"),
    (r"platform .*: identifier", "platform_code"),
    (r"platform .*: name", "name"),
    (r"platform .*: type", "kind, or [metadata] platform_type"),
    (r"variable of CO2 in sea water", "[variables] xCO2"),
    (
        r"(gas sensor|analyser) (?P<name>.+): (?P<what>manufacturer|model|calibration)",
        "[sensors.{name}] {what}",
    ),
    (r"gas sensor (?P<name>.+): calibration gas", "[[standards]]"),
    (
        r"gas sensor .+: calibration gas (?P<name>.+): (?P<what>supplier)",
        "[[standards]] {what}, of {name}",
    ),
    (
        r"gas sensor .+: calibration gas (?P<name>.+): concentration",
        "[[standards]] xCO2, of {name}",
    ),
    (r"equilibrator .+: venting", "[equilibrator] vented"),
    (
        r"equilibrator .+: (?P<what>type|water volume|gas volume|water flow|gas flow)",
        "[equilibrator] {what}",
    ),
    (r"sampler .+: names of instruments", "[variables.SST] sensor"),
)
_VARIABLE = re.compile(r"variable (?P<column>.+): (?P<what>[^:]+)")


def gaps(
    document: Document,
    columns: Sequence[tuple[str, str]] = (),
    ds: xr.Dataset | None = None,
) -> list[Gap]:
    """List missing items of a document and the keys that supply them.

    Parameters
    ----------
    document : Document
        Result of `document_of`.
    columns : sequence of (str, str), optional
        Header with unit and variable of the dataset: keys then name the variable.
    ds : xarray.Dataset, optional
        Dataset that the document describes: keys then name the variables of its
        platform file.

    Returns
    -------
    list of Gap
        Empty if the document is complete.
    """
    source = (lambda name: name) if ds is None else Facts(ds).source
    names = {header.split(" [")[0]: source(name) for header, name in columns}
    names[UNNAMED] = source("xCO2")
    sensors = {v.column: "; ".join(v.instrument_names) for v in document.variables}
    return [Gap(item, _key(item, names, sensors)) for item in missing_items(document)]


def _key(item: str, names: dict[str, str], sensors: dict[str, str]) -> str:
    for pattern, key in _KEYS:
        match = re.fullmatch(pattern, item)
        if match:
            groups = match.groupdict()
            name = groups.get("name") or ""
            field = (groups.get("what") or "").replace(" ", "_")
            if name == UNNAMED and field:
                return f"[variables.{names[name]}] sensor, then [sensors.NAME] {field}"
            quoted = name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'
            return key.format(name=quoted, what=field)
    match = _VARIABLE.fullmatch(item)
    if match:
        column = match["column"]
        variable = names.get(column) or column
        alternative = (
            " (or [metadata] fCO2_accuracy)" if column.startswith("fCO2_w") else ""
        )
        return _key_of_variable(
            variable, match["what"], sensors.get(column, ""), alternative
        )
    return "[metadata]"


def _key_of_variable(variable: str, field: str, sensor: str, alternative: str) -> str:
    if field.startswith("names of instruments"):
        return f"[variables.{variable}] sensor"
    if field.startswith("measurement method"):
        if sensor:
            return f"[sensors.{sensor}] method"
        return f"[variables.{variable}] sensor, then [sensors.NAME] method"
    if field.startswith("accuracy"):
        return f"[variables.{variable}] uncertainty{alternative}"
    return f"[variables.{variable}]"
