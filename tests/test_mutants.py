"""The changes that `python -m tests.mutate` makes, and those that it must not make."""

import pytest

from tests.mutants import compiles, mutants_of
from tests.mutate import NOT_CORE, core_modules, draw, stages_of

SOURCE = b'''"""Text of a module."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from x import Y


def f(a: "Y | None" = None, b: int = 3) -> "float":
    """Text of a function."""
    if not a and b <= 2:
        raise ValueError("no number of 5")
    return min(a[b:], key=g)["SST"] * 2.0
'''


@pytest.mark.parametrize(
    "change",
    [
        "3 -> 4",
        "not a -> a",
        "not a and b <= 2 -> not a or b <= 2",
        "b <= 2 -> b < 2",
        "b <= 2 -> b > 2",
        "min -> max",
        "min(key=g) -> min(a[b:])",
        "b -> b + 1",
        "\"SST\" -> 'SST_x'",
        """min(a[b:], key=g)["SST"] * 2.0 -> min(a[b:], key=g)['SST'] / 2.0""",
        "2.0 -> 2.02",
        "2.0 -> -2.0",
        "return min(a[b:], key=g)['SST'] * 2.0 -> return None",
    ],
)
def test_a_change_is_made(change):
    (mutant,) = [m for m in mutants_of("f.py", SOURCE) if m.change == change]
    assert compiles(mutant, SOURCE)
    assert mutant.applied(SOURCE) != SOURCE


def test_texts_messages_and_types_stay():
    lines = {m.line for m in mutants_of("f.py", SOURCE)}
    assert lines == {8, 10, 12}
    changes = [m.change for m in mutants_of("f.py", SOURCE) if m.line == 8]
    assert changes == ["3 -> 4"]


def test_decimals_of_a_printed_number():
    (mutant,) = mutants_of("f.py", b"x = f'{y:.3f} uatm'\n")
    assert mutant.applied(b"x = f'{y:.3f} uatm'\n") == b"x = f'{y:.4f} uatm'\n"


def test_progress_bars_stay_but_not_what_they_count():
    source = b"for a in tqdm(f(3), 'reading', unit='file', leave=False):\n    g(a)\n"
    assert [m.change for m in mutants_of("f.py", source)] == ["3 -> 4"]


def test_copies_and_orders_are_changed():
    source = b"x = np.array(y, copy=True, order='C')\n"
    changes = {m.change for m in mutants_of("f.py", source)}
    assert {"True -> False", "array(copy=True) -> np.array(y, order='C')"} <= changes


def test_a_seed_draws_the_same_lines_again():
    modules = core_modules()
    assert all(any(glob.split("/")[0] in m for m in modules) for glob in NOT_CORE)
    few = [m for m in modules if "/fields/" in m]
    once, again = draw("0badcafe", 20, few), draw("0badcafe", 20, few)
    assert once == again
    assert len({(m.path, m.line) for m in once}) == 20
    assert draw("0badcaff", 20, few) != once


def test_the_closest_tests_come_first():
    first, *_ = stages_of("oceanco2/units.py")
    assert first[0] == "oceanco2/units.py"  # its examples
    for path in core_modules()[::25]:
        assert any(name.startswith("tests/") for s in stages_of(path) for name in s)
