"""How often each fault of the simulator is caught, and what else is flagged with it.

``python -m tests.qc.fault_table`` writes the table into ``platforms/QUALITY.md``;
a test holds the two together.
"""

import functools
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2 import pipeline, platforms
from oceanco2.bits import TEST_BITS
from oceanco2.calibration import calibrate
from oceanco2.errors import OceanCO2Warning
from oceanco2.reduction import reduce
from oceanco2.simulation import FAULTS, simulate
from oceanco2.simulation.instrument import analyser_rows
from oceanco2.simulation.world import build_world
from oceanco2.vocabulary import BAD, GOOD, RUN_TYPES, VALUE_TYPES, attrs_of, coded_attrs

DOCUMENT = Path(__file__).parents[2] / "platforms" / "QUALITY.md"
BEGIN, END = "<!-- table of faults: begin -->", "<!-- table of faults: end -->"
RESULT = "fCO2_water_SST_wet"
SEED = 9
#: Told when files are read or runs collected; no value is spoilt.
NOT_FLAGGED = {
    "duplicated_block": "dropped when read, counted as `rows_duplicated`",
    "wrong_std_val": "concentrations come from the platform file; a warning says so",
    "lost_span": "of systems with a zero and a span in every cycle: `span_failed`",
}
#: Fault to the test that is meant for it, and the variable that carries it.
MEANT = {
    "spikes": ("spike", RESULT),
    "dropouts": ("physical", RESULT),
    "blank_intake": ("gap", RESULT),
    "swapped_columns": ("spike", RESULT),
    "stuck_sensor": ("constant", RESULT),
    "gps_jump": ("speed", RESULT),
    "clock_reset": ("time_order", RESULT),
    "bad_standard": ("standard_rejected", "standard_run"),
    "missing_standards": ("standard_gap", "xCO2_water_Tequ_dry"),
    "analyser_step": ("analyser_step", RESULT),
    "low_water_flow": ("range", RESULT),
    "low_gas_flow": ("range", RESULT),
    "port_stop": ("warming", RESULT),
    "truncated_row": ("damaged_row", RESULT),
    "warming_anomaly": ("warming", RESULT),
    "salinity_bubbles": ("spike", "salinity"),
    "warming_outliers": ("warming_outlier", RESULT),
    "warming_ramp": ("warming_rate", RESULT),
    "cold_equilibrator": ("cooling", RESULT),
    "made_temperature": ("constant_warming", "warming"),
    "stuck_pressure": ("constant", RESULT),
    "pressure_offset": ("pressure_difference", RESULT),
    "pressure_step": ("step", RESULT),
    "bare_difference": ("physical", RESULT),
    "drifting_standard": ("standard_drift", RESULT),
    "analyser_shift": ("standard_step", RESULT),
    "plume": ("plume", "xCO2_atm_dry_actual"),
    "laboratory_air": ("air_plausibility", "xCO2_atm_dry_actual"),
    "weak_water_flow": ("flow_drop", RESULT),
    "weak_gas_flow": ("flow_drop", RESULT),
    "frozen_intake": ("freezing", RESULT),
    "port_stay": ("port", RESULT),
    "fouled_pipes": ("climatology", RESULT),
}


@dataclass(frozen=True, slots=True)
class Rates:
    """What became of a fault.

    Attributes
    ----------
    spoilt : int
        Rows that the fault spoils.
    hit : float
        Share of them where the test that is meant fired.
    flagged : float
        Share of them whose value is questionable or bad.
    false : float
        Share of the other values of the variable that are.
    """

    spoilt: int
    hit: float
    flagged: float
    false: float


@functools.cache
def rates(fault):
    """Simulate a day with a fault and see what is flagged."""
    test, name = MEANT[fault]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        raw = Path(folder) / "raw"
        cruise = simulate("demo_ship", days=1, seed=SEED, folder=raw, faults=[fault])
        ship = "demo_ship"
        if test == "climatology":
            ship = with_climatology(Path(folder))
        ds = pipeline.process(ship, [raw])
    if name == "standard_run":
        return _of_runs(ds, cruise.truth, fault, test)
    spoilt = cruise.truth["time"].to_numpy()[cruise.truth[f"fault_{fault}"] == 1]
    if fault == "clock_reset":
        spoilt = spoilt - np.timedelta64(3611, "s")
    rows = np.isin(ds["time"].to_numpy(), spoilt)
    flags, tests = ds[f"{name}_flag"].to_numpy(), ds[f"{name}_tests"].to_numpy()
    kind = "air" if "atm" in name else "water"
    kind_rows = ds["run_type"].to_numpy() == RUN_TYPES[kind]
    rows &= kind_rows
    fired = (tests[rows] & TEST_BITS[test]) != 0
    flagged = (flags > GOOD) & (flags <= BAD) | np.isnan(ds[name].to_numpy())
    return Rates(
        int(rows.sum()),
        float(fired.mean()),
        float(flagged[rows].mean()),
        float(flagged[kind_rows & ~rows].mean()) if (kind_rows & ~rows).any() else 0.0,
    )


