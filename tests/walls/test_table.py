"""The table is whole: every route stands in it, and nothing else does."""

from tests.walls.routes import routes
from tests.walls.table import REHEARSAL, ROWS

# Asked by address, since no route of theirs may ever be there.
NOWHERE = {"/nothing/", "/mailbox/", "/admin/r/1/1/"}


def named(rows):
    return {row.route for row in rows}


def test_every_route_has_a_row():
    assert sorted(routes() - named(ROWS)) == []


def test_every_row_has_a_route():
    assert sorted(named(ROWS) - routes() - NOWHERE) == []


def test_the_rehearsal_adds_the_mailbox_and_nothing_else(example):
    assert sorted(routes() - named(ROWS)) == sorted(named(REHEARSAL))


def test_no_row_stands_twice():
    places = [(row.route, row.of, row.method) for row in ROWS]

    assert [place for place in set(places) if places.count(place) > 1] == []


def test_every_route_that_takes_an_object_is_asked_for_one_that_is_missing():
    asked = {row.route for row in ROWS if row.of.startswith(("missing", "invented"))}
    with_object = {row.route for row in ROWS if not row.of.startswith("-")}

    assert sorted(with_object - asked - {"admin:app_list"}) == []
