"""Small datasets as the rooms leave them: for tests that need no raw files."""

import json

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.vocabulary import (
    BAD,
    CALIBRATION_STATUS,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    VALUE_TYPES,
    attrs_of,
    coded_attrs,
    flag_attrs,
)

WATER, AIR, STANDARD = (RUN_TYPES[w] for w in ("water", "air", "standard"))


def fugacity(x, temperature, salinity, pressure):
    """pCO2 and fCO2 [uatm] by docs/socat-rules.md#formulas: x [umol/mol], degC, hPa."""
    kelvin = temperature + 273.15
    vapour = 1013.25 * np.exp(
        24.4543
        - 67.4509 * (100 / kelvin)
        - 4.8489 * np.log(kelvin / 100)
        - 0.000544 * salinity
    )
    partial = x * (pressure - vapour) / 1013.25
    second = -1636.75 + 12.0408 * kelvin - 0.0327957 * kelvin**2
    second = second + 3.16528e-5 * kelvin**3
    cross = 2 * (1 - x / 1e6) ** 2 * (57.7 - 0.118 * kelvin)
    return partial, partial * np.exp(
        pressure / 1013.25 * (second + cross) / (82.057 * kelvin)
    )


def run_types(n):
    """Ten water rows, two of air, one standard, and again."""
    pattern = [WATER] * 10 + [AIR] * 2 + [STANDARD]
    return np.resize(np.array(pattern, dtype="int8"), n)


def measured(n, kind, seed):
    """Inputs along the track: name to values."""
    rng = np.random.default_rng(seed)
    s = np.arange(n) / max(n - 1, 1)
    moored = kind == "mooring"
    sst = 18.0 + 4.0 * np.sin(5 * s) + rng.normal(0, 0.02, n)
    values = {
        "latitude": np.full(n, 33.5) if moored else -30.0 + 0.0004 * np.arange(n),
        "longitude": np.full(n, -121.25) if moored else 10.0 + 0.0008 * np.arange(n),
        "SST": sst,
        "salinity": 35.0 + 0.5 * np.cos(4 * s) + rng.normal(0, 0.005, n),
        "T_equ": sst + 0.25,
        "P_equ": 1012.0 + 4.0 * np.cos(3 * s),
        "P_atm": 1012.5 + 4.0 * np.cos(3 * s),
        "wind_speed": 7.0 + rng.normal(0, 1.0, n),
    }
    return values, rng


def co2(values, rng, run):
    """Results on the rows where they belong: name to values."""
    n = run.size
    x = 380.0 + 30 * np.sin(np.arange(n) / 40) + rng.normal(0, 0.3, n)
    water, air = run == WATER, run == AIR
    nothing = np.full(n, np.nan)
    out = {"xCO2_water_Tequ_dry": np.where(water, x, nothing)}
    out["xCO2_atm_dry_actual"] = np.where(air, 400.0 + rng.normal(0, 0.2, n), nothing)
    out["xCO2_atm_dry_interp"] = np.where(water, 400.1, nothing)
    state = values["T_equ"], values["salinity"], values["P_equ"]
    p, f = fugacity(out["xCO2_water_Tequ_dry"], *state)
    warm = np.exp(0.0423 * (values["SST"] - values["T_equ"]))
    out["pCO2_water_Tequ_wet"], out["fCO2_water_Tequ_wet"] = p, f
    out["pCO2_water_SST_wet"], out["fCO2_water_SST_wet"] = p * warm, f * warm
    state = values["SST"], values["salinity"], values["P_atm"]
    for kind in ("actual", "interp"):
        p, f = fugacity(out[f"xCO2_atm_dry_{kind}"], *state)
        out[f"pCO2_atm_wet_{kind}"], out[f"fCO2_atm_wet_{kind}"] = p, f
    out["delta_fCO2"] = out["fCO2_water_SST_wet"] - out["fCO2_atm_wet_interp"]
    return out


INPUTS = ("SST", "salinity", "T_equ", "P_equ", "P_atm")
RESULTS = (
    "xCO2_water_Tequ_dry",
    "pCO2_water_SST_wet",
    "fCO2_water_SST_wet",
    "xCO2_atm_dry_actual",
    "fCO2_atm_wet_actual",
    "xCO2_atm_dry_interp",
    "fCO2_atm_wet_interp",
)


def add_flags(ds):
    """Good where there is a value; then `set_flag` can worsen single rows."""
    new = {}
    for name in (*INPUTS, *RESULTS, "position", "time"):
        there = np.full(ds.sizes["time"], True)
        if name in ds and name != "time":
            there = np.isfinite(ds[name].to_numpy())
        flag = np.where(there, GOOD, MISSING).astype("int8")
        mask = np.where(there, 0, TEST_BITS["missing"]).astype("int64")
        new[f"{name}_flag"] = ("time", flag, flag_attrs(name))
        new[f"{name}_flag_automatic"] = ("time", flag, flag_attrs(name, "automatic"))
        new[f"{name}_tests"] = ("time", mask, mask_attrs(name))
        if name in RESULTS:
            deviation = np.where(there, 1.5, np.nan)
            attrs = attrs_of(f"{name}_uncertainty")
            new[f"{name}_uncertainty"] = ("time", deviation, attrs)
    return ds.assign(new)


def set_flag(ds, row, name, flag, *tests):
    """Flag one value and, as qc does, the results that depend on it."""
    ds = ds.copy(deep=True)
    mask = sum(TEST_BITS[test] for test in tests)
    inputs = name in INPUTS or name in ("position", "time")
    hit = [x for x in RESULTS if "water" in x and inputs] if inputs else []
    for target, bits in [(name, mask), *((x, mask | TEST_BITS["input"]) for x in hit)]:
        flags, tests_ = ds[f"{target}_flag"].to_numpy(), ds[f"{target}_tests"]
        if flags[row] in (GOOD, QUESTIONABLE, BAD):
            ds[f"{target}_flag"].to_numpy()[row] = max(flags[row], flag)
            tests_.to_numpy()[row] |= bits
    return ds


