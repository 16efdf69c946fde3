"""Requests of an upload, listed without sending."""

import pytest

from oceanco2.errors import OptionError
from oceanco2.icos import portal_upload
from oceanco2.icos.portal_upload import Parcel, Portal, plan, send, trials

META = {
    "fileName": "x.csv",
    "objectSpecification": "http://example.org/kinds/product",
    "hashSum": "0" * 64,
    "specificInfo": {"nRows": 0},
}


def content():
    return b"content"


def test_addresses():
    made = Portal()
    assert made.meta_url == "https://meta.icos-cp.eu/upload"
    assert made.data_url == "https://data.icos-cp.eu/objects/"
    assert made.try_url == "https://data.icos-cp.eu/tryingest"
    for key in ("meta_url", "data_url", "try_url"):
        assert getattr(Portal(**{key: "http://x"}), key) == "http://x"
        for url in ("ftp://x", "x", ""):
            with pytest.raises(OptionError, match="must begin with https://"):
                Portal(**{key: url})


def test_plan():
    portal = Portal("https://m", "https://d/", "https://t")
    post = "POST https://m  x.csv (product)"
    put = f"PUT https://d/{'A' * 24}  x.csv"
    assert plan([Parcel(META, content)], portal) == [post, put]
    assert plan([Parcel(META, None)], portal) == [post]
    same = Portal("https://m", "https://d", "https://t")
    assert plan([Parcel(META, content)], same) == [post, put]


def test_trials():
    portal = Portal("https://m", "https://d", "https://t")
    parcel = Parcel(META, content)
    without = Parcel(META | {"specificInfo": {}}, content)
    url = "https://t?specUri=http%3A%2F%2Fexample.org%2Fkinds%2Fproduct&nRows=0"
    assert trials([without, parcel, Parcel(META, None)], portal) == [(url, parcel)]


def test_requests(monkeypatch):
    sent = []

    def request(*arguments):
        sent.append(arguments)
        return " (ok)"

    monkeypatch.setattr(portal_upload, "_request", request)
    portal = Portal("https://m", "https://d", "https://t")
    parcels = [Parcel(META, content), Parcel(META, None)]
    assert list(send(parcels, portal, " word ")) == [
        "x.csv: registered (ok)",
        "x.csv: uploaded (ok)",
        "x.csv: registered (ok)",
    ]
    methods = [(method, url) for method, url, *_ in sent]
    post, put = ("POST", "https://m"), ("PUT", f"https://d/{'A' * 24}")
    assert methods == [post, put, post]
    assert sent[0][3] == {
        "Cookie": "cpauthToken=word",
        "Content-Type": "application/json",
    }
    assert sent[1][2:] == (
        b"content",
        {
            "Cookie": "cpauthToken=word",
            "Content-Type": "application/octet-stream",
        },
    )
    sent.clear()
    lines = list(portal_upload.try_tables(parcels, portal))
    assert lines == ["x.csv: would be ingested (ok)"]
    assert sent[0][0] == "PUT"
    assert sent[0][2:] == (b"content", {"Content-Type": "application/octet-stream"})


@pytest.mark.parametrize("token", ["", "  ", "a b", "a;b", "a\nb"])
def test_tokens_that_are_refused(token):
    with pytest.raises(OptionError, match="the token is empty or contains"):
        list(send([], Portal(), token))
