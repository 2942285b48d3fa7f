from datetime import date, timedelta

import pytest

from mentorship.lib.refusals import NotPossible
from programmes import queries
from programmes.tests.factories import CohortFactory, ProgrammeFactory

ON = date(2026, 1, 14)
pytestmark = pytest.mark.django_db


def cohort(programme, slug, *, sign_up, runs):
    """A cohort by days from `ON`: when sign-up opens and closes, when it starts and ends."""
    days = [ON + timedelta(days=number) for number in (*sign_up, *runs)]
    names = ["sign_up_opens_on", "sign_up_closes_on", "starts_on", "ends_on"]
    return CohortFactory(programme=programme, slug=slug, **dict(zip(names, days, strict=True)))


PAST = {"sign_up": (-300, -260), "runs": (-250, -100)}
RUNNING = {"sign_up": (-60, -30), "runs": (-20, 100)}
OPEN = {"sign_up": (-5, 5), "runs": (20, 200)}
LATER = {"sign_up": (30, 60), "runs": (90, 200)}
LATEST = {"sign_up": (400, 430), "runs": (450, 600)}


@pytest.mark.parametrize(
    ("there", "current"),
    [
        ({}, None),
        ({"past": PAST}, "past"),
        ({"past": PAST, "running": RUNNING}, "running"),
        ({"running": RUNNING, "open": OPEN, "later": LATER}, "open"),
        ({"running": RUNNING, "later": LATER, "latest": LATEST}, "later"),
        ({"past": PAST, "latest": LATEST, "later": LATER}, "later"),
    ],
)
def test_a_visitor_asks_about_the_open_cohort_or_the_next_or_the_running_or_the_last(there, current):
    programme = ProgrammeFactory()
    for slug, days in there.items():
        cohort(programme, slug, **days)
    found = queries.current_cohort(programme, ON)
    assert (found.slug if found else None) == current


@pytest.mark.parametrize(("days", "is_open"), [(-6, False), (-5, True), (5, True), (6, False)])
def test_sign_up_is_open_from_its_first_to_its_last_day(days, is_open):
    found = cohort(ProgrammeFactory(), "open", **OPEN)
    assert found.is_open_for_sign_up(ON + timedelta(days=days)) is is_open


def test_a_page_shows_every_cohort_to_come_and_none_that_was():
    programme = ProgrammeFactory()
    for slug, days in {"later": LATER, "past": PAST, "running": RUNNING}.items():
        cohort(programme, slug, **days)
    assert [shown.slug for shown in queries.cohorts_to_show(programme, ON)] == ["running", "later"]


def test_a_page_shows_the_last_cohort_when_all_are_over():
    programme = ProgrammeFactory()
    cohort(programme, "past", **PAST)
    cohort(programme, "older", sign_up=(-700, -690), runs=(-680, -600))
    assert [shown.slug for shown in queries.cohorts_to_show(programme, ON)] == ["past"]


def test_a_cohort_is_found_by_its_slugs():
    found = CohortFactory(programme__slug="ei-alumni", slug="2025-26")
    assert queries.cohort_named("ei-alumni", "2025-26") == found


def test_an_unknown_programme_is_answered_with_those_that_exist():
    ProgrammeFactory(slug="ei-alumni", position=1)
    ProgrammeFactory(slug="bame-staff", position=2)
    with pytest.raises(NotPossible, match=r"^There is no programme “x”. There are: ei-alumni, bame-staff.$"):
        queries.cohort_named("x", "2025-26")


def test_an_unknown_cohort_is_answered_with_those_that_exist():
    CohortFactory(programme__slug="ei-alumni", slug="2025-26")
    CohortFactory(slug="elsewhere")
    with pytest.raises(NotPossible, match=r"^ei-alumni has no cohort “x”. There are: 2025-26.$"):
        queries.cohort_named("ei-alumni", "x")
