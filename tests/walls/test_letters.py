"""What the clock posts in the months of a cohort: no letter has a word of the other programme, or more than a card."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction

from outbox.models import Message
from tests.walls.canaries import met
from tests.walls.columns import OF_PEOPLE, relation

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
# What rings, but for what sends: nothing leaves here.
LEFT_OUT = {"outbox.tasks.deliver", "outbox.tasks.forget_bodies"}
# The morning after, the next weeks with their reminders and Mondays, the last days and the day after the end.
MOMENTS = [
    datetime(2026, *day, tzinfo=UTC)
    for day in [(1, 14, 10), (1, 15, 9), (1, 19, 9), (2, 9, 9), (2, 16, 10), (5, 1, 9)]
]
# What a letter may say of somebody else than its reader.
CARD = {
    *("user.name", "user.email", "application.courses", "application.job_role", "application.bio"),
    *("application.linkedin", "application.study_programme"),
}
MAY_SAY = {"partner": CARD, "mentee": CARD, "circle": {"user.name", "application.division"}}


@pytest.fixture(scope="module")
def letters(world):
    """Everything that was posted by the day after the end, of both programmes."""
    with transaction.atomic():
        for moment in MOMENTS:
            with time_machine.travel(moment, tick=False):
                for name in settings.CELERY_BEAT_SCHEDULE:
                    _ring(name)
        yield list(Message.objects.order_by("pk"))
        transaction.set_rollback(True)


def _ring(name):
    if name not in LEFT_OUT:
        module, _, task = name.rpartition(".")
        getattr(import_module(module), task)()
        connection.run_on_commit.clear()


def words_of(letter):
    return met("\n".join([letter.subject, letter.text, letter.html, letter.calendar]))


def reader(world, letter):
    """Which side somebody is of, and their part in it; an office's address has no part."""
    for side in (world.ours, world.theirs):
        for part, user in side.people.items():
            if user.email == letter.to:
                return side, part
    return (world.theirs if letter.to.startswith(world.theirs.herd.name) else world.ours), None


def test_the_clock_writes_to_both_programmes(world, letters):
    """A superuser is of neither."""
    of_sides = [row for row in letters if row.to != world.people["SU"].email]
    ours, theirs = (
        {row.kind for row in of_sides if reader(world, row)[0] is side} for side in (world.ours, world.theirs)
    )

    assert ours - theirs == {"applications/email/next_cohort"}  # theirs isn't open to anybody
    assert theirs - ours == set()
    assert len(theirs) > 8


def test_no_letter_has_a_word_of_the_other_programme(world, letters):
    found = []
    for letter in letters:
        side, _ = reader(world, letter)
        found += [(letter.kind, word) for word in words_of(letter) if not word.startswith(side.herd.name)]

    assert found == []


@pytest.mark.clause("ALL-2")
def test_a_letter_says_no_more_of_somebody_than_their_card(world, letters):
    found = set()
    for letter in letters:
        side, part = reader(world, letter)
        for word in words_of(letter) & side.herd.stands_for.keys():
            column, row = side.herd.stands_for[word]
            if part is None or column.partition(".")[0] not in OF_PEOPLE:
                continue
            whose = row if column.startswith("user.") else side.parts[row]
            related = relation(part, whose)
            if related != "own" and column not in MAY_SAY.get(related, set()):
                found.add((letter.kind, part, whose, column))

    assert found == set()
