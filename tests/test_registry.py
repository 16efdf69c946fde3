"""Registries: entries are found at the first look-up, also from other distributions."""

import sys
import threading

import pytest

from oceanco2.errors import (
    PluginWarning,
    RegistrationError,
    UnknownNameError,
)
from oceanco2.registry import Registry

GROUP = "oceanco2.trial"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder on the path: modules and distributions put there can be imported."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def distribution(folder, name, text, point="entry"):
    """A distribution of one module with one entry point in `GROUP`."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(text)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{point} = {module}\n")


@pytest.fixture
def registry(folder):
    """A registry that the modules below can import."""
    (folder / "holder.py").write_text(
        "from oceanco2.registry import Registry\n"
        "TRIALS = Registry('trial', package='trials', also=('later',),"
        f" group={GROUP!r})\n"
    )
    package = folder / "trials"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in ("b", "a"):
        (package / f"{name}.py").write_text(
            f"from holder import TRIALS\nTRIALS.add({name!r}, len(TRIALS))\n"
        )
    (folder / "later.py").write_text("from holder import TRIALS\nTRIALS.add('c', 9)\n")
    from holder import TRIALS

    return TRIALS


ADD = "from holder import TRIALS\nTRIALS.add({name!r}, 1)\n"


def test_entries_are_found_in_order_and_see_those_before_them(registry):
    assert "trials.a" not in sys.modules
    assert dict(registry) == {"a": 0, "b": 1, "c": 9}
    assert registry.owner("a") == ""


def test_the_order_does_not_depend_on_what_was_imported_before(registry):
    import later  # noqa: F401
    import trials.b  # noqa: F401

    assert list(registry) == ["a", "b", "c"]


def test_entries_of_another_distribution(registry, folder):
    distribution(folder, "my-trial", ADD.format(name="mine"))
    assert registry["mine"] == 1
    assert registry.owner("mine") == "my-trial"


def test_a_distribution_that_fails_is_named_and_the_rest_works(registry, folder):
    distribution(folder, "broken-trial", "import no_such_module_at_all\n")
    message = (
        r"'broken-trial' cannot be used: .* ModuleNotFoundError: .*no_such_module_at"
    )
    with pytest.warns(PluginWarning, match=message):
        assert len(registry) == 3
    assert registry["a"] == 0


def test_nothing_is_left_of_a_distribution_that_fails_half_way(registry, folder):
    distribution(folder, "half-trial", ADD.format(name="half") + "1 / 0\n")
    with pytest.warns(PluginWarning, match="'half-trial' .* ZeroDivisionError"):
        assert list(registry) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a"], "trial 'a' is already registered by oceanco2 and again by first"),
        (["x", "x"], "trial 'x' is already registered by first and again by second"),
    ],
)
def test_a_name_that_is_taken_names_both_owners(registry, folder, names, message):
    for dist, name in zip(["first", "second"], names, strict=False):
        distribution(folder, dist, ADD.format(name=name))
    for _ in range(2):  # not only the first time
        with pytest.raises(RegistrationError, match=message):
            len(registry)


def test_an_unknown_name_lists_what_there_is(registry):
    with pytest.raises(
        UnknownNameError, match=r"no trial named 'd'.* Available: a, b, c"
    ):
        registry["d"]


def test_threads_that_ask_at_once_see_every_entry(registry):
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(list(registry))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["a", "b", "c"]] * 8


def test_a_registry_without_sources_is_filled_by_hand():
    empty = Registry("trial")
    assert list(empty) == []
    empty.add("one", 1)
    with pytest.raises(ValueError, match="trial 'one' is already registered"):
        empty.add("one", 2)


def test_a_name_is_added_once_and_the_nearest_is_suggested():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="already"):
        registry.add("one", 2)
    with pytest.raises(UnknownNameError, match="Did you mean 'one'"):
        registry["onne"]
