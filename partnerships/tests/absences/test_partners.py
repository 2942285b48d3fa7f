from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from applications.models import Absence
from applications.tests.factories import AbsenceFactory, ApplicationFactory
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import Disclosure, Partnership, State
from partnerships.queries.absences import away_on, days_away, told_absences
from partnerships.services.absences import tell_newcomers
from partnerships.tests.absences.acts import (
    A_MONTH,
    LONGER,
    NOW,
    TODAY,
    addresses,
    facilitator_of,
    go,
    sent,
    to_whom,
)
from partnerships.tests.factories import MembershipFactory, pair
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1d")]


# Who has just met


def test_newcomers_are_told_of_a_long_absence_once(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, from_on=date(2026, 2, 1), until_on=date(2026, 3, 1))

    for _ in range(2):
        tell_newcomers(partnership, at=NOW)

    assert to_whom() == addresses(mentee)
    assert Absence.objects.get().tells_partners is True


def test_newcomers_are_told_of_a_short_absence_only_where_that_was_wished(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    AbsenceFactory(application=mentee)

    tell_newcomers(partnership, at=NOW)

    assert to_whom() == addresses(mentee)


def test_newcomers_are_told_nothing_of_what_is_over(mentor, partnership):
    AbsenceFactory(
        application=mentor, from_on=date(2025, 11, 1), until_on=date(2026, 1, 13), tells_partners=True
    )

    tell_newcomers(partnership, at=NOW)

    assert to_whom() == []


def test_who_knows_already_hears_nothing_when_another_joins(group):
    lead = facilitator_of(group)
    go(lead)
    newcomer = MembershipFactory(
        partnership=group, application=ApplicationFactory(cohort=group.cohort)
    ).application

    tell_newcomers(group, at=NOW + timedelta(days=1))

    assert sent().count() == 4
    assert sent().last().to == newcomer.user.email


def test_a_newcomer_to_a_circle_has_their_own_absence_told(group):
    newcomer = ApplicationFactory(cohort=group.cohort)
    go(newcomer)
    before = [row.application for row in group.memberships.current()]
    MembershipFactory(partnership=group, application=newcomer)

    tell_newcomers(group, at=NOW)

    assert to_whom() == addresses(*before)


def test_newcomers_to_what_rests_are_told_when_it_goes_on(mentor, mentee, partnership):
    partnership.move_to(State.PAUSED, at=NOW)
    go(mentor)
    tell_newcomers(partnership, at=NOW)
    in_the_pause = to_whom()
    partnership.move_to(State.ACTIVE, at=NOW)

    tell_newcomers(partnership, at=NOW)

    assert (in_the_pause, to_whom()) == ([], addresses(mentee))


# Reminders


def waiting(*keys):
    for key in keys:
        MessageFactory(key=key, state="waiting")


def withdrawn():
    return sorted(Message.objects.filter(state="withdrawn").values_list("key", flat=True))


def test_waiting_reminders_of_a_pair_are_withdrawn(mentor, mentee, partnership):
    keys = [f"nudge/{mentor.user_id}/x", f"nudge/{mentee.user_id}/x", f"day-before/{partnership.pk}/1/2"]
    waiting(*keys, f"nudge/{mentee.user_id}9/x", f"day-before/{partnership.pk}9/1")

    go(mentor, A_MONTH)

    assert withdrawn() == sorted(keys)


def test_an_absence_still_far_away_withdraws_nothing(mentor):
    waiting(f"nudge/{mentor.user_id}/x")

    go(mentor, date(2026, 1, 20), from_on=date(2026, 1, 16))

    assert withdrawn() == []


def test_a_circle_goes_on_without_one_member(group):
    mentees = [row.application.user_id for row in group.memberships.filter(part="mentee")]
    waiting(*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1")

    go(group.memberships.filter(part="mentee")[0].application, A_MONTH)

    assert withdrawn() == [f"nudge/{mentees[0]}/x"]


def test_a_circle_rests_while_all_who_lead_it_are_away(group):
    mentees = [row.application.user_id for row in group.memberships.filter(part="mentee")]
    waiting(*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1")

    go(facilitator_of(group), A_MONTH)

    assert withdrawn() == sorted([*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1"])


# What is read


def test_clocks_know_all_absences_by_the_days_that_counted(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, from_on=date(2026, 1, 1), until_on=date(2026, 1, 10))
    AbsenceFactory(
        application=mentor,
        from_on=date(2026, 1, 11),
        until_on=date(2026, 2, 10),
        returned_on=date(2026, 1, 21),
    )
    AbsenceFactory(
        application=mentee,
        from_on=date(2026, 2, 1),
        until_on=date(2026, 2, 10),
        returned_on=date(2026, 2, 1),
    )
    lead = partnership.memberships.get(part="mentor")

    assert days_away([partnership]) == {partnership.pk: {lead.pk: [(date(2026, 1, 1), date(2026, 1, 20))]}}


def test_the_clocks_ask_as_often_for_three_as_for_one(partnership):
    more = [partnership, *(pair() for _ in range(2))]
    for made in more:
        for row in made.memberships.all():
            AbsenceFactory(application=row.application)
    counts = []

    for some in (more[:1], more):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = days_away(some)
        counts.append((len(queries), sum(len(members) for members in found.values())))

    assert counts == [(2, 2), (2, 6)]


def test_who_is_away_on_a_day(mentor, mentee):
    AbsenceFactory(application=mentor, from_on=TODAY, until_on=TODAY)
    AbsenceFactory(application=mentee, from_on=TODAY, until_on=LONGER, returned_on=TODAY)

    assert away_on([mentor, mentee], TODAY) == {mentor.pk}
    assert away_on([mentor.pk, mentee.pk], TODAY + timedelta(days=1)) == set()


def shown(partnership, viewer):
    rows = told_absences(partnership, viewer=viewer, at=NOW)
    return [(row.name, row.from_on, row.until_on) for row in rows]


@pytest.mark.clause("EI-1d", "ALL-2")
def test_a_page_shows_the_absences_of_others_that_were_told_with_a_record(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    AbsenceFactory(application=mentor, from_on=date(2026, 2, 10), until_on=date(2026, 2, 12))
    AbsenceFactory(application=mentee, tells_partners=True)

    assert shown(partnership, mentee.user) == [("Ada", date(2026, 1, 15), date(2026, 1, 28))]
    assert list(Disclosure.objects.values_list("of", "to", "facts", "channel")) == [
        (mentor.pk, mentee.user_id, "name", "page")
    ]


def test_a_page_shows_nothing_of_what_is_over_and_records_nothing(mentor, mentee, partnership):
    AbsenceFactory(
        application=mentor, from_on=date(2025, 12, 1), until_on=date(2026, 1, 13), tells_partners=True
    )

    assert (shown(partnership, mentee.user), Disclosure.objects.count()) == ([], 0)


def test_strangers_and_offices_see_no_absence(mentor, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    admin = DutyFactory(programme=partnership.cohort.programme).user

    assert [shown(partnership, person) for person in (admin, UserFactory())] == [[], []]


def test_in_a_pause_no_absence_is_seen(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    partnership.move_to(State.PAUSED, at=NOW)

    assert shown(partnership, mentee.user) == []


def test_a_page_asks_as_often_for_three_absences_as_for_one(group):
    viewer = facilitator_of(group).user
    counts = []
    for row in group.memberships.filter(part="mentee"):
        AbsenceFactory(application=row.application, tells_partners=True)
        with CaptureQueriesContext(connection) as queries:
            seen = shown(Partnership.objects.get(pk=group.pk), viewer)
        counts.append((len(seen), len(queries)))

    assert [people for people, _ in counts] == [1, 2, 3]
    assert counts[0][1] == counts[2][1]
