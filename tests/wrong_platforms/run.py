"""What wrong platform files give: error, warning, flags, or nothing.

    nice python -m tests.wrong_platforms.run -o tests/wrong_platforms/outcomes.csv

Each row of `drawn.csv` is made in a temporary folder under the name of the shipped
file, and `process` runs on the same data with both. Text files are cut to their first
3000 lines, spreadsheets and files in which each sensor has its own rows are whole; the
demo platforms run on a simulated day. The first of these that holds is the outcome:

* error: an error of the package, exit code 1 and a message;
* warning: a line that the right file does not give, or one whose numbers are twice or
  half those of the right file (counts of rows);
* harmless: no value and no flag of a main result differs;
* flags: at least a tenth of the rows with a difference have a worse flag than with the
  right file (missing is worse than bad);
* silent: everything else, rows lost without a word included.

Main results are time, position, what a SOCAT file or a flux takes, and delivered
results kept beside computed ones. Rows are compared by the line they were read from.
"""

import argparse
import functools
import os
import re
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import oceanco2
from oceanco2.bits import TEST_BITS
from oceanco2.errors import OceanCO2Error, OceanCO2Warning
from oceanco2.vocabulary import WATER_RESULTS
from tests.conftest import DEFAULT
from tests.golden.set_b import FILES
from tests.wrong_platforms.draw import HERE, shipped, table, write
from tests.wrong_platforms.edit import change

LINES = 3000
SIMULATED_DAYS = 1.0
ENOUGH_FLAGGED = 0.1
#: Results of which the change is reported: the first that both files give.
RESULTS = (
    *("fCO2_water_SST_wet", "pCO2_water_SST_wet", "fCO2_water_Tequ_wet"),
    *WATER_RESULTS,
)
MAIN = re.compile(
    r"(time|latitude|longitude|SST|salinity|T_equ|P_equ|P_atm|wind_speed"
    r"|[xpf]CO2_(water|atm)_\w+?|delta_fCO2)(_delivered)?"
)
ORDER = {0: 0, 2: 0, 3: 1, 4: 2, 9: 3}


def inputs(platform, folder, data):
    """Put the raw files of a platform into a folder, cut to their first lines."""
    if platform not in FILES:
        cruise = oceanco2.simulate(platform, days=SIMULATED_DAYS, seed=1, folder=folder)
        cruise.files[-1].unlink()  # the true values
        return folder
    source = data / FILES[platform]
    top = source if source.is_dir() else source.parent
    for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
        target = folder / path.relative_to(top)
        target.parent.mkdir(exist_ok=True, parents=True)
        if path.suffix == ".xls" or "rows_with" in shipped(platform):
            shutil.copy(path, target)
        elif path.is_file():
            lines = path.read_bytes().splitlines(keepends=True)[:LINES]
            target.write_bytes(b"".join(lines))
    return folder


@dataclass(frozen=True)
class Run:
    """What one run gave: exit code, lines of messages, results."""

    code: int
    words: list[str]
    results: pd.DataFrame
    tests: pd.DataFrame


def process(text, name, raw, folder):
    """Process raw files with the text of a platform file; nothing is written.

    Some shipped platforms give no position, which a file needs: so the verb, which
    says what the command says.
    """
    place = Path(tempfile.mkdtemp(dir=folder))
    path = place / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            ds = oceanco2.process(path, raw)
        except OceanCO2Error as error:
            return Run(1, [plain(error, place, raw)], pd.DataFrame(), pd.DataFrame())
    ours = [w.message for w in caught if issubclass(w.category, OceanCO2Warning)]
    return Run(0, [plain(w, place, raw) for w in ours], *frames(ds))


def plain(message, *folders):
    """Return a message as one line without the temporary folders."""
    for folder in folders:
        message = str(message).replace(f"{folder}/", "")
    return " ".join(message.split())


def frames(ds):
    """Return main results with their flags, and tests, by the line they come from."""
    names = [str(name) for name in ds.variables if MAIN.fullmatch(str(name))]
    names = [n for n in names if not n.endswith(("_flag", "_tests", "_uncertainty"))]
    names = [n for n in names if "_flag_" not in n and not n.endswith("_type")]
    lines = [ds[n].to_numpy().astype("int64") for n in ("source_file", "source_row")]
    index = pd.MultiIndex.from_arrays(lines)
    index = index.set_names(["file", "row"]).to_frame(index=False)
    index["again"] = index.groupby(["file", "row"]).cumcount()
    index = pd.MultiIndex.from_frame(index)
    flags = [f"{n}_flag" for n in (*names, "position") if f"{n}_flag" in ds]
    columns = {n: ds[n].to_numpy() for n in (*names, *flags)}
    tests = {n: ds[n.replace("_flag", "_tests")].to_numpy() for n in flags}
    return pd.DataFrame(columns, index=index), pd.DataFrame(tests, index=index)


