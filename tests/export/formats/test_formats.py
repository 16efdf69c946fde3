"""Copernicus, OceanSITES and ERDDAP files: a rule a line, and the public checker."""

import hashlib
import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import xarray as xr
from compliance_checker.base import BaseCheck
from netCDF4 import Dataset

from oceanco2.cli import main
from oceanco2.errors import OptionError, OutputError, ProcessingError
from oceanco2.export import FORMATS, write
from oceanco2.export.classic import quality_codes
from oceanco2.export.formats.erddap import NAMES
from oceanco2.export.formats.oceansites import oceansites_file_name
from oceanco2.vocabulary import VALUE_TYPES, attrs_of, flag_attrs
from tests.compliance import checked
from tests.datasets import WATER, canonical_dataset, set_flag
from tests.real.test_cruises import FILES, processed

FCO2 = "fCO2_water_SST_wet"


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def two_days(kind="ship", n=500):
    """From 06:00 to 02:52 of the next day, with each kind of flag."""
    ds = set_flag(canonical_dataset(n, kind=kind), 3, FCO2, 3, "range")
    ds = set_flag(ds, 5, FCO2, 4, "spike")
    ds = set_flag(ds, 7, "salinity", 3, "range")
    depth = ("time", np.full(n, 5.0), attrs_of("sample_depth"))
    ds = ds.assign(sample_depth=depth).copy(deep=True)
    ds["SST"].to_numpy()[8] = math.nan
    ds["SST_flag"].to_numpy()[8] = 9
    return ds.assign_attrs(call_sign="LMEL")


def water_rows(ds):
    return np.flatnonzero(ds["run_type"].to_numpy() == WATER)


# ---- flags --------------------------------------------------------------------------


def test_good_and_questionable_stay_apart():
    """Fault F13: 2 -> 1, 3 -> 3, 4 -> 4, missing 9; nominal 7."""
    flags = np.array([0, 2, 3, 4, 9, 2, 3, 2], dtype=np.int8)
    there = np.array([1, 1, 1, 1, 0, 1, 1, 0], dtype=bool)
    nominal = np.array([0, 0, 0, 0, 0, 1, 1, 1], dtype=bool)
    assert quality_codes(flags, there, nominal).tolist() == [0, 1, 3, 4, 9, 7, 3, 9]


# ---- Copernicus ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivery") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1717200000")
        write(two_days(), folder, format="copernicus")
    return folder


@pytest.fixture
def day(delivery):
    with Dataset(delivery / "GL_TS_TS_LMEL_20240301.nc") as file:
        file.set_auto_maskandscale(False)
        yield file


