"""What the columns of an undocumented table are, by their names and values."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.errors import UnitsError
from oceanco2.readers.guessing import Layout, simplify_name
from oceanco2.readers.numbers import MISSING_TEXTS
from oceanco2.units import PRINTED_UNITS, conversion
from oceanco2.vocabulary import FLAG_VALUES, VARIABLES

_BRACKET = re.compile(r"[\[(]([^\])]*)[\])]")


@dataclass(slots=True)
class RecognisedColumn:
    """A column that was recognised."""

    source: dict[str, Any]
    questions: list[str] = field(default_factory=list)


@lru_cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return a pattern of the names of its columns for each variable with aliases."""
    return {
        name: re.compile("|".join(variable.aliases), re.IGNORECASE)
        for name, variable in VARIABLES.items()
        if variable.aliases
    }


def _find_variable(simple_name: str) -> str | None:
    matches = (n for n, p in _patterns().items() if p.fullmatch(simple_name))
    return next(matches, None)


def split_unit(name: str) -> tuple[str, str]:
    """Split a column name into simplified name and unit.

    Examples
    --------
    >>> split_unit("PRES_EQU_hPa")
    ('PRESEQU', 'hPa')
    >>> split_unit("SST(TSG)_C")
    ('SST', 'degree_Celsius')
    >>> split_unit("O2 [umol/kg]")
    ('O2', 'umol kg-1')
    """
    for bracket in _BRACKET.findall(name):
        spelling = simplify_name(bracket.translate(str.maketrans({"µ": "u", "μ": "u"})))
        rest = _BRACKET.sub("", name)
        if spelling in PRINTED_UNITS:
            return simplify_name(rest), PRINTED_UNITS[spelling]
        name = rest
    parts = name.rstrip().split("_")
    for length in (2, 1):  # "Conductivity_S_m"
        tail = simplify_name("".join(parts[-length:]))
        if len(parts) > length and tail in PRINTED_UNITS:
            return simplify_name("_".join(parts[:-length])), PRINTED_UNITS[tail]
    return simplify_name(name), ""


def find_variables(layout: Layout) -> dict[str, dict[str, RecognisedColumn]]:
    """Recognise columns by their names."""
    out: dict[str, dict[str, RecognisedColumn]] = {"variables": {}, "delivered": {}}
    seen: dict[str, int] = {}
    for position, name in enumerate(layout.names):
        seen[name] = seen.get(name, 0) + 1
        simple_name, unit = split_unit(name)
        unit = unit or _unit_of_column(layout, position)
        match = _find_variable(simple_name)
        if match is None:
            continue
        # partial pressures and fugacities are results: kept as delivered
        table = "delivered" if VARIABLES[match].units == "uatm" else "variables"
        if match not in out[table]:
            column = _recognise(layout, position, match, unit)
            if seen[name] > 1:
                column.source["occurrence"] = seen[name]
            out[table][match] = column
    _complete(out)
    _assign_flags(layout, out["variables"])
    return out


def _unit_of_column(layout: Layout, position: int) -> str:
    return PRINTED_UNITS.get(simplify_name(layout.unit(position)), "")


def _recognise(
    layout: Layout, position: int, variable: str, unit: str
) -> RecognisedColumn:
    name = layout.names[position]
    if variable in ("latitude", "longitude"):
        return _recognise_position(layout, position, variable)
    canonical = VARIABLES[variable].units
    column = RecognisedColumn({"column": name, "units": unit or canonical})
    if not unit and canonical != "1":
        column.questions.append(f"no unit is given: is it {canonical}?")
    elif unit:
        try:
            conversion(unit, canonical)
        except UnitsError:
            column.source["units"] = canonical
            column.questions.append(
                f"given in {unit}, which is not possible: {canonical}?"
            )
    values = layout.numbers(position)
    valid = values[np.isfinite(values)]
    texts = _other_texts(layout, position, values)
    if texts and len(texts) <= 5:
        column.source["missing"] = texts
        column.questions.append(f"{', '.join(map(repr, texts))} assumed to be missing")
    if not valid.size:
        column.questions.append("it contains no number")
    elif variable in ("SST", "T_equ") and (valid == valid[0]).all() and valid.size > 10:
        column.questions.append(f"it is {valid[0]:g} in every row: no sensor?")
    elif variable.startswith("xH2O") and np.median(valid) > 1.0 and "umol" in unit:
        column.source["units"] = "mmol mol-1"
        column.questions.append(
            "given in umol/mol; judging by the values it is mmol/mol"
        )
    elif variable.startswith("P_") and np.median(valid) < 200.0 and unit != "kPa":
        column.questions.append(f"values of about {np.median(valid):g}: which unit?")
    return column


