"""The profile of today's system on its own numeric cases."""

import csv

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.bits import TEST_BITS
from oceanco2.errors import PlatformError
from oceanco2.qc import flag
from oceanco2.qc.cascade import INPUTS, cascade
from oceanco2.qc.checks.standards import (
    check_isotope_sum,
    check_missing_standards,
    check_standard_offset,
)
from oceanco2.qc.limits import PROFILES
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, RUN_TYPES

SHIP = platforms.available()["demo_ship"].read_text()
CO2 = "xCO2_water_Tequ_dry"
#: The links of the cases: water flow to SST and CO2, gas flow to CO2, by run type.
LINKS = f"""
[qc.water_flow]
{{water}}
consequences = {{{{ SST = ["water", "air"], {CO2} = ["water", "standard"] }}}}
[qc.gas_flow]
{{gas}}
consequences = {{{{ {CO2} = ["air", "standard"] }}}}
"""
RUNS = {"var_1": "water", "var_2": "air", "var_3": "standard"}
HEAD = "start,end,variable,flag,reason,who,when"
NAMES = {"sst": "SST", "sal": "salinity", "co2": CO2}
TIME = np.datetime64("2024-01-01T00:00:00", "ns")


def cases(folder, name):
    with (folder / "instruments" / name).open() as file:
        return list(csv.DictReader(file))


def ship(tables, profile):
    text = f'{SHIP}\n[qc]\nprofile = "{profile}"\n{tables}'
    return platforms.parse(text.encode(), "ship.toml")


def rows(runs):
    """One sample a case, far apart and never quite the same: no check links two."""
    size = len(runs)
    fixed = {"SST": 20.0, "salinity": 35.0, CO2: 375.0}
    values = {name: v + 1e-6 * np.arange(size) for name, v in fixed.items()}
    values["water_flow"] = np.full(size, 2.0)
    values["gas_flow"] = np.full(size, 10.0)
    values["run_type"] = np.array([RUN_TYPES[RUNS[run]] for run in runs], np.int8)
    time = TIME + np.arange(size) * np.timedelta64(30, "D")
    data = {name: ("time", array) for name, array in values.items()}
    return xr.Dataset(data, coords={"time": time})


def limits(low, high):
    """Seven cases have the two swapped, which is an error here: put right first."""
    low, high = low or "-inf", high or "inf"
    if float(low) > float(high):
        with pytest.raises(PlatformError, match=r"must be \[lowest, highest\]"):
            flag(rows(["var_1"]), ship(f"[qc.SST]\n{bad(low, high)}", "default"))
        low, high = high, low
    return bad(low, high)


def bad(low, high):
    return f"range = {{ bad = [{low}, {high}] }}"


def people(folder, ds, entries):
    lines = [HEAD]
    for row, name, word in entries:
        if word != "2":
            moment = np.datetime_as_string(ds["time"].to_numpy()[row], unit="s")
            lines.append(f"{moment},,{name},{word},seen,me,2024-02-01")
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def given(case):
    return [(name, case[f"user_flag_{key}"]) for key, name in NAMES.items()]


@pytest.mark.parametrize("profile", ["quince-28", "default"])
@pytest.mark.parametrize("step", [("", "exp"), ("upd_", "exp2")])
def test_diagnostics_with_limits(reference_data, tmp_path, profile, step):
    """All of the cases, then those whose limits are changed; one flag() a set."""
    update, expected = step
    every = cases(reference_data, "diagnostic_flag_range_cases.csv")
    bounds = [f"{update}{flow}_{end}" for flow in ("water", "gas") for end in ENDS]
    groups = {}
    for case in every:
        if case[f"{expected}_sst"]:
            groups.setdefault(tuple(case[key] for key in bounds), []).append(case)
    assert sum(map(len, groups.values())) == (48 if update else 317)
    for (low, high, gas_low, gas_high), group in groups.items():
        tables = LINKS.format(water=limits(low, high), gas=limits(gas_low, gas_high))
        ds = rows([case["run_type"] for case in group])
        entries = [(i, *pair) for i, case in enumerate(group) for pair in given(case)]
        out = flag(ds, ship(tables, profile), manual=people(tmp_path, ds, entries))
        agree(out, group, expected)
        for flow in ("water", "gas"):
            flags = [int(case[f"{expected}_diag_{flow}"]) for case in group]
            np.testing.assert_array_equal(out[f"{flow}_flow_flag"], flags)


