"""CO2 of marine air without a file: global means, gradient and season by latitude."""

import numpy as np

#: Annual means of the marine surface from 1979 on [umol mol-1]: NOAA Global Monitoring
#: Laboratory, Trends in CO2 (Lan, Tans and Thoning), doi:10.15138/9N0H-ZH07.
_FIRST_YEAR = 1979
_MEANS = (
    *(336.85, 338.91, 340.11, 340.86, 342.53, 344.07, 345.54, 346.97, 348.68, 351.16),
    *(352.79, 354.06, 355.39, 356.09, 356.83, 358.33, 360.17, 361.93, 363.05, 365.70),
    *(367.80, 368.97, 370.57, 372.59, 375.15, 376.95, 378.98, 381.15, 382.90, 385.02),
    *(386.50, 388.76, 390.63, 392.65, 395.40, 397.34, 399.65, 403.07, 405.22, 407.62),
    *(410.07, 412.44, 414.70, 417.07, 419.36, 422.79),
)
#: Growth rate before and after the table [umol mol-1 a-1].
_BEFORE, _AFTER = 1.1, 2.6
#: Departure from the global mean: rows constant, cos, sin of the year and of half a
#: year; columns powers of the sine of latitude. Least squares on the marine boundary
#: layer reference of NOAA, 1996 to 2014: rms 0.6, at most 3.4 [umol mol-1].
_DEPARTURE = np.array(
    [
        [0.39, 4.57, -2.44, -5.38, 2.16, 2.90],
        [-0.33, -1.59, 4.37, 10.99, -2.43, -7.87],
        [1.25, 5.92, 2.99, -5.43, -1.29, 3.32],
        [0.33, 0.92, -0.66, -2.43, 0.72, 2.07],
        [0.02, -1.35, -3.05, -1.08, 1.42, 0.89],
    ]
)


def marine_background(time: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Estimate CO2 in dry marine air from date and latitude only.

    Examples
    --------
    >>> when = np.array(["2010-07-01"], "datetime64[ns]")
    >>> marine_background(when, np.array([0.0])).round(1)
    array([389.8])
    """
    year = time.astype("datetime64[Y]")
    days = (time - year) / np.timedelta64(1, "D")
    fraction_of_year = days / 365.2425
    decimal_year = year.astype(int) + 1970 + fraction_of_year
    mid_years = _FIRST_YEAR + 0.5 + np.arange(len(_MEANS))
    mean = np.interp(decimal_year, mid_years, _MEANS)
    mean += _AFTER * np.maximum(decimal_year - mid_years[-1], 0.0)
    mean -= _BEFORE * np.maximum(mid_years[0] - decimal_year, 0.0)
    sine = np.sin(np.radians(latitude))
    phase = 2 * np.pi * fraction_of_year
    waves = (1.0, np.cos(phase), np.sin(phase), np.cos(2 * phase), np.sin(2 * phase))
    for wave, row in zip(waves, _DEPARTURE, strict=True):
        mean += wave * np.polynomial.polynomial.polyval(sine, row)
    return np.asarray(mean, dtype=np.float64)
