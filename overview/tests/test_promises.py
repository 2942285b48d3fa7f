"""What the documents promise, on small histories written by hand; no database is needed for any of it."""

import ast
import inspect
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overview.simulation import events, ledger, moments, promises
from overview.simulation.history import Away, Expected, History, Leaving, Member, Partnership, Plan, Programme
from overview.simulation.ledger import breaches, compare
from overview.simulation.promises import expected

LONDON = ZoneInfo("Europe/London")
TEAM = "team@example.org"
RHYTHM = Programme(date(2026, 1, 1), date(2026, 6, 30), weeks=(4, 6))
OFFICIAL = Programme(
    date(2025, 12, 1),
    date(2026, 4, 30),
    official=2,
    windows=((date(2025, 12, 1), date(2026, 1, 16)), (date(2026, 1, 17), date(2026, 3, 6))),
)


def on(month, day, year=2026):
    return date(year, month, day)


def at(month, day, hour=8, minute=0, year=2026, fold=0):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON, fold=fold)


def pair(introduced_at=None, **more):
    introduced_at = introduced_at or at(1, 1)
    members = [Member("mentor", "mentor", introduced_at), Member("mentee", "mentee", introduced_at)]
    return Partnership("pair", False, introduced_at, members, **more)


def circle(*mentees, lead="lead", introduced_at=None, **more):
    introduced_at = introduced_at or at(1, 1)
    members = [Member(lead, "facilitator", introduced_at)] if lead else []
    members += [Member(person, "mentee", introduced_at) for person in mentees]
    return Partnership("circle", True, introduced_at, members, **more)


def cohort(*partnerships, programme=RHYTHM, absences=(), hours=(7, 10), zones=None, without=()):
    """A history whose clock ran twice on each day but those in `without`, for a week longer than the programme."""
    days = (programme.ends_on - programme.starts_on).days + 7
    every = [programme.starts_on + timedelta(days=number) for number in range(days)]
    ticks = [
        datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
        for day in every
        for hour in hours
        if day not in without
    ]
    return History(programme, TEAM, list(partnerships), list(absences), ticks, zones or {})


def told(history, kind, to=None):
    """The days of one kind's messages; of those to one person, if one is named."""
    return [row.on for row in expected(history) if row.kind == kind and to in (None, row.to)]


def flags(history):
    return [(row.on, row.about) for row in expected(history) if row.kind == "flag"]


def away(person, first, last, announced_at=None, **more):
    return Away(person, (first, last), announced_at or at(1, 2), **more)


def plan(starts_at, planned_at=None, **more):
    planned_at = planned_at or at(1, 2)
    return Plan(starts_at, planned_at, more.pop("changed_at", planned_at), **more)


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


# 2: reminders


