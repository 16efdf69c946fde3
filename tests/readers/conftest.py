"""Small platforms and small files."""

import pytest

from oceanco2.platforms import parse
from oceanco2.readers import read

TIME = 'time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }'


def small_platform(table, variables, more=""):
    """One stream; latitude and longitude are constants."""
    reader = "" if "reader =" in table else 'reader = "delimited"\n'
    time = "" if "time =" in table or "general" in table else TIME
    place = "" if "latitude" in variables else "latitude = { value = 60.0 }\n"
    place += "" if "longitude" in variables else "longitude = { value = 5.0 }\n"
    text = f"""
schema = 1
name = "Small"
kind = "ship"
platform_code = "99ZZ"
[files.a]
{reader}{table}
{time}
[variables]
{place}{variables}
{more}
"""
    return parse(text.encode(), "small.toml")


@pytest.fixture
def reading(tmp_path):
    """Write files, read them with a platform made for them, return the stream."""

    def make(content, variables, table="", more="", name="a.csv"):
        contents = content if isinstance(content, dict) else {name: content}
        for file, text in contents.items():
            raw = text if isinstance(text, bytes) else text.encode()
            (tmp_path / file).write_bytes(raw)
        platform = small_platform(table, variables, more)
        return read(platform, [tmp_path / file for file in contents])["a"]

    return make
