"""Names that the plan of checks takes from the vocabulary."""

from oceanco2.qc import plan
from oceanco2.vocabulary import RUN_TYPES, VARIABLES


def test_humid_and_dry_mole_fractions_belong_together():
    assert len(plan._HUMID) == 3
    for humid, vapour, dry, runs in plan._HUMID:
        assert {humid, vapour, dry} <= set(VARIABLES)
        assert humid.replace("_wet", "_dry") == dry
        assert vapour == ("xH2O_atm" if "_atm_" in humid else "xH2O_water")
        assert runs == ()
    assert (RUN_TYPES["water"],) == plan._WATER
    assert (RUN_TYPES["air"],) == plan._AIR
