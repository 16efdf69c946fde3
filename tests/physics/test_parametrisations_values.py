"""Every transfer velocity at one wind, with its properties, by hand."""

import math

import numpy as np
import pytest

from oceanco2.errors import OptionError, RegistrationError, UnverifiedError
from oceanco2.physics import parametrisations as p

U, U2, U3 = 10.0, 110.0, 1300.0
R20 = (("wind_speed", 0.0, 20.0),)
#: Short name, k, reference, moments, uncertainty, status, long-term means.
TABLE = {
    "wanninkhof_2014": ("W14", 27.61, 660, (2,), 0.10, "required", False),
    "wanninkhof_1992": ("W92", 34.1, 660, (2,), 0.125, "required", False),
    "wanninkhof_1992_longterm": ("W92LT", 39.0, 660, (1,), 0.125, "required", True),
    "nightingale_2000": ("N00", 27.75, 600, (1, 2), 0.10, "required", False),
    "ho_2006": ("Ho06", 29.26, 600, (2,), None, "required", False),
    "sweeney_2007": ("SW07", 29.7, 660, (2,), 0.15, "required", False),
    "mcgillis_2001": ("M01", 37.1, 660, (3,), None, "required", False),
    "wanninkhof_2009": ("W09", 25.34, 660, (1, 2, 3), None, "required", False),
    "liss_merlivat_1986": ("LM86", 18.85, 600, (1,), None, "required", False),
    "takahashi_2009": ("T09", 28.6, 660, (2,), 0.15, "optional", False),
    "nightingale_2000_north_sea": (
        *("N00NS", 26.3, 600, (1, 2), None, "optional", False),
    ),
    "nightingale_2000b": ("N00b", 27.01, 600, (1, 2), None, "optional", False),
    "goddijn_murphy_2012": ("GM12", 18.6, 660, (1,), None, "optional", False),
    "yang_2022": ("Y22", 30.76, 660, (1, 2), None, "optional", False),
    "fay_2021_era5": ("Fay21-ERA5", 29.81, 660, (2,), None, "optional", False),
    "fay_2021_ccmp": ("Fay21-CCMP", 28.27, 660, (2,), None, "optional", False),
}


@pytest.mark.parametrize("name", TABLE)
def test_entry(name):
    short, k, reference, moments, uncertainty, status, means = TABLE[name]
    entry = p.TRANSFER_VELOCITIES[name]
    assert p.TRANSFER_VELOCITIES[short] is entry
    assert entry.short_name == short
    assert float(entry.formula(U, U2, U3)) == pytest.approx(k, rel=1e-12)
    assert entry.schmidt_reference == reference
    assert entry.moments == moments
    assert entry.relative_uncertainty == uncertainty
    assert entry.status == status
    assert entry.fitted_on_means is means
    assert entry.inputs == ()
    valid = (("wind_speed", 3.0, 15.0),) if name == "wanninkhof_2014" else R20
    assert entry.valid == valid
    assert (entry.scaling is None) == (name != "liss_merlivat_1986")


def test_other_entries():
    others = {
        "yang_2022_ustar": ((), (), ("friction_velocity",)),
        "deike_melville_2018": (
            (),
            (),
            ("friction_velocity", "wave_height", "salinity", "a_nb", "a_b"),
        ),
        "woolf_1997_kb": (R20, (1,), ("salinity",)),
    }
    assert set(p.TRANSFER_VELOCITIES) == {*TABLE, *others}
    for name, (valid, moments, inputs) in others.items():
        entry = p.TRANSFER_VELOCITIES[name]
        assert (entry.valid, entry.moments, entry.inputs) == (valid, moments, inputs)
        assert entry.status == "optional"
        assert entry.schmidt_reference == 660.0


@pytest.mark.parametrize(
    ("u", "k"),
    [(0.0, 0.0), (3.6, 0.612), (4.0, 1.75), (13.0, 27.4), (14.0, 33.3), (20.0, 68.7)],
)
def test_liss_merlivat_branches(u, k):
    formula = p.TRANSFER_VELOCITIES["LM86"].formula
    assert float(formula(u, 0.0, 0.0)) == pytest.approx(k)


def test_liss_merlivat_scaling():
    assert float(p._liss_merlivat_scaling(8.0, 3.6)) == pytest.approx(0.25)
    assert float(p._liss_merlivat_scaling(4.0, 3.7)) == pytest.approx(0.5)


def test_goddijn_murphy_is_never_negative():
    formula = p.TRANSFER_VELOCITIES["GM12"].formula
    assert float(formula(1.0, 0.0, 0.0)) == 0.0
    assert float(formula(2.0, 0.0, 0.0)) == pytest.approx(1.0)


