"""Formulas of the user's own, and names that are wrong or kept for later."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.errors import (
    OptionError,
    RegistrationError,
    UnknownNameError,
    UnverifiedError,
)
from oceanco2.physics.parametrisations import _uses
from oceanco2.physics.vapour import WATER_VAPOUR
from oceanco2.registry import Registry

W14 = 24.9428263079


def quadratic(u):
    return 0.251 * u * u


def cubic(u, u2, u3):
    return 1.0 + 0.1 * u + 0.02 * u2 + 0.003 * u3


@pytest.mark.parametrize(
    "own",
    [
        {"coef": (0, 0, 0.251), "sc_ref": 660},
        {"coef": (0, 0, 0.251, 0)},
        quadratic,
        lambda u: 0.251 * u**2,
        ph.TransferVelocity(
            name="mine",
            long_name="mine",
            formula=lambda _u, u2, _u3: 0.251 * u2,
            expression="0.251 <U^2>",
        ),
    ],
)
def test_own_transfer_velocity(own):
    np.testing.assert_allclose(ph.transfer_velocity(10.0, 20.0, own), W14, rtol=1e-11)
    np.testing.assert_allclose(
        ph.flux(380.0, 400.0, [7.0, 8.0], 20.0, 35.0, parametrisation=own),
        ph.flux(380.0, 400.0, [7.0, 8.0], 20.0, 35.0),
        rtol=1e-12,
    )


def test_own_function_of_three_moments():
    value = ph.transfer_velocity(10.0, 20.0, cubic)
    coef = {"coef": (1.0, 0.1, 0.02, 0.003)}
    np.testing.assert_allclose(value, ph.transfer_velocity(10.0, 20.0, coef))


def test_own_function_that_cannot_be_compiled():
    table = {7.0: 12.0}

    def looked_up(u):
        return np.vectorize(lambda one: table.get(float(one), 1.0))(u)

    k = ph.transfer_velocity(np.array([7.0, 8.0]), 20.0, looked_up)
    assert k[0] == pytest.approx(12.0 * k[1])


@pytest.mark.parametrize(
    "own",
    [{"coef": ()}, {"coef": (1, 2, 3, 4, 5)}, {"coeff": (1,)}, {"coef": (1,), "sc": 6}],
)
def test_wrong_mappings_say_what_is_right(own):
    with pytest.raises(OptionError, match="'coef': \\(a0, a1, a2, a3\\)"):
        ph.transfer_velocity(10.0, 20.0, own)


def test_own_temperature_correction():
    expected = ph.correct_to_temperature(400.0, 20.5, 20.0)
    assert ph.correct_to_temperature(400.0, 20.5, 20.0, 0.0423) == expected
    own = lambda f, t1, t2, s: 0.0423 * (t2 - t1)  # noqa: E731
    value = ph.fco2_at_sst(400.0, 20.5, 20.0, 35.0, 1013.25, temperature_correction=own)
    np.testing.assert_allclose(value, 381.201189783, rtol=1e-11)


def test_own_vapour_solubility_and_schmidt():
    vapour = WATER_VAPOUR["weiss_price_1980"].formula
    own = ph.pco2_from_xco2(
        400.0, 20.0, 35.0, 1013.0, vapour_pressure=lambda t, s: 1.0 * vapour(t, s)
    )
    assert own == pytest.approx(ph.pco2_from_xco2(400.0, 20.0, 35.0, 1013.0))
    assert ph.solubility(20.0, 35.0, lambda t, s: 0.03 + 0 * t * s) == 30.0
    assert ph.schmidt_number(20.0, method=lambda t: 600.0 + 0.0 * t) == 600.0


def test_registering_takes_one_decorated_function():
    @ph.register_transfer_velocity(
        "test_only_2030",
        "TO30",
        long_name="for this test",
        expression="0.3 <U^2>",
        doi="10.0000/test",
        schmidt_reference=600.0,
    )
    def formula(_u, u2, _u3):
        return 0.3 * u2

    try:
        assert ph.transfer_velocity(10.0, 20.0, "TO30") == pytest.approx(
            30.0 * (668.344 / 600.0) ** -0.5
        )
        assert "test_only_2030" in [r["name"] for r in ph.transfer_velocity_table()]
        with pytest.raises(ValueError, match="already registered"):
            ph.register_transfer_velocity("TO30", expression="x")(formula)
    finally:
        ph.TRANSFER_VELOCITIES._entries.pop("test_only_2030")
        ph.TRANSFER_VELOCITIES.aliases.pop("TO30")


GOOD = {"expression": "0.3 <U^2>", "doi": "10.0000/test", "moments": (2,)}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("trial", {"doi": ""}, "'trial' needs doi="),
        ("trial", {"doi": "doi:10.0000/test"}, "'trial' needs doi="),
        ("trial", {"moments": (1,)}, r"uses the wind moments \(2,\), but moments="),
        ("trial", {"moments": (1, 2)}, r"uses the wind moments \(2,\), but moments="),
        ("trial", {"moments": ()}, r"uses the wind moments \(2,\), but moments="),
        ("trial", {"relative_uncertainty": 20.0}, "between 0 and 1, not 20.0"),
        ("wanninkhof_2014", {}, "'wanninkhof_2014' is already registered by oceanco2"),
        ("W14", {}, "'W14' is already registered by oceanco2"),
        ("trial", {"short_name": "N00"}, "'N00' is already registered by oceanco2"),
        ("trial", {"short_name": "ho_2006"}, "'ho_2006' is already registered"),
        ("ho_2011", {}, "'ho_2011' is reserved: known only as cited by others"),
    ],
)
def test_an_incomplete_entry_is_refused_at_registration(name, change, message):
    before = list(ph.TRANSFER_VELOCITIES), dict(ph.TRANSFER_VELOCITIES.aliases)
    with pytest.raises(RegistrationError, match=message):
        ph.register_transfer_velocity(name, **(GOOD | change))(
            lambda _u, u2, _u3: 0.3 * u2
        )
    after = list(ph.TRANSFER_VELOCITIES), dict(ph.TRANSFER_VELOCITIES.aliases)
    assert after == before


PLUGIN = """
from oceanco2 import physics
from oceanco2.physics import flux, transfer_velocity  # more than registration needs


