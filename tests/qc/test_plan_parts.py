"""Parts of the plan: consequences, rules, files, the cascade, on both sides."""

from types import SimpleNamespace

import pytest

from oceanco2 import platforms
from oceanco2.errors import OptionError, PlatformError
from oceanco2.qc import plan
from oceanco2.qc.limits import PROFILES
from oceanco2.vocabulary import RUN_TYPES

SHIP = platforms.available()["demo_ship"].read_text()
WATER_DRY, AIR_DRY = "xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"
SEA_DRY = "xCO2_water_SST_dry"
WATER, AIR = (RUN_TYPES["water"],), (RUN_TYPES["air"],)


def planned(tables="", path="ship.toml"):
    return plan.plan_of(platforms.parse(f"{SHIP}\n{tables}\n".encode(), path))


def platform(*names, dry=True, correction=""):
    variables = {name: SimpleNamespace(dry=dry) for name in names}
    calibration = SimpleNamespace(moisture_correction=correction)
    return SimpleNamespace(variables=variables, calibration=calibration)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (platform("SST"), {}),
        (platform("xCO2", "xH2O"), {}),
        (platform("xCO2", dry=False), {}),
        (
            platform("xCO2", "xH2O", dry=False),
            {"xH2O": {WATER_DRY: WATER, AIR_DRY: AIR}},
        ),
        (
            platform("xH2O", correction="licor"),
            {"xH2O": {WATER_DRY: WATER, AIR_DRY: AIR}},
        ),
        (
            platform("xCO2_water_Tequ_wet", "xH2O_water"),
            {k: {WATER_DRY: ()} for k in ("xCO2_water_Tequ_wet", "xH2O_water")},
        ),
        (
            platform(
                "xCO2_water_Tequ_wet", "xCO2_water_SST_wet", "xH2O_water", SEA_DRY
            ),
            {k: {WATER_DRY: ()} for k in ("xCO2_water_Tequ_wet", "xH2O_water")},
        ),
        (
            platform("xCO2_water_Tequ_wet", "xCO2_water_SST_wet", "xH2O_water"),
            {
                "xCO2_water_Tequ_wet": {WATER_DRY: ()},
                "xCO2_water_SST_wet": {SEA_DRY: ()},
                "xH2O_water": {WATER_DRY: (), SEA_DRY: ()},
            },
        ),
        (
            platform("xCO2_atm_wet_actual", "xH2O_atm"),
            {k: {AIR_DRY: ()} for k in ("xCO2_atm_wet_actual", "xH2O_atm")},
        ),
        (platform("xCO2_atm_wet_actual", "xH2O_water"), {}),
        (
            platform("RH", "T_RH", "RH_span"),
            {k: {SEA_DRY: WATER, AIR_DRY: AIR} for k in ("RH", "T_RH", "RH_span")},
        ),
        (platform("RH"), {"RH": {SEA_DRY: WATER, AIR_DRY: AIR}}),
    ],
)
def test_what_dries_a_mole_fraction(given, expected):
    assert plan.drying_consequences(given) == expected


def test_a_plan_of_defaults():
    found = planned()
    assert found.profile is PROFILES["default"]
    expected = PROFILES["default"].checks_for("ship")
    # The platform file says that the simulated ship sails over land.
    assert expected["latitude"].pop("land") == {}
    # They are measured, but have no checks of their own.
    assert found.checks == expected | {"longitude": {}, "xCO2": {}}
    assert (found.rules, found.consequences, found.written) == ([], {}, set())
    assert (found.cascade, found.files) == ({"": {}}, {})
    assert found.named() == set(found.checks)


def test_land_is_checked_unless_the_platform_file_answers():
    answer = next(line for line in SHIP.splitlines() if line.startswith("land = "))
    for text, expected in ((SHIP, False), (SHIP.replace(answer, ""), True)):
        found = plan.plan_of(platforms.parse(text.encode(), "ship.toml"))
        assert ("land" in found.checks["latitude"]) is expected


