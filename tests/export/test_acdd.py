"""Global attributes of a file: extents, durations and names by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.acdd import global_attributes, identifier, iso_duration, iso_time

START = np.datetime64("2024-03-01T00:00:00", "ns")


def dataset(lat=(10.0, 12.0), lon=(20.0, 25.0), seconds=None, depth=None, **attrs):
    seconds = np.arange(len(lat)) * 60 if seconds is None else np.array(seconds)
    coords = {
        "time": START + seconds * np.timedelta64(1, "s"),
        "latitude": ("time", np.array(lat, float)),
        "longitude": ("time", np.array(lon, float)),
    }
    data = {} if depth is None else {"sample_depth": ("time", np.array(depth, float))}
    return xr.Dataset(data, coords=coords, attrs=attrs)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        *((0, "PT0S"), (1, "PT0.001S"), (1500, "PT1.5S"), (59_999, "PT59.999S")),
        *((60_000, "PT1M"), (3_600_000, "PT1H"), (3_661_000, "PT1H1M1S")),
        *((86_400_000, "P1D"), (90_000_000, "P1DT1H"), (86_460_250, "P1DT1M0.25S")),
        (864_000_000, "P10D"),
    ],
)
def test_durations(milliseconds, text):
    assert iso_duration(np.timedelta64(milliseconds, "ms")) == text


def test_times():
    assert iso_time(START) == "2024-03-01T00:00:00Z"
    assert iso_time(START + np.timedelta64(1, "ms")) == "2024-03-01T00:00:00.001Z"


def test_the_identifier_is_the_first_name_there_is():
    assert identifier(dataset(platform_code="99ZZ", id="x")) == "99ZZ20240301"
    assert identifier(dataset(expocode="99ZZ20240302")) == "99ZZ20240302"
    names = {"dataset_name": "My  cruise", "platform_name": "R/V One", "id": "i d"}
    for name, expected in zip(names, ("My_cruise", "R/V_One", "i_d"), strict=True):
        left = {key: names[key] for key in [*names][[*names].index(name) :]}
        assert identifier(dataset(**left)) == expected
    assert identifier(dataset()) == "unnamed"


def test_times_of_the_file():
    attrs = global_attributes(
        dataset([0] * 4, [0] * 4, [0, 60, 90, 7200]), "trajectory"
    )
    assert attrs["time_coverage_start"] == "2024-03-01T00:00:00Z"
    assert attrs["time_coverage_end"] == "2024-03-01T02:00:00Z"
    assert attrs["time_coverage_duration"] == "PT2H"
    assert attrs["time_coverage_resolution"] == "PT1M"  # of 30, 60 and 7110 s
    assert "time_coverage_resolution" not in global_attributes(
        dataset([0], [0]), "trajectory"
    )


def test_a_clock_that_was_not_set_does_not_count():
    ds = dataset([0] * 3, [0] * 3, [-86400, 0, 60])
    ds["time_flag"] = ("time", [4, 2, 3])
    attrs = global_attributes(ds, "trajectory")
    assert attrs["time_coverage_start"] == "2024-03-01T00:00:00Z"
    assert attrs["time_coverage_duration"] == "PT1M"
    assert attrs["title"].endswith("2024-03-01 to 2024-03-01")


def test_a_box_of_positions():
    attrs = global_attributes(dataset(), "trajectory")
    assert attrs["geospatial_lat_min"] == 10.0
    assert attrs["geospatial_lat_max"] == 12.0
    assert attrs["geospatial_lon_min"] == 20.0
    assert attrs["geospatial_lon_max"] == 25.0
    assert attrs["geospatial_lat_units"] == "degrees_north"
    assert attrs["geospatial_lon_units"] == "degrees_east"
    assert attrs["geospatial_bounds_crs"] == "EPSG:4326"
    assert attrs["geospatial_bounds"] == (
        "POLYGON ((10.00000 20.00000, 12.00000 20.00000, 12.00000 25.00000,"
        " 10.00000 25.00000, 10.00000 20.00000))"
    )
    assert not [name for name in attrs if "vertical" in name]


def test_a_point_and_the_date_line():
    point = global_attributes(dataset([1.5] * 2, [-2.5] * 2), "timeSeries")
    assert point["geospatial_bounds"] == "POINT (1.50000 -2.50000)"
    north = global_attributes(dataset([1.5, 2.5], [-2.5] * 2), "timeSeries")
    assert north["geospatial_bounds"] == (
        "POLYGON ((1.50000 -2.50000, 2.50000 -2.50000, 2.50000 -2.50000,"
        " 1.50000 -2.50000, 1.50000 -2.50000))"
    )
    across = global_attributes(dataset([0.0, 1.0], [179.0, -179.0]), "trajectory")
    assert (across["geospatial_lon_min"], across["geospatial_lon_max"]) == (179, -179)
    assert "1.00000 181.00000, 0.00000 181.00000" in across["geospatial_bounds"]


def test_impossible_positions_do_not_count():
    lat, lon = [90.1, 90.0, -90.0, 0.0, np.nan], [0.0, 10.0, 5.0, 360.1, 0.0]
    attrs = global_attributes(dataset(lat, lon), "trajectory")
    assert attrs["geospatial_lat_max"] == 90.0
    assert attrs["geospatial_lat_min"] == -90.0
    assert (attrs["geospatial_lon_min"], attrs["geospatial_lon_max"]) == (5.0, 10.0)
    with pytest.raises(ProcessingError, match="nothing to write"):
        global_attributes(dataset([np.nan], [0.0]), "trajectory")


def test_depths():
    attrs = global_attributes(dataset(depth=[np.nan, 5.0]), "trajectory")
    assert attrs["geospatial_vertical_min"] == attrs["geospatial_vertical_max"] == 5.0
    assert attrs["geospatial_vertical_units"] == "m"
    assert attrs["geospatial_vertical_positive"] == "down"
    assert attrs["geospatial_bounds_vertical_crs"] == "EPSG:5831"
    two = global_attributes(dataset(depth=[3.0, 5.0]), "trajectory")
    assert (two["geospatial_vertical_min"], two["geospatial_vertical_max"]) == (3, 5)
    none = global_attributes(dataset(depth=[np.nan] * 2), "trajectory")
    assert "geospatial_vertical_min" not in none


SOURCES = {
    "ship": "underway measurements on a ship",
    "mooring": "measurements on a mooring",
    "surface_vehicle": "measurements on an unmanned surface vehicle",
    "drifter": "measurements on a drifting platform",
    "balloon": "measurements at the sea surface",
}


@pytest.mark.parametrize("kind", SOURCES)
def test_where_it_was_measured(kind):
    attrs = global_attributes(dataset(platform_kind=kind), "trajectory")
    assert attrs["source"] == SOURCES[kind]


def test_defaults_yield_and_fixed_ones_do_not():
    attrs = global_attributes(dataset(platform_name="One"), "trajectory")
    assert attrs["title"] == "Surface ocean CO2, One, 2024-03-01 to 2024-03-01"
    assert attrs["summary"].startswith("Surface ocean CO2 from One, 2024-03-01 to ")
    assert attrs["naming_authority"] == "info.socat"
    assert attrs["id"] == "One"
    assert "expocode" not in attrs
    assert attrs["Conventions"] == "CF-1.11, ACDD-1.3"
    assert (attrs["featureType"], attrs["cdm_data_type"]) == (
        "trajectory",
        "Trajectory",
    )
    assert attrs["standard_name_vocabulary"] == "CF Standard Name Table v93"
    assert attrs["product_version"].startswith("oceanco2 ")
    assert attrs["keywords_vocabulary"] == "GCMD Science Keywords"
    assert attrs["keywords"].count("EARTH SCIENCE > OCEANS") == 3
    assert attrs["history"].endswith("written as netCDF")
    own = {"title": "T", "Conventions": "mine", "history": "h", "keywords": "k"}
    attrs = global_attributes(dataset(platform_code="99ZZ", **own), "timeSeries")
    assert (attrs["title"], attrs["history"], attrs["keywords"]) == ("T", "h", "k")
    assert "keywords_vocabulary" not in attrs
    assert attrs["Conventions"] == "CF-1.11, ACDD-1.3"
    assert attrs["cdm_data_type"] == "Station"
    assert attrs["expocode"] == attrs["id"] == "99ZZ20240301"
    assert "an unnamed platform" in global_attributes(dataset(), "trajectory")["title"]


def test_people():
    assert "creator_type" not in global_attributes(dataset(), "trajectory")
    one = global_attributes(dataset(creator_name="A", institution="I"), "trajectory")
    assert (one["creator_type"], one["creator_institution"]) == ("person", "I")
    more = dataset(creator_name="A; B", institution="I", organizations="O")
    attrs = global_attributes(more, "trajectory")
    assert (attrs["creator_type"], attrs["creator_institution"]) == ("group", "O")
