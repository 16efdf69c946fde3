"""Columns and the entry in datasets.xml of an ERDDAP file."""

import xml.etree.ElementTree as ET
from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.export.formats.erddap import (
    _attributes_of,
    _column,
    _flag,
    datasets_xml_entry,
)
from oceanco2.vocabulary import FLAG_VALUES
from tests.datasets import canonical_dataset


class Variable:
    """A variable of a file, as far as the entry needs it."""

    def __init__(self, kind, **attrs):
        self.values, self.attrs = np.zeros(1, kind), attrs


def test_the_entry_of_a_file():
    variables = {
        "rowSize": Variable("i4"),
        "trajectory_id": Variable("S1", cf_role="trajectory_id"),
        "time": Variable("f8"),
        "latitude": Variable("f8"),
        "longitude": Variable("f8"),
        "depth": Variable("f8"),
        "SST": Variable("f8"),
        "SST_flag": Variable("i1"),
        "count": Variable("i4"),
    }
    entry = datasets_xml_entry("a.b.nc", variables, {"id": "My cruise.1"})
    assert entry.endswith(b"\n")
    root = ET.fromstring(entry)
    assert (root.tag, root.attrib) == (
        "dataset",
        {
            "type": "EDDTableFromNcCFFiles",
            "datasetID": "oceanco2_My_cruise_1",
            "active": "true",
        },
    )
    settings = {e.tag: e.text or "" for e in root if e.tag != "dataVariable"}
    assert settings == {
        "reloadEveryNMinutes": "10080",
        "fileDir": "FOLDER OF THE FILE/",
        "fileNameRegex": r"a\.b\.nc",
        "recursive": "false",
        "pathRegex": ".*",
        "metadataFrom": "last",
        "sortedColumnSourceName": "",
        "sortFilesBySourceNames": "time",
        "fileTableInMemory": "false",
    }
    found = []
    for element in root.iter("dataVariable"):
        assert [child.tag for child in element] == [
            *("sourceName", "destinationName", "dataType", "addAttributes"),
        ]
        (att,) = element[3]
        assert (att.tag, att.attrib) == ("att", {"name": "ioos_category"})
        assert element[0].text == element[1].text
        found.append((element[0].text, element[2].text, att.text))
    assert found == [
        ("trajectory_id", "String", "Identifier"),
        ("time", "double", "Time"),
        ("latitude", "double", "Location"),
        ("longitude", "double", "Location"),
        ("depth", "double", "Location"),
        ("SST", "double", "CO2"),
        ("SST_flag", "byte", "CO2"),
        ("count", "int", "CO2"),
    ]
    coded = datasets_xml_entry("a", {}, {"id": "x", "expocode": "33RO20100308"})
    assert b'datasetID="oceanco2_33RO20100308"' in coded


def test_attributes_of_flags_and_values():
    flag = _flag("SST", np.array([2, 3]), "time latitude")
    assert flag.dims == ("obs",)
    assert flag.values.dtype == np.int8
    assert flag.attrs["coordinates"] == "time latitude"
    assert flag.attrs["coverage_content_type"] == "qualityInformation"
    assert flag.attrs["flag_values"].tolist() == list(FLAG_VALUES.values())
    assert flag.attrs["flag_values"].dtype == np.int8
    values = _attributes_of("SST", "x")
    assert values["coordinates"] == "x"
    assert values["coverage_content_type"] == "physicalMeasurement"
    assert values["units_metadata"] == "temperature: on_scale"
    sigma = _attributes_of("SST_uncertainty", "x")
    assert sigma["coverage_content_type"] == "qualityInformation"
    assert sigma["units_metadata"] == "temperature: difference"
    assert "units_metadata" not in _attributes_of("salinity", "x")


@pytest.mark.parametrize("flagged", [0, 1, 2])
def test_one_of_two_sources_with_a_flag_is_enough(flagged):
    ds = canonical_dataset(40)
    sources = ("fCO2_atm_wet_actual", "fCO2_atm_wet_interp")
    for number, name in enumerate(sources):
        if number != flagged:
            ds = ds.drop_vars([f"{name}_flag", f"{name}_uncertainty"])
    suffixes = SimpleNamespace(flag="_qc", uncertainty="_sigma")
    rows = np.arange(40)
    options = {"coordinates": "x", "suffixes": suffixes}
    found = _column(ds, "air", sources, rows, **options)
    known = ["air_qc", "air_sigma"] if flagged < 2 else []
    assert list(found) == ["air", *known]
    assert found["air"].attrs.get("ancillary_variables", "").split() == known
    assert found["air"].dims == ("obs",)
    assert np.isfinite(found["air"].values).sum() > 30
    empty = ds.assign({name: ds[name] * np.nan for name in sources})
    assert _column(empty, "air", sources, rows, **options) == {}