TABLE_2 = (
    "no_qc_performed good_data probably_good_data"
    " bad_data_that_are_potentially_correctable bad_data value_changed"
    " value_below_detection nominal_value interpolated_value missing_value"
)
FLAGS = ("TIME_QC", "POSITION_QC", "DEPH_QC", "TEMP_QC", "PSAL_QC", "FCO2_QC")
PACKED = ("TEMP", "PSAL", "FCO2")
#: docs/socat-rules.md#copernicus-and-oceansites-files, a rule a line.
RULES = {
    "model": lambda f: f.data_model == "NETCDF4_CLASSIC",
    "dimensions": lambda f: (
        set(f.dimensions) == {"TIME", "DEPTH", "LATITUDE", "LONGITUDE", "POSITION"}
    ),
    "one depth": lambda f: len(f.dimensions["DEPTH"]) == 1,
    "other dimensions are the records": lambda f: (
        {len(d) for n, d in f.dimensions.items() if n != "DEPTH"}
        == {len(f.dimensions["TIME"])}
    ),
    "time": lambda f: (
        (f["TIME"].dtype, f["TIME"].units, f["TIME"].calendar)
        == (np.float64, "days since 1950-01-01T00:00:00Z", "standard")
    ),
    "time grows": lambda f: (np.diff(f["TIME"][:]) > 0).all(),
    "place": lambda f: f["LATITUDE"].dtype == f["LONGITUDE"].dtype == np.float32,
    "place has no fill": lambda f: "_FillValue" not in f["LATITUDE"].ncattrs(),
    "depth": lambda f: (
        (f["DEPH"].positive, f["DEPH"].units, f["DEPH"].standard_name)
        == ("down", "m", "depth")
    ),
    "depth fill": lambda f: f["DEPH"]._FillValue == np.float32(9.96921e36),
    "depth range": lambda f: (
        (f["DEPH"].valid_min, f["DEPH"].valid_max) == (-12000, 12000)
    ),
    "along time and depth": lambda f: all(
        f[n].dimensions == ("TIME", "DEPTH") for n in ("DEPH", *PACKED)
    ),
    "packed type": lambda f: {f[n].dtype for n in PACKED} == {np.dtype("int32")},
    "scale": lambda f: (
        {(f[n].scale_factor, f[n].add_offset) for n in PACKED} == {(0.001, 0.0)}
    ),
    "fill": lambda f: {f[n]._FillValue for n in PACKED} == {-2147483647},
    "units": lambda f: [f[n].units for n in PACKED] == ["degrees_C", "0.001", "µatm"],
    "standard names": lambda f: (
        [f[n].standard_name for n in PACKED]
        == [
            "sea_water_temperature",
            "sea_water_practical_salinity",
            "fugacity_of_carbon_dioxide_in_sea_water",
        ]
    ),
    "mode": lambda f: {f[n].data_mode for n in PACKED} == {"R"},
    "mount": lambda f: (
        {f[n].sensor_mount for n in PACKED} == {"mounted_on_shipborne_fixed"}
    ),
    "ancillary": lambda f: all(f[n].ancillary_variables == f"{n}_QC" for n in PACKED),
    "flag type": lambda f: {f[n].dtype for n in FLAGS} == {np.dtype("int8")},
    "flag fill": lambda f: {f[n]._FillValue for n in FLAGS} == {-127},
    "flag table": lambda f: (
        {f[n].conventions for n in FLAGS}
        == {"Copernicus Marine In Situ reference table 2"}
    ),
    "flag values": lambda f: all(
        f[n].flag_values.tolist() == [*range(10)] for n in FLAGS
    ),
    "flag meanings": lambda f: {f[n].flag_meanings for n in FLAGS} == {TABLE_2},
    "time is good": lambda f: (f["TIME_QC"][:] == 1).all(),
    "position is good": lambda f: (f["POSITION_QC"][:] == 1).all(),
    "depth is nominal": lambda f: (f["DEPH_QC"][:] == 7).all(),
    "by satellite": lambda f: (f["POSITIONING_SYSTEM"][:] == b"G").all(),
    "conventions": lambda f: (
        f.Conventions
        == "CF-1.6 Copernicus-InSituTAC-FormatManual-1.42 Copernicus-InSituTAC-SRD-1.5"
        " Copernicus-InSituTAC-ParametersList-3.2.0"
    ),
    "data type": lambda f: f.data_type == "OceanSITES trajectory data",
    "version": lambda f: f.format_version == "1.4",
    "cdm": lambda f: f.cdm_data_type == "trajectory",
    "id is the file": lambda f: f.id == "GL_TS_TS_LMEL_20240301",
    "codes": lambda f: (
        (f.platform_code, f.site_code, f.ices_platform_code) == ("LMEL", "LMEL", "99ZZ")
    ),
    "category": lambda f: (
        (f.source_platform_category_code, f.source) == ("31", "research vessel")
    ),
    "interval": lambda f: f.update_interval == "P1D",
    "start": lambda f: f.time_coverage_start == "2024-03-01T06:00:00Z",
    "last": lambda f: f.last_date_observation == f.time_coverage_end,
    "last place": lambda f: (
        float(f.last_latitude_observation) == pytest.approx(f["LATITUDE"][-1], abs=1e-5)
    ),
    "edmo": lambda f: f.institution_edmo_code == " ",
    "extent": lambda f: (
        float(f.geospatial_lat_min) == pytest.approx(f["LATITUDE"][:].min(), abs=1e-5)
    ),
    "vertical": lambda f: (
        (f.geospatial_vertical_min, f.geospatial_vertical_max) == ("5.0", "5.0")
    ),
    "no fill in texts": lambda f: all(f.getncattr(n) != "" for n in f.ncattrs()),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_copernicus(day, rule):
    assert RULES[rule](day)


def test_one_file_a_day_and_a_note_with_their_md5(delivery):
    names = sorted(path.name for path in delivery.iterdir())
    note = next(n for n in names if n.endswith(".xml"))
    assert [n for n in names if n != note] == [
        "GL_TS_TS_LMEL_20240301.nc",
        "GL_TS_TS_LMEL_20240302.nc",
    ]
    root = ET.parse(delivery / note).getroot()
    assert root.tag == "delivery"
    assert set(root.attrib) == {"PushingEntity", "date", "product"}
    files = root.findall("dataset/file")
    assert len(files) == 2
    for file in files:
        content = (delivery / file.get("FileName").rpartition("/")[2]).read_bytes()
        assert file.get("Checksum") == hashlib.md5(content).hexdigest()


def test_values_of_both_days_are_those_of_the_dataset(delivery):
    ds = two_days()
    rows = water_rows(ds)
    parts = [xr.open_dataset(p) for p in sorted(delivery.glob("*.nc"))]
    for name, variable in (("TEMP", "SST"), ("PSAL", "salinity"), ("FCO2", FCO2)):
        found = np.concatenate([part[name].to_numpy()[:, 0] for part in parts])
        expected = ds[variable].to_numpy()[rows]
        np.testing.assert_allclose(found, expected, atol=5.01e-4, rtol=0)
        assert found.size == rows.size
    codes = np.concatenate([part["FCO2_QC"].to_numpy()[:, 0] for part in parts])
    assert codes[[3, 5, 6]].tolist() == [3, 4, 1]
    temp = parts[0]["TEMP_QC"].to_numpy()[:, 0]
    assert temp[8] == 9
    assert np.isnan(parts[0]["TEMP"].to_numpy()[8, 0])
    moments = np.concatenate([part["TIME"].to_numpy() for part in parts])
    gap = np.abs(moments - ds["time"].to_numpy()[rows])
    assert gap.max() <= np.timedelta64(1, "ms")
    for part in parts:
        part.close()


def test_what_cf_says_is_what_the_layout_itself_demands(delivery):
    """LATITUDE(LATITUDE) of a track, DEPTH without a coordinate, texts as flags."""
    report = checked(delivery / "GL_TS_TS_LMEL_20240301.nc", "cf:1.6")
    texts = [text for _, _, messages in report for text in messages]
    inherent = "strictly monotonic|recommended order|POSITIONING_SYSTEM"
    assert [text for text in texts if not re.search(inherent, text)] == []


def test_copernicus_nominal_salinity_unknown_depth_and_unflagged_position(tmp_path):
    ds = two_days().drop_vars(["sample_depth", "position_flag"])
    kind = np.full(500, VALUE_TYPES["nominal"], dtype="int8")
    ds["salinity_type"] = ("time", kind, {})
    write(ds, tmp_path, format="copernicus", data_mode="D", category="32")
    with Dataset(tmp_path / "GL_TS_TS_LMEL_20240301.nc") as file:
        assert set(file["PSAL_QC"][:].ravel()) == {7, 3}
        assert set(file["DEPH_QC"][:].ravel()) == {9}
        assert file["DEPH"][:].mask.all()
        assert set(file["POSITION_QC"][:]) == {0}
        assert file["FCO2"].data_mode == file.data_mode == "D"
        assert file.source == "vessel of opportunity"


def test_copernicus_same_bytes_into_a_folder_that_is_there(tmp_path, delivery):
    (tmp_path / "mine.txt").write_text("keep")
    write(two_days(), tmp_path, format="copernicus")
    assert (tmp_path / "mine.txt").read_text() == "keep"
    for path in delivery.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("mooring", "GL_TS_MO_LMEL_20240301.nc", ("41", "station", "time-series")),
        ("drifter", "GL_TS_DB_LMEL_20240301.nc", ("42", "trajectory", "trajectory")),
        ("surface_vehicle", "GL_TS_TS_LMEL_20240301.nc", ("3B", "traj", "trajectory")),
    ],
)
def test_copernicus_files_of_other_platforms(tmp_path, kind, name, expected):
    ds = two_days(kind, 130).assign_attrs(call_sign="LMEL9")
    write(ds, tmp_path, format="copernicus")
    category, data, sites = expected
    with Dataset(tmp_path / name.replace("LMEL", "LMEL9")) as file:
        assert file.source_platform_category_code == category
        assert file.cdm_data_type.startswith(data)
        assert file.data_type == f"OceanSITES {sites} data"


