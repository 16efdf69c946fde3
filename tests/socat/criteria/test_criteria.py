"""SOCAT's criteria A to E: every one holds, fails or is unknown; errors never help."""

import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.qc.warming import warming_of
from oceanco2.socat.criteria import criteria_text, judge
from oceanco2.socat.criteria.evidence import Evidence
from oceanco2.vocabulary import BAD
from tests.datasets import canonical_dataset

RESULT = "fCO2_water_SST_wet"
T_EQU = "equilibrator_temperature"
BEST = {
    "equilibrator": {"type": "showerhead"},
    "sensors": {
        "licor": {"method": "non-dispersive infrared", "model": "LI-7000"},
        "PT100": {"accuracy": 0.02},
        "SBE38": {
            "calibrations": [
                {"valid_from": "2001-01-01", "polynomial": [0, 1], "uncertainty": 0.2},
                {"valid_from": "2011-01-01", "polynomial": [0, 1], "uncertainty": 0.01},
            ]
        },
    },
    "standards": [
        {"run": "STD1", "xCO2": 0.0, "scale": "WMO X2019"},
        {"run": "STD2", "xCO2": 248.42, "scale": "WMO X2019"},
        {"run": "STD3", "xCO2": 374.86, "scale": "wmo x2007"},
        {"run": "STD4", "xCO2": 501.27},
    ],
    "variables": {
        "xCO2": {"sensor": "licor"},
        "T_equ": {"sensor": "PT100"},
        "SST": {"sensor": "SBE38"},
        "P_equ": {"uncertainty": 0.5},
    },
}


def dataset(n=400, set_up=BEST, **attrs):
    ds = canonical_dataset(n)
    ds["T_equ"] = ds["T_equ"] + np.random.default_rng(0).normal(0, 0.01, n)
    set_up_attrs = {"set_up": json.dumps(set_up), "options": "{}"}
    return ds.assign_attrs(set_up_attrs | attrs)


def states(judgement):
    return {c.key: c.state for c in judgement.criteria}


def test_flags_of_the_table():
    """Bakker et al. (2016), table 2: what each flag asks for."""
    ds = dataset()
    best = judge(ds, crossover=True, missing_metadata=[])
    assert best.flag == "A"
    assert best.reasons == ()
    assert set(states(best).values()) <= {"holds", "unknown", "fails"}
    assert states(best)["alternative_sensor"] == "fails"  # it is none
    assert judge(ds, crossover=False, missing_metadata=[]).flag == "B"
    without = judge(ds, missing_metadata=[])
    assert (without.flag, without.at_best) == ("B", "A")
    assert without.reasons == (
        "not A: high-quality crossover: unknown"
        " (not checked: run oceanco2 socat crossovers)",
    )
    assert judge(ds, crossover=True, missing_metadata=["submitter"]).flag == "D"
    judgement = judge(ds, crossover=True)
    assert (judgement.flag, judgement.at_best) == ("D", "A")


def changed(**parts):
    return dataset(set_up=BEST | parts)


def sensor(name, **fields):
    return {"sensors": BEST["sensors"] | {name: fields}}


def stated(name, sensor, uncertainty):
    entry = {"sensor": sensor, "uncertainty": uncertainty}
    return {"variables": BEST["variables"] | {name: entry}}


