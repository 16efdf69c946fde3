"""Do the tests bite? Small wrong changes of core lines, and whether a test fails.

`python -m tests.mutate` draws lines of code with a seed, changes each a little
(`mutants` says how), runs the tests that are closest to the changed module, and prints
which test noticed. It ends with exit code 1 if fewer than 90 % are noticed.

Every mutant is written into a copy of the repository, never into the working tree. A
failing test counts if it passes in an unchanged copy. Functions run without compiling
where possible; modules that compile get a fresh cache per mutant.
"""

import argparse
import ast
import concurrent.futures
import contextlib
import csv
import fnmatch
import functools
import json
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.mutants import Mutant, compiles, mutants_of

ROOT = Path(__file__).resolve().parents[1]
ENOUGH = 0.9
#: Modules whose lines are no core lines, and why. Everything else in the package is.
NOT_CORE = {
    "oceanco2/cli/*": "commands hand over to verbs, which have tests of their own",
    "oceanco2/figures/*": "figures are drawn for eyes",
    "oceanco2/_lazy.py": "finds names; says nothing about the sea",
    "oceanco2/__main__.py": "calls the command line",
    "oceanco2/demonstration.py": "a walk through the verbs",
}
#: Modules that decide what is compiled: they need the compiler to be tested.
COMPILED = ("oceanco2/physics/_engine/*", "oceanco2/compiling.py")
#: Test files that say nothing about one line: house rules and speed.
NEVER = ("tests/benchmarks/*", "tests/test_house*", "tests/test_mutants.py")
#: Tests of the whole way, for mutants that the closest tests do not notice. After
#: them, everything the package writes is compared with what it writes unchanged.
WHOLE_WAY = ("tests/simulation/test_simulation.py",)
GOLDEN = ("tests.golden.record", "--set", "A")
GOLDEN_SECONDS = 900
EQUIVALENT = ROOT / "tests" / "mutants_equivalent.csv"
FEW_USERS = 4  # the tests of so few users are as close as those of the room
TEST_SECONDS = 30  # of computing: a test that takes longer in a mutant hangs ...
CLEAN_SECONDS = 10  # ... if it takes no longer than this without the mutant


# ---- which mutants ------------------------------------------------------------------


def core_modules(root=ROOT):
    """Return the paths of the core modules, sorted."""
    paths = (p.relative_to(root).as_posix() for p in root.glob("oceanco2/**/*.py"))
    return sorted(
        p for p in paths if not any(fnmatch.fnmatch(p, glob) for glob in NOT_CORE)
    )


def draw(seed, count, modules, root=ROOT):
    """Draw lines with the seed, and one change of each."""
    by_line = {}
    for path in modules:
        for mutant in mutants_of(path, (root / path).read_bytes()):
            by_line.setdefault((path, mutant.line), []).append(mutant)
    rng = random.Random(int(seed, 16))
    lines = sorted(by_line)
    rng.shuffle(lines)
    drawn = []
    for line in lines:
        if len(drawn) == count:
            break
        source = (root / line[0]).read_bytes()
        choices = [m for m in by_line[line] if compiles(m, source)]
        if choices:
            drawn.append(rng.choice(choices))
    return drawn


def equivalents(path=EQUIVALENT):
    """Return the proofs of mutants that change nothing, by line and change."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {(r["line"], r["mutation"]): r["proof"] for r in csv.DictReader(file)}


# ---- which tests --------------------------------------------------------------------


def dotted(path):
    """Return the module name of a path."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(module):
    """A pattern for lines that import a module, or a name of it."""
    package, _, name = module.rpartition(".")
    found = re.escape(module)
    if package:
        found += rf"\b|from {re.escape(package)} import [^\n]*\b{re.escape(name)}"
    return re.compile(rf"({found})\b")


@functools.cache
def _texts(root, glob):
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.glob(glob))
    }


