"""Doubts about air samples stand on the interpolated air that they made."""

import csv
import io
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.cli import main
from oceanco2.export import open_dataset, write
from oceanco2.fields.air import METHOD
from oceanco2.fluxes import flux
from oceanco2.qc import explain, flag, manual_template
from oceanco2.qc.cascade import InterpolatedAir
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES
from tests.qc.fault_table import clean_cruise

ACTUAL, INTERP = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"
RESULTS = ("pCO2_atm_wet_interp", "fCO2_atm_wet_interp", "delta_fCO2")
WATER, AIR, STANDARD = (RUN_TYPES[word] for word in ("water", "air", "standard"))


@pytest.fixture(scope="module")
def reduced():
    """One day without faults: eight groups of five air samples."""
    return clean_cruise(1)


def groups_of(ds):
    """List rows and mean time of each group of air, in plain Python."""
    kinds, seconds = ds["run_type"].to_numpy(), seconds_of(ds)
    fine = np.isfinite(ds[ACTUAL].to_numpy())
    if "flushing" in ds:
        fine &= ds["flushing"].to_numpy() == 0
    groups = []
    for kind, run in groupby(range(kinds.size), key=lambda row: kinds[row]):
        rows = [row for row in run if fine[row]]
        if kind == AIR and rows:
            groups.append((float(np.mean(seconds[rows])), rows))
    return groups


def seconds_of(ds):
    time = ds["time"].to_numpy()
    return (time - time[0]) / np.timedelta64(1, "s")


def entered(ds, row):
    """List the air samples that made the air of a row."""
    t, groups = seconds_of(ds)[row], groups_of(ds)
    same = [rows for centre, rows in groups if centre == t]
    before = [rows for centre, rows in groups if centre < t][-1:]
    after = [rows for centre, rows in groups if centre > t][:1]
    return [row for rows in same or before + after for row in rows]


def rows_made_by(ds, sample):
    water = np.isfinite(ds[INTERP].to_numpy())
    return np.array([w and sample in entered(ds, r) for r, w in enumerate(water)])


def write_flag(path, ds, row, code, name=ACTUAL):
    moment = np.datetime_as_string(ds["time"].to_numpy()[row], unit="ms")
    head = "start,end,variable,flag,reason,who,when\n"
    path.write_text(f"{head}{moment},,{name},{code},looked at,N. N.,2024-02-01\n")
    return path


def polluted(ds, row, more):
    values = ds[ACTUAL].to_numpy().copy()
    values[row] += more
    return ds.assign({ACTUAL: (ds[ACTUAL].dims, values, ds[ACTUAL].attrs)})


@pytest.mark.parametrize(
    ("number", "more", "code"), [(0, 30.0, 3), (3, 30.0, 3), (7, 70.0, 4)]
)
def test_a_plume_stands_on_the_air_that_it_made_and_nowhere_else(
    reduced, number, more, code
):
    ds, ship = reduced
    sample = groups_of(ds)[number][1][2]
    spoilt = polluted(ds, sample, more)
    out = flag(spoilt, ship)
    assert out[f"{ACTUAL}_flag"].to_numpy()[sample] == code
    hit = rows_made_by(ds, sample)
    assert 50 < hit.sum() < 210
    expected = TEST_BITS["plume"] | TEST_BITS["input"]
    for name in (INTERP, *RESULTS):
        np.testing.assert_array_equal(out[name], ds[name])
        there = np.isfinite(ds[name].to_numpy())
        flags, tests = (out[f"{name}_{n}"].to_numpy() for n in ("flag", "tests"))
        np.testing.assert_array_equal(flags[there & hit], code)
        np.testing.assert_array_equal(flags[there & ~hit], GOOD)
        assert ((tests[there & hit] & expected) == expected).all()
    assert (out["fCO2_water_SST_wet_flag"].to_numpy()[hit] == GOOD).all()
    fluxes = flux(out)
    np.testing.assert_array_equal(fluxes["flux_CO2_flag"].to_numpy()[hit], code)


