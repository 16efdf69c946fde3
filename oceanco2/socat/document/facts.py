"""Instruments of a metadata document, from the tables of the platform file."""

from collections.abc import Mapping, Sequence
from typing import Any

from oceanco2.dashboard.instruments import (
    Analyser,
    CalibrationGas,
    Equilibrator,
    GasSensor,
    Instrument,
    Sampler,
)
from oceanco2.dashboard.quantities import NOT_STATED, Quantity
from oceanco2.metadata.facts import Facts

#: Name of the CO2 sensor if the platform file states none.
UNNAMED = "CO2 analyser"


def sensor_text(name: str, entry: Mapping[str, Any]) -> str:
    """Describe a sensor: name, manufacturer, model, serial number."""
    product = " ".join(filter(None, (entry.get("manufacturer"), entry.get("model"))))
    serial = f"serial {entry['serial']}" if entry.get("serial") else ""
    details = ", ".join(filter(None, (product, serial)))
    return f"{name} ({details})" if details else name


def calibration_text(entry: Mapping[str, Any]) -> str:
    """Describe how and when a sensor was calibrated."""
    dated = [
        " ".join(filter(None, (c["valid_from"][:10], c.get("certificate", ""))))
        for c in entry.get("calibrations", [])
    ]
    parts = [entry.get("calibration", ""), *dated]
    return "; ".join(part for part in parts if part)


def standards_text(facts: Facts) -> str:
    """Describe how many gas standards are run, and how often."""
    count = len(facts.set_up.get("standards", []))
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
    if facts.table("intake"):
        instruments.append(_sampler(facts))
    if facts.table("equilibrator") or any("Tequ" in name for name in names):
        instruments.append(_equilibrator(facts))
    instruments.append(_gas_sensor(facts, co2))
    return (*instruments, *(_analyser(facts, name) for name in other_sensors))


def _sampler(facts: Facts) -> Sampler:
    intake = facts.table("intake")
    sensors = [facts.sensor(name) for name in ("SST", "salinity", "xCO2")]
    return Sampler(
        name="sea water intake",
        comments=str(intake.get("location", "")),
        instrument_names=tuple(dict.fromkeys(filter(None, sensors))),
    )


def _equilibrator(facts: Facts) -> Equilibrator:
    entry = facts.table("equilibrator")
    sensors = [facts.sensor(name) for name in ("T_equ", "P_equ")]
    labels: dict[Any, str] = {True: "Vented", False: "Not vented"}
    vented = labels.get(entry.get("vented"), "")
    gas_flow = entry.get("gas_flow")
    return Equilibrator(
        name=entry.get("type", "") or "1",
        manufacturer=entry.get("manufacturer", ""),
        model=entry.get("model", ""),
        comments=entry.get("comment", ""),
        instrument_names=tuple(filter(None, sensors)),
        type=entry.get("type", ""),
        water_volume=_with_unit(entry.get("water_volume"), "L"),
        gas_volume=_with_unit(entry.get("gas_volume"), "L"),
        water_flow=_with_unit(
            entry.get("water_flow", facts.median("water_flow")), "L/min"
        ),
        gas_flow=_with_unit(
            facts.median("gas_flow") if gas_flow is None else gas_flow * 1000, "mL/min"
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
    entry = facts.table("sensors").get(name, {})
    gases = tuple(map(_gas, facts.set_up.get("standards", [])))
    return GasSensor(
        name=name or UNNAMED,
        **_common_fields(entry),
        calibration=calibration_text(entry) or standards_text(facts),
        accuracy=_quantity(entry.get("accuracy"), "umol/mol"),
        gases=gases,
        frequency=facts.standards_every(),
    )


def _gas(entry: Mapping[str, Any]) -> CalibrationGas:
    scale = str(entry.get("scale", ""))
    zero = entry["xCO2"] == 0
    return CalibrationGas(
        name=entry.get("cylinder") or entry["run"],
        type="zero gas, free of CO2" if zero else "CO2 in air",
        supplier=entry.get("supplier", ""),
        concentration=_quantity(entry["xCO2"], "umol/mol"),
        accuracy=_quantity(entry.get("uncertainty"), "umol/mol"),
        wmo_traceable=f"Yes ({scale})" if scale.upper().startswith("WMO") else scale,
    )


def _quantity(value: float | None, unit: str) -> Quantity:
    return NOT_STATED if value is None else Quantity(f"{value:g}", unit)


def _common_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "identifier": entry.get("serial", ""),
        "manufacturer": entry.get("manufacturer", ""),
        "model": entry.get("model", ""),
        "comments": "; ".join(
            filter(None, (entry.get("location"), entry.get("comment")))
        ),
    }


def _analyser(facts: Facts, name: str) -> Analyser:
    entry = facts.table("sensors").get(name, {})
    return Analyser(
        name=name,
        **_common_fields(entry),
        calibration=calibration_text(entry),
        accuracy=_quantity(entry.get("accuracy"), ""),
    )
