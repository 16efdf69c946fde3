"""Overlaps: a pair made by hand, brute force, and the commands."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.cli import main
from oceanco2.socat.crossovers import find_crossovers
from oceanco2.socat.crossovers.overlaps import overlap, overlaps
from oceanco2.socat.crossovers.pairs import Track

HEAD = "longitude,latitude,time,SST,fCO2rec,fCO2rec_flag\n"


def track(code, lon, lat, seconds, source="", platform=None):
    columns = [np.asarray(c, dtype=float) for c in (lon, lat, seconds)]
    nothing = np.full(columns[0].size, np.nan)
    return Track(code, platform or code[:4], *columns, nothing, nothing, source)


def test_limits_are_those_of_socat():
    """SOCAT: less than 0.001 s, less than 0.0001 degree."""
    one = track("AAAA20240101", [10.0], [50.0], [1000.0])
    inside = ((9e-5, 0, 0), (0, -9e-5, 0), (0, 0, 9e-4), (-9e-5, 9e-5, -9e-4))
    beyond = ((1.1e-4, 0, 0), (0, -1.1e-4, 0), (0, 0, 1.1e-3), (0, 0, 0.5))
    for moved, same in [(m, True) for m in inside] + [(m, False) for m in beyond]:
        other = [[v + d] for v, d in zip((10.0, 50.0, 1000.0), moved, strict=True)]
        two = track("AAAA20240102", *other)
        assert (overlap(one, two) is not None) == same
        assert len(overlaps([one, two])) == same


def test_a_pair_made_by_hand():
    """Rows out of order, on another turn, across the date line; one without a time."""
    lon, lat = [179.99999, -170.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0]
    one = track("AAAA20240101", lon, lat, [300.0, 200.0, 100.0, np.nan], "one")
    lon, lat = [5.0, 6.0, 190.0, -179.99999], [3.5, 4.0, 2.0, 1.0]
    two = track("AAAA20240102", lon, lat, [100.0, np.nan, 200.0, 300.0], "two")
    found = overlap(two, one)
    assert found == overlap(one, two)
    assert found.to_dict() == {
        "expocodes": ["AAAA20240101", "AAAA20240102"],
        "files": ["one", "two"],
        "points": 2,
        "rows_first": [[2, 3], [1, 4]],
        "start": "1970-01-01T00:03:20.000Z",
        "end": "1970-01-01T00:05:00.000Z",
    }
    assert found.text() == (
        "AAAA20240101 = AAAA20240102: 2 points in both,"
        " 1970-01-01T00:03:20.000Z (rows 2 and 3)"
        " to 1970-01-01T00:05:00.000Z (rows 1 and 4)"
    )
    nothing = track("BBBB20240101", [], [], [])
    assert overlap(one, nothing) is None
    assert overlaps([one, nothing, two]) == [found]


def made(rng, code, n):
    """Few times and places, moved by about the limits; several rows at one time."""
    seconds = 1.7e9 + rng.integers(0, 5, n) + rng.choice([0, 8e-4, -8e-4], n)
    lat = rng.choice([60.0, 60.00008, -89.9], n)
    lon = rng.choice([180.0, -180.0, 179.99995, 540.0, -179.99995, 0.0, 360.0], n)
    for column, wrong in ((seconds, np.nan), (lat, 95.0), (lon, np.nan)):
        column[rng.random(n) < 0.1] = wrong
    return track(code, lon, lat, seconds, code)


def brute(a, b):
    """The rule, word by word: all pairs, the first twin of each row."""
    pairs = []
    for i in np.argsort(a.seconds, kind="stable"):
        for j in np.argsort(b.seconds, kind="stable"):
            east = abs(a.longitude[i] - b.longitude[j]) % 360.0
            same = abs(a.seconds[i] - b.seconds[j]) < 0.001
            same &= abs(a.latitude[i] - b.latitude[j]) < 0.0001
            same &= min(east, 360.0 - east) < 0.0001
            if same and abs(a.latitude[i]) <= 90 and abs(b.latitude[j]) <= 90:
                pairs.append((int(i) + 1, int(j) + 1))
                break
    return pairs


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.integers(0, 25))
def test_brute_force_says_the_same_whatever_the_order(seed, n, m):
    rng = np.random.default_rng(seed)
    a, b, c = made(rng, "AAAA1", n), made(rng, "AAAA2", m), made(rng, "CCCC", 9)
    found = overlap(a, b)
    assert found == overlap(b, a)
    pairs = brute(a, b)
    assert (found.points if found else 0) == len(pairs)
    if found:
        assert found.rows == (pairs[0], pairs[-1])
        assert found.times[0] == a.seconds[pairs[0][0] - 1]
        assert found.times[1] == a.seconds[pairs[-1][0] - 1]
    network = [overlap(a, b), overlap(a, c), overlap(b, c)]
    assert overlaps([c, a, b]) == [pair for pair in network if pair]


def rows(first, last, flag=2):
    return [
        f"{10 + k / 100},{40 + k / 50},2024-03-01T{k // 60:02d}:{k % 60:02d}:00Z,"
        f"18,{380 + k},{flag}\n"
        for k in range(first, last)
    ]


def test_commands_tell_overlaps(tmp_path, capsys):
    """A leg sent in again with the next one: 30 of 100 rows, flagged bad meanwhile."""
    one, two = tmp_path / "AAAA20240301.csv", tmp_path / "AAAA20240302.csv"
    one.write_text(HEAD + "".join(rows(0, 100)))
    two.write_text(HEAD + "".join(rows(70, 100, flag=4) + rows(100, 150)))
    assert main(["socat", "crossovers", str(two), str(one), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert not report["crossovers"]  # one platform
    (pair,) = report["overlaps"]
    assert pair["expocodes"] == ["AAAA20240301", "AAAA20240302"]
    assert (pair["points"], pair["rows_first"]) == (30, [[71, 1], [100, 30]])
    assert pair["start"] == "2024-03-01T01:10:00.000Z"
    assert pair["end"] == "2024-03-01T01:39:00.000Z"
    out = tmp_path / "out.txt"
    assert main(["socat", "crossovers", str(one), str(two), "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 0 crossovers, 1 overlaps\n"
    text = out.read_text()
    assert "AAAA20240301 = AAAA20240302: 30 points in both" in text
    again = tmp_path / "new_AAAA20240301.csv"
    again.write_bytes(one.read_bytes())
    (twice,) = find_crossovers([one, again]).overlaps
    assert twice.points == 100
    assert f"AAAA20240301 ({one}) = AAAA20240301 ({again})" in twice.text()


def test_the_check_notes_overlaps_and_judges_as_before(
    reference, reference_data, tmp_path, capsys
):
    file = str(reference / "socat" / "synthetic_upload_check.tsv")
    other = str(reference_data / "socat" / "crossover_09AR20120105.csv")
    code = main(["socat", "check", file, "--json"])
    before = json.loads(capsys.readouterr().out)
    assert "overlaps" not in before
    again = tmp_path / "again.tsv"
    again.write_bytes((reference / "socat" / "synthetic_upload_check.tsv").read_bytes())
    command = ["socat", "check", file, "--against", other, "--against", str(again)]
    assert main([*command, "--json"]) == code
    after = json.loads(capsys.readouterr().out)
    (pair,) = after.pop("overlaps")
    assert after == before
    assert pair["points"] == 20
    assert main(command) == code
    assert "note: overlap ZZ9920240301 (" in capsys.readouterr().out
    assert main(["socat", "check", file, "--against", file]) == 1
    assert "is given more than once" in capsys.readouterr().err


def test_real_data_overlap_with_themselves_only(reference_data, tmp_path):
    folder = reference_data / "socat"
    files = [folder / "SOCATv2026_mini_excerpt.tsv"]
    files += [folder / "crossover_09AR20120105.csv"]
    files += [folder / "26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab"]
    assert find_crossovers(files).overlaps == []
    again = tmp_path / "again.tab"
    again.write_bytes(files[2].read_bytes())
    (pair,) = find_crossovers([*files, again]).overlaps
    assert (pair.expocodes[0], pair.points) == ("26NA20050107", 526)


@pytest.mark.parametrize("late", [0.0, 30.0])
def test_half_a_million_rows_take_no_time(late):
    n = 500_000
    seconds, lon = np.arange(n) * 60.0, np.arange(n) * 1e-3 % 360
    lat = 40 * np.sin(np.arange(n) / 9000)
    a = track("AAAA20240101", lon, lat, seconds)
    b = track("AAAA20240102", lon, lat, seconds + late)
    start = time.process_time()
    found = overlaps([a, b])
    assert time.process_time() - start < 5  # 0.4 s when written
    assert [pair.points for pair in found] == ([] if late else [n])
