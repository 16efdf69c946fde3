"""Set A: simulated ships and a mooring through every command that writes."""

import csv

import oceanco2

KINDS = ("overview", "series", "standards", "warming", "map", "track", "property")
#: A station of the ICOS network: needed for packages of the Carbon Portal.
STATION = '\nstation = "OS_26NA"\n'


def small(session):
    """The part that every test run takes: one short cruise of a ship."""
    run = session.done
    run("simulate", "demo_ship", "--days", 0.5, "--seed", 3, "-o", "raw")
    session.folder.joinpath("made").mkdir()
    raw, out = "raw", "made/out.nc"
    run("process", "demo_ship", raw, "-o", out)
    run("export", out, "--format", "socat", "-o", "made/upload.tsv")
    run("export", out, "--format", "icos_l2", "-o", "made/l2.csv")
    run("flux", out, "-o", "made/flux.nc")
    run("summary", out, "--json", keep="made/summary.json")
    session.digest("raw", "made")


def everything(session):
    """Set A."""
    text = dict(oceanco2.platforms_available())["demo_ship"].read_text("utf-8")
    text = text.replace("\nschema = 1\n", f"\nschema = 1{STATION}", 1)
    (session.folder / "station.toml").write_text(text, "utf-8")
    cruises(session)
    for name in ("ship", "hydroc", "mapco2"):
        formats(session, name)
        looks(session, name)
    figures(session)
    flags(session)
    socat(session)
    icos(session)
    drafts(session)
    steps(session)


def cruises(session):
    """Raw files and what becomes of them: demonstration, and every fault."""
    run = session.done
    run("demo", "--days", 1.5, "-o", "demo/ship")
    for name in ("hydroc", "mapco2"):  # their demonstration without its faults
        raw = f"demo/{name}/raw"
        run("simulate", f"demo_{name}", "--days", 1.5, "--seed", 1, "-o", raw)
        process = ("process", f"demo_{name}", raw, "-o", f"demo/{name}/cruise.nc")
        run(*process, tell="errors")
    for name in ("ship", "hydroc", "mapco2"):
        raw = f"raw/{name}"
        simulate = ("simulate", f"demo_{name}", "--days", 1.5, "--seed", 5)
        run(*simulate, "--fault", "all", "-o", raw)
        report = ("--report", f"made/{name}.json", "--socat", f"made/{name}.tsv")
        platform = "station.toml" if name == "ship" else f"demo_{name}"
        session.folder.joinpath("made").mkdir(exist_ok=True)
        run("process", platform, raw, "-o", f"made/{name}.nc", *report, tell="errors")
        drawn = ("--figure", f"made/{name}.png")
        run("process", platform, raw, "-o", "made/x.nc", *drawn, tell=False)
        session.folder.joinpath("made/x.nc").unlink()
    quiet = (
        "simulate",
        "demo_ship",
        "--days",
        1,
        "--no-noise",
        "--start",
        "2023-12-31",
    )
    run(*quiet, "-o", "raw/quiet")
    session.digest("demo", "raw", "made")


def cruise(name, faulty=True):
    return f"made/{name}.nc" if faulty else f"demo/{name}/cruise.nc"


def formats(session, name):
    """Every format that the command lists, with its options."""
    folder = session.folder / f"export/{name}"
    folder.mkdir(parents=True, exist_ok=True)
    _, listed, _ = session.run("formats", tell=False)
    rows = [line.split() for line in listed.splitlines()[1:] if line.strip()]
    for form, suffix in sorted((row[0], row[1]) for row in rows):
        for faulty, word in ((True, "faults"), (False, "demo")):
            target = f"export/{name}/{form}_{word}{suffix.rstrip('/')}"
            command = ("export", cruise(name, faulty), "--format", form, "-o", target)
            session.run(*command, *NEEDED.get(form, ()))
    out = cruise(name, False)
    for form, suffix, *options in OPTIONS:
        words = [x for option in options for x in ("--option", option)]
        label = "_".join(options).replace("=", "-").replace("/", "-")
        target = f"export/{name}/{form}_{label}{suffix}"
        session.run("export", out, "--format", form, *words, "-o", target)
    session.digest(f"export/{name}")


