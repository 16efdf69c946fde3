"""Send objects to the ICOS Carbon Portal; nothing is sent unless asked for."""

import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from oceanco2.errors import OptionError, OutputError
from oceanco2.icos.portal import DATA_URL, META_URL, TRY_URL, object_id

_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """Metadata and content to be sent for one object."""

    metadata: Mapping[str, Any]
    content: Callable[[], bytes] | None


@dataclass(frozen=True, slots=True)
class Portal:
    """Addresses of the portal."""

    meta_url: str = META_URL
    data_url: str = DATA_URL
    try_url: str = TRY_URL

    def __post_init__(self) -> None:
        """Check the addresses."""
        for url in (self.meta_url, self.data_url, self.try_url):
            if urlsplit(url).scheme not in ("http", "https"):
                raise OptionError(f"address must begin with https://, not {url!r}")


def plan(parcels: Iterable[Parcel], portal: Portal) -> list[str]:
    """List the requests of an upload."""
    lines = []
    for parcel in parcels:
        metadata = parcel.metadata
        name, kind = (
            metadata["fileName"],
            metadata["objectSpecification"].rsplit("/", 1)[-1],
        )
        lines.append(f"POST {portal.meta_url}  {name} ({kind})")
        if parcel.content is not None:
            lines.append(f"PUT {_address(portal, metadata)}  {name}")
    return lines


def trials(parcels: Iterable[Parcel], portal: Portal) -> list[tuple[str, Parcel]]:
    """Return the requests that try the tables of a package without registration."""
    requests = []
    for parcel in parcels:
        rows = parcel.metadata["specificInfo"].get("nRows")
        if rows is not None and parcel.content is not None:
            kind = parcel.metadata["objectSpecification"]
            query = urlencode({"specUri": kind, "nRows": rows})
            requests.append((f"{portal.try_url}?{query}", parcel))
    return requests


def try_tables(parcels: Iterable[Parcel], portal: Portal) -> Iterator[str]:
    """Let the portal read the tables of a package without storing them."""
    for url, parcel in trials(parcels, portal):
        if parcel.content is not None:
            kind = {"Content-Type": "application/octet-stream"}
            answer = _request("PUT", url, parcel.content(), kind)
            yield f"{parcel.metadata['fileName']}: would be ingested{answer}"


def send(parcels: Iterable[Parcel], portal: Portal, token: str) -> Iterator[str]:
    """Register and upload objects, one after the other."""
    if not token.strip() or any(c.isspace() or c == ";" for c in token.strip()):
        raise OptionError("the token is empty or contains blanks or semicolons")
    cookie = {"Cookie": f"cpauthToken={token.strip()}"}
    for parcel in parcels:
        metadata = parcel.metadata
        body = json.dumps(metadata, ensure_ascii=False).encode("utf-8")
        kind = cookie | {"Content-Type": "application/json"}
        answer = _request("POST", portal.meta_url, body, kind)
        yield f"{metadata['fileName']}: registered{answer}"
        if parcel.content is not None:
            kind = cookie | {"Content-Type": "application/octet-stream"}
            url = _address(portal, metadata)
            answer = _request("PUT", url, parcel.content(), kind)
            yield f"{metadata['fileName']}: uploaded{answer}"


def _address(portal: Portal, metadata: Mapping[str, Any]) -> str:
    return f"{portal.data_url.rstrip('/')}/{object_id(metadata['hashSum'])}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect, so that the token goes to the named address only."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""


def _request(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> str:
    request = urllib.request.Request(
        url, data=body, headers=dict(headers), method=method
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_TIMEOUT) as response:
            answer = response.read(2000).decode("utf-8", "replace").strip()
    except urllib.error.HTTPError as error:
        with error:
            answer = error.read(2000).decode("utf-8", "replace")
        text = " ".join(answer.split())[:300]
        raise OutputError(
            f"{method} {url}: rejected, {error.code} {error.reason}: {text}"
        ) from None
    except OSError as error:  # urllib.error.URLError is one
        reason = getattr(error, "reason", None) or error
        raise OutputError(f"{method} {url}: cannot be reached: {reason}") from None
    return f" ({answer})" if answer else ""
