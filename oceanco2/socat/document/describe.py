"""Columns of the data file as variables of a metadata document."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from oceanco2.dashboard.quantities import NOT_STATED, Quantity
from oceanco2.metadata.facts import Facts
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR
from oceanco2.socat.document.facts import calibration_text, sensor_text, standards_text
from oceanco2.socat.document.missing import group_of
from oceanco2.socat.document.model import Variable
from oceanco2.vocabulary import VARIABLES

#: Beginnings of the names of computed variables.
_COMPUTED = ("pCO2_", "fCO2_", "delta_")
_OBSERVATION = {"mooring": "time series"}


def variables_of(
    facts: Facts, columns: Sequence[tuple[str, str]]
) -> tuple[Variable, ...]:
    """Describe the columns of the data file."""
    headers = {header for header, _ in columns}
    return tuple(
        _variable(facts, header, name, headers) for header, name in columns if name
    )


def split_header(header: str) -> tuple[str, str]:
    """Split a header into name and unit.

    Examples
    --------
    >>> split_header("SST [deg C]"), split_header("T_atm")
    (('SST', 'deg C'), ('T_atm', ''))
    """
    match = re.fullmatch(r"(.*?)\s*\[(.*)\]", header)
    return (match[1], match[2]) if match else (header, "")


def _variable(facts: Facts, header: str, name: str, headers: set[str]) -> Variable:
    column, unit = split_header(header)
    unit = unit or VARIABLES[name].units
    base = Variable(column=column, unit=unit, full_name=VARIABLES[name].long_name)
    group = group_of(base)
    fields: dict[str, Any] = {"group": group}
    if group not in ("flag", "text"):
        fields |= _measurement_fields(facts, name, unit)
    flag = {"water_co2": "WOCE_CO2_water", "air_co2": "WOCE_CO2_atm"}.get(group, "")
    if flag in headers:
        fields["flag_column"] = flag
    if group == "water_co2":
        fields |= _water_co2_fields(facts, name)
        fields["standardization"] = fields["standardization"] or standards_text(facts)
    elif group == "air_co2":
        fields |= _air_co2_fields(facts)
    elif name == "sample_depth":
        fields |= _intake_fields(facts)
    return Variable(
        column=column, unit=unit, full_name=VARIABLES[name].long_name, **fields
    )


def _measurement_fields(facts: Facts, name: str, unit: str) -> dict[str, Any]:
    sensor = facts.sensor(name)
    entry = facts.table("sensors").get(sensor, {})
    computed = name.startswith(_COMPUTED)
    method = entry.get("method") or sensor_text(sensor, entry)
    if computed:
        method = _computed_from(name)
        if sensor:
            method += (
                f"; {entry.get('method', '')} {sensor_text(sensor, entry)}".rstrip()
            )
    fields: dict[str, Any] = {
        "observation_type": _OBSERVATION.get(facts.text("platform_kind"), "underway"),
        "method": method,
        "computed": computed,
        "accuracy": facts.accuracy(name, unit),
        "precision": NOT_STATED if computed else _resolution(entry, unit),
        "instrument_names": (sensor,) if sensor else (),
        "standardization": calibration_text(entry),
    }
    return fields


def _resolution(entry: Mapping[str, Any], unit: str) -> Quantity:
    value = entry.get("resolution")
    return NOT_STATED if value is None else Quantity(f"{value:g}", unit)


def _computed_from(name: str) -> str:
    if name.startswith("delta_"):
        return "computed: sea water minus air"
    kind = name.partition("_")[0]
    return f"{kind} computed from the measured CO2"


def _formula_fields(facts: Facts) -> dict[str, str]:
    reduction = facts.options.get("reduction", {})
    vapour = _cited(WATER_VAPOUR, reduction.get("vapour_pressure"))
    warming = _cited(TEMPERATURE_CORRECTIONS, reduction.get("temperature_correction"))
    term = {"neglect": ", (1 - x)^2 left out", "pco2": ", pCO2 in place of x"}
    suffix = term.get(reduction.get("mole_fraction", ""), "")
    fugacity = f"Weiss (1974), doi:10.1016/0304-4203(74)90015-2{suffix}"
    return {
        "temperature_correction": warming,
        "pco2_method": f"pCO2 = xCO2 (P - pH2O), pH2O by {vapour}" if vapour else "",
        "fco2_method": fugacity if reduction else "",
    }


def _cited(registry: Any, name: str | None) -> str:
    if name is None or name not in registry:
        return name or ""
    entry = registry[name]
    return f"{entry.long_name}, doi:{entry.doi}" if entry.doi else entry.long_name


def _intake_fields(facts: Facts) -> dict[str, str]:
    intake = facts.table("intake")
    depth = facts.median("sample_depth")
    value = intake.get("depth") if depth != depth else depth  # noqa: PLR0124
    return {
        "intake_location": intake.get("location", ""),
        "intake_depth": "" if value is None else f"{value:g}",
    }


def _water_co2_fields(facts: Facts, name: str) -> dict[str, Any]:
    temperature = "equilibrator temperature" if "Tequ" in name else "SST"
    drying = str(facts.table("equilibrator").get("drying", ""))
    moisture_correction = facts.options.get("calibration", {}).get(
        "moisture_correction"
    )
    vapour = (
        "xCO2 brought to dry air by the measured water vapour"
        if moisture_correction
        else ""
    )
    return {
        "report_temperature": temperature,
        "drying": drying,
        "vapour_correction": vapour or (f"gas dried: {drying}" if drying else ""),
        "method_reference": facts.text("method_reference"),
        **_formula_fields(facts),
        **_intake_fields(facts),
    }


def _air_co2_fields(facts: Facts) -> dict[str, str]:
    intake = facts.table("intake")
    height = intake.get("air_height")
    above = "" if height is None else f"{height:g} m above the sea"
    parts = filter(None, (intake.get("air_location", ""), above))
    return {
        "intake_location": ", ".join(parts),
        "drying": str(facts.table("equilibrator").get("drying", "")),
    }
