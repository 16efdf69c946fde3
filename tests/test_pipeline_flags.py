"""Flags of people in Python: set, passed on, kept; and what changes a calibration."""

import numpy as np
import pandas as pd
import pytest

import oceanco2
from oceanco2 import platforms
from oceanco2.errors import DataWarning, OptionError, ProcessingError
from oceanco2.vocabulary import RUN_TYPES

FCO2 = "fCO2_water_SST_wet"


@pytest.fixture(scope="module")
def cruise(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cruise")
    made = oceanco2.simulate("demo_ship", days=0.3, seed=1, folder=folder)
    return [path for path in made.files if path.name != "truth.nc"]


@pytest.fixture(scope="module")
def processed(cruise):
    return oceanco2.process("demo_ship", cruise)


def good_rows(ds):
    return np.flatnonzero((ds[f"{FCO2}_flag"] == 2).to_numpy())


def test_one_period(processed, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    rows = good_rows(processed)[5:8]
    first, last = processed["time"].to_numpy()[rows[[0, -1]]]
    by_place = oceanco2.set_flags(
        processed, first, last, "SST", 4, "bubbles", "A. Name"
    )
    by_name = oceanco2.set_flags(
        processed,
        start=first,
        end=last,
        variable="SST",
        flag=4,
        reason="bubbles",
        who="A. Name",
        platform=platforms.load("demo_ship"),
    )
    for ds in (by_place, by_name):
        (entry,) = ds.attrs["manual_flags"]
        assert entry["reason"] == "bubbles"
        assert (entry["who"], entry["when"]) == ("A. Name", "2024-06-01")
        assert entry["rows"] == last_row(processed, first, last)
        assert (ds["SST_flag"].to_numpy()[rows] == 4).all()
        assert (ds[f"{FCO2}_flag"].to_numpy()[rows] == 4).all()
        assert "SST_flag_manual" not in processed


def last_row(ds, first, last):
    return int(((ds["time"] >= first) & (ds["time"] <= last)).sum())


def test_a_table_and_a_file(processed, tmp_path):
    moments = processed["time"].to_numpy()[good_rows(processed)[[3, 9]]]
    table = pd.DataFrame(
        {"start": moments, "variable": "SST", "flag": [3, 4], "reason": "x"}
    )
    ds = oceanco2.set_flags(processed, table)
    wanted = [ds["SST_flag"].sel(time=moment).item() for moment in moments]
    assert wanted == [3, 4]
    table.assign(end="", who="", when="")[
        ["start", "end", "variable", "flag", "reason", "who", "when"]
    ].to_csv(tmp_path / "m.csv", index=False)
    again = oceanco2.set_flags(processed, tmp_path / "m.csv")
    assert again["SST_flag"].equals(ds["SST_flag"])


def test_flags_changed_by_hand(processed, tmp_path):
    ds = processed.copy(deep=True)
    rows = good_rows(ds)[2:4]
    ds["SST_flag"][rows] = 4
    with pytest.raises(ProcessingError, match="SST_flag was changed by hand in 2 rows"):
        oceanco2.write(ds, tmp_path / "x.nc")
    for again in (
        oceanco2.set_flags(ds),
        oceanco2.flag(ds, platforms.load("demo_ship")),
    ):
        assert (again["SST_flag_manual"].to_numpy()[rows] == 4).all()
        assert (again[f"{FCO2}_flag"].to_numpy()[rows] == 4).all()
    oceanco2.write(again, tmp_path / "x.nc")
    back = oceanco2.open_dataset(tmp_path / "x.nc")
    once_more = oceanco2.set_flags(
        back, back["time"].to_numpy()[rows[0]], None, "SST", 2
    )
    assert once_more["SST_flag"].to_numpy()[rows].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"flag": 4}, r"^set_flags needs variable= with start=, end= or flag=$"),
        ({"end": "2024-03-01"}, r"^set_flags needs variable="),
        ({"start": "2024-03-01"}, r"^set_flags needs variable="),
        ({"reason": "x"}, r"^set_flags needs variable="),
        ({"who": "x"}, r"^set_flags needs variable="),
        (
            {"table": pd.DataFrame(), "variable": "SST", "flag": 4},
            r"^set_flags takes a table, or start, end, variable and flag$",
        ),
        (
            {"table": "2024-03-01", "start": "2024-03-01", "variable": "SST"},
            r"^set_flags takes a table, or start",
        ),
    ],
)
def test_arguments_that_do_not_go_together(processed, options, message):
    with pytest.raises(OptionError, match=message):
        oceanco2.set_flags(processed, **options)


