"""What every check says about itself: inputs, tables, options, kinds of platforms."""

import dataclasses
from math import inf

import numpy as np
import pytest

from oceanco2.qc.check import Check
from oceanco2.qc.checks import (
    air,
    climatology,
    pressures,
    series,
    standards,
    surroundings,
    track,
    warming,
)
from oceanco2.registry import CHECKS
from oceanco2.units import METRES_PER_NAUTICAL_MILE

RUNS = ("standard_run",)
RUN_NEEDS = ("standard_run_standard", "standard_run_used")
RUN_TABLE = ("standard_run_time", *RUN_NEEDS, "standard_run_true")
TEMPERATURES, PRESSURES = ("T_equ", "SST"), ("P_equ", "P_atm")
WARMING = {"needs": ("SST",), "tables": ("warming",), "pairs": TEMPERATURES}
SPEEDS = {
    kind: {"questionable": knots, "bad": 80.0}
    for kind, knots in (
        *(("ship", 30.0), ("surface_vehicle", 15.0)),
        *(("drifter", 10.0), ("mooring", 10.0)),
    )
}
KNOTS = pytest.approx(160.0 * 3600.0 / 1852.0)  # of 160 m/s
QUINCE_SPEED = {"questionable": KNOTS, "bad": KNOTS, "blame": "both"}
CO2 = tuple(f"{k}CO2_water_{p}_wet" for p in ("SST", "Tequ") for k in "fp")
AIR = ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp")
#: Facts that differ from those of a check of any variable without other inputs.
FACTS = {
    "range": {"impossible": True},
    "constant": {
        "kinds": {"default": {"mooring": {"minutes": 2880.0}}},
        "sentence": "{:.4g} minutes",
    },
    "gradient": {"sentence": "{:.4g} per minute"},
    "spike": {"sentence": "by {:.4g}"},
    "outlier": {"sentence": "by {:.4g}"},
    "position": {"fixed": True},
    "speed": {
        "tables": ("latitude",),
        "kinds": {
            "default": SPEEDS,
            "none": SPEEDS,
            "quince-28": dict.fromkeys(SPEEDS, QUINCE_SPEED),
        },
        "sentence": "{:.4g} knots",
        "track": True,
    },
    "time_order": {"fixed": True},
    "duplicate_time": {"fixed": True},
    "impossible_time": {"fixed": True},
    "warming": {"tables": ("warming",)},
    "air_plausibility": {"needs": ("time", "latitude"), "tables": AIR},
    "climatology": {"needs": ("time", "latitude", "longitude"), "tables": CO2},
    "warming_outlier": WARMING,
    "warming_rate": WARMING,
    "cooling": WARMING | {"needs": ("latitude", "time")},
    "constant_warming": WARMING,
    "pressure_difference": dict.fromkeys(("needs", "tables", "pairs"), PRESSURES),
    "constant_offset": {"needs": PRESSURES, "tables": ("P_equ",), "pairs": PRESSURES},
    "step": {"wants": ("run_type",)},
    "analyser_step": {
        "needs": ("T_equ", "salinity"),
        "wants": ("run_type",),
        "tables": ("xCO2_water_Tequ_dry",),
    },
    "standard_rejected": {
        "needs": ("standard_run_true", "standard_run_used"),
        "tables": RUNS,
        "affects": "nothing",
    },
    "standard_step": {
        "needs": (*RUN_NEEDS, "standard_run_true"),
        "tables": RUNS,
        "affects": "since_last",
        "all_runs": True,
    },
    "standard_drift": {"needs": (*RUN_NEEDS, "standard_run_residual"), "tables": RUNS},
    "standard_scatter": {
        "needs": ("standard_run_std", "standard_run_count"),
        "tables": RUNS,
    },
    "standard_gap": {"needs": RUN_NEEDS, "tables": RUNS, "affects": "since_last"},
    "flow_drop": {
        "needs": ("time",),
        "wants": ("run_type",),
        "tables": ("gas_flow", "water_flow", "vent_flow"),
    },
    "freezing": {
        "needs": ("salinity",),
        "wants": ("latitude", "longitude"),
        "tables": ("SST", "T_equ"),
    },
    "ice": {
        "needs": ("sea_ice_area_fraction",),
        "tables": ("SST", "warming", "salinity"),
    },
    "port": {
        "needs": ("latitude", "longitude"),
        "wants": ("water_flow",),
        "tables": ("warming",),
        "kinds": {
            "default": {"mooring": None, "drifter": None, "surface_vehicle": None}
        },
    },
    "plume": {"tables": ("xCO2_atm_dry_actual",)},
    "deviation": {"sentence": "{:.4g} standard deviations"},
    "missing_standards": {
        "needs": ("standards_before", "standards_after"),
        "tested": "calibration_standards",
    },
    "standard_offset": {"needs": ("standard_concentration",), "tables": ("xCO2",)},
    "isotope_sum": {"needs": ("x13CO2", "xCO2"), "tables": ("x12CO2",)},
}
#: Options and their defaults; ... where a value must be given.
OPTIONS = {
    "range": {"questionable": (-inf, inf), "bad": (-inf, inf)},
    "constant": {"minutes": 120.0},
    "gradient": {"limit": ..., "max_gap_minutes": 60.0},
    "spike": {"questionable": ..., "bad": ..., "max_gap_minutes": 15.0},
    "outlier": {
        **{"questionable": ..., "bad": inf},
        **{"sigma": 8.0, "samples": 15, "max_gap_minutes": 60.0},
    },
    "position": {},
    "speed": {"questionable": 30.0, "bad": 80.0, "blame": "one"},
    "time_order": {},
    "duplicate_time": {},
    "impossible_time": {},
    "warming": {"questionable": (-1.0, 1.0), "bad": (-3.0, 3.0)},
    "air_plausibility": {
        **{"questionable": (-15.0, 25.0), "bad": (-60.0, 200.0)},
        "file": "",
    },
    "climatology": {
        **{"file": "", "variable": "", "questionable": 100.0, "bad": 300.0},
        **{"sigma": 4.0, "trend": 0.0, "reference_year": 0.0},
    },
    "warming_outlier": {
        **{"questionable": 0.3, "bad": 3.0},
        **{"sigma": 4.0, "samples": 31, "minutes": 60.0},
    },
    "warming_rate": {"limit": 1.0, "front": 0.5, "samples": 15},
    "cooling": {
        **{"low": 1.0, "high": 0.1, "summer": 0.3},
        **{"band": (40.0, 60.0), "samples": 15},
    },
    "constant_warming": {
        **{"minutes": 360.0, "distinct": 10.0, "share": 0.95, "tolerance": 1e-4},
    },
    "pressure_difference": {
        **{"questionable": 15.0, "bad": 50.0, "offset": 10.0},
        **{"samples": 31, "minutes": 720.0},
    },
    "constant_offset": {"share": 0.95, "tolerance": 1e-3, "distinct": 10.0},
    "step": {"limit": ..., "sigma": 8.0, "max_gap_minutes": 20.0},
    "analyser_step": {
        **{"limit": 4.0, "sigma": 8.0, "T_limit": 0.06, "S_limit": 0.1},
        "max_gap_minutes": 10.0,
    },
    "standard_rejected": {},
    "standard_step": {"questionable": 3.0, "bad": 20.0, "max_gap_hours": 12.0},
    "standard_drift": {"per_day": 1.0, "least": 0.5, "hours": 24.0},
    "standard_scatter": {"questionable": 1.0, "bad": 5.0},
    "standard_gap": {"usual": 1.6, "hours": 8.0, "samples": 15},
    "flow_drop": {"questionable": 0.6, "bad": 0.1, "hours": 12.0},
    "freezing": {"questionable": 0.1, "bad": 0.5},
    "ice": {"questionable": 0.8, "bad": inf},
    "port": {
        **{"reach_km": 0.4, "hours": 4.0, "warming": 1.0, "flow": 0.3},
        **{"ports": "", "port_km": 3.0},
    },
    "plume": {
        **{"questionable": 5.0, "bad": 50.0, "sigma": 6.0, "samples": 31},
        "hours": 12.0,
    },
    "deviation": {"sigma": 5.0},
    "missing_standards": {"minimum": 2.0},
    "standard_offset": {"limit": 4.0},
    "isotope_sum": {"limit": 0.001},
}
DERIVED = {
    "missing_standards": {"standards_before": RUN_TABLE, "standards_after": RUN_TABLE},
    "standard_offset": {
        "standard_concentration": (
            *("standard", "standard_run_standard", "standard_run_true"),
        )
    },
}
MODULES = {
    air: "air_plausibility plume",
    climatology: "climatology",
    pressures: "pressure_difference constant_offset",
    series: "range warming constant gradient spike outlier flow_drop deviation step"
    " analyser_step",
    standards: "standard_rejected standard_step standard_drift standard_scatter"
    " standard_gap missing_standards standard_offset isotope_sum",
    surroundings: "freezing ice port",
    track: "position speed time_order duplicate_time impossible_time",
    warming: "warming_outlier warming_rate cooling constant_warming",
}
PLAIN = {
    **dict.fromkeys(("needs", "wants", "tables", "pairs"), ()),
    **dict.fromkeys(("fixed", "track", "impossible", "all_runs"), False),
    **{"kinds": {}, "sentence": "", "tested": "", "affects": "both"},
}