def test_a_person_on_an_air_sample_decides_about_the_air_that_it_made(
    reduced, tmp_path
):
    ds, ship = reduced
    sample = groups_of(ds)[4][1][0]
    hit = rows_made_by(ds, sample)
    file = write_flag(tmp_path / "bad.csv", ds, sample, BAD)
    out = flag(ds, ship, manual=file)
    expected = TEST_BITS["manual"] | TEST_BITS["input"]
    for name in (INTERP, *RESULTS):
        flags = out[f"{name}_flag"].to_numpy()
        np.testing.assert_array_equal(flags == BAD, hit)
        assert (out[f"{name}_tests"].to_numpy()[hit] == expected).all()
    file = write_flag(tmp_path / "good.csv", ds, sample, GOOD)
    out = flag(polluted(ds, sample, 30.0), ship, manual=file)
    assert out[f"{ACTUAL}_flag_automatic"].to_numpy()[sample] == QUESTIONABLE
    for name in (INTERP, *RESULTS):
        assert (out[f"{name}_flag"].to_numpy()[hit] == GOOD).all()


def test_air_from_land_that_a_person_accepts(reduced, tmp_path):
    """The same check of the same number is evaluated once."""
    ds, ship = reduced
    rich = {n: (ds[n].dims, ds[n].to_numpy() + 40.0, ds[n].attrs) for n in (INTERP,)}
    samples = [row for _, rows in groups_of(ds) for row in rows]
    ds = polluted(ds, samples, 40.0).assign(rich)
    out = flag(ds, ship)
    water = np.isfinite(ds[INTERP].to_numpy())
    assert (out[f"{INTERP}_flag"].to_numpy()[water] == QUESTIONABLE).all()
    time = np.datetime_as_string(ds["time"].to_numpy()[[0, -1]], unit="ms")
    file = tmp_path / "good.csv"
    line = f"{time[0]},{time[1]},{ACTUAL},2,town upwind,N. N.,2024-02-01\n"
    file.write_text("start,end,variable,flag,reason,who,when\n" + line)
    out = flag(ds, ship, manual=file)
    assert (out[f"{INTERP}_flag"].to_numpy()[water] == GOOD).all()
    mask = TEST_BITS["air_plausibility"] | TEST_BITS["manual"]
    assert (out[f"{INTERP}_tests"].to_numpy()[water] == mask).all()
    # A manual flag of one sample does not apply to others.
    file = write_flag(tmp_path / "one.csv", ds, samples[0], GOOD)
    out = flag(ds, ship, manual=file)
    assert (out[f"{INTERP}_flag"].to_numpy()[water] == QUESTIONABLE).all()


