"""ICOS OTC tables: exact headers, types, flags, and the portal's own rules."""

import csv
import io
import json
import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.bits import TEST_BITS
from oceanco2.cli import main
from oceanco2.errors import OptionError, OutputError, ProcessingError, ReadError
from oceanco2.export import write
from oceanco2.export.values import half_up
from oceanco2.icos.table_check import check_icos
from oceanco2.icos.tables import icos_file_name, icos_table
from oceanco2.vocabulary import VALUE_TYPES, attrs_of, flag_attrs
from tests.datasets import AIR, WATER, canonical_dataset, set_flag
from tests.real.test_cruises import FILES, processed

INPUTS = [  # docs/socat-rules.md#icos-tables
    "Longitude",
    "Latitude",
    "Depth [m]",
    "Temp [degC]",
    "P_sal [psu]",
    "Temperature of Equilibration [degC]",
    "Pressure in Equilibrator [hPa]",
    "Atmospheric Pressure [hPa]",
    "xCO2 In Water - Calibrated In Dry Air [umol mol-1]",
    "xCO2 in atmosphere [umol mol-1]",
]
RESULTS = [
    "pCO2 [uatm]",
    "fCO2 [uatm]",
    "pCO2 in atmosphere [uatm]",
    "fCO2 in atmosphere [uatm]",
]


def full(n=130, kind="ship"):
    ds = canonical_dataset(n, kind=kind)
    depth = ("time", np.full(n, 5.0), attrs_of("sample_depth"))
    return ds.assign(sample_depth=depth)


def rows(content):
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    return list(csv.DictReader(io.StringIO(text)))


def judged(ds, name, row, flag, reason="seen"):
    """A person's word on one value, as qc leaves it."""
    ds = ds.copy(deep=True)
    manual = np.zeros(ds.sizes["time"], dtype="int8")
    manual[row] = flag
    ds[f"{name}_flag_manual"] = ("time", manual, flag_attrs(name, "manual"))
    ds[f"{name}_flag"].to_numpy()[row] = flag
    ds[f"{name}_tests"].to_numpy()[row] |= TEST_BITS["manual"]
    moment = np.datetime_as_string(ds["time"].to_numpy()[row], unit="ms")
    entry = {"start": moment, "end": moment, "variable": name, "flag": flag}
    return ds.assign_attrs(manual_flags=[entry | {"reason": reason}])


# ---- the file -----------------------------------------------------------------------


def test_headers_are_exactly_those_of_the_format():
    head = icos_table(full(), 2).decode().split("\n")[0].split(",")
    expected = ["Date/Time"]
    for name in INPUTS:
        expected += [name, f"{name} QC Flag", f"{name} QC Comment", f"{name} Type"]
    for name in RESULTS:
        expected += [name, f"{name} QC Flag", f"{name} QC Comment"]
    assert head == expected


def test_one_row_for_each_measurement_in_order_of_time():
    ds = full()
    shuffled = ds.isel(time=np.random.default_rng(1).permutation(130))
    content = icos_table(shuffled, 2)
    assert content == icos_table(ds, 2)
    made = rows(content)
    run = ds["run_type"].to_numpy()
    assert len(made) == ((run == WATER) | (run == AIR)).sum() == 120
    assert made[0]["Date/Time"] == "2024-03-01T06:00:00.000Z"
    assert made[1]["Date/Time"] == "2024-03-01T06:02:30.250Z"
    alone = rows(icos_table(ds, 2, include_air=False))
    assert len(alone) == (run == WATER).sum()


