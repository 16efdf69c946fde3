"""Simulated CONTROS HydroC: signals, zeroings, drift."""

import numpy as np

from oceanco2 import physics
from oceanco2.calibration.models.hydroc import HydroC, HydroCCoefficients
from oceanco2.dates import DAY_SECONDS
from oceanco2.errors import OptionError
from oceanco2.platforms import Platform
from oceanco2.simulation.instrument import SimulatedRows, sensor_readings
from oceanco2.simulation.world import World
from oceanco2.units import HPA_PER_ATM
from oceanco2.vocabulary import RUN_TYPES

_INTERVAL = 60.0
#: Every four hours three minutes of zero gas, then 15 minutes of recovery.
_CYCLE, _ZERO, _FLUSH = 14400.0, 180.0, 1080.0
_REFERENCE = 15100.0  # counts
#: Ratio of raw to reference signal of zero gas, and its loss per day.
_ZERO_RATIO, _DAILY_LOSS = 0.8095, 1.5e-4
_NOISE = 1.0  # counts
#: Runtime between calibration and cruise [s].
_EARLIER_RUNTIME = 50000.0


def membrane_rows(
    world: World,
    platform: Platform,
    span: tuple[float, float, float],
    start: np.datetime64,
    seed: int,
    noise: bool,
) -> SimulatedRows:
    """Simulate the readings of a HydroC for a part of the cruise."""
    t = np.arange(np.ceil(span[0] / _INTERVAL) * _INTERVAL, span[1], _INTERVAL)
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
    table = _hydroc_settings(platform)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 8, int(span[0])]))
    measured = _housekeeping_readings(truth, run_type, t)
    runtime, ks = _drifting_coefficients(table, t, start)
    measured["runtime"] = runtime
    measured |= _signals(truth, measured, platform, ks, t)
    if noise:
        for name in ("signal_detector", "signal_reference"):
            measured[name] = measured[name] + _NOISE * rng.standard_normal(t.size)
    measured |= sensor_readings(truth, t, platform, seed, rng if noise else None)
    return SimulatedRows(t, np.full(t.size, "", dtype=object), measured, truth)


def _hydroc_settings(platform: Platform) -> HydroC:
    settings = platform.settings(HydroC)
    if settings is None:
        raise OptionError(f"{platform.path}: a HydroC needs the table [hydroc]")
    return settings


def _housekeeping_readings(
    truth: dict[str, np.ndarray], run_type: np.ndarray, t: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "state_zero": (run_type == RUN_TYPES["zero"]).astype(float),
        "state_flush": (run_type == RUN_TYPES["flush"]).astype(float),
        "T_gas": 34.0 + 0.3 * np.sin(2.0 * np.pi * t / DAY_SECONDS),
        "P_analyser": truth["P_equ"] + 6.0,
    }


def _calibrations_around(
    table: HydroC, start: np.datetime64
) -> tuple[HydroCCoefficients, HydroCCoefficients]:
    dated = sorted(table.coefficients, key=lambda e: e.valid_from)
    since = [np.datetime64(e.valid_from.replace(tzinfo=None), "s") for e in dated]
    before = [e for e, s in zip(dated, since, strict=True) if s <= start]
    after = [e for e, s in zip(dated, since, strict=True) if s > start]
    first = before[-1] if before else dated[0]
    return first, after[0] if after else first


def _drifting_coefficients(
    table: HydroC, t: np.ndarray, start: np.datetime64
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Coefficients, interpolated linearly in runtime between two calibrations."""
    first, second = _calibrations_around(table, start)
    start_runtime = first.runtime or 0.0
    runtime = start_runtime + _EARLIER_RUNTIME + t
    end = second.runtime
    fraction = np.zeros(t.size)
    if end is not None and end > start_runtime:
        fraction = (runtime - start_runtime) / (end - start_runtime)
    pairs = [(getattr(first, k), getattr(second, k)) for k in ("k1", "k2", "k3")]
    return runtime, [float(a) + (float(b) - float(a)) * fraction for a, b in pairs]


def _signals(
    truth: dict[str, np.ndarray],
    measured: dict[str, np.ndarray],
    platform: Platform,
    ks: list[np.ndarray],
    t: np.ndarray,
) -> dict[str, np.ndarray]:
    """Invert the calibration model: from true fugacity to counts."""
    table = _hydroc_settings(platform)
    factor = next(e.F for e in table.coefficients if e.F is not None)
    pressure = truth["P_equ"]
    xco2 = _mole_fraction(truth, platform)
    kelvin = measured["T_gas"] + 273.15
    target = xco2 * 273.15 * measured["P_analyser"] / (HPA_PER_ATM * kelvin)
    k1, k2, k3 = ks
    signal = target / k1
    for _ in range(30):  # Newton; the polynomial is almost linear
        error = signal * (k1 + signal * (k2 + signal * k3)) - target
        signal = signal - error / (k1 + signal * (2.0 * k2 + signal * 3.0 * k3))
    zero = _ZERO_RATIO * (1.0 - _DAILY_LOSS * t / DAY_SECONDS)
    phase = truth["run_type"]
    fraction = np.where(phase == RUN_TYPES["zero"], 0.0, 1.0)
    # During recovery the gas is between zero gas and water.
    fraction[phase == RUN_TYPES["flush"]] = 0.6
    beam = zero * (1.0 - fraction * signal / factor)
    reference = _REFERENCE + 0.0 * pressure
    return {"signal_detector": beam * reference, "signal_reference": reference}


def _mole_fraction(truth: dict[str, np.ndarray], platform: Platform) -> np.ndarray:
    """Wet mole fraction in the sensor at sea temperature."""
    target, pressure = truth["fCO2_water_SST_wet"], truth["P_equ"]
    option = platform.reduction.virial_pressure
    virial_pressure = (
        np.full(target.shape, HPA_PER_ATM) if option != "measured" else pressure
    )
    mole_fraction = platform.reduction.mole_fraction
    xco2 = target.copy()
    for _ in range(6):  # the mole fraction is part of its own correction
        pco2 = physics.pco2_from_fco2(
            target,
            truth["SST"],
            virial_pressure,
            xco2,
            mole_fraction=mole_fraction,
            on_range="ignore",
        )
        xco2 = pco2 * HPA_PER_ATM / pressure
    return xco2