@pytest.mark.clause("BM-5")
def test_a_rhythm_is_due_after_its_longest_gap_and_reminds_twice():
    """Held on 5 January; due six weeks later, 16 February; reminded from the 17th, and again a week after."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])

    assert told(cohort(met), "nudge", "mentee") == [on(2, 17), on(2, 24)]


@pytest.mark.clause("BM-5")
def test_who_never_met_is_asked_kindly_once_before_anything_is_due():
    """The first days are over on 22 January, the six weeks on 12 February: each is spoken of on the day after."""
    assert told(cohort(pair()), "nudge", "mentor") == [on(1, 23), on(2, 13), on(2, 20)]


@pytest.mark.clause("BM-5")
def test_nothing_is_due_when_even_the_soonest_next_meeting_lies_after_the_end():
    met = pair(held=[(at(6, 3), on(6, 3), False)])
    unmet = replace(met, held=[(at(1, 5), on(1, 5), False), *met.held])

    assert told(cohort(unmet), "nudge")[-1] < on(6, 3)


@pytest.mark.clause("EI-1b")
def test_official_meetings_are_due_by_their_windows():
    """No meeting: the first is due on 16 January, the second on 6 March."""
    together = pair(at(12, 1, 12, year=2025))

    found = told(cohort(together, programme=OFFICIAL), "nudge", "mentee")

    assert found == [on(12, 23, 2025), on(1, 17), on(1, 24), on(3, 7), on(3, 14)]


@pytest.mark.clause("EI-1b")
def test_only_official_meetings_count_where_official_ones_are_asked_for():
    """An unofficial one silences the gentle word, no more."""
    together = pair(at(12, 1, 12, year=2025), held=[(at(12, 5, year=2025), on(12, 5, 2025), False)])

    found = told(cohort(together, programme=OFFICIAL), "nudge", "mentee")

    assert found == [on(1, 17), on(1, 24), on(3, 7), on(3, 14)]


@pytest.mark.clause("EI-1b")
def test_all_official_meetings_held_leaves_nothing_due():
    held = [(at(1, 5), on(1, 5), True), (at(1, 20), on(1, 20), True)]

    assert told(cohort(pair(held=held), programme=OFFICIAL), "nudge") == []


@pytest.mark.clause("EI-1b")
def test_who_is_introduced_late_has_their_first_days_before_the_first_is_due():
    """Introduced on 10 January: due on the 31st, though the window closed on the 16th."""
    assert told(cohort(pair(at(1, 10)), programme=OFFICIAL), "nudge", "mentor")[:2] == [on(2, 1), on(2, 8)]


@pytest.mark.clause("EI-1d")
def test_rest_days_of_a_window_move_its_due_day_on():
    """Away for ten days over the turn of the year: 16 January moves to the 26th."""
    together = pair(at(12, 1, 12, year=2025), held=[(at(12, 5, year=2025), on(12, 5, 2025), False)])
    absence = away("mentor", on(12, 27, 2025), on(1, 5), at(12, 20, year=2025))

    found = told(cohort(together, programme=OFFICIAL, absences=[absence]), "nudge", "mentee")

    assert found[:2] == [on(1, 27), on(2, 3)]


@pytest.mark.clause("EI-1d")
def test_a_pair_rests_while_either_is_away_and_no_longer_than_that():
    """Ten days of absence, cut to four by coming back: 16 February moves to the 20th."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    absence = away("mentor", on(2, 1), on(2, 10), back_at=at(2, 5))

    assert told(cohort(met, absences=[absence]), "nudge", "mentee") == [on(2, 21), on(2, 28)]


@pytest.mark.clause("EI-1d")
def test_an_absence_counts_only_from_its_announcement():
    """Reminded on the 17th although away since the 10th; announced on the 20th, which moves what is still to come."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    absence = away("mentor", on(2, 10), on(2, 22), announced_at=at(2, 20))

    assert told(cohort(met, absences=[absence]), "nudge", "mentee") == [on(2, 17), on(3, 9)]


@pytest.mark.clause("EI-1d")
def test_a_circle_rests_only_while_nobody_could_lead_it():
    together = circle("a", "b", "c", held=[(at(1, 5, 20), on(1, 5), False)])
    together.members.append(Member("other", "facilitator", at(1, 1)))
    one, both = away("lead", on(2, 1), on(2, 10)), away("other", on(2, 6), on(2, 20))

    assert told(cohort(together, absences=[one]), "nudge", "a") == [on(2, 17), on(2, 24)]
    assert told(cohort(together, absences=[one, both]), "nudge", "a") == [on(2, 22), on(3, 1)]


@pytest.mark.clause("EI-1d")
def test_of_a_circle_only_the_member_who_is_away_is_left_alone():
    together = circle("a", "b", "c", held=[(at(1, 5, 20), on(1, 5), False)])
    absence = away("a", on(2, 10), on(2, 19))

    history = cohort(together, absences=[absence])

    assert told(history, "nudge", "b") == [on(2, 17), on(2, 24)]
    assert told(history, "nudge", "a") == [on(2, 20), on(2, 27)]


def test_who_is_arranging_has_a_week_of_rest():
    """Said on the 17th after the first reminder: the 17th to the 23rd don't count."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], arranging=[("mentor", at(2, 17, 12))])

    assert told(cohort(met), "nudge", "mentee") == [on(2, 17), on(3, 3)]


