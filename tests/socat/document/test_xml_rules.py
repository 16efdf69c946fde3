"""Lines of element trees, and documents that break one rule each."""

import xml.etree.ElementTree as ET

import pytest

from oceanco2.socat.document import xml
from oceanco2.socat.document.xml import Attribute, Element, Tree, validate


@pytest.mark.parametrize(
    ("line", "name", "marks"),
    [
        ("a", "a", (True, False, False)),
        ("a?", "a", (False, False, False)),
        ("a*", "a", (False, True, False)),
        ("a+", "a", (True, True, False)),
        ("|a", "a", (True, False, True)),
        ("|a?", "a", (False, False, True)),
    ],
)
def test_occurrence(line, name, marks):
    made = xml._element(line)
    assert made.name == name
    assert (made.required, made.repeated, made.alternative) == marks
    assert (made.kind, made.types, made.only, made.group) == ("", (), (), "")


def test_marks():
    made = xml._element("a? @b @c? @d=x|y <T1,T2> [U,V] &g : date ")
    assert made.attributes == [
        Attribute("b", True),
        Attribute("c", False),
        Attribute("d", True, ("x", "y")),
    ]
    assert made.types == ("T1", "T2")
    assert made.only == ("U", "V")
    assert (made.group, made.kind) == ("&g", "date")


def test_lines():
    text = "# comment\n\na\n  b\n    c \n"
    assert list(xml._lines(text)) == [(0, "a"), (2, "b"), (4, "c")]


def test_defaults():
    made = Element("a")
    assert made.required
    assert not made.repeated
    assert not made.alternative
    assert made.children == made.attributes == []


ROOT = Element(
    "r",
    attributes=[Attribute("id", True), Attribute("k", False, ("x", "y"))],
    children=[
        Element("a"),
        Element("b", required=False, repeated=True, kind="number"),
        Element("c", required=False, kind="date"),
        Element("d", required=False, kind="yes|no"),
    ],
)
TREE = Tree("R", "", {"r": ROOT})


def faults(text, tree=TREE):
    return [(f.path, f.reason) for f in validate(ET.fromstring(text), tree)]


@pytest.mark.parametrize(
    "inner",
    [
        "<a/>",
        "<a/><b>1</b><b>-.5</b><b>2.</b><c>2020-01-01</c><d>no</d>",
        "<a/><c>2020-01-01Z</c>",
        "<a/><c>2020-01-01+01:00</c>",
        "<a>text</a><b></b>",
    ],
)
def test_valid_documents(inner):
    assert faults(f'<r id="1" k="y">{inner}</r>') == []


@pytest.mark.parametrize(
    ("inner", "path", "reason"),
    [
        ("<a/><b>x</b>", "r/b", "must be a number, not 'x'"),
        ("<a/><c>2020-1-1</c>", "r/c", "must be a date yyyy-mm-dd, not '2020-1-1'"),
        ("<a/><d>maybe</d>", "r/d", None),
        ("<a/><a/>", "r/a", None),
        ("<b>1</b><a/>", "r/a", "must come before 'b'"),
        ("<a/><z/>", "r/z", None),
        ("", "r", None),
        ("text<a/>", "r", "must contain only elements, not the text 'text'"),
    ],
)
def test_faults(inner, path, reason):
    (fault,) = faults(f'<r id="1">{inner}</r>')
    assert fault[0] == path
    assert reason is None or fault[1] == reason


def test_attributes():
    assert faults("<r><a/></r>") == [("r", "attribute 'id' is missing")]
    assert len(faults('<r id="1" k="z"><a/></r>')) == 1
    assert len(faults('<r id="1" q="z"><a/></r>')) == 1
    assert faults(f'<r id="1" xmlns:i="{xml.XSI}" i:type="T"><a/></r>') == []


def test_roots_and_namespaces():
    ((path, _),) = faults("<q/>")
    assert path == "q"
    tree = Tree("R", "urn:n", {"r": ROOT})
    assert faults('<r xmlns="urn:n" id="1"><a/></r>', tree) == []
    assert faults('<r xmlns="urn:m" id="1"><a/></r>', tree) == [
        ("r", "namespace must be 'urn:n', not 'urn:m'")
    ]
    assert faults('<r id="1"><a/></r>', tree) == [
        ("r", "namespace must be 'urn:n', not ''")
    ]
    assert xml.local("{urn:n}a") == xml.local("a") == "a"


def test_children_of_one_type():
    rule = Element(
        "r", types=("T", "U"), children=[Element("a", only=("T",)), Element("b")]
    )
    tree = Tree("R", "", {"r": rule})
    head = f'<r xmlns:i="{xml.XSI}" i:type='
    assert faults(f'{head}"T"><a/><b/></r>', tree) == []
    assert faults(f'{head}"U"><b/></r>', tree) == []
    assert [path for path, _ in faults(f'{head}"U"><a/><b/></r>', tree)] == ["r/a"]
    assert [path for path, _ in faults(f'{head}"V"><b/></r>', tree)] == ["r"]


def test_alternatives():
    rule = Element("r", children=[Element("a"), Element("b", alternative=True)])
    tree = Tree("R", "", {"r": rule})
    assert faults("<r><a/></r>", tree) == faults("<r><b/></r>", tree) == []
    assert len(faults("<r><a/><b/></r>", tree)) == 1
    assert len(faults("<r/>", tree)) == 1


def test_a_fault_in_one_line():
    assert str(xml.Fault("a/b", "why")) == "a/b: why"
