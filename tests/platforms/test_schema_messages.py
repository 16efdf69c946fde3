"""Whole messages about times and sources of a platform file."""

from itertools import combinations

import pytest
from pydantic import ValidationError

from oceanco2.platforms.schema import FileDefinition, Runs, Time, VariableSource
from oceanco2.vocabulary import RUN_TYPES


def refusal(model, **keys):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(keys)
    return str(caught.value.errors()[0]["ctx"]["error"])


METHODS = (
    "must have exactly one of columns, date, day_of_year, month, seconds, days,"
    " decimal_year; it has"
)
GIVEN = {
    "columns": ["a"],
    "date": "b",
    "day_of_year": "c",
    "month": "d",
    "seconds": "e",
    "days": "f",
    "decimal_year": "g",
}


def test_one_method_of_a_time():
    assert refusal(Time) == f"{METHODS} none"
    assert refusal(Time, **GIVEN) == f"{METHODS} {', '.join(GIVEN)}"
    for one, two in combinations(GIVEN, 2):
        both = {one: GIVEN[one], two: GIVEN[two]}
        assert refusal(Time, **both) == f"{METHODS} {one}, {two}"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"columns": ["a"]}, "'columns' needs 'format'"),
        ({"date": "a"}, "'date' needs 'date_format'"),
        (
            {"date": "a", "date_format": "%Y%m%d"},
            "'date' needs 'time', 'day_fraction' or 'hour'",
        ),
        ({"day_of_year": "a"}, "needs 'year', a column or a number"),
        (
            {"days": "a"},
            "'days' needs 'since': a date, or one of 'excel', 'excel_1904', 'matlab',"
            " 'julian'",
        ),
        ({"days": "a", "since": "excel", "time": "b"}, "'time' has no effect with"),
        ({"decimal_year": "a", "hour": "b"}, "'hour' has no effect with"),
        (
            {"days": "a", "since": "exel"},
            "origin must be one of excel, excel_1904, matlab, julian, a date, not"
            " 'exel'. Did you mean 'excel'?",
        ),
        (
            {"columns": ["a"], "format": "%Y-%m-%d %H:%S"},
            "format '%Y-%m-%d %H:%S' has %S without %M",
        ),
        (
            {"columns": ["a"], "format": "%Y-%m-%d %H:%S:%M"},
            "format '%Y-%m-%d %H:%S:%M' has %S between %H and %M",
        ),
        (
            {"columns": ["a"], "format": "%Y-%m-%d %H:%M %p"},
            "format '%Y-%m-%d %H:%M %p' has %p, which has no effect on %H: use %I",
        ),
        (
            {"date": "a", "date_format": "%Y%j", "time": "t", "time_format": "%I:%M"},
            "time_format '%I:%M' has %I without %p",
        ),
        (
            {"columns": ["a"], "format": "%Y-%m-%d %H:%m"},
            "format '%Y-%m-%d %H:%m' cannot be used: redefinition of group name",
        ),
        ({"month": "a", "day": "b"}, "needs 'year', a column or a number"),
        ({"month": "a", "year": 2000}, "'month' needs 'day'"),
        (
            {"seconds": "a", "time": "b", "hour": "c"},
            "must have only one of time, hour",
        ),
        (
            {"month": "m", "year": 1, "day": "d", "time": "b", "day_fraction": "c"},
            "must have only one of time, day_fraction",
        ),
        ({"seconds": "a", "time": "b"}, "'time' has no effect with 'seconds'"),
        (
            {"columns": ["a"], "format": "%Y%m%d", "day_fraction": "b"},
            "'day_fraction' has no effect with 'columns'",
        ),
        (
            {"month": "m", "year": 1, "day": "d", "minute": "n"},
            "'second' needs 'minute', 'minute' needs 'hour'",
        ),
        (
            {"month": "m", "year": 1, "day": "d", "hour": "h", "second": "s"},
            "'second' needs 'minute', 'minute' needs 'hour'",
        ),
        (
            {"columns": ["a"], "format": ["%Y%m%d", "%Y%m"]},
            "format '%Y%m' lacks %d or %j; for example '%d/%m/%Y' and '%H:%M:%S'",
        ),
        (
            {"columns": ["a"], "format": "%m%d"},
            "format '%m%d' lacks %Y or %y; for example '%d/%m/%Y' and '%H:%M:%S'",
        ),
        (
            {"date": "a", "hour": "h", "date_format": "%Y %d"},
            "date_format '%Y %d' lacks %m or %b or %B or %j;"
            " for example '%d/%m/%Y' and '%H:%M:%S'",
        ),
        (
            {"date": "a", "date_format": "%Y%j", "time": "t", "time_format": "%M"},
            "time_format '%M' lacks %H or %I; for example '%d/%m/%Y' and '%H:%M:%S'",
        ),
    ],
)
def test_incomplete_times(keys, message):
    assert refusal(Time, **keys).startswith(message)


SOURCES = "must have exactly one of column, sum, difference, value, same_as, absent;"


def test_one_source_of_a_variable():
    given = {
        "column": "a",
        "sum": ["b"],
        "difference": ["c", "d"],
        "value": 0.0,
        "same_as": "e",
        "absent": True,
    }
    assert refusal(VariableSource) == f"{SOURCES} it has none"
    message = f"{SOURCES} it has {', '.join(given)}"
    assert refusal(VariableSource, **given) == message
    columns = {"column": ["a"], "sum": ["b"], "difference": ["c", "d"]}
    for name, value in given.items():
        source = VariableSource(**{name: value})
        assert source.columns == columns.get(name, [])


def test_files_that_cannot_be_read():
    found = refusal(FileDefinition, reader="a", separator="dot")
    assert "tab" in found
    assert "space" in found
    assert "\t" not in found
    for name in (
        "tab",
        "COMMA",
        "semicolon",
        "pipe",
        "space",
        "\t",
        ",",
        ";",
        "|",
        " ",
    ):
        assert FileDefinition(reader="a", separator=name).separator == name
    found = refusal(FileDefinition, reader="a", encoding="utf-99")
    assert found == "no encoding named 'utf-99'"
    found = refusal(FileDefinition, reader="a", header={"rows": 0})
    assert found == "header has no row of names: set 'names'"
    assert FileDefinition(reader="a", header={"rows": 0}, names=["x"])
    for separator in ("comma", ",", "Comma"):
        found = refusal(FileDefinition, reader="a", decimal=",", separator=separator)
        assert found == "decimal and separator must not both be a comma"
    assert FileDefinition(reader="a", decimal=",", separator="semicolon")
    assert FileDefinition(reader="a", decimal=",")


@pytest.mark.parametrize("word", [*sorted(set(RUN_TYPES) - {"unknown"}), "same"])
def test_words_of_run_types(word):
    runs = Runs.model_validate({"A": word, "flushing_seconds": {"air": 3}})
    assert runs.labels == {"A": word}
    assert runs.flushing_seconds == {"air": 3.0}
    assert runs.unknown == "error"


def test_unknown_is_no_word_for_a_label():
    message = refusal(Runs, A="unknown")
    assert message.startswith("'A'")
    runs = Runs.model_validate({"unknown": "ignored", "B": "air"})
    assert (runs.unknown, runs.labels) == ("ignored", {"B": "air"})
