"""Faults are in the files and in the truth, and nowhere else."""

import re
import warnings

import numpy as np
import pytest

from oceanco2 import pipeline, platforms
from oceanco2.errors import OceanCO2Warning, OptionError, UnknownNameError
from oceanco2.simulation import FAULTS, simulate

TEXT = platforms.available()["demo_ship"].read_text()
#: A system with a zero and a span in every cycle has one of its own.
ON_A_SHIP = [name for name in FAULTS if name != "lost_span"]
BARE = re.sub(r"P_equ +=.*", "P_equ = { value = 1013.0 }", TEXT)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return simulate("demo_ship", days=1, seed=4, folder=tmp_path_factory.mktemp("p"))


@pytest.mark.parametrize("fault", ON_A_SHIP)
def test_every_fault_is_recorded_and_changes_the_files(tmp_path, fault, plain):
    spoilt = simulate(
        "demo_ship", days=1, seed=4, folder=tmp_path / "b", faults=[fault]
    )
    assert int(spoilt.truth[f"fault_{fault}"].sum()) > 0
    assert spoilt.truth[f"fault_{fault}"].dtype == np.int8
    assert spoilt.truth.attrs["faults"] == fault
    texts = [[p.read_bytes() for p in c.files[:-1]] for c in (plain, spoilt)]
    assert texts[0] != texts[1]
    same = [n for n in plain.truth if n in spoilt.truth]
    times = np.isin(plain.truth["time"], spoilt.truth["time"])
    assert plain.truth[same].isel(time=times).equals(spoilt.truth[same])


@pytest.mark.parametrize("fault", ["blank_intake", "swapped_columns"])
@pytest.mark.parametrize("platform", ["demo_ship", "go_workshop_2019"])
def test_what_is_marked_at_the_intake_is_spoilt(tmp_path, fault, platform):
    """In a file of its own, with its lag, or in the log itself."""
    cruise = simulate(
        platform, days=1, seed=6, folder=tmp_path / "raw", faults=fault, noise=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        ds = pipeline.process(platforms.load(platform), [tmp_path / "raw"])
    truth = cruise.truth.reindex(time=ds["time"])
    off = np.abs(ds["SST"] - truth["SST"]).to_numpy()
    marked = truth[f"fault_{fault}"].to_numpy() == 1
    assert (np.isnan(off[marked]) | (off[marked] > 1)).all()
    others = off[~marked & (truth["run_type"] == 1).to_numpy()]
    assert np.nanmax(others) < 0.01


def test_no_fault_is_recorded_unless_asked(plain):
    assert not [name for name in plain.truth if str(name).startswith("fault_")]


@pytest.mark.parametrize("days", [0.02, 0.2, 1.02])
def test_all_faults_fit_into_short_cruises(tmp_path, days):
    truth = simulate("demo_ship", days=days, folder=tmp_path / "a", faults="all").truth
    assert {f"fault_{name}" for name in ON_A_SHIP} <= set(truth.data_vars)


def test_all_faults_together_are_survived(tmp_path):
    folder = tmp_path / "raw"
    simulate("demo_ship", days=2, seed=4, folder=folder, faults=("all", "spikes"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        ds = pipeline.process("demo_ship", [folder])
    assert np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()).sum() > 800


def test_a_fault_needs_something_to_strike(tmp_path):
    bare = platforms.parse(BARE.encode(), "bare.toml")
    with pytest.raises(
        OptionError, match=r"'dropouts' is not possible for Demo Ship.*P_equ"
    ):
        simulate(bare, days=1, folder=tmp_path / "a", faults="dropouts")
    truth = simulate(bare, days=0.2, folder=tmp_path / "a", faults="all").truth
    assert "fault_dropouts" not in truth
    assert "fault_spikes" in truth


def test_unknown_faults_are_named(tmp_path):
    with pytest.raises(UnknownNameError, match="'spikes'"):
        simulate("demo_ship", folder=tmp_path / "a", faults=["spike"])
    assert not list(tmp_path.iterdir())
