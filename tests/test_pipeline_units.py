"""What is told of units when a cruise is processed, and when it is an error."""

import numpy as np
import pytest
import xarray as xr

import oceanco2
from oceanco2.errors import PlatformError, ProcessingError, ReadError

PLATFORM = """
schema = 1
name = "S"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
separator = "comma"
time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%S" }
HEADER
[variables]
latitude = { column = "lat" }
longitude = { column = "lon" }
SST = { column = "sst", units = "degC" }
T_equ = { column = "teq", units = "degC" }
salinity = { value = 35.0 }
P_equ = { column = "peq"UNITS }
xCO2_water_Tequ_dry = { column = "x", units = "ppm" }
MORE
"""
NAMES = "time,lat,lon,sst,teq,peq,x,pco2"


@pytest.fixture
def cruise(tmp_path):
    """Process 30 rows with a pressure, units of it, and a row of units."""

    def make(pressure="1013.25", units=', units = "hPa"', row=None, more="", **options):
        header = "" if row is None else "header = { units = 1 }"
        text = PLATFORM.replace("HEADER", header).replace("UNITS", units)
        platform = tmp_path / "p.toml"
        platform.write_text(text.replace("MORE", more), encoding="utf-8")
        lines = [NAMES, *([] if row is None else [row])]
        for i in range(30):
            place = f"2024-03-01T00:{i:02d}:00,{50 + 0.001 * i:.3f},-20"
            sst = 10.0 + 0.01 * i
            lines.append(f"{place},{sst:.2f},{sst + 0.1:.2f},{pressure},400.{i},390")
        (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return oceanco2.process(platform, tmp_path / "a.csv", **options)

    return make


def of_units(ds):
    return [line for line in ds.attrs["warnings"] if "units" in line]


def test_a_row_of_units_that_agrees(cruise):
    ds = cruise("101.325", ', units = "kPa"', ",,,degC,degC,KPA,umol/mol")
    assert of_units(ds) == []
    np.testing.assert_allclose(ds["P_equ"], 1013.25)


def test_units_from_the_row_alone(cruise):
    ds = cruise("101.325", "", ",,,degC,degC,kPa,ppm")
    np.testing.assert_allclose(ds["P_equ"], 1013.25)
    assert of_units(ds) == []
    with pytest.raises(ReadError, match=r"P_equ.* lacks 'units', for example 'hPa'; a"):
        cruise("101.325", "", ",,,degC,degC,,ppm")
    with pytest.raises(PlatformError, match=r"P_equ\] lacks 'units'"):
        cruise("101.325", "")


@pytest.mark.filterwarnings("ignore::oceanco2.errors.DataWarning")
def test_the_platform_file_holds_and_can_answer(cruise):
    row = ",,,degF,degC,hPa,ppm"
    ds = cruise(row=row)
    (told,) = of_units(ds)
    assert told.startswith("a.csv: column 'sst' is in 'degF', but [variables.SST] of ")
    assert told.endswith('[accepted] units.SST = "why"')
    assert float(ds["SST"][0]) == 10.0
    assert told in ds.attrs["reading_notes"]
    ds = cruise(row=row, more='[accepted]\nunits.SST = "checked"')
    assert of_units(ds) == []
    with pytest.raises(ProcessingError, match=r"^strict: a.csv: column 'sst' is in"):
        cruise(row=row, strict=True)


def test_impossible_values_without_any_result_are_an_error(cruise):
    text = (
        r"^P_equ: 30 of 30 values cannot be \(101\.3 hPa\); in kPa they would be 1013"
        r" hPa \(\[variables\.P_equ\] of .*p\.toml\)\. No CO2 result can be computed"
        r" from them$"
    )
    with pytest.raises(ProcessingError, match=text):
        cruise("101.325")
    with pytest.raises(ProcessingError, match="in psi they would be 1013 hPa"):
        cruise("14.696", row=",,,degC,degC,psi,ppm")


@pytest.mark.filterwarnings("ignore::oceanco2.errors.DataWarning")
def test_impossible_values_with_other_results_are_a_warning(cruise):
    more = 'pCO2_water_SST_wet = { column = "pco2", units = "uatm" }'
    ds = cruise("101.325", more=more)
    assert any(
        line.startswith("P_equ: 30 of 30 values cannot be (101.3 hPa)")
        for line in ds.attrs["warnings"]
    )
    assert np.isfinite(ds["pCO2_water_SST_wet"]).all()
    assert np.isnan(ds["fCO2_water_SST_wet"]).all()
    ds = cruise(more='[delivered]\nP_atm = { column = "peq", units = "kPa" }')
    assert any(x.startswith("P_atm: 30 of 30 values") for x in ds.attrs["warnings"])
    assert np.isfinite(ds["fCO2_water_SST_wet"]).all()


def test_inputs_that_are_missing_everywhere_are_no_error(cruise):
    """Nothing was impossible: the missing values are in the output."""
    ds = cruise("")
    assert np.isnan(ds["fCO2_water_SST_wet"]).all()


def test_thousands_are_not_guessed(cruise):
    text = r"^a\.csv: column 'peq' has cells such as '1,013'"
    with pytest.raises(ReadError, match=text):
        cruise('"1,013"')


def netcdf(path, **attrs):
    time = np.datetime64("2024-03-01", "ns") + np.arange(30) * np.timedelta64(60, "s")
    sst = 283.15 + 0.01 * np.arange(30)
    sst[[0, 1]] = 400.0
    data = {
        "lat": ("time", 50 + 0.001 * np.arange(30.0)),
        "lon": ("time", np.full(30, -20.0)),
        "sst": ("time", sst, attrs),
        "x": ("time", 400.0 + np.arange(30.0)),
        "p": ((), 1013.25, {"units": "mbar"}),
    }
    xr.Dataset(data, {"time": time}).to_netcdf(path)


@pytest.fixture
def mooring(tmp_path):
    """Process a netCDF file with attributes of its SST."""

    def make(more="", **attrs):
        netcdf(tmp_path / "a.nc", **attrs)
        text = PLATFORM.partition("separator")[0].replace("delimited", "netcdf")
        text += """[variables]
latitude = { column = "lat" }
longitude = { column = "lon" }
SST = { column = "sst" }
salinity = { value = 35.0 }
P_equ = { column = "p" }
xCO2_water_SST_dry = { column = "x", units = "ppm" }
"""
        (tmp_path / "p.toml").write_text(text + more, encoding="utf-8")
        return oceanco2.process(tmp_path / "p.toml", tmp_path / "a.nc")

    return make


def test_attributes_of_netcdf(mooring):
    """Units are those of the file; values outside its valid range are missing."""
    ds = mooring(units="kelvin", valid_max=350.0)
    np.testing.assert_allclose(ds["SST"][2:], 10.02 + 0.01 * np.arange(28))
    assert np.isnan(ds["SST"][:2]).all()
    assert set(ds["SST_flag"].to_numpy()[:2]) == {9}
    note = "a.nc: 'sst': 2 of 30 values outside its valid range, -inf to 350: missing"
    assert note in ds.attrs["reading_notes"]
    assert not any("valid" in line for line in ds.attrs["warnings"])


@pytest.mark.filterwarnings("ignore::oceanco2.errors.DataWarning")
def test_a_valid_range_that_is_wrong(mooring):
    ds = mooring(units="K", valid_max=283.3)
    assert np.isfinite(ds["SST"]).all()
    (told,) = [line for line in ds.attrs["warnings"] if "valid" in line]
    assert told == (
        "a.nc: 16 of 30 values of 'sst' are outside its valid range, -inf to 283.3,"
        ' which is not applied. If this is right: [accepted] valid_range.SST = "why"'
    )
    ds = mooring('[accepted]\nvalid_range.SST = "x"', units="K", valid_max=283.3)
    assert not any("valid" in line for line in ds.attrs["warnings"])


def test_netcdf_without_units(mooring):
    with pytest.raises(ReadError, match=r"SST.* lacks 'units'.*a\.nc: column 'sst'"):
        mooring(units="")