#: Options without which a format refuses the simulated cruises.
NEEDED = {
    "copernicus": ("--option", "call_sign=ABCD"),
    "socat_synthesis": ("--option", "flag=B"),
}
#: Format, suffix and options of exports beside the default ones.
OPTIONS = (
    ("socat", ".tsv", "separator=comma"),
    ("socat", ".tsv", "separator=semicolon", "missing=-999"),
    ("socat", ".tsv", "include_air=true"),
    ("socat", ".tsv", "include_bad=true", "suggested_flag=C"),
    ("icos_l1", ".csv", "include_air=true"),
    ("icos_l2", ".csv", "undecided=accept"),
    ("icos_l2", ".csv", "include_air=true", "undecided=accept"),
    ("socat_enhanced", ".tsv", "version=2026.0N", "flag=B"),
    ("socat_synthesis", ".tsv", "version=2025.0U", "flag=C", "doi=10.1000/x"),
    ("erddap", ".nc", "names=icos"),
    ("erddap", ".nc", "datasets_xml=true"),
    ("oceansites", ".nc", "data_mode=D"),
    ("oceansites", ".nc", "data_mode=R", "part=TS"),
    ("copernicus", "", "data_mode=D", "call_sign=ABCD"),
    ("copernicus", "", "category=31", "call_sign=ABCD"),
)


def looks(session, name):
    """Flux, summary, lists of flags, lags: numbers as JSON, words as text."""
    run, out, clean = session.run, cruise(name), cruise(name, False)
    made = f"look/{name}"
    session.folder.joinpath(made).mkdir(parents=True, exist_ok=True)
    for target, *options in (
        ("w14", "--xco2-air", 415, "--wind", 7),
        ("n00", "--parametrisation", "N00", "--wind", 8, "--xco2-air", 410),
        ("rapid", "--scheme", "rapid", "--wind", 6, "--ice", 0.2),
        ("height", "--wind-height", 18, "--xco2-air", 420),
        ("ship",),
    ):
        flux = ("flux", clean, "-o", f"{made}/flux_{target}.nc", *options)
        run(*flux, tell="errors")
    flux = ("flux", out, "-o", f"{made}/flux_faults.nc", "--wind", 7)
    run(*flux, "--xco2-air", 415)
    given = {"wind": 7.0, "pressure": 1012.0, "xco2_air": 415.0}
    for number, scheme in enumerate(("bulk", "rapid")):
        ds = oceanco2.open_dataset(clean)
        fluxes = session.verb(
            f"flux of {name}, {scheme}",
            lambda d=ds, s=scheme: oceanco2.flux(d, scheme=s, **given),
        )
        if fluxes is not None:
            session.dataset(f"{name}/flux{number}", fluxes)
    for file, word in ((out, "faults"), (clean, "demo")):
        run("summary", file)
        run("summary", file, "--json", keep=f"{made}/summary_{word}.json")
        if file != out:
            run("summary", file, "--against", out)
        run("flags", "list", file, "--json", keep=f"{made}/flags_{word}.json")
        run("flags", "list", file, "--csv", "--missing", keep=f"{made}/{word}.csv")
    run("flags", "list", out, "--variable", "fCO2_water_SST_wet", most=30)
    run("lags", f"demo_{name}", f"demo/{name}/raw")
    run("lags", f"demo_{name}", f"raw/{name}")
    run("diagnose", f"made/{name}.tsv")
    run("diagnose", f"made/{name}.tsv", "--json", keep=f"{made}/diagnose.json")
    session.digest(made)


def figures(session):
    """Every kind of figure."""
    session.folder.joinpath("figures").mkdir()
    variables = {"series": ("SST", "salinity"), "map": ("SST",), "track": ("salinity",)}
    for name in ("ship", "hydroc", "mapco2"):
        for faulty, word in ((True, "faults"), (False, "demo")):
            for kind in KINDS:
                target = f"figures/{name}_{kind}_{word}.png"
                command = ("figure", cruise(name, faulty), "--kind", kind)
                session.run(*command, "--dpi", 60, "-o", target)
    for kind, names in variables.items():
        words = [x for one in names for x in ("--variable", one)]
        command = ("figure", cruise("ship"), "--kind", kind, *words, "--dpi", 60)
        session.run(*command, "-o", f"figures/named_{kind}.png")
    session.run("transfer-velocities", "--plot", "figures/k.png")
    session.digest("figures")


