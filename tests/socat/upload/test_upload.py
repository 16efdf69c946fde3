"""SOCAT upload file: the dashboard takes it, nothing is lost unsaid."""

import csv
import json
import math
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.bits import TEST_BITS
from oceanco2.errors import OptionError, ProcessingError
from oceanco2.expocode import check_expocode, expocode_of
from oceanco2.export import open_dataset, write
from oceanco2.socat.checker import check_text
from oceanco2.socat.columns import upload_columns
from oceanco2.socat.types import data_types, type_of
from oceanco2.socat.upload import format_fixed, socat_upload
from oceanco2.socat.upload.options import Upload
from oceanco2.text import plain_text
from oceanco2.vocabulary import VALUE_TYPES, VARIABLES, attrs_of
from tests import datasets
from tests.datasets import WATER, fugacity, set_flag

HEADERS_OF_THE_SPECIFICATION = """
Expocode; Year; Month; Day; Hour; Minute; Second; Longitude [deg E]; Latitude [deg N];
Sample_depth [m]; Salinity [PSU]; SST [deg C]; T_equ [deg C]; P_atm [hPa]; P_equ [hPa];
xCO2_water_Tequ_dry [umol/mol]; xCO2_water_SST_dry [umol/mol];
pCO2_water_Tequ_wet [uatm]; pCO2_water_SST_wet [uatm]; fCO2_water_Tequ_wet [uatm];
fCO2_water_SST_wet [uatm]; xCO2_atm_dry_actual [umol/mol]; pCO2_atm_wet_actual [uatm];
fCO2_atm_wet_actual [uatm]; xCO2_atm_interp [umol/mol]; pCO2_atm_wet_interp [uatm];
fCO2_atm_wet_interp [uatm]; delta_xCO2 [umol/mol]; delta_pCO2 [uatm];
delta_fCO2 [uatm]; xH2O_equ [mmol/mol]; T_atm; ship_speed [knots];
ship_dir [deg clk N]; wind_speed_true [m/s]; wind_dir_true; WOCE_CO2_water;
comment_WOCE_CO2_water; WOCE_CO2_atm; comment_WOCE_CO2_atm
"""


def canonical_dataset(*args, **kwargs):
    """The canonical dataset of a ship whose code is in the list, as unknown."""
    ds = datasets.canonical_dataset(*args, **kwargs)
    return ds.assign_attrs(platform_code="ZZ99")


def table(made):
    """Header to cells, metadata lines and lines of an upload."""
    lines = made.text.split("\n")
    assert lines.pop() == ""
    blank = lines.index("")
    rows = list(csv.reader(lines[blank + 1 :], delimiter=made.separator))
    return lines[:blank], dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))


def everything(n=60):
    """Every variable that has a column, on every row."""
    ds = canonical_dataset(n, kind="mooring")
    for column in upload_columns():
        name = column.variable
        if name and name not in ds.variables:
            kind = data_types()[column.type]
            low, high = (kind.warn[0], kind.error[0])
            start = max(x for x in (low, high, 1.0) if math.isfinite(x))
            ds[name] = ("time", start + np.arange(n) * 1e-3, attrs_of(name))
    return ds


# ---- recognition --------------------------------------------------------------------


def test_every_header_is_recognised_as_what_it_is():
    for column in upload_columns():
        assert type_of(column.header) == column.type
    types = [column.type for column in upload_columns()]
    assert len(types) == len(set(types))


def test_only_headers_of_the_specification():
    named = {name.strip() for name in HEADERS_OF_THE_SPECIFICATION.split(";")}
    assert {column.header for column in upload_columns()} <= named
    known = {column.variable for column in upload_columns()} - {""}
    assert known <= set(VARIABLES)


@pytest.mark.parametrize("make", [canonical_dataset, everything])
def test_the_dashboard_takes_it_without_a_word(make):
    made = socat_upload(make())
    read = check_text(made.text)
    assert read.messages == ()
    assert "(unknown)" not in read.types
    assert set(read.metadata) == {
        "expocode",
        "platform_name",
        "investigators",
        "organization",
        "platform_type",
        "suggested_flag",
    }
    assert made.check() == ()


# ---- docs/socat-rules.md#written-upload-file ----------------------------------------


