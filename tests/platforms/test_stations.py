"""Stations of the ICOS ocean network."""

import pytest

from oceanco2.cli import main
from oceanco2.errors import UnknownNameError
from oceanco2.platforms import available, load, station, stations


def test_eighteen_stations_of_three_kinds():
    """18 in the centre's configuration: 10 SOOP, 6 FOS, 2 surface vehicles."""
    kinds = [s.kind for s in stations()]
    assert (len(kinds), kinds.count("mooring")) == (18, 6)
    assert kinds.count("surface_vehicle") == 2
    assert {s.vessel_type for s in stations()} == {"Ship", "Mooring"}
    assert len({s.url for s in stations()}) == 18


def test_every_station_is_found_by_each_of_its_names():
    """Not by one of them only: keyed by instrument, one platform would be found."""
    for one in stations():
        for word in (one.id, one.name, one.call_sign):
            if word:
                assert station(word) is one
    assert station("34fm").name == "Finnmaid"
    with pytest.raises(UnknownNameError, match="OS_GOSars"):
        station("OS_GOSar")


def test_platform_files_that_name_a_station_name_one_that_is():
    for name in available():
        platform = load(name)
        if platform.station is not None:
            assert station(platform.station)


def test_command(capsys):
    assert main(["stations"]) == 0
    assert "OS_BALTIC-VOS" in capsys.readouterr().out
