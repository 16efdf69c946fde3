"""Signals of a simulated HydroC against the equations of its calibration."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.errors import OptionError
from oceanco2.physics import pco2_from_fco2
from oceanco2.simulation import hydroc
from oceanco2.simulation.world import build_world
from oceanco2.vocabulary import RUN_TYPES

DAY = 86400.0
FERRY = platforms.load("demo_hydroc")
START = np.datetime64("2024-03-01T00:00:00", "s")


def sheet(year, runtime=None, **ks):
    values = {"k1": 1.0, "k2": 2.0, "k3": 3.0} | ks
    moment = datetime(year, 1, 1, tzinfo=UTC)
    return SimpleNamespace(valid_from=moment, runtime=runtime, **values)


def test_calibrations_before_and_after():
    one, two, three = sheet(2020), sheet(2021), sheet(2022)
    table = SimpleNamespace(coefficients=[three, one, two])

    def around(text):
        return hydroc._calibrations_around(table, np.datetime64(text, "s"))

    assert around("2020-06-01") == (one, two)
    assert around("2021-01-01") == (two, three)
    assert around("2020-12-31T23:59:59") == (one, two)
    assert around("2023-01-01") == (three, three)
    assert around("2019-01-01") == (one, one)


@pytest.mark.parametrize(
    ("runtimes", "fractions"),
    [
        ((1e6, 2e6), (0.05, 0.06)),
        ((None, 1e6), (0.05, 0.06)),
        ((1e6, None), (0.0, 0.0)),
        ((1e6, 1e6), (0.0, 0.0)),
        ((1e6, 0.0), (0.0, 0.0)),
    ],
)
def test_coefficients_drift_with_the_runtime(runtimes, fractions):
    """50000 s have passed since the first calibration."""
    first = sheet(2024, runtimes[0])
    second = sheet(2025, runtimes[1], k1=2.0, k2=0.0, k3=-3.0)
    table = SimpleNamespace(coefficients=[first, second])
    t = np.array([0.0, 10000.0])
    runtime, ks = hydroc._drifting_coefficients(table, t, START)
    begin = runtimes[0] or 0.0
    assert runtime.tolist() == [begin + 50000.0, begin + 60000.0]
    for k, (a, b) in zip(ks, ((1.0, 2.0), (2.0, 0.0), (3.0, -3.0)), strict=True):
        expected = [a + (b - a) * f for f in fractions]
        np.testing.assert_allclose(k, expected, rtol=1e-12)


KINDS = ("water", "zero", "flush", "water")


def readings():
    truth = {"fCO2_water_SST_wet": [380.0, 380.0, 400.0, 1000.0], "SST": [15.0] * 4}
    truth |= {"P_equ": [1010.0, 1010.0, 1012.0, 1000.0]}
    truth = {name: np.array(values) for name, values in truth.items()}
    truth["run_type"] = np.array([RUN_TYPES[k] for k in KINDS], "int8")
    return truth, {"T_gas": np.full(4, 34.0), "P_analyser": truth["P_equ"] + 6.0}


def test_signals_give_the_fugacity_back():
    """Fietzek et al. (2014): x p T0 / (p0 T) = k1 S + k2 S^2 + k3 S^3."""
    truth, measured = readings()
    ks = [np.full(4, k) for k in (0.0573, 2.47e-6, 3.17e-10)]
    t = np.array([0.0, 0.0, DAY, 2 * DAY])
    signals = hydroc._signals(truth, measured, FERRY, ks, t)
    assert set(signals) == {"signal_detector", "signal_reference"}
    assert signals["signal_reference"].tolist() == [15100.0] * 4
    beam = signals["signal_detector"] / signals["signal_reference"]
    zero = 0.8095 * (1.0 - 1.5e-4 * np.array([0.0, 0.0, 1.0, 2.0]))
    assert beam[1] == pytest.approx(zero[1])
    signal = 61470.0 * (1.0 - beam / zero)
    signal[2] /= 0.6  # half recovered
    series = ks[0] * signal + ks[1] * signal**2 + ks[2] * signal**3
    fraction = series * 1013.25 * (34.0 + 273.15) / (measured["P_analyser"] * 273.15)
    partial = fraction * truth["P_equ"] / 1013.25
    for row in (0, 2, 3):
        one = {k: v[row : row + 1] for k, v in truth.items()}
        found = pco2_from_fco2(
            *(one["fCO2_water_SST_wet"], one["SST"], one["P_equ"]),
            fraction[row : row + 1],
            mole_fraction=FERRY.reduction.mole_fraction,
        )
        assert FERRY.reduction.virial_pressure == "measured"
        assert partial[row] == pytest.approx(found[0], rel=1e-8)


def test_mole_fractions_with_the_options_of_the_platform():
    truth, _ = readings()
    usual = hydroc._mole_fraction(truth, FERRY)
    for changes in (
        {"virial_pressure": "standard_atmosphere"},
        {"mole_fraction": "neglect"},
    ):
        reduction = FERRY.reduction.model_copy(update=changes)
        ferry = FERRY.model_copy(update={"reduction": reduction})
        found = hydroc._mole_fraction(truth, ferry)
        options = {"measured": truth["P_equ"]}
        pressure = options.get(reduction.virial_pressure, np.full(4, 1013.25))
        expected = pco2_from_fco2(
            *(truth["fCO2_water_SST_wet"], truth["SST"], pressure, found),
            mole_fraction=reduction.mole_fraction,
        )
        np.testing.assert_allclose(
            found * truth["P_equ"] / 1013.25, expected, rtol=1e-9
        )
        assert not np.allclose(found, usual, rtol=1e-7, atol=0.0)
    hot = truth | {"SST": np.full(4, 60.0)}  # beyond the range of the formula
    assert np.isfinite(hydroc._mole_fraction(hot, FERRY)).all()
    assert truth["fCO2_water_SST_wet"].tolist() == [380.0, 380.0, 400.0, 1000.0]


def test_the_timetable():
    world = build_world(1, 1.0, moves=True)
    span = (30.0, 5 * 3600.0, DAY)
    rows = hydroc.membrane_rows(world, FERRY, span, START, 1, noise=False)
    t = rows.seconds
    assert t.tolist() == list(np.arange(60.0, 18000.0, 60.0))
    assert rows.labels.tolist() == [""] * t.size
    assert rows.labels.dtype == object
    kinds = {}
    for name in ("zero", "flush", "water"):
        kinds[name] = t[rows.truth["run_type"] == RUN_TYPES[name]]
    assert kinds["zero"].tolist() == [60.0, 120.0, 14400.0, 14460.0, 14520.0]
    flush = [*np.arange(180.0, 1080.0, 60.0), *np.arange(14580.0, 15480.0, 60.0)]
    assert kinds["flush"].tolist() == flush
    assert sum(map(len, kinds.values())) == t.size
    assert rows.truth["run_type"].dtype == np.int8
    assert set(rows.truth["gain"]) == {1.0}
    assert set(rows.truth["offset"]) == {0.0}
    assert rows.measured["runtime"].tolist() == (1_050_000.0 + t).tolist()
    np.testing.assert_array_equal(rows.measured["SST"], rows.truth["SST"])
    noisy = hydroc.membrane_rows(world, FERRY, span, START, 1, noise=True)
    rng = np.random.default_rng(np.random.SeedSequence([1, 8, 30]))
    for name in ("signal_detector", "signal_reference"):
        added = noisy.measured[name] - rows.measured[name]
        np.testing.assert_allclose(added, rng.standard_normal(t.size), atol=1e-9)
    assert np.std(noisy.measured["SST"] - rows.truth["SST"]) > 0.01


def test_a_platform_without_the_table():
    with pytest.raises(OptionError, match="a HydroC needs the table"):
        hydroc._hydroc_settings(platforms.load("demo_ship"))
