"""Names, attributes and stored files of columns."""

import netCDF4
import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.socat import excerpt
from oceanco2.socat.archive.layout import (
    CLOCK,
    INTEGERS,
    as_dataset,
    attributes_of,
    bare,
    canonical,
)
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.archive.store_reader import open_store
from oceanco2.socat.columns import COLUMNS, ArchiveColumn

ALIASES = {
    "lat": "latitude",
    "LON": "longitude",
    "Salinity": "sal",
    "depth": "sample_depth",
    "fco2": "fCO2rec",
    "d2l": "dist_to_land",
    "t_equ": "Tequ",
    "p_equ": "Pequ",
    "p_atm": "PPPP",
    "time": "time",
    "TIME": "time",
    "sst": "SST",
    "SST [deg.C]": "SST",
}


@pytest.mark.parametrize("name", ALIASES)
def test_names_that_users_have(name):
    assert canonical(name) == ALIASES[name]


def test_names_of_other_columns():
    assert canonical("Mine [m]", ["Mine"]) == "Mine"
    assert canonical(" Mine ", ["Mine"]) == "Mine"
    assert canonical("mine", ["Mine"]) == "Mine"
    with pytest.raises(OptionError, match="no column named 'nine'"):
        canonical("nine", ["Mine"])
    assert bare(" SST [deg.C] [x] ") == "SST"


STANDARD_NAMES = {
    "longitude": "longitude",
    "latitude": "latitude",
    "sample_depth": "depth",
    "sal": "sea_water_practical_salinity",
    "SST": "sea_surface_temperature",
    "PPPP": "air_pressure_at_mean_sea_level",
    "fCO2rec": "fugacity_of_carbon_dioxide_in_sea_water",
}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: c.name)
def test_attributes_of_columns(column):
    attrs = attributes_of(column.name, {})
    assert attrs["long_name"] == column.long_name
    assert attrs.get("units", "") == column.units
    assert attrs.get("standard_name") == STANDARD_NAMES.get(column.name)


def test_attributes_of_time_and_others():
    assert attributes_of("time", {}) == {
        "standard_name": "time",
        "long_name": "time (UTC)",
        "units": "seconds since 1970-01-01T00:00:00Z",
        "calendar": "standard",
    }
    assert attributes_of("other", {}) == {}
    mine = ArchiveColumn("mine", "mine [m]", "number", "my own", units="m")
    assert attributes_of("mine", {"mine": mine}) == {
        "long_name": "my own",
        "units": "m",
    }


def test_a_table_as_a_dataset(few):
    frame = read_socat(few(), columns=["time", "SST", "Expocode"])
    ds = as_dataset(frame)
    assert set(ds.dims) == {"obs"}
    assert ds["SST"].attrs["units"] == "degrees_C" or ds["SST"].attrs["units"]
    assert ds["time"].attrs == {"standard_name": "time", "long_name": "time (UTC)"}
    assert ds["Expocode"].dtype == object
    assert ds.attrs == {
        "source": "few.tsv",
        "selection": "all rows",
        "rows_read": 40,
        "lines_set_aside": 0,
    }


@pytest.mark.parametrize("suffix", [".nc", ".zarr", ".parquet"])
def test_attributes_of_stored_files(few, excerpt_2026, tmp_path, suffix):
    excerpt([few(), excerpt_2026], tmp_path / f"x{suffix}", flags="ABCD")
    file = open_store(tmp_path / f"x{suffix}")
    assert file.attributes["source"] == f"few.tsv, {excerpt_2026.name}"
    assert file.attributes["version"].endswith("2026")
    assert (file.kind, file.line, file.start) == ("store", 0, 0)
    assert (file.separator, file.encoding) == ("\t", "utf-8")
    if suffix == ".parquet":
        return
    opener = xr.open_zarr if suffix == ".zarr" else xr.open_dataset
    more = {"consolidated": False} if suffix == ".zarr" else {}
    with opener(tmp_path / f"x{suffix}", decode_times=False, **more) as ds:
        assert ds.attrs["title"] == "excerpt of SOCAT"
        assert ds.attrs["selection"] == "QC_Flag ABCD"
        assert ds.attrs["Conventions"] == "CF-1.11"
        assert ds.attrs["rows_read"] == ds.sizes["obs"]
        assert ds.attrs["lines_set_aside"] == 0
        assert "excerpt of few.tsv, " in ds.attrs["history"]
        assert ds["time"].attrs["units"] == "seconds since 1970-01-01T00:00:00Z"
        long_name = ds["Expocode_index"].attrs["long_name"]
        assert long_name == "number in the table Expocode, from 0"
        for name in ds:
            if name in INTEGERS:
                assert ds[name].dtype.kind in "if"
        assert not set(CLOCK) & set(ds)
        if suffix == ".nc":
            assert ds.attrs["featureType"] == "trajectory"
            assert ds["Expocode"].attrs["cf_role"] == "trajectory_id"
            instance = ds["Expocode_index"].attrs["instance_dimension"]
            assert instance == "Expocode_word"


def test_a_store_of_another_program(tmp_path):
    """Without attributes of an excerpt: version and source are not stated."""
    path = tmp_path / "own.nc"
    with netCDF4.Dataset(str(path), "w") as file:
        file.createDimension("obs", 2)
        file.createVariable("SST", "f8", ("obs",))[:] = np.array([1.0, 2.0])
        file.createDimension("x", 2)
        file.createVariable("other", "f8", ("x",))[:] = np.zeros(2)
    store = open_store(path)
    assert store.header == ("SST",)
    assert store.attributes == {"version": "", "source": ""}
    assert store.source.size == 2