def test_values_types_and_missing_cells():
    ds = full().copy(deep=True)
    ds["SST_type"].to_numpy()[0] = VALUE_TYPES["interpolated"]
    ds["SST"].to_numpy()[1] = math.nan
    ds["SST_flag"].to_numpy()[1] = 9
    ds["salinity"].attrs["value_type"] = "nominal"
    first, second, *_, air, _ = rows(icos_table(ds, 2))[:12]
    assert first["Temp [degC] Type"] == "I"
    assert second["Temp [degC] Type"] == "0"
    assert second["Temp [degC]"] == "NaN"
    assert second["Temp [degC] QC Flag"] == ""
    assert first["P_sal [psu] Type"] == "N"
    assert first["Latitude"] == "-30.000000"
    assert first["Depth [m]"] == "5.000"
    assert first["Depth [m] QC Flag"] == "9"  # not evaluated
    assert first["xCO2 in atmosphere [umol mol-1] Type"] == "I"
    assert air["xCO2 in atmosphere [umol mol-1] Type"] == "M"
    assert air["fCO2 [uatm]"] == "NaN"
    assert air["fCO2 [uatm] QC Flag"] == ""
    value = float(ds["fCO2_water_SST_wet"][0])
    assert abs(float(first["fCO2 [uatm]"]) - value) <= 5e-4
    assert first["fCO2 [uatm] QC Flag"] == "2"


def test_a_nominal_salinity_is_questionable_unless_a_person_took_it():
    """Salinity of the climatology is questionable (docs/socat-rules.md#icos-tables)."""
    ds = full().copy(deep=True)
    ds["salinity"].attrs["value_type"] = "nominal"
    first, second, *_ = rows(icos_table(judged(ds, "salinity", 1, 2), 2))
    assert first["P_sal [psu] QC Flag"] == "3"
    assert first["P_sal [psu] QC Comment"] == "nominal value, not measured"
    assert first["fCO2 [uatm] QC Flag"] == "2"
    assert second["P_sal [psu] QC Flag"] == "2"
    assert second["P_sal [psu] QC Comment"] == ""


def test_flagged_values_have_a_flag_and_a_comment_in_quotes():
    ds = set_flag(full(), 5, "T_equ", 4, "constant", "range")
    content = icos_table(ds, 2)
    row = rows(content)[5]
    name = "Temperature of Equilibration [degC]"
    assert row[f"{name} QC Flag"] == "4"
    assert row[f"{name} QC Comment"] == "range, constant"
    assert row["fCO2 [uatm] QC Flag"] == "4"
    assert row["fCO2 [uatm] QC Comment"] == "T_equ: range, constant"
    assert b'"range, constant"' in content
    others = [r for i, r in enumerate(rows(content)) if i != 5]
    assert {r["fCO2 [uatm] QC Comment"] for r in others} == {""}


def test_a_reason_stands_with_the_value_that_it_is_about():
    ds = judged(full(), "SST", 5, 4, "pump off")
    ds = set_flag(ds, 5, "salinity", 3, "range")
    row = rows(icos_table(ds, 2))[5]
    assert row["Temp [degC] QC Comment"] == "manual (pump off)"
    assert row["P_sal [psu] QC Comment"] == "range"


def test_a_result_that_a_bad_input_prevented_says_so():
    ds = set_flag(full(), 5, "fCO2_water_SST_wet", 4, "physical")
    ds["fCO2_water_SST_wet"].to_numpy()[5] = math.nan
    row = rows(icos_table(ds, 2))[5]
    assert row["fCO2 [uatm]"] == "NaN"
    assert row["fCO2 [uatm] QC Flag"] == "4"
    assert row["fCO2 [uatm] QC Comment"] == "physical"


def test_level_1_is_automatic_and_level_2_has_the_last_word_of_people():
    ds = set_flag(full(), 5, "fCO2_water_SST_wet", 3, "range")
    ds["fCO2_water_SST_wet_flag_automatic"].to_numpy()[5] = 3
    ds = judged(ds, "fCO2_water_SST_wet", 5, 2)
    ds = judged(ds, "SST", 7, 4, "pump off")
    first, second = (rows(icos_table(ds, level)) for level in (1, 2))
    assert first[5]["fCO2 [uatm] QC Flag"] == "3"
    assert first[5]["fCO2 [uatm] QC Comment"] == "range"
    assert second[5]["fCO2 [uatm] QC Flag"] == "2"
    assert first[7]["Temp [degC] QC Flag"] == "2"
    assert second[7]["Temp [degC] QC Flag"] == "4"
    assert second[7]["Temp [degC] QC Comment"] == "manual (pump off)"


