"""ASVCO2 folders, Saildrone records and netCDF: layouts without a real file here."""

import json

import netCDF4
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import ReadError
from oceanco2.physics import mapco2_dry_mole_fraction
from oceanco2.pipeline import process
from oceanco2.platforms import parse
from oceanco2.readers import READERS, read
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.mutations import mutants, survives

STATES = ("ZPON", "ZPOFF", "ZPPCAL", "SPON", "SPOFF", "SPPCAL")
STATES += ("EPON", "EPOFF", "APON", "APOFF")
HEAD = "State,SN,Timestamp,Li_Temp_ave(C),Li_Temp_sd,Li_Pres_ave(kPa),Li_Pres_sd"
HEAD += ",CO2_ave(PPM),CO2_SD,O2_ave(%),O2_S,RH_ave(%),RH_sd,RH_T_ave(C),Rh_T_sd"
HEAD += ",Li_RawSample_ave,Li_RawSample_sd,Li_RawReference_ave,Li_RawReference_sd"
TAIL = """FLAGS: 0x0001 0x0002 0x0003 0x0004 0x0005 0x0006 0x0007 0x0008
Licor
last zero: 2021-04-29T18:31:00Z
zero coefficient: 0.8779
last span: 2021-04-29T18:33:00Z
last span 2: 2021-01-01T00:00:00Z
span coefficient: 0.7145
span2 coefficient: -0.0123
"""
DRY = "TS, SW_xCO2(dry), Atm_xCO2(dry)\n2021-04-29T18:50:17Z,411.123,415.456\n"
PLATFORM = """
schema = 1
name = "Vehicle"
kind = "surface_vehicle"
platform_code = "3164"
[files.asvco2]
reader = "asvco2"
[variables]
latitude = { value = 20.0 }
longitude = { value = -158.0 }
SST = { value = 25.0, units = "degree_Celsius" }
salinity = { value = 35.0, units = "1" }
cycle = { column = "cycle", units = "1" }
xCO2 = { column = "xCO2", units = "ppm", dry = false }
xCO2_std = { column = "xCO2 sd", units = "ppm" }
P_analyser = { column = "licor press", units = "kPa" }
T_analyser = { column = "licor temp", units = "degree_Celsius" }
RH = { column = "RH", units = "percent" }
T_RH = { column = "RH temp", units = "degree_Celsius" }
oxygen_percent = { column = "O2", units = "percent" }
signal_detector = { column = "raw 1", units = "1" }
signal_reference = { column = "raw 2", units = "1" }
zero_coefficient = { column = "zero coefficient", units = "1" }
span_coefficient = { column = "span coefficient", units = "1" }
span2_coefficient = { column = "span2 coefficient", units = "1" }
[delivered]
xCO2_water_SST_dry = { column = "SW_xCO2(dry)", units = "ppm" }
xCO2_atm_dry_actual = { column = "Atm_xCO2(dry)", units = "ppm" }
[calibration]
model = "mapco2"
"""


def line(number, state):
    """Every field differs from every other and from those of the other states."""
    n = number
    return (
        f"{state}, 3CADC7565, 2021-04-29T18:{30 + n}:17Z, {25 + n / 10}, 0.0{n}1,"
        f" {100 + n / 10}, 0.0{n}2, {400 + n}.5, 0.{n}3, {19 + n / 10}, 0.{n}4,"
        f" {40 + n}.25, 0.{n}5, {26 + n / 10}, 0.{n}6, {3000000 + n}, 10{n},"
        f" {3200000 + n}, 20{n}"
    )


def stats(lines=None):
    lines = lines or [line(n, s) for n, s in enumerate(STATES)]
    return "\n".join([HEAD, *lines, TAIL])