def test_copernicus_refusals(tmp_path):
    ds = two_days()
    cases = [
        (ds.assign_attrs(call_sign=""), {}, "platform file: call_sign"),
        (ds.assign_attrs(call_sign="LM/EL"), {}, "letters and digits"),
        (ds.drop_vars("salinity"), {}, r"platform file: \[variables\] salinity"),
        (ds.drop_vars("latitude"), {}, "latitude"),
        (ds.drop_vars(f"{FCO2}_flag"), {}, "not flagged"),
        (ds.assign_attrs(platform_kind="boat"), {}, "platform file: kind"),
        (ds, {"data_mode": "X"}, "data_mode must be R or D, not 'X'"),
        (ds, {"category": "99"}, "category"),
        (ds, {"product": "../x"}, "product"),
    ]
    for wrong, options, message in cases:
        with pytest.raises((ProcessingError, OptionError), match=message):
            write(wrong, tmp_path / "out", format="copernicus", **options)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="not a folder"):
        write(ds, tmp_path / "file", format="copernicus")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


# ---- OceanSITES ---------------------------------------------------------------------

OS_RULES = {
    "name": lambda f, p: re.fullmatch(
        r"OS_[A-Za-z0-9-]+_[A-Za-z0-9-]+_[RPDM]_[A-Za-z0-9-]+\.nc", p.name
    ),
    "id is the name": lambda f, p: f.id == p.stem,
    "version": lambda f, p: f.format_version == "1.4",
    "data type": lambda f, p: (
        f.data_type in ("OceanSITES time-series data", "OceanSITES trajectory data")
    ),
    "conventions": lambda f, p: "OceanSITES-1.4" in f.Conventions,
    "mandatory attributes": lambda f, p: (
        {
            "site_code",
            "platform_code",
            "data_mode",
            "geospatial_lat_min",
            "geospatial_lat_max",
            "geospatial_lon_min",
            "geospatial_lon_max",
            "geospatial_vertical_min",
            "geospatial_vertical_max",
            "time_coverage_start",
            "time_coverage_end",
            "update_interval",
            "date_created",
            "principal_investigator",
            "institution",
        }
        <= set(f.ncattrs())
    ),
    "time": lambda f, p: f["TIME"].units == "days since 1950-01-01T00:00:00Z",
    "coordinates have no fill": lambda f, p: all(
        "_FillValue" not in f[n].ncattrs()
        for n in ("TIME", "LATITUDE", "LONGITUDE", "DEPTH")
    ),
    "depth is down from the sea level": lambda f, p: (
        (
            f["DEPTH"].positive,
            f["DEPTH"].reference,
        )
        == ("down", "sea_level")
    ),
    "every parameter has QC and DM": lambda f, p: all(
        {f"{n}_QC", f"{n}_DM"} <= set(f.variables) for n in parameters(f)
    ),
    "fill": lambda f, p: {f[n]._FillValue for n in parameters(f)} == {99999.0},
    "flags": lambda f, p: all(
        (f[n].dtype, f[n]._FillValue, f[n].conventions)
        == (np.int8, -128, "OceanSITES QC Flags")
        and f[n].flag_values.tolist() == [0, 1, 2, 3, 4, 7, 8, 9]
        for n in f.variables
        if n.endswith("_QC")
    ),
    "no code outside the table": lambda f, p: all(
        set(np.ma.compressed(f[n][:]).tolist()) <= {0, 1, 2, 3, 4, 7, 8, 9}
        for n in f.variables
        if n.endswith("_QC")
    ),
    "modes": lambda f, p: all(
        set(f[n][:].ravel().tolist())
        <= set(b"RPDM".split(b"") if 0 else [b"R", b"P", b"D", b"M"])
        for n in f.variables
        if n.endswith("_DM")
    ),
    "PCO2 is of air": lambda f, p: (
        "PCO2" not in f.variables
        or f["PCO2"].standard_name
        == "surface_partial_pressure_of_carbon_dioxide_in_air"
    ),
    "sea water by its standard name": lambda f, p: (
        f["FCO2_SW"].standard_name == "fugacity_of_carbon_dioxide_in_sea_water"
    ),
}