def test_layout():
    made = socat_upload(canonical_dataset())
    assert isinstance(made, Upload)
    assert "\r" not in made.text
    assert made.text.isascii()
    head, columns = table(made)
    assert head == [
        "Expocode: ZZ9920240301",
        "Vessel Name: R/V Orsted",
        "PIs: Nobody, N.; Son, E.",
        "Organization: Example Institute; Abo Akademi",
        "Vessel Type: Ship",
        "Suggested QC: B",
    ]
    assert any("Ørsted" in note for note in made.notes)
    assert columns["Expocode"][0] == "ZZ9920240301"
    parts = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    assert [columns[part][1] for part in parts] == [
        "2024",
        "3",
        "1",
        "6",
        "2",
        "30.250",
    ]
    for name, cells in columns.items():
        for cell in cells:
            if name.startswith("Lat") or name.startswith("Lon"):
                assert re.fullmatch(r"-?\d+\.\d{5}", cell)
            elif "[deg C]" in name or "[hPa]" in name or "[u" in name:
                assert cell == "-999" or re.fullmatch(r"-?\d+\.\d{3}", cell)
    assert set(columns["WOCE_CO2_water"]) == {"2"}
    assert set(columns["comment_WOCE_CO2_water"]) == {""}
    assert "comment_WOCE_CO2_atm" not in columns
    assert "xCO2_atm_dry_actual [umol/mol]" not in columns  # air rows are left out


def test_values_are_those_of_the_dataset_and_measured_ones_stand_beside():
    ds = canonical_dataset()
    _, columns = table(socat_upload(ds))
    rows = ds["run_type"].to_numpy() == WATER
    written = {c.header: c for c in upload_columns() if c.variable}
    for header in columns.keys() & written.keys():
        column = written[header]
        got = np.array(columns[header], dtype=float)
        expected = ds[column.variable].to_numpy()[rows]
        np.testing.assert_allclose(got, expected, atol=0.51 * 10.0**-column.decimals)
    needed = ("xCO2_water_Tequ_dry [umol/mol]", "T_equ [deg C]", "P_equ [hPa]")
    assert {*needed, "SST [deg C]", "Salinity [PSU]"} <= columns.keys()


def test_socat_recomputes_the_same_fco2():
    """Algorithm 1 of SOCAT on the rounded columns: 0.001 uatm, as for its own file."""
    _, columns = table(socat_upload(canonical_dataset(500)))
    x, te, p, ts, s, f = (
        np.array(columns[header], dtype=float)
        for header in (
            "xCO2_water_Tequ_dry [umol/mol]",
            "T_equ [deg C]",
            "P_equ [hPa]",
            "SST [deg C]",
            "Salinity [PSU]",
            "fCO2_water_SST_wet [uatm]",
        )
    )
    again = fugacity(x, te, s, p)[1] * np.exp(0.0423 * (ts - te))
    # 0.0005 degC in each temperature is 0.008 uatm each.
    assert np.abs(again - f).max() < 0.02


def test_every_row_is_written_or_counted():
    ds = canonical_dataset(130)
    made = socat_upload(ds)
    assert made.rows == 100
    assert made.left_out == {"air runs": 20, "standard runs": 10}
    assert made.rows + sum(made.left_out.values()) == ds.sizes["time"]
    with_air = socat_upload(ds, include_air=True)
    assert with_air.rows == 120
    assert with_air.left_out == {"standard runs": 10}
    _, columns = table(with_air)
    sea = np.array(columns["fCO2_water_SST_wet [uatm]"]) == "-999"
    assert sea.sum() == 20
    for header in ("SST [deg C]", "Salinity [PSU]", "T_equ [deg C]", "WOCE_CO2_water"):
        assert (np.array(columns[header])[sea] == "-999").all()
    actual = np.array(columns["fCO2_atm_wet_actual [uatm]"])
    assert (actual[sea] != "-999").all()
    assert (actual[~sea] == "-999").all()
    assert with_air.check() == ()


def test_flags_3_and_4_have_a_comment_that_names_the_cause():
    ds = canonical_dataset()
    ds = set_flag(ds, 3, "SST", 3, "range", "spike")
    ds = set_flag(ds, 4, "fCO2_water_SST_wet", 4, "gradient")
    ds = set_flag(ds, 5, "T_equ", 4, "constant")
    ds = set_flag(ds, 5, "salinity", 3, "outlier")
    ds = set_flag(ds, 6, "position", 4, "speed")
    ds = set_flag(ds, 7, "xCO2_atm_dry_interp", 3, "one_sided")
    made = socat_upload(ds)
    _, columns = table(made)
    assert columns["WOCE_CO2_water"][:9] == tuple("222344422"[:9])
    comments = columns["comment_WOCE_CO2_water"]
    assert comments[3] == "SST: range, spike"
    assert comments[4] == "gradient"
    assert comments[5] == "salinity: outlier; T_equ: constant"
    assert comments[6] == "position: speed"
    assert comments[7] == ""
    assert columns["WOCE_CO2_atm"][7] == "3"
    assert columns["comment_WOCE_CO2_atm"][7] == "one sided"
    assert columns["comment_WOCE_CO2_atm"][3] == ""
    assert made.check() == ()


