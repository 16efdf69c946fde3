"""Each criterion on both sides of its limit, with evidence made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.platforms import Standard
from oceanco2.socat.criteria import rules


def gas(x, scale="WMO X2019"):
    return Standard(run="", xCO2=float(x), scale=scale)


def evidence(**changes):
    """Evidence of a good cruise, with changes."""
    facts = {
        "result": (1.5, "stated", []),
        "alternative": False,
        "calibration": "",
        "gases": [gas(200), gas(400)],
        "analysed": np.array([250.0, 300.0]),
        "hours": 0.05,
        "sensor": "infrared LI-7000",
        "equilibrator": "shower",
        "standards": True,
        "accuracy": {"T_equ": 0.05, "SST": 0.05, "P_equ": 2.0},
        "variables": ("T_equ",),
        "shares": {4: 0.0, 3: 0.0, 2: 1.0},
        "bad_rows": 0,
        "unplaced": 0,
    } | changes
    rows = np.arange(200)
    set_up = SimpleNamespace(
        equilibrator=SimpleNamespace(type=facts["equilibrator"]),
        standards=facts["standards"],
    )
    return SimpleNamespace(
        ds=facts["variables"],
        set_up=set_up,
        result_accuracy=lambda: facts["result"],
        alternative=lambda: facts["alternative"],
        calibration_text=lambda: facts["calibration"],
        gases=lambda: facts["gases"],
        analysed=lambda: facts["analysed"],
        interval_hours=lambda: facts["hours"],
        sensor_text=lambda: facts["sensor"],
        accuracy=lambda name: (facts["accuracy"][name], "stated"),
        share=lambda flag: facts["shares"][flag],
        water=rows >= 0,
        flags=np.where(rows < facts["bad_rows"], 4, 2),
        unplaced=lambda: facts["unplaced"],
    )


@pytest.mark.parametrize(
    ("value", "assumed", "alternative", "states"),
    [
        (1.99, [], False, "holds holds holds"),
        (2.0, [], False, "fails holds holds"),
        (4.99, [], False, "fails holds holds"),
        (5.0, [], False, "fails fails holds"),
        (10.0, [], False, "fails fails fails"),
        (1.0, ["SST"], False, "unknown holds holds"),
        (3.0, ["SST"], False, "fails holds holds"),
        (1.0, [], True, "fails fails holds"),
        (1.0, ["SST"], True, "unknown fails holds"),
        (np.nan, [], False, "unknown unknown unknown"),
    ],
)
def test_accuracy(value, assumed, alternative, states):
    found = list(
        rules._accuracy(
            evidence(result=(value, "stated", assumed), alternative=alternative)
        )
    )
    assert [c.state for c in found[:3]] == states.split()
    assert [c.key for c in found] == [
        *("below_2", "below_5", "below_10", "alternative_sensor")
    ]
    assert [c.needed_for for c in found] == ["AB", "CD", "E", "E"]
    assert [c.limit for c in found] == [2.0, 5.0, 10.0, None]
    assert {c.group for c in found} == {"accuracy"}
    assert all(c.proof for c in found)
    assert found[0].text == "fCO2 accurate within 2 uatm"
    assert [c.source for c in found[:3]] == ["table 2"] * 3
    assert found[3].source.startswith("table 2; 2025 cookbook")
    if np.isnan(value):
        assert found[0].finding == "stated"
        assert found[0].value is None
    else:
        assert found[0].value == value
        assert found[0].finding.startswith(f"{value:.2f} uatm, stated")
        assert ("with assumed values for SST" in found[0].finding) == bool(assumed)
        assert found[0].finding.endswith("an alternative sensor") == (
            alternative and not assumed
        )


@pytest.mark.parametrize(
    ("alternative", "calibration", "gases", "state", "finding"),
    [
        (False, "", [], "fails", "an equilibrator, which is covered by A to D"),
        (True, "in situ", [], "holds", "in situ"),
        (True, "", [gas(1), gas(2)], "holds", "2 gas standards"),
        (
            *(True, "", [], "unknown"),
            "an alternative sensor; its calibration is not described",
        ),
    ],
)
def test_calibration_of_an_alternative_sensor(
    alternative, calibration, gases, state, finding
):
    made = evidence(alternative=alternative, calibration=calibration, gases=gases)
    last = list(rules._accuracy(made))[-1]
    assert (last.state, last.finding) == (state, finding)


@pytest.mark.parametrize(
    ("found", "state", "text"),
    [
        (None, "unknown", "not checked: run oceanco2 socat crossovers"),
        (True, "holds", "found"),
        (False, "fails", "none found"),
    ],
)
def test_crossover(found, state, text):
    made = rules._crossover(found)
    assert (made.state, made.finding, made.needed_for) == (state, text, "A")
    assert (made.group, made.key, made.value, made.limit) == (
        *("crossover", "high_quality"),
        *(None, None),
    )


@pytest.mark.parametrize(
    ("hours", "state", "text"),
    [
        (3.5, "holds", "every 210 min"),
        (3.51, "fails", "every 211 min"),
        (0.05, "holds", "every 3 min"),
        (np.nan, "unknown", "fewer than two samples"),
    ],
)
def test_procedures(hours, state, text):
    analysis, continuous, *_ = rules._procedures(evidence(hours=hours))
    assert (analysis.state, analysis.finding) == ("holds", "2 values")
    assert (continuous.state, continuous.finding) == (state, text)
    assert continuous.limit == 3.5
    assert continuous.source == "SOP of flags A and B"
    none = next(rules._procedures(evidence(analysed=np.empty(0))))
    assert (none.state, none.finding) == ("unknown", "no xCO2 in the dataset")


@pytest.mark.parametrize(
    ("alternative", "equilibrator", "sensor", "state", "text"),
    [
        (False, "shower", "infrared", "holds", "shower; infrared"),
        (False, "", "infrared", "unknown", "infrared"),
        (False, "shower", "unheard of", "unknown", "shower; unheard of"),
        (True, "shower", "infrared", "fails", "shower; infrared"),
        (True, "", "", "fails", "an alternative sensor"),
        (
            *(False, "", "", "unknown"),
            "[equilibrator] type and the method of the sensor are not stated",
        ),
    ],
)
def test_detection(alternative, equilibrator, sensor, state, text):
    made = rules._detection(
        evidence(alternative=alternative, equilibrator=equilibrator, sensor=sensor)
    )
    assert (made.state, made.finding) == (state, text)
    assert (made.key, made.needed_for) == ("detection", "AB")


@pytest.mark.parametrize(
    ("gases", "standards", "state", "text"),
    [
        (
            *([gas(200), gas(400)], True, "holds"),
            "2 non-zero (200, 400 umol mol-1), 2 on a WMO scale",
        ),
        ([gas(1, "wmo"), gas(2, "wmo")], True, "holds", None),
        ([], False, "unknown", "the platform file lists no standards"),
        ([], True, "fails", "none, 0 on a WMO scale"),
        ([gas(200)], True, "fails", "1 non-zero (200 umol mol-1), 1 on a WMO scale"),
        ([gas(1, "NBS"), gas(2, "NBS")], True, "fails", None),
        ([gas(1, "WMO"), gas(2, "NBS")], True, "fails", None),
        (
            *([gas(1, ""), gas(2)], True, "unknown"),
            "2 non-zero (1, 2 umol mol-1), scale not stated",
        ),
    ],
)
def test_standards(gases, standards, state, text):
    made = rules._traceable(evidence(gases=gases, standards=standards))
    assert made.state == state
    assert text is None or made.finding == text
    assert made.limit == 2
    assert made.value == sum("WMO" in g.scale.upper() for g in gases)


def test_sensors():
    at_limit = list(rules._sensors(evidence()))
    assert [c.state for c in at_limit] == ["holds"] * 3
    assert [c.limit for c in at_limit] == [0.05, 0.05, 2.0]
    assert [c.key for c in at_limit] == [
        "equilibrator_temperature",
        "sea_surface_temperature",
        "equilibrator_pressure",
    ]
    assert at_limit[2].text == "equilibrator pressure within 2 hPa"
    assert at_limit[2].finding == "2 hPa (stated)"
    worse = {"T_equ": 0.051, "SST": np.nan, "P_equ": 2.01}
    states = [c.state for c in rules._sensors(evidence(accuracy=worse))]
    assert states == ["fails", "unknown", "fails"]
    in_situ = list(rules._sensors(evidence(accuracy=worse, variables=())))
    assert [c.state for c in in_situ] == ["unknown", "unknown", "fails"]
    assert in_situ[0].finding == "accuracy of SST is not stated"


@pytest.mark.parametrize(
    ("missing", "state", "text", "value"),
    [
        (None, "unknown", "not checked", None),
        ([], "holds", "complete", 0),
        (["a"], "fails", "missing: a", 1),
        (["a", "b", "c"], "fails", "missing: a, b, c", 3),
        (["a", "b", "c", "d"], "fails", "missing: a, b, c and 1 more", 4),
        (list("abcde"), "fails", "missing: a, b, c and 2 more", 5),
    ],
)
def test_metadata(missing, state, text, value):
    made = rules._metadata(missing)
    assert (made.state, made.finding, made.value) == (state, text, value)
    assert (made.needed_for, made.limit) == ("ABCE", 0)


@pytest.mark.parametrize(
    ("bad", "good", "bad_rows", "unplaced", "state"),
    [
        (0.06, 0.9, 51, 0, "fails"),
        (0.06, 0.9, 50, 0, "holds"),
        (0.06, 0.9, 50, 1, "fails"),
        (0.05, 0.9, 60, 0, "holds"),
        (0.0, 0.0, 0, 0, "fails"),
        (np.nan, np.nan, 0, 0, "fails"),
    ],
)
def test_quality(bad, good, bad_rows, unplaced, state):
    made = rules._quality(
        evidence(
            shares={4: bad, 3: 0.01, 2: good}, bad_rows=bad_rows, unplaced=unplaced
        )
    )
    assert made.state == state
    assert made.needed_for == "ABCDE"
    if np.isnan(bad):
        assert made.finding == "no fCO2 at all"
    else:
        rows = bad_rows + unplaced
        text = f"{100 * bad:.3g} % bad, 1 % questionable, {rows} errors"
        assert made.finding == text
        assert (made.value, made.limit) == (bad, 0.05)


def test_span():
    inside = np.full(95, 200.0)
    for outside, states in (
        (400.0, ["holds", "holds"]),
        (401.0, ["holds", "holds"]),
        (480.0, ["holds", "holds"]),
    ):
        values = np.concatenate([inside, np.full(5, outside)])  # 5 % are allowed
        made = list(rules._span(evidence(analysed=values)))
        assert [c.state for c in made] == states
    for values, states in (
        ([200.0, 400.0], ["holds", "holds"]),
        ([199.9, 300.0], ["fails", "holds"]),
        ([160.0, 480.0], ["fails", "holds"]),
        ([159.9, 300.0], ["fails", "fails"]),
        ([300.0, 480.1], ["fails", "fails"]),
    ):
        made = list(rules._span(evidence(analysed=np.array(values))))
        assert [c.state for c in made] == states
        assert [c.needed_for for c in made] == ["AB", "ABC"]
        assert not any(c.proof for c in made)
    last = made[0]
    assert last.finding == (
        "data 300 to 480.1, standards 200 to 400 umol mol-1; 50 % outside"
    )
    assert (last.value, last.limit) == (0.5, 0.05)
    for gases, values, text in (
        ([], np.ones(2), "no standards or no xCO2"),
        ([gas(400)], np.ones(2), "one non-zero standard has no range"),
    ):
        made = list(rules._span(evidence(gases=gases, analysed=values)))
        assert [(c.state, c.finding) for c in made] == [("unknown", text)] * 2


def test_shares_of_warming():
    def warming(*values):
        return SimpleNamespace(values=np.array(values))

    def cruise(kind="ship", latitude=(70.0,)):
        return SimpleNamespace(
            ds=SimpleNamespace(attrs={"platform_kind": kind}),
            values=lambda name: np.array(latitude),
        )

    assert rules._constant_share(warming(0.1, 0.1), cruise()) == 1.0
    assert rules._constant_share(warming(0.1), cruise()) == 0.0
    assert rules._constant_share(warming(0.0, 0.1, 0.2, 0.3), cruise()) == 0.25
    assert rules._constant_share(warming(0.1, 0.1), cruise("mooring")) is None
    assert rules._cooling_share(warming(-0.2, -0.1), cruise()) == 0.5
    assert rules._cooling_share(warming(-0.2, 0.0), cruise(latitude=(60.0,))) == 0.5
    assert rules._cooling_share(warming(-0.2, 0.0), cruise(latitude=(-70.0,))) == 0.5
    assert rules._cooling_share(warming(-0.2), cruise(latitude=(59.9,))) is None
    assert rules._cooling_share(warming(-0.2), cruise(latitude=())) is None


def test_texts_of_warming():
    numbers = {"standard_deviation": 0.0, "median": 0.25}
    text = rules._warming_text
    assert text("warming_rate", 0.5, numbers) == "95 % of the hours below 0.5 degC/h"
    assert text("warming_measured", 1.0, numbers) == "constant: always 0.25 degC"
    numbers = {"standard_deviation": 0.12, "median": 0.25}
    assert text("warming_measured", 0.1, numbers) == (
        "standard deviation 0.12 degC, 10 % exactly zero"
    )
    assert text("warming_1", 0.1, numbers) == (
        "median 0.25 degC, 10 % of the data beyond the limit"
    )


def test_limits_and_flags_of_warming():
    assert [(key, flags) for key, _, flags, _ in rules._WARMING] == [
        ("warming_1", "AB"),
        ("warming_3", "ABC"),
        ("warming_rate", ""),
        ("warming_outliers", ""),
        ("warming_measured", "AB"),
        ("cooling", ""),
    ]
    assert rules._LIMITS == {"warming_rate": 1.0, "warming_measured": 0.5}
    assert set(rules._UNKNOWN) == {"warming_rate", "warming_measured", "cooling"}


def test_a_criterion_as_a_dictionary():
    made = rules._criterion("sop.x", "text", "AB", "holds", "found", np.inf, 2.0)
    assert made.to_dict() == {
        "key": "x",
        "group": "sop",
        "text": "text",
        "needed_for": "AB",
        "proof": True,
        "state": "holds",
        "said": "found",
        "value": None,
        "limit": 2.0,
        "source": "SOP of flags A and B",
    }
