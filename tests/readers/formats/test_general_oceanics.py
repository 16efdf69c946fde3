"""Logs of the General Oceanics system, with everything that happens to them."""

import sys

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import DataWarning, OptionError, ReadError
from oceanco2.readers import READERS, read
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.conftest import small_platform

GO = 'reader = "general_oceanics"'
XCO2 = 'xCO2 = { column = "CO2 um/m", units = "umol mol-1" }'
HEAD = "Type\terror\tPC Date\tPC Time\tGPS date\tgps time\tlatitude\tlongitude"
HEAD += "\tlatitude\tequ temp\tstd val\tCO2 um/m\tSST\n"


def row(label, clock, x="400.5", std="", date="06/07/2019", gps="06/07/2019"):
    """A clock of the receiver 80 s behind that of the computer."""
    hour, minute = clock.split(":")
    behind = f"{hour}:{int(minute) - 2:02d}:40"
    cells = [label, "0", date, f"{clock}:00", gps, behind]
    return "\t".join([*cells, "70.5", "-19.25", "70", "8.5", std, x, "9.5"]) + "\n"


@pytest.fixture
def log(tmp_path):
    def make(*texts, table=GO, variables=XCO2, more="", place=False):
        for i, text in enumerate(texts):
            raw = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{i}dat.txt").write_bytes(raw)
        platform = small_platform(table, variables, more)
        if place:
            available = {
                k: v for k, v in platform.variables.items() if not k.startswith("l")
            }
            platform = platform.model_copy(update={"variables": available})
        return read(platform, tmp_path)["a"]

    return make


def words(ds):
    names = {code: word for word, code in RUN_TYPES.items()}
    return [names[code] for code in ds["run_type"].to_numpy()]


def labels(ds):
    attrs = ds["run_label"].attrs
    values = attrs["flag_values"].tolist()
    named = dict(zip(values, attrs["flag_meanings"].split(), strict=True))
    return [named[code] for code in ds["run_label"].to_numpy()]


def test_one_log(log):
    ds = log(HEAD + row("EQU", "10:05") + row("ATM", "10:07", "NaN"))
    assert ds["time"].to_numpy()[0] == np.datetime64("2019-07-06T10:05:00", "ns")
    np.testing.assert_array_equal(ds["xCO2"], [400.5, np.nan])
    assert words(ds) == ["water", "air"]
    assert labels(ds) == ["EQU", "ATM"]
    assert ds["standard"].to_numpy().tolist() == [-1, -1]
    assert ds["run_label"].dtype == np.int16
    assert ds["run_type"].dtype == np.int8


def test_position_is_read_without_being_named(log):
    ds = log(HEAD + row("EQU", "10:05"), place=True)
    assert ds["latitude"].item() == 70.5
    assert ds["longitude"].item() == -19.25


def test_columns_by_name_case_and_occurrence(log):
    ds = log(
        HEAD.replace("equ temp", " EQU Temp ") + row("EQU", "10:05"),
        variables=XCO2
        + '\nT_equ = { column = "equ temp", units = "degC" }'
        + '\nlatitude = { column = "Latitude", occurrence = 2 }'
        + '\nSST = { column = "sst", units = "degC" }',
    )
    assert ds["T_equ"].item() == 8.5
    assert ds["latitude"].item() == 70.0
    assert ds["SST"].item() == 9.5


# ---- clocks and dates ---------------------------------------------------------------


def times(ds):
    return [str(t)[:19] for t in ds["time"].to_numpy()]


def test_clocks(log):
    text = HEAD + row("EQU", "10:05")
    assert times(log(text)) == ["2019-07-06T10:05:00"]
    gps = log(text, table=GO + '\noptions = { clock = "gps" }')
    assert times(gps) == ["2019-07-06T10:03:40"]
    table = GO + '\noptions = { clock = "pc", offset_seconds = -80 }'
    pc = log(text, table=table)
    assert times(pc) == ["2019-07-06T10:03:40"]
    message = "clock of 'gps time' minus the one used: median 0 s, from 0 to 0 s"
    assert message in pc.attrs["reading_notes"]


def test_a_receiver_without_satellites(log):
    """The other clock stands in, corrected by what lies between the two."""
    text = HEAD + row("EQU", "10:05") + row("EQU", "10:07", gps="//")
    assert times(log(text)) == ["2019-07-06T10:05:00", "2019-07-06T10:07:00"]
    ds = log(text, table=GO + '\noptions = { clock = "gps" }')
    assert times(ds) == ["2019-07-06T10:03:40", "2019-07-06T10:05:40"]
    message = "1 rows have a time of that clock only: used, 80 s subtracted"
    assert message in ds.attrs["reading_notes"]


