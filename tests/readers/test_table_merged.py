"""Tables with different headers become one: what each says of itself is kept."""

import numpy as np

from oceanco2.readers.table import RawTable, merge_tables


def table(name, **facts):
    return RawTable(
        [name],
        {0: np.array([1.0])},
        np.array([1]),
        np.array([0]),
        np.array([0]),
        **facts,
    )


def test_what_files_say_of_themselves_is_kept():
    merged = merge_tables(
        [
            table(
                "a",
                units={"a": {"hPa"}},
                standard_names={"a": "air_pressure"},
                notes=["n"],
                warnings=["w"],
                wrong_ranges={"a": "r"},
            ),
            table(
                "b",
                units={"b": {"kPa"}},
                standard_names={"b": "b"},
                notes=["m"],
                warnings=["v"],
                wrong_ranges={"b": "s"},
            ),
        ]
    )
    assert merged.names == ["a", "b"]
    assert merged.units == {"a": {"hPa"}, "b": {"kPa"}}
    assert merged.standard_names == {"a": "air_pressure", "b": "b"}
    assert (merged.notes, merged.warnings) == (["n", "m"], ["w", "v"])
    assert merged.wrong_ranges == {"a": "r", "b": "s"}
