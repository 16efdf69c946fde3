"""Tables of a platform file: defaults, limits of each key, and what is refused."""

import inspect
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import BaseModel, ValidationError

from oceanco2.calibration.models import buoys, hydroc, mapco2
from oceanco2.platforms import schema, settings
from oceanco2.platforms.schema import (
    Alignment,
    FileDefinition,
    GroupLag,
    Header,
    Platform,
    Runs,
    Time,
    VariableSource,
)
from oceanco2.platforms.settings import (
    QC,
    Calibration,
    Funding,
    Metadata,
    Person,
    SensorCalibration,
    Standard,
    Where,
    WrongKey,
)

#: Defaults that are neither empty nor zero nor false, as platforms/README.md has them.
DEFAULTS = {
    "Calibration": {
        "model": "gas_standards",
        "method": "linear",
        "max_age_hours": 12.0,
        "one_sided": "questionable",
        "minimum_standards": 2,
        "residual_limit": 2.0,
        "air_max_gap_hours": 12.0,
        "temperature_scale": "ITS-90",
    },
    "QC": {"profile": "default"},
    "Reduction": {
        "vapour_pressure": "weiss_price_1980",
        "temperature_correction": "takahashi_1993",
        "mole_fraction": "xco2",
        "virial_pressure": "measured",
        "sea_level_pressure": "hydrostatic",
    },
    "Sensor": {"drift": "none"},
    "Standard": {"valid_from": datetime(1900, 1, 1, tzinfo=UTC)},
    "Alignment": {
        "max_gap_seconds": 300.0,
        "interpolation": "linear",
        "mode": "continuous",
    },
    "FileDefinition": {"pattern": "*", "decimal": ".", "encoding": "auto"},
    "Header": {"rows": 1},
    "Runs": {"unknown": "error"},
    "Time": {
        "time_format": ["%H:%M:%S", "%H:%M"],
        "january_first": 1,
        "since": datetime(1970, 1, 1, tzinfo=UTC),
    },
    "DeliveredSource": {"occurrence": 1, "format": "decimal", "dry": True},
    "VariableSource": {"occurrence": 1, "format": "decimal", "dry": True},
    "HydroC": {"zero_mode": "continuous"},
    "MAPCO2": {"recalibration": "none", "span_humidity": "cycle"},
    "Sami": {"bits": 12},
}
MODELS = {
    name: model
    for module in (settings, schema, hydroc, mapco2, buoys)
    for name, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, settings.Table) and model.__module__ == module.__name__
}


@pytest.mark.parametrize("name", MODELS)
def test_defaults(name):
    found = {
        key: field.get_default(call_default_factory=True)
        for key, field in MODELS[name].model_fields.items()
        if not field.is_required()
    }
    tables = {k: v for k, v in found.items() if isinstance(v, BaseModel)}
    expected = DEFAULTS.get(name, {})
    for key, value in found.items():
        if key not in tables:
            assert value == expected[key] if key in expected else not value, key
            if key in expected:
                assert type(value) is type(expected[key]), key
    for value in tables.values():
        assert value == type(value)()
    assert set(expected) <= set(found)


@pytest.mark.parametrize("name", MODELS)
def test_unknown_keys_are_refused_and_values_are_frozen(name):
    assert MODELS[name].model_config["extra"] == "forbid"
    assert MODELS[name].model_config["frozen"] is True