def test_rows_without_any_clock_are_counted_and_reported(log):
    text = HEAD + row("EQU", "10:05") + row("EQU", "10:07", gps="//", date="")
    with pytest.warns(DataWarning, match=r"0dat\.txt: line 3 without a readable time"):
        ds = log(text)
    assert times(ds) == ["2019-07-06T10:05:00"]
    assert (ds.attrs["rows_read"], ds.attrs["rows_rejected"]) == (2, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            'clock = "gsp"',
            "clock must be one of pc, gps, not 'gsp'. Did you mean 'gps'",
        ),
        ('clok = "gps"', "no option named 'clok'. Did you mean 'clock'"),
        ('offset_seconds = "x"', "offset_seconds must be a number, not 'x'"),
    ],
)
def test_options(log, options, message):
    with pytest.raises(OptionError, match=message):
        log(HEAD + row("EQU", "10:05"), table=GO + f"\noptions = {{ {options} }}")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("06/07/19", "31/07/19"), ["2019-07-06", "2019-07-31"]),
        (("06/07/2019", "31/07/2019"), ["2019-07-06", "2019-07-31"]),
        (("06.07.2019", "31.07.2019"), ["2019-07-06", "2019-07-31"]),
        (("06-07-2019", "31-07-2019"), ["2019-07-06", "2019-07-31"]),
        (("07/06/19", "07/31/19"), ["2019-07-06", "2019-07-31"]),
        (("07/06/2019", "07/31/19"), ["2019-07-06", "2019-07-31"]),
        (("2019-07-06", "2019-07-31"), ["2019-07-06", "2019-07-31"]),
        (("06/07/19", "07/07/19"), ["2019-07-06", "2019-07-07"]),
        (("07/06/19", "07/07/19"), ["2019-07-06", "2019-07-07"]),
    ],
)
def test_day_and_month_are_distinguished_by_all_files_together(log, dates, expected):
    one, two = (HEAD + row("EQU", "10:05", date=d, gps=d) for d in dates)
    for ds in (log(one, two), log(two, one)):
        assert [t[:10] for t in times(ds)] == expected
    noted = any("first assumed" in n for n in ds.attrs["reading_notes"])
    assert noted is ("31" not in "".join(dates))


def test_dates_that_contradict_each_other(log):
    one = HEAD + row("EQU", "10:05", date="31/07/2019")
    two = HEAD + row("EQU", "10:05", date="07/30/2019")
    with pytest.raises(ReadError, match="'31/07/2019' has the day first, '07/30/2019'"):
        log(one, two)


# ---- headers ------------------------------------------------------------------------


def test_the_header_may_come_again_and_change(log):
    other = "Type\tPC Date\tPC Time\tCO2 um/m\tnew\tlatitude\n"
    text = HEAD + row("EQU", "10:05") + HEAD + row("EQU", "10:07", "401")
    text += other + "EQU\t06/07/2019\t10:09:00\t402\t7\t71\n"
    ds = log(
        text + HEAD + row("EQU", "10:11", "403"),
        variables=XCO2 + '\nSST = { column = "new", units = "degC" }',
    )
    np.testing.assert_array_equal(ds["xCO2"], [400.5, 401, 402, 403])
    np.testing.assert_array_equal(ds["SST"], [np.nan, np.nan, 7, np.nan])
    assert ds["source_row"].to_numpy().tolist() == [2, 4, 6, 8]
    assert not ds["damaged"].any()


def test_files_with_other_columns_are_joined_by_name(log):
    other = "Type\tPC Date\tPC Time\tCO2 um/m\n"
    ds = log(
        HEAD + row("EQU", "10:05"),
        other + "EQU\t06/07/2019\t10:09:00\t402\n",
        variables=XCO2 + '\nSST = { column = "SST", units = "degC" }',
    )
    np.testing.assert_array_equal(ds["SST"], [9.5, np.nan])
    assert "1dat.txt: no column 'SST', treated as missing" in ds.attrs["reading_notes"]


def test_lines_before_the_header_are_reported(log):
    with pytest.warns(DataWarning, match="0dat.txt: 1 lines before the header"):
        ds = log(row("EQU", "10:03") + HEAD + row("EQU", "10:05"))
    assert ds.sizes["time"] == 1


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "Type\tdate\nEQU\t1\n", "Type\n"])
def test_what_is_no_such_log(log, text):
    with pytest.raises(ReadError, match=r"0dat\.txt: not a General Oceanics log") as c:
        log(text)
    assert "\n" not in str(c.value)


