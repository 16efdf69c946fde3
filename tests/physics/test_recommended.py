"""Recommended fCO2: SOCAT's fourteen algorithms against what SOCAT published."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oceanco2.physics as ph
from oceanco2.physics.recommended import ALGORITHMS, ARGUMENTS

HEADERS = (
    "SST [deg.C]",
    "Tequ [deg.C]",
    "sal",
    "WOA_SSS",
    "Pequ [hPa]",
    "PPPP [hPa]",
    "NCEP_SLP [hPa]",
    "xCO2water_equ_dry [umol/mol]",
    "xCO2water_SST_dry [umol/mol]",
    "pCO2water_equ_wet [uatm]",
    "pCO2water_SST_wet [uatm]",
    "fCO2water_equ_wet [uatm]",
    "fCO2water_SST_wet [uatm]",
)
# docs/socat-rules.md#agreement-with-published-values: inputs and result.
GIVEN = {
    "sst": 18.0,
    "t_equ": 18.35,
    "salinity": 35.2,
    "woa_salinity": 35.0,
    "p_equ": 1012.0,
    "p_atm": 1010.5,
    "ncep_slp": 1011.3,
}
CO2 = {
    "xco2_equ_dry": 380.0,
    "xco2_sst_dry": 379.0,
    "pco2_equ_wet": 372.0,
    "pco2_sst_wet": 367.0,
    "fco2_equ_wet": 370.5,
    "fco2_sst_wet": 365.5,
}


def columns(lines):
    rows = list(csv.DictReader(lines, delimiter="," if "," in lines[0] else "\t"))
    return rows, {
        name: np.array([float(row[h] or "nan") for row in rows])
        for name, h in zip(ARGUMENTS, HEADERS, strict=True)
    }


def test_the_reference_vector_of_every_algorithm(reference):
    path = reference / "socat" / "DERIVED_algorithms_1_14_reference.csv"
    rows, inputs = columns(path.read_text().splitlines())
    value, number = ph.fco2rec(**inputs)
    assert number.tolist() == [int(row["src"]) for row in rows]
    assert set(number) == set(range(1, 15))
    published_values = [float(row["fCO2rec_calc"]) for row in rows]
    np.testing.assert_allclose(value, published_values, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("SOCATv2026_mini_excerpt.tsv", 48),
        ("PAT520150211_SOCATv4_enhanced_rows.tsv", 100),
    ],
)
def test_published_rows(file, rows, reference_data):
    lines = (reference_data / "socat" / file).read_text().splitlines()
    (at,) = (i for i, line in enumerate(lines) if "\tyr\t" in line)
    published, inputs = columns(lines[at:])
    value, number = ph.fco2rec(**inputs)
    assert len(published) == rows
    assert number.tolist() == [int(row["fCO2rec_src"]) for row in published]
    published_values = [float(row["fCO2rec [uatm]"]) for row in published]
    np.testing.assert_allclose(value, published_values, rtol=0, atol=0.001)


def test_the_first_number_wins():
    expected = [1, 2, 3, 4, 5, 6]
    inputs = dict(CO2)
    for name, number in zip(CO2, expected, strict=True):
        assert ph.fco2rec(**GIVEN, **inputs)[1] == number
        inputs.pop(name)


def test_a_fugacity_at_sst_outranks_climatological_salinity():
    # As in 26NA20050107, where src 9 would give 0.05 uatm more.
    given = GIVEN | {"salinity": np.nan}
    both = {"xco2_equ_dry": 380.0, "fco2_sst_wet": 365.5}
    assert ph.fco2rec(**given, **both) == (365.5, 6)
    assert ph.fco2rec(**given, xco2_equ_dry=380.0)[1] == 9


def test_zero_is_missing_for_pressure_and_results_only():
    x = {"xco2_equ_dry": 380.0}
    from_air = ph.fco2rec(**(GIVEN | {"p_equ": 0.0}), **x)
    assert from_air == ph.fco2rec(**(GIVEN | {"p_equ": np.nan}), **x)
    assert round(from_air[0], 6) == 365.595568
    zero = CO2 | {"xco2_equ_dry": 0.0, "xco2_sst_dry": 0.0}
    assert ph.fco2rec(**GIVEN, **zero)[1] == 3
    frozen = GIVEN | {"sst": 0.0, "t_equ": 0.0, "salinity": 0.0}
    assert ph.fco2rec(**frozen, **x)[1] == 1
    value, number = ph.fco2rec(**GIVEN, fco2_sst_wet=0.0)
    assert number == 0
    assert math.isnan(value)


def expected(inputs):
    """The table of docs/socat-rules.md#the-14-algorithms again, without compiling."""

    def vapour(t, s):
        k = (t + 273.15) / 100
        return 1013.25 * math.exp(
            24.4543 - 67.4509 / k - 4.8489 * math.log(k) - 0.000544 * s
        )

    def factor(p, t, x):
        k = t + 273.15
        b = -1636.75 + 12.0408 * k - 0.0327957 * k**2 + 0.0000316528 * k**3
        other = 2 * (1 - x / 1e6) ** 2 * (57.7 - 0.118 * k)
        return math.exp(p / 1013.25 * (b + other) / (82.057 * k))

    sst, te, s, woa, pe, pa, ncep, *co2 = (inputs[name] for name in ARGUMENTS)
    xe, xs, qe, qs, fe, fs = co2
    p = pe if abs(pe) > 0 else pa + 3
    n = ncep + 3

    def warm(t):
        return math.exp(0.0423 * (sst - t))

    def dry(x, t, salinity, p):
        return x * (p - vapour(t, salinity)) / 1013.25 * factor(p, t, x) * warm(t)

    def wet(x, t, p):
        return x * factor(p, t, x) * warm(t)

    results = [
        dry(xe, te, s, p),
        dry(xs, sst, s, p),
        wet(qe, te, p),
        wet(qs, sst, p),
        fe * warm(te),
        fs,
        wet(qe, te, n),
        wet(qs, sst, n),
        dry(xe, te, woa, p),
        dry(xs, sst, woa, p),
        dry(xe, te, s, n),
        dry(xs, sst, s, n),
        dry(xe, te, woa, n),
        dry(xs, sst, woa, n),
    ]
    there = [(v, i) for i, v in enumerate(results, 1) if abs(v) > 0]
    return there[0] if there else (math.nan, 0)


