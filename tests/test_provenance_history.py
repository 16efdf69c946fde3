"""Provenance: dates, versions and history."""

import pytest

from oceanco2 import provenance
from oceanco2.errors import OptionError


def test_dates(monkeypatch):
    for epoch, expected in (
        ("0", "1970-01-01T00:00:00Z"),
        ("86461", "1970-01-02T00:01:01Z"),
        ("951782400", "2000-02-29T00:00:00Z"),
    ):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert provenance.now() == expected
    for epoch in ("x", "1" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        with pytest.raises(OptionError, match="SOURCE_DATE_EPOCH must be an integer"):
            provenance.now()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert provenance.now() > "2024"


def test_history(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    line = f"1970-01-01T00:00:00Z oceanco2 {provenance.package_version()}: "
    attrs = {"title": "a"}
    first = provenance.add_history(attrs, "one")
    assert first == {"title": "a", "history": f"{line}one"}
    assert attrs == {"title": "a"}
    second = provenance.add_history(first, "two")
    assert second["history"] == f"{line}one\n{line}two"


def test_versions(monkeypatch):
    names = ["oceanco2", "numpy", "pandas", "xarray", "gsw", "scipy", "numba"]
    versions = provenance.versions()
    assert list(versions) == [*names, "netcdf4"]
    assert versions["oceanco2"] == provenance.package_version()

    def missing(name):
        raise provenance.PackageNotFoundError(name)

    monkeypatch.setattr(provenance, "version", missing)
    assert provenance.package_version() == "0+unknown"
