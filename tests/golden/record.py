"""Record the digests and texts of everything the package writes and says.

Look at what changed: ``python -m tests.golden.record --set A --out /tmp/now``
Accept it: ``python -m tests.golden.record --write`` (``--write-texts``: words alone).

``--tree`` records another checkout with this runner: only the command line and the
verbs of ``import oceanco2`` are used. One thread, and SOURCE_DATE_EPOCH, are set here.
"""

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DIGESTS, TEXTS = HERE / "digests.txt", HERE / "texts.txt"
SETS = ("small", "formulas", "A", "B", "texts")
#: What the environment of every run is.
ENVIRONMENT = {
    "SOURCE_DATE_EPOCH": "1717200000",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OCEANCO2_THREADS": "1",
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "MPLBACKEND": "agg",
}
#: Libraries that numbers, files and pictures depend on; and those of words.
LIBRARIES = (
    *("numpy", "scipy", "numba", "gsw", "pandas", "xarray", "netCDF4", "pyarrow"),
    *("zarr", "matplotlib", "click", "pydantic"),
)


def surroundings():
    """Return the versions that digests depend on, and the processor's features."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    found["machine"] = f"{sys.platform}-{platform.machine()}-{_vectors()}"
    return found


def _vectors():
    """Name the widest vectors: the last digit of exp and log depends on them."""
    from numpy._core._multiarray_umath import __cpu_features__ as features

    order = ("AVX512_SKX", "AVX512F", "AVX2", "SVE", "ASIMD")
    return next((name for name in order if features.get(name)), "none")


def data_folder():
    """Return where the real data are, or None."""
    default = ROOT.parent / "shared" / "data"
    path = Path(os.environ.get("OCEANCO2_TEST_DATA", default))
    return path if path.exists() else None


def record(which, folder, tree, data):
    """Run one set in a new folder; return its digests and texts."""
    from tests.golden import formulas, set_a, set_b, texts
    from tests.golden.session import Session

    session = Session(which, folder, tree, data)
    run = {
        "small": set_a.small,
        "formulas": formulas.everything,
        "A": set_a.everything,
        "B": set_b.everything,
        "texts": texts.everything,
    }
    run[which](session)
    sentences = sorted(f"@ {session.normalise(x)}" for x in session.sentences)
    return session.lines, [*session.texts, *sentences]


def read_digests(path=DIGESTS):
    """Return the lines of a file of digests, and the versions in its head."""
    lines, head = {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            name, _, value = line[2:].partition(" ")
            head[name] = value
        elif line:
            name, _, digest = line.rpartition(" ")
            lines[name] = digest
    return lines, head


def read_texts(path=TEXTS):
    """Return the text of each set."""
    parts = path.read_text(encoding="utf-8").split("######## ")[1:]
    pairs = (part.partition("\n\n") for part in parts)
    return {name.strip(): text.strip("\n") for name, _, text in pairs}


def write_digests(lines, path):
    head = [f"# {name} {value}" for name, value in surroundings().items()]
    rows = [f"{name} {lines[name]}" for name in sorted(lines)]
    path.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")


def write_texts(texts, path):
    parts = [f"######## {name}\n\n{texts[name]}\n" for name in SETS if name in texts]
    path.write_text("\n".join(parts), encoding="utf-8")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--set", dest="sets", action="append", choices=SETS)
    parser.add_argument("--out", help="folder for digests.txt and texts.txt")
    parser.add_argument("--write", action="store_true", help="accept what is new")
    parser.add_argument("--write-texts", action="store_true", help="but no digest")
    parser.add_argument("--tree", default=str(ROOT), help="checkout to record")
    parser.add_argument("--work", help="folder to keep the files in")
    args = parser.parse_args(argv)
    write = args.write or args.write_texts
    if not args.out and not write:
        parser.error("--out FOLDER, --write or --write-texts")
    os.environ |= ENVIRONMENT
    for name in ("OCEANCO2_PLATFORMS", "OCEANCO2_TRACEBACK"):
        os.environ.pop(name, None)
    tree = Path(args.tree).resolve()
    sys.path.insert(0, str(tree))
    out = HERE if write else Path(args.out).resolve()
    data = data_folder()
    sets = args.sets or [x for x in SETS if x != "B" or data is not None]
    lines, texts = {}, {}
    if write and DIGESTS.exists():
        lines, texts = read_digests()[0], read_texts()
    work = Path(args.work or tempfile.mkdtemp(prefix="golden")).resolve()
    for which in sets:
        lines = {k: v for k, v in lines.items() if k.partition("/")[0] != which}
        found, words = record(which, work / which, tree, data)
        lines |= found
        texts[which] = "\n\n".join(words)
    _check_tree(tree)
    out.mkdir(parents=True, exist_ok=True)
    if not args.write_texts:
        write_digests(lines, out / "digests.txt")
    write_texts(texts, out / "texts.txt")


def _check_tree(tree):
    """Make sure that what ran was the tree that was asked for."""
    import oceanco2

    if not Path(oceanco2.__file__).resolve().is_relative_to(tree):
        raise RuntimeError(f"{oceanco2.__file__} ran, not {tree}")


if __name__ == "__main__":
    main()