ENDS = ("min", "max")


def agree(out, group, expected):
    for key, name in NAMES.items():
        flags = [int(case[f"{expected}_{key}"]) for case in group]
        np.testing.assert_array_equal(out[f"{name}_flag"], flags, err_msg=name)
    # Only the flag of CO2 reaches the result.
    own = np.full(len(group), GOOD, np.int8), np.zeros(len(group), np.int64)
    layers = {
        name: (out[f"{name}_flag"].to_numpy(), out[f"{name}_tests"].to_numpy())
        for name in NAMES.values()
    }
    nothing = dict.fromkeys(("SST", "salinity"), (2, 2))
    values = np.full(len(group), 350.0)
    got = cascade("fCO2_water_SST_wet", own, layers, values, nothing)[0]
    np.testing.assert_array_equal(got, [int(c[f"{expected}_reduction"]) for c in group])


@pytest.mark.parametrize("profile", ["quince-28", "default"])
@pytest.mark.parametrize("step", [("", "exp"), ("upd_", "required2")])
def test_diagnostics_set_by_people(reference_data, tmp_path, profile, step):
    """Also when they change their mind of a diagnostic: no flag of theirs is lost."""
    update, expected = step
    every = cases(reference_data, "diagnostic_flag_manual_cases.csv")
    group = [case for case in every if case[f"{expected}_sst"]]
    assert len(group) == (252 if update else 336)
    tables = LINKS.format(water=limits("", ""), gas=limits("", ""))
    ds = rows([case["run_type"] for case in group])
    entries = [(i, *pair) for i, case in enumerate(group) for pair in given(case)]
    for flow in ("water", "gas"):
        key = f"{update}diag_{flow}_flag"
        entries += [
            (i, f"{flow}_flow", str(int(float(c[key])))) for i, c in enumerate(group)
        ]
    out = flag(ds, ship(tables, profile), manual=people(tmp_path, ds, entries))
    agree(out, group, expected)
    for key, name in NAMES.items():
        theirs = np.array([int(case[f"user_flag_{key}"]) for case in group])
        if f"{name}_flag_manual" in out:
            kept = out[f"{name}_flag_manual"].to_numpy()
            np.testing.assert_array_equal(kept, np.where(theirs > 2, theirs, 0))


def test_a_manual_flag_accepts_what_a_diagnostic_flags(tmp_path):
    ds = rows(["var_1"])
    path = tmp_path / "p.csv"
    path.write_text(f"{HEAD}\n2024-01-01T00:00:00,,SST,2,steady,me,2024-02-01\n")
    tables = LINKS.format(water=limits("3", ""), gas=limits("", ""))
    out = flag(ds, ship(tables, "default"), manual=path)
    assert int(out["SST_flag"][0]) == GOOD
    assert int(out["SST_flag_automatic"][0]) == BAD
    assert int(out["SST_tests"][0]) & TEST_BITS["diagnostic"]


def test_cascades_of_reference(reference_data):
    """All cases, with settings as a platform file gives them."""
    tried = 0
    for case in cases(reference_data, "flag_cascade_cases.csv"):
        becomes = {
            name: tuple(int(case[f"{key}_{word}_cascade"]) for word in WORDS)
            for key, name in (("sst", "SST"), ("sal", "salinity"))
        }
        layers = {
            name: (np.array([int(case[f"{key}_flag"])], np.int8), np.array([4]))
            for key, name in (("sst", "SST"), ("sal", "salinity"))
        }
        own = np.array([GOOD], np.int8), np.array([0])
        got = cascade("fCO2_water_SST_wet", own, layers, np.array([350.0]), becomes)
        assert int(got[0][0]) == int(case["exp_data_reduction_flag"]), case
        tried += 1
    assert tried == 25