def test_a_reminder_that_the_clock_missed_waits_for_the_end_of_a_rest():
    """Due to be written on the 17th, when the clock stood still; the next reminder counts from the one sent."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    arranging = replace(met, arranging=[("mentor", at(2, 18))])
    absence = away("mentor", on(2, 18), on(2, 20))

    assert told(cohort(arranging, without=[on(2, 17)]), "nudge", "mentee") == [on(2, 25), on(3, 4)]
    assert told(cohort(met, without=[on(2, 17)], absences=[absence]), "nudge", "mentee")[0] == on(2, 21)


@pytest.mark.clause("EI-1d")
def test_the_second_reminder_leaves_a_week_without_rest_after_the_first_was_sent():
    """The first is written four days late, on the 21st; of what follows, the 22nd to the 24th don't count."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    dark = [on(2, 17) + timedelta(days=number) for number in range(4)]

    history = cohort(met, without=dark, absences=[away("mentor", on(2, 22), on(2, 24))])

    assert told(history, "nudge", "mentee") == [on(2, 21), on(3, 3)]


@pytest.mark.clause("EI-1b")
def test_a_meeting_is_not_overdue_on_its_due_day():
    """The second is due on the 24th, the day of the second reminder of the first; its own come a week later."""
    programme = replace(OFFICIAL, windows=(OFFICIAL.windows[0], (on(1, 17), on(1, 24))))
    together = pair(at(12, 1, year=2025), held=[(at(12, 5, year=2025), on(12, 5, 2025), False)])

    found = told(cohort(together, programme=programme), "nudge", "mentee")

    assert found == [on(1, 17), on(1, 24), on(1, 31), on(2, 7)]


@pytest.mark.clause("EI-1d")
def test_rest_days_before_they_were_introduced_move_nothing():
    """Introduced on 10 January, so due on the 31st; of the absence only the 10th to the 12th count."""
    together = pair(at(1, 10), held=[(at(1, 11), on(1, 11), False)])
    absence = away("mentor", on(1, 1), on(1, 12))

    found = told(cohort(together, programme=OFFICIAL, absences=[absence]), "nudge", "mentee")

    assert found[:2] == [on(2, 4), on(2, 11)]


@pytest.mark.clause("EI-2")
def test_nothing_runs_before_the_programme_does():
    """Introduced in December, six weeks from 1 January on; a circle that is too small is told of then."""
    early = at(12, 1, year=2025)
    history = cohort(circle("a", introduced_at=early, plans=[plan(at(12, 10, 12, year=2025), early)]))
    history.ticks += [early + timedelta(days=number, hours=3) for number in range(31)]

    found = [row.on for row in expected(history) if row.kind != "introduction" and row.to in ("a", TEAM)]

    assert found == [on(1, 1), on(1, 23), on(2, 13), on(2, 20), on(2, 26)]


def test_a_plan_silences_until_its_day_is_over():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], plans=[plan(at(2, 19, 6))])

    assert told(cohort(met), "nudge", "mentee") == [on(2, 20), on(2, 27)]


def test_a_plan_that_was_called_off_silences_no_longer():
    called_off = plan(at(3, 19), over_at=at(2, 18, 12), was_called_off=True)
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], plans=[called_off])

    assert told(cohort(met), "nudge", "mentee") == [on(2, 19), on(2, 26)]


@pytest.mark.clause("EI-1b")
def test_nobody_is_chased_while_somebody_asks_to_leave():
    met = pair(
        held=[(at(1, 5, 20), on(1, 5), False)], leaving=[Leaving("mentor", at(2, 1), settled_at=at(2, 25))]
    )

    assert told(cohort(met), "nudge", "mentee") == [on(2, 25), on(3, 4)]


def test_a_pause_starts_the_clock_anew():
    """Resumed on 1 March: due six weeks later, 12 April."""
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], pauses=[(at(2, 1), at(3, 1))])

    assert told(cohort(met), "nudge", "mentee") == [on(4, 13), on(4, 20)]


def test_a_person_gets_one_mail_for_all_that_is_due_and_none_within_a_week():
    """The second partnership is due two days after the first: it waits for the next mail of who is in both."""
    one, other = pair(held=[(at(1, 5, 20), on(1, 5), False)]), pair(held=[(at(1, 7, 20), on(1, 7), False)])
    other.name, other.members[1].person = "other", "student"

    history = cohort(one, other)

    assert told(history, "nudge", "student") == [on(2, 19), on(2, 26)]
    assert told(history, "nudge", "mentor") == [on(2, 17), on(2, 24), on(3, 3)]


def test_who_joins_later_has_reminders_of_their_own():
    together = circle("a", "b", "c", held=[(at(1, 5, 20), on(1, 5), False)])
    together.members.append(Member("late", "mentee", at(3, 10)))

    assert told(cohort(together), "nudge", "late") == [on(3, 10), on(3, 17)]