RANGES = [(-2, 35)] * 2 + [(0, 40)] * 2 + [(900, 1100)] * 3 + [(50, 2000)] * 6
one_row = st.tuples(
    *(st.one_of(st.floats(*r), st.sampled_from([math.nan, 0.0])) for r in RANGES)
)


@settings(deadline=None)
@given(st.lists(one_row, min_size=1, max_size=8))
def test_any_mixture_of_what_is_missing(rows):
    table = dict(zip(ARGUMENTS, np.array(rows).T, strict=True))
    value, number = ph.fco2rec(**table)
    for i, row in enumerate(rows):
        value_expected, which = expected(dict(zip(ARGUMENTS, row, strict=True)))
        assert number[i] == which
        np.testing.assert_allclose(value[i], value_expected, rtol=1e-12)


def test_the_kind_of_the_inputs_comes_back():
    import dask.array as da
    import pandas as pd
    import xarray as xr

    sst = np.array([18.0, np.nan, 18.0])
    rest = {**GIVEN, "xco2_equ_dry": 380.0}
    rest.pop("sst")
    value, number = ph.fco2rec(sst=sst, **rest)
    assert number.tolist() == [1, 0, 1]
    assert number.dtype == np.int8
    series = ph.fco2rec(sst=pd.Series(sst, index=[5, 6, 7]), **rest)
    assert [s.name for s in series] == ["fCO2rec", "fCO2rec_src"]
    assert series[1].index.tolist() == [5, 6, 7]
    assert series[1].dtype == np.int8
    lazy = ph.fco2rec(sst=xr.DataArray(sst, dims="t").chunk(t=2), **rest)
    assert lazy[0].chunks
    assert lazy[0].attrs["units"] == "uatm"
    assert len(lazy[1].attrs["flag_meanings"].split()) == len(ALGORITHMS)
    blocks = ph.fco2rec(sst=da.from_array(sst, chunks=1), **rest)
    for found in (series, lazy, blocks):
        np.testing.assert_array_equal(np.asarray(found[0]), value)
        np.testing.assert_array_equal(np.asarray(found[1]), number)
    assert ph.fco2rec(sst=np.empty(0), **rest)[0].size == 0
