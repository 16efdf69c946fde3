"""Every criterion by itself: what it asks, and what the data set says to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from oceanco2.dashboard.suggestion import IN_SITU_METHOD
from oceanco2.qc.evidence import Evidence
from oceanco2.qc.warming_numbers import Warming, warming_of
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

State = Literal["holds", "fails", "unknown"]
#: Rows with errors that a submitter must confirm at upload.
_MANY_ERRORS = 50
#: Share of a data set that may be bad, or break a guideline, before it counts. Ours:
#: SOCAT says "significant amount".
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion and whether a data set meets it."""

    key: str
    group: str
    text: str
    needed_for: str
    proof: bool
    state: State
    said: str
    value: float | None
    limit: float | None
    source: str


def all_criteria(
    known: Evidence, crossover: bool | None, missing_metadata: Sequence[str] | None
) -> Iterator[Criterion]:
    """Look at every criterion."""
    yield from _accuracy(known)
    yield _crossover(crossover)
    yield from _procedures(known)
    yield from _sensors(known)
    yield _metadata(missing_metadata)
    yield _quality(known)
    yield from _span(known)
    yield from _warming(known)


def _made(
    key: str,
    text: str,
    needed_for: str,
    state: State,
    said: str,
    value: float | None = None,
    limit: float | None = None,
) -> Criterion:
    group, _, name = key.partition(".")
    value = None if value is None or not np.isfinite(value) else float(value)
    return Criterion(
        name,
        group,
        text,
        needed_for,
        group != "guideline",
        state,
        said,
        value,
        limit,
        _SOURCES[group] if key != "accuracy.alternative_sensor" else _E_SOURCE,
    )


_SOURCES = {
    "accuracy": "table 2",
    "crossover": "table 2",
    "sop": "SOP of flags A and B",
    "metadata": "table 2",
    "quality": "table 2; wording of the QC editor",
    "guideline": "guidelines; 2019 cookbook",
}
_E_SOURCE = "table 2; 2025 cookbook: membrane sensors are not better than 5 uatm"


def _accuracy(known: Evidence) -> Iterator[Criterion]:
    value, source, guesses = known.result_accuracy()
    other = known.alternative()
    for limit, flags in ((2.0, "AB"), (5.0, "CD"), (10.0, "E")):
        state: State = "holds" if value < limit else "fails"
        said = f"{value:.2f} uatm, {source}"
        if guesses:
            said += f", with usual values for {', '.join(guesses)}"
        if np.isnan(value):
            state, said = "unknown", source
        elif state == "holds" and guesses and limit <= 2.0:
            # What SOCAT asks of the sensors was assumed: that is no proof.
            state = "unknown"
        elif state == "holds" and other and limit <= 5.0:
            state, said = "fails", f"{said}, but an alternative sensor"
        text = f"fCO2 accurate within {limit:g} uatm"
        yield _made(f"accuracy.below_{limit:g}", text, flags, state, said, value, limit)
    described = known.calibration_text() or (
        f"{len(known.gases())} gas standards" if known.gases() else ""
    )
    shown: State = "fails"
    said = "an equilibrator, which is judged by A to D"
    if other:
        shown = "holds" if described else "unknown"
        said = described or "an alternative sensor; its calibration is not described"
    text = "alternative sensor calibrated in situ"
    yield _made("accuracy.alternative_sensor", text, "E", shown, said)


def _crossover(found: bool | None) -> Criterion:
    words: dict[bool | None, tuple[State, str]] = {
        None: ("unknown", "not looked for: oceanco2 socat crossovers"),
        True: ("holds", "found"),
        False: ("fails", "none found"),
    }
    return _made("crossover.high_quality", "high-quality crossover", "A", *words[found])


