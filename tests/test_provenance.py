"""Dates and versions that outputs carry."""

import json

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
