"""Carbon Portal: ids, stations, specifications, versions, metadata, requests."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.errors import OptionError, OutputError, ProcessingError
from oceanco2.icos.portal import (
    PortalObject,
    Production,
    Version,
    object_id,
    portal_faults,
    raw_metadata,
    specification,
    station_of,
    table_metadata,
    version_of,
)
from oceanco2.icos.portal_upload import Parcel, Portal, plan, send, try_tables
from oceanco2.platforms import stations

SHA = {letter: hashlib.sha256(letter.encode()).hexdigest() for letter in "abcdefn"}


def table(letter, level, start, stop, name=None, replaces=()):
    """An object from one day of January to another."""
    return PortalObject(
        name or f"{letter}.csv",
        SHA[letter],
        level,
        f"2024-01-{start:02d}T00:00:00.000Z",
        f"2024-01-{stop:02d}T00:00:00.000Z",
        tuple(SHA[x] for x in replaces),
        {"references": {"duplicateFilenameAllowed": True}},
    )


# ---- ids and stations ---------------------------------------------------------------


@given(st.binary(max_size=100))
def test_the_id_is_the_first_18_bytes(content):
    sha = hashlib.sha256(content)
    ident = object_id(sha.hexdigest())
    assert len(ident) == 24
    assert set(ident) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
    from base64 import urlsafe_b64decode

    assert urlsafe_b64decode(ident) == sha.digest()[:18]


@pytest.mark.parametrize("wrong", ["", "A" * 64, "0" * 63, "g" * 64])
def test_other_texts_are_no_hash(wrong):
    with pytest.raises(ProcessingError, match="SHA-256"):
        object_id(wrong)


def test_specifications_by_level_and_category():
    """SOOP are ships and surface vehicles, FOS fixed stations."""
    base = "http://meta.icos-cp.eu/resources/cpmeta/"
    for one in stations():
        fos = one.category == "41"
        assert specification(0, one) == f"{base}otcL0DataObject"
        assert specification(1, one) == base + (
            "icosOtcFosL1Product" if fos else "icosOtcL1Product_v2"
        )
        assert specification(2, one) == base + (
            "icosOtcFosL2Product" if fos else "icosOtcL2Product"
        )
    with pytest.raises(OptionError, match="level must be one of 0, 1, 2, not 3"):
        specification(3, stations()[0])


def test_stations_are_found_by_what_the_dataset_says():
    for one in stations():
        assert station_of({"station": one.id}) == one
        assert station_of({"station": one.url}) == one
        if one.call_sign:
            assert station_of({"call_sign": one.call_sign.lower()}) == one
    assert station_of({"platform_code": "58G2"}).id == "OS_GOSars"
    assert station_of({"platform_code": "99ZZ", "platform_name": "Finnmaid"}).id
    with pytest.raises(ProcessingError, match=r"OS_48MB, OS_PALOMA.*file: station"):
        station_of({"platform_code": "48MB"})
    with pytest.raises(ProcessingError, match="platform file: station"):
        station_of({"platform_code": "99ZZ"})
    with pytest.raises(ProcessingError, match="OS_GoSarx"):
        station_of({"station": "OS_GoSarx", "platform_code": "58G2"})


# ---- versions: docs/socat-rules.md#carbon-portal-upload, a row a test ---------------


@pytest.mark.parametrize("level", [1, 2])
def test_none_overlapping_is_a_plain_upload(level):
    older = [table("a", 1, 1, 5), table("b", 2, 25, 28)]
    assert version_of(table("n", level, 10, 20), older) == Version()


@pytest.mark.parametrize("level", [1, 2])
def test_over_one_l1_it_is_the_next_version(level):
    found = version_of(table("n", level, 1, 20), [table("a", 1, 1, 10)])
    assert found == Version((SHA["a"],))


@pytest.mark.parametrize("level", [1, 2])
def test_over_an_l1_that_an_l2_replaces_in_part_it_is_partial(level):
    old = table("a", 1, 1, 20)
    sibling = table("b", 2, 1, 10, replaces="a")
    found = version_of(table("n", level, 11, 25), [old, sibling])
    assert found == Version((SHA["a"],), True, (sibling,))


def test_l1_never_replaces_l2():
    with pytest.raises(ProcessingError, match=r"n.csv \(L1\) overlaps b.csv \(L2\)"):
        version_of(table("n", 1, 1, 20), [table("b", 2, 10, 12)])


def test_l2_replaces_l2_of_the_same_name_only():
    older = [table("b", 2, 10, 12, name="34FM20240101.csv")]
    new = table("n", 2, 1, 20, name="34FM20240101.csv")
    assert version_of(new, older) == Version((SHA["b"],))
    with pytest.raises(ProcessingError, match="same file name"):
        version_of(table("n", 2, 1, 20), older)


@pytest.mark.parametrize("level", [1, 2])
def test_more_than_one_is_refused(level):
    older = [table("a", 1, 1, 5), table("b", 1, 6, 9)]
    with pytest.raises(ProcessingError, match=r"2 objects \(a.csv, b.csv\)"):
        version_of(table("n", level, 1, 20), older)


def test_what_is_replaced_wholly_counts_no_more():
    chain = [table("a", 1, 1, 5), table("b", 1, 1, 10, replaces="a")]
    assert version_of(table("n", 2, 1, 12), chain) == Version((SHA["b"],))
    final = [*chain, table("c", 2, 1, 10, replaces="b", name="x.csv")]
    with pytest.raises(ProcessingError, match="must not replace final"):
        version_of(table("n", 1, 9, 20), final)
    two = [
        table("a", 1, 1, 10),
        table("b", 2, 1, 5, replaces="a", name="x.csv"),
        table("c", 2, 5, 10, replaces="a", name="y.csv"),
    ]
    found = version_of(table("n", 2, 1, 4, name="x.csv"), two)
    assert found == Version((SHA["b"],))


def test_ends_belong_to_an_object_and_its_own_copy_does_not_count():
    older = [table("a", 1, 1, 10)]
    assert version_of(table("n", 1, 10, 20), older).replaces == (SHA["a"],)
    assert version_of(table("n", 1, 11, 20), older).replaces == ()
    assert version_of(table("a", 1, 1, 10), older) == Version()
    with pytest.raises(ProcessingError, match=r"same bytes as a.csv \(L1\)"):
        version_of(table("a", 2, 1, 10), older)


# ---- metadata -----------------------------------------------------------------------

STATION = station_of({"station": "OS_BALTIC-VOS"})


def described(level=2, version=Version()):  # noqa: B008
    new = table("n", level, 1, 20, name="34FM20240101.csv")
    made = Production(3, "2024-02-01T00:00:00Z", "by hand", (SHA["e"], SHA["f"]))
    return table_metadata(new, STATION, made, version)


def test_metadata_of_a_table():
    """docs/socat-rules.md#carbon-portal-upload."""
    assert described(2, Version((SHA["a"],), True)) == {
        "submitterId": "OTC",
        "hashSum": SHA["n"],
        "fileName": "34FM20240101.csv",
        "objectSpecification": (
            "http://meta.icos-cp.eu/resources/cpmeta/icosOtcL2Product"
        ),
        "specificInfo": {
            "station": "http://meta.icos-cp.eu/resources/stations/OS_BALTIC-VOS",
            "nRows": 3,
            "production": {
                "creator": "http://meta.icos-cp.eu/resources/organizations/OTC",
                "contributors": [],
                "creationDate": "2024-02-01T00:00:00Z",
                "comment": "by hand",
                "sources": [SHA["e"], SHA["f"]],
            },
        },
        "isNextVersionOf": [SHA["a"]],
        "references": {"duplicateFilenameAllowed": True, "partialUpload": True},
    }
    assert "sources" not in described(1)["specificInfo"]["production"]
    assert "isNextVersionOf" not in described()


