"""Walk the table: each role asks for each object by each method, in a savepoint of its own that is rolled back."""

import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from outbox.models import Message
from tests.walls.canaries import met
from tests.walls.data import sent_with
from tests.walls.table import NOT_ASKED, Row
from tests.walls.world import World, address

SIGN_IN = ("/account/login/", "/admin/login/")
NOT_THERE_IN_THE_ADMIN = "doesn’t exist. Perhaps it was deleted?"
CODES = {200: "ok", 400: "??", 403: "no", 404: "--", 405: "xx", 410: "41"}
HEADERS_APART = {
    "Content-Length",
    "X-Request-ID",
}  # the one follows from the address, the other is new each time
# Who read what of whom: written by reading, so that nothing was done.
RECORDS = {"partnerships_disclosure", "concerns_reading"}
REFUSED = {"in", "nx", "??", "no", "--", "xx", "41"}
_DIFFERS_BY_ITSELF = [
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"'), ""),
    (re.compile(r"nonce[-=][\"']?[\w+/=-]+"), "nonce"),
]
_WRITES = re.compile(r'^(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')


@dataclass(frozen=True)
class Cell:
    """One knock: who asked for what, what must happen, and what did."""

    route: str
    of: str
    method: str
    role: str
    expected: str
    got: str
    where: str = ""  # it was led
    answer: str = ""  # a digest of all that the reader could tell it by
    met: frozenset = frozenset()  # canaries of either side in it
    wrote: frozenset = frozenset()  # tables
    letters: tuple = ()  # of each message that it made: to whom, and the canaries in it
    error: str = ""

    @property
    def is_refused(self) -> bool:
        return self.got in REFUSED

    @property
    def place(self) -> str:
        return f"{self.role} {self.method} {self.route} ({self.of})"

    @property
    def is_wrong(self) -> bool:
        return self.got != self.expected or (self.is_refused and bool(self.wrote))

    def __str__(self) -> str:
        wrote = f", wrote {', '.join(sorted(self.wrote))}" if self.is_refused and self.wrote else ""
        return f"{self.place}: {self.got} instead of {self.expected}{wrote} {self.error}".strip()


@dataclass
class Crawl:
    cells: list[Cell] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [str(cell) for cell in self.cells if cell.is_wrong]

    def tally(self) -> str:
        return f"cells {len(self.cells)}, wrong {len(self.wrong)}"


def walk(world: World, rows: Iterable[Row]) -> Crawl:
    """Every cell of these rows. The caller holds a transaction in which the world stands; nothing of it changes."""
    cache.key_prefix = uuid4().hex  # the limits of sign-in begin anew
    world.newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=True):
        return Crawl([cell for row in rows for cell in _row(world, row)])


def _row(world: World, row: Row) -> Iterator[Cell]:
    page = address(world, row.route, row.of)
    for role, expected in row.expected.items():
        if expected != NOT_ASKED:
            yield knock(world, row, page, role, expected)


def knock(world: World, row: Row, page: str, role: str, expected: str, data: dict | None = None) -> Cell:
    """One person asks once, and everything is as it was."""
    cell = {"route": row.route, "of": row.of, "method": row.method, "role": role, "expected": expected}
    client, wrote = world.clients[role], Counter()
    cookies = copy(client.cookies)
    here = transaction.savepoint()
    try:
        with connection.execute_wrapper(_watch(wrote)):
            sent = data or (sent_with(world, row) if row.method == "POST" else {})
            answer = getattr(client, row.method.lower())(page, **({"data": sent} if sent else {}))
            letters = _letters(world) if "outbox_message" in wrote else ()
        return Cell(**cell, **_told(world, answer, page, wrote), wrote=frozenset(wrote), letters=letters)
    except Exception as error:
        return Cell(**cell, got="!!", error=repr(error)[:300])
    finally:
        client.cookies = cookies
        connection.needs_rollback = False
        transaction.savepoint_rollback(here)


def _watch(wrote):
    def watch(execute, sql, params, many, context):
        if (written := _WRITES.match(sql)) and written[1] != "django_session":
            wrote[written[1]] += 1
        return execute(sql, params, many, context)

    return watch


def _told(world, answer, page, wrote):
    said = [str(message) for message in getattr(answer.wsgi_request, "_messages", None)._queued_messages]
    body = b"".join(answer) if answer.streaming else answer.content
    text = _unpacked(body).decode("utf-8", "replace")
    headers = sorted(
        f"{name}: {value}" for name, value in answer.headers.items() if name not in HEADERS_APART
    )
    everything = "\n".join([str(answer.status_code), *headers, *sorted(answer.cookies), *said, text])
    return {
        "got": _code(answer, said, wrote),
        "where": answer.headers.get("Location", "").partition("?")[0],
        "answer": hashlib.sha256(_plain(everything, page).encode()).hexdigest(),
        "met": frozenset(met(everything) - met(page)),
    }


def _unpacked(body):
    """A packed file as what is in it: no word hides there."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(BytesIO(body)) as opened:
        return b"\n".join(opened.read(name) for name in opened.namelist())


def _code(answer, said, wrote):
    where = answer.headers.get("Location", "")
    if set(wrote) - RECORDS and answer.wsgi_request.method != "GET" and answer.status_code in (200, 302):
        return "do"
    if answer.status_code != 302:
        return CODES.get(answer.status_code, str(answer.status_code))
    if where.startswith(SIGN_IN):
        return "in"
    return "nx" if any(NOT_THERE_IN_THE_ADMIN in sentence for sentence in said) else "go"


def _plain(text, page):
    """Without what differs by itself: tokens, and the address that was asked for."""
    for differs, instead in _DIFFERS_BY_ITSELF:
        text = differs.sub(instead, text)
    path = page.partition("?")[0]
    for written in (path, quote(path), quote(path, safe="")):
        text = text.replace(written, "here")
    return re.sub(r"“\w+”", "“this”", text)


def _letters(world):
    rows = Message.objects.filter(pk__gt=world.newest).order_by("pk")
    return tuple(
        (row.to, row.kind, frozenset(met(f"{row.subject}\n{row.text}\n{row.html}\n{row.calendar}")))
        for row in rows
    )
