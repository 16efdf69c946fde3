"""Raw files look as the instruments' own, whatever the platform file describes."""

import re
import warnings

import numpy as np
import pytest

from oceanco2 import pipeline, platforms
from oceanco2.errors import OceanCO2Warning, OptionError
from oceanco2.simulation import simulate

RESULT = "fCO2_water_SST_wet"
TEXT = platforms.available()["demo_ship"].read_text()

#: An analyser that logs everything in one plain table.
TABLE = """
schema = 1
name = "Table Ship"
kind = "ship"
platform_code = "99ZZ"
[files.log]
reader = "delimited"
pattern = "log*.txt"
run_columns = ["run"]
{file}
[runs]
"SEA*" = "water"
"SKY" = "air"
"GAS*" = "standard"
[variables]
latitude = {{ column = "lat"{latitude} }}
longitude = {{ column = "lon"{longitude} }}
SST = {{ column = "temp", units = "degree_Celsius" }}
T_equ = {{ column = "temp", occurrence = 2, units = "degree_Celsius" }}
salinity = {{ column = "psal", units = "1" }}
P_equ = {{ difference = ["p1", "p2"], units = "kPa" }}
P_atm = {{ column = "baro", units = "hPa", height = 12.0 }}
xCO2 = {{ column = "x", units = "umol mol-1", dry = {dry} }}
xH2O = {{ column = "h2o", units = "mmol mol-1" }}
[[standards]]
run = "GAS1"
xCO2 = 250.0
[[standards]]
run = "GAS2"
xCO2 = 400.0
[[standards]]
run = "GAS3"
xCO2 = 520.0
"""

DAYS = 'time = { columns = ["when"], format = "%Y-%m-%dT%H:%M:%S" }'
CASES = {
    "one column": {"file": DAYS},
    "wet gas": {"file": DAYS, "dry": "false"},
    "semicolon, decimal comma, units row, latin": {
        "file": 'separator = "semicolon"\ndecimal = ","\nencoding = "latin-1"\n'
        'header = { units = 1, skip = 2 }\nmissing = ["-999"]\n'
        'time = { year = 2024, day_of_year = "doy" }'
    },
    "no header row, pipe": {
        "file": 'separator = "pipe"\nheader = { rows = 0 }\n'
        'names = ["run", "date", "frac", "lat", "lon", "temp", "other", "temp",'
        ' "psal", "p1", "p2", "baro", "x", "h2o"]\n'
        'time = { date = "date", date_format = "%d.%m.%y", day_fraction = "frac" }'
    },
    "space, header until": {
        "file": 'separator = "space"\nheader = { until = "*END*" }\n'
        'time = { seconds = "unix", since = 2000-01-01T00:00:00Z }'
    },
    "date parts, local time": {
        "file": 'separator = "tab"\ntime = { year = "Y", month = "M", day = "D",'
        ' hour = "h", minute = "m", second = "s", offset_seconds = -7200 }'
    },
    "year and day, clock": {
        "file": 'time = { year = "Y", day_of_year = "doy", january_first = 0,'
        ' time = "t", time_format = "%H%M%S" }'
    },
    "month name in three pieces": {
        "file": 'time = { columns = ["date", "time"], format = "%d %b %Y %H:%M:%S" }'
    },
    "hemispheres": {
        "file": DAYS,
        "latitude": ', format = "ddmm.mmmm", hemisphere = "NS"',
        "longitude": ', format = "ddmmss", hemisphere = "EW"',
    },
    "degrees and minutes": {
        "file": DAYS,
        "latitude": ', format = "dd mm.mmmm"',
        "longitude": ', format = "dd mm.mmmm", positive = "west"',
    },
}


def table(**changes):
    fields = {"file": DAYS, "latitude": "", "longitude": "", "dry": "true"} | changes
    return platforms.parse(TABLE.format(**fields).encode(), "table.toml")


