"""The first and the last word, and absences: what the documents promise as soon as something happens."""

from dataclasses import replace
from datetime import timedelta

import pytest

from overview.simulation.history import Expected, Leaving, Member
from overview.simulation.promises import expected
from overview.tests.histories import RHYTHM, at, away, circle, cohort, on, pair, plan, told

# 1 and 6: the first and the last word


def test_each_member_is_introduced_when_they_join():
    together = circle("a", "b")
    together.members.append(Member("c", "mentee", at(2, 3)))

    found = [(row.on, row.to, row.about) for row in expected(cohort(together)) if row.kind == "introduction"]

    assert found == [
        (on(1, 1), "a", "circle"),
        (on(1, 1), "b", "circle"),
        (on(1, 1), "lead", "circle"),
        (on(2, 3), "c", "circle"),
    ]


@pytest.mark.clause("EI-2")
def test_who_stayed_until_the_programme_ended_is_told_so():
    ended = pair(ended_at=at(7, 1, 7), end="programme")
    for member in ended.members:
        member.left_at, member.stayed = at(7, 1, 7), True

    found = [(row.on, row.to) for row in expected(cohort(ended)) if row.kind == "closing"]

    assert found == [(on(7, 1), "mentee"), (on(7, 1), "mentor")]


@pytest.mark.clause("EI-2")
def test_who_left_before_and_who_was_parted_otherwise_hear_no_closing():
    left = pair(ended_at=at(7, 1, 7), end="programme")
    left.members[0].left_at = at(5, 1)
    parted = pair(ended_at=at(3, 1), end="office")
    parted.members[0].stayed = True

    assert told(cohort(left, parted), "closing") == []


@pytest.mark.clause("EI-2")
def test_nothing_but_the_closing_is_written_after_the_end():
    """Overdue, with a plan, somebody away and somebody leaving: and the clock didn't run on the day after the end."""
    open_still = pair(plans=[plan(at(7, 3, 12))], leaving=[Leaving("mentor", at(7, 1))])
    absence = away("mentor", on(7, 2), on(9, 1), at(7, 1))

    history = cohort(open_still, absences=[absence], without=[on(7, 1)])

    assert [row for row in expected(history) if row.on > on(6, 30)] == []


# 5: absences


@pytest.mark.clause("EI-1d")
@pytest.mark.parametrize(
    ("first", "month"),
    [
        (on(1, 10), on(2, 9)),
        (on(1, 31), on(2, 28)),
        (on(1, 29), on(2, 28)),
        (on(1, 28), on(2, 27)),
        (on(2, 1), on(2, 28)),
        (on(3, 31), on(4, 30)),
        (on(1, 31, 2028), on(2, 29, 2028)),
        (on(12, 15, 2025), on(1, 14)),
        (on(12, 31, 2025), on(1, 30)),
    ],
)
def test_a_month_is_a_calendar_month(first, month):
    programme = replace(RHYTHM, starts_on=on(12, 1, 2025), ends_on=on(6, 30, 2028))
    exact, longer = away("mentor", first, month), away("mentor", first, month + timedelta(days=1))

    assert told(cohort(pair(), programme=programme, absences=[exact], hours=()), "away") == []
    assert told(cohort(pair(), programme=programme, absences=[longer], hours=()), "away") == [on(1, 2)]


@pytest.mark.clause("EI-1d")
def test_the_others_hear_at_once_of_a_short_absence_too_if_wished_and_of_the_return():
    absence = away("mentor", on(2, 1), on(2, 9), is_told=True, back_at=at(2, 5))

    found = [row for row in expected(cohort(pair(), absences=[absence])) if row.kind in ("away", "back")]

    assert found == [
        Expected(on(1, 2), "away", "mentee", "pair"),
        Expected(on(2, 5), "back", "mentee", "pair"),
    ]


@pytest.mark.clause("EI-1d")
def test_who_has_parted_hears_of_no_return_and_who_is_introduced_meanwhile_hears_of_both():
    absence = away("mentor", on(2, 1), on(4, 1), back_at=at(3, 1))
    parted, later = pair(ended_at=at(2, 10), end="office"), pair(introduced_at=at(2, 20))
    later.name = "later"

    history = cohort(parted, later, absences=[absence])

    assert (told(history, "away"), told(history, "back")) == ([on(1, 2), on(2, 20)], [on(3, 1)])


@pytest.mark.clause("EI-1d")
def test_a_paused_partnership_hears_of_no_absence():
    paused = pair(pauses=[(at(1, 1), None)])

    assert told(cohort(paused, absences=[away("mentor", on(2, 1), on(4, 1))]), "away") == []