def test_no_reminder_is_written_before_nine():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])

    assert told(cohort(met, hours=(0, 8)), "nudge") == []


def test_a_missed_tick_delays_and_what_was_settled_meanwhile_is_not_sent():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    met_again = pair(held=[*met.held, (at(2, 19), on(2, 18), False)])
    dark = [on(2, 17), on(2, 18)]

    assert told(cohort(met, without=dark), "nudge", "mentee") == [on(2, 19), on(2, 26)]
    assert told(cohort(met_again, without=dark), "nudge", "mentee")[0] == on(4, 2)


# 3: what the team hears of


@pytest.mark.clause("BM-5")
def test_a_broken_rhythm_is_flagged_once():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])

    assert flags(cohort(met)) == [(on(3, 2), "pair: broken")]


@pytest.mark.clause("BM-5")
def test_arranging_again_and_again_delays_a_flag_by_no_more_than_as_long_again():
    arranging = [("mentor", at(2, 16) + timedelta(days=7 * number)) for number in range(8)]
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], arranging=arranging)

    assert flags(cohort(met)) == [(on(3, 16), "pair: broken")]


@pytest.mark.clause("BM-5")
def test_no_flag_is_raised_on_a_rest_day_nor_while_a_meeting_is_planned():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    planned = replace(met, plans=[plan(at(3, 10, 12))])
    absence = away("mentor", on(3, 2), on(3, 5))

    assert flags(cohort(met, absences=[absence])) == [(on(3, 6), "pair: broken")]
    assert flags(cohort(planned)) == [(on(3, 11), "pair: broken")]


@pytest.mark.clause("BM-5")
def test_a_flag_that_the_clock_missed_waits_for_the_end_of_a_rest():
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)])
    absence = away("mentor", on(3, 3), on(3, 5))

    assert flags(cohort(met, absences=[absence], without=[on(3, 2)])) == [(on(3, 6), "pair: broken")]


def test_nothing_is_flagged_in_a_pause():
    """Resumed on 10 March: due on 21 April, flagged two weeks later."""
    paused = [(at(3, 1), at(3, 10))]
    met = pair(held=[(at(1, 5, 20), on(1, 5), False)], pauses=paused)
    small = circle("a", "b", held=met.held, pauses=[(at(1, 1), at(3, 10))])

    assert flags(cohort(met)) == [(on(5, 5), "pair: broken")]
    assert flags(cohort(small))[0] == (on(3, 10), "circle: small")


@pytest.mark.clause("EI-1b")
def test_each_official_number_is_flagged_once_and_no_gentle_one():
    found = flags(cohort(pair(at(12, 1, 12, year=2025)), programme=OFFICIAL))

    assert found == [(on(1, 30), "pair: broken"), (on(3, 20), "pair: broken")]


@pytest.mark.clause("EI-1b")
def test_leaving_is_flagged_on_its_day_even_if_the_clock_stands_still():
    parting = pair(leaving=[Leaving("mentee", at(1, 9, 23, 30))])

    assert flags(cohort(parting, hours=())) == [(on(1, 9), "pair: leaving")]


def test_a_circle_that_is_too_small_is_flagged_anew_after_it_was_cured():
    together = circle("a", "b", "c")
    together.members[1].left_at = at(1, 10, 12)
    together.members += [Member("d", "mentee", at(1, 20), left_at=at(2, 1))]
    held = [(at(1, 5) + timedelta(days=30 * month), on(1, 5), False) for month in range(6)]

    found = flags(cohort(replace(together, held=held)))

    assert [row for row in found if "small" in row[1]] == [
        (on(1, 11), "circle: small"),
        (on(2, 1), "circle: small"),
    ]


def test_a_circle_without_a_facilitator_is_flagged_once():
    together = circle("a", "b", "c", leaving=[])
    together.members[0].left_at = at(1, 12)

    assert flags(cohort(together))[0] == (on(1, 12), "circle: unled")


# 4: the day before


@pytest.mark.clause("BM-6")
def test_a_plan_is_recalled_on_the_day_before_at_nine_and_once():
    planned = pair(plans=[plan(at(1, 14, 15))])

    assert told(cohort(planned, hours=(8, 10, 12)), "day-before") == [on(1, 13), on(1, 13)]


