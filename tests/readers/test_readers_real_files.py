"""Real files: the counts of their descriptions, and files cut anywhere."""

import re
import tomllib
import warnings

import numpy as np
import pytest

from oceanco2.errors import DataWarning, OceanCO2Error
from oceanco2.platforms import available, load
from oceanco2.platforms.schema import Platform
from oceanco2.readers import READERS, read
from oceanco2.vocabulary import RUN_TYPES

FILES = {
    "go_workshop_2019": "icos_otc_workshop_go2019/part4_input_raw_cruise_dat.txt",
    "ronald_h_brown_2010": (
        "cruise_33RO20100308_a13.5_aoml_ronbrown/A13.5_2010_underway.csv"
    ),
    "kaimimoana_2008": "cruise_KA2008_07_pmel_kaimimoana/KA2008_07.csv",
    "nuka_arctica_2008": "cruise_26NA20080117_nuka/26NA20080117.dat",
    "nuka_arctica_2005_socat": (
        "socatv3_pangaea_26NA20050107/26NA20050107_CO2_underway_SOCATv3.tab"
    ),
    "tao_140w_2004": "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv",
    "cce2_2010": "mooring_CCE2_2010_2011/CCE2_121W_34N_Jan2010_Mar2011.csv",
}
#: rows, rows that say the same as another, first and last minute, delivered fCO2
COUNTS = {
    "go_workshop_2019": (2948, 0, "2019-07-06T11:04", "2019-07-10T11:19", None),
    "ronald_h_brown_2010": (20210, 0, "2010-03-07", "2010-04-17", 18352),
    "kaimimoana_2008": (21143, 0, "2008-10-17", "2008-11-16", 18297),
    "nuka_arctica_2008": (2699, 0, "2008-01-17", "2008-01-27", 2699),
    "nuka_arctica_2005_socat": (526, 0, "2005-01-07", "2005-01-08", 526),
    "tao_140w_2004": (900, 0, "2004-05-23", "2004-09-12", 896),
    "cce2_2010": (3306, 5, "2010-01-17", "2011-03-05", 3122),
}


@pytest.fixture
def stream(data_set):
    def make(name):
        return next(iter(read(load(name), data_set(FILES[name])).values()))

    return make


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_read(stream, name):
    rows, doublets, first, last, published = COUNTS[name]
    ds = stream(name)  # without a warning
    assert ds.sizes["time"] == rows - doublets
    assert ds.attrs["rows_read"] == rows
    assert ds.attrs["rows_duplicated"] == doublets
    assert ds.attrs["rows_rejected"] == 0
    assert str(ds["time"].to_numpy()[0]).startswith(first)
    assert str(ds["time"].to_numpy()[-1]).startswith(last)
    assert not ds["damaged"].any()
    if published is not None:
        present = ds["fCO2_water_SST_wet_delivered"].count().item()
        assert present == published
    assert ds.sizes["time"] == len(set(ds["source_row"].to_numpy()))


@pytest.mark.parametrize("name", FILES)
def test_values_are_those_of_the_file(stream, name):
    """Positions are on the earth, pressures and temperatures in canonical units."""
    ds = stream(name)
    assert np.nanmax(np.abs(ds["latitude"])) <= 90
    assert -180 < np.nanmin(ds["longitude"]) <= np.nanmax(ds["longitude"]) <= 180
    assert 950 < np.nanmedian(ds["P_equ"]) < 1050
    assert -2 < np.nanmedian(ds["SST"]) < 32
    assert (np.diff(ds["time"].to_numpy()) >= np.timedelta64(0)).all()


def test_general_oceanics_log(stream):
    ds = stream("go_workshop_2019")
    meanings = ds["run_label"].attrs["flag_meanings"].split()
    words, counts = np.unique(ds["run_label"], return_counts=True)
    assert {meanings[w]: int(n) for w, n in zip(words, counts, strict=True)} == {
        "EQU": 2662,
        "ATM": 135,
        "STD1": 33,
        "STD2": 33,
        "STD3": 33,
        "STD4": 33,
        "STD1z": 6,
        "STD4s": 6,
        "FILTER": 6,
        "WAKE_UP": 1,
    }
    kinds, counts = np.unique(ds["run_type"], return_counts=True)
    assert dict(zip(kinds.tolist(), counts.tolist(), strict=True)) == {
        RUN_TYPES["water"]: 2662,
        RUN_TYPES["air"]: 135,
        RUN_TYPES["standard"]: 132,
        RUN_TYPES["zero"]: 6,
        RUN_TYPES["span"]: 6,
        RUN_TYPES["ignored"]: 7,
    }
    water = ds["run_type"] == RUN_TYPES["water"]
    assert int((ds["SST"].isnull() & water).sum()) == 296
    assert int((ds["P_equ"] < 150).sum()) == 179
    swapped = int(np.flatnonzero(ds["source_row"] == 2493)[0])  # data row 2492
    assert ds["SST"].to_numpy()[swapped] == pytest.approx(34.68, abs=0.01)
    assert ds["salinity"].to_numpy()[swapped] == pytest.approx(1.76, abs=0.01)
    measured = ds["xCO2"].groupby(ds["standard"]).mean().to_numpy()[1:]
    np.testing.assert_allclose(measured, [-0.09, 228.75, 412.76, 508.33], atol=0.005)


