"""All of a simulation is written or nothing, and nobody else's files are touched."""

import pytest
import xarray as xr

from oceanco2.errors import OptionError, OutputError
from oceanco2.simulation import simulate, writers


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": 0}, "days"),
        ({"days": -1.0}, "days"),
        ({"days": float("nan")}, "days"),
        ({"seed": -1}, "seed"),
        ({"start": "yesterday"}, "2024-03-01"),
        ({"start": "now"}, "2024-03-01"),
        ({"start": ""}, "2024-03-01"),
        ({"start": "1492-10-12"}, "1700"),
    ],
)
def test_wrong_options_give_an_error_before_anything_is_written(
    tmp_path, options, message
):
    with pytest.raises(OptionError, match=message):
        simulate("demo_ship", folder=tmp_path / "a", **options)
    assert not list(tmp_path.iterdir())


def test_delivered_results_cannot_be_simulated(tmp_path):
    with pytest.raises(OptionError, match="gas standards"):
        simulate("cce2_2010", folder=tmp_path / "a")


def test_start_with_another_time_zone_is_utc(tmp_path):
    start = "2024-03-01T02:00:00+02:00"
    one = simulate("demo_ship", days=0.2, folder=tmp_path / "a", start=start).files
    two = simulate("demo_ship", days=0.2, folder=tmp_path / "b").files
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_files_of_others_stay(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        simulate("demo_ship", days=0.2, folder=tmp_path)
    with pytest.raises(OutputError, match="is a file"):
        simulate("demo_ship", days=0.2, folder=tmp_path / "thesis.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("content", ["rubbish", "another truth"])
def test_a_truth_of_others_is_no_simulation(tmp_path, content):
    path = tmp_path / "truth.nc"
    if content == "rubbish":
        path.write_text("the truth")
    else:
        xr.Dataset(attrs={"title": "the truth"}).to_netcdf(path, engine="netcdf4")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="no earlier simulation"):
        simulate("demo_ship", days=0.2, folder=tmp_path)
    assert path.read_bytes() == before


def test_an_earlier_simulation_is_replaced_and_nothing_else(tmp_path):
    folder = tmp_path / "a"
    simulate("demo_ship", days=2, folder=folder)
    (folder / "notes.md").write_text("mine")
    cruise = simulate("demo_ship", days=1, folder=folder)
    assert {*folder.iterdir()} == {*cruise.files, folder / "notes.md"}
    (folder / "2024-062dat.txt").write_text("mine")
    before = cruise.files[0].read_bytes()
    with pytest.raises(OutputError, match=r"2024-062dat\.txt"):
        simulate("demo_ship", days=2, seed=5, folder=folder)
    assert (folder / "2024-062dat.txt").read_text() == "mine"
    assert cruise.files[0].read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_nothing_is_half_written(tmp_path, monkeypatch):
    writer, calls = writers.WRITERS["delimited"], []

    def full(job):
        calls.append(job)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        writer(job)

    monkeypatch.setitem(writers.WRITERS._entries, "delimited", full)
    with pytest.raises(OutputError, match="a: no space left on device"):
        simulate("demo_ship", days=2, folder=tmp_path / "a")
    assert len(calls) == 2
    assert not list(tmp_path.iterdir())


def test_a_new_folder_has_the_usual_rights(tmp_path):
    (tmp_path / "usual").mkdir()
    simulate("demo_ship", days=0.2, folder=tmp_path / "deep" / "raw")
    modes = [(tmp_path / n).stat().st_mode for n in ("usual", "deep/raw")]
    assert modes[0] == modes[1]