COLUMN = {"column": "a"}
GAS = {"run": "STD1", "xCO2": 400.0}
STREAM = {"reader": "delimited"}
COEFFICIENTS = {"valid_from": "2020-01-01"}
TAU = {"tau_seconds": 60.0}
AT_LIMITS = [
    # model, other keys, key, allowed values, refused values
    (VariableSource, {}, "difference", (["a", "b"],), (["a"], ["a", "b", "c"])),
    (VariableSource, COLUMN, "occurrence", (1, 2), (0,)),
    (VariableSource, COLUMN, "height", (0.0, 100.0), (-0.1, 100.1)),
    (VariableSource, COLUMN, "max_gap_seconds", (1e-3,), (0.0,)),
    (VariableSource, COLUMN, "smooth_seconds", (0.0,), (-1.0,)),
    (VariableSource, COLUMN, "uncertainty", (0.0,), (-1.0,)),
    (VariableSource, COLUMN, "lag_seconds", (-5, 2.5, "auto"), ("soon", None)),
    (VariableSource, COLUMN, "flag_map", ({"2": 9, "a": 0},), ({"a": 1}, {"a": 5})),
    (
        *(VariableSource, COLUMN, "format"),
        ("decimal", "ddmm.mmmm", "ddmmss", "dd mm.mmmm"),
        ("dms",),
    ),
    (
        *(VariableSource, COLUMN, "positive"),
        ("east", "west", "north", "south"),
        ("up",),
    ),
    (VariableSource, {}, "absent", (True,), (False,)),
    (Header, {}, "skip", (0, 3), (-1,)),
    (Header, {}, "rows", (0, 3), (-1,)),
    (Header, {}, "units", (0, 3), (-1,)),
    (Standard, {"run": "STD1"}, "xCO2", (0.0, 50000.0), (-1e-3, 50000.1)),
    (Standard, GAS, "uncertainty", (0.0,), (-1.0,)),
    (
        *(SensorCalibration, COEFFICIENTS, "polynomial"),
        ([1.0], [1.0] * 6),
        ([], [1.0] * 7),
    ),
    (Calibration, {}, "minimum_standards", (2, 3), (1,)),
    (Calibration, {}, "max_age_hours", (0.1,), (0.0,)),
    (Calibration, {}, "method", ("linear", "piecewise"), ("cubic",)),
    (Calibration, {}, "one_sided", ("questionable", "accept", "reject"), ("bad",)),
    (Calibration, {}, "temperature_scale", ("ITS-90", "IPTS-68"), ("ITS90",)),
    (Person, {}, "name", ("N",), ("",)),
    (Person, {"name": "N"}, "email", ("", "a@b.org"), ("a", "a @b", "@")),
    (
        *(Person, {"name": "N"}, "orcid"),
        ("", "0000-0002-1825-0097", "0000-0002-1694-233X"),
        ("0000-0002-1825-009", "0000-0002-1825-009x", "0000-0002-1825-00977"),
    ),
    (Funding, {}, "agency", ("A",), ("",)),
    (Metadata, {}, "suggested_flag", tuple("ABCDE"), ("F",)),
    (Where, {}, "checks", ({"SST": {}},), ({},)),
    (
        *(Runs, {}, "flushing_seconds"),
        ({"water": 0.0, "air": 1, "standard": 2},),
        ({"zero": 1.0}, {"water": -1.0}),
    ),
    (Runs, {}, "unknown", ("error", "ignored"), ("same",)),
    (
        *(hydroc.HydroCCoefficients, COEFFICIENTS, "F"),
        (1e-9,),
        (0.0,),
    ),
    (hydroc.HydroCCoefficients, COEFFICIENTS, "runtime", (0.0,), (-1.0,)),
    (hydroc.ResponseTime, {}, "tau_seconds", (1.0,), (0.0,)),
    (hydroc.ResponseTime, TAU, "smoothing_seconds", (0.0,), (-1.0,)),
    (mapco2.MAPCO2, {}, "recalibration", ("none", "zero_span"), ("span",)),
    (mapco2.MAPCO2, {}, "span_humidity", ("cycle", "mean"), ("row",)),
]


@pytest.mark.parametrize(("model", "others", "key", "allowed", "refused"), AT_LIMITS)
def test_limits_of_a_key(model, others, key, allowed, refused):
    for value in allowed:
        assert getattr(model(**others, **{key: value}), key) == value
    for value in refused:
        with pytest.raises(ValidationError) as caught:
            model(**others, **{key: value})
        assert key in str(caught.value)


def refusal(model, values):
    with pytest.raises((ValidationError, WrongKey)) as caught:
        model(**values)
    return str(caught.value)


COLUMNS = {"columns": ["a"], "format": "%Y-%m-%d %H:%M"}
DATE = {"date": "d", "date_format": "%Y%m%d", "time": "t"}
MONTH = {"year": "y", "month": "m", "day": "d"}
SECONDS = {"seconds": "s"}