def test_the_platform_file_is_elsewhere(processed, tmp_path):
    moved = processed.assign_attrs(platform_file="nowhere.toml")
    message = (
        r"^the platform file of the dataset, nowhere\.toml, cannot be used: name it"
        r" with --platform \(platform= in Python\)\. nowhere\.toml: no such file$"
    )
    with pytest.raises(ProcessingError, match=message):
        oceanco2.set_flags(moved)
    unknown = processed.assign_attrs(platform_file="demo_shp")
    with pytest.raises(ProcessingError, match=r"--platform .*Did you mean 'demo_ship'"):
        oceanco2.set_flags(unknown)
    text = platforms.available()["demo_ship"].read_bytes()
    (tmp_path / "x.toml").write_bytes(text)
    assert "SST_flag" in oceanco2.set_flags(moved, platform=tmp_path / "x.toml")


def standards(ds, count):
    """Flags of the first readings of gas standards."""
    rows = np.flatnonzero(ds["run_type"].to_numpy() == RUN_TYPES["standard"])[:count]
    moments = ds["time"].to_numpy()[rows]
    columns = {"start": moments, "variable": "xCO2", "flag": 4, "reason": "leak"}
    return rows, pd.DataFrame(columns)


def test_a_bad_reading_of_a_standard_is_not_used(processed, cruise):
    rows, table = standards(processed, 4)
    with pytest.warns(DataWarning, match="runs of standards rejected"):
        ds = oceanco2.process("demo_ship", cruise, manual=table)
    assert (ds["xCO2_flag"].to_numpy()[rows] == 4).all()
    np.testing.assert_array_equal(ds["xCO2"], processed["xCO2"])
    used = ds["standard_run_used"].to_numpy()
    assert used[:4].tolist() == [0, 0, 0, 0]  # the first is the zero gas
    assert used[4:].tolist() == processed["standard_run_used"].to_numpy()[4:].tolist()
    assert not np.allclose(ds[FCO2], processed[FCO2], atol=1e-3, equal_nan=True)
    # later flags are added to it; the same ones change nothing
    again = oceanco2.set_flags(ds, table)
    np.testing.assert_array_equal(again[FCO2], ds[FCO2])


def test_flags_of_standards_need_the_raw_files(processed):
    _, table = standards(processed, 2)
    with pytest.raises(ProcessingError, match=r"of 2 readings .*process --manual"):
        oceanco2.set_flags(processed, table)


@pytest.mark.parametrize("variable", ["SST", "xH2O"])
def test_a_long_period_goes_on_over_readings_of_standards(processed, variable):
    """Only what the calibration reads of standards needs the raw files."""
    first, last = processed["time"].to_numpy()[[0, -1]]
    period = {"start": first, "end": last, "variable": variable, "flag": 4}
    period |= {"reason": "logged twice", "who": "A. Name"}
    if variable == "xH2O":
        with pytest.raises(ProcessingError, match="readings of gas standards"):
            oceanco2.set_flags(processed, **period)
        return
    ds = oceanco2.set_flags(processed, **period)
    assert set(np.unique(ds[f"{FCO2}_flag"])) <= {4, 9}
    assert (ds["SST_flag"] == 4).sum() > 0


def test_a_bad_reading_of_water_makes_its_result_bad(processed, cruise):
    rows = good_rows(processed)[4:6]
    moments = processed["time"].to_numpy()[rows]
    columns = {"start": moments, "variable": "xCO2", "flag": [4, 3], "reason": "x"}
    ds = oceanco2.set_flags(processed, pd.DataFrame(columns))
    for name in ("xCO2", "xCO2_water_Tequ_dry", FCO2):
        assert ds[f"{name}_flag"].to_numpy()[rows].tolist() == [4, 3], name
    others = np.setdiff1d(good_rows(processed), rows)
    assert (ds[f"{FCO2}_flag"].to_numpy()[others] == 2).all()


def test_a_damaged_table_is_told_before_the_files_are_read(tmp_path):
    with pytest.raises(ProcessingError, match=r"m\.csv: no such file"):
        oceanco2.process("demo_ship", tmp_path / "nowhere.txt", manual="m.csv")
