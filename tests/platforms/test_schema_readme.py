"""The README of platform files and the schema agree."""

import tomllib

import pytest

from oceanco2.platforms.schema import Platform
from tests.make_keys import (
    README,
    default,
    described,
    models,
    table,
    table_of,
    with_table,
)
from tests.make_keys import rows as keys_of

TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_keys_is_that_of_the_schema():
    """After a change of the schema: python -m tests.make_keys."""
    assert with_table(TEXT) == TEXT


def options():
    """The block of options, whose values are the defaults."""
    block = TEXT.partition("The values are the defaults")[2].partition("```toml\n")[2]
    return tomllib.loads(block.partition("```")[0])


def stated():
    """Keys of that block with their values, and fields of the schema."""
    tables = models()
    for name, content in options().items():
        if name in tables:
            model = tables[name]
        else:
            field = Platform.model_fields[name]
            model, _ = table_of(field.annotation)
        for key, value in content.items():
            is_table = isinstance(value, dict) or "[{" in repr(value)
            if key in model.model_fields and not is_table:
                yield f"{name}.{key}", value, model.model_fields[key]


@pytest.mark.parametrize(("key", "value", "field"), [*stated()])
def test_defaults_that_the_readme_states(key, value, field):
    """A key without one is an example: its line, or its table, says so."""
    known = field.get_default(call_default_factory=True)
    if not field.is_required() and known not in (None, [], {}, ""):
        assert value == known
        return
    table, name = key.split(".")
    line = next(x for x in TEXT.splitlines() if x.startswith(f"{name} = "))
    assert field.is_required() or "default" in line or table == "metadata"


def test_the_readme_states_most_defaults():
    keys = [key for key, _, _ in stated()]
    assert len(keys) > 30
    assert {"hydroc.zero_flush_seconds", "hydroc.response_time_seconds"} <= set(keys)


def test_how_keys_are_described():
    found = {key: rest for key, *rest in keys_of(Platform, "")}
    assert found["schema"] == ["`1`", "required", ""]
    assert found["files.NAME.decimal"] == ['`"."`, `","`', '`"."`', ""]
    assert found["files.NAME.header.rows"] == ["whole number", "`1`", ""]
    expected = ["text or list of text", '`["%H:%M:%S", "%H:%M"]`', ""]
    assert found["files.NAME.time.time_format"] == expected
    assert found["variables.NAME.lag_seconds"] == ['number or `"auto"`', "`0.0`", "s"]
    assert found["variables.NAME.height"] == ["number", "`0.0`", "m"]
    assert found["variables.NAME.absent"] == ["`true`", "", ""]
    assert found["standards.xCO2"] == ["number", "required", "umol mol-1"]
    assert found["standards.valid_from"][1] == "`1900-01-01T00:00:00Z`"
    assert found["runs.LABEL"] == ["text", "", ""]
    assert found["qc.where.box"] == ["4 numbers", "", ""]
    assert found["equilibrator.gas_flow"] == ["number", "", "L min-1"]
    assert found["delivered.NAME.within"] == ["number", "", ""]
    assert "delivered.NAME.column" not in found
    assert not {"path", "sha256"} & set(found)
    assert "| `sami.bits` | `12`, `14` | `12` |  |" in table().splitlines()
    assert described(dict[str, int]) == "table of whole number"
    assert default(Platform.model_fields["call_sign"]) == ""