@pytest.mark.parametrize(
    "values",
    [
        COLUMNS,
        COLUMNS | {"format": ["%d %b %Y", "%j/%y"]},
        DATE,
        DATE | {"time_format": "%I:%M %p"},
        DATE | {"time": None, "day_fraction": "f"},
        DATE | {"time": None, "hour": "h", "minute": "m", "second": "s"},
        MONTH,
        MONTH | {"hour": "h", "minute": "n", "second": "s"},
        MONTH | {"day_fraction": "f", "year": 2011},
        {"year": 2011, "day_of_year": "j", "january_first": 0},
        {"year": 0, "day_of_year": "j"},
        {"year": "y", "day_of_year": "j", "time": "t"},
        SECONDS | {"since": "1904-01-01", "offset_seconds": -3600},
    ],
)
def test_ways_to_give_the_time(values):
    assert Time(**values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "it has none"),
        (COLUMNS | DATE, "it has columns, date"),
        (SECONDS | MONTH, "it has month, seconds"),
        ({"columns": ["a"]}, "'columns' needs 'format'"),
        (DATE | {"date_format": None}, "'date' needs 'date_format'"),
        (DATE | {"time": None}, "'date' needs 'time'"),
        ({"month": "m", "day": "d"}, "needs 'year'"),
        ({"day_of_year": "j"}, "needs 'year'"),
        ({"year": "y", "month": "m"}, "'month' needs 'day'"),
        (DATE | {"day_fraction": "f"}, "only one of time, day_fraction"),
        (DATE | {"hour": "h"}, "only one of time, hour"),
        (COLUMNS | {"hour": "h"}, "'hour' has no effect with 'columns'"),
        (SECONDS | {"time": "t"}, "'time' has no effect with 'seconds'"),
        (MONTH | {"minute": "m"}, "'minute' needs 'hour'"),
        (MONTH | {"hour": "h", "second": "s"}, "'second' needs 'minute'"),
        (COLUMNS | {"format": "%m-%d"}, "format '%m-%d' lacks %Y or %y"),
        (COLUMNS | {"format": ["%Y%m%d", "%Y-%d"]}, "'%Y-%d' lacks %m or %b or %B"),
        (COLUMNS | {"format": "%Y-%m"}, "lacks %d or %j"),
        (DATE | {"date_format": "%m%d"}, "date_format '%m%d' lacks"),
        (DATE | {"time_format": "%M:%S"}, "time_format '%M:%S' lacks %H or %I"),
        (DATE | {"time_format": ["%H", "%M"]}, "time_format '%M' lacks"),
        (COLUMNS | {"format": "%Y%m%d%q"}, "cannot be used"),
        (SECONDS | {"january_first": 2}, "january_first"),
    ],
)
def test_times_that_are_incomplete_or_contradict(values, words):
    assert words in refusal(Time, values)


def test_formats_without_effect_are_not_checked():
    assert Time(**SECONDS, format="%q", date_format="%q", time_format="%q")


def test_moments_are_utc():
    east = timezone(timedelta(hours=2))
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    for value in ("2020-01-01T12:00:00", noon, noon.astimezone(east)):
        found = Time(**SECONDS, since=value).since
        assert found == noon
        assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("separator", ["tab", "Comma", "semicolon", "pipe", *"\t;| "])
def test_separators(separator):
    assert FileDefinition(**STREAM, separator=separator).separator == separator


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"separator": "colon"}, "tab, comma, semicolon, pipe, space"),
        ({"separator": "tb"}, "Did you mean 'tab'?"),
        ({"encoding": "utf-9"}, "no encoding named 'utf-9'"),
        ({"header": {"rows": 0}}, "set 'names'"),
        ({"decimal": ",", "separator": ","}, "must not both be a comma"),
        ({"decimal": ",", "separator": "Comma"}, "must not both be a comma"),
        ({"decimal": ";"}, "decimal"),
    ],
)
def test_streams_that_cannot_be_read(values, words):
    assert words in refusal(FileDefinition, STREAM | values)


def test_streams_that_can():
    stream = FileDefinition(**STREAM, header={"rows": 0}, names=["a"])
    assert stream.header.rows == 0
    assert FileDefinition(**STREAM, encoding="latin-1").encoding == "latin-1"
    assert FileDefinition(**STREAM, decimal=",").separator is None
    assert FileDefinition(**STREAM, decimal=".", separator=",").decimal == "."


