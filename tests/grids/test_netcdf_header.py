"""Every attribute, type and piece of the files of gridded products."""

import json

import netCDF4
import numpy as np
import pytest
import xarray as xr

from oceanco2.grids import PRODUCTS, Accumulator, write_grid
from oceanco2.grids.netcdf import QUANTITIES, _windows, build_dataset
from oceanco2.grids.products import Cells
from oceanco2.provenance import package_version, versions

CRUISES = "Number of datasets containing observations in the grid cell."
OBSERVATIONS = "Total number of observations in the grid cell."
SUMS = " Sum of the monthly counts."
KINDS = {
    "ave_weighted": ("mean - per cruise weighted", "Mean of"),
    "ave_unwtd": ("mean - unweighted all obs", "Arithmetic mean of all"),
    "min_unwtd": ("min", "Minimum value of"),
    "max_unwtd": ("max", "Maximum value of"),
    "std_weighted": ("std dev - per cruise weighted", "Standard deviation of"),
    "std_unwtd": ("std dev - unweighted all obs", "The standard deviation of"),
}
OF_PERIODS = {
    "ave_weighted": "Mean of the monthly means (per cruise weighted) of",
    "ave_unwtd": "Mean of the monthly means (unweighted) of",
    "min_unwtd": "Minimum of the monthly minima of",
    "max_unwtd": "Maximum of the monthly maxima of",
}
#: Printed name, units, and how the quantity is called in summaries.
NAMES = {
    "fco2": ("fCO2", "uatm", "fco2 recomputed", ""),
    "sst": ("SST", "degrees C", "sst", "valid "),
    "salinity": ("Salinity", "PSU", "salinity", "valid "),
}


def made(product):
    """A product of three cells in January 1970 and March 1971."""
    counts = np.arange(12.0).reshape(3, 4) + 1
    averages = np.arange(60, dtype=np.float32).reshape(3, 20)
    chosen = PRODUCTS[product]
    last = 14 // chosen.months
    where = np.array([0, 1, 5 + 7 * chosen.columns])
    period = np.array([0, last, last]) if last else np.zeros(3, int)
    return build_dataset(Cells(period, where, counts, averages), chosen, {"rows": 3})


def expected(product):
    """Name, long name, units and start of the summary of each variable."""
    monthly = PRODUCTS[product].months == 1
    sums = "" if monthly else SUMS
    yield "count_ncruise", "Number of cruises", "count", CRUISES + sums
    for name, (printed, units, called, valid) in NAMES.items():
        long_name = f"Number of {valid}{name} obs"
        yield f"{name}_count_nobs", long_name, "count", OBSERVATIONS + sums
        for kind, (text, start) in KINDS.items():
            if monthly or kind in OF_PERIODS:
                begin = start if monthly else OF_PERIODS[kind]
                yield f"{name}_{kind}", f"{printed} {text}", units, f"{begin} {called}"
    if monthly:
        for name, axis, units in (
            ("lat", "Latitude", "Deg N"),
            ("lon", "Longitude", "Deg E"),
        ):
            long_name = f"{axis} average offset from cell center"
            start = f"The arithmetic average of {axis.lower()} offsets from the grid"
            yield f"{name}_offset_unwtd", long_name, units, start


