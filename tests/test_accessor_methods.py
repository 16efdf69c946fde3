"""Every method of ``ds.co2`` hands the dataset to the function of its name."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import accessor, figures, qc
from oceanco2.accessor import CO2Accessor

RESULT = "fCO2_water_SST_wet"
DS = xr.Dataset({"SST": ("time", np.array([1.0, 2.0]))})
CALLS = [
    (figures, "overview", "overview", (), ()),
    (figures, "figure", "figure", ("map", "SST"), ("map", "SST")),
    (figures, "series", "plot", (), (RESULT,)),
    (figures, "series", "plot", ("SST", "T_equ"), ("SST", "T_equ")),
    (figures, "standards", "plot_standards", (), ()),
    (figures, "warming", "plot_warming", (), ()),
    (figures, "flag_map", "plot_map", (), (RESULT,)),
    (figures, "flag_map", "plot_map", ("SST",), ("SST",)),
    (figures, "properties", "plot_property", ("SST",), ("SST", RESULT)),
    (figures, "properties", "plot_property", ("SST", "T"), ("SST", "T")),
    (figures, "track", "track", (), (RESULT,)),
    (figures, "track", "track", ("SST",), ("SST",)),
    (qc, "explain", "doubts", (), (None,)),
    (qc, "explain", "doubts", ("SST",), ("SST",)),
    (accessor, "summary_text", "summary", (), ()),
    (accessor, "data_set_flag", "criteria", (), (None,)),
    (accessor, "data_set_flag", "criteria", (True,), (True,)),
]


@pytest.mark.parametrize(("module", "function", "method", "given", "passed"), CALLS)
def test_methods(monkeypatch, module, function, method, given, passed):
    seen = []

    def record(*arguments):
        seen.append(arguments)
        return "made"

    monkeypatch.setattr(module, function, record)
    monkeypatch.setattr(accessor, "criteria_text", lambda judgement: judgement)
    assert getattr(CO2Accessor(DS), method)(*given) == "made"
    ((ds, *arguments),) = seen
    assert ds is DS
    assert tuple(arguments) == passed


def test_counts_of_flags_and_good_values():
    flags = np.array([2, 2, 9, 0, 3], np.int8)
    ds = xr.Dataset(
        {"SST": ("time", np.arange(5.0)), "SST_flag": ("time", flags)},
    )
    shown = CO2Accessor(ds)
    assert shown.flag_counts("SST") == {
        **{"not_evaluated": 1, "good": 2, "questionable": 1, "missing": 1}
    }
    found = shown.good("SST")
    np.testing.assert_array_equal(found, [0.0, 1.0, np.nan, np.nan, np.nan])
    found = shown.good("SST", 3, 0)
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 3.0, 4.0])
