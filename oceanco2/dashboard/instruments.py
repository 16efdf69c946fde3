"""Instruments of a metadata document: samplers, equilibrators, sensors."""

from dataclasses import dataclass

from oceanco2.dashboard.quantities import NOT_STATED, Quantity


@dataclass(frozen=True, slots=True)
class Instrument:
    """Common fields of samplers and sensors."""

    name: str = ""
    identifier: str = ""
    manufacturer: str = ""
    model: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Analyser(Instrument):
    """A sensor of temperature, pressure, salinity or anything else."""

    calibration: str = ""
    accuracy: Quantity = NOT_STATED


@dataclass(frozen=True, slots=True)
class CalibrationGas:
    """A standard gas."""

    name: str = ""
    type: str = ""
    supplier: str = ""
    concentration: Quantity = NOT_STATED
    accuracy: Quantity = NOT_STATED
    wmo_traceable: str = ""


@dataclass(frozen=True, slots=True)
class GasSensor(Analyser):
    """An analyser of CO2 with its standard gases."""

    gases: tuple[CalibrationGas, ...] = ()
    non_zero_gases: int | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Sampler(Instrument):
    """An instrument that brings water or air to the analysers."""

    instrument_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equilibrator(Sampler):
    """An equilibrator, which is a sampler too."""

    type: str = ""
    water_volume: str = ""
    gas_volume: str = ""
    water_flow: str = ""
    gas_flow: str = ""
    venting: str = ""
    temperature_accuracy: Quantity = NOT_STATED
    pressure_accuracy: Quantity = NOT_STATED
