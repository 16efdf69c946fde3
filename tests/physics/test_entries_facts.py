"""Facts of the registered formulas, row by row: where they are, ranges, status."""

from dataclasses import fields

import numpy as np
import pytest

import oceanco2.physics.parametrisations
import oceanco2.physics.pressure
import oceanco2.physics.schmidt
import oceanco2.physics.skin
import oceanco2.physics.solubilities
import oceanco2.physics.temperature
import oceanco2.physics.vapour
import oceanco2.physics.wind
from oceanco2 import physics

#: Registry: what it calls its entries, module, group of plug-ins, reserved names.
REGISTRIES = {
    "TRANSFER_VELOCITIES": (
        "transfer velocity",
        "parametrisations",
        "oceanco2.transfer_velocities",
        """fay_2021_jra55 wanninkhof_mcgillis_1999 mcgillis_2004
        butterworth_miller_2016 prytherch_2010 edson_2011 ribas_ribas_2019 k06_linear
        ho_2011 oceanflux_kb brumer_2017 blomquist_2017 zappa_2007 coare_gas_3.1
        coare_gas_3.6 johnson_2010""",
    ),
    "SEA_LEVEL_PRESSURE": (
        "sea-level pressure formula",
        "pressure",
        "oceanco2.sea_level_pressure",
        "",
    ),
    "SCHMIDT_NUMBERS": ("Schmidt number", "schmidt", "oceanco2.schmidt_numbers", ""),
    "SKIN_MODELS": ("skin model", "skin", "oceanco2.skin_models", ""),
    "SOLUBILITIES": ("solubility", "solubilities", "oceanco2.solubilities", ""),
    "TEMPERATURE_CORRECTIONS": (
        "temperature correction",
        "temperature",
        "oceanco2.temperature_corrections",
        "copin_montegut_1988 goyet_1993 wanninkhof_2022",
    ),
    "WATER_VAPOUR": ("water vapour formula", "vapour", "oceanco2.water_vapour", ""),
    "WIND_HEIGHTS": ("wind height formula", "wind", "oceanco2.wind_heights", ""),
}
#: Ranges that several formulas share.
WIND = {"valid": (("wind_speed", 0.0, 20.0),)}
HEIGHT = {"valid": (("height", 1.0, 50.0),)}
MAST = {"valid": (("height", 0.0, 100.0),), "units": "hPa"}
COLD_TO_WARM = ("temperature", -2.0, 40.0)
SALT = ("salinity", 0.0, 40.0)
VAPOUR = {"valid": (("temperature", -2.0, 39.85), SALT), "units": "atm"}
OPTIONAL = {"status": "optional"}
UNCONFIRMED = {"no_doi": "the DOI has not been confirmed"}
NO_FORMULA = {"no_doi": "not a formula"}
SUTTON = "as used by Sutton et al. (2017); the DOI has not been confirmed"
GUIDE = "Guide to Best Practices for Ocean CO2 Measurements"
HEATS = ("sensible_heat", "latent_heat", "longwave", "shortwave")
#: What is not the default, but for texts, formulas and coefficients.
FACTS = {
    "SKIN_MODELS": {
        "donlon_2002": {},
        "fixed": {},
        "none": NO_FORMULA,
        "fairall_1996": OPTIONAL
        | {"inputs": ("friction_velocity", *HEATS, "temperature", "salinity")},
    },
    "TEMPERATURE_CORRECTIONS": {
        "takahashi_1993": {},
        "takahashi_2009": {},
        "weiss_1982": {"needs_fugacity": True},
        "humphreys_2024_constant": {},
        "humphreys_2024_parameterised": {
            "valid": (("salinity", 20.0, np.inf),),
            "needs_salinity": True,
            "needs_fugacity": True,
        },
        "humphreys_2024_enthalpy": OPTIONAL,
        "none": NO_FORMULA,
    },
    "WATER_VAPOUR": {
        "weiss_price_1980": VAPOUR,
        "dickson_2007": VAPOUR | {"no_doi": f"{GUIDE}, PICES Special Publication 3"},
        "buck_licor": OPTIONAL | {"units": "atm"},
    },
    "WIND_HEIGHTS": {
        "log_sutton_2017": HEIGHT | {"no_doi": SUTTON},
        "hsu_1994": HEIGHT | UNCONFIRMED,
        "power_1_7": HEIGHT | OPTIONAL | {"no_doi": "an engineering rule"},
    },
    "SEA_LEVEL_PRESSURE": {
        "hydrostatic": MAST | {"no_doi": "as in QuinCe and pySeaFlux"},
        "lapse_rate": MAST | {"no_doi": "as in Pierrot's workbook"},
    },
    "SOLUBILITIES": {
        "weiss_1974": {"valid": (COLD_TO_WARM, SALT)},
        "weiss_price_1980_f": OPTIONAL | {"valid": (COLD_TO_WARM, SALT), "moist": True},
    },
    "SCHMIDT_NUMBERS": {
        "wanninkhof_2014": {"valid": (COLD_TO_WARM,)},
        "wanninkhof_1992": {"valid": (("temperature", 0.0, 30.0),)},
        "groger_mikolajewicz_2011": OPTIONAL,
        "jahne_1987": OPTIONAL | {"needs_viscosity": True},
    },
    "TRANSFER_VELOCITIES": {
        "wanninkhof_2014": {"valid": (("wind_speed", 3.0, 15.0),)},
        "wanninkhof_1992": WIND,
        "wanninkhof_1992_longterm": WIND,
        "nightingale_2000": WIND,
        "ho_2006": WIND,
        "sweeney_2007": WIND,
        "mcgillis_2001": WIND,
        "wanninkhof_2009": WIND,
        "liss_merlivat_1986": WIND | {"no_doi": "book chapter (Reidel, 1986)"},
        "takahashi_2009": WIND | OPTIONAL,
        "nightingale_2000_north_sea": WIND | OPTIONAL | UNCONFIRMED,
        "nightingale_2000b": WIND | OPTIONAL | UNCONFIRMED,
        "goddijn_murphy_2012": WIND | OPTIONAL | UNCONFIRMED,
        "yang_2022": WIND | OPTIONAL,
        "fay_2021_era5": WIND | OPTIONAL,
        "fay_2021_ccmp": WIND | OPTIONAL,
        "yang_2022_ustar": OPTIONAL | {"inputs": ("friction_velocity",)},
        "deike_melville_2018": OPTIONAL
        | {"inputs": ("friction_velocity", "wave_height", "salinity", "a_nb", "a_b")},
        "woolf_1997_kb": WIND | OPTIONAL | UNCONFIRMED | {"inputs": ("salinity",)},
    },
}
#: Units of the results; those of an entry replace them.
UNITS = {"SKIN_MODELS": "K"}
#: Fields that other tests compare.
ELSEWHERE = {"name", "long_name", "formula", "expression", "doi", "note"}
ELSEWHERE |= {"polynomials", "per_mass", "scaling", "moments", "schmidt_reference"}
ELSEWHERE |= {"short_name", "relative_uncertainty", "fitted_on_means"}


