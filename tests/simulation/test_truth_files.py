"""The file of true values, and the files of an earlier simulation."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from netCDF4 import Dataset

from oceanco2 import platforms
from oceanco2.errors import OutputError
from oceanco2.provenance import package_version
from oceanco2.simulation import FAULTS
from oceanco2.simulation import truth as t
from oceanco2.simulation.faults import Day
from oceanco2.simulation.instrument import SimulatedRows
from oceanco2.vocabulary import RUN_TYPES, attrs_of
from tests.datasets import fugacity

SHIP = platforms.load("demo_ship")
START = np.datetime64("2024-03-01T00:00:00", "s")
KINDS = ("water", "air", "standard", "water")
TRUE = {
    "latitude": 60.0,
    "longitude": -5.0,
    "SST": 15.0,
    "salinity": 35.0,
    "fCO2_water_SST_wet": 380.0,
    "P_atm": 1012.0,
    "T_equ": 15.3,
    "P_equ": 1011.0,
    "xCO2_atm_dry_actual": 421.0,
    "wind_speed": 8.0,
    "gain": 1.003,
    "offset": 0.9,
    "water_flow": 2.4,
    "xCO2_water_Tequ_dry": 400.0,
}


def day(logged=(True,) * 4):
    true = {name: np.full(4, value) for name, value in TRUE.items()}
    true["run_type"] = np.array([RUN_TYPES[k] for k in KINDS], "int8")
    rows = SimulatedRows(np.array([0.0, 0.5, 60.0, 90.25]), np.zeros(4), {}, true)
    made = Day(rows, rows, ())
    made.is_logged = np.array(logged)
    return made


def test_true_values_of_a_day():
    faults = {"spikes": np.array([0, 3]), "plume": np.array([], int)}
    ds = t.truth_of(day(), SHIP, START, faults)
    assert set(ds.coords) == {"time", "latitude", "longitude"}
    expected = START.astype("M8[ns]") + np.array(
        [0, 500, 60_000, 90_250], "m8[ms]"
    ).astype("m8[ns]")
    assert np.array_equal(ds["time"], expected)
    assert ds["time"].dtype == "datetime64[ns]"
    names = {n for n in TRUE if n not in ("latitude", "longitude", "gain", "offset")}
    names |= {"fCO2_atm_wet_interp", "fCO2_atm_wet_actual", "run_type"}
    names |= {"analyser_gain", "analyser_offset", "fault_spikes", "fault_plume"}
    assert set(ds.data_vars) == names
    _, air = fugacity(421.0, 15.0, 35.0, 1012.0)
    everywhere = [True] * 4
    water, in_air = [True, False, False, True], [False, True, False, False]
    values = {
        "SST": (15.0, everywhere),
        "fCO2_water_SST_wet": (380.0, water),
        "xCO2_water_Tequ_dry": (400.0, water),
        "xCO2_atm_dry_actual": (421.0, in_air),
        "fCO2_atm_wet_actual": (air, in_air),
        "fCO2_atm_wet_interp": (air, everywhere),
        "analyser_gain": (1.003, everywhere),
        "analyser_offset": (0.9, everywhere),
    }
    for name, (value, rows) in values.items():
        np.testing.assert_allclose(
            ds[name], np.where(rows, value, np.nan), rtol=1e-6, err_msg=name
        )
    assert ds["run_type"].to_numpy().tolist() == [RUN_TYPES[k] for k in KINDS]
    assert ds["run_type"].attrs["flag_values"].dtype == "int8"
    assert ds["run_type"].attrs["flag_meanings"].split() == list(RUN_TYPES)
    assert ds["fault_spikes"].to_numpy().tolist() == [1, 0, 0, 1]
    assert ds["fault_plume"].to_numpy().tolist() == [0] * 4
    for name in ("fault_spikes", "fault_plume"):
        assert ds[name].dtype == "int8"
        attrs = ds[name].attrs
        assert attrs["flag_values"].tolist() == [0, 1]
        assert attrs["flag_values"].dtype == "int8"
        assert attrs["flag_meanings"] == "no yes"
        assert attrs["long_name"] == FAULTS[name.removeprefix("fault_")].description
    assert ds["analyser_gain"].attrs == {
        "long_name": "gain of the analyser",
        "units": "1",
    }
    assert ds["analyser_offset"].attrs == {
        "long_name": "offset of the analyser",
        "units": "umol mol-1",
    }
    for name in ("SST", "latitude", "longitude"):
        assert ds[name].attrs == attrs_of(name)
    at_sst = day()
    at_sst.rows.truth["xCO2_water_SST_dry"] = np.full(4, 390.0)
    found = t.truth_of(at_sst, SHIP, START, {})["xCO2_water_SST_dry"].to_numpy()
    np.testing.assert_array_equal(found, np.where(water, 390.0, np.nan))


def test_rows_that_are_not_logged_are_left_out():
    faults = {"spikes": np.array([1, 2])}
    ds = t.truth_of(day((True, False, True, False)), SHIP, START, faults)
    assert ds["run_type"].to_numpy().tolist() == [
        *(RUN_TYPES["water"], RUN_TYPES["standard"]),
    ]
    assert ds["fault_spikes"].to_numpy().tolist() == [0, 1]


def test_air_with_the_options_of_the_platform():
    true = {name: np.array([value]) for name, value in TRUE.items()}
    usual = t._true_air_fugacity(true, SHIP)[0]
    partial, _ = fugacity(421.0, 15.0, 35.0, 1012.0)
    for changes in (
        {"virial_pressure": "standard_atmosphere"},
        {"mole_fraction": "neglect"},
    ):
        reduction = SHIP.reduction.model_copy(update=changes)
        ship = SHIP.model_copy(update={"reduction": reduction})
        found = t._true_air_fugacity(true, ship)[0]
        assert found != usual
        if "virial_pressure" in changes:
            expected = np.log(usual / partial) * 1013.25 / 1012.0
            assert np.log(found / partial) == pytest.approx(expected, rel=1e-6)
    hot = true | {"SST": np.array([60.0])}  # beyond the range of the formula
    assert np.isfinite(t._true_air_fugacity(hot, SHIP)).all()


def test_attributes():
    attrs = t.truth_attrs(SHIP, 7, 1.5, True, ["a", "b"], ["x.txt", "y.csv"])
    software = f"oceanco2 {package_version()} simulator"
    assert attrs == {
        "title": "truth of a simulated cruise of Demo Ship",
        "source": software,
        "history": f"{software}: 1.5 days, seed 7",
        "platform_file_sha256": SHIP.sha256,
        "seed": 7,
        "days": 1.5,
        "noise": 1,
        "faults": "a b",
        "raw_files": "x.txt\ny.csv",
    }
    assert t.truth_attrs(SHIP, 0, 2.0, False, [], [])["noise"] == 0


def test_days_follow_each_other(tmp_path):
    one, two = (t.truth_of(day(), SHIP, START + shift, {}) for shift in (0, 86400))
    joined = t.join_days([one, two])
    assert joined["time"].to_numpy().tolist() == sorted(
        joined["time"].to_numpy().tolist()
    )
    assert joined.sizes["time"] == 8
    assert joined["SST"].attrs == attrs_of("SST")
    whole = joined.isel(time=[0, 2, 4, 6])  # at whole seconds
    t.write_truth(whole, tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        file.set_auto_maskandscale(False)
        time = file["time"]
        assert time.dtype == np.int64
        assert time.units.startswith("seconds since 1970-01-01")
        assert "_FillValue" not in time.ncattrs()
        filters = file["SST"].filters()
        assert (filters["zlib"], filters["complevel"]) == (True, 1)
    with xr.open_dataset(tmp_path / "x.nc") as again:
        xr.testing.assert_equal(again, whole)


def earlier(folder, **attrs):
    folder.mkdir(exist_ok=True)
    xr.Dataset(attrs=attrs).to_netcdf(folder / "truth.nc", engine="netcdf4")
    return t._earlier_files(folder)


def test_files_of_an_earlier_simulation(tmp_path):
    source = "oceanco2 1.0 simulator"
    assert t._earlier_files(tmp_path / "new") == []
    assert t._earlier_files(tmp_path) == []
    known = {"source": source, "raw_files": "a.txt\n../b.txt\ndeep/c.txt\nd.txt"}
    # A name never leads out of the folder.
    assert earlier(tmp_path / "a", **known) == ["a.txt", "d.txt"]
    for number, attrs in enumerate(
        ({"source": source}, {"raw_files": "a.txt"}, {"source": "x", "raw_files": "a"})
    ):
        folder = tmp_path / f"{number}"
        message = f"{number}: not empty, and contains no earlier simulation"
        with pytest.raises(OutputError, match=message):
            earlier(folder, **attrs)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="file: is a file, not a folder"):
        t._earlier_files(tmp_path / "file")


def test_files_are_moved_in_the_order_in_which_they_are_safe(tmp_path, monkeypatch):
    new, old = tmp_path / "new", tmp_path / "old"
    new.mkdir()
    old.mkdir()
    for name in ("a.txt", "truth.nc", "z.txt"):
        (new / name).write_text(f"new {name}")
    for name in ("a.txt", "b.txt", "truth.nc", "mine.txt"):
        (old / name).write_text("old")
    moved = []
    replace = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, to: (moved.append(self.name), replace(self, to))
    )
    t._move_files(new, old, ["a.txt", "b.txt", "gone.txt"])
    assert moved == ["truth.nc", "a.txt", "z.txt"]
    found = {p.name: p.read_text() for p in old.iterdir()}
    assert found == {
        "a.txt": "new a.txt",
        "truth.nc": "new truth.nc",
        "z.txt": "new z.txt",
        "mine.txt": "old",
    }
    (new / "mine.txt").write_text("new")
    with pytest.raises(OutputError, match=r"mine\.txt: exists, but is not part of"):
        t._move_files(new, old, ["a.txt"])
    assert (old / "mine.txt").read_text() == "old"
    assert (old / "a.txt").read_text() == "new a.txt"


def test_a_folder_that_cannot_be_listed(tmp_path, monkeypatch):
    def refused(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(OutputError, match="permission denied"):
        t._earlier_files(tmp_path)