def _other_texts(layout: Layout, position: int, values: np.ndarray) -> list[str]:
    """Texts in a column of numbers that are not known to mean missing."""
    cells = layout.columns[position][np.isnan(values)]
    missing_texts = {*MISSING_TEXTS, *(code.lower() for code in layout.missing)}
    return sorted({str(t) for t in cells if t.lower() not in missing_texts})


def _recognise_position(
    layout: Layout, position: int, variable: str
) -> RecognisedColumn:
    name = layout.names[position]
    recognised = RecognisedColumn({"column": name})
    values = layout.numbers(position)
    valid = values[np.isfinite(values)]
    texts = [t for t in layout.columns[position] if t]
    if valid.size < len(texts) / 2 and any(t[-1:] in "NSEWnsew" for t in texts):
        recognised.questions.append("positions with letters: check the format")
    limit = 90.0 if variable == "latitude" else 360.0
    if valid.size and np.abs(valid).max() > limit:
        recognised.source["format"] = "ddmm.mmmm"
        recognised.questions.append("assumed to be degrees and minutes in one number")
    letters = {"latitude": "NS", "longitude": "EW"}[variable]
    for other, column in enumerate(layout.columns):
        texts_of_column = {t.upper() for t in column if t}
        if texts_of_column and texts_of_column <= set(letters) and other != position:
            recognised.source["hemisphere"] = layout.names[other]
    return recognised


def _complete(out: dict[str, dict[str, RecognisedColumn]]) -> None:
    """Complete the variables so that they can be processed; note assumptions."""
    variables, delivered = out["variables"], out["delivered"]
    at_equ, at_sst = "xCO2_water_Tequ_dry", "xCO2_water_SST_dry"
    if at_equ in variables and "T_equ" not in variables:
        moved = variables.pop(at_equ)
        moved.questions.append("no equilibrator temperature: assumed to be at SST")
        variables[at_sst] = moved
    measured = [n for n in variables if n.startswith("xCO2_water")]
    if not measured:
        _results_as_inputs(variables, delivered)
    if "P_equ" not in variables and "P_atm" in variables and measured:
        variables["P_equ"] = RecognisedColumn(
            dict(variables["P_atm"].source),
            ["no equilibrator pressure: air pressure is used"],
        )
    needs_salinity = measured or "xCO2" in variables
    if (
        "salinity" not in variables
        and "conductivity" not in variables
        and needs_salinity
    ):
        variables["salinity"] = RecognisedColumn(
            {"value": 35.0, "units": "1"}, ["no salinity: 35 is used"]
        )


def _results_as_inputs(
    variables: dict[str, RecognisedColumn], delivered: dict[str, RecognisedColumn]
) -> None:
    """Use delivered results as measurements if there is nothing else."""
    required_inputs = {
        "pCO2_water_Tequ_wet": {"T_equ", "SST", "P_equ"},
        "fCO2_water_Tequ_wet": {"T_equ", "SST"},
        "pCO2_water_SST_wet": {"SST", "P_equ"},
        "fCO2_water_SST_wet": {"SST"},
    }
    for name, inputs in required_inputs.items():
        if name in delivered and inputs <= set(variables):
            variables[name] = delivered.pop(name)
            variables[name].questions.append(
                "no mole fraction: the result cannot be recomputed"
            )
            return


def _assign_flags(layout: Layout, variables: dict[str, RecognisedColumn]) -> None:
    """Assign flag columns to the CO2 columns that they describe."""
    for position, name in enumerate(layout.names):
        simple_name = simplify_name(name)
        if (
            not re.search("(WOCE|QCFLAG|QF$|FLAG$|WOCECO2)", simple_name)
            or "SUB" in simple_name
        ):
            continue
        air = bool(re.search("AIR|ATM", simple_name))
        kind = "xCO2_atm" if air else "_water_"
        general = not re.search("AIR|ATM|SW|WATER|CO2", simple_name)
        for variable, column in variables.items():
            applies = kind in variable or (
                general and variable == "xCO2_atm_dry_actual"
            )
            if not applies or "CO2" not in variable or "flag" in column.source:
                continue
            column.source["flag"] = name
            flag_codes = {str(code) for code in FLAG_VALUES.values()}
            texts = {t.removesuffix(".0").strip() for t in layout.columns[position]}
            unknown = sorted(texts - flag_codes - {"", "NaN"})
            if unknown:
                column.source["flag_map"] = dict.fromkeys(unknown[:12], 9)
                column.questions.append(
                    f"what do the flags {', '.join(unknown[:12])} mean?"
                )
