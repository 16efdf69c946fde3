"""Which canonical variables the columns of an unknown table are."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from oceanco2.errors import UnitsError
from oceanco2.readers.layout import Layout
from oceanco2.readers.numbers import NOTHING
from oceanco2.readers.stamps_found import plain
from oceanco2.units import conversion
from oceanco2.vocabulary import FLAG_VALUES, VARIABLES

_BRACKET = re.compile(r"[\[(]([^\])]*)[\])]")


@dataclass(slots=True)
class Found:
    """A column that was recognised.

    Attributes
    ----------
    source : dict
        The entry of a platform file.
    doubts : list of str
        What a person must look at.
    """

    source: dict[str, Any]
    doubts: list[str] = field(default_factory=list)


@lru_cache
def aliases() -> dict[str, dict[str, str]]:
    """Read what columns are called in the field."""
    text = (files("oceanco2.readers") / "aliases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def split_unit(name: str) -> tuple[str, str]:
    """Take the unit off a column name.

    Examples
    --------
    >>> split_unit("PRES_EQU_hPa")
    ('PRESEQU', 'hPa')
    >>> split_unit("SST(TSG)_C")
    ('SST', 'degree_Celsius')
    """
    known = aliases()["units"]
    for inside in _BRACKET.findall(name):
        spelled = plain(inside.translate(str.maketrans({"µ": "u", "μ": "u"})))
        rest = _BRACKET.sub("", name)
        if spelled in known:
            return plain(rest), known[spelled]
        name = rest
    parts = name.rstrip().split("_")
    for length in (2, 1):  # "Conductivity_S_m"
        tail = plain("".join(parts[-length:]))
        if len(parts) > length and tail in known:
            return plain("_".join(parts[:-length])), known[tail]
    return plain(name), ""


def find_variables(layout: Layout) -> dict[str, dict[str, Found]]:
    """Recognise columns by their names."""
    table = aliases()
    out: dict[str, dict[str, Found]] = {"variables": {}, "delivered": {}}
    seen: dict[str, int] = {}
    for position, name in enumerate(layout.names):
        seen[name] = seen.get(name, 0) + 1
        word, unit = split_unit(name)
        unit = unit or _of_row(layout, position)
        for group, home in (
            ("place", "variables"),
            ("inputs", "variables"),
            ("results", "delivered"),
        ):
            match = next(
                (v for v, p in table[group].items() if re.fullmatch(p, word)), None
            )
            if match and match not in out[home]:
                found = _found(layout, position, match, unit)
                if seen[name] > 1:
                    found.source["occurrence"] = seen[name]
                out[home][match] = found
                break
    _settle(out)
    _flags(layout, out["variables"])
    return out


def _of_row(layout: Layout, position: int) -> str:
    return aliases()["units"].get(plain(layout.unit(position)), "")


def _found(layout: Layout, position: int, variable: str, unit: str) -> Found:
    name = layout.names[position]
    if variable in ("latitude", "longitude"):
        return _position(layout, position, variable)
    canonical = VARIABLES[variable].units
    found = Found({"column": name, "units": unit or canonical})
    if not unit and canonical != "1":
        found.doubts.append(f"no unit is printed: is it {canonical}?")
    elif unit:
        try:
            conversion(unit, canonical)
        except UnitsError:
            found.source["units"] = canonical
            found.doubts.append(f"printed as {unit}, which it cannot be: {canonical}?")
    values = layout.numbers(position)
    fine = values[np.isfinite(values)]
    words = _words(layout, position, values)
    if words and len(words) <= 5:
        found.source["missing"] = words
        found.doubts.append(f"{', '.join(map(repr, words))} taken to be missing")
    if not fine.size:
        found.doubts.append("there is no number in it")
    elif variable in ("SST", "T_equ") and (fine == fine[0]).all() and fine.size > 10:
        found.doubts.append(f"it is {fine[0]:g} in every row: no sensor?")
    elif variable.startswith("xH2O") and np.median(fine) > 1.0 and "umol" in unit:
        found.source["units"] = "mmol mol-1"
        found.doubts.append("printed as umol/mol; by their size they are mmol/mol")
    elif variable.startswith("P_") and np.median(fine) < 200.0 and unit != "kPa":
        found.doubts.append(f"values of about {np.median(fine):g}: which unit?")
    return found


def _words(layout: Layout, position: int, values: np.ndarray) -> list[str]:
    """Texts in a column of numbers."""
    cells = layout.columns[position][np.isnan(values)]
    known = {*NOTHING, *(code.lower() for code in layout.missing)}
    return sorted({str(t) for t in cells if t.lower() not in known})


def _position(layout: Layout, position: int, variable: str) -> Found:
    name = layout.names[position]
    found = Found({"column": name})
    values = layout.numbers(position)
    fine = values[np.isfinite(values)]
    texts = [t for t in layout.columns[position] if t]
    if fine.size < len(texts) / 2 and any(t[-1:] in "NSEWnsew" for t in texts):
        found.doubts.append("positions with letters: check the format")
    limit = 90.0 if variable == "latitude" else 360.0
    if fine.size and np.abs(fine).max() > limit:
        found.source["format"] = "ddmm.mmmm"
        found.doubts.append("taken to be degrees and minutes in one number")
    letters = {"latitude": "NS", "longitude": "EW"}[variable]
    for other, column in enumerate(layout.columns):
        words = {t.upper() for t in column if t}
        if words and words <= set(letters) and other != position:
            found.source["hemisphere"] = layout.names[other]
    return found


def _settle(out: dict[str, dict[str, Found]]) -> None:
    """Make the variables a set that can be processed, and say what was assumed."""
    variables, delivered = out["variables"], out["delivered"]
    at_equ, at_sst = "xCO2_water_Tequ_dry", "xCO2_water_SST_dry"
    if at_equ in variables and "T_equ" not in variables:
        moved = variables.pop(at_equ)
        moved.doubts.append("no equilibrator temperature: taken to be at SST")
        variables[at_sst] = moved
    measured = [n for n in variables if n.startswith("xCO2_water")]
    if not measured:
        _only_results(variables, delivered)
    if "P_equ" not in variables and "P_atm" in variables and measured:
        variables["P_equ"] = Found(
            dict(variables["P_atm"].source),
            ["no equilibrator pressure: that of the air is taken"],
        )
    needs = measured or "xCO2" in variables
    if "salinity" not in variables and "conductivity" not in variables and needs:
        variables["salinity"] = Found(
            {"value": 35.0, "units": "1"}, ["no salinity: 35 is taken"]
        )


def _only_results(variables: dict[str, Found], delivered: dict[str, Found]) -> None:
    """Take delivered results for what was measured where nothing else is."""
    needs = {
        "pCO2_water_Tequ_wet": {"T_equ", "SST", "P_equ"},
        "fCO2_water_Tequ_wet": {"T_equ", "SST"},
        "pCO2_water_SST_wet": {"SST", "P_equ"},
        "fCO2_water_SST_wet": {"SST"},
    }
    for name, inputs in needs.items():
        if name in delivered and inputs <= set(variables):
            variables[name] = delivered.pop(name)
            variables[name].doubts.append("no mole fraction: it cannot be recomputed")
            return


def _flags(layout: Layout, variables: dict[str, Found]) -> None:
    """Give flag columns to the CO2 that they are about."""
    for position, name in enumerate(layout.names):
        word = plain(name)
        if not re.search("(WOCE|QCFLAG|QF$|FLAG$|WOCECO2)", word) or "SUB" in word:
            continue
        air = bool(re.search("AIR|ATM", word))
        kind = "xCO2_atm" if air else "_water_"
        general = not re.search("AIR|ATM|SW|WATER|CO2", word)
        for variable, found in variables.items():
            fits = kind in variable or (general and variable == "xCO2_atm_dry_actual")
            if not fits or "CO2" not in variable or "flag" in found.source:
                continue
            found.source["flag"] = name
            known = {str(code) for code in FLAG_VALUES.values()}
            words = {t.removesuffix(".0").strip() for t in layout.columns[position]}
            odd = sorted(words - known - {"", "NaN"})
            if odd:
                found.source["flag_map"] = dict.fromkeys(odd[:12], 9)
                found.doubts.append(f"what do the flags {', '.join(odd[:12])} mean?")