def stages_of(path, root=ROOT):
    """Return the test files for a module, closest first, in three stages."""
    module, parts = dotted(path), path.removesuffix(".py").split("/")[1:]
    folders = ["/".join(["tests", *parts[:n]]) + "/" for n in range(len(parts), 0, -1)]
    tests = {
        name: text
        for name, text in _texts(root, "tests/**/test_*.py").items()
        if not any(fnmatch.fnmatch(name, glob) for glob in NEVER)
    }
    stem = parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]
    pattern = re.compile("/".join(["tests", *parts[:-1], rf"test_{stem}(_\w+)?\.py"]))
    own = [n for n in tests if pattern.fullmatch(n)]
    direct = [n for n, text in tests.items() if _imports(module).search(text)]
    room = [n for f in folders for n in tests if n.startswith(f)]
    near = _imports(".".join(module.split(".")[:2]))
    wider = [n for n, text in tests.items() if near.search(text)]
    users = {
        user: text
        for user, text in _texts(root, "oceanco2/**/*.py").items()
        if _imports(module).search(text)
    }
    words = _words((root / path).read_text(encoding="utf-8"), parts[-1])
    by_users = []
    for user, text in users.items():
        line = _imports(dotted(user))
        by_users += [n for n, content in tests.items() if line.search(content)]
        if len(users) <= FEW_USERS:
            words |= _words(text, Path(user).stem)
    (room if len(users) <= FEW_USERS else wider).extend(by_users)
    whole = [n for glob in WHOLE_WAY for n in tests if fnmatch.fnmatch(n, glob)]
    likely = {n: -sum(word in text for word in words) for n, text in tests.items()}
    seen, stages = set(), []
    for names in (direct, room, wider):
        names.sort(key=lambda n: (likely[n], n))
    for names in ([path, *own, *direct], room, [*wider, *whole]):
        stages.append([n for n in dict.fromkeys(names) if n not in seen])
        seen.update(names)
    return stages


def _words(source, stem):
    """Names by which a test that uses a module is recognised."""
    tree = ast.parse(source)
    names = {n.name for n in tree.body if hasattr(n, "name")}
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call))
    registered = {
        c.args[0].value
        for c in calls
        if c.args
        and isinstance(c.args[0], ast.Constant)
        and isinstance(c.args[0].value, str)
        and len(c.args[0].value) > 3
    }
    public = {n for n in names if not n.startswith("_")}
    return public | registered | {stem.strip("_")}


# ---- running ------------------------------------------------------------------------


@dataclass
class Result:
    """What happened to a mutant: `by` is empty if it survived."""

    mutant: Mutant
    by: str
    seconds: float
    proof: str = ""