def parameters(file):
    return [n.removesuffix("_DM") for n in file.variables if n.endswith("_DM")]


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1717200000")
        for kind in ("mooring", "ship"):
            folder = tmp_path_factory.mktemp(kind)
            made[kind] = write(two_days(kind), folder, format="oceansites")
    return made


@pytest.mark.parametrize("kind", ["mooring", "ship"])
@pytest.mark.parametrize("rule", OS_RULES)
def test_rules_of_oceansites(sites, kind, rule):
    with Dataset(sites[kind]) as file:
        assert OS_RULES[rule](file, sites[kind])


@pytest.mark.parametrize("kind", ["mooring", "ship"])
def test_cf_has_nothing_to_say_about_oceansites(sites, kind):
    assert checked(sites[kind], "cf:1.6") == []


@pytest.mark.parametrize(
    ("kind", "format_"), [("ship", "oceansites"), ("mooring", "erddap")]
)
def test_acdd_misses_standard_names_only(sites, tmp_path, kind, format_):
    path = sites[kind]
    if format_ == "erddap":
        path = write(two_days(kind), tmp_path / "x.nc", format="erddap")
    high = [
        messages
        for weight, _, messages in checked(path, "acdd")
        if weight == BaseCheck.HIGH
    ]
    assert all(set(m) <= {"standard_name", "units"} for m in high), high


