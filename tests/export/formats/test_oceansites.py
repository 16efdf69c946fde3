"""Complete OceanSITES files: every variable, attribute and type of the manual 1.4."""

import numpy as np
import pytest
from netCDF4 import Dataset

from oceanco2.errors import ProcessingError
from oceanco2.export.formats.oceansites import (
    _FROM_ACDD,
    PARAMETERS,
    file_name_code,
    write_oceansites,
)
from oceanco2.vocabulary import VALUE_TYPES, VARIABLES, attrs_of
from tests.datasets import canonical_dataset, set_flag

FCO2 = "fCO2_water_SST_wet"
NOW = "2024-06-01T00:00:00Z"
QUALITY = {"coverage_content_type": "qualityInformation"}


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def made(kind="ship", **attrs):
    """Ten rows of water, two of air; the standard is no measurement."""
    ds = set_flag(canonical_dataset(13, kind=kind), 3, FCO2, 3, "range")
    depth = ("time", np.linspace(4.0, 5.2, 13), attrs_of("sample_depth"))
    return ds.assign(sample_depth=depth).assign_attrs(site_code="S1", **attrs)


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def content(path):
    with Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {}
        for name, v in file.variables.items():
            attrs = {key: plain(v.getncattr(key)) for key in v.ncattrs()}
            variables[name] = v.dtype.str[1:], v.dimensions, attrs, v[:]
        return {k: file.getncattr(k) for k in file.ncattrs()}, variables


def flag(name):
    return QUALITY | {
        "long_name": f"quality flag of {name}",
        "conventions": "OceanSITES QC Flags",
        "valid_min": 0,
        "valid_max": 9,
        "flag_values": [0, 1, 2, 3, 4, 7, 8, 9],
        "flag_meanings": "unknown good_data probably_good_data"
        " potentially_correctable_bad_data bad_data nominal_value interpolated_value"
        " missing_value",
        "_FillValue": -128,
    }


def mode(name):
    return QUALITY | {
        "long_name": f"data mode of {name}",
        "conventions": "OceanSITES reference table 4",
        "comment": "R real-time, P provisional, D delayed-mode, M mixed",
        "_FillValue": b" ",
    }


def place(name, units, most):
    return {
        "long_name": f"{name} of measurement",
        "standard_name": name,
        "units": units,
        "axis": {"latitude": "Y", "longitude": "X", "depth": "Z"}[name],
        "valid_min": -10.0 if name == "depth" else -most,
        "valid_max": most,
        "reference": "sea_level" if name == "depth" else "WGS84",
        "coordinate_reference_frame": "urn:ogc:def:crs:EPSG::"
        + ("5831" if name == "depth" else "4326"),
        "ancillary_variables": f"{name.upper()}_QC",
    } | ({"positive": "down"} if name == "depth" else {})


COORDINATES = {
    "TIME": {
        "long_name": "time of measurement",
        "standard_name": "time",
        "units": "days since 1950-01-01T00:00:00Z",
        "calendar": "standard",
        "axis": "T",
        "valid_min": 0.0,
        "valid_max": 90000.0,
        "ancillary_variables": "TIME_QC",
    },
    "LATITUDE": place("latitude", "degrees_north", 90.0),
    "LONGITUDE": place("longitude", "degrees_east", 180.0),
    "DEPTH": place("depth", "meters", 12000.0),
}
STANDARD = {
    "TEMP": "sea_water_temperature",
    "XCO2": "mole_fraction_of_carbon_dioxide_in_dry_air",
    "PCO2": "surface_partial_pressure_of_carbon_dioxide_in_air",
}
SOURCES = {
    "TEMP": ("SST",),
    "PSAL": ("salinity",),
    "XCO2_SW": ("xCO2_water_SST_dry", "xCO2_water_Tequ_dry"),
    "PCO2_SW": ("pCO2_water_SST_wet",),
    "FCO2_SW": ("fCO2_water_SST_wet",),
    "XCO2": ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp"),
    "PCO2": ("pCO2_atm_wet_actual", "pCO2_atm_wet_interp"),
    "FCO2_AIR": ("fCO2_atm_wet_actual", "fCO2_atm_wet_interp"),
    "DFCO2": ("delta_fCO2",),
    "ATMP": ("P_atm",),
    "WSPD": ("wind_speed",),
}
UNCERTAIN = ("XCO2_SW", "PCO2_SW", "FCO2_SW", "XCO2", "FCO2_AIR")
SCALES = {"TEMP": "ITS-90", "PSAL": "PSS-78"}