def test_metadata_of_a_raw_file():
    metadata = raw_metadata(
        "a.txt", SHA["e"], STATION, start="2024-01-01T00:00:00Z", stop="2024"
    )
    assert metadata["specificInfo"] == {
        "station": STATION.url,
        "acquisitionInterval": {"start": "2024-01-01T00:00:00Z", "stop": "2024"},
    }
    assert portal_faults(metadata, SHA["e"]) == [
        "acquisitionInterval: '2024' is not a time such as 2020-01-01T00:00:00.000Z"
    ]


#: What is changed in the metadata of an L2 table, and the fault that is reported.
FAULTS = {
    "hashSum is not that of the file": lambda m: m.update(hashSum=SHA["a"]),
    "fileName is missing": lambda m: m.update(fileName=""),
    "is not that of an ocean station": lambda m: m.update(objectSpecification="x"),
    "is not in the network": lambda m: m["specificInfo"].update(station="x"),
    "nRows 0 is not a number": lambda m: m["specificInfo"].update(nRows=0),
    "an L2 table must name its raw files": lambda m: m["specificInfo"][
        "production"
    ].pop("sources"),
    "source 'x' is not a SHA-256": lambda m: m["specificInfo"]["production"].update(
        sources=["x"]
    ),
    "creator is not": lambda m: m["specificInfo"]["production"].update(creator="me"),
    "creationDate": lambda m: m["specificInfo"]["production"].pop("creationDate"),
    "must not have acquisitionInterval": lambda m: m["specificInfo"].update(
        acquisitionInterval={}
    ),
    "isNextVersionOf 'x'": lambda m: m.update(isNextVersionOf=["x"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_metadata_are_named(fault):
    assert portal_faults(described(), SHA["n"]) == []
    metadata = described()
    FAULTS[fault](metadata)
    assert any(fault in text for text in portal_faults(metadata, SHA["n"]))


# ---- requests: a server on this machine only ----------------------------------------


class _Answers(BaseHTTPRequestHandler):
    def _take(self):
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status = self.server.status.get(self.command, 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(b"said so")

    do_POST = do_PUT = _take

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = HTTPServer(("127.0.0.1", 0), _Answers)
    made.asked, made.status = [], {}
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    base = f"http://127.0.0.1:{made.server_port}"
    made.portal = Portal(f"{base}/upload", f"{base}/objects/", f"{base}/tryingest")
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def parcels():
    return [Parcel(described(), lambda: b"n"), Parcel(described(1), None)]


def test_what_is_sent(server):
    lines = list(send(parcels(), server.portal, "token123"))
    assert [line.split(": ")[1] for line in lines] == [
        "registered (said so)",
        "uploaded (said so)",
        "registered (said so)",
    ]
    (post, put, again) = server.asked
    assert (post[0], post[1]) == ("POST", "/upload")
    assert post[2]["Content-Type"] == "application/json"
    assert post[2]["Cookie"] == put[2]["Cookie"] == "cpauthToken=token123"
    assert json.loads(post[3]) == described()
    assert (put[0], put[1]) == ("PUT", f"/objects/{object_id(SHA['n'])}")
    assert put[3] == b"n"
    assert json.loads(again[3]) == described(1)


@pytest.mark.parametrize(("command", "status"), [("POST", 400), ("PUT", 401)])
def test_a_refusal_stops_and_says_why(server, command, status):
    server.status = {command: status}
    with pytest.raises(OutputError, match=rf"{command} .*rejected, {status} .*said so"):
        list(send(parcels(), server.portal, "t"))
    assert len(server.asked) == ["POST", "PUT"].index(command) + 1


def test_a_token_is_not_carried_elsewhere(server):
    server.status = {"POST": 302}
    with pytest.raises(OutputError, match="rejected, 302"):
        list(send(parcels(), server.portal, "t"))


def test_no_server_and_wrong_tokens(server):
    unreachable = Portal("http://127.0.0.1:9/upload", "http://127.0.0.1:9/objects/")
    with pytest.raises(OutputError, match="cannot be reached"):
        list(send(parcels(), unreachable, "t"))
    for wrong in ("", " ", "a; b", "a\nb"):
        with pytest.raises(OptionError, match="token"):
            list(send(parcels(), server.portal, wrong))
    with pytest.raises(OptionError, match="https://"):
        Portal(meta_url="file:///etc/passwd")
    assert server.asked == []


def test_tables_are_tried_without_a_token(server):
    metadata = raw_metadata(
        "a.txt", SHA["e"], STATION, start="2024-01-01", stop="2024-01-02"
    )
    lines = list(
        try_tables([Parcel(metadata, lambda: b"e"), *parcels()], server.portal)
    )
    assert lines == ["34FM20240101.csv: would be ingested (said so)"]
    ((command, path, headers, body),) = server.asked
    assert command == "PUT"
    assert path == (
        "/tryingest?specUri=http%3A%2F%2Fmeta.icos-cp.eu%2Fresources%2Fcpmeta%2F"
        "icosOtcL2Product&nRows=3"
    )
    assert "Cookie" not in headers
    assert body == b"n"
    server.status = {"PUT": 400}
    with pytest.raises(OutputError, match="rejected, 400"):
        list(try_tables(parcels(), server.portal))


def test_a_plan_sends_nothing():
    lines = plan(parcels(), Portal())
    assert lines == [
        "POST https://meta.icos-cp.eu/upload  34FM20240101.csv (icosOtcL2Product)",
        f"PUT https://data.icos-cp.eu/objects/{object_id(SHA['n'])}  34FM20240101.csv",
        "POST https://meta.icos-cp.eu/upload  34FM20240101.csv (icosOtcL1Product_v2)",
    ]