def test_what_an_oceansites_mooring_holds(sites):
    ds = two_days("mooring")
    with xr.open_dataset(sites["mooring"]) as file:
        assert dict(file.sizes) == {
            "TIME": 500,
            "DEPTH": 1,
            "LATITUDE": 1,
            "LONGITUDE": 1,
        }
        assert file["FCO2_SW"].dims == ("TIME", "DEPTH")
        np.testing.assert_array_equal(file["FCO2_SW"][:, 0], ds[FCO2])
        np.testing.assert_array_equal(
            file["FCO2_SW_UNCERTAINTY"][:, 0], ds[f"{FCO2}_uncertainty"]
        )
        assert file["FCO2_SW_QC"].to_numpy()[[3, 5, 6], 0].tolist() == [3, 4, 1]
        assert file["TEMP_QC"].to_numpy()[8, 0] == 9
        assert float(file["LATITUDE"][0]) == 33.5
        assert float(file["DEPTH"][0]) == 5.0
        gap = np.abs(file["TIME"].to_numpy() - ds["time"].to_numpy())
        assert gap.max() <= np.timedelta64(1, "ms")
    with xr.open_dataset(sites["ship"]) as file:
        assert file["FCO2_SW"].dims == ("TIME",)
        assert file["LATITUDE"].dims == ("TIME",)
        assert file.attrs["featureType"] == "trajectory"
        assert file["TRAJECTORY"].attrs["cf_role"] == "trajectory_id"


def test_oceansites_names_and_modes(tmp_path):
    ds = two_days("mooring").assign_attrs(platform_name="CCE 2, Ø")
    assert oceansites_file_name(ds, "R") == "OS_CCE2O_20240301_R_CO2.nc"
    ds = ds.assign_attrs(site_code="CCE2", deployment_code="202403")
    assert oceansites_file_name(ds, "M", "PCO2-1") == "OS_CCE2_202403_M_PCO2-1.nc"
    assert write(ds, tmp_path, format="oceansites").name == "OS_CCE2_202403_P_CO2.nc"
    manual = ("time", np.zeros(500, "int8"), flag_attrs(FCO2, "manual"))
    judged = ds.assign({f"{FCO2}_flag_manual": manual})
    assert write(judged, tmp_path, format="oceansites").name.endswith("_D_CO2.nc")
    named = write(ds, tmp_path / "y.nc", format="oceansites", data_mode="R")
    with Dataset(named) as file:
        assert file.data_mode == "R"
        assert set(file["FCO2_SW_DM"][:].ravel()) == {b"R"}
    for options, message in (
        ({"data_mode": "X"}, "delayed-mode"),
        ({"part": "a b"}, "a b"),
    ):
        with pytest.raises(OptionError, match=message):
            write(ds, tmp_path / "z.nc", format="oceansites", **options)
    with pytest.raises(ProcessingError, match="platform file: name"):
        write(
            ds.assign_attrs(site_code="", platform_name=""),
            tmp_path / "z.nc",
            format="oceansites",
        )
    assert not (tmp_path / "z.nc").exists()


