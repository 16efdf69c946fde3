"""Tables of a platform file with metadata and options (pydantic models)."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from oceanco2.errors import choose_name, not_found


class WrongKey(ValueError):
    """An invalid entry of the file; holds its key for the message."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


def _utc(moment: datetime) -> datetime:
    with_zone = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return with_zone.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Pair = tuple[float, float]

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class Table(BaseModel):
    """One table of a platform file: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SensorCalibration(Table):
    """A dated polynomial in canonical units: ``a0 + a1 x + a2 x**2 ...``."""

    valid_from: Moment
    polynomial: list[float] = Field(min_length=1, max_length=6)
    uncertainty: NotNegative | None = None
    certificate: str = ""


class Sensor(Table):
    """A sensor: who made it and how it was calibrated."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    location: str = ""
    method: str = ""
    accuracy: NotNegative | None = None
    resolution: NotNegative | None = None
    calibration: str = ""
    comment: str = ""
    drift: Literal["none", "linear"] = "none"
    calibrations: list[SensorCalibration] = []


#: Standard uncertainty of a gas standard that states none [umol mol-1]: within this,
#: laboratories shall agree (WMO GAW report 255, network compatibility goal of CO2).
ASSUMED_STANDARD = 0.1


class Standard(Table):
    """A gas standard: concentration, scale and start of use."""

    run: str
    xCO2: float = Field(ge=0, le=50000)
    uncertainty: NotNegative = 0.0  # 0: not stated
    scale: str = ""
    cylinder: str = ""
    supplier: str = ""
    valid_from: Moment = LONG_AGO

    @property
    def label(self) -> str:
        """Return the run type as runs are compared: without case and outer blanks."""
        return self.run.strip().upper()

    @property
    def sigma(self) -> float:
        """Return the standard uncertainty, stated or assumed; never 0."""
        return self.uncertainty or ASSUMED_STANDARD


class Calibration(Table):
    """How signals of the instrument become CO2, and how gas standards are used."""

    model: str = "gas_standards"
    method: Literal["linear", "piecewise"] = "linear"
    max_age_hours: Positive = 12.0
    one_sided: Literal["questionable", "accept", "reject"] = "questionable"
    include_zero: bool = False
    minimum_standards: int = Field(default=2, ge=2)
    allow_uncalibrated: bool = False
    span_tolerance: NotNegative = 0.0
    residual_limit: Positive = 2.0
    moisture_correction: bool = False
    water_zero: bool = (
        False  # subtract the water that the analyser shows in dry standards
    )
    air_max_gap_hours: Positive = 12.0
    temperature_scale: Literal["ITS-90", "IPTS-68"] = "ITS-90"
    scale: Literal["WMO X2019"] | None = None


class Reduction(Table):
    """Named options of the formulas; the defaults are SOCAT's recipe."""

    vapour_pressure: str = "weiss_price_1980"
    temperature_correction: str = "takahashi_1993"
    mole_fraction: Literal["xco2", "pco2", "neglect"] = "xco2"
    virial_pressure: Literal["measured", "standard_atmosphere"] = "measured"
    sea_level_pressure: str = "hydrostatic"


class Person(Table):
    """An investigator or the submitter, with contact details."""

    name: str = Field(min_length=1)
    organization: str = ""
    address: str = ""
    phone: str = ""
    email: str = Field(default="", pattern=r"^(\S+@\S+)?$")
    orcid: str = Field(default="", pattern=r"^(\d{4}-\d{4}-\d{4}-\d{3}[\dX])?$")


class Funding(Table):
    """A source of funding."""

    agency: str = Field(min_length=1)
    title: str = ""
    identifier: str = ""


class Intake(Table):
    """Where sea water and air come from; depth and height in metres."""

    location: str = ""
    depth: NotNegative | None = None
    air_location: str = ""
    air_height: NotNegative | None = None


class Equilibrator(Table):
    """The equilibrator; volumes in L, flows in L min-1."""

    type: str = ""
    manufacturer: str = ""
    model: str = ""
    water_volume: NotNegative | None = None
    gas_volume: NotNegative | None = None
    water_flow: NotNegative | None = None
    gas_flow: NotNegative | None = None
    vented: bool | None = None
    drying: str = ""
    comment: str = ""


class Metadata(Table):
    """Metadata copied into the outputs (terms of ACDD, OCADS and SOCAT)."""

    expocode: str | None = None
    dataset_name: str | None = None
    title: str | None = None
    summary: str | None = None
    institution: str | None = None
    investigators: list[str] = []
    organizations: list[str] = []
    people: list[Person] = []
    submitter: str | None = None
    funding: list[Funding] = []
    purpose: str | None = None
    methods: str | None = None
    method_reference: str | None = None
    platform_type: str | None = None
    cruise_id: str | None = None
    fCO2_accuracy: Positive | None = None
    creator_email: str | None = None
    creator_url: str | None = None
    publisher_name: str | None = None
    publisher_email: str | None = None
    publisher_url: str | None = None
    contributor_name: str | None = None
    contributor_role: str | None = None
    naming_authority: str | None = None
    keywords: str | None = None
    program: str | None = None
    country: str | None = None
    owner: str | None = None
    project: str | None = None
    license: str | None = None
    references: str | None = None
    source: str | None = None
    comment: str | None = None
    acknowledgement: str | None = None
    doi: str | None = None
    suggested_flag: Literal["A", "B", "C", "D", "E"] | None = None
    attributes: dict[str, str | int | float] = {}

    @model_validator(mode="after")
    def _check_people(self) -> "Metadata":
        names = [person.name for person in self.people]
        if self.submitter is not None:
            error = partial(WrongKey, "metadata.submitter")
            people = [*names, *self.investigators]
            choose_name("person", self.submitter, people, error=error)
        allowed = [*self.investigators, *filter(None, [self.submitter])]
        for number, person in enumerate(self.people, 1):
            error = partial(WrongKey, f"metadata.people.{number}")
            choose_name("investigator", person.name, allowed, error=error)
            if names.count(person.name) > 1:
                raise WrongKey(
                    f"metadata.people.{number}",
                    f"{person.name!r} appears more than once",
                )
        return self


class Where(Table):
    """Other limits for some regions and seasons; all conditions must hold."""

    name: str = ""
    region: str | list[str] = []
    box: tuple[float, float, float, float] | None = None
    latitude: Pair | None = None
    longitude: Pair | None = None
    season: str | list[str] = []
    months: list[int | str] = []
    checks: dict[str, dict[str, Any]] = Field(min_length=1)


class QC(Table):
    """Checks per variable on top of a named profile."""

    profile: str = "default"
    where: list[Where] = []
    cascade: dict[str, dict[str, Any]] = {}
    checks: dict[str, dict[str, Any]] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, table: dict[str, Any]) -> dict[str, Any]:
        keys = ("profile", "where", "cascade")
        settings = {key: table[key] for key in keys if key in table}
        for key, value in table.items():
            if key not in keys and not isinstance(value, dict):
                names = (*keys, "names of variables")
                raise WrongKey(
                    f"qc.{key}",
                    f"must be a table of checks, not {value!r};"
                    f" {not_found('key', key, names)}",
                )
        return settings | {"checks": {k: v for k, v in table.items() if k not in keys}}
