"""Steps: of a gauge, of an analyser between its standards."""

import numpy as np

from oceanco2.qc.checks import register
from oceanco2.vocabulary import GOOD, QUESTIONABLE, RUN_TYPES

#: The two values beside a step must differ by such a share of it: a front is gradual.
_SUDDEN = (0.7, 1.5)
#: An equilibrator shows other water in two or three readings, an analyser steps in one.
_AT_ONCE = (0.9, 1.4)
_LEVEL = 0.35  # of a step, how far values may be from the medians beside it
_SIDE = 3  # half the window whose medians are compared


def find_steps(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    sigma: float,
    minutes: float,
    sudden: tuple[float, float] = _SUDDEN,
) -> tuple[np.ndarray, np.ndarray]:
    """Find lasting steps between neighbours: seven values before, seven after."""
    there = np.flatnonzero(np.isfinite(values))
    width = 2 * _SIDE + 1
    none = np.zeros(0, dtype=np.intp)
    if there.size < 2 * width:
        return none, none
    x, t = values[there], seconds[there]
    last = np.arange(width - 1, there.size - width)  # row before a pair's gap
    here = last[np.abs(x[last + 1] - x[last]) > sudden[0] * limit]
    if not here.size:
        return none, none
    size, apart, near = _around(x, t, here, 60.0 * minutes)
    share = (x[here + 1] - x[here] - size[1]) / np.where(size[0] == 0, np.nan, size[0])
    found = near & (np.abs(size[0]) > limit)
    found &= (share >= sudden[0]) & (share <= sudden[1])
    found &= np.abs(size[0]) > sigma * 1.4826 * apart[:, width]
    # But one of the fourteen may be off: where many are, the values go up and down.
    found &= apart[:, -2] <= _LEVEL * np.abs(size[0])
    return there[here[found]], there[here[found] + 1]


def _around(
    x: np.ndarray, t: np.ndarray, here: np.ndarray, pause: float
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Fit a step on a slope to the values around each pair."""
    width = 2 * _SIDE + 1
    rows = here[:, None] + np.arange(1 - width, width + 1)
    near = np.diff(t[rows], axis=1).max(axis=1) <= pause
    around = x[rows]
    steps = np.diff(around, axis=1)
    slope = np.median(np.delete(steps, width - 1, axis=1), axis=1)
    middles = np.median(around.reshape(-1, 2, width), axis=2)
    line = np.repeat(middles, width, axis=1)
    line += slope[:, None] * np.tile(np.arange(-_SIDE, _SIDE + 1), 2)
    size = middles[:, 1] - middles[:, 0] - slope * width
    return (size, slope), np.sort(np.abs(around - line), axis=1), near


@register(
    "step",
    "the value steps from one reading to the next and stays",
    "medians of seven readings before and after; weather changes pressure by less than"
    " 1 hPa in ten minutes",
    wants=("run_type",),
)
def check_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    run_type: np.ndarray | None = None,
    limit: float,
    sigma: float = 8.0,
    max_gap_minutes: float = 20.0,
) -> np.ndarray:
    """Flag lasting steps of a quantity that cannot step."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    before, after = find_steps(
        values, seconds, limit=limit, sigma=sigma, minutes=max_gap_minutes
    )
    if run_type is not None:
        alike = run_type[before] == run_type[after]
        before, after = before[alike], after[alike]
    flags[before] = QUESTIONABLE
    flags[after] = QUESTIONABLE
    return flags


@register(
    "analyser_step",
    "CO2 of the water steps, temperature and salinity do not, until the next standards",
    "an equilibrator answers in minutes: Pierrot et al. (2009),"
    " doi:10.1016/j.dsr2.2008.12.005",
    needs=("T_equ", "salinity"),
    table="xCO2_water_Tequ_dry",
    wants=("run_type",),
)
def check_analyser_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    T_equ: np.ndarray,
    salinity: np.ndarray,
    run_type: np.ndarray | None = None,
    limit: float = 4.0,
    sigma: float = 8.0,
    T_limit: float = 0.06,
    S_limit: float = 0.1,
    max_gap_minutes: float = 10.0,
) -> np.ndarray:
    """Flag what an analyser reads between a step and its next gas standards."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    before, after = find_steps(
        values,
        seconds,
        limit=limit,
        sigma=sigma,
        minutes=max_gap_minutes,
        sudden=_AT_ONCE,
    )
    there = np.flatnonzero(np.isfinite(values))
    ends = np.append(
        there[1:][np.diff(seconds[there]) > 60.0 * max_gap_minutes], values.size
    )
    if run_type is not None:
        ends = np.union1d(ends, np.flatnonzero(run_type == RUN_TYPES["standard"]))
    still = _level(T_equ[there], np.searchsorted(there, before), T_limit)
    still &= _level(salinity[there], np.searchsorted(there, before), S_limit)
    # With standards in between it is calibrated before and after.
    still &= np.searchsorted(ends, before) == np.searchsorted(ends, after)
    _until(ends, after[still], flags)
    flags[~np.isfinite(values)] = GOOD
    return flags


def _level(water: np.ndarray, here: np.ndarray, limit: float) -> np.ndarray:
    """Tell where water is known and does not step."""
    if not here.size or not np.nanmax(water, initial=-99) > np.nanmin(
        water, initial=99
    ):
        return np.zeros(here.size, dtype=bool)
    step = _around(water, np.zeros(water.size), here, np.inf)[0][0]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(step) <= limit)


def _until(ends: np.ndarray, starts: np.ndarray, flags: np.ndarray) -> None:
    """Flag from each step to the next end, or to a step back before it."""
    while starts.size:
        end = ends[np.searchsorted(ends, starts[0])]
        back = starts[(starts > starts[0]) & (starts < end)]
        end = back[0] if back.size else end
        flags[starts[0] : end] = QUESTIONABLE
        starts = starts[starts >= end + bool(back.size)]