def test_bad_rows_on_request_only():
    ds = set_flag(canonical_dataset(), 4, "fCO2_water_SST_wet", 4, "gradient")
    ds = set_flag(ds, 5, "fCO2_water_SST_wet", 3, "gradient")
    ds = set_flag(ds, 6, "fCO2_atm_wet_interp", 4, "range")
    made = socat_upload(ds, include_bad=False)
    assert made.left_out["flagged bad"] == 1
    _, columns = table(made)
    assert set(columns["WOCE_CO2_water"]) == {"2", "3"}
    assert columns["WOCE_CO2_atm"][5] == "-999"
    assert columns["xCO2_atm_interp [umol/mol]"][5] == "-999"


def test_missing_results_stay_missing():
    """Not calibrated: no value is passed on; the other columns of the row stay."""
    ds = canonical_dataset().copy(deep=True)
    results = [n for n in ds.data_vars if n.startswith(("xCO2_w", "pCO2_w", "fCO2_w"))]
    for name in results:
        if ds[name].dtype.kind == "f":
            ds[name].to_numpy()[:2] = np.nan
    for name in ("xCO2_water_Tequ_dry", "fCO2_water_SST_wet", "pCO2_water_SST_wet"):
        ds[f"{name}_flag"].to_numpy()[0] = 9
        ds[f"{name}_flag"].to_numpy()[1] = 4
        ds[f"{name}_tests"].to_numpy()[1] = TEST_BITS["not_calibrated"]
    made = socat_upload(ds)
    assert made.left_out["water runs without a result"] == 1
    _, columns = table(made)
    assert columns["fCO2_water_SST_wet [uatm]"][0] == "-999"
    assert columns["WOCE_CO2_water"][0] == "4"
    assert columns["comment_WOCE_CO2_water"][0] == "not calibrated"


def test_rows_without_a_decision_are_not_called_good():
    ds = canonical_dataset().copy(deep=True)
    for name in ("xCO2_water_Tequ_dry", "fCO2_water_SST_wet", "pCO2_water_SST_wet"):
        ds[f"{name}_flag"].to_numpy()[:3] = 0
    made = socat_upload(ds)
    assert made.left_out["not evaluated by quality control"] == 3


def test_a_nominal_salinity_is_not_a_measurement():
    ds = canonical_dataset()
    kinds = np.full(ds.sizes["time"], VALUE_TYPES["nominal"], "int8")
    made = socat_upload(ds.assign(salinity_type=("time", kinds)))
    assert "Salinity [PSU]" not in table(made)[1]
    assert any("Salinity" in note and "nominal" in note for note in made.notes)
    assert made.check() == ()
    kinds[1::2] = VALUE_TYPES["interpolated"]
    made = socat_upload(ds.assign(salinity_type=("time", kinds)))
    cells = table(made)[1]["Salinity [PSU]"]
    assert cells[0] == "-999"
    assert cells[1] != "-999"
    ds["salinity"].attrs["value_type"] = "nominal"
    assert "Salinity [PSU]" not in table(socat_upload(ds))[1]


def test_impossible_values_are_missing_and_the_row_keeps_its_flag():
    ds = set_flag(canonical_dataset(), 2, "P_equ", 4, "physical")
    ds["P_equ"].to_numpy()[2] = 0.0
    made = socat_upload(ds)
    _, columns = table(made)
    assert columns["P_equ [hPa]"][2] == "-999"
    assert columns["WOCE_CO2_water"][2] == "4"
    assert columns["comment_WOCE_CO2_water"][2] == "P_equ: physical"
    assert any("P_equ" in note and "1 impossible" in note for note in made.notes)
    assert made.check() == ()


