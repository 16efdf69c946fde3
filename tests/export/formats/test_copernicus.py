"""Complete files and delivery notes for Copernicus, by the format manual 1.42."""

import hashlib

import numpy as np
import pytest
from netCDF4 import Dataset

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.export.formats.copernicus import (
    CATEGORIES,
    CopernicusOptions,
    _extent,
    _identity,
    _parameter,
    delivery_note,
    write_copernicus,
)
from oceanco2.export.rows import Measurements
from oceanco2.provenance import package_version
from oceanco2.vocabulary import VALUE_TYPES, attrs_of
from tests.datasets import WATER, canonical_dataset, set_flag

FCO2 = "fCO2_water_SST_wet"
NOW = "2024-06-01T00:00:00Z"


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def made(kind="ship", **attrs):
    """Ten rows of water on the first of March and ten on the second."""
    ds = set_flag(canonical_dataset(23, kind=kind), 3, FCO2, 3, "range")
    ds["run_type"].to_numpy()[:] = WATER
    day = (np.arange(23) >= 10) * np.timedelta64(1, "D")
    depth = ("time", np.linspace(4.0, 6.2, 23), attrs_of("sample_depth"))
    ds = ds.assign(sample_depth=depth)
    ds = ds.assign_coords(time=ds["time"].to_numpy() + day)
    return ds.assign_attrs(call_sign="LMEL", **attrs)


def content(path):
    """Global attributes; dimensions; type, dimensions and attributes of variables."""
    with Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {}
        for name, v in file.variables.items():
            attrs = {key: v.getncattr(key) for key in v.ncattrs()}
            variables[name] = v.dtype.str[1:], v.dimensions, attrs
        whole = {key: file.getncattr(key) for key in file.ncattrs()}
        return whole, variables, {n: v[:] for n, v in file.variables.items()}


def flag(name):
    return {
        "long_name": f"{name} quality flag",
        "conventions": "Copernicus Marine In Situ reference table 2",
        "valid_min": 0,
        "valid_max": 9,
        "flag_values": list(range(10)),
        "flag_meanings": "no_qc_performed good_data probably_good_data"
        " bad_data_that_are_potentially_correctable bad_data value_changed"
        " value_below_detection nominal_value interpolated_value missing_value",
        "_FillValue": -127,
    }


def place(name, unit, axis, most):
    return {
        "long_name": f"{name.capitalize()} of each location",
        "standard_name": name,
        "units": unit,
        "axis": axis,
        "valid_min": -most,
        "valid_max": most,
        "ancillary_variables": "POSITION_QC",
    }


def packed(name, long_name, standard, units):
    return {
        "long_name": long_name,
        "standard_name": standard,
        "units": units,
        "scale_factor": 0.001,
        "add_offset": 0.0,
        "data_mode": "R",
        "sensor_mount": "mounted_on_shipborne_fixed",
        "ancillary_variables": f"{name}_QC",
        "_FillValue": -2147483647,
    }


BOTH = ("TIME", "DEPTH")
VARIABLES = {
    "TIME": (
        *("f8", ("TIME",)),
        {
            "long_name": "Time",
            "standard_name": "time",
            "units": "days since 1950-01-01T00:00:00Z",
            "calendar": "standard",
            "axis": "T",
            "valid_min": -90000.0,
            "valid_max": 90000.0,
            "ancillary_variables": "TIME_QC",
        },
    ),
    "TIME_QC": ("i1", ("TIME",), flag("TIME")),
    "LATITUDE": ("f4", ("LATITUDE",), place("latitude", "degree_north", "Y", 90)),
    "LONGITUDE": ("f4", ("LONGITUDE",), place("longitude", "degree_east", "X", 180)),
    "POSITION_QC": ("i1", ("POSITION",), flag("POSITION")),
    "POSITIONING_SYSTEM": (
        *("S1", ("POSITION",)),
        {
            "long_name": "Positioning system",
            "flag_values": "A,G,L,N,U",
            "flag_meanings": "argos gps loran nominal unknown",
            "_FillValue": b" ",
        },
    ),
    "DEPH": (
        *("f4", BOTH),
        {
            "long_name": "Depth",
            "standard_name": "depth",
            "units": "m",
            "axis": "Z",
            "positive": "down",
            "valid_min": -12000,
            "valid_max": 12000,
            "ancillary_variables": "DEPH_QC",
            "_FillValue": np.float32(9.96921e36),
        },
    ),
    "DEPH_QC": ("i1", BOTH, flag("DEPH")),
    "TEMP": (
        *("i4", BOTH),
        packed("TEMP", "Sea temperature", "sea_water_temperature", "degrees_C"),
    ),
    "TEMP_QC": ("i1", BOTH, flag("TEMP")),
    "PSAL": (
        *("i4", BOTH),
        packed("PSAL", "Practical salinity", "sea_water_practical_salinity", "0.001"),
    ),
    "PSAL_QC": ("i1", BOTH, flag("PSAL")),
    "FCO2": (
        *("i4", BOTH),
        packed(
            "FCO2",
            "Fugacity of carbon dioxide in sea water",
            "fugacity_of_carbon_dioxide_in_sea_water",
            "µatm",
        ),
    ),
    "FCO2_QC": ("i1", BOTH, flag("FCO2")),
}


