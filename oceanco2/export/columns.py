"""Columns of a SOCAT upload file: what is written, by ``socat_upload.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UploadColumn:
    """One column that SOCAT recognises.

    Attributes
    ----------
    header : str
        What is written, unit included.
    type : str
        The dashboard's data type.
    variable : str
        Name on the dataset; empty where the column is made by the writer.
    decimals : int
        Digits behind the point.
    side : str
        ``"common"``, ``"water"`` or ``"air"``.
    """

    header: str
    type: str
    variable: str = ""
    decimals: int = 3
    side: str = "common"

    @property
    def is_water_co2(self) -> bool:
        """Whether it is one of the columns that SOCAT needs at least one of.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of sea water.
        """
        return self.type[1:].startswith("CO2_water_")

    @property
    def is_air_co2(self) -> bool:
        """Whether it holds CO2 of the air.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of air.
        """
        return self.type[1:].startswith("CO2_atm_")


@cache
def upload_columns() -> tuple[UploadColumn, ...]:
    """Return the columns that may be written, in order."""
    text = (files("oceanco2.export") / "socat_upload.toml").read_text("utf-8")
    return tuple(UploadColumn(**entry) for entry in tomllib.loads(text)["column"])