def standard_runs(count=8):
    """Variables along ``standard_run``."""
    start = np.datetime64("2024-03-01T00:00", "ns")
    true = np.resize([0.0, 248.42, 374.86, 501.27], count)
    columns = {
        "time": start + np.arange(count) * np.timedelta64(3, "h"),
        "standard": np.resize(np.arange(4, dtype="int8"), count),
        "measured": true * 1.002 + 0.3,
        "std": np.full(count, 0.05),
        "count": np.full(count, 5, dtype="int32"),
        "true": true,
        "used": np.resize(np.array([0, 1, 1, 1], dtype="int8"), count),
        "residual": np.resize([np.nan, 0.1, -0.2, 0.1], count),
    }
    gas = ("measured", "std", "true", "residual")
    out = {}
    for name, values in columns.items():
        attrs = {"long_name": f"{name} of the run of a gas standard"}
        if name in gas:
            attrs["units"] = "umol mol-1"
        out[f"standard_run_{name}"] = ("standard_run", values, attrs)
    return out


def attributes(kind):
    """Global attributes as reader and pipeline leave them."""
    return {
        "platform_name": "R/V Ørsted" if kind == "ship" else f"Test {kind}",
        "platform_code": "99ZZ",
        "platform_kind": kind,
        "platform_file": "test.toml",
        "platform_file_sha256": "0" * 64,
        "title": "Surface CO2 for tests",
        "summary": "Nothing here was measured.",
        "institution": "Example Institute",
        "creator_name": "Nobody, N.; Søn, É.",
        "organizations": "Example Institute; Åbo Akademi",
        "license": "CC0-1.0",
        "suggested_flag": "B",
        "source_files": ["a.txt", "b.txt"],
        "source_files_sha256": ["1" * 64, "2" * 64],
        "rows_read": 130,
        "rows_rejected": 0,
        "rows_duplicated": 0,
        "reading_notes": [],
        "options": json.dumps({"reduction": {"mole_fraction": "xco2"}}),
        "versions": json.dumps({"oceanco2": "0.1.0"}),
        "processing_level": "calibrated and quality controlled by automatic tests",
        "history": "2024-05-01T00:00:00Z oceanco2 0.1.0: made by hand for tests",
    }


def bookkeeping(run):
    """Run types, labels, source rows and calibration: name to variable."""
    n = run.size
    labels = {"EQU": 0, "ATM": 1, "STD_2": 2}
    label = np.select([run == WATER, run == AIR], [0, 1], 2).astype("int16")
    status = np.full(n, CALIBRATION_STATUS["two_sided"], dtype="int8")
    measured_ = np.full(n, VALUE_TYPES["measured"], dtype="int8")
    return {
        "run_type": (run, coded_attrs("type of run", RUN_TYPES, "int8")),
        "run_label": (label, coded_attrs("run as logged", labels, "int16")),
        "source_file": (np.zeros(n, "int16"), {"long_name": "index of the file"}),
        "source_row": (np.arange(n, dtype="int32") + 2, {"long_name": "line"}),
        "damaged": (
            np.zeros(n, "int8"),
            coded_attrs("damaged row", {"whole": 0, "damaged": 1}, "int8"),
        ),
        "SST_type": (
            measured_,
            coded_attrs("where SST comes from", VALUE_TYPES, "int8"),
        ),
        "calibration_status": (
            status,
            coded_attrs("how xCO2 was calibrated", CALIBRATION_STATUS, "int8"),
        ),
        "calibration_age": (
            np.full(n, 1.5),
            {"units": "h", "long_name": "age of the standards"},
        ),
    }


def canonical_dataset(n=130, kind="ship", seed=0, standards=True):
    """Make a dataset as it is after flag and add_uncertainty, every value good.

    `n` rows every 150.25 s from 2024-03-01 on, repeating ten water rows, two of air
    and one standard (a mooring: water and air in every row).
    """
    values, rng = measured(n, kind, seed)
    run = np.full(n, WATER, "int8") if kind == "mooring" else run_types(n)
    step = np.timedelta64(150_250, "ms")
    time = np.datetime64("2024-03-01T06:00:00", "ns") + np.arange(n) * step
    values |= co2(values, rng, run)
    if kind == "mooring":
        for name in ("xCO2_atm_dry", "pCO2_atm_wet", "fCO2_atm_wet"):
            values[f"{name}_actual"] = values[f"{name}_interp"]
    coords = {
        name: ("time", values.pop(name), attrs_of(name))
        for name in ("latitude", "longitude")
    }
    coords["time"] = time.astype("datetime64[ns]")
    data = {k: ("time", v, attrs_of(k)) for k, v in values.items()}
    data["P_equ_raw"] = ("time", values["P_equ"] - 0.1, attrs_of("P_equ_raw"))
    data |= {k: ("time", v, attrs) for k, (v, attrs) in bookkeeping(run).items()}
    if standards:
        data |= standard_runs()
    ds = xr.Dataset(data, coords, attributes(kind))
    for name in RESULTS:
        ds[name].attrs["ancillary_variables"] = (
            f"{name}_flag {name}_tests {name}_uncertainty"
        )
    return add_flags(ds)


__all__ = ["AIR", "BAD", "STANDARD", "WATER", "canonical_dataset", "set_flag"]
