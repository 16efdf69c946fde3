"""Columns of a SOCAT upload file, from ``socat_upload.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UploadColumn:
    """One column of an upload file.

    Attributes
    ----------
    header : str
        Name in the file with its unit.
    type : str
        Data type on the dashboard.
    variable : str
        Variable of the dataset; empty if the writer makes the column.
    decimals : int
        Number of decimals.
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
        """Whether it is CO2 in sea water, of which SOCAT needs one column.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of sea water.
        """
        return self.type[1:].startswith("CO2_water_")

    @property
    def is_air_co2(self) -> bool:
        """Whether it is CO2 in air.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of air.
        """
        return self.type[1:].startswith("CO2_atm_")


@cache
def upload_columns() -> tuple[UploadColumn, ...]:
    """Return all possible columns, in order."""
    text = (files("oceanco2.socat") / "socat_upload.toml").read_text("utf-8")
    return tuple(UploadColumn(**entry) for entry in tomllib.loads(text)["column"])
