"""Unknown files become platform files: what is found, what is doubted."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.cli import main
from oceanco2.errors import DataWarning, OceanCO2Error, ReadError
from oceanco2.pipeline import check, process
from oceanco2.platforms import load, parse
from oceanco2.readers import draft as module
from oceanco2.readers import draft_platform, read
from oceanco2.readers.columns import split_unit
from oceanco2.readers.guessing import find_layout, layout_of_table
from oceanco2.readers.table import table_of

#: Data set to the shipped platform file that describes it.
SETS = {
    "cruise_33RO20100308_a13.5_aoml_ronbrown": "ronald_h_brown_2010",
    "cruise_KA2008_07_pmel_kaimimoana": "kaimimoana_2008",
    "cruise_26NA20080117_nuka": "nuka_arctica_2008",
    "mooring_TAO140W_2004": "tao_140w_2004",
    "mooring_CCE2_2010_2011": "cce2_2010",
    "cruise_GU0802_aoml_gordongunter": "gordon_gunter_2008",
    "cruise_33H320110527_ldeo_langseth": "langseth_2011",
    "cruise_PX131W": "pyxis_2009",
    "cruise_M050726": "munida_2005",
    "drifter_carioca2004": "carioca_2004",
}


def filled(text):
    """What a person does about the doubts of a delivered table."""
    return text.replace('platform_code = "????"', 'platform_code = "99ZZ"')


def only_table(folder):
    return next(p for p in sorted(folder.iterdir()) if p.name != "README.md")


def reader_of(platform):
    return platform.files[platform.main_file()].reader


@pytest.mark.parametrize(("folder", "shipped"), SETS.items())
def test_real_tables_find_what_the_shipped_file_says(data_set, folder, shipped):
    """Same columns, units and delivered results; the same times when it is run."""
    path = only_table(data_set(folder))
    text, messages = draft_platform([path])
    draft, available = parse(filled(text).encode(), "draft.toml"), load(shipped)
    check(draft)
    for home in ("variables", "delivered"):
        theirs = getattr(available, home)
        selected = getattr(draft, home)
        for name, source in theirs.items():
            if source.value is not None:
                continue
            assert name in selected, name
            if reader_of(draft) == reader_of(available):
                assert selected[name].column == source.column, name
    assert messages
    with warnings.catch_warnings():
        # A draft does not answer what is special about a cruise.
        warnings.simplefilter("ignore", DataWarning)
        ours = process(draft, [path])
    times = process(available, [path])["time"].to_numpy()
    np.testing.assert_array_equal(ours["time"].to_numpy(), times)


def test_codes_and_decimals_of_a_european_table(tmp_path):
    rows = "\n".join(
        f"{d:02d}.03.2024;{h:02d}:00;{40 + d},5;-{20 + d},25;380,{h};101{d % 4},2;"
        f"12,{d % 9};12,{h % 5};35,{d % 3}"
        for d in range(1, 20)
        for h in (6, 18)
    )
    head = "Datum_DATE;TIME;Lat;Lon;xCO2_EQU_ppm;PRES_EQU_hPa;TEMP_EQU_C;SST_C;SAL"
    path = tmp_path / "a.txt"
    path.write_text(f"Meine Fahrt\n\n{head}\n{rows}\n")
    text, _ = draft_platform([path])
    platform = parse(filled(text).encode(), "draft.toml")
    assert platform.files["data"].decimal == ","
    assert platform.files["data"].header.skip == 2
    assert platform.files["data"].time.format == "%d.%m.%Y %H:%M"
    ds = process(platform, [path])
    assert ds.sizes["time"] == 38
    assert ds["latitude"].to_numpy()[0] == 41.5


def test_day_or_month_first_is_marked_where_the_column_cannot_decide(tmp_path):
    path = tmp_path / "a.csv"
    rows = "\n".join(f"0{d}/02/2024,12:00:00,{d}.5" for d in range(1, 4))
    path.write_text(f"DATE,TIME,SST_C\n{rows}\n")
    _, messages = draft_platform([path])
    assert any("could also be" in message for message in messages)


def test_general_oceanics_log_names_runs_and_standards(data_set):
    path = data_set("icos_otc_workshop_go2019") / "part4_input_raw_cruise_dat.txt"
    text, messages = draft_platform([path])
    assert 'reader = "general_oceanics"' in text
    message = "\n".join(messages)
    assert "EQU (2662)" in message
    assert "STD3: the operator entered 412.5" in message
    with pytest.warns(DataWarning, match="no xCO2 can be calibrated"):
        check(parse(filled(text).encode(), "draft.toml"))


@pytest.mark.parametrize(
    ("folder", "pattern", "reader"),
    [
        ("mapco2_raw_crimp2016", "C0006*.txt", "mapco2"),
        ("hydroc_smhi_svea2021_raw", "CO2FT_A_P_In/*.txt", "contros_ferrybox"),
    ],
)
def test_other_formats_are_recognised(data_set, folder, pattern, reader):
    path = next(data_set(folder).glob(pattern))
    text, _ = draft_platform([path])
    assert f'reader = "{reader}"' in text
    parse(filled(text).encode(), "draft.toml")


SAMPLES = Path(__file__).parent / "samples"


def test_a_reader_that_no_platform_file_shows_is_drafted_from_its_columns():
    """Recognised columns become variables; times, runs and the rest are left."""
    text, messages = draft_platform([SAMPLES / "netcdf.nc", SAMPLES / "netcdf.nc"])
    draft = parse(filled(text).encode(), "draft.toml")
    assert draft.files["data"].model_dump(exclude_defaults=True) == {
        "reader": "netcdf",
        "pattern": "netcdf.nc",
    }
    columns = {name: source.column for name, source in draft.variables.items()}
    expected = {"latitude": "lat", "longitude": "lon", "SST": "TEMP"}
    assert columns == expected | {"salinity": "PSAL"}
    assert "no column is recognised as CO2" in messages
    text, messages = draft_platform([SAMPLES / "seabird_cnv.cnv"])
    draft = parse(filled(text).encode(), "draft.toml")
    assert draft.variables["salinity"].column == "sal00"
    assert "latitude" not in draft.variables
    assert "no column looks like a latitude: { value = ... } if fixed" in messages


def test_a_draft_states_what_the_reader_offers_and_its_run_types(monkeypatch):
    names = {"mapco2_csv.csv": "mapco2_csv", "pro_oceanus.log": "pro_oceanus"}
    monkeypatch.setattr(module, "_recognise_reader", lambda raw: names[raw.name])
    text, _ = draft_platform([SAMPLES / "mapco2_csv.csv"])
    draft = parse(filled(text).encode(), "draft.toml")
    assert draft.variables["xCO2_water_SST_wet"].column == "xCO2_water_SST_wet"
    assert draft.delivered["fCO2_water_SST_wet"].units == "uatm"
    assert draft.files["data"].time is None  # the reader knows its own
    assert read(draft, SAMPLES / "mapco2_csv.csv")["data"].sizes["time"] == 40
    text, messages = draft_platform([SAMPLES / name for name in sorted(names)])
    draft = parse(filled(text).encode(), "draft.toml")
    assert [d.reader for d in draft.files.values()] == ["mapco2_csv", "pro_oceanus"]
    assert "[files.data2] run types in 'state': A, W" in messages


def test_a_table_of_a_reader_keeps_its_units_and_its_codes_for_missing_values():
    rows = 10_001
    values = np.linspace(10.0, 11.0, rows)
    values[::2] = -999.0
    columns = {"a": values, "b": values + 0.0, "text": np.full(rows, "x", dtype=object)}
    table = table_of(columns, np.arange(rows))
    table.units = {"b": {"hPa"}}
    table.names = [*table.names, "not read"]
    layout = layout_of_table(table, "x.log", "pro_oceanus")
    assert (layout.file, layout.reader) == ("x.log", "pro_oceanus")
    assert (layout.rows, layout.missing) == (rows, ["-999"])
    assert [layout.unit(i) for i in range(4)] == ["", "hPa", "", ""]
    assert layout.names == ["a", "b", "text", "not read"]
    assert {column.size for column in layout.columns} == {5001}
    assert set(layout.columns[3]) == {""}


def test_command_writes_once_and_the_check_names_what_is_missing(tmp_path, capsys):
    raw, out = tmp_path / "a.csv", tmp_path / "my_ship.toml"
    rows = "\n".join(f"2024-03-{d:02d} 00:00:00,10.{d}" for d in range(10, 28))
    raw.write_text(f"time,SST_C\n{rows}\n")
    assert main(["platforms", "new", str(raw), "-o", str(out)]) == 0
    assert "entries to check" in capsys.readouterr().out
    assert main(["platforms", "new", str(raw), "-o", str(out)]) == 1
    assert "never overwritten" in capsys.readouterr().err
    assert main(["platforms", str(out)]) == 1
    message = capsys.readouterr().err
    assert "platform_code" in message
    assert "\n" not in message.strip()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"1,2,3\n4,5,6\n", "column names"),
        (b"just words\nand more\n", "separator"),
        (b"a,b\n", "no rows"),
        (b"\x00\x01\x02binary", "text"),
    ],
)
def test_a_file_that_is_no_table_gives_an_error(tmp_path, content, word):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=word):
        draft_platform([path])


@pytest.mark.parametrize(
    ("name", "word", "unit"),
    [
        ("fCO2_SW@SST_uatm", "FCO2SWSST", "uatm"),
        ("xCO2water_equ_dry [µmol/mol]", "XCO2WATEREQUDRY", "umol mol-1"),
        ("Conductivity_S_m", "CONDUCTIVITY", "S m-1"),
        ("SST(TSG)_C", "SST", "degree_Celsius"),
        ("Yr", "YR", ""),
    ],
)
def test_units_in_names(name, word, unit):
    assert split_unit(name) == (word, unit)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_bytes_give_a_layout_or_one_clear_error(data_set, data):
    whole = only_table(data_set("cruise_M050726")).read_bytes()[:6000]
    at = data.draw(st.integers(0, len(whole)), label="at")
    to = data.draw(st.integers(at, len(whole)), label="to")
    noise = data.draw(st.binary(max_size=20), label="noise")
    spoilt = data.draw(
        st.sampled_from([whole[:at], whole[at:], whole[:at] + noise + whole[to:]])
    )
    try:
        layout = find_layout(spoilt, "x.csv")
    except OceanCO2Error:
        return
    assert len(layout.columns) == len(layout.names)
