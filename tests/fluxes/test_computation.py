"""Options of a flux that are looked up before anything is computed."""

import pytest

from oceanco2.errors import OptionError
from oceanco2.fluxes.computation import Model

GIVEN = {"solubility": "weiss_1974", "moments": None, "cool_skin": "none"}
GIVEN |= {"salty_skin": 0.0, "scheme": "bulk", "on_range": "warn"}


@pytest.mark.parametrize("option", ["scheme", "on_range"])
def test_a_wrong_word_is_named_with_its_option(option):
    with pytest.raises(OptionError, match=rf"^{option} must be one of .*, not 'x'"):
        Model.of("N00", **(GIVEN | {option: "x"}))