@pytest.fixture
def folder(tmp_path):
    def make(text=None, dry=DRY, name="20210429_183017.txt"):
        for where, content in (("STATS", text or stats()), ("DRY", dry)):
            (tmp_path / "raw" / where).mkdir(parents=True, exist_ok=True)
            if content is not None:
                (tmp_path / "raw" / where / name).write_text(content)
        return tmp_path / "raw"

    return make


def streamed(path, text=PLATFORM):
    return next(iter(read(parse(text.encode(), "v.toml"), path).values()))


# ---- ASVCO2 -------------------------------------------------------------------------


def test_every_field_of_every_state_is_its_own(folder):
    """Pump-on is not pump-off, raw 2 is not raw 1 (a converter had both wrong)."""
    ds = streamed(folder())
    ds = ds.isel(time=(ds["source_file"] == ds["source_file"][0]).to_numpy())
    words = ds["run_label"].attrs["flag_meanings"].split()
    here = np.array([words[i] for i in ds["run_label"].to_numpy()]) != "dry"
    n = np.arange(10)
    for name, values in {
        "T_analyser": 25 + n / 10,
        "P_analyser": 1000 + n,
        "xCO2": 400.5 + n,
        "xCO2_std": n / 10 + 0.03,
        "oxygen_percent": 19 + n / 10,
        "RH": 40.25 + n,
        "T_RH": 26 + n / 10,
        "signal_detector": 3000000 + n,
        "signal_reference": 3200000 + n,
    }.items():
        np.testing.assert_allclose(ds[name].to_numpy()[here], values, err_msg=name)
    first = ds.isel(time=0)
    assert float(first["zero_coefficient"]) == 0.8779
    assert float(first["span_coefficient"]) == 0.7145
    assert float(first["span2_coefficient"]) == -0.0123
    assert float(first["cycle"]) == 20210429183017
    assert str(first["time"].to_numpy()).startswith("2021-04-29T18:30:17")


def test_each_scatter_and_flag_is_a_column_of_its_own(folder):
    path = folder()
    for column, value in (
        ("licor temp sd", 0.071),
        ("licor press sd", 0.072),
        ("O2 sd", 0.74),
        ("RH sd", 0.75),
        ("RH temp sd", 0.76),
        ("raw 1 sd", 107.0),
        ("raw 2 sd", 207.0),
        ("zero flags", 2.0),
        ("span flags", 3.0),
        ("licor flags", 8.0),
    ):
        ds = streamed(path, PLATFORM.replace('"xCO2 sd"', f'"{column}"'))
        water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
        assert float(ds["xCO2_std"].to_numpy()[water][0]) == pytest.approx(value)


def test_dry_file_of_the_same_name_stands_beside_its_readings(folder, tmp_path):
    (tmp_path / "v.toml").write_text(PLATFORM)
    ds = process(tmp_path / "v.toml", folder())
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    air = ds["run_type"].to_numpy() == RUN_TYPES["air"]
    for name, rows, printed, n in (
        ("xCO2_water_SST_dry", water, 411.123, 7),
        ("xCO2_atm_dry_actual", air, 415.456, 9),
    ):
        delivered = ds[f"{name}_delivered"].to_numpy()
        assert delivered[rows].tolist() == [printed]
        assert np.isnan(delivered[~rows]).all()
        expected = mapco2_dry_mole_fraction(
            400.5 + n, 1000 + n, 40.25 + n, 26 + n / 10, 44.25
        )
        assert ds[name].to_numpy()[rows][0] == pytest.approx(expected)
    assert np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()[water]).all()


def test_states_that_were_not_run_are_empty_lines(folder):
    lines = [line(n, s) for n, s in enumerate(STATES)]
    lines[6:8] = ["", ""]
    ds = streamed(folder(stats(lines), dry=None))
    assert (ds["run_type"] == RUN_TYPES["water"]).sum() == 0
    assert (ds["run_type"] == RUN_TYPES["air"]).sum() == 1
    assert float(ds["zero_coefficient"][0]) == 0.8779


