"""What is odd about a table: said in words, with numbers."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from oceanco2.forensics.columns import WATER, Columns
from oceanco2.forensics.recipe import Recipe
from oceanco2.forensics.scoring import Rounding

#: Rows that belong together, and how many of them must be off.
_WINDOW = 51
_MOSTLY = 0.3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd.

    Attributes
    ----------
    kind : str
        One word for programs, for example ``"pressure_offset"``.
    text : str
        For people.
    target : str
        Published result that it is about; empty for the whole table.
    value : float, optional
        Its size.
    units : str
        Of the value.
    rows : tuple of int, optional
        First and last line of the file, or row from 1.
    """

    kind: str
    text: str
    target: str = ""
    value: float | None = None
    units: str = ""
    rows: tuple[int, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what is said.

        Returns
        -------
        dict
            Ready for JSON.
        """
        return {k: v for k, v in asdict(self).items() if v not in ("", None)}


def of_table(columns: Columns) -> list[Finding]:
    """Look at the columns without any recipe."""
    out = [Finding("units", note) for note in columns.notes]
    values = columns.values
    for name in ("SST", "T_equ", "salinity", "P_equ", "P_atm"):
        if name in values and _is_constant(values[name]):
            said = float(np.nanmedian(values[name]))
            out.append(
                Finding("constant", f"{name} is {said:g} in every row", value=said)
            )
    for name in ("SST", "T_equ"):
        if columns.steps.get(name, 0.0) >= 0.1:
            error = 0.5 * columns.steps[name] * 0.0423 * 100.0
            text = (
                f"{name} is printed to {columns.steps[name]:g} degree_Celsius: that"
                f" alone makes {error:.2f} % of fCO2"
            )
            out.append(Finding("rounding", text, value=columns.steps[name]))
    return out + _equal(columns)


def _is_constant(values: np.ndarray) -> bool:
    fine = values[np.isfinite(values)]
    return fine.size >= 10 and bool((fine == fine[0]).all())


def _equal(columns: Columns) -> list[Finding]:
    """Columns of different names with the same numbers."""
    out = []
    pairs = [
        ("T_equ", "SST", "there is no warming: one of them was not measured"),
        ("P_equ", "P_atm", "there is one pressure only"),
    ]
    results = [n for n in columns.published if n in WATER]
    for i, first in enumerate(results):
        pairs += [(first, x, "one of them is mislabelled") for x in results[i + 1 :]]
    for first, second, meaning in pairs:
        both = columns.values
        if first not in both or second not in both:
            continue
        fine = np.isfinite(both[first]) & np.isfinite(both[second])
        if fine.sum() >= 10 and (both[first][fine] == both[second][fine]).all():
            said = f"{first} equals {second} in every row: {meaning}"
            kind = "equal_columns" if first in WATER else "no_difference"
            out.append(Finding(kind, said))
    return out


def of_recipe(recipe: Recipe, target: str, columns: Columns) -> list[Finding]:
    """Say what a recipe means that is not what the column is called."""
    said: list[tuple[str, str, float | None, str]] = []
    said += _of_pressure(recipe, target, columns)
    law = recipe.temperature_correction
    moves = "Tequ" in recipe.source and "T_equ" in columns.values
    if "_SST_" in target and moves and law == "none":
        text = f"{target} has no temperature step: it is at T_equ"
        said.append(("missing_temperature_correction", text, None, ""))
    if "_Tequ_" in target and law != "none":
        text = f"{target} has a temperature step: it is at SST"
        said.append(("mislabelled", text, None, ""))
    given = recipe.source.startswith("fCO2")
    if target.startswith("fCO2") and recipe.fugacity == "none" and not given:
        text = f"{target} has no fugacity term: it is a partial pressure"
        said.append(("mislabelled", text, None, ""))
    if target.startswith("pCO2") and recipe.fugacity != "none":
        text = f"{target} has a fugacity term: it is a fugacity"
        said.append(("mislabelled", text, None, ""))
    salt = recipe.salinity
    if isinstance(salt, float) and recipe.vapour != "none":
        instead = " instead of the printed one" if "salinity" in columns.values else ""
        text = f"{target}: salinity {salt:g} was assumed{instead}"
        said.append(("assumed_salinity", text, salt, "1"))
    if recipe.units != "uatm":
        said.append(("units", f"{target} is in {recipe.units}, not uatm", None, ""))
    return [Finding(k, text, target, v, units) for k, text, v, units in said]


def _of_pressure(
    recipe: Recipe, target: str, columns: Columns
) -> list[tuple[str, str, float | None, str]]:
    if not recipe.source.startswith("xCO2"):
        return []
    if recipe.pressure_offset:
        text = (
            f"{target} needs a pressure {recipe.pressure_offset:+.3f} hPa from the"
            f" printed {recipe.pressure}"
        )
        return [("pressure_offset", text, recipe.pressure_offset, "hPa")]
    if recipe.pressure == "1013/P":
        text = f"{target} is divided by the pressure, the inverse of the usual"
        return [("inverse_pressure", text, None, "")]
    air = "_atm_" in target
    wanted = "P_atm" if air else "P_equ"
    if recipe.pressure != wanted and wanted in columns.values:
        kind = "wrong_pressure" if air else "atmospheric_pressure"
        return [(kind, f"{target} takes {recipe.pressure}, not {wanted}", None, "")]
    if recipe.vapour == "none":
        text = f"{target}: no water vapour is taken off the pressure"
        return [("no_water_vapour", text, None, "")]
    return []


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a table stand."""

    times: np.ndarray
    numbers: np.ndarray
    word: str


def rows_off(
    ratio: np.ndarray, digits: Rounding, target: str, place: Place
) -> list[Finding]:
    """Find stretches whose printed inputs are not the ones that were used."""
    fine = np.flatnonzero(np.isfinite(ratio))
    if fine.size < 4 * _WINDOW:
        return []
    near = ratio[fine] - np.median(ratio[fine])
    core = 1.4826 * float(np.median(np.abs(near)))
    least = np.maximum(0.25 * digits.bound[fine], 4.0 * digits.result[fine])
    limit = np.minimum(digits.bound[fine], np.maximum(6.0 * core, least))
    off = np.abs(near) > limit
    if not 0.002 < off.mean() < 0.6:
        return []
    out = []
    share = np.convolve(off, np.ones(_WINDOW) / _WINDOW, mode="same")
    edges = np.flatnonzero(np.diff(np.r_[0, share > _MOSTLY, 0]))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        inside = start + np.flatnonzero(off[start:stop])
        if inside.size < _WINDOW // 2:
            continue
        out.append(_stretch(fine[inside], near[inside], target, place))
    return out


def _stretch(rows: np.ndarray, apart: np.ndarray, target: str, place: Place) -> Finding:
    ends = [int(rows[0]), int(rows[-1])]
    first, last = (int(place.numbers[i]) for i in ends)
    wrong = float(np.abs(apart).max()) / 0.0423
    begin, end = (np.datetime_as_string(place.times[i], unit="s") for i in ends)
    text = (
        f"{target}: {place.word} {first} to {last} ({begin} to {end}) do not follow"
        f" from the printed inputs; an error of SST up to {wrong:.3f} K would explain"
        " it"
    )
    return Finding("inputs_not_used", text, target, wrong, "K", (first, last))
