"""What people do with meetings, with usual facts, for tests."""

from datetime import UTC, date, datetime, timedelta

import vobject

from meetings import services
from meetings.tests.people import person
from outbox.models import Message

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = date(2026, 1, 14)
LATER = NOW + timedelta(minutes=5)
THEN = datetime(2026, 1, 20, 17, tzinfo=UTC)
FACTS = {"starts_at": THEN, "minutes": 60, "format": "video", "place": "https://meet.example/42"}
OUTSIDE = "Only the people in this partnership can do this."
PAUSED = "The programme’s team has paused this partnership: nothing is due, and nothing is planned or logged."
ENDED = "This partnership has ended, so nothing about it changes any more."


def log(partnership, **facts):
    usual = {
        "by": person(partnership),
        "held_on": TODAY,
        "minutes": 60,
        "format": "video",
        "is_official": False,
        "frequency": "weekly",
        "at": NOW,
    }
    return services.log_meeting(partnership, **(usual | facts))


def plan(partnership, **facts):
    return services.plan(partnership, **{"by": person(partnership), "at": NOW, **FACTS, **facts})


def change(meeting, **facts):
    by = person(meeting.partnership)
    return services.change_plan(meeting, **{"by": by, "at": LATER, **FACTS, **facts})


def cancel(meeting, **facts):
    return services.cancel_plan(meeting, **{"by": person(meeting.partnership), "at": LATER, **facts})


def miss(meeting, **facts):
    by = person(meeting.partnership)
    return services.mark_missed(meeting, **{"by": by, "at": THEN + timedelta(hours=1), **facts})


def letters(kind="planned"):
    return Message.objects.filter(kind=f"meetings/email/{kind}").order_by("pk")


def entry(message):
    """The event of a kept calendar entry, and its method, as another library reads them."""
    calendar = vobject.readOne(message.calendar)
    return calendar.vevent, calendar.method.value