WORDS = ("questionable", "bad")


def test_missing_standards_of_reference(reference_data):
    count = {"all": 4, "2": 2, "1": 1, "0": 0}
    for case in cases(reference_data, "qc_missing_standards_cases.csv"):
        sides = {
            f"standards_{side}": np.array([count[case[f"standards_used_{side}"]]])
            for side in ("before", "after")
        }
        one = np.array([380.0])
        bad = check_missing_standards(one, one, **sides)[0] == BAD
        assert bad == (case["exp_flag_xCO2_bad"] == "1"), case["case"]


#: Sensor types of the table of thresholds and what they are called here.
TYPES = {
    "Water Temperature": "SST",
    "Salinity": "salinity",
    "Equilibrator Temperature": "T_equ",
    "Equilibrator Pressure (absolute)": "P_equ",
    "Atmospheric Pressure": "P_atm",
    "xH₂O (with standards)": "xH2O",
    "xCO₂ (with standards)": CO2,
    "xCO₂ water (dry, no standards)": "xCO2_water_SST_dry",
    "xCO₂ atmosphere (dry, no standards)": "xCO2_atm_dry_actual",
    "pCO₂ (wet at equilibration)": "pCO2_water_Tequ_wet",
    "ProOceanus Zero Count": "zero_count",
    "Air Temperature": "T_atm",
}


def test_thresholds_are_those_of_the_table(reference_data):
    tried = 0
    for row in cases(reference_data, "tables/qc_thresholds.csv"):
        if row["sensor_type"] not in TYPES:
            continue
        checks = PROFILES["quince-28"].checks[TYPES[row["sensor_type"]]]
        low, high = float(row["range_min"]), float(row["range_max"])
        if row["routine"] == "RangeCheck":
            word = {"3": "questionable", "4": "bad"}[row["flag"]]
            assert checks["range"][word] == (low, high), row
        else:
            check, option = {
                "ConstantValue": ("constant", "minutes"),
                "Outlier": ("deviation", "sigma"),
                "GradientTest": ("gradient", "limit"),
            }[row["routine"]]
            assert checks[check][option] == high, row
        tried += 1
    assert tried == 55


def series(**variables):
    size = len(next(iter(variables.values())))
    time = TIME + np.arange(size) * np.timedelta64(60, "s")
    data = {k: ("time", np.asarray(v)) for k, v in variables.items()}
    return xr.Dataset(data, coords={"time": time})


def test_the_difference_of_temperatures_flags_both_and_the_flow():
    ds = series(
        warming=[0.5, -0.05, -0.2, 1.5, 3.5],
        SST=[10.0] * 5,
        T_equ=[10.5, 9.95, 9.8, 11.5, 13.5],
        water_flow=[2.0] * 5,
    )
    out = flag(ds, ship("", "quince-28"))
    expected = [GOOD, GOOD, BAD, QUESTIONABLE, BAD]
    for name in ("warming", "SST", "T_equ", "water_flow"):
        np.testing.assert_array_equal(out[f"{name}_flag"], expected, err_msg=name)
    # The limits of 1 and 3 K act, and cooling is no doubt by default.
    np.testing.assert_array_equal(
        flag(ds, ship("", "default"))["warming_flag"], [2, 2, 2, 3, 4]
    )