def variant(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return platforms.parse(text.encode(), "variant.toml")


def largest_error(platform, cruise, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        ds = pipeline.process(platform, [folder])
    truth = cruise.truth.reindex(time=ds["time"])
    off = (ds[RESULT] - truth[RESULT]).to_numpy()
    assert np.isfinite(off).sum() == int((cruise.truth["run_type"] == 1).sum()) > 0
    water = (truth["run_type"] == 1).to_numpy()
    for name in ("latitude", "longitude"):
        np.testing.assert_allclose(ds[name][water], truth[name][water], atol=1e-6)
    return np.nanmax(np.abs(off))


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_any_table_gives_back_the_truth(tmp_path, changes):
    platform = table(**changes)
    cruise = simulate(platform, days=0.5, seed=2, folder=tmp_path / "raw", noise=False)
    assert largest_error(platform, cruise, tmp_path / "raw") < 0.01


def test_the_log_is_what_the_system_writes(tmp_path):
    files = simulate("demo_ship", days=1, seed=3, folder=tmp_path / "raw").files
    assert [p.name for p in files] == ["2024-061dat.txt", "2024-061tsg.csv", "truth.nc"]
    lines = files[0].read_text().splitlines()
    head = lines[0].split("\t")
    required = ("PC Date", "PC Time", "GPS date", "gps time", " atm press", "std val")
    assert set(required) <= set(head)
    rows = [line.split("\t") for line in lines[1:]]
    labels = [row[0] for row in rows]
    assert labels[:6] == ["WAKE UP", "FILTER", "STD1", "STD2", "STD3", "STD4"]
    assert labels[6:11] == ["ATM"] * 5
    restart = ["SHUT DOWN", "WAKE UP", "FILTER"]
    assert labels[-7:] == [*restart, "STD1", "STD2", "STD3", "STD4"]
    assert labels.count("STD2") == 9  # every three hours, and one to close
    first = labels.index("EQU")
    assert labels[first : first + 35] == ["EQU"] * 34 + ["EQU-DRAIN"]
    for row in rows:
        short = row[0] in ("WAKE UP", "FILTER", "SHUT DOWN")
        assert len(row) == (8 if short else len(head))
        assert re.fullmatch(r"\d\d/\d\d/\d\d", row[head.index("PC Date")])
    typed = {row[0]: row[head.index("std val")] for row in rows if len(row) > 8}
    assert typed["STD2"] == "248.42"
    flow = [row[head.index("licor flow")] for row in rows if len(row) > 8]
    assert all(flow)


def test_the_clock_that_rules_is_right(tmp_path):
    changes = (
        'pattern = "*dat.txt"',
        'pattern = "*dat.txt"\noptions = { clock = "gps" }',
    )
    ship = variant(changes)
    for number, start in enumerate(("2024-06-05", "1999-12-31T18:00", "2070-02-28")):
        folder = tmp_path / f"{number}"
        cruise = simulate(ship, days=1, folder=folder, start=start, noise=False)
        assert largest_error(ship, cruise, folder) < 0.01


def test_the_workshop_ship_comes_back(tmp_path):
    ship = platforms.load("go_workshop_2019")
    cruise = simulate(ship, days=1, folder=tmp_path / "raw", noise=False)
    assert largest_error(ship, cruise, tmp_path / "raw") < 0.01


def test_a_cylinder_is_changed_on_the_way(tmp_path):
    new = (
        '[[standards]]\nrun = "STD3"\nxCO2 = 391.2\n'
        "valid_from = 2024-03-01T10:00:00Z\n[metadata]"
    )
    ship = variant(("[metadata]", new))
    simulate(ship, days=1, folder=tmp_path / "raw", noise=False)
    lines = (tmp_path / "raw" / "2024-061dat.txt").read_text().splitlines()
    place = lines[0].split("\t").index("std val")
    typed = [x.split("\t")[place] for x in lines if x.startswith("STD3")]
    assert typed == ["374.86"] * 4 + ["391.2"] * 5
    column = lines[0].split("\t").index("CO2 um/m")
    read = [float(x.split("\t")[column]) for x in lines if x.startswith("STD3")]
    assert read[4] - read[3] == pytest.approx(391.2 - 374.86, abs=0.5)


def test_streams_of_one_pattern_have_files_of_their_own(tmp_path):
    same = (('pattern = "*dat.txt"', 'pattern = "*.txt"'),)
    same += (('pattern = "*tsg*.csv"', 'pattern = "*.txt"'),)
    cruise = simulate(variant(*same), days=0.2, folder=tmp_path / "raw")
    assert len({p.name for p in cruise.files}) == 3


def test_a_table_without_run_types_cannot_be_simulated(tmp_path):
    text = TABLE.format(file=DAYS, latitude="", longitude="", dry="true")
    bare = text.replace('run_columns = ["run"]', "")
    with pytest.raises(OptionError, match="run_columns"):
        simulate(
            platforms.parse(bare.encode(), "bare.toml"), days=1, folder=tmp_path / "a"
        )
    assert not list(tmp_path.iterdir())
