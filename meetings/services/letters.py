"""What messages about meetings may say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from meetings.models import Meeting
from meetings.services.facts import moment_of_plan
from mentorship.lib.ical import Entry, Method, invitation
from mentorship.lib.moments import in_words
from outbox import services as outbox
from partnerships.models import Membership, Partnership


def context_of(partnership: Partnership, member: Membership) -> dict[str, object]:
    """What a message may say of its reader and the programme; of the partner it says nothing."""
    pages = {
        "partnership_url": "partnership",
        "log_url": "log_meeting",
        "plan_url": "plan_meeting",
        "frequency_url": "change_frequency",
    }
    return {
        "programme": partnership.cohort.programme,
        "name": member.application.user.name,
        "is_circle": partnership.is_circle,
        "is_mentee": member.part == Membership.Part.MENTEE,
        "introduced_on": timezone.localdate(partnership.introduced_at),
        "help_url": settings.SITE_URL + reverse("concern"),
        **{key: settings.SITE_URL + reverse(name, args=[partnership.pk]) for key, name in pages.items()},
    }


def entry_of(meeting: Meeting) -> Entry:
    """A planned meeting as calendars show it; of nobody in it is there anything (EI-4, EI-5)."""
    starts_at = moment_of_plan(meeting)
    return Entry(
        key=f"meeting/{meeting.pk}",
        sequence=meeting.sequence,
        starts_at=starts_at,
        minutes=meeting.minutes,
        changed_at=meeting.planned_at or starts_at,
        url=settings.SITE_URL + reverse("partnership", args=[meeting.partnership_id]),
        place=meeting.place,
    )


def tell_of_plan(
    meeting: Meeting,
    partnership: Partnership,
    members: Iterable[Membership],
    *,
    template: str,
    method: Method,
    by: User | None,
    at: datetime,
) -> None:
    """One message to everybody with the calendar entry, in place of those about it that haven't left yet."""
    rest_of_plan(meeting, partnership, at=at)
    for member in members:
        who = who_did(by, partnership, reader=member.application.user)
        post_plan(meeting, partnership, member, template=template, method=method, who=who, at=at)


def post_plan(
    meeting: Meeting,
    partnership: Partnership,
    member: Membership,
    *,
    template: str,
    method: Method,
    who: str,
    at: datetime,
    key: str = "",
) -> None:
    """One message about a plan with its calendar entry, the time in the reader's own zone and in no other."""
    entry, user = entry_of(meeting), member.application.user
    outbox.post(
        f"meetings/email/{template}",
        to=user.email,
        key=key or plan_key(meeting, member),
        programme=partnership.cohort.programme.slug,
        context={
            **context_of(partnership, member),
            "who": who,
            "when": in_words(entry.starts_at, user.zone),
            "how": how_of(meeting),
            "place": meeting.place,
            "is_paused": partnership.is_paused,
            "change_url": settings.SITE_URL + reverse("change_plan", args=[meeting.pk]),
        },
        at=at,
        calendar=invitation(entry, to=user.email, method=method),
    )


def plan_key(meeting: Meeting, member: Membership, sequence: int | None = None) -> str:
    """What makes a message about one version of a plan one for each member."""
    return f"plan/{meeting.pk}/{meeting.sequence if sequence is None else sequence}/{member.pk}"


def rest_of_plan(meeting: Meeting, partnership: Partnership, *, at: datetime) -> None:
    """Keep back what was written about a plan that isn't so any more."""
    outbox.withdraw(f"plan/{meeting.pk}", at=at)
    outbox.withdraw(f"day-before/{partnership.pk}/{meeting.pk}", at=at)


def rest_nudges(members: Iterable[Membership], *, at: datetime) -> None:
    """Keep back reminders to meet that haven't left: what else is due in one comes again in the next."""
    for user in sorted(member.application.user_id for member in members):
        outbox.withdraw(f"nudge/{user}", at=at)


def who_did(by: User | None, partnership: Partnership, *, reader: User) -> str:
    """Who did something, as the beginning of a sentence: never with a name."""
    if by is not None and by.pk == reader.pk:
        return "You have"
    return "Somebody in your circle has" if partnership.is_circle else "Your partner has"


def how_of(meeting: Meeting) -> str:
    return f"{meeting.get_format_display()}, {meeting.minutes} minutes"