def test_level_2_refuses_unreviewed_flags_on_request():
    ds = set_flag(full(), 5, "fCO2_water_SST_wet", 3, "range")
    assert rows(icos_table(ds, 2))[5]["fCO2 [uatm] QC Flag"] == "3"
    with pytest.raises(ProcessingError, match=r"1 rows .*2024-03-01T06:12:31.250Z"):
        icos_table(ds, 2, undecided="refuse")
    assert icos_table(judged(ds, "fCO2_water_SST_wet", 5, 3), 2, undecided="refuse")


def test_a_mooring_has_the_dry_fraction_at_sea_surface_temperature():
    ds = full(kind="mooring").rename(xCO2_water_Tequ_dry="xCO2_water_SST_dry")
    row = rows(icos_table(ds, 1))[0]
    name = "xCO2 In Water - Calibrated In Dry Air [umol mol-1]"
    value = float(ds["xCO2_water_SST_dry"][0])
    assert abs(float(row[name]) - value) <= 5e-4
    assert row["xCO2 in atmosphere [umol mol-1] Type"] == "M"


def test_file_names(tmp_path):
    ds = full()
    assert icos_file_name(ds, 2) == "99ZZ20240301.csv"
    assert icos_file_name(ds, 1) == "99ZZ_NRT_20240301.csv"
    assert write(ds, tmp_path, format="icos_l2") == tmp_path / "99ZZ20240301.csv"
    named = write(ds, tmp_path / "x.csv", format="icos_l2")
    assert named.read_bytes() == (tmp_path / "99ZZ20240301.csv").read_bytes()
    del ds.attrs["platform_code"]
    with pytest.raises(ProcessingError, match="platform file: platform_code"):
        icos_file_name(ds, 1)


def test_without_air_there_are_no_columns_of_air():
    ds = full()
    water = ds.drop_vars([n for n in ds.data_vars if "_atm" in str(n) or "delta" in n])
    content = icos_table(water, 2)
    assert b"atmosphere" not in content
    assert b"Atmospheric" not in content
    found = check_icos(content)
    assert found.accepted
    assert found.rows == 100


def test_flushing_is_no_measurement():
    ds = full()
    begun = np.zeros(130, dtype="int8")
    begun[[0, 13]] = 1
    made = rows(icos_table(ds.assign(flushing=("time", begun)), 2))
    assert len(made) == 118
    assert made[0]["Date/Time"] == "2024-03-01T06:02:30.250Z"


def test_a_fixed_station_may_have_no_positions():
    ds = full(kind="mooring").drop_vars(["latitude", "longitude"])
    content = icos_table(ds, 2)
    assert b"Latitude" not in content
    assert check_icos(content, fixed_station=True).accepted


@pytest.mark.parametrize("name", ["salinity", "SST", "latitude", "pCO2_water_SST_wet"])
def test_what_the_portal_requires_is_named(tmp_path, name):
    with pytest.raises(ProcessingError, match=rf"{name}.*platform file: \[variables\]"):
        write(full().drop_vars(name), tmp_path / "x.csv", format="icos_l2")
    assert list(tmp_path.iterdir()) == []


def test_refusals_of_the_writer(tmp_path):
    ds = full()
    flags = [n for n in ds.data_vars if str(n).endswith("_flag")]
    with pytest.raises(ProcessingError, match="not flagged"):
        icos_table(ds.drop_vars(flags), 2)
    dry = np.flatnonzero(~np.isin(ds["run_type"].to_numpy(), (WATER, AIR)))
    with pytest.raises(ProcessingError, match="10 no CO2 measurement"):
        icos_table(ds.isel(time=dry), 2)
    with pytest.raises(OptionError, match="Did you mean 'refuse'"):
        write(ds, tmp_path / "x.csv", format="icos_l2", undecided="refus")
    with pytest.raises(OptionError, match="level"):
        icos_table(ds, 3)
    with pytest.raises(OutputError, match="no folder"):
        write(ds, tmp_path / "no" / "x.csv", format="icos_l1")


