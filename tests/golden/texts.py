"""Texts: help, lists and provoked error messages, kept as they are printed.

Commands and their options are found by walking ``oceanco2 --help``. Mistakes are made
by rule: every option with values that cannot be, every file missing, empty, damaged or
of another kind, every line of a platform file spoiled, every column of raw files,
upload files, tables and flags.
"""

import inspect
import re
from collections import Counter

import oceanco2

#: Complete commands to spoil, one argument at a time; all files are made by `prepare`.
COMMANDS = (
    "demo --days 0.1 -o d",
    "process demo_ship raw -o o.nc",
    "flux out.nc -o f.nc",
    "export out.nc --format socat -o u.tsv",
    "summary out.nc",
    "figure out.nc -o f.png",
    "diagnose upload.tsv",
    "socat crossovers out.nc every.tsv",
    "socat check upload.tsv",
    "socat excerpt every.tsv -o e.tsv",
    "socat convert every.tsv -o e.parquet",
    "socat recompute every.tsv -o r.tsv",
    "socat grid every.tsv --product decadal -o g.nc",
    "socat metadata out.nc -o m.xml",
    "socat submit out.nc -o submission",
    "socat merge out.nc -o m.tsv",
    "icos check l1.csv",
    "icos package out.nc --raw raw --level 1 -o p",
    "icos upload package",
    "flags template out.nc",
    "flags apply out.nc said.csv -o a.nc",
    "flags audit out.nc",
    "flags diff out.nc out.nc",
    "flags list out.nc",
    "platforms ship.toml",
    "platforms new upload.tsv -o draft.toml",
    "simulate demo_ship --days 0.1 -o s",
    "readers",
    "stations",
    "models",
    "checks",
    "formats",
    "parametrisations",
    "transfer-velocities --plot k.png",
    "lags demo_ship raw",
)
#: What stands for a file that is not what a command wants.
WRONG_FILES = ("missing.nc", "empty.nc", "rubbish.nc", "cut.nc", "folder", "word.tsv")
#: Kind of value in the help: values that cannot be.
WRONG_VALUES = {
    "TEXT": ("nonsense", "", "no/such/file.nc"),
    "FLOAT": ("many", "-1", "nan", "1e9"),
    "INTEGER": ("many", "-1", "1.5"),
    "NAME=VALUE": ("nonsense", "no=thing"),
}
#: Options that are never tried: nothing is sent anywhere.
NEVER = {"--help", "--version", "--yes", "--try", "--token"}


def everything(session):
    """Help, lists, mistakes."""
    commands = list(walk(session, ()))
    lists(session)
    prepare(session)
    mistakes(session, commands)
    platform_files(session)
    raw_files(session)
    tables(session)
    options_of_formats(session)
    verbs(session)


def walk(session, words):
    """Print the help of a command and of all below it; yield those at the ends."""
    _, text, _ = session.run(*words, "--help")
    _, mark, below = text.partition("\nCommands:\n")
    names = re.findall(r"^  (\S+)", below, flags=re.MULTILINE)
    if not mark:
        yield words, text
    for name in names:
        yield from walk(session, (*words, name))


def lists(session):
    for words in (
        *("platforms", "readers", "stations", "models", "checks", "formats"),
        *("parametrisations", "transfer-velocities", "checks --profile quince-28"),
        *("--version", "", "socat", "icos", "flags"),
    ):
        session.run(*words.split())
    for name in oceanco2.platforms_available():
        session.run("platforms", name)


