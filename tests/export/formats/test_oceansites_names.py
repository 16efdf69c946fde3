"""Names of files, modes and parameters of OceanSITES."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.export.formats import oceansites


def dataset(**attrs):
    time = np.array(["2020-01-02T03:00"], dtype="datetime64[ns]")
    return xr.Dataset(coords={"time": time}, attrs=attrs)


@pytest.mark.parametrize("mode", ["R", "P", "D", "M"])
def test_file_names(mode):
    ds = dataset(site_code="WHOTS", platform_name="x", deployment_code="W 1")
    name = oceansites.oceansites_file_name(ds, mode)
    assert name == f"OS_WHOTS_W1_{mode}_CO2.nc"
    name = oceansites.oceansites_file_name(dataset(platform_name="a b"), mode, "P-1")
    assert name == f"OS_ab_20200102_{mode}_P-1.nc"


def test_invalid_names():
    ds = dataset(platform_name="x")
    with pytest.raises(OptionError, match=r"data_mode must be one of R \(real-time\)"):
        oceansites.oceansites_file_name(ds, "X")
    for part in ("", "a b", "a_b"):
        with pytest.raises(OptionError, match="part must contain only letters"):
            oceansites.oceansites_file_name(ds, "R", part)


def test_codes():
    assert oceansites.FILL == 99999.0
    codes = oceansites._CODES.tolist()
    meanings = dict(zip(codes, oceansites._MEANINGS.split(), strict=True))
    assert meanings == {
        0: "unknown",
        1: "good_data",
        2: "probably_good_data",
        3: "potentially_correctable_bad_data",
        4: "bad_data",
        7: "nominal_value",
        8: "interpolated_value",
        9: "missing_value",
    }
    assert oceansites.MODES == {
        "R": "real-time",
        "P": "provisional",
        "D": "delayed-mode",
        "M": "mixed",
    }


def test_ranges_of_coordinates():
    ranges = {
        name: (place["valid_min"], place["valid_max"], place["axis"])
        for name, place in oceansites.PLACES.items()
    }
    assert ranges == {
        "LATITUDE": (-90.0, 90.0, "Y"),
        "LONGITUDE": (-180.0, 180.0, "X"),
        "DEPTH": (-10.0, 12000.0, "Z"),
    }
    units = [place["units"] for place in oceansites.PLACES.values()]
    assert units == ["degrees_north", "degrees_east", "meters"]
    for name, place in oceansites.PLACES.items():
        assert place["standard_name"] == name.lower()
        assert place["ancillary_variables"] == f"{name}_QC"
    assert oceansites.PLACES["DEPTH"]["positive"] == "down"
    assert (oceansites.TIME["valid_min"], oceansites.TIME["valid_max"]) == (0.0, 9e4)
    assert oceansites.TIME["units"] == "days since 1950-01-01T00:00:00Z"
    assert oceansites.TIME["axis"] == "T"