def test_no_two_rows_with_equal_time_and_position():
    ds = canonical_dataset(40)
    moments = ds["time"].to_numpy().copy()
    moments[3] = moments[2]  # elsewhere: both stay, the western one first
    moments[6] = moments[5]
    lat, lon = (ds[name].to_numpy().copy() for name in ("latitude", "longitude"))
    lon[3] = lon[2] - 0.00002
    lat[6], lon[6] = lat[5] + 2e-6, lon[5]  # the same after rounding
    ds = ds.assign_coords(
        time=moments,
        latitude=("time", lat, ds["latitude"].attrs),
        longitude=("time", lon, ds["longitude"].attrs),
    )
    made = socat_upload(ds)
    assert made.left_out["same time and position as the row before"] == 1
    _, columns = table(made)
    assert columns["Longitude [deg E]"][2] < columns["Longitude [deg E]"][3]
    kept = ds["SST"].to_numpy()[5]
    assert float(columns["SST [deg C]"][5]) == pytest.approx(kept, abs=6e-4)
    assert not [f for f in made.check() if f.severity == "CRITICAL"]


def test_rows_without_place_are_left_out():
    ds = canonical_dataset(40)
    lat = ds["latitude"].to_numpy().copy()
    lat[1], lat[2] = np.nan, 95.0
    ds = ds.assign_coords(latitude=("time", lat, ds["latitude"].attrs))
    assert socat_upload(ds).left_out["no position"] == 2


def test_longitudes_are_written_in_one_convention():
    ds = canonical_dataset(3)
    lon = np.array([359.0, -180.0, 190.0])
    ds = ds.assign_coords(longitude=("time", lon, ds["longitude"].attrs))
    _, columns = table(socat_upload(ds))
    assert columns["Longitude [deg E]"] == ("-1.00000", "180.00000", "-170.00000")


@pytest.mark.parametrize("separator", ["tab", "comma", "semicolon"])
def test_separators(separator):
    ds = set_flag(canonical_dataset(), 5, "T_equ", 4, "constant", "range")
    ds = set_flag(ds, 5, "salinity", 3, "outlier")
    ds.attrs["creator_name"] = "; ".join(f"Person, {x}." for x in "ABCDEFGH")
    ds.attrs["organizations"] = "One"
    made = socat_upload(ds, separator=separator)
    read = check_text(made.text, separator=separator)
    assert read.messages == ()
    assert check_text(made.text).head.separator == separator
    assert read.metadata["investigators"] == ds.attrs["creator_name"]
    comments = table(made)[1]["comment_WOCE_CO2_water"]
    assert comments[5] == "salinity: outlier; T_equ: range, constant"


def test_missing_code_can_be_chosen():
    ds = set_flag(canonical_dataset(), 2, "P_equ", 4, "physical")
    ds["P_equ"].to_numpy()[2] = 0.0
    _, columns = table(socat_upload(ds, missing="NaN".upper()))
    assert columns["P_equ [hPa]"][2] == "NAN"


def test_platform_types():
    words = {
        "ship": "Ship",
        "mooring": "Mooring",
        "drifter": "Drifting Buoy",
        "surface_vehicle": "Drifting Buoy",
    }
    for kind, word in words.items():
        head, _ = table(socat_upload(canonical_dataset(30, kind=kind)))
        assert f"Vessel Type: {word}" in head


def test_metadata_special_cases():
    ds = canonical_dataset(30)
    ds.attrs |= {"creator_name": '"Ann"\tBé,\nC. ; ; Łęcki, Ж.', "platform_name": "Å B"}
    del ds.attrs["suggested_flag"], ds.attrs["organizations"]
    head, _ = table(socat_upload(ds))
    assert head[1:] == [
        "Vessel Name: A B",
        "PIs: 'Ann' Be, C.; Lecki, ?.",
        "Organization: Example Institute",
        "Vessel Type: Ship",
    ]
    head, _ = table(socat_upload(ds, suggested_flag="C"))
    assert head[-1] == "Suggested QC: C"


# ---- what is refused ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("creator_name", "", "investigators"),
        ("platform_name", " ", "platform_name"),
        ("platform_code", "", "expocode"),
        ("platform_code", "9ZZ", "12 to 14"),
        ("expocode", "ZZ9920241301", "no date"),
        ("organizations", "a; b; c", "3 organizations for 2"),
        ("platform_kind", "Ship", "Did you mean 'ship'"),
        ("suggested_flag", "2", "letter A to E"),
    ],
)
def test_required_metadata_is_named(tmp_path, attribute, value, words):
    ds = canonical_dataset(30)
    ds.attrs[attribute] = value
    with pytest.raises(ProcessingError, match=re.escape(words)):
        write(ds, tmp_path / "x.tsv", format="socat")
    assert list(tmp_path.iterdir()) == []