def test_a_short_line_costs_only_itself(folder):
    lines = [line(n, s) for n, s in enumerate(STATES)]
    lines[7] = lines[7][:60]
    with pytest.warns(UserWarning, match="a different number of fields"):
        ds = streamed(folder(stats(lines)))
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    assert np.isnan(ds["xCO2"].to_numpy()[water]).all()
    assert int(ds["damaged"].sum()) == 1


def test_the_reader_is_not_proven_and_says_so():
    assert not READERS["asvco2"].proven
    assert not READERS["saildrone_json"].proven


def test_cycles_are_distinguished_without_a_number(folder, tmp_path):
    """Of a table that has states and times only."""
    path = folder()
    later = stats().replace("2021-04-29", "2021-04-30").replace(", 44.25,", ", 50.25,")
    folder(later, None, "20210430_183017.txt")
    text = PLATFORM.replace('cycle = { column = "cycle", units = "1" }\n', "")
    (tmp_path / "v.toml").write_text(text)
    ds = process(tmp_path / "v.toml", path)
    air = ds["run_type"].to_numpy() == RUN_TYPES["air"]
    assert ds["RH_span"].to_numpy()[air].tolist() == [44.25, 50.25]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_stats_give_rows_or_one_clear_error(tmp_path, data):
    content = data.draw(mutants(stats().encode()))
    survives(parse(PLATFORM.encode(), "v.toml"), tmp_path, content, "a.txt")


# ---- Saildrone records --------------------------------------------------------------

THREE = """
schema = 1
name = "SD1030"
kind = "surface_vehicle"
platform_code = "3164"
[files.biogeo]
reader = "saildrone_json"
pattern = "*biogeochemical.json"
[files.ocean]
reader = "saildrone_json"
pattern = "*oceanographic.json"
[files.air]
reader = "saildrone_json"
pattern = "*atmospheric.json"
[variables]
latitude  = { column = "gps_lat", units = "degrees_north" }
longitude = { column = "gps_lng", units = "degrees_east" }
xCO2_water_SST_dry = { column = "xco2_dry_sw_mean_asvco2", units = "ppm" }
xCO2_atm_dry_actual = { column = "xco2_dry_air_mean_asvco2", units = "ppm" }
SST = { file = "ocean", column = "temp_sbe37_mean", units = "degC" }
salinity = { file = "ocean", column = "sal_sbe37_mean", units = "1" }
P_equ = { file = "air", column = "baro_pres_mean", units = "hPa" }
P_atm = { file = "air", column = "baro_pres_mean", units = "hPa" }
"""


_HEAD, _REST = THREE.split("[files.ocean]")
#: The first of the three alone.
ONE = "\n".join(
    line
    for line in f"{_HEAD}[variables]{_REST.split('[variables]')[1]}".split("\n")
    if "file =" not in line and "atm" not in line
)


def records(minutes, **keys):
    """Records in falling order of time, as the service sends them."""
    out = [
        {
            "time_interval": f"2021-06-01T{m // 60:02d}:{m % 60:02d}:00.000Z",
            "gps_lat": 10 + m / 1000,
            "gps_lng": -150.0,
            **{k: f(m) for k, f in keys.items()},
        }
        for m in minutes
    ]
    return json.dumps({"success": True, "data": out[::-1], "meta": {"total": 3}})


@pytest.fixture
def drone(tmp_path):
    (tmp_path / "v.toml").write_text(THREE)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "1030_biogeochemical.json").write_text(
        records(
            range(3, 180, 60),
            xco2_dry_sw_mean_asvco2=lambda m: 400.0 + m,
            xco2_dry_air_mean_asvco2=lambda m: 415.0,
        )
    )
    (raw / "1030_oceanographic.json").write_text(
        records(
            range(0, 181, 2),
            temp_sbe37_mean=lambda m: 20.0 + m / 100,
            sal_sbe37_mean=lambda m: 35.0,
        )
    )
    (raw / "1030_atmospheric.json").write_text(
        records(range(1, 181, 4), baro_pres_mean=lambda m: 1010.0 + m / 100)
    )
    return raw


