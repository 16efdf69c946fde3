"""Raw transmissions of MAPCO2 systems: the real file, other firmware, lost lines."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import OptionError, ReadError
from oceanco2.physics import practical_salinity
from oceanco2.platforms import load
from oceanco2.readers import READERS, read
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.mapco2_raw import (
    END,
    HEAD,
    MINUTES,
    PLATFORM,
    frame,
    labels,
    outcome,
    read_bytes,
    reading,
    text_of,
)
from tests.readers.mutations import mutants, survives

STATES = [
    *("zero_on", "zero_off", "zero_postcal", "span_on", "span_off", "span_postcal"),
    *("equil_on", "equil_off", "air_on", "air_off"),
]
#: What the system printed: cycle, sea water, air.
PRINTED = [
    ("00:00", 407.70, 395.50),
    ("03:00", 491.80, 396.75),
    ("06:00", 585.80, 396.43),
    ("09:00", 513.80, 397.44),
    ("12:00", 534.44, 398.13),
    ("15:00", 540.12, 397.72),
    ("18:00", 620.05, 401.38),
    ("21:00", 452.10, 401.02),
]


@pytest.fixture(scope="module")
def real(data_set):
    return data_set("mapco2_raw_crimp2016/C0006_2016_08_15.txt").read_bytes()


@pytest.fixture(scope="module")
def crimp(data_set):
    return read(load("crimp2_2016"), data_set("mapco2_raw_crimp2016"))["buoy"]


# ---- the real file ------------------------------------------------------------------


def test_eight_cycles_of_ten_readings(crimp):
    assert crimp.sizes["time"] == 80
    assert labels(crimp) == STATES * 8
    kinds, counts = np.unique(crimp["run_type"], return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {
        RUN_TYPES["zero"]: 24,
        RUN_TYPES["span"]: 24,
        RUN_TYPES["ignored"]: 16,
        RUN_TYPES["water"]: 8,
        RUN_TYPES["air"]: 8,
    }
    assert crimp.attrs["reading_notes"] == []


def test_times_are_run_start_plus_minute_not_the_stale_stamps(crimp):
    minutes = (0, 1, 2, 3, 4, 5, 16, 17, 18, 18)
    start = np.datetime64("2016-08-15T00:00", "ns")
    hours = np.repeat(np.arange(0, 24, 3), 10) * np.timedelta64(1, "h")
    expected = start + hours + np.tile(minutes, 8) * np.timedelta64(1, "m")
    np.testing.assert_array_equal(crimp["time"], expected)
    assert str(crimp["clock_fix"].to_numpy()[0]).startswith("2016-08-15T00:05:03")


def test_printed_dry_values_are_delivered_exactly(crimp):
    for state, name, column in (
        ("equil_off", "xCO2_water_SST_dry_delivered", 1),
        ("air_off", "xCO2_atm_dry_actual_delivered", 2),
    ):
        here = np.array(labels(crimp)) == state
        assert crimp[name].to_numpy()[here].tolist() == [p[column] for p in PRINTED]
        assert np.isnan(crimp[name].to_numpy()[~here]).all()


def test_first_cycle_in_usable_units(crimp):
    row = crimp.isel(time=7)
    assert float(row["P_analyser"]) == pytest.approx(1012.3)  # 101.23 kPa
    assert float(row["xCO2"]) == 402.47
    assert float(row["xCO2_std"]) == 0.55
    assert float(row["oxygen_percent"]) == 20.85
    assert (float(row["RH"]), float(row["T_RH"])) == (70.0, 28.1)
    assert float(row["T_analyser"]) == 29.10
    assert (int(row["signal_detector"]), int(row["signal_reference"])) == (
        3359000,
        3265821,
    )
    assert float(row["zero_coefficient"]) == 0.877898
    assert float(row["latitude"]) == pytest.approx(21 + 27.5063 / 60, abs=1e-12)
    assert float(row["longitude"]) == pytest.approx(-157 - 47.9014 / 60, abs=1e-12)


def test_sbe16_belongs_to_the_cycle_before_it(crimp):
    """Salinity of the block is that of its temperature and conductivity (PSS-78)."""
    present = np.isfinite(crimp["SST"].to_numpy())
    assert set(crimp["cycle"].to_numpy()[present].tolist()) == {20160815060000.0}
    assert set(crimp["SST"].to_numpy()[present].tolist()) == {27.0662}
    salinity = float(crimp["salinity"].to_numpy()[present][0])
    assert salinity == 36.9284
    assert salinity == pytest.approx(practical_salinity(57.9313, 27.0662), abs=5e-4)


def test_a_file_is_known_by_its_frames(real):
    entry = READERS["mapco2"]
    assert entry.proven
    assert entry.sniff(real[:65536])
    assert not entry.sniff(b"Mooring,Latitude,Longitude,Date,Time\nNORMAL,1,2,3,4\n")


# ---- every field its own value ------------------------------------------------------


def test_every_field_of_every_state_is_its_own():
    """Where all inputs differ, a column taken for another would show."""
    ds, messages = read_bytes(text_of(frame()))
    assert messages == []
    n = np.arange(10)
    expected = {
        "T_analyser": 28 + n / 10,
        "P_analyser": 10 * (95 + n),
        "xCO2": 400 + n,
        "oxygen_percent": 19 + n / 10,
        "RH": 50 + n,
        "T_RH": 27 + n / 10,
        "signal_detector": 3700000 + n,
        "signal_reference": 3200000 + n,
    }
    for name, values in expected.items():
        np.testing.assert_allclose(ds[name], values, rtol=1e-12, err_msg=name)
    for name, value in (
        ("SST", 27.123),
        ("salinity", 34.5678),
        ("zero_coefficient", 0.877898),
        ("span_coefficient", 0.714991),
        ("span2_coefficient", 0.123456),
    ):
        assert set(ds[name].to_numpy().tolist()) == {value}


def test_all_seventeen_fields_and_their_scatter_are_columns():
    columns = ("minute", "licor temp sd", "licor press sd", "xCO2 sd", "O2 sd")
    columns += ("RH sd", "RH temp sd", "raw 1 sd", "raw 2 sd", "logic battery", "wind")
    for column in columns:
        changed = PLATFORM.replace('"xCO2 sd"', f'"{column}"')
        ds, _ = read_bytes(text_of(frame()), changed)
        assert np.isfinite(ds["xCO2_std"]).all(), column
    changed = PLATFORM.replace('"xCO2 sd"', '"raw 2 sd"')
    ds, _ = read_bytes(text_of(frame()), changed)
    assert ds["xCO2_std"].to_numpy().tolist() == [1000.0 + n for n in range(10)]


def test_span_byte_comes_first():
    ds, _ = read_bytes(text_of(frame(flags="FF08")))
    assert set(ds["span_status"].to_numpy().tolist()) == {255.0}
    assert set(ds["zero_status"].to_numpy().tolist()) == {8.0}


# ---- other firmware -----------------------------------------------------------------


def test_older_firmware_has_eighteen_fields_and_a_short_fix():
    system = "10.4 10.1 00.877898 00.714991 0100 27.123 0.001 05.79313 0.0002"
    system += " 34.5678 0.0003 001.5 0.01 002.5 0.02 101 102 003.5"
    fix = "08/15/2016 00:05:03 2127.5063 N 15747.9014 W 0040"
    head = "NORM 00000 00000 2016/08/15 00:00:00    TEST 0042"
    ds, messages = read_bytes(text_of(frame(system=system, fix=fix, head=head)))
    assert messages == []
    assert float(ds["span_status"][0]) == 1
    assert float(ds["span_coefficient"][0]) == 0.714991
    assert np.isnan(ds["span2_coefficient"]).all()
    assert float(ds["SST"][0]) == 27.123
    assert float(ds["latitude"][0]) == pytest.approx(21.458438, abs=1e-6)


def test_a_system_line_of_five_fields_and_sensors_that_are_not_fitted():
    ds, _ = read_bytes(text_of(frame(system="10.4 10.1 00.877898 00.714991 0000")))
    assert np.isnan(ds["SST"]).all()
    assert float(ds["span_coefficient"][0]) == 0.714991
    zeros = "10.4 10.1 00.877898 00.714991 00.000000 0000 00.000 0.000 00.00000 0.0000"
    zeros += " 00.0000 0.0000 000.0 0.00 000.0 0.00 000 000 000.0"
    ds, _ = read_bytes(text_of(frame(system=zeros)))
    assert np.isnan(ds["SST"]).all()
    assert np.isnan(ds["salinity"]).all()


@pytest.mark.parametrize(
    "fix",
    [
        "00/00/0000 00:00:00 0000.0000 N 00000.0000 E 0155",
        "00/00/0000 00:00:00 0000.0000 N 00000.0000 W 0155 0.0 2016/02/07 12:38:33",
        "00/00/0000 00:00:00",
        None,
    ],
)
def test_no_fix_is_no_position(fix):
    ds, _ = read_bytes(text_of(frame(fix=fix), frame("2016/08/15 03:00:00")))
    assert ds.sizes["time"] == 20
    assert np.isnan(ds["latitude"].to_numpy()[:10]).all()
    assert np.isfinite(ds["latitude"].to_numpy()[10:]).all()


def test_the_minute_is_no_state():
    """Two firmwares, same states."""
    other = [reading(m, n) for n, m in enumerate((0, 1, 2, 3, 4, 5, 16, 17, 18, 18))]
    ds, _ = read_bytes(text_of(frame(), frame("2016/08/15 03:00:00", readings=other)))
    assert labels(ds) == STATES * 2


def test_fast_frames_are_measurements_and_deployment_frames_are_not():
    fast = HEAD.format(start="2016/08/15 03:00:00").replace("NORM", "FAST")
    depl = HEAD.format(start="2016/08/15 06:00:00").replace("NORM", "DEPL")
    ds, messages = read_bytes(
        text_of(frame(), frame(head=fast, fix=None), frame(head=depl, fix=None))
    )
    assert messages == []
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    assert np.flatnonzero(water).tolist() == [7, 17]
    assert labels(ds)[27] == "DEPL_equil_off"


def test_several_files_and_their_offset():
    files = {
        "C0042_2016_08_16.txt": text_of(frame("2016/08/16 00:00:00")),
        "C0042_2016_08_15.txt": text_of(frame()),
    }
    ds, _ = read_bytes(files)
    assert ds.sizes["time"] == 20
    assert ds.attrs["source_files"] == sorted(files)
    late = PLATFORM.replace(
        'reader = "mapco2"', 'reader = "mapco2"\noptions = { offset_seconds = 30 }'
    )
    ds, _ = read_bytes(text_of(frame()), late)
    assert str(ds["time"].to_numpy()[0]).startswith("2016-08-15T00:01:30")
    with pytest.raises(OptionError, match="offset_seconds must be a number, not 'x'"):
        read_bytes(text_of(frame()), late.replace("= 30", '= "x"'))


# ---- lines that are lost, short, repeated, in between -------------------------------


def test_a_frame_that_ends_early_gives_the_lines_it_has():
    lines = frame()[:7]  # four readings
    ds, messages = read_bytes(text_of(frame("2016/08/14 21:00:00"), lines))
    assert labels(ds)[10:] == STATES[:4]
    assert messages == []


def test_a_short_line_costs_only_itself():
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    lines[7] = " ".join(lines[7].split()[:12])
    ds, messages = read_bytes(text_of(frame(readings=lines)))
    assert labels(ds) == STATES
    assert ds["damaged"].to_numpy().tolist() == [0] * 7 + [1] + [0] * 2
    assert np.isnan(ds["xCO2"].to_numpy()[7])
    assert np.isfinite(np.delete(ds["xCO2"].to_numpy(), 7)).all()
    assert "line 11 with a different number of fields" in messages[0]


def test_a_cell_that_is_no_number_costs_only_itself():
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    lines[7] = lines[7].replace("0407.00", "04#7.00")
    ds, messages = read_bytes(text_of(frame(readings=lines)))
    assert np.isnan(ds["xCO2"].to_numpy()[7])
    assert float(ds["RH"][7]) == 57
    assert int(ds["damaged"][7]) == 1
    assert "'04#7.00' is not a number" in messages[0]


@pytest.mark.parametrize("lost", range(10))
def test_a_lost_line_is_known_by_the_minutes_of_whole_frames(lost):
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    del lines[lost]
    ds, _ = read_bytes(text_of(frame(), frame("2016/08/15 03:00:00", readings=lines)))
    states = STATES.copy()
    del states[lost]
    assert labels(ds)[10:] == states


def test_a_lost_line_without_a_known_position_is_reported():
    lines = [reading(m, n) for n, m in enumerate(MINUTES) if n != 3]
    ds, messages = read_bytes(text_of(frame(readings=lines)))
    assert set(labels(ds)) == {"unplaced"}
    assert (ds["run_type"] == RUN_TYPES["ignored"]).all()
    assert "state of the reading unknown" in messages[0]
    # Minutes that occur twice leave the two readings open, and no others.
    twice = (0, 1, 2, 3, 4, 5, 16, 17, 18, 18)
    whole = [reading(m, n) for n, m in enumerate(twice)]
    ds, _ = read_bytes(
        text_of(
            frame(readings=whole),
            frame("2016/08/15 03:00:00", readings=whole[:9]),
        )
    )
    assert labels(ds)[10:] == [*STATES[:8], "unplaced"]


def test_auxiliary_blocks_in_between_are_kept_apart():
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    block = ["Seafet Data", "03/14/2017 12:06:32  06", "8.11326 0.00112 8.11203"]
    sami = ["PH", "2017/04/06 03:03:22 ", "^0A", "*FEE70AD50B60830589080B08F0", ""]
    lines[4:4] = [*block, "End Seafet Data", "", *sami, "END PH"]
    ds, messages = read_bytes(text_of(frame(readings=lines)))
    assert labels(ds) == STATES
    assert messages == []


def test_a_block_without_an_end_does_not_swallow_readings():
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    lines[4:4] = ["Seafet Data", "03/14/2017 12:06:32  06"]
    ds, _ = read_bytes(text_of(frame(readings=lines), frame("2016/08/15 03:00:00")))
    assert labels(ds) == STATES * 2


def test_a_frame_sent_twice_is_one():
    ds, _ = read_bytes(text_of(frame(), frame(), frame("2016/08/15 03:00:00")))
    assert ds.sizes["time"] == 20
    assert ds.attrs["rows_duplicated"] == 10
    lines = [reading(m, n) for n, m in enumerate(MINUTES)]
    ds, _ = read_bytes(text_of(frame(readings=[*lines[:5], *lines[4:]])))
    assert labels(ds) == STATES


def test_a_lost_head_does_not_lend_its_readings_to_the_cycle_before():
    ds, messages = read_bytes(text_of(frame(), frame(head=None)))
    assert ds.sizes["time"] == 10
    assert ds.attrs["rows_rejected"] == 10
    assert "without a readable time" in " ".join(messages)


def test_a_clock_that_was_reset_is_reported_not_corrected():
    ds, messages = read_bytes(
        text_of(frame(), frame("2000/01/01 00:00:00", "08/15/2016"))
    )
    assert str(ds["time"].to_numpy()[0]).startswith("2000-01-01")
    assert "the satellite fix is" in messages[0]
    assert ds.sizes["time"] == 20


def test_leap_days_and_midnight():
    text = text_of(frame("2016/02/28 23:50:00"), frame("2016/02/29 23:50:00"))
    ds, _ = read_bytes(text)
    assert str(ds["time"].to_numpy()[9]).startswith("2016-02-29T00:11")
    assert str(ds["time"].to_numpy()[-1]).startswith("2016-03-01T00:11")
    ds, messages = read_bytes(text_of(frame("2015/02/29 00:00:00"), frame()))
    assert ds.attrs["rows_rejected"] == 10
    assert "without a readable time" in messages[-1]


def test_what_ends_in_the_middle_of_a_number_is_not_believed():
    whole = text_of(frame(), frame("2016/08/15 03:00:00"))
    ds, _ = read_bytes(whole.rstrip()[:-2])  # 0395.
    assert float(ds["xCO2_atm_dry_actual_delivered"][9]) == 395.5
    assert np.isnan(ds["xCO2_atm_dry_actual_delivered"][19])
    assert float(ds["xCO2_water_SST_dry_delivered"][17]) == 407.7
    cut = whole[: whole.rindex(END) - 3]  # 01009 has become 010
    ds, _ = read_bytes(cut)
    assert ds["damaged"].to_numpy().tolist() == [0] * 19 + [1]
    assert np.isnan(ds["xCO2"].to_numpy()[19])


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\r\r\n"])
def test_line_ends_and_encodings(ends):
    text = text_of(frame()).replace("\n", ends)
    assert read_bytes(text)[0].sizes["time"] == 10
    assert read_bytes(text.encode("utf-16"))[0].sizes["time"] == 10
    ds, messages = read_bytes(b"\xb5\xe9" + ends.encode() + text.encode("latin-1"))
    assert ds.sizes["time"] == 10
    assert "skipped line 1: not recognised" in messages[0]


def test_files_of_other_kinds_are_refused_in_one_line():
    for content in ("time,CO2\n1,2\n", "NORMAL text about FASTing\n", " \n"):
        ds, message = outcome(content)
        assert ds is None
        assert len(message) == 1
    with pytest.raises(ReadError, match="contains no MAPCO2 frame"):
        read_bytes("Mooring,Latitude\n1,2\n")


# ---- mutations of the real file -----------------------------------------------------


def test_cut_at_any_byte(real):
    """Every whole line before the cut is a row with the value it has in the file."""
    whole, _ = read_bytes(real)
    rows = whole["source_row"].to_numpy()
    xco2 = whole["xCO2"].to_numpy()
    for cut in range(40, len(real), 97):
        ds, message = outcome(real[:cut])
        complete = rows[rows <= real[:cut].count(b"\n")]
        if ds is None:
            assert complete.size == 0
            assert message
            continue
        sound = ds["damaged"].to_numpy() == 0
        assert set(complete.tolist()) <= set(ds["source_row"].to_numpy().tolist())
        present = np.isin(rows, ds["source_row"].to_numpy()[sound])
        np.testing.assert_array_equal(ds["xCO2"].to_numpy()[sound], xco2[present])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_accidents_cost_rows_or_give_one_clear_error(tmp_path, real, data):
    """Cut, repeated, interleaved, in another encoding or with other line ends."""
    content = data.draw(mutants(real))
    result = survives(load("crimp2_2016"), tmp_path, content, "C0006_x.txt")
    if result is not None:
        ds = result[0]["buoy"]
        rejected, doubled = ds.attrs["rows_rejected"], ds.attrs["rows_duplicated"]
        assert ds.sizes["time"] == ds.attrs["rows_read"] - rejected - doubled


BYTES = st.binary(min_size=0, max_size=30)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_mutated_files_give_rows_or_one_clear_error(real, data):
    content = bytearray(real)
    for _ in range(data.draw(st.integers(1, 4))):
        size = len(content)
        where = data.draw(st.integers(0, size - 1))
        far = min(size, where + data.draw(st.integers(0, 2500)))
        kind = data.draw(st.sampled_from(["drop", "double", "move", "noise", "swap"]))
        piece = bytes(content[where:far])
        if kind == "drop":
            del content[where:far]
        elif kind == "double":
            content[where:where] = piece
        elif kind == "move":
            del content[where:far]
            at = data.draw(st.integers(0, len(content)))
            content[at:at] = piece
        elif kind == "noise":
            content[where : where + 3] = data.draw(BYTES)
        else:
            old, new = data.draw(
                st.sampled_from(
                    [(b"2016/08/15", b"2016/02/29"), (b"2016/08", b"1980/01")]
                )
            )
            content = bytearray(bytes(content).replace(old, new, 1))
        if not content:
            content = bytearray(b" ")
    ds, message = outcome(bytes(content))
    if ds is None:
        return
    original = {float(x) for x in np.unique(read_bytes(real)[0]["xCO2"])}
    kept = ds["xCO2"].to_numpy()
    assert ds.sizes["time"] == ds.attrs["rows_read"] - sum(
        ds.attrs[key] for key in ("rows_rejected", "rows_duplicated")
    )
    # Noise may change digits of a line or two; all others are as they were sent.
    strange = [x for x in kept[np.isfinite(kept)] if float(x) not in original]
    assert len(strange) <= 16
    assert isinstance(message, list)
