"""Names, units and codes of the variables of a dataset, shared by all steps.

One dataset along ``time`` goes through the processing steps. A variable ``X`` of the
table below may be accompanied by

* ``X_raw``          as measured, where ``X`` was calibrated or reduced
* ``X_delivered``    a result delivered with the file, kept for comparison
* ``X_type``         measured, interpolated, nominal or missing (alignment)
* ``X_uncertainty``  one standard deviation, units of ``X``
* ``X_flag``         effective WOCE flag; ``X_flag_automatic``, ``X_flag_manual``
* ``X_tests``        bit mask of the tests that flagged a value (`TESTS`)
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oceanco2.vocabulary.codes import (
    BAD,
    CALIBRATION_STATUS,
    FLAG_VALUES,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    TEST_BITS,
    TESTS,
    VALUE_TYPES,
    named_tests,
)
from oceanco2.vocabulary.variables import SUFFIXES, VARIABLES, Variable

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "BAD",
    "CALIBRATION_STATUS",
    "FLAG_VALUES",
    "GOOD",
    "MISSING",
    "QUESTIONABLE",
    "RUN_TYPES",
    "SUFFIXES",
    "TESTS",
    "TEST_BITS",
    "VALUE_TYPES",
    "VARIABLES",
    "Variable",
    "attrs_of",
    "coded_attrs",
    "flag_attrs",
    "mask_attrs",
    "named_tests",
    "possible",
]


def attrs_of(name: str, **extra: Any) -> dict[str, Any]:
    """Return the CF attributes of a variable of the dataset, suffixes included.

    Parameters
    ----------
    name : str
        A name of `VARIABLES`, optionally followed by ``_raw``, ``_delivered`` or
        ``_uncertainty``.
    **extra : Any
        More attributes; they take precedence.

    Returns
    -------
    dict
        ``units``, ``long_name`` and, for at most one variable of the dataset,
        ``standard_name``.

    Examples
    --------
    >>> attrs_of("SST_raw")
    {'units': 'degree_Celsius', 'long_name': 'sea surface temperature, as measured'}
    """
    endings = {"_raw": "as measured", "_delivered": "as delivered"}
    for suffix, ending in endings.items():
        if name.endswith(suffix):
            base = VARIABLES[name.removesuffix(suffix)]
            attrs = {"units": base.units, "long_name": f"{base.long_name}, {ending}"}
            return attrs | extra
    if name.endswith("_uncertainty"):
        base = VARIABLES[name.removesuffix("_uncertainty")]
        ending = f"standard uncertainty (one sigma) of {base.long_name}"
        attrs = {"units": base.units, "long_name": ending}
        if base.standard_name:
            attrs["standard_name"] = f"{base.standard_name} standard_error"
        return attrs | extra
    return VARIABLES[name].attrs() | extra


def possible(name: str, values: "np.ndarray") -> "np.ndarray":
    """Return values with NaN where they are impossible.

    Parameters
    ----------
    name : str
        A name of `VARIABLES`.
    values : ndarray
        In canonical units; not changed.

    Returns
    -------
    ndarray of float64
        A copy.

    Examples
    --------
    >>> import numpy as np
    >>> possible("P_equ", np.array([0.9, 1013.25]))
    array([    nan, 1013.25])
    """
    import numpy as np

    values = np.array(values, dtype=np.float64)
    low, high = VARIABLES[name].bounds
    values[~((values >= low) & (values <= high))] = np.nan
    return values


def coded_attrs(meaning: str, codes: Mapping[str, int], dtype: Any) -> dict[str, Any]:
    """Return the CF attributes of a variable with codes.

    Parameters
    ----------
    meaning : str
        The ``long_name``.
    codes : mapping of str to int
        Name to code.
    dtype : dtype
        Type of the variable; ``flag_values`` must have the same.

    Returns
    -------
    dict
        ``long_name``, ``flag_values`` and ``flag_meanings``.
    """
    import numpy as np

    return {
        "long_name": meaning,
        "flag_values": np.array(list(codes.values()), dtype=dtype),
        "flag_meanings": " ".join(codes),
    }


def flag_attrs(name: str, layer: str = "effective") -> dict[str, Any]:
    """Return the CF attributes of a flag variable (int8).

    Parameters
    ----------
    name : str
        The variable the flag belongs to.
    layer : str, default "effective"
        ``"effective"``, ``"automatic"`` or ``"manual"``.

    Returns
    -------
    dict
        CF ``flag_values`` and ``flag_meanings``; the effective flag is the one with
        the standard name.
    """
    attrs = coded_attrs(f"WOCE quality flag of {name}, {layer}", FLAG_VALUES, "int8")
    if layer == "effective":
        attrs["standard_name"] = "quality_flag"
    return attrs


def mask_attrs(name: str) -> dict[str, Any]:
    """Return the CF attributes of a bit mask of tests (int64).

    Parameters
    ----------
    name : str
        The variable the tests were run on.

    Returns
    -------
    dict
        CF ``flag_masks`` and ``flag_meanings``.
    """
    import numpy as np

    return {
        "long_name": f"tests that fired on {name}",
        "flag_masks": np.array(list(TEST_BITS.values()), dtype=np.int64),
        "flag_meanings": " ".join(TESTS),
    }