def test_other_formulas_by_hand():
    assert p.yang_2022_ustar(0.5) == pytest.approx(1.47 + 38.335 + 5.12)
    k = float(p.deike_melville_2018(0.4, 2.0, 0.7, 1.5e-4, 1e-5))
    bubbles = 0.4 ** (5 / 3) * (9.81 * 2.0) ** (2 / 3)
    assert k == pytest.approx(3.6e5 * (1.5e-4 * 0.4 + 1e-5 * bubbles / 0.7))
    assert float(p.whitecap_fraction(1.0)) == pytest.approx(3.84e-6)
    assert float(p.whitecap_fraction(10.0)) == pytest.approx(3.84e-6 * 10**3.41)
    whitecaps, alpha = 3.84e-6 * 8**3.41, 0.7
    saturation = (14 * alpha / math.sqrt(600.0)) ** (-1 / 1.2)
    expected = 2450 * whitecaps / alpha * (1 + saturation) ** -1.2
    got = float(p.woolf_1997_kb(8.0, 600.0, alpha, 2450.0))
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("rate", "k"), [(0.0, 0.0), (10.0, 7.569), (1.0, 1.6065), (100.0, 53.829)]
)
def test_rain(rate, k):
    assert float(p.rain_ho_1997(rate)) == pytest.approx(k)


@pytest.mark.parametrize("t", [-1.0, 0.0, 1.0, 20.0])
def test_surfactants(t):
    expected = 1.0 - 0.0046e-2 * max(t, 0.0) ** 2.5673
    assert float(p.surfactant_pereira_2018(t)) == pytest.approx(expected, rel=1e-12)


def test_text_of_moments():
    texts = {"W14": "<U^2>", "W09": "<U>, <U^2>, <U^3>", "Y22-ustar": "none"}
    texts["W92LT"] = "long-term mean <U>, squared"
    for name, text in texts.items():
        assert p.TRANSFER_VELOCITIES[name].moments_text == text


def test_own_coefficients():
    entry = p.resolve_transfer_velocity({"coef": (1, 2, 3, 4)})
    assert float(entry.formula(U, U2, U3)) == pytest.approx(1 + 20 + 330 + 5200)
    assert (entry.schmidt_reference, entry.moments) == (660.0, (1, 2, 3))
    assert (entry.name, entry.status) == ("own", "own")
    assert entry.expression == "1 <U^0> + 2 <U^1> + 3 <U^2> + 4 <U^3>"
    entry = p.resolve_transfer_velocity({"coef": (1,), "sc_ref": 600})
    assert float(entry.formula(U, U2, U3)) == 1.0
    assert (entry.schmidt_reference, entry.moments) == (600.0, ())
    entry = p.resolve_transfer_velocity({"coef": (0, 0, 0.3)})
    assert (entry.moments, entry.expression) == ((2,), "0.3 <U^2>")


@pytest.mark.parametrize(
    "settings",
    [{}, {"coef": ()}, {"coef": (1, 2, 3, 4, 5)}, {"coef": (1,), "ref": 660}],
)
def test_invalid_coefficients(settings):
    with pytest.raises(OptionError, match="a transfer velocity of coefficients"):
        p.resolve_transfer_velocity(settings)


def test_own_functions():
    def mine(u):
        return 2.0 * u

    def other(u, u2, u3):
        return u + u2 + u3

    one, three = map(p.resolve_transfer_velocity, (mine, other))
    assert (one.name, one.long_name, one.status) == ("mine", "mine", "own")
    assert (one.moments, one.expression) == ((1,), "own function of U")
    assert float(one.formula(U, U2, U3)) == 20.0
    assert (three.name, three.moments) == ("other", (1, 2, 3))
    assert three.expression == "own function of U, U2, U3"
    assert three.formula(U, U2, U3) == 1420.0
    entry = p.TRANSFER_VELOCITIES["W14"]
    assert p.resolve_transfer_velocity(entry) is entry


@pytest.mark.parametrize("name", sorted(p.TRANSFER_VELOCITIES.reserved))
def test_reserved(name):
    with pytest.raises(UnverifiedError, match=name):
        p.TRANSFER_VELOCITIES[name]


@pytest.mark.parametrize("moments", [(1,), (1, 2), (1, 3), ()])
def test_moments_must_be_those_of_the_function(moments):
    with pytest.raises(RegistrationError, match="uses the wind moments"):
        p.register_transfer_velocity(
            "test_of_moments", expression="-", no_doi="a test", moments=moments
        )(lambda _u, u2, _u3: np.multiply(2.0, u2))
    assert "test_of_moments" not in p.TRANSFER_VELOCITIES
