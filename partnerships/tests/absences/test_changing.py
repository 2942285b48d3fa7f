from datetime import date, timedelta

import pytest

from applications.models import Absence
from applications.tests.factories import AbsenceFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import Disclosure, State
from partnerships.queries.absences import own_absences
from partnerships.services.absences import change, return_early
from partnerships.tests.absences.acts import (
    A_MONTH,
    LONGER,
    NOW,
    TODAY,
    addresses,
    go,
    sent,
    to_whom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1d")]


# Another last day


def test_an_absence_that_becomes_longer_than_a_month_is_told(mentor, mentee):
    absence = go(mentor, A_MONTH)

    changed = change(absence, by=mentor.user, until_on=LONGER, at=NOW)

    assert (to_whom(), changed.tells_partners) == (addresses(mentee), True)
    assert "- from 14 January 2026 to 14 February 2026\n" in sent().get().text


def test_a_silent_absence_that_stays_short_stays_silent(mentor):
    absence = go(mentor, date(2026, 1, 20))

    change(absence, by=mentor.user, until_on=A_MONTH, at=NOW)

    assert (Message.objects.count(), Absence.objects.get().until_on) == (0, A_MONTH)


@pytest.mark.parametrize("last", [date(2026, 1, 20), date(2026, 4, 1)])
def test_who_was_told_is_told_of_the_new_day(mentor, mentee, last):
    absence = go(mentor)

    change(absence, by=mentor.user, until_on=last, at=NOW)

    assert to_whom() == addresses(mentee, mentee)
    assert f"to {last.day} {last:%B} 2026\n" in sent().last().text


def test_a_last_day_that_comes_back_is_told_again(mentor):
    absence = go(mentor)
    for last in (A_MONTH, LONGER, A_MONTH):
        change(absence, by=mentor.user, until_on=last, at=NOW)

    said = [message.text.splitlines()[3] for message in sent()]
    assert said == [f"- from 14 January 2026 to {day} February 2026" for day in (14, 13, 14, 13)]


def test_the_same_last_day_changes_nothing(mentor):
    absence = go(mentor)

    change(absence, by=mentor.user, until_on=LONGER, at=NOW)

    assert sent().count() == 1


def test_a_part_cut_off_from_a_told_whole_is_told_with_the_rest(mentor):
    first = go(mentor, date(2026, 2, 1))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    change(first, by=mentor.user, until_on=date(2026, 1, 20), at=NOW)

    assert sent().last().text.splitlines()[3:5] == [
        "- from 14 January 2026 to 20 January 2026",
        "- from 2 February 2026 to 20 February 2026",
    ]


def test_a_new_last_day_may_not_run_into_the_next_absence(mentor):
    absence = go(mentor, date(2026, 1, 20))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    with pytest.raises(NotPossible, match="from 2 February 2026"):
        change(absence, by=mentor.user, until_on=date(2026, 2, 2), at=NOW)


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (date(2026, 1, 13), "That day has passed"),
        (date(2026, 1, 9), "can’t lie before the first"),
        (date(2027, 1, 15), "within a year"),
    ],
)
def test_a_new_last_day_makes_sense(mentor, last, sentence):
    absence = go(mentor, A_MONTH, from_on=date(2026, 1, 10))

    with pytest.raises(NotPossible, match=sentence):
        change(absence, by=mentor.user, until_on=last, at=NOW)


def test_what_is_over_is_neither_changed_nor_ended_again(mentor):
    past = AbsenceFactory(application=mentor, from_on=date(2026, 1, 1), until_on=date(2026, 1, 13))
    ended = go(mentor, LONGER)
    return_early(ended, by=mentor.user, at=NOW)

    for absence in (past, ended):
        with pytest.raises(NotPossible, match="over already"):
            change(absence, by=mentor.user, until_on=LONGER, at=NOW)
        with pytest.raises(NotPossible, match="over already"):
            return_early(absence, by=mentor.user, at=NOW)


# Back before the last day


def test_who_is_back_early_says_so_to_whom_they_told(mentor, mentee, clock):
    absence = go(mentor, from_on=date(2026, 1, 10))

    returned = return_early(absence, by=mentor.user, at=NOW)

    assert (returned.returned_on, returned.last_on) == (TODAY, TODAY - timedelta(days=1))
    assert to_whom("back") == addresses(mentee)
    message = sent("back").get()
    assert message.subject == "Your mentoring programme"
    assert message.text.splitlines()[2] == "Ada is back earlier than announced."
    assert "Ada is back earlier than announced." in message.html


def test_an_absence_called_off_has_no_day_left(mentor):
    absence = go(mentor, date(2026, 3, 20), from_on=date(2026, 2, 1))

    returned = return_early(absence, by=mentor.user, at=NOW)

    assert (returned.returned_on, own_absences(mentor, TODAY)) == (date(2026, 2, 1), [])
    assert (
        sent("back").get().text.splitlines()[2]
        == "Ada isn't away from 1 February 2026 to 20 March 2026 after all."
    )


def test_the_return_from_a_silent_absence_is_silent(mentor):
    return_early(go(mentor, A_MONTH), by=mentor.user, at=NOW)

    assert (Message.objects.count(), Disclosure.objects.count()) == (0, 0)


def test_what_is_still_to_come_is_said_on_the_return(mentor):
    absence = go(mentor, date(2026, 2, 1), from_on=date(2026, 1, 10))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    return_early(absence, by=mentor.user, at=NOW)

    message = sent("back").get()
    assert "What is still announced:\n- from 2 February 2026 to 20 February 2026\n" in message.text
    assert "from 2 February 2026 to 20 February 2026" in message.html


def test_what_was_called_off_can_be_announced_and_told_anew(mentor):
    for _ in range(2):
        return_early(
            go(mentor, from_on=date(2026, 1, 20), until_on=LONGER, tells_partners=True),
            by=mentor.user,
            at=NOW,
        )

    assert (sent().count(), sent("back").count(), Absence.objects.count()) == (2, 2, 1)


def test_days_after_an_early_return_are_free_again(mentor):
    return_early(go(mentor, from_on=date(2026, 1, 10)), by=mentor.user, at=NOW)

    assert go(mentor, date(2026, 1, 25), from_on=date(2026, 1, 20)).until_on == date(2026, 1, 25)


def test_in_a_pause_nobody_hears_of_a_return(mentor, partnership):
    absence = go(mentor)
    partnership.move_to(State.PAUSED, at=NOW)

    return_early(absence, by=mentor.user, at=NOW)

    assert sent("back").count() == 0
