"""Steps: of a gauge, of an analyser between its standards."""

import numpy as np

from oceanco2.qc.checks import register
from oceanco2.qc.running import running_median
from oceanco2.vocabulary import GOOD, QUESTIONABLE, RUN_TYPES

#: The two values beside a step must differ by this share of it: a front is gradual.
_SUDDEN = 0.7
_SIDE = 3  # half the window whose medians are compared


def find_steps(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    sigma: float,
    minutes: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Find lasting steps between neighbours: seven values before, seven after.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN is stepped over.
    seconds : ndarray, shape (n,)
        Rising times [s].
    limit : float
        Smallest step, of the medians before and after.
    sigma : float
        It must also be so many robust standard deviations of the values around.
    minutes : float
        No two neighbours of the fourteen may be farther apart.

    Returns
    -------
    before : ndarray of int
        Last row before each step.
    after : ndarray of int
        First row after it.
    """
    there = np.flatnonzero(np.isfinite(values))
    width = 2 * _SIDE + 1
    none = np.zeros(0, dtype=np.intp)
    if there.size < 2 * width:
        return none, none
    x, t = values[there], seconds[there]
    usual = running_median(x, t, samples=width)[0]
    last = np.arange(_SIDE * 2, there.size - width)  # row before a pair's gap
    step = usual[last + _SIDE + 1] - usual[last - _SIDE]
    here = last[np.abs(step) > limit]
    if not here.size:
        return none, none
    jump = x[here + 1] - x[here]
    rows = here[:, None] + np.arange(-2 * _SIDE, width + 1)
    size = usual[here + _SIDE + 1] - usual[here - _SIDE]
    near = np.diff(t[rows], axis=1).max(axis=1) <= 60.0 * minutes
    sides = np.repeat([usual[here - _SIDE], usual[here + _SIDE + 1]], width, axis=0).T
    scatter = 1.4826 * np.median(np.abs(x[rows] - sides), axis=1)
    found = near & (jump * np.sign(size) >= _SUDDEN * np.abs(size))
    found &= np.abs(size) > sigma * scatter
    return there[here[found]], there[here[found] + 1]


@register(
    "step",
    "the value steps from one reading to the next and stays",
    "medians of seven readings before and after; weather changes pressure by less than"
    " 1 hPa in ten minutes",
)
def check_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    limit: float,
    sigma: float = 8.0,
    max_gap_minutes: float = 20.0,
) -> np.ndarray:
    """Flag lasting steps of a quantity that cannot step.

    Parameters
    ----------
    values : ndarray, shape (n,)
        In canonical units.
    seconds : ndarray, shape (n,)
        Rising times [s].
    limit : float
        Smallest step, of the medians before and after.
    sigma : float, default 8.0
        It must also be so many robust standard deviations of the readings around.
    max_gap_minutes : float, default 20.0
        Readings farther apart are not compared.

    Returns
    -------
    ndarray of int8, shape (n,)
        Questionable on both sides of a step: nobody knows which side is right.
    """
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    for rows in find_steps(
        values, seconds, limit=limit, sigma=sigma, minutes=max_gap_minutes
    ):
        flags[rows] = QUESTIONABLE
    return flags


@register(
    "analyser_step",
    "CO2 of the water steps, temperature and salinity do not, until the next standards",
    "an equilibrator answers in minutes: Pierrot et al. (2009),"
    " doi:10.1016/j.dsr2.2008.12.005",
    needs=("T_equ",),
    table="xCO2_water_Tequ_dry",
    wants=("salinity", "run_type"),
)
def check_analyser_step(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    T_equ: np.ndarray,
    salinity: np.ndarray | None = None,
    run_type: np.ndarray | None = None,
    limit: float = 4.0,
    sigma: float = 8.0,
    T_limit: float = 0.15,
    S_limit: float = 0.1,
    max_gap_minutes: float = 10.0,
) -> np.ndarray:
    """Flag what an analyser reads between a step and its next gas standards.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Mole fraction in the equilibrator [umol mol-1].
    seconds : ndarray, shape (n,)
        Rising times [s].
    T_equ : ndarray, shape (n,)
        Equilibrator temperature [degree_Celsius].
    salinity : ndarray, shape (n,), optional
        Practical salinity [1].
    run_type : ndarray of int, shape (n,), optional
        Codes of `RUN_TYPES`: where the standards are.
    limit : float, default 4.0
        Smallest step, of the medians before and after [umol mol-1].
    sigma : float, default 8.0
        It must also be so many robust standard deviations of the readings around.
    T_limit : float, default 0.15
        A temperature that changes by more shows other water [K].
    S_limit : float, default 0.1
        The same of salinity [1].
    max_gap_minutes : float, default 10.0
        Readings farther apart are not compared; a longer pause ends what is doubtful.

    Returns
    -------
    ndarray of int8, shape (n,)
        Questionable from the step to the next standards, a step back or a pause.
        Standards before the step tell of the values before it, those after do not.
    """
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    rule = {"limit": limit, "sigma": sigma, "minutes": max_gap_minutes}
    before, after = find_steps(values, seconds, **rule)
    still = _same(T_equ, before, after, T_limit)
    if salinity is not None:
        still &= _same(salinity, before, after, S_limit)
    there = np.flatnonzero(np.isfinite(values))
    pauses = np.diff(seconds[there]) > 60.0 * max_gap_minutes
    ends = np.append(there[1:][pauses], values.size)
    if run_type is not None:
        ends = np.union1d(ends, np.flatnonzero(run_type == RUN_TYPES["standard"]))
    # With standards in between it is calibrated before and after.
    still &= np.searchsorted(ends, before) == np.searchsorted(ends, after)
    starts = after[still]
    while starts.size:
        end = ends[np.searchsorted(ends, starts[0])]
        back = starts[(starts > starts[0]) & (starts < end)]
        end = back[0] if back.size else end
        flags[starts[0] : end] = QUESTIONABLE
        starts = starts[starts >= end + bool(back.size)]
    flags[~np.isfinite(values)] = GOOD
    return flags


def _same(
    values: np.ndarray, before: np.ndarray, after: np.ndarray, limit: float
) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return ~(np.abs(values[after] - values[before]) > limit)
