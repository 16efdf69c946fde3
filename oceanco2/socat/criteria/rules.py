"""The criteria one by one, and whether a data set meets them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from oceanco2.qc.warming import Warming, warming_of
from oceanco2.socat.criteria.evidence import Evidence
from oceanco2.socat.criteria.suggestion import IN_SITU_METHOD
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

State = Literal["holds", "fails", "unknown"]
#: Rows with errors that a submitter must confirm at upload.
_MANY_ERRORS = 50
#: Share of a data set that may be bad or break a guideline. Our choice: SOCAT says
#: "significant amount".
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
    finding: str
    value: float | None
    limit: float | None
    source: str

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON, where the finding has the key ``said``."""
        return {"said" if k == "finding" else k: v for k, v in asdict(self).items()}


def all_criteria(
    evidence: Evidence, crossover: bool | None, missing_metadata: Sequence[str] | None
) -> Iterator[Criterion]:
    """Evaluate every criterion."""
    yield from _accuracy(evidence)
    yield _crossover(crossover)
    yield from _procedures(evidence)
    yield from _sensors(evidence)
    yield _metadata(missing_metadata)
    yield _quality(evidence)
    yield from _span(evidence)
    yield from _warming(evidence)


def _criterion(
    key: str,
    text: str,
    needed_for: str,
    state: State,
    finding: str,
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
        finding,
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


def _accuracy(evidence: Evidence) -> Iterator[Criterion]:
    value, source, assumed = evidence.result_accuracy()
    alternative = evidence.alternative()
    for limit, flags in ((2.0, "AB"), (5.0, "CD"), (10.0, "E")):
        state: State = "holds" if value < limit else "fails"
        finding = f"{value:.2f} uatm, {source}"
        if assumed:
            finding += f", with assumed values for {', '.join(assumed)}"
        if np.isnan(value):
            state, finding = "unknown", source
        elif state == "holds" and assumed and limit <= 2.0:
            # The accuracy of sensors was assumed, which proves nothing.
            state = "unknown"
        elif state == "holds" and alternative and limit <= 5.0:
            state, finding = "fails", f"{finding}, but an alternative sensor"
        text = f"fCO2 accurate within {limit:g} uatm"
        yield _criterion(
            f"accuracy.below_{limit:g}", text, flags, state, finding, value, limit
        )
    calibration = evidence.calibration_text() or (
        f"{len(evidence.gases())} gas standards" if evidence.gases() else ""
    )
    calibrated: State = "fails"
    finding = "an equilibrator, which is covered by A to D"
    if alternative:
        calibrated = "holds" if calibration else "unknown"
        finding = (
            calibration or "an alternative sensor; its calibration is not described"
        )
    text = "alternative sensor calibrated in situ"
    yield _criterion("accuracy.alternative_sensor", text, "E", calibrated, finding)


def _crossover(is_found: bool | None) -> Criterion:
    states: dict[bool | None, tuple[State, str]] = {
        None: ("unknown", "not checked: run oceanco2 socat crossovers"),
        True: ("holds", "found"),
        False: ("fails", "none found"),
    }
    return _criterion(
        "crossover.high_quality", "high-quality crossover", "A", *states[is_found]
    )


def _procedures(evidence: Evidence) -> Iterator[Criterion]:
    analysed = evidence.analysed()
    state: State = "holds" if analysed.size else "unknown"
    finding = f"{analysed.size:,} values" if analysed.size else "no xCO2 in the dataset"
    yield _criterion("sop.xco2_analysis", "xCO2 is analysed", "AB", state, finding)
    hours = evidence.interval_hours()
    state = "unknown" if np.isnan(hours) else ("holds" if hours <= 3.5 else "fails")
    finding = (
        "fewer than two samples" if np.isnan(hours) else f"every {60 * hours:.3g} min"
    )
    yield _criterion(
        "sop.continuous", "continuous, not discrete", "AB", state, finding, hours, 3.5
    )
    yield _detection(evidence)
    yield _traceable(evidence)


def _detection(evidence: Evidence) -> Criterion:
    equilibrator = evidence.set_up.equilibrator.type
    sensor = evidence.sensor_text()
    finding = "; ".join(part for part in (equilibrator, sensor) if part)
    state: State = "unknown"
    if evidence.alternative():
        state, finding = "fails", finding or "an alternative sensor"
    elif equilibrator and IN_SITU_METHOD.search(sensor):
        state = "holds"
    elif not finding:
        finding = "[equilibrator] type and the method of the sensor are not stated"
    text = "equilibrator with IR, GC or CRDS detection"
    return _criterion("sop.detection", text, "AB", state, finding)


def _traceable(evidence: Evidence) -> Criterion:
    gases = evidence.gases()
    traced = [gas for gas in gases if "WMO" in gas.scale.upper()]
    numbers = ", ".join(f"{gas.xCO2:g}" for gas in gases)
    finding = f"{len(gases)} non-zero ({numbers} umol mol-1)" if gases else "none"
    state: State
    if len(traced) >= 2:
        state, finding = "holds", f"{finding}, {len(traced)} on a WMO scale"
    elif not evidence.set_up.standards:
        state, finding = "unknown", "the platform file lists no standards"
    elif len(gases) < 2 or all(gas.scale for gas in gases):
        state, finding = "fails", f"{finding}, {len(traced)} on a WMO scale"
    else:
        state, finding = "unknown", f"{finding}, scale not stated"
    text = "two non-zero standards or more, WMO-traceable"
    return _criterion("sop.standards", text, "AB", state, finding, len(traced), 2)


def _sensors(evidence: Evidence) -> Iterator[Criterion]:
    in_situ = "T_equ" not in evidence.ds
    for name, text, limit, units in (
        ("SST" if in_situ else "T_equ", "equilibrator temperature", 0.05, "degC"),
        ("SST", "sea surface temperature", 0.05, "degC"),
        ("P_equ", "equilibrator pressure", 2.0, "hPa"),
    ):
        value, source = evidence.accuracy(name)
        state: State = "holds" if value <= limit else "fails"
        finding = f"{value:g} {units} ({source})"
        if np.isnan(value):
            state, finding = "unknown", f"accuracy of {name} is not stated"
        key = f"sop.{text.replace(' ', '_')}"
        criterion_text = f"{text} within {limit:g} {units}"
        yield _criterion(key, criterion_text, "AB", state, finding, value, limit)


def _metadata(missing: Sequence[str] | None) -> Criterion:
    state: State = "unknown"
    finding = "not checked"
    if missing is not None:
        state = "fails" if missing else "holds"
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        finding = f"missing: {', '.join(missing[:3])}{more}" if missing else "complete"
    value = None if missing is None else len(missing)
    return _criterion(
        "metadata.complete", "metadata complete", "ABCE", state, finding, value, 0
    )


def _quality(evidence: Evidence) -> Criterion:
    text = "no significant amount of unacceptable data"
    bad, questionable = evidence.share(BAD), evidence.share(QUESTIONABLE)
    if np.isnan(bad):
        return _criterion(
            "quality.acceptable", text, "ABCDE", "fails", "no fCO2 at all"
        )
    rows = int((evidence.water & (evidence.flags == BAD)).sum()) + evidence.unplaced()
    too_many = bad > _SIGNIFICANT and rows > _MANY_ERRORS
    state: State = "fails" if too_many or evidence.share(GOOD) == 0.0 else "holds"
    finding = (
        f"{100 * bad:.3g} % bad, {100 * questionable:.3g} % questionable,"
        f" {rows:,} errors"
    )
    return _criterion(
        "quality.acceptable", text, "ABCDE", state, finding, bad, _SIGNIFICANT
    )


def _span(evidence: Evidence) -> Iterator[Criterion]:
    values = evidence.analysed()
    gases = [gas.xCO2 for gas in evidence.gases()]
    for key, text, flags, margin in (
        ("guideline.span", "non-zero standards span the data", "AB", 0.0),
        ("guideline.near_span", "data within 20 % of the standards", "ABC", 0.2),
    ):
        if not values.size or len(gases) < 2:
            one = "one non-zero standard has no range"
            finding = one if gases else "no standards or no xCO2"
            yield _criterion(key, text, flags, "unknown", finding)
            continue
        low, high = (1 - margin) * min(gases), (1 + margin) * max(gases)
        outside = float(((values < low) | (values > high)).mean())
        state: State = "holds" if outside <= _SIGNIFICANT else "fails"
        finding = (
            f"data {values.min():.4g} to {values.max():.4g},"
            f" standards {min(gases):g} to {max(gases):g} umol mol-1;"
            f" {100 * outside:.3g} % outside"
        )
        yield _criterion(key, text, flags, state, finding, outside, _SIGNIFICANT)


def _warming(evidence: Evidence) -> Iterator[Criterion]:
    warming = warming_of(evidence.ds, evidence.water)
    if warming is None:
        finding = "no equilibrator temperature: the sea surface temperature is used"
        for key, text, flags, _ in _WARMING:
            yield _criterion(f"guideline.{key}", text, flags, "unknown", finding)
        return
    numbers = warming.numbers()
    for key, text, flags, name in _WARMING:
        share = _SHARES[key](warming, evidence) if key in _SHARES else numbers[name]
        if share is None:
            yield _criterion(f"guideline.{key}", text, flags, "unknown", _UNKNOWN[key])
            continue
        limit = _LIMITS.get(key, _SIGNIFICANT)
        state: State = "holds" if share <= limit else "fails"
        finding = _warming_text(key, share, numbers)
        yield _criterion(f"guideline.{key}", text, flags, state, finding, share, limit)


def _warming_text(key: str, share: float, numbers: dict[str, float | None]) -> str:
    if key == "warming_rate":
        share = round(share, 6)  # rounding errors of constant values
        return f"95 % of the hours below {share:.2g} degC/h"
    if key == "warming_measured":
        spread = numbers["standard_deviation"] or 0.0
        if spread < 1e-6 and numbers["median"]:
            return f"constant: always {numbers['median']:.3g} degC"
        return f"standard deviation {spread:.2g} degC, {100 * share:.3g} % exactly zero"
    median = numbers["median"]
    return f"median {median:.2f} degC, {100 * share:.3g} % of the data beyond the limit"


def _constant_share(warming: Warming, evidence: Evidence) -> float | None:
    """Return the share of values that are zero; 1 where warming never changes."""
    if evidence.ds.attrs.get("platform_kind") == "mooring":
        return None
    constant = warming.values.size > 1 and np.ptp(warming.values) < 1e-6
    return 1.0 if constant else float((warming.values == 0.0).mean())


def _cooling_share(warming: Warming, evidence: Evidence) -> float | None:
    """Return the share of cooling values, at high latitudes only."""
    latitude = np.abs(evidence.values("latitude"))
    if not latitude.size or np.median(latitude) < 60.0:
        return None
    return float((warming.values < -0.1).mean())


_UNKNOWN = {
    "warming_rate": "too few samples",
    "warming_measured": "on a mooring the gas is at the temperature of the sea",
    "cooling": "not at high latitudes",
}
_SHARES = {"warming_measured": _constant_share, "cooling": _cooling_share}
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
