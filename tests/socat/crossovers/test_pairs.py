"""Crossovers: SOCAT's vector, brute force, and every kind of file."""

import csv
import gzip
import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.cli import main
from oceanco2.compiling import jit_disabled
from oceanco2.errors import OptionError, ProcessingError, ReadError
from oceanco2.export import write
from oceanco2.geography import distance_km
from oceanco2.socat.crossovers import find_crossovers, tracks_of
from oceanco2.socat.crossovers.pairs import Track, crossover, crossovers
from oceanco2.vocabulary import BAD
from tests.datasets import canonical_dataset

VECTOR = ("crossover_09AR20120105.csv", "crossover_353L20120107.csv")


def test_the_vector_of_the_dashboard(reference_data, capsys):
    """NOAA-PMEL/SocatDashboard, CrossoverCheckerTest: 60.08347567188812 km."""
    files = [str(reference_data / "socat" / name) for name in VECTOR]
    for order in (files, files[::-1]):
        assert main(["socat", "crossovers", *order, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        (pair,) = found["crossovers"]
        assert pair["distance_km"] == 60.08347567188812
        assert pair["expocodes"] == ["09AR20120105", "353L20120107"]
        assert pair["rows"] == [12, 4]
        assert pair["longitudes"] == [147.238167, 147.1038933]
        assert pair["latitudes"] == [-44.947333, -44.95007333]
        assert pair["seconds"] == [1325807704, 1325978045]
        assert pair["times"][0] == "2012-01-05T23:55:04.000Z"
        assert pair["high_quality"]
        assert pair["dSST"] == pytest.approx(-0.055)
        assert pair["dfCO2rec"] == pytest.approx(340.725606791838 - 343.059809726421)
        assert pair["days"] == pytest.approx((1325978045 - 1325807704) / 86400)
        assert not found["without_crossover"]


def test_the_published_distance_without_the_files(reference):
    """The rows of that vector around the crossover, as the test of SOCAT states it."""
    with (reference / "socat" / "crossover_rows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    tracks = []
    for code in ("09AR20120105", "353L20120107"):
        own = [list(row.values())[2:] for row in rows if row["expocode"] == code]
        columns = np.array(own, dtype=float).T
        tracks.append(Track(code, code[:4], *columns))
    pair = crossover(*tracks)
    assert pair.distance_km == 60.08347567188812
    assert pair.rows == (4, 4)  # row 12 of the file stands fourth in the excerpt
    assert pair.high_quality


def test_a_file_given_twice_and_a_time_without_date(reference_data, tmp_path, capsys):
    vector = str(reference_data / "socat" / VECTOR[0])
    assert main(["socat", "crossovers", vector, vector]) == 2
    assert capsys.readouterr().err.endswith("is given more than once\n")
    with pytest.raises(OptionError, match=f"at least two data sets; {VECTOR[0]}: 1"):
        find_crossovers(vector)
    path = tmp_path / "a.csv"
    path.write_text(
        "longitude,latitude,time,SST,fCO2rec\n1,2,2012-01-05T00:00:00,20,380\n"
        "1,2,23:55:04,20,380\n"
    )
    assert main(["socat", "crossovers", vector, str(path)]) == 1
    error = capsys.readouterr().err
    assert "a.csv: line 3: not a date and time such as" in error
    assert error.count("\n") == 1


def test_data_sets_without_crossovers_are_listed(reference_data, tmp_path, capsys):
    folder = reference_data / "socat"
    names = ("PAT520150211_SOCATv4_enhanced_rows.tsv", "SOCATv2026_mini_excerpt.tsv")
    out = tmp_path / "x.txt"
    files = [str(folder / name) for name in (*names, VECTOR[0])]
    assert main(["socat", "crossovers", *files, "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 0 crossovers\n"
    lines = out.read_text().splitlines()
    assert len(lines) == 10  # eight data sets are in the excerpt
    assert "09AR20120105: no crossover" in lines
    assert "PAT520150211: no crossover" in lines


def test_rows_of_files_that_socat_gives_out(reference_data, tmp_path):
    """PAT520150211: 100 rows, 30 of them with flag 9."""
    folder = reference_data / "socat"
    (track,) = tracks_of(folder / "PAT520150211_SOCATv4_enhanced_rows.tsv")
    assert (track.expocode, track.platform) == ("PAT520150211", "PAT5")
    assert (track.seconds.size, track.rows.size) == (100, 70)
    moment = np.datetime64("2015-02-11T04:50:00") - np.datetime64(0, "s")
    assert track.seconds[0] == moment / np.timedelta64(1, "s")
    packed = tmp_path / "rows.tsv.gz"
    content = (folder / "PAT520150211_SOCATv4_enhanced_rows.tsv").read_bytes()
    packed.write_bytes(gzip.compress(content))
    (again,) = tracks_of(packed)
    np.testing.assert_array_equal(again.table, track.table)
    (pangaea,) = tracks_of(folder / "26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab")
    assert (pangaea.expocode, pangaea.rows.size) == ("26NA20050107", 526)
    many = tracks_of(folder / "SOCATv2026_mini_excerpt.tsv")
    assert sum(track.seconds.size for track in many) == 48
    assert len(many) == 8


def ship(n=40, seed=0, code="11AA20240301", east=0.0):
    ds = canonical_dataset(n, seed=seed)
    ds["longitude"] = ds["longitude"] + east
    attrs = {"expocode": code, "platform_code": code[:4]}
    return ds.assign_attrs(attrs)


def test_netcdf_and_upload_files_say_the_same(tmp_path):
    one, two = ship(), ship(seed=3, code="22BB20240301", east=0.4)
    one["fCO2_water_SST_wet_flag"].to_numpy()[5:] = BAD
    two["fCO2_water_SST_wet"] = one["fCO2_water_SST_wet"] + 1.0
    two["SST"] = one["SST"] - 0.1
    for name, ds in (("one", one), ("two", two)):
        write(ds, tmp_path / f"{name}.nc", format="netcdf")
    (pair,) = find_crossovers([tmp_path / "one.nc", tmp_path / "two.nc"]).crossovers
    assert pair.high_quality
    assert pair.rows[0] <= 5
    assert pair.dSST == pytest.approx(-0.1)
    assert pair.dfCO2rec == pytest.approx(1.0)
    # Upload files: fCO2 as SOCAT recommends it, from their other columns.
    same = ship(code="22BB20240301", east=0.4)
    for name, ds in (("three", same), ("four", ship(code="33CC20240301", east=0.5))):
        write(ds, tmp_path / f"{name}.nc", format="netcdf")
        write(ds, tmp_path / f"{name}.tsv", format="socat")
    (pair,) = find_crossovers([tmp_path / "three.nc", tmp_path / "four.nc"]).crossovers
    (text,) = find_crossovers([tmp_path / "three.nc", tmp_path / "four.tsv"]).crossovers
    assert text.distance_km == pytest.approx(pair.distance_km, abs=0.01)
    assert text.expocodes == pair.expocodes == ("22BB20240301", "33CC20240301")
    assert text.dfCO2rec == pytest.approx(pair.dfCO2rec, abs=0.01)
    assert text.high_quality


def test_data_that_cannot_be_compared_give_an_error(tmp_path):
    write(ship(), tmp_path / "one.nc", format="netcdf")
    with pytest.raises(OptionError, match=r"at least two data sets; one\.nc: 1"):
        find_crossovers([tmp_path / "one.nc"])
    with pytest.raises(ReadError, match="no such file"):
        find_crossovers([tmp_path / "no.nc"])
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(
        ReadError, match="must be a processed netCDF, a SOCAT upload file"
    ):
        tracks_of(odd)
    head = "longitude,latitude,time,SST,fCO2rec\n"
    odd.write_text(f"# made\n{head}1,2,2024-03-01T00:00:00Z,3,4\n1,2,x,y,4\n")
    with pytest.raises(ReadError, match=r"sst: line 4: not a number: y"):
        tracks_of(odd)
    odd.write_text(f"{head}1,2,never,3,4\n")
    with pytest.raises(ReadError, match="time"):
        tracks_of(odd)
    nothing = np.empty(0)
    with pytest.raises(ProcessingError, match="lengths"):
        Track("x", "x", np.zeros(1), *[nothing] * 4)


def test_plain_tables_may_hold_several_data_sets(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(
        "# made\n\nexpocode;Lon;Lat;datetime;SST (degC);fCO2rec;fCO2rec_flag\n"
        "11AA20240301;1;2;2024-03-01T00:00:00Z;18;400;2\n"
        "22BB20240301;1;2.1;2024-03-01T12:00;18.2;404;2\n"
        "22BB20240301;1;2.0;2024-03-01T00:00;18.2;404;3\n"
    )
    tracks = tracks_of(path)
    assert [t.rows.size for t in tracks] == [1, 1]
    (pair,) = crossovers(tracks)
    assert pair.rows == (1, 1)
    assert pair.distance_km == pytest.approx(np.hypot(11.1195, 15), abs=1e-3)
    assert pair.high_quality
    assert crossover(tracks[0], tracks[0]) is None  # one platform


# ---- against brute force ------------------------------------------------------------


def made(rng, code, n, whole=False):
    """Samples near each other; whole numbers make ties and limits met exactly."""
    lon, lat = rng.uniform(-1.5, 1.5, (2, n))
    seconds = rng.uniform(0, 5 * 86400, n)
    sst, fco2 = rng.normal(18, 0.3, n), rng.normal(380, 5, n)
    columns = [lon, lat, seconds, sst, fco2]
    if whole:
        columns = [np.round(c * 2) / 2 for c in (lon, lat)]
        columns += [np.round(seconds / 43200) * 43200, np.round(sst), np.round(fco2)]
    columns[3][rng.random(n) < 0.1] = np.nan
    columns[4][rng.random(n) < 0.1] = np.nan
    columns[2][rng.random(n) < 0.05] = np.nan
    return Track(code, code, *columns)


def brute(a, b):
    """The rule, word by word: distances of all pairs."""
    one, two = (
        (t.latitude[:, None], t.longitude[:, None], t.seconds[:, None]) for t in (a, b)
    )
    km = distance_km(one[0], one[1], two[0].T, two[1].T)
    days = (two[2].T - one[2]) / 86400
    far = np.sqrt(km**2 + (30 * days) ** 2)
    known = np.isfinite(a.fco2[:, None] + b.fco2[None]) & (far < 80)
    known &= np.abs(days) * 24 <= 64
    agree = known & (np.abs(a.sst[:, None] - b.sst[None]) <= 0.3)
    agree &= np.abs(a.fco2[:, None] - b.fco2[None]) <= 5
    for kind, fine in ((True, agree), (False, known)):
        if fine.any():
            return kind, np.where(fine, far, np.inf).min()
    return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_brute_force_says_the_same_whatever_the_order(seed, whole):
    rng = np.random.default_rng(seed)
    a, b = made(rng, "AAAA", 30, whole), made(rng, "BBBB", 25, whole)
    found = crossover(a, b)
    assert found == crossover(b, a)
    expected = brute(a, b)
    if expected is None:
        assert found is None
        return
    assert found.high_quality == expected[0]
    assert found.distance_km == pytest.approx(expected[1], rel=1e-12)
    order = rng.permutation(30)
    mixed = Track("AAAA", "AAAA", *(c[order] for c in columns(a)))
    again = crossover(mixed, b)
    assert again.distance_km == pytest.approx(found.distance_km, rel=1e-12)


def columns(track):
    names = ("longitude", "latitude", "seconds", "sst", "fco2")
    return [getattr(track, name) for name in names]


def test_a_network_is_its_pairs_in_any_order():
    rng = np.random.default_rng(4)
    tracks = []
    for i in range(12):
        track = made(rng, f"{i:02d}XX", 20)
        moved = track.longitude + 2.0 * (i % 4) + np.where(i % 3, 358.0, -2.0)
        late = track.seconds + 86400 * 2 * (i % 5)
        code = f"{i // 2:04d}2024030{i % 2 + 1}"  # two of each platform
        platform = f"{i // 2:04d}"
        tracks.append(
            Track(code, platform, moved, track.latitude, late, *columns(track)[3:])
        )
    found = crossovers(tracks)
    assert len(found) > 5
    assert found == crossovers(tracks[::-1])
    pairs = [crossover(a, b) for i, a in enumerate(tracks) for b in tracks[i + 1 :]]
    assert {p.expocodes for p in pairs if p} == {p.expocodes for p in found}
    assert not any(p.expocodes[0][:4] == p.expocodes[1][:4] for p in found)


@pytest.mark.compiled
@pytest.mark.skipif(jit_disabled(), reason="NUMBA_DISABLE_JIT is set")
def test_a_hundred_thousand_rows_side_by_side():
    """Two ships that sail in company and never agree: every pair must be looked at."""
    n = 100_000
    seconds = np.arange(n) * 180.0  # seven months
    lat = 20 * np.sin(np.arange(n) / 9000)
    lon = np.arange(n) * 1e-3
    rest = np.full(n, 18.0), np.full(n, 380.0)
    a = Track("AAAA", "AAAA", lon, lat, seconds, *rest)
    b = Track("BBBB", "BBBB", lon + 0.01, lat, seconds + 9.0, rest[0], rest[1] + 6.0)
    crossover(made(np.random.default_rng(0), "C", 9), a)  # compiled
    start = time.perf_counter()
    found = crossover(a, b)
    assert time.perf_counter() - start < 20
    assert not found.high_quality
    assert found.distance_km < 1.2
