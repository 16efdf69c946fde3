"""CO2 against a climatology: options, limits on both sides, months read."""

import numpy as np
import pytest
from pydantic import ValidationError

from oceanco2.errors import OptionError
from oceanco2.qc.checks import climatology
from oceanco2.vocabulary import GOOD

TIME = np.array(["2020-05-05", "2020-07-05"], "datetime64[ns]")


def test_options():
    options = climatology.ClimatologyOptions(file="a.nc").model_dump()
    assert options == {
        "file": "a.nc",
        "variable": "",
        "questionable": 100.0,
        "bad": 300.0,
        "sigma": 4.0,
        "trend": 0.0,
        "reference_year": 0.0,
    }
    with pytest.raises((OptionError, ValidationError), match="lacks 'file'"):
        climatology.ClimatologyOptions()


@pytest.mark.parametrize(
    ("distance", "scatter", "flag"),
    [
        (100.0, 1.0, 2),
        (100.5, 1.0, 3),
        (-100.5, 1.0, 3),
        (120.0, 30.0, 2),
        (120.5, 30.0, 3),
        (300.0, 1.0, 3),
        (300.5, 1.0, 4),
        (-300.5, 1.0, 4),
        (300.5, 80.0, 2),
        (np.nan, 1.0, 2),
    ],
)
def test_limits(monkeypatch, distance, scatter, flag):
    calls = []

    def read(file, variable, months):
        calls.append((file, variable, months))
        return "field"

    def at(field, time, latitude, longitude, *, trend, year):
        calls.append((field, time.size, latitude.size, longitude.size, trend, year))
        return np.full(time.size, 400.0), np.full(time.size, scatter)

    monkeypatch.setattr(climatology, "read_climatology", read)
    monkeypatch.setattr(climatology, "climatology_at", at)
    where = {"time": TIME, "latitude": np.zeros(2), "longitude": np.zeros(2)}
    values = np.array([400.0 + distance, 400.0])
    options = {
        **{"file": "f", "variable": "v", "questionable": 100.0, "bad": 300.0},
        **{"sigma": 4.0, "trend": 1.5, "reference_year": 2000.0},
    }
    found = climatology.check_climatology(values, np.arange(2.0), **where, **options)
    assert found.tolist() == [flag, GOOD]
    n = 1 + np.isfinite(distance)
    assert calls[0][:2] == ("f", "v")
    assert len(calls[0][2]) == n
    assert calls[1] == ("field", n, n, n, 1.5, 2000.0)
    options["reference_year"] = 0.0
    climatology.check_climatology(values, np.arange(2.0), **where, **options)
    assert calls[3][-1] is None
    calls.clear()
    where["latitude"] = np.full(2, np.nan)
    found = climatology.check_climatology(values, np.arange(2.0), **where, **options)
    assert (found.tolist(), calls) == ([GOOD, GOOD], [])
