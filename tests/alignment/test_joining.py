import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.alignment import align
from oceanco2.errors import DataWarning
from oceanco2.interpolation import interpolate
from oceanco2.platforms.schema import Alignment, GroupLag
from oceanco2.vocabulary import RUN_TYPES, VALUE_TYPES, attrs_of

START = np.datetime64("2024-03-01", "ns")


def stream(seconds, **variables):
    time = START + (np.array(seconds) * 1e9).astype("timedelta64[ns]")
    attrs = {"source_files": ["f"], "source_files_sha256": ["0"], "reading_notes": []}
    attrs |= {"rows_read": len(seconds), "rows_rejected": 0, "rows_duplicated": 0}
    data = {
        n: ("time", np.array(v, dtype=float), attrs_of(n)) for n, v in variables.items()
    }
    places = {n: data.pop(n) for n in ("latitude", "longitude") if n in data}
    return xr.Dataset(data, coords={"time": time, **places}, attrs=attrs)


def join(main, other, **changes):
    ship = platforms.load("demo_ship")
    source = ship.variables["SST"].model_copy(update={"lag_seconds": 0.0} | changes)
    ship = ship.model_copy(update={"variables": ship.variables | {"SST": source}})
    return align({"analyser": main, "tsg": other}, ship)


def test_between_neighbours_never_beyond():
    ds = join(
        stream([-10, 0, 30, 60, 70], T_equ=[1, 2, 3, 4, 5]),
        stream([0, 60], SST=[10, 16]),
    )
    np.testing.assert_allclose(ds["SST"], [np.nan, 10.0, 13.0, 16.0, np.nan])
    kinds = [
        VALUE_TYPES[k] for k in ("missing", "measured", "interpolated", "measured")
    ]
    np.testing.assert_array_equal(ds["SST_type"], [*kinds, VALUE_TYPES["missing"]])
    np.testing.assert_array_equal(ds["T_equ"], [1, 2, 3, 4, 5])


def test_gaps_and_impossible_values_are_not_bridged_blindly():
    other = stream([0, 100, 200, 1000], SST=[10, 999, 12, 20])
    ds = join(stream([100, 400, 700], T_equ=[1, 2, 3]), other)
    np.testing.assert_allclose(ds["SST"], [11.0, np.nan, np.nan])


def test_lag_is_how_much_earlier_the_water_passed_the_sensor():
    other = stream([0, 100, 200], SST=[10, 20, 30])
    ds = join(stream([150], T_equ=[1]), other, lag_seconds=60.0)
    assert float(ds["SST"][0]) == pytest.approx(19.0)


def test_positions_over_the_date_line():
    other = stream([0, 100], SST=[1, 2], latitude=[0, 1], longitude=[179.5, -179.5])
    ds = join(stream([50, 100], T_equ=[1, 2]), other)
    np.testing.assert_allclose(ds["longitude"], [180.0, -179.5])


@given(
    knots=st.lists(st.integers(0, 10_000), min_size=2, max_size=30, unique=True),
    at=st.lists(st.integers(-100, 10_100), min_size=1, max_size=30),
)
def test_a_straight_line_comes_back(knots, at):
    times = np.array(sorted(knots), dtype=float)
    required = np.array(at, dtype=float)
    values, kind = interpolate(times, 3.0 * times + 1.0, required, 500.0)
    present = kind > 0
    np.testing.assert_allclose(values[present], 3.0 * required[present] + 1.0)
    assert np.isnan(values[~present]).all()
    outside = (required < times[0]) | (required > times[-1])
    assert not present[outside].any()


def test_a_million_rows_join_sixty_thousand():
    times = np.arange(1_000_000.0)
    values, _ = interpolate(times, times, np.arange(5.5, 9e5, 15.0), 300.0)
    np.testing.assert_allclose(values, np.arange(5.5, 9e5, 15.0))


SHIP = platforms.load("demo_ship")


def changed(**sources):
    """The demo ship with other keys for some variables, lags of the rest 0."""
    own = {
        name: source.model_copy(update={"lag_seconds": 0.0} | sources.get(name, {}))
        for name, source in SHIP.variables.items()
    }
    return SHIP.model_copy(update={"variables": own})


def flags(name, codes):
    return {f"{name}_flag_delivered": ("time", np.array(codes, np.int8))}


def test_delivered_flags_of_other_streams_are_obeyed_and_kept():
    other = stream([0, 100, 200, 300], SST=[10, 99, 12, 13])
    other = other.assign(flags("SST", [2, 4, 2, 3]))
    ds = align(
        {"analyser": stream([50, 100, 300, 400], T_equ=[1, 2, 3, 4]), "tsg": other},
        changed(),
    )
    np.testing.assert_allclose(ds["SST"], [10.5, 11.0, 13.0, np.nan])
    np.testing.assert_array_equal(ds["SST_flag_delivered"], [2, 2, 3, 9])
    np.testing.assert_array_equal(ds["SST_around_flags"], [1, 1, 0, 0])
    kinds = ("interpolated", "interpolated", "measured", "missing")
    np.testing.assert_array_equal(ds["SST_type"], [VALUE_TYPES[k] for k in kinds])


