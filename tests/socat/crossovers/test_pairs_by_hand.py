"""Crossovers of a few samples, worked out by hand, and how they are reported."""

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.socat import crossovers as module
from oceanco2.socat.checker import check_text
from oceanco2.socat.crossovers import (
    Network,
    find_crossovers,
    is_crossed,
    overlaps_of,
    pairs,
)
from oceanco2.socat.crossovers.pairs import (
    Track,
    _candidate_pairs,
    crossover,
    crossovers,
    platform_of,
)
from tests.uploads import row, upload

DAY = 86400.0
DEGREE = 6371.007 * np.pi / 180  # km along a meridian
NAN = np.nan


def track(code, samples, source="", platform=None):
    """A track of samples (longitude, latitude, days, SST, fCO2)."""
    columns = np.array(samples, dtype=float).T.copy()
    columns[2] *= DAY
    return Track(code, platform or code[:4], *columns, source)


def one(*samples):
    return track("AAAA20240101", samples or [(0, 0, 0, 20, 400)], "a.nc")


def two(*samples):
    return track("BBBB20240101", samples, "b.nc")


def test_the_settings_are_those_of_socat():
    assert (pairs.KM_PER_DAY, pairs.FARTHEST_KM, pairs.WINDOW_HOURS) == (30, 80, 64)
    assert (pairs.SST_LIMIT, pairs.FCO2_LIMIT) == (0.3, 5.0)


def test_a_crossover_by_hand():
    found = crossover(two((0, 0.25, 1, 20.25, 396)), one())
    km = 0.25 * DEGREE
    assert found.to_dict() == {
        "expocodes": ["AAAA20240101", "BBBB20240101"],
        "files": ["a.nc", "b.nc"],
        "rows": [1, 1],
        "distance_km": pytest.approx(np.hypot(km, 30.0), rel=1e-12),
        "km": pytest.approx(km, rel=1e-12),
        "days": 1.0,
        "dSST": 0.25,
        "dfCO2rec": -4.0,
        "high_quality": True,
        "positions": [[0.0, 0.0], [0.0, 0.25]],
        "longitudes": [0.0, 0.0],
        "latitudes": [0.0, 0.25],
        "times": ["1970-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z"],
        "seconds": [0.0, DAY],
    }
    assert module._crossover_text(found).split("\n") == [
        f"AAAA20240101 x BBBB20240101: {np.hypot(km, 30):.3f} km, high quality"
        f" ({km:.3f} km, 1.0000 days apart; SST +0.250 degC, fCO2rec -4.000 uatm)",
        "  AAAA20240101 row 1: 1970-01-01T00:00:00.000Z, 0.00000 N, 0.00000 E",
        "  BBBB20240101 row 1: 1970-01-02T00:00:00.000Z, 0.25000 N, 0.00000 E",
    ]


@pytest.mark.parametrize(
    ("sst", "fco2", "good"),
    [
        (20.25, 400, True),
        (19.75, 400, True),
        (20.3125, 400, False),
        (19.6875, 400, False),
        (20, 405, True),
        (20, 395, True),
        (20, 405.25, False),
        (20, 394.75, False),
        (NAN, 400, False),
    ],
)
def test_quality(sst, fco2, good):
    found = crossover(one(), two((0, 0, 0, sst, fco2)))
    assert found.high_quality is good
    assert found.distance_km == 0.0
    unknown = "unknown" in module._crossover_text(found)
    assert (found.dSST is None) == unknown == np.isnan(sst)
    limit = crossover(one((0, 0, 0, 0, 400)), two((0, 0, 0, 0.3, 400)))
    assert limit.high_quality
    assert ("not of high quality" in module._crossover_text(found)) is not good


