"""Types, units and missing values of columns that the user states."""

import pytest

from oceanco2.errors import OceanCO2Error, OptionError
from oceanco2.socat.checker import columns
from oceanco2.socat.checker.columns import CheckedColumn, CheckOptions, assign_columns
from oceanco2.socat.checker.header import Head

NAMES = ("date", "longitude [deg E]", "my column", "sal", "SST [degC]")


def head(*names):
    names = names or NAMES
    return Head("\t", {}, {}, names=names, header=names)


def test_defaults():
    made = CheckOptions()
    assert (made.separator, made.encoding, made.date_order) == (None, None, None)
    assert made.types == made.units == made.missing == {}
    assert made.rest_other is False
    assert made.now is None
    for order in columns.DATE_ORDERS:
        assert CheckOptions(date_order=order).date_order == order
    with pytest.raises(OceanCO2Error, match="date order"):
        CheckOptions(date_order="yy-mm-dd")
    column = CheckedColumn(1, "a", "sal")
    assert (column.unit, column.missing, column.mapped) == ("", None, False)


def test_found_types():
    made = assign_columns(head(), CheckOptions())
    assert [c.number for c in made] == [1, 2, 3, 4, 5]
    assert [c.name for c in made] == list(NAMES)
    assert [c.mapped for c in made] == [False] * 5
    assert [c.missing for c in made] == [None] * 5
    assert made[0].type == "date"
    assert made[1].type == "longitude"
    assert made[2].type == columns.UNKNOWN
    assert made[2].kind.name == columns.OTHER
    rest = assign_columns(head(), CheckOptions(rest_other=True))
    assert rest[2].type == columns.OTHER
    assert [c.type for c in rest[:2]] == ["date", "longitude"]


def test_stated_types():
    options = CheckOptions(
        types={"my column": "sal", "#1": "day_of_year"},
        missing={"sal": "-1", "#3": "-2"},
        date_order="dd-mm-yyyy",
    )
    made = assign_columns(head(), options)
    assert [(c.type, c.mapped) for c in made[:4]] == [
        ("day_of_year", True),
        ("longitude", False),
        ("sal", True),
        ("sal", False),
    ]
    assert [c.missing for c in made] == [None, None, "-2", "-1", None]
    (date,) = assign_columns(head("date"), CheckOptions(date_order="dd-mm-yy"))
    assert date.unit == "dd-mm-yy"


@pytest.mark.parametrize("name", ["#0", "#6", "nothing", "#x"])
def test_columns_that_do_not_exist(name):
    with pytest.raises(OptionError, match="--unit: "):
        assign_columns(head(), CheckOptions(units={name: "x"}))


def test_numbers_of_columns():
    assert columns._by_number(head(), {"#5": "a", "#1": "b"}, "o") == {5: "a", 1: "b"}
    twice = head("a", "b", "a")
    assert columns._by_number(twice, {"a": "x", "#3": "y"}, "o") == {1: "x", 3: "y"}


def test_units():
    kind = "Pressure_equi"
    assert columns._written_unit("P [kPa]", kind) == "kPa"
    assert columns._written_unit("P ( kPa ) ", kind) == "kPa"
    assert columns._written_unit("P [furlong]", kind) == "hPa"
    assert columns._written_unit("P", kind) == "hPa"
    assert columns._checked_unit("kPa", kind, "P") == "kPa"
    for unit, of in (("furlong", kind), ("kPa", columns.UNKNOWN)):
        with pytest.raises(OptionError):
            columns._checked_unit(unit, of, "P")


def messages(*kinds, metadata=()):
    made = [CheckedColumn(n, f"c{n}", k) for n, k in enumerate(kinds, 1)]
    found = columns.content_messages(made, dict.fromkeys(metadata, "x"), 7)
    return [(m.columns, m.severity, m.type, m.text, m.line) for m in found]


CO2 = "fCO2_water_sst_100humidity_uatm"
ITEMS = ("expocode", "platform_name", "investigators")


def test_required_content():
    good = ("longitude", "latitude", CO2)
    assert messages(*good, metadata=ITEMS) == []
    assert messages(*good, *ITEMS) == []
    assert messages(*good, "other", "other", metadata=ITEMS) == []
    assert [m[3] for m in messages(*good)] == [
        *("no expocode", "no platform name", "no investigators")
    ]
    assert {m[1:3] for m in messages(*good)} == {("CRITICAL", "metadata")}
    assert messages("latitude", CO2, metadata=ITEMS) == [
        ((), "CRITICAL", "column", "no column of type longitude", 0)
    ]
    assert messages("longitude", CO2, metadata=ITEMS)[0][3] == (
        "no column of type latitude"
    )
    assert messages("longitude", "latitude", metadata=ITEMS)[0][3] == (
        "no xCO2, pCO2 or fCO2 of sea water"
    )
    assert messages(*good, "sal", "sal", metadata=ITEMS) == [
        ((4, 5), "CRITICAL", "column", "type sal twice", 7)
    ]
    assert messages(*good, "sal", "sal", "sal", metadata=ITEMS)[0][3] == (
        "type sal 3 times"
    )
    unknown = messages(*good, columns.UNKNOWN, columns.UNKNOWN, metadata=ITEMS)
    assert [m[0] for m in unknown] == [(4,), (5,)]
    assert unknown[0][3] == "c4 is not recognised"