def test_the_profile_quince_has_consequences():
    found = planned('[qc]\nprofile = "quince-28"')
    assert found.consequences == {
        "warming": {"SST": (), "T_equ": (), "water_flow": ()},
        "water_flow": {},
        "gas_flow": {},
    }
    assert found.profile.name == "quince-28"
    assert found.written == set()


def test_the_profile_none_has_no_consequences_of_drying():
    text = SHIP.replace("dry = true", "dry = false")
    for profile, expected in (("none", {}), ("default", {"xH2O"})):
        tables = f'[qc]\nprofile = "{profile}"'
        ship = platforms.parse(f"{text}\n{tables}\n".encode(), "s.toml")
        assert set(plan.plan_of(ship).consequences) == set(expected)


def test_checks_of_the_platform_file():
    found = planned(
        "[qc.SST]\nspike = false\nrange = { bad = [0, 1] }\nice = false\n"
        "[qc.sample_depth]\nconstant = { minutes = 9 }\n"
        "[qc.water_flow]\nconsequences = { T_equ = 'all', SST = ['water', 'air'] }\n"
        "[qc.gas_flow]\nconsequences = {}\n"
    )
    expected = PROFILES["default"].checks_for("ship")
    del expected["SST"]["spike"], expected["SST"]["ice"]
    del expected["latitude"]["land"]  # answered by the platform file
    expected["SST"]["range"] = {"bad": [0, 1]}
    expected["sample_depth"] = {"constant": {"minutes": 9}}
    found_checks = {n: c for n, c in found.checks.items() if c}
    assert found_checks == expected
    assert found.consequences == {
        "water_flow": {"T_equ": (), "SST": (1, 2)},
        "gas_flow": {},
    }
    assert found.written == {"water_flow", "gas_flow"}


def test_rules_are_kept_in_order():
    found = planned(
        "[[qc.where]]\nname = 'one'\nmonths = [1]\n"
        "checks = { SST = { spike = { bad = 5 } }, ship_dir = { constant = {} } }\n"
        "[[qc.where]]\nlatitude = [0, 1]\nchecks = { SST = { spike = false } }\n"
    )
    assert [(rule.when, rule.checks) for rule in found.rules] == [
        (
            {"name": "one", "months": [1]},
            {"SST": {"spike": {"bad": 5}}, "ship_dir": {"constant": {}}},
        ),
        ({"box": [0.0, -180.0, 1.0, 180.0]}, {"SST": {"spike": False}}),
    ]
    assert "ship_dir" in found.named()
    assert found.checks["SST"]["spike"] == {"questionable": 1.0, "bad": 4.0}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ("[qc.SST]\nspike = { questionable = 2, bad = 1 }", "'bad' must not be below"),
        ("[qc.SST]\nfreezing = { bda = 2 }", "no option named 'bda'"),
        ("[qc.SST]\ncooling = {}", "it belongs to [qc.warming]"),
        ("[qc.SST]\nflow_drop = {}", "[qc.gas_flow] or [qc.water_flow] or"),
        ("[qc.SST]\nspike = 1", "needs a table of options, or false"),
        ("[qc.SST]\ntime_order = {}", "it has no options"),
        ("[qc.SST]\nposition = false", "it has no options"),
        ("[qc.gas_flow]\nconsequences = 'all'", 'needs a table such as { SST = ["wa'),
        ("[qc.SST]\nconsequences = { SST = 'all' }", "must not be a consequence of"),
        ("[qc.SST]\nconsequences = { T_equ = 1 }", "needs a list of run types or"),
        (
            "[[qc.where]]\nmonths = [1]\n"
            "checks = { SST = { spike = { questionable = 2, bad = 1 } } }",
            "[[qc.where]] number 1 checks.SST.spike: 'bad' must not be below",
        ),
        (
            "[[qc.where]]\nmonths = [1]\nchecks = { SST = { spike = true } }",
            "checks.SST.spike: needs a table of options, or false",
        ),
    ],
)
def test_faults_of_checks(tables, words):
    with pytest.raises(PlatformError) as caught:
        planned(tables)
    assert words in str(caught.value)
    assert str(caught.value).startswith("ship.toml: [")


