"""One check of outputs for all commands, exit codes, and what reaches the terminal."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from oceanco2 import cli as commands
from oceanco2.cli import cli, main
from oceanco2.cli.group import OUTPUTS, visible
from oceanco2.errors import OptionError, ProcessingError, ReadError, UnknownNameError

PLATFORM = """
schema = 1
name = "Test Ship"
kind = "ship"
platform_code = "ZZ99"
[files.main]
reader = "delimited"
pattern = "*.csv"
separator = "comma"
time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }
[variables]
latitude = { column = "lat" }
longitude = { column = "lon" }
SST = { column = "sst", units = "degree_Celsius" }
salinity = { column = "sal", units = "1" }
T_equ = { column = "teq", units = "degree_Celsius" }
P_equ = { column = "peq", units = "hPa" }
xCO2_water_Tequ_dry = { column = "xco2", units = "umol mol-1" }
"""
PEOPLE = '[metadata]\ninvestigators = ["A. B."]\norganizations = ["C"]\n'
ROW = "2024-03-01 00:{0:02}:00,45.0{0:02},-20.0,10.{0:02},35,10.4{0:02},1012,39{0}"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a platform file and a small raw file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PLATFORM + PEOPLE)
    rows = [ROW.format(minute) for minute in range(10)]
    text = "\n".join(["time,lat,lon,sst,sal,teq,peq,xco2", *rows, ""])
    (tmp_path / "raw.csv").write_text(text)
    return tmp_path


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def fails(capsys, code, *argv):
    assert main([str(word) for word in argv]) == code
    (line,) = capsys.readouterr().err.splitlines()
    return line.removeprefix("oceanco2: ")


def leaves(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def test_every_option_that_names_an_output_is_checked():
    """Its help says that something is written."""
    unchecked, checked = [], set()
    for name, command in leaves(cli):
        assert type(command).invoke is commands.group.Command.invoke, name
        for parameter in command.params:
            text = getattr(parameter, "help", None) or ""
            writes = any(
                word in text for word in ("to write", "Also write", "Folder for")
            )
            if writes and parameter.name not in OUTPUTS:
                unchecked.append((name, parameter.name))
            checked |= {parameter.name} & OUTPUTS
    assert unchecked == []
    assert checked == OUTPUTS


@pytest.mark.parametrize(
    "words",
    [
        "process p.toml raw.csv -o raw.csv",
        "process p.toml *.csv -o raw.csv",
        "process p.toml raw.csv -o p.toml",
        "process p.toml raw.csv -o o.nc --report raw.csv",
        "process p.toml raw.csv -o o.nc --socat ./raw.csv",
        "process p.toml raw.csv -o o.nc --figure p.toml",
        "process p.toml raw.csv -o o.nc --manual flags.csv --report flags.csv",
        "flags apply raw.csv flags.csv -o flags.csv",
        "flags template raw.csv -o raw.csv",
        "flux raw.csv -o raw.csv",
        "flux raw.csv --wind flags.csv -o flags.csv",
        "export raw.csv --format netcdf -o raw.csv",
        "summary raw.csv --figure raw.csv",
        "figure raw.csv -o raw.csv",
        "socat metadata raw.csv -o raw.csv",
        "socat merge raw.csv -o raw.csv",
        "socat crossovers raw.csv flags.csv -o flags.csv",
        "socat grid raw.csv -o raw.csv",
        "socat grid raw.csv -o o.nc --csv raw.csv",
        "socat excerpt raw.csv -o o.nc --problems raw.csv",
        "icos package flags.csv --raw raw.csv --level 1 -o raw.csv",
        "platforms new raw.csv -o raw.csv",
    ],
)
def test_no_command_writes_over_what_it_reads(here, capsys, words):
    (here / "flags.csv").write_text("start\n")
    before = contents(here)
    line = fails(capsys, 1, *words.split())
    assert "is also an input; choose another output file" in line
    assert contents(here) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("process p.toml raw.csv -o o --socat o", "o: is given for --output and for"),
        (
            "process p.toml raw.csv -o o.nc --socat x --report ./x",
            "./x: is given for --socat and for --report",
        ),
        ("flux raw.csv -o o --figure o", "o: is given for --output and for --figure"),
        ("process p.toml raw.csv -o o.csv", "o.csv: netCDF is written; name it .nc"),
        (
            "process p.toml raw.csv -o o.nc --socat o.xlsx",
            "o.xlsx: a SOCAT upload file is written; name it .tsv or .txt or .tab",
        ),
        (
            "process p.toml raw.csv -o o.nc --report o.txt",
            "o.txt: JSON is written; name it .json",
        ),
        ("flux raw.csv -o o.csv", "o.csv: netCDF is written"),
        ("flags template raw.csv -o o.nc", "o.nc: CSV is written; name it .csv"),
        ("socat metadata raw.csv -o o.txt", "o.txt: XML is written; name it .xml"),
        ("socat merge raw.csv -o o.nc", "o.nc: a file in the format of SOCAT is"),
        ("socat crossovers raw.csv -o o.csv", "o.csv: text is written; name it .txt"),
        ("socat crossovers raw.csv --json -o o.txt", "o.txt: JSON is written"),
        ("socat excerpt raw.csv -o o.nc --problems o.json", "o.json: CSV is written"),
        ("socat grid raw.csv -o o.nc --csv o.png", "o.png: text is written"),
        ("platforms new raw.csv -o o.csv", "o.csv: a platform file is written; name"),
        ("nonsense", "no command named 'nonsense'"),
        ("process p.toml", "Missing argument 'RAW...'"),
        ("process p.toml raw.csv", "Missing option '-o'"),
        ("process p.toml raw.csv -o o.nc --nonsense", "No such option"),
        ("process nonsense raw.csv -o o.nc", "no platform named 'nonsense'"),
        ("export raw.csv --format netcfd -o o.nc", "Did you mean 'netcdf'?"),
    ],
)
def test_a_wrong_command_line(here, capsys, words, message):
    before = contents(here)
    assert message in fails(capsys, 2, *words.split())
    assert contents(here) == before


def test_an_upload_file_without_investigators_is_refused_before_the_run(here, capsys):
    (here / "p.toml").write_text(PLATFORM)
    words = ["process", "p.toml", "nowhere.csv", "-o", "o.nc", "--socat", "x.tsv"]
    line = fails(capsys, 1, *words)
    assert "investigators" in line
    assert "nowhere" not in line
    assert "nowhere.csv" in fails(capsys, 1, *words[:5])


def test_a_name_of_a_platform_may_be_the_folder_to_write(here, capsys):
    """`simulate demo_ship -o demo_ship` names no input."""
    (here / "demo_ship").mkdir()
    assert main(["simulate", "demo_ship", "--days", "0.05", "-o", "demo_ship"]) == 0


def test_files_of_one_run(here, capsys):
    words = (
        "process p.toml raw.csv -o o.nc --socat x.tsv --figure f.png --report r.json"
    )
    assert main(words.split()) == 0
    report = json.loads((here / "r.json").read_text())
    assert len(report["run_id"]) == 16
    assert f"Run ID: {report['run_id']}\n" in (here / "x.tsv").read_text()
    assert f"oceanco2 run {report['run_id']}".encode() in (here / "f.png").read_bytes()
    assert report["run_id"].encode() in (here / "o.nc").read_bytes()
    names = {"p.toml", "raw.csv", "o.nc", "x.tsv", "f.png", "r.json"}
    assert {path.name for path in here.iterdir()} == names
    assert main(words.split()) == 0  # again, over its own files
    again = json.loads((here / "r.json").read_text())
    assert again["run_id"] == report["run_id"]
    text = (here / "raw.csv").read_text()
    (here / "raw.csv").write_text(text.replace("35,10.401", "35,10.402"))
    assert main(words.split()) == 0
    assert json.loads((here / "r.json").read_text())["run_id"] != report["run_id"]


def test_an_interrupted_run_is_named(here, capsys, monkeypatch):
    from oceanco2 import staging

    assert main(["process", "p.toml", "raw.csv", "-o", "o.nc"]) == 0
    capsys.readouterr()
    found = {"abc": ["/x/a.tsv", "/x/b.json"]}
    monkeypatch.setattr(
        staging, "interrupted", lambda path: found if path == Path("o.nc") else {}
    )
    assert main(["summary", "o.nc"]) == 0
    assert capsys.readouterr().out.endswith(
        "\n\nthe run abc was interrupted: /x/a.tsv, /x/b.json not in place yet; the"
        " next run that writes to the folder completes it\n"
    )
    assert main(["summary", "o.nc", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["interrupted_runs"] == found
    found.clear()
    assert main(["summary", "o.nc", "--json"]) == 0
    assert "interrupted" not in capsys.readouterr().out


def run_command(monkeypatch, error):
    def stop(**_):
        raise error

    monkeypatch.setattr(commands.lists._checks, "callback", stop)
    return main(["checks"])


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (OptionError("x"), 2, "x"),
        (UnknownNameError("x"), 2, "x"),
        (click.UsageError("x"), 2, "x"),
        (click.ClickException("x"), 1, "x"),
        (ProcessingError("x"), 1, "x"),
        (ReadError("x"), 1, "x"),
        (MemoryError(), 1, "not enough memory for data of this size"),
        (click.exceptions.Abort(), 1, "stopped"),
        (ReadError("a\x1b[31m\x07b\n c"), 1, "a\\x1b[31m\\x07b c"),
    ],
)
def test_exit_codes(monkeypatch, capsys, error, code, line):
    assert run_command(monkeypatch, error) == code
    assert capsys.readouterr().err == f"oceanco2: {line}\n"


def test_options_that_name_a_file_that_was_read_are_of_the_data(
    here, monkeypatch, capsys
):
    from oceanco2.files import reading

    def stop(profile):
        with reading("raw.csv"):
            pass
        raise OptionError(f"{profile} of raw.csv is odd")

    monkeypatch.setattr(commands.lists._checks, "callback", stop)
    assert main(["checks"]) == 1
    assert capsys.readouterr().err == "oceanco2: default of raw.csv is odd\n"


def test_control_characters_are_visible():
    assert visible("a\tb\nc é µ") == "a\tb\nc é µ"
    assert visible("\x00\x08\x0b\r\x1f\x7f\x80\x9f") == (
        r"\x00\x08\x0b\r\x1f\x7f\x80\x9f"
    )
    assert visible("\u202a\u202e\u2066\u2069") == r"\u202a\u202e\u2066\u2069"
    assert visible(" \xa0\u2029\u202f\u2065") == " \xa0\u2029\u202f\u2065"


def test_control_characters_of_files_never_reach_the_terminal(here, capsys):
    text = (here / "p.toml").read_text()
    (here / "p.toml").write_text(text.replace("Test Ship", r"Test \u001b[2J Ship"))
    assert main(["process", "p.toml", "raw.csv", "-o", "o.nc"]) == 0
    raw = (here / "raw.csv").read_text()
    (here / "raw.csv").write_text(raw.replace("time,lat", "time,l\x1b]0;x\x07at"))
    assert main(["process", "p.toml", "raw.csv", "-o", "o.nc"]) == 1
    message = capsys.readouterr()
    for text in message:
        assert not {"\x1b", "\x07"} & set(text)
    assert r"Test \x1b[2J Ship" in message.out


WAIT = """
import sys, time
from oceanco2 import cli, files
def wait(profile):
    with files.writing("a.nc") as temporary:
        temporary.write_text("half")
        print("ready", flush=True)
        time.sleep(60)
