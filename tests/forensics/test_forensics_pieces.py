"""Choices of a diagnosis, each by itself: sources, swaps, the standard recipe."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from oceanco2 import forensics
from oceanco2.errors import ReadError
from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Recipe
from oceanco2.forensics.report import Finding, Result, RowLabels
from oceanco2.forensics.scoring import Fit
from oceanco2.forensics.search import standard_recipe
from tests.forensics.test_forensics import (
    DECIMALS,
    SOURCE,
    TARGET,
    USUAL,
    cruise,
    exact,
    printed,
)

AIR_SOURCE, AIR_TARGET = "xCO2_atm_dry_actual", "fCO2_atm_wet_actual"
LABELS = RowLabels(np.zeros(3, "M8[s]"), np.arange(3), "rows")
INPUTS = ("T_equ", "SST", "salinity", "P_equ", "P_atm", "xH2O_water", "xH2O_atm")


def columns(*names, without=()):
    names = [n for n in (*INPUTS, *names) if n not in without]
    values = {n: np.full(3, float(i)) for i, n in enumerate(names)}
    return Columns(values, {}, dict.fromkeys(names, 0.1))


PARTIAL, FUGACITY = "pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet"
WET, AT_SST = "xCO2_water_Tequ_wet", "xCO2_water_SST_dry"
#: Target, source, columns that are missing, changes of the usual recipe.
STANDARD = [
    (TARGET, SOURCE, (), {}),
    (TARGET, SOURCE, ("salinity",), {"salinity": 35.0}),
    (TARGET, SOURCE, ("P_equ",), {"pressure": "P_atm"}),
    (TARGET, SOURCE, ("P_equ", "P_atm"), {"pressure": "standard_atmosphere"}),
    (
        *(TARGET, SOURCE, ("T_equ",)),
        {
            "vapour_temperature": "SST",
            "fugacity_temperature": "SST",
            "temperature_correction": "none",
        },
    ),
    (TARGET, SOURCE, ("SST",), {"temperature_correction": "none"}),
    (FUGACITY, SOURCE, (), {"temperature_correction": "none"}),
    (
        *("pCO2_water_SST_wet", SOURCE, ()),
        {"fugacity": "none", "fugacity_temperature": ""},
    ),
    (TARGET, WET, (), {"source": WET, "dried": True}),
    (TARGET, WET, ("xH2O_water",), {"source": WET}),
    (
        *(TARGET, AT_SST, ()),
        {
            "source": AT_SST,
            "vapour_temperature": "SST",
            "fugacity_temperature": "SST",
            "temperature_correction": "none",
        },
    ),
    (
        *(AIR_TARGET, AIR_SOURCE, ()),
        {
            "source": AIR_SOURCE,
            "pressure": "P_atm",
            "vapour_temperature": "SST",
            "fugacity_temperature": "SST",
            "temperature_correction": "none",
        },
    ),
]


@pytest.mark.parametrize(("target", "source", "without", "changes"), STANDARD)
def test_the_standard_recipe(target, source, without, changes):
    found = standard_recipe(columns(without=without), target, source)
    assert found == replace(USUAL, **changes)


def test_the_standard_recipe_of_other_results():
    every = columns()
    assert standard_recipe(every, TARGET, PARTIAL) == Recipe(
        PARTIAL,
        pressure="P_equ",
        fugacity="pco2",
        fugacity_temperature="T_equ",
        temperature_correction="takahashi_1993",
    )
    corrected = Recipe(
        FUGACITY, pressure="P_equ", temperature_correction="takahashi_1993"
    )
    assert standard_recipe(every, TARGET, FUGACITY) == corrected
    cold = columns(without=("SST", "T_equ"))
    assert standard_recipe(cold, TARGET, SOURCE) == Recipe(SOURCE, pressure="P_equ")
    wet = "xCO2_atm_wet"
    for without, dried in (((), True), (("xH2O_water",), True), (("xH2O_atm",), False)):
        found = standard_recipe(columns(without=without), AIR_TARGET, wet)
        assert found.dried is dried


def test_labels_of_rows():
    times = np.array(["2024-01-01", "2024-01-02"], "datetime64[ns]")
    ds = xr.Dataset(coords={"time": times})
    labels = forensics._row_labels(ds)
    assert (labels.numbers.tolist(), labels.unit) == ([1, 2], "rows")
    assert np.array_equal(labels.times, times)
    ds["source_row"] = "time", [7, 9]
    labels = forensics._row_labels(ds)
    assert (labels.numbers.tolist(), labels.unit) == ([7, 9], "lines")
    assert np.array_equal(labels.times, times)
    for other in (
        xr.Dataset({"x": ("time", [1.0, 2.0])}),
        ds.assign_coords(time=[0, 1]),
    ):
        labels = forensics._row_labels(other)
        assert labels.times.shape == (2,)
        assert np.isnat(labels.times).all()
        assert labels.times.dtype == "datetime64[s]"


def result(target=TARGET, *kinds, **changes):
    findings = [Finding(kind, kind, target) for kind in kinds]
    return Result(target, replace(USUAL, **changes), findings=findings)


def test_what_a_mislabelled_source_explains():
    missing = "missing_temperature_correction"
    from_other = result(TARGET, missing, "units", source=FUGACITY)
    of_its_own = result(TARGET, missing, "units")
    bare = Result("pCO2_water_SST_wet", findings=[Finding(missing, "x")])
    wrong = result(FUGACITY, "mislabelled")
    found = forensics._drop_explained([from_other, of_its_own, bare, wrong])
    assert [[f.kind for f in r.findings] for r in found] == [
        *(["units"], [missing, "units"], [missing], ["mislabelled"]),
    ]
    assert [r.target for r in found] == [TARGET, TARGET, "pCO2_water_SST_wet", FUGACITY]
    right = result(FUGACITY, "units")
    found = forensics._drop_explained([from_other, right])
    assert [f.kind for f in found[0].findings] == [missing, "units"]


def test_swapped_pressures():
    water = result(pressure="P_atm")
    air = result(AIR_TARGET, source=AIR_SOURCE, pressure="P_equ")
    (found,) = forensics._swapped_pressures([water, air])
    assert found == Finding("swapped_columns", "P_equ and P_atm are swapped")
    others = [Result(TARGET), result(source=PARTIAL, pressure="P_equ")]
    assert forensics._swapped_pressures([*others, water, air]) == [found]
    for results in (
        [water],
        [air],
        [],
        [result(), replace(air, recipe=replace(air.recipe, pressure="P_atm"))],
        [water, air, result()],
    ):
        assert forensics._swapped_pressures(results) == []


def fitted(share, *, exact=False, source=SOURCE, reached=1.0):
    fit = Fit(100, 0.0, 0.1, 0.2, share, 0.1)
    recipe = replace(USUAL, source=source)
    return Result(TARGET, recipe, fit, exact=exact, reached=reached)


def choose(monkeypatch, table, plain, swapped=None, target=TARGET):
    """Results that are chosen, with the results of the sources given."""
    calls = []

    def found(given, wanted, source, labels):
        assert wanted == target
        assert labels is LABELS
        swap = ""
        for pair in (("T_equ", "SST"), ("SST", "salinity")):
            if given.values.get(pair[0]) is table.values.get(pair[1], 0):
                swap = pair[0]
        calls.append((source, swap))
        if not swap:
            return plain.get(source)
        return (swapped or {}).get((source, swap))

    monkeypatch.setattr(forensics, "_result_from", found)
    return forensics._results_of(table, target, LABELS), calls


def test_the_first_of_equal_sources(monkeypatch):
    table = columns(SOURCE, AT_SST)
    first, second = fitted(0.6, exact=True), fitted(0.65, source=AT_SST)
    results, calls = choose(monkeypatch, table, {SOURCE: first, AT_SST: second})
    assert results == [first]
    assert calls[:2] == [(SOURCE, ""), (AT_SST, "")]
    better = fitted(0.66, source=AT_SST)
    results, _ = choose(monkeypatch, table, {SOURCE: first, AT_SST: better})
    assert results == [better]


def test_nothing_is_swapped_if_a_recipe_is_exact(monkeypatch):
    table = columns(SOURCE)
    results, calls = choose(monkeypatch, table, {SOURCE: fitted(0.9, exact=True)})
    assert calls == [(SOURCE, "")]
    assert results[0].share == 0.9
    for plain in (fitted(0.9), fitted(0.89, exact=True)):
        _, calls = choose(monkeypatch, table, {SOURCE: plain})
        assert calls == [(SOURCE, ""), (SOURCE, "T_equ"), (SOURCE, "SST")]
    no_salt = columns(SOURCE, without=("salinity",))
    _, calls = choose(monkeypatch, no_salt, {SOURCE: fitted(0.5)})
    assert calls == [(SOURCE, ""), (SOURCE, "T_equ")]
    no_equilibrator = columns(SOURCE, without=("T_equ",))
    _, calls = choose(monkeypatch, no_equilibrator, {SOURCE: fitted(0.5)})
    assert calls == [(SOURCE, ""), (SOURCE, "SST")]


@pytest.mark.parametrize(
    ("plain", "other", "is_swapped"),
    [
        (fitted(0.5), fitted(0.81, reached=0.49), True),
        (fitted(0.5), fitted(0.8, reached=0.49), False),
        (fitted(0.9), fitted(0.5, exact=True, reached=0.49), True),
        (fitted(0.5, exact=True), fitted(0.5, exact=True, reached=0.49), False),
        # Coarse digits explain more rows without the values coming much nearer.
        (fitted(0.5), fitted(0.81, reached=0.5), False),
        (fitted(0.9), fitted(0.5, exact=True, reached=0.5), False),
    ],
)
def test_inputs_are_swapped_if_that_explains_much_more(
    monkeypatch, plain, other, is_swapped
):
    for pair in (("T_equ", "SST"), ("SST", "salinity")):
        swapped = {(SOURCE, pair[0]): other}
        (found,), _ = choose(monkeypatch, columns(SOURCE), {SOURCE: plain}, swapped)
        assert found.swapped == (pair if is_swapped else ())
        if is_swapped:
            assert found.findings[0] == Finding(
                *("swapped_columns", f"{TARGET}: {pair[0]} and {pair[1]} are swapped"),
                TARGET,
            )
            assert found.share == other.share
        else:
            assert found is plain


def odd(share, reached=1.0, **changes):
    """A result of an unusual recipe."""
    found = fitted(share, reached=reached)
    return replace(found, recipe=replace(found.recipe, **changes))


OFFSET = {"pressure_offset": -8.6}  # costs 2.92, a swap 2.0


@pytest.mark.parametrize(
    ("plain", "other", "is_swapped"),
    [
        (odd(0.95, **OFFSET), fitted(0.9), True),
        (odd(0.95, **OFFSET), fitted(0.89), False),
        (odd(0.95, **OFFSET), fitted(0.9, reached=1.5), True),
        (odd(0.95, **OFFSET), fitted(0.9, reached=1.51), False),
        # 0.92 for another law and 2.0 for the swap cost as much as the offset
        (odd(0.95, **OFFSET), odd(0.95, temperature_correction="weiss_1982"), False),
        (odd(0.95, **OFFSET), odd(0.95, vapour="dickson_2007"), True),
        (odd(0.95, **OFFSET), odd(0.95, temperature_correction="none"), False),
        (odd(0.95, vapour_temperature="SST"), fitted(0.95), False),
        (replace(odd(0.95, **OFFSET), exact=True), fitted(0.95), True),
    ],
)
def test_a_swap_is_simpler_than_a_recipe_of_many_deviations(
    monkeypatch, plain, other, is_swapped
):
    swapped = {(SOURCE, "T_equ"): other}
    (found,), _ = choose(monkeypatch, columns(SOURCE), {SOURCE: plain}, swapped)
    assert bool(found.swapped) is is_swapped


def test_constant_columns_are_not_swapped(monkeypatch):
    table = columns(SOURCE)
    for name in table.values:
        table.values[name] = np.arange(12.0)
    for name, tried in (("salinity", "T_equ"), ("T_equ", "SST")):
        constant = replace(table, values=table.values | {name: np.full(12, 35.0)})
        _, calls = choose(monkeypatch, constant, {SOURCE: fitted(0.5)})
        assert calls == [(SOURCE, ""), (SOURCE, tried)]


def test_water_and_air_are_swapped(monkeypatch):
    """Each mole fraction of water with each of air that the table has."""
    seen = []

    def swapped(self, *pair):
        seen.append(pair)
        return self

    monkeypatch.setattr(forensics, "_result_from", lambda *_: fitted(0.5))
    monkeypatch.setattr(Columns, "swapped", swapped)
    airs = ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp")
    table = columns(SOURCE, AT_SST, WET, *airs, without=("T_equ", "salinity"))
    forensics._results_of(table, TARGET, LABELS)
    water = (SOURCE, AT_SST, WET)
    assert seen == [(name, air) for name in water for air in airs]


def test_findings_of_a_swapped_result_stay():
    found = forensics._mark_swapped(result(TARGET, "units"), ("T_equ", "SST"))
    assert [f.kind for f in found.findings] == ["swapped_columns", "units"]


def test_other_results_as_sources(monkeypatch):
    """They count if they are better, or the same quantity before its correction."""
    table = columns(SOURCE, PARTIAL, FUGACITY)
    plain = {SOURCE: fitted(0.9, exact=True)}
    same, other = fitted(0.9, source=FUGACITY), fitted(0.9, source=PARTIAL)
    results, calls = choose(
        monkeypatch, table, plain | {FUGACITY: same, PARTIAL: other}
    )
    assert results == [plain[SOURCE], same]
    assert calls == [(SOURCE, ""), (PARTIAL, ""), (FUGACITY, "")]
    partly = fitted(0.89, source=FUGACITY)
    results, _ = choose(monkeypatch, table, plain | {FUGACITY: partly})
    assert results == [plain[SOURCE]]
    results, _ = choose(
        monkeypatch, table, plain | {PARTIAL: fitted(0.951, source=PARTIAL)}
    )
    assert [r.recipe.source for r in results] == [SOURCE, PARTIAL]
    results, _ = choose(
        monkeypatch, table, plain | {PARTIAL: fitted(0.95, source=PARTIAL)}
    )
    assert [r.recipe.source for r in results] == [SOURCE]
    results, _ = choose(monkeypatch, table, {PARTIAL: fitted(0.1, source=PARTIAL)})
    assert [r.recipe.source for r in results] == [PARTIAL]
    results, _ = choose(monkeypatch, table, {})
    assert results == [Result(TARGET)]
    # A result at the equilibrator is no correction of another one there.
    at_sst = columns(SOURCE, "pCO2_water_Tequ_wet")
    found = replace(fitted(0.9), target=FUGACITY)
    results, _ = choose(
        *(monkeypatch, at_sst, {SOURCE: found, PARTIAL: found}), target=FUGACITY
    )
    assert results == [found]


def unmeasured(warming, recipe=USUAL, fit=(0.0, 1.0), target=TARGET, rows=20):
    """A table with T_equ as SST, and a result with its true warming."""
    table = columns(SOURCE, PARTIAL)
    n = np.arange(float(rows))
    table.values |= {name: n for name in table.values}
    table.values |= {SOURCE: 380 + n, "SST": 15 + n / 9, "salinity": 35 + n / 50}
    table.values["P_equ"] = 1010 + n / 10
    computed = exact(table.values | {"T_equ": table.values["SST"]}, USUAL)
    table.values["T_equ"] = table.values["SST"].copy()
    table.published[target] = computed * np.exp(-0.0423 * np.asarray(warming))
    usual = Fit(rows, 6.0, 9.0, 9.5, 0.0, 0.1)
    found = Fit(rows, 0.0, 0.1, 0.2, fit[0], 0.1)
    return Result(target, recipe, found, usual, reached=fit[1]), table


def test_a_warming_that_the_table_lacks():
    result_, table = unmeasured(0.4)
    found = forensics._missing_warming(result_, table)
    assert found.recipe == USUAL
    assert found.fit == found.usual == result_.usual
    text = (
        f"{TARGET}: T_equ is SST; a warming of +0.40 K that the table lacks would"
        " explain it"
    )
    (finding,) = found.findings
    assert finding == Finding("missing_warming", text, TARGET, finding.value, "K")
    assert finding.value == pytest.approx(0.4, abs=1e-9)
    middle = np.median(table.published[TARGET])
    assert found.reached == pytest.approx(9.0 / middle)
    kept = forensics._what_holds(replace(found, reached=1.0))
    assert kept.findings == found.findings


@pytest.mark.parametrize(
    ("offset", "share", "kept"),
    [
        (3.01, 0.9, False),
        (3.0, 0.9, True),
        (-3.01, 0.9, False),
        (0.0, 0.9, True),
        (0.0, 0.89, False),
        (3.0, 0.89, False),
    ],
)
def test_when_a_warming_is_the_smaller_explanation(offset, share, kept):
    recipe = replace(USUAL, pressure_offset=offset)
    result_, table = unmeasured(0.4, recipe, (share, 1.0))
    found = forensics._missing_warming(result_, table)
    assert (found is result_) is kept


def test_where_no_warming_is_missing():
    """Another temperature, target or source; a difference that is no warming."""
    result_, table = unmeasured(0.4)
    assert (
        forensics._missing_warming(replace(result_, recipe=None), table).recipe is None
    )
    for change in (
        {"target": FUGACITY},
        {"recipe": replace(USUAL, source=AT_SST)},
        {"usual": None},
    ):
        other = replace(result_, **change)
        assert forensics._missing_warming(other, table) is other
    warm = replace(table, values=table.values | {"T_equ": table.values["SST"] + 1e-3})
    assert forensics._missing_warming(result_, warm) is result_
    for name in ("T_equ", "SST"):
        values = {k: v for k, v in table.values.items() if k != name}
        assert (
            forensics._missing_warming(result_, replace(table, values=values))
            is result_
        )
    for warming in (5.1, np.resize([0.4, -0.4], 20)):
        result_, table = unmeasured(warming)
        assert forensics._missing_warming(result_, table) is result_


def test_findings_of_a_recipe_that_explains_nothing_are_dropped():
    finding = Finding("pressure_offset", "x", TARGET)
    wrong = replace(fitted(0.1), findings=[finding])
    wrong = replace(wrong, fit=replace(wrong.fit, median=168.214))
    (found,) = forensics._what_holds(wrong).findings
    text = (
        f"{TARGET}: no recipe explains it; computed minus published is +168.21 uatm in"
        " the median by the standard one"
    )
    assert found == Finding("not_reproduced", text, TARGET, 168.214, "uatm")
    for kept in (
        replace(wrong, reached=0.01),
        replace(wrong, fit=replace(wrong.fit, share=0.4)),
        replace(wrong, fit=replace(wrong.fit, rows=0)),
        replace(wrong, fit=None),
    ):
        assert forensics._what_holds(kept) is kept


def test_a_mole_fraction_of_either_temperature():
    table = columns(AT_SST)
    found = forensics._with_equilibrator(table)
    assert found.values[SOURCE] is table.values[AT_SST]
    assert found.steps[SOURCE] == table.steps[AT_SST]
    assert found.values.keys() - table.values.keys() == {SOURCE}
    both = columns(AT_SST, SOURCE)
    assert forensics._with_equilibrator(both) is both
    for missing in (AT_SST, "T_equ", "SST"):
        one = columns(AT_SST, without=(missing,))
        assert forensics._with_equilibrator(one) is one


def made(seed=1, decimals=3, rows=400):
    values = printed(cruise(seed, rows), DECIMALS)
    published = np.round(exact(values, USUAL), decimals)
    steps = {name: 10.0 ** -DECIMALS[name] for name in values}
    steps[TARGET] = 10.0**-decimals
    return Columns(values, {TARGET: published}, steps)


def test_a_result_from_one_source():
    table = made()
    labels = RowLabels(np.full(400, np.datetime64("NaT", "s")), np.arange(400), "rows")
    found = forensics._result_from(table, TARGET, SOURCE, labels)
    assert (found.target, found.recipe, found.findings) == (TARGET, USUAL, [])
    assert found.exact
    assert found.fit == found.usual
    assert found.fit.rows == 400
    assert found.fit.share == 1.0
    error = np.abs(exact(table.values, USUAL) - table.published[TARGET])
    assert found.fit.percentile_95 == pytest.approx(np.percentile(error, 95))
    middle = np.median(table.published[TARGET])
    assert found.reached == pytest.approx(np.percentile(error, 95) / middle)
    assert "source" not in found.alike
    noisy = replace(table, published={TARGET: table.published[TARGET] + 0.0})
    random = np.random.default_rng(0)
    noisy.published[TARGET] += random.normal(0.0, 5.0, 400)
    found = forensics._result_from(noisy, TARGET, SOURCE, labels)
    assert not found.exact
    assert found.recipe == USUAL  # no recipe explains it: the standard one
    assert found.fit == found.usual
    error = np.abs(exact(table.values, USUAL) - noisy.published[TARGET])
    assert found.fit.percentile_95 == pytest.approx(np.percentile(error, 95))
    few = table.select(np.arange(4))
    assert forensics._result_from(few, TARGET, SOURCE, labels) is None


def test_a_whole_diagnosis():
    table = made()
    time = np.datetime64("2024-01-01", "ns") + np.arange(400) * np.timedelta64(60, "s")
    ds = xr.Dataset(coords={"time": time})
    for name, values in table.values.items():
        ds[name] = "time", values
    ds[f"{TARGET}_delivered"] = "time", table.published[TARGET]
    found = forensics.diagnose_table(ds)
    assert found.rows == 400
    assert [r.target for r in found.results] == [TARGET]
    assert found.findings == []
    steps = {name: pytest.approx(10.0 ** -DECIMALS[name]) for name in table.values}
    assert found.steps == steps | {TARGET: pytest.approx(1e-3)}


class Calls(list):
    """Functions that note their arguments and return their own name."""

    def function(self, name):
        def call(*arguments):
            self.append((name, *arguments))
            return name

        return call


@pytest.mark.parametrize(
    ("path", "platform", "expected"),
    [
        ("a.nc", None, "open_dataset"),
        ("a.NC4", None, "open_dataset"),
        ("a.csv", None, "_guessed_table"),
        ("a.nc", "ship", ""),
    ],
)
def test_how_a_file_is_read(monkeypatch, path, platform, expected):
    calls = Calls()
    names = (
        "open_dataset",
        "diagnose_table",
        "_guessed_table",
        "load",
        "align",
        "read",
    )
    for name in names:
        monkeypatch.setattr(forensics, name, calls.function(name))
    assert forensics.diagnose(path, platform) == "diagnose_table"
    if expected:
        assert calls == [(expected, path), ("diagnose_table", expected)]
        return
    assert calls == [
        ("load", platform),
        ("read", "load", [path]),
        ("align", "read", "load"),
        ("diagnose_table", "align"),
    ]


HEAD = "Date,Time,Latitude,Longitude,SST,xCO2_air,P_atm"
ROW = (
    "{date},12:{minute:02d}:00,54.0,10.0,15.{minute:02d},390.{minute:02d},1010.{minute}"
)


def text_table(folder, dates):
    path = folder / "table.csv"
    rows = [ROW.format(date=date, minute=10 + i) for i, date in enumerate(dates)]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_are_in_order_of_readable_times(tmp_path):
    path = text_table(tmp_path, [f"2010-05-{20 - i}" for i in range(10)])
    ds = forensics._guessed_table(path)
    assert str(ds["time"].to_numpy()[0])[:16] == "2010-05-11T12:19"
    assert ds["SST"].to_numpy()[0] == 15.19


@pytest.mark.parametrize(
    "dates",
    [
        ["2010-05-01"] * 6 + [""] * 4,
        ["the first day"] * 10,
        [""] * 10,
    ],
)
def test_rows_are_kept_in_order_without_readable_times(tmp_path, dates):
    """No warning says that rows are not used: all are."""
    ds = forensics._guessed_table(text_table(tmp_path, dates))
    assert "time" not in ds.coords
    assert ds["SST"].to_numpy() == pytest.approx(15.1 + np.arange(10) / 100)
    assert ds["source_row"].to_numpy().tolist() == list(range(2, 12))


def test_warnings_of_a_table_that_is_read_are_given(tmp_path, monkeypatch):
    path = text_table(tmp_path, [f"2010-05-{11 + i}" for i in range(10)])
    found = forensics.read

    def read(*arguments, **options):
        warnings.warn("a doubt", UserWarning, stacklevel=1)
        return found(*arguments, **options)

    monkeypatch.setattr(forensics, "read", read)
    with pytest.warns(UserWarning, match="a doubt") as caught:
        forensics._guessed_table(path)
    assert len(caught) == 1


def test_a_file_that_cannot_be_read_at_all(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"a\.csv"):
        forensics._guessed_table(path)


@pytest.mark.parametrize(
    ("share", "standard_share", "is_standard"),
    [
        (0.9, 0.9, False),
        (0.875, 0.875, True),
        (0.875, 0.78125, True),
        (0.875, 0.75, False),
        (0.5, 0.375, False),
        (0.5, 0.4375, True),
    ],
)
def test_when_the_standard_recipe_is_reported(
    monkeypatch, share, standard_share, is_standard
):
    """If no recipe explains nine rows of ten, and it explains nearly as many."""
    table = made()
    odd = replace(USUAL, salinity=35.0)
    table.published[TARGET][:] = np.round(exact(table.values, odd), 3)
    shares = iter([share, standard_share])
    monkeypatch.setattr(
        forensics, "fit_of", lambda *_: Fit(400, 0.0, 2.0, 0.2, next(shares), 0.1)
    )
    labels = RowLabels(np.full(400, np.datetime64("NaT", "s")), np.arange(400), "rows")
    found = forensics._result_from(table, TARGET, SOURCE, labels)
    assert found.recipe == (USUAL if is_standard else odd)
    assert found.share == (standard_share if is_standard else share)
    assert found.usual.share == standard_share
    kinds = [f.kind for f in found.findings]
    assert ("assumed_salinity" in kinds) is not is_standard
    assert found.exact is not is_standard