class Copy:
    """A copy of the repository in which one file at a time is changed."""

    def __init__(self, folder):
        self.root = folder
        ignore = shutil.ignore_patterns("__pycache__", ".git", ".venv", ".*_cache")
        for name in ("oceanco2", "platforms", "tests", "notebooks", "docs"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        for path in ROOT.glob("*.*"):
            if path.is_file():
                shutil.copy(path, folder / path.name)
        self._time = int(time.time()) - 10_000_000
        self._caches = 0
        self._servers = {}

    def write(self, path, source):
        """Write a file with a time of its own: no stale byte code is used."""
        self._time += 10
        (self.root / path).write_bytes(source)
        os.utime(self.root / path, (self._time, self._time))

    def run(self, path, names, seconds, limit, left_out=()):
        """Run tests; return what the plugin noted, the exit code, and the time used."""
        out = self.root / "result.txt"
        out.write_text("")
        cache = self.root / f"numba{self._caches}"
        compiled = any(fnmatch.fnmatch(path, glob) for glob in COMPILED)
        data = ROOT.parent / "shared" / "data"
        env = {
            "OCEANCO2_TEST_DATA": str(data),
            **os.environ,
            "PYTHONPATH": ":".join(str(self.root / p) for p in (".", "tests")),
            "NUMBA_CACHE_DIR": str(cache),
            "NUMBA_DISABLE_JIT": "0" if compiled else "1",
            "MUTATE_RESULT": str(out),
            "MUTATE_SECONDS": str(limit),
            "MUTATE_LEFT_OUT": "\n".join(left_out),
            "MUTATE_MODULE": dotted(path),
            "MUTATE_FILE": os.path.realpath(self.root / path),
        }
        arguments = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
        arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        arguments += ["-p", "mutate_plugin", "-o", "addopts=", "--doctest-modules"]
        job = {
            "env": {k: v for k, v in env.items() if os.environ.get(k) != v},
            "arguments": [*arguments, *names],
            "log": str(self.root / "log.txt"),
            "seconds": max(seconds, 1.0),
        }
        code, used = self._ask(job, env, compiled)
        if compiled:
            shutil.rmtree(cache, ignore_errors=True)
            self._caches += 1
        noted = [line.split("\t") for line in out.read_text().splitlines()]
        return noted, code, used

    def outputs(self):
        """Return name and digest of everything the package writes; None if it fails."""
        out, work = self.root / "golden", self.root / "golden" / "work"
        shutil.rmtree(out, ignore_errors=True)
        env = os.environ | {
            "PYTHONPATH": str(self.root),
            "NUMBA_DISABLE_JIT": "1",
            "NUMBA_CACHE_DIR": str(self.root / "numba"),
        }
        command = [
            sys.executable,
            "-m",
            *GOLDEN,
            "--out",
            str(out),
            "--work",
            str(work),
        ]
        with (self.root / "log.txt").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                code = process.wait(GOLDEN_SECONDS)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, 9)
                process.wait()
        if code != 0:
            return None
        lines = (out / "digests.txt").read_text(encoding="utf-8").splitlines()
        return set(lines)

    def _ask(self, job, env, compiled):
        """Let the server of this copy run a job; start it if there is none."""
        server = self._servers.get(compiled)
        if server is None or server.poll() is not None:
            server = self._servers[compiled] = subprocess.Popen(
                [sys.executable, str(ROOT / "tests" / "mutate_server.py")],
                cwd=self.root,
                env=env | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        return json.loads(server.stdout.readline())

    def close(self):
        """End the servers."""
        for server in self._servers.values():
            server.stdin.close()
            server.wait()


class Judge:
    """Runs mutants in one copy and checks failures in another, unchanged one."""

    def __init__(self, folder, budget, golden=None):
        self.golden = golden  # what the unchanged package writes
        (folder / "mutant").mkdir()
        (folder / "clean").mkdir()
        self.mutated, self.clean = Copy(folder / "mutant"), Copy(folder / "clean")
        self.budget = budget
        self.passes = {}  # of a test in the clean copy
        self._left = budget

    def close(self):
        """End what runs in both copies."""
        self.mutated.close()
        self.clean.close()

    def judge(self, mutant):
        """Return the test that notices the mutant, or an empty text."""
        source = (ROOT / mutant.path).read_bytes()
        self.mutated.write(mutant.path, mutant.applied(source))
        try:
            self._left = self.budget
            for names in stages_of(mutant.path):
                by = self._stage(mutant.path, names)
                if by:
                    return by
            return self._golden(mutant.path)
        finally:
            self.mutated.write(mutant.path, source)

    def _stage(self, path, names):
        while names and self._left > 0:
            left_out = [name for name, passes in self.passes.items() if not passes]
            noted, code, used = self.mutated.run(
                path, names, self._left, TEST_SECONDS, left_out
            )
            self._left -= used
            if code == 78:
                raise RuntimeError(f"{path}: {noted[0][1]} was imported instead")
            if not noted:
                if code in {0, 5, None}:
                    return ""
                return self._unexplained(path, names, code)
            kind, name = noted[0]
            if self._passes_clean(path, name):
                return {"time": "hangs: "}.get(kind, "") + name
            if "::" not in name:  # a file that cannot be collected at all
                names = [n for n in names if n != name]
        return ""

    def _golden(self, path):
        """Compare everything that is written; modules that compile differ anyway."""
        if self.golden is None or any(fnmatch.fnmatch(path, g) for g in COMPILED):
            return ""
        outputs = self.mutated.outputs()
        if outputs is None:
            return "golden: a command fails"
        changed = sorted(self.golden - outputs) or sorted(outputs - self.golden)
        return f"golden: {changed[0].rpartition(' ')[0]}" if changed else ""

    def _unexplained(self, path, names, code):
        """Judge an exit code without a failed test: a crash, or nothing collected."""
        _, clean, _ = self.clean.run(path, ["--collect-only", *names], 300, 300)
        if clean not in {0, 5}:
            log = (self.clean.root / "log.txt").read_text()
            raise RuntimeError(f"tests cannot be run: exit code {clean}\n{log}")
        return f"exit code {code} of pytest"

    def _passes_clean(self, path, name):
        if name not in self.passes:
            noted, code, _ = self.clean.run(path, [name], 120, CLEAN_SECONDS)
            self.passes[name] = code in {0, 5} and not noted
        return self.passes[name]


def written(folder):
    """Return what the unchanged package writes; twice, and it must be the same."""
    copies = []
    for name in ("once", "again"):
        (folder / name).mkdir()
        copies.append(Copy(folder / name))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        once, again = pool.map(Copy.outputs, copies)
    if once is None or once != again:
        raise RuntimeError("the golden outputs of the unchanged package fail or vary")
    return once


def run_all(mutants, jobs, budget, show, golden=True):
    """Judge all mutants with some processes at a time."""
    proofs = equivalents()
    results = []
    with tempfile.TemporaryDirectory(prefix="mutate") as folder:
        outputs = written(Path(folder)) if golden else None
        judges = queue.SimpleQueue()
        for n in range(jobs):
            own = Path(folder) / str(n)
            own.mkdir()
            judges.put(Judge(own, budget, outputs))

        def one(mutant):
            start = time.monotonic()
            proof = proofs.get((mutant.text, mutant.change), "")
            judge = judges.get()
            try:
                by = "" if proof else judge.judge(mutant)
            finally:
                judges.put(judge)
            return Result(mutant, by, time.monotonic() - start, proof)

        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for result in pool.map(one, mutants):
                results.append(result)
                show(result)
        while not judges.empty():
            judges.get().close()
    return results


# ---- the command --------------------------------------------------------------------


def seed_of(revision):
    """Return the first eight hexadecimal digits of a commit."""
    command = ["git", "-C", str(ROOT), "rev-parse", revision]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout[:8]


def row(result):
    """Return the line of the table for a mutant."""
    mutant = result.mutant
    outcome = result.by or (
        f"equivalent: {result.proof}" if result.proof else "SURVIVED"
    )
    place = f"{mutant.path}:{mutant.line}"
    return f"{place:45} {mutant.change[:90]:60} {result.seconds:4.0f} s  {outcome}"


def main(arguments=None):
    """Draw, run, print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", help="hexadecimal; default: digits of HEAD")
    parser.add_argument("--parent", action="store_true", help="digits of its parent")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=float, default=60, help="seconds per mutant")
    parser.add_argument("--modules", nargs="*", default=["*"], help="patterns of paths")
    parser.add_argument(
        "--no-golden", action="store_true", help="tests only, no comparison of outputs"
    )
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    options = parser.parse_args(arguments)
    seed = options.seed or seed_of("HEAD~1" if options.parent else "HEAD")
    modules = [
        path
        for path in core_modules()
        if any(fnmatch.fnmatch(path, f"*{glob}") for glob in options.modules)
    ]
    mutants = draw(seed, options.count, modules)
    print(f"seed {seed}: {len(mutants)} mutants of {len(modules)} modules", flush=True)
    if options.list:
        for m in mutants:
            print(f"{m.path}:{m.line}\t{m.change}")
        return 0
    results = run_all(
        mutants,
        options.jobs,
        options.budget,
        lambda r: print(row(r), flush=True),
        golden=not options.no_golden,
    )
    counted = [r for r in results if not r.proof]
    killed = sum(bool(r.by) for r in counted)
    share = killed / len(counted) if counted else 1.0
    print(
        f"seed {seed}: {killed} of {len(counted)} killed, {share:.1%}; "
        f"{len(results) - len(counted)} equivalent"
    )
    return int(share < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
