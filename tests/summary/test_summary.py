"""A dataset in short: coverage, gaps, speed, standards, warming, flags, criteria."""

import json

import numpy as np
import pytest

from oceanco2 import pipeline
from oceanco2.cli import main
from oceanco2.export import write
from oceanco2.forensics.comparison import compare
from oceanco2.geography import distance_km
from oceanco2.simulation import simulate
from oceanco2.summary import summary, summary_text
from oceanco2.summary.numbers import coverage, missing_metadata
from oceanco2.vocabulary import BAD, QUESTIONABLE
from tests.datasets import canonical_dataset, set_flag

WATER = "fCO2_water_SST_wet"


@pytest.fixture
def ds():
    ds = set_flag(canonical_dataset(260), 3, "SST", QUESTIONABLE, "spike")
    return set_flag(ds, 7, "T_equ", BAD, "range")


def test_coverage_gaps_and_speed():
    """One knot is 1.852 km/h; rows 150.25 s apart, 0.0004 N and 0.0008 E a row."""
    ds = canonical_dataset(260)
    time = ds["time"].to_numpy().copy()
    time[100:] += np.timedelta64(5, "h")
    time[200:] += np.timedelta64(90, "m")
    ds = ds.assign_coords(time=time)
    found = coverage(ds, np.isfinite(ds[WATER].to_numpy()))
    assert found["samples"] == 200
    assert found["gaps"]["number"] == 2
    hours = [gap["hours"] for gap in found["gaps"]["longest"]]
    assert hours[0] == pytest.approx(5 + 150.25 / 3600, abs=0.1)
    assert found["gaps"]["hours"] == pytest.approx(sum(hours))
    days = (time[257] - time[0]) / np.timedelta64(1, "D")
    assert found["days"] == pytest.approx(days, abs=0.01)
    assert found["share_of_time"] == pytest.approx(1 - sum(hours) / 24 / found["days"])
    step = distance_km(-30.0, 10.0, -29.9996, 10.0008)
    assert found["distance_km"] == pytest.approx(259 * step, rel=1e-3)
    assert found["speed"]["median"] == pytest.approx(
        step / (150.25 / 3600) / 1.852, rel=1e-3
    )
    assert (found["south"], found["west"]) == (-30.0, 10.0)
    assert found["interval_minutes"] == pytest.approx(150.25 / 60)


def test_a_bad_fix_and_the_date_line_do_not_count():
    ds = canonical_dataset(130)
    lon = 179.95 + 0.0008 * np.arange(130)
    ds["longitude"] = ("time", (lon + 180) % 360 - 180)
    ds["latitude"].to_numpy()[50] = 60.0
    ds = set_flag(ds, 50, "position", BAD, "speed")
    found = coverage(ds, np.full(130, True))
    assert found["west"] == pytest.approx(179.95)
    assert found["east"] == pytest.approx(179.95 + 129 * 0.0008 - 360)
    assert found["north"] < -29
    assert found["speed"]["maximum"] < 5
    assert coverage(ds, np.full(130, False)) == {"samples": 0}
    one = ds.isel(time=[0])
    assert "gaps" not in coverage(one, np.array([True]))


def test_results_that_came_with_the_file(ds):
    """The numbers of `compare`."""
    assert summary(ds)["delivered"] == []
    name = "fCO2_water_SST_wet"
    ds[f"{name}_delivered"] = ds[name] - 3.0
    expected = [c.to_dict() for c in compare(ds)]
    found = summary(ds)["delivered"]
    assert found == expected
    assert [c["variable"] for c in found] == [name]
    assert found[0]["fit"]["median"] == pytest.approx(3.0)
    assert "computed - delivered" in summary_text(ds)


def test_numbers(ds):
    found = summary(ds)
    assert json.loads(json.dumps(found)) == found
    assert found["flags"]["by_flag"] == {
        "good": 198 / 200,
        "questionable": 1 / 200,
        "bad": 1 / 200,
    }
    assert found["flags"]["by_test"]["spike"] == 1 / 200
    assert found["warming"]["median"] == pytest.approx(0.25)
    assert found["people"] == {"lines": 0, "variables": {}}
    assert found["suggested_flag"] in "ABCDES"
    assert {c["key"] for c in found["criteria"]} >= {"below_2", "standards", "complete"}
    gas = found["standards"][2]
    assert gas["xCO2"] == 374.86
    assert gas["drift_per_day"] == pytest.approx(0.0, abs=1e-9)
    assert gas["residual"] == pytest.approx(0.2)
    assert gas["longest_gap_hours"] == 12.0
    assert found["standards"][0]["longest_gap_hours"] is None  # never used


def test_metadata_are_counted_as_the_dashboard_counts(ds, tmp_path):
    """A platform file that is filled completely lacks nothing; the others say what."""
    missing = missing_metadata(ds)
    assert any("equilibrator" in item for item in missing)
    (complete,) = [c for c in summary(ds)["criteria"] if c["key"] == "complete"]
    assert complete["state"] == "fails"
    assert complete["value"] == len(missing)
    simulate("demo_ship", days=0.3, seed=1, folder=tmp_path / "raw")
    found = summary(pipeline.process("demo_ship", [tmp_path / "raw"]))
    states = {c["key"]: c["state"] for c in found["criteria"]}
    assert states["complete"] == "holds"
    assert found["suggested_flag"] == "B"
    assert found["at_best"] == "A"
    nowhere = ds.drop_vars(["latitude", "longitude"])
    assert missing_metadata(nowhere) is None


def test_drift_of_standards(ds):
    days = np.arange(8) * 3 / 24
    ds["standard_run_measured"] = ds["standard_run_true"] + 1.5 + 0.4 * days
    for gas in summary(ds)["standards"]:
        assert gas["drift_per_day"] == pytest.approx(0.4)


def test_text_and_command(ds, tmp_path, capsys):
    text = summary_text(ds)
    for words in (
        "200 water samples in 0.45 days, one every 2.5 min",
        "30.000 S to 29.896 S, 10.000 E to 10.207 E",
        "fCO2 of the water, 200 values: 99.00 % good, 0.50 % questionable, 0.50 % bad",
        "warming: median 0.250 degC",
        "suggested data set flag:",
        "longest gap",
    ):
        assert words in text, words
    path, figure = tmp_path / "o.nc", tmp_path / "o.svg"
    write(ds, path, format="netcdf")
    assert main(["summary", str(path), "--figure", str(figure)]) == 0
    output = capsys.readouterr().out
    assert "suggested data set flag:" in output
    assert figure.read_bytes().startswith(b"<?xml")
    assert main(["summary", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["flags"]["values"] == 200


def test_a_crossover_counts(ds, tmp_path, capsys):
    own_file, other = tmp_path / "mine.nc", tmp_path / "other.nc"
    write(ds.assign_attrs(expocode="99ZZ20240301"), own_file, format="netcdf")
    attrs = {"expocode": "11AA20240301", "platform_code": "11AA"}
    write(ds.assign_attrs(attrs), other, format="netcdf")
    states = []
    for against in (other, own_file):
        command = ["summary", str(own_file), "--json", "--against", str(against)]
        assert main(command) == 0
        found = json.loads(capsys.readouterr().out)["criteria"]
        states += [c["state"] for c in found if c["key"] == "high_quality"]
    assert states == ["holds", "fails"]