def test_required_columns_are_named():
    ds = canonical_dataset(30)
    with pytest.raises(ProcessingError, match="latitude"):
        socat_upload(ds.drop_vars("latitude"))
    water = [n for n in ds.data_vars if re.match("[xpf]CO2_water", n)]
    with pytest.raises(ProcessingError, match="fCO2_water_SST_wet"):
        socat_upload(ds.drop_vars(water))
    flags = [n for n in ds.data_vars if n.endswith("_flag")]
    with pytest.raises(ProcessingError, match="not flagged"):
        socat_upload(ds.drop_vars(flags))
    dry = np.flatnonzero(ds["run_type"].to_numpy() != WATER)
    with pytest.raises(ProcessingError, match="4 air runs; 2 standard runs"):
        socat_upload(ds.isel(time=dry))
    with pytest.raises(ProcessingError, match="no CO2 value of sea water"):
        socat_upload(ds.isel(time=dry), include_air=True)


def test_reasons_of_people_are_in_the_comment():
    ds = set_flag(canonical_dataset(), 5, "fCO2_water_SST_wet", 4, "manual")
    ds = set_flag(ds, 7, "SST", 3, "manual", "range")
    moment = np.datetime_as_string(ds["time"].to_numpy(), unit="ms")
    keys = ("start", "end", "variable", "flag", "reason")
    entries = [
        (moment[4], moment[6], "fCO2_water_SST_wet", 4, "air bubbles, é"),
        (f"{moment[7]}Z", f"{moment[7]}Z", "SST", "3", "pump off"),
        (moment[7], moment[7], "wind_speed", 4, "not asked for"),
        (moment[0], moment[9], "SST", 2, "looks good"),
    ]
    flags = [dict(zip(keys, entry, strict=True)) for entry in entries]
    for stored in (flags, json.dumps(flags)):
        made = socat_upload(ds.assign_attrs(manual_flags=stored))
        comments = table(made)[1]["comment_WOCE_CO2_water"]
        assert comments[5] == "manual (air bubbles, e)"
        assert comments[7] == "SST: range, manual (pump off)"
        assert {text for i, text in enumerate(comments) if i not in (5, 7)} == {""}


@pytest.mark.parametrize(
    "options",
    [
        {"separator": ","},
        {"missing": "-9.99"},
        {"missing": ""},
        {"suggested_flag": "F"},
        {"suggested_flag": "2"},
        {"include_bad": "yes"},
    ],
)
def test_options_are_checked(options):
    with pytest.raises(OptionError, match=next(iter(options))):
        socat_upload(canonical_dataset(30), **options)


# ---- expocode and text --------------------------------------------------------------


def test_expocodes():
    assert expocode_of(canonical_dataset(3)) == "ZZ9920240301"
    ds = canonical_dataset(3).assign_attrs(expocode="316420221010-1")
    assert expocode_of(ds) == "316420221010-1"
    assert check_expocode("abcde20200229") == "ABCDE20200229"
    for wrong in ("33AT2012041", "33AT20120417-12", "33AT20120431", "33A_20120417", ""):
        with pytest.raises(ProcessingError, match="expocode"):
            check_expocode(wrong)


@given(st.text())
def test_plain_text_is_one_line_of_ascii(text):
    plain = plain_text(text)
    assert plain.isascii()
    assert plain.isprintable()
    assert '"' not in plain
    assert plain_text(plain) == plain


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=20), st.integers(0, 6)
)
def test_fixed_numbers_are_rounded_and_never_minus_zero(numbers, decimals):
    cells = format_fixed(np.array(numbers, dtype=float), decimals)
    for number, cell in zip(numbers, cells, strict=True):
        if math.isnan(number):
            assert cell == "-999"
            continue
        assert abs(float(cell) - number) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + 1e-9
        assert not (cell.startswith("-") and float(cell) == 0)


# ---- round trip ---------------------------------------------------------------------

row = st.tuples(
    st.floats(80, 1200) | st.just(math.nan),
    st.integers(0, 4_000_000),  # ms since the row before
    st.floats(-90, 90),
    st.floats(-180, 360),
    st.sampled_from([2, 3, 4]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=20))
