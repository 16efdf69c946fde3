"""A diagnosis: for people as text, for programs as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

from oceanco2.forensics.findings import Finding
from oceanco2.forensics.recipe import Recipe
from oceanco2.forensics.scoring import Fit

#: A result within this share of the published values is worth naming.
_NEAR = 0.01


@dataclass(frozen=True, slots=True)
class Result:
    """What one published result was computed from.

    Attributes
    ----------
    target : str
        Published result.
    recipe : Recipe or None
        The recipe that reproduces it best; None if no column leads there.
    fit : Fit or None
        How well.
    usual : Fit or None
        How well the recipe of SOCAT does.
    alike : dict of str to list
        Parts of the recipe that these numbers cannot decide, and their other values.
    swapped : tuple of str
        Two inputs that stand in each other's column.
    exact : bool
        Whether nothing but the rounding of the result is left in most rows.
    reached : float
        95 % of the differences as a share of the published values.
    findings : list of Finding
        What is odd.
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
        """Share of the rows that the recipe explains within rounding.

        Returns
        -------
        float
            0 where there is no recipe.
        """
        return self.fit.share if self.fit is not None else 0.0

    @property
    def verdict(self) -> str:
        """Say in a few words whether the result is understood.

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
        known = self.verdict != "not reproducible from these columns"
        return {
            "target": self.target,
            "verdict": self.verdict,
            "recipe": self.recipe.to_dict() if self.recipe and known else None,
            "words": self.recipe.words() if self.recipe and known else "",
            "fit": asdict(self.fit) if self.fit else None,
            "usual_recipe_fit": asdict(self.usual) if self.usual else None,
            "cannot_be_told_apart": self.alike if known else {},
            "swapped": list(self.swapped),
            "findings": [f.to_dict() for f in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a delivered table says of itself.

    Attributes
    ----------
    rows : int
        Rows of the table.
    results : list of Result
        One for each published result, and for each step between two of them.
    findings : list of Finding
        What is odd about the table as a whole.
    steps : dict of str to float
        Smallest printed step of each column, 0 for full precision.
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
        """Say everything in plain lines.

        Returns
        -------
        str
            For people.
        """
        lines = [f"{self.rows:,} rows"]
        for result in self.results:
            lines += ["", *_lines(result)]
        if not self.results:
            lines += [
                "",
                "no published pCO2 or fCO2: not reproducible from these columns",
            ]
        odd = [*self.findings, *(f for r in self.results for f in r.findings)]
        lines += ["", "odd" if odd else "nothing odd"]
        lines += [f"  {finding.text}" for finding in dict.fromkeys(odd)]
        return "\n".join(lines)


def _lines(result: Result) -> list[str]:
    lines = [f"{result.target}: {result.verdict}"]
    if result.recipe is None or result.fit is None:
        return lines
    fit = result.fit
    if result.verdict != "not reproducible from these columns":
        lines.append(f"  {result.recipe.words()}")
    if result.swapped:
        lines.append(f"  with {' and '.join(result.swapped)} exchanged")
    lines.append(f"  computed less published: {_told(fit)}")
    if result.usual is not None and result.usual != fit:
        lines.append(f"  the usual recipe: {_told(result.usual)}")
    for part, others in result.alike.items():
        words = ", ".join(map(str, others))
        lines.append(f"  {part.replace('_', ' ')} cannot be told from: {words}")
    return lines


def _told(fit: Fit) -> str:
    return (
        f"median {fit.median:+.4f}, 95 % {fit.percentile_95:.4f}, largest"
        f" {fit.largest:.4f}; {100 * fit.share:.1f} % of {fit.rows:,} rows within"
        f" rounding ({fit.tolerance:.4f})"
    )
