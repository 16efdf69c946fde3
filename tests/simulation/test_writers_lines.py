"""Whole lines of simulated logs and tables, made from readings given by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.physics import sea_level_pressure
from oceanco2.simulation import writers as w
from oceanco2.simulation.faults import Day
from oceanco2.simulation.instrument import SimulatedRows
from oceanco2.vocabulary import RUN_TYPES
from tests.simulation.test_writers import DAYS, TABLE, table, variant

SHIP = platforms.load("demo_ship")
START = np.datetime64("2024-03-01T00:00:00", "s")
READINGS = {
    "latitude": 60.5,
    "longitude": -5.25,
    "SST": 14.6,
    "salinity": 35.0,
    "T_equ": 15.2,
    "P_equ": 1010.0,
    "P_atm": 1012.0,
    "xCO2": 400.125,
    "xH2O": 0.5,
    "gas_flow": 84.0,
    "water_flow": 2.4,
    "vent_flow": 0.1,
    "T_analyser": 35.0,
    "T_condenser": 5.0,
    "wind_speed": 8.0,
}
LABELS = {"FILTER": "ignored", "STD2": "standard", "EQU": "water", "ATM": "air"}


def job_of(path, platform=SHIP, labels=None, *, start=START, main=True, **readings):
    """A job with a row every minute, and a readings of each sensor."""
    labels = labels or LABELS
    size = len(labels)
    measured = {n: np.full(size, v) for n, v in (READINGS | readings).items()}
    truth = {
        "run_type": np.array([RUN_TYPES[k] for k in labels.values()], "int8"),
        "SST": np.full(size, 14.6),
    }
    seconds = np.arange(size) * 60.0 + 0.25
    rows = SimulatedRows(seconds, np.array([*labels], object), measured, truth)
    day = Day(rows, rows, ())
    day.clock_shift, day.entered_factor = np.zeros(size), np.ones(size)
    day.is_logged = np.ones(size, dtype=bool)
    name = platform.main_file() if main else "tsg"
    return w.Job(path, name, platform, rows, day, main, start, 2)


def cells(job):
    """Cells of a log by the names of their columns; short rows have fewer."""
    w.WRITERS["general_oceanics"](job)
    head, *rows = job.path.read_text().splitlines()
    names = head.split("\t")
    return names, [dict(zip(names, row.split("\t"), strict=False)) for row in rows]


HEAD = [
    *("Type", "error", "PC Date", "PC Time", "GPS date", "gps time", "latitude"),
    *("longitude", "equ temp", "std val", "CO2 mv", "CO2 um/m", "H2O mv", "H2O mm/m"),
    *("licor temp", "licor press", " atm press", "equ press", "H2O flow"),
    *("licor flow", "equ pump", "vent flow", "cond temp"),
]


def test_a_whole_log(tmp_path):
    job = job_of(tmp_path / "x.txt")
    names, rows = cells(job)
    assert names == HEAD
    assert [row["Type"] for row in rows] == list(LABELS)
    assert [len(row) for row in rows] == [8, 23, 23, 23]
    assert rows[0]["longitude"] == "-5.25"
    ratio = sea_level_pressure(
        *(np.array([1000.0]), np.array([14.6]), 15.0),
        SHIP.reduction.sea_level_pressure,
    )
    expected = {
        "Type": "EQU",
        "error": "0",
        "PC Date": "01/03/24",
        "PC Time": "00:02:00",
        "GPS date": "01/03/24",
        "gps time": "00:00:36",
        "latitude": "60.50",
        "longitude": "-5.25",
        "equ temp": "15.20",
        "std val": "NaN",
        "CO2 mv": "",
        "CO2 um/m": "400.12",
        "H2O mv": "",
        "H2O mm/m": "0.50",
        "licor temp": "35.00",
        "licor press": "1009.60",
        " atm press": f"{1012.0 * 1000.0 / ratio[0]:.2f}",
        "equ press": "0.40",
        "H2O flow": "2.40",
        "licor flow": "84.00",
        "equ pump": "",
        "vent flow": "0.10",
        "cond temp": "5.00",
    }
    assert rows[2] == expected
    assert rows[1] == expected | {
        "Type": "STD2",
        "PC Time": "00:01:00",
        "GPS date": "29/02/24",
        "gps time": "23:59:36",
        "std val": "248.42",
    }
    # A second job of the same file adds rows without a header.
    before = job.path.read_text()
    w.WRITERS["general_oceanics"](job)
    assert job.path.read_text() == before + before.partition("\n")[2]


def test_faults_of_a_log(tmp_path):
    job = job_of(tmp_path / "x.txt")
    job.day.clock_shift[2] = -3600.0
    job.day.entered_factor[1] = 1.1
    job.day.is_logged[3] = False
    _, rows = cells(job)
    assert len(rows) == 3
    assert (rows[2]["PC Date"], rows[2]["PC Time"]) == ("29/02/24", "23:02:00")
    assert rows[1]["std val"] == f"{248.42 * 1.1:g}"
    assert job.times()[0] == np.datetime64("2024-03-01T00:00:00.250")


@pytest.mark.parametrize(
    ("options", "pc", "gps"),
    [
        ('clock = "pc"', "00:02:00", "00:00:36"),
        ('clock = "gps"', "00:03:24", "00:02:00"),
        ("offset_seconds = -3600", "01:02:00", "01:00:36"),
        ('clock = "gps", offset_seconds = -30', "00:03:54", "00:02:30"),
    ],
)
def test_clocks(tmp_path, options, pc, gps):
    """The computer is 84 seconds ahead of the satellites; the log may be late."""
    old = 'pattern = "*dat.txt"'
    ship = variant((old, f"{old}\noptions = {{ {options} }}"))
    _, rows = cells(job_of(tmp_path / "x.txt", ship))
    assert (rows[2]["PC Time"], rows[2]["gps time"]) == (pc, gps)


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("1969-12-31", "31/12/1969"),
        ("1970-01-01", "01/01/70"),
        ("2067-12-31", "31/12/67"),
        ("2067-12-31T23:58:00", "31/12/2067"),
        ("2068-01-01", "01/01/2068"),
    ],
)
def test_years_of_two_digits_only_where_they_are_clear(tmp_path, start, text):
    job = job_of(tmp_path / "x.txt", start=np.datetime64(start, "s"))
    _, rows = cells(job)
    assert rows[1]["PC Date"] == text


def test_columns_that_the_system_does_not_have(tmp_path):
    """Described ones come after its own, under the names of the platform file."""
    ship = variant(
        ('column = "equ temp"', 'column = "T bath"'),
        ('column = "latitude"', 'column = "LATITUDE"'),
        ('column = "H2O mm/m"', 'column = "H2O mm/m", occurrence = 2'),
    )
    names, _ = cells(job_of(tmp_path / "x.txt", ship))
    expected = ["LATITUDE" if n == "latitude" else n for n in HEAD]
    assert names[: len(HEAD)] == expected
    assert names[len(HEAD) :] == ["T bath", "latitude", "H2O mm/m"]
    lines = (tmp_path / "x.txt").read_text().splitlines()
    row = lines[3].split("\t")
    assert row[HEAD.index("equ temp")] == ""
    assert row[HEAD.index("H2O mm/m")] == ""
    assert row[len(HEAD) :] == ["15.20", "60.50", "0.50"]


def lines_of(job):
    w.WRITERS["delimited"](job)
    return job.path.read_text(encoding="utf-8").splitlines()


ROWS = {"SEA": "water", "GAS1": "standard"}


def test_a_whole_table(tmp_path):
    job = job_of(tmp_path / "x.txt", table(), ROWS, P_atm=np.nan)
    del job.rows.measured["xH2O"]
    assert lines_of(job) == [
        "when,run,lat,lon,temp,psal,p1,p2,baro,x,h2o,temp",
        "2024-03-01T00:00:00,SEA,60.50,-5.25,14.60,35.00,101.04,0.04,,400.12,,15.20",
        "2024-03-01T00:01:00,GAS1,60.50,-5.25,14.60,35.00,101.04,0.04,,400.12,,15.20",
    ]


def test_a_table_with_all_settings(tmp_path):
    file = (
        'separator = "Semicolon"\ndecimal = ","\nmissing = ["-999", "x"]\n'
        'header = { units = 2, skip = 2, until = "*END*" }\n'
        'time = { year = 2024, day_of_year = "doy" }'
    )
    job = job_of(tmp_path / "x.txt", table(file=file), ROWS, P_atm=np.nan)
    names = "doy;run;lat;lon;temp;psal;p1;p2;baro;x;h2o;temp"
    dashes = ";".join("-" * 12)
    values = "60,50;-5,25;14,60;35,00;101,04;0,04;-999;400,12;0,50;15,20"
    assert lines_of(job) == [
        *("simulated", "simulated", "*END*", names, dashes, dashes),
        f"61,0000028935;SEA;{values}",
        f"61,0006973380;GAS1;{values}",
    ]


@pytest.mark.parametrize(
    ("separator", "text", "missing"),
    [
        ("tab", "\t", ""),
        ("comma", ",", ""),
        ("pipe", "|", ""),
        ("space", " ", "NaN"),
        ("semicolon", ";", ""),
    ],
)
def test_separators(tmp_path, separator, text, missing):
    file = f'separator = "{separator}"\n{DAYS}'
    job = job_of(tmp_path / "x.txt", table(file=file), ROWS, P_atm=np.nan)
    line = lines_of(job)[1].split(text)
    assert line[1] == "SEA"
    assert line[8] == missing
    assert len(line) == 12


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_rows_of_the_header(tmp_path, rows):
    text = TABLE.format(
        file=f"header = {{ rows = {rows} }}\n{DAYS}",
        latitude="",
        longitude="",
        dry="true",
    )
    if rows == 0:
        names = '"when", "run", "lat", "lon", "temp", "psal", "p1", "p2", "baro", "x"'
        text = text.replace("header =", f'names = [{names}, "h2o", "temp"]\nheader =')
    if rows > 1:
        text = text.replace('column = "lat"', 'column = "lat|deg"')
    job = job_of(tmp_path / "x.txt", platforms.parse(text.encode(), "t.toml"), ROWS)
    lines = lines_of(job)
    assert len(lines) == rows + 2
    assert lines[rows].startswith("2024-03-01T00:00:00,SEA,60.50,")
    if rows:
        assert lines[0].startswith("when,run,lat,lon,temp")
    if rows > 1:
        assert lines[1] == ",,deg,,,,,,,,,"
    if rows > 2:
        assert lines[2] == ",,,,,,,,,,,"


def test_the_encoding_of_a_table(tmp_path):
    text = TABLE.format(file=DAYS, latitude="", longitude="", dry="true")
    text = text.replace('column = "baro"', 'column = "Größe"')
    for encoding, used in (("auto", "utf-8"), ("latin-1", "latin-1")):
        line = f'encoding = "{encoding}"\nreader'
        platform = platforms.parse(text.replace("reader", line, 1).encode(), "t.toml")
        job = job_of(tmp_path / f"{used}.txt", platform, ROWS)
        w.WRITERS["delimited"](job)
        assert "Größe".encode(used) in job.path.read_bytes()
        assert b"\r" not in job.path.read_bytes()


def test_a_stream_has_no_run_types(tmp_path):
    job = job_of(tmp_path / "x.csv", labels=ROWS, main=False)
    assert lines_of(job) == [
        "date,time,SBE38,Sal,wind",
        "01/03/2024,00:00:00,14.60,35.00,8.00",
        "01/03/2024,00:01:00,14.60,35.00,8.00",
    ]


def test_units_of_the_file(tmp_path):
    wind = 'column = "wind", units = '
    ship = variant(
        ('column = "SBE38", units = "degree_Celsius"', 'column = "SBE38", units = "K"'),
        (f'{wind}"m s-1"', f'{wind}"km/h"'),
    )
    job = job_of(tmp_path / "x.csv", ship, ROWS, main=False)
    assert lines_of(job)[1] == "01/03/2024,00:00:00,287.75,35.00,28.80"


def test_readings_before_calibration():
    sensors = SimpleNamespace(get=lambda name: None)
    readings = {"P_atm": np.array([1012.0])}
    rows = SimpleNamespace(measured=readings, truth={"SST": np.array([10.0])})
    platform = SimpleNamespace(sensors=sensors, reduction=SHIP.reduction)
    job = SimpleNamespace(rows=rows, platform=platform)
    low = SimpleNamespace(height=None, sensor="")
    assert w._undo_calibration(job, "P_atm", low).tolist() == [1012.0]
    high = SimpleNamespace(height=20.0, sensor="")
    (found,) = w._undo_calibration(job, "P_atm", high)
    law = SHIP.reduction.sea_level_pressure
    back = sea_level_pressure(np.array([found]), np.array([10.0]), 20.0, law)
    assert back[0] == pytest.approx(1012.0, abs=1e-6)
    assert 2.0 < 1012.0 - found < 3.0  # 0.12 hPa per metre
