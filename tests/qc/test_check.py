"""Registration of checks: what is refused, and checks of other distributions."""

import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import xarray as xr
from pydantic import PositiveFloat

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import OptionError, PlatformError, RegistrationError
from oceanco2.qc import CHECKS, check_options
from oceanco2.qc.check import Count, Options, good, register

#: The lowest bit that the package has left.
FREE = next(bit for bit in range(58) if 1 << bit not in TEST_BITS.values())


class TrialOptions(Options):
    step: PositiveFloat = 0.1
    samples: Count = 5


FACTS = {
    "bit": 58,
    "description": "values printed in steps that are too large",
    "reference": "Trial et al. (2026)",
    "options": TrialOptions,
}


def register_trial_step(name="trial_step", module=__name__, **changes):
    """Register a check, and remove it again."""

    def check(values, seconds, *, step, samples):
        return good(values)

    check.__module__ = module
    facts = {k: v for k, v in (FACTS | changes).items() if v is not None}
    try:
        register(name, **facts)(check)
        return CHECKS[name]
    finally:
        CHECKS._entries.pop(name, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bit": None}, "check 'trial_step' has no bit: use the lowest free one"),
        (
            {"bit": 5},
            r"bit 5 of check 'trial_step' \(\S*test_check\) is taken by 'spike'",
        ),
        ({"bit": 23}, r"bit 23 of check 'trial_step' .* is taken by 'manual'"),
        ({"bit": FREE}, "reserved for oceanco2: plug-ins use 58 to 62"),
        ({"bit": 63}, "must be a whole number from 0 to 62, not 63"),
        ({"bit": -1}, "must be a whole number from 0 to 62, not -1"),
        ({"bit": 58.5}, "must be a whole number"),
        ({"bit": True}, "bit True of check 'trial_step' .* taken by 'physical'"),
        ({"reference": None}, "check 'trial_step' has no reference"),
        ({"reference": " "}, "check 'trial_step' has no reference"),
        ({"description": None}, "check 'trial_step' has no description"),
        ({"needs": ("SST",)}, "its function does not take SST"),
        ({"options": Options}, "its function takes samples, step"),
        (
            {"limits": {"defualt": {}}},
            "'trial_step': no profile named 'defualt'. Did you mean 'default'",
        ),
        (
            {"limits": {"default": {"T_eq": {}}}},
            "'T_eq': no variable named 'T_eq'. Did you mean 'T_equ'",
        ),
        (
            {"limits": {"default": {"T_equ": {"stepp": 1.0}}}},
            "'T_equ': no option named 'stepp'. Did you mean 'step'",
        ),
    ],
)
def test_an_incomplete_check_is_refused(changes, words):
    with pytest.raises(RegistrationError, match=words):
        register_trial_step(**changes)
    assert "trial_step" not in CHECKS


def test_bits_of_plug_ins_are_refused_in_the_package():
    for bit in (58, 62):
        with pytest.raises(RegistrationError, match="'trial_step' is reserved for"):
            register_trial_step(bit=bit, module="oceanco2.qc.checks.series")
    assert register_trial_step(bit=FREE, module="oceanco2.qc.checks.series").bit == FREE


def test_a_name_that_is_taken_is_refused():
    for name, words in (
        ("manual", "has the name of another test"),
        ("spike", "already"),
    ):
        kept = CHECKS._entries.get(name)
        with pytest.raises(RegistrationError, match=words):
            register_trial_step(name)
        if kept is not None:
            CHECKS._entries[name] = kept