@pytest.mark.parametrize("product", PRODUCTS)
def test_variables(product):
    ds, chosen = made(product), PRODUCTS[product]
    variables = list(expected(product))
    names = [f"{chosen.prefix}{name}{chosen.suffix}" for name, *_ in variables]
    assert list(ds.data_vars) == [*names, f"{chosen.time}_bnds"]
    for name, (_, long_name, units, summary) in zip(names, variables, strict=True):
        attrs = ds[name].attrs
        assert list(attrs) == ["long_name", "units", "summary"]
        assert (attrs["long_name"], attrs["units"]) == (long_name, units)
        assert attrs["summary"].startswith(summary)
        assert ds[name].dims == (chosen.time, "ylat", "xlon")
        fill = ds[name].encoding.pop("_FillValue")
        assert fill == ds[name].dtype.type(-1e34)
        assert ds[name].encoding == {"zlib": True, "complevel": 1, "shuffle": True}
    half = {1.0: "-0.5 to 0.5", 0.25: "-0.125 to 0.125"}[chosen.step]
    if chosen.months == 1:
        assert f"can vary from {half}." in ds[names[-1]].attrs["summary"]
    length = {1: 24, 12: 2, 120: 1}[chosen.months]
    assert ds.sizes[chosen.time] == length
    assert ds[names[0]].shape == (length, chosen.rows, chosen.columns)


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_variable_has_its_own_column(product):
    ds, chosen = made(product), PRODUCTS[product]
    first = ds.isel({chosen.time: 0, "ylat": 0, "xlon": 0})
    counts = [v for n, v in first.data_vars.items() if "count" in n]
    averages = [
        v for n, v in first.data_vars.items() if "count" not in n and not v.ndim
    ]
    assert [float(v) for v in counts] == [1, 2, 3, 4]
    assert {v.dtype.name for v in counts} == {"float64"}
    # products of periods have four columns of each quantity
    assert [float(v) for v in averages] == list(range(20 if chosen.months == 1 else 12))
    assert {v.dtype.name for v in averages} == {"float32"}
    near = ds[next(iter(ds.data_vars))].isel(ylat=slice(0, 8))
    assert int(near.count()) == 3
    assert list(QUANTITIES) == list(NAMES)


@pytest.mark.parametrize("product", PRODUCTS)
def test_axes(product):
    ds, chosen = made(product), PRODUCTS[product]
    year = {"decadal": "1900"}.get(product, "1970")
    assert ds[chosen.time].attrs == {
        "axis": "T",
        "bounds": f"{chosen.time}_bnds",
        "time_origin": f"01-JAN-{year}",
        "standard_name": "time",
        "long_name": "time",
    }
    assert ds["xlon"].attrs == {
        "units": "degrees_east",
        "long_name": "longitude",
        "point_spacing": "even",
        "axis": "X",
        "modulo": 360.0,
        "standard_name": "longitude",
    }
    assert ds["ylat"].attrs == {
        "units": "degrees_north",
        "long_name": "latitude",
        "point_spacing": "even",
        "axis": "Y",
        "standard_name": "latitude",
    }
    for name in (chosen.time, f"{chosen.time}_bnds"):
        assert ds[name].encoding == {
            "_FillValue": None,
            "units": f"days since {year}-01-01 00:00:00",
            "calendar": "gregorian",
            "dtype": "float64",
        }
    for name in ("xlon", "ylat"):
        assert ds[name].encoding == {"_FillValue": None}
    bounds = ds[f"{chosen.time}_bnds"]
    assert bounds.dims == (chosen.time, "bnds")
    assert bounds.dtype == "datetime64[ns]"
    np.testing.assert_array_equal(bounds.mean("bnds"), ds[chosen.time])


SPANS = {
    "monthly": ("1x1 degree", "monthly", "Monthly 1x1 degree gridded dataset"),
    "yearly": ("1x1 degree", "yearly", "Yearly 1x1 degree gridded dataset"),
    "decadal": ("1x1 degree", "decadal", "Decadal 1x1 degree gridded dataset"),
    "coastal": (
        *(
            "quarter-degree",
            "monthly",
            "Coastal Monthly quarter-degree gridded dataset",
        ),
    ),
}


