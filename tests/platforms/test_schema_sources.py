"""Streams of a platform file: defaults, valid and invalid combinations."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from oceanco2.platforms import schema

CLOCK = ["%H:%M:%S", "%H:%M"]


def test_defaults():
    assert schema.Alignment().model_dump() == {
        "main": None,
        "max_gap_seconds": 300.0,
        "interpolation": "linear",
        "mode": "continuous",
        "groups": [],
        "main_group": None,
        "lags": [],
    }
    time = schema.Time(seconds="s")
    assert time.time_format == CLOCK
    assert time.january_first == 1
    assert time.since == datetime(1970, 1, 1, tzinfo=UTC)
    assert time.offset_seconds == 0.0
    assert schema.Header().model_dump() == {
        "skip": 0,
        "until": None,
        "rows": 1,
        "units": 0,
    }
    content = schema.FileDefinition(reader="text").model_dump(exclude={"header"})
    assert content == {
        "reader": "text",
        "pattern": "*",
        "optional": False,
        "separator": None,
        "decimal": ".",
        "thousands": "",
        "encoding": "auto",
        "comment": None,
        "names": None,
        "missing": [],
        "rows_with": [],
        "time": None,
        "run_columns": None,
        "prefer": None,
        "options": {},
    }
    source = schema.VariableSource(column="a").model_dump(exclude_none=True)
    assert source == {
        "column": "a",
        "occurrence": 1,
        "units": "",
        "sensor": "",
        "format": "decimal",
        "missing": [],
        "smooth_seconds": 0.0,
        "lag_seconds": 0.0,
        "height": 0.0,
        "dry": True,
        "flag_map": {},
    }
    runs = schema.Runs.model_validate({"EQU": "water"})
    assert runs.model_dump() == {
        "labels": {"EQU": "water"},
        "flushing_seconds": {},
        "unknown": "error",
    }


def test_the_home_group():
    assert schema.Alignment().home == ""
    assert schema.Alignment(groups=["a", "b"]).home == "b"
    assert schema.Alignment(groups=["a", "b"], main_group="a").home == "a"


VALID_TIMES = [
    {"columns": ["d", "t"], "format": "%d/%m/%Y %H:%M"},
    {"date": "d", "date_format": "%d/%m/%y", "time": "t"},
    {"date": "d", "date_format": ["%d %b %Y", "%d %B %Y"], "day_fraction": "f"},
    {"date": "d", "date_format": "%Y %j", "hour": "h", "minute": "m", "second": "s"},
    {"date": "d", "date_format": "%Y%m%d", "time": "t", "time_format": "%I:%M %p"},
    {"year": 2024, "day_of_year": "doy"},
    {"year": "y", "month": "m", "day": "d", "hour": "h"},
    {"seconds": "s"},
]
INVALID_TIMES = [
    ({}, "it has none"),
    ({"seconds": "s", "day_of_year": "d"}, "it has day_of_year, seconds"),
    ({"columns": ["d"]}, "'columns' needs 'format'"),
    ({"date": "d", "time": "t"}, "'date' needs 'date_format'"),
    ({"date": "d", "date_format": "%Y%m%d"}, "'date' needs 'time', 'day_fraction'"),
    ({"day_of_year": "d"}, "needs 'year', a column or a number"),
    ({"month": "m", "day": "d"}, "needs 'year', a column or a number"),
    ({"year": "y", "month": "m"}, "'month' needs 'day'"),
    (
        {"date": "d", "date_format": "%Y%m%d", "time": "t", "hour": "h"},
        "must have only one of time, hour",
    ),
    (
        {"columns": ["d"], "format": "%Y%m%d", "time": "t"},
        "'time' has no effect with 'columns'",
    ),
    ({"seconds": "s", "hour": "h"}, "'hour' has no effect with 'seconds'"),
    (
        {"year": "y", "month": "m", "day": "d", "minute": "m"},
        "'second' needs 'minute', 'minute' needs 'hour'",
    ),
    (
        {"year": "y", "month": "m", "day": "d", "hour": "h", "second": "s"},
        "'second' needs 'minute', 'minute' needs 'hour'",
    ),
    ({"columns": ["d"], "format": "%d/%m %H"}, "format '%d/%m %H' lacks %Y or %y;"),
    ({"columns": ["d"], "format": "%d %Y"}, "lacks %m or %b or %B or %j;"),
    ({"columns": ["d"], "format": "%m %Y"}, "lacks %d or %j;"),
    ({"columns": ["d"], "format": "%Y%m%d %Q"}, "format '%Y%m%d %Q' cannot be used"),
    (
        {"date": "d", "date_format": ["%Y%m%d", "%Y"], "time": "t"},
        "date_format '%Y' lacks",
    ),
    (
        {"date": "d", "date_format": "%Y%m%d", "time": "t", "time_format": "%M"},
        "time_format '%M' lacks %H or %I;",
    ),
]


@pytest.mark.parametrize("keys", VALID_TIMES)
def test_valid_times(keys):
    assert schema.Time.model_validate(keys)


def fault(model, keys):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(keys)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(("keys", "message"), INVALID_TIMES)
def test_invalid_times(keys, message):
    assert message in fault(schema.Time, keys)


def test_a_year_of_zero_is_a_year():
    assert schema.Time(year=0, day_of_year="d").year == 0


@pytest.mark.parametrize("separator", ["tab", "COMMA", "pipe", "space", "\t", ";", "|"])
def test_valid_separators(separator):
    assert schema.FileDefinition(reader="text", separator=separator)


INVALID_FILES = [
    ({"separator": "colon"}, "one of tab, comma, semicolon, pipe, space, not 'colon'"),
    ({"encoding": "utf-99"}, "no encoding named 'utf-99'"),
    ({"header": {"rows": 0}}, "header has no row of names: set 'names'"),
    ({"decimal": ",", "separator": ","}, "must not both be a comma"),
    ({"decimal": ",", "separator": "Comma"}, "must not both be a comma"),
    ({"header": {"skip": -1}}, "greater than or equal to 0"),
    ({"header": {"rows": -1}}, "greater than or equal to 0"),
    ({"header": {"units": -1}}, "greater than or equal to 0"),
]


@pytest.mark.parametrize(("keys", "message"), INVALID_FILES)
def test_invalid_files(keys, message):
    assert message in fault(schema.FileDefinition, {"reader": "text"} | keys)


def test_valid_files():
    names = {"header": {"rows": 0}, "names": ["a"]}
    for keys in (names, {"encoding": "latin-1"}, {"decimal": ","}):
        assert schema.FileDefinition.model_validate({"reader": "text"} | keys)
    keys = {"reader": "text", "decimal": ",", "separator": ";"}
    assert schema.FileDefinition.model_validate(keys)


SOURCES = [
    ({"column": "a"}, ["a"]),
    ({"sum": ["a", "b"]}, ["a", "b"]),
    ({"difference": ["b", "a"]}, ["b", "a"]),
    ({"value": 0.0}, []),
    ({"same_as": "SST"}, []),
    ({"absent": True}, []),
]


@pytest.mark.parametrize(("keys", "columns"), SOURCES)
def test_columns_of_a_source(keys, columns):
    assert schema.VariableSource.model_validate(keys).columns == columns


INVALID_SOURCES = [
    ({}, "it has none"),
    ({"column": "a", "value": 0.0}, "it has column, value"),
    ({"difference": ["a"]}, "at least 2"),
    ({"difference": ["a", "b", "c"]}, "at most 2"),
    ({"column": "a", "occurrence": 0}, "greater than or equal to 1"),
    ({"column": "a", "height": -0.1}, "greater than or equal to 0"),
    ({"column": "a", "height": 100.1}, "less than or equal to 100"),
    ({"column": "a", "max_gap_seconds": 0}, "greater than 0"),
    ({"column": "a", "smooth_seconds": -1}, "greater than or equal to 0"),
    ({"column": "a", "lag_seconds": "x"}, "must be a number of seconds, or 'auto'"),
]


@pytest.mark.parametrize(("keys", "message"), INVALID_SOURCES)
def test_invalid_sources(keys, message):
    assert message in fault(schema.VariableSource, keys)


def test_lags_and_heights():
    for lag in ("auto", 30, -2.5):
        assert schema.VariableSource(column="a", lag_seconds=lag).lag_seconds == lag
    assert schema.VariableSource(column="a", height=100).height == 100


def test_runs():
    table = {"A": "same", "unknown": "ignored", "flushing_seconds": {"air": 0}}
    runs = schema.Runs.model_validate(table)
    assert runs.labels == {"A": "same"}
    assert runs.unknown == "ignored"
    assert runs.flushing_seconds == {"air": 0}
    assert "'B' must be one of" in fault(schema.Runs, {"B": "unknown"})
    assert fault(schema.Runs, {"flushing_seconds": {"air": -1}})


def flow(**keys):
    with pytest.raises(schema.WrongKey) as caught:
        schema.check_flow(schema.Alignment.model_validate(keys))
    return caught.value.where, str(caught.value)


def test_flow():
    groups = ["a", "b", "c"]
    lag = {"from": "a", "to": "b", "seconds": 5}
    schema.check_flow(schema.Alignment(groups=groups, main_group="b", lags=[lag]))
    where, text = flow(groups=["a", "a"])
    assert (where, text) == ("alignment.groups", "a group appears more than once")
    assert flow(groups=groups, main_group="d")[0] == "alignment.main_group"
    where, text = flow(groups=groups, lags=[lag, {**lag, "to": "x"}])
    assert where in ("alignment.lags 1", "alignment.lags 2")
    where, text = flow(groups=groups, lags=[{**lag, "to": "c"}])
    assert where == "alignment.lags 1"
    assert "Allowed: 'a' to 'b', 'b' to 'c'." in text
    where, text = flow(groups=groups, lags=[lag, lag])
    assert text == "'a' to 'b' needs its own 'time'"
    first = {**lag, "time": "2024-01-01T00:00"}
    later = {**lag, "time": "2024-01-02T00:00"}
    schema.check_flow(schema.Alignment(groups=groups, lags=[first, later]))
    assert "needs its own" in flow(groups=groups, lags=[first, first])[1]
