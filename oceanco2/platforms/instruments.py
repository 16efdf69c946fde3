"""Tables of a platform file with the constants of one kind of instrument."""

from typing import Literal

from pydantic import Field, model_validator

from oceanco2.platforms.settings import Moment, NotNegative, Positive, Table


class HydroCCoefficients(Table):
    """Calibration sheet of a HydroC; ``runtime`` is that at the calibration."""

    valid_from: Moment
    F: Positive | None = None
    k1: float | None = None
    k2: float | None = None
    k3: float | None = None
    runtime: NotNegative | None = None
    s2beam_zero: Positive | None = None
    certificate: str = ""

    @property
    def complete(self) -> bool:
        """Whether all coefficients are given."""
        return None not in (self.k1, self.k2, self.k3)


class ResponseTime(Table):
    """Correction for the response time of the sensor; without this table none."""

    tau_seconds: Positive
    smoothing_seconds: NotNegative = 0.0


class HydroC(Table):
    """How signals of a CONTROS HydroC become pCO2."""

    zero_mode: Literal[
        "continuous", "zero_after_sleep", "zero_before_sleep", "factory"
    ] = "continuous"
    zero_flush_seconds: NotNegative = 0.0
    response_time_seconds: NotNegative = 0.0
    relative_uncertainty: NotNegative | None = None
    coefficients: list[HydroCCoefficients] = Field(min_length=1)
    response: ResponseTime | None = None

    @model_validator(mode="after")
    def _usable(self) -> "HydroC":
        first = min(self.coefficients, key=lambda entry: entry.valid_from)
        if first.F is None or not first.complete:
            raise ValueError("the first of the coefficients lacks F, k1, k2 or k3")
        no_zero = all(entry.s2beam_zero is None for entry in self.coefficients)
        if self.zero_mode == "factory" and no_zero:
            raise ValueError("zero_mode 'factory' needs s2beam_zero in coefficients")
        return self


class MAPCO2(Table):
    """How readings of a PMEL MAPCO2 or ASVCO2 become dry mole fractions."""

    recalibration: Literal["none", "zero_span"] = "none"
    span_humidity: Literal["cycle", "mean"] = "cycle"


class Sami(Table):
    """Calibration of a SAMI2-CO2; ``bits`` is the resolution of its hardware."""

    CalT: float
    CalA: float
    CalB: float
    CalC: float
    bits: Literal[12, 14] = 12