def test_a_value_that_cannot_be_is_kept_where_nothing_can_stand_in():
    other = stream([0, 1000, 2000], SST=[10, 99, 12])
    ds = align({"analyser": stream([1000], T_equ=[1]), "tsg": other}, changed())
    assert float(ds["SST"][0]) == 99.0


def test_gap_limits_of_single_variables():
    other = stream([0, 1000], SST=[10, 20], salinity=[30, 31])
    main = stream([500], T_equ=[1])
    ds = align(
        {"analyser": main, "tsg": other}, changed(SST={"max_gap_seconds": 600.0})
    )
    assert float(ds["SST"][0]) == 15.0
    assert np.isnan(ds["salinity"][0])


def test_columns_of_one_file_at_different_times():
    """Buoys log sensors in rows of their own; only what asks for it is filled."""
    main = stream(
        [0, 60, 120, 180], T_equ=[1, 2, 3, 4], P_equ=[1000, np.nan, 1002, 1003]
    )
    main["T_equ"][1] = np.nan
    ds = align({"analyser": main}, changed(P_equ={"max_gap_seconds": 100.0}))
    np.testing.assert_allclose(ds["P_equ"], [1000, 1001, 1002, 1003])
    np.testing.assert_array_equal(ds["P_equ_type"], [1, 2, 1, 1])
    assert np.isnan(ds["T_equ"][1])
    assert "T_equ_type" not in ds


GROUPS = Alignment(
    groups=["intake", "equilibrator", "analyser"],
    lags=[
        GroupLag(**{"from": "intake", "to": "equilibrator", "seconds": 100}),
        GroupLag(**{"from": "equilibrator", "to": "analyser", "seconds": 50}),
    ],
)


def test_sensor_groups_lead_to_the_water_of_the_measurement():
    ship = changed(SST={"group": "intake"}, T_equ={"group": "equilibrator"})
    ship = ship.model_copy(update={"alignment": GROUPS})
    main = stream([200, 250, 300], T_equ=[20, 25, 30])
    other = stream([0, 100, 200, 300], SST=[0, 10, 20, 30], salinity=[1, 2, 3, 4])
    ds = align({"analyser": main, "tsg": other}, ship)
    np.testing.assert_allclose(ds["SST"], [5.0, 10.0, 15.0])  # 150 s before
    np.testing.assert_allclose(ds["T_equ"], [np.nan, 20.0, 25.0])  # 50 s before
    np.testing.assert_allclose(ds["salinity"], [3.0, 3.5, 4.0])  # in no group
    assert ds["SST"].attrs["sensor_group"] == "intake"


def test_bursts_are_means_where_the_platform_file_says_so():
    times = (1800.0 * np.arange(4)[:, None] + [0.0, 10.0, 20.0]).ravel()
    other = stream(times, SST=np.repeat([10.0, 11.0, 12.0, 13.0], 3))
    main = stream([10, 910, 5410], T_equ=[1, 2, 3])
    for mode in ("auto", "periodic"):
        ds = align({"analyser": main, "tsg": other}, changed(SST={"mode": mode}))
        np.testing.assert_allclose(ds["SST"], [10.0, 10.5, 13.0])
        np.testing.assert_array_equal(ds["SST_type"], [1, 2, 1])
    simple = align({"analyser": main, "tsg": other}, changed())
    np.testing.assert_allclose(simple["SST"], [10.0, np.nan, 13.0])


def test_co2_itself_is_never_interpolated():
    other = stream([0, 60, 120], xCO2_water_Tequ_dry=[400, 410, 420])
    main = stream([60, 90], T_equ=[1, 2])
    with pytest.warns(DataWarning, match="2 of 3 values have no row with the same"):
        ds = align({"analyser": main, "tsg": other}, changed())
    np.testing.assert_allclose(ds["xCO2_water_Tequ_dry"], [410.0, np.nan])


def test_directions_of_other_streams_turn_the_short_way():
    other = stream([0, 100], SST=[1, 2], wind_dir=[350, 20])
    ds = align({"analyser": stream([50], T_equ=[1]), "tsg": other}, changed())
    assert float(ds["wind_dir"][0]) == pytest.approx(5.0)


def test_a_time_belongs_to_the_last_run_started_at_or_before_it():
    """Run types of a multiplexer that logs only when it switches."""
    codes = [RUN_TYPES[word] for word in ("water", "standard", "air")]
    runs = stream([0, 100, 200])
    runs = runs.assign(
        run_type=("time", np.array(codes, np.int8)),
        standard=("time", np.array([-1, 2, -1], np.int8)),
        run_label=("time", np.array([1, 2, 0], np.int16)),
    )
    main = stream([-10, 0, 99, 100, 250], T_equ=[1, 2, 3, 4, 5])
    ds = align({"analyser": main, "tsg": runs}, changed())
    words = ["unknown", "water", "water", "standard", "air"]
    np.testing.assert_array_equal(ds["run_type"], [RUN_TYPES[w] for w in words])
    np.testing.assert_array_equal(ds["standard"], [-1, -1, -1, 2, -1])
