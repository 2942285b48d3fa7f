"""The day before a meeting, and any history at all: what the documents promise of the clock, whenever it runs."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overview.simulation.ledger import breaches
from overview.simulation.promises import expected
from overview.tests.histories import (
    LONDON,
    RHYTHM,
    SHORT,
    at,
    away,
    circle,
    cohort,
    flags,
    histories,
    on,
    pair,
    plan,
    told,
)

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


# Any history at all


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
