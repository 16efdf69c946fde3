"""Set B: shipped platforms on real data, files of SOCAT and PANGAEA, documents."""

import oceanco2

#: Platform and its files in the data folder (as in tests/real/test_cruises.py).
FILES = {
    "carioca_2004": "drifter_carioca2004/CARIOCA_2004_03_03740.csv",
    "cce2_2010": "mooring_CCE2_2010_2011/CCE2_121W_34N_Jan2010_Mar2011.csv",
    "crimp2_2016": "mapco2_raw_crimp2016",
    "go_workshop_2019": "icos_otc_workshop_go2019/part4_input_raw_cruise_dat.txt",
    "gordon_gunter_2008": "cruise_GU0802_aoml_gordongunter/gu0802_leg1.csv",
    "hydroc_smhi_svea_2021": "hydroc_smhi_svea2021_raw",
    "kaimimoana_2008": "cruise_KA2008_07_pmel_kaimimoana/KA2008_07.csv",
    "langseth_2011": "cruise_33H320110527_ldeo_langseth/MGLangseth_11_02.csv",
    "mambo_2017": "mooring_mambo_2017_procv_raw",
    "munida_2005": "cruise_M050726/M050726.csv",
    "nuka_arctica_2005_socat": (
        "socatv3_pangaea_26NA20050107/26NA20050107_CO2_underway_SOCATv3.tab"
    ),
    "nuka_arctica_2008": "cruise_26NA20080117_nuka/26NA20080117.dat",
    "oceanpack_2019": "oceanpack_2019_raw/example_op.log",
    "oiso17_2009": "cruise_OISO17/OISO17-CO2WAT.xls",
    "ooi_pco2a_2014": "ooi_raw_pco2/20140217.pco2a.log",
    "ooi_pco2w_2014": "ooi_raw_pco2/20140507.pco2w1.log",
    "pyxis_2009": "cruise_PX131W/PX131W.csv",
    "ronald_h_brown_2010": (
        "cruise_33RO20100308_a13.5_aoml_ronbrown/A13.5_2010_underway.csv"
    ),
    "tao_140w_2004": "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv",
    "tsg_dfo_2024": "tsg_dfo_2024",
}
#: Delivered files whose recipe is looked for.
DELIVERED = (
    *("kaimimoana_2008", "langseth_2011", "munida_2005", "nuka_arctica_2008"),
    *("pyxis_2009", "gordon_gunter_2008", "ronald_h_brown_2010", "tao_140w_2004"),
)
#: Files published by SOCAT and PANGAEA, in reference/socat.
PUBLISHED = (
    "26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab",
    "PAT520150211_SOCATv4_enhanced_rows.tsv",
    "PAT520150211_SOCATv4_synthesis_rows_regionC.tsv",
    "SOCATv2026_mini_excerpt.tsv",
)
DOCUMENTS = (
    "OADS_11SS20220801.xml",
    "OADS_a0.2.2_SOCAT_FULL_TEST.xml",
    "OADS_a0.2.2s_740H20200119.xml",
    "OCADS_v4.6_sample_variables_1.xml",
)
#: Forcing of a flux beside numbers: platform, options.
FORCING = (
    ("tao_140w_2004", "--wind", "data/met_tao_daily/met0n140w_dy.cdf"),
    (
        "ronald_h_brown_2010",
        "--wind",
        "7.5",
        "--xco2-air",
        "data/atm_noaa_mbl/co2_GHGreference.876316650_surface.txt",
    ),
)


def everything(session):
    """Set B."""
    (session.folder / "data").symlink_to(session.data)
    (session.folder / "reference").symlink_to(session.data.parent / "reference")
    shipped(session)
    for name, file in FILES.items():
        cruise(session, name, f"data/{file}")
    fluxes(session)
    published(session)
    documents(session)


def shipped(session):
    """Platform files themselves, so that other digests need not hang on comments."""
    folder = session.folder / "platforms"
    folder.mkdir()
    for name, path in dict(oceanco2.platforms_available()).items():
        (folder / f"{name}.toml").write_bytes(path.read_bytes())
    session.digest("platforms")


