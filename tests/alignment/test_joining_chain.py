"""Lags between groups of sensors, against reference cases."""

import csv
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.alignment import Chain, chain_of
from oceanco2.errors import PlatformError, UnknownNameError
from oceanco2.platforms import available, parse
from oceanco2.platforms.schema import Alignment, GroupLag

DAY = np.datetime64("2024-01-01", "ns")


def cases(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def clock(text):
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def table(groups, *lags):
    rows = [
        GroupLag(**{"from": a, "to": b, "time": when, "seconds": s})
        for a, b, when, s in lags
    ]
    return Alignment(groups=list(groups), lags=rows)


def test_all_pair_cases(reference_data):
    """sensor_offset_pair_cases.csv: nothing differs, one pair is moved as in QuinCe."""
    rows = cases(reference_data / "instruments" / "sensor_offset_pair_cases.csv")
    assert len(rows) == 13
    for case in rows:
        lags = []
        for point in case["offsets_1to2"].removesuffix("ms").split(";"):
            at, offset = point.removesuffix("ms").split("=")
            hour, minute, second = (int(part) for part in at.split(":"))
            when = datetime(2024, 1, 1, hour, minute, second, tzinfo=UTC)
            lags.append(("group1", "group2", when, int(offset) / 1000))
        chain = chain_of(table(("group1", "group2"), *lags), DAY)
        start, target = case["direction"].split("->")
        out = chain.follow(np.array([clock(case["time_in"])]), start, target)
        assert out[0] == clock(case["exp_time_out"]), case


def test_all_chain_cases(reference_data):
    """sensor_offset_chain_cases.csv: constant lags, where the rule of QuinCe agrees."""
    rows = cases(reference_data / "instruments" / "sensor_offset_chain_cases.csv")
    assert len(rows) == 6
    for case in rows:
        first, second = (
            60.0 * float(case[k]) for k in ("offset_1to2_min", "offset_2to3_min")
        )
        lags = [("1", "2", None, first), ("2", "3", None, second)]
        chain = chain_of(table("123", *lags), DAY)
        out = chain.follow(np.zeros(1), case["base_group"], case["target_group"])
        assert out[0] == 60.0 * float(case["exp_shift_min"]), case


def test_no_points_no_lag_and_unknown_groups_are_named():
    chain = chain_of(table(("intake", "analyser")), DAY)
    assert chain.follow(np.array([5.0]), "analyser", "intake")[0] == 5.0
    with pytest.raises(UnknownNameError, match="Did you mean 'intake'"):
        chain.follow(np.zeros(1), "analyser", "intke")


@given(
    t=st.floats(0, 86400),
    lags=st.lists(st.floats(0, 600), min_size=2, max_size=2),
)
def test_down_and_up_again_returns_the_start_while_lags_are_constant(t, lags):
    points = {
        name: (np.array([0.0]), np.array([s]))
        for name, s in zip("ab", lags, strict=True)
    }
    chain = Chain(("a", "b", "c"), points)
    down = chain.follow(np.array([t]), "a", "c")
    assert down[0] >= t
    assert chain.follow(down, "c", "a")[0] == pytest.approx(t, abs=1e-6)


TEXT = available()["demo_ship"].read_text()
GROUPS = '[alignment]\ngroups = ["intake", "equilibrator", "analyser"]\n'


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            '[[alignment.lags]]\nfrom = "intake"\nto = "analyser"\nseconds = 1\n',
            r"\[alignment.lags 1\] 'intake' to 'analyser' are not neighbours",
        ),
        (
            '[[alignment.lags]]\nfrom = "intke"\nto = "analyser"\nseconds = 1\n',
            r"no group named 'intke'. Did you mean 'intake'",
        ),
        (
            2 * '[[alignment.lags]]\nfrom = "intake"\nto = "equilibrator"\nseconds=1\n',
            "needs its own 'time'",
        ),
        ('[variables.T_atm]\ncolumn="t"\nunits="K"\ngroup = "intke"\n', "'intake'"),
        (
            '[variables.T_atm]\ncolumn="t"\nunits="K"\ngroup="intake"\nlag_seconds=3\n',
            "must have group or lag_seconds, not both",
        ),
    ],
)
def test_wrong_words_are_refused(lines, message):
    text = TEXT.replace("[metadata]", f"{GROUPS}{lines}[metadata]")
    with pytest.raises(PlatformError, match=message):
        parse(text.encode(), "ship.toml")


def test_a_lag_is_a_number_or_auto():
    text = TEXT.replace("lag_seconds = 60", 'lag_seconds = "atuo"')
    with pytest.raises(PlatformError, match=r"lag_seconds.*number of seconds, or 'au"):
        parse(text.encode(), "ship.toml")