@pytest.mark.clause("BM-6")
def test_a_missed_eve_is_made_up_for_until_the_meeting_begins():
    planned = pair(plans=[plan(at(1, 14, 9))])

    assert told(cohort(planned, without=[on(1, 13)]), "day-before", "mentor") == [on(1, 14)]
    assert told(cohort(planned, without=[on(1, 13)], hours=(9, 10)), "day-before", "mentor") == []


@pytest.mark.clause("BM-6")
@pytest.mark.parametrize(("changed_at", "days"), [(at(1, 13, 8, 59), [on(1, 13)]), (at(1, 13, 9), [])])
def test_a_plan_changed_after_the_eve_began_needs_no_recall(changed_at, days):
    planned = pair(plans=[plan(at(1, 14, 15), changed_at=changed_at)])

    assert told(cohort(planned), "day-before", "mentor") == days


@pytest.mark.clause("BM-6")
def test_the_eve_is_that_of_the_members_own_zone():
    """Noon of the 14th in London is the 15th in Auckland: there the eve begins at 20:00 London on the 13th."""
    planned = pair(plans=[plan(at(1, 14, 12))])
    zones = {"mentor": "Pacific/Auckland", "mentee": "America/New_York"}

    history = cohort(planned, hours=(10, 13, 20), zones=zones)

    assert told(history, "day-before", "mentor") == [on(1, 13)]
    assert told(replace(history, ticks=[at(1, 13, 19, 59), at(1, 13, 20)]), "day-before", "mentor") == [
        on(1, 13)
    ]
    assert told(replace(history, ticks=[at(1, 13, 13, 59)]), "day-before", "mentee") == []
    assert told(replace(history, ticks=[at(1, 13, 14)]), "day-before", "mentee") == [on(1, 13)]


@pytest.mark.clause("BM-6")
@pytest.mark.parametrize("eve", [on(3, 28), on(3, 29), on(10, 24), on(10, 25)])
def test_nine_is_nine_when_the_clocks_change(eve):
    """They change in the nights to 29 March and 25 October 2026."""
    programme = replace(RHYTHM, ends_on=on(12, 31))
    start = datetime(eve.year, eve.month, eve.day, 12, tzinfo=LONDON) + timedelta(days=1)
    history = cohort(pair(plans=[plan(start)]), programme=programme)
    nine = datetime(eve.year, eve.month, eve.day, 9, tzinfo=LONDON)

    early, sharp = replace(history, ticks=[nine - timedelta(minutes=1)]), replace(history, ticks=[nine])

    assert (told(early, "day-before", "mentor"), told(sharp, "day-before", "mentor")) == ([], [eve])


def test_what_happened_in_the_hour_that_comes_twice_is_known_in_its_order():
    """Logged at 01:40 summer time, before the tick at 01:10 winter time: UTC, not the wall, says which was first."""
    programme = replace(RHYTHM, starts_on=on(10, 1), ends_on=on(12, 31))
    together = circle("a", "b", "c", introduced_at=at(10, 1))
    together.members[0].left_at = at(10, 25, 1, 40)

    history = replace(cohort(together, programme=programme), ticks=[at(10, 25, 1, 10, fold=1)])

    assert flags(history) == [(on(10, 25), "circle: unled")]


@pytest.mark.clause("EI-1d")
@pytest.mark.parametrize("day", [on(1, 13), on(1, 14)])
def test_who_is_away_on_the_eve_or_on_the_day_is_left_alone(day):
    planned = pair(plans=[plan(at(1, 14, 9))])

    history = cohort(planned, absences=[away("mentor", day, day)], hours=(10,))

    assert [row.to for row in expected(history) if row.kind == "day-before"] == ["mentee"]


@pytest.mark.clause("BM-6")
@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": at(1, 13), "end": "office"},
        {"pauses": [(at(1, 12), at(1, 20))]},
        {"plans": [plan(at(1, 14, 15), over_at=at(1, 13))]},
    ],
)
def test_what_ended_paused_or_was_called_off_is_not_recalled(change):
    planned = replace(pair(plans=[plan(at(1, 14, 15))]), **change)

    assert told(cohort(planned), "day-before") == []


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


# The ledger


