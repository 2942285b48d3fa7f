"""Who may do what, cell by cell, and that what isn't yours can't be told from what isn't there."""

from collections import defaultdict

import pytest

from tests.walls.canaries import OURS, THEIRS
from tests.walls.columns import LINKS, expected, met_in
from tests.walls.crawl import RECORDS, walk
from tests.walls.table import REHEARSAL
from tests.walls.table.columns import MAY_MEET

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
# Who work for the other programme; a superuser sees both.
ELSEWHERE = {"XA", "XH"}
# A link of ours that is over says so, to whoever has it: nobody can guess one.
SAYS_THAT_IT_IS_OVER = "41"


def by_object(crawl):
    """For each route, role and object what each method answered."""
    found = defaultdict(dict)
    for cell in crawl.cells:
        found[cell.route, cell.role, cell.of][cell.method] = cell
    return found


def test_every_cell_is_as_the_table_says(crawl):
    assert crawl.wrong == []


@pytest.mark.clause("BM-2")
def test_what_is_not_yours_answers_like_what_does_not_exist(crawl):
    """Status, headers, messages and every byte of the body, but for tokens and the address itself."""
    objects, differ, compared = by_object(crawl), [], 0
    for (route, role, of), cells in objects.items():
        is_yours = any(not cell.is_refused or cell.got == SAYS_THAT_IT_IS_OVER for cell in cells.values())
        for method, missing in objects.get((route, role, "missing"), {}).items():
            if of == "missing" or is_yours or method not in cells:
                continue
            compared += 1
            if (cells[method].got, cells[method].answer) != (missing.got, missing.answer):
                differ.append(f"{cells[method].place}: {cells[method].got}, missing {missing.got}")

    assert differ == []
    assert compared > 1000


def test_reading_writes_down_who_read_and_nothing_else(crawl):
    wrote = [(cell.place, set(cell.wrote) - RECORDS) for cell in crawl.cells if cell.method == "GET"]

    assert [each for each in wrote if each[1]] == []


def test_what_a_page_offers_to_nobody_is_offered_to_no_role(crawl):
    """Methods that no page of ours uses never write."""
    assert [str(cell) for cell in crawl.cells if cell.method not in {"GET", "POST"} and cell.wrote] == []


# Canaries


def test_nobody_of_a_programme_meets_a_word_of_another_one(crawl):
    """On no page, in no file, in no header. A signed link shows what its message said to whoever has it."""
    met = [
        (cell.place, word)
        for cell in crawl.cells
        for word in cell.met
        if cell.role not in {*ELSEWHERE, "SU"} and word.startswith(THEIRS) and cell.route not in LINKS
    ]

    assert met == []


@pytest.mark.clause("ALL-2", "BM-2")
def test_each_role_meets_the_columns_that_it_may_and_no_others(world, crawl):
    """What a policy doesn't disclose is met by no partner; what is nobody's business by nobody."""
    met, may = met_in(world, crawl.cells), expected(MAY_MEET)
    differ = {
        column: (sorted(met.get(column, set()) - roles), sorted(roles - met.get(column, set())))
        for column in {*met, *may}
        if (roles := may.get(column, set())) != met.get(column, set())
    }

    assert differ == {}


def test_a_search_of_a_handler_finds_who_they_name(world, crawl):
    """It writes nothing, so that no cell could tell it from an empty form: whom it finds stands nowhere else there."""
    word = world.ours.people["office mentee"].name.lower()
    found = {cell.role for cell in crawl.cells if cell.route == "case_find" and word in cell.met}

    assert found == {"CH"}


def test_no_letter_that_a_verb_posts_has_a_word_of_the_other_programme(world, crawl):
    """By the herd of who reads it."""
    ours = {user.email for user in world.ours.people.values()} | {
        world.ours.rows["programme"].contact_address
    }
    other = {True: THEIRS, False: OURS}
    letters = [(to, kind, word) for cell in crawl.cells for to, kind, words in cell.letters for word in words]

    assert len({kind for _, kind, _ in letters}) > 12
    assert [letter for letter in letters if letter[2].startswith(other[letter[0] in ours])] == []


def test_the_mailbox_of_the_rehearsal_is_open_and_takes_nothing(world, example):
    assert walk(world, REHEARSAL).wrong == []
