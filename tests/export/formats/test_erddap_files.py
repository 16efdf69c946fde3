"""Complete files for ERDDAP: every variable, attribute and type."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from netCDF4 import Dataset

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.export.formats.erddap import _INTERNAL, NAMES, _columns, write_erddap
from oceanco2.provenance import package_version
from oceanco2.vocabulary import VARIABLES, attrs_of
from tests.datasets import canonical_dataset, set_flag

FCO2 = "fCO2_water_SST_wet"
NOW = "2024-06-01T00:00:00Z"


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def made(kind="ship", **attrs):
    """Ten rows of water, two of air; the standard is no measurement."""
    ds = set_flag(canonical_dataset(13, kind=kind), 3, FCO2, 3, "range")
    depth = ("time", np.full(13, 5.0), attrs_of("sample_depth"))
    return ds.assign(sample_depth=depth).assign_attrs(attrs)


def content(path):
    """Global attributes, and type, dimensions, attributes and values of variables."""
    with Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {}
        for name, v in file.variables.items():
            attrs = {key: plain(v.getncattr(key)) for key in v.ncattrs()}
            variables[name] = v.dtype.str[1:], v.dimensions, attrs, v[:]
        return {k: file.getncattr(k) for k in file.ncattrs()}, variables


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


OBS, ALONG = ("obs",), "time latitude longitude depth"
FILL = {"_FillValue": pytest.approx(np.nan, nan_ok=True)}
COORDINATES = {
    "trajectory_id": (
        *("S1", ("trajectory", "id_strlen")),
        {
            "long_name": "expocode: platform and first day",
            "cf_role": "trajectory_id",
            "coverage_content_type": "referenceInformation",
        },
    ),
    "rowSize": (
        *("i4", ("trajectory",)),
        {
            "long_name": "number of observations",
            "sample_dimension": "obs",
            "units": "1",
            "coverage_content_type": "referenceInformation",
        },
    ),
    "time": (
        *("f8", OBS),
        {
            "standard_name": "time",
            "long_name": "time",
            "axis": "T",
            "time_precision": "1970-01-01T00:00:00.000Z",
            "coverage_content_type": "coordinate",
            "units": "seconds since 1970-01-01T00:00:00Z",
            "calendar": "standard",
            "units_metadata": "leap_seconds: utc",
        },
    ),
    "latitude": (
        *("f8", OBS),
        attrs_of("latitude") | {"axis": "Y", "coverage_content_type": "coordinate"},
    ),
    "longitude": (
        *("f8", OBS),
        attrs_of("longitude") | {"axis": "X", "coverage_content_type": "coordinate"},
    ),
    "depth": (
        *("f8", OBS),
        attrs_of("sample_depth")
        | {"axis": "Z", "positive": "down", "coverage_content_type": "coordinate"}
        | FILL,
    ),
}
QUALITY = {"coordinates": ALONG, "coverage_content_type": "qualityInformation"}


def flag(name):
    return {
        "long_name": f"WOCE quality flag of {name}, effective",
        "standard_name": "quality_flag",
        "flag_values": [0, 2, 3, 4, 9],
        "flag_meanings": "not_evaluated good questionable bad missing",
    } | QUALITY


def values(name, ancillary=(), **extra):
    attrs = attrs_of(name) | {"coordinates": ALONG} | FILL
    attrs["coverage_content_type"] = "physicalMeasurement"
    if ancillary:
        attrs["ancillary_variables"] = " ".join(ancillary)
    return attrs | extra


def test_a_whole_trajectory(tmp_path):
    ds = made()
    write_erddap(ds, tmp_path / "x.nc")
    whole, found = content(tmp_path / "x.nc")
    for name, (kind, dims, attrs) in COORDINATES.items():
        assert found[name][:2] == (kind, dims), name
        assert found[name][2] == attrs, name
    expected = [n for n in VARIABLES if n in ds.data_vars and n != "sample_depth"]
    data = [n for n in found if n in expected]
    assert data == [n for n in expected if np.isfinite(ds[n][:12]).any()]
    assert data[-1] in found
    on_scale = {"units_metadata": "temperature: on_scale"}
    checked = {
        "SST": values("SST", ["SST_flag"], **on_scale),
        "SST_flag": flag("SST"),
        "wind_speed": values("wind_speed"),
        FCO2: values(FCO2, [f"{FCO2}_flag", f"{FCO2}_uncertainty"]),
        f"{FCO2}_flag": flag(FCO2),
        f"{FCO2}_uncertainty": attrs_of(f"{FCO2}_uncertainty") | QUALITY | FILL,
        "position_flag": flag("position"),
    }
    for name, attrs in checked.items():
        kind = "i1" if name.endswith("_flag") else "f8"
        assert found[name][:2] == (kind, OBS), name
        assert found[name][2] == attrs, name
    assert list(found)[: len(COORDINATES)] == list(COORDINATES)
    assert list(found)[-1] == "position_flag"
    assert found["rowSize"][3].tolist() == [12]
    code = b"".join(found["trajectory_id"][3].ravel().tolist())
    assert code == b"99ZZ20240301"
    begin = np.datetime64("2024-03-01T06:00:00") - np.datetime64("1970-01-01")
    seconds = begin / np.timedelta64(1, "s") + 150.25 * np.arange(12)
    assert found["time"][3].tolist() == seconds.tolist()
    np.testing.assert_array_equal(found["SST"][3], ds["SST"][:12])
    assert found[f"{FCO2}_flag"][3].tolist() == [2, 2, 2, 3, *[2] * 6, 9, 9]
    assert set(found["position_flag"][3]) == {2}
    assert set(found["depth"][3]) == {5.0}
    assert not set(whole) & set(_INTERNAL)
    assert whole["history"].startswith("2024-05-01")
    expected = {
        "Conventions": "CF-1.11, ACDD-1.3",
        "cdm_data_type": "Trajectory",
        "cdm_trajectory_variables": "trajectory_id",
        "subsetVariables": "trajectory_id",
        "infoUrl": "https://www.socat.info",
        "sourceUrl": "(local files)",
        "institution": "Example Institute",
        "featureType": "trajectory",
        "expocode": "99ZZ20240301",
        "id": "99ZZ20240301",
        "product_version": f"oceanco2 {package_version()}",
        "date_created": NOW,
        "platform_name": "R/V Ørsted",
        "geospatial_lat_max": pytest.approx(-30.0 + 0.0004 * 11),
        "time_coverage_end": "2024-03-01T06:27:32.750Z",
    }
    assert {key: whole[key] for key in expected} == expected
    names = list(whole)
    acdd = names[: names.index("cdm_trajectory_variables")]
    assert acdd == sorted(acdd)


def test_what_is_not_for_the_public():
    assert (
        *("set_up", "options", "versions", "warnings", "reading_notes"),
        *("manual_flags", "source_files", "source_files_sha256", "json_attributes"),
        *("featureType_comment", "rows_read", "rows_rejected", "rows_duplicated"),
    ) == _INTERNAL


def test_attributes_that_are_no_text_or_number(tmp_path):
    attrs = {"empty": "", "listed": ["a"], "number": 2.5, "count": 3}
    attrs |= dict.fromkeys(("set_up", "options", "warnings", "manual_flags"), "x")
    write_erddap(made(**attrs), tmp_path / "x.nc")
    whole, _ = content(tmp_path / "x.nc")
    assert (whole["number"], whole["count"]) == (2.5, 3)
    assert not {"empty", "listed", *_INTERNAL} & set(whole)


@pytest.mark.parametrize(
    ("attrs", "url"),
    [
        ({}, "https://www.socat.info"),
        ({"publisher_url": "https://p.org"}, "https://p.org"),
        (
            {"publisher_url": "https://p.org", "creator_url": "https://c.org"},
            "https://c.org",
        ),
        ({"doi": "10.5/x", "creator_url": "https://c.org"}, "https://doi.org/10.5/x"),
        ({"doi": "doi:10.5/x"}, "https://doi.org/10.5/x"),
        ({"doi": "https://doi.org/10.5/y"}, "https://doi.org/10.5/y"),
    ],
)
def test_the_page_about_the_data(tmp_path, attrs, url):
    ds = made(**attrs)
    del ds.attrs["institution"], ds.attrs["organizations"]
    write_erddap(ds, tmp_path / "x.nc")
    whole, _ = content(tmp_path / "x.nc")
    assert whole["infoUrl"] == url
    assert whole["institution"] == "unknown"


def test_a_whole_time_series(tmp_path):
    write_erddap(made("mooring"), tmp_path / "x.nc", datasets_xml=True)
    whole, found = content(tmp_path / "x.nc")
    place = ("timeseries",)
    for name, value in (("latitude", 33.5), ("longitude", -121.25)):
        kind, dims, attrs, values_ = found[name]
        assert (kind, dims, values_.tolist()) == ("f8", place, [value])
        assert attrs == COORDINATES[name][2]
    assert found["timeseries_id"][1] == ("timeseries", "id_strlen")
    assert found["timeseries_id"][2]["cf_role"] == "timeseries_id"
    assert found["rowSize"][1] == place
    assert found["rowSize"][3].tolist() == [13]
    assert whole["cdm_data_type"] == "TimeSeries"
    assert whole["featureType"] == "timeSeries"
    columns = "timeseries_id, latitude, longitude"
    assert whole["cdm_timeseries_variables"] == whole["subsetVariables"] == columns
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.datasets.xml", "x.nc"]
    root = ET.parse(tmp_path / "x.datasets.xml").getroot()
    assert root.findtext("fileNameRegex") == r"x\.nc"
    assert root.get("datasetID") == "oceanco2_99ZZ20240301"
    named = [e.findtext("sourceName") for e in root.iter("dataVariable")]
    assert named == [n for n in found if n != "rowSize"]


@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_a_mooring_that_moves_is_a_trajectory(tmp_path, name):
    ds = made("mooring").copy(deep=True)
    ds[name].to_numpy()[4] += 0.001
    write_erddap(ds, tmp_path / "x.nc")
    assert content(tmp_path / "x.nc")[0]["featureType"] == "trajectory"
    still = made()
    for coordinate in ("latitude", "longitude"):
        still[coordinate].to_numpy()[:] = 3.0
    write_erddap(still, tmp_path / "y.nc")
    assert content(tmp_path / "y.nc")[0]["featureType"] == "trajectory"


def test_rows_without_a_position_are_left_out(tmp_path):
    ds = made().copy(deep=True)
    ds["latitude"].to_numpy()[2] = np.nan
    ds["longitude"].to_numpy()[4] = np.nan
    write_erddap(ds, tmp_path / "x.nc")
    _, found = content(tmp_path / "x.nc")
    rows = [0, 1, 3, *range(5, 12)]
    np.testing.assert_array_equal(found["SST"][3], ds["SST"][rows])


def test_without_depth_and_flags_of_the_position(tmp_path):
    ds = made().drop_vars(["sample_depth", "position_flag"])
    write_erddap(ds, tmp_path / "x.nc")
    _, found = content(tmp_path / "x.nc")
    assert not {"depth", "position_flag"} & set(found)
    assert found["SST"][2]["coordinates"] == "time latitude longitude"


NAMED = {
    "icos": {
        "TEMPPR01": ("SST",),
        "PSLTZZ01": ("salinity",),
        "TEMPEQMN": ("T_equ",),
        "PRES00EQ": ("P_equ",),
        "xCO2_water_equi_temp_dry": ("xCO2_water_Tequ_dry",),
        "PCO2XXXX": ("pCO2_water_SST_wet",),
        "FCO2XXXX": ("fCO2_water_SST_wet",),
        "xCO2_atm_dry": ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp"),
        "ACO2XXXX": ("pCO2_atm_wet_actual", "pCO2_atm_wet_interp"),
        "FCO2WTAT": ("fCO2_atm_wet_actual", "fCO2_atm_wet_interp"),
    },
    "copernicus": {
        "TEMP": ("SST",),
        "PSAL": ("salinity",),
        "FCO2": ("fCO2_water_SST_wet",),
    },
    "oceanco2": {},
}


@pytest.mark.parametrize("names", NAMED)
def test_names(tmp_path, names):
    assert {k: dict(v) for k, v in NAMES.items()} == NAMED
    ds = made()
    write_erddap(ds, tmp_path / "x.nc", names=names)
    _, found = content(tmp_path / "x.nc")
    flags = "_flag" if names == "oceanco2" else "_QC"
    sigma = "_UNCERTAINTY" if names == "copernicus" else "_uncertainty"
    assert f"position{flags}" in found
    renamed = {v for sources in NAMED[names].values() for v in sources}
    assert not renamed & set(found)
    for name, sources in NAMED[names].items():
        expected = np.full(12, np.nan)
        for source in reversed(sources):
            here = ds[source].to_numpy()[:12]
            expected = np.where(np.isfinite(here), here, expected)
        np.testing.assert_array_equal(found[name][3], expected, err_msg=name)
        last = attrs_of(sources[-1])
        assert found[name][2]["long_name"] == last["long_name"]
        following = list(found)[list(found).index(name) + 1 :]
        kept = [n for n in following[:2] if n in (name + flags, name + sigma)]
        assert found[name][2].get("ancillary_variables", "").split() == kept
    assert f"fCO2_atm_wet_interp{flags}" in found or names == "icos"
    assert {n for n in found if n.endswith(("_flag", "_QC"))} == {
        n for n in found if n.endswith(flags)
    }
    assert any(n.endswith(sigma) for n in found)


def test_columns_are_numbers_along_time():
    ds = made()
    text = ("time", np.full(13, "a"))
    ds = ds.assign(salinity=text, T_equ=((), 1.0), P_equ=("x", np.zeros(13)))
    columns = _columns(ds, "oceanco2")
    assert not {"salinity", "T_equ", "P_equ", "latitude", "sample_depth"} & set(columns)
    assert columns["SST"] == ("SST",)
    for kind in ("float32", "int16", "uint8"):
        typed = ds.assign(SST=ds["SST"].astype(kind))
        assert "SST" in _columns(typed, "oceanco2")
    for kind in (bool, complex):
        assert "SST" not in _columns(ds.assign(SST=ds["SST"].astype(kind)), "oceanco2")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"names": "socat"}, "names must be one of .*oceanco2, icos, copernicus"),
        ({"datasets_xml": 2}, "datasets_xml must be True or False, not 2"),
    ],
)
def test_options(tmp_path, options, message):
    with pytest.raises(OptionError, match=message):
        write_erddap(made(), tmp_path / "x.nc", **options)
    for name in ("latitude", "longitude"):
        with pytest.raises(ProcessingError, match=f"ERDDAP needs {name}"):
            write_erddap(made().drop_vars(name), tmp_path / "x.nc")
    assert not list(tmp_path.iterdir())


def test_no_two_variables_have_one_standard_name(tmp_path, monkeypatch):
    wrong = attrs_of("T_equ") | {"standard_name": attrs_of("SST")["standard_name"]}
    monkeypatch.setattr(
        "oceanco2.export.formats.erddap.attrs_of",
        lambda name, **extra: (wrong if name == "T_equ" else attrs_of(name)) | extra,
    )
    with pytest.raises(ProcessingError, match="have the same CF standard name"):
        write_erddap(made(), tmp_path / "x.nc")
