"""Tables of a platform file that say how things are done (pydantic models)."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _utc(moment: datetime) -> datetime:
    zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return zoned.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Pair = tuple[float, float]

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class Table(BaseModel):
    """One table of a platform file: no unknown keys, nothing changed afterwards."""

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
    comment: str = ""
    drift: Literal["none", "linear"] = "none"
    calibrations: list[SensorCalibration] = []


class Standard(Table):
    """A gas standard: concentration, scale and since when."""

    run: str
    xCO2: float = Field(ge=0, le=50000)
    uncertainty: NotNegative = 0.0
    scale: str = ""
    cylinder: str = ""
    supplier: str = ""
    valid_from: Moment = LONG_AGO


class Calibration(Table):
    """How the instrument's signals become CO2, and how gas standards are used."""

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
        False  # what the analyser shows of water in dry standards, taken off
    )
    air_max_gap_hours: Positive = 12.0
    temperature_scale: Literal["ITS-90", "IPTS-68"] = "ITS-90"


class Reduction(Table):
    """Named options of the formulas; the defaults are SOCAT's recipe."""

    vapour_pressure: str = "weiss_price_1980"
    temperature_correction: str = "takahashi_1993"
    mole_fraction: Literal["xco2", "pco2", "neglect"] = "xco2"
    virial_pressure: Literal["measured", "standard_atmosphere"] = "measured"
    sea_level_pressure: str = "hydrostatic"


class Metadata(Table):
    """Said once, copied into the outputs (ACDD, OCADS and SOCAT words)."""

    expocode: str | None = None
    dataset_name: str | None = None
    title: str | None = None
    summary: str | None = None
    institution: str | None = None
    investigators: list[str] = []
    organizations: list[str] = []
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


class QC(Table):
    """Checks per variable on top of a named profile."""

    profile: str = "default"
    checks: dict[str, dict[str, dict[str, Any]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, table: dict[str, Any]) -> dict[str, Any]:
        own = {"profile": table["profile"]} if "profile" in table else {}
        return own | {"checks": {k: v for k, v in table.items() if k != "profile"}}
