"""Damaged inputs of every kind, run as commands; what must hold for each of them.

A case is given by a seed and its number, so that each can be run again alone:
``python -m tests.fuzz --seed 1 --first 17 --count 1``.
"""

import io
import os
import shutil
import signal
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from oceanco2.cli import main
from oceanco2.export import open_dataset, write
from tests.fuzz import damage

SAMPLES = Path(__file__).parents[1] / "readers" / "samples"
SECONDS = 60  # that no case may take
REQUIRED = ("latitude", "longitude", "SST", "salinity", "T_equ", "P_equ")
#: What is compared with the undamaged file: read, not computed.
READ = ("SST", "salinity", "T_equ", "P_equ", "P_atm", "xCO2_water_Tequ_dry")
HINTS = "[metadata]\ninvestigators = ['A. B.']\norganizations = ['C']\n"


@dataclass
class Seeds:
    """Undamaged files in a folder, and what the undamaged run gives."""

    folder: Path
    raw: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def errors(self):
        told = ("oceanco2: warning:", "oceanco2: note:")
        return [line for line in self.err.splitlines() if not line.startswith(told)]


def run(words):
    """Run a command as a user types it; raise TimeoutError if it does not end."""

    def stop(*_):
        raise TimeoutError(" ".join(words))

    out, err = io.StringIO(), io.StringIO()
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return Outcome(code, out.getvalue(), err.getvalue())


def complete(text):
    """Add to a platform file of a sample what `process` needs, as absent."""
    known = tomllib.loads(text)["variables"]
    lines = [f"{name} = {{ absent = true }}" for name in REQUIRED if name not in known]
    text = text.replace("[variables]\n", "\n".join(["[variables]", *lines, ""]), 1)
    return text if "[metadata]" in text else f"{text}\n{HINTS}"


def values_of(path):
    """Return the values that are good, by time."""
    ds = open_dataset(path)
    rows = {}
    for name in READ:
        if name not in ds or f"{name}_flag" not in ds:
            continue
        good = np.flatnonzero(ds[f"{name}_flag"].to_numpy() == 2)
        times, values = ds["time"].to_numpy(), ds[name].to_numpy()
        rows[name] = {}
        for row in good:
            rows[name].setdefault(times[row], set()).add(float(values[row]))
    return rows