def test_consequences():
    assert plan._consequences("SST", {"T_equ": "all"}) == {"T_equ": ()}
    found = plan._consequences("SST", {"T_equ": ["zero"], "warming": []})
    assert found == {"T_equ": (RUN_TYPES["zero"],), "warming": ()}
    with pytest.raises(OptionError, match="run type"):
        plan._consequences("SST", {"T_equ": ["zer"]})


@pytest.mark.parametrize(
    ("table", "pair"),
    [
        ({"questionable": 2}, (2, 4)),
        ({"bad": 3}, (3, 3)),
        ({"questionable": 2, "bad": 2}, (2, 2)),
        ({"questionable": 4, "bad": 4}, (4, 4)),
        ({"questionable": 4}, (4, 4)),
    ],
)
def test_what_a_flag_becomes(table, pair):
    assert plan._becomes("x", table) == pair


@pytest.mark.parametrize(
    "table",
    [
        *({}, 3, {"bad": 1}, {"bad": 5}, {"bad": 2}),
        *({"bad": True}, {"questionable": 4, "bad": 3}, {"questionable": 0}),
    ],
)
def test_what_a_flag_cannot_become(table):
    with pytest.raises(OptionError, match=r"^x: "):
        plan._becomes("x", table)


def test_the_cascade_of_all_results_and_of_one():
    tables = {
        "SST": {"bad": 3},
        "warming": {"SST": {"questionable": 2}, "T_equ": {"bad": 3}},
    }
    found = plan._cascade(PROFILES["default"], tables)
    assert found == {
        "": {"SST": (3, 3)},
        "warming": {"SST": (2, 4), "T_equ": (3, 3)},
    }
    milder = SimpleNamespace(cascade={"SST": (2, 2), "T_equ": (2, 2)})
    assert plan._cascade(milder, tables)[""] == {"SST": (3, 3), "T_equ": (2, 2)}
    assert milder.cascade["SST"] == (2, 2)
    for wrong in (
        {"warming": {"salinity": {"bad": 3}}},
        {"SSTT": {"bad": 3}},
        {"SST": {"T_equ": {"bad": 3}}},
        {"wind_dir": {"bad": 3}},
    ):
        with pytest.raises(OptionError):
            plan._cascade(PROFILES["default"], wrong)


def test_files_are_found_here_or_beside_the_platform_file(tmp_path, monkeypatch):
    beside, here = tmp_path / "beside", tmp_path / "here"
    beside.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    result = "fCO2_water_SST_wet"
    table = f'[qc.{result}]\nclimatology = {{ file = "c.nc" }}'
    where = (
        f"[[qc.where]]\nmonths = [1]\nchecks = {{ {result} = {{ climatology ="
        ' { file = "d.nc" } } }'
    )
    path = str(beside / "ship.toml")
    with pytest.raises(PlatformError) as caught:
        planned(table, path)
    assert str(caught.value) == (
        f"{path}: [qc.{result}.climatology] no file 'c.nc' in the working folder or"
        " beside the platform file"
    )
    (beside / "c.nc").touch()
    assert planned(table, path).files == {"c.nc": str(beside / "c.nc")}
    (here / "c.nc").touch()
    assert planned(table, path).files == {"c.nc": "c.nc"}
    with pytest.raises(PlatformError, match=r"'d\.nc'"):
        planned(f"{table}\n{where}", path)
    (here / "d.nc").touch()
    found = planned(f"{table}\n{where}", path)
    assert found.files == {"c.nc": "c.nc", "d.nc": "d.nc"}
