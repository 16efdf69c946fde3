"""What is shown of a dataset without good values, or without fCO2 at SST."""

import numpy as np
import pytest

from oceanco2.figures.kinds import overview
from oceanco2.qc import manual_template
from oceanco2.summary import summary, summary_text
from oceanco2.vocabulary import CO2_RESULTS
from tests.datasets import canonical_dataset

RESULT = "fCO2_water_SST_wet"


@pytest.fixture
def ds():
    return canonical_dataset(130)


def without(ds, *names):
    gone = [n for n in ds.data_vars if str(n).startswith(names)]
    return ds.drop_vars(gone)


def test_values_none_of_which_is_good(ds):
    values = ds["salinity"].to_numpy()
    ds["salinity_flag"][:] = 4
    numbers = summary(ds)["variables"]["salinity"]
    assert (numbers["minimum"], numbers["median"], numbers["maximum"]) == (None,) * 3
    found = numbers["of_all_values"]
    assert found["minimum"] == values.min()
    assert found["maximum"] == values.max()
    assert found["median"] == np.median(values)
    assert "of_all_values" not in summary(ds)["variables"]["SST"]
    lines = summary_text(ds).splitlines()
    (line,) = [x for x in lines if x.startswith("salinity ")]
    assert f"({values.min():.4g})" in line
    assert lines.count("( ) of all values: none of them is good") == 1
    ds["salinity_flag"][5] = 2
    assert "( )" not in summary_text(ds)
    assert "of_all_values" not in summary(ds)["variables"]["salinity"]
    ds["salinity"][:] = np.nan
    assert "of_all_values" not in summary(ds)["variables"]["salinity"]


def test_a_dataset_is_summarised_by_the_best_co2_that_it_has(ds):
    assert CO2_RESULTS[0] == RESULT
    for name in CO2_RESULTS:
        ds[name] = ("time", np.full(ds.sizes["time"], np.nan))
    everything = ds
    for number, name in enumerate(CO2_RESULTS):
        ds = everything.copy(deep=True)
        for other in CO2_RESULTS[number:]:
            ds[other][3:] = 400.0
        ds[f"{name}_flag"] = ("time", np.full(ds.sizes["time"], 2, "int8"))
        ds[f"{name}_flag"][4] = 3
        found = summary(ds)
        count = ds.sizes["time"] - 3
        assert found["coverage"]["samples"] == count, name
        assert found["flags"]["variable"] == name
        assert found["flags"]["values"] == count
        assert found["flags"]["by_flag"] == {
            "good": (count - 1) / count,
            "questionable": 1 / count,
        }
        what = "fCO2 of the water" if name == RESULT else name
        assert f"\n{what}, {count} values: " in summary_text(ds)
        assert overview._result(ds) == name
    assert overview._result(everything) == RESULT
    assert summary(everything)["coverage"] == {"samples": 0}
    assert {*overview._AXES} == {*CO2_RESULTS}


def test_the_overview_says_that_no_value_is_good(ds):
    assert overview._statistics(ds).startswith("fCO$_2$ water: median ")
    ds[f"{RESULT}_flag"][:] = 4
    assert overview._statistics(ds).startswith("fCO$_2$ water: no good value")
    ds[RESULT][:] = np.nan
    assert "no good value" not in overview._statistics(without(ds, "delta", "flux"))
    name = "xCO2_water_SST_dry"
    ds = without(ds, "fCO2_water", "pCO2_water", "xCO2_water", "delta", "flux")
    ds[name] = ("time", np.full(ds.sizes["time"], 400.0))
    text = overview._statistics(ds)
    assert text == "xCO$_2$ water: median 400, 400 to 400 µmol mol$^{\N{MINUS SIGN}1}$"


def test_no_rows(ds):
    empty = ds.isel(time=slice(0, 0))
    assert manual_template(empty).count("\n") == 1
