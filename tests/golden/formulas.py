"""Formulas: every public function of ``oceanco2.physics``, to the last bit.

Arguments are filled by their names from `VALUES`; each choice of `CHOICES` that a
function takes is tried, and each kind of argument: number, array, Series, DataArray.
"""

import inspect

import numpy as np
import pandas as pd
import xarray as xr

import oceanco2

SIZE = 500
#: Name of an argument: first and last of its values, which go up and down.
VALUES = {
    **{
        "temperature": (-1.8, 33.0),
        "salinity": (0.5, 40.0),
        "pressure": (950.0, 1050.0),
    },
    **{"xco2": (50.0, 900.0), "pco2": (100.0, 800.0), "fco2": (100.0, 800.0)},
    **{"t_equ": (-1.5, 33.5), "sst": (-1.8, 33.0), "p_equ": (960.0, 1045.0)},
    **{"wind_speed": (0.0, 35.0), "friction_velocity": (0.0, 1.2), "ice": (0.0, 1.0)},
    **{
        "viscosity": (0.8e-6, 1.9e-6),
        "fco2_water": (150.0, 700.0),
        "fco2_air": (330.0, 430.0),
    },
    **{"xco2_air": (330.0, 430.0), "longitude": (-180.0, 180.0), "height": (2.0, 40.0)},
    **{
        "latitude": (-80.0, 85.0),
        "temperature_from": (-1.0, 32.0),
        "density": (990, 1040),
    },
    **{"temperature_to": (-1.8, 33.0), "humidity": (5.0, 95.0), "xco2_wet": (100, 800)},
    **{"xh2o": (0.1, 40.0), "humidity_dry": (0.5, 20.0), "t_humidity": (0.0, 35.0)},
    **{
        "concentration": (1.0, 60.0),
        "difference": (-0.2, 0.3),
        "shortwave": (0.0, 900),
    },
    **{
        "sensible_heat": (-20.0, 60.0),
        "latent_heat": (0.0, 250.0),
        "longwave": (20, 110),
    },
    **{
        "wave_height": (0.1, 9.0),
        "rain_rate": (0.0, 30.0),
        "humidity_span": (0.5, 20.0),
    },
    **{"u_xco2": (0.05, 2.0), "u_t_equ": (0.01, 0.1), "u_sst": (0.01, 0.1)},
    **{"u_salinity": (0.005, 0.1), "u_p_equ": (0.1, 3.0), "woa_salinity": (30.0, 37.0)},
    **{"p_atm": (950.0, 1050.0), "ncep_slp": (955.0, 1048.0), "conductivity": (20, 60)},
    **{
        "xco2_equ_dry": (100, 800),
        "xco2_sst_dry": (100, 800),
        "pco2_equ_wet": (100, 800),
    },
    **{
        "pco2_sst_wet": (100, 800),
        "fco2_equ_wet": (100, 800),
        "fco2_sst_wet": (100, 800),
    },
    **{
        "signal_raw": (40e3, 60e3),
        "signal_ref": (45e3, 55e3),
        "signal_zero": (0.95, 1.1),
    },
    **{"signal": (0.0, 12e3), "t_gas": (5.0, 40.0), "p_ndir": (900.0, 1100.0)},
    **{
        "absorbance_434": (0.2, 1.2),
        "absorbance_620": (0.1, 0.9),
        "thermistor": (500, 3e3),
    },
}
#: Arguments that are one number.
CONSTANTS = {
    **{"k1": 8e-2, "k2": 5e-6, "k3": 1e-10, "scale_factor": 1e4},
    **{"calibration": (16.7, 0.0459, 0.6257, -1.5406), "on_range": "ignore"},
}
#: Arguments of formulas that only some of their methods take.
NOT_ALWAYS = {
    "schmidt_number": ("salinity", "viscosity"),
    "solubility": ("pressure",),
    "transfer_velocity": ("salinity", "friction_velocity", "wave_height", "rain_rate"),
}
#: Names of choices in the arguments, and where all of them stand.
CHOICES = {
    "schmidt": "SCHMIDT_NUMBERS",
    "cool_skin": "SKIN_MODELS",
    "solubility": "SOLUBILITIES",
    "temperature_correction": "TEMPERATURE_CORRECTIONS",
    "parametrisation": "TRANSFER_VELOCITIES",
    "vapour_pressure": "WATER_VAPOUR",
}
METHODS = {
    "cool_skin": "SKIN_MODELS",
    "correct_to_temperature": "TEMPERATURE_CORRECTIONS",
    "schmidt_number": "SCHMIDT_NUMBERS",
    "sea_level_pressure": "SEA_LEVEL_PRESSURE",
    "solubility": "SOLUBILITIES",
    "ostwald_solubility": "SOLUBILITIES",
    "water_vapour_pressure": "WATER_VAPOUR",
    "wind_at_10m": "WIND_HEIGHTS",
    "salty_skin": "SKIN_MODELS",
}
WORDS = {
    "scheme": ("bulk", "rapid"),
    "mole_fraction": ("xco2", "pco2", "neglect"),
    "ice_method": ("linear",),
    "gas": ("CO2", "O2", "N2O", "CH4"),
    "water": ("sea", "fresh"),
    "per": ("volume", "mass"),
    "temperature_scale": ("ITS-90", "IPTS-68"),
}


