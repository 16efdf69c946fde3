"""Limits of the criteria on both sides, with evidence made for each."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.platforms import Standard
from oceanco2.socat.criteria.rules import (
    _accuracy,
    _crossover,
    _detection,
    _metadata,
    _procedures,
    _quality,
    _sensors,
    _span,
    _traceable,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE


def evidence(**facts):
    """Evidence in which everything is as it should be, but for what is given."""
    gases = [Standard(run=f"S{x}", xCO2=x, scale="WMO X2019") for x in (200.0, 500.0)]
    known = {
        "ds": ("T_equ",),
        "accuracy": ("SST", 0.01),
        "result": (1.5, "stated", []),
        "is_alternative": False,
        "calibration": "",
        "sensor": "LI-COR",
        "hours": 0.05,
        "xco2": np.array([300.0, 400.0]),
        "gases": gases,
        "equilibrator": "shower",
        "listed": gases,
        "shares": {GOOD: 1.0, QUESTIONABLE: 0.0, BAD: 0.0},
        "bad_rows": 0,
        "places": 0,
    } | facts
    size = 200
    flags = np.full(size, GOOD)
    flags[: known["bad_rows"]] = BAD
    return SimpleNamespace(
        ds=known["ds"],
        set_up=SimpleNamespace(
            equilibrator=SimpleNamespace(type=known["equilibrator"]),
            standards=known["listed"],
        ),
        water=np.ones(size, dtype=bool),
        flags=flags,
        share=known["shares"].get,
        accuracy=lambda name: (known["accuracy"][1], f"source of {name}"),
        result_accuracy=lambda: known["result"],
        gases=lambda: known["gases"],
        sensor_text=lambda: known["sensor"],
        calibration_text=lambda: known["calibration"],
        alternative=lambda: known["is_alternative"],
        interval_hours=lambda: known["hours"],
        analysed=lambda: known["xco2"],
        unplaced=lambda: known["places"],
    )


def found(rule, **facts):
    result = rule(evidence(**facts))
    many = list(result) if not hasattr(result, "key") else [result]
    return {c.key: c for c in many}


LEVELS = ("below_2", "below_5", "below_10")


@pytest.mark.parametrize(
    ("value", "states"),
    [
        (1.99, "holds holds holds"),
        (2.0, "fails holds holds"),
        (4.99, "fails holds holds"),
        (5.0, "fails fails holds"),
        (9.99, "fails fails holds"),
        (10.0, "fails fails fails"),
        (np.nan, "unknown unknown unknown"),
    ],
)
def test_accuracy_of_fco2(value, states):
    criteria = found(_accuracy, result=(value, "stated", []))
    assert [criteria[k].state for k in LEVELS] == states.split()
    assert [criteria[k].limit for k in LEVELS] == [2.0, 5.0, 10.0]
    assert [criteria[k].needed_for for k in LEVELS] == ["AB", "CD", "E"]
    assert {criteria[k].group for k in LEVELS} == {"accuracy"}
    known = not np.isnan(value)
    assert criteria["below_2"].value == (value if known else None)
    assert criteria["below_2"].finding == (
        f"{value:.2f} uatm, stated" if known else "stated"
    )
    assert criteria["below_5"].text == "fCO2 accurate within 5 uatm"


def test_assumed_and_alternative():
    criteria = found(_accuracy, result=(1.5, "median", ["SST", "T_equ"]))
    assert [criteria[k].state for k in LEVELS] == ["unknown", "holds", "holds"]
    text = "1.50 uatm, median, with assumed values for SST, T_equ"
    assert criteria["below_2"].finding == text
    criteria = found(_accuracy, is_alternative=True)
    assert [criteria[k].state for k in LEVELS] == ["fails", "fails", "holds"]
    assert criteria["below_2"].finding == "1.50 uatm, stated, but an alternative sensor"
    assert criteria["below_10"].finding == "1.50 uatm, stated"


def test_calibration_of_an_alternative_sensor():
    key = "alternative_sensor"
    none = found(_accuracy)[key]
    assert (none.state, none.needed_for) == ("fails", "E")
    assert none.finding.startswith("an equilibrator")
    assert "2025 cookbook" in none.source
    gases = found(_accuracy, is_alternative=True)[key]
    assert (gases.state, gases.finding) == ("holds", "2 gas standards")
    stated = found(_accuracy, is_alternative=True, calibration="at sea")[key]
    assert (stated.state, stated.finding) == ("holds", "at sea")
    bare = found(_accuracy, is_alternative=True, gases=[])[key]
    assert bare.state == "unknown"
    assert "not described" in bare.finding


def test_crossovers():
    for is_found, state in ((None, "unknown"), (True, "holds"), (False, "fails")):
        criterion = _crossover(is_found)
        assert (criterion.state, criterion.needed_for) == (state, "A")
        assert (criterion.group, criterion.key) == ("crossover", "high_quality")
        assert criterion.proof


@pytest.mark.parametrize(
    ("hours", "state"), [(3.5, "holds"), (3.51, "fails"), (np.nan, "unknown")]
)
def test_continuous(hours, state):
    criteria = found(_procedures, hours=hours)
    assert criteria["continuous"].state == state
    assert criteria["continuous"].limit == 3.5
    if hours == 3.5:
        assert criteria["continuous"].finding == "every 210 min"
    assert criteria["xco2_analysis"].state == "holds"
    assert criteria["xco2_analysis"].finding == "2 values"
    none = found(_procedures, xco2=np.empty(0))["xco2_analysis"]
    assert (none.state, none.finding) == ("unknown", "no xCO2 in the dataset")


def test_detection():
    holds = found(_detection)["detection"]
    assert (holds.state, holds.finding) == ("holds", "shower; LI-COR")
    assert found(_detection, equilibrator="")["detection"].state == "unknown"
    assert found(_detection, sensor="eyes")["detection"].state == "unknown"
    nothing = found(_detection, sensor="", equilibrator="")["detection"]
    assert nothing.state == "unknown"
    assert nothing.finding.endswith("are not stated")
    fails = found(_detection, is_alternative=True)["detection"]
    assert (fails.state, fails.finding) == ("fails", "shower; LI-COR")
    bare = found(_detection, is_alternative=True, sensor="", equilibrator="")
    assert bare["detection"].finding == "an alternative sensor"


def gas(x, scale):
    return Standard(run=f"S{x}", xCO2=x, scale=scale)


@pytest.mark.parametrize(
    ("gases", "state", "finding"),
    [
        (
            [gas(200.0, "WMO X2007"), gas(500.5, "wmo")],
            "holds",
            "2 non-zero (200, 500.5 umol mol-1), 2 on a WMO scale",
        ),
        (
            [gas(200.0, "WMO"), gas(500.0, "NIES")],
            "fails",
            "2 non-zero (200, 500 umol mol-1), 1 on a WMO scale",
        ),
        (
            [gas(200.0, "WMO"), gas(500.0, "")],
            "unknown",
            "2 non-zero (200, 500 umol mol-1), scale not stated",
        ),
        ([gas(200.0, "")], "fails", "1 non-zero (200 umol mol-1), 0 on a WMO scale"),
        ([], "fails", "none, 0 on a WMO scale"),
    ],
)
def test_traceable_standards(gases, state, finding):
    criterion = found(_traceable, gases=gases)["standards"]
    assert (criterion.state, criterion.finding) == (state, finding)
    assert criterion.limit == 2
    unlisted = found(_traceable, gases=[], listed=[])["standards"]
    assert unlisted.state == "unknown"


@pytest.mark.parametrize(
    ("value", "states"),
    [
        (0.05, "holds holds holds"),
        (0.051, "fails fails holds"),
        (2.0, "fails fails holds"),
        (2.01, "fails fails fails"),
        (np.nan, "unknown unknown unknown"),
    ],
)
def test_accuracy_of_sensors(value, states):
    keys = ("equilibrator_temperature", "sea_surface_temperature")
    keys += ("equilibrator_pressure",)
    criteria = found(_sensors, accuracy=("", value))
    assert tuple(criteria) == keys
    assert [c.state for c in criteria.values()] == states.split()
    assert [c.limit for c in criteria.values()] == [0.05, 0.05, 2.0]
    if value == 2.0:
        first, second, third = (c.finding for c in criteria.values())
        assert first == "2 degC (source of T_equ)"
        assert second == "2 degC (source of SST)"
        assert third == "2 hPa (source of P_equ)"
        in_situ = found(_sensors, ds=(), accuracy=("", value))[keys[0]]
        assert in_situ.finding == "2 degC (source of SST)"
    assert criteria[keys[2]].text == "equilibrator pressure within 2 hPa"


def test_metadata():
    cases = {
        None: ("unknown", "not checked", None),
        (): ("holds", "complete", 0),
        ("a", "b", "c"): ("fails", "missing: a, b, c", 3),
        ("a", "b", "c", "d"): ("fails", "missing: a, b, c and 1 more", 4),
    }
    for missing, (state, finding, value) in cases.items():
        criterion = _metadata(missing)
        assert (criterion.state, criterion.finding) == (state, finding)
        assert criterion.value == value
        assert (criterion.needed_for, criterion.limit) == ("ABCE", 0)


@pytest.mark.parametrize(
    ("share", "rows", "places", "state"),
    [
        (0.05, 60, 0, "holds"),
        (0.051, 50, 0, "holds"),
        (0.051, 51, 0, "fails"),
        (0.051, 30, 20, "holds"),
        (0.051, 30, 21, "fails"),
    ],
)
def test_bad_data(share, rows, places, state):
    """More than five per cent, and more than fifty rows."""
    shares = {GOOD: 0.9, QUESTIONABLE: 0.0123, BAD: share}
    criterion = found(_quality, shares=shares, bad_rows=rows, places=places)
    assert criterion["acceptable"].state == state
    assert criterion["acceptable"].finding == (
        f"{100 * share:.3g} % bad, 1.23 % questionable, {rows + places} errors"
    )
    assert criterion["acceptable"].limit == 0.05


def test_no_good_data():
    shares = {GOOD: 0.0, QUESTIONABLE: 1.0, BAD: 0.0}
    assert found(_quality, shares=shares)["acceptable"].state == "fails"
    shares = dict.fromkeys((GOOD, QUESTIONABLE, BAD), np.nan)
    none = found(_quality, shares=shares)["acceptable"]
    assert (none.state, none.finding) == ("fails", "no fCO2 at all")


@pytest.mark.parametrize(
    ("values", "span", "near"),
    [
        ([200.0, 500.0], "holds", "holds"),
        ([199.0] + [300.0] * 19, "holds", "holds"),  # five per cent
        ([199.0] + [300.0] * 18, "fails", "holds"),
        ([501.0] + [300.0] * 18, "fails", "holds"),
        ([160.0, 600.0], "fails", "holds"),
        ([159.9, 300.0], "fails", "fails"),
        ([600.1, 300.0], "fails", "fails"),
    ],
)
def test_range_of_the_standards(values, span, near):
    criteria = found(_span, xco2=np.array(values))
    assert (criteria["span"].state, criteria["near_span"].state) == (span, near)
    assert criteria["span"].needed_for == "AB"
    assert criteria["near_span"].needed_for == "ABC"
    assert not criteria["span"].proof
    assert criteria["span"].limit == 0.05
    text = (
        f"data {min(values):.4g} to {max(values):.4g}, standards 200 to 500 umol mol-1;"
    )
    assert criteria["span"].finding.startswith(text)


def test_no_range_of_the_standards():
    for facts, words in (
        ({"gases": [gas(200.0, "")]}, "one non-zero standard has no range"),
        ({"gases": []}, "no standards or no xCO2"),
    ):
        criteria = found(_span, **facts)
        assert {c.state for c in criteria.values()} == {"unknown"}
        assert {c.finding for c in criteria.values()} == {words}
    assert found(_span, xco2=np.empty(0))["span"].state == "unknown"