@pytest.mark.parametrize(
    ("ds", "key", "state", "flag"),
    [
        (dataset(fCO2_accuracy=2.0), "below_2", "fails", "C"),
        (dataset(fCO2_accuracy=1.9), "below_2", "holds", "B"),
        (dataset(fCO2_accuracy=5.5), "below_5", "fails", "S"),
        (changed(**sensor("PT100", accuracy=0.06)), T_EQU, "fails", "C"),
        (changed(**stated("T_equ", "PT100", 0.06)), T_EQU, "fails", "C"),
        (changed(**stated("T_equ", "PT100", 0.05)), T_EQU, "holds", "B"),
        (changed(**sensor("SBE38")), "sea_surface_temperature", "unknown", "C"),
        (changed(variables={}), "equilibrator_pressure", "unknown", "C"),
        (changed(standards=BEST["standards"][:2]), "standards", "fails", "C"),
        (changed(standards=[]), "standards", "unknown", "C"),
        (changed(**sensor("licor", model="X")), "detection", "unknown", "C"),
        (changed(equilibrator={}), "detection", "unknown", "C"),
        (changed(equilibrator={"type": "membrane"}), "detection", "fails", "E"),
        (dataset(set_up={}), "detection", "unknown", "C"),
    ],
)
def test_each_criterion_of_the_procedures(ds, key, state, flag):
    """SOP criteria of Bakker et al. (2016): 0.05 degC, 2 hPa, two WMO standards."""
    found = judge(ds, missing_metadata=[])
    assert states(found)[key] == state
    assert found.flag == flag
    assert any(
        f"not {letter}: " in reason for reason in found.reasons for letter in "AB"
    )


def test_alternative_sensors_are_e_at_most():
    """2025 cookbook: membrane sensors are not consistently better than 5 uatm."""
    ds = dataset(options=json.dumps({"calibration": {"model": "hydroc"}}))
    found = judge(ds, crossover=True, missing_metadata=[])
    assert states(found)["below_5"] == states(found)["detection"] == "fails"
    assert found.flag == "E"  # its gas standards calibrate it in situ
    bare = ds.assign_attrs(set_up="{}").drop_dims("standard_run")
    assert judge(bare, missing_metadata=[]).flag == "S"
    assert judge(ds, missing_metadata=["e-mail"]).flag == "S"


def test_assumed_accuracies_are_no_proof():
    ds = dataset()
    ds["SST_uncertainty"] = (
        "time",
        np.full(400, 0.05),
        {"uncertainty_source": "assumed"},
    )
    found = judge(ds, missing_metadata=[])
    assert states(found)["below_2"] == "unknown"
    assert states(found)["below_5"] == "holds"
    assert found.flag == "C"


def test_unacceptable_data():
    ds = dataset(1300)
    flags = ds[f"{RESULT}_flag"].to_numpy()
    rows = np.flatnonzero(np.isfinite(ds[RESULT].to_numpy()))
    flags[rows[:50]] = BAD  # few enough to be sorted out
    assert judge(ds, missing_metadata=[]).flag == "B"
    flags[rows[:51]] = BAD
    found = judge(ds, missing_metadata=[])
    assert (states(found)["acceptable"], found.flag) == ("fails", "S")
    empty = ds.assign({RESULT: ds[RESULT] * np.nan})
    assert judge(empty, missing_metadata=[]).flag == "S"


def test_warming_and_span():
    """2019: warming below 1 degC for A and B, 3 for C; standards span the data."""
    for warmer, flag in ((0.2, "B"), (1.5, "C"), (3.5, "D"), (-1.5, "C")):
        ds = dataset()
        noise = np.random.default_rng(0).normal(0, 0.01, 400)
        ds["T_equ"] = ds["SST"] + warmer + noise
        found = judge(ds, missing_metadata=[])
        assert found.flag == flag, warmer
    ds["T_equ"] = ds["SST"]
    assert states(judge(ds))["warming_measured"] == "fails"
    narrow = [{"run": "a", "xCO2": x, "scale": "WMO"} for x in (290.0, 300.0)]
    for values, flag in ((295.0, "B"), (310.0, "C"), (365.0, "D"), (230.0, "D")):
        ds = changed(standards=narrow).drop_dims("standard_run")
        ds["xCO2_water_Tequ_dry"] = ds["xCO2_water_Tequ_dry"] * 0 + values
        assert judge(ds, missing_metadata=[]).flag == flag, values


