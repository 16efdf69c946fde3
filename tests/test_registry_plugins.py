"""Another distribution adds entries of every kind, and commands use them.

The distribution is the one of `docs/adding.md`, written by the test into a folder on
the path; with `OCEANCO2_PLUGINS=pip` in the environment, pip installs it there.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

ROOT = Path(__file__).parents[1]
DIST = "oceanco2-trial"
PACKAGE = "oceanco2_trial"
BIT = 1 << 58
#: Runs commands one after the other in one process; prints code, output and errors.
RUNNER = """
import contextlib, io, json, sys
from oceanco2.cli import main
results = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(command)
    results.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(results))
"""
PLATFORM = """
schema = 1
name = "Trial"
kind = "ship"
platform_code = "99ZZ"

[files.logger]
reader = "trial_logger"
pattern = "*.log"

[variables]
latitude = { value = 55.0 }
longitude = { value = 3.0 }
salinity = { value = 35.0, units = "1" }
SST = { column = "T", units = "degree_Celsius" }
T_equ = { column = "T", units = "degree_Celsius" }
P_equ = { column = "P", units = "hPa" }
P_atm = { column = "P", units = "hPa" }
xCO2_water_Tequ_dry = { column = "X", units = "umol mol-1" }

[qc.T_equ]
coarse = { step = 0.05 }

[metadata]
investigators = ["Trial, A."]
organizations = ["Institute"]
"""
WITHOUT = PLATFORM.replace(
    'reader = "trial_logger"',
    'reader = "delimited"\nseparator = "comma"\n'
    'names = ["mark", "time", "t", "T", "p", "P", "x", "X"]\n'
    "header = { skip = 1, rows = 0 }\n"
    'time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%SZ" }',
).replace("[qc.T_equ]\ncoarse = { step = 0.05 }\n", "")


# ---- the distribution of docs/adding.md ----------------------------------------------


def section(heading):
    """Text below one heading of the page about adding things."""
    page = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def blocks(heading, language):
    return re.findall(rf"```{language}\n(.*?)```", section(heading), re.DOTALL)


def documented_modules():
    """The modules of the distribution by name, and its table of entry points."""
    modules = {"logger": blocks("A reader", "python")[0]}
    modules["figures"] = blocks("A kind of figure", "python")[0]
    for block in blocks("From a plug-in", "python"):
        name = re.match(rf'"""{PACKAGE}/(\w+)\.py', block)[1]
        modules[name] = block
    return modules, blocks("From a plug-in", "toml")[0]


def write_distribution(folder, name, modules, groups):
    """Install by hand: modules, and the metadata that pip would write."""
    package = folder / name.replace("-", "_")
    package.mkdir(parents=True)
    for module, text in {"__init__": "", **modules}.items():
        (package / f"{module}.py").write_text(text)
    info = folder / f"{package.name}-1.0.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata)
    lines = []
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