def test_three_streams_are_joined_by_time(drone):
    ds = process(drone.parent / "v.toml", drone)
    assert ds["xCO2_water_SST_dry"].to_numpy().tolist() == [403.0, 463.0, 523.0]
    np.testing.assert_allclose(ds["SST"], [20.03, 20.63, 21.23])
    np.testing.assert_allclose(ds["P_equ"], [1010.03, 1010.63, 1011.23])
    assert np.isfinite(ds["fCO2_water_SST_wet"]).all()
    assert float(ds["latitude"][0]) == 10.003


def test_records_of_a_file_that_was_cut_off(drone):
    path = drone / "1030_oceanographic.json"
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    with pytest.warns(UserWarning, match="damaged JSON: 4[56] records"):
        streams = read(parse(THREE.encode(), "v.toml"), drone)
    assert streams["ocean"].sizes["time"] in (45, 46)
    assert READERS["saildrone_json"].sniff(whole[:500].encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "contains no JSON records|no time in the records"),
        ("[1, 2]", "contains no JSON records"),
        ("time,co2\n1,2", "contains no JSON records"),
        ('{"data": [{"co2": 1}]}', "no time in the records"),
        ("[" * 5000, "contains no JSON records"),
    ],
)
def test_what_is_no_such_json_is_refused(tmp_path, content, words):
    path = tmp_path / "a_biogeochemical.json"
    path.write_text(content)
    with pytest.raises(ReadError, match=words):
        read(parse(ONE.encode(), "v.toml"), path)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_records_give_rows_or_one_clear_error(tmp_path, data):
    whole = records(range(0, 30, 3), xco2_dry_sw_mean_asvco2=lambda m: 400.0 + m)
    content = data.draw(mutants(whole.encode()))
    name = "a_biogeochemical.json"
    survives(parse(ONE.encode(), "v.toml"), tmp_path, content, name)


# ---- netCDF of surface vehicles and of IMOS vessels ---------------------------------

ERDDAP = """
schema = 1
name = "SD1030"
kind = "surface_vehicle"
platform_code = "3164"
[files.asvco2]
reader = "netcdf"
run_columns = ["INSTRUMENT_STATE"]
rows_with = ["CO2_MEAN_ASVCO2"]
[files.sea]
reader = "netcdf"
rows_with = ["TEMP_SBE37_MEAN"]
[runs]
"ZP*" = "zero"
"SP*" = "span"
"EPON" = "ignored"
"EPOFF" = "water"
"APON" = "ignored"
"APOFF" = "air"
[variables]
latitude = { column = "latitude" }
longitude = { column = "longitude" }
xCO2 = { column = "CO2_MEAN_ASVCO2", units = "ppm", dry = false }
P_analyser = { column = "CO2DETECTOR_PRESS_MEAN_ASVCO2", units = "kPa" }
RH = { column = "RH_MEAN_ASVCO2", units = "percent" }
T_RH = { column = "RH_TEMP_MEAN_ASVCO2", units = "degC" }
SST = { file = "sea", column = "TEMP_SBE37_MEAN", units = "degC" }
salinity = { file = "sea", column = "SAL_SBE37_MEAN", units = "1" }
[calibration]
model = "mapco2"
"""