def test_oceansites_without_air_salinity_uncertainty_or_depth(tmp_path):
    ds = two_days()
    gone = [
        n
        for n in ds.data_vars
        if re.search(r"_atm_|salinity|uncertainty|sample_depth|delta", str(n))
    ]
    path = write(ds.drop_vars(gone), tmp_path, format="oceansites")
    with Dataset(path) as file:
        assert parameters(file) == [
            "TEMP",
            "XCO2_SW",
            "PCO2_SW",
            "FCO2_SW",
            "ATMP",
            "WSPD",
        ]
        assert "not known" in file["DEPTH"].comment
        assert not [n for n in file.variables if n.endswith("UNCERTAINTY")]


# ---- ERDDAP -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names"),
    [("ship", "oceanco2"), ("mooring", "icos"), ("drifter", "copernicus")],
)
def test_cf_has_nothing_to_say_about_erddap(tmp_path, kind, names):
    write(two_days(kind, 130), tmp_path / "x.nc", format="erddap", names=names)
    assert checked(tmp_path / "x.nc", "cf:1.11") == []


def test_what_an_erddap_trajectory_holds(tmp_path):
    ds = two_days().assign_attrs(set_up='{"people": [{"phone": "123"}]}')
    write(ds, tmp_path / "x.nc", format="erddap")
    run = ds["run_type"].to_numpy()
    with Dataset(tmp_path / "x.nc") as file:
        assert file.featureType == "trajectory"
        assert file.cdm_data_type == "Trajectory"
        assert file.cdm_trajectory_variables == "trajectory_id"
        assert file.subsetVariables == "trajectory_id"
        assert file.infoUrl.startswith("https://")
        assert file["trajectory_id"].cf_role == "trajectory_id"
        assert b"".join(file["trajectory_id"][0].tolist()) == b"99ZZ20240301"
        assert file["rowSize"][:].tolist() == [(run <= 2).sum()]
        assert file["rowSize"].sample_dimension == "obs"
        assert file["time"].units == "seconds since 1970-01-01T00:00:00Z"
        assert {file[n].dimensions for n in ("time", "latitude", FCO2)} == {("obs",)}
        assert file["depth"].positive == "down"
        assert file[f"{FCO2}_flag"][:].tolist()[3] == 3
        assert not {"options", "set_up"} & set(file.ncattrs())
        water = file[FCO2][:].compressed()
        expected = ds[FCO2].to_numpy()
        np.testing.assert_array_equal(water, expected[np.isfinite(expected)])
        assert f"{FCO2}_uncertainty" in file[FCO2].ancillary_variables.split()


def test_an_erddap_time_series_has_one_place(tmp_path):
    write(two_days("mooring"), tmp_path / "x.nc", format="erddap")
    with Dataset(tmp_path / "x.nc") as file:
        assert file.cdm_data_type == "TimeSeries"
        assert file.cdm_timeseries_variables == "timeseries_id, latitude, longitude"
        assert file["latitude"].dimensions == ("timeseries",)
        assert file["timeseries_id"].cf_role == "timeseries_id"
        assert file["rowSize"][:].tolist() == [500]


def test_erddap_names_of_icos_and_copernicus(tmp_path):
    """docs/socat-rules.md#erddap-names."""
    ds = two_days()
    write(ds, tmp_path / "i.nc", format="erddap", names="icos")
    with Dataset(tmp_path / "i.nc") as file:
        assert set(NAMES["icos"]) <= set(file.variables)
        assert {"FCO2XXXX_QC", "position_QC"} <= set(file.variables)
        air = file["xCO2_atm_dry"][:]
        assert air.count() == air.size  # measured on air rows, interpolated on others
        assert "SST" not in file.variables
    write(ds, tmp_path / "c.nc", format="erddap", names="copernicus")
    with Dataset(tmp_path / "c.nc") as file:
        assert {"TEMP", "PSAL", "FCO2", "FCO2_QC"} <= set(file.variables)


