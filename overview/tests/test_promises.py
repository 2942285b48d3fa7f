"""What the documents promise, on small histories written by hand; no database is needed for any of it."""

import ast
import inspect
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from overview.simulation import events, ledger, moments, promises
from overview.simulation.history import Leaving, Member
from overview.simulation.promises import expected
from overview.tests.histories import (
    OFFICIAL,
    TEAM,
    at,
    away,
    circle,
    cohort,
    flags,
    on,
    pair,
    plan,
    told,
)

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


@pytest.mark.parametrize("module", [promises, events, moments, ledger])
def test_the_expectation_borrows_nothing_from_the_product(module):
    tree = ast.parse(inspect.getsource(module))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    ours = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}

    assert ours <= {f"overview.simulation.{name}" for name in ("history", "events", "moments")}
