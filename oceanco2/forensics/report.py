"""Result of a diagnosis, as text and as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

from oceanco2.forensics.findings import Finding
from oceanco2.forensics.recipes import Recipe
from oceanco2.forensics.scoring import Fit

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