def plain(attrs):
    return {k: v.tolist() if hasattr(v, "tolist") else v for k, v in attrs.items()}


def test_a_whole_file(tmp_path):
    ds = made()
    write_copernicus(ds, tmp_path / "out")
    first = tmp_path / "out" / "GL_TS_TS_LMEL_20240301.nc"
    whole, variables, values = content(first)
    assert list(variables) == list(VARIABLES)
    for name, (kind, dims, attrs) in VARIABLES.items():
        assert variables[name][:2] == (kind, dims), name
        assert plain(variables[name][2]) == plain(attrs), name
    assert whole == {
        "title": "Global Ocean - In Situ near-real-time carbon observation",
        "id": "GL_TS_TS_LMEL_20240301",
        "naming_authority": "Copernicus Marine In Situ",
        "data_type": "OceanSITES trajectory data",
        "format_version": "1.4",
        "Conventions": "CF-1.6 Copernicus-InSituTAC-FormatManual-1.42"
        " Copernicus-InSituTAC-SRD-1.5 Copernicus-InSituTAC-ParametersList-3.2.0",
        "netcdf_version": "netCDF-4 classic model",
        "data_mode": "R",
        "cdm_data_type": "trajectory",
        "area": "Global Ocean",
        "update_interval": "P1D",
        "date_update": NOW,
        "history": f"{NOW} oceanco2 {package_version()}: file made",
        "references": "http://marine.copernicus.eu http://www.marineinsitu.eu",
        "summary": "Surface ocean CO2 from R/V Ørsted",
        "platform_code": "LMEL",
        "platform_name": "R/V Ørsted",
        "site_code": "LMEL",
        "ices_platform_code": "99ZZ",
        "source": "research vessel",
        "source_platform_category_code": "31",
        "institution": "Example Institute",
        "institution_edmo_code": " ",
        "institution_references": " ",
        "wmo_platform_code": " ",
        "pi_name": "Nobody, N.; Søn, É.",
        "contact": " ",
        "doi": " ",
        "distribution_statement": "CC0-1.0",
        "citation": " ",
        "comment": " ",
        "geospatial_lat_min": "-30.00000",
        "geospatial_lat_max": "-29.99640",
        "geospatial_lon_min": "10.00000",
        "geospatial_lon_max": "10.00720",
        "geospatial_vertical_min": "4.0",
        "geospatial_vertical_max": "4.9",
        "time_coverage_start": "2024-03-01T06:00:00Z",
        "time_coverage_end": "2024-03-01T06:22:32.250Z",
        "last_date_observation": "2024-03-01T06:22:32.250Z",
        "last_latitude_observation": "-29.99640",
        "last_longitude_observation": "10.00720",
    }
    # 1950-01-01 to 2024-03-01 are 27088 days.
    step = 150.25 / 86400.0
    np.testing.assert_allclose(
        values["TIME"], 27088.25 + step * np.arange(10), rtol=0, atol=1e-9
    )
    for name, variable in (("TEMP", "SST"), ("PSAL", "salinity"), ("FCO2", FCO2)):
        expected = np.rint(ds[variable].to_numpy()[:10] * 1000.0)
        np.testing.assert_allclose(values[name][:, 0], expected, atol=1)
    assert values["FCO2_QC"][:, 0].tolist() == [1, 1, 1, 3, *[1] * 6]
    assert values["TEMP_QC"][:, 0].tolist() == [1] * 10
    np.testing.assert_allclose(values["DEPH"][:, 0], np.linspace(4.0, 4.9, 10))
    assert set(values["DEPH_QC"].ravel()) == {7}
    for name in ("TIME_QC", "POSITION_QC"):
        assert values[name].tolist() == [1] * 10
    assert b"".join(values["POSITIONING_SYSTEM"].tolist()) == b"G" * 10
    *_, second = content(tmp_path / "out" / "GL_TS_TS_LMEL_20240302.nc")
    assert second["TIME"].size == 10  # two rows of air and a standard are left out


