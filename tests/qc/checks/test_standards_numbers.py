"""Runs of standards: limits on both sides, worked out by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.qc.check import NOTED
from oceanco2.qc.checks import standards
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

HOUR = 3600.0
DEFAULTS = [
    (
        standards.StandardStepOptions,
        {"questionable": 3.0, "bad": 20.0, "max_gap_hours": 12.0},
    ),
    (standards.StandardDriftOptions, {"per_day": 1.0, "least": 0.5, "hours": 24.0}),
    (standards.StandardScatterOptions, {"questionable": 1.0, "bad": 5.0}),
    (standards.StandardGapOptions, {"usual": 1.6, "hours": 8.0, "samples": 15}),
    (standards.MissingStandardsOptions, {"minimum": 2.0}),
    (standards.StandardOffsetOptions, {"limit": 4.0}),
    (standards.IsotopeSumOptions, {"limit": 0.001}),
]


@pytest.mark.parametrize(("options", "expected"), DEFAULTS)
def test_defaults(options, expected):
    assert options().model_dump() == expected


def test_rejected_runs():
    found = standards.check_standard_rejected(
        np.full(4, 400.0),
        np.arange(4.0),
        standard_run_used=np.array([0, 1, 0, 1]),
        standard_run_true=np.array([400.0, 400.0, 0.0, 0.0]),
    )
    assert found.tolist() == [BAD, GOOD, GOOD, GOOD]


def step(values, hours, which=None, used=None, **options):
    n = len(values)
    return standards.check_standard_step(
        np.array(values, dtype=float),
        HOUR * np.array(hours, dtype=float),
        standard_run_standard=np.array(which or [0] * n),
        standard_run_used=np.array(used or [1] * n),
        standard_run_true=np.full(n, 400.0),
        **options,
    ).tolist()


def test_steps():
    assert step([400, 403, 406.5, 403], [0, 3, 6, 9]) == [
        *(GOOD, GOOD, QUESTIONABLE, QUESTIONABLE)
    ]
    assert step([400, 420, 440.5], [0, 3, 6]) == [GOOD, QUESTIONABLE, BAD]
    assert step([400, 410], [0, 12]) == [GOOD, QUESTIONABLE]
    assert step([400, 410], [0, 12.1]) == [GOOD, GOOD]
    assert step([400, 410], [0, 4], max_gap_hours=3) == [GOOD, GOOD]
    # Each standard has its own history.
    assert step([400, 200, 400, 200], [0, 1, 3, 4], [0, 1, 0, 1]) == [GOOD] * 4
    # A run that was not used, and the one after it, are no step of the analyser.
    assert step([400, 450, 400], [0, 3, 6], used=[1, 0, 1]) == [GOOD] * 3
    # Two standards step together within an hour: it is one, although rejected.
    which, times = [0, 1, 0, 1], [0, 0.5, 3, 4]
    found = step([400, 200, 410, 210], times, which, [1, 1, 0, 0])
    assert found == [GOOD, GOOD, QUESTIONABLE, QUESTIONABLE]
    found = step([400, 200, 410, 210], [0, 0.5, 3, 4.1], which, [1, 1, 0, 0])
    assert found == [GOOD] * 4
    found = step([400, 200, 410, 190], times, which, [1, 1, 0, 1])
    assert found == [GOOD, GOOD, GOOD, QUESTIONABLE]


def test_neighbours():
    signs = np.array([1.0, 1.0, 1.0, -1.0, -1.0, 0.0, 0.0])
    seconds = HOUR * np.array([0.0, 1.0, 2.1, 2.2, 3.0, 3.1, 3.2])
    found = standards._has_neighbour(signs, seconds)
    assert found.tolist() == [True, True, False, True, True, False, False]


def drift(slope, n=9, spacing=3.0, noise=0.0, **options):
    hours = spacing * np.arange(n)
    residual = slope * hours / 24.0 + noise * (-1.0) ** np.arange(n)
    return standards.check_standard_drift(
        np.full(n, 400.0),
        HOUR * hours,
        standard_run_standard=np.zeros(n, dtype=int),
        standard_run_used=np.ones(n, dtype=int),
        standard_run_residual=residual,
        **options,
    )


def test_drift():
    assert (drift(1.05) == QUESTIONABLE).all()
    assert (drift(-1.05) == QUESTIONABLE).all()
    assert (drift(0.95) == GOOD).all()
    assert (drift(0.95, per_day=0.9, least=0.4) == QUESTIONABLE).all()
    assert (drift(2.0, n=3) == GOOD).all()  # a line through few runs
    assert (drift(1.5, noise=2.0) == GOOD).all()  # slope within its error
    assert (drift(1.05, least=1.2) == GOOD).all()
    assert (drift(9.0, spacing=0.1) == GOOD).all()  # 0.3 in all: below the least


def test_a_line_through_a_window():
    t = np.arange(7.0)
    slope, error, span = standards._trend(t, 2.0 * t, 2.0)
    assert span.tolist() == [2.0, 3.0, 4.0, 4.0, 4.0, 3.0, 2.0]
    assert slope == pytest.approx([0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0])
    assert error[1:-1] == pytest.approx(np.zeros(5), abs=1e-6)
    y = np.array([0.0, 1.0, 0.0, 1.0])
    slope, error, span = standards._trend(t[:4], y, 10.0)
    # Sums about the means: stt 5, sty 1, syy 1; the rest is 1 - 0.2 on 2 degrees.
    assert slope == pytest.approx([0.2] * 4)
    assert error == pytest.approx([np.sqrt(0.8 / 2.0 / 5.0)] * 4)
    assert span.tolist() == [3.0] * 4


@pytest.mark.parametrize(
    ("std", "count", "flag"),
    [
        (1.0, 5, GOOD),
        (1.1, 5, QUESTIONABLE),
        (5.0, 2, QUESTIONABLE),
        (5.1, 2, BAD),
        (5.1, 1, GOOD),
        (np.nan, 5, GOOD),
    ],
)
def test_scatter(std, count, flag):
    found = standards.check_standard_scatter(
        np.array([400.0]),
        np.zeros(1),
        standard_run_std=np.array([std]),
        standard_run_count=np.array([count]),
    )
    assert found.tolist() == [flag]


def gap(gaps, **options):
    seconds = HOUR * np.append(0.0, np.cumsum(gaps))
    return standards.check_standard_gap(
        np.full(seconds.size, 400.0),
        seconds,
        standard_run_standard=np.zeros(seconds.size, dtype=int),
        standard_run_used=np.ones(seconds.size, dtype=int),
        **options,
    ).tolist()


def test_gaps():
    regular = [3.0] * 5
    assert gap([*regular, 4.8, *regular]) == [GOOD] * 12
    for hours, flag in ((4.9, NOTED), (8.0, NOTED), (8.1, QUESTIONABLE)):
        assert gap([*regular, hours, *regular]) == [GOOD] * 6 + [flag] + [GOOD] * 5
    assert gap([3.0, 9.0]) == [GOOD] * 3


def samples(test, flagged, used=(1, 1, 1)):
    return standards.samples_of_runs(
        test,
        np.array(flagged, dtype=bool),
        np.zeros(3, dtype=int),
        np.array(used),
        np.array([10.0, 20.0, 30.0]),
        np.array([5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]),
    ).tolist()


def test_samples_of_runs():
    middle = (False, True, False)
    assert samples("standard_rejected", middle) == [False] * 7
    before = [False, False, True, True, False, False, False]
    assert samples("standard_step", middle) == before
    assert samples("standard_gap", middle) == before
    both = [False, False, True, True, True, True, False]
    assert samples("standard_scatter", middle) == both
    assert samples("standard_drift", (False, False, True)) == [
        *(False, False, False, False, True, True, True)
    ]
    assert samples("standard_scatter", middle, (1, 0, 1)) == [False] * 7
    assert samples("standard_step", middle, (1, 0, 1)) == before


def test_standards_before_and_after():
    ds = xr.Dataset(
        {
            "standard_run_time": ("run", [1, 2, 3, 8, 9, 9]),
            "standard_run_standard": ("run", [0, 1, 2, 0, 1, 3]),
            "standard_run_used": ("run", [1, 1, 0, 1, 1, 1]),
            "standard_run_true": ("run", [200.0, 400.0, 600.0, 200.0, 400.0, 0.0]),
        },
        {"time": [0, 1, 2, 5, 8, 9, 10]},
    )
    assert standards._before(ds).tolist() == [0, 1, 2, 2, 2, 2, 2]
    assert standards._after(ds).tolist() == [2, 2, 2, 2, 2, 1, 0]


def test_too_few_standards():
    found = standards.check_missing_standards(
        np.array([400.0, 400.0, 400.0, np.nan]),
        np.arange(4.0),
        standards_before=np.array([2, 1, 2, 0]),
        standards_after=np.array([2, 2, 1, 0]),
    )
    assert found.tolist() == [GOOD, BAD, BAD, GOOD]


def test_concentrations_of_rows():
    ds = xr.Dataset(
        {
            "standard": ("time", np.array([-1, 0, 1, 0], dtype=np.int8)),
            "standard_run_standard": ("run", [1, 0]),
            "standard_run_true": ("run", [400.0, 200.0]),
        }
    )
    found = standards._concentration(ds)
    assert np.isnan(found[0])
    assert found[1:].tolist() == [200.0, 400.0, 200.0]


def test_offsets_and_sums():
    found = standards.check_standard_offset(
        np.array([404.0, 404.5, 395.5, 500.0]),
        np.arange(4.0),
        standard_concentration=np.array([400.0, 400.0, 400.0, np.nan]),
    )
    assert found.tolist() == [GOOD, BAD, BAD, GOOD]
    found = standards.check_isotope_sum(
        np.array([396.0, 396.0, 396.0]),
        np.arange(3.0),
        x13CO2=np.array([4.0, 4.0, 4.0]),
        xCO2=np.array([400.0, 400.002, 399.998]),
    )
    assert found.tolist() == [GOOD, BAD, BAD]