def test_flags_are_explained_by_the_sample_behind_them(reduced, tmp_path, capsys):
    ds, ship = reduced
    sample = groups_of(ds)[3][1][2]
    out = flag(polluted(ds, sample, 30.0), ship)
    value = out[ACTUAL].to_numpy()[sample]
    path = tmp_path / "out.nc"
    write(out, path)
    again = open_dataset(path)
    for name in (INTERP, "fCO2_atm_wet_interp", "delta_fCO2"):
        table = explain(again, name)
        hit = rows_made_by(ds, sample) & np.isfinite(ds[name].to_numpy())
        np.testing.assert_array_equal(table["time"], ds["time"].to_numpy()[hit])
        assert set(table["test"]) == {"plume"}
        assert set(table["of"]) == {ACTUAL}
        np.testing.assert_allclose(table["value"], value)
        assert table["reason"][0].startswith(f"{ACTUAL} {value:.7g}: air suddenly")
    assert main(["flags", "list", str(path), "--variable", INTERP, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == rows_made_by(ds, sample).sum()
    assert {row["of"] for row in rows} == {ACTUAL}
    # A person is asked about the sample, not about all that it made.
    asked = [line.split(",")[2] for line in manual_template(out).splitlines()[1:]]
    assert asked == [ACTUAL]


def test_air_that_somebody_else_interpolated_has_flags_of_its_own(reduced):
    ds, ship = reduced
    sample = groups_of(ds)[3][1][2]
    spoilt = polluted(ds, sample, 30.0)
    theirs = {k: v for k, v in ds[INTERP].attrs.items() if k != "method"}
    spoilt = spoilt.assign({INTERP: (ds[INTERP].dims, ds[INTERP].to_numpy(), theirs)})
    out = flag(spoilt, ship)
    there = np.isfinite(ds[INTERP].to_numpy())
    assert (out[f"{INTERP}_flag"].to_numpy()[there] == GOOD).all()
    assert set(explain(out, INTERP)["of"]) == set()


def test_the_platform_file_can_make_flags_of_air_milder(reduced, tmp_path):
    ds, _ = reduced
    text = (Path(__file__).parents[2] / "platforms/demo_ship.toml").read_text("utf-8")
    text += f"[qc.cascade.{INTERP}]\n{ACTUAL} = {{ questionable = 2, bad = 3 }}\n"
    file = tmp_path / "milder.toml"
    file.write_text(text, "utf-8")
    sample = groups_of(ds)[3][1][2]
    out = flag(polluted(ds, sample, 30.0), platforms.load(file))
    assert (out[f"{INTERP}_flag"] != QUESTIONABLE).all()
    out = flag(polluted(ds, sample, 70.0), platforms.load(file))
    hit = rows_made_by(ds, sample)
    np.testing.assert_array_equal(out[f"{INTERP}_flag"] == QUESTIONABLE, hit)


KINDS = st.lists(st.sampled_from([WATER, AIR, STANDARD]), min_size=1, max_size=40)


def small(kinds, values, begun):
    """A dataset of which nothing matters but its air."""
    n = len(kinds)
    kinds = np.array(kinds, dtype=np.int8)
    air = np.where(kinds == AIR, np.resize(values, n), np.nan)
    data = {
        "run_type": kinds,
        ACTUAL: air,
        INTERP: np.where(kinds == WATER, 410.0, np.nan),
        "flushing": np.resize(begun, n).astype(np.int8),
    }
    time = np.datetime64("2024-01-01", "ns") + 60 * np.arange(n).astype("m8[s]")
    ds = xr.Dataset({k: ("time", v) for k, v in data.items()}, {"time": time})
    ds[INTERP].attrs["method"] = METHOD
    return ds


@settings(max_examples=60, deadline=None)
@given(
    kinds=KINDS,
    values=st.lists(st.sampled_from([410.0, np.nan]), min_size=1, max_size=7),
    codes=st.lists(st.sampled_from([2, 3, 4]), min_size=1, max_size=11),
    begun=st.lists(st.booleans(), min_size=1, max_size=5),
)
def test_every_row_has_the_worst_of_the_samples_that_entered(
    kinds, values, codes, begun
):
    ds = small(kinds, values, begun)
    n = ds.sizes["time"]
    flags = np.where(np.isnan(ds[ACTUAL]), MISSING, np.resize(codes, n)).astype(np.int8)
    tests = np.int64(1) << np.arange(n)
    air = InterpolatedAir(ds)
    groups = groups_of(ds)
    assert air.is_derived == bool(groups)
    if not groups:
        return
    found, bits = air.layer(flags, tests)
    samples = air.samples((flags > GOOD) & (flags < MISSING))
    for row in range(n):
        samples_used = entered(ds, row) if kinds[row] == WATER else []
        doubtful = [r for r in samples_used if flags[r] > GOOD]
        assert found[row] == max((flags[r] for r in doubtful), default=GOOD)
        assert bits[row] == sum(int(tests[r]) for r in doubtful)
        assert samples[row] in (doubtful or [-1])