# ---- run types ----------------------------------------------------------------------


def run_types(log, names, **keys):
    text = HEAD + "".join(row(n, f"10:{i + 10}") for i, n in enumerate(names))
    return log(text, **keys)


def test_run_types_that_are_known(log):
    names = ["EQU", "EQU-DRAIN", "ATM", "atm-drain", "STD1", "STD2-DRAIN", "STD1z"]
    names += ["STD1z-DRAIN", "STD5s", "STD5s-DRAIN", " equ ", "FILTER", "WAKE UP"]
    names += ["GO TO SLEEP", "SHUT DOWN", "EMERGENCY STOP", "IGN"]
    expected = ["water", "water", "air", "air", "standard", "standard", "zero", "zero"]
    expected += ["span", "span", "water"] + ["ignored"] * 6
    ds = run_types(log, names)
    assert words(ds) == expected
    meanings = ds["run_label"].attrs["flag_meanings"].split()
    assert {"EQU-DRAIN", "GO_TO_SLEEP", "STD1z-DRAIN"} <= set(meanings)
    assert len(meanings) == len(ds["run_label"].attrs["flag_values"])


def test_a_drain_without_a_name_belongs_to_the_run_before(log):
    ds = run_types(
        log, ["EQU", "STD2", "DRAIN", "ATM", "DRAIN"], more=STANDARDS + DRAIN
    )
    assert words(ds) == ["water", "standard", "standard", "air", "air"]
    assert ds["standard"].to_numpy().tolist() == [-1, 0, 0, -1, -1]


STANDARDS = """
[[standards]]
run = "STD2"
xCO2 = 250.0
[[standards]]
run = "std3"
xCO2 = 400.0
[[standards]]
run = "STD2"
xCO2 = 251.0
valid_from = 2019-07-06T10:12:30Z
"""
DRAIN = '[runs]\n"DRAIN" = "same"\n'


def test_standards_in_force(log):
    names = ["STD2", "STD2-DRAIN", "STD3", "STD2", "STD4", "STD2z", "EQU"]
    ds = run_types(log, names, more=STANDARDS)
    assert ds["standard"].to_numpy().tolist() == [0, 0, 1, 2, -1, -1, -1]


def test_a_platform_file_adds_and_overrides(log):
    more = '[runs]\n"EQU2" = "water"\n"FILTER" = "air"\n"std*" = "ignored"\n'
    more += '[accepted]\nruns = "another program of the valves"\n'
    ds = run_types(log, ["EQU2", "FILTER", "STD1", "STD1z", "ATM"], more=more)
    assert words(ds) == ["water", "air", "ignored", "zero", "air"]


def test_an_unknown_run_type(log):
    message = r"0dat\.txt:3: no run type named 'EQI'\. Did you mean 'EQU'.*\(2 rows\)"
    with pytest.raises(ReadError, match=message) as caught:
        run_types(log, ["EQU", "EQI", "EQI"])
    assert "\n" not in str(caught.value)
    assert '"EQI" = "ignored"' in str(caught.value)
    with pytest.warns(
        DataWarning, match=r"unknown run type 'EQI' \(2 rows\): these rows"
    ):
        ds = run_types(log, ["EQU", "EQI", "EQI"], more='[runs]\nunknown = "ignored"\n')
    assert words(ds) == ["water", "unknown", "unknown"]


def test_rows_without_a_run_type(log):
    with pytest.warns(DataWarning, match=r"0dat\.txt:3: no run type \(1 rows\)"):
        ds = run_types(log, ["EQU", ""])
    assert words(ds) == ["water", "unknown"]


def test_labels_of_damaged_rows_are_not_judged(log):
    text = HEAD + row("EQU", "10:05") + "EQ\t0\t06/07/2019\t10:07:00\t06\n"
    with pytest.warns(DataWarning, match="line 3 with a different number of fields"):
        ds = log(text + row("EQU", "10:09"))
    assert labels(ds) == ["EQU", "EQ", "EQU"]
    assert words(ds) == ["water", "unknown", "water"]
    assert ds["damaged"].to_numpy().tolist() == [0, 1, 0]