@given(st.floats(-1e7, 1e7), st.integers(0, 6))
def test_halves_are_rounded_as_they_are_printed(value, decimals):
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert half_up(np.array([value]), decimals)[0] == pytest.approx(
        float(exact), abs=1e-15, rel=1e-15
    )


@given(st.integers(-(10**9), 10**9), st.integers(1, 5))
def test_halves_go_away_from_zero(number, decimals):
    """A text with one digit 5 more than there is room for."""
    text = f"{number}e{-decimals}"
    value = float(f"{number}5e{-decimals - 1}")
    step = math.copysign(10.0**-decimals, value)
    expected = float(text) + (step if number >= 0 else -(10.0**-decimals))
    assert half_up(np.array([value]), decimals)[0] == pytest.approx(expected, rel=1e-14)


# ---- the portal's rules -------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ship", "mooring", "surface_vehicle", "drifter"])
@pytest.mark.parametrize("level", [1, 2])
def test_every_written_table_is_accepted(kind, level):
    ds = set_flag(full(kind=kind), 5, "T_equ", 4, "constant")
    content = icos_table(ds, level)
    found = check_icos(content)
    assert found.refusals == ()
    assert found.rows == len(rows(content)) == found.positions
    assert found.start == "2024-03-01T06:00:00.000Z"


