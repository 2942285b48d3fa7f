"""Two people, or one person twice, at the same moment."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import connection, transaction

from accounts.models import User
from applications.models import Application
from mentorship.lib.locks import lock_rows
from outbox.models import Message
from partnerships import services
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, EndReason, Flag
from partnerships.services.rights import lock
from partnerships.tests.factories import circle, pair
from partnerships.tests.people import member, user
from programmes.facts import Direction
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, PathwayFactory
from tests.at_once import at_once, by_another

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.mark.clause("EI-1b")
def test_asking_to_leave_many_times_at_once_is_asking_once():
    partnership = pair()
    ask = partial(services.ask_to_leave, partnership, reason="fit", wants_new_partner=True, at=NOW)

    at_once(*[partial(ask, by=user(partnership, part)) for part in ("mentor", "mentee") * 4])

    assert sorted(Flag.objects.open().values_list("membership", flat=True)) == sorted(
        partnership.memberships.values_list("pk", flat=True)
    )
    assert Message.objects.count() == 2


def test_a_flag_raised_many_times_at_once_is_one():
    partnership = pair()
    raise_it = partial(services.raise_flag, partnership, kind=Flag.Kind.BROKEN, at=NOW)

    at_once(*[raise_it] * 6)

    assert (Flag.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.clause("BM-7")
def test_sweeps_at_once_flag_a_circle_once():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=3, largest=6)
    circle(cohort, members=1)

    at_once(*[partial(services.check_circles, at=NOW)] * 4)

    assert list(Flag.objects.values_list("kind", flat=True)) == ["small"]


@pytest.mark.clause("EI-2")
def test_ending_asking_and_pausing_at_once_leave_one_end_and_one_letter_each():
    partnership = pair()
    acts = [
        partial(services.end, partnership, by=None, at=NOW, reason=EndReason.OFFICE),
        partial(services.end, partnership, by=None, at=NOW, reason=EndReason.PROGRAMME),
        partial(services.pause, partnership, by=None, at=NOW),
        partial(
            services.ask_to_leave,
            partnership,
            by=user(partnership),
            reason="time",
            wants_new_partner=True,
            at=NOW,
        ),
    ]

    at_once(*acts)

    partnership.refresh_from_db()
    letters = Message.objects.filter(
        kind__in=["partnerships/email/ended_early", "partnerships/email/closing"]
    )
    assert (partnership.state, letters.count(), Flag.objects.open().count()) == ("ended", 2, 0)


@pytest.mark.clause("BM-7")
def test_two_mergers_crossing_each_other_leave_one_circle():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=1, largest=8)
    one, other = circle(cohort), circle(cohort)
    leaver = member(one)

    at_once(
        partial(services.merge, one, into=other, by=None, at=NOW),
        partial(services.merge, other, into=one, by=None, at=NOW),
        partial(services.let_go, leaver, by=None, at=NOW),
    )

    states = sorted(p.state for p in type(one).objects.all())
    assert states == ["active", "ended"]


@pytest.mark.clause("EI-1d")
def test_a_card_is_seen_while_something_is_done_with_its_partnership_and_its_people():
    """The record of it points to rows that are locked: if it waited, it would wait in an order of its own."""
    partnership = pair()
    mentor = user(partnership, "mentor")
    for direction in Direction.values:
        DisclosedFactFactory(policy_version=partnership.cohort.policy, direction=direction, fact="name")
    see = partial(cards_for, partnership, viewer=mentor, channel=Disclosure.Channel.PAGE, at=NOW)

    with transaction.atomic():
        lock(partnership)
        lock_rows(Application.objects.all())
        lock_rows(User.objects.all())
        by_another(see)

    assert list(Disclosure.objects.values_list("of", "to")) == [
        (member(partnership).application_id, mentor.pk)
    ]