def test_a_variable_has_one_source():
    sources = {
        "column": "a",
        "sum": ["a", "b"],
        "difference": ["a", "b"],
        "value": 0.0,
        "same_as": "SST",
        "absent": True,
    }
    columns = {"column": ["a"], "sum": ["a", "b"], "difference": ["a", "b"]}
    for name, value in sources.items():
        source = VariableSource(**{name: value})
        assert source.columns == columns.get(name, [])
    assert "it has none" in refusal(VariableSource, {})
    both = {"value": 0.0, "column": "a"}
    assert "it has column, value" in refusal(VariableSource, both)


def test_labels_of_runs():
    labels = {"EQU": "water", "ATM": "air", "S*": "standard", "D": "same", "Z": "zero"}
    runs = Runs(**labels, flushing_seconds={"air": 5.0}, unknown="ignored")
    assert runs.labels == labels
    assert runs.flushing_seconds == {"air": 5.0}
    assert runs.unknown == "ignored"
    for word in ("unknown", "wet"):
        text = refusal(Runs, {"EQU": word})
        assert "'EQU' must be one of water, air, standard, zero, span" in text


def flow(lags=(), **options):
    groups = ["intake", "equilibrator", "analyser"]
    lags = [GroupLag(**{"from": a, "to": b, "seconds": s, **o}) for a, b, s, o in lags]
    return Alignment(groups=groups, lags=lags, **options)


FIRST = ("intake", "equilibrator", 60.0, {})
DATED = ("intake", "equilibrator", 50.0, {"time": "2020-01-01"})
LATER = ("intake", "equilibrator", 40.0, {"time": "2021-01-01"})
SECOND = ("equilibrator", "analyser", 9.0, {})


def test_lags_in_the_order_of_the_flow():
    for lags in ((FIRST, SECOND), (DATED, LATER, SECOND), ()):
        schema.check_flow(flow(lags))
    schema.check_flow(flow(main_group="intake"))
    assert flow().home == "analyser"
    assert flow(main_group="intake").home == "intake"
    assert Alignment().home == ""


@pytest.mark.parametrize(
    ("lags", "where", "words"),
    [
        ([("intake", "analyser", 1.0, {})], 1, "'intake' to 'equilibrator', 'equil"),
        ([FIRST, ("analyser", "equilibrator", 1.0, {})], 2, "not neighbours"),
        ([("inlet", "equilibrator", 1.0, {})], 1, "no group named 'inlet'"),
        ([("intake", "mixer", 1.0, {})], 1, "no group named 'mixer'"),
        ([FIRST, DATED], 2, "needs its own 'time'"),
        ([FIRST, FIRST], 1, "needs its own 'time'"),
        ([SECOND, DATED, DATED], 2, "needs its own 'time'"),
    ],
)
def test_lags_that_contradict(lags, where, words):
    with pytest.raises(WrongKey, match=words) as caught:
        schema.check_flow(flow(lags))
    assert caught.value.where == f"alignment.lags {where}"


def test_groups_that_contradict():
    with pytest.raises(WrongKey, match="more than once") as caught:
        schema.check_flow(Alignment(groups=["a", "b", "a"]))
    assert caught.value.where == "alignment.groups"
    with pytest.raises(WrongKey, match="no group named 'mixer'") as caught:
        schema.check_flow(flow(main_group="mixer"))
    assert caught.value.where == "alignment.main_group"


SHIP = {
    "schema": 1,
    "name": "S",
    "kind": "ship",
    "platform_code": "ZZ99",
    "files": {"a": {"reader": "delimited"}, "b": {"reader": "delimited"}},
    "sensors": {
        "S1": {"calibrations": [{"valid_from": "2020-01-01", "polynomial": [0.1]}]},
        "S2": {"accuracy": 0.1},
    },
    "alignment": {"groups": ["intake", "analyser"]},
}
CELSIUS = {"column": "t", "units": "degC"}


def ship(name="SST", **values):
    return Platform(**SHIP, variables={name: values, "T_equ": CELSIUS})


