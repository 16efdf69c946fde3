"""Timetable, labels and readings of simulated instruments."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.simulation import _file_name, _parse_start
from oceanco2.simulation.instrument import (
    _diagnostic_readings,
    is_known_run,
    lag_of,
    run_labels,
    run_type_of,
    sensor_readings,
    standards_at,
    stream_rows,
    timetable,
    true_contents,
    true_mole_fraction,
)
from oceanco2.simulation.mapco2 import LINES, _position_text, _zero_padded, frame_texts
from oceanco2.simulation.world import build_world
from oceanco2.vocabulary import RUN_TYPES
from tests.datasets import fugacity
from tests.simulation.test_writers import TABLE

DAY = 86400.0
SHIP = platforms.load("demo_ship")


def table(runs='"SEA*" = "water"\n"SKY" = "air"\n"GAS*" = "standard"', **changes):
    form = 'time = { columns = ["when"], format = "%Y-%m-%dT%H:%M:%S" }'
    fields = {"file": form, "latitude": "", "longitude": "", "dry": "true"}
    text = TABLE.format(**fields | changes)
    start, end = text.index('"SEA*"'), text.index("[variables]")
    return platforms.parse(f"{text[:start]}{runs}\n{text[end:]}".encode(), "t.toml")


def test_a_day_of_the_general_oceanics_system():
    """By hand: four standards of five minutes, five of air of two, then water."""
    seconds, labels = timetable(SHIP, 0.0, DAY, 2 * DAY)
    start = list(zip(seconds.tolist(), labels, strict=True))[:13]
    assert start == [
        *((10.0, "WAKE UP"), (40.0, "FILTER"), (360.0, "STD1"), (660.0, "STD2")),
        *((960.0, "STD3"), (1260.0, "STD4"), (1380.0, "ATM"), (1500.0, "ATM")),
        *((1620.0, "ATM"), (1740.0, "ATM"), (1860.0, "ATM"), (2066.0, "EQU")),
        (2169.0, "EQU"),
    ]
    second = np.flatnonzero(labels == "STD1")[1]
    assert seconds[second] == 10800.0 + 360.0
    assert (labels == "STD4").sum() == 8
    water = seconds[(seconds >= 2066.0) & (seconds < 10800.0)]
    np.testing.assert_array_equal(np.diff(water), 103.0)
    assert 10800.0 - 206.0 <= water[-1] < 10800.0 - 103.0
    drains = np.flatnonzero(labels == "EQU-DRAIN")
    first = np.flatnonzero(labels == "EQU")[0]
    assert drains[:2].tolist() == [first + 34, first + 69]
    assert seconds.max() < DAY


def test_the_next_and_the_last_day():
    seconds, labels = timetable(SHIP, DAY, 2 * DAY, 2 * DAY)
    assert list(zip(seconds[:3] - DAY, labels[:3], strict=True)) == [
        *((5.0, "SHUT DOWN"), (10.0, "WAKE UP"), (40.0, "FILTER")),
    ]
    # The last day ends with a set of standards.
    assert labels[-4:].tolist() == ["STD1", "STD2", "STD3", "STD4"]
    np.testing.assert_array_equal(seconds[-4:] - 2 * DAY, [360.0, 660.0, 960.0, 1260.0])
    short, names = timetable(SHIP, 0.0, 5000.0, 5000.0)
    assert names[-4:].tolist() == ["STD1", "STD2", "STD3", "STD4"]
    assert short[-4] == 360.0  # no more than standards in less than three hours
    part, _ = timetable(SHIP, 3 * 10800.0 + 500.0, DAY, 2 * DAY)
    assert part[0] == 3 * 10800.0 + 660.0


def test_other_systems_have_no_restarts():
    ship = table()
    _, labels = timetable(ship, 0.0, DAY, 2 * DAY)
    assert set(labels) == {"SEA", "SKY", "GAS1", "GAS2", "GAS3"}
    known = table('"EQU*" = "water"\n"EQU-DRAIN" = "same"\n"FILTER" = "ignored"')
    _, labels = timetable(known, 0.0, DAY, 2 * DAY)
    assert set(labels) == {"EQU", "EQU-DRAIN", "ATM", "FILTER", "GAS1", "GAS2", "GAS3"}


@pytest.mark.parametrize(
    ("runs", "water", "air"),
    [
        ('"SEA" = "water"\n"SKY" = "air"', "SEA", "SKY"),
        ('"SEA*" = "water"\n"sky*" = "air"', "SEA", "sky"),
        ('"equ*" = "water"\n"ATM*" = "air"', "EQU", "ATM"),
        ('"*" = "water"', "EQU", "ATM"),
        ('"A*" = "water"\n"B" = "water"', "B", "ATM"),
        ('"X" = "standard"', "EQU", "ATM"),
    ],
)
def test_labels_of_water_and_air(runs, water, air):
    assert run_labels(table(runs)) == {"water": water, "air": air}


def test_run_types_of_labels():
    ship = table()
    for label, kind in (
        *(("GAS1", "standard"), ("SEA", "water"), ("SEA-DRAIN", "water")),
        *(("SKY", "air"), ("FILTER", "ignored"), ("GAS9", "ignored")),
    ):
        assert run_type_of(label, ship) == RUN_TYPES[kind], label
    assert is_known_run(ship, "sea 5", "water")
    assert not is_known_run(ship, "SEA", "air")
    assert not is_known_run(ship, "SHUT DOWN", "ignored")
    assert is_known_run(SHIP, "anything", "ignored")
    forgiving = table('"SEA" = "water"\nunknown = "ignored"')
    assert is_known_run(forgiving, "SHUT DOWN", "ignored")
    assert not is_known_run(forgiving, "SHUT DOWN", "water")


def test_lags():
    bare = {"SST": SHIP.variables["SST"], "T_equ": SHIP.variables["T_equ"]}
    assert lag_of(SHIP, "T_equ") == 0.0
    assert lag_of(SHIP, "no_such_variable") == 0.0
    source = bare["SST"]
    assert SHIP.file_of(source) != SHIP.main_file()
    expected = 60.0 if source.lag_seconds == "auto" else source.lag_seconds
    assert lag_of(SHIP, "SST") == expected
    auto = source.model_copy(update={"lag_seconds": "auto", "group": None})
    ship = SHIP.model_copy(update={"variables": SHIP.variables | {"SST": auto}})
    assert lag_of(ship, "SST") == 60.0
    fixed = source.model_copy(update={"lag_seconds": 42.0, "group": None})
    ship = SHIP.model_copy(update={"variables": SHIP.variables | {"SST": fixed}})
    assert lag_of(ship, "SST") == 42.0


def test_cylinders_by_run_and_date():
    def gas(run, date):
        from datetime import datetime

        moment = datetime.fromisoformat(f"{date}T00:00:00+00:00")
        return SimpleNamespace(run=run, valid_from=moment)

    gases = [gas("A", "2024-03-02"), gas("A", "2001-01-01"), gas("B", "2001-01-01")]
    labels = np.array(["A", "B", "EQU", "A", "A"], dtype=object)
    t = np.array([0.0, 1.0, 2.0, DAY - 1.0, DAY])
    start = np.datetime64("2024-03-01T00:00:00", "s")
    which = standards_at(SimpleNamespace(standards=gases), labels, t, start)
    assert which.tolist() == [1, 2, -1, 1, 0]


def test_true_contents_of_cylinders():
    certified = np.array([s.xCO2 for s in SHIP.standards])
    uncertainty = np.array([s.uncertainty for s in SHIP.standards])
    assert np.array_equal(true_contents(SHIP, 3, noise=False), certified)
    drawn = np.array([true_contents(SHIP, seed, noise=True) for seed in range(400)])
    np.testing.assert_allclose(drawn.mean(axis=0), certified, atol=0.15)
    np.testing.assert_allclose(drawn.std(axis=0), uncertainty, rtol=0.15, atol=1e-9)
    assert np.array_equal(true_contents(SHIP, 3, True), true_contents(SHIP, 3, True))


def test_diagnostics():
    kinds = np.array([RUN_TYPES[n] for n in ("water", "air", "standard")], "int8")
    truth = {"water_flow": np.array([2.4] * 3), "P_equ": np.array([1010.0] * 3)}
    found = {k: v.tolist() for k, v in _diagnostic_readings(truth, kinds).items()}
    assert found == {
        "xH2O": [0.5] * 3,
        "gas_flow": [84.0, 106.0, 62.0],
        "water_flow": [2.4] * 3,
        "vent_flow": [0.1] * 3,
        "T_analyser": [35.0] * 3,
        "P_analyser": [1009.5] * 3,
        "T_condenser": [5.0] * 3,
    }


def test_sensors_with_and_without_noise():
    names = ("latitude", "longitude", "wind_speed", "SST", "T_equ", "salinity")
    names += ("P_equ", "P_atm")
    size = 20_000
    truth = {n: np.full(size, 10.0) for n in names}
    t = np.arange(size) * 300.0
    ideal = sensor_readings(truth, t, SHIP, 1, None)
    assert set(ideal) == set(names)
    assert all((v == 10.0).all() for v in ideal.values())
    stated = SHIP.variables["SST"].model_copy(update={"uncertainty": 0.5})
    bare = SHIP.variables["T_equ"].model_copy(update={"uncertainty": None})
    variables = {"SST": stated, "T_equ": bare}
    ship = SHIP.model_copy(update={"variables": variables})
    noisy = sensor_readings(truth, t, ship, 1, np.random.default_rng(0))
    sizes = {"SST": 0.5, "T_equ": 0.02, "salinity": 0.02, "P_equ": 0.3, "P_atm": 0.3}
    for name, sigma in sizes.items():
        error = noisy[name] - 10.0
        # Eight tenths are white, six tenths slow: together one.
        assert error.std() == pytest.approx(sigma, rel=0.08)
        assert np.diff(error).std() > 0.8 * sigma
        slow = error.reshape(-1, 10).mean(axis=1).std()
        assert 0.3 * sigma < slow < 0.7 * sigma
    assert (noisy["latitude"] == 10.0).all()


def test_an_ideal_analyser_inverts_the_reduction():
    truth = {"fCO2_water_SST_wet": 380.0, "SST": 15.0, "T_equ": 15.4}
    truth |= {"salinity": 35.0, "P_equ": 1008.0}
    arrays = {k: np.array([v]) for k, v in truth.items()}
    (fraction,) = true_mole_fraction(arrays, SHIP)
    _, at_equilibrator = fugacity(fraction, 15.4, 35.0, 1008.0)
    found = at_equilibrator * np.exp(0.0423 * (15.0 - 15.4))
    assert found == pytest.approx(380.0, rel=1e-6)


def test_the_stream_reads_every_ten_seconds():
    world = build_world(1, 1.0, moves=True)
    rows = stream_rows(world, SHIP, (95.0, 150.0), 1, noise=False)
    assert rows.seconds.tolist() == [100.0, 110.0, 120.0, 130.0, 140.0]
    assert rows.labels.tolist() == [""] * 5
    np.testing.assert_array_equal(
        rows.measured["SST"], world.truth(rows.seconds)["SST"]
    )


@pytest.mark.parametrize(
    ("pattern", "number", "name"),
    [
        ("*dat.txt", 0, "2024-060dat.txt"),
        ("log*.*", 1, "log2024-061."),
        ("*", 0, "2024-060log.txt"),
        ("x?.csv", 307, "x0.csv"),
        ("*.txt", 307, "2025-001.txt"),
    ],
)
def test_names_of_files(pattern, number, name):
    files = {"log": SimpleNamespace(pattern=pattern)}
    start = np.datetime64("2024-02-29T12:00:00", "s")
    found = _file_name(SimpleNamespace(files=files), "log", start, number)
    assert found == name
    shared = files | {"tsg": SimpleNamespace(pattern=pattern)}
    if pattern == "*.txt":
        other = _file_name(SimpleNamespace(files=shared), "tsg", start, number)
        assert other == "2025-001tsg.txt"


def test_starts_between_1700_and_2262():
    assert _parse_start("1700-01-01", 1.0) == np.datetime64("1700-01-01")
    moment = _parse_start("2024-03-01T02:00:00+02:00", 1.0)
    assert moment == np.datetime64("2024-03-01T00:00:00")
    assert _parse_start("2261-12-30", 1.9) == np.datetime64("2261-12-30")
    for start, days in (("1699-12-31", 1.0), ("2261-12-31", 1.0), ("2262-01-01", 0.1)):
        with pytest.raises(ValueError, match="between 1700 and 2261"):
            _parse_start(start, days)


# ---- MAPCO2 -------------------------------------------------------------------------


def test_lines_of_a_frame():
    """State, minute and run type of the ten lines, as the system sends them."""
    assert [(state, minute) for state, minute, _ in LINES] == [
        *(("zero on", 1), ("zero off", 2), ("zero postcal", 3), ("span on", 4)),
        *(("span off", 5), ("span postcal", 7), ("equil on", 17), ("equil off", 18)),
        *(("air on", 20), ("air off", 21)),
    ]
    kinds = [kind for *_, kind in LINES]
    assert kinds[:6] == ["zero"] * 3 + ["span"] * 3
    assert kinds[6:] == ["ignored", "water", "ignored", "air"]


@pytest.mark.parametrize(
    ("degrees", "letters", "width", "text"),
    [
        (34.5, "NS", 2, "3430.0000 N"),
        (-5.25, "NS", 2, "0515.0000 S"),
        (-120.1, "EW", 3, "12006.0000 W"),
        (0.0, "EW", 3, "00000.0000 E"),
        (9.9999999999, "NS", 2, "1000.0000 N"),
    ],
)
def test_positions_of_a_frame(degrees, letters, width, text):
    assert _position_text(degrees, letters, width) == text


def test_numbers_have_leading_zeros():
    assert _zero_padded(3.14159, 2, 3) == "03.142"
    assert _zero_padded(-60.0, 3, 1) == "-60.0"
    assert _zero_padded(5.0, 4, 2) == "0005.00"


def frame(**changes):
    """A cycle in which each reading has its own number."""
    n = len(LINES)
    readings = {
        "latitude": 34.5,
        "longitude": -120.1,
        "span_status": 255.0,
        "zero_status": 10.0,
        "zero_coefficient": 0.878,
        "span_coefficient": 0.714,
        "span2_coefficient": 0.0,
        "SST": 15.1234,
        "salinity": 34.5678,
        "T_analyser": 26.5,
        "P_analyser": 1012.34,
        "xCO2": 400.126,
        "xCO2_std": 0.5,
        "oxygen_percent": 20.8,
        "RH": 67.4,
        "T_RH": 25.56,
        "signal_detector": 3450000.0,
        "signal_reference": 3290000.0,
    } | changes
    rows = SimpleNamespace(
        seconds=np.arange(n), measured={k: np.full(n, v) for k, v in readings.items()}
    )
    rows.measured["latitude"] = rows.measured["latitude"] + np.arange(n)
    rows.measured["longitude"] = rows.measured["longitude"] - np.arange(n)
    times = np.datetime64("2024-03-01T00:01:00", "ms") + np.arange(n)
    return rows, times


def test_a_frame_as_it_is_sent():
    lines = frame_texts(*frame(), 5)
    assert len(lines) == 3 + 10 + 2
    assert lines[0].startswith("NORM 00000 00000 2024/03/01 00:00:00    ")
    assert lines[1] == "03/01/2024 00:00:00 3430.0000 N 12006.0000 W 0040"
    assert lines[2] == (
        "10.4 10.1 00.878000 00.714000 00.000000 FF0A 15.123 0.001 04.00000 0.0000"
        " 34.5678 0.0000 000.0 0.00 000.0 0.00 000 000 000.0"
    )
    assert lines[3] == (
        "01 26.50 0.025 101.23 00.01 0400.13 00.50 20.80 0.0 67 0.1 25.6 0.03 03450000"
        " 00239 03290000 00325"
    )
    assert [line[:2] for line in lines[3:13]] == [f"{m:02d}" for _, m, _ in LINES]
    assert lines[13].startswith("SW_xCO2(dry) 0")
    assert lines[14] == ""


def test_a_frame_with_all_digits_or_without_a_salinometer():
    lines = frame_texts(*frame(), 8)
    assert "15.12340000000" in lines[2]
    assert "0400.1260000000 " in lines[3]
    assert " 67.40000000 " in lines[3]
    bare = frame_texts(*frame(salinity=np.nan), 5)[2]
    assert "00.000 0.001 00.00000 0.0000 00.0000" in bare


def test_broken_and_repeated_frames():
    whole = frame_texts(*frame(), 5)
    cut = frame_texts(*frame(), 5, truncated=[2])
    assert cut[5] == whole[5][: int(len(whole[5]) * 0.6)]
    assert cut[:5] + cut[6:] == whole[:5] + whole[6:]
    assert frame_texts(*frame(), 5, repeated=[9]) == whole * 2
    assert frame_texts(*frame(), 5, repeated=[10]) == whole
