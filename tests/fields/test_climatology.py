"""Monthly fields of any layout, read and looked up."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ReadError, UnitsError
from oceanco2.fields.climatology import climatology_at, read_climatology
from oceanco2.qc.checks.climatology import check_climatology
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

LAT, LON = np.arange(-89.0, 90.0, 2.0), np.arange(1.0, 360.0, 2.0)
MONTHS = np.arange(1, 13)


def made(path, *, time=None, name="spco2", units="uatm", dims=None, factor=1.0):
    """Write 300 + 10 x month + latitude / 10, one cell empty."""
    steps = MONTHS if time is None else (np.arange(len(time[1])) % 12) + 1
    values = 300.0 + 10.0 * steps[:, None, None] + LAT[None, :, None] / 10.0
    values = np.broadcast_to(values, (steps.size, LAT.size, LON.size)) * factor
    values = values.copy()
    values[:, 45, 0] = np.nan  # at 1 degree north and east
    names = dims or ("time", "lat", "lon")
    ds = xr.Dataset({name: (names, values, {"units": units})})
    ds = ds.assign_coords({names[1]: LAT, names[2]: LON})
    if time is not None:
        ds[names[0]] = (names[0], time[1], {"units": time[0]})
    ds[f"{name}_std"] = ds[name] * 0.0 + 8.0 * factor
    ds.to_netcdf(path)
    return str(path)


def at(climatology, *when, lat=45.0, lon=-30.0, **options):
    time = np.array(when, "datetime64[ns]")
    places = np.full(time.size, lat), np.full(time.size, lon)
    return climatology_at(climatology, time, *places, **options)[0]


LAYOUTS = {
    "twelve months": {},
    "SOCAT": {
        "dims": ("tmnth", "ylat", "xlon"),
        "name": "fco2_ave_weighted",
        "units": "micro atmospheres",
        "time": ("days since 1970-01-01", np.arange(14612.0, 14975.0, 30.4)[:12]),
    },
    "in pascal": {"units": "Pa", "factor": 0.101325},
    "months since": {"time": ("months since 2010-01-01", np.arange(12.0))},
    "seconds since": {
        "time": ("seconds since 2000-01-01", (3636.6 + 30.4 * MONTHS) * 86400.0)
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path, layout):
    found = read_climatology(made(tmp_path / "c.nc", **LAYOUTS[layout]))
    assert sorted(f.month for f in found.fields) == list(range(1, 13))
    got = at(found, "2010-01-15", "2010-07-31")
    np.testing.assert_allclose(got, [314.5, 374.5], atol=1e-9)
    scatter = [f.scatter[0, 0] for f in found.fields]
    np.testing.assert_allclose(scatter, 8.0)


def test_cells_and_what_lies_around_empty_ones(tmp_path):
    found = read_climatology(made(tmp_path / "c.nc"))
    for lon in (-359.0, 1.0, 361.0, 359.9):
        assert np.isfinite(at(found, "2010-01-15", lat=1.5, lon=lon)).all()
    assert at(found, "2010-01-15", lat=89.9)[0] == pytest.approx(318.9)
    assert np.isnan(at(found, "2010-01-15", lat=np.nan)).all()


def test_the_trend_counts_from_the_year_of_the_file(tmp_path):
    days = ("days since 2010-01-01", 15.0 + 30.4 * np.arange(12))
    dated = read_climatology(made(tmp_path / "d.nc", time=days))
    assert dated.year == 2010
    got = at(dated, "2010-06-15", "2015-06-15", trend=2.0)
    # The very month as it is; five years on from the middle of the year.
    assert got[1] - got[0] == pytest.approx(2.0 * (5.0 - 1.0 / 24.0))
    timeless = read_climatology(made(tmp_path / "t.nc"))
    with pytest.raises(OptionError, match="reference_year"):
        at(timeless, "2015-06-15", trend=2.0)
    got = at(timeless, "2015-06-15", trend=2.0, year=2010.0)
    assert got[0] == pytest.approx(300 + 60 + 4.5 + 2.0 * (5.0 - 1.0 / 24.0))


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_climatology(str(tmp_path / "none.nc"))
    path = made(tmp_path / "c.nc")
    with pytest.raises(OptionError, match="'spco2'"):
        read_climatology(path, "spco3")
    with pytest.raises(UnitsError, match="degree_Celsius"):
        read_climatology(made(tmp_path / "u.nc", units="degree_Celsius"))
    (tmp_path / "r.nc").write_bytes(b"CDF rubbish")
    with pytest.raises(ReadError, match="cannot be read"):
        read_climatology(str(tmp_path / "r.nc"))
    other = xr.Dataset({"chl": (("lat", "lon"), np.ones((2, 2)))})
    other.assign_coords(lat=[0, 1], lon=[0, 1]).to_netcdf(tmp_path / "o.nc")
    with pytest.raises(OptionError, match="chl"):
        read_climatology(str(tmp_path / "o.nc"))
    steps = ("no time at all", np.arange(7.0))
    with pytest.raises(ReadError, match="has no known months"):
        read_climatology(made(tmp_path / "s.nc", time=steps))


def test_flags_against_a_climatology(tmp_path):
    path = made(tmp_path / "c.nc")
    values = np.array([314.5, 420.0, 640.0, np.nan, 210.0])
    time = np.full(5, np.datetime64("2010-01-15", "ns"))
    places = {"latitude": np.full(5, 45.0), "longitude": np.full(5, -30.0)}
    flags = check_climatology(values, values, time=time, **places, file=path)
    expected = [GOOD, QUESTIONABLE, BAD, GOOD, QUESTIONABLE]
    np.testing.assert_array_equal(flags, expected)
    # The file's own scatter of 8 counts fourteenfold: 112 is not exceeded by 105.5.
    wide = check_climatology(values, values, time=time, **places, file=path, sigma=14.0)
    assert wide[1] == GOOD
    nothing = check_climatology(values, values, time=time, **places)
    assert (nothing == GOOD).all()


def test_kriged_socat_of_two_months(data_set):
    """Its time axis is broken (1e9 days): month and year are in the names of the files.

    The whole ocean of the month is within its own field, and a value 150 away is not.
    """
    folder = data_set("flux_gridded2010_fluxengine") / "SOCATv4"
    pattern = str(folder / "2010*_OCF-CO2-GLO-1M-KRG-CLIM.nc")
    found = read_climatology(pattern)
    assert [(f.month, f.year) for f in found.fields] == [(1, 2010), (7, 2010)]
    assert found.year == 2010
    assert 365.0 < np.nanmean(found.fields[0].values) < 372.0
    expected = at(found, "2010-07-10", "2010-04-10", lat=0.5, lon=-150.5)
    assert 400.0 < expected[0] < 500.0  # the equatorial Pacific gives off CO2
    assert np.isnan(expected[1])  # no field of April
    values = expected[0] + np.array([0.0, 50.0, 150.0, -350.0])
    flags = check_climatology(
        values,
        values,
        time=np.full(4, np.datetime64("2010-07-10", "ns")),
        latitude=np.full(4, 0.5),
        longitude=np.full(4, 209.5),
        file=pattern,
        trend=2.0,
    )
    np.testing.assert_array_equal(flags, [GOOD, GOOD, QUESTIONABLE, BAD])