def flags(session):
    """Flags of people: the template as it is answered, put on, and read again."""
    session.folder.joinpath("flags").mkdir()
    for name in ("ship", "hydroc", "mapco2"):
        out, csv_file = cruise(name), f"flags/{name}.csv"
        session.done("flags", "template", out, "-o", csv_file)
        answer(session.folder / csv_file, session.folder / f"flags/{name}_said.csv")
        answers, judged = f"flags/{name}_said.csv", f"flags/{name}.nc"
        platform = ("--platform", "station.toml") if name == "ship" else ()
        session.done("flags", "apply", out, answers, "-o", judged, *platform)
        session.run("flags", "audit", judged, most=30)
        session.run("flags", "audit", judged, "--json", keep=f"flags/{name}.json")
        session.run("flags", "diff", out, judged, most=30)
        for layer in ("effective", "automatic", "manual"):
            diff = ("flags", "diff", out, judged, "--layer", layer, "--json")
            session.run(*diff, keep=f"flags/{name}_{layer}.json")
        session.run("summary", judged)
        again = ("process", platform[-1] if platform else f"demo_{name}", f"raw/{name}")
        again += ("--manual", answers, "-o", f"flags/{name}_again.nc")
        session.run(*again, tell="errors")
        for form in ("icos_l2", "icos_l1", "socat", "oceansites"):
            suffix = {"socat": "tsv", "oceansites": "nc"}.get(form, "csv")
            target = f"flags/{name}_{form}.{suffix}"
            session.run("export", judged, "--format", form, "-o", target)
    session.digest("flags")


def answer(template, answers):
    """Fill a template as a person would: agree, and now and then do not."""
    lines = template.read_text(encoding="utf-8").splitlines()
    start = next(i for i, x in enumerate(lines) if x.lstrip("#").startswith("start,"))
    head = lines[start].lstrip("#").split(",")
    rows = list(csv.reader(x.lstrip("#").strip() for x in lines[start + 1 :] if x))
    rows = [row for row in rows if len(row) == len(head)]
    at = {name: i for i, name in enumerate(head)}
    with answers.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(head)
        for number, row in enumerate(rows):
            row[at["flag"]] = "2" if number % 5 == 0 else row[at["flag"]]
            row[at["reason"]] = row[at["reason"]] or f"looked at, {number}"
            row[at["who"]] = row[at["who"]] or "N. Nobody"
            row[at["when"]] = row[at["when"]] or "2024-05-01"
            write.writerow(row)


def socat(session):
    """Submission, upload check, synthesis files and what can be done with them."""
    run, made = session.run, "socat"
    session.folder.joinpath(made).mkdir()
    uploads(session)
    cruises = [cruise(name, False) for name in ("ship", "hydroc", "mapco2")]
    merge = ("socat", "merge", *cruises, "--flag", "B", "--version", "2026.0N")
    run(*merge, "-o", "socat/merged.tsv")
    run(*merge, "--every", "-o", "socat/every.tsv")
    every = "socat/every.tsv"
    for suffix in ("tsv", "csv", "nc", "parquet", "zarr"):
        run("socat", "excerpt", every, "-o", f"socat/excerpt.{suffix}")
    for name, *options in (
        ("columns", "--columns", "expocode,longitude,latitude,fCO2rec"),
        ("region", "--region", "N,AR", "--woce", "2,3"),
        ("box", "--box", "-20,50,10,62", "--start", "2024-03-01T12", "--end", "2024"),
        ("codes", "--expocodes", "ZZ99*", "--flags", "AB", "--src", "1"),
    ):
        run("socat", "excerpt", every, "-o", f"socat/excerpt_{name}.tsv", *options)
    run("socat", "convert", every, "-o", "socat/converted.parquet")
    run("socat", "excerpt", "socat/converted.parquet", "-o", "socat/back.tsv")
    run("socat", "recompute", every, "-o", "socat/recomputed.tsv", "--list", 5)
    run("socat", "recompute", every, "--json", keep="socat/recomputed.json")
    for product in ("yearly", "decadal"):
        grid = ("socat", "grid", every, "--product", product, "--name", "Golden")
        more = ("--csv", f"socat/{product}.csv", "--figure", f"socat/{product}.png")
        run(*grid, *more, "-o", f"socat/{product}.nc")
    grid = ("socat", "grid", *cruises, "--woce", "2,3", "--recomputed")
    run(*grid, "--product", "decadal", "-o", "socat/ours.nc")
    meet = ("socat", "crossovers", *cruises, cruise("ship"), every)
    run(*meet)
    run(*meet, "--json", keep="socat/crossovers.json")
    run(*meet, "-o", "socat/crossovers.csv")
    session.digest(made)


