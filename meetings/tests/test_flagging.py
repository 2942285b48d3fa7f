"""What the clocks tell the office (BM-5, EI-1d)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from applications.tests.factories import AbsenceFactory
from meetings.services.flagging import flag_due
from meetings.tests.factories import MeetingFactory
from outbox.models import Message
from partnerships.models import Flag, Partnership
from partnerships.services import flags
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, KeyDateFactory, ProgrammeFactory
from tests.breaking import breaks

pytestmark = pytest.mark.django_db

# With a rhythm of four to six weeks from 1 December, the first meeting is due by 12 January and broken on the 26th.
NOW = datetime(2026, 1, 26, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def rhythm(**cohort):
    programme = ProgrammeFactory(weeks_between_meetings_least=4, weeks_between_meetings_most=6)
    return CohortFactory(programme=programme, **cohort)


@pytest.mark.clause("BM-5")
def test_the_office_is_told_once_when_nobody_has_met_for_too_long():
    made = pair(cohort=rhythm())

    assert [flag_due(at=NOW + number * DAY) for number in (-1, 0, 0, 1)] == [0, 1, 0, 0]

    (flag,) = Flag.objects.all()
    assert (flag.partnership, flag.kind, flag.membership) == (made, Flag.Kind.BROKEN, None)
    assert list(Message.objects.values_list("to", flat=True)) == [made.cohort.programme.contact_email]


def test_a_clock_that_stood_still_still_flags():
    pair(cohort=rhythm())

    assert flag_due(at=NOW + 20 * DAY) == 1


def test_what_the_office_has_settled_is_not_raised_again_for_the_same_meeting():
    pair(cohort=rhythm())
    flag_due(at=NOW)
    flags.settle_all(Flag.objects.all(), by=None, at=NOW)

    assert [flag_due(at=NOW + number * DAY) for number in (1, 20)] == [0, 0]


def test_a_flag_settles_itself_once_they_have_met():
    made = pair(cohort=rhythm())
    flag_due(at=NOW)
    MeetingFactory(partnership=made, held_on=date(2026, 1, 26))

    flag_due(at=NOW + DAY)

    assert Flag.objects.get().settled_at == NOW + DAY


def test_the_next_meeting_that_is_missing_is_flagged_anew():
    made = pair(cohort=rhythm())
    flag_due(at=NOW)
    MeetingFactory(partnership=made, held_on=date(2026, 1, 26))
    flag_due(at=NOW + DAY)

    assert flag_due(at=NOW + 60 * DAY) == 1


@pytest.mark.clause("EI-1d")
def test_an_absence_that_leaves_too_little_time_is_flagged_once():
    cohort = CohortFactory(programme=ProgrammeFactory(official_meetings=1))
    KeyDateFactory(cohort=cohort, kind="meeting", opens_on=date(2026, 1, 1), closes_on=date(2026, 4, 15))
    made = pair(cohort=cohort)
    AbsenceFactory(
        application=made.memberships.first().application,
        from_on=date(2026, 2, 1),
        until_on=date(2026, 3, 15),
        announced_at=NOW,
    )

    assert [flag_due(at=NOW + number * DAY) for number in (0, 1)] == [1, 0]
    assert Flag.objects.get().kind == Flag.Kind.SQUEEZED


@pytest.mark.clause("EI-1d")
def test_nothing_breaks_in_an_absence_or_in_a_pause():
    away, paused = pair(cohort=rhythm()), pair(cohort=rhythm())
    AbsenceFactory(
        application=away.memberships.first().application,
        from_on=date(2026, 1, 14),
        until_on=date(2026, 2, 10),
    )
    Partnership.objects.filter(pk=paused.pk).update(state="paused", paused_at=NOW)

    assert flag_due(at=NOW) == 0


@pytest.mark.clause("EI-2")
def test_nothing_is_flagged_after_the_end():
    pair(cohort=rhythm(ends_on=date(2026, 1, 25)))

    assert flag_due(at=NOW) == 0


def test_one_that_cannot_be_flagged_holds_back_no_other(caplog):
    cohort = rhythm()
    broken, whole = pair(cohort=cohort), pair(cohort=cohort)

    with breaks(Flag, partnership_id=broken.pk):
        assert flag_due(at=NOW) == 1

    assert list(Flag.objects.values_list("partnership", flat=True)) == [whole.pk]
    assert [record.message for record in caplog.records] == [f"Partnership {broken.pk} could not be flagged."]
    assert flag_due(at=NOW) == 1


def test_the_number_of_queries_does_not_grow_where_nothing_is_raised(
    django_assert_num_queries, django_assert_max_num_queries
):
    pair(cohort=rhythm())
    with django_assert_max_num_queries(11) as quiet:
        flag_due(at=NOW - 10 * DAY)
    for _ in range(2):
        pair(cohort=rhythm())

    with django_assert_num_queries(len(quiet)):
        flag_due(at=NOW - 10 * DAY)
