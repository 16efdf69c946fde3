"""Element trees of metadata documents: samples are valid, accidents are named."""

import copy
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.socat.document.xml import local, tree, validate

SMALL = """
<oads_metadata xmlns="http://ncei.noaa.gov/oads/v_a0_2_2s" version="a0.2.2s"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <investigators><investigator>
    <name><first>N.</first><last>Nobody</last></name>
    <organization>None</organization>
    <identifier type="ORCID">0000-0000-0000-0000</identifier>
  </investigator></investigators>
  <dataSubmitter><name><first>N.</first><last>Nobody</last></name>
    <organization>None</organization></dataSubmitter>
  <title>A cruise</title>
  <temporalExtents><startDate>2024-03-01</startDate><endDate>2024-03-03</endDate>
  </temporalExtents>
  <spatialExtents><bounds><westernBounds>-12.5</westernBounds>
    <easternBounds>1</easternBounds><northernBounds>56</northernBounds>
    <southernBounds>46.8</southernBounds></bounds></spatialExtents>
  <platforms><platform><name>Ship</name></platform></platforms>
  <variables>
    <variable xsi:type="co2_socat" name="CO2_Common"><datasetVarName>x</datasetVarName>
      <gasDetector><model>LI-7000</model></gasDetector></variable>
    <variable><datasetVarName>SST</datasetVarName></variable>
  </variables>
</oads_metadata>
"""


def faults_in(text, name="oads"):
    return [str(fault) for fault in validate(ET.fromstring(text), tree(name))]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("OADS_11SS20220801.xml", "oads"),
        ("OADS_a0.2.2s_740H20200119.xml", "oads"),
        ("OADS_a0.2.2_SOCAT_FULL_TEST.xml", "oads"),
        ("OCADS_v4.6_sample_variables_1.xml", "ocads"),
    ],
)
def test_samples_are_valid(reference_data, file, name):
    root = ET.parse(reference_data / "socat" / file).getroot()
    assert validate(root, tree(name)) == []


def test_a_small_document_is_valid():
    assert faults_in(SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("title>", "titel>", "oads_metadata/titel", "Did you mean 'title'"),
        ("<title>A cruise</title>", "", "oads_metadata:", "'title' is missing"),
        ("westernBounds", "westernBound", "bounds/westernBound", "'westernBounds'"),
        (
            "2024-03-01",
            "1.3.2024",
            "startDate",
            "must be a date yyyy-mm-dd, not '1.3.2024'",
        ),
        (">-12.5<", ">12.5W<", "westernBounds", "must be a number, not '12.5W'"),
        ('"ORCID"', '"ORCiD"', "identifier", "Did you mean 'ORCID'"),
        (' type="ORCID"', ' typ="ORCID"', "identifier", "Did you mean 'type'"),
        (' version="a0.2.2s"', "", "oads_metadata:", "attribute 'version' is missing"),
        ("co2_socat", "co2_scoat", "variable:", "Did you mean 'co2_socat'"),
        (' xsi:type="co2_socat"', "", "gasDetector", "in elements of type co2_socat"),
        ("v_a0_2_2s", "v_a0_2_3", "oads_metadata:", "namespace"),
        ("<name>Ship</name>", "!<name>Ship</name>", "platform:", "only elements"),
        ("oads_metadata", "metadata", "metadata:", "the root of OADS must be one of"),
        ("<title>", "<title>B</title><title>", "title", "appears more than once"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old, new, path, words):
    assert old in SMALL
    found = faults_in(SMALL.replace(old, new))
    assert any(path in text and words in text for text in found), found


def test_alternatives_exclude_each_other():
    inside = "<bounds/><site_location/>"
    text = f"""<dataset_metadata xmlns="https://ncei.noaa.gov/ocads/v4.6"
      metadata_version="v4.6"><data_coverage><geospatial_extents>{inside}
      </geospatial_extents></data_coverage></dataset_metadata>"""
    found = faults_in(text, "ocads")
    assert any("'site_location'" in x or "excludes 'bounds'" in x for x in found)
    assert any("'data_submitter' or 'archival' is missing" in x for x in found)
    assert not any("'depth_extents' is missing" in x for x in found)


def nodes(root):
    return [node for node in root.iter() if len(node) > 1]


@given(st.data())
def test_shuffled_children_are_never_valid(data):
    """Any two neighbours of other names that change places are out of order."""
    root = copy.deepcopy(ET.fromstring(SMALL))
    node = data.draw(st.sampled_from(nodes(root)))
    pairs = [
        i for i in range(len(node) - 1) if local(node[i].tag) != local(node[i + 1].tag)
    ]
    if not pairs:
        return
    i = data.draw(st.sampled_from(pairs))
    node[i], node[i + 1] = node[i + 1], node[i]
    found = validate(root, tree("oads"))
    assert any("must come before" in fault.reason for fault in found)


@given(st.data())
def test_what_is_required_is_missed(data):
    """Any element that the tree requires once is named when it is taken away."""
    root = copy.deepcopy(ET.fromstring(SMALL))
    required = []

    def walk(node, rule):
        by_name = {child.name: child for child in rule.children}
        for inner in node:
            below = by_name[local(inner.tag)]
            if below.required and not below.repeated:
                required.append((node, inner))
            walk(inner, below)

    walk(root, tree("oads").roots["oads_metadata"])
    assert len(required) > 15
    node, inner = data.draw(st.sampled_from(required))
    node.remove(inner)
    name = local(inner.tag)
    found = validate(root, tree("oads"))
    assert any(f"'{name}' is missing" in fault.reason for fault in found)
