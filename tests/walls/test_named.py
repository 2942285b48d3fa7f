"""Whoever a case is kept from finds what the reporter's partner finds: nothing, byte for byte, whatever their duty."""

from itertools import groupby

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from concerns import services
from programmes.tests.factories import DutyFactory
from tests.walls.crawl import knock, walk
from tests.walls.side import NOW, file_of_the_mentee
from tests.walls.table import NOT_ASKED, Row, concerns, read
from tests.walls.world import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "ALL-1")]
# Handlers, all of them, and how a case came to be kept from each.
STRUCK_OUT = {
    "by a word of their name": "Ada Brook",
    "by their address": "Bea Cole",
    "by what the reporter tells": "Cyd Dale",
    "by another handler": "Dot Eames",
    "before a superuser was given the duty": "Eve Frome",
}
NAMED = "Dr Brook, bea.cole@lse.example; Frome"
NOT_NAMED = "Fay Grove"


@pytest.fixture
def struck(world, monkeypatch):
    """Both cases of the mentee filed anew, and kept from each of these people in their way; the pair rests."""
    people = {name: _person(name) for name in [*STRUCK_OUT.values(), NOT_NAMED]}
    root = people[STRUCK_OUT["before a superuser was given the duty"]]
    for person in people.values():
        if person != root:
            _give_the_duty(world, person)
    rests = {"by": world.ours.people["handler"], "partnership": world.ours.rows["resting"], "at": NOW}
    services.resume(world.ours.rows["case"], **rests)
    for name in ("case", "answered case"):
        filed = file_of_the_mentee(world.ours, tells=" I told Cyd Dale.", named=NAMED)
        monkeypatch.setitem(world.ours.rows, name, filed)
    services.pause(world.ours.rows["case"], **rests)
    _handle(world)
    _give_the_duty(world, root)
    for name, person in people.items():
        monkeypatch.setitem(world.clients, name, Visitor())
        world.clients[name].force_login(person)
    return world


def _person(name):
    address = f"{name.lower().replace(' ', '.')}@lse.example"
    return UserFactory(name=name, email=address, is_superuser=name == "Eve Frome")


def _give_the_duty(world, person):
    DutyFactory(user=person, programme=world.ours.rows["programme"], kind="concerns")


def _handle(world):
    by = world.ours.people["handler"]
    services.answer(world.ours.rows["answered case"], by=by, text="Thank you.", at=NOW)
    for name in ("case", "answered case"):
        services.keep_from(world.ours.rows[name], by=by, named="Eames", at=NOW)


def rows_as(role, name):
    """Everything about concerns that a role is asked, expected of somebody else."""
    return [
        Row(row.route, row.of, row.method, {name: row.expected[role]})
        for row in read(concerns.TABLE)
        if row.expected[role] != NOT_ASKED
    ]


def doors(cells):
    """Cells of one route and method: what answers like what isn't there stands with it."""

    def door(cell):
        return cell.route, cell.method

    return [list(group) for _, group in groupby(sorted(cells, key=door), door)]


@pytest.mark.parametrize("name", STRUCK_OUT.values(), ids=STRUCK_OUT)
def test_who_is_struck_out_has_what_the_partner_has(struck, name):
    crawl = walk(struck, rows_as("SH", name))

    assert crawl.wrong == []
    for cells in doors(crawl.cells):
        if any(cell.of == "missing" for cell in cells):
            refused = [(cell.got, cell.answer) for cell in cells if cell.is_refused]
            assert (len(refused) > 1, len(set(refused))) == (True, 1)


@pytest.mark.parametrize("name", STRUCK_OUT.values(), ids=STRUCK_OUT)
def test_no_list_has_a_sign_of_the_case(struck, name):
    pages = [reverse("home"), reverse("my_concerns"), *(f"{reverse('cases')}?show={show}" for show in SHOWN)]
    references = [struck.ours.rows[case].reference for case in ("case", "answered case")]

    told = [
        page for page in pages if _has_any(references, struck.clients[name].get(page, follow=True).content)
    ]

    assert told == []


SHOWN = ["open", "mine", "closed"]


def _has_any(words, content):
    return any(word in content.decode() for word in words)


def test_a_handler_who_is_not_named_opens_it(struck):
    """Or the tests above would pass where no new handler can open anything."""
    crawl = walk(struck, rows_as("CH", NOT_NAMED))
    cases = struck.clients[NOT_NAMED].get(reverse("cases")).content

    assert crawl.wrong == []
    assert _has_any([struck.ours.rows["case"].reference], cases)


def test_who_is_struck_out_is_no_reader_to_whom_a_case_is_given(struck):
    """The form of whoever may give it takes them for nobody."""
    page = reverse("case_assign", args=[struck.ours.rows["case"].pk])
    row = Row("case_assign", "case", "POST", {})

    given = {
        name: knock(struck, row, page, NOT_NAMED, "ok", {"to": _number(struck, name)}).got
        for name in [*STRUCK_OUT.values(), NOT_NAMED]
    }

    assert given == dict.fromkeys(STRUCK_OUT.values(), "ok") | {NOT_NAMED: "do"}


def _number(world, name):
    return world.clients[name].session["_auth_user_id"]
