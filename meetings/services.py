"""Log meetings, agree how often to be in touch, remind who hasn't met. Facts only, never content (EI-6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from meetings import queries
from meetings.models import Attendance, ContactFrequency, Meeting
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import Membership, Partnership

FEWEST_MINUTES, MOST_MINUTES = 5, 480
LENGTH = f"Give a length between {FEWEST_MINUTES} and {MOST_MINUTES} minutes."
BATCH = 200


@transaction.atomic
def log_meeting(
    partnership: Partnership,
    *,
    by: User,
    held_on: date,
    minutes: int,
    format: Meeting.Format | str,
    is_official: bool,
    attendees: Collection[Membership] = (),
    frequency: ContactFrequency.Frequency | str | None = None,
    at: datetime,
) -> Meeting:
    """Log a meeting that was held, with its facts and nothing else (EI-1b, EI-6).

    In a pair both were there; in a circle `attendees` were. The first meeting of a pair needs the agreed
    `frequency` (EI-1c). The same facts for the same day again, from either side, give the meeting that is logged
    already; other facts for that day are refused. Waiting reminders to meet are withdrawn. A meeting of the last
    days can still be logged for a while after the end (`queries.takes_meetings`).
    """
    partnership, members = _lock(partnership)
    _refuse_unless(queries.takes_meetings(partnership, at=at), members, by=by)
    refuse_wrong_day(partnership, held_on, at=at)
    _refuse_wrong_facts(partnership, minutes=minutes, format=format, is_official=is_official)
    present = _present(partnership, members, attendees, held_on)
    facts = {"minutes": minutes, "format": format, "is_official": is_official}
    if logged := Meeting.objects.filter(partnership=partnership, held_on=held_on).first():
        return _same_or_refused(logged, facts, present, held_on)
    _agree_at_the_first_meeting(partnership, frequency, by=by, at=at)
    meeting = Meeting.objects.create(
        partnership=partnership, held_on=held_on, logged_by=by, logged_at=at, **facts
    )
    Attendance.objects.bulk_create(Attendance(meeting=meeting, membership=member) for member in present)
    outbox.withdraw(f"no-meeting/{partnership.pk}/", at=at)
    return meeting


@transaction.atomic
def change_frequency(
    partnership: Partnership, *, by: User, frequency: ContactFrequency.Frequency | str, at: datetime
) -> ContactFrequency:
    """Change how often a pair is in touch; either side may, and the other is told (EI-1c)."""
    partnership, members = _lock(partnership)
    _refuse_unless(partnership.is_active, members, by=by)
    _refuse_unknown_frequency(frequency)
    agreed = ContactFrequency.objects.filter(partnership=partnership).first()
    if agreed is None:
        raise NotPossible(
            "You agree on this in your first meeting: log that one, and you can change it afterwards."
        )
    if agreed.frequency == frequency:
        return agreed
    agreed.frequency, agreed.agreed_by, agreed.agreed_at = frequency, by, at
    agreed.save(update_fields=["frequency", "agreed_by", "agreed_at"])
    for member in members:
        if member.application.user_id != by.pk:
            _tell_of_frequency(partnership, member, agreed, at=at)
    return agreed


def remind_unmet(*, at: datetime) -> int:
    """Remind everybody, once, in a partnership that should have met by now (EI-1b); how many were written.

    Nobody is reminded after the cohort's last day (EI-2). In sets of `BATCH` people, a transaction for each set.
    """
    pks = list(queries.members_to_remind(at=at).values_list("pk", flat=True))
    return sum(_remind(pks[start : start + BATCH], at=at) for start in range(0, len(pks), BATCH))


@transaction.atomic
def _remind(pks: Sequence[int], *, at: datetime) -> int:
    """Write the reminders of these members, asked again under the lock: a meeting may just have been logged."""
    partnerships = Membership.objects.filter(pk__in=pks).order_by().values("partnership")
    list(Partnership.objects.select_for_update().filter(pk__in=partnerships).order_by("pk").values_list("pk"))
    members = queries.members_to_remind(at=at).filter(pk__in=pks)
    for member in members:
        programme = member.partnership.cohort.programme
        outbox.post(
            "meetings/email/no_meeting_yet",
            to=member.application.user.email,
            key=f"no-meeting/{member.partnership_id}/{member.pk}",
            programme=programme.slug,
            context=_context(member.partnership, member),
            at=at,
        )
    return len(members)


def _context(partnership: Partnership, member: Membership) -> dict[str, object]:
    """What a message may say of its reader and the programme; of the partner it says nothing."""
    pages = {"partnership_url": "partnership", "log_url": "log_meeting", "frequency_url": "change_frequency"}
    return {
        "programme": partnership.cohort.programme,
        "name": member.application.user.name,
        "is_circle": partnership.is_circle,
        "is_mentee": member.part == Membership.Part.MENTEE,
        "introduced_on": timezone.localdate(partnership.introduced_at),
        "help_url": settings.SITE_URL + reverse("concern"),
        **{key: settings.SITE_URL + reverse(name, args=[partnership.pk]) for key, name in pages.items()},
    }


def _lock(partnership: Partnership) -> tuple[Partnership, list[Membership]]:
    """The partnership as it is now, locked, and who is in it or stayed to its end."""
    partnership = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("cohort__programme")
        .get(pk=partnership.pk)
    )
    members = list(Membership.objects.inside(partnership).select_related("application__user"))
    return partnership, members


def _refuse_unless(is_open: bool, members: Sequence[Membership], *, by: User) -> None:
    if not is_open:
        raise NotPossible("This partnership has ended, so nothing about it changes any more.")
    if by.pk not in {member.application.user_id for member in members}:
        raise NotPossible("Only the people in this partnership can do this.")


def refuse_wrong_day(partnership: Partnership, held_on: date, *, at: datetime) -> None:
    """A meeting lies between the introduction and today, and within the cohort (EI-2)."""
    introduced_on = timezone.localdate(partnership.introduced_at)
    last_day = queries.last_day_to_meet(partnership)
    if held_on > timezone.localdate(at):
        raise NotPossible("That day is still to come. Log the meeting once you have met.")
    if held_on < introduced_on:
        raise NotPossible(f"You were introduced on {_day(introduced_on)}: choose that day or a later one.")
    if held_on > last_day:
        raise NotPossible(
            f"The programme ended on {_day(last_day)}. You are free to go on meeting, and"
            " nobody counts it any more."
        )


def _refuse_wrong_facts(partnership: Partnership, *, minutes: int, format: str, is_official: bool) -> None:
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise NotPossible(LENGTH)
    if format not in Meeting.Format.values:
        raise NotPossible("Say whether you met by video call or in person.")
    if is_official and not partnership.cohort.programme.official_meetings:
        raise NotPossible("This programme doesn't count official meetings.")


def _present(
    partnership: Partnership, members: Sequence[Membership], attendees: Collection[Membership], held_on: date
) -> list[Membership]:
    """Who was there: both of a pair; in a circle those who were ticked, two at least (BM-7)."""
    if not partnership.is_circle:
        return list(members)
    ticked = {attendee.pk for attendee in attendees}
    present = [member for member in members if member.pk in ticked]
    if len(present) != len(ticked):
        raise NotPossible("Tick only people who are in the circle.")
    if len(present) < 2:
        raise NotPossible("Tick everybody who was there: it takes two at least to meet.")
    if any(member.joined_on > held_on for member in present):
        raise NotPossible("Somebody you ticked joined the circle after that day.")
    return present


def _same_or_refused(
    logged: Meeting, facts: dict[str, object], present: Sequence[Membership], held_on: date
) -> Meeting:
    """The meeting of that day if it was logged with the same facts, so that sending twice makes one."""
    same = all(getattr(logged, name) == value for name, value in facts.items())
    were_there = set(logged.attendances.values_list("membership", flat=True))
    if same and were_there == {member.pk for member in present}:
        return logged
    raise NotPossible(
        f"A meeting on {_day(held_on)} is logged already. One a day is enough: please choose another"
        " day, or leave it as it is."
    )


def _agree_at_the_first_meeting(
    partnership: Partnership, frequency: str | None, *, by: User, at: datetime
) -> None:
    """Keep what a pair agreed in its first meeting (EI-1c); it changes by `change_frequency` alone.

    After the end there is nothing left to agree.
    """
    if partnership.is_circle or not partnership.is_active:
        return
    if ContactFrequency.objects.filter(partnership=partnership).exists():
        return
    if not frequency:
        raise NotPossible("Say how often you have agreed to be in touch between meetings.")
    _refuse_unknown_frequency(frequency)
    ContactFrequency.objects.create(partnership=partnership, frequency=frequency, agreed_by=by, agreed_at=at)


def _refuse_unknown_frequency(frequency: str) -> None:
    if frequency not in ContactFrequency.Frequency.values:
        raise NotPossible("Choose one of the ways of keeping in touch.")


def _tell_of_frequency(
    partnership: Partnership, member: Membership, agreed: ContactFrequency, *, at: datetime
) -> None:
    outbox.post(
        "meetings/email/frequency_changed",
        to=member.application.user.email,
        key=f"frequency/{partnership.pk}/{member.pk}/{at.isoformat()}",
        programme=partnership.cohort.programme.slug,
        context={**_context(partnership, member), "frequency": agreed.get_frequency_display().lower()},
        at=at,
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
