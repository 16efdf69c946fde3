"""Runs of gas standards against their history, air against marine air."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import PlatformError, ReadError
from oceanco2.qc import check_options, flag
from oceanco2.qc.check import NOTED
from oceanco2.qc.checks.air import check_air_plausibility, check_plume
from oceanco2.qc.checks.standards import (
    check_standard_drift,
    check_standard_gap,
    check_standard_rejected,
    check_standard_scatter,
    check_standard_step,
    samples_of_runs,
)
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE
from tests.qc.fault_table import clean_cruise

SETS = 24
RNG = np.random.default_rng(6)
WHICH = np.tile([0, 1, 2, 3], SETS).astype(np.int8)
TRUE = np.array([0.0, 250.0, 400.0, 550.0])[WHICH]
T = np.repeat(np.arange(SETS) * 10800.0, 4) + np.tile([0.0, 300, 600, 900], SETS)
USED = (TRUE > 0).astype(np.int8)
DAYS = T / 86400.0


def read(drift=2.0):
    """An analyser that drifts by so much a day, with a little noise."""
    return TRUE * 1.002 + 1.0 + drift * DAYS + RNG.normal(0, 0.1, T.size)


def steps(measured, used=USED):
    return check_standard_step(
        measured,
        T,
        standard_run_standard=WHICH,
        standard_run_used=used,
        standard_run_true=TRUE,
    )


def test_a_drifting_analyser_is_no_fault():
    measured = read(drift=8.0)
    assert (steps(measured) == GOOD).all()
    residual = RNG.normal(0, 0.1, T.size)
    runs = {"standard_run_standard": WHICH, "standard_run_used": USED}
    flags = check_standard_drift(measured, T, **runs, standard_run_residual=residual)
    assert (flags == GOOD).all()


def test_a_standard_that_drifts_against_the_others():
    residual = RNG.normal(0, 0.1, T.size)
    residual[WHICH == 2] += 2.0 * DAYS[WHICH == 2]
    runs = {"standard_run_standard": WHICH, "standard_run_used": USED}
    flags = check_standard_drift(read(), T, **runs, standard_run_residual=residual)
    assert (flags[WHICH == 2] == QUESTIONABLE).all()
    assert (flags[WHICH != 2] == GOOD).all()
    slow = residual - 1.5 * DAYS * (WHICH == 2)  # half a umol/mol a day
    flags = check_standard_drift(read(), T, **runs, standard_run_residual=slow)
    assert (flags == GOOD).all()


def test_an_analyser_that_steps_shows_at_the_next_standards():
    measured = read()
    measured[T[40] < T] += 7.0
    flags = steps(measured)
    hit = np.flatnonzero(flags > GOOD)
    assert set(WHICH[hit]) == {1, 2, 3}  # zero gas is alone with its step later
    assert (DAYS[hit] - DAYS[40] < 0.13).all()
    seconds = np.arange(0.0, T[-1], 100.0)
    rows = samples_of_runs("standard_step", flags > GOOD, WHICH, USED, T, seconds)
    # From the last run before to the first after, of any standard.
    assert rows.any()
    assert seconds[rows].min() >= T[36]
    assert seconds[rows].max() <= T[44] + 900.0
    assert (steps(read() + 25.0 * (T[40] < T))[41:44] == BAD).all()


def test_one_bad_run_is_rejected_alone_and_steps_of_all_are_not():
    measured, used = read(), USED.copy()
    measured[42], used[42] = 30.0, 0
    assert (steps(measured, used) == GOOD).all()
    flags = check_standard_rejected(
        measured, T, standard_run_true=TRUE, standard_run_used=used
    )
    np.testing.assert_array_equal(np.flatnonzero(flags == BAD), [42])
    rows = samples_of_runs("standard_rejected", flags > GOOD, WHICH, used, T, T)
    assert not rows.any()
    # Two sets read 7 more and were thrown away as odd ones: it was the analyser.
    measured = read()
    moved = (T[40] <= T) & (T[48] > T)
    measured[moved] += 7.0
    used = np.where(moved, 0, USED).astype(np.int8)
    flags = steps(measured, used)
    seconds = np.arange(0.0, T[-1], 100.0)
    rows = samples_of_runs("standard_step", flags > GOOD, WHICH, used, T, seconds)
    between = (seconds > T[40]) & (seconds < T[48])
    assert rows[between].all()


def test_scatter_and_pauses():
    scatter = np.full(T.size, 0.1)
    scatter[[5, 9]] = [1.4, 7.0]
    count = np.full(T.size, 3)
    runs = {"standard_run_std": scatter, "standard_run_count": count}
    flags = check_standard_scatter(read(), T, **runs)
    np.testing.assert_array_equal(np.flatnonzero(flags > GOOD), [5, 9])
    np.testing.assert_array_equal(flags[[5, 9]], [QUESTIONABLE, BAD])
    assert (
        samples_of_runs("standard_scatter", flags > GOOD, WHICH, USED, T, T).sum() > 2
    )
    for rejected, expected in ((1, NOTED), (3, QUESTIONABLE)):
        used = USED.copy()
        used[40 : 40 + 4 * rejected] = 0
        runs = {"standard_run_standard": WHICH, "standard_run_used": used}
        flags = check_standard_gap(read(), T, **runs)
        late = np.flatnonzero(flags != GOOD)
        np.testing.assert_array_equal(late, 40 + 4 * rejected + np.array([1, 2, 3]))
        assert (flags[late] == expected).all()


def test_runs_have_flags_and_their_samples_the_same_tests():
    ds, ship = clean_cruise(2)
    measured = ds["standard_run_measured"].to_numpy().copy()
    late = ds["standard_run_time"].to_numpy() > ds["time"].to_numpy()[800]
    measured[late] += 9.0
    odd = ds.assign(
        standard_run_measured=ds["standard_run_measured"].copy(data=measured)
    )
    out = flag(odd, ship)
    bit = TEST_BITS["standard_step"]
    runs = out["standard_run_tests"].to_numpy() & bit != 0
    assert out["standard_run_flag"].dims == ("standard_run",)
    assert 1 <= runs.sum() <= 4
    assert (out["standard_run_flag"].to_numpy()[runs] == QUESTIONABLE).all()
    name = "xCO2_water_Tequ_dry"
    rows = out[f"{name}_tests"].to_numpy() & bit != 0
    assert 50 < rows.sum() < 110  # one pause between sets
    assert np.isin(out[f"{name}_flag"].to_numpy()[rows], (QUESTIONABLE, MISSING)).all()
    assert "standard_step" in out["standard_run_flag"].attrs["tests_applied"]
    np.testing.assert_array_equal(out["standard_run_measured"], measured)


def test_limits_of_runs_stand_in_their_own_table():
    text = platforms.available()["demo_ship"].read_text()
    table = "[qc.standard_run]\nstandard_step = { questionable = 30, bad = 60 }\n"
    ship = platforms.parse(f"{text}\n{table}".encode(), "ship.toml")
    ds, _ = clean_cruise(1)
    late = ds["standard_run_time"].to_numpy() > ds["time"].to_numpy()[300]
    moved = ds["standard_run_measured"] + 9.0 * late
    out = flag(ds.assign(standard_run_measured=moved), ship)
    assert not (out["standard_run_tests"].to_numpy() & TEST_BITS["standard_step"]).any()
    for wrong, words in (
        ("standard_step = { limit = 3 }", "no option named 'limit'"),
        ("spyke = {}", "spyke"),
    ):
        bad = f"{text}\n[qc.standard_run]\n{wrong}\n"
        with pytest.raises(PlatformError, match=words):
            check_options(platforms.parse(bad.encode(), "ship.toml"))
    elsewhere = f"{text}\n[qc.SST]\nstandard_step = {{}}\n"
    with pytest.raises(PlatformError, match=r"\[qc.standard_run\]"):
        check_options(platforms.parse(elsewhere.encode(), "ship.toml"))


# ---- air -----------------------------------------------------------------------------


def test_air_is_held_against_marine_air_with_and_without_a_file(data_set):
    """The reference at 30 S, 1 January 2010, and what is 20 and 40 above it."""
    path = str(next(data_set("atm_noaa_mbl").glob("*_surface.txt")))
    time = np.full(6, np.datetime64("2010-01-01", "ns"))
    latitude = np.full(6, -30.0)
    values = 384.4 + np.array([0.0, 20.0, 40.0, -20.0, 250.0, np.nan])
    expected = [GOOD, GOOD, QUESTIONABLE, QUESTIONABLE, BAD, GOOD]
    for file in ("", path):
        place = {"time": time, "latitude": latitude, "file": file}
        flags = check_air_plausibility(values, values, **place)
        np.testing.assert_array_equal(flags, expected)
    later = np.full(6, np.datetime64("2024-01-01", "ns"))  # beyond the file
    flags = check_air_plausibility(
        values, values, time=later, latitude=latitude, file=path
    )
    assert flags[0] == QUESTIONABLE  # 384 was long ago
    with pytest.raises(ReadError, match="no such file"):
        check_air_plausibility(
            values, values, time=time, latitude=latitude, file="nowhere.txt"
        )


def test_files_lie_beside_the_platform_file(tmp_path, data_set):
    source = next(data_set("atm_noaa_mbl").glob("*_surface.txt"))
    (tmp_path / "air.txt").symlink_to(source)
    text = platforms.available()["demo_ship"].read_text()
    table = '[qc.xCO2_atm_dry_actual]\nair_plausibility = {{ file = "{}" }}\n'
    path = tmp_path / "ship.toml"
    path.write_text(f"{text}\n{table.format('air.txt')}")
    ds, _ = clean_cruise(1)
    out = flag(ds, platforms.load(path))
    attribute = out["xCO2_atm_dry_actual_flag"].attrs["tests_applied"]
    assert '"file": "air.txt"' in attribute  # and not where it lies
    path.write_text(f"{text}\n{table.format('aire.txt')}")
    with pytest.raises(PlatformError, match=r"no file 'aire\.txt' in the"):
        check_options(platforms.load(path))


def test_exhaust_is_short_and_rich():
    size = 120
    seconds = np.repeat(np.arange(size / 5) * 10800.0, 5) + np.tile(
        np.arange(5) * 120.0, size // 5
    )
    air = 421.0 + 2.0 * np.sin(seconds / 2e5) + RNG.normal(0, 0.1, size)
    air[[33, 61, 80]] += [8.0, 70.0, -9.0]
    flags = check_plume(air, seconds)
    np.testing.assert_array_equal(np.flatnonzero(flags != GOOD), [33, 61])
    np.testing.assert_array_equal(flags[[33, 61]], [QUESTIONABLE, BAD])
    land = air + np.where(seconds > seconds[60], 12.0, 0.0)  # a wind from land stays
    assert (check_plume(land, seconds)[70:80] == GOOD).all()
