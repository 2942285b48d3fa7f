"""Whether an address on the web still answers: asked over https only, never inside a private network, nothing kept.

A link that an office typed could lead to a machine behind the firewall, and so could a redirection. So each name is
looked up once, every address that it has must be public, and the connection goes to the one that was looked at.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

SECONDS = 10
MOST_REDIRECTIONS = 5
_AGAIN_WITH_GET = {400, 403, 404, 405, 406, 501}  # some servers don't know the question without the page
_MOVED = {301, 302, 303, 307, 308}


class _Refused(Exception):
    """The sentence that says why an address isn't asked, or what it said."""


def failure_of(url: str) -> str:
    """Why an address doesn't lead to a page, in a few words; nothing if it does."""
    try:
        for _ in range(MOST_REDIRECTIONS + 1):
            status, location = _asked(url)
            if status not in _MOVED:
                return "" if status < 400 else f"It answers “{_in_words(status)}”."
            url = urljoin(url, location)
        return "It leads on and on to other addresses."
    except _Refused as refusal:
        return str(refusal)
    except ssl.SSLError:
        return "Its certificate isn’t valid."
    except TimeoutError:
        return f"It doesn’t answer within {SECONDS} seconds."
    except (OSError, http.client.HTTPException, ValueError):
        return "It can’t be reached."


def _in_words(status: int) -> str:
    """The number with the standard's words for it, never with those of a stranger's server."""
    known = {each.value for each in HTTPStatus}
    return f"{status} {HTTPStatus(status).phrase}" if status in known else str(status)


def _asked(url: str) -> tuple[int, str]:
    """Status, and where it leads on: without the page first, with it where that isn't understood."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise _Refused("It leads to an address that isn’t https.")
    port = parts.port or 443
    address = _public_address(parts.hostname, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    answer = open_address(address, parts.hostname, port, "HEAD", path)
    return (
        open_address(address, parts.hostname, port, "GET", path) if answer[0] in _AGAIN_WITH_GET else answer
    )


def _public_address(host: str, port: int) -> str:
    found = {entry[4][0] for entry in addresses_of(host, port)}
    if not found or not all(ipaddress.ip_address(address).is_global for address in found):
        raise _Refused("It leads into a private network.")
    return str(min(found))


def addresses_of(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def open_address(address: str, host: str, port: int, method: str, path: str) -> tuple[int, str]:
    """The one place that opens a connection: to this very address, with the certificate of the host's name."""
    connection = http.client.HTTPSConnection(
        host, port, timeout=SECONDS, context=ssl.create_default_context()
    )
    connection._create_connection = lambda _, *args: socket.create_connection((address, port), *args)  # type: ignore[attr-defined]
    try:
        connection.request(method, path, headers={"User-Agent": "Mentorship link check"})
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()
