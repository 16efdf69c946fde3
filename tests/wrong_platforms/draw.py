"""Draw 80 wrong platform files: which key of which shipped file, and which change.

The kinds of change below are defined for types of keys (units, columns, names, numbers,
formats of time, ...), never for a platform. All changes that they allow to the shipped
files are in `candidates.csv`, as the files were on the day of the draw: a key that a
platform file is given later is never drawn. From each platform the seed draws three or
four kinds, for each kind a key, and for each key a change. Keys that change no value
by design (metadata, names, sensors, uncertainties) are not in the draw.

    python -m tests.wrong_platforms.draw     # writes drawn.csv from candidates.csv
"""

import csv
import json
import random
import tomllib
from datetime import date
from itertools import combinations
from pathlib import Path

from oceanco2.errors import UnitsError
from oceanco2.units import KNOWN_UNITS, conversion
from oceanco2.vocabulary import VARIABLES
from tests.wrong_platforms.edit import EXCHANGED

SEED = 20260712
COUNT = 80
HERE = Path(__file__).parent
PLATFORMS = HERE.parents[1] / "platforms"
COLUMNS = ("platform", "key", "kind", "old", "new")
SOURCES = ("variables", "delivered")
THREE_HOURS = 10800
#: Keys whose value is one of a few words or switches, wherever they stand.
CHOICES = {
    "kind": ("ship", "mooring", "surface_vehicle", "drifter"),
    "clock": ("pc", "gps"),
    "one_sided": ("questionable", "accept", "reject"),
    "zero_mode": ("continuous", "zero_after_sleep", "zero_before_sleep", "factory"),
    "recalibration": ("none", "zero_span"),
    "temperature_scale": ("ITS-90", "IPTS-68"),
    "allow_uncalibrated": (True, False),
    "optional": (True, False),
}
#: The same for formulas; those that a file does not name have a default.
RECIPE = {
    "vapour_pressure": ("weiss_price_1980", "dickson_2007", "buck_licor"),
    "temperature_correction": ("takahashi_1993", "weiss_1982", "none"),
    "mole_fraction": ("xco2", "pco2", "neglect"),
    "virial_pressure": ("measured", "standard_atmosphere"),
}
MODELS = ("gas_standards", "hydroc", "mapco2", "pro_oceanus", "sami")
RUNS = ("water", "air", "standard", "zero", "span", "ignored", "same")
SEPARATORS = {",": (";", "tab"), "tab": (",", "space"), ";": (",", "tab")}
#: Readers whose clock can be moved by an option.
CLOCKS = ("general_oceanics", "mapco2")
#: Parts of names of results that are mistaken for each other.
NAMES = {
    "dry_wet": (("_dry", "_wet"), ("_wet", "_dry")),
    "temperature_step": (("_Tequ_", "_SST_"), ("_SST_", "_Tequ_")),
    "water_air": (
        ("_water_Tequ_dry", "_atm_dry_actual"),
        ("_water_SST_wet", "_atm_wet_actual"),
        ("_water_SST_dry", "_atm_dry_actual"),
        ("_atm_dry_actual", "_water_Tequ_dry"),
        ("_atm_wet_actual", "_water_SST_wet"),
        ("_water", "_atm"),
        ("_atm", "_water"),
        ("_actual", "_interp"),
        ("_interp", "_actual"),
    ),
}


# ---- values, keys -------------------------------------------------------------------