def row(day, kind="nudge", to="mentee", about=""):
    return Expected(on(1, day), kind, to, about)


def test_two_ledgers_differ_in_what_is_missing_unexpected_and_there_twice():
    report = compare([row(5), row(6)], [row(6), row(6), row(9, to="mentor")], days=True)

    assert report == ledger.Report(missing=[row(5)], unexpected=[row(9, to="mentor")], twice=[row(6)])


def test_without_days_a_later_message_stands_for_the_promised_one():
    assert compare([row(5), row(6)], [row(6), row(8)], days=False).is_clean
    assert compare([row(5)], [row(6), row(8)], days=False) == ledger.Report(twice=[row(8)])
    assert compare([row(5)], [row(6)], days=True) == ledger.Report(
        missing=[row(5)], twice=[], unexpected=[row(6)]
    )


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        ([row(14)], []),
        ([row(14), row(21)], []),
        ([row(14), row(20)], ["2026-01-20 nudge to mentee: within a week of 2026-01-14"]),
        ([row(14), row(14)], ["2026-01-14 nudge to mentee: within a week of 2026-01-14"]),
        ([row(25)], ["2026-01-25 nudge to mentee: on a day of their absence"]),
        (
            [row(25, "day-before", about="pair")],
            ["2026-01-25 day-before to mentee: on a day of their absence"],
        ),
        ([row(24)], ["2026-01-24 nudge to mentee: on a day of their absence"]),
        ([row(23)], []),
        ([row(25, to="mentor")], []),
        ([row(29)], []),
        ([row(14, to="stranger")], ["2026-01-14 nudge to stranger: in no partnership of that time"]),
        (
            [row(14, "day-before", about="x")],
            ["2026-01-14 day-before to mentee: in no partnership of that time"],
        ),
    ],
)
@pytest.mark.clause("EI-1d")
def test_a_ledger_is_read_for_what_should_never_have_been_written(found, sentences):
    history = cohort(pair(), absences=[away("mentee", on(1, 24), on(2, 2), back_at=at(1, 29))])

    assert breaches(history, found) == sentences


@pytest.mark.clause("EI-2")
def test_a_ledger_is_read_for_what_came_too_early_or_too_late():
    ended = pair(ended_at=at(3, 1), end="office")
    history = cohort(ended, programme=replace(RHYTHM, starts_on=on(1, 5)))
    history.ticks = [at(1, 2, 10), at(3, 2, 10), at(7, 1, 10)]
    found = [
        row(2),
        Expected(on(3, 2), "nudge", "mentor"),
        Expected(on(7, 1), "flag", TEAM, "pair: broken"),
        Expected(on(7, 1), "closing", "mentee", "pair"),
    ]

    assert breaches(history, found) == [
        "2026-01-02 nudge to mentee: before the programme's start",
        "2026-03-02 nudge to mentor: in no partnership of that time",
        f"2026-07-01 flag to {TEAM}: after the programme's end",
    ]


def test_a_mail_to_somebody_who_has_left_is_a_breach():
    together = circle("a", "b", "c")
    together.members[1].left_at = at(1, 10)

    found = breaches(cohort(together), [row(14, to="a"), row(14, to="b")])

    assert found == ["2026-01-14 nudge to a: in no partnership of that time"]


def test_an_absence_announced_after_the_clock_had_run_excuses_the_mail_of_that_day():
    absence = away("mentee", on(1, 14), on(1, 20), announced_at=at(1, 14, 12))

    assert breaches(cohort(pair(), absences=[absence]), [row(14)]) == []


def test_a_reminder_on_a_day_on_which_the_clock_ran_only_before_nine_is_a_breach():
    found = breaches(cohort(pair(), hours=(8,)), [row(14)])

    assert found == ["2026-01-14 nudge to mentee: the clock didn't run then"]


@pytest.mark.parametrize("module", [promises, events, moments, ledger])
def test_the_expectation_borrows_nothing_from_the_product(module):
    tree = ast.parse(inspect.getsource(module))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    ours = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}

    assert ours <= {f"overview.simulation.{name}" for name in ("history", "events", "moments")}


# Any history at all