def uploads(session):
    """Upload files with their documents, and what the checker says of them."""
    run = session.run
    for name in ("ship", "hydroc", "mapco2"):
        for faulty, word in ((True, "faults"), (False, "demo")):
            out = cruise(name, faulty)
            for form in ("oads", "ocads"):
                folder = f"socat/{name}_{word}_{form}"
                submit = ("socat", "submit", out, "--format", form, "-o", folder)
                run(*submit, "--suggested-flag", "B")
                document = f"socat/{name}_{word}_{form}.xml"
                run("socat", "metadata", out, "--format", form, "-o", document)
        table = f"made/{name}.tsv"
        check = ("socat", "check", table, "--metadata", document)
        run(*check)
        target = f"socat/check_{name}.json"
        run(*check, "--against", "export/ship/socat_demo.tsv", "--json", keep=target)


def icos(session):
    """Tables and packages of the Carbon Portal."""
    run, made = session.run, "icos"
    session.folder.joinpath(made).mkdir()
    judged = "flags/ship.nc"
    for level, file in ((1, "made/ship.nc"), (2, judged)):
        package = ("icos", "package", file, "--raw", "raw/ship", "--level", level)
        for target in (f"icos/level{level}", f"icos/level{level}.zip"):
            run(*package, "-o", target)
            run("icos", "check", target)
            run("icos", "check", target, "--json", keep=f"{target}_check.json")
            run("icos", "upload", target)
        run(*package, "--undecided", "accept", "-o", f"icos/accepted{level}")
    for file in ("flags/ship_icos_l2.csv", "flags/mapco2_icos_l1.csv"):
        run("icos", "check", file)
        run("icos", "check", file, "--fixed-station", "--json", keep=f"{made}/c.json")
    session.digest(made)


def drafts(session):
    """Platform files for files that nobody described."""
    session.folder.joinpath("drafts").mkdir()
    for name in ("ship", "hydroc", "mapco2"):
        raw = sorted((session.folder / f"demo/{name}/raw").glob("*"))
        files = [
            f"demo/{name}/raw/{p.name}" for p in raw if p.suffix in {".txt", ".csv"}
        ]
        for label, some in ((name, files), (f"{name}_last", files[-1:])):
            draft = f"drafts/{label}.toml"
            session.run("platforms", "new", *some, "-o", draft)
            session.run("platforms", draft)
            path, ready = session.folder / draft, f"drafts/{label}_ready.toml"
            text = path.read_text("utf-8").replace("????", "99ZZ")
            (session.folder / ready).write_text(text, "utf-8")
            session.run("platforms", ready)
            process = ("process", ready, *some, "-o", f"drafts/{label}.nc")
            session.run(*process, tell="errors")
    session.run("platforms", "new", "made/ship.tsv", "-o", "drafts/upload.toml")
    session.digest("drafts")


def steps(session):
    """The verbs one by one, as datasets in memory."""
    for name in ("ship", "hydroc", "mapco2"):
        platform = oceanco2.load_platform(f"demo_{name}")
        verbs = (
            ("read", lambda _, p=platform, n=name: oceanco2.read(p, [f"raw/{n}"])),
            ("align", lambda ds, p=platform: oceanco2.align(ds, p)),
            ("calibrate", lambda ds, p=platform: oceanco2.calibrate(ds, p)),
            ("reduce", lambda ds, p=platform: oceanco2.reduce(ds, p)),
            ("flag", lambda ds, p=platform: oceanco2.flag(ds, p)),
            ("add_uncertainty", lambda ds, p=platform: oceanco2.add_uncertainty(ds, p)),
        )
        ds = None
        for word, verb in verbs:
            ds = session.verb(f"{word} of {name}", lambda v=verb, d=ds: v(d))
            if hasattr(ds, "sizes"):
                session.dataset(f"{name}/{word}", ds)
            elif isinstance(ds, dict):
                for key, one in ds.items():
                    session.dataset(f"{name}/{word}/{key}", one)
    table = oceanco2.read_socat("socat/every.tsv")
    session.dataset("socat/read", table.to_xarray())
    for number, part in enumerate(oceanco2.iter_socat("socat/every.tsv")):
        session.dataset(f"socat/part{number}", part.to_xarray())
