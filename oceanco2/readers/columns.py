"""What the columns of an undocumented table are, by their names and values."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.readers.guessing import Layout, simplify_name
from oceanco2.readers.numbers import MISSING_TEXTS
from oceanco2.units import PRINTED_UNITS, converts, split_name, stated
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
    rest, unit = _without_unit(name)
    return simplify_name(_BRACKET.sub("", rest)), unit


def _without_unit(name: str) -> tuple[str, str]:
    """Take the unit off a column name; brackets with other words stay."""
    for bracket in _BRACKET.finditer(name):
        unit = _printed_unit(bracket[1])
        if unit:
            return name[: bracket.start()] + name[bracket.end() :], unit
    parts = _BRACKET.sub("", name).rstrip().split("_")
    for length in (2, 1):  # "Conductivity_S_m"
        tail = "_".join(parts[-length:])
        # ATM of xCO2_ATM means the air, not a unit.
        if len(parts) > length and simplify_name(tail) != "ATM":
            unit = _printed_unit(tail)
            if unit:
                return name[: name.rindex(tail)], unit
    return name, ""


def _printed_unit(text: str) -> str:
    """Return the unit that a header prints, or nothing."""
    # Analysers of LI-COR print umol+1mol-1; some tables "ppmv, dry".
    plain = re.sub(r"\+1|\b(dry|wet|in)\b", "", text, flags=re.IGNORECASE)
    spelling = simplify_name(plain.replace("µ", "u").replace("μ", "u"))
    return PRINTED_UNITS.get(spelling, "")


def _spellings(name: str) -> list[str]:
    """List the simplified names under which a column may be known."""
    rest, _ = _without_unit(name)
    whole, short = simplify_name(rest), simplify_name(_BRACKET.sub("", rest))
    means = [re.sub("(MEAN|AVG|AVERAGE|MEDIAN)$", "", text) for text in (whole, short)]
    return list(dict.fromkeys([whole, short, *means]))


def find_variables(layout: Layout) -> dict[str, dict[str, RecognisedColumn]]:
    """Recognise columns by their names."""
    out: dict[str, dict[str, RecognisedColumn]] = {"variables": {}, "delivered": {}}
    seen: dict[str, int] = {}
    for position, name in enumerate(layout.names):
        seen[name] = seen.get(name, 0) + 1
        unit = _unit_of_column(layout, position)
        match = _variable_of(layout, position, unit)
        if match is None:
            continue
        # partial pressures and fugacities are results: kept as delivered
        table = "delivered" if VARIABLES[match].units == "uatm" else "variables"
        if match not in out[table]:
            column = _recognise(layout, position, match, unit)
            if seen[name] > 1:
                column.source["occurrence"] = seen[name]
            out[table][match] = column
    _choose_analyser(layout, out["variables"])
    _complete(out)
    _assign_flags(layout, out["variables"])
    return out


def _unit_of_column(layout: Layout, position: int) -> str:
    in_name = _without_unit(layout.names[position])[1]
    return in_name or _printed_unit(layout.unit(position))


def _variable_of(layout: Layout, position: int, unit: str) -> str | None:
    """Find the variable of a column: by its standard name, else by its name."""
    name = layout.names[position]
    standard = layout.standard_names.get(name, "")
    if standard in _STANDARD_NAMES:
        return _STANDARD_NAMES[standard]
    spellings = _spellings(name)
    wet = "WET" in simplify_name(layout.unit(position))
    for spelling in spellings:
        match = _find_variable(spelling) or co2_variable(spelling, wet=wet)
        if match:
            return match
    if "CO2" in spellings and (unit or find_runs(layout)[0]):
        is_pressure = unit in ("uatm", "Pa", "atm")
        return "pCO2_water_SST_wet" if is_pressure else "xCO2"
    return "xH2O" if "H2O" in spellings else None


#: Standard names of CF, as moorings and floats use them.
_STANDARD_NAMES = {
    **{v.standard_name: n for n, v in VARIABLES.items() if v.standard_name},
    "surface_partial_pressure_of_carbon_dioxide_in_sea_water": "pCO2_water_SST_wet",
    "partial_pressure_of_carbon_dioxide_in_sea_water": "pCO2_water_SST_wet",
    "sea_water_temperature": "SST",
    "sea_water_salinity": "salinity",
    "mole_fraction_of_carbon_dioxide_in_air": "xCO2_atm_dry_actual",
    "air_pressure": "P_atm",
    "air_pressure_at_sea_level": "P_atm",
}
#: Words behind xCO2, pCO2 or fCO2; the longest that fits is taken.
_CO2_WORDS = {
    "water": r"(IN)?(SURF(ACE)?|SEA)?W(AT(ER)?)?|SW|SEA|OCEAN",
    "air": r"(IN)?(A|AIR|ATM(OSPHER(E|IC))?)",
    "equ": r"(AT)?T?EQU?(IL(IBRATOR)?|I)?(TEMP(ERATURE)?)?",
    "sst": r"(AT)?(T?SST|INSITU|TSW|TSEA|INTAKE)",
    "dry": r"DRY|DRYAIR|VDRY",
    "wet": r"WET|SAT(URATED)?",
    "interp": r"INTERP(OLATED)?",
    "measured": r"ACTUAL|MEAS(URED)?|PPMV?|UMOLMOL|CORR(ECTED)?",
}


def co2_variable(name: str, *, wet: bool = False) -> str | None:
    """Find what a simplified name with CO2 says of place, temperature and humidity.

    Examples
    --------
    >>> co2_variable("XCO2WAT"), co2_variable("PCO2WATEQ"), co2_variable("FCO2SEA")
    ('xCO2_water_Tequ_dry', 'pCO2_water_Tequ_wet', 'fCO2_water_SST_wet')
    >>> co2_variable("XCO2SOIL")
    """
    match = re.fullmatch("([XVPF]?)CO2(.*)", name)
    words = _split_words(match[2]) if match else None
    if match is None or words is None or {"water", "air"} <= words:
        return None
    if not match[1]:  # CO2_dry of an analyser
        return "xCO2" if words and words <= {"dry", "wet", "measured"} else None
    kind = match[1].replace("V", "X").lower() + "CO2"
    is_wet = wet or "wet" in words or kind != "xCO2"
    if kind != "xCO2" and "dry" in words:
        return None
    humidity = "wet" if is_wet else "dry"
    if "air" in words:
        how = "interp" if "interp" in words else "actual"
        found = f"{kind}_atm_{humidity}_{how}"
    elif not words & {"water", "equ", "sst", "dry", "wet"} and kind == "xCO2":
        return "xCO2"
    else:
        # A partial pressure of the water without a word is that of the sea.
        at_equ = "equ" in words or (kind == "xCO2" and "sst" not in words)
        found = f"{kind}_water_{'Tequ' if at_equ else 'SST'}_{humidity}"
    return found if found in VARIABLES else None


def _split_words(text: str) -> set[str] | None:
    """Split the rest of a name into known words; None if there are others."""
    found: set[str] = set()
    while text:
        prefixes = (
            (word, length)
            for length in range(len(text), 0, -1)
            for word, pattern in _CO2_WORDS.items()
            if re.fullmatch(pattern, text[:length])
        )
        word, length = next(prefixes, ("", 0))
        if not length:
            return None
        found.add(word)
        text = text[length:]
    return found


def _recognise(
    layout: Layout, position: int, variable: str, unit: str
) -> RecognisedColumn:
    name, printed = layout.names[position], layout.unit(position)
    if variable in ("latitude", "longitude"):
        return _recognise_position(layout, position, variable)
    canonical = VARIABLES[variable].units
    unit = unit or split_name(name, canonical)[1] or stated(printed, canonical)
    column = _with_unit(name, unit, canonical)
    if variable == "xCO2" and "WET" in simplify_name(name):
        column.source["dry"] = False
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
    elif (
        variable.startswith("xH2O")
        and 1.0 < np.median(valid) < _MOST_WATER
        and "umol" in unit
    ):
        column.source["units"] = "mmol mol-1"
        column.questions.append(
            "given in umol/mol; judging by the values it is mmol/mol"
        )
    elif variable.startswith("P_") and np.median(valid) < 200.0 and unit != "kPa":
        column.questions.append(f"values of about {np.median(valid):g}: which unit?")
    return column


_MOST_WATER = 100.0  # mmol mol-1, more than any air holds


def _with_unit(name: str, unit: str, canonical: str) -> RecognisedColumn:
    """Describe a column with the unit that the file prints, or ask for it."""
    column = RecognisedColumn({"column": name, "units": unit or canonical})
    if not unit and canonical != "1":
        column.questions.append(f"no unit is given: is it {canonical}?")
    elif unit and not converts(unit, canonical):
        column.source["units"] = canonical
        column.questions.append(f"given in {unit}, which is not possible: {canonical}?")
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
    hemisphere = _hemisphere_of(layout, position, variable)
    if hemisphere is not None and not (valid < 0).any():
        recognised.source["hemisphere"] = layout.names[hemisphere]
    elif _is_reversed(name, layout.unit(position), variable) and (valid >= 0).all():
        recognised.source["positive"] = _REVERSED[variable]
        recognised.questions.append(f"degrees {_REVERSED[variable]}?")
    return recognised


_SHORT = 3  # letters of a name that says nothing
_REVERSED = {"latitude": "south", "longitude": "west"}
_HEMISPHERES = {"latitude": "NS", "longitude": "EW"}


def _is_reversed(name: str, unit: str, variable: str) -> bool:
    """Whether the name or the unit of a position says south or west."""
    word = _REVERSED[variable].upper()
    texts = [simplify_name(text) for text in (name, unit)]
    pattern = f".*{word}|(LAT|LON)[A-Z]*?(DEG(REES?)?)?{word[0]}|DEG(REES?)?{word[0]}"
    return any(re.fullmatch(pattern, text) for text in texts)


def _hemisphere_of(layout: Layout, position: int, variable: str) -> int | None:
    """Find the column of letters N and S, or E and W, of a position.

    A mode W (water) or a flag N (no) is none: the name says that it is a hemisphere,
    or latitude and longitude have one each beside them, whose names say nothing.
    """
    for other in range(len(layout.names)):
        has_letters = other != position and _has_letters(layout, other, variable)
        if has_letters and _is_named_hemisphere(layout.names[other], variable):
            return other
    beside = position + 1
    pairs = []
    for name in _HEMISPHERES:
        columns = [i for i, n in enumerate(layout.names) if _position_of(n) == name]
        pairs.append(
            any(
                _has_letters(layout, i + 1, name)
                and len(simplify_name(layout.names[i + 1])) <= _SHORT
                for i in columns
            )
        )
    return beside if all(pairs) and _has_letters(layout, beside, variable) else None


def _position_of(name: str) -> str | None:
    matches = (_find_variable(spelling) for spelling in _spellings(name))
    return next((match for match in matches if match), None)


def _has_letters(layout: Layout, position: int, variable: str) -> bool:
    if position >= len(layout.columns):
        return False
    texts = {t.upper() for t in layout.columns[position] if t}
    return bool(texts) and texts <= set(_HEMISPHERES[variable])


def _is_named_hemisphere(name: str, variable: str) -> bool:
    first, second = tuple(_HEMISPHERES[variable])
    short = variable[:3].upper()
    pattern = (
        f"({short}[A-Z]*)?({first}{second}|{first}OR{second}|HEM(I(SPHERE)?)?)"
        f"|{short}[A-Z]*(DIR(ECTION)?|LETTER|SIGN|INDICATOR)"
    )
    return re.fullmatch(pattern, simplify_name(name)) is not None


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


_FLAG_WORDS = "(QUALITYCONTROL|QUALITY|QARTOD|QC|QF|FLAGW|FLAG|WOCE)+"
#: Rests of a flag's name that mean the whole row.
_WHOLE_ROW = ("", "DATA", "ROW", "SAMPLE", "RECORD", "OVERALL", "GENERAL")
#: Codes for water samples that WOCE has beside the flags known here.
_WOCE_SAMPLES = {"1": 9, "5": 9, "6": 2, "7": 3, "8": 3}
#: Codes of OceanSITES, IMOS and Copernicus, where 1 is good.
_OCEANSITES = {"1": 2, "5": 3, "6": 9, "7": 3, "8": 3}


def _flagged_name(name: str) -> str | None:
    """Take the words of a flag off a simplified name; None for other columns."""
    before = re.fullmatch(f"(.*?){_FLAG_WORDS}", name)
    after = re.fullmatch(f"{_FLAG_WORDS}(.*)", name)
    if before:
        return before[1]
    return after[2] if after else None


def _assign_flags(layout: Layout, variables: dict[str, RecognisedColumn]) -> None:
    """Assign each column of flags to the column whose name it has.

    Flags of another column are never those of CO2; flags without the name of a column
    are those of the row, and taken for CO2 of the water or the air.
    """
    spellings = [{simplify_name(n), *_spellings(n)} for n in layout.names]
    rests = {
        position: rest
        for position, name in enumerate(layout.names)
        if (rest := _flagged_name(simplify_name(name))) is not None
    }
    owners = {
        position: [
            layout.names[i]
            for i, known in enumerate(spellings)
            if i not in rests and known & {rest, _exchange(rest)} - {""}
        ]
        for position, rest in rests.items()
    }
    for own in (True, False):
        for position, rest in rests.items():
            for variable, column in variables.items():
                owned = column.source.get("column") in owners[position]
                row = not owners[position] and _is_row_flag(rest, variable)
                if "flag" not in column.source and (owned if own else row):
                    _add_flag(layout, position, column)


def _exchange(name: str) -> str:
    """Exchange the words of AIR_FCO2: the column may be called FCO2_AIR."""
    return re.sub("^(AIR|ATM|SW|WATER)(.CO2)$", r"\2\1", name)


def _is_row_flag(rest: str, variable: str) -> bool:
    """Whether a flag of no column of its own holds for a variable with CO2."""
    # O2_WATER_QC and ATM_PRE_FLAG are those of other columns.
    of_gas = "CO2" in rest or re.fullmatch("AIR|ATM|SW|(SEA)?WATER", rest)
    air = of_gas and bool(re.search("AIR|ATM", rest))
    water = of_gas and not air
    if air:
        return "xCO2_atm" in variable
    if water:
        return "_water_" in variable and "CO2" in variable
    general = rest in _WHOLE_ROW
    return (
        general
        and "CO2" in variable
        and ("_water_" in variable or variable == "xCO2_atm_dry_actual")
    )


def _add_flag(layout: Layout, position: int, column: RecognisedColumn) -> None:
    name = layout.names[position]
    texts = {t.removesuffix(".0").strip() for t in layout.columns[position]}
    known = {str(code) for code in FLAG_VALUES.values()}
    unknown = sorted(texts - known - {"", "NaN"})
    if unknown and texts <= {*"ABCDEFNSUXY", ""}:
        column.questions.append(
            f"{name!r} has letters, which are no flags of rows: not used"
        )
        return
    column.source["flag"] = name
    if not unknown:
        return
    scheme: dict[str, int] = {}
    if set(unknown) <= set(_OCEANSITES):
        is_qc = re.search("(QC|QUALITYCONTROL)$", simplify_name(name))
        scheme = _OCEANSITES if is_qc else _WOCE_SAMPLES
    codes = dict.fromkeys(unknown[:12], 9)
    column.source["flag_map"] = {n: scheme.get(n, 9) for n in {**codes, **scheme}}
    column.questions.append(f"what do the flags {', '.join(unknown[:12])} mean?")


_RUN_NAMES = (
    "((SAMPLE|RUN|GAS|MEAS(UREMENT)?|SYSTEM)?(MODE|TYPE|STATE)|RUN|SAMPLE|PHASE|VALVE)"
)
_RUN_WORDS = {
    "water": "W|WATER|SW|SEA|SEAWATER|EQU?(IL(IBRATOR)?|I)?|UNDERWAY",
    "air": "A|AIR|ATM(OS(PHERE)?)?|MARINEAIR",
    "zero": "Z|ZERO(GAS)?",
    "span": "SPAN(GAS)?",
    "standard": "(STD|STANDARD|CAL|REF|TANK|CYL).*",
}


def find_runs(layout: Layout) -> tuple[str, dict[str, str]]:
    """Find the column of run types, and what its labels mean; unknown are ignored."""
    for position, name in enumerate(layout.names):
        labels = sorted({t for t in layout.columns[position] if t})
        if not re.fullmatch(_RUN_NAMES, simplify_name(name)) or len(labels) > _MANY:
            continue
        meanings = {label: _run_type(label) for label in labels}
        if {"water", "air"} & set(meanings.values()):
            return name, meanings
    return "", {}


_MANY = 40  # labels that no column of run types has


def _run_type(label: str) -> str:
    patterns = _RUN_WORDS.items()
    simple = simplify_name(label)
    return next((t for t, p in patterns if re.fullmatch(p, simple)), "ignored")


def _choose_analyser(layout: Layout, variables: dict[str, RecognisedColumn]) -> None:
    """Decide what xCO2 without further words is: of an analyser, or a result."""
    results = [name for name in variables if name.startswith("xCO2_water")]
    if results:
        variables.pop("xCO2", None)
    runs = {*find_runs(layout)[1].values()}
    is_raw = "xCO2" in variables and (
        {"standard", "air"} & runs
        or "xH2O" in variables
        or not {"SST", "T_equ"} & set(variables)
    )
    if is_raw:
        variables["xCO2"].questions.append(
            "dry or wet? dry = false takes off the water vapour that was measured"
        )
        if runs and "standard" not in runs:
            variables["xCO2"].questions.append(
                'no gas standards: [calibration] model = "calibrated" if they are'
                " applied already"
            )
        if "xH2O_water" in variables:
            variables["xH2O"] = variables.pop("xH2O_water")
        return
    if "xH2O" in variables:
        variables.setdefault("xH2O_water", variables.pop("xH2O"))
    if "xCO2" in variables:
        variables["xCO2_water_Tequ_dry"] = variables.pop("xCO2")
        variables["xCO2_water_Tequ_dry"].questions.append(
            "of sea water, dry and calibrated?"
        )
