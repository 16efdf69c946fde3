"""Entries of formulas: ranges, names, and what a registry refuses."""

import numpy as np
import pytest

from oceanco2.errors import (
    OptionError,
    RegistrationError,
    UnknownNameError,
    UnverifiedError,
)
from oceanco2.physics import catalogue
from oceanco2.physics._constants import FLOORS
from oceanco2.physics._engine.program import Check
from oceanco2.physics._entries import Formula, FormulaRegistry


def entry(name="a", **about):
    options = {"long_name": "A", "expression": "x", "no_doi": "a test"}
    return Formula(name=name, formula=abs, **{**options, **about})


RANGED = {"valid": (("wind_speed", 0.0, 20.0), ("salinity", 5.0, 40.0))}


def test_defaults():
    got = entry()
    assert (got.doi, got.units, got.valid) == ("", "1", ())
    assert (got.status, got.note, got.relative_uncertainty) == ("required", "", None)
    assert got.valid_text == ""


def test_checks():
    checks = entry(**RANGED).checks(salinity=2, wind_speed=0)
    wind, salt = ("a", "wind_speed", 0.0, 20.0), ("a", "salinity", 5.0, 40.0)
    assert checks == (Check(*wind, "m s-1", 0), Check(*salt, "1", 2))
    assert [x.argument for x in entry(**RANGED).checks(salinity=1)] == ["salinity"]
    assert entry(**RANGED).checks() == ()


def test_text_of_ranges():
    assert entry(**RANGED).valid_text == "wind_speed 0..20 m s-1, salinity 5..40"
    units = {"temperature": "degree_Celsius", "height": "m"}
    units["friction_velocity"] = "m s-1"
    for name, unit in units.items():
        assert entry(valid=((name, 1.0, 2.5),)).valid_text == f"{name} 1..2.5 {unit}"


def test_outside():
    got = entry(**RANGED)
    wind = [-0.1, 0.0, 20.0, 20.1, np.nan]
    expected = [True, False, False, True, False]
    assert got.outside(wind_speed=wind).tolist() == expected
    both = got.outside(wind_speed=np.array([1.0, 30.0]), salinity=[4.0, 10.0])
    assert both.tolist() == [True, True]
    assert got.outside() is False
    with pytest.raises(OptionError, match="'a' has no range of 'height'"):
        got.outside(height=1.0)


def registry():
    return FormulaRegistry("test formula", {"old": "not verified"})


def test_names():
    formulas = registry()
    first, second = entry("first"), entry("second")
    formulas.add("first", first, "F", "one")
    formulas.add("second", second)
    assert formulas["F"] is formulas["one"] is formulas["first"] is first
    assert list(formulas) == ["first", "second"]
    assert "F" in formulas
    assert "second" in formulas
    assert "S" not in formulas
    with pytest.raises(UnknownNameError, match="test formula"):
        formulas["S"]
    with pytest.raises(UnverifiedError, match="'old' is not available: not verified"):
        formulas["old"]
    for name, *aliases in (("first",), ("F",), ("third", "F"), ("third", "second")):
        with pytest.raises(RegistrationError):
            formulas.add(name, entry(name), *aliases)
    for names in (("old",), ("third", "old")):
        with pytest.raises(RegistrationError, match="'old' is reserved: not verified"):
            formulas.add(names[0], entry(names[0]), *names[1:])
    assert list(formulas) == ["first", "second"]


@pytest.mark.parametrize(
    "doi",
    ["", "10.123/a", "10.1234567890/a", "10.1234/", "doi:10.1234/a", "10.1234/ a"],
)
def test_invalid_doi(doi):
    with pytest.raises(RegistrationError, match=r"needs doi='10\.1234"):
        registry().add("a", entry(doi=doi, no_doi=""))


@pytest.mark.parametrize("doi", ["10.1234/a", "10.123456789/a.b(c)"])
def test_valid_doi(doi):
    formulas = registry()
    formulas.add("a", entry(doi=doi, no_doi=""))
    assert formulas["a"].doi == doi


@pytest.mark.parametrize(
    ("share", "valid"),
    [(None, True), (0.0, True), (0.99, True), (1.0, False), (-0.01, False)],
)
def test_relative_uncertainty(share, valid):
    formulas = registry()
    if valid:
        formulas.add("a", entry(relative_uncertainty=share))
        assert "a" in formulas
    else:
        with pytest.raises(RegistrationError, match="must be between 0 and 1"):
            formulas.add("a", entry(relative_uncertainty=share))


def test_floors():
    assert FLOORS["temperature"] > -273.15
    assert FLOORS["temperature"] == pytest.approx(-273.15)
    for name in ("salinity", "fraction", "wind"):
        assert FLOORS[name] == 0.0
    for name in ("pressure", "height"):
        assert 0.0 < FLOORS[name] < 1e-300
    assert FLOORS["any"] == -np.inf


def test_table_of_transfer_velocities():
    rows = {row["name"]: row for row in catalogue.transfer_velocity_table()}
    assert rows["wanninkhof_2014"] == {
        "name": "wanninkhof_2014",
        "short name": "W14",
        "formula": "0.251 <U^2>",
        "wind moments": "<U^2>",
        "Schmidt reference": "660",
        "valid range": "wind_speed 3..15 m s-1",
        "relative uncertainty": "10 %",
        "DOI": "10.4319/lom.2014.12.351",
        "status": "required",
        "distribution": "",
    }
    assert rows["wanninkhof_1992"]["relative uncertainty"] == "12.5 %"
    assert rows["ho_2006"]["relative uncertainty"] == ""
    assert rows["ho_2006"]["Schmidt reference"] == "600"
    head, *lines = catalogue.describe_transfer_velocities()
    assert head == catalogue.COLUMNS == tuple(rows["ho_2006"])
    assert len(lines) == len(rows) == 19
    assert all("" not in line for line in lines)
    assert lines[0][-1] == "-"


def test_labels_are_spread():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    ax.set_ylim(0.0, 100.0)
    style = {"color": "C0"}
    catalogue._label(ax, {"b": (51.0, style), "a": (50.0, style), "c": (90.0, style)})
    texts = {t.get_text(): t.get_position() for t in ax.texts}
    assert texts["a"] == pytest.approx((21.0, 48.8))
    assert texts["b"] == pytest.approx((21.0, 52.2))
    assert texts["c"] == pytest.approx((21.0, 90.0))
    joints = [line.get_xydata().tolist() for line in ax.lines]
    assert np.array(joints[0]) == pytest.approx(np.array([[20, 50], [20.8, 48.8]]))
    assert len(joints) == 3


def test_plot():
    ax = catalogue.plot_transfer_velocities(temperature=10.0)
    assert "at 10 degrees" in ax.get_title()
    assert "20 degrees" in catalogue.plot_transfer_velocities().get_title()
    assert ax.get_xlim() == pytest.approx((0.0, 24.4))
    assert len(ax.texts) == 16
    thin, thick = ax.lines[0].get_ydata(), ax.lines[1].get_ydata()
    wind = ax.lines[1].get_xdata()
    assert np.isfinite(thin).all()
    inside = (wind >= 3.0) & (wind <= 15.0)
    np.testing.assert_array_equal(np.isfinite(thick), inside)
    highest = max(line.get_ydata()[-1] for line in ax.lines[:32:2])
    assert ax.get_ylim() == pytest.approx((0.0, 1.05 * highest))
    assert catalogue.plot_transfer_velocities(ax) is ax
