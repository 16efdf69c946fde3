"""Values of a data set made by hand, on which the criteria are judged."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.socat.criteria.evidence import RESULT, Evidence
from oceanco2.vocabulary import RUN_TYPES

T0 = np.datetime64("2020-01-01T00:00", "ns")


def dataset(minutes=(0, 30, 90, 1000), **columns):
    time = T0 + np.array(minutes) * np.timedelta64(1, "m")
    columns = {RESULT: [400.0, 401.0, 402.0, np.nan]} | columns
    return xr.Dataset(
        {name: ("time", values) for name, values in columns.items()}, {"time": time}
    )


def test_rows_with_a_result():
    made = Evidence(dataset())
    assert made.water.tolist() == [True, True, True, False]
    assert made.flags.tolist() == [2, 2, 2, 2]
    none = Evidence(dataset().drop_vars(RESULT))
    assert none.water.tolist() == [False] * 4
    assert np.isnan(none.share(2))


def test_shares():
    made = Evidence(dataset(**{f"{RESULT}_flag": [2, 3, 4, 4]}))
    shares = [made.share(flag) for flag in (2, 3, 4)]
    assert shares == pytest.approx([1 / 3] * 3)
    partly = Evidence(dataset(**{f"{RESULT}_flag": [2, 0, 4, 4]}))
    assert [partly.share(flag) for flag in (2, 4)] == [0.5, 0.5]


def test_values_and_interval():
    made = Evidence(dataset(SST=[1.0, np.nan, 3.0, 4.0]))
    assert made.values("SST").tolist() == [1.0, 3.0]
    assert made.values("none").size == 0
    assert made.interval_hours() == 0.75
    reverse = Evidence(dataset(minutes=(90, 30, 0, 1000)))
    assert reverse.interval_hours() == 0.75
    two = Evidence(dataset(**{RESULT: [1.0, 1.0, np.nan, np.nan]}))
    assert two.interval_hours() == 0.5
    one = Evidence(dataset(**{RESULT: [1.0, np.nan, np.nan, np.nan]}))
    assert np.isnan(one.interval_hours())


def test_mole_fractions():
    empty = [np.nan, np.nan, np.nan, 5.0]
    made = Evidence(dataset(xCO2_water_SST_dry=empty, xCO2_water_Tequ_dry=[1.0] * 4))
    assert made.analysed().tolist() == [1.0] * 3
    both = dataset(xCO2_water_SST_dry=[2.0] * 4, xCO2_water_Tequ_dry=[1.0] * 4)
    assert Evidence(both).analysed().tolist() == [2.0] * 3
    assert Evidence(dataset()).analysed().size == 0


def test_samples_without_a_place():
    ds = dataset(position_flag=[4, 2, 3, 2], time_flag=[4, 4, 2, 4])
    assert Evidence(ds).unplaced() == 3
    water, air = RUN_TYPES["water"], RUN_TYPES["air"]
    ds["run_type"] = ("time", [water, air, water, water])
    assert Evidence(ds).unplaced() == 2
    assert Evidence(dataset()).unplaced() == 0


def test_accuracy_of_the_result():
    name = f"{RESULT}_uncertainty"
    assert Evidence(dataset()).result_accuracy()[1:] == ("not computed", [])
    ds = dataset(**{name: [1.0, 2.0, 4.0, 100.0]})
    assert Evidence(ds).result_accuracy() == (
        *(2.0, "median of the computed uncertainty"),
        [],
    )
    ds["SST_uncertainty"] = ("time", [1.0] * 4, {"uncertainty_source": "assumed"})
    ds["P_equ_uncertainty"] = ("time", [1.0] * 4, {"uncertainty_source": "stated"})
    assert Evidence(ds).result_accuracy()[2] == ["SST"]
    assert Evidence(ds).assumed("SST")
    assert not Evidence(ds).assumed("P_equ")
    assert not Evidence(ds).assumed("T_equ")
    stated = ds.assign_attrs(fCO2_accuracy=5)
    assert Evidence(stated).result_accuracy() == (
        *(5.0, "stated in the platform file"),
        [],
    )
    value, source, _ = Evidence(dataset(**{name: [np.nan] * 4})).result_accuracy()
    assert np.isnan(value)
    assert source == "no value of it has an uncertainty"


def test_gases_from_the_runs():
    ds = dataset()
    assert Evidence(ds).gases() == []
    ds["standard_run_true"] = ("standard_run", [0.0, 400.0, 400.0, 500.0, np.nan])
    assert [gas.xCO2 for gas in Evidence(ds).gases()] == [400.0, 500.0]
    ds["standard_run_used"] = ("standard_run", [1, 1, 0, 0, 1])
    assert [gas.xCO2 for gas in Evidence(ds).gases()] == [400.0]