def test_what_the_attributes_of_a_dataset_become(tmp_path):
    stated = {
        "institution_edmo_code": "1",
        "creator_url": "https://example.org",
        "wmo_platform_code": "2",
        "creator_email": "n@example.org",
        "doi": "10.5/x",
        "references": "Book",
        "comment": "Note",
    }
    ds = made("mooring", **stated).drop_attrs(deep=False)
    ds = ds.assign_attrs(stated, call_sign=" k1z ", platform_kind="mooring")
    write_copernicus(ds, tmp_path, data_mode="D")
    names = sorted(p.name for p in tmp_path.glob("*.nc"))
    assert names == ["GL_TS_MO_K1Z_20240301.nc", "GL_TS_MO_K1Z_20240302.nc"]
    whole, variables, values = content(tmp_path / names[1])
    keys = "institution_edmo_code institution_references wmo_platform_code contact"
    keys = [*keys.split(), "doi", "citation", "comment", "platform_name", "summary"]
    assert [whole[key] for key in keys] == [
        *("1", "https://example.org", "2", "n@example.org", "10.5/x", "Book"),
        *("Note", "K1Z", "Surface ocean CO2 from K1Z"),
    ]
    assert {whole[k] for k in ("institution", "pi_name", "ices_platform_code")} == {" "}
    assert whole["distribution_statement"] == " "
    assert whole["title"] == "Global Ocean - In Situ carbon observation"
    assert whole["data_type"] == "OceanSITES time-series data"
    assert whole["cdm_data_type"] == "station"
    assert whole["source"] == "moored surface buoy"
    assert whole["id"] == "GL_TS_MO_K1Z_20240302"
    assert whole["data_mode"] == variables["TEMP"][2]["data_mode"] == "D"
    assert variables["FCO2"][2]["sensor_mount"] == "mounted_on_surface_buoy"
    assert values["TIME"].size == 13


def test_kinds_of_platforms():
    kinds = {
        "ship": ("31", "mounted_on_shipborne_fixed", "TS"),  # a known research vessel
        "mooring": ("31", "mounted_on_surface_buoy", "MO"),
        "surface_vehicle": ("31", " ", "TS"),
        "drifter": ("31", "mounted_on_surface_buoy", "DB"),
    }
    unknown = {"ship": "30", "mooring": "41", "surface_vehicle": "3B", "drifter": "42"}
    for kind, (category, mount, source) in kinds.items():
        ds = made(kind)
        for sign, code in (("lmel", category), ("ZZ99", unknown[kind])):
            found = _identity(ds, CopernicusOptions(call_sign=sign))
            assert found == {
                "platform_code": sign.upper(),
                "category": code,
                "data_mode": "R",
                "mount": mount,
                "source": source,
            }
        given = _identity(ds, CopernicusOptions(category="32", data_mode="D"))
        assert (given["category"], given["data_mode"]) == ("32", "D")
    assert CATEGORIES == {
        "30": "ship",
        "31": "research vessel",
        "32": "vessel of opportunity",
        "3B": "autonomous surface water vehicle",
        "41": "moored surface buoy",
        "42": "drifting surface float",
    }


@pytest.mark.parametrize(
    ("attrs", "options", "error", "message"),
    [
        ({}, {"call_sign": "LM-L"}, ProcessingError, "only letters and digits"),
        ({}, {"call_sign": "LMÉL"}, ProcessingError, "only letters and digits"),
        ({"call_sign": ""}, {}, ProcessingError, r"platform file: call_sign\)"),
        ({}, {"data_mode": "P"}, OptionError, "R or D, not 'P'"),
        ({"platform_kind": "kite"}, {}, ProcessingError, "not 'kite'"),
        ({}, {"category": "99"}, OptionError, "30, 31, 32, 3B, 41, 42, not '99'"),
        ({}, {"product": "a b"}, OptionError, "product must contain only"),
        ({}, {"product": "___"}, OptionError, "product must contain only"),
    ],
)
def test_refusals(tmp_path, attrs, options, error, message):
    with pytest.raises(error, match=message):
        write_copernicus(made().assign_attrs(attrs), tmp_path / "x", **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["latitude", "longitude", "SST", "salinity", FCO2])
def test_what_is_required(tmp_path, name):
    with pytest.raises(ProcessingError, match=f"Copernicus needs {name}: it is miss"):
        write_copernicus(made().drop_vars(name), tmp_path / "x")


def test_flags_of_the_result_are_required(tmp_path):
    with pytest.raises(ProcessingError, match="Copernicus needs quality flags"):
        write_copernicus(made().drop_vars(f"{FCO2}_flag"), tmp_path / "x")


PRODUCT = "INSITU_GLO_PHYBGCWAV_DISCRETE_MYNRT_013_030"


