"""SubCTech logs: records that name themselves."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from oceanco2 import pipeline
from oceanco2.errors import DataWarning, ReadError
from oceanco2.platforms import load, parse, shipped
from oceanco2.readers import read
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.mutations import mutants, survives

HEAD = """SW Build Datum: Mar 20 2019/12:03:57
Internal Analyzer Serial: HGA-0000
@SENSOR,,,,,LI840,LI840,LI840,X,GPX16,GPX16,CTD,CTD,,,
@NAME,DATE,TIME,FRAC,CO2,H2O,CellPress,DPressInt,{place},waterTemp,waterCond,{rest}
@UNIT,YYYY-MM-DD,HH:MM:SS,MS,ppm,ppt,mbar,mbar,{units},\ufffdC,mS/cm,hhmmss,STATE
@A0,,,,0.0,0.0,0.0,0.0,,,,,,,
@RATE,,,
""".format(
    place="Latitude,Longitude", rest="GPS Time,STATUS", units="ddmm.mmmm,dddmm.mmmm"
)


def record(second, co2=324.0, state=5, day="2019-05-09", **more):
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    values = {"p": "1020.0", "d": "-10.0", "lat": "4806.0341", "lon": "-0433.1437"}
    values |= more
    return (
        f"@DATA,{day},{clock},0000,{co2},10.0,{values['p']},{values['d']},"
        f"{values['lat']},{values['lon']},12.5,40.0,{second // 60},{state}\n"
    )


def log(records):
    return HEAD + "".join(records)


def platform(**changes):
    text = (shipped() / "oceanpack_2019.toml").read_text()
    lines = [
        x
        for x in text.splitlines()
        if not x.startswith(("T_analyser", "gas_flow ", "ship_", "SST "))
    ]
    text = "\n".join(lines).replace(
        "[variables]", '[variables]\nSST = { column = "waterTemp", units = "degC" }'
    )
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return parse(text.encode(), "small.toml")


@pytest.fixture
def stream(tmp_path):
    def make(content, of=None):
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "a.log").write_bytes(raw)
        return read(of or platform(), tmp_path / "a.log")["oceanpack"]

    return make


@pytest.fixture(scope="module")
def real(data_set):
    return data_set("oceanpack_2019_raw/example_op.log")


def test_the_real_log(real):
    """README of the data set: 1986 records, first position, dry xCO2, salinity."""
    ds = pipeline.process("oceanpack_2019", [real])
    assert ds.sizes["time"] == 1986
    assert not ds["damaged"].any()
    assert ds.attrs["warnings"] == []
    assert float(ds["latitude"][0]) == pytest.approx(48.100568, abs=1e-6)
    assert float(ds["longitude"][0]) == pytest.approx(-4.552395, abs=1e-6)
    assert float(ds["xCO2_water_Tequ_dry"][0]) == pytest.approx(328.423, abs=1e-3)
    salinity = ds["salinity"].to_numpy()
    assert salinity[0] == pytest.approx(34.221, abs=1e-3)
    assert salinity.min() == pytest.approx(33.239, abs=1e-3)
    assert salinity.max() == pytest.approx(34.805, abs=1e-3)
    assert np.median(salinity) == pytest.approx(34.463, abs=1e-3)
    steps = np.diff(ds["time"].to_numpy()) / np.timedelta64(1, "s")
    assert (steps == 10).all()
    # 13.6: P_eq = CellPress - DPressInt, the latter over two minutes.
    assert float(ds["P_equ"][0]) == pytest.approx(1022.57 + 11.23, abs=0.1)
    assert ds["P_equ"].attrs["smoothing"].endswith("120 s of DPressInt")
    np.testing.assert_array_equal(ds["T_equ"], ds["SST"])
    assert np.isfinite(ds["fCO2_water_SST_wet"]).all()
    # No standards: nothing is passed on as calibrated.
    assert (ds["fCO2_water_SST_wet_flag"] >= 3).all()
    notes = " ".join(ds.attrs["reading_notes"])
    assert "HGA-2235" in notes
    assert "clock of the GPS minus the one used: median 117 s" in notes
    ahead = ds["clock_gps"].to_numpy() - ds["time"].to_numpy()
    assert ahead[0] == np.timedelta64(116, "s")


def test_standards_are_applied(tmp_path):
    """Fault F10: QuinCe reads the standards of this instrument, applies none."""
    records = []
    for block in range(2):
        start = block * 7200
        for i, (state, co2) in enumerate([(1, 250.0), (2, 510.0), (4, 100.0)]):
            first = start + 600 * i
            records += [record(first + s, co2, state) for s in range(0, 600, 60)]
        first = start + 1800
        records += [record(first + s, 380.0) for s in range(0, 5400, 60)]
    standards = "".join(
        f'[[standards]]\nrun = "{run}"\nxCO2 = {true}\n'
        for run, true in (("1", 252.0), ("2", 508.0))
    )
    message = {"[calibration]": f"{standards}[calibration]"}
    (tmp_path / "a.log").write_text(log(records))
    ds = pipeline.process(platform(**message), [tmp_path / "a.log"])
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    # true = a + b m through (250, 252), (510, 508): 380 is 380; dried by 10 mmol/mol.
    inside = water & (ds["calibration_status"].to_numpy() == 1)
    assert inside.sum() >= 90
    assert ds["xCO2_calibrated"].to_numpy()[inside] == pytest.approx(380.0, abs=1e-9)
    dry = ds["xCO2_water_Tequ_dry"].to_numpy()[inside]
    assert dry == pytest.approx(380.0 / 0.99, abs=1e-9)
    ignored = ds["run_type"].to_numpy() == RUN_TYPES["ignored"]
    assert ignored.sum() == 20
    # The first 20 minutes of water after a change are flushing, the end included.
    starts = np.flatnonzero(water & ~np.roll(water, 1))
    assert ds["flushing"].to_numpy()[starts[0] : starts[0] + 23].sum() == 21


def test_run_types_of_the_states(stream):
    states = {1: "standard", 2: "zero", 15: "standard", 18: "standard"}
    states |= {5: "water", 22: "air", 4: "ignored", 21: "ignored", 99: "ignored"}
    ds = stream(log(record(60 * i, state=s) for i, s in enumerate(states)))
    required = [RUN_TYPES[word] for word in states.values()]
    np.testing.assert_array_equal(ds["run_type"], required)


def test_a_new_head_may_change_the_columns(stream):
    swapped = HEAD.replace("CO2,H2O", "H2O,CO2").replace("ppm,ppt", "ppt,ppm")
    later = record(60).replace("324.0,10.0", "10.5,325.0")
    ds = stream(HEAD + record(0) + swapped + later + HEAD + record(120, co2=326.0))
    np.testing.assert_array_equal(ds["xCO2"], [324.0, 325.0, 326.0])
    np.testing.assert_array_equal(ds["xH2O"], [10.0, 10.5, 10.0])
    assert not ds["damaged"].any()


def warnings_of(stream, *args):
    with pytest.warns(DataWarning) as caught:
        ds = stream(*args)
    return ds, [str(w.message) for w in caught]


def test_the_units_of_the_file_are_compared(stream):
    """F14: units are declared once and checked."""
    text = log([record(0)])
    expected = stream(text)
    ds, told = warnings_of(stream, text.replace("ppt,mbar,mbar", "ppt,kPa,mbar"))
    assert ds["P_equ"].equals(expected["P_equ"])  # the platform file holds
    assert [re.findall("'[^']*'|units.P_[a-z]*", line) for line in told] == [
        ["'CellPress'", "'kPa'", "'mbar'", "units.P_equ"],
        ["'CellPress'", "'kPa'", "'mbar'", "units.P_analyser"],
    ]
    _, told = warnings_of(stream, text.replace("MS,ppm", "MS,mbar"))
    assert told == [
        "a.log: column 'CO2' is in 'mbar', but [variables.xCO2] of small.toml says"
        " 'ppm', which is used. If this is right: [accepted] units.xCO2 = \"why\""
    ]
    of = platform(**{'"mS/cm"': '"S/m"'})
    _, told = warnings_of(stream, text, of)
    assert told[0].startswith("a.log: column 'waterCond' is in 'mS/cm', but")
    assert told[1].startswith("conductivity: 1 of 1 values cannot be (40")
    assert "S/m); in mS/cm they would be 40" in told[1]
    where = 'latitude = { column = "Latitude" }\n'
    of = platform(**{"# Positions": where + "# Positions"})
    with pytest.raises(ReadError, match=r"'ddmm.mmmm', but the format is 'decimal'"):
        stream(text, of)


@pytest.mark.parametrize("degree", ["\ufffd", "°", "Â°", "?"])
def test_broken_degree_signs(stream, degree):
    ds = stream(log([record(0)]).replace("\ufffd", degree))
    assert float(ds["SST"][0]) == 12.5
    latin = log([record(0)]).replace("\ufffd", "°").encode("latin-1")
    assert float(stream(latin)["SST"][0]) == 12.5


def test_a_record_in_the_middle_of_a_line(stream):
    """An interrupted record costs only itself."""
    broken = record(60)[:40]
    with pytest.warns(DataWarning, match="line 9 with a different number of fields"):
        ds = stream(log([record(0), broken + record(120), record(180)]))
    np.testing.assert_array_equal(ds["damaged"], [0, 1, 0, 0])
    np.testing.assert_array_equal(ds["source_row"], [8, 9, 9, 10])


def test_records_without_a_head_and_other_text_are_reported(stream):
    with pytest.warns(DataWarning) as caught:
        ds = stream(record(0) + log([record(60), "*** reboot ***\n", record(120)]))
    text = " ".join(str(w.message) for w in caught)
    assert "line 1 before the first @NAME: not read" in text
    assert "line 10 of no record" in text
    assert ds.sizes["time"] == 2
    of = platform(
        **{
            'pattern = "*.log"': 'pattern = "*.log"\nnames = ["DATE", "TIME", "FRAC",'
            ' "CO2", "H2O", "CellPress", "DPressInt", "Latitude", "Longitude",'
            ' "waterTemp", "waterCond", "GPS Time", "STATUS"]'
        }
    )
    assert stream(record(0) + record(60), of).sizes["time"] == 2


def test_clock_reset_and_leap_day(stream):
    rows = [record(0, 1.0, day="2020-02-29"), record(0, 2.0, day="1970-01-01")]
    rows += [record(60, 3.0, day="2019-02-29"), record(60, 4.0, day="2020-02-29")]
    with pytest.warns(DataWarning, match="line 10 without a readable time"):
        ds = stream(log(rows))
    np.testing.assert_array_equal(ds["xCO2"], [2.0, 1.0, 4.0])


def test_other_files_are_refused(stream):
    with pytest.raises(ReadError, match="no record @NAME"):
        stream("a,b\n1,2\n")


def test_smoothing_stays_within_a_run_and_leaves_the_cell_alone(stream):
    rows = [
        record(10 * i, state=5 if i < 6 else 22, d=str(-10.0 - i)) for i in range(9)
    ]
    ds = stream(log(rows))
    pressure = ds["P_equ"].to_numpy()
    np.testing.assert_allclose(pressure[:6], 1020 + 12.5)  # mean of 10 to 15
    np.testing.assert_allclose(pressure[6:], 1020 + 17.0)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mutants("".join([HEAD, *(record(10 * i) for i in range(9))]).encode()))
def test_accidents_cost_only_themselves(tmp_path, data):
    survives(platform(), tmp_path, data, "a.log")


def test_the_real_log_cut_anywhere(real, tmp_path):
    content = real.read_bytes()[:6000]
    whole = content.count(b"\n@DATA") - 1
    for end in range(0, len(content), 211):
        done = survives(load("oceanpack_2019"), tmp_path, content[:end], "a.log")
        if done is not None:
            rows = done[0]["oceanpack"]
            fine = rows["xCO2"].to_numpy()[rows["damaged"].to_numpy() == 0]
            assert fine.size <= whole + 1
            np.testing.assert_array_equal(fine[:2], [324.07, 324.191][: fine.size])
