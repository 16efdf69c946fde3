"""Dates and versions that outputs carry."""

import json
from datetime import UTC, datetime

import pytest

from oceanco2 import provenance
from oceanco2.errors import OptionError


def test_source_date_epoch(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.now() == "1970-01-01T00:00:00Z"
    assert provenance.add_history({}, "read")["history"].startswith("1970-01-01")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(OptionError, match="SOURCE_DATE_EPOCH"):
        provenance.now()
    assert json.dumps(provenance.versions())


def test_versions_name_what_results_depend_on(monkeypatch):
    names = "oceanco2 numpy pandas xarray gsw scipy numba netcdf4"
    assert list(provenance.versions()) == names.split()
    assert provenance.versions()["oceanco2"] == provenance.package_version()

    def missing(name):
        assert name == "oceanco2"
        raise provenance.PackageNotFoundError

    monkeypatch.setattr(provenance, "version", missing)
    assert provenance.package_version() == "0+unknown"


def test_history_is_appended(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    version = provenance.package_version()
    first = provenance.add_history({"a": 1}, "read")
    line = f"1970-01-01T23:59:59Z oceanco2 {version}: "
    assert first == {"a": 1, "history": f"{line}read"}
    second = provenance.add_history(first, "reduced")
    assert second["history"] == f"{line}read\n{line}reduced"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    now = datetime.fromisoformat(provenance.now())
    assert abs((datetime.now(tz=UTC) - now).total_seconds()) < 10
