"""The formulas as anybody would write them with whole NumPy arrays."""

import numpy as np


def schmidt(t):
    return 2116.8 - 136.25 * t + 4.7353 * t**2 - 0.092307 * t**3 + 0.0007555 * t**4


def transfer(u, t):
    return 0.251 * u**2 * (schmidt(t) / 660.0) ** -0.5


def solubility(t, s):
    kelvin = t + 273.15
    return 1000.0 * np.exp(
        -58.0931
        + 90.5069 * (100.0 / kelvin)
        + 22.2940 * np.log(kelvin / 100.0)
        + s
        * (0.027766 - 0.025888 * (kelvin / 100.0) + 0.0050578 * (kelvin / 100.0) ** 2)
    )


def vapour(t, s):
    kelvin = t + 273.15
    return 1013.25 * np.exp(
        24.4543
        - 67.4509 * (100.0 / kelvin)
        - 4.8489 * np.log(kelvin / 100.0)
        - 0.000544 * s
    )


def factor(t, p, x):
    kelvin = t + 273.15
    b = -1636.75 + 12.0408 * kelvin - 0.0327957 * kelvin**2 + 3.16528e-5 * kelvin**3
    delta = 57.7 - 0.118 * kelvin
    virial = b + 2.0 * (1.0 - 1e-6 * x) ** 2 * delta
    return np.exp(p / 1013.25 * virial / (82.0575 * kelvin))


def fugacity(x, t, s, p):
    return x * (p - vapour(t, s)) / 1013.25 * factor(t, p, x)


def chain(x, t_equ, sst, s, p):
    return fugacity(x, t_equ, s, p) * np.exp(0.0423 * (sst - t_equ))


def flux(fw, x, u, t, s, p, ice):
    gradient = fw - fugacity(x, t, s, p)
    return 2.4e-4 * transfer(u, t) * solubility(t, s) * gradient * (1.0 - ice)
