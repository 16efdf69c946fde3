"""A CONTROS HydroC that does not exist: signals, zeros, drift."""

import numpy as np

from oceanco2 import physics
from oceanco2.errors import OptionError
from oceanco2.platforms import Platform
from oceanco2.platforms.instruments import HydroC, HydroCCoefficients
from oceanco2.simulation.instrument import Rows, sensed
from oceanco2.simulation.world import World
from oceanco2.vocabulary import RUN_TYPES

_RHYTHM = 60.0
#: Every four hours two minutes of zero gas, then a quarter of an hour of recovery.
_CYCLE, _ZERO, _FLUSH = 14400.0, 180.0, 1080.0
_REFERENCE = 15100.0  # counts
#: Raw over reference signal of the zero gas, and what it loses in a day.
_BEAM, _LOSS = 0.8095, 1.5e-4
_NOISE = 1.0  # counts
_DAY = 86400.0
#: Running time between the calibration and the cruise.
_BEFORE = 50000.0


def membrane_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> Rows:
    """Read a membrane sensor for a part of the cruise."""
    t = np.arange(np.ceil(span[0] / _RHYTHM) * _RHYTHM, span[1], _RHYTHM)
    truth = world.truth(t)
    phase = t % _CYCLE
    run_type = np.full(t.size, RUN_TYPES["water"], dtype=np.int8)
    run_type[phase < _FLUSH] = RUN_TYPES["flush"]
    run_type[phase < _ZERO] = RUN_TYPES["zero"]
    truth |= {
        "run_type": run_type,
        "gain": np.ones(t.size),
        "offset": np.zeros(t.size),
    }
    table = _table(platform)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 8, int(span[0])]))
    measured = _housekeeping(truth, run_type, t)
    runtime, ks = _drifted(table, t, start)
    measured["runtime"] = runtime
    measured |= _signals(truth, measured, platform, ks, t)
    if noise:
        for name in ("signal_detector", "signal_reference"):
            measured[name] = measured[name] + _NOISE * rng.standard_normal(t.size)
    measured |= sensed(truth, t, platform, seed, rng if noise else None)
    return Rows(t, np.full(t.size, "", dtype=object), measured, truth)


def _table(platform: Platform) -> HydroC:
    if platform.hydroc is None:
        raise OptionError(f"{platform.path}: a HydroC needs a table [hydroc]")
    return platform.hydroc


def _housekeeping(
    truth: dict[str, np.ndarray], run_type: np.ndarray, t: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "state_zero": (run_type == RUN_TYPES["zero"]).astype(float),
        "state_flush": (run_type == RUN_TYPES["flush"]).astype(float),
        "T_gas": 34.0 + 0.3 * np.sin(2.0 * np.pi * t / _DAY),
        "P_analyser": truth["P_equ"] + 6.0,
    }


def _sheets(
    table: HydroC, start: np.datetime64
) -> tuple[HydroCCoefficients, HydroCCoefficients]:
    dated = sorted(table.coefficients, key=lambda e: e.valid_from)
    since = [np.datetime64(e.valid_from.replace(tzinfo=None), "s") for e in dated]
    before = [e for e, s in zip(dated, since, strict=True) if s <= start]
    after = [e for e, s in zip(dated, since, strict=True) if s > start]
    first = before[-1] if before else dated[0]
    return first, after[0] if after else first


def _drifted(
    table: HydroC, t: np.ndarray, start: np.datetime64
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Coefficients that go straight in runtime from one sheet to the next."""
    first, second = _sheets(table, start)
    began = first.runtime or 0.0
    runtime = began + _BEFORE + t
    end = second.runtime
    share = np.zeros(t.size)
    if end is not None and end > began:
        share = (runtime - began) / (end - began)
    pairs = [(getattr(first, k), getattr(second, k)) for k in ("k1", "k2", "k3")]
    return runtime, [float(a) + (float(b) - float(a)) * share for a, b in pairs]


def _signals(
    truth: dict[str, np.ndarray],
    measured: dict[str, np.ndarray],
    platform: Platform,
    ks: list[np.ndarray],
    t: np.ndarray,
) -> dict[str, np.ndarray]:
    """Run the model backwards: from true fugacity to counts."""
    table = _table(platform)
    factor = next(e.F for e in table.coefficients if e.F is not None)
    pressure = truth["P_equ"]
    xco2 = _mole_fraction(truth, platform)
    kelvin = measured["T_gas"] + 273.15
    wanted = xco2 * 273.15 * measured["P_analyser"] / (1013.25 * kelvin)
    k1, k2, k3 = ks
    signal = wanted / k1
    for _ in range(30):  # Newton; the polynomial is almost straight
        off = signal * (k1 + signal * (k2 + signal * k3)) - wanted
        signal = signal - off / (k1 + signal * (2.0 * k2 + signal * 3.0 * k3))
    zero = _BEAM * (1.0 - _LOSS * t / _DAY)
    phase = truth["run_type"]
    share = np.where(phase == RUN_TYPES["zero"], 0.0, 1.0)
    # In recovery the gas is somewhere between zero and water.
    share[phase == RUN_TYPES["flush"]] = 0.6
    beam = zero * (1.0 - share * signal / factor)
    reference = _REFERENCE + 0.0 * pressure
    return {"signal_detector": beam * reference, "signal_reference": reference}


def _mole_fraction(truth: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    """Humid mole fraction in the sensor, at the temperature of the sea."""
    wanted, pressure = truth["fCO2_water_SST_wet"], truth["P_equ"]
    virial = platform.reduction.virial_pressure
    at = np.full(wanted.shape, 1013.25) if virial != "measured" else pressure
    way = platform.reduction.mole_fraction
    xco2 = wanted.copy()
    for _ in range(6):  # the mole fraction is part of its own correction
        pco2 = physics.pco2_from_fco2(
            wanted, truth["SST"], at, xco2, mole_fraction=way, on_range="ignore"
        )
        xco2 = pco2 * 1013.25 / pressure
    return xco2