#: One rule a line: what is broken, how, and where the refusal must point.
BROKEN = {
    "first column needs no name of its own": ("Date/Time", "TIMESTAMP", None),
    "a misspelt value": ("Temp [degC],", "Temp [deg C],", (1, "Temp [degC]")),
    "a misspelt flag": ("fCO2 [uatm] QC Flag", "fCO2 [uatm] QC", (1, "fCO2 [uatm] QC")),
    "a text in another column": ("5.000", "deep", None),
    "no longitude": (",Longitude,", ",longitude,", (1, "Longitude")),
    "a name twice": ("Depth [m],", "Latitude,", (1, "Latitude")),
    "a blank for the T": ("01T06:02:30", "01 06:02:30", (3, "Date/Time")),
    "no zone": ("06:02:30.250Z", "06:02:30.250", (3, "Date/Time")),
    "no seconds": ("06:02:30.250Z", "06:02Z", (3, "Date/Time")),
    "no such day": ("2024-03-01T06:02", "2024-02-30T06:02", (3, "Date/Time")),
    "infinite": ("SST", "Infinity", (2, "Temp [degC]")),
    "too large a number": ("SST", "1e999", (2, "Temp [degC]")),
    "a text": ("SST", "deep", (2, "Temp [degC]")),
    "a number with a comma": ("SST", '"5,000"', (2, "Temp [degC]")),
    "a flag of two letters": (",2,,M", ",2.0,,M", (2, "Longitude QC Flag")),
    "a field too few": (",2,,M", ",2,M", (2, "")),
    "null by an empty cell": ("SST", "", None),
    "beyond the pole": ("-30.000000", "-93.0", (2, "Latitude")),
    "an unclosed quote": ("SST", '"5', (121, "")),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_hand_broken_tables_are_refused_where_they_are_broken(rule):
    old, new, where = BROKEN[rule]
    text = icos_table(full(), 2).decode()
    old = rows(text)[0]["Temp [degC]"] if old == "SST" else old
    assert old in text
    found = check_icos(text.replace(old, new, 1).encode())
    if where is None:
        assert found.accepted
        return
    line, column = where
    assert any(r.line == line and r.column.startswith(column) for r in found.refusals)
    assert all(r.text for r in found.refusals)


def test_other_refusals():
    text = icos_table(full(), 2).decode()
    assert check_icos(text.encode("utf-16")).refusals[0].text == "is not UTF-8 text"
    latin = text.replace("5.000", "µ", 1).encode("latin-1")
    assert check_icos(latin).refusals[0].line == 2
    head = text.split("\n", 1)[0].encode()
    assert "no rows of data" in [r.text for r in check_icos(head).refusals]
    assert not check_icos(b"").accepted
    with pytest.raises(ReadError, match="no-such"):
        check_icos("no-such.csv")


def test_a_fixed_station_needs_no_positions():
    text = icos_table(full(), 2).decode()
    lines = [line.split(",") for line in text.splitlines()]
    without = "\n".join(",".join([line[0], *line[9:]]) for line in lines).encode()
    assert check_icos(without, fixed_station=True).accepted
    assert {r.column for r in check_icos(without).refusals} == {"Latitude", "Longitude"}


def test_positions_count_where_their_flag_is_2_or_9():
    text = icos_table(full(), 2).decode()
    lines = text.splitlines()
    for row, flag in ((1, "4"), (2, "3"), (3, "9")):
        lines[row] = lines[row].replace(",2,,M", f",{flag},,M", 1)
    found = check_icos("\n".join(lines).encode())
    assert found.accepted
    assert found.positions == found.rows - 2
    bad = text.replace(",2,,M,-30", ",4,,M,-30").replace(",2,,M,-29", ",4,,M,-29")
    assert "no coverage" in check_icos(bad.encode()).refusals[0].text


def test_command(tmp_path, capsys):
    path = write(full(), tmp_path, format="icos_l1")
    assert main(["icos", "check", str(path)]) == 0
    assert "accepted; 120 rows" in capsys.readouterr().out
    path.write_text(path.read_text().replace("01T06", "01 06", 1))
    assert main(["icos", "check", str(path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["accepted"] is False
    assert report["nRows"] == 120
    assert report["messages"][0]["line"] == 2


def test_export_takes_options(tmp_path, capsys):
    write(full(), tmp_path / "x.nc")
    command = ["export", str(tmp_path / "x.nc"), "--format", "icos_l2"]
    target = ["-o", str(tmp_path)]
    assert main([*command, *target, "--option", "include_air=false"]) == 0
    assert "99ZZ20240301.csv: written" in capsys.readouterr().out
    assert check_icos(tmp_path / "99ZZ20240301.csv").rows == 100
    assert main([*command, *target, "--option", "include_air"]) == 2
    assert "NAME=VALUE" in capsys.readouterr().err
    assert main([*command, *target, "--option", "air=false"]) == 2
    assert "include_air" in capsys.readouterr().err


# ---- real data ----------------------------------------------------------------------


def test_workshop_cruise(data_set):
    ds = processed("go_workshop_2019", data_set(FILES["go_workshop_2019"]))
    content = icos_table(ds, 2)
    assert check_icos(content).accepted
    made = rows(content)
    run = ds["run_type"].to_numpy()
    assert len(made) <= ((run == WATER) | (run == AIR)).sum()
    times = np.array([r["Date/Time"][:-1] for r in made], dtype="datetime64[ms]")
    place = np.searchsorted(ds["time"].to_numpy(), times.astype("datetime64[ns]"))
    values = ds["fCO2_water_SST_wet"].to_numpy()[place]
    printed = np.array([float(r["fCO2 [uatm]"]) for r in made])
    assert np.isfinite(printed).sum() == np.isfinite(values).sum() > 1000
    assert np.nanmax(np.abs(printed - values)) <= 5.01e-4
    lat = np.array([float(r["Latitude"]) for r in made])
    assert np.abs(lat - ds["latitude"].to_numpy()[place]).max() <= 5.01e-7


def test_mooring_and_drifter(data_set):
    mooring = processed("tao_140w_2004", data_set(FILES["tao_140w_2004"]))
    assert check_icos(icos_table(mooring, 1), fixed_station=True).rows == 899
    drifter = processed("carioca_2004", data_set(FILES["carioca_2004"]))
    with pytest.raises(ProcessingError, match="pCO2_water_SST_wet"):
        icos_table(drifter, 2)
