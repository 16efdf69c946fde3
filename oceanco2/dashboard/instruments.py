"""Instruments of a metadata document: what samples, equilibrates and measures."""

from dataclasses import dataclass

from oceanco2.dashboard.quantities import UNSAID, Quantity


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is common to everything that samples or measures.

    Attributes
    ----------
    name : str
        As variables refer to it.
    identifier : str
        Serial number or the like.
    manufacturer : str
        Who made it.
    model : str
        Which one it is.
    comments : str
        Whatever else is said.
    """

    name: str = ""
    identifier: str = ""
    manufacturer: str = ""
    model: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Analyser(Instrument):
    """A sensor of temperature, pressure, salinity or anything else.

    Attributes
    ----------
    calibration : str
        How and when it was calibrated.
    accuracy : Quantity
        Of the sensor.
    """

    calibration: str = ""
    accuracy: Quantity = UNSAID


@dataclass(frozen=True, slots=True)
class CalibrationGas:
    """A standard gas.

    Attributes
    ----------
    name : str
        Bottle.
    type : str
        What is in it, for example ``"CO2 in air"``.
    supplier : str
        Who made it.
    concentration : Quantity
        Of CO2 [umol/mol].
    accuracy : Quantity
        Of the concentration [umol/mol].
    wmo_traceable : str
        Whether it goes back to the WMO scale, as it is said.
    """

    name: str = ""
    type: str = ""
    supplier: str = ""
    concentration: Quantity = UNSAID
    accuracy: Quantity = UNSAID
    wmo_traceable: str = ""


@dataclass(frozen=True, slots=True)
class GasSensor(Analyser):
    """An analyser of CO2 with its standard gases.

    Attributes
    ----------
    gases : tuple of CalibrationGas
        Zero gas included.
    non_zero_gases : int, optional
        Their number, where the document gives no more than that.
    frequency : str
        How often they are run.
    """

    gases: tuple[CalibrationGas, ...] = ()
    non_zero_gases: int | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Sampler(Instrument):
    """What brings water or air to the analysers.

    Attributes
    ----------
    instrument_names : tuple of str
        The instruments in or behind it.
    """

    instrument_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equilibrator(Sampler):
    """An equilibrator, a sampler too.

    Attributes
    ----------
    type : str
        Shower, bubble, membrane.
    water_volume : str
        Volume of water [L].
    gas_volume : str
        Volume of the headspace [L].
    water_flow : str
        Flow of water [L/min].
    gas_flow : str
        Flow of gas [mL/min].
    venting : str
        Whether and how it is vented.
    temperature_accuracy : Quantity
        Of the temperature in it.
    pressure_accuracy : Quantity
        Of the pressure in it.
    """

    type: str = ""
    water_volume: str = ""
    gas_volume: str = ""
    water_flow: str = ""
    gas_flow: str = ""
    venting: str = ""
    temperature_accuracy: Quantity = UNSAID
    pressure_accuracy: Quantity = UNSAID
