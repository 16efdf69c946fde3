"""The commands, as a user types them; bad input gives one clear line and exit 1.

A wrong command line gives exit 2.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from oceanco2.cli import cli, main
from oceanco2.platforms import available
from oceanco2.simulation import simulate

PLATFORM = available()["demo_ship"].read_text()


@pytest.fixture(scope="session")
def raw(tmp_path_factory):
    """One simulated day of raw files."""
    folder = tmp_path_factory.mktemp("raw") / "cruise"
    simulate("demo_ship", days=1.0, seed=3, folder=folder)
    return folder


@pytest.fixture
def platform_file(tmp_path):
    def make(old="", new=""):
        assert old in PLATFORM
        path = tmp_path / "ship.toml"
        path.write_text(PLATFORM.replace(old, new, 1) if old else PLATFORM)
        return str(path)

    return make


def fails(capsys, *argv, code=1):
    """Run a command that must fail: one line on stderr, nothing else."""
    assert main([str(word) for word in argv]) == code
    message = capsys.readouterr()
    lines = [x for x in message.err.splitlines() if "warning:" not in x]
    assert len(lines) == 1, message.err
    assert lines[0].startswith("oceanco2: ")
    assert "unexpected error" not in lines[0]
    assert "Traceback" not in message.err
    return lines[0]


def logs(raw):
    return sorted(raw.glob("*dat.txt"))


def test_process_writes_everything(raw, tmp_path, capsys):
    out = [tmp_path / name for name in ("out.nc", "x.tsv", "x.png", "run.json")]
    command = ["process", "demo_ship", str(raw), "-o", str(out[0])]
    command += ["--socat", str(out[1]), "--figure", str(out[2])]
    assert main([*command, "--report", str(out[3])]) == 0
    assert "fCO2_water_SST_wet" in capsys.readouterr().out
    assert out[2].read_bytes().startswith(b"\x89PNG")
    report = json.loads(out[3].read_text())
    assert len(report["platform"]["sha256"]) == 64
    assert report["rows"]["read"] > 600
    assert {Path(x["name"]).name for x in report["outputs"]} == {
        "out.nc",
        "x.tsv",
        "x.png",
    }
    with xr.open_dataset(out[0]) as ds:
        assert np.isfinite(ds["fCO2_water_SST_wet"]).sum() > 500
        assert ds["fCO2_water_SST_wet_uncertainty"].attrs["units"] == "uatm"
        assert ds.attrs["platform_file_sha256"] == report["platform"]["sha256"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_export_and_flux_of_a_written_file(raw, tmp_path):
    out, tsv, direct = tmp_path / "o.nc", tmp_path / "o.tsv", tmp_path / "d.tsv"
    process = ["process", "demo_ship", str(raw), "-o", str(out)]
    assert main([*process, "--socat", str(direct)]) == 0
    assert main(["export", str(out), "--format", "socat", "-o", str(tsv)]) == 0
    assert tsv.read_bytes() == direct.read_bytes()
    flux = tmp_path / "flux.nc"
    assert main(["flux", str(out), "-o", str(flux)]) == 0
    with xr.open_dataset(flux) as ds:
        gradient = (ds["fCO2_water_SST_wet"] - ds["fCO2_atm_wet_interp"]).to_numpy()
        mass = ds["flux_CO2"].to_numpy()
        both = np.isfinite(gradient) & np.isfinite(mass) & (mass != 0)
        assert both.sum() > 400
        assert (np.sign(gradient[both]) == np.sign(mass[both])).all()


def test_order_duplicates_overlaps_and_zips_change_nothing(raw, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    files = sorted(str(p) for p in raw.iterdir() if p.suffix in {".txt", ".csv"})
    packed = tmp_path / "raw.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in files:
            archive.write(name, Path(name).name)
    ways = [files, files[::-1], files + files, [str(raw)], [str(packed)]]
    made = []
    for number, way in enumerate(ways):
        out = tmp_path / f"{number}.nc"
        assert main(["process", "demo_ship", *way, "-o", str(out)]) == 0
        with xr.open_dataset(out) as ds:
            made.append(ds.load())
    for other in made[1:]:
        for name in made[0].data_vars:
            np.testing.assert_array_equal(other[name], made[0][name], err_msg=name)
    first = (tmp_path / "0.nc").read_bytes()
    assert (tmp_path / "1.nc").read_bytes() == first


def test_lists(capsys):
    for command, word in {
        "platforms": "demo_ship",
        "readers": "general_oceanics",
        "checks": "speed",
        "formats": "socat",
        "parametrisations": "10.4319/lom.2014.12.351",
        "transfer-velocities": "0.251",
    }.items():
        assert main([command]) == 0
        assert word in capsys.readouterr().out
    assert main(["platforms", "demo_ship"]) == 0


def test_transfer_velocities_are_drawn(tmp_path):
    path = tmp_path / "k.png"
    assert main(["transfer-velocities", "--plot", str(path)]) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_every_command_has_help(capsys):
    assert main([]) == 0
    assert "process" in capsys.readouterr().out
    for name in cli.commands:
        assert main([name, "--help"]) == 0
        assert name in capsys.readouterr().out


def test_help_and_import_are_quick():
    """Under 0.1 s and 0.15 s of CPU with compiled bytecode; best of five."""
    environment = {k: v for k, v in os.environ.items() if k[:10] != "PYTHONDONT"}
    code = "import resource as r; u = r.getrusage(r.RUSAGE_SELF)"
    code += "; print(u.ru_utime + u.ru_stime)"
    ways = {
        f"import oceanco2; {code}": 0.15,
        f"from oceanco2.cli import main; main(['--help']); {code}": 0.1,
    }
    for way, limit in ways.items():
        spent = []
        for _ in range(6):
            done = subprocess.run(
                [sys.executable, "-c", way],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            spent.append(float(done.stdout.split()[-1]))
        assert min(spent[1:]) < limit, way


# ---- bad input ----------------------------------------------------------------------


def test_unknown_words_name_the_nearest(raw, tmp_path, capsys):
    out = str(tmp_path / "o.nc")
    message = fails(capsys, "process", "demo_shp", raw, "-o", out, code=2)
    assert "Did you mean 'demo_ship'?" in message
    assert "Did you mean 'process'?" in fails(capsys, "proces", code=2)
    assert main(["process", "demo_ship", str(raw), "-o", out]) == 0
    message = fails(capsys, "export", out, "--format", "soccat", "-o", "x.tsv", code=2)
    assert "Did you mean 'socat'?" in message
    message = fails(
        capsys, "flux", out, "-o", "f.nc", "--parametrisation", "W15", code=2
    )
    assert "Did you mean 'W" in message
    assert fails(capsys, "process", "--nonsense", code=2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('column = "equ temp"', 'column = "eq temp"', ["eq temp", "equ temp"]),
        ('units = "mbar", sen', 'units = "mbr", sen', ["P_equ", "mbr", "mbar"]),
        ("T_equ      =", "T_eq      =", ["T_eq", "T_equ"]),
        ('reader = "delimited"', 'reader = "delimitd"', ["delimitd", "delimited"]),
        ('"EQU" = "water"', '"EQU" = "watre"', ["watre", "water"]),
        ("xCO2 = 374.86\n", "", ["standards", "xCO2"]),
        ("[metadata]", "[metdata]", ["metdata", "metadata"]),
        ("[metadata]", "[qc.SST]\nrnage = {}\n[metadata]", ["rnage", "range"]),
        (
            "[metadata]",
            '[reduction]\ntemperature_correction = "takahashi_1994"\n[metadata]',
            ["takahashi_1994", "takahashi_1993"],
        ),
        ("schema = 1", "schema = ", ["not valid TOML"]),
    ],
)
def test_wrong_platform_files(raw, tmp_path, platform_file, capsys, old, new, words):
    out = tmp_path / "o.nc"
    message = fails(capsys, "process", platform_file(old, new), raw, "-o", out)
    assert "ship.toml" in message or "dat.txt" in message
    for word in words:
        assert word in message
    assert not out.exists()


def test_unknown_run_type_is_an_error_unless_ignored(
    raw, tmp_path, capsys, platform_file
):
    broken = tmp_path / "raw"
    broken.mkdir()
    for path in raw.iterdir():
        if path.suffix in {".txt", ".csv"}:
            text = path.read_text().replace("\nATM\t", "\nAMT\t")
            (broken / path.name).write_text(text)
    out = tmp_path / "o.nc"
    message = fails(capsys, "process", "demo_ship", broken, "-o", out)
    assert "'AMT'" in message
    assert "ATM" in message
    assert "dat.txt" in message
    edited = platform_file("[runs]", '[runs]\nunknown = "ignored"')
    assert main(["process", edited, str(broken), "-o", str(out)]) == 0
    assert "AMT" in capsys.readouterr().err
    message = fails(capsys, "process", edited, broken, "-o", out, "--strict")
    assert "AMT" in message


def test_standard_without_a_concentration(raw, tmp_path, capsys, platform_file):
    edited = platform_file(
        '[[standards]]\nrun = "STD3"\nxCO2 = 374.86\n',
        '[[standards]]\nrun = "STD9"\nxCO2 = 374.86\n',
    )
    message = fails(capsys, "process", edited, raw, "-o", tmp_path / "o.nc")
    assert "STD3" in message


@pytest.mark.parametrize("kind", ["empty", "rubbish", "png", "netcdf", "other"])
def test_files_that_are_no_raw_files(raw, tmp_path, capsys, kind):
    broken = tmp_path / "2024-001dat.txt"
    content = {
        "empty": b"",
        "rubbish": bytes(np.random.default_rng(0).integers(0, 256, 5000, np.uint8)),
        "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "netcdf": b"\x89HDF\r\n\x1a\n" + bytes(100),
        "other": b"name,value\nsomething,else\n1,2\n",
    }
    broken.write_bytes(content[kind])
    tsg = next(raw.glob("*tsg*.csv"))
    out = tmp_path / "o.nc"
    message = fails(capsys, "process", "demo_ship", broken, tsg, "-o", out)
    assert broken.name in message
    assert not out.exists()


def test_truncated_last_row_is_kept_and_flagged(raw, tmp_path, capsys):
    log = logs(raw)[0]
    cut = tmp_path / log.name
    cut.write_bytes(log.read_bytes()[:-60])
    tsg = [str(p) for p in raw.glob("*tsg*.csv")]
    out = tmp_path / "o.nc"
    assert main(["process", "demo_ship", str(cut), *tsg, "-o", str(out)]) == 0
    with xr.open_dataset(out) as ds:
        whole = len(log.read_text().splitlines()) - 1
        assert ds.sizes["time"] == whole
        assert int(ds["damaged"].sum()) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_time_going_backwards_is_flagged(raw, tmp_path):
    log = logs(raw)[0]
    lines = log.read_text().splitlines(keepends=True)
    lines[300:320] = lines[310:320] + lines[300:310]
    (tmp_path / log.name).write_text("".join(lines))
    tsg = [str(p) for p in raw.glob("*tsg*.csv")]
    out = tmp_path / "o.nc"
    command = ["process", "demo_ship", str(tmp_path / log.name), *tsg]
    assert main([*command, "-o", str(out)]) == 0
    with xr.open_dataset(out) as ds:
        assert (np.diff(ds["time"].to_numpy()) >= np.timedelta64(0)).all()
        assert (ds["time_flag"].to_numpy() > 2).any()


def test_unwritable_output(raw, tmp_path, capsys):
    message = fails(capsys, "process", "demo_ship", raw, "-o", tmp_path / "no" / "o.nc")
    assert f"o.nc: no folder {tmp_path / 'no'}" in message
    message = fails(capsys, "process", "demo_ship", raw, "-o", tmp_path)
    assert f"{tmp_path}: is a directory" in message
    unknown = tmp_path / "o.xyz"
    message = fails(
        capsys,
        *("process", "demo_ship", raw, "-o", tmp_path / "o.nc", "--figure", unknown),
        code=2,
    )
    assert "xyz" in message
    assert not unknown.exists()


def test_no_such_raw_file(tmp_path, capsys):
    message = fails(capsys, "process", "demo_ship", "nowhere/*.txt", "-o", "o.nc")
    assert "nowhere" in message
    assert fails(capsys, "process", "demo_ship", tmp_path, "-o", "o.nc")
    assert fails(capsys, "export", "nowhere.nc", "--format", "socat", "-o", "x")


def test_manual_flags_win_and_need_a_reason(raw, tmp_path, capsys):
    out, flags = tmp_path / "o.nc", tmp_path / "flags.csv"
    assert main(["process", "demo_ship", str(raw), "-o", str(out)]) == 0
    with xr.open_dataset(out) as ds:
        good = np.flatnonzero(ds["fCO2_water_SST_wet_flag"].to_numpy() == 2)
        row = int(good[100])
        time = np.datetime_as_string(ds["time"].to_numpy()[row], unit="ms")
    head = "start,end,variable,flag,reason,who,when\n"
    line = f"{time},{time},fCO2_water_SST_wet,4,air bubbles,me,2024-04-01\n"
    flags.write_text(head + line)
    again = ["process", "demo_ship", str(raw), "-o", str(out), "--manual", str(flags)]
    assert main(again) == 0
    with xr.open_dataset(out) as ds:
        assert ds["fCO2_water_SST_wet_flag"].to_numpy()[row] == 4
        assert ds["fCO2_water_SST_wet_flag_automatic"].to_numpy()[row] == 2
        assert np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()[row])
    capsys.readouterr()
    flags.write_text(head + line.replace("air bubbles", ""))
    message = fails(capsys, *again)
    assert "flags.csv" in message
    assert "reason" in message
