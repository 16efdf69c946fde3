"""PMEL MAPCO2: raw frames, whole, cut, mixed with other instruments."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import PlatformError, ReadError
from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.pipeline import check, process
from oceanco2.platforms import FileDefinition, available, parse
from oceanco2.readers import READERS
from oceanco2.readers.mapco2 import STATES
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import Wanted

SET = "mapco2_raw_crimp2016"
PRINTED = {
    "xCO2_water_SST_dry": [
        *(407.70, 491.80, 585.80, 513.80, 534.44, 540.12, 620.05, 452.10)
    ],
    "xCO2_atm_dry_actual": [
        *(395.50, 396.75, 396.43, 397.44, 398.13, 397.72, 401.38, 401.02)
    ],
}
FRAME = """NORM 03345 10752 2016/02/28 23:55:00    DEMO 0006 06.09 03/27/2015
02/28/2016 23:55:03 2127.5000 S 15747.0000 E 0040
10.4 10.1 00.877898 00.714991 {flags} {met}
{lines}
SW_xCO2(dry) 0407.70 Atm_xCO2(dry) 0395.50
"""


def cut(content):
    definition = FileDefinition(reader="mapco2")
    return READERS["mapco2"].read(
        definition, RawFile("x.txt", content, ""), Wanted.of([], [])
    )


def frame(count=10, flags="0000"):
    """Every number of every line differs (pump on is not pump off)."""
    lines = [
        " ".join([f"{i + 1:02d}", *(f"{100 * i + j}.5" for j in range(16))])
        for i in range(count)
    ]
    return FRAME.format(
        flags=flags, met=" ".join(["0.0"] * 13), lines="\n".join(lines)
    ).encode()


@pytest.fixture(scope="module")
def crimp(data_set):
    return process("crimp2_2016", [data_set(SET)])


def test_eight_cycles_and_what_the_system_printed(crimp):
    """README: 8 cycles, exact on-board values; recomputed within 0.2 umol/mol."""
    assert crimp.sizes["time"] == 80
    assert str(crimp["time"].to_numpy()[0])[:19] == "2016-08-15T00:00:00"
    for name, values in PRINTED.items():
        printed = crimp[f"{name}_delivered"].to_numpy()
        rows = np.isfinite(printed)
        assert printed[rows].tolist() == values
        assert np.abs(crimp[name].to_numpy()[rows] - printed[rows]).max() < 0.2
        assert rows.sum() == np.isfinite(crimp[name]).sum()


def test_humidity_of_the_span_gas_is_of_the_flow_off_line(data_set):
    """With that of the post-cal line the values would be 1.2 to 2.0 too low."""
    table = cut(next(data_set(SET).glob("C0006*.txt")).read_bytes())
    state = table.column("state")
    water, post = state == "equil off", state == "span postcal"
    low = mapco2_dry_mole_fraction(
        table.column("xCO2")[water],
        table.column("Licor press")[water] * 10.0,
        table.column("RH")[water],
        table.column("RH temp")[water],
        table.column("RH")[post],
    )
    off = low - PRINTED["xCO2_water_SST_dry"]
    assert off.max() < -0.7


def test_position_and_ctd(crimp):
    assert crimp["latitude"].to_numpy()[0] == pytest.approx(21 + 27.5063 / 60)
    assert crimp["longitude"].to_numpy()[0] == pytest.approx(-157 - 47.9014 / 60)
    sst = crimp["SST"].to_numpy()
    assert np.nanmax(sst) == 27.0662
    assert np.isfinite(sst).sum() == 10  # one cycle has a CTD block
    assert np.isfinite(crimp["fCO2_atm_wet_actual"]).sum() == 1


def test_state_follows_from_the_position_of_the_line():
    table = cut(frame())
    assert table.column("state").tolist() == list(STATES)
    assert table.column("xCO2").tolist() == [100.0 * i + 4.5 for i in range(10)]
    assert table.column("raw 2 sd")[3] == 315.5
    assert table.column("span RH")[0] == 408.5  # span flow off, the fifth line
    assert table.column("latitude")[0] == pytest.approx(-(21 + 27.5 / 60))
    seconds = table.column("seconds")
    start = np.datetime64("1970-01-01") + np.timedelta64(int(seconds[5]), "s")
    assert str(start) == "2016-02-29T00:01:00"


def test_a_frame_that_ends_early_gives_the_lines_it_has():
    whole = frame()
    part = whole[: whole.index(b"08 700.5") + 20]
    table = cut(part)
    assert table.column("state").tolist() == list(STATES[:8])
    assert table.damaged.tolist() == [False] * 7 + [True]


def test_lost_lines_in_a_whole_frame_are_not_guessed():
    table = cut(frame(count=9))
    assert set(table.column("state")) == {"unknown"}
    assert "9 data lines" in table.doubts[0]


@pytest.mark.parametrize(
    ("flags", "flag"), [("0000", "2"), ("FF00", "4"), ("00FF", "4"), ("0001", "3")]
)
def test_flags_span_first_zero_second(flags, flag):
    """Also of older firmware, without a second span coefficient."""
    for text in (flags, f"00.000000 {flags}"):
        assert set(cut(frame(flags=text)).column("flags")) == {flag}


def test_not_a_frame():
    with pytest.raises(ReadError, match="NORM or FAST"):
        cut(b"time,CO2\n1,2\n")


def test_what_the_model_needs_is_told():
    text = Path(available()["crimp2_2016"]).read_text(encoding="utf-8")
    without = "\n".join(line for line in text.split("\n") if "RH_span" not in line)
    with pytest.raises(PlatformError, match="RH_span"):
        check(parse(without.encode(), "x.toml"))


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_damage_costs_only_itself(data_set, data):
    whole = next(data_set(SET).glob("C0006*.txt")).read_bytes()
    at = data.draw(st.integers(0, len(whole)), label="at")
    to = data.draw(st.integers(at, len(whole)), label="to")
    kind = data.draw(st.sampled_from(["cut", "again", "bytes", "gap"]), label="kind")
    noise = data.draw(st.binary(max_size=12), label="noise")
    spoilt = {
        "cut": whole[:at],
        "again": whole[:to] + whole[at:to] + whole[to:],
        "bytes": whole[:at] + noise + whole[at:],
        "gap": whole[:at] + whole[to:],
    }[kind]
    try:
        table = cut(spoilt)
    except ReadError:  # one clear line; anything else fails
        return
    if kind in ("again", "bytes"):
        assert table.lines.size >= 68  # one frame may be lost, and its neighbour
    assert set(table.column("state")) <= {*STATES, "unknown"}
