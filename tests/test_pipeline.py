"""The order of the steps, warnings that become errors, and flags applied later."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2 import pipeline, platforms
from oceanco2.errors import DataWarning, PlatformError, ProcessingError

SHIP = platforms.load("demo_ship")
TEXT = platforms.available()["demo_ship"].read_text()


@pytest.fixture
def steps(monkeypatch):
    """Steps that note their name, what they got, and warn if asked to."""
    seen, told = [], []

    def step(name):
        def run(ds, *arguments, **options):
            seen.append((name, arguments, options))
            for message, category in told if name == "reduce" else ():
                warnings.warn(message, category, stacklevel=2)
            return xr.Dataset(attrs={"history": "", "last": name})

        return run

    for name in ("read", "align", "calibrate", "reduce", "flag", "add_uncertainty"):
        monkeypatch.setattr(pipeline, name, step(name))
    return SimpleNamespace(seen=seen, told=told)


@pytest.fixture
def flags_csv(tmp_path):
    path = tmp_path / "flags.csv"
    path.write_text("start,end,variable,flag,reason,who,when\n")
    return str(path)


def test_the_steps_are_taken_in_order(steps, flags_csv):
    ds = pipeline.process(SHIP, "raw.txt", manual=flags_csv)
    names = [name for name, *_ in steps.seen]
    assert names == [
        *("read", "align", "calibrate", "reduce", "flag", "add_uncertainty")
    ]
    by_name = {name: rest for name, *rest in steps.seen}
    assert by_name["read"] == [(["raw.txt"],), {}]
    assert by_name["flag"] == [(SHIP,), {"manual": flags_csv}]
    for name in ("align", "calibrate", "reduce", "add_uncertainty"):
        assert by_name[name] == [(SHIP,), {}]
    assert ds.attrs["last"] == "add_uncertainty"
    assert ds.attrs["warnings"] == []
    assert ds.attrs["history"].endswith("raw files of Demo Ship processed to fCO2")


def test_names_and_lists_of_files(steps):
    pipeline.process("demo_ship", (path for path in ("a", "b")))
    assert steps.seen[0][1] == (["a", "b"],)
    assert steps.seen[1][1][0].name == "Demo Ship"


def test_warnings_are_kept_and_given_again(steps):
    steps.told += [("one", DataWarning), ("two", DataWarning), ("x", UserWarning)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ds = pipeline.process(SHIP, "raw.txt")
    assert [str(w.message) for w in caught] == ["one", "two", "x"]
    assert [w.category for w in caught] == [DataWarning, DataWarning, UserWarning]
    assert ds.attrs["warnings"] == ["one", "two"]


def test_strict_makes_the_first_warning_an_error(steps):
    steps.told += [("one", DataWarning)]
    with pytest.raises(ProcessingError, match=r"^strict: one$"):
        pipeline.process(SHIP, "raw.txt", strict=True)
    steps.told += [("two", DataWarning), ("three", DataWarning)]
    with pytest.raises(ProcessingError, match=r"^strict: one \(2 more\)$"):
        pipeline.process(SHIP, "raw.txt", strict=True)
    steps.told[:] = [("other", UserWarning)]
    with pytest.warns(UserWarning, match="other"):
        pipeline.process(SHIP, "raw.txt", strict=True)


@pytest.mark.parametrize("option", [*pipeline._FORMULAS])
def test_names_of_formulas_are_checked_before_data_are_read(option, steps):
    reduction = SHIP.reduction.model_copy(update={option: "unheard"})
    ship = SHIP.model_copy(update={"reduction": reduction})
    with pytest.raises(PlatformError, match=rf"\[reduction\.{option}\] .*'unheard'"):
        pipeline.process(ship, "raw.txt")
    assert not steps.seen


def test_names_of_readers_and_models_are_checked(steps):
    model = SHIP.calibration.model_copy(update={"model": "unheard"})
    ship = SHIP.model_copy(update={"calibration": model})
    with pytest.raises(PlatformError, match=r"\[calibration\.model\] .*'unheard'"):
        pipeline.process(ship, "raw.txt")
    name = SHIP.main_file()
    definition = SHIP.files[name].model_copy(update={"reader": "unheard"})
    ship = SHIP.model_copy(update={"files": SHIP.files | {name: definition}})
    with pytest.raises(PlatformError, match=rf"\[files\.{name}\] .*'unheard'"):
        pipeline.process(ship, "raw.txt")
    assert not steps.seen


def processed(**attrs):
    return xr.Dataset({"SST": ("time", np.zeros(1))}, attrs=attrs)


def test_flags_on_a_processed_dataset(steps, flags_csv):
    same = {"platform_file": "demo_ship", "platform_file_sha256": SHIP.sha256}
    for ds, platform in (
        (processed(**same), None),
        (processed(), "demo_ship"),
        (processed(), SHIP),
    ):
        steps.seen.clear()
        pipeline.apply_flags(ds, flags_csv, platform)
        ((name, (used,), options),) = steps.seen
        assert (name, used.name) == ("flag", "Demo Ship")
        assert options == {"manual": flags_csv}
    steps.seen.clear()
    with pytest.raises(ProcessingError, match="does not name its platform file"):
        pipeline.apply_flags(processed(), flags_csv)
    with pytest.raises(ProcessingError, match="has a flux"):
        pipeline.apply_flags(processed(**same).assign(flux_CO2=0.0), flags_csv)
    other = processed(platform_file="demo_ship", platform_file_sha256="another")
    with pytest.raises(ProcessingError, match="or name it with --platform"):
        pipeline.apply_flags(other, flags_csv)
    assert not steps.seen
    with pytest.warns(DataWarning, match=r"\(SHA-256\): automatic flags may change"):
        pipeline.apply_flags(other, flags_csv, SHIP)
    assert len(steps.seen) == 1


def test_what_came_with_the_file_and_the_cruise_are_compared(steps, monkeypatch):
    """After the flags; both give warnings, which may be errors."""
    seen = []

    def note(name, answer):
        def call(argument):
            seen.append((name, getattr(argument, "attrs", {}).get("last", argument)))
            return answer

        return call

    monkeypatch.setattr(pipeline, "compare", note("compare", "comparisons"))
    monkeypatch.setattr(pipeline, "disagreement", note("disagreement", ["differs"]))
    monkeypatch.setattr(pipeline, "doubts", note("doubts", ["air", "pressures"]))
    with pytest.warns(DataWarning) as caught:
        ds = pipeline.process(SHIP, "raw.txt")
    assert seen == [
        ("compare", "add_uncertainty"),
        ("disagreement", "comparisons"),
        ("doubts", "add_uncertainty"),
    ]
    assert ds.attrs["warnings"] == ["differs", "air", "pressures"]
    assert [str(w.message) for w in caught] == ds.attrs["warnings"]
    with pytest.raises(ProcessingError, match=r"^strict: differs \(2 more\)$"):
        pipeline.process(SHIP, "raw.txt", strict=True)
