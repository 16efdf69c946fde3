"""Published and cross-implementation numbers; test names say where they are from."""

import numpy as np
import pytest

from tests.physics.reference_rows import HANDLERS, rows

SHIPPED = [r for r in rows() if not r.note.startswith(("TRAP", "CONTEXT"))]
TRAPS = [r for r in rows() if r.note.startswith("TRAP")]
#: pySeaFlux's other reference Schmidt number of a relation that is not shipped.
UNSHIPPED = "pyseaflux.k_Wa99"


def test_the_reference_table_is_there():
    assert len(SHIPPED) + len(TRAPS) > 450


@pytest.mark.parametrize("row", SHIPPED, ids=lambda r: r.name)
def test_number(row):
    assert_published(row)


@pytest.mark.compiled
@pytest.mark.parametrize("row", SHIPPED, ids=lambda r: r.name)
def test_number_compiled(row):
    assert_published(row)


def assert_published(row):
    value, tolerance = HANDLERS[row.quantity](row)
    if row.value == 0.0:
        assert value == 0.0
    np.testing.assert_allclose(value, row.value, **tolerance)


@pytest.mark.parametrize(
    "row", [r for r in TRAPS if r.variant != UNSHIPPED], ids=lambda r: r.name
)
def test_trap_is_avoided(row):
    value, _ = HANDLERS[row.quantity](row)
    if row.value == 0.0:  # equal fugacities: the trap, too, gives the right value
        assert value == 0.0
        return
    if row.quantity == "k_CO2" and row.inputs["U10"] == 3.0 and "Li86" in row.variant:
        return  # both forms agree below 3.6 m/s
    assert abs(value - row.value) > 5e-5 * abs(row.value)
