"""Facts of a dataset made by hand: sensors, accuracies, gas standards, instruments."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.platforms import Sensor
from oceanco2.socat.document import facts, gaps
from oceanco2.socat.document.facts import Facts
from oceanco2.socat.document.model import (
    Analyser,
    CalibrationGas,
    Document,
    Equilibrator,
    GasSensor,
    Quantity,
    Sampler,
    Variable,
)

HOUR = np.timedelta64(1, "h")
TIME = np.datetime64("2024-03-01", "ns") + np.arange(4) * HOUR


def dataset(set_up=None, variables=None, **attrs):
    names = {name: ("time", np.array(v)) for name, v in (variables or {}).items()}
    text = {"set_up": json.dumps(set_up or {})}
    return xr.Dataset(names, coords={"time": TIME}, attrs=text | attrs)


def made(*args, **kwargs):
    return Facts(dataset(*args, **kwargs))


def test_attributes_as_text_and_names():
    found = made(a="  x \n y ", b=5, c="", d="P; Q  R;;", e=["S ", "", "T"], f=("U",))
    assert [found.text(name) for name in "abcz"] == ["x y", "5", "", ""]
    assert found.names("d") == ["P", "Q R"]
    assert found.names("e") == ["S", "T"]
    assert found.names("f") == ["U"]
    assert found.names("b") == ["5"]
    assert found.names("c") == found.names("z") == []


#: In order of preference.
CO2 = (
    *("xCO2", "xCO2_water_Tequ_dry", "xCO2_water_SST_dry", "pCO2_water_Tequ_wet"),
    *("pCO2_water_SST_wet", "fCO2_water_Tequ_wet", "fCO2_water_SST_wet"),
    *("pCO2_sensor", "signal_detector", "light_434"),
)


@pytest.mark.parametrize("number", range(len(CO2)))
def test_sources_of_co2_in_order(number):
    mapped = {"SST": {}} | {name: {} for name in reversed(CO2[number:])}
    found = made({"variables": mapped})
    assert found.source("delta_fCO2") == CO2[number]
    assert found.source("SST") == "SST"
    assert found.source("T_equ") == "T_equ"
    assert found.source(CO2[-1]) == CO2[-1]


def test_sources_without_any_and_copies():
    assert made().source("fCO2_water_SST_wet") == "fCO2_water_SST_wet"
    found = made({"variables": {"T_equ": {"same_as": "SST"}}})
    assert found.source("T_equ") == "SST"


def test_sensors_of_variables():
    ds = dataset({"variables": {"SST": {"sensor": "SBE"}, "T_equ": {"same_as": "SST"}}})
    ds["P_equ"] = ("time", np.ones(4), {"sensor": "Setra"})
    ds["SST"] = ("time", np.ones(4), {"sensor": "other"})
    ds["sal"] = ("time", np.ones(4))
    found = Facts(ds)
    names = ("SST", "T_equ", "P_equ", "sal", "P_atm")
    assert [found.sensor(name) for name in names] == ["SBE", "SBE", "Setra", "", ""]
    assert found.entry("SBE") == Sensor()
    set_up = {"sensors": {"SBE": {"model": "38"}}}
    assert made(set_up).entry("SBE") == Sensor(model="38")


def test_accuracies():
    name = "fCO2_water_SST_wet"
    ds = dataset(
        {
            "variables": {
                "SST": {"uncertainty": 0.02},
                "T_equ": {"same_as": "SST"},
                "P_equ": {"sensor": "Setra"},
                "xCO2": {"uncertainty": 0.25},
                "salinity": {},
            },
            "sensors": {"Setra": {"accuracy": 0.5}},
        }
    )
    found = Facts(ds)
    for variable, text in (
        ("SST", "0.02"),
        ("T_equ", "0.02"),
        ("P_equ", "0.5"),
        ("xCO2_water_Tequ_dry", "0.25"),
        (name, "0.25"),
    ):
        assert found.accuracy(variable, "u") == Quantity(text, "u")
    assert found.accuracy("salinity", "1") == found.accuracy("zzz", "1") == Quantity()
    ds[f"{name}_uncertainty"] = ("time", [1.0, 3.0, np.nan, np.inf])
    ds["SST_uncertainty"] = ("time", np.full(4, 9.0))
    assert Facts(ds).accuracy(name, "uatm") == Quantity("2", "uatm")
    assert Facts(ds).accuracy("SST", "K") == Quantity("0.02", "K")
    ds[f"{name}_flag"] = ("time", np.array([3, 2, 2, 2], "int8"))
    assert Facts(ds).accuracy(name, "uatm") == Quantity("3", "uatm")
    ds[f"{name}_uncertainty"][1] = 1.23456
    assert Facts(ds).accuracy(name, "uatm") == Quantity("1.2", "uatm")
    ds[f"{name}_flag"][:] = 4
    assert Facts(ds).accuracy(name, "uatm") == Quantity()  # not that of the reading
    stated = Facts(ds.assign_attrs(fCO2_accuracy="1.50"))
    assert stated.accuracy(name, "uatm") == Quantity("1.5", "uatm")
    assert stated.accuracy("xCO2_water_Tequ_dry", "x") == Quantity("0.25", "x")


def test_medians():
    found = made(variables={"a": [1.0, 2.0, np.nan, 10.0], "b": [np.nan] * 4})
    assert found.median("a") == 2.0
    assert np.isnan(found.median("b"))
    assert np.isnan(found.median("c"))


def with_standards(hours, names, **set_up):
    ds = dataset(set_up)
    ds["standard_run_time"] = ("run", TIME[0] + np.array(hours) * HOUR)
    ds["standard_run_standard"] = ("run", np.array(names))
    return Facts(ds)


@pytest.mark.parametrize(
    ("hours", "names", "text"),
    [
        ([0, 1, 4, 6, 8, 12], [0, 1, 0, 1, 0, 1], "every 4.5 hours"),
        ([8, 0], [1, 1], "every 8.0 hours"),
        ([0, 1], [0, 1], ""),
        ([0, 3, 7], [2, 2, 2], "every 3.5 hours"),
    ],
)
def test_how_often_standards_are_run(hours, names, text):
    gases = [{"run": "A", "xCO2": 1.0}, {"run": "B", "xCO2": 2.0}]
    found = with_standards(hours, names, standards=gases)
    assert found.standards_every() == text
    assert facts.standards_text(found) == f"2 standard gases {text}".strip()
    assert facts.standards_text(with_standards(hours, names)) == ""


def test_without_standards():
    assert made().standards_every() == facts.standards_text(made()) == ""
    ds = dataset()
    ds["standard_run_time"] = ("run", TIME[:0])
    ds["standard_run_standard"] = ("run", np.array([], "int8"))
    assert Facts(ds).standards_every() == ""


def test_texts_of_calibrations():
    line = {"polynomial": [0.0, 1.0]}
    dated = [
        {"valid_from": "2023-01-02", "certificate": "C1"} | line,
        {"valid_from": "2024-05-06"} | line,
    ]
    entry = Sensor(calibration="yearly", calibrations=dated)
    assert facts.calibration_text(entry) == "yearly; 2023-01-02 C1; 2024-05-06"
    assert facts.calibration_text(Sensor(calibration="yearly")) == "yearly"
    assert facts.calibration_text(Sensor()) == ""


# ---- instruments --------------------------------------------------------------------

EVERYTHING = {
    "intake": {"location": "bow"},
    "equilibrator": {
        "type": "shower",
        "manufacturer": "GO",
        "model": "8050",
        "comment": "new",
        "water_volume": 0.6,
        "gas_volume": 0.8,
        "water_flow": 2.0,
        "gas_flow": 0.07,
        "vented": True,
    },
    "sensors": {
        "LI": {
            "serial": "1",
            "manufacturer": "LI-COR",
            "model": "7000",
            "location": "lab",
            "comment": "old",
            "accuracy": 0.2,
            "calibration": "daily",
        },
        "SBE": {"serial": "2", "calibration": "yearly", "accuracy": 0.01},
    },
    "standards": [
        {"run": "S1", "xCO2": 0.0, "supplier": "A"},
        {"run": "S2", "xCO2": 400.0, "scale": "wmo x", "uncertainty": 0.06},
    ],
    "variables": {
        "xCO2": {"sensor": "LI"},
        "SST": {"sensor": "SBE"},
        "salinity": {"sensor": "SBE"},
        "T_equ": {"sensor": "PT", "uncertainty": 0.02},
        "P_equ": {"sensor": "Setra", "uncertainty": 0.5},
    },
}
COLUMNS = [
    *(("A", ""), ("fCO2", "fCO2_water_SST_wet"), ("SST", "SST"), ("S", "salinity")),
    *(("T", "T_equ"), ("P", "P_atm"), ("air", "xCO2_atm_dry_actual")),
]


def test_all_instruments():
    sampler, vessel, analyser, *others = facts.instruments_of(made(EVERYTHING), COLUMNS)
    assert sampler == Sampler(
        name="sea water intake", comments="bow", instrument_names=("SBE", "LI")
    )
    assert vessel == Equilibrator(
        name="shower",
        manufacturer="GO",
        model="8050",
        comments="new",
        instrument_names=("PT", "Setra"),
        type="shower",
        water_volume="0.6 L",
        gas_volume="0.8 L",
        water_flow="2 L/min",
        gas_flow="70 mL/min",
        venting="Vented",
        temperature_accuracy=Quantity("0.02", "degC"),
        pressure_accuracy=Quantity("0.5", "hPa"),
    )
    assert analyser == GasSensor(
        name="LI",
        identifier="1",
        manufacturer="LI-COR",
        model="7000",
        comments="lab; old",
        calibration="daily",
        accuracy=Quantity("0.2", "umol/mol"),
        gases=(
            CalibrationGas(
                *("S1", "zero gas, free of CO2", "A"), Quantity("0", "umol/mol")
            ),
            CalibrationGas(
                *("S2", "CO2 in air", "", Quantity("400", "umol/mol")),
                *(Quantity("0.06", "umol/mol"), "Yes (wmo x)"),
            ),
        ),
    )
    assert others == [
        Analyser(
            name="SBE", identifier="2", calibration="yearly", accuracy=Quantity("0.01")
        ),
        Analyser(name="PT"),
    ]


def test_instruments_that_nobody_described():
    (analyser,) = facts.instruments_of(made(), [("SST", "SST")])
    assert analyser == GasSensor(name="CO2 analyser")
    vessel, analyser = facts.instruments_of(made(), [("x", "xCO2_water_Tequ_dry")])
    assert vessel == Equilibrator(name="1")
    vessel, _ = facts.instruments_of(made({"equilibrator": {"vented": False}}), [])
    assert vessel.venting == "Not vented"
    sampler, _ = facts.instruments_of(made({"intake": {"location": "bow"}}), [])
    assert sampler.instrument_names == ()
    standards = {"standards": EVERYTHING["standards"]}
    (analyser,) = facts.instruments_of(made(standards), [])
    assert analyser.calibration == "2 standard gases"


def test_flows_of_the_dataset():
    flows = {"water_flow": [1.0, 2.0, 3.0, np.nan], "gas_flow": [60.0] * 4}
    vessel, _ = facts.instruments_of(
        made({"equilibrator": {"type": "x"}}, flows), [("T", "T_equ")]
    )
    assert (vessel.water_flow, vessel.gas_flow) == ("2 L/min", "60 mL/min")


# ---- gaps ---------------------------------------------------------------------------


def test_keys_of_a_document_with_columns_and_dataset():
    document = Document(
        variables=(
            Variable(column="T", group="temperature", instrument_names=("a", "b")),
            Variable(column="fCO2_water_SST_wet", group="water_co2"),
        ),
        instruments=(GasSensor(name="CO2 analyser"),),
    )
    columns = [("T [K]", "T_equ"), ("fCO2_water_SST_wet [uatm]", "fCO2_water_SST_wet")]

    def keys(*given):
        return {gap.item: gap.key for gap in gaps(document, *given)}

    method = "variable T: measurement method"
    accuracy = "variable {}: accuracy (a number and its unit)"
    co2 = accuracy.format("fCO2_water_SST_wet")
    model = "gas sensor CO2 analyser: model"
    found = keys()
    assert found[method] == "[sensors.a; b] method"
    assert found[accuracy.format("T")] == "[variables.T] uncertainty"
    assert found[model] == "[variables.xCO2] sensor, then [sensors.NAME] model"
    found = keys(columns)
    assert found[accuracy.format("T")] == "[variables.T_equ] uncertainty"
    ds = dataset({"variables": {"T_equ": {"same_as": "SST"}, "signal_detector": {}}})
    found = keys(columns, ds)
    assert found[accuracy.format("T")] == "[variables.SST] uncertainty"
    assert found[co2] == (
        "[variables.signal_detector] uncertainty (or [metadata] fCO2_accuracy)"
    )
    assert found[model] == (
        "[variables.signal_detector] sensor, then [sensors.NAME] model"
    )


@pytest.mark.parametrize(
    ("item", "key"),
    [
        (f"equilibrator 1: {text}", f"[equilibrator] {text.replace(' ', '_')}")
        for text in ("type", "water volume", "gas volume", "water flow", "gas flow")
    ]
    + [
        (f"{kind} LI-7000: {text}", f"[sensors.LI-7000] {text}")
        for kind in ("gas sensor", "analyser")
        for text in ("manufacturer", "model", "calibration")
    ],
)
def test_keys_by_pattern(item, key):
    assert facts._key(item, {facts.UNNAMED: "xCO2"}, {}) == key
