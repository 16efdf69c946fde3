"""Options of a simulation, faults that are possible, days and their random numbers."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.simulation import (
    FAULTS,
    _missing_variables,
    _select_faults,
    _simulate_day,
    _validate,
    simulate,
)
from oceanco2.simulation.world import build_world
from tests.simulation.test_writers import DAYS, TABLE, table

DAY = 86400.0
SHIP = platforms.load("demo_ship")
FERRY = platforms.load("demo_hydroc")
START = np.datetime64("2024-03-01T00:00:00", "s")


@pytest.mark.parametrize(
    ("days", "seed", "message"),
    [
        (1e-9, 0, ""),
        (36500.0, 0, ""),
        (0.0, 0, "days must be above 0 and at most 36500, not 0"),
        (36500.1, 0, "not 36500"),
        (1.0, -1, "seed must be 0 or more, not -1"),
    ],
)
def test_days_and_seeds(days, seed, message):
    if message:
        with pytest.raises(OptionError, match=message):
            _validate(SHIP, days, seed)
    else:
        _validate(SHIP, days, seed)


def changed(*changes):
    text = TABLE.format(file=DAYS, latitude="", longitude="", dry="true")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return platforms.parse(text.encode(), "t.toml")


def test_platforms_that_can_be_simulated():
    for platform in (SHIP, FERRY, changed(), platforms.load("demo_mapco2")):
        _validate(platform, 1.0, 0)
    xco2 = 'xCO2 = {{ column = "x", units = "umol mol-1", dry = true }}'
    no_gas = changed((xco2.replace("{{", "{").replace("}}", "}"), ""))
    with pytest.raises(OptionError, match=r"t.toml: only a platform with an analyser"):
        _validate(no_gas, 1.0, 0)
    bare = SHIP.model_copy(update={"standards": ()})
    with pytest.raises(OptionError, match="only a platform with an analyser"):
        _validate(bare, 1.0, 0)
    unlabelled = changed(('run_columns = ["run"]', ""))
    message = r"t.toml: \[files.log\] needs 'run_columns' and \[runs\]"
    with pytest.raises(OptionError, match=message):
        _validate(unlabelled, 1.0, 0)
    without_runs = changed().model_copy(update={"runs": None})
    with pytest.raises(OptionError, match=message):
        _validate(without_runs, 1.0, 0)
    log = SHIP.files["tsg"].model_copy(update={"reader": "socat_table"})
    other = SHIP.model_copy(update={"files": SHIP.files | {"tsg": log}})
    with pytest.raises(OptionError, match=r"\[files.tsg\].*reader of simulated files"):
        _validate(other, 1.0, 0)


EVERYTHING = ("std val", "latitude", "water_flow", "gas_flow", "SST", "salinity")
EVERYTHING += ("T_equ", "P_equ", "xCO2", "standards", "span_status")


@pytest.mark.parametrize(
    ("platform", "missing"),
    [
        (SHIP, {"span_status"}),
        (table(), {"std val", "water_flow", "gas_flow", "span_status"}),
        (
            FERRY,
            {"std val", "latitude", "water_flow", "gas_flow", "T_equ", "xCO2"}
            | {"standards", "span_status"},
        ),
    ],
)
def test_what_is_not_logged(platform, missing):
    found = _missing_variables(platform, EVERYTHING)
    assert found == [name for name in EVERYTHING if name in missing]
    possible = _select_faults(platform, ["all"])
    assert possible == [n for n in FAULTS if not missing & {*FAULTS[n].needs}]


def test_values_in_the_platform_file_are_not_logged():
    constant = SHIP.variables["P_equ"].model_copy(update={"value": 1013.0})
    ship = SHIP.model_copy(update={"variables": SHIP.variables | {"P_equ": constant}})
    assert _missing_variables(ship, ("P_equ", "T_equ")) == ["P_equ"]


def test_faults_are_selected_by_name():
    assert _select_faults(SHIP, []) == []
    assert _select_faults(SHIP, ["dropouts", "spikes"]) == ["spikes", "dropouts"]
    every = _select_faults(SHIP, ["all"])
    assert every == [n for n in FAULTS if n != "lost_span"]
    assert _select_faults(SHIP, ["spikes", "all"]) == every
    with pytest.raises(UnknownNameError, match="spikers"):
        _select_faults(SHIP, ["all", "spikers"])
    message = "^fault 'lost_span' is not possible for Demo Ship: .* log span_status$"
    with pytest.raises(OptionError, match=message):
        _select_faults(SHIP, ["all", "lost_span"])


def test_one_day():
    world = build_world(1, 2.0, moves=True)
    for span, end in (
        ((0.0, 10800.0, DAY), 10790.0),
        ((0.0, 10800.0, 10800.0), 10800.0 + 1790.0),
        ((3600.0, 7200.0, 7200.0), 7200.0 + 1790.0),
    ):
        day = _simulate_day(world, SHIP, span, START, 1, noise=False)
        assert day.stream.seconds[[0, -1]].tolist() == [span[0], end]
    assert day.standards == ("STD1", "STD2", "STD3", "STD4")
    assert day.lag == 60.0
    size = day.rows.seconds.size
    assert day.clock_shift.tolist() == [0.0] * size
    assert day.entered_factor.tolist() == [1.0] * size
    assert day.is_logged.tolist() == [True] * size
    assert day.is_logged.dtype == bool
    again = [s.model_copy() for s in SHIP.standards]
    twice = SHIP.model_copy(update={"standards": (*SHIP.standards, *again)})
    day = _simulate_day(world, twice, (0.0, 3600.0, DAY), START, 1, noise=True)
    assert day.standards == ("STD1", "STD2", "STD3", "STD4")


def test_days_are_struck_one_by_one(tmp_path):
    """Each day and each fault has random numbers of its own."""
    cruise = simulate(
        *("demo_ship",),
        days=1.3,
        seed=5,
        folder=tmp_path,
        faults=["dropouts", "spikes"],
    )
    world = build_world(5, 1.3, moves=True)
    for number, end in ((0, DAY), (1, 1.3 * DAY)):
        span = (number * DAY, end, 1.3 * DAY)
        day = _simulate_day(world, SHIP, span, START, 5, noise=True)
        times = START.astype("M8[ns]") + np.rint(day.rows.seconds * 1e9).astype(
            "m8[ns]"
        )
        for name in ("dropouts", "spikes"):
            key = [5, 7, number, list(FAULTS).index(name)]
            rng = np.random.default_rng(np.random.SeedSequence(key))
            rows = FAULTS[name].spoil(day, rng)
            mask = cruise.truth[f"fault_{name}"].sel(time=times)
            assert np.array_equal(np.flatnonzero(mask), rows), (name, number)
    names = [p.name for p in cruise.files]
    assert names == [
        *("2024-061dat.txt", "2024-061tsg.csv", "2024-062dat.txt", "2024-062tsg.csv"),
        "truth.nc",
    ]
    assert cruise.truth.attrs["raw_files"].split("\n") == names[:-1]
    assert cruise.truth.attrs["faults"] == "spikes dropouts"


@pytest.mark.parametrize(("noise", "digits"), [(True, 5), (False, 8)])
def test_digits(tmp_path, noise, digits):
    cruise = simulate("demo_ship", days=0.15, folder=tmp_path, noise=noise)
    head, *rows = cruise.files[0].read_text().splitlines()
    place = head.split("\t").index("latitude")
    texts = {len(row.split("\t")[place].partition(".")[2]) for row in rows}
    assert texts == {digits}
    assert cruise.truth.attrs["noise"] == int(noise)


def test_a_mooring_does_not_move(tmp_path):
    cruise = simulate("demo_mapco2", days=0.3, folder=tmp_path)
    assert set(cruise.truth["latitude"].to_numpy()) == {34.3}
    ship = simulate("demo_ship", days=0.2, folder=tmp_path / "ship")
    assert np.ptp(ship.truth["latitude"].to_numpy()) > 0.1


def test_defaults():
    """Three days from the first of March 2024 with seed 0, noise and no faults."""
    import inspect

    parameters = inspect.signature(simulate).parameters
    names = ("days", "seed", "start", "noise", "faults")
    assert [parameters[n].default for n in names] == [3.0, 0, "2024-03-01", True, ()]