cli.lists._checks.callback = wait
sys.exit(cli.main(["checks"]))
"""


def test_sigterm_cleans_up(here):
    child = subprocess.Popen(
        [sys.executable, "-c", WAIT], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout.readline() == b"ready\n"
    assert [p for p in here.iterdir() if p.name.startswith(".oceanco2.")]
    child.send_signal(signal.SIGTERM)
    _, error = child.communicate(timeout=30)
    assert child.returncode == 143
    assert error == b"oceanco2: stopped\n"
    assert {path.name for path in here.iterdir()} == {"p.toml", "raw.csv"}


def test_who_handles_sigterm_goes_on_doing_so(here):
    seen = []

    def note(*_):
        seen.append(1)

    before = signal.signal(signal.SIGTERM, note)
    try:
        assert main(["readers"]) == 0
        assert signal.getsignal(signal.SIGTERM) is note
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        assert main(["readers"]) == 0
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_pipes_are_read(here):
    os.mkfifo(here / "pipe")
    os.mkfifo(here / "platform")
    code = "import sys; from oceanco2.cli import main; sys.exit(main())"
    words = ["process", "platform", "pipe", "-o", "o.nc"]
    writers = [
        subprocess.Popen(["sh", "-c", f"cat {source} > {pipe}"])
        for source, pipe in (("p.toml", "platform"), ("raw.csv", "pipe"))
    ]
    command = [sys.executable, "-c", code, *words]
    try:
        done = subprocess.run(command, timeout=60, check=False)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert done.returncode == 0
    assert (here / "o.nc").exists()
