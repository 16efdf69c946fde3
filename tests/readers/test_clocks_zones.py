"""Time zones that files state, against the offset of the platform file."""

import warnings

import numpy as np
import pytest

from oceanco2.readers import read
from oceanco2.readers.clocks import _stated_zone
from tests.readers.conftest import small_platform

ROWS = "2024-03-01 10:00:00,12.5\n2024-03-01 10:10:00,12.6\n"


@pytest.fixture
def warned(tmp_path):
    """What is warned of a file with this head, and its first time."""

    def make(head, column="time", more="", table="", accepted=""):
        (tmp_path / "a.csv").write_text(f"{head}{ROWS}")
        time = f'columns = ["{column}"], format = "%Y-%m-%d %H:%M:%S"{more}'
        table = f'separator = ","\n{table}time = {{ {time} }}\n'
        platform = small_platform(
            table, 'SST = { column = "SST", units = "degC" }', accepted
        )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ds = read(platform, [tmp_path / "a.csv"])["a"]
        return [str(w.message) for w in caught], str(ds.time.values[0])[:16]

    return make


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Time (UTC)", "UTC"),
        ("time_GMT", "UTC"),
        ("UTC+0", "UTC"),
        ("GMT + 2", "GMT+2"),
        ("UTC-03", "UTC-03"),
        ("DATE LOCAL", "LOCAL"),
        ("CEST", "CEST"),
        ("CET", "CET"),
        ("Timezone: Europe/Oslo", "EUROPE/OSLO"),
        ("Time zone = UTC", "UTC"),
        ("time-zone: Etc/UTC", "UTC"),
        ("Timezone:\tZ", "UTC"),
        ("time", ""),
        ("location", ""),
        ("ACETONE", ""),
    ],
)
def test_zones_in_words(text, zone):
    assert _stated_zone(text) == zone


OSLO = "Timezone: Europe/Oslo\n"
SKIP = "header = { skip = 1 }\n"


@pytest.mark.parametrize(
    ("head", "keys", "words"),
    [
        ("time,SST\n", {}, None),
        ("time,SST\n", {"more": ", offset_seconds = -10800"}, None),
        ("time UTC,SST\n", {"column": "time UTC"}, None),
        (
            "time UTC,SST\n",
            {"column": "time UTC", "more": ", offset_seconds = 899"},
            None,
        ),
        (
            "time UTC,SST\n",
            {"column": "time UTC", "more": ", offset_seconds = 900"},
            ("'time UTC'", "adds offset_seconds = 900"),
        ),
        (
            "time,SST\nUTC,degC\n",
            {"table": "header = { units = 1 }\n", "more": ", offset_seconds = -3600"},
            ("'UTC'", "adds offset_seconds = -3600"),
        ),
        ("time,SST\nUTC,degC\n", {"table": "header = { units = 1 }\n"}, None),
        ("time local,SST\n", {"column": "time local"}, ("'time local'", "no offset")),
        (
            f"{OSLO}time,SST\n",
            {"table": SKIP},
            ("'Timezone: Europe/Oslo'", "no offset"),
        ),
        (
            f"{OSLO}time,SST\n",
            {"table": SKIP, "more": ", offset_seconds = -3600"},
            None,
        ),
        (f"{OSLO}time,SST\n", {"table": SKIP, "more": ", offset_seconds = -900"}, None),
        (
            f"{OSLO}time,SST\n",
            {
                "table": SKIP,
                "accepted": '[accepted]\nzone.a = "the logger is on UTC"\n',
            },
            None,
        ),
    ],
)
def test_a_zone_contradicts_the_offset(warned, head, keys, words):
    messages, first = warned(head, **keys)
    assert first[:10] == "2024-03-01"
    if words is None:
        assert messages == []
        return
    assert len(messages) == 1
    assert messages[0].startswith("a.csv: times are in ")
    assert all(word in messages[0] for word in words)
    assert '[accepted] zone.a = "why"' in messages[0]


def test_offsets_are_added_to_the_time(warned):
    _, first = warned("time,SST\n", more=", offset_seconds = -10800")
    assert first == "2024-03-01T07:00"


def test_seconds_since_1970_have_no_zone(tmp_path):
    (tmp_path / "a.csv").write_text(f"{OSLO}unix,SST\n1709287200,12.5\n")
    table = f'separator = ","\n{SKIP}time = {{ seconds = "unix" }}\n'
    platform = small_platform(table, 'SST = { column = "SST", units = "degC" }')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ds = read(platform, [tmp_path / "a.csv"])["a"]
    assert ds.time.values[0] == np.datetime64("2024-03-01T10:00")