def _procedures(known: Evidence) -> Iterator[Criterion]:
    analysed = known.analysed()
    state: State = "holds" if analysed.size else "unknown"
    said = f"{analysed.size:,} values" if analysed.size else "no xCO2 in the dataset"
    yield _made("sop.xco2_analysis", "xCO2 is analysed", "AB", state, said)
    hours = known.interval_hours()
    state = "unknown" if np.isnan(hours) else ("holds" if hours <= 3.5 else "fails")
    said = (
        "fewer than two samples" if np.isnan(hours) else f"every {60 * hours:.3g} min"
    )
    yield _made(
        "sop.continuous", "continuous, not discrete", "AB", state, said, hours, 3.5
    )
    yield _detection(known)
    yield _traceable(known)


def _detection(known: Evidence) -> Criterion:
    vessel = str(known.set_up.get("equilibrator", {}).get("type", ""))
    words = known.words()
    said = "; ".join(part for part in (vessel, words) if part)
    state: State = "unknown"
    if known.alternative():
        state, said = "fails", said or "an alternative sensor"
    elif vessel and IN_SITU_METHOD.search(words):
        state = "holds"
    elif not said:
        said = "[equilibrator] type and the method of the sensor are not said"
    text = "equilibrator with IR, GC or CRDS detection"
    return _made("sop.detection", text, "AB", state, said)


def _traceable(known: Evidence) -> Criterion:
    gases = known.gases()
    traced = [g for g in gases if "WMO" in str(g.get("scale", "")).upper()]
    numbers = ", ".join(f"{g['xCO2']:g}" for g in gases)
    said = f"{len(gases)} non-zero ({numbers} umol mol-1)" if gases else "none"
    state: State
    if len(traced) >= 2:
        state, said = "holds", f"{said}, {len(traced)} on a WMO scale"
    elif not known.set_up.get("standards"):
        state, said = "unknown", "the platform file lists no standards"
    elif len(gases) < 2 or all(g.get("scale") for g in gases):
        state, said = "fails", f"{said}, {len(traced)} on a WMO scale"
    else:
        state, said = "unknown", f"{said}, scale not said"
    text = "two non-zero standards or more, WMO-traceable"
    return _made("sop.standards", text, "AB", state, said, len(traced), 2)


def _sensors(known: Evidence) -> Iterator[Criterion]:
    same = "T_equ" not in known.ds
    for name, text, limit, units in (
        ("SST" if same else "T_equ", "equilibrator temperature", 0.05, "degC"),
        ("SST", "sea surface temperature", 0.05, "degC"),
        ("P_equ", "equilibrator pressure", 2.0, "hPa"),
    ):
        value, source = known.accuracy(name)
        state: State = "holds" if value <= limit else "fails"
        said = f"{value:g} {units} ({source})"
        if np.isnan(value):
            state, said = "unknown", f"accuracy of {name} is not said"
        key = f"sop.{text.replace(' ', '_')}"
        asked = f"{text} within {limit:g} {units}"
        yield _made(key, asked, "AB", state, said, value, limit)


def _metadata(missing: Sequence[str] | None) -> Criterion:
    state: State = "unknown"
    said = "not looked at"
    if missing is not None:
        state = "fails" if missing else "holds"
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        said = f"missing: {', '.join(missing[:3])}{more}" if missing else "complete"
    value = None if missing is None else len(missing)
    return _made(
        "metadata.complete", "metadata complete", "ABCE", state, said, value, 0
    )


def _quality(known: Evidence) -> Criterion:
    text = "no significant amount of unacceptable data"
    bad, doubtful = known.share(BAD), known.share(QUESTIONABLE)
    if np.isnan(bad):
        return _made("quality.acceptable", text, "ABCDE", "fails", "no fCO2 at all")
    rows = int((known.water & (known.flags == BAD)).sum()) + known.unplaced()
    many = bad > _SIGNIFICANT and rows > _MANY_ERRORS
    state: State = "fails" if many or known.share(GOOD) == 0.0 else "holds"
    said = (
        f"{100 * bad:.3g} % bad, {100 * doubtful:.3g} % questionable, {rows:,} errors"
    )
    return _made("quality.acceptable", text, "ABCDE", state, said, bad, _SIGNIFICANT)