def toml(value):
    """Return a value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(item(*x) for x in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def item(name, value):
    plain = name.replace("_", "").replace("-", "").isalnum()
    return f"{name if plain else json.dumps(name)} = {toml(value)}"


def other_value(path, old, new):
    """A change of a value; None is a key that is not there."""
    name = path[-1]
    words = [("" if x is None else item(name, x)) for x in (old, new)]
    return (".".join(path), *words)


def leaves(tree, path=()):
    """Yield path and value of every key; tables of an array count from 1."""
    for key, value in tree.items():
        here = (*path, key)
        if isinstance(value, dict):
            yield from leaves(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, table in enumerate(value, 1):
                yield from leaves(table, (*here, str(number)))
        yield here, value


def number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def rounded(value):
    return float(f"{value:.10g}")


def sources(p):
    """Yield table, name and entry of every variable."""
    for table in SOURCES:
        for name, source in p.get(table, {}).items():
            yield table, name, source


def quantity(name, source):
    """What a column holds, as someone sees it who mistakes one for another."""
    if name in ("latitude", "longitude"):
        return "position"
    units = KNOWN_UNITS.get(source.get("units", ""), source.get("units", ""))
    return "CO2" if units in ("uatm", "umol mol-1") else units


def columns(p):
    """Yield key, column and what it holds with its stream."""
    main = next(iter(p["files"]))
    for table, name, source in sources(p):
        if "column" in source:
            kind = (source.get("file", main), quantity(name, source))
            yield (table, name, "column"), source["column"], kind


# ---- kinds of change ----------------------------------------------------------------


def units(p):
    """Another unit that converts to that of the variable."""
    for table, name, source in sources(p):
        target, old = VARIABLES[name].units, source.get("units")
        if not old or "value" in source:
            continue
        known = {conversion(old, target)}
        for new in KNOWN_UNITS:
            try:
                factor = conversion(new, target)
            except UnitsError:
                continue
            if factor not in known:
                known.add(factor)
                yield other_value((table, name, "units"), old, new)


def other_column(p):
    """The column of another variable of the same quantity."""
    for path, old, kind in columns(p):
        others = {c for _, c, k in columns(p) if k == kind and c != old}
        for new in sorted(others):
            yield other_value(path, old, new)


def exchanged(entries):
    for (path, old, kind), (other, new, other_kind) in combinations(entries, 2):
        if kind == other_kind and old != new:
            key = EXCHANGED.join((".".join(path), ".".join(other)))
            yield key, toml(old), toml(new)


def columns_exchanged(p):
    """The columns of two variables of the same quantity are exchanged."""
    for table in SOURCES:
        yield from exchanged([x for x in columns(p) if x[0][0] == table])


def sign(p):
    """West or south counts positive, minus for plus, a negative number."""
    for table, name, source in sources(p):
        path = (table, name)
        for place, side in (("latitude", "south"), ("longitude", "west")):
            if name == place and "column" in source:
                yield other_value((*path, "positive"), source.get("positive"), side)
        for old, new in (("sum", "difference"), ("difference", "sum")):
            if old in source:
                words = item(old, source[old]), item(new, source[old])
                yield (".".join((*path, old)), *words)
        for key in ("value", "lag_seconds"):
            if source.get(key):
                yield other_value((*path, key), source[key], -source[key])


def term_left_out(p):
    """Of a sum or difference, one column alone: a pressure difference not added."""
    for table, name, source in sources(p):
        for old in ("sum", "difference"):
            for column in source.get(old, []):
                words = item(old, source[old]), item("column", column)
                yield (".".join((table, name, old)), *words)


def clock(p):
    """Local time for UTC: three hours, either way."""
    for stream, definition in p["files"].items():
        for new in (THREE_HOURS, -THREE_HOURS):
            if "time" in definition:
                path = ("files", stream, "time", "offset_seconds")
                yield other_value(path, None, new)
            elif definition["reader"] in CLOCKS:
                options = {"offset_seconds": new}
                path = ("files", stream, "options")
                if "options" in definition:
                    path = (*path, "offset_seconds")
                yield other_value(path, None, new if len(path) == 4 else options)


def time_format(p):
    """Day and month, minute and second exchanged; another year, another first day."""
    swaps = (("%d", "%m"), ("%M", "%S"), ("%Y", "%y"), ("%H", "%I"))
    for path, old in leaves(p["files"], ("files",)):
        if "format" in path[-1] and isinstance(old, str):
            for one, other in swaps:
                new = old.replace(one, "\0").replace(other, one).replace("\0", other)
                if new != old:
                    yield other_value(path, old, new)
        elif path[-1] == "january_first":
            yield other_value(path, old, 1 - old)


def time_columns(p):
    """Columns of the time are exchanged."""
    for stream, definition in p["files"].items():
        time, path = definition.get("time", {}), ("files", stream, "time")
        names = ("year", "month", "day", "hour", "minute", "second", "date", "time")
        parts = [((*path, k), time[k], "") for k in names if k in time]
        yield from exchanged(parts)
        if "columns" in time and len(time["columns"]) > 1:
            old = time["columns"]
            yield other_value((*path, "columns"), old, old[::-1])


def renamed(p, kind):
    for table, name, _ in sources(p):
        for old, new in NAMES[kind]:
            other = name.replace(old, new)
            if other != name and other in VARIABLES and other not in p.get(table, {}):
                yield f"{table}.{name}", name, other


def dry_wet(p):
    """Dry gas for wet, wet for dry: the switch, and the name of the variable."""
    yield from renamed(p, "dry_wet")
    for table, name, source in sources(p):
        if name == "xCO2":
            old = source.get("dry")
            yield other_value((table, name, "dry"), old, old is False)


def temperature_step(p):
    """No step from the equilibrator to the sea, or one that is not needed."""
    yield from renamed(p, "temperature_step")
    source = p["variables"].get("T_equ", {})
    if "column" in source and "SST" in p["variables"]:
        words = item("column", source["column"]), item("same_as", "SST")
        yield ("variables.T_equ.column", *words)


def water_air(p):
    """Air taken as water, water as air: names and run types."""
    yield from renamed(p, "water_air")
    swap = {"water": "air", "air": "water"}
    for label, old in p.get("runs", {}).items():
        if isinstance(old, str) and old in swap:
            yield other_value(("runs", label), old, swap[old])


def standard_value(p):
    """A gas standard that is 1 % off."""
    for number_, standard in enumerate(p.get("standards", []), 1):
        for factor in (1.01, 0.99):
            if standard["xCO2"]:
                path, old = ("standards", str(number_), "xCO2"), standard["xCO2"]
                yield other_value(path, old, rounded(old * factor))


def standards_exchanged(p):
    """Two cylinders are exchanged."""
    gases = enumerate(p.get("standards", []), 1)
    yield from exchanged(
        [(("standards", str(n), "xCO2"), s["xCO2"], "") for n, s in gases]
    )


def model(p):
    """Another calibration model."""
    old = p.get("calibration", {}).get("model")
    for new in MODELS:
        if new != (old or MODELS[0]):
            yield other_value(("calibration", "model"), old, new)
    if old:
        yield other_value(("calibration", "model"), old, None)


def recipe(p):
    """Another formula than that of the publisher, or of today."""
    for name, choices in RECIPE.items():
        old = p.get("reduction", {}).get(name)
        for new in choices:
            if new != (old or choices[0]):
                yield other_value(("reduction", name), old, new)
        if old:
            yield other_value(("reduction", name), old, None)


def choice(p):
    """Another word, or the other way of a switch."""
    for path, old in leaves(p):
        for new in CHOICES.get(path[-1], ()):
            if new != old:
                yield other_value(path, old, new)


def coefficient(p):
    """A coefficient of a sensor with another digit, power or sign; another date."""
    for table in MODELS:
        for path, old in leaves(p.get(table, {}), (table,)):
            if number(old) and not path[-1].endswith("_seconds"):
                for factor in (1.01, 0.99, 10, 0.1, -1):
                    yield other_value(path, old, rounded(old * factor))
            elif isinstance(old, date):
                for years in (-1, 1):
                    yield other_value(path, old, old.replace(year=old.year + years))


def constant(p):
    """A constant value that is 1 % off, a power of ten off, or in other units."""
    for table, name, source in sources(p):
        for factor in (1.01, 0.99, 10, 0.1, 0.001) if "value" in source else ():
            old = source["value"]
            yield other_value((table, name, "value"), old, rounded(old * factor))


def setting(p):
    """A time or height ten times too long or too short, or none."""
    for path, old in leaves(p):
        name = path[-2] if path[-2:-1] == ("flushing_seconds",) else path[-1]
        if number(old) and (name.endswith("_seconds") or name == "height"):
            for factor in (10, 0.1, 0):
                yield other_value(path, old, rounded(old * factor))


def missing(p):
    """A missing value that is not named, or has another digit."""
    for path, old in leaves(p):
        if path[-1] == "missing":
            yield other_value(path, old, None)
            yield other_value(path, old, [f"{x}0" for x in old])


def file_flags(p):
    """Flags of the file that are not read, or mean something else."""
    for table, name, source in sources(p):
        for key in ("flag", "flag_map"):
            if key in source:
                yield other_value((table, name, key), source[key], None)
        for text, old in source.get("flag_map", {}).items():
            for new in (2, 3, 4, 9):
                if new != old:
                    path = (table, name, "flag_map", text)
                    yield other_value(path, old, new)


def layout(p):
    """Lines before the rows, separators, encodings."""
    for path, old in leaves(p["files"], ("files",)):
        if path[-2:-1] == ("header",) and number(old):
            for new in (old - 1, old + 1):
                yield other_value(path, old, new)
        elif path[-1] == "separator":
            for new in SEPARATORS[old]:
                yield other_value(path, old, new)
        elif path[-1] == "encoding":
            yield other_value(path, old, "utf-8")
            yield other_value(path, old, "utf-16")
        elif path[-1] == "rows_with":
            yield other_value(path, old, None)


def run_type(p):
    """A run type that means something else."""
    for label, old in p.get("runs", {}).items():
        for new in RUNS if isinstance(old, str) else ():
            if new != old:
                yield other_value(("runs", label), old, new)


def stream(p):
    """A variable from another stream, two streams exchanged, another main one."""
    names = list(p["files"])
    for table, name, source in sources(p):
        for new in names if "file" in source else ():
            if new != source["file"]:
                yield other_value((table, name, "file"), source["file"], new)
    paths = [(("files", n, "pattern"), p["files"][n]["pattern"], "") for n in names]
    yield from exchanged(paths)
    for new in names[1:]:
        yield other_value(("alignment", "main"), None, new)


def check_removed(p):
    """A check that the platform file sets is left to its default."""
    for path, old in leaves(p.get("qc", {}), ("qc",)):
        if len(path) == 3:
            yield other_value(path, old, None)


KINDS = (
    *(units, other_column, columns_exchanged, sign, term_left_out, clock, time_format),
    *(time_columns, dry_wet, temperature_step, water_air, standard_value),
    *(standards_exchanged, model, recipe, choice, coefficient, constant, setting),
    *(missing, file_flags, layout, run_type, stream, check_removed),
)


# ---- the draw -----------------------------------------------------------------------


def shipped(name):
    return (PLATFORMS / f"{name}.toml").read_text(encoding="utf-8")


def candidates():
    """Return every change that the kinds allow to the shipped files of today."""
    rows = []
    for path in sorted(PLATFORMS.glob("*.toml")):
        parsed = tomllib.loads(shipped(path.stem))
        for kind in KINDS:
            for key, old, new in kind(parsed):
                rows.append(
                    dict(
                        zip(
                            COLUMNS,
                            (path.stem, key, kind.__name__, old, new),
                            strict=True,
                        )
                    )
                )
    return rows


def draw(rows):
    """Draw from each platform three or four kinds, for each a key and a change."""
    rng = random.Random(SEED)
    names = sorted({row["platform"] for row in rows})
    each, rest = divmod(COUNT, len(names))
    more = set(rng.sample(names, rest))
    drawn = []
    for name in names:
        kinds = {}
        for row in rows:
            if row["platform"] == name:
                kinds.setdefault(row["kind"], {}).setdefault(row["key"], []).append(row)
        for kind in rng.sample(sorted(kinds), each + (name in more)):
            key = rng.choice(sorted(kinds[kind]))
            drawn.append(rng.choice(kinds[kind][key]))
    return drawn


def table(name):
    """Return the rows of a table beside this module."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if not (HERE / "candidates.csv").exists():
        write(HERE / "candidates.csv", candidates())
    write(HERE / "drawn.csv", draw(table("candidates.csv")))