def test_rows_of_sleep_are_read_for_type_and_time_only(log):
    short = "WAKE UP\t0\t06/07/2019\t10:01:00\t06/07/2019\t10:00:00\t70\t-19\t3.15\n"
    shifted = row("FILTER", "10:03", x="1.5")
    text = HEAD + short + shifted + row("EQU", "10:05")
    ds = log(text, variables=XCO2 + '\nlatitude = { column = "latitude" }')
    assert labels(ds) == ["WAKE_UP", "FILTER", "EQU"]
    np.testing.assert_array_equal(ds["xCO2"], [np.nan, np.nan, 400.5])
    np.testing.assert_array_equal(ds["latitude"], [np.nan, np.nan, 70.5])
    assert not ds["damaged"].any()


# ---- concentrations as typed --------------------------------------------------------


def test_concentrations_that_the_operator_typed_wrong(log):
    text = (
        HEAD + row("STD2", "10:05", std="260") + row("STD2-DRAIN", "10:07", std="NaN")
    )
    text += row("STD2", "10:09", std="250.2") + row("STD3", "10:11", std="400.4")
    text += row("STD2z", "10:13", std="0")
    with pytest.warns(DataWarning) as caught:
        ds = log(text, more=STANDARDS)
    messages = [str(w.message) for w in caught]
    assert messages == [
        "run STD2: 'std val' is 260 in 1 of 2 rows, the platform file says 250"
        ' (which is used). If this is right: [accepted] standards.STD2 = "why"'
    ]
    assert ds["standard"].to_numpy().tolist() == [0, 0, 0, 1, -1]


def test_a_log_without_that_column(log):
    text = (HEAD + row("STD2", "10:05")).replace("std val", "x")
    assert log(text, more=STANDARDS).sizes["time"] == 1


# ---- units --------------------------------------------------------------------------


def test_pressures_in_kilopascal(log):
    text = HEAD.replace("SST", "druck") + row("EQU", "10:05").replace("9.5", "101.3")
    ds = log(text, variables='P_atm = { column = "Druck", units = "kPa" }')
    assert ds["P_atm"].item() == pytest.approx(1013.0)


def test_the_registry_says_what_a_reader_is():
    entry = READERS["general_oceanics"]
    assert entry.proven
    assert "doi:10.1016/j.dsr2.2008.12.005" in entry.cite
    for name, other in READERS.items():
        assert other.name == name
        assert other.description


def test_a_reader_of_ones_own(tmp_path, monkeypatch):
    from oceanco2.readers.reader import reader
    from oceanco2.readers.table import table_of
    from oceanco2.registry import Registry

    fresh = Registry("reader")
    for name, entry in READERS.items():
        fresh.add(name, entry)
    for module in ("reader", "stream"):
        monkeypatch.setattr(sys.modules[f"oceanco2.readers.{module}"], "READERS", fresh)

    @reader("my_logger", description="seconds and values in binary")
    def read_my_logger(definition, raw, required):
        numbers = np.frombuffer(raw.content, dtype=">f8").reshape(-1, 2)
        columns = {"s": numbers[:, 0].astype(float), "T": numbers[:, 1].astype(float)}
        return table_of(columns, np.arange(len(numbers)) + 1)

    raw = np.array([[0.0, 4.5], [60.0, 5.5], [60.0, 5.5]], dtype=">f8").tobytes()
    (tmp_path / "raw.bin").write_bytes(raw)
    platform = small_platform(
        'reader = "my_logger"\ntime = { seconds = "s", since = 2020-01-01 }',
        'SST = { column = "T", units = "degC" }',
    )
    ds = read(platform, tmp_path)["a"]
    np.testing.assert_array_equal(ds["SST"], [4.5, 5.5])
    assert str(ds["time"].to_numpy()[1])[:16] == "2020-01-01T00:01"
    assert ds.attrs["rows_duplicated"] == 1


def test_files_in_any_order_give_the_same(tmp_path):
    platform = small_platform(GO, XCO2)
    for i in range(4):
        body = "".join(row("EQU", f"1{j}:0{5 + i}") for j in range(i, i + 3))
        (tmp_path / f"{i}dat.txt").write_text(HEAD + body)
    files = sorted(tmp_path.iterdir())
    first = read(platform, files)["a"]
    xr.testing.assert_identical(first, read(platform, files[::-1] + files)["a"])


def test_a_log_is_known_by_its_header_wherever_it_stands():
    header = b"Type\terror\tPC Date\tPC Time\tequ temp\n"
    sniff = READERS["general_oceanics"].sniff
    assert sniff(b"EQU\t0\n" + header)
    assert sniff(b"\xff\xb0C\r\r\n" + header.upper())
    assert not sniff(b"Type,error,PC Date,PC Time\n")
    assert not sniff(b"")
