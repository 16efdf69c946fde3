"""The metadata document of a data set, independent of its file format.

Readers of OADS, OCADS and OME files and of platform files fill a `Document`;
`oceanco2.socat.document.missing` lists what is missing in it and
`oceanco2.socat.criteria.suggestion` derives a data set flag. Text is stripped;
``""`` and empty tuples mean that an item is not stated.
"""

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as written in the document."""

    text: str = ""
    unit: str = ""

    @property
    def value(self) -> float:
        """The number in the text."""
        match = _NUMBER.search(self.text)
        return float(match["number"]) if match else math.nan

    @property
    def full_unit(self) -> str:
        """The stated unit, or the one in the text."""
        match = _NUMBER.search(self.text)
        return self.unit or (match["rest"].strip() if match else "")


# A sign belongs to the number; "+/-", "±" and "<" before it do not.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>(?:(?<!/)-)?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"(?P<rest>[^\d,;()]*)"
)

#: An empty quantity.
NOT_STATED = Quantity()


def quantities(text: str, unit: str = "") -> tuple[Quantity, ...]:
    """Split a list of numbers, such as concentrations of standard gases.

    Examples
    --------
    >>> [q.value for q in quantities("0, 250.1 and 448.6 ppm")]
    [0.0, 250.1, 448.6]
    >>> quantities("0, 250.1 ppm")[0].full_unit
    'ppm'
    """
    matches = list(_NUMBER.finditer(re.sub(r"\band\b", ",", text)))
    last_unit = unit or (matches[-1]["rest"].strip() if matches else "")
    return tuple(Quantity(match["number"], last_unit) for match in matches)


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


#: Groups of variables with different rules; ``""``: to be found from the column name.
VARIABLE_GROUPS = (
    "water_co2",
    "air_co2",
    "temperature",
    "pressure",
    "salinity",
    "instrument",
    "flag",
    "text",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in the document."""

    first: str = ""
    last: str = ""
    organization: str = ""
    street: str = ""
    email: str = ""
    phone: str = ""
    identifier: str = ""
    identifier_type: str = ""

    @property
    def name(self) -> str:
        """The name as SOCAT lists it."""
        return ", ".join(part for part in (self.last, self.first) if part)


@dataclass(frozen=True, slots=True)
class Platform:
    """Ship, mooring or vehicle.

    Attributes
    ----------
    name : str
        Its name.
    identifier : str
        Code of NODC/ICES, WMO or IMO.
    identifier_type : str
        Organisation that gave the code.
    type : str
        For example ``"Ship"``.
    owner : str
        Owner.
    country : str
        Country of the flag.
    """

    name: str = ""
    identifier: str = ""
    identifier_type: str = ""
    type: str = ""
    owner: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the data file.

    Attributes
    ----------
    column : str
        Its name in the file.
    full_name : str
        Long name.
    unit : str
        Unit of the values.
    group : str
        One of `VARIABLE_GROUPS`; ``""`` if it is to be found from `column`.
    observation_type : str
        Underway, time series, ...
    method : str
        How it was measured or computed: instruments and principle.
    method_reference : str
        Publication.
    computed : bool
        Whether it was computed from others.
    accuracy : Quantity
        Overall uncertainty of the values.
    precision : Quantity
        Resolution.
    instrument_names : tuple of str
        Names of samplers and analysers.
    report_temperature : str
        For CO2: the temperature that values refer to.
    flag_column : str
        CheckedColumn of its quality flag.
    standardization : str
        How it was calibrated, for CO2.
    vapour_correction : str
        How water vapour was corrected for.
    temperature_correction : str
        How values were corrected to the temperature of the sea.
    pco2_method : str
        How pCO2 was computed from xCO2.
    fco2_method : str
        How fCO2 was computed from pCO2.
    drying : str
        How the gas was dried.
    intake_location : str
        Position of the intake.
    intake_depth : str
        Depth of the intake.
    researcher : Person, optional
        Person responsible for the variable.
    comments : str
        Other remarks.
    """

    column: str = ""
    full_name: str = ""
    unit: str = ""
    group: str = ""
    observation_type: str = ""
    method: str = ""
    method_reference: str = ""
    computed: bool = False
    accuracy: Quantity = NOT_STATED
    precision: Quantity = NOT_STATED
    instrument_names: tuple[str, ...] = ()
    report_temperature: str = ""
    flag_column: str = ""
    standardization: str = ""
    vapour_correction: str = ""
    temperature_correction: str = ""
    pco2_method: str = ""
    fco2_method: str = ""
    drying: str = ""
    intake_location: str = ""
    intake_depth: str = ""
    researcher: Person | None = None
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Funding:
    """A source of funding."""

    agency: str = ""
    title: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A metadata document."""

    format: str = ""
    dataset_id: str = ""
    submitter: Person | None = None
    investigators: tuple[Person, ...] = ()
    platforms: tuple[Platform, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    variables: tuple[Variable, ...] = ()
    title: str = ""
    abstract: str = ""
    purpose: str = ""
    methods: str = ""
    citation: str = ""
    supplement: str = ""
    start: str = ""
    end: str = ""
    west: str = ""
    east: str = ""
    south: str = ""
    north: str = ""
    funding: tuple[Funding, ...] = ()
    projects: tuple[str, ...] = ()
    expocodes: tuple[str, ...] = ()
    cruise_ids: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
