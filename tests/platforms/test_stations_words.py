"""Stations: words for kinds, and what finds them."""

import pytest
from pydantic import ValidationError

from oceanco2.errors import UnknownNameError
from oceanco2.platforms import Station, station, stations


@pytest.mark.parametrize(
    ("category", "kind", "vessel"),
    [
        ("31", "ship", "Ship"),
        ("32", "ship", "Ship"),
        ("3B", "surface_vehicle", "Ship"),
        ("41", "mooring", "Mooring"),
    ],
)
def test_words_of_a_category(category, kind, vessel):
    entry = Station(name="A", category=category, id="B")
    assert (entry.kind, entry.vessel_type) == (kind, vessel)
    assert (entry.platform_code, entry.call_sign, entry.url) == (None, None, "")


@pytest.mark.parametrize("code", ["58G", "58G22", "58g2", "58 2"])
def test_codes_have_four_capitals_or_digits(code):
    with pytest.raises(ValidationError):
        Station(name="A", category="31", id="B", platform_code=code)


def test_every_word_finds_its_station():
    for entry in stations():
        for word in (entry.id, f" {entry.name.upper()} ", entry.name.lower()):
            assert station(word) is entry
        assert entry.url.endswith(f"/{entry.id}")
        if entry.call_sign:
            assert station(entry.call_sign).call_sign == entry.call_sign
        if entry.platform_code:
            first = [s for s in stations() if s.platform_code == entry.platform_code]
            assert station(entry.platform_code) is first[0]
    with pytest.raises(UnknownNameError, match="no station named 'nowhere'"):
        station("nowhere")