@physics.register_transfer_velocity(
    "plugin_2026",
    "P26",
    expression="0.30 <U^2>",
    doi="10.0000/plugin",
    relative_uncertainty=0.2,
)
def plugin_2026(_u, u2, _u3):
    return 0.30 * u2
"""
LOOK = """
import numpy as np
from oceanco2 import physics

k = physics.transfer_velocity(np.array([10.0]), 20.0, "P26")
row = physics.transfer_velocity_table()[-1]
print(round(float(k[0]), 4), row["name"], row["distribution"])
"""


@pytest.mark.parametrize("taken", [False, True])
def test_another_distribution_adds_a_transfer_velocity(taken, tmp_path):
    code = PLUGIN.replace("plugin_2026", "ho_2006") if taken else PLUGIN
    (tmp_path / "trial_plugin.py").write_text(code)
    info = tmp_path / "trial_distribution-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: trial_distribution\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(
        "[oceanco2.transfer_velocities]\ntrial = trial_plugin\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(ph.__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOK],
        env=os.environ | {"PYTHONPATH": path, "NUMBA_DISABLE_JIT": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if taken:
        assert done.stderr.strip().endswith(
            "transfer velocity 'ho_2006' is already registered by oceanco2 and again"
            " by trial_distribution"
        )
    else:
        assert done.stdout == "29.8121 plugin_2026 trial_distribution\n", done.stderr


@pytest.mark.parametrize(
    ("function", "moments"),
    [
        (lambda u, _u2, _u3: max(0.0, u - 13.5), (1,)),
        (lambda u, u2, u3: 0.1 * u + 0.2 * u2 + 0.0 * u3, (1, 2)),
        (lambda _u, _u2, u3: 3.3 + 0.026 * u3, (3,)),
        (lambda _u, _u2, _u3: 15.0, ()),
    ],
)
def test_moments_are_found_by_varying_each(function, moments):
    assert tuple(power for power in (1, 2, 3) if _uses(function, power)) == moments


@pytest.mark.parametrize("registry", ph.REGISTRIES, ids=lambda r: r.kind)
def test_every_entry_has_a_doi_or_says_where_it_is_from(registry):
    for entry in registry.values():
        assert bool(entry.doi) != bool(entry.no_doi), entry.name
        assert entry.units


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda: ph.transfer_velocity(7.0, 20.0, "wanninkof_2014"), "wanninkhof_2014"),
        (lambda: ph.transfer_velocity(7.0, 20.0, "w14"), "W14"),
        (lambda: ph.water_vapour_pressure(20.0, 35.0, "dickson"), "dickson_2007"),
        (lambda: ph.correct_to_temperature(1.0, 2.0, 3.0, "takahashi1993"), "takahash"),
        (lambda: ph.schmidt_number(20.0, "co2"), "CO2"),
        (lambda: ph.schmidt_number(20.0, method="W14"), "wanninkhof_2014"),
        (lambda: ph.solubility(20.0, 35.0, "weiss"), "weiss_1974"),
        (lambda: ph.wind_at_10m(7.0, 20.0, "hsu"), "hsu_1994"),
        (lambda: ph.sea_level_pressure(1.0, 2.0, 3.0, "hydro"), "hydrostatic"),
        (lambda: ph.cool_skin(7.0, "donlon"), "donlon_2002"),
    ],
)
def test_unknown_names_are_errors_with_the_nearest_word(call, near):
    with pytest.raises(UnknownNameError, match="Available: ") as caught:
        call()
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("option", "call"),
    [
        ("scheme", lambda: ph.flux(1.0, 1.0, 7.0, 20.0, 35.0, scheme="bulks")),
        ("moments", lambda: ph.flux(1.0, 1.0, 7.0, 20.0, 35.0, moments="raleigh")),
        ("ice_method", lambda: ph.flux(1.0, 1.0, 7.0, 20.0, 35.0, ice_method="lin")),
        ("per", lambda: ph.solubility(20.0, 35.0, per="weight")),
        ("water", lambda: ph.schmidt_number(20.0, water="salt")),
        (
            "mole_fraction",
            lambda: ph.fco2_at_sst(
                400.0, 20.0, 20.0, 35.0, 1013.0, mole_fraction="xCO2"
            ),
        ),
        (
            "virial_pressure",
            lambda: ph.fco2_from_xco2(400.0, 20, 35, 1013, virial_pressure="atm"),
        ),
        ("surfactant", lambda: ph.transfer_velocity(7.0, 20.0, surfactant="film")),
    ],
)
def test_unknown_options_are_errors(option, call):
    with pytest.raises(OptionError, match=f"{option} must be one of "):
        call()


RESERVED = [
    (registry, name)
    for registry in (ph.TRANSFER_VELOCITIES, ph.TEMPERATURE_CORRECTIONS)
    for name in registry.reserved
]


@pytest.mark.parametrize(("registry", "name"), RESERVED, ids=lambda x: str(x)[:30])
def test_reserved_names_say_why(registry, name):
    with pytest.raises(NotImplementedError, match="is not available: "):
        registry[name]
    assert name not in registry
    assert name not in list(registry)


def test_reserved_ice_method():
    with pytest.raises(UnverifiedError, match="not available"):
        ph.flux(1.0, 1.0, 7.0, 20.0, 35.0, ice_method="loose_2009")


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("needs wind_speed_cubed", {"wind_speed_squared": 50.0}),
        ("not both", {"wind_speed_squared": 50.0, "moments": "rayleigh"}),
    ],
)
def test_moments_must_be_complete(text, call):
    with pytest.raises(OptionError, match=text):
        ph.transfer_velocity(7.0, 20.0, "W09", **call)


def test_missing_inputs_are_named():
    with pytest.raises(OptionError, match="needs friction_velocity"):
        ph.transfer_velocity(None, 20.0, "Y22-ustar")
    with pytest.raises(OptionError, match="needs a_nb"):
        ph.transfer_velocity(
            None,
            20.0,
            "DM18",
            friction_velocity=0.2,
            wave_height=1.0,
            salinity=35.0,
        )
    with pytest.raises(OptionError, match="needs salinity"):
        ph.correct_to_temperature(400.0, 20.0, 20.5, "humphreys_2024_parameterised")
    with pytest.raises(OptionError, match="needs wind_speed"):
        ph.transfer_velocity(None, 20.0, "N00")
    with pytest.raises(OptionError, match="'nightingale_2000' only"):
        ph.transfer_velocity(7.0, 20.0, "W14", surfactant="pereira_2018")
    with pytest.raises(OptionError, match="needs viscosity"):
        ph.schmidt_number(20.0, method="jahne_1987")
    with pytest.raises(OptionError, match="needs xco2"):
        ph.fco2_from_pco2(400.0, 20.0, 1013.0, mole_fraction="xco2")


def test_rain_and_surfactant():
    calm = ph.transfer_velocity(0.0, 20.0, "N00", rain_rate=10.0)
    assert calm * (668.344 / 600.0) ** 0.5 == pytest.approx(7.569)
    dry = ph.transfer_velocity(7.0, 20.0, "N00")
    assert ph.transfer_velocity(7.0, 20.0, "N00", rain_rate=0.0) == dry
    film = ph.transfer_velocity(7.0, 20.0, "N00", surfactant="pereira_2018")
    assert film / dry == pytest.approx(0.89933184, rel=1e-7)
    cold = ph.transfer_velocity(7.0, -1.0, "N00", surfactant="pereira_2018")
    assert cold == ph.transfer_velocity(7.0, -1.0, "N00")


@pytest.mark.parametrize(
    "registry",
    [
        ph.WATER_VAPOUR,
        ph.TEMPERATURE_CORRECTIONS,
        ph.TRANSFER_VELOCITIES,
        ph.SCHMIDT_NUMBERS,
        ph.SOLUBILITIES,
        ph.SKIN_MODELS,
        ph.WIND_HEIGHTS,
        ph.SEA_LEVEL_PRESSURE,
    ],
    ids=lambda r: r.kind,
)
def test_entries_say_where_they_come_from(registry):
    assert isinstance(registry, Registry)
    for name, entry in registry.items():
        assert entry.name == name
        assert entry.status in {"required", "optional"}
        assert entry.long_name
        assert entry.expression
        assert entry.doi.startswith("10.") or entry.no_doi