@pytest.mark.parametrize(
    ("name", "values", "where", "words"),
    [
        ("SSST", CELSIUS, "variables.SSST", "Did you mean 'SST'"),
        ("SST", CELSIUS | {"file": "c"}, "variables.SST", "no file named 'c'"),
        ("SST", CELSIUS | {"group": "c"}, "variables.SST", "no group named 'c'"),
        (
            *("SST", CELSIUS | {"group": "intake", "lag_seconds": 1.0}),
            *("variables.SST", "not both"),
        ),
        ("SST", CELSIUS | {"height": 1.0}, "variables.SST", "for P_atm only"),
        ("SST", CELSIUS | {"positive": "east"}, "variables.SST", "for longitude only"),
        ("SST", CELSIUS | {"positive": "west"}, "variables.SST", "for longitude only"),
        ("SST", CELSIUS | {"positive": "north"}, "variables.SST", "for latitude only"),
        ("SST", CELSIUS | {"positive": "south"}, "variables.SST", "for latitude only"),
        ("SST", {"column": "t", "units": "hPa"}, "variables.SST", "degree_Celsius"),
        ("SST", {"column": "t"}, "variables.SST", "lacks 'units'"),
        ("SST", {"sum": ["t_degC", "t"]}, "variables.SST", "lacks 'units'"),
        ("SST", {"column": "t_hPa"}, "variables.SST", "lacks 'units'"),
        (
            *("salinity", {"column": "s", "units": "percent"}, "variables.salinity"),
            "'percent' is of another size than numbers of salinity: leave it at '1'",
        ),
        ("SST", {"same_as": "P_equ"}, "variables.SST", "'P_equ'"),
        ("SST", {"same_as": "SST"}, "variables.SST", "itself a copy"),
        ("P_atm", {"same_as": "T_equ"}, "variables.P_atm", "is in 'degree_Celsius'"),
    ],
)
def test_variables_that_contradict(name, values, where, words):
    with pytest.raises((WrongKey, ValidationError), match=words) as caught:
        ship(name, **values)
    cause = caught.value
    if isinstance(cause, ValidationError):
        cause = cause.errors()[0]["ctx"]["error"]
    assert cause.where == where


def test_variables_that_are_right():
    pressure = {"column": "p", "units": "hPa"}
    for name, values in (
        ("SST", CELSIUS | {"file": "b", "group": "intake"}),
        ("SST", {"value": 20.0}),
        ("SST", {"same_as": "T_equ"}),
        ("longitude", {"column": "x", "positive": "west"}),
        ("latitude", {"column": "y", "positive": "south"}),
        ("P_atm", pressure | {"height": 10.0}),
    ):
        assert ship(name, **values).variables[name]
    assert ship("P_atm", **pressure, height=10.0).needs_raw("P_atm") is True
    assert ship("P_atm", **pressure).needs_raw("P_atm") is False
    assert ship(**CELSIUS, sensor="S1").needs_raw("SST") is True
    assert ship(**CELSIUS, sensor="S2").needs_raw("SST") is False
    assert ship(**CELSIUS, sensor="S9").needs_raw("SST") is False


def test_the_main_stream_is_the_first_or_named():
    first = ship(**CELSIUS)
    assert first.main_file() == "a"
    assert first.file_of(first.variables["SST"]) == "a"
    source = VariableSource(**CELSIUS, file="b")
    assert first.file_of(source) == "b"
    named = SHIP | {"alignment": {"main": "b"}}
    assert Platform(**named, variables={"SST": CELSIUS}).main_file() == "b"
    wrong = SHIP | {"alignment": {"main": "c"}}
    text = refusal(Platform, wrong | {"variables": {"SST": CELSIUS}})
    assert "no file named 'c'" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schema": 2}, "schema"),
        ({"name": ""}, "name"),
        ({"kind": "boat"}, "kind"),
        ({"platform_code": "ZZ9"}, "platform_code"),
        ({"platform_code": "ZZ999"}, "platform_code"),
        ({"platform_code": "zz99"}, "platform_code"),
        ({"files": {}}, "files"),
        ({"variables": {}}, "variables"),
        ({"delivered": {"SSST": CELSIUS}}, "no variable named 'SSST'"),
        ({"qc": {"SSST": {}}}, "no variable named 'SSST'"),
        ({"alignment": {"groups": ["a", "a"]}}, "more than once"),
    ],
)
def test_platforms_that_are_wrong(changes, words):
    right = SHIP | {"variables": {"SST": CELSIUS}}
    assert Platform(**right)
    assert words in refusal(Platform, right | changes)


