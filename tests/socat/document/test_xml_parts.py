"""Small functions of XML documents, and the lines of element trees."""

import xml.etree.ElementTree as ET

import pytest

from oceanco2.errors import ProcessingError
from oceanco2.socat.document import xml
from oceanco2.socat.document.xml import Attribute, Element, Tree


@pytest.fixture
def root():
    return ET.fromstring(
        '<r xmlns="urn:n"><a> x  y\n z </a><b><c>1</c><c/><c>2</c></b>'
        "<o:a xmlns:o='urn:o'>other</o:a></r>"
    )


def test_finding(root):
    assert xml.text_of(xml.child(root, "a")) == xml.text_of(root, "a") == "x y z"
    assert xml.text_of(root, "b/c") == "1"
    assert xml.child(root, "b/d") is xml.child(root, "d") is None
    assert xml.child(None, "a") is None
    assert xml.text_of(None) == xml.text_of(None, "a") == xml.text_of(root, "d") == ""
    assert len(list(xml.children(root, "a"))) == 2
    assert list(xml.children(None, "a")) == list(xml.children(root, "d")) == []
    assert xml.texts(xml.child(root, "b"), "c") == ("1", "2")
    assert xml.texts(root, "d") == xml.texts(None, "c") == ()


def test_adding():
    root = ET.Element("r")
    element = xml.add(root, "a", "x\x01\ty\n\x7f", k="v")
    assert (element.tag, element.text, element.attrib) == ("a", "x\ty\n", {"k": "v"})
    assert xml.add(root, "b").text is None
    assert xml.add(root, "b", "\x02").text is None
    xml.add_optional(root, "c", "")
    xml.add_optional(root, "d", "1", name="n")
    assert [node.tag for node in root] == ["a", "b", "b", "d"]
    assert (root[3].text, root[3].attrib) == ("1", {"name": "n"})


TREE = Tree("R", "urn:n", {"r": Element("r", children=[Element("a", kind="number")])})


def test_writing():
    root = ET.Element("r")
    xml.add(root, "a", "1")
    assert xml.to_bytes(root, TREE).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<r xmlns="urn:n" xmlns:xsi="{xml.XSI}">\n  <a>1</a>\n</r>\n'
    )
    wrong = ET.Element("r")
    xml.add(wrong, "a", "é")
    xml.add(wrong, "z")
    with pytest.raises(ProcessingError) as caught:
        xml.to_bytes(wrong, TREE)
    text = "R: r/a: must be a number, not 'é' (2 faults)"
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("kind", "text", "is_valid"),
    [
        ("number", "1", True),
        ("number", "+1.5", True),
        ("number", "-.5", True),
        ("number", "5.", True),
        ("number", "1e5", False),
        ("number", ".", False),
        ("number", "1,5", False),
        ("date", "2024-03-01", True),
        ("date", "2024-03-01Z", True),
        ("date", "2024-03-01+01:00", True),
        ("date", "2024-03-01-01:00", True),
        ("date", "2024-03-01T00", False),
        ("date", "24-03-01", False),
        ("a|b", "a", True),
        ("a|b", "b", True),
        ("a|b", "a|b", False),
        ("", "anything", True),
        ("number", "", True),
    ],
)
def test_kinds(kind, text, is_valid):
    tree = Tree("R", "", {"r": Element("r", kind=kind)})
    node = ET.Element("r")
    node.text = f" {text} "
    faults = xml.validate(node, tree)
    assert (faults == []) is is_valid
    node.text = "x" * 50
    if kind:
        assert "x" * 40 in faults_text(node, tree)
        assert "x" * 41 not in faults_text(node, tree)


def faults_text(node, tree):
    return "; ".join(map(str, xml.validate(node, tree)))


def test_the_trees_of_both_formats():
    for name, space, roots in (
        ("oads", "http://ncei.noaa.gov/oads/v_a0_2_2s", ["oads_metadata"]),
        (
            "ocads",
            "https://ncei.noaa.gov/ocads/v4.6",
            ["dataset_metadata", "variables_by_type"],
        ),
    ):
        tree = xml.tree(name)
        assert (tree.name, tree.namespace) == (name.upper(), space)
        assert list(tree.roots) == roots
    assert xml.tree("oads").roots["oads_metadata"].attributes[0] == Attribute(
        "version", True
    )
    (document,) = (e for e in xml.tree("ocads").roots["dataset_metadata"].children[:1])
    assert [(e.name, e.required) for e in document.children] == [
        ("document_date", True),
        ("document_source", False),
        ("comment", False),
    ]
    assert document.children[1].attributes == [
        Attribute("object_class", False),
        Attribute("object_id", True),
    ]


def test_groups_of_elements():
    inner = Element("b", group="&g")
    outer = Element("a", children=[Element("c"), inner])
    made = xml._with_groups(outer, {"&g": [Element("d")]})
    assert [e.name for e in made.children] == ["c", "b"]
    assert [e.name for e in made.children[1].children] == ["d"]
    assert inner.children == []


def test_words_of_faults():
    rule = Element("r", children=[Element("abc"), Element("t", only=("T", "U"))])
    by_name = {"abc": rule.children[0]}
    assert xml._unknown("t", rule, by_name) == (
        "is allowed only in elements of type T or U"
    )
    assert xml._unknown("abd", rule, by_name).startswith("no element named 'abd'")
    assert xml._repetition("a", "a") == "appears more than once"
    assert xml._repetition("a", "b") == "excludes 'b'"


def test_alternatives_are_counted_with_the_first():
    rule = Element(
        "r",
        children=[Element("a"), Element("b", alternative=True), Element("c")],
    )
    tree = Tree("R", "", {"r": rule})

    def faults(text):
        return [f.reason for f in xml.validate(ET.fromstring(text), tree)]

    assert faults("<r><b/><c/></r>") == faults("<r><a/><c/></r>") == []
    assert faults("<r><c/></r>") == ["'a' or 'b' is missing"]
    assert faults("<r><c/><b/></r>") == ["must come before 'c'"]
    assert faults("<r><a/><b/><c/></r>") == ["excludes 'a'"]
    assert faults("<r><a/><c/><c/></r>") == ["appears more than once"]