def test_numbers_of_warming():
    ds = xr.Dataset(
        coords={
            "time": np.datetime64("2024-01-01", "ns")
            + np.arange(240) * np.timedelta64(6, "m")
        }
    )
    hour = np.arange(240) // 10
    ds["SST"] = ("time", np.full(240, 10.0))
    ds["T_equ"] = ("time", 10.0 + 0.05 * hour)
    ds["T_equ"][7] += 0.5
    found = warming_of(ds, np.full(240, True))
    np.testing.assert_allclose(found.rates, 0.05)
    assert (np.abs(found.deviations) > 0.3).sum() == 1
    numbers = found.numbers()
    assert numbers["maximum"] == pytest.approx(1.15)
    assert numbers["share_above_1"] == pytest.approx(30 / 240)
    assert warming_of(ds.drop_vars("T_equ"), np.full(240, True)) is None
    assert warming_of(ds, np.full(240, False)) is None


def test_the_table_as_text_and_json():
    found = judge(dataset(), missing_metadata=["a", "b", "c", "d"])
    text = criteria_text(found)
    assert max(map(len, text.splitlines())) <= 118
    assert "missing: a, b, c and 1 more" in text
    assert "suggested data set flag: D" in text
    assert json.loads(json.dumps(found.to_dict()))["suggested_flag"] == "D"
    keys = [c.key for c in found.criteria]
    assert len(keys) == len(set(keys)) == 22
    assert Evidence(dataset()).accuracy("T_equ") == (0.02, "sensor PT100")


LADDER = "ABCDES"
ERRORS = st.fixed_dictionaries(
    {
        "bad": st.integers(0, 300),
        "sigma": st.floats(1.0, 8.0),
        "warm": st.floats(1.0, 8.0),
        "without": st.sampled_from(["", "standards", "equilibrator", "variables"]),
        "metadata": st.booleans(),
        "crossover": st.booleans(),
    }
)


def spoilt(errors):
    set_up = {k: v for k, v in BEST.items() if k != errors["without"]}
    ds = dataset(set_up=set_up)
    rows = np.flatnonzero(np.isfinite(ds[RESULT].to_numpy()))
    ds[f"{RESULT}_flag"].to_numpy()[rows[: errors["bad"]]] = BAD
    ds[f"{RESULT}_uncertainty"] = ds[f"{RESULT}_uncertainty"] * errors["sigma"]
    noise = np.random.default_rng(0).normal(0, 0.01, 400)
    ds["T_equ"] = ds["SST"] + (0.3 + noise) * errors["warm"]
    missing = ["title"] if errors["metadata"] else []
    return judge(ds, crossover=not errors["crossover"], missing_metadata=missing)


@settings(max_examples=40, deadline=None)
@given(ERRORS, ERRORS)
def test_more_errors_never_give_a_better_flag(one, two):
    def worse(key):
        return max(one[key], two[key])

    both = {key: worse(key) for key in one}
    if one["without"]:
        both["without"] = one["without"]
    rank = {name: LADDER.index(spoilt(e).flag) for name, e in (("1", one), ("b", both))}
    assert rank["b"] >= rank["1"]
    assert LADDER.index(spoilt(one).at_best) <= rank["1"]


def test_constant_warming_is_reported():
    ds = canonical_dataset()
    ds["T_equ"] = ds["SST"] + 0.2
    ds["warming"] = ds["T_equ"] - ds["SST"]
    judgement = judge(ds)
    findings = {c.key: c.finding for c in judgement.criteria}
    in_json = {c["key"]: c["said"] for c in judgement.to_dict()["criteria"]}
    assert in_json == findings  # the key of the finding in reports
    assert list(judgement.to_dict()["criteria"][0])[6] == "said"
    assert findings["warming_measured"] == "constant: always 0.2 degC"
    ds["fCO2_water_SST_wet_uncertainty"] *= np.nan
    findings = {c.key: c.finding for c in judge(ds).criteria}
    assert findings["below_2"] == "no value of it has an uncertainty"
