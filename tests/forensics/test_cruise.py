"""A whole cruise against marine air, and its pressures and temperatures."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.fields.air import marine_background
from oceanco2.forensics.cruise import doubts

N = 40
SEA, COAST = (-30.0, 10.0), (43.3, 5.5)  # near Marseille


def cruise(place=SEA, n=N, **columns):
    """Air as it is there, T_equ 0.3 K above SST, P_equ 2 hPa below P_atm."""
    time = np.datetime64("2012-06-01", "ns") + np.arange(n) * np.timedelta64(1, "h")
    latitude = np.full(n, place[0])
    data = {
        "latitude": latitude,
        "longitude": np.full(n, place[1]),
        "xCO2_atm_dry_actual": marine_background(time, latitude),
        "T_equ": np.full(n, 15.3),
        "SST": np.full(n, 15.0),
        "P_equ": np.full(n, 1010.0),
        "P_atm": np.full(n, 1012.0),
    }
    for name, change in columns.items():
        data[name] = data[name] + change
    return xr.Dataset({k: ("time", v) for k, v in data.items()}, {"time": time})


def test_nothing_is_said_of_a_usual_cruise():
    assert doubts(cruise()) == []
    assert doubts(xr.Dataset(coords={"time": cruise().time})) == []


AIR = "xCO2_atm_dry_actual"


@pytest.mark.parametrize(
    ("place", "change", "told"),
    [
        *((SEA, 14.9, False), (SEA, 15.1, True), (SEA, -14.9, False)),
        *((SEA, -15.1, True), (COAST, 15.1, False), (COAST, 49.9, False)),
        *((COAST, 50.1, True), (COAST, -50.1, True)),
    ],
)
def test_air_far_from_marine_air(place, change, told):
    found = doubts(cruise(place, **{AIR: change}))
    assert len(found) == told
    if told:
        near = "50 near land" if place == COAST else "15 at sea"
        median = float(np.median(cruise(place, **{AIR: change})[AIR]))
        assert found == [
            f"{AIR} is {median:.1f} umol mol-1 in the median of 40 rows, {change:+.1f}"
            f" from marine air of their dates and latitudes (at most {near}): another"
            " column, another unit, or not calibrated. If this is right: [accepted]"
            ' air = "why"'
        ]


def test_air_interpolated_to_the_water_where_nothing_was_measured():
    name = "xCO2_atm_dry_interp"
    (found,) = doubts(cruise(xCO2_atm_dry_actual=30.0).rename({AIR: name}))
    assert found.startswith(f"{name} is ")
    both = cruise()
    both[name] = both[AIR] + 30.0
    assert doubts(both) == []


def test_air_of_a_fixed_station_and_without_a_position():
    ds = cruise(xCO2_atm_dry_actual=30.0)
    station = ds.drop_vars(["latitude", "longitude"])
    assert doubts(station) == []
    assert doubts(ds.drop_vars("longitude")) == []
    station = station.assign_coords(latitude=-30.0, longitude=10.0)
    assert len(doubts(station)) == 1


def test_rows_that_say_nothing_of_the_air():
    ds = cruise(n=10, xCO2_atm_dry_actual=30.0)
    for name, value in (("latitude", 91.0), ("longitude", np.nan), (AIR, np.nan)):
        for usable, told in ((5, 1), (4, 0)):
            some = ds.copy(deep=True)
            some[name][usable:] = value
            assert len(doubts(some)) == told, name
    time = ds["time"].to_numpy().copy()
    time[4:] = np.datetime64("NaT")
    assert doubts(ds.assign_coords(time=time)) == []


def test_a_coast_along_half_of_the_way():
    ds = cruise(n=20, xCO2_atm_dry_actual=30.0)
    for coastal, told in ((10, 1), (11, 0)):
        some = ds.copy(deep=True)
        some["latitude"][:coastal], some["longitude"][:coastal] = COAST
        time, latitude = some["time"].to_numpy(), some["latitude"].to_numpy()
        some[AIR] = "time", marine_background(time, latitude) + 30.0
        assert len(doubts(some)) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [(11.9, None), (12.1, "+10.1"), (-7.9, None), (-8.1, "-10.1")],
)
def test_pressures(change, told):
    found = doubts(cruise(P_equ=change))
    if told is None:
        assert found == []
        return
    assert found == [
        f"P_equ is {told} hPa from P_atm in the median of 40 rows (at most 10): another"
        " column, or a pressure difference that is not added. If this is right:"
        ' [accepted] pressures = "why"'
    ]


@pytest.mark.parametrize(("change", "told"), [(-0.599, None), (-0.601, "-0.30")])
def test_temperatures(change, told):
    found = doubts(cruise(T_equ=change))
    if told is None:
        assert found == []
        return
    assert found == [
        f"T_equ is {told} K from SST in the median of 40 rows, though water warms on"
        " its way: they may be exchanged. If this is right: [accepted] temperatures ="
        ' "why"'
    ]


@pytest.mark.parametrize(("rows", "told"), [(5, 2), (4, 0)])
def test_five_rows_are_needed(rows, told):
    assert len(doubts(cruise(n=rows, T_equ=-5.0, P_equ=50.0))) == told


def test_good_rows_count():
    """T_equ is wrong in the rows that its flag or that of SST calls bad."""
    ds = cruise()
    ds["T_equ"][10:] = 1.0
    assert len(doubts(ds)) == 1
    for name in ("T_equ", "SST"):
        flag = np.where(np.arange(N) < 10, 2, 4).astype("int8")
        flagged = ds.assign({f"{name}_flag": ("time", flag)})
        assert doubts(flagged) == []


@pytest.mark.parametrize("name", ["air", "pressures", "temperatures"])
def test_an_answer_ends_its_own_warning(name):
    ds = cruise(T_equ=-5.0, P_equ=50.0, xCO2_atm_dry_actual=30.0)
    assert [w.rpartition("[accepted] ")[2] for w in doubts(ds)] == [
        'air = "why"',
        'pressures = "why"',
        'temperatures = "why"',
    ]
    ds.attrs["set_up"] = json.dumps({"accepted": {name: "checked"}})
    assert len(doubts(ds)) == 2
    assert not any(f"[accepted] {name} " in text for text in doubts(ds))