def test_a_check_without_facts_is_one_of_any_variable():
    plain = {
        f.name: f.default
        if f.default is not dataclasses.MISSING
        else f.default_factory()
        for f in dataclasses.fields(Check)
        if f.name in PLAIN
    }
    assert plain == PLAIN


@pytest.mark.parametrize("name", FACTS)
def test_facts(name):
    check = CHECKS[name]
    assert check.name == name
    assert {key: getattr(check, key) for key in PLAIN} == PLAIN | FACTS[name]
    derived = {key: d.sources for key, d in check.derived.items()}
    assert derived == DERIVED.get(name, {})
    falling = {"flow_drop"}
    assert check.options.falling == (name in falling)
    measured = {"constant", "gradient", "spike", "outlier", "speed", "deviation"}
    assert (check.measure is not None) == (name in measured)


@pytest.mark.parametrize("name", FACTS)
def test_options_and_their_defaults(name):
    check = CHECKS[name]
    given = {key: v for key, v in OPTIONS[name].items() if v is not ...}
    assert check.option_names == list(OPTIONS[name])
    assert check.defaults == given
    for key, value in given.items():
        assert type(check.defaults[key]) is type(value)
    if given:
        first = next(iter(given))
        assert check.with_defaults({first: 7.0}) == given | {first: 7.0}


def test_every_check_stands_in_the_module_of_its_family():
    for module, names in MODULES.items():
        for name in names.split():
            assert CHECKS[name].function.__module__ == module.__name__
    listed = {name for names in MODULES.values() for name in names.split()}
    assert listed == set(FACTS) == set(OPTIONS)


def test_speeds_of_160_metres_a_second():
    assert METRES_PER_NAUTICAL_MILE == 1852.0
    speed = CHECKS["speed"].kinds["quince-28"]["ship"]["bad"]
    assert speed * 1852.0 / 3600.0 == pytest.approx(160.0)
    np.testing.assert_allclose(speed, 311.0151, rtol=1e-6)
