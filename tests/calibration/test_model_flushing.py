"""Flushing at the start of runs, and the facts of a registered model."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.calibration import model as module
from oceanco2.calibration.model import (
    MODELS,
    CalibrationModel,
    flushing,
    register_model,
)
from oceanco2.calibration.models.buoys import Sami
from oceanco2.errors import PlatformError, RegistrationError
from oceanco2.platforms import Table
from oceanco2.vocabulary import RUN_TYPES

WATER, AIR, STANDARD = (RUN_TYPES[w] for w in ("water", "air", "standard"))


def ship(**limits):
    base = platforms.load("demo_ship")
    runs = base.runs.model_copy(update={"flushing_seconds": limits})
    return base.model_copy(update={"runs": runs})


def marked(kinds, seconds, changed=None, **limits):
    changed = None if changed is None else np.array(changed, dtype=bool)
    dims, rows, attrs = flushing(
        np.array(kinds, np.int8), np.array(seconds, float), ship(**limits), changed
    )
    assert dims == "time"
    assert rows.dtype == attrs["flag_values"].dtype == np.int8
    assert attrs["flag_values"].tolist() == [0, 1]
    assert attrs["flag_meanings"] == "no yes"
    assert attrs["long_name"] == "within the flushing time"
    return rows.tolist()


@pytest.mark.parametrize(
    ("kinds", "seconds", "expected"),
    [
        ([WATER] * 4, [0, 10, 10.1, 20], [1, 1, 0, 0]),
        ([WATER] * 4, [100, 110, 110.1, 120], [1, 1, 0, 0]),
        ([AIR, WATER, WATER, AIR], [0, 50, 61, 70], [1, 1, 0, 1]),
        ([AIR, AIR, WATER, WATER], [0, 6, 7, 17], [1, 0, 1, 1]),
        ([STANDARD] * 2, [0, 1], [0, 0]),  # a limit of 0 marks nothing
        ([0, 0, WATER], [0, 1, 2], [0, 0, 1]),
        ([], [], []),
    ],
)
def test_up_to_the_limit_after_the_start_of_a_run(kinds, seconds, expected):
    limits = {"water": 10.0, "air": 5.0, "standard": 0.0}
    assert marked(kinds, seconds, **limits) == expected


def test_other_changes_start_again():
    kinds, seconds = [WATER] * 4, [0, 11, 20, 31]
    changed = [False, True, False, False]
    assert marked(kinds, seconds, changed, water=10.0) == [1, 1, 1, 0]
    assert marked(kinds, seconds, [False] * 4, water=10.0) == [1, 0, 0, 0]
    assert marked(kinds, seconds, water=0.5) == [1, 0, 0, 0]
    base = platforms.load("demo_ship").model_copy(update={"runs": None})
    rows = flushing(np.array(kinds), np.array(seconds, float), base)[1]
    assert rows.tolist() == [0] * 4


# ---- entries ------------------------------------------------------------------------


class Trial(Table):
    """Two keys that must be there and one that need not."""

    gain: float
    points: list[float]
    offset: float = 0.0


@pytest.fixture
def entries(monkeypatch):
    MODELS.load()
    monkeypatch.setattr(MODELS, "_entries", dict(MODELS))


def test_defaults_of_a_model(entries):
    def apply(ds, platform):
        return ds

    assert register_model("trial", description="D")(apply) is apply
    entry = MODELS["trial"]
    assert (entry.name, entry.description, entry.cite) == ("trial", "D", "")
    assert (entry.settings, entry.required, entry.in_options) == (None, (), True)
    assert entry.apply is apply
    assert entry.outputs(ship()) == ()
    assert entry.check(ship()) is None
    assert module.MODELS is MODELS
    alone = CalibrationModel(name="a", description="b", apply=apply)
    assert (alone.cite, alone.settings, alone.required) == ("", None, ())
    assert alone.in_options
    assert alone.outputs(ship()) == ()


def test_all_facts_of_a_model(entries):
    facts = {"cite": "C", "settings": Trial, "required": ("SST",), "in_options": False}
    register_model("trial", description="D", outputs=lambda _: ("x",), **facts)(id)
    entry = MODELS["trial"]
    assert {name: getattr(entry, name) for name in facts} == facts
    assert entry.apply is id
    assert entry.outputs(None) == ("x",)
    with pytest.raises(PlatformError) as caught:
        entry.check(ship())
    assert str(caught.value) == (
        f"{ship().path}: [calibration] model 'trial' needs a table [trial] with gain,"
        " [[trial.points]]"
    )


def test_variables_that_are_missing():
    with pytest.raises(PlatformError) as caught:
        module.require_variables(ship(), "trial", ("SST", "a", "b"))
    assert str(caught.value) == (
        f"{ship().path}: [variables] lacks a, b: [calibration] model 'trial' needs them"
    )
    module.require_variables(ship(), "trial", ("SST", "salinity"))


@pytest.mark.parametrize("name", ["calibration", "variables", "standards"])
def test_names_of_tables_that_every_file_has(entries, name):
    with pytest.raises(RegistrationError, match=rf"\[{name}\] is a table of every"):
        register_model(name, description="D", settings=Trial)
    register_model(name, description="D")(id)  # without a table of its own


def test_keys_that_must_be_there():
    keys = ["CalT", "CalA", "CalB", "CalC"]
    assert module._required_keys("sami", Sami) == keys
    assert module._required_keys("trial", Trial) == ["gain", "[[trial.points]]"]
