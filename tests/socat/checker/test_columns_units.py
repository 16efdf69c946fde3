"""Units of dates, and spellings that would be recognised."""

import pytest

from oceanco2.errors import OptionError
from oceanco2.socat.checker import columns
from oceanco2.socat.checker.columns import CheckOptions, assign_columns
from oceanco2.socat.checker.header import Head


def assigned(name, full=None, **options):
    head = Head("\t", {}, {}, names=(name,), header=(full or name,))
    (column,) = assign_columns(head, CheckOptions(**options))
    return column


def test_orders_of_dates():
    assert assigned("date").unit == "yyyy-mm-dd"
    assert assigned("date", date_order="dd-mm-yy").unit == "dd-mm-yy"
    own = assigned("x", types={"x": "date_time"})
    assert own.unit.startswith("yyyy-mm-dd ")
    found = assigned("x", types={"x": "date_time"}, date_order="dd-mm-yyyy")
    assert found.unit == "dd-mm-yyyy" + own.unit[10:]
    assert assigned("SST [deg C]", date_order="dd-mm-yy").unit == "deg C"


def test_stated_units_count_more():
    found = assigned("P", types={"P": "Pressure_equi"}, units={"P": "kPa"})
    assert (found.unit, found.type, found.mapped) == ("kPa", "Pressure_equi", True)
    with pytest.raises(OptionError, match="--unit: column 'SST' of type temp"):
        assigned("SST", units={"SST": "hPa"})


def test_names_without_and_with_units():
    for name in ("SST", "SST [deg C]"):
        found = assigned("SST", "SST [deg C]", missing={name: "-1"})
        assert found.missing == "-1"
    with pytest.raises(OptionError, match=r"--missing: no column named 'SSt'.*'SST'"):
        assigned("SST", "SST [deg C]", missing={"SSt": "-1"})


def test_types_by_the_name_that_is_shown():
    for name, kind in columns.data_types().items():
        if "user" in kind.roles:
            assert columns._checked_type(name) == name
    for kind in ("fCO2_water_sst_100humidity_uatm", "temp", "other"):
        shown = columns.data_types()[kind].display
        assert columns._checked_type(shown) == kind


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("xCO₂_water_Tequ_dry [umol/mol]", "xCO2_water_Tequ_dry [umol/mol]"),
        ("fCO2_water_SST_wet [µatm]", "fCO2_water_SST_wet [uatm]"),
        ("fCO2_water_SST_wet [μatm]", "fCO2_water_SST_wet [uatm]"),
        ("T_atm [deg C]", "T_atm"),
        ("T_atm (deg C)", "T_atm"),
        ("chlorophyll", None),
    ],
)
def test_spellings(name, hint):
    expected = f"; {hint!r} would be" if hint else ""
    assert columns._spelling_hint(name) == expected
