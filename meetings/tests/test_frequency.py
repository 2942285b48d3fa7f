from datetime import date, timedelta

import pytest

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import ContactFrequency, Meeting
from meetings.tests.acts import NOW, TODAY, log
from meetings.tests.factories import ContactFrequencyFactory
from meetings.tests.people import person, refusal
from outbox.models import Message
from partnerships.tests.factories import pair

pytestmark = pytest.mark.django_db


# How often to be in touch


@pytest.mark.clause("EI-1c")
def test_the_first_meeting_of_a_pair_needs_the_frequency_it_agreed():
    partnership = pair()

    said = refusal(log, partnership, frequency=None)

    assert said == "Say how often you have agreed to be in touch between meetings."
    assert Meeting.objects.count() == 0


@pytest.mark.clause("EI-1c")
def test_the_first_meeting_keeps_the_agreed_frequency_and_the_second_asks_no_more():
    partnership = pair()

    log(partnership, held_on=date(2026, 1, 7), frequency="fortnightly")
    log(partnership, held_on=TODAY, frequency=None)

    kept = ContactFrequency.objects.get()
    assert (kept.partnership, kept.frequency, kept.agreed_by, kept.agreed_at) == (
        partnership,
        "fortnightly",
        person(partnership),
        NOW,
    )


def test_a_later_meeting_leaves_what_was_agreed():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    log(partnership, frequency="monthly")

    assert ContactFrequency.objects.get().frequency == "weekly"


@pytest.mark.clause("EI-1c")
@pytest.mark.parametrize(("part", "other"), [("mentor", "mentee"), ("mentee", "mentor")])
def test_either_side_changes_the_frequency_and_the_other_is_told(part, other):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    changed = services.change_frequency(
        partnership, by=person(partnership, part), frequency="monthly", at=NOW
    )

    message = Message.objects.get()
    assert (changed.frequency, changed.agreed_by, changed.agreed_at) == (
        "monthly",
        person(partnership, part),
        NOW,
    )
    assert (message.to, message.subject, message.kind) == (
        person(partnership, other).email,
        "Your mentoring programme",
        "meetings/email/frequency_changed",
    )
    assert "It now says: every month." in message.text
    assert "It now says: <strong>every month</strong>." in message.html


def test_no_change_of_frequency_is_no_message():
    partnership = pair()
    agreed = ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    services.change_frequency(partnership, by=person(partnership), frequency="weekly", at=NOW)

    assert Message.objects.count() == 0
    assert ContactFrequency.objects.get().agreed_at == agreed.agreed_at


def test_there_and_back_are_two_changes():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    for minute, frequency in enumerate(["monthly", "weekly", "monthly"]):
        at = NOW + timedelta(minutes=minute)
        services.change_frequency(partnership, by=person(partnership), frequency=frequency, at=at)

    assert Message.objects.filter(to=person(partnership, "mentor").email).count() == 3


@pytest.mark.parametrize("frequency", ["weekly", "never"])
def test_nobody_changes_a_frequency_that_is_not_theirs_or_unknown(frequency):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="monthly")
    by = UserFactory() if frequency == "weekly" else person(partnership)

    said = refusal(services.change_frequency, partnership, by=by, frequency=frequency, at=NOW)

    assert (
        said
        == {
            "weekly": "Only the people in this partnership can do this.",
            "never": "Choose one of the ways of keeping in touch.",
        }[frequency]
    )
    assert ContactFrequency.objects.get().frequency == "monthly"


def test_what_was_never_agreed_cannot_be_changed():
    partnership = pair()

    said = refusal(services.change_frequency, partnership, by=person(partnership), frequency="weekly", at=NOW)

    assert said == "You agree on this in your first meeting: log that one, and you can change it afterwards."