def install(source, target, modules, project):
    """Install with pip, which looks nothing up; it needs setuptools and wheel."""
    package = source / PACKAGE
    package.mkdir(parents=True)
    for module, text in {"__init__": "", **modules}.items():
        (package / f"{module}.py").write_text(text)
    (source / "pyproject.toml").write_text(project)
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-build-isolation"]
    command = [*pip, "--no-index", "--target", str(target), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return target


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """A folder in which the distribution is installed."""
    modules, project = documented_modules()
    folder = tmp_path_factory.mktemp("plugin")
    if os.environ.get("OCEANCO2_PLUGINS") == "pip":
        return install(folder / "source", folder / "target", modules, project)
    groups = tomllib.loads(project)["project"]["entry-points"]
    return write_distribution(folder / "target", DIST, modules, groups)


def commands(folders, *lines):
    """Run commands in one new process whose path has these folders."""
    path = os.pathsep.join(map(str, [*folders, ROOT]))
    result = subprocess.run(
        [sys.executable, "-c", RUNNER, json.dumps([line.split() for line in lines])],
        env=os.environ | {"PYTHONPATH": path, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def cruise(plugin, tmp_path_factory):
    """Raw lines and platform file, and all that is made of them with the plug-in."""
    folder = tmp_path_factory.mktemp("cruise")
    start = datetime(2024, 5, 1)
    lines = ["# TRIAL LOGGER"]
    for i in range(60):
        clock = f"{start + timedelta(minutes=i):%Y-%m-%dT%H:%M:%SZ}"
        lines.append(
            f"$TL,{clock},T,{12 + i % 5 / 10:.1f},P,1013.{i % 7},X,398.{i % 9}"
        )
    (folder / "a.log").write_text("\n".join(lines) + "\n")
    (folder / "trial.toml").write_text(PLATFORM)
    (folder / "without.toml").write_text(WITHOUT)
    names = ["process", "flags", "flux", "figure", "own", "socat", "new"]
    made = commands(
        [plugin],
        f"process {folder}/trial.toml {folder}/a.log -o {folder}/out.nc",
        f"flags list {folder}/out.nc",
        f"flux {folder}/out.nc --parametrisation trial_2026 --wind 7 --xco2-air 420"
        f" -o {folder}/flux.nc",
        f"figure {folder}/out.nc --kind ts --variable SST -o {folder}/ts.png",
        f"export {folder}/out.nc --format trial_csv -o {folder}/own.csv",
        f"export {folder}/out.nc --format socat -o {folder}/socat.tsv",
        f"platforms new {folder}/a.log -o {folder}/draft.toml",
    )
    return folder, dict(zip(names, made, strict=True))


# ---- with the distribution -----------------------------------------------------------


def test_the_code_in_the_documentation_is_complete():
    modules, project = documented_modules()
    assert set(modules) == {"velocity", "checks", "logger", "figures", "formats"}
    groups = tomllib.loads(project)["project"]["entry-points"]
    values = [value for points in groups.values() for value in points.values()]
    assert sorted(values) == sorted(f"{PACKAGE}.{module}" for module in modules)


def test_lists_name_the_distribution_of_an_entry(plugin):
    made = commands(
        [plugin], "readers", "checks", "formats", "transfer-velocities", "figure --help"
    )
    entries = ["trial_logger", "coarse", "trial_csv", "trial_2026"]
    for entry, (code, out, err) in zip(entries, made, strict=False):
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert "distribution" in out, entry
        selected = [line for line in lines if line.startswith(entry)]
        assert len(selected) == 1
        assert selected[0].rstrip().endswith(DIST)
    assert sum(DIST in out for _, out, _ in made) == 5
    assert re.search(r"\n +ts +temperature against salinity", made[-1][1])


def test_a_reader_and_a_check_in_a_platform_file(cruise):
    folder, made = cruise
    assert made["process"][0] == 0, made["process"]
    with xr.open_dataset(folder / "out.nc") as ds:
        assert ds.sizes["time"] == 60
        assert np.isfinite(ds["fCO2_water_SST_wet"]).all()
        assert (ds["T_equ_flag"] == 3).all()
        assert "coarse" in ds["T_equ_flag"].attrs["tests_applied"]
        assert (ds["T_equ_tests"].to_numpy() & BIT).all()
        assert not (ds["SST_tests"].to_numpy() & BIT).any()
        for name in ("T_equ_tests", "SST_tests"):
            assert meaning(ds[name], BIT) == "coarse"
    code, out, _ = made["flags"]
    assert code == 0
    assert re.search(r"coarse.*0\.05", out)


def meaning(tests, bit):
    """What a bit of a variable of tests means, by its own attributes."""
    masks = [int(mask) for mask in tests.attrs["flag_masks"]]
    return tests.attrs["flag_meanings"].split()[masks.index(bit)]


def test_a_transfer_velocity_with_its_uncertainty(cruise):
    folder, made = cruise
    assert made["flux"][0] == 0, made["flux"]
    with xr.open_dataset(folder / "flux.nc") as ds:
        assert ds["flux_CO2"].attrs["method"] == "trial_2026"
        comment = ds["flux_CO2_uncertainty"].attrs["comment"]
        assert "transfer velocity 0.2," in comment


def test_a_figure_and_a_format(cruise):
    folder, made = cruise
    assert made["figure"][0] == 0, made["figure"]
    assert (folder / "ts.png").stat().st_size > 5000
    assert made["own"][0] == 0, made["own"]
    rows = (folder / "own.csv").read_text().splitlines()
    assert rows[0] == "time,latitude,longitude,fCO2_water_SST_wet"
    assert len(rows) == 61
    assert made["socat"][0] == 0, made["socat"]
    assert "fCO2" in (folder / "socat.tsv").read_text()


def test_a_file_of_the_reader_is_drafted(cruise):
    folder, made = cruise
    assert made["new"][0] == 0, made["new"]
    text = (folder / "draft.toml").read_text()
    assert 'reader = "trial_logger"' in text
    assert '# VARIABLE = { column = "T", units = "UNITS" }' in text


# ---- without it, and with others -----------------------------------------------------


def test_files_written_with_a_distribution_are_readable_without_it(cruise):
    folder, _ = cruise
    made = commands(
        [],
        f"summary {folder}/out.nc",
        f"flags list {folder}/out.nc",
        f"export {folder}/out.nc --format socat -o {folder}/again.tsv",
        f"summary {folder}/flux.nc",
        f"process {folder}/trial.toml {folder}/a.log -o {folder}/no.nc",
        f"process {folder}/without.toml {folder}/a.log -o {folder}/other.nc",
    )
    codes = [code for code, *_ in made]
    assert codes == [0, 0, 0, 0, 1, 0], made
    assert re.search(r"coarse +T_equ 60", made[0][1])
    assert re.search(r"T_equ.*coarse", made[1][1])
    assert (folder / "again.tsv").read_text() == (folder / "socat.tsv").read_text()
    assert "no reader named 'trial_logger'" in made[4][2]
    assert made[4][2].count("\n") == 1
    with xr.open_dataset(folder / "other.nc") as ds:
        masks = [int(mask) for mask in ds["T_equ_tests"].attrs["flag_masks"]]
        assert BIT not in masks


def test_a_distribution_that_fails_costs_one_warning(cruise, tmp_path):
    folder, _ = cruise
    _, project = documented_modules()
    groups = tomllib.loads(project)["project"]["entry-points"]
    names = ("velocity", "checks", "logger", "figures", "formats")
    modules = dict.fromkeys(names, "import no_such_module_at_all\n")
    broken = write_distribution(tmp_path, DIST, modules, groups)
    made = commands(
        [broken],
        f"process {folder}/without.toml {folder}/a.log -o {tmp_path}/out.nc",
        f"export {tmp_path}/out.nc --format socat -o {tmp_path}/out.tsv",
        f"figure {tmp_path}/out.nc --kind track -o {tmp_path}/track.png",
        "transfer-velocities",
        "readers",
    )
    assert [code for code, *_ in made] == [0] * 5, made
    errors = "".join(err for *_, err in made)
    warned = [line for line in errors.splitlines() if "plug-in" in line]
    assert len(warned) == 1, warned
    assert f"plug-in {DIST!r} cannot be used" in warned[0]
    assert "no_such_module_at_all" in warned[0]
    rows = (tmp_path / "out.tsv").read_text().splitlines()
    assert len(rows) == len((folder / "socat.tsv").read_text().splitlines())


#: The list of each registry, and the module of the distribution that fills it.
LISTS = {
    "readers": "logger",
    "checks": "checks",
    "formats": "formats",
    "transfer-velocities": "velocity",
    "figure --help": "figures",
}


def test_two_distributions_that_take_one_name_are_an_error(plugin, tmp_path):
    modules, project = documented_modules()
    groups = tomllib.loads(project.replace(PACKAGE, "second"))["project"]
    second = write_distribution(tmp_path, "second", modules, groups["entry-points"])
    made = commands([plugin, second], *LISTS)
    for (command, module), (code, _, err) in zip(LISTS.items(), made, strict=True):
        assert code == 1, command
        assert err.count("\n") == 1, err
        assert DIST in err, module
        assert "second" in err, module
