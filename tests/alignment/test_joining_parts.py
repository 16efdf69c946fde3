"""Streams that are joined: run types, absent streams, CO2, attributes."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.alignment import align, joining
from oceanco2.errors import DataWarning
from oceanco2.platforms.schema import Alignment, DeliveredSource, GroupLag
from oceanco2.vocabulary import RUN_TYPES, VALUE_TYPES, attrs_of
from tests.alignment.test_joining import stream

SHIP = platforms.load("demo_ship")
START = np.datetime64("2024-03-01", "ns")


def ship(alignment=None, **sources):
    own = {
        name: source.model_copy(update={"lag_seconds": 0.0} | sources.get(name, {}))
        for name, source in SHIP.variables.items()
    }
    update = {"variables": own}
    if alignment is not None:
        update["alignment"] = Alignment(**alignment)
    return SHIP.model_copy(update=update)


def with_runs(ds, **codes):
    return ds.assign(
        {
            name: ("time", np.array(c, dtype=np.int8), {"long_name": name})
            for name, c in codes.items()
        }
    )


def test_run_types_of_another_stream_belong_to_the_last_run_started():
    main = stream([-1, 0, 59, 60, 99], T_equ=[1] * 5)
    codes = {"run_type": [1, 2], "standard": [3, 4], "run_label": [5, 6]}
    other = with_runs(stream([0, 60], SST=[1, 2]), **codes)
    ds = align({"analyser": main, "tsg": other}, ship())
    assert ds["run_type"].to_numpy().tolist() == [RUN_TYPES["unknown"], 1, 1, 2, 2]
    assert ds["standard"].to_numpy().tolist() == [-1, 3, 3, 4, 4]
    assert ds["run_label"].to_numpy().tolist() == [-1, 5, 5, 6, 6]
    assert {ds[name].dims for name in codes} == {("time",)}
    assert ds["run_type"].dtype == np.int8
    assert ds["run_type"].attrs == {"long_name": "run_type"}
    own = with_runs(main, **{n: [7] * 5 for n in codes})
    ds = align({"analyser": own, "tsg": other}, ship())
    assert ds["run_type"].to_numpy().tolist() == [7] * 5


def test_variables_of_a_stream_without_files_are_missing():
    ds = align({"analyser": stream([0, 60], T_equ=[1, 2])}, ship())
    read = {n for n, s in SHIP.variables.items() if SHIP.file_of(s) == "tsg"}
    assert "SST" in read
    for name in read:
        key = f"{name}_raw" if SHIP.needs_raw(name) else name
        assert np.isnan(ds[key]).all()
        if name not in ("latitude", "longitude"):
            assert ds[f"{name}_type"].to_numpy().tolist() == [0, 0]
            assert ds[f"{name}_type"].attrs["long_name"] == f"origin of {name}"
        assert ds[key].attrs["units"] == attrs_of(name)["units"]
    assert "latitude_type" not in ds


@pytest.mark.parametrize(
    ("name", "is_co2"),
    [
        *(("xCO2", True), ("xCO2_water_Tequ_dry", True), ("fCO2_water_SST_wet", True)),
        *(("pCO2_sensor", True), ("xCO2_atm_dry_interp", False), ("SST", False)),
        *(("fCO2_atm_wet_flux", False), ("delta_fCO2", False), ("flux_CO2", False)),
    ],
)
def test_what_is_never_interpolated(name, is_co2):
    assert joining._is_co2(name) is is_co2


def test_co2_of_another_stream_is_kept_at_its_own_times_only():
    other = stream([0, 60, 90], xCO2=[400, 401, 402])
    main = stream([0, 30, 90], T_equ=[1, 2, 3])
    with pytest.warns(DataWarning, match="xCO2 is not in the main stream: 1 of 3"):
        ds = align({"analyser": main, "tsg": other}, ship())
    np.testing.assert_array_equal(ds["xCO2"], [400.0, np.nan, 402.0])


def test_attributes_of_the_files_and_history():
    main, other = stream([0, 60], T_equ=[1, 2]), stream([0, 60, 99], SST=[1, 2, 3])
    main.attrs |= {"source_files": ["a"], "reading_notes": ["x"], "rows_rejected": 7}
    other.attrs |= {"source_files": ["b", "c"], "reading_notes": ["y"]}
    ds = align({"tsg": other, "analyser": main}, ship())
    assert ds.attrs["source_files"] == ["a", "b", "c"]
    assert ds.attrs["source_files_sha256"] == ["0", "0"]
    assert ds.attrs["reading_notes"] == ["x", "y"]
    assert (ds.attrs["rows_read"], ds.attrs["rows_rejected"]) == (2, 7)
    assert ds.attrs["rows_duplicated"] == 0
    assert ds.attrs["platform_name"] == SHIP.name
    text = "raw files read, 2 streams aligned to 'analyser'"
    assert ds.attrs["history"].endswith(text)


def test_options_of_the_table_and_of_a_variable():
    other = stream([0, 100], SST=[10, 20])
    main = stream([30, 80], T_equ=[1, 2])

    def sst(alignment=None, **source):
        streams = {"analyser": main, "tsg": other}
        return align(streams, ship(alignment, SST=source))["SST"].to_numpy().tolist()

    assert sst() == [13.0, 18.0]
    assert sst({"interpolation": "nearest"}) == [10.0, 20.0]
    assert np.isnan(sst({"max_gap_seconds": 69.0})).all()
    assert sst({"max_gap_seconds": 80.0}) == [13.0, 18.0]
    assert sst({"max_gap_seconds": 1.0}, max_gap_seconds=80.0) == [13.0, 18.0]
    # bursts: both in one group, the mean
    assert sst({"mode": "periodic"}) == [15.0, 15.0]
    assert sst({"mode": "auto"}) == [13.0, 18.0]
    assert sst({"mode": "periodic"}, mode="continuous") == [13.0, 18.0]


def test_lags_between_groups_by_time():
    lags = [
        GroupLag(**{"from": "intake", "to": "analyser", "seconds": s, "time": t})
        for s, t in ((90.0, "2024-03-02"), (30.0, "2024-03-01"))
    ]
    table = Alignment(groups=["intake", "analyser"], lags=lags)
    times, seconds = joining._lag_points(table, "intake", START)
    assert times.tolist() == [0.0, 86400.0]
    assert seconds.tolist() == [30.0, 90.0]
    assert joining._lag_points(table, "analyser", START)[0].size == 0
    assert list(joining.chain_of(table, START).lags) == ["intake"]


def test_no_rows_are_no_reason_to_stop():
    main, other = stream([], T_equ=[]), stream([0, 60], SST=[1, 2])
    ds = align({"analyser": main, "tsg": other}, ship())
    assert ds.sizes["time"] == 0
    assert isinstance(ds, xr.Dataset)


def test_delivered_results_of_another_stream_have_no_type():
    delivered = {"salinity": DeliveredSource(file="tsg", column="s")}
    platform = ship().model_copy(update={"delivered": delivered})
    other = stream([0, 60], SST=[1, 2])
    results = ("time", np.array([30.0, 32.0]), attrs_of("salinity"))
    other = other.assign(salinity_delivered=results)
    ds = align({"analyser": stream([30], T_equ=[1]), "tsg": other}, platform)
    assert ds["salinity_delivered"].to_numpy().tolist() == [31.0]
    new = {str(n) for n in ds.data_vars if str(n).startswith("salinity_")}
    assert new == {"salinity_delivered"}
    assert {"SST_type", "SST_interpolation_uncertainty"} <= set(ds.data_vars)


@pytest.mark.parametrize(
    ("lag", "used"),
    [
        *((0.0049999, 0.004), (0.005, 0.005), (0.0059999, 0.005)),
        *((0.005 - 0.995e-9, 0.005), (0.005 - 1.005e-9, 0.004)),
    ],
)
def test_lags_are_whole_milliseconds_up_to_a_rounding_error(lag, used):
    points = {"intake": (np.array([0.0]), np.array([lag]))}
    chain = joining.Chain(("intake", "analyser"), points)
    moved = chain.follow(np.zeros(1), "intake", "analyser")
    assert moved[0] == pytest.approx(used, abs=1e-12)


def test_uncertainty_of_interpolated_values_names_its_variable():
    other = stream(np.arange(0, 3000, 60), SST=np.sin(np.arange(50.0)) + 9)
    ds = align({"analyser": stream([30, 60], T_equ=[1, 2]), "tsg": other}, ship())
    sigma = ds["SST_interpolation_uncertainty"]
    assert sigma.attrs == {
        "units": "degree_Celsius",
        "long_name": "standard uncertainty that interpolation in time adds to SST",
    }
    assert sigma.to_numpy()[0] > 0.0
    assert sigma.to_numpy()[1] == 0.0
    measured = align({"analyser": stream([60], T_equ=[1]), "tsg": other}, ship())
    assert "SST_interpolation_uncertainty" not in measured


def test_constants_and_absent_values_have_types_of_their_own():
    main = stream([0, 60], T_equ=[1, 2], P_equ=[1, 2])
    main = main.rename(T_equ="T_equ_raw")
    main["T_equ_raw"].attrs["value_type"] = "nominal"
    main["P_equ"].attrs["value_type"] = "missing"
    ds = align({"analyser": main}, ship())
    assert ds["T_equ_type"].to_numpy().tolist() == [VALUE_TYPES["nominal"]] * 2
    assert ds["T_equ_type"].dtype == np.int8
    assert ds["P_equ_type"].to_numpy().tolist() == [VALUE_TYPES["missing"]] * 2
    assert "T_equ_raw_type" not in ds