def differs(right, wrong):
    """Whether values differ by more than the last digits."""
    if right.dtype.kind == "M":
        return (right != wrong) & ~(np.isnat(right) & np.isnat(wrong))
    return ~np.isclose(right, wrong, rtol=1e-9, atol=1e-9, equal_nan=True)


def compare(right, wrong):
    """Return the rows that differ, those with a worse flag, names and tests."""
    lines = right.results.index.union(wrong.results.index)
    one, other = (run.results.reindex(lines) for run in (right, wrong))
    changed, worse = np.zeros(len(lines), bool), np.zeros(len(lines), bool)
    names, tests = [], set()
    for name in sorted({*one, *other}):
        if name not in one or name not in other:
            present = one[name] if name in one else other[name]
            different = present.notna().to_numpy()
        else:
            different = differs(one[name].to_numpy(), other[name].to_numpy())
        if different.any():
            names.append(name)
        changed |= different
        if name.endswith("_flag") and name in one and name in other:
            levels = [frame[name].map(ORDER).to_numpy() for frame in (one, other)]
            new = levels[1] > levels[0]
            worse |= new
            if new.any():
                tests |= new_tests(right, wrong, name, lines[new])
    return changed, worse & changed, names, sorted(tests)


def new_tests(right, wrong, name, lines):
    """Return the tests that fired on these rows with the wrong file only."""
    masks = [
        run.tests[name].reindex(lines, fill_value=0).to_numpy().astype("int64")
        for run in (right, wrong)
    ]
    fired = np.bitwise_or.reduce(masks[1] & ~masks[0])
    return {test for test, bit in TEST_BITS.items() if fired & bit}


def new_words(right, wrong):
    """Return the warnings of the wrong file that the right one does not give."""
    known = {}
    for line in right.words:
        known.setdefault(shape(line), []).append(numbers(line))
    new = []
    for line in wrong.words:
        old = known.get(shape(line), [])
        if not any(alike(numbers(line), known_numbers) for known_numbers in old):
            new.append(line)
    return new


NUMBER = re.compile(r"\d[\d,]*\.?\d*")


def shape(line):
    return NUMBER.sub("#", line)


def numbers(line):
    return [float(x.replace(",", "")) for x in NUMBER.findall(line)]


def alike(some, others):
    return all(
        a == b or 0.5 < a / (b or 1e-9) < 2 for a, b in zip(some, others, strict=True)
    )


def median_change(right, wrong):
    """Return the result that both files give, and the median of its change."""
    for name in RESULTS:
        if name in right.results and name in wrong.results:
            change_ = (wrong.results[name] - right.results[name]).dropna()
            if change_.size:
                return name, f"{change_.median():.4g}"
    return "", ""


def outcome(row, right, wrong):
    """Return a row of the table of outcomes."""
    told = {"result": "", "median_change": "", "flagged_share": "", "tests": ""}
    told |= {"differ": "", "words": ""}
    if wrong.code:
        return row | {"outcome": "error"} | told | {"words": short(wrong.words)}
    changed, worse, names, tests = compare(right, wrong)
    share = worse.sum() / changed.sum() if changed.any() else 0.0
    words = new_words(right, wrong)
    if words:
        kind = "warning"
    elif not changed.any():
        kind = "harmless"
    else:
        kind = "flags" if share >= ENOUGH_FLAGGED else "silent"
    result, median = median_change(right, wrong)
    values = [n for n in names if not n.endswith("_flag")]
    return row | {
        "outcome": kind,
        "result": result,
        "median_change": median,
        "flagged_share": f"{share:.3f}",
        "tests": " ".join(tests),
        "differ": " ".join(values or names),
        "words": short(words),
    }


def short(words):
    return " | ".join(words)[:300]


def run(rows, data, folder):
    """Yield the outcome of each row."""
    folder = Path(folder)

    @functools.cache
    def right(platform):
        raw = folder / f"raw_{platform}"
        raw.mkdir()
        inputs(platform, raw, data)
        return raw, process(shipped(platform), platform, raw, folder)

    for row in rows:
        name = row["platform"]
        raw, made = right(name)
        if made.code:
            raise RuntimeError(f"{name}: {made.words}")
        text = change(shipped(name), row["key"], row["old"], row["new"])
        yield outcome(row, made, process(text, name, raw, folder))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", default=HERE / "outcomes.csv", type=Path)
    arguments = parser.parse_args()
    data = Path(os.environ.get("OCEANCO2_TEST_DATA", DEFAULT))
    done = []
    with tempfile.TemporaryDirectory() as folder:
        for row in run(table("drawn.csv"), data, folder):
            print(*(row[x] for x in ("outcome", "platform", "key", "new")), flush=True)
            done.append(row)
    write(arguments.output, done)
    print(pd.Series([row["outcome"] for row in done]).value_counts().to_string())


if __name__ == "__main__":
    main()