def test_the_piece_of_datasets_xml(tmp_path):
    write(two_days(), tmp_path / "x.nc", format="erddap", datasets_xml=True)
    root = ET.parse(tmp_path / "x.datasets.xml").getroot()
    assert root.get("type") == "EDDTableFromNcCFFiles"
    assert root.get("datasetID") == "oceanco2_99ZZ20240301"
    types = {
        v.findtext("sourceName"): v.findtext("dataType")
        for v in root.iter("dataVariable")
    }
    with Dataset(tmp_path / "x.nc") as file:
        assert set(types) == set(file.variables) - {"rowSize"}
    assert types["time"] == "double"
    assert types["trajectory_id"] == "String"
    assert types[f"{FCO2}_flag"] == "byte"


def test_erddap_without_flags_and_refusals(tmp_path):
    ds = two_days()
    bare = ds.drop_vars(
        [n for n in ds.data_vars if "_flag" in str(n) or "_tests" in str(n)]
    )
    write(bare, tmp_path / "x.nc", format="erddap")
    with Dataset(tmp_path / "x.nc") as file:
        assert FCO2 in file.variables
        assert not [n for n in file.variables if n.endswith("_flag")]
    with pytest.raises(OptionError, match="Did you mean 'icos'"):
        write(ds, tmp_path / "y.nc", format="erddap", names="ico")
    with pytest.raises(OptionError, match="datasets_xml"):
        write(ds, tmp_path / "y.nc", format="erddap", datasets_xml="yes")
    with pytest.raises(ProcessingError, match=r"\[variables\] longitude"):
        write(ds.drop_vars("longitude"), tmp_path / "y.nc", format="erddap")
    assert not (tmp_path / "y.nc").exists()


# ---- all of them --------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["oceansites", "erddap"])
def test_same_bytes_from_memory_and_from_netcdf(tmp_path, format_):
    from oceanco2.export import open_dataset

    ds = two_days()
    write(ds, tmp_path / "a.nc")
    again = open_dataset(tmp_path / "a.nc")
    for number in (1, 2):
        write(again, tmp_path / f"{number}.nc", format=format_)
    assert (tmp_path / "1.nc").read_bytes() == (tmp_path / "2.nc").read_bytes()
    write(ds, tmp_path / "3.nc", format=format_)
    with (
        xr.open_dataset(tmp_path / "1.nc") as one,
        xr.open_dataset(tmp_path / "3.nc") as two,
    ):
        xr.testing.assert_equal(one, two)


def test_formats_are_listed(capsys):
    assert main(["formats"]) == 0
    output = capsys.readouterr().out
    for name in ("icos_l1", "icos_l2", "copernicus", "oceansites", "mapco2", "erddap"):
        assert re.search(rf"^{name}\b", output, re.MULTILINE)
        assert FORMATS[name].description in output


@pytest.mark.parametrize(
    ("platform", "format_", "version"),
    [("tao_140w_2004", "oceansites", "1.6"), ("carioca_2004", "erddap", "1.11")],
)
def test_real_data_pass_cf(tmp_path, data_set, platform, format_, version):
    ds = processed(platform, data_set(FILES[platform]))
    path = write(ds, tmp_path / "x.nc", format=format_)
    assert checked(path, f"cf:{version}") == []
    with xr.open_dataset(path) as file:
        name = FCO2 if format_ == "erddap" else "FCO2_SW"
        found = np.sort(file[name].to_numpy().ravel())
    expected = ds[FCO2].to_numpy()
    expected = np.sort(expected[np.isfinite(expected)])
    found = found[np.isfinite(found)]
    # rows without a position or with the time of the row before are left out
    assert expected.size - 40 <= found.size <= expected.size
    assert np.isin(found, expected).all()


def test_real_cruise_for_copernicus(tmp_path, data_set):
    ds = processed("go_workshop_2019", data_set(FILES["go_workshop_2019"]))
    write(ds, tmp_path / "out", format="copernicus", call_sign="LMEL")
    files = sorted((tmp_path / "out").glob("GL_TS_TS_LMEL_*.nc"))
    days = np.unique(
        ds["time"].to_numpy()[np.isfinite(ds[FCO2].to_numpy())].astype("M8[D]")
    )
    assert [p.stem[-8:] for p in files] == [str(d).replace("-", "") for d in days]
    total = 0
    for path in files:
        with xr.open_dataset(path) as file:
            total += int(np.isfinite(file["FCO2"]).sum())
    assert total == int(np.isfinite(ds[FCO2]).sum())