def test_both_ends_of_a_leg_of_more_than_160_metres_a_second():
    minutes = np.arange(4)
    far = np.rad2deg(160.0 * 60.0 / 6371007.0)
    for factor, expected in ((0.99, []), (1.01, [1, 2])):
        lat = np.where(minutes < 2, 10.0, 10.0 + factor * far)
        ds = series(SST=np.full(4, 10.0)).assign_coords(
            latitude=("time", lat), longitude=("time", np.full(4, 20.0))
        )
        flags = flag(ds, ship("", "quince-28"))["position_flag"].to_numpy()
        assert np.flatnonzero(flags == BAD).tolist() == expected
        assert set(np.delete(flags, expected)) == {GOOD}


def test_what_five_sigma_are():
    rng = np.random.default_rng(3)
    values = rng.normal(10.0, 0.1, 500)
    values[250] = 11.5
    out = flag(series(SST=values), ship("", "quince-28"))
    hits = out["SST_tests"].to_numpy() & TEST_BITS["deviation"]
    sigma = values.std()
    far = np.abs(values - values.mean()) > 5 * sigma
    np.testing.assert_array_equal(hits > 0, far)
    assert far.sum() == 1


def test_water_vapour_is_compared_within_its_run_type():
    """Air after water steps by 10 mmol/mol a minute: no gradient."""
    kinds = ["water", "water", "air", "water", "standard", "air", "air"]
    ds = series(xH2O=[18.0, 18.1, 8.0, 18.2, 0.0, 8.1, 20.0])
    ds["run_type"] = ("time", np.array([RUN_TYPES[k] for k in kinds], np.int8))
    tests = flag(ds, ship("", "quince-28"))["xH2O_tests"].to_numpy()
    fired = np.flatnonzero(tests & TEST_BITS["gradient"])
    np.testing.assert_array_equal(fired, [5, 6])


def test_standards_and_isotopes():
    read, true = np.array([250.0, 254.1, 245.9, 400.0]), [250.0, 250.0, 250.0, np.nan]
    flags = check_standard_offset(read, read, standard_concentration=np.array(true))
    np.testing.assert_array_equal(flags, [GOOD, BAD, BAD, GOOD])
    x12 = np.array([395.0, 395.0])
    flags = check_isotope_sum(
        x12, x12, x13CO2=np.array([5.0, 5.0]), xCO2=np.array([400.0, 400.01])
    )
    np.testing.assert_array_equal(flags, [GOOD, BAD])


def test_standards_are_counted_from_the_runs(tmp_path):
    """Rows before the second of two standards have one before, and so on."""
    hours = np.arange(10)
    ds = series(**{CO2: np.full(10, 380.0)})
    ds = ds.assign_coords(time=TIME + hours * np.timedelta64(1, "h"))
    runs = {
        "standard_run_time": TIME + np.array([1, 2, 7, 8]) * np.timedelta64(1, "h"),
        "standard_run_standard": np.array([0, 1, 0, 1], np.int8),
        "standard_run_used": np.array([1, 1, 1, 1], np.int8),
        "standard_run_true": np.array([250.0, 400.0, 250.0, 400.0]),
    }
    ds = ds.assign({name: ("standard_run", a) for name, a in runs.items()})
    out = flag(ds, ship("", "quince-28"))
    bit = TEST_BITS["missing_standards"]
    hit = (out[f"{CO2}_tests"].to_numpy() & bit) > 0
    np.testing.assert_array_equal(np.flatnonzero(~hit), [2, 3, 4, 5, 6, 7])


def test_profiles_name_variables_and_checks_that_exist():
    from oceanco2.qc.check import CHECKS
    from oceanco2.qc.plan import _check_options
    from oceanco2.vocabulary import VARIABLES

    for profile in PROFILES.values():
        for name, checks in profile.checks.items():
            assert name in {*VARIABLES, "standard_run"}
            for check, options in checks.items():
                assert check in CHECKS
                _check_options(name, check, options)


def test_everything_that_enters_a_result_has_limits():
    """All but what is judged by checks of its own, and the flags of results."""
    own = {"position", "time"}
    inputs = {key for keys in INPUTS.values() for key in keys} | set(INPUTS)
    assert inputs - own <= set(PROFILES["default"].checks)