def test_what_is_written_reads_back_equal_to_rounding(rows):
    n = len(rows)
    co2, steps, lat, lon, flags = (np.array(x) for x in zip(*rows, strict=True))
    ds = canonical_dataset(n, kind="mooring", standards=False)
    start = np.datetime64("2019-12-31T23:58:00", "ms")
    moments = start + np.cumsum(steps).astype("timedelta64[ms]")
    ds = ds.assign_coords(
        time=moments.astype("datetime64[ns]"),
        latitude=("time", lat, ds["latitude"].attrs),
        longitude=("time", lon, ds["longitude"].attrs),
    )
    name = "fCO2_water_SST_wet"
    ds[name].to_numpy()[:] = co2
    ds[f"{name}_flag"].to_numpy()[:] = flags
    made = socat_upload(ds)
    assert made.rows + sum(made.left_out.values()) == n
    read = check_text(made.text)
    assert not [f for f in read.messages if f.severity == "CRITICAL"]
    seen = set()
    columns = table(made)[1]
    for line in zip(*columns.values(), strict=True):
        cells = dict(zip(read.types, line, strict=True))
        parts = [int(cells[x]) for x in ("year", "month", "day", "hour", "minute")]
        day = "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}".format(*parts)
        moment = np.datetime64(day, "ms")
        moment += np.timedelta64(round(float(cells["second"]) * 1000), "ms")
        key = (moment, cells["longitude"], cells["latitude"])
        assert key not in seen
        seen.add(key)
        near = np.abs(lat - float(cells["latitude"])) < 6e-6
        turn = np.abs((lon - float(cells["longitude"]) + 180) % 360 - 180)
        same = np.flatnonzero((moments == moment) & near & (turn < 6e-6))
        assert same.size >= 1
        values = ds[name].to_numpy()[same]
        cell = cells.get("fCO2_water_sst_100humidity_uatm", "-999")
        if cell == "-999":
            assert np.isnan(values).any()
        else:
            assert (np.abs(values - float(cell)) <= 5.01e-4).any()
        assert int(cells["WOCE_CO2_water"]) in [flags[k] for k in same]
        has_comment = cells["comment_WOCE_CO2_water"] != ""
        assert has_comment == (cells["WOCE_CO2_water"] in "34")


def test_rows_of_one_time_at_the_date_line_stand_as_the_dashboard_sorts_them():
    ds = canonical_dataset(3, kind="mooring", standards=False)
    moments = np.array(["2024-01-01T00:00:00"] * 3, dtype="M8[ns]")
    ds = ds.assign_coords(
        time=moments,
        latitude=("time", np.full(3, -21.0), ds["latitude"].attrs),
        longitude=(
            "time",
            np.array([-179.999999, 10.0, -151.6]),
            ds["longitude"].attrs,
        ),
    )
    made = socat_upload(ds)
    written = [float(x) for x in table(made)[1]["Longitude [deg E]"]]
    assert written == [-151.6, 10.0, -180.0]
    messages = check_text(made.text).messages
    assert not [m for m in messages if m.severity == "CRITICAL"]


def test_the_same_file_from_memory_and_from_netcdf(tmp_path):
    ds = set_flag(canonical_dataset(), 5, "T_equ", 4, "constant")
    write(ds, tmp_path / "a.tsv", format="socat")
    write(ds, tmp_path / "x.nc")
    write(open_dataset(tmp_path / "x.nc"), tmp_path / "b.tsv", format="socat")
    text = (tmp_path / "a.tsv").read_bytes()
    assert text == (tmp_path / "b.tsv").read_bytes()
    assert text.decode("ascii") == socat_upload(ds).text


def test_blocks_leave_no_seam(monkeypatch):
    ds = set_flag(canonical_dataset(), 5, "T_equ", 4, "constant")
    whole = socat_upload(ds).text
    monkeypatch.setattr("oceanco2.socat.upload._BLOCK", 7)
    assert socat_upload(ds).text == whole


def test_hundred_thousand_rows_take_seconds():
    """About 0.7 s alone on one core; the limit leaves room for busy machines."""
    ds = canonical_dataset(130_000, standards=False)
    start = time.process_time()
    assert socat_upload(ds).rows == 100_000
    assert time.process_time() - start < 5


# ---- the account --------------------------------------------------------------------


def test_account_of_an_upload_counts_findings():
    ds = canonical_dataset(60).copy(deep=True)
    ds["SST"].to_numpy()[2:5] = 45.0
    account = socat_upload(ds).account()
    assert account["rows_written"] == 48
    assert account["rows_left_out"] == {"air runs": 8, "standard runs": 4}
    assert account["findings"] == {"WARNING: SST [deg C]: outside [-5, 40]": 3}
    json.dumps(account)
