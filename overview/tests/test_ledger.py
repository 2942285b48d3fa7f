"""Two ledgers compared, and one read for what should never have been written; no database is needed for it."""

from dataclasses import replace

import pytest

from overview.simulation import ledger
from overview.simulation.history import Expected
from overview.simulation.ledger import breaches, compare
from overview.tests.histories import RHYTHM, TEAM, at, away, circle, cohort, on, pair


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