@pytest.mark.parametrize("product", PRODUCTS)
def test_global_attributes(product, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    attrs = dict(made(product).attrs)
    size, span, title = SPANS[product]
    summary, notes = attrs.pop("summary"), attrs.pop("SOCAT_Notes")
    assert f"with a spatial grid of {size} and {span} in time, from 1970 on." in summary
    coastal, monthly = product == "coastal", product in ("monthly", "coastal")
    assert ("coastal mask" in summary) == ("Cells are coastal" in notes) == coastal
    assert ("Computed from the monthly" in summary) == (not monthly)
    assert attrs.pop("caution").startswith("NO INTERPOLATION WAS PERFORMED.")
    assert attrs == {
        "Conventions": "CF-1.6",
        "title": f"SOCAT-style gridded {title}",
        "references": "http://www.socat.info/; doi:10.5194/essd-8-383-2016",
        "rows": 3,
        "versions": json.dumps(versions(), sort_keys=True),
        "history": (
            f"2023-11-14T22:13:20Z oceanco2 {package_version()}:"
            f" observations gridded, product {product}"
        ),
    }


CHUNKS = {0.25: (1, 90, 180), 1.0: (1, 90, 45)}


@pytest.mark.parametrize("product", ["decadal", "yearly"])
def test_files(product, tmp_path):
    ds, chosen = made(product), PRODUCTS[product]
    write_grid(ds, tmp_path / "grid.nc")
    with netCDF4.Dataset(tmp_path / "grid.nc") as file:
        file.set_auto_maskandscale(False)
        assert file.data_model == "NETCDF4"
        assert list(file.dimensions) == ["xlon", "ylat", chosen.time, "bnds"]
        sizes = {name: len(dim) for name, dim in file.dimensions.items()}
        assert sizes == dict(ds.sizes)
        unlimited = [n for n, dim in file.dimensions.items() if dim.isunlimited()]
        assert unlimited == [chosen.time]
        bounds = f"{chosen.time}_bnds"
        names = list(ds.data_vars)[:-1]
        assert list(file.variables) == ["xlon", "ylat", chosen.time, bounds, *names]
        for name in names:
            variable = file[name]
            kind = variable.dtype.type
            about = dict(variable.__dict__)
            assert about.pop("_FillValue") == about.pop("missing_value") == kind(-1e34)
            assert about == ds[name].attrs
            assert tuple(variable.chunking()) == CHUNKS[chosen.step]
            filters = variable.filters()
            assert (filters["zlib"], filters["complevel"], filters["shuffle"]) == (
                *(True, 1, True),
            )
            values = ds[name].to_numpy()
            stored = np.where(np.isnan(values), kind(-1e34), values)
            np.testing.assert_array_equal(variable[:], stored)
        assert file[bounds].ncattrs() == []
        days = {"units": f"days since {chosen.epoch} 00:00:00", "calendar": "gregorian"}
        assert dict(file[chosen.time].__dict__) == days | ds[chosen.time].attrs
        assert dict(file["xlon"].__dict__) == ds["xlon"].attrs
        assert file["ylat"][:].tolist() == ds["ylat"].to_numpy().tolist()
        epoch = np.datetime64(chosen.epoch, "ns")
        days = (ds[bounds].to_numpy() - epoch) / np.timedelta64(1, "D")
        np.testing.assert_array_equal(file[bounds][:], days)
        assert dict(file.__dict__) == ds.attrs


def test_pieces_of_coastal_files():
    from oceanco2.grids.netcdf import _BANDS, _PIECES

    chosen = PRODUCTS["coastal"]
    assert chosen.rows // _BANDS[0.25] == CHUNKS[0.25][1]
    assert chosen.columns // _PIECES == CHUNKS[0.25][2]
    assert PRODUCTS["monthly"].rows // _BANDS[1.0] == CHUNKS[1.0][1]


def test_windows_are_the_pieces_with_observations():
    counts = np.full((4, 12), np.nan)
    counts[0, 0] = counts[1, 3] = counts[0, 9] = 1.0
    counts[3, 11] = counts[2, 8] = 1.0
    found = list(_windows(counts, (2, 3)))
    assert found == [
        (slice(0, 2), slice(0, 6)),
        (slice(0, 2), slice(9, 12)),
        (slice(2, 4), slice(6, 12)),
    ]
    assert list(_windows(np.full((4, 12), np.nan), (2, 3))) == []
    assert list(_windows(np.ones((4, 12)), (4, 6))) == [(slice(0, 4), slice(0, 12))]


def test_counts_in_the_attributes():
    sums = Accumulator("yearly")
    day = np.datetime64("1970-01-05", "s")
    sums.add([day] * 4, [1, 1, 50, np.nan], 1.0, [1, 2, 1, 1], 400.0, 1.0, 1.0)
    ds = sums.result({"exact duplicate": 2})
    assert isinstance(ds, xr.Dataset)
    assert ds.attrs["rows_gridded"] == 3
    assert ds.attrs["cells_with_data"] == 2
    assert ds.attrs["data_sets_gridded"] == 2
    left_out = {"exact duplicate": 2, "no position on the globe": 1}
    assert json.loads(ds.attrs["rows_left_out"]) == left_out
    assert sums.left_out == {"no position on the globe": 1}