def test_a_check_owns_its_options():
    entry = register_trial_step()
    assert entry.option_names == ["step", "samples"]
    assert entry.with_defaults({"step": 2}) == {"step": 2, "samples": 5}
    for options in ({}, {"step": 2}, {"step": 0.5, "samples": 31}, {"samples": 31.0}):
        entry.options.validate_options(options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"step": "x"}, "'step' must be a number"),
        ({"step": [1, 2]}, "'step' must be a number"),
        ({"step": "0.5"}, "'step' must be a number"),
        ({"step": 0}, "'step' must be greater than 0, not 0"),
        ({"step": True}, "'step' must be a number"),
        ({"stepp": 1}, "no option named 'stepp'. Did you mean 'step'?"),
        ({"step": "x", "stepp": 1}, "no option named 'stepp'"),
        ({"samples": 2.7}, "'samples' must be a whole number from 1, not 2.7"),
        ({"samples": 0}, "'samples' must be a whole number from 1, not 0"),
        ({"samples": "many"}, "'samples' must be a whole number"),
    ],
)
def test_a_wrong_option_is_one_line(options, words):
    with pytest.raises(OptionError) as error:
        TrialOptions.validate_options(options)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("outlier = { questionable = 1, samples = 2.7 }", ["'samples'", "2.7"]),
        ("outlier = { questionable = 1, sampels = 3 }", ["mean 'samples'?"]),
        ('constant = { minutes = "x" }', ["[qc.T_equ.constant] 'minutes' must be"]),
        ("constant = { minutes = [1, 2] }", ["[qc.T_equ.constant] 'minutes' must be"]),
        ("spike = { questionable = 1 }", ["[qc.T_equ.spike] lacks 'bad'"]),
    ],
)
def test_a_wrong_option_is_found_before_data_are_read(table, words):
    text = platforms.available()["demo_ship"].read_text()
    ship = platforms.parse(f"{text}\n[qc.T_equ]\n{table}\n".encode(), "ship.toml")
    with pytest.raises(PlatformError) as error:
        check_options(ship)
    assert str(error.value).startswith("ship.toml: [qc.T_equ.")
    assert all(word in str(error.value) for word in words)
    assert "\n" not in str(error.value)


def test_no_other_table_is_keyed_by_the_name_of_a_check():
    """Facts about a check stand on the check, not in a dict of names elsewhere."""
    import ast
    from pathlib import Path

    import oceanco2

    package = Path(oceanco2.__file__).parent
    # The vocabulary has limits of its variables; these mean something else.
    others = {
        *(("qc/limits.py", "warming"), ("simulation/world.py", "warming")),  # variable
        ("qc/__init__.py", "position"),
        ("fluxes/__init__.py", "ice"),
        *(("platforms/contradictions.py", name) for name in ("constant", "land")),
        # criteria of SOCAT
        *(("socat/criteria/rules.py", name) for name in ("warming_rate", "cooling")),
    }
    found = []
    for path in package.rglob("*.py"):
        place = path.relative_to(package).as_posix()
        if place.startswith("qc/checks/") or place == "vocabulary.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            keys = node.keys if isinstance(node, ast.Dict) else ()
            names = {k.value for k in keys if isinstance(k, ast.Constant)}
            found += [(place, name) for name in names & set(CHECKS)]
    assert set(found) <= others


PLUGIN = """
import numpy as np
from pydantic import PositiveFloat

from oceanco2.qc.check import Options, good, register
from oceanco2.vocabulary import QUESTIONABLE


class TrialOptions(Options):
    step: PositiveFloat = 0.1


def _step(x):
    steps = np.diff(np.unique(x[np.isfinite(x)].round(9)))
    return float(steps.min()) if steps.size else np.nan


def _measured(series, options):
    return np.full(series.at.size, _step(series.x))


@register(
    "trial_step",
    bit=58,
    description="values printed in steps that are too large",
    reference="Trial et al. (2026), doi:10.1234/trial.2026",
    options=TrialOptions,
    limits={"default": {"T_equ": {"step": 0.1}}},
    measure=_measured,
    sentence="in steps of {:.4g}",
)
def check_trial_step(values, seconds, *, step):
    flags = good(values)
    if _step(values) > step * (1.0 + 1e-9):
        flags[np.isfinite(values)] = QUESTIONABLE
    return flags
"""


