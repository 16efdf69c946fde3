"""Flags of people through files: never lost, audited, compared, asked for."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2 import open_dataset, pipeline, platforms
from oceanco2.bits import TEST_BITS
from oceanco2.cli import main
from oceanco2.errors import (
    DataWarning,
    OceanCO2Warning,
    ProcessingError,
    UnknownNameError,
)
from oceanco2.export import write
from oceanco2.fluxes import flux
from oceanco2.qc import audit, differences, flag, manual_template, read_manual
from oceanco2.qc.manual import flag_arrays
from oceanco2.simulation import simulate
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE
from tests.datasets import canonical_dataset

RESULT = "fCO2_water_SST_wet"
HEAD = "start,end,variable,flag,reason,who,when\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    simulate("demo_ship", days=1, seed=7, folder=folder / "raw", faults=["spikes"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        assert not main(
            ["process", "demo_ship", str(folder / "raw"), "-o", out(folder)]
        )
    return folder


def out(folder, name="out.nc"):
    return str(folder / name)


@pytest.fixture(scope="module")
def made(folder):
    return open_dataset(out(folder))


def stamps(ds):
    return np.datetime_as_string(ds["time"].to_numpy(), unit="ms")


@pytest.fixture(scope="module")
def judged(folder, made):
    """Two people: a range, then a single sample within it; a position."""
    rows = np.flatnonzero(np.isfinite(made[RESULT].to_numpy()))[100:110]
    when = stamps(made)
    path = folder / "flags.csv"
    path.write_text(
        f"{HEAD}{when[rows[0]]},{when[rows[-1]]},SST,4,air in the pump,Ada,2024-05-01\n"
        f"{when[rows[4]]},,SST,2,,Ben,2024-05-02T10:00:00Z\n"
        f"{when[rows[6]]}Z,,position,3,odd fix,Ben,2024-05-02\n"
    )
    done = main(["flags", "apply", out(folder), str(path), "-o", out(folder, "a.nc")])
    assert done == 0
    return rows, path


def test_a_later_line_wins_and_the_trail_says_it(folder, made, judged, capsys):
    rows, path = judged
    ds = open_dataset(out(folder, "a.nc"))
    expected = np.full(10, BAD)
    expected[4] = GOOD
    np.testing.assert_array_equal(ds["SST_flag"].to_numpy()[rows], expected)
    np.testing.assert_array_equal(
        ds["SST_flag_automatic"], made["SST_flag_automatic"].to_numpy()
    )
    first, second, third = audit(ds)["entries"]
    span = rows[-1] - rows[0] + 1
    assert (first["rows"], first["rows_standing"]) == (span, span - 1)
    assert sum(first["automatic"].values()) == span
    assert (first["who"], first["when"], first["line"]) == ("Ada", "2024-05-01", 2)
    assert (second["line"], third["line"]) == (3, 4)
    assert first["file"] == "flags.csv"
    assert first["sha256"] == read_manual(path)[0].sha256
    assert audit(ds)["variables"]["position"]["flags"] == {"questionable": 1}
    assert main(["flags", "audit", out(folder, "a.nc")]) == 0
    text = capsys.readouterr().out
    for word in ("SST: bad", "air in the pump", "Ada, 2024-05-01; flags.csv:2 sha256"):
        assert word in text
    assert main(["flags", "audit", out(folder, "a.nc"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"][0]["rows"] == span


def test_no_manual_flag_is_lost(folder, judged, tmp_path):
    ship = platforms.load("demo_ship")
    ds = open_dataset(out(folder, "a.nc"))
    for again in (
        flag(ds, ship),  # no CSV this time
        flag(flag(ds, ship, manual=judged[1]), ship, manual=judged[1]),
        pipeline.apply_flags(ds, judged[1]),
    ):
        assert not differences(ds, again).changes
        assert not differences(ds, again, "manual").changes
        assert audit(again) == audit(ds)
    # The lines are gone, the flags are still there; or only the lines are left.
    bare = ds.copy()
    del bare.attrs["manual_flags"]
    assert not differences(ds, flag(bare, ship)).changes
    lines = ds.drop_vars([n for n in ds.data_vars if str(n).endswith("_flag_manual")])
    assert not differences(ds, flag(lines, ship)).changes
    more = tmp_path / "more.csv"
    time = stamps(ds)[judged[0][0]]
    more.write_text(f"{HEAD}{time},{time},SST,3,not so bad,Cy,2024-06-01\n")
    third = pipeline.apply_flags(ds, more)
    assert third["SST_flag"].to_numpy()[judged[0][0]] == QUESTIONABLE
    assert third["SST_flag"].to_numpy()[judged[0][1]] == BAD
    assert [e["who"] for e in audit(third)["entries"]] == ["Ada", "Ben", "Ben", "Cy"]
    assert audit(third)["entries"][0]["rows_standing"] == (
        audit(ds)["entries"][0]["rows_standing"] - 1
    )


def test_processing_with_a_csv_is_applying_it_later(folder, judged, tmp_path):
    raw = str(folder / "raw")
    for name in ("b.nc", "c.nc"):
        path = str(tmp_path / name)
        command = ["process", "demo_ship", raw, "-o", path, "--manual", str(judged[1])]
        assert main(command) == 0
        both = open_dataset(path), open_dataset(out(folder, "a.nc"))
        for layer in ("effective", "automatic", "manual"):
            assert differences(*both, layer).to_dict()["identical"]
        assert audit(both[0]) == audit(both[1])


def test_diagnostics_that_come_and_go_take_no_word_away(folder, made, tmp_path):
    """Known fault F6: a diagnostic set bad and later good removed a manual flag.

    The limits of the gas flow change between runs, through files; manual flags
    of the diagnostic, of a sensor or of a result stay as they were.
    """
    text = platforms.available()["demo_ship"].read_text()
    strict = "[qc.gas_flow]\nrange = { questionable = [0, 1], bad = [0, 2] }"
    ships = [
        platforms.parse(f"{text}\n{table}\n".encode(), "ship.toml")
        for table in ("", strict)
    ]
    when, rows = stamps(made), np.flatnonzero(np.isfinite(made[RESULT].to_numpy()))
    manual, lines = {}, []
    for i, name in enumerate(("gas_flow", "xCO2_water_Tequ_dry", "SST", RESULT)):
        for j, code in enumerate((GOOD, QUESTIONABLE, BAD)):
            row = int(rows[20 + 30 * i + 3 * j])
            manual[name, row] = code
            lines.append(f"{when[row]},,{name},{code},because,me,2024-05-01\n")
    path, file = tmp_path / "f.csv", str(tmp_path / "x.nc")
    path.write_text(HEAD + "".join(lines))
    ds = flag(made, ships[0], manual=path)
    seen = []
    for ship in (ships[1], ships[0], ships[1], ships[0]):
        write(flag(ds, ship), file, format="netcdf")
        ds = open_dataset(file)
        for (name, row), code in manual.items():
            assert ds[f"{name}_flag"].to_numpy()[row] == code
            assert ds[f"{name}_flag_manual"].to_numpy()[row] == code
        seen.append(int((ds["gas_flow_flag_automatic"].to_numpy() == BAD).sum()))
        assert len(audit(ds)["entries"]) == len(manual)
    assert seen[0] == seen[2] > 100 > seen[1] == seen[3]
    assert not differences(ds, flag(made, ships[0], manual=path)).changes


def test_what_must_not_be_applied_is_refused(folder, made, judged, tmp_path):
    with pytest.raises(ProcessingError, match="has a flux"):
        pipeline.apply_flags(flux(made), judged[1])
    other = made.assign_attrs(platform_file_sha256="0" * 64)
    with pytest.raises(ProcessingError, match=r"processed with \(SHA-256\)"):
        pipeline.apply_flags(other, judged[1])
    with pytest.warns(DataWarning, match="automatic flags may change"):
        pipeline.apply_flags(other, judged[1], "demo_ship")
    path = tmp_path / "f.csv"
    path.write_text(f"# c\n{HEAD}2024-03-01,2024-03-01,SSTT,4,x,me,\n")
    with pytest.raises(ProcessingError, match=r"f\.csv:3: no variable.*'SST'"):
        pipeline.apply_flags(made, path)
    path.write_text(f"{HEAD}2024-03-01,,latitude,4,x,me,\n")
    with pytest.raises(ProcessingError, match="Did you mean 'position'"):
        pipeline.apply_flags(made, path)
    path.write_text(f"{HEAD}2024-03-01,,SST,4,x,me,yesterday\n")
    with pytest.raises(ProcessingError, match=r"f\.csv:2: when: 'yesterday'"):
        read_manual(path)
    path.write_text(f'{HEAD}2024-03-01,,SST,4,"x\ny",me,\n')
    with pytest.raises(ProcessingError, match="must not continue on"):
        read_manual(path)


def test_lines_without_who_are_remarked():
    lines = [
        {"start": "2024", "end": "2024", "variable": "SST", "flag": 3, "reason": "x"}
        | {"who": "", "when": "", "file": "f.csv", "line": 10, "rows": 0}
    ]
    ds = canonical_dataset(20).assign_attrs(manual_flags=lines)
    assert audit(ds)["remarks"] == [
        "1 entries without who and when: f.csv:10",
        "1 entries that match no row of this dataset: f.csv:10",
    ]


def test_diff_of_files_tables_and_one_of_each(folder, judged, tmp_path, capsys):
    a, b = out(folder), out(folder, "a.nc")
    assert main(["flags", "diff", a, b, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    span = judged[0][-1] - judged[0][0] + 1
    counts = found["variables"]["SST"]["counts"]
    assert sum(n["rows"] for n in counts if (n["from"], n["to"]) == (2, 4)) > 5
    assert sum(c["rows"] for c in found["variables"]["SST"]["changes"]) <= span - 1
    was_good = (open_dataset(a)[f"{RESULT}_flag"].to_numpy()[judged[0]] == GOOD).sum()
    assert found["variables"][RESULT]["changed"] >= was_good - 1 > 5
    assert found["rows"]["both"] == open_dataset(a).sizes["time"]
    assert main(["flags", "diff", b, str(judged[1])]) == 0
    assert "no flag differs" in capsys.readouterr().out
    text = judged[1].read_text().replace(",2,,Ben", ",3,hm,Ben")
    (tmp_path / "other.csv").write_text(text)
    assert main(["flags", "diff", str(judged[1]), str(tmp_path / "other.csv")]) == 0
    output = capsys.readouterr().out
    assert "SST: good -> questionable 1 periods" in output
    assert stamps(open_dataset(a))[judged[0][4]] in output
    assert main(["flags", "diff", a, "nowhere.csv"]) == 1
    assert main(["flags", "diff", a, b, "--layer", "manul"]) == 2
    assert "'manual'" in capsys.readouterr().err


def test_rows_of_one_file_only_are_counted(made):
    found = differences(made, made.isel(time=slice(3, -2))).to_dict()
    assert found["rows"] == {
        "both": made.sizes["time"] - 5,
        "only_a": 5,
        "only_b": 0,
    }
    assert not found["variables"]
    assert not found["identical"]
    assert differences(made, made.drop_vars("SST_flag")).only_a == ["SST"]


def test_template_lists_the_flagged_values_and_is_accepted(folder, made, tmp_path):
    csv = tmp_path / "t.csv"
    assert main(["flags", "template", out(folder), "-o", str(csv)]) == 0
    assert read_manual(csv) == []  # as it is, it says nothing
    assert (
        main(["flags", "apply", out(folder), str(csv), "-o", out(folder, "t.nc")]) == 0
    )
    csv.write_text(csv.read_text().replace("#", ""))
    ds = pipeline.apply_flags(made, csv)
    assert not differences(made, ds).changes  # agreed with everything
    water = made[f"{RESULT}_flag"].to_numpy()
    doubts = np.isin(water, (QUESTIONABLE, BAD))
    assert doubts.any()
    manual = ds[f"{RESULT}_flag_manual"].to_numpy()
    np.testing.assert_array_equal(manual[doubts], water[doubts])
    assert manual_template(ds) == HEAD  # nothing is asked twice
    one = manual_template(made, ["T_equ"])
    assert {line.split(",")[2] for line in one.splitlines()[1:]} == {"T_equ"}
    with pytest.raises(UnknownNameError, match="'SST'"):
        manual_template(made, "SSTT")
    with pytest.raises(ProcessingError, match="no flags"):
        manual_template(made[["SST"]])


PLAIN = canonical_dataset(60)
FLAGS = st.lists(st.sampled_from([2, 2, 3, 4, 9]), min_size=60, max_size=60)
MASKS = st.lists(st.sampled_from([4, 32, 36]), min_size=60, max_size=60)


@settings(max_examples=40, deadline=None)
@given(FLAGS, MASKS, st.permutations(range(60)))
def test_template_and_back_is_the_same_flags(flags, masks, order):
    flags, masks = np.array(flags, "int8"), np.array(masks, "int64")
    masks[flags == GOOD] = 0
    ds = PLAIN.assign(SST_flag=("time", flags), SST_tests=("time", masks))
    ds = ds.isel(time=list(order))  # also where the clock went back
    text = manual_template(ds, "SST").replace("#", "")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    entries = [entry_of(row) for row in rows]
    manual = flag_arrays(entries, ds, {"SST": None}, "t.csv").get("SST", np.zeros(60))
    flags_before = ds["SST_flag"].to_numpy()
    np.testing.assert_array_equal(
        manual, np.where(np.isin(flags_before, (3, 4)), flags_before, 0)
    )
    # Neighbours that are alike share a line.
    kinds = np.where(flags > 9, 0, flags.astype(int) * 64 + masks)
    doubts = np.isin(flags, (3, 4))
    new = doubts & (np.diff(np.where(doubts, kinds, -1), prepend=-2) != 0)
    assert len(entries) == new.sum()


def entry_of(row):
    from oceanco2.qc.manual import ManualFlag

    return ManualFlag(*row[:3], int(row[3]), *row[4:])


ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.integers(0, 9),
        st.sampled_from(["SST", "T_equ"]),
        st.sampled_from([2, 3, 4]),
    ),
    max_size=8,
)


def lines_of(entries):
    when = stamps(PLAIN)
    return [
        entry_of([when[a], when[min(a + n, 59)], name, flag, "x", "me", ""])
        for a, n, name, flag in entries
    ]


@settings(max_examples=40, deadline=None)
@given(ENTRIES, ENTRIES)
def test_diff_is_empty_with_itself_and_turns_around(one, two):
    a, b = lines_of(one), lines_of(two)
    assert differences(a, a).to_dict()["identical"]
    there, back = differences(a, b), differences(b, a)
    turned = [(c.variable, c.start, c.end, c.after, c.before) for c in back.changes]
    assert sorted(
        (c.variable, c.start, c.end, c.before, c.after) for c in there.changes
    ) == sorted(turned)
    # By rows: the periods that differ are those whose rows differ.
    known = {"SST": None, "T_equ": None}
    zero = np.zeros(60)
    left, right = (flag_arrays(side, PLAIN, known, "x") for side in (a, b))
    for name in known:
        differ = left.get(name, zero) != right.get(name, zero)
        manual = any(c.variable == name for c in there.changes)
        assert manual >= differ.any()
    assert not differences(PLAIN, PLAIN).changes


def test_bits_of_the_tests_are_named():
    flags = np.full(60, 2, "int8")
    flags[7] = 4
    mask = np.where(flags == 4, TEST_BITS["spike"] | TEST_BITS["range"], 0)
    ds = PLAIN.assign(SST_flag=("time", flags), SST_tests=("time", mask))
    line = manual_template(ds, "SST").splitlines()[1]
    assert line.split(",")[2:] == ["SST", "4", "range spike", "", ""]


def test_a_missing_value_cannot_be_flagged_good(folder, made, tmp_path):
    """Their word is kept; the missing value stays missing."""
    rows = np.flatnonzero(np.isnan(made[RESULT].to_numpy()))
    assert rows.size
    name = tmp_path / "good.csv"
    name.write_text(f"{HEAD}2000-01-01,2100-01-01,{RESULT},2,looked,Anna,2024-04-01\n")
    ds = pipeline.apply_flags(made, name)
    assert (ds[f"{RESULT}_flag_manual"].to_numpy() == GOOD).all()
    np.testing.assert_array_equal(
        ds[f"{RESULT}_flag"].to_numpy()[rows],
        ds[f"{RESULT}_flag_automatic"].to_numpy()[rows],
    )
    assert (ds[f"{RESULT}_flag"].to_numpy()[rows] > GOOD).all()
    here = np.isfinite(made[RESULT].to_numpy())
    assert (ds[f"{RESULT}_flag"].to_numpy()[here] == GOOD).all()


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2024-03-01", "", "2024-03-01", "2024-03-01T23:59:59.999"),
        ("2024-03-01", "2024-03-03", "2024-03-01", "2024-03-03T23:59:59.999"),
        ("2024-03-01T09:00+02:00", "", *["2024-03-01T07:00:00.000"] * 2),
        ("2024-03-01 09:00:00.5Z", "", *["2024-03-01 09:00:00.5Z"] * 2),
    ],
)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_times_and_separators_of_spreadsheets(tmp_path, start, end, first, last, mark):
    cells = [start, end, "SST", "3", '"a, b; c"', "Anna", "2024-04-01"]
    name = tmp_path / "flags.csv"
    name.write_bytes(
        "\r\n".join([HEAD.strip().replace(",", mark), mark.join(cells), ""]).encode(
            "utf-8-sig"
        )
    )
    (line,) = read_manual(name)
    assert (line.start, line.end, line.reason) == (first, last, "a, b; c")


@pytest.mark.parametrize(
    "word", ["now", "today", "NaT", "20240301", "2024", "1024-03-01"]
)
def test_words_and_numbers_are_no_times(tmp_path, word):
    name = tmp_path / "flags.csv"
    name.write_text(f"{HEAD}{word},,SST,3,odd,Anna,2024-04-01\n")
    message = f"flags.csv:2: '{word}' is not an ISO time"
    with pytest.raises(ProcessingError, match=message):
        read_manual(name)


def test_files_without_a_common_time_differ_wholly(made):
    later = made.assign_coords(time=made["time"] + np.timedelta64(400, "D"))
    found = differences(made, later)
    assert not found.to_dict()["identical"]
    assert "have no times in common" in found.text()