def test_a_whole_delivery_note(tmp_path):
    files = [tmp_path / f"GL_TS_TS_LMEL_2024030{n}.nc" for n in (1, 2)]
    for path in files:
        path.write_text(path.name)
    name, note = delivery_note(made(), files, CopernicusOptions())
    assert name == f"{PRODUCT}_P20240601T000000Z.xml"
    sums = [hashlib.md5(p.name.encode()).hexdigest() for p in files]
    entries = [
        f'    <file FileName="latest/2024030{n}/GL_TS_TS_LMEL_2024030{n}.nc"'
        f' Checksum="{sums[n - 1]}" FileType="NetCDF" />'
        for n in (1, 2)
    ]
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        '<delivery PushingEntity="Example Institute" date="20240601T000000Z"'
        f' product="{PRODUCT}">',
        f'  <dataset DatasetName="{PRODUCT}_latest">',
        *entries,
        "  </dataset>",
        "</delivery>",
    ]
    assert note.decode() == "\n".join(lines) + "\n"
    bare = made().assign_attrs(institution="")
    assert b'PushingEntity="unknown"' in delivery_note(bare, [], CopernicusOptions())[1]
    options = CopernicusOptions(pushing_entity="Høyskole", product="MY_2")
    name, note = delivery_note(made(), [], options)
    assert name == "MY_2_P20240601T000000Z.xml"
    assert b'product="MY_2"' in note
    assert b'DatasetName="MY_2_latest"' in note
    assert note.isascii()
    assert b"Example" not in note


def test_the_note_is_written_beside_the_files(tmp_path):
    write_copernicus(made(), tmp_path, product="MY_2", pushing_entity="Me")
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [
        "GL_TS_TS_LMEL_20240301.nc",
        "GL_TS_TS_LMEL_20240302.nc",
        "MY_2_P20240601T000000Z.xml",
    ]
    note = (tmp_path / names[2]).read_text()
    for name in names[:2]:
        assert hashlib.md5((tmp_path / name).read_bytes()).hexdigest() in note
    assert 'PushingEntity="Me"' in note


def test_only_distinct_rows_of_water_with_a_position(tmp_path):
    ds = made()
    for row, name in ((0, "latitude"), (1, "longitude")):
        ds[name].to_numpy()[row] = np.nan
    moments = ds["time"].to_numpy().copy()
    moments[5] = moments[4]
    for name in (FCO2, "xCO2_water_Tequ_dry", "pCO2_water_SST_wet"):
        ds[name].to_numpy()[6] = np.nan
    for name in ("pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet", "delta_fCO2"):
        ds[name].to_numpy()[6] = np.nan
    write_copernicus(ds.assign_coords(time=moments), tmp_path)
    *_, values = content(tmp_path / "GL_TS_TS_LMEL_20240301.nc")
    rows = [2, 3, 4, 7, 8, 9]
    expected = np.rint(ds[FCO2].to_numpy()[rows] * 1000.0)
    np.testing.assert_allclose(values["FCO2"][:, 0], expected, atol=1)


def test_numbers_that_do_not_fit_are_missing():
    """32 bits end at 2147483.647; a fill value is the lowest that is used."""
    ds = made()
    numbers = np.array([2147483.646, -2147483.646, 2147483.647, -2147483.647, 3e9])
    ds["SST"].to_numpy()[:5] = numbers
    types = ("time", np.full(23, VALUE_TYPES["measured"], "int8"))
    ds = ds.assign(SST_type=types)
    ds["SST_type"].to_numpy()[0] = VALUE_TYPES["nominal"]
    rows = np.arange(6)
    selected = Measurements(rows, None, None, None, None, {})
    identity = {"data_mode": "R", "mount": " "}
    found = _parameter(ds, selected, "TEMP", "SST", identity)
    assert found["TEMP"].values[:5, 0].tolist() == [
        *(2147483646, -2147483646, -2147483647, -2147483647, -2147483647),
    ]
    assert found["TEMP_QC"].values[:, 0].tolist() == [7, 1, 9, 9, 9, 1]


def test_bounds_without_a_known_depth():
    fill = np.float32(9.96921e36)
    time = np.array(["2024-03-01T06:00", "2024-03-02T07:00:00.5"], "datetime64[ms]")
    lat, lon = np.array([2.0, -1.0]), np.array([-3.0, -4.5])
    rows = Measurements(np.arange(2), time, lat, lon, None, {})
    found = _extent(rows, np.array([[fill], [fill]]))
    assert list(found.values()) == [
        *("-1.00000", "2.00000", "-4.50000", "-3.00000", " ", " "),
        *("2024-03-01T06:00:00Z", "2024-03-02T07:00:00.500Z"),
        *("2024-03-02T07:00:00.500Z", "-1.00000", "-4.50000"),
    ]
    found = _extent(rows, np.array([[fill], [5.25]], np.float32))
    assert found["geospatial_vertical_min"] == found["geospatial_vertical_max"]
