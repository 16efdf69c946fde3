"""Rows of processed data sets and files: which are taken, and why others are not."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.grids import dataset_number
from oceanco2.socat.archive.printing import Text
from oceanco2.socat.grid.sources import (
    Choice,
    DataSetNumbers,
    _select_flags,
    dataset_rows,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

NAN = np.nan
FCO2 = "fCO2_water_SST_wet"


def dataset(size=4, **attrs):
    time = np.datetime64("2010-01-01", "ns") - np.arange(size) * np.timedelta64(1, "h")
    columns = {
        FCO2: 400.0 + np.arange(size),
        "SST": 10.0 + np.arange(size),
        "salinity": 30.0 + np.arange(size),
        "latitude": 50.0 + np.arange(size),
        "longitude": 5.0 + np.arange(size),
    }
    data = {k: ("time", v.astype(float)) for k, v in columns.items()}
    return xr.Dataset(data, {"time": time}, attrs)


def rows_of(ds, **choice):
    rows, skipped = dataset_rows(ds, Choice(**choice), "source 7")
    return {k: v.tolist() for k, v in rows.items()}, dict(skipped)


def test_rows_are_in_order_of_time():
    rows, skipped = rows_of(dataset())
    assert rows["fco2"] == [403.0, 402.0, 401.0, 400.0]
    assert rows["sst"] == [13.0, 12.0, 11.0, 10.0]
    assert rows["salinity"] == [33.0, 32.0, 31.0, 30.0]
    assert rows["latitude"] == [53.0, 52.0, 51.0, 50.0]
    assert rows["longitude"] == [8.0, 7.0, 6.0, 5.0]
    assert rows["time"] == sorted(rows["time"])
    assert skipped == {}
    assert set(rows["dataset_id"]) == {int(dataset_number("source 7"))}


def test_names_of_data_sets():
    for attrs, name in (
        ({"expocode": "33RO20100308"}, "33RO20100308"),
        ({"platform_name": "R/V One"}, "R/V_One"),
        ({"expocode": "no code"}, "no code"),
        ({}, "source 7"),
    ):
        rows, _ = rows_of(dataset(**attrs))
        assert rows["dataset_id"][0] == int(dataset_number(name)), name


def test_flags_and_missing_values():
    ds = dataset()
    ds[FCO2][0] = np.inf
    ds[f"{FCO2}_flag"] = ("time", np.array([GOOD, GOOD, QUESTIONABLE, BAD], "int8"))
    rows, skipped = rows_of(ds)
    assert rows["fco2"] == [401.0]
    assert skipped == {"no fCO2": 1, "fCO2 flag not wanted": 2}
    rows, skipped = rows_of(ds, woce=(2, 3))
    assert rows["fco2"] == [402.0, 401.0]
    assert skipped["fCO2 flag not wanted"] == 1
    rows, skipped = rows_of(ds, woce=(2, 3, 4))
    assert skipped == {"no fCO2": 1}
    ds[f"{FCO2}_flag"][:] = BAD
    rows, skipped = rows_of(ds)
    assert {len(values) for values in rows.values()} == {0}
    assert skipped == {"no fCO2": 1, "fCO2 flag not wanted": 3}


def test_inputs_that_are_not_good_are_missing():
    ds = dataset()
    ds["SST_flag"] = ("time", np.array([GOOD, 0, QUESTIONABLE, BAD], "int8"))
    rows, _ = rows_of(ds.drop_vars("salinity"))
    np.testing.assert_array_equal(rows["sst"], [NAN, NAN, NAN, 10.0])
    assert np.isnan(rows["salinity"]).all()


def test_a_fixed_position_and_an_array():
    ds = dataset().drop_vars(["latitude", "longitude"])
    ds = ds.assign_coords(latitude=33.5, longitude=-121.25)
    rows, _ = rows_of(ds)
    assert rows["latitude"] == [33.5] * 4
    assert rows["longitude"] == [-121.25] * 4
    full = dataset().set_coords(["latitude", "longitude", "SST", "salinity"])
    array = full[FCO2].rename("any").assign_attrs(expocode="33RO20100308")
    rows, _ = rows_of(array)
    assert rows["sst"][0] == 13.0
    assert rows["fco2"][0] == 403.0
    assert rows["dataset_id"][0] == int(dataset_number("33RO20100308"))
    rows, _ = rows_of(array.drop_vars(["SST", "salinity"]))
    assert np.isnan(rows["sst"]).all()


def test_what_is_no_data_set():
    for name in ("latitude", "longitude", FCO2):
        with pytest.raises(ProcessingError, match=name):
            rows_of(dataset().drop_vars(name))
    numbers = dataset().assign_coords(time=np.arange(4))
    with pytest.raises(ProcessingError, match="'time' must be a datetime64"):
        rows_of(numbers)
    plane = dataset().expand_dims(x=2)
    plane["time"] = plane["time"]
    with pytest.raises(ProcessingError, match="must have the dimension time, not x, "):
        rows_of(plane)


def test_choices():
    assert str(Choice()) == (
        "data sets with flag A, B, C, D (where they have one), fCO2 with flag 2, exact"
        " duplicates once"
    )
    other = Choice("AE", (2, 3), "all", recomputed=True)
    assert str(other) == (
        "data sets with flag A, E (where they have one), recomputed fCO2 with flag"
        " 2, 3, exact duplicates all"
    )
    assert Choice("ABCDEFX", (2, 3, 4)).flags == "ABCDEFX"
    for options, words in (
        ({"woce": (2, 5)}, "must be 2, 3 or 4, not 5"),
        ({"woce": ()}, "not none"),
        ({"flags": "AQZ"}, "letters of ABCDEFX, not Q, Z"),
        ({"flags": ""}, "not none"),
        ({"recomputed": 1}, "recomputed must be True or False, not 1"),
        ({"duplicates": "twice"}, "duplicates must be 'once' or 'all', not 'twice'"),
    ):
        with pytest.raises(OptionError, match=words):
            Choice(**options)


def archive_rows(flags=None, woce=None, size=4):
    labels = {"Expocode": Text(np.array([0, 1, 0, 1]), [b"AAAA ", b"BBBB"])}
    if flags:
        kinds = sorted(set(flags))
        codes = np.array([kinds.index(flag) for flag in flags])
        labels["QC_Flag"] = Text(codes, [kind.encode() for kind in kinds])
    numbers = {} if woce is None else {"fCO2rec_flag": np.array(woce, float)}

    def matches(name, condition):
        text = labels[name]
        found = np.array([condition(label.decode()) for label in text.labels])
        return found[text.codes]

    return SimpleNamespace(size=size, labels=labels, numbers=numbers, matches=matches)


def test_flags_of_rows_of_files():
    rows = archive_rows("ABEA", [2, 3, 2, NAN])
    keep, skipped = _select_flags(rows, "AB", (2,))
    assert keep.tolist() == [True, False, False, False]
    assert skipped == {"data set flag not wanted": 1, "fCO2 flag not wanted": 2}
    keep, skipped = _select_flags(rows, None, (2, 3))
    assert keep.tolist() == [True, True, True, False]
    assert skipped == {"fCO2 flag not wanted": 1}
    keep, skipped = _select_flags(rows, "ABE", None)
    assert keep.all()
    assert not skipped
    keep, skipped = _select_flags(archive_rows(), "A", (2,))
    assert keep.all()
    assert not skipped


def test_numbers_of_data_sets():
    numbers = DataSetNumbers()
    found = numbers.of(archive_rows()).tolist()
    one, two = int(dataset_number("AAAA")), int(dataset_number("BBBB"))
    assert found == [one, two, one, two]
    assert numbers.of(archive_rows()).tolist() == found
    empty = SimpleNamespace(labels={"Expocode": Text(np.zeros(0, int), [])})
    assert numbers.of(empty).size == 0