def cruise(session, name, raw):
    """One platform: results, exchange files, numbers of the summary, a figure."""
    run, made = session.run, f"made/{name}"
    (session.folder / made).mkdir(parents=True)
    out = f"{made}/out.nc"
    process = ("process", name, raw, "-o", out, "--report", f"{made}/report.json")
    code, *_ = run(*process, tell="errors")
    if code == 0:
        run("export", out, "--format", "socat", "-o", f"{made}/upload.tsv")
        upload = ("socat", "check", f"{made}/upload.tsv")
        run(*upload, "--json", keep=f"{made}/check.json")
        for form, suffix in (("icos_l1", "csv"), ("oceansites", "nc")):
            run("export", out, "--format", form, "-o", f"{made}/{form}.{suffix}")
        run("export", out, "--format", "socat_enhanced", "-o", f"{made}/enhanced.tsv")
        run("summary", out, "--json", keep=f"{made}/summary.json")
        run("flags", "list", out, "--csv", keep=f"{made}/flags.csv")
        run("figure", out, "--dpi", 60, "-o", f"{made}/overview.png")
        for form in ("oads", "ocads"):
            document = f"{made}/{form}.xml"
            run("socat", "metadata", out, "--format", form, "-o", document)
    if name in DELIVERED:
        diagnose = ("diagnose", raw, "--platform", name)
        run(*diagnose, "--json", keep=f"{made}/diagnose.json")
        run("diagnose", raw)
    source = session.folder / raw
    if source.is_file():
        run("platforms", "new", raw, "-o", f"{made}/draft.toml")
    session.digest(made)


def fluxes(session):
    (session.folder / "flux").mkdir()
    for number, (name, *options) in enumerate(FORCING):
        target = f"flux/{name}_{number}.nc"
        session.run("flux", f"made/{name}/out.nc", "-o", target, *options)
    cruises = [
        f"made/{name}/out.nc" for name in FILES if "nuka" in name or "tao" in name
    ]
    merge = ("socat", "merge", *cruises, "--every", "-o", "flux/merged.tsv")
    session.run(*merge)
    session.digest("flux")


def published(session):
    """Files that SOCAT and PANGAEA give out: read, cut, recomputed, gridded."""
    run = session.run
    (session.folder / "socat").mkdir()
    for name in PUBLISHED:
        file, stem = f"reference/socat/{name}", f"socat/{name.rpartition('.')[0]}"
        for suffix in ("tsv", "csv", "nc", "parquet", "zarr"):
            run("socat", "excerpt", file, "-o", f"{stem}.{suffix}")
        run("socat", "excerpt", file, "-o", f"{stem}_2.tsv", "--woce", "2")
        run("socat", "recompute", file, "-o", f"{stem}_recomputed.tsv")
        run("socat", "recompute", file, "--json", keep=f"{stem}_recomputed.json")
        run("socat", "grid", file, "--product", "decadal", "-o", f"{stem}_grid.nc")
        run("diagnose", file, "--json", keep=f"{stem}_diagnose.json")
        read = session.verb(f"read_socat {name}", lambda f=file: oceanco2.read_socat(f))
        if read is not None:
            session.dataset(name, read.to_xarray())
    files = [f"reference/socat/{name}" for name in PUBLISHED]
    run("socat", "excerpt", *files[1:], "-o", "socat/joined.tsv")
    run("socat", "crossovers", *files, "--json", keep="socat/crossovers.json")
    tables = ["crossover_09AR20120105.csv", "crossover_353L20120107.csv"]
    tables = [f"reference/socat/{name}" for name in tables]
    run("socat", "crossovers", *tables)
    run("socat", "crossovers", *tables, "--json", keep="socat/meet.json")
    session.digest("socat")


def documents(session):
    """Metadata documents as the upload check reads them."""
    (session.folder / "documents").mkdir()
    upload = "reference/socat/synthetic_upload_check.tsv"
    for name in DOCUMENTS:
        check = ("socat", "check", upload, "--metadata", f"reference/socat/{name}")
        session.run(*check)
        keep = f"documents/{name.rpartition('.')[0]}.json"
        session.run(*check, "--json", keep=keep)
    session.digest("documents")
