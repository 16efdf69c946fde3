"""Findings about a table and the result of a diagnosis, as text and as JSON."""

from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Any

import numpy as np

from oceanco2.forensics.columns import AIR, SOURCES, WATER, Columns
from oceanco2.forensics.recipes import PER_KELVIN, Recipe
from oceanco2.forensics.scoring import Fit, Rounding
from oceanco2.vocabulary import VARIABLES

#: Rows of a moving window, and the fraction that must deviate.
_WINDOW = 51
_MIN_FRACTION = 0.3


@dataclass(frozen=True, slots=True)
class Finding:
    """An anomaly of the table.

    Attributes
    ----------
    kind : str
        Identifier, for example ``"pressure_offset"``.
    text : str
        Description.
    target : str
        Published result concerned; empty for the whole table.
    value : float, optional
        Size of the anomaly.
    units : str
        Units of the value.
    rows : tuple of int, optional
        First and last line of the file, or row numbers from 1.
    """

    kind: str
    text: str
    target: str = ""
    value: float | None = None
    units: str = ""
    rows: tuple[int, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a dictionary.

        Returns
        -------
        dict
            Ready for JSON.
        """
        return {k: v for k, v in asdict(self).items() if v not in ("", None)}


def table_findings(columns: Columns) -> list[Finding]:
    """Check the columns without any recipe."""
    out = [Finding("units", note) for note in columns.notes]
    values = columns.values
    for name in ("SST", "T_equ", "salinity", "P_equ", "P_atm"):
        if name in values and is_constant(values[name]):
            median = float(np.nanmedian(values[name]))
            out.append(
                Finding("constant", f"{name} is {median:g} in every row", value=median)
            )
    for name in ("SST", "T_equ"):
        if columns.steps.get(name, 0.0) >= 0.1:
            error = 0.5 * columns.steps[name] * 0.0423 * 100.0
            text = (
                f"{name} is printed to {columns.steps[name]:g} degree_Celsius: this"
                f" rounding alone is up to {error:.2f} % of fCO2"
            )
            out.append(Finding("rounding", text, value=columns.steps[name]))
    return out + _equal_columns(columns) + _equal_gases(columns)


def is_constant(values: np.ndarray) -> bool:
    """Whether a column holds one number."""
    fine = values[np.isfinite(values)]
    return fine.size >= 10 and bool((fine == fine[0]).all())


def _equal_columns(columns: Columns) -> list[Finding]:
    """Find columns with different names and equal numbers."""
    out = []
    pairs = [
        ("T_equ", "SST", "there is no warming: one of them was not measured"),
        ("P_equ", "P_atm", "only one pressure was measured"),
    ]
    results = [n for n in columns.published if n in WATER]
    for i, first in enumerate(results):
        pairs += [(first, x, "one of them is mislabelled") for x in results[i + 1 :]]
    for first, second, meaning in pairs:
        values = columns.values
        if first not in values or second not in values:
            continue
        present = np.isfinite(values[first]) & np.isfinite(values[second])
        if (
            present.sum() >= 10
            and (values[first][present] == values[second][present]).all()
        ):
            text = f"{first} equals {second} in every row: {meaning}"
            kind = "equal_columns" if first in WATER else "no_difference"
            out.append(Finding(kind, text))
    return out


def _equal_gases(columns: Columns) -> list[Finding]:
    """Find mole fractions of water and air with equal numbers."""
    out = []
    for water, air in product(SOURCES[:4], dict.fromkeys(AIR.values())):
        if water in columns.values and air in columns.values:
            first, second = columns.values[water], columns.values[air]
            both = np.isfinite(first) & np.isfinite(second)
            if both.sum() >= 10 and (first[both] == second[both]).all():
                text = f"{water} equals {air} in every row: one of them is mislabelled"
                out.append(Finding("equal_columns", text))
    return out


def recipe_findings(recipe: Recipe, target: str, columns: Columns) -> list[Finding]:
    """Describe where a recipe differs from what the column name implies."""
    entries: list[tuple[str, str, float | None, str]] = []
    entries += _pressure_findings(recipe, target, columns)
    correction = recipe.temperature_correction
    at_equilibrator = "Tequ" in recipe.source and "T_equ" in columns.values
    if "_SST_" in target and at_equilibrator and correction == "none":
        text = f"{target} has no temperature correction: it is at T_equ"
        entries.append(("missing_temperature_correction", text, None, ""))
    if "_Tequ_" in target and correction != "none":
        text = f"{target} has a temperature correction: it is at SST"
        entries.append(("mislabelled", text, None, ""))
    is_fugacity = recipe.source.startswith("fCO2")
    if target.startswith("fCO2") and recipe.fugacity == "none" and not is_fugacity:
        text = f"{target} has no fugacity term: it is a partial pressure"
        entries.append(("mislabelled", text, None, ""))
    if target.startswith("pCO2") and recipe.fugacity != "none":
        text = f"{target} has a fugacity term: it is a fugacity"
        entries.append(("mislabelled", text, None, ""))
    salinity = recipe.salinity
    if isinstance(salinity, float) and recipe.vapour != "none":
        instead = " instead of the printed one" if "salinity" in columns.values else ""
        text = f"{target}: salinity {salinity:g} was assumed{instead}"
        entries.append(("assumed_salinity", text, salinity, "1"))
    if recipe.units != "uatm":
        entries.append(("units", f"{target} is in {recipe.units}, not uatm", None, ""))
    return [Finding(k, text, target, v, units) for k, text, v, units in entries]


def _pressure_findings(
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
        text = f"{target} is divided by the pressure instead of multiplied"
        return [("inverse_pressure", text, None, "")]
    air = "_atm_" in target
    expected = "P_atm" if air else "P_equ"
    if recipe.pressure != expected and expected in columns.values:
        kind = "wrong_pressure" if air else "atmospheric_pressure"
        return [(kind, f"{target} uses {recipe.pressure}, not {expected}", None, "")]
    if recipe.vapour == "none":
        text = f"{target}: water vapour is not subtracted from the pressure"
        return [("no_water_vapour", text, None, "")]
    return []


@dataclass(frozen=True, slots=True)
class RowLabels:
    """Times and numbers of the rows of a table."""

    times: np.ndarray
    numbers: np.ndarray
    unit: str


@dataclass(frozen=True, slots=True)
class Cause:
    """An input whose error would explain rows, and its error per relative change."""

    name: str = "SST"
    units: str = "K"
    size: float = 1.0 / PER_KELVIN


#: Largest errors that are named [K, hPa].
_LARGEST_ERROR = {"K": 5.0, "hPa": 30.0}


def likely_cause(recipe: Recipe, columns: Columns, largest: float) -> Cause:
    """Return the input of a recipe whose error explains a relative difference best."""
    values = columns.values
    causes = []
    if recipe.temperature_correction != "none":
        causes.append(Cause())
    if recipe.source.startswith("xCO2") and recipe.pressure in values:
        pressure = float(np.nanmedian(values[recipe.pressure]))
        causes.append(Cause(recipe.pressure, "hPa", pressure))
    for cause in causes:
        if largest * cause.size <= _LARGEST_ERROR[cause.units]:
            return cause
    source = recipe.source
    return Cause(source, VARIABLES[source].units, float(np.nanmedian(values[source])))


def row_findings(
    ratio: np.ndarray,
    digits: Rounding,
    target: str,
    labels: RowLabels,
    cause: Cause = Cause(),
) -> list[Finding]:
    """Find periods whose printed inputs differ from those that were used."""
    present = np.flatnonzero(np.isfinite(ratio))
    if present.size < 4 * _WINDOW:
        return []
    deviation = ratio[present] - np.median(ratio[present])
    typical = 1.4826 * float(np.median(np.abs(deviation)))
    smallest = np.maximum(0.25 * digits.bound[present], 4.0 * digits.result[present])
    limit = np.minimum(digits.bound[present], np.maximum(6.0 * typical, smallest))
    is_large = np.abs(deviation) > limit
    if not 0.002 < is_large.mean() < 0.6:
        return []
    out = []
    fraction = np.convolve(is_large, np.ones(_WINDOW) / _WINDOW, mode="same")
    edges = np.flatnonzero(np.diff(np.r_[0, fraction > _MIN_FRACTION, 0]))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        inside = start + np.flatnonzero(is_large[start:stop])
        if inside.size < _WINDOW // 2:
            continue
        some = deviation[inside]
        out.append(_row_finding(present[inside], some, target, labels, cause))
    return out


def _row_finding(
    rows: np.ndarray,
    deviation: np.ndarray,
    target: str,
    labels: RowLabels,
    cause: Cause,
) -> Finding:
    ends = [int(rows[0]), int(rows[-1])]
    first, last = (int(labels.numbers[i]) for i in ends)
    error = float(np.abs(deviation).max()) * cause.size
    begin, end = (np.datetime_as_string(labels.times[i], unit="s") for i in ends)
    period = "" if begin == "NaT" else f" ({begin} to {end})"
    text = (
        f"{target}: {labels.unit} {first} to {last}{period} do not follow"
        f" from the printed inputs; an error of {cause.name} up to {error:.3f}"
        f" {cause.units} would explain it"
    )
    units = cause.units
    return Finding("inputs_not_used", text, target, error, units, (first, last))


#: Largest relative difference of a nearly reproduced result.
_NEAR = 0.01


@dataclass(frozen=True, slots=True)
class Result:
    """How one published result was computed.

    Attributes
    ----------
    target : str
        Published result.
    recipe : Recipe or None
        The recipe that reproduces it best; None without a source column.
    fit : Fit or None
        Fit of this recipe.
    usual : Fit or None
        Fit of the recipe of SOCAT.
    alike : dict of str to list
        Parts of the recipe that the numbers do not determine, and their other values.
    swapped : tuple of str
        Two inputs that are swapped.
    exact : bool
        Whether most rows agree within the rounding of the result.
    reached : float
        95th percentile of the differences relative to the published values.
    findings : list of Finding
        Anomalies.
    """

    target: str
    recipe: Recipe | None = None
    fit: Fit | None = None
    usual: Fit | None = None
    alike: dict[str, list[Any]] = field(default_factory=dict)
    swapped: tuple[str, ...] = ()
    exact: bool = False
    reached: float = float("inf")
    findings: list[Finding] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Fraction of the rows that the recipe explains within rounding.

        Returns
        -------
        float
            0 without a recipe.
        """
        return self.fit.share if self.fit is not None else 0.0

    @property
    def verdict(self) -> str:
        """Return whether the result is understood.

        Returns
        -------
        str
            ``"reproduced"``, ``"nearly reproduced"``, ``"partly reproduced"`` or
            ``"not reproducible from these columns"``.
        """
        if self.fit is not None and self.fit.rows:
            if self.fit.share >= 0.9:
                return "reproduced"
            if self.fit.share >= 0.4:
                return "partly reproduced"
            if self.reached <= _NEAR:
                return "nearly reproduced"
        return "not reproducible from these columns"

    def to_dict(self) -> dict[str, Any]:
        """Return everything.

        Returns
        -------
        dict
            Ready for JSON.
        """
        is_understood = self.verdict != "not reproducible from these columns"
        return {
            "target": self.target,
            "verdict": self.verdict,
            "recipe": self.recipe.to_dict() if self.recipe and is_understood else None,
            "words": self.recipe.words() if self.recipe and is_understood else "",
            "fit": asdict(self.fit) if self.fit else None,
            "usual_recipe_fit": asdict(self.usual) if self.usual else None,
            "cannot_be_told_apart": self.alike if is_understood else {},
            "swapped": list(self.swapped),
            "findings": [f.to_dict() for f in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How the results of a delivered table were computed.

    Attributes
    ----------
    rows : int
        Rows of the table.
    results : list of Result
        One per published result, and per step between two of them.
    findings : list of Finding
        Anomalies of the table as a whole.
    steps : dict of str to float
        Printed resolution of each column, 0 for full precision.
    """

    rows: int
    results: list[Result]
    findings: list[Finding]
    steps: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return everything.

        Returns
        -------
        dict
            Ready for JSON.
        """
        every = [*self.findings, *(f for r in self.results for f in r.findings)]
        return {
            "rows": self.rows,
            "results": [r.to_dict() for r in self.results],
            "findings": [f.to_dict() for f in dict.fromkeys(every)],
            "printed_steps": self.steps,
        }

    def text(self) -> str:
        """Return the diagnosis as text.

        Returns
        -------
        str
            Text.
        """
        lines = [f"{self.rows:,} rows"]
        for result in self.results:
            lines += ["", *_result_lines(result)]
        if not self.results:
            lines += [
                "",
                "no published pCO2 or fCO2: not reproducible from these columns",
            ]
        findings = [*self.findings, *(f for r in self.results for f in r.findings)]
        lines += ["", "findings" if findings else "no findings"]
        lines += [f"  {finding.text}" for finding in dict.fromkeys(findings)]
        return "\n".join(lines)


def _result_lines(result: Result) -> list[str]:
    lines = [f"{result.target}: {result.verdict}"]
    if result.recipe is None or result.fit is None:
        return lines
    fit = result.fit
    if result.verdict != "not reproducible from these columns":
        lines.append(f"  {result.recipe.words()}")
    if result.swapped:
        lines.append(f"  with {' and '.join(result.swapped)} swapped")
    lines.append(f"  computed minus published: {_fit_text(fit)}")
    if result.usual is not None and result.usual != fit:
        lines.append(f"  the standard recipe: {_fit_text(result.usual)}")
    for part, others in result.alike.items():
        values = ", ".join(map(str, others))
        lines.append(
            f"  {part.replace('_', ' ')} cannot be distinguished from: {values}"
        )
    return lines


def _fit_text(fit: Fit) -> str:
    return (
        f"median {fit.median:+.4f}, 95 % {fit.percentile_95:.4f}, largest"
        f" {fit.largest:.4f}; {100 * fit.share:.1f} % of {fit.rows:,} rows within"
        f" rounding ({fit.tolerance:.4f})"
    )
