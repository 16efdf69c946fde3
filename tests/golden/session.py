"""One run of the package in a folder of its own, by its command line and verbs.

Only the entry point of the command line (``oceanco2.cli:main``, as in pyproject) and
the verbs of ``import oceanco2`` are used, so that the same runner works on any tree,
whatever its modules are called.
"""

import io
import os
import shlex
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.golden.digests import Words, dataset_lines, file_lines, value_digest


class Session:
    """Commands and verbs in one folder; their files, their words."""

    def __init__(self, name, folder, tree, data=None):
        self.name = name
        self.folder = Path(folder).resolve()
        self.places = {str(self.folder): "<work>", str(Path(tree).resolve()): "<tree>"}
        if data is not None:
            self.places |= {str(data): "<data>", str(Path(data).resolve()): "<data>"}
        self.texts = []
        self.lines, self.seen, self.sentences = {}, set(), set()
        self.data = data
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chdir(self.folder)

    def normalise(self, text):
        """Put words for paths: they differ from run to run."""
        for path in sorted(self.places, key=len, reverse=True):
            text = text.replace(path, self.places[path])
        return text

    def run(self, *argv, note="", keep=None, tell=True, most=120):
        """Run a command; its words go into the texts, or into the file `keep`.

        Of an output that says the same of every row, the first `most` lines are told;
        with ``tell="errors"`` the errors and warnings alone.
        """
        from oceanco2.cli import main

        argv = [str(part) for part in argv]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(argv)
        printed = out.getvalue()
        if keep and printed:
            path = self.folder / keep
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(printed, encoding="utf-8")
        if tell:
            shown = [] if keep or tell == "errors" else printed.splitlines()
            head = f"$ oceanco2 {shlex.join(argv)}" + (f"   # {note}" if note else "")
            # no blank lines inside: they part the entries
            words = [f"  {x}".rstrip() or "  ~" for x in shown[:most]]
            words += [f"  ... {len(shown)} lines"] if len(shown) > most else []
            words += [f"! {x}" for x in err.getvalue().splitlines()]
            self.tell(head, *words, f"= {code}")
        return code, printed, err.getvalue()

    def done(self, *argv, **options):
        """Run a command that must succeed."""
        code, _, err = self.run(*argv, **options)
        if code != 0:
            raise RuntimeError(f"oceanco2 {shlex.join(map(str, argv))}: {err}")

    def tell(self, *lines):
        self.texts.append(self.normalise("\n".join(lines)))

    def verb(self, note, call):
        """Call a verb; the words of its own errors and warnings go into the texts.

        What Python itself says of a wrong type hangs on how the code is written.
        """
        made, words = None, []
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.filterwarnings("always", category=UserWarning)
            try:
                made = call()
            except Exception as error:
                if not type(error).__module__.startswith("oceanco2"):
                    return None
                words = [f"! {type(error).__name__}: {error}"]
        ours = [w for w in caught if w.category.__module__.startswith("oceanco2")]
        words += [f"! {w.category.__name__}: {w.message}" for w in ours]
        if words:
            self.tell(f"> {note}", *words)
        return made

    def dataset(self, name, ds):
        """Take the digest of a dataset in memory."""
        self._take(dataset_lines(f"memory/{name}", ds))

    def value(self, name, made):
        """Take the digest of what a function returned."""
        self._take({name: value_digest(made)})

    def digest(self, *folders):
        """Take the digests of all files of some folders."""
        for folder in folders:
            self._take(file_lines(self.folder, folder, self.normalise))

    def _take(self, lines):
        """Take words, and digests but those of a variable that are known already.

        Files of one cruise share most variables. Nothing is lost: a variable that
        changes in one of them gets a line of its own, and one that is not there any
        more changes the line ``:format`` of the file.
        """
        for name, value in lines.items():
            known = (name.partition(":")[2], str(value))
            if ":" in name and known in self.seen:
                continue
            self.seen.add(known)
            if isinstance(value, Words):
                self.sentences |= {x.rstrip() for x in value.splitlines() if x.strip()}
            else:
                self.lines[f"{self.name}/{name}".replace(" ", "_")] = value