START, SHORT = datetime(2026, 3, 20, tzinfo=UTC), 100  # over the night to 29 March
PEOPLE = ("ann", "bea", "cem", "dev")
PROGRAMMES = [
    Programme(on(3, 25), on(6, 20), weeks=(2, 3), first_days=5, again_days=4, told_after_days=6),
    Programme(
        on(3, 25),
        on(6, 20),
        official=3,
        windows=((on(3, 25), on(4, 10)), (on(4, 11), on(5, 5)), (on(5, 6), on(6, 10))),
        first_days=5,
        again_days=4,
    ),
]
moments = st.integers(0, SHORT * 24).map(lambda hours: START + timedelta(hours=hours))
spans = st.tuples(moments, st.integers(1, 900)).map(lambda row: (row[0], row[0] + timedelta(hours=row[1])))
people = st.sampled_from(PEOPLE)


@st.composite
def absences(draw):
    (first, last), announced = draw(spans), draw(spans)
    back_at = draw(st.sampled_from([None, announced[1]]))
    return Away(draw(people), (first.date(), last.date()), announced[0], draw(st.booleans()), back_at)


@st.composite
def plans(draw):
    planned_at, starts_at = draw(spans)
    over_at = draw(st.sampled_from([None, starts_at - timedelta(hours=30), starts_at + timedelta(hours=2)]))
    return Plan(starts_at, planned_at, planned_at, over_at)


@st.composite
def partnerships(draw, name):
    introduced_at = draw(st.integers(0, 40 * 24).map(lambda hours: START + timedelta(hours=hours)))
    is_circle = draw(st.booleans())
    parts = ["facilitator", "mentee", "mentee", "mentee"] if is_circle else ["mentor", "mentee"]
    joining = zip(draw(st.permutations(PEOPLE)), parts, strict=False)
    left = st.sampled_from([None, None, introduced_at + timedelta(days=20)])
    members = [Member(person, part, introduced_at, draw(left)) for person, part in joining]
    ended_at = draw(
        st.one_of(st.none(), st.integers(1, 2000).map(lambda h: introduced_at + timedelta(hours=h)))
    )
    logged = draw(st.lists(moments, max_size=4))
    return Partnership(
        name,
        is_circle,
        introduced_at,
        members,
        held=[(moment, moment.date(), True) for moment in logged],
        plans=draw(st.lists(plans(), max_size=3)),
        arranging=[(PEOPLE[0], moment) for moment in draw(st.lists(moments, max_size=2))],
        leaving=[Leaving(PEOPLE[0], *span) for span in draw(st.lists(spans, max_size=1))],
        pauses=draw(st.lists(spans, max_size=2)),
        ended_at=ended_at,
        end="office" if ended_at else "",
    )


@st.composite
def histories(draw):
    ticks = [START + timedelta(days=day, hours=hour) for day in range(SHORT) for hour in (6, 9)]
    return History(
        draw(st.sampled_from(PROGRAMMES)),
        TEAM,
        [draw(partnerships(name)) for name in ("one", "two", "three")],
        draw(st.lists(absences(), max_size=4)),
        ticks,
        {"bea": "Pacific/Auckland", "cem": "America/Los_Angeles"},
    )


@pytest.mark.clause("EI-1d")
@settings(max_examples=60)
@given(history=histories(), data=st.data())
def test_no_tick_that_is_missed_leads_to_a_breach(history, data):
    missed = data.draw(st.sets(st.integers(0, len(history.ticks) - 1), max_size=30))
    history.ticks = [tick for number, tick in enumerate(history.ticks) if number not in missed]

    assert breaches(history, expected(history)) == []


@settings(max_examples=40)
@given(history=histories(), until=st.integers(0, 2 * SHORT))
def test_what_comes_later_never_changes_what_was_promised_before(history, until):
    """The clock's messages of the first ticks are the same whether or not it runs on."""
    clocked = ("nudge", "day-before")
    stopped = replace(history, ticks=history.ticks[:until])
    last = stopped.ticks[-1].astimezone(LONDON).date() if stopped.ticks else date.min

    before = [row for row in expected(stopped) if row.kind in clocked and row.on < last]

    assert before == [row for row in expected(history) if row.kind in clocked and row.on < last]


@settings(max_examples=40)
@given(history=histories())
def test_a_clock_that_rings_twice_at_once_promises_nothing_twice(history):
    assert expected(replace(history, ticks=[*history.ticks, *history.ticks])) == expected(history)
