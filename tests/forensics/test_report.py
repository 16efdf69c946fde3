"""Findings and texts of a diagnosis, each by itself."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Factors, Recipe
from oceanco2.forensics.report import (
    Cause,
    Diagnosis,
    Finding,
    Result,
    RowLabels,
    likely_cause,
    recipe_findings,
    row_findings,
    table_findings,
)
from oceanco2.forensics.scoring import Fit, Rounding
from oceanco2.forensics.search import (
    Candidate,
    indistinguishable,
    pressure_effect,
    sample_of,
    sources_of,
    standard_columns,
)
from tests.forensics.test_forensics import SOURCE, USUAL

TARGET, AIR = "fCO2_water_SST_wet", "fCO2_atm_wet_actual"


def columns(size=12, steps=None, published=(), notes=(), **values):
    arrays = {k: np.full(size, v) if np.ndim(v) == 0 else v for k, v in values.items()}
    arrays = {k: np.asarray(v, float) for k, v in arrays.items()}
    shown = {name: arrays[name] for name in published}
    return Columns(arrays, shown, steps or {}, list(notes))


def kinds(findings):
    return [(f.kind, f.target, f.value, f.units) for f in findings]


VARYING = np.arange(12.0)


def test_constant_columns():
    found = table_findings(columns(SST=VARYING, T_equ=15.0, P_atm=np.nan))
    assert [(f.kind, f.text, f.value) for f in found] == [
        ("constant", "T_equ is 15 in every row", 15.0)
    ]
    one = np.r_[np.full(10, 35.0), np.nan, np.nan]
    assert kinds(table_findings(columns(salinity=one))) == [("constant", "", 35.0, "")]
    one[0] = np.nan
    assert not table_findings(columns(salinity=one))  # nine rows are too few
    for name in ("SST", "T_equ", "salinity", "P_equ", "P_atm"):
        assert len(table_findings(columns(**{name: 7.0}))) == 1
    assert not table_findings(columns(T_atm=7.0))


def test_coarse_temperatures():
    """Half of a tenth, 4.23 % per kelvin: 0.21 %."""
    steps = {"SST": 0.1, "T_equ": 0.01, "salinity": 1.0}
    found = table_findings(columns(steps=steps, SST=VARYING))
    assert kinds(found) == [("rounding", "", 0.1, "")]
    assert found[0].text == (
        "SST is printed to 0.1 degree_Celsius: this rounding alone is up to 0.21 % of"
        " fCO2"
    )
    assert kinds(table_findings(columns(steps={"T_equ": 1.0}))) == [
        ("rounding", "", 1.0, "")
    ]


def test_notes_are_units():
    assert kinds(table_findings(columns(notes=["a note"]))) == [("units", "", None, "")]


def test_equal_columns():
    same = columns(T_equ=VARYING, SST=VARYING, P_equ=VARYING, P_atm=VARYING + 1)
    found = table_findings(same)
    assert [f.kind for f in found] == ["no_difference"]
    assert found[0].text.startswith(
        "T_equ equals SST in every row: there is no warming"
    )
    same.values["P_atm"] = VARYING
    assert len(table_findings(same)) == 2
    few = np.where(VARYING < 9, VARYING, np.nan)
    assert not table_findings(columns(T_equ=few, SST=VARYING))
    few = np.where(VARYING < 10, VARYING, np.nan)
    assert len(table_findings(columns(T_equ=few, SST=VARYING))) == 1
    results = ("pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet", TARGET)
    three = columns(published=results, **dict.fromkeys(results, VARYING))
    found = table_findings(three)
    assert [f.kind for f in found] == ["equal_columns"] * 3
    assert [f.text.split(" in ")[0] for f in found] == [
        "pCO2_water_Tequ_wet equals fCO2_water_Tequ_wet",
        f"pCO2_water_Tequ_wet equals {TARGET}",
        f"fCO2_water_Tequ_wet equals {TARGET}",
    ]


ALL = columns(T_equ=1.0, SST=1.0, P_equ=1.0, P_atm=1.0, salinity=1.0)
#: Recipe, target, and the kinds of findings with value and units.
FINDINGS = [
    ({}, TARGET, []),
    ({"temperature_correction": "none"}, TARGET, ["missing_temperature_correction"]),
    ({"temperature_correction": "none"}, "fCO2_water_Tequ_wet", []),
    ({}, "fCO2_water_Tequ_wet", ["mislabelled"]),
    ({"fugacity": "none"}, TARGET, ["mislabelled"]),
    ({"fugacity": "none"}, "pCO2_water_SST_wet", []),
    ({}, "pCO2_water_SST_wet", ["mislabelled"]),
    ({"source": "fCO2_water_Tequ_wet", "fugacity": "none"}, TARGET, []),
    (
        {"source": "xCO2_water_SST_dry", "temperature_correction": "none"},
        TARGET,
        [],
    ),
    ({"units": "Pa"}, TARGET, ["units"]),
    ({"vapour": "none", "salinity": 35.0}, TARGET, ["no_water_vapour"]),
    ({"pressure": "1013/P"}, TARGET, ["inverse_pressure"]),
    ({"pressure": "P_atm"}, TARGET, ["atmospheric_pressure"]),
    ({"pressure": "standard_atmosphere"}, TARGET, ["atmospheric_pressure"]),
    ({"source": "pCO2_water_Tequ_wet", "pressure": "P_atm"}, TARGET, []),
]


@pytest.mark.parametrize(("changes", "target", "found"), FINDINGS)
def test_findings_of_a_recipe(changes, target, found):
    findings = recipe_findings(replace(USUAL, **changes), target, ALL)
    assert kinds(findings) == [(kind, target, None, "") for kind in found]
    assert all(target in f.text for f in findings)


def test_findings_with_a_value():
    found = recipe_findings(replace(USUAL, pressure_offset=1.25), TARGET, ALL)
    assert kinds(found) == [("pressure_offset", TARGET, 1.25, "hPa")]
    assert (
        found[0].text == f"{TARGET} needs a pressure +1.250 hPa from the printed P_equ"
    )
    found = recipe_findings(replace(USUAL, salinity=35.0), TARGET, ALL)
    assert kinds(found) == [("assumed_salinity", TARGET, 35.0, "1")]
    text = f"{TARGET}: salinity 35 was assumed"
    assert found[0].text == f"{text} instead of the printed one"
    bare = columns(T_equ=1.0, P_equ=1.0)
    assert recipe_findings(replace(USUAL, salinity=35.0), TARGET, bare)[0].text == text


def test_pressure_of_the_air():
    recipe = replace(USUAL, source="xCO2_atm_dry_actual", temperature_correction="none")
    assert kinds(recipe_findings(recipe, AIR, ALL)) == [
        ("wrong_pressure", AIR, None, "")
    ]
    assert not recipe_findings(replace(recipe, pressure="P_atm"), AIR, ALL)
    assert not recipe_findings(recipe, AIR, columns(P_equ=1.0))
    # Without T_equ there is nothing to correct.
    none = replace(USUAL, temperature_correction="none")
    assert not recipe_findings(none, TARGET, columns(SST=1.0, P_equ=1.0))


# ---- rows ---------------------------------------------------------------------------


def rows_found(ratio, numbers=None, bound=1e-3, result=1e-5):
    size = ratio.size
    digits = Rounding(*(np.full(size, v) for v in (bound, bound / 2, result)), ())
    times = np.datetime64("2024-01-01T00:00:00") + np.arange(size) * np.timedelta64(
        1, "m"
    )
    numbers = np.arange(1, size + 1) if numbers is None else numbers
    return row_findings(ratio, digits, TARGET, RowLabels(times, numbers, "lines"))


def noisy(size):
    """Within 1e-5 on both sides."""
    return np.resize([1e-5, -1e-5, 0.0, 0.5e-5], size)


def test_a_period_that_does_not_follow():
    ratio = noisy(1000)
    ratio[300:400] += 0.0423 * 0.05
    (found,) = rows_found(ratio)
    assert (found.kind, found.rows, found.units) == ("inputs_not_used", (301, 400), "K")
    assert found.value == pytest.approx(0.05, abs=0.0005)
    assert found.text == (
        f"{TARGET}: lines 301 to 400 (2024-01-01T05:00:00 to 2024-01-01T06:39:00) do"
        " not follow from the printed inputs; an error of SST up to 0.050 K would"
        " explain it"
    )
    assert rows_found(ratio, np.arange(1000) + 11)[0].rows == (311, 410)
    gaps = np.insert(ratio, [300, 300], np.nan)
    assert rows_found(gaps)[0].rows == (303, 402)


def cause_of(largest, **changes):
    table = columns(**{SOURCE: 380.0, "P_equ": 1010.0, "pCO2_water_Tequ_wet": 370.0})
    return likely_cause(replace(USUAL, **changes), table, largest)


AT_T_EQU = {"temperature_correction": "none"}
GAS = Cause(SOURCE, "umol mol-1", 380.0)


@pytest.mark.parametrize(
    ("largest", "changes", "cause"),
    [
        (0.01, {}, Cause("SST", "K", 1 / 0.0423)),
        (0.2114, {}, Cause("SST", "K", 1 / 0.0423)),
        (0.2116, {}, GAS),  # 5 K, and then 30 hPa are too much
        (0.01, AT_T_EQU, Cause("P_equ", "hPa", 1010.0)),
        (0.0297, AT_T_EQU, Cause("P_equ", "hPa", 1010.0)),
        (0.0298, AT_T_EQU, GAS),
        (0.01, AT_T_EQU | {"pressure": "standard_atmosphere"}, GAS),
        (
            *(0.01, AT_T_EQU | {"source": "pCO2_water_Tequ_wet"}),
            Cause("pCO2_water_Tequ_wet", "uatm", 370.0),
        ),
    ],
)
def test_the_input_that_may_be_wrong(largest, changes, cause):
    """SST only where a temperature step uses it, and never by an impossible amount."""
    assert cause_of(largest, **changes) == cause


def test_a_period_of_a_wrong_pressure():
    ratio = noisy(1000)
    ratio[300:400] += 0.002
    digits = Rounding(*(np.full(1000, v) for v in (1e-3, 5e-4, 1e-5)), ())
    labels = RowLabels(
        np.full(1000, np.datetime64("NaT", "s")), np.arange(1000), "rows"
    )
    cause = Cause("P_equ", "hPa", 1000.0)
    (found,) = row_findings(ratio, digits, TARGET, labels, cause)
    assert found.units == "hPa"
    assert found.value == pytest.approx(2.0, abs=0.02)
    assert found.text == (
        f"{TARGET}: rows 300 to 399 do not follow from the printed inputs; an error of"
        " P_equ up to 2.005 hPa would explain it"
    )


def test_water_and_air_of_one_column():
    """Each pair of mole fractions with at least ten equal rows."""
    gas, air = "xCO2_water_SST_dry", "xCO2_atm_dry_actual"
    equal = table_findings(columns(**{gas: VARYING, air: VARYING}))
    text = f"{gas} equals {air} in every row: one of them is mislabelled"
    assert equal == [Finding("equal_columns", text)]
    some = VARYING.copy()
    some[:2] = np.nan
    assert table_findings(columns(**{gas: some, air: VARYING})) == equal
    assert table_findings(columns(**{gas: VARYING, air: some})) == equal
    some[2] = np.nan  # nine are too few
    assert table_findings(columns(**{gas: some, air: VARYING})) == []
    other = VARYING.copy()
    other[0] += 0.1
    assert table_findings(columns(**{gas: VARYING, air: other})) == []
    assert table_findings(columns(**{gas: VARYING})) == []


def test_two_periods_and_none():
    ratio = noisy(1000)
    ratio[100:160] -= 0.002
    ratio[700:800] += 0.002
    assert [f.rows for f in rows_found(ratio)] == [(101, 160), (701, 800)]
    assert rows_found(noisy(1000)) == []
    assert rows_found(ratio[:203]) == []  # fewer than four windows
    assert len(rows_found(ratio[:204])) == 1
    short = noisy(1000)
    short[500:520] += 0.002  # less than half a window
    assert rows_found(short) == []
    short[520:525] += 0.002
    assert [f.rows for f in rows_found(short)] == [(501, 525)]
    many = noisy(1000)
    many[:401] += 0.002
    assert len(rows_found(many)) == 1
    one = noisy(1000)
    one[500:502] += 0.002  # 0.2 % of the rows
    assert rows_found(one) == []


def test_a_difference_within_rounding_is_none():
    ratio = noisy(1000)
    ratio[300:400] += 2e-4
    # Six times the typical width is 4.4e-5, a quarter of the bound 2.5e-4.
    assert rows_found(ratio) == []
    assert len(rows_found(ratio, bound=7e-4)) == 1
    assert rows_found(ratio, bound=7e-4, result=6e-5) == []  # four times the result
    assert len(rows_found(ratio, bound=1.5e-4, result=6e-5)) == 1  # the bound is less


# ---- verdict and texts --------------------------------------------------------------

FIT = Fit(1234, 0.01, 0.5, 1.25, 0.95, 0.05)


@pytest.mark.parametrize(
    ("share", "reached", "rows", "verdict"),
    [
        (0.9, 9.0, 5, "reproduced"),
        (0.899, 9.0, 5, "partly reproduced"),
        (0.4, 9.0, 5, "partly reproduced"),
        (0.399, 0.01, 5, "nearly reproduced"),
        (0.399, 0.0101, 5, "not reproducible from these columns"),
        (1.0, 0.0, 0, "not reproducible from these columns"),
    ],
)
def test_verdicts(share, reached, rows, verdict):
    fit = replace(FIT, share=share, rows=rows)
    result = Result(TARGET, USUAL, fit, reached=reached)
    assert result.verdict == verdict
    assert result.share == share
    understood = not verdict.startswith("not")
    shown = result.to_dict()
    assert (shown["recipe"] is not None) == understood
    assert (shown["words"] != "") == understood
    assert shown["fit"] == asdict(fit)


def test_everything_of_a_result():
    assert Result(TARGET).verdict == "not reproducible from these columns"
    assert Result(TARGET).share == 0.0
    finding = Finding("units", "text", TARGET, 1.5, "K", (1, 2))
    alike = {"virial_pressure": ["standard_atmosphere", 5]}
    usual = replace(FIT, share=0.5)
    result = Result(
        *(TARGET, USUAL, FIT, usual, alike, ("T_equ", "SST"), True, 0.0, [finding])
    )
    assert result.to_dict() == {
        "target": TARGET,
        "verdict": "reproduced",
        "recipe": USUAL.to_dict(),
        "words": USUAL.words(),
        "fit": asdict(FIT),
        "usual_recipe_fit": asdict(usual),
        "cannot_be_told_apart": alike,
        "swapped": ["T_equ", "SST"],
        "findings": [
            {
                "kind": "units",
                "text": "text",
                "target": TARGET,
                "value": 1.5,
                "units": "K",
                "rows": (1, 2),
            }
        ],
    }
    whole = Finding("constant", "of the table")
    diagnosis = Diagnosis(12345, [result], [whole], {"SST": 0.1})
    assert diagnosis.to_dict() == {
        "rows": 12345,
        "results": [result.to_dict()],
        "findings": [{"kind": "constant", "text": "of the table"}, finding.to_dict()],
        "printed_steps": {"SST": 0.1},
    }
    assert diagnosis.text().splitlines() == [
        "12,345 rows",
        "",
        f"{TARGET}: reproduced",
        f"  {USUAL.words()}",
        "  with T_equ and SST swapped",
        "  computed minus published: median +0.0100, 95 % 0.5000, largest 1.2500;"
        " 95.0 % of 1,234 rows within rounding (0.0500)",
        "  the standard recipe: median +0.0100, 95 % 0.5000, largest 1.2500; 50.0 % of"
        " 1,234 rows within rounding (0.0500)",
        "  virial pressure cannot be distinguished from: standard_atmosphere, 5",
        "",
        "findings",
        "  of the table",
        "  text",
    ]
    same = replace(result, usual=FIT, swapped=(), alike={}, findings=[])
    assert Diagnosis(1, [same], [], {}).text().splitlines()[4:] == [
        *(Diagnosis(1, [result], [], {}).text().splitlines()[5:6]),
        "",
        "no findings",
    ]


def test_a_diagnosis_of_nothing():
    assert Diagnosis(3, [], [], {}).text().splitlines() == [
        "3 rows",
        "",
        "no published pCO2 or fCO2: not reproducible from these columns",
        "",
        "no findings",
    ]
    unknown = Result(TARGET, USUAL, replace(FIT, share=0.0))
    lines = Diagnosis(3, [unknown, Result(AIR)], [], {}).text().splitlines()
    assert lines[2] == f"{TARGET}: not reproducible from these columns"
    assert lines[3].startswith("  computed minus published: ")
    assert lines[5:] == [
        f"{AIR}: not reproducible from these columns",
        "",
        "no findings",
    ]


# ---- search -------------------------------------------------------------------------


def test_columns_of_the_standard_recipe():
    assert standard_columns(ALL, SOURCE) == {
        "pressure": "P_equ",
        "temperature": "T_equ",
        "salinity": "salinity",
    }
    air = standard_columns(ALL, "xCO2_atm_dry_actual")
    assert (air["pressure"], air["temperature"]) == ("P_atm", "SST")
    assert standard_columns(columns(P_atm=1.0), SOURCE) == {
        "pressure": "P_atm",
        "temperature": "SST",
        "salinity": 35.0,
    }
    assert standard_columns(columns(), SOURCE)["pressure"] == "standard_atmosphere"
    only = standard_columns(columns(P_equ=1.0), "xCO2_atm_dry_actual")
    assert only["pressure"] == "P_equ"


def test_sources_of_a_result():
    names = ("xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "pCO2_water_SST_wet", TARGET)
    names += ("fCO2_water_Tequ_wet", "xCO2_atm_dry_actual")
    table = columns(**dict.fromkeys(names, 1.0))
    assert sources_of(table, TARGET) == [
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "fCO2_water_Tequ_wet"),
        "pCO2_water_SST_wet",
    ]
    assert sources_of(table, "fCO2_water_Tequ_wet") == [
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry"),
    ]
    assert sources_of(table, AIR) == ["xCO2_atm_dry_actual"]
    assert sources_of(columns(), AIR) == []


def test_rows_of_the_sample():
    """Rows with source, result and the inputs that have any value there."""
    source = np.r_[np.nan, np.arange(1.0, 12.0)]
    result = np.r_[1.0, -5.0, 0.0, np.full(9, 7.0)]
    sst = np.r_[np.full(4, np.nan), np.ones(8)]
    table = columns(**{SOURCE: source, TARGET: result}, published=(TARGET,), SST=sst)
    taken = sample_of(table, TARGET, SOURCE)
    assert taken.values[SOURCE].tolist() == list(range(4, 12))
    table.values["SST"] = np.full(12, np.nan)  # a column without any value
    assert sample_of(table, TARGET, SOURCE).values[SOURCE].tolist() == list(
        range(3, 12)
    )
    table.values["T_equ"] = sst
    assert sample_of(table, TARGET, SOURCE).values[SOURCE].size == 8
    air = "xCO2_atm_dry_actual"
    table.values[air] = source
    assert sample_of(table, TARGET, air).values[SOURCE].size == 9
    table.values[SOURCE] = np.full(12, np.nan)
    assert sample_of(table, TARGET, SOURCE).values[SOURCE].size == 0
    long = columns(5000, published=(TARGET,), **{SOURCE: np.arange(5000), TARGET: 1.0})
    taken = sample_of(long, TARGET, SOURCE).values[SOURCE]
    assert (taken.size, taken[0], taken[-1]) == (900, 0, 4999)
    assert set(np.diff(taken)) == {5, 6}


def test_what_the_numbers_do_not_distinguish():
    def candidate(misfit, **changes):
        return Candidate(replace(USUAL, **changes), misfit, misfit)

    found = indistinguishable(
        [
            candidate(10.0),
            candidate(14.0, virial_pressure="standard_atmosphere"),
            candidate(13.0, fugacity="neglect"),
            candidate(12.0, fugacity="pco2"),
            candidate(14.01, units="Pa"),
            candidate(11.0, pressure_offset=0.1),
            candidate(11.0, fugacity="pco2", units="Pa"),
        ]
    )
    assert found == {
        "virial_pressure": ["standard_atmosphere"],
        "fugacity": ["neglect", "pco2"],
    }
    assert indistinguishable([candidate(1.0)]) == {}


def test_effect_of_a_hectopascal():
    factors = Factors(columns(P_equ=1010.0, T_equ=20.0, salinity=35.0))
    dry = Recipe(SOURCE, pressure="P_equ")
    np.testing.assert_allclose(pressure_effect(factors, dry), 1 / 1010.0)