def parameter(name, along):
    known = VARIABLES[SOURCES[name][0]]
    ancillary = [f"{name}_QC", f"{name}_DM"]
    ancillary += [f"{name}_UNCERTAINTY"] if name in UNCERTAIN else []
    attrs = {
        "long_name": known.long_name.split(", where air")[0],
        "standard_name": STANDARD.get(name, known.standard_name),
        "units": "degree_C" if name == "TEMP" else known.units,
        "ancillary_variables": " ".join(ancillary),
        "DM_indicator": "P",
        "coverage_content_type": "physicalMeasurement",
        "reference_scale": SCALES.get(name),
        "coordinates": along,
        "_FillValue": 99999.0,
    }
    return {key: value for key, value in attrs.items() if value}


def expected_variables(along):
    """Type, dimensions and attributes of all variables, in their order."""
    dims = ("TIME",) if along else ("TIME", "DEPTH")
    for name, attrs in COORDINATES.items():
        own = ("TIME",) if along or name == "TIME" else (name,)
        yield name, ("f8", own, attrs)
        yield f"{name}_QC", ("i1", own, flag(name))
    if along:
        code = {
            "long_name": "expocode: platform and first day",
            "cf_role": "trajectory_id",
        }
        yield "TRAJECTORY", ("S1", ("STRING12",), code)
    for name in SOURCES:
        attrs = parameter(name, along)
        yield name, ("f8", dims, attrs)
        yield f"{name}_QC", ("i1", dims, flag(name))
        yield f"{name}_DM", ("S1", dims, mode(name))
        if name in UNCERTAIN:
            sigma = QUALITY | {
                "long_name": f"uncertainty of {attrs['long_name']}, one sigma",
                "_FillValue": 99999.0,
            }
            shared = {k: attrs[k] for k in ("units", "coordinates") if k in attrs}
            if "standard_name" in attrs:
                sigma["standard_name"] = f"{attrs['standard_name']} standard_error"
            yield f"{name}_UNCERTAINTY", ("f8", dims, sigma | shared)