def sow(folder):
    """Write the undamaged files: platform and log for each reader, results of one."""
    seeds = Seeds(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        for platform in sorted(SAMPLES.glob("*.toml")):
            name = platform.stem
            raw = next(p for p in SAMPLES.glob(f"{name}.*") if p != platform)
            text = complete(platform.read_text(encoding="utf-8"))
            Path(platform.name).write_text(text, encoding="utf-8")
            log = f"log_{raw.name}"
            shutil.copy(raw, log)
            done = run(["process", platform.name, log, "-o", "out.nc"])
            if done.code == 0:
                seeds.rows[name] = values_of("out.nc")
                Path("out.nc").unlink()
            seeds.raw[name] = log
        _add_results()
    finally:
        os.chdir(before)
    return seeds


def _add_results():
    words = "process delimited.toml log_delimited.csv -o o.nc --socat o.tsv"
    assert run(words.split()).code == 0
    assert run(["socat", "metadata", "o.nc", "-o", "m.xml"]).code == 0
    assert run(["flags", "template", "o.nc", "-o", "f.csv"]).code == 0
    day = "2024-05-01T00"
    lines = [
        f"{day}:{minute:02}:00,{day}:{minute + 1:02}:30,SST,{flag},why,me"
        for minute, flag in ((5, 3), (9, 4), (20, 2))
    ]
    head = "start,end,variable,flag,reason,who\n"
    Path("f.csv").write_text(head + "\n".join(lines) + "\n")
    rows = [f"2024-05-01T{hour:02}:00:00,{5 + hour}.5" for hour in range(3)]
    Path("w.csv").write_text("\n".join(["time,wind_speed", *rows, ""]))
    with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("log_delimited.csv")


def _raw(seeds, rng):
    names = list(seeds.raw)
    name = names[int(rng.integers(len(names)))]
    if rng.random() < 0.4:
        name = "delimited"
    log = seeds.raw[name]
    kind = damage.BINARY if log.endswith((".xlsx", ".nc")) else damage.TEXT
    words = ["process", f"{name}.toml", log, "-o", "new.nc"]
    return [f"{name}.toml", log], log, kind, words


def _draft(seeds, rng):
    name = list(seeds.raw)[int(rng.integers(len(seeds.raw)))]
    log = seeds.raw[name]
    kind = damage.BINARY if log.endswith((".xlsx", ".nc")) else damage.TEXT
    return [log], log, kind, ["platforms", "new", log, "-o", "new.toml"]


def _platform(seeds, rng):
    name = list(seeds.raw)[int(rng.integers(len(seeds.raw)))]
    files = [f"{name}.toml", seeds.raw[name]]
    words = ["process", files[0], files[1], "-o", "new.nc"]
    return files, files[0], damage.WORDS, words


def _flags(seeds, rng):
    words = [
        "flags",
        "apply",
        "o.nc",
        "f.csv",
        "-o",
        "new.nc",
        "--platform",
        "delimited.toml",
    ]
    return ["o.nc", "f.csv", "delimited.toml"], "f.csv", damage.TEXT, words


_UPLOAD = (
    "socat check o.tsv",
    "socat check o.tsv --json",
    "diagnose o.tsv",
    "socat crossovers o.tsv o.nc",
    "socat excerpt log_socat.tsv -o new.csv",
    "socat recompute log_socat.tsv",
)


def _upload(seeds, rng):
    words = _UPLOAD[int(rng.integers(len(_UPLOAD)))].split()
    target = next(word for word in words if word.endswith(".tsv"))
    return ["o.tsv", "o.nc", "log_socat.tsv"], target, damage.TEXT, words


def _xml(seeds, rng):
    words = ["socat", "check", "o.tsv", "--metadata", "m.xml"]
    return ["o.tsv", "m.xml"], "m.xml", damage.TEXT, words


_DATASET = (
    "summary o.nc",
    "summary o.nc --json",
    "flags list o.nc",
    "flags template o.nc -o new.csv",
    "export o.nc --format socat -o new.tsv",
    "export o.nc --format netcdf -o new.nc",
    "socat metadata o.nc -o new.xml",
    "flux o.nc -o new.nc --wind 8 --xco2-air 420",
)


def _dataset(seeds, rng):
    words = _DATASET[int(rng.integers(len(_DATASET)))].split()
    kind = damage.BINARY if rng.random() < 0.4 else damage.edited_netcdf
    return ["o.nc"], "o.nc", kind, words


def _zip(seeds, rng):
    words = ["process", "delimited.toml", "z.zip", "-o", "new.nc"]
    return ["delimited.toml", "z.zip"], "z.zip", damage.BINARY, words


def _forcing(seeds, rng):
    words = ["flux", "o.nc", "-o", "new.nc", "--wind", "w.csv", "--xco2-air", "420"]
    return ["o.nc", "w.csv"], "w.csv", damage.TEXT, words


#: Kinds of cases and how often they are drawn.
KINDS: dict[Callable, float] = {
    _raw: 0.12,
    _platform: 0.25,
    _draft: 0.08,
    _flags: 0.07,
    _upload: 0.20,
    _xml: 0.13,
    _dataset: 0.05,
    _zip: 0.06,
    _forcing: 0.04,
}


class Case:
    """One damaged input and one command."""

    def __init__(self, seeds, seed, number):
        rng = np.random.default_rng([seed, number])
        kinds = list(KINDS)
        chosen = kinds[int(rng.choice(len(kinds), p=list(KINDS.values())))]
        self.seeds, self.number, self.rng = seeds, number, rng
        self.kind = chosen.__name__.strip("_")
        self.files, self.target, self.ways, self.words = chosen(seeds, rng)
        self.used = []

    def __str__(self):
        return f"{self.number} ({', '.join(self.used)}): {' '.join(self.words)}"

    def run(self, folder):
        """Damage the file, run the command, and return what does not hold."""
        for name in self.files:
            shutil.copy(self.seeds.folder / name, folder / name)
        before = Path.cwd()
        os.chdir(folder)
        try:
            self.spoil(folder / self.target)
            return [f"{self}: {fault}" for fault in self.faults(folder)]
        finally:
            os.chdir(before)

    def spoil(self, path):
        if callable(self.ways):
            self.used.append(self.ways.__name__)
            self.ways(path, self.rng)
            return
        content = path.read_bytes()
        for _ in range(1 + int(self.rng.integers(2))):
            way = self.ways[int(self.rng.integers(len(self.ways)))]
            self.used.append(way.__name__)
            content = way(content, self.rng)
        path.write_bytes(content)

    def faults(self, folder):
        inputs = contents(folder)
        try:
            done = run(self.words)
        except Exception as error:
            yield f"{type(error).__name__}: {error}"
            return
        after = contents(folder)
        new = set(after) - set(inputs)
        if done.code not in (0, 1, 2):
            yield f"exit {done.code}"
        if "unexpected error" in done.err or "Traceback" in done.err:
            yield done.err
        if any(after.get(name) != content for name, content in inputs.items()):
            yield "an input has changed"
        if any(name.startswith(".") for name in new):
            yield f"left {new}"
        if {"\x1b", "\u202e", "\x07"} & set(done.out + done.err):
            yield "control characters"
        if done.code:
            yield from self.faults_of_failure(done, new)
        else:
            yield from self.faults_of_success(done, new)

    def faults_of_failure(self, done, new):
        verdict = self.words[:2] == ["socat", "check"] and not done.errors
        if len(done.errors) != 1 and not verdict:
            yield f"{len(done.errors)} lines of errors: {done.err}"
        if new:
            yield f"exit {done.code}, but wrote {new}"
        if done.errors and not done.errors[0].startswith("oceanco2: "):
            yield done.errors[0]

    def faults_of_success(self, done, new):
        if done.errors:
            yield f"exit 0, but {done.errors}"
        if "-o" in self.words and new != {self.words[self.words.index("-o") + 1]}:
            yield f"wrote {new}"
        if self.words[0] == "process":
            yield from self.faults_of_dataset(done, Path("new.nc"))
        elif self.words[0] in ("flux", "flags") and "new.nc" in new:
            yield from faults_of_reading_back(Path("new.nc"))

    def faults_of_dataset(self, done, path):
        ds = open_dataset(path)
        counts = [int(ds.attrs.get(f"rows_{n}", 0)) for n in ("rejected", "duplicated")]
        read, runs = int(ds.attrs["rows_read"]), ds.sizes.get("standard_run", 0)
        if not ds.sizes["time"] <= read - sum(counts) <= ds.sizes["time"] + 40 * runs:
            yield f"{read} rows read, {ds.sizes['time']} used, {counts} reported"
        if self.number % 5 == 0:
            yield from faults_of_reading_back(path)
        lines = {way.__name__ for way in damage.LINES}
        name = Path(self.words[1]).stem
        if (
            self.kind == "raw"
            and lines.issuperset(self.used)
            and name in self.seeds.rows
        ):
            yield from self.faults_of_values(done, path, self.seeds.rows[name])

    def faults_of_values(self, done, path, expected):
        """A good value is that of the undamaged file, or the run has warned of rows."""
        for name, rows in values_of(path).items():
            known = expected.get(name, {})
            for time, values in rows.items():
                wrong = values - known.get(time, set())
                if wrong and "warning:" not in done.err:
                    yield f"{name} at {time}: {wrong}, not {known.get(time)}"
                    return


def faults_of_reading_back(path):
    """What was written reads back equal, and gives the same when written again."""
    one = open_dataset(path)
    again = path.with_name("again.nc")
    write(one, again)
    two = open_dataset(again)
    again.unlink()
    if not one.equals(two):
        yield "reads back different"


def contents(folder):
    """Return the bytes of all files of a folder, and the names of folders."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None
        for p in folder.rglob("*")
    }


def hunt(seeds, folder, seed, numbers, show=None):
    """Run cases and return all faults."""
    work = folder / "work"
    found = []
    for number in numbers:
        work.mkdir()
        case = Case(seeds, seed, number)
        faults = case.run(work)
        found += faults
        for fault in faults if show else ():
            show(fault)
        shutil.rmtree(work)
    return found