@pytest.mark.parametrize("trajectories", [1, 2])
def test_states_and_sea_of_one_trajectory_file(tmp_path, trajectories):
    """Dimensions (trajectory, obs), ten rows with a state, others with the sea."""
    minutes = np.array([*range(10), *range(0, 12, 2)], dtype=float)
    size = minutes.size
    with netCDF4.Dataset(tmp_path / "sd1030.nc", "w") as nc:
        nc.createDimension("trajectory", trajectories)
        nc.createDimension("obs", size)
        dims = ("trajectory", "obs")
        time = nc.createVariable("time", "f8", dims)
        time.units = "seconds since 2021-06-01"
        for i in range(trajectories):
            time[i] = minutes * 60 + 86400 * i
        values = np.full((4, size), np.nan)
        values[:, :10] = [
            400 + minutes[:10],
            100 + 0 * minutes[:10],
            [50] * 10,
            [20] * 10,
        ]
        sea = np.where(np.arange(size) >= 10, 1.0, np.nan)
        columns = ("CO2", "CO2DETECTOR_PRESS", "RH", "RH_TEMP")
        data = {f"{n}_MEAN_ASVCO2": v for n, v in zip(columns, values, strict=True)}
        data["RH_MEAN_ASVCO2"][4] = 30.0
        data |= {"TEMP_SBE37_MEAN": 20 * sea, "SAL_SBE37_MEAN": 35 * sea}
        data |= {"latitude": 10 + 0 * minutes, "longitude": -150 + 0 * minutes}
        for name, column in data.items():
            nc.createVariable(name, "f8", dims)[:] = np.tile(column, (trajectories, 1))
        state = nc.createVariable("INSTRUMENT_STATE", str, dims)
        for i in range(trajectories):
            for j in range(size):
                state[i, j] = STATES[j] if j < 10 else ""
    (tmp_path / "v.toml").write_text(ERDDAP)
    ds = process(tmp_path / "v.toml", tmp_path / "sd1030.nc")
    assert ds.sizes["time"] == 10 * trajectories
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    expected = mapco2_dry_mole_fraction(407.0, 1000.0, 50.0, 20.0, 30.0)
    np.testing.assert_allclose(ds["xCO2_water_SST_dry"].to_numpy()[water], expected)
    assert np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()[water]).all()


def test_imos_vessel(tmp_path):
    """SOOP-CO2 names: TEMP_2 is the equilibrator, xCO2EQ_PPM its dry gas."""
    with netCDF4.Dataset(tmp_path / "IMOS_SOOP-CO2.nc", "w") as nc:
        nc.createDimension("TIME", 3)
        time = nc.createVariable("TIME", "f8", ("TIME",))
        time.units, time[:] = "days since 1950-01-01", 26000.0 + np.arange(3) / 24
        for name, values in {
            "LATITUDE": [-43.0, -43.1, -43.2],
            "LONGITUDE": [147.0, 147.1, 147.2],
            "TEMP": [15.0, 15.1, 15.2],
            "TEMP_2": [15.3, 15.4, 15.5],
            "PSAL": [34.9] * 3,
            "Press_Equil": [1011.0] * 3,
            "xCO2EQ_PPM": [380.0, 381.0, -999.0],
            "xCO2EQ_PPM_quality_control": [2, 3, 9],
        }.items():
            kind = "i1" if "quality" in name else "f8"
            nc.createVariable(name, kind, ("TIME",))[:] = values
    text = """
schema = 1
name = "Vessel"
kind = "ship"
platform_code = "09FA"
[files.vessel]
reader = "netcdf"
missing = ["-999"]
[variables]
latitude = { column = "LATITUDE" }
longitude = { column = "LONGITUDE" }
SST = { column = "TEMP", units = "degC" }
T_equ = { column = "TEMP_2", units = "degC" }
salinity = { column = "PSAL", units = "1" }
P_equ = { column = "Press_Equil", units = "hPa" }
xCO2_water_Tequ_dry = { column = "xCO2EQ_PPM", units = "ppm", flag = "xCO2EQ_PPM_quality_control" }
"""  # noqa: E501
    (tmp_path / "v.toml").write_text(text)
    ds = process(tmp_path / "v.toml", tmp_path / "IMOS_SOOP-CO2.nc")
    assert ds["fCO2_water_SST_wet_flag"].to_numpy().tolist() == [2, 3, 9]
    assert float(ds["warming"][0]) == pytest.approx(0.3)