@pytest.mark.parametrize("name", REGISTRIES)
def test_where_entries_come_from(name):
    kind, module, group, reserved = REGISTRIES[name]
    registry = getattr(physics, name)
    assert registry is getattr(getattr(oceanco2.physics, module), name)
    assert (registry.kind, registry.group) == (kind, group)
    assert registry._package == "oceanco2.physics"
    assert tuple(registry._modules) == (module,)
    assert tuple(registry._also) == ()
    assert sorted(registry.reserved) == sorted(reserved.split())


def facts(entry):
    found = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if field.name not in ELSEWHERE and value != field.default:
            found[field.name] = value
    return found


@pytest.mark.parametrize("name", FACTS)
def test_facts_of_every_entry(name):
    registry = getattr(physics, name)
    assert list(registry) == list(FACTS[name])
    for entry_name, expected in FACTS[name].items():
        entry = registry[entry_name]
        assert entry.name == entry_name
        units = expected.get("units", UNITS.get(name))
        assert units is None or entry.units == units
        assert facts(entry) == expected, entry_name
        assert bool(entry.doi) != bool(entry.no_doi)


def test_formulas_that_are_kept_apart_say_why():
    reasons = physics.TEMPERATURE_CORRECTIONS.reserved
    unread = "it will be added when the paper has been read"
    assert all(reason.endswith(unread) for reason in reasons.values())
    assert "4.13 %/K" in reasons["wanninkhof_2022"]