NO_FORMULAS = ("register", "plot", "describe", "transfer_velocity_table")
KINDS = {
    "array": lambda x: x,
    "number": lambda x: float(x[1]),
    "series": pd.Series,
    "dataarray": lambda x: xr.DataArray(x, dims="time"),
}


def values(name):
    """Values of an argument, some of them missing; another order for each name."""
    first, last = VALUES[name]
    steps = np.arange(SIZE) * (7 + 2 * sorted(VALUES).index(name)) % SIZE
    found = first + (last - first) * steps / (SIZE - 1)
    found[len(name) :: 97] = np.nan
    return found


def everything(session):
    """All public functions but those that register, draw or list."""
    physics = oceanco2.physics
    for name in sorted(physics.__all__):
        function = getattr(physics, name)
        if not inspect.isfunction(function) or name.startswith(NO_FORMULAS):
            continue
        parameters = inspect.signature(function).parameters
        given = {k: values(k) for k in parameters if k in VALUES}
        given |= {k: CONSTANTS[k] for k in parameters if k in CONSTANTS}
        basic = {k: v for k, v in given.items() if k not in NOT_ALWAYS.get(name, ())}
        tell(session, name, function, basic)
        for argument, choice in choices(physics, name, parameters):
            word = f"{name}({argument}={choice})"
            tell(session, word, function, basic | {argument: choice}, ("array",))
            if basic != given:
                word = f"{word}, all arguments"
                tell(session, word, function, given | {argument: choice}, ("array",))


def choices(physics, name, parameters):
    for argument in parameters:
        where = METHODS.get(name) if argument == "method" else CHOICES.get(argument)
        some = getattr(physics, where) if where else WORDS.get(argument, ())
        yield from ((argument, choice) for choice in some)


def tell(session, word, function, given, kinds=tuple(KINDS)):
    """Call with some kinds of arguments; digests of all results."""
    arrays = {k for k, v in given.items() if isinstance(v, np.ndarray)}
    for kind in kinds:
        make = KINDS[kind]
        these = {k: make(v) if k in arrays else v for k, v in given.items()}
        made = session.verb(f"{word}, {kind}", lambda a=these: function(**a))
        for number, one in enumerate(parts(made)):
            session.value(f"{word.replace(' ', '')}/{kind}{number}", one)


def parts(made):
    """Results of a formula: one, a tuple of some, or a dictionary."""
    if made is None:
        return []
    if isinstance(made, dict):
        return [made[key] for key in sorted(made)]
    return list(made) if isinstance(made, tuple) else [made]