def with_climatology(folder):
    """Write the demo ship once more, with the same 390 uatm everywhere as usual."""
    grid = {"lat": np.arange(-85.0, 90, 10), "lon": np.arange(-175.0, 180, 10)}
    shape = (12, grid["lat"].size, grid["lon"].size)
    field = ("month", *grid), np.full(shape, 390.0), {"units": "uatm"}
    coords = {"month": np.arange(1, 13), **grid}
    xr.Dataset({"fco2": field}, coords).to_netcdf(folder / "usual.nc")
    text = platforms.available()["demo_ship"].read_text("utf-8")
    table = f"[qc.{RESULT}]\nclimatology = {{ file = 'usual.nc' }}\n"
    (folder / "ship.toml").write_text(f"{text}\n{table}", "utf-8")
    return folder / "ship.toml"


def _of_runs(ds, truth, fault, test):
    spoilt = truth["time"].to_numpy()[truth[f"fault_{fault}"] == 1]
    rows = np.isin(ds["standard_run_time"].to_numpy(), spoilt)
    flags = ds["standard_run_flag"].to_numpy()
    fired = (ds["standard_run_tests"].to_numpy()[rows] & TEST_BITS[test]) != 0
    return Rates(
        int(rows.sum()),
        float(fired.mean()),
        float((flags[rows] > GOOD).mean()),
        float((flags[~rows] > GOOD).mean()),
    )


def clean_cruise(days, seed=11):
    """Make a cruise without faults, aligned, without the detour over files."""
    ship = platforms.load("demo_ship")
    start = np.datetime64("2024-01-01", "s")
    last = days * 86400.0
    world = build_world(seed, days, moves=True)
    rows = analyser_rows(world, ship, (0.0, last, last), start, seed, True)
    joined, kinds, labels = rows.measured, rows.truth["run_type"], rows.labels
    seconds = rows.seconds
    which = np.full(kinds.size, -1, dtype=np.int8)
    for number, standard in enumerate(ship.standards):
        which[labels == standard.run] = number
    time = start.astype("datetime64[ns]") + (seconds * 1e9).astype("timedelta64[ns]")
    places = {n: ("time", joined[n], attrs_of(n)) for n in ("latitude", "longitude")}
    names = [n for n in ship.variables if n in joined and n not in places]
    data = {n: ("time", joined[n], attrs_of(n)) for n in names}
    data["run_type"] = ("time", kinds, coded_attrs("run type", RUN_TYPES, "int8"))
    data["standard"] = ("time", which)
    for name in ("SST", "salinity"):
        about = coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")
        data[f"{name}_type"] = ("time", np.ones(kinds.size, dtype=np.int8), about)
    ds = xr.Dataset(data, {"time": time, **places})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        return reduce(calibrate(ds, ship), ship), ship


def table():
    """Write the table of faults, as it stands in the document."""
    lines = [
        "| fault of the simulator | what happens | check meant for it | rows spoilt |"
        " caught | questionable or bad | others flagged with them |",
        "|---|---|---|---|---|---|---|",
    ]
    for fault, (test, name) in MEANT.items():
        found = rates(fault)
        of = "" if name == RESULT else f" of `{name}`"
        shares = (f"{100 * x:.0f} %" for x in (found.hit, found.flagged))
        lines.append(
            f"| `{fault}` | {FAULTS[fault].description} | `{test}`{of} | {found.spoilt}"
            f" | {' | '.join(shares)} | {100 * found.false:.1f} % |"
        )
    for fault, words in NOT_FLAGGED.items():
        lines.append(f"| `{fault}` | {FAULTS[fault].description} | {words} | | | | |")
    return "\n".join(lines)


def document(text):
    """Put the table into the document, in the place of the old one."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8")), "utf-8")
