"""flag(): layers, people's flags, false alarms and faults of a simulated cruise."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import pipeline, platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import DataWarning, OceanCO2Warning, PlatformError, ProcessingError
from oceanco2.qc import check_options, flag, manual_template, read_manual
from oceanco2.simulation import simulate
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE

RESULT = "fCO2_water_SST_wet"
TESTS = f"{RESULT}_tests"
SPAN = ("xCO2_calibrated", "calibration_span_distance")
FLAGS = ("_flag", "_tests", "_flag_automatic", "_flag_manual")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean") / "raw"
    simulate("demo_ship", days=12, seed=11, folder=folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        return pipeline.process("demo_ship", [folder])


@pytest.fixture(scope="module")
def bare(clean):
    names = [n for n in clean.data_vars if str(n).endswith(FLAGS)]
    return clean.drop_vars(names)


def test_few_false_alarms_on_a_clean_cruise(clean):
    water = clean["run_type"].to_numpy() == 1
    flags = clean[f"{RESULT}_flag"].to_numpy()[water]
    assert water.sum() > 8000
    assert (flags != GOOD).mean() < 0.001


def test_every_flagged_variable_is_whole(clean):
    for name in clean.data_vars:
        if not str(name).endswith("_flag"):
            continue
        base = str(name).removesuffix("_flag")
        flags, tests = clean[name].to_numpy(), clean[f"{base}_tests"].to_numpy()
        assert flags.dtype == np.int8
        assert (tests[flags > GOOD] != 0).all(), base
        if base in clean:
            absent = np.isnan(clean[base].to_numpy())
            assert np.isin(flags[absent], (BAD, MISSING)).all(), base


def test_lost_and_wrong_standards_do_no_harm(tmp_path):
    for fault in ("bad_standard", "missing_standards"):
        folder = tmp_path / fault
        cruise = simulate(
            "demo_ship", days=1, seed=5, folder=folder, faults=[fault], noise=False
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OceanCO2Warning)
            ds = pipeline.process("demo_ship", [folder])
        truth = cruise.truth[RESULT].reindex(time=ds["time"])
        assert float(abs(ds[RESULT] - truth).max()) < 0.05


# ---- people -------------------------------------------------------------------------

HEAD = "start,end,variable,flag,reason,who,when\n"


def at(ds, row):
    return np.datetime_as_string(ds["time"].to_numpy()[row], unit="ms")


def test_a_person_wins_on_inputs_and_results(bare, tmp_path):
    ship = platforms.load("demo_ship")
    rows = np.flatnonzero(np.isfinite(bare[RESULT].to_numpy()))
    one, two = int(rows[50]), int(rows[80])
    path = tmp_path / "flags.csv"
    path.write_text(
        f"# judged on shore\n{HEAD}"
        f"{at(bare, one)},,SST,4,bubbles,me,2024-05-01\n"
        f"{at(bare, two)},{at(bare, two)},{RESULT},3,odd,me,2024-05-01\n"
    )
    ds = flag(bare, ship, manual=path)
    assert ds["SST_flag"].to_numpy()[one] == BAD
    assert ds["SST_flag_automatic"].to_numpy()[one] == GOOD
    assert ds[f"{RESULT}_flag"].to_numpy()[one] == BAD
    assert ds[f"{RESULT}_tests"].to_numpy()[one] & TEST_BITS["manual"]
    assert ds[f"{RESULT}_flag"].to_numpy()[two] == QUESTIONABLE
    assert ds[f"{RESULT}_flag_automatic"].to_numpy()[two] == GOOD
    assert ds.attrs["manual_flags"][0]["reason"] == "bubbles"
    again = flag(bare, ship, manual=path)  # never lost when recomputed
    xr.testing.assert_identical(again.drop_attrs(), ds.drop_attrs())
    for name in bare.data_vars:
        np.testing.assert_array_equal(ds[name], bare[name])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2024-03-01,,SST,4,,me,", ["flags.csv:2", "flag 4 requires a reason"]),
        ("2024-03-01,,SST,5,x,me,", ["flags.csv:2", "2, 3 or 4"]),
        ("2024-03-41,,SST,4,x,me,", ["flags.csv:2", "ISO time"]),
        ("2024-03-02,2024-03-01,SST,4,x,me,", ["flags.csv:2", "before start"]),
        ("2024-03-01,,SST,4", ["flags.csv:2", "fields"]),
        ("2024-03-01,2024-03-09,SSTT,4,x,me,", ["flags.csv", "'SST'"]),
    ],
)
def test_wrong_lines_are_named(bare, tmp_path, line, words):
    path = tmp_path / "flags.csv"
    path.write_text(f"{HEAD}{line}\n")
    with pytest.raises(ProcessingError) as caught:
        flag(bare, platforms.load("demo_ship"), manual=path)
    for word in words:
        assert word in str(caught.value)


def test_a_line_that_matches_nothing_is_reported(bare, tmp_path):
    path = tmp_path / "flags.csv"
    path.write_text(f"{HEAD}1999-01-01,,SST,4,x,me,\n")
    with pytest.warns(DataWarning, match="no row at this time"):
        flag(bare, platforms.load("demo_ship"), manual=path)


def test_the_template_names_each_flagged_value_and_reads_back(clean, tmp_path):
    doubts = clean.assign({n: clean[n].copy() for n in (f"{RESULT}_flag", TESTS)})
    for row, test in ((100, "spike"), (200, "warming")):
        doubts[f"{RESULT}_flag"][row] = QUESTIONABLE
        doubts[TESTS][row] = TEST_BITS[test]
    text = manual_template(doubts)
    assert f"#{at(doubts, 100)}" in text
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert read_manual(path) == []  # comments are not manual flags
    path.write_text(text.replace("#", ""))
    reasons = {entry.start: entry.reason for entry in read_manual(path)}
    assert reasons[at(doubts, 100)] == "spike"
    assert reasons[at(doubts, 200)] == "warming"


def test_outside_the_span_is_marked_and_beyond_a_fifth_questionable(bare):
    """SOCAT: data of flags C and D may lie up to 20 % outside the standards."""
    ship = platforms.load("demo_ship")
    odd = bare.assign({n: bare[n].copy() for n in SPAN})
    water = np.flatnonzero(np.isfinite(odd["xCO2_water_Tequ_dry"].to_numpy()))[40:44]
    # The span is 248.42 to 501.27: values below and above, near and far.
    for row, value, distance in zip(
        water,
        (205.0, 190.0, 590.0, 610.0),
        (-43.42, -58.42, 88.73, 108.73),
        strict=True,
    ):
        odd["xCO2_calibrated"][row] = value
        odd["calibration_span_distance"][row] = distance
    ds = flag(odd, ship)
    name = "xCO2_water_Tequ_dry"
    bits = ds[f"{name}_tests"].to_numpy()[water] & TEST_BITS["outside_span"]
    assert (bits != 0).all()
    near = ds[f"{name}_flag"].to_numpy()[water]
    np.testing.assert_array_equal(near, [GOOD, QUESTIONABLE, GOOD, QUESTIONABLE])


# ---- configuration ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[qc.SST]\nrnage = {}", ["[qc.SST.rnage]", "'range'"]),
        ("[qc.SST]\nrange = { goood = [0, 1] }", ["[qc.SST.range]", "goood"]),
        (
            "[qc.SST]\nrange = { bad = [1, 0] }",
            ["[qc.SST.range]", "[lowest, highest]"],
        ),
        ("[qc.SST]\nspike = { bad = 3 }", ["[qc.SST.spike]", "lacks 'questionable'"]),
        ("[qc.SST]\nspeed = { bad = 3 }", ["[qc.SST.speed]", "[qc.latitude]"]),
        ('[qc]\nprofile = "defalt"', ["'default'"]),
        ("[qc.SST]\nconstant = { minutes = -1 }", ["not negative"]),
    ],
)
def test_what_cannot_be_is_refused_before_data_are_read(table, words):
    text = platforms.available()["demo_ship"].read_text()
    ship = platforms.parse(f"{text}\n{table}\n".encode(), "ship.toml")
    with pytest.raises(PlatformError) as caught:
        check_options(ship)
    for word in ["ship.toml", *words]:
        assert word in str(caught.value)


def test_limits_of_the_platform_file_act(bare):
    text = platforms.available()["demo_ship"].read_text()
    table = "[qc.SST]\nrange = { bad = [0, 1] }"
    ship = platforms.parse(f"{text}\n{table}\n".encode(), "ship.toml")
    ds = flag(bare, ship)
    there = np.isfinite(ds["SST"].to_numpy())
    assert (ds["SST_flag"].to_numpy()[there] == BAD).all()
    assert "0, 1" in ds["SST_flag"].attrs["tests_applied"]


def test_profile_none_leaves_only_what_cannot_be(bare):
    text = platforms.available()["demo_ship"].read_text()
    ship = platforms.parse(f'{text}\n[qc]\nprofile = "none"\n'.encode(), "ship.toml")
    odd = bare.assign(SST=bare["SST"].copy())
    odd["SST"][200] = 39.0
    odd["SST"][300] = 399.0
    ds = flag(odd, ship)
    assert ds["SST_flag"].to_numpy()[200] == GOOD
    assert ds["SST_flag"].to_numpy()[300] == BAD


def test_no_rows_are_no_reason_to_stop(bare):
    empty = flag(bare.isel(time=slice(0, 0)), platforms.load("demo_ship"))
    assert empty[f"{RESULT}_flag"].size == 0
    assert bare.sizes["standard_run"] > 0


def test_what_has_no_time_is_not_good(bare):
    time = bare["time"].to_numpy().copy()
    rows = np.flatnonzero(np.isfinite(bare[RESULT].to_numpy()))[10:13]
    time[rows] = np.datetime64("NaT")
    ds = flag(bare.assign_coords(time=time), platforms.load("demo_ship"))
    assert (ds["time_flag"].to_numpy()[rows] == MISSING).all()
    assert (ds[f"{RESULT}_flag"].to_numpy()[rows] > GOOD).all()
