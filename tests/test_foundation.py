"""Units, provenance, registry, errors and the lazy top level."""

import inspect
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oceanco2
from oceanco2 import provenance
from oceanco2.bits import TEST_BITS, TESTS, named_tests
from oceanco2.errors import (
    OceanCO2Error,
    OptionError,
    OutputError,
    UnitsError,
    UnknownNameError,
    did_you_mean,
)
from oceanco2.registry import Registry
from oceanco2.units import KNOWN_UNITS, conversion, to_canonical
from oceanco2.vocabulary import VARIABLES, attrs_of, flag_attrs


@pytest.mark.parametrize(
    ("value", "units", "canonical", "expected"),
    [
        (1.0, "atm", "hPa", 1013.25),
        (101.325, "kPa", "hPa", 1013.25),
        (760.0, "Torr", "hPa", 1013.2502),
        (293.15, "K", "degree_Celsius", 20.0),
        (50.0, "degF", "degree_Celsius", 10.0),
        (1.0, "knot", "m s-1", 0.514444),
        (20000.0, "ppm", "mmol mol-1", 20.0),
        (38.5, "Pa", "uatm", 379.966),
        (400.0, "µmol/mol", "umol mol-1", 400.0),
    ],
)
def test_units(value, units, canonical, expected):
    got = float(to_canonical(value, units, canonical))
    assert got == pytest.approx(expected, rel=1e-5)


def test_wrong_units_name_the_right_ones():
    with pytest.raises(UnitsError, match="'mbar'"):
        conversion("mbra", "hPa")
    with pytest.raises(UnitsError, match="Allowed"):
        conversion("degree_Celsius", "hPa")


@given(st.floats(-1e6, 1e6))
def test_conversion_is_linear_and_loses_nothing(value):
    for units, canonical in KNOWN_UNITS.items():
        scale, offset = conversion(units, canonical)
        there = float(to_canonical(value, units, canonical))
        assert (there - offset) / scale == pytest.approx(value, abs=1e-6)


def test_whole_file_or_none(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with provenance.whole_file(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    with provenance.whole_file(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError), provenance.whole_file(tmp_path / "no" / "x"):
        pass


def test_what_is_read_is_not_written_over(tmp_path):
    path, link = tmp_path / "x.txt", tmp_path / "y.txt"
    path.write_text("old")
    link.symlink_to(path)
    provenance.check_apart([path], tmp_path / "z.txt", None)
    for name in (path, link, tmp_path / "no" / ".." / "x.txt"):
        with pytest.raises(OutputError, match="choose another output file"):
            provenance.check_apart([path], name)
    provenance.check_once([path, tmp_path / "z.txt"])
    with pytest.raises(OptionError, match="is given more than once"):
        provenance.check_once([path, link])


def test_source_date_epoch(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.now() == "1970-01-01T00:00:00Z"
    assert provenance.add_history({}, "read")["history"].startswith("1970-01-01")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(OptionError, match="SOURCE_DATE_EPOCH"):
        provenance.now()
    assert json.dumps(provenance.versions())


def test_registry():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="already"):
        registry.add("one", 2)
    with pytest.raises(UnknownNameError, match="Did you mean 'one'"):
        registry["onne"]
    assert issubclass(UnknownNameError, OceanCO2Error)
    assert did_you_mean("xyz", ["abc"]) == ""


def test_vocabulary_attributes():
    for name, variable in VARIABLES.items():
        assert attrs_of(name)["units"] == variable.units
        assert "standard_name" not in attrs_of(f"{name}_delivered")
    standard_name = attrs_of("fCO2_water_SST_wet_uncertainty")["standard_name"]
    assert standard_name == "fugacity_of_carbon_dioxide_in_sea_water standard_error"
    assert flag_attrs("SST")["flag_values"].dtype == np.int8
    assert named_tests(sum(TEST_BITS.values())) == list(TESTS)


def test_every_verb_is_there():
    for name in oceanco2.__all__:
        thing = getattr(oceanco2, name)
        assert callable(thing) or inspect.ismodule(thing)
    assert set(oceanco2.__all__) <= set(dir(oceanco2))
    assert oceanco2.__version__
    with pytest.raises(AttributeError):
        oceanco2.nothing  # noqa: B018
