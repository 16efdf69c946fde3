"""CONTROS HydroC: a FerryBox with a file per parameter, zero cycles, logger tables."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import ReadError
from oceanco2.pipeline import process
from oceanco2.platforms import FileDefinition
from oceanco2.platforms import parse as parse_bytes
from oceanco2.readers import READERS, read
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns
from oceanco2.vocabulary import RUN_TYPES

SVEA = "hydroc_smhi_svea2021_raw"
REQUIRED = RequiredColumns.of(
    ["Timestamp", "Quality flag"], ["Signal_Raw", "P_In", "State_Zero"]
)
TABLE = """
schema = 1
name = "Logger"
kind = "mooring"
platform_code = "99ZZ"
[files.log]
reader = "contros_table"
time = { columns = ["date", "time"], format = "%d.%m.%Y %H:%M:%S" }
[variables]
signal_detector = { column = "Signal_raw", units = "1" }
signal_reference = { column = "Signal_ref", units = "1" }
state_zero = { column = "zero", units = "1" }
runtime = { column = "runtime", units = "s" }
"""


def parse(text, name):
    return parse_bytes(text.encode(), name)


def cut(content, name="x.txt"):
    reader = READERS["contros_ferrybox"]
    definition = FileDefinition(reader="contros_ferrybox")
    return reader.read(definition, RawFile(name, content, ""), REQUIRED)


@pytest.fixture(scope="module")
def svea(data_set):
    return process("hydroc_smhi_svea_2021", [data_set(SVEA)])


def test_svea_agrees_with_the_instrument(svea):
    """README: 4320 minutes, 18 zeros of 1.4675 to 1.4686, 990 rows: +0.2, 2.1 uatm."""
    assert svea.sizes["time"] == 4320
    zeros = svea["zero_group_signal"].to_numpy()
    assert zeros.size == 18
    assert 1.4674 < zeros.min() < 1.4676
    assert 1.4685 < zeros.max() < 1.4687
    fine = svea["signal_detector_flag_delivered"].to_numpy() == 2
    fine &= svea["run_type"].to_numpy() == RUN_TYPES["water"]
    fine &= svea["time"].to_numpy() >= np.datetime64("2021-12-07")
    name = "pCO2_water_SST_wet"
    apart = (svea[name] - svea[f"{name}_delivered"]).to_numpy()[fine]
    assert apart.size == 990
    assert np.median(apart) == pytest.approx(0.2, abs=0.05)
    assert np.percentile(np.abs(apart), 95) <= 2.1
    assert (np.abs(apart) > 100).sum() == 14


def test_svea_standby_is_bad_by_the_quality_bits(svea):
    flags = svea["pCO2_water_SST_wet_flag"].to_numpy()
    early = svea["time"].to_numpy() < np.datetime64("2021-12-07")
    water = svea["run_type"].to_numpy() == RUN_TYPES["water"]
    assert (flags[early & water] == 4).all()
    assert np.isnan(svea["pCO2_water_SST_wet"].to_numpy()[~water]).all()
    assert np.isnan(svea["fCO2_water_SST_wet"]).all()  # nobody measured SST


def test_undefined_values_are_missing(svea):
    printed = svea["pCO2_water_SST_wet_delivered"].to_numpy()
    assert np.nanmax(printed) < 60000


def test_zero_cycle_has_all_parameters(data_set):
    path = next(data_set(SVEA).glob("CO2FT_A ZeroCycle*.txt"))
    table = cut(path.read_bytes(), path.name)
    assert {"Signal_Raw", "P_In", "State_Zero", "Quality flag"} <= set(table.names)
    assert table.column("State_Zero").max() == 1.0
    assert table.column("P_In")[0] == 1013.98
    assert set(table.column("Quality flag")) <= {"2", "4"}


def test_logger_table_and_its_zero_table(tmp_path):
    (tmp_path / "a.txt").write_text(
        "HydroC 123\n\ndate;time;runtime;Signal_Raw;Signal_Ref;zero;flush\n"
        "01.03.2024;00:00:00;10;12000;15000;0;0\n"
        "29.02.2024;23:59:00;5;12001;15000;0;0\n"
    )
    (tmp_path / "z.txt").write_text(
        "index;date;time;Signal_raw_Z;Signal_ref_Z;Runtime_Z\n"
        "1;01.03.2024;00:01:00;13000;15000;70\n"
    )
    ds = read(parse(TABLE, "logger.toml"), [tmp_path])["log"]
    assert ds["signal_detector"].to_numpy().tolist() == [12001, 12000, 13000]
    assert ds["state_zero"].to_numpy().tolist() == [0, 0, 1]
    assert ds["runtime"].to_numpy().tolist() == [5, 10, 70]
    assert str(ds["time"].to_numpy()[0])[:10] == "2024-02-29"


def test_not_a_file_of_this_kind(tmp_path):
    with pytest.raises(ReadError, match=r"\$DATASETS"):
        cut(b"time;CO2\n1;2\n")
    (tmp_path / "a.txt").write_text("time;CO2\n1;2\n")
    with pytest.raises(ReadError, match="signal_raw"):
        read(parse(TABLE, "logger.toml"), [tmp_path])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_damage_costs_only_itself(data_set, data):
    """Cut anywhere, doubled blocks, foreign bytes: rows, or one clear error."""
    folder = data_set(SVEA) / "CO2FT_A_Signal_Raw"
    whole = min(folder.iterdir()).read_bytes()[:9000]
    rows = cut(whole).lines.size
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
    if kind == "bytes":
        assert table.lines.size >= rows - 2 - noise.count(b"$")
    assert table.damaged.size == table.lines.size


def test_a_line_end_anywhere_in_the_names_costs_no_row(data_set):
    folder = data_set(SVEA) / "CO2FT_A_Signal_Raw"
    whole = min(folder.iterdir()).read_bytes()[:9000]
    table = cut(whole)
    start = whole.index(b"$DATASETS") + len(b"$DATASETS")
    start = whole.index(b"$", start)
    end = whole.index(b"\n", start)
    for at in range(start + 1, end):
        found = cut(whole[:at] + b"\n" + whole[at:])
        assert found.names == table.names
        assert found.lines.tolist() == [line + 1 for line in table.lines]


def test_no_line_of_units():
    """Rows follow the names, and then another block."""
    rows = "2021.12.05 00:00:00\t1\n2021.12.05 00:01:00\t2\n"
    text = f"$DATASETS\n$Timestamp\tSignal_Raw\n{rows}$X\n"
    text += f"$DATASETS\n$Timestamp\tP_In\n{rows}"
    found = cut(text.encode())
    assert found.lines.tolist() == [3, 4, 8, 9]
    assert found.names[:2] == ["Timestamp", "Signal_Raw"]