@pytest.mark.parametrize("kind", ["ship", "mooring"])
def test_a_whole_file(tmp_path, kind):
    assert dict(PARAMETERS) == SOURCES
    ds = made(kind)
    path = write_oceansites(ds, tmp_path)
    assert path == tmp_path / "OS_S1_20240301_P_CO2.nc"
    whole, found = content(path)
    moored = kind == "mooring"
    along = None if moored else "TIME DEPTH LATITUDE LONGITUDE"
    expected = list(expected_variables(along))
    assert list(found) == [name for name, _ in expected]
    for name, parts in expected:
        assert found[name][:3] == parts, name
    rows = np.arange(13 if moored else 12)
    for name, sources in SOURCES.items():
        values = np.full(rows.size, np.nan)
        for source in reversed(sources):
            if source in ds:
                here = ds[source].to_numpy()[rows]
                values = np.where(np.isfinite(here), here, values)
        filled = np.where(np.isfinite(values), values, 99999.0)
        np.testing.assert_array_equal(found[name][3].ravel(), filled, err_msg=name)
        assert set(found[f"{name}_DM"][3].ravel().tolist()) == {b"P"}
    codes = found["FCO2_SW_QC"][3].ravel().tolist()
    assert codes[:10] == [1, 1, 1, 3, *[1] * 6]
    assert codes[10:] == ([1] * 3 if moored else [9, 9])
    sigma = found["FCO2_SW_UNCERTAINTY"][3].ravel().tolist()
    assert sigma[:10] == [1.5] * 10
    assert sigma[10:] == ([1.5] * 3 if moored else [99999.0] * 2)
    assert set(found["TIME_QC"][3]) == {1}
    assert set(found["DEPTH_QC"][3]) == {7}
    assert set(found["LATITUDE_QC"][3]) == set(found["LONGITUDE_QC"][3]) == {1}
    step = 150.25 / 86400.0
    np.testing.assert_allclose(found["TIME"][3], 27088.25 + step * rows, atol=1e-9)
    if moored:
        assert found["LATITUDE"][3].tolist() == [33.5]
        assert found["LONGITUDE"][3].tolist() == [-121.25]
        assert found["DEPTH"][3] == pytest.approx([4.6])  # the median
        assert found["DEPTH_QC"][3].tolist() == [7]
    else:
        np.testing.assert_allclose(found["DEPTH"][3], np.linspace(4.0, 5.1, 12))
        assert b"".join(found["TRAJECTORY"][3].tolist()) == b"99ZZ20240301"
    attributes = {
        "site_code": "S1",
        "platform_code": "S1",
        "data_mode": "P",
        "naming_authority": "OceanSITES",
        "cdm_data_type": "Station" if moored else "Trajectory",
        "data_type": f"OceanSITES {'time-series' if moored else 'trajectory'} data",
        "format_version": "1.4",
        "Conventions": "CF-1.6, OceanSITES-1.4, ACDD-1.3",
        "netcdf_version": "4.x classic model",
        "area": "World Ocean",
        "principal_investigator": "Nobody, N.; Søn, É.",
        "geospatial_vertical_min": 4.0,
        "geospatial_vertical_max": pytest.approx(5.2 if moored else 5.1),
        "geospatial_vertical_positive": "down",
        "geospatial_vertical_units": "meter",
        "time_coverage_start": "2024-03-01T06:00:00Z",
        "time_coverage_end": f"2024-03-01T06:{'30:03' if moored else '27:32.750'}Z",
        "update_interval": "P1D",
        "date_created": NOW,
        "date_modified": NOW,
        "QC_indicator": "mixed",
        "processing_level": "Data verified against model or other contextual"
        " information",
        "id": "OS_S1_20240301_P_CO2",
    }
    if not moored:
        attributes["featureType"] = "trajectory"
    others = {k: v for k, v in whole.items() if k not in attributes}
    assert {k: whole[k] for k in attributes} == attributes
    assert set(others) == {
        *("title", "summary", "source", "institution", "keywords", "creator_name"),
        *("keywords_vocabulary", "creator_type", "creator_institution", "license"),
        *("expocode", "history", "standard_name_vocabulary", "geospatial_lat_min"),
        *("geospatial_lat_max", "geospatial_lat_units", "geospatial_lon_min"),
        *("geospatial_lon_max", "geospatial_lon_units", "time_coverage_duration"),
        "time_coverage_resolution",
    }
    assert ("featureType" in whole) is not moored


def test_attributes_of_a_dataset_that_are_written(tmp_path):
    names = {*_FROM_ACDD} - {"history", "expocode", "standard_name_vocabulary"}
    names = {n for n in names if not n.startswith(("geospatial", "time_coverage"))}
    stated = {name: f"stated {name}" for name in names}
    whole, _ = content(write_oceansites(made(**stated), tmp_path))
    assert {name: whole[name] for name in names} == stated
    assert {"comment", "acknowledgement", "wmo_platform_code", "references"} <= names
    assert {"contributor_name", "contributor_role", "project"} <= names
    assert {"publisher_name", "publisher_email", "publisher_url"} <= names
    assert {"creator_email", "creator_url"} <= names
    bare = made()
    del bare.attrs["creator_name"]
    whole, _ = content(write_oceansites(bare.assign_attrs(comment=""), tmp_path))
    assert whole["principal_investigator"] == " "
    assert "comment" not in whole