def distribution(folder, name, text):
    """A distribution of one module with one entry point in the group of checks."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(text)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    )
    points = f"[oceanco2.checks]\ntrial = {module}\n"
    (info / "entry_points.txt").write_text(points)


def run(folder, program, *arguments):
    """Run a program in a fresh interpreter that sees the distributions of a folder."""
    path = f"import sys; sys.path.insert(0, {str(folder)!r})\n" if folder else ""
    command = [sys.executable, "-c", path + textwrap.dedent(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


WRITE = """
import sys
import numpy as np, xarray as xr
from oceanco2 import platforms
from oceanco2.export import write
from oceanco2.qc import flag

n = 40
time = np.datetime64("2024-01-01", "ns") + np.arange(n) * np.timedelta64(60, "s")
values = 10.0 + np.repeat(np.arange(20) % 3, 2) * 0.5
ds = xr.Dataset({"T_equ": ("time", values)}, coords={"time": time})
ds["latitude"] = ds["longitude"] = ("time", np.linspace(0.0, 0.1, n))
text = platforms.available()["demo_ship"].read_text() + sys.argv[2]
ship = platforms.parse(text.encode(), "ship.toml")
out = flag(ds.set_coords(["latitude", "longitude"]), ship)
write(out, sys.argv[1], format="netcdf")
"""
READ = """
import sys, warnings
from oceanco2.bits import TEST_BITS, named_tests
from oceanco2.export import open_dataset
from oceanco2.qc import explain, manual_template

