"""Valid ranges of netCDF variables, also of packed ones."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.fields.validity import valid_only


def array(values, dtype=np.float64, **attrs):
    return xr.DataArray(np.array(values, dtype), dims="time", name="x", attrs=attrs)


OUTSIDE = " values outside its valid range, "
TWENTY = [float(v) for v in range(20)]


@pytest.mark.parametrize(
    ("attrs", "missing", "text"),
    [
        ({}, [], ""),
        ({"valid_min": 1.0}, [0], "1 of 20@1 to inf"),
        ({"valid_max": 18}, [19], "1 of 20@-inf to 18"),
        (
            {"valid_min": 1, "valid_max": 18.0},
            [0, 19],
            "2 of 20@1 to 18",
        ),
        (
            {"valid_range": [1, 30]},
            [0],
            "1 of 20@1 to 30",
        ),
        ({"valid_range": np.array([0.0, 19.0])}, [], ""),
        ({"valid_range": "0 to 19"}, [], ""),
        ({"valid_range": [0.0]}, [], ""),
        ({"valid_min": "none"}, [], ""),
        ({"valid_range": [np.nan, np.nan]}, [], ""),
    ],
)
def test_values_outside_are_missing(attrs, missing, text):
    given = array(TWENTY, **attrs)
    found, note, wrong = valid_only(given)
    assert np.flatnonzero(np.isnan(found)).tolist() == missing
    assert note == (f"'x': {text.replace('@', OUTSIDE)}: missing" if text else "")
    assert wrong == ""
    assert found.attrs == given.attrs
    assert not np.isnan(given).any()


@pytest.mark.parametrize(("count", "is_wrong"), [(2, False), (3, True)])
def test_a_range_that_many_values_miss_is_wrong_itself(count, is_wrong):
    given = array([99.0] * count + TWENTY[count:] + [np.nan] * 50, valid_max=50.0)
    found, note, wrong = valid_only(given)
    assert bool(note) is not is_wrong
    assert int(np.isnan(found).sum()) == (50 if is_wrong else 52)
    text = f"{count} of 20 values of 'x' are outside its valid range, -inf to 50"
    assert wrong == (text if is_wrong else "")


def test_whole_numbers_and_texts():
    found, note, _ = valid_only(array(range(20), np.int16, valid_max=18))
    assert np.isnan(found[19])
    assert note
    texts = xr.DataArray(["a"], dims="time", name="x", attrs={"valid_max": 1.0})
    assert valid_only(texts) == (texts, "", "")


@pytest.fixture
def reopened(tmp_path):
    """Write packed values, and open them."""

    def make(attrs, values=(0.0, 10.0, 20.0, 30.0, *[15.0] * 26), **packing):
        ds = array(values, **attrs).to_dataset()
        default = {"dtype": "int16", "scale_factor": 0.01, "add_offset": 20.0}
        default["_FillValue"] = -32768
        ds.to_netcdf(tmp_path / "a.nc", encoding={"x": default | packing})
        with xr.open_dataset(tmp_path / "a.nc") as opened:
            return opened["x"].load()

    return make


@pytest.mark.parametrize(
    ("attrs", "missing"),
    [
        ({"valid_range": np.array([-1000, 500], np.int16)}, [0, 3]),
        ({"valid_min": np.int16(-1000), "valid_max": np.int16(500)}, [0, 3]),
        ({"valid_range": [-1000.0, 500.0]}, [0, 3]),  # packed, as numbers with a point
        ({"valid_range": [5.0, 25.0]}, [0, 3]),  # not packed
        ({"valid_max": 25.0}, [3]),
        ({"valid_max": np.int16(500)}, [3]),
    ],
)
def test_ranges_of_packed_variables(reopened, attrs, missing):
    found, note, wrong = valid_only(reopened(attrs))
    assert np.flatnonzero(np.isnan(found)).tolist() == missing
    assert note.endswith(": missing")
    assert wrong == ""


def test_a_whole_number_beside_packed_values_is_packed(reopened):
    _, note, wrong = valid_only(reopened({"valid_range": np.array([5, 25], np.int16)}))
    assert note == ""
    assert wrong == "30 of 30 values of 'x' are outside its valid range, 20.05 to 20.25"


def test_a_negative_scale_exchanges_the_limits(reopened):
    attrs = {"valid_range": np.array([-500, 1000], np.int16)}
    found, _, _ = valid_only(reopened(attrs, scale_factor=-0.01))
    assert np.flatnonzero(np.isnan(found)).tolist() == [0, 3]


def test_rounding_at_the_limit_is_inside(reopened):
    """A limit of 25 is 500 packed; 25.004 is rounded to it, 25.006 is not."""
    attrs = {"valid_max": np.int16(500)}
    values = (25.0, 25.004, 25.006, *[15.0] * 27)
    found, _, _ = valid_only(reopened(attrs, values))
    assert np.flatnonzero(np.isnan(found)).tolist() == [2]
    opened = reopened(attrs, values).astype(np.float32)
    opened.encoding = {"dtype": "int16", "scale_factor": 0.01, "add_offset": 20.0}
    opened.values[0] += np.float32(4e-6)
    found, _, _ = valid_only(opened)
    assert np.flatnonzero(np.isnan(found)).tolist() == [2]


@pytest.mark.parametrize(
    ("attrs", "missing"),
    [({"valid_max": 25.0}, [3]), ({"valid_min": 5.0}, [0]), ({"valid_max": 25}, [])],
)
def test_one_limit_that_is_not_packed(reopened, attrs, missing):
    """0.25 as a packed 25 would leave nothing; a whole number is packed."""
    found, _, wrong = valid_only(reopened(attrs, add_offset=0.0))
    assert np.flatnonzero(np.isnan(found)).tolist() == missing
    assert bool(wrong) is not bool(missing)
