"""The id of a run: the same for the same inputs, options and steps."""

import pytest

from oceanco2 import provenance
from oceanco2.provenance import add_history

ATTRS = {
    "source_files_sha256": ["a", "b"],
    "platform_file_sha256": "c",
    "options": "{}",
    "history": "2024",
}


@pytest.fixture(autouse=True)
def fixed(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(provenance, "package_version", lambda: "1.2")


def test_same_inputs_same_id(monkeypatch):
    made = add_history(ATTRS, "read")
    assert made["run_id"] == add_history(ATTRS, "read")["run_id"]
    assert len(made["run_id"]) == 16
    assert set(made["run_id"]) <= set("0123456789abcdef")
    assert "run_id" not in ATTRS
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    later = add_history(ATTRS | {"history": "2030"}, "read")
    assert later["run_id"] == made["run_id"]
    assert later["history"] != made["history"]


@pytest.mark.parametrize(
    "change",
    [
        {"source_files_sha256": ["a", "c"]},
        {"platform_file_sha256": "d"},
        {"options": "{1}"},
        {"manual_flags": "x"},
        {"run_id": "0"},
    ],
)
def test_other_inputs_other_id(change):
    made = add_history(ATTRS, "read")
    assert add_history(ATTRS | change, "read")["run_id"] != made["run_id"]


def test_other_steps_contents_and_versions(monkeypatch):
    made = add_history(ATTRS, "read")
    assert add_history(ATTRS, "flag")["run_id"] != made["run_id"]
    assert add_history(made, "read")["run_id"] != made["run_id"]
    assert add_history(ATTRS, "read", b"1")["run_id"] != made["run_id"]
    monkeypatch.setattr(provenance, "package_version", lambda: "1.3")
    assert add_history(ATTRS, "read")["run_id"] != made["run_id"]


def test_results_of_unknown_inputs_have_none():
    assert "run_id" not in add_history({"options": "{}"}, "read")
