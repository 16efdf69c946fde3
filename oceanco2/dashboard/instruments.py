"""Instruments of a metadata document: what samples, equilibrates and measures."""

from dataclasses import dataclass

from oceanco2.dashboard.quantities import UNSAID, Quantity


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is common to everything that samples or measures."""

    name: str = ""
    identifier: str = ""
    manufacturer: str = ""
    model: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Analyser(Instrument):
    """A sensor of temperature, pressure, salinity or anything else."""

    calibration: str = ""
    accuracy: Quantity = UNSAID


@dataclass(frozen=True, slots=True)
class CalibrationGas:
    """A standard gas."""

    name: str = ""
    type: str = ""
    supplier: str = ""
    concentration: Quantity = UNSAID
    accuracy: Quantity = UNSAID
    wmo_traceable: str = ""


@dataclass(frozen=True, slots=True)
class GasSensor(Analyser):
    """An analyser of CO2 with its standard gases."""

    gases: tuple[CalibrationGas, ...] = ()
    non_zero_gases: int | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Sampler(Instrument):
    """What brings water or air to the analysers."""

    instrument_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equilibrator(Sampler):
    """An equilibrator, a sampler too."""

    type: str = ""
    water_volume: str = ""
    gas_volume: str = ""
    water_flow: str = ""
    gas_flow: str = ""
    venting: str = ""
    temperature_accuracy: Quantity = UNSAID
    pressure_accuracy: Quantity = UNSAID
