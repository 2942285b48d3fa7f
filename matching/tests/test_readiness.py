from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.tests.factories import ApplicationFactory, MentorFactory
from matching.readiness import Demand, readiness
from matching.tests.people import mentee, mentor, sector
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import circle, pair
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, OptionFactory, WeightFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


def asks(cohort, fact, *roles):
    for role in roles or ("mentee", "mentor"):
        Ask.objects.create(programme=cohort.programme, role=role, fact=fact, section="S", label=fact)


def groups(cohort):
    """Per reason the names and notes of its people."""
    found = readiness(cohort, on=TODAY).groups
    return {group.key: [(person.name, person.note) for person in group.people] for group in found}


@pytest.mark.parametrize("side", [mentee, mentor])
def test_a_run_needs_both_sides(cohort, side):
    side(cohort)

    assert not readiness(cohort, on=TODAY).can_run


def test_the_pool_is_counted_with_its_places(cohort):
    mentor(cohort, places=3)
    mentor(cohort)
    mentee(cohort)

    found = readiness(cohort, on=TODAY)

    (room,) = found.rooms
    assert (found.mentees, found.mentors, found.left_over) == (1, 2, 0)
    assert (room.label, room.wanted, room.mentors, room.places) == ("One-to-one", 1, 2, 4)
    assert found.can_run


@pytest.mark.parametrize("state", ["submitted", "queried", "waitlisted"])
def test_who_still_waits_for_a_decision_is_named(cohort, state):
    person = ApplicationFactory(cohort=cohort, state=state)

    assert groups(cohort) == {state: [(person.user.name, "since 7 October 2025")]}


def test_drafts_are_counted_and_not_named(cohort):
    ApplicationFactory(cohort=cohort, draft=True)

    found = readiness(cohort, on=TODAY)

    assert (found.drafts, found.groups) == (1, ())


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_who_is_declined_or_has_withdrawn_is_not_asked_after(cohort, state):
    ApplicationFactory(cohort=cohort, state=state)

    assert groups(cohort) == {}


@pytest.mark.clause("EI-1")
def test_who_has_not_accepted_the_policy_is_named(cohort):
    person = mentee(cohort, accepted=False)

    assert groups(cohort) == {"policy": [(person.user.name, "")]}


@pytest.mark.clause("BM-9")
def test_who_is_on_hold_is_named_with_the_day(cohort):
    until = date(2026, 3, 31)
    person = mentee(cohort, has_mentor_until=until, hold_until=until)

    assert groups(cohort) == {"hold": [(person.user.name, "until 31 March 2026")]}


def test_whom_the_rules_exclude_is_named_with_what_they_say(cohort):
    OptionFactory(programme=cohort.programme, fact="staff_group", name="Academic", is_eligible=False)
    person = mentee(cohort, staff_group="Academic")

    assert groups(cohort) == {
        "rules": [(person.user.name, "Staff group “Academic” is outside this programme for now.")]
    }


def test_whose_account_is_closed_is_named(cohort):
    person = mentee(cohort, user__is_active=False)

    assert groups(cohort) == {"closed": [(person.user.name, "")]}


def test_mentors_who_offer_no_place_are_named(cohort):
    person = mentor(cohort, places=0)

    assert groups(cohort) == {"no_place": [(person.user.name, "")]}


def test_mentors_whose_places_are_taken_are_counted_only(cohort):
    pair(mentor=mentor(cohort, places=1), mentee=mentee(cohort))

    found = readiness(cohort, on=TODAY)

    assert (found.full, found.introduced, found.groups) == (1, 1, ())


@pytest.mark.clause("BM-8")
def test_a_mentor_with_a_place_left_who_can_not_be_matched_is_named(cohort):
    busy = mentor(cohort, places=2)
    pair(mentor=busy, mentee=mentee(cohort))
    busy.acceptances.all().delete()

    assert groups(cohort) == {"policy": [(busy.user.name, "")]}


def test_mentees_who_are_introduced_are_counted_only(cohort):
    pair(mentor=mentor(cohort, places=2), mentee=mentee(cohort))

    found = readiness(cohort, on=TODAY)

    assert (found.introduced, found.mentees, found.mentors, found.groups) == (1, 0, 1, ())


@pytest.mark.clause("BM-7")
def test_who_chose_a_pathway_that_is_not_offered_is_named(cohort):
    person = mentee(cohort, pathway="circle")

    assert groups(cohort) == {"pathway": [(person.user.name, "chose Mentoring circle")]}


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize(
    ("wishes", "left_over"),
    [
        (["one_to_one"], 0),
        (["one_to_one", "one_to_one"], 1),
        (["one_to_one", "either"], 0),
        (["circle"] * 4, 1),
        (["circle"] * 3 + ["either"] * 2, 1),
    ],
)
def test_places_are_set_against_who_would_take_them(cohort, with_circles, wishes, left_over):
    mentor(cohort, places=1)
    mentor(cohort, places=0, can_facilitate=True)
    for wish in wishes:
        mentee(cohort, pathway=wish)

    found = readiness(cohort, on=TODAY)

    assert found.left_over == left_over
    assert {room.kind: room.places for room in found.rooms} == {"one_to_one": 1, "circle": 3}