def test_flags_of_delivered_files(stream):
    def counted(name, variable):
        flags = stream(name)[f"{variable}_flag_delivered"].to_numpy()
        return dict(zip(*(a.tolist() for a in np.unique(flags, return_counts=True))))  # noqa: B905

    dry = "xCO2_water_SST_dry"
    assert counted("ronald_h_brown_2010", "xCO2_water_Tequ_dry") == {2: 19885, 3: 325}
    assert counted("kaimimoana_2008", "xCO2_water_Tequ_dry") == {2: 21143}
    assert counted("nuka_arctica_2005_socat", "xCO2_water_Tequ_dry") == {2: 526}
    assert counted("tao_140w_2004", dry) == {2: 889, 3: 6, 4: 2, 9: 3}
    # Of 3298, 3 and 5 the five doublets (all good) are one each.
    assert counted("cce2_2010", dry) == {2: 3293, 3: 3, 4: 5}


def test_the_smaller_file_of_the_same_cruise(data_set):
    """Another column set and other dates, read with the same platform file."""
    small = data_set("icos_otc_workshop_go2019/part2_input_raw_small.tsv")
    ds = read(load("go_workshop_2019"), small)["analyser"]
    assert ds.sizes["time"] == 41
    assert str(ds["time"].to_numpy()[0]).startswith("2019-07-06T11:09:46")
    whole = data_set(FILES["go_workshop_2019"])
    both = read(load("go_workshop_2019"), [small, whole])
    assert both["analyser"].attrs["rows_read"] == 2948 + 41


def test_whole_folders_with_the_pattern_of_the_platform_file(data_set):
    for name, file in FILES.items():
        folder = data_set(file).parent
        ds = next(iter(read(load(name), folder).values()))
        assert ds.attrs["source_files"] == [file.split("/")[1]]


@pytest.mark.parametrize("name", FILES)
def test_files_cut_at_any_byte(data_set, tmp_path, name):
    """One clear error, or every row before the cut."""
    path = data_set(FILES[name])
    content = path.read_bytes()
    whole = next(iter(read(load(name), path).values()))
    values = whole["SST"].to_numpy()[np.argsort(whole["source_row"].to_numpy())]
    cut_file = tmp_path / path.name
    rng = np.random.default_rng(7)
    for cut in sorted([*rng.integers(0, len(content), 12), *range(0, 2000, 190)]):
        cut_file.write_bytes(content[:cut])
        message, ds = "", None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            try:
                ds = next(iter(read(load(name), cut_file).values()))
            except OceanCO2Error as error:
                message = str(error)
        assert "\n" not in message
        assert bool(message) != (ds is not None)
        if ds is None:
            # Never once there are whole rows.
            assert cut < 0.2 * len(content)
            continue
        got = ds["SST"].to_numpy()[np.argsort(ds["source_row"].to_numpy())]
        ends = max(content[:cut].count(b"\n"), content[:cut].count(b"\r"))
        assert len(got) >= min(ends, len(values)) - 40  # header and comment lines
        np.testing.assert_array_equal(got[:-1], values[: len(got) - 1])


def test_a_log_with_broken_bytes(data_set, tmp_path):
    content = data_set(FILES["go_workshop_2019"]).read_bytes()[:60_000]
    path = tmp_path / "broken_dat.txt"
    rng = np.random.default_rng(11)
    for _ in range(40):
        broken = bytearray(content)
        for place in rng.integers(400, len(broken), 3):
            broken[place] = rng.integers(0, 256)
        path.write_bytes(broken)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            try:
                ds = read(load("go_workshop_2019"), path)["analyser"]
            except OceanCO2Error as error:
                # A label may have become another, a date its own contradiction.
                assert "run type" in str(error) or "dates" in str(error)  # noqa: PT017
                continue
        kept = ds.sizes["time"] + ds.attrs["rows_rejected"]
        assert abs(kept - content.count(b"\n")) <= 3


# ---- the platform files that are shipped --------------------------------------------


@pytest.mark.parametrize("name", sorted(available()))
def test_shipped_platform_files(name):
    platform = load(name)
    assert all(definition.reader in READERS for definition in platform.files.values())
    assert platform.metadata.title
    content = available()[name].read_text(encoding="utf-8")
    assert content.startswith("#")
    assert not re.search(r"^[-+\d.,;:\s]{8,}\d$", content, re.MULTILINE)  # no data rows
    # The demo ship, which has no data, is the example in which everything is filled in.
    assert name == "demo_ship" or len(content.splitlines()) < 120


def test_every_shipped_delivered_file_has_a_test():
    assert set(available()) >= set(FILES)


def readme():
    return (available()["demo_ship"].parent / "README.md").read_text(encoding="utf-8")


def test_the_readme_of_platform_files_has_every_key():
    """A key that is in the schema but not in the README is a key nobody finds."""
    text = readme()

    def walk(model):
        for name, field in model.model_fields.items():
            if name in ("path", "sha256", "labels", "checks"):
                continue
            yield field.alias or name
            for inner in _models(field.annotation):
                yield from walk(inner)

    missing = {key for key in walk(Platform) if f"{key}" not in text}
    assert not missing


def _models(annotation):
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models(a)]


def test_the_examples_of_the_readme_are_toml():
    blocks = readme().split("```toml\n")[1:]
    assert len(blocks) > 6
    for block in blocks:
        body = block.split("```")[0]
        if body.startswith("time ="):  # one table in several ways
            for line in body.splitlines():
                assert tomllib.loads(line)
        else:
            assert tomllib.loads(body)