def _span(known: Evidence) -> Iterator[Criterion]:
    values = known.analysed()
    gases = [float(g["xCO2"]) for g in known.gases()]
    for key, text, flags, room in (
        ("guideline.span", "non-zero standards span the data", "AB", 0.0),
        ("guideline.near_span", "data within 20 % of the standards", "ABC", 0.2),
    ):
        if not values.size or len(gases) < 2:
            one = "one non-zero standard has no range"
            said = one if gases else "no standards or no xCO2"
            yield _made(key, text, flags, "unknown", said)
            continue
        low, high = (1 - room) * min(gases), (1 + room) * max(gases)
        outside = float(((values < low) | (values > high)).mean())
        state: State = "holds" if outside <= _SIGNIFICANT else "fails"
        said = (
            f"data {values.min():.4g} to {values.max():.4g},"
            f" standards {min(gases):g} to {max(gases):g} umol mol-1;"
            f" {100 * outside:.3g} % outside"
        )
        yield _made(key, text, flags, state, said, outside, _SIGNIFICANT)


def _warming(known: Evidence) -> Iterator[Criterion]:
    warming = warming_of(known.ds, known.water)
    if warming is None:
        said = "no equilibrator temperature: that of the sea is meant"
        for key, text, flags, _ in _WARMING:
            yield _made(f"guideline.{key}", text, flags, "unknown", said)
        return
    numbers = warming.numbers()
    for key, text, flags, name in _WARMING:
        share = _WAYS[key](warming, known) if key in _WAYS else numbers[name]
        if share is None:
            yield _made(f"guideline.{key}", text, flags, "unknown", _UNKNOWN[key])
            continue
        limit = _LIMITS.get(key, _SIGNIFICANT)
        state: State = "holds" if share <= limit else "fails"
        said = _warming_said(key, share, numbers)
        yield _made(f"guideline.{key}", text, flags, state, said, share, limit)


def _warming_said(key: str, share: float, numbers: dict[str, float | None]) -> str:
    if key == "warming_rate":
        share = round(share, 6)  # what is left of constant values by rounding
        return f"95 % of the hours below {share:.2g} degC/h"
    if key == "warming_measured":
        spread = numbers["standard_deviation"] or 0.0
        if spread < 1e-6 and numbers["median"]:
            return f"constant: always {numbers['median']:.3g} degC"
        return f"standard deviation {spread:.2g} degC, {100 * share:.3g} % exactly zero"
    return (
        f"median {numbers['median']:.2f} degC, {100 * share:.3g} % of the data beyond"
    )


def _stuck(warming: Warming, known: Evidence) -> float | None:
    """Share of values that are zero; all of them where warming never changes."""
    if known.ds.attrs.get("platform_kind") == "mooring":
        return None
    constant = warming.values.size > 1 and np.ptp(warming.values) < 1e-6
    return 1.0 if constant else float((warming.values == 0.0).mean())


def _cold(warming: Warming, known: Evidence) -> float | None:
    """Share of values that cool, at high latitudes."""
    latitude = np.abs(known.values("latitude"))
    if not latitude.size or np.median(latitude) < 60.0:
        return None
    return float((warming.values < -0.1).mean())


_UNKNOWN = {
    "warming_rate": "too few samples",
    "warming_measured": "on a mooring the gas is at the temperature of the sea",
    "cooling": "not at high latitudes",
}
_WAYS = {"warming_measured": _stuck, "cooling": _cold}
_LIMITS = {"warming_rate": 1.0, "warming_measured": 0.5}
_WARMING = (
    ("warming_1", "warming below 1 degC", "AB", "share_above_1"),
    ("warming_3", "warming below 3 degC", "ABC", "share_above_3"),
    ("warming_rate", "warming changes by less than 1 degC/h", "", "rate_95_percent"),
    (
        "warming_outliers",
        "warming within 0.3 degC of its background",
        "",
        "share_apart_0.3",
    ),
    ("warming_measured", "warming neither zero nor constant", "AB", ""),
    ("cooling", "no cooling at high latitudes", "", ""),
)