@pytest.mark.clause("BM-7")
def test_seats_of_a_circle_that_meets_are_places(cohort, with_circles):
    circle(cohort, members=2)

    found = readiness(cohort, on=TODAY)

    assert {room.kind: (room.mentors, room.places) for room in found.rooms}["circle"] == (1, 1)


class TestDemand:
    def test_each_option_is_counted_and_the_greatest_shortage_comes_first(self, cohort):
        mentor(cohort, "Finance", "Law", places=2)
        mentee(cohort, "Finance")
        for _ in range(4):
            mentee(cohort, "Law")
        mentee(cohort, "Media")

        ((title, rows),) = readiness(cohort, on=TODAY).demand

        assert title == "By sector"
        assert rows == (
            Demand("Law", wanted=4, offering=1, places=2, most=4),
            Demand("Media", wanted=1, offering=0, places=0, most=4),
            Demand("Finance", wanted=1, offering=1, places=2, most=4),
        )
        assert [(row.short, row.wanted_share, row.places_share) for row in rows] == [
            (2, 100, 50),
            (1, 25, 0),
            (0, 25, 50),
        ]

    def test_what_does_not_count_has_no_table(self, cohort):
        cohort.programme.pathways.get().weights.update(strength=0)
        mentee(cohort, "Law")

        assert readiness(cohort, on=TODAY).demand == ()

    def test_only_who_would_be_matched_where_it_counts_is_counted(self, cohort, with_circles):
        with_circles.weights.update(strength=0)
        mentor(cohort, "Law", places=1, can_facilitate=True)
        mentee(cohort, "Law", pathway="circle")
        mentee(cohort, "Law", pathway="either")

        ((_, rows),) = readiness(cohort, on=TODAY).demand

        assert [(row.wanted, row.places) for row in rows] == [(1, 1)]


class TestBlanks:
    def test_who_left_blank_what_counts_is_named(self, cohort):
        asks(cohort, "sectors")
        silent = mentee(cohort)
        mentee(cohort, "Law")

        found = readiness(cohort, on=TODAY)

        assert [(p.application, p.note) for p in found.blanks.people] == [(silent.pk, "Employment sectors")]

    def test_what_has_no_weight_may_be_blank(self, cohort):
        asks(cohort, "division")
        mentee(cohort, "Law")

        assert readiness(cohort, on=TODAY).blanks.people == ()

    def test_what_counts_and_is_not_asked_is_said_once(self, cohort):
        asks(cohort, "sectors")
        asks(cohort, "band", "mentor")
        WeightFactory(pathway=cohort.programme.pathways.get(), part="level")
        for _ in range(2):
            mentee(cohort, "Law")
        mentor(cohort, "Law", band=7)

        found = readiness(cohort, on=TODAY)

        assert found.blanks.people == ()
        assert found.blanks.unasked == (
            "“The mentor is more senior” counts, but isn’t asked of mentees: it makes no difference.",
        )

    def test_whom_a_rule_can_not_see_is_named(self, cohort):
        cohort.programme.pathways.update(forbids_line_management=True, forbids_same_manager=True)
        asks(cohort, "line_manager_email", "mentee")
        silent = mentee(cohort)
        mentee(cohort, line_manager_email="boss@lse.example")
        mentor(cohort)

        ((fact, people),) = readiness(cohort, on=TODAY).blanks.unseen

        assert (fact, [person.application for person in people]) == ("Line manager's e-mail", [silent.pk])

    def test_a_rule_that_is_off_needs_no_answer(self, cohort):
        asks(cohort, "line_manager_email")
        mentee(cohort)

        assert readiness(cohort, on=TODAY).blanks.unseen == ()


@pytest.mark.clause("ALL-1")
def test_people_of_another_cohort_are_not_in_it(cohort):
    ApplicationFactory(state="submitted")
    other = CohortFactory(programme=cohort.programme, slug="2024-25")
    mentee(other)

    found = readiness(cohort, on=TODAY)

    assert (found.mentees, found.accepted, found.groups, found.can_run) == (0, 0, (), False)


def test_a_programme_without_a_pathway_is_refused():
    with pytest.raises(NotPossible, match="doesn't have that pathway"):
        readiness(CohortFactory(), on=TODAY)


def test_the_number_of_queries_does_not_grow_with_the_people(cohort):
    asks(cohort, "sectors")
    sector(cohort, "Law")
    counts = []
    for _ in range(2):
        for _ in range(2):
            mentor(cohort, "Law"), mentee(cohort, "Law"), mentee(cohort, accepted=False)
            ApplicationFactory(cohort=cohort, waiting=True)
            pair(mentor=mentor(cohort), mentee=mentee(cohort))
            MentorFactory(cohort=cohort, places=0)
        with CaptureQueriesContext(connection) as queries:
            readiness(cohort, on=TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]