def prepare(session):
    """Make the files that the commands take, and those that they cannot take."""
    run, folder = session.done, session.folder
    quiet = {"tell": False}
    run("simulate", "demo_ship", "--days", 0.2, "--seed", 2, "-o", "raw", **quiet)
    text = dict(oceanco2.platforms_available())["demo_ship"].read_text("utf-8")
    station = text.replace("\nschema = 1\n", '\nschema = 1\nstation = "OS_26NA"\n', 1)
    (folder / "ship.toml").write_text(text, "utf-8")
    (folder / "station.toml").write_text(station, "utf-8")
    run("process", "station.toml", "raw", "-o", "out.nc", **quiet)
    for form, name in (
        ("socat", "upload.tsv"),
        ("icos_l1", "l1.csv"),
        ("socat_enhanced", "every.tsv"),
    ):
        run("export", "out.nc", "--format", form, "-o", name, **quiet)
    run("flags", "template", "out.nc", "-o", "template.csv", **quiet)
    run("socat", "metadata", "out.nc", "-o", "oads.xml", **quiet)
    run("socat", "metadata", "out.nc", "--format", "ocads", "-o", "ocads.xml", **quiet)
    package = ("icos", "package", "out.nc", "--raw", "raw", "--level", 1)
    session.run(*package, "-o", "package", **quiet)
    (folder / "said.csv").write_text(MANUAL_FLAGS, "utf-8")
    (folder / "folder").mkdir()
    (folder / "empty.nc").write_bytes(b"")
    (folder / "rubbish.nc").write_bytes(bytes(range(256)) * 8)
    (folder / "word.tsv").write_text("name\tvalue\nsomething\telse\n", "utf-8")
    whole = (folder / "out.nc").read_bytes()
    (folder / "cut.nc").write_bytes(whole[: len(whole) // 2])


MANUAL_FLAGS = """start,end,variable,flag,reason,who,when
2024-03-01T01:00:00,2024-03-01T01:30:00,SST,3,bubbles,N. Nobody,2024-05-01
"""


def mistakes(session, commands):
    """Spoil each command: an option, an argument, a file."""
    session.run("proces")
    session.run("--nonsense")
    for group in ("socat", "icos", "flags"):
        session.run(group, "nonsense")
    helps = {" ".join(words): text for words, text in commands}
    tried = set()
    for command in COMMANDS:
        words = command.split()
        name = next(" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in helps)
        own = words[len(name.split()) :]
        tried.add(name)
        session.run(*words, "--nonsense", most=6)
        session.run(*words, "one", "too", "many", most=6)
        _leave_out(session, name.split(), own)
        _wrong_files(session, name.split(), own)
        if command != "platforms new upload.tsv -o draft.toml":
            _wrong_options(session, words, helps[name])
    left = set(helps) - tried
    session.tell("# commands without mistakes here: " + (", ".join(left) or "none"))


def _leave_out(session, name, own):
    """Leave out each argument, and each option with its value."""
    at = 0
    while at < len(own):
        step = 2 if own[at].startswith("-") else 1
        session.run(*name, *own[:at], *own[at + step :], most=6)
        at += step


def _wrong_files(session, name, own):
    for at, word in enumerate(own):
        exists = (session.folder / word).exists()
        if exists and not own[at - 1].startswith(("-o", "--product")):
            for wrong in WRONG_FILES:
                session.run(*name, *own[:at], wrong, *own[at + 1 :], most=6)


def _wrong_options(session, words, text):
    pattern = r"^  (?:-\w, )?(--[\w-]+)(?: / --[\w-]+)? +([A-Z=]+|\[[\w|]+\])(?= |$)"
    for option, kind in re.findall(pattern, text, flags=re.MULTILINE):
        if option in NEVER:
            continue
        for value in WRONG_VALUES.get(kind, ("nonsense",)):
            rest = _without(words, option)
            session.run(*rest, option, value, most=6)


def _without(words, option):
    short = {"--output": "-o"}.get(option, option)
    if short not in words:
        return words
    at = words.index(short)
    return words[:at] + words[at + 2 :]


def spoiled_lines(text):
    """Each line of a TOML file left out, misspelt and of another type.

    Gives the kind of line, what is wrong with it, and the text. Lines of one kind, such
    as two sensors, give the same messages.
    """
    lines, table = text.split("\n"), ""
    for at, line in enumerate(lines):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        if line.startswith("["):
            table = re.split(r"[.\]]", line.strip("["))[0]
        key = entry.partition("=")[0].strip() if "=" in entry else ""
        kind = table if table in {"variables", "runs"} else f"{table} {key}"
        for what, new in _spoiled_line(line).items():
            if new != line:
                middle = [] if new is None else [new]
                spoiled = "\n".join([*lines[:at], *middle, *lines[at + 1 :]])
                yield (kind, what), f"{entry}: {what}", spoiled


def _spoiled_line(line):
    key, mark, value = line.partition("=")
    if not mark:
        return {"left out": None, "table misspelt": line.replace("]", "x]", 1)}
    bare, first = key.rstrip(), value.strip()[:1]
    other = f'{bare[:-1]}x"' if bare.endswith('"') else f"{bare}x"
    wrong = "true" if first in "\"'{[" else '"nonsense"'
    changes = {
        "left out": None,
        "key misspelt": f"{other} = {value.strip()}",
        "another type": f"{key}= {wrong}",
    }
    if first in "\"'":
        changes["another word"] = f'{key}= "nonsense"'
    elif first not in "[{":
        changes["another number"] = f"{key}= -1e9"
    else:
        inside = re.sub(r"(\w+) = ", r"\1x = ", value, count=1)
        changes["inner key misspelt"] = f"{key}={inside}"
        changes["inner unit"] = line.replace('units = "', 'units = "x')
    return changes


def platform_files(session):
    """Platform files with one line spoiled: what the check of them says."""
    seen = Counter()
    for name in ("demo_ship", "demo_hydroc", "demo_mapco2"):
        text = dict(oceanco2.platforms_available())[name].read_text("utf-8")
        for kind, note, spoiled in spoiled_lines(text):
            if seen[kind] >= 3 or (seen[kind] and kind[0] not in {"variables", "runs"}):
                continue
            seen[kind] += 1
            (session.folder / "spoiled.toml").write_text(spoiled, "utf-8")
            code, out, err = session.run("platforms", "spoiled.toml", tell=False)
            if code != 0 or err:
                words = [f"! {x}" for x in (err + (out if code else "")).splitlines()]
                session.tell(f"$ oceanco2 platforms spoiled.toml   # {note}", *words)


def _process(session, name, files, note):
    """Process spoiled raw files; only errors and warnings are told."""
    folder = session.folder / "spoiled"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for file, content in files.items():
        (folder / file).write_bytes(content)
    _, _, err = session.run("process", name, "spoiled", "-o", "s.nc", tell=False)
    words = [f"! {x}" for x in err.splitlines()]
    session.tell(f"$ oceanco2 process {name} spoiled -o s.nc   # {note}", *words)


def raw_files(session):
    """Raw files with one thing spoiled."""
    for name in ("ship", "hydroc", "mapco2"):
        run = ("simulate", f"demo_{name}", "--days", 0.2, "--seed", 4)
        session.done(*run, "-o", f"raw_{name}", tell=False)
        paths = sorted((session.folder / f"raw_{name}").glob("*"))
        raw = {p.name: p.read_bytes() for p in paths if p.suffix != ".nc"}
        for file, content in raw.items():
            for note, spoiled in spoiled_raw(content):
                files = raw | {file: spoiled}
                _process(session, f"demo_{name}", files, f"{file}: {note}")
            rest = {k: v for k, v in raw.items() if k != file}
            _process(session, f"demo_{name}", rest, f"{file}: not there")


def spoiled_raw(content):
    lines = content.split(b"\n")
    mark = b"\t" if b"\t" in lines[0] else b","
    yield "empty", b""
    yield "head alone", lines[0] + b"\n"
    yield "no head", b"\n".join(lines[1:])
    yield "rubbish", bytes(range(256)) * 20
    yield "UTF-16", content.decode("latin-1").encode("utf-16")
    yield "cut in mid-row", content[: len(content) // 2]
    yield "rows twice", content + b"\n".join(lines[1:])
    yield "other separator", content.replace(mark, b"|")
    yield "decimal commas", content.replace(b".", b",")
    columns = lines[0].rstrip(b"\r").split(mark)
    for at, column in enumerate(columns[:30]):
        word = column.decode("latin-1")
        head = mark.join([*columns[:at], b"another", *columns[at + 1 :]])
        yield f"column {word!r} renamed", b"\n".join([head, *lines[1:]])
        rows = [_spoil(row, mark, at) for row in lines[1:]]
        yield f"column {word!r} is text", b"\n".join([lines[0], *rows])


def _spoil(row, mark, at, value=b"abc"):
    cells = row.split(mark)
    if len(cells) > at:
        cells[at] = value
    return mark.join(cells)


def _spoiled_table(text, mark, start):
    """A table with each column renamed, there twice, text, huge or empty."""
    lines = text.split("\n")
    head, rows = lines[start], lines[start + 1 :]
    columns = head.split(mark)
    for at, column in enumerate(columns):
        changes = {"renamed": "another"}
        changes |= {"twice": columns[at - 1]} if at % 5 == 1 else {}
        for what, new in changes.items():
            other = mark.join([*columns[:at], new, *columns[at + 1 :]])
            yield f"{column!r} {what}", "\n".join([*lines[:start], other, *rows])
        for value in ("abc", "-1e9", "")[: 1 if len(columns) > 40 else 3]:
            spoiled = [*rows]
            for row in range(3, min(9, len(rows))):
                cells = rows[row].split(mark)
                if len(cells) > at:
                    spoiled[row] = mark.join([*cells[:at], value, *cells[at + 1 :]])
            new = "\n".join([*lines[:start], head, *spoiled])
            yield f"{column!r} holds {value!r}", new
    for at in range(start):
        yield f"line {at + 1} left out", "\n".join(lines[:at] + lines[at + 1 :])
    short = [*rows[:4], rows[4].rpartition(mark)[0], *rows[5:]]
    yield "a short row", "\n".join([*lines[:start], head, *short])


def tables(session):
    """Upload files, tables of the portal, SOCAT files, flags, documents: spoiled."""
    folder = session.folder
    head, first, *_ = MANUAL_FLAGS.split("\n")
    repeated = "\n".join([head, *[first] * 9])
    (folder / "people.csv").write_text(repeated, "utf-8")
    for name, command, word in (
        ("upload.tsv", "socat check {} --most 1", "Expocode\t"),
        ("l1.csv", "icos check {}", "Date/Time,"),
        ("every.tsv", "socat excerpt {} -o e.tsv", "Expocode\t"),
        ("people.csv", "flags apply out.nc {} -o a.nc", "start,"),
    ):
        lines = (folder / name).read_text("utf-8").split("\n")
        start = next(i for i, x in enumerate(lines) if x.startswith(word))
        mark = "\t" if "\t" in lines[start] else ","
        for note, spoiled in _spoiled_table(
            "\n".join(lines[: start + 60]), mark, start
        ):
            (folder / f"spoiled_{name}").write_text(spoiled, "utf-8")
            words = [*command.format(f"spoiled_{name}").split()]
            words += ["--platform", "station.toml"] if name == "people.csv" else []
            session.run(*words, note=note, most=4)
    documents(session)


def documents(session):
    """Metadata documents with each kind of element left out."""
    for name in ("oads", "ocads"):
        text = (session.folder / f"{name}.xml").read_text("utf-8")
        tags = list(dict.fromkeys(re.findall(r"<(\w+)>", text)))
        for tag in tags:
            spoiled = re.sub(rf"<{tag}>[^<]*</{tag}>", "", text, count=1)
            if spoiled == text:
                continue
            (session.folder / "spoiled.xml").write_text(spoiled, "utf-8")
            check = ("socat", "check", "upload.tsv", "--metadata", "spoiled.xml")
            _, out, err = session.run(*check, "--most", 1, tell=False)
            words = [f"  {x}" for x in out.splitlines() if "spoiled" in x or tag in x]
            words += [f"! {x}" for x in err.splitlines()]
            session.tell(f"$ oceanco2 {' '.join(check)}   # {tag} left out", *words)


def options_of_formats(session):
    """Options of formats that cannot be, or that another format has."""
    _, listed, _ = session.run("formats", tell=False)
    head, *rows = listed.splitlines()
    start, end = head.index("options"), head.index("reference")
    for row in sorted(x for x in rows if x.strip()):
        form, suffix = row.split()[:2]
        names = [x.strip() for x in row[start:end].split(",") if x.strip(" -")]
        target = f"x_{form}{suffix.rstrip('/')}"
        for option in (*names, "nonsense"):
            for value in ("nonsense", "-1"):
                command = ("export", "out.nc", "--format", form, "-o", target)
                session.run(*command, "--option", f"{option}={value}")
        session.run("export", "out.nc", "--format", form, "-o", "x.xyz")


def verbs(session):
    """Verbs with one argument that cannot be."""
    ds = oceanco2.open_dataset("out.nc")
    platform = oceanco2.load_platform("demo_ship")
    bases = {
        "simulate": (("demo_ship",), {"days": 0.1, "folder": "v"}),
        "process": (("station.toml", "raw"), {}),
        "read": ((platform, ["raw"]), {}),
        "flux": ((ds,), {}),
        "write": ((ds, "v.nc"), {}),
        "grid": (("every.tsv",), {"product": "decadal"}),
        "read_socat": (("every.tsv",), {}),
        "excerpt_socat": (("every.tsv", "v.tsv"), {}),
        "recompute_socat": (("every.tsv",), {}),
        "find_crossovers": ((["out.nc", "every.tsv"],), {}),
        "diagnose": (("upload.tsv",), {}),
        "draft_platform": (("upload.tsv",), {}),
        "submit": ((ds, "v"), {}),
        "save_overview": ((ds, "v.png"), {}),
    }
    for name, (arguments, keywords) in bases.items():
        verb = getattr(oceanco2, name)
        known = inspect.signature(verb).parameters.items()
        # how a function calls its ** is its own affair
        parameters = [key for key, one in known if one.kind is not one.VAR_KEYWORD]
        for parameter in parameters:
            for value in ("nonsense", -1, []):
                given = dict(zip(parameters, arguments, strict=False)) | keywords
                given |= {parameter: value}
                word = f"{name}({parameter}={value!r})"
                session.verb(word, lambda v=verb, g=given: v(**g))