@pytest.mark.parametrize(
    ("degrees", "days", "found"),
    [
        (79.99 / DEGREE, 0, True),
        (80.01 / DEGREE, 0, False),
        (-79.99 / DEGREE, 0, True),
        (0, 2.66, True),
        (0, -2.66, True),
        (0, 2.667, False),
        (0, -2.667, False),
        (48 / DEGREE, 2.13, True),
        (48 / DEGREE, 2.14, False),
    ],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_how_far_is_too_far(degrees, days, found, axis):
    sample = [0, 0, days, 20, 400]
    sample[axis] = degrees
    for sst in (20, 25):
        sample[3] = sst
        assert (crossover(one(), two(sample)) is not None) is found
        assert len(crossovers([one(), two(sample)])) == found


def test_longitudes_at_another_latitude():
    here = one((10, 60, 0, 20, 400))
    found = crossover(here, two((11, 60, 0, 20, 400)))
    # Great circle between points of one latitude: sin(d/2) = cos(60) sin(0.5 deg).
    half = np.arcsin(0.5 * np.sin(np.radians(0.5)))
    assert found.km == pytest.approx(2 * 6371.007 * half, rel=1e-12)
    assert found.days == 0.0
    assert crossover(here, two((370, 60, 0, 20, 400))).km == pytest.approx(0, abs=1e-6)


def test_agreement_counts_more_than_distance():
    near, agreeing = (0, 0.1, 0, 25, 400), (0, 0.5, 0, 20, 400)
    found = crossover(one(), two(near, agreeing))
    assert (found.rows, found.high_quality) == ((1, 2), True)
    found = crossover(one(), two(near, (0, 0.5, 0, 25, 400)))
    assert (found.rows, found.high_quality) == ((1, 1), False)
    found = crossover(one(), two(agreeing, (0, 0.25, 0, 20, 401)))
    assert (found.rows, found.dfCO2rec) == ((1, 2), 1.0)


def test_equally_near_pairs_are_those_of_the_first_rows():
    ends = (0, 0.25, 0, 20, 400), (0, -0.25, 0, 20, 400)
    assert crossover(one(), two(*ends)).rows == (1, 1)
    assert crossover(one(*ends), two((0, 0, 0, 20, 400))).rows == (1, 1)
    late, early = (0, 0, 1, 20, 400), (0, 0, -1, 20, 400)
    assert crossover(one(), two(late, early)).rows == (1, 1)
    assert crossover(one(late, early), two((0, 0, 0, 20, 400))).rows == (1, 1)


def test_rows_that_do_not_count():
    bad = [
        (0, 0, 0, 20, NAN),
        (0, 0, NAN, 20, 400),
        (NAN, 0, 0, 20, 400),
        (0, NAN, 0, 20, 400),
        (0, 90.1, 0, 20, 400),
        (0, -90.1, 0, 20, 400),
        (540.1, 0, 0, 20, 400),
        (-540.1, 0, 0, 20, 400),
    ]
    good = [(540, 0, 3, 20, 400), (-540, 90, 2, 20, 400), (0, -90, 1, NAN, 400)]
    found = one(*bad, *good)
    assert found.rows.tolist() == [10, 9, 8]
    np.testing.assert_array_equal(found.table[2], [DAY, 2 * DAY, 3 * DAY])
    np.testing.assert_allclose(found.table[0], [-np.pi / 2, np.pi / 2, 0])
    np.testing.assert_allclose(found.table[1], [0, -3 * np.pi, 3 * np.pi])
    assert crossover(one(*bad), two((0, 0, 0, 20, 400))) is None
    assert crossover(two((0, 0, 0, 20, 400)), one(*bad)) is None


def test_boxes():
    box = one((0, 0, 0, 1, 1), (90, 0, 1, 1, 1), (0, 90, 2, 1, 1)).box
    earth = 6371.007
    np.testing.assert_allclose(box[0], [0, 0, 0, 0], atol=1e-9)
    np.testing.assert_allclose(box[1], [earth, earth, earth, 2 * DAY])


@pytest.mark.parametrize(
    ("axis", "degrees", "near"),
    [
        (1, 79.9 / DEGREE, True),
        (1, -79.9 / DEGREE, True),
        (1, 80.2 / DEGREE, False),
        (1, -80.2 / DEGREE, False),
        (2, 64 / 24, True),
        (2, -64 / 24, True),
        (2, 64.1 / 24, False),
        (2, -64.1 / 24, False),
    ],
)
def test_boxes_that_are_close_enough(axis, degrees, near):
    sample = [0.0, 0.0, 0.0, 20.0, 400.0]
    sample[axis] = degrees
    tracks = [one(), two(sample), track("CCCC20240101", [(120, 0, 0, 1, 1)])]
    found = list(_candidate_pairs(tracks))
    assert found == ([(tracks[0], tracks[1])] if near else [])
    assert list(_candidate_pairs([])) == []


def test_one_platform_never_crosses_itself():
    sample = [(0, 0, 0, 20, 400)]
    assert crossover(one(), track("AAAA20240202", sample)) is None
    assert crossover(one(), track("BBBB20240101", sample, platform="AAAA")) is None
    assert crossover(one(), track("AAAA20240202", sample, platform="X")) is not None


@pytest.mark.parametrize(
    ("code", "platform"),
    [
        ("09AR20120105", "09AR"),
        (" 09ar20120105 ", "09AR"),
        ("316420221010-2", "3164"),
        ("3164_20221010", "3164"),
        ("09AR2012010", "09AR2012010"),
        ("09AR20120105-22", "09AR20120105-22"),
        ("buoy", "buoy"),
    ],
)
def test_platforms(code, platform):
    assert platform_of(code) == platform


# ---- several data sets --------------------------------------------------------------


def network():
    tracks = [
        one(),
        two((0, 0, 0, 20, 400), (5, 5, 0, 20, NAN)),
        track("CCCC20240101", [(0, 0.25, 0, 25, 400)], "c.nc"),
        track("DDDD20240101", [(100, 0, 0, 20, 400)], "d.nc"),
    ]
    return Network(tracks, crossovers(tracks), [])


def test_a_network_as_a_dictionary():
    found = network()
    assert found.without() == ["DDDD20240101"]
    data = found.to_dict()
    assert list(data) == ["datasets", "crossovers", "without_crossover", "overlaps"]
    names = ("expocode", "platform", "file", "rows", "rows_used")
    names += ("crossovers", "high_quality")
    assert data["datasets"] == [
        dict(zip(names, values, strict=True))
        for values in (
            ("AAAA20240101", "AAAA", "a.nc", 1, 1, 2, 1),
            ("BBBB20240101", "BBBB", "b.nc", 2, 1, 2, 1),
            ("CCCC20240101", "CCCC", "c.nc", 1, 1, 2, 0),
            ("DDDD20240101", "DDDD", "d.nc", 1, 1, 0, 0),
        )
    ]
    assert data["crossovers"] == [pair.to_dict() for pair in found.crossovers]
    assert [pair["expocodes"] for pair in data["crossovers"]] == [
        ["AAAA20240101", "BBBB20240101"],
        ["AAAA20240101", "CCCC20240101"],
        ["BBBB20240101", "CCCC20240101"],
    ]
    assert (data["without_crossover"], data["overlaps"]) == (["DDDD20240101"], [])


def test_a_network_as_text():
    found = network()
    lines = found.text().split("\n")
    assert len(lines) == 3 * 3 + 1
    assert lines[-1] == "DDDD20240101: no crossover"
    twins = [one(), track("AAAA20240202", [(0, 0, 0, 20, 400)])]
    both = module.overlaps(twins)
    lines = Network(twins, [], both).text().split("\n")
    assert lines == [
        "AAAA20240101: no crossover",
        "AAAA20240202: no crossover",
        "",
        "Overlaps: the same time and place in two data sets",
        f"  {both[0].text()}",
    ]
    assert Network(twins, [], both).to_dict()["overlaps"] == [both[0].to_dict()]


HEAD = "lon,lat,time,sst,fco2\n"


def table(folder, name, *rows):
    path = folder / f"{name}.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


def test_crossovers_of_files(tmp_path):
    first = table(tmp_path, "AAAA20240101", "0,0,0,20,400")
    second = table(tmp_path, "BBBB20240101", "0,0.25,0,20,401")
    found = find_crossovers(path for path in (str(first), second))
    assert [t.expocode for t in found.tracks] == ["AAAA20240101", "BBBB20240101"]
    assert found.crossovers[0].sources == (str(first), str(second))
    assert found.overlaps == []
    for paths, text in ((first, "AAAA20240101.csv: 1"), ([], "no file: 0")):
        with pytest.raises(OptionError, match=f"at least two data sets; {text}"):
            find_crossovers(paths)


def test_overlaps_of_an_upload_file(tmp_path):
    check = check_text(upload([row(0), row(1)]))
    times = check.track[0]
    same = table(tmp_path, "BBBB20240101", f"10,-30,{times[1]},20,400")
    other = table(tmp_path, "CCCC20240101", f"10,-31,{times[1]},20,400")
    (found,) = overlaps_of(check, [str(other), same])
    assert found.to_dict()["expocodes"] == ["BBBB20240101", "ZZ9920240301"]
    assert found.to_dict()["points"] == 1
    assert found.to_dict()["rows_first"] == [[1, 2], [1, 2]]
    assert overlaps_of(check, [other]) == overlaps_of(check, []) == []
    with pytest.raises(OptionError, match="more than once"):
        overlaps_of(check, [same, same])


def test_a_dataset_that_is_crossed(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "track_of", lambda ds: ds)
    good = table(tmp_path, "BBBB20240101", "0,0.25,0,20,401")
    poor = table(tmp_path, "CCCC20240101", "0,0.25,0,25,401")
    far = table(tmp_path, "DDDD20240101", "50,0.25,0,20,401")
    assert is_crossed(one(), [far, poor, good])
    assert not is_crossed(one(), [far, poor])
    assert not is_crossed(one(), [])