@pytest.mark.parametrize("kind", ["ship", "mooring", "surface_vehicle", "drifter"])
def test_kinds_of_platforms(kind):
    assert Platform(**SHIP | {"kind": kind, "variables": {"SST": CELSIUS}}).kind == kind


def test_checks_of_standards_have_a_table_too():
    table = {"standard_run": {"scatter": {}}, "SST": {"range": {}}}
    qc = QC(profile="none", cascade={"SST": {}}, **table)
    assert qc.checks == table
    assert qc.profile == "none"
    assert qc.cascade == {"SST": {}}
    assert Platform(**SHIP | {"variables": {"SST": CELSIUS}, "qc": qc})
    with pytest.raises((WrongKey, ValidationError), match="not 3; no key named 'pro'"):
        QC(pro=3)


def test_people_are_known_and_named_once():
    people = [{"name": "A"}, {"name": "B"}]
    assert Metadata(investigators=["A", "B"], people=people)
    assert Metadata(investigators=["A"], submitter="B", people=people)
    assert Metadata(submitter="A", investigators=["A"])
    assert "no investigator named 'B'" in refusal(
        Metadata, {"investigators": ["A"], "people": people}
    )
    assert "no person named 'C'" in refusal(
        Metadata, {"investigators": ["A"], "submitter": "C"}
    )
    assert "'A' appears more than once" in refusal(
        Metadata, {"investigators": ["A"], "people": [people[0], people[0]]}
    )


def coefficients(**values):
    return {"valid_from": "2020-01-01", "F": 1.0, "k1": 1, "k2": 2, "k3": 3} | values


def test_coefficients_of_a_membrane_sensor():
    later = coefficients(valid_from="2021-01-01", k3=None, F=None)
    assert hydroc.HydroC(coefficients=[later, coefficients()])
    for missing in ("F", "k1", "k2", "k3"):
        table = {"coefficients": [coefficients(**{missing: None})]}
        assert "lacks F, k1, k2 or k3" in refusal(hydroc.HydroC, table)
    factory = {"zero_mode": "factory"}
    assert "needs s2beam_zero" in refusal(
        hydroc.HydroC, factory | {"coefficients": [coefficients()]}
    )
    zero = coefficients(valid_from="2021-01-01", s2beam_zero=1.0)
    assert hydroc.HydroC(**factory, coefficients=[coefficients(), zero])
    assert "coefficients" in refusal(hydroc.HydroC, {"coefficients": []})


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ({"column": "t_degC"}, {"reader": "delimited"}),
        ({"sum": ["t (K)", "dt [K]"]}, {"reader": "delimited"}),
        ({"column": "t"}, {"reader": "delimited", "header": {"units": 1}}),
        ({"column": "t", "file": "b"}, {"reader": "delimited", "header": {"units": 1}}),
        ({"column": "t"}, {"reader": "netcdf"}),
        ({"column": "t"}, {"reader": "subctech"}),
        ({"column": "t"}, {"reader": "seabird_cnv"}),
        ({"column": "t"}, {"reader": "contros_ferrybox"}),
    ],
)
def test_units_may_be_left_out_where_files_state_them(source, file):
    files = {"a": {"reader": "delimited"}, source.get("file", "a"): file}
    made = Platform(**SHIP | {"files": files}, variables={"SST": source})
    assert made.variables["SST"].units == ""


@pytest.mark.parametrize("units", ["%", "percent", "1"])
def test_a_share_may_be_in_percent(units):
    name = "sea_ice_area_fraction"
    assert ship(name, column="ice", units=units).variables[name].units == units


@pytest.mark.parametrize("units", ["psu", "permil", "ppt", "1e-3", "g kg-1", "PSS-78"])
def test_spellings_of_practical_salinity(units):
    assert (
        ship("salinity", column="s", units=units).variables["salinity"].units == units
    )