ds = open_dataset(sys.argv[1])
tests = ds["T_equ_tests"]
print("trial_step" in TEST_BITS, named_tests(int(tests[0]), tests.attrs))
print(ds["T_equ_flag"].attrs["tests_applied"])
table = explain(ds, "T_equ")
print(len(table), set(table["test"]), table["reason"][0])
print(manual_template(ds, "T_equ").splitlines()[1])
"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """A folder with the distribution, and a file that was written with its check."""
    folder = tmp_path_factory.mktemp("plugin")
    distribution(folder, "oceanco2-trial", PLUGIN)
    path = folder / "out.nc"
    written = run(folder, WRITE, str(path), "")
    assert written.returncode == 0, written.stderr
    return folder, path


def test_a_check_of_another_distribution_runs_and_is_listed(plugin):
    folder, _ = plugin
    listed = run(folder, "from oceanco2.cli import main; main()", "checks")
    assert listed.returncode == 0, listed.stderr
    head, *lines = listed.stdout.splitlines()
    assert head.split()[-1] == "distribution"
    row = next(line for line in lines if line.startswith("trial_step "))
    assert row.split()[1] == "step"
    assert row.split()[-1] == "oceanco2-trial"
    assert any("[qc.T_equ]" in x and "trial_step: step 0.1" in x for x in lines)
    plain = run(None, "from oceanco2.cli import main; main()", "checks")
    assert "distribution" not in plain.stdout
    assert "trial_step" not in plain.stdout


def test_its_options_are_validated_like_those_of_the_package(plugin, tmp_path):
    folder, _ = plugin
    for options, words in (
        ('{ step = "x" }', "[qc.T_equ.trial_step] 'step' must be a number"),
        ("{ stepp = 1 }", "Did you mean 'step'?"),
    ):
        extra = f"\n[qc.T_equ]\ntrial_step = {options}\n"
        failed = run(folder, WRITE, str(tmp_path / "out.nc"), extra)
        assert words in failed.stderr.splitlines()[-1]
    finer = "\n[qc.T_equ]\ntrial_step = { step = 0.5 }\n"
    path = tmp_path / "fine.nc"
    assert run(folder, WRITE, str(path), finer).returncode == 0
    with xr.open_dataset(path) as ds:
        assert not (ds["T_equ_tests"].to_numpy() & (1 << 58)).any()


def test_a_file_is_decoded_without_the_plug_in_that_wrote_it(plugin):
    folder, path = plugin
    with_it, without = run(folder, READ, str(path)), run(None, READ, str(path))
    for result, present in ((with_it, "True"), (without, "False")):
        assert result.returncode == 0, result.stderr
        first, applied, reason, template = result.stdout.splitlines()
        assert first.split()[0] == present
        assert "'trial_step'" in first
        assert json.loads(applied)["trial_step"] == {"step": 0.1}
        assert reason.startswith("40 {'trial_step'} T_equ 10")
        assert ",trial_step,," in template
    assert "in steps of 0.5 (step 0.1)" in with_it.stdout


def test_its_test_keeps_its_name_in_all_that_is_made_of_the_file(plugin):
    from oceanco2.export import open_dataset
    from oceanco2.export.rows import comments
    from oceanco2.figures.kinds.overview import fired_counts
    from oceanco2.fluxes.quality import of_variable, worst_quality
    from oceanco2.summary.numbers import _tests

    result = "fCO2_water_SST_wet"
    ds = open_dataset(plugin[1])
    names = {name: name.replace("T_equ", result) for name in map(str, ds.data_vars)}
    ds = ds.rename({old: new for old, new in names.items() if old != new})
    rows = np.arange(40)
    assert set(comments(ds, rows, [result], with_inputs=False)) == {"trial step"}
    assert _tests(ds, result) == {"trial_step": 40}
    assert fired_counts(ds, result) == [("trial_step", 40)]
    quality = worst_quality([of_variable(ds, result)], np.ones(40))
    assert quality.unknown == {"trial_step": 1 << 58}
    assert (quality.tests >> 58 == 1).all()


def test_the_template_separates_flags_by_the_highest_bits_too(plugin):
    from oceanco2.export import open_dataset
    from oceanco2.qc import manual_template

    ds = open_dataset(plugin[1])
    tests = ds["T_equ_tests"].to_numpy()
    for rows, bit in ((slice(10, 20), 61), (slice(20, 30), 62)):
        tests[rows] = 1 << bit
    ds["T_equ_tests"].values[:] = tests
    lines = manual_template(ds, "T_equ").splitlines()[1:]
    assert [line.split(",")[4] for line in lines] == [
        *("trial_step", "no test named", "no test named", "trial_step"),
    ]


def test_other_bits_of_that_file_are_those_of_every_file(plugin):
    _, path = plugin
    with xr.open_dataset(path) as ds:
        attrs = ds["T_equ_tests"].attrs
        assert attrs["flag_masks"].tolist() == [*TEST_BITS.values(), 1 << 58]
        assert attrs["flag_meanings"].split() == [*TEST_BITS, "trial_step"]
        np.testing.assert_array_equal(ds["T_equ_tests"], np.full(40, 1 << 58))


def test_two_distributions_with_one_bit_are_an_error_naming_both(tmp_path):
    distribution(tmp_path, "first-trial", PLUGIN)
    distribution(tmp_path, "second-trial", PLUGIN.replace('"trial_step"', '"rough"'))
    failed = run(tmp_path, "from oceanco2.qc import CHECKS\nlen(CHECKS)")
    last = failed.stderr.splitlines()[-1]
    assert "RegistrationError" in last
    assert "bit 58 of check 'rough' (second_trial) is taken by" in last
    assert "'trial_step' (first_trial)" in last


def test_a_distribution_that_fails_costs_one_warning(tmp_path):
    distribution(tmp_path, "broken-trial", "import no_such_module\n")
    program = "from oceanco2.bits import mask_attrs\nprint(len(mask_attrs('x')))"
    result = run(tmp_path, program)
    assert result.stdout.split() == ["3"]
    assert result.stderr.count("PluginWarning") == 1
    assert "'broken-trial' cannot be used" in result.stderr