def test_delayed_mode(tmp_path):
    ds = made()
    manual = ds.assign(SST_flag_manual=ds["SST_flag"])
    path = write_oceansites(manual, tmp_path)
    assert path.name == "OS_S1_20240301_D_CO2.nc"
    whole, found = content(path)
    keys = ("data_mode", "update_interval", "QC_indicator", "processing_level")
    assert [whole[k] for k in keys] == [
        *("D", "void", "good data", "Data manually reviewed"),
    ]
    assert found["TEMP"][2]["DM_indicator"] == "D"
    assert set(found["TEMP_DM"][3].tolist()) == {b"D"}
    named = write_oceansites(manual, tmp_path / "x.nc", data_mode="M", part="X")
    assert named == tmp_path / "x.nc"
    whole, _ = content(named)
    assert (whole["data_mode"], whole["id"]) == ("M", "OS_S1_20240301_M_X")


def test_unknown_depth_and_nominal_salinity(tmp_path):
    kinds = ("time", np.full(13, VALUE_TYPES["nominal"], "int8"))
    ds = made().assign(salinity_type=kinds).drop_vars("position_flag")
    ds["sample_depth"].to_numpy()[:12] = np.nan
    whole, found = content(write_oceansites(ds, tmp_path))
    assert found["DEPTH"][3].tolist() == [0.0] * 12
    assert found["DEPTH"][2]["comment"] == (
        "at the surface; the depth of the intake is not known"
    )
    assert whole["geospatial_vertical_min"] == whole["geospatial_vertical_max"] == 0.0
    assert set(found["PSAL_QC"][3]) == {7}
    assert set(found["LATITUDE_QC"][3]) == {0}
    assert set(found["DEPTH_QC"][3]) == {7}


@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_a_mooring_that_moves(tmp_path, name):
    ds = made("mooring").copy(deep=True)
    ds[name].to_numpy()[4] += 0.001
    whole, _ = content(write_oceansites(ds, tmp_path))
    assert whole["featureType"] == "trajectory"
    still = made()
    for coordinate in ("latitude", "longitude"):
        still[coordinate].to_numpy()[:] = 3.0
    whole, _ = content(write_oceansites(still, tmp_path))
    assert whole["featureType"] == "trajectory"


def test_distinct_rows_with_a_position(tmp_path):
    ds = made()
    ds["latitude"].to_numpy()[2] = np.nan
    moments = ds["time"].to_numpy().copy()
    moments[5] = moments[4]
    path = write_oceansites(ds.assign_coords(time=moments), tmp_path)
    expected = ds["SST"].to_numpy()[[0, 1, 3, 4, *range(6, 12)]]
    np.testing.assert_array_equal(content(path)[1]["TEMP"][3], expected)


def test_what_is_required(tmp_path):
    for name in ("latitude", "longitude", "SST"):
        with pytest.raises(ProcessingError, match=f"OceanSITES needs {name}"):
            write_oceansites(made().drop_vars(name), tmp_path)
    ds = made()
    flags = [n for n in ds.data_vars if "water" in str(n) and str(n).endswith("_flag")]
    with pytest.raises(ProcessingError, match="OceanSITES needs quality flags"):
        write_oceansites(ds.drop_vars(flags), tmp_path)
    nameless = ds.assign_attrs(site_code="", platform_name="")
    message = r"OceanSITES needs 'platform_name'.*\(platform file: name\)"
    with pytest.raises(ProcessingError, match=message):
        write_oceansites(nameless, tmp_path)
    assert not list(tmp_path.iterdir())
    assert file_name_code("a_b-1.é") == "ab-1e"
