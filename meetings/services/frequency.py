"""How often a pair is in touch between meetings (EI-1c)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from meetings.models import ContactFrequency
from meetings.services.letters import context_of
from meetings.services.members import lock, refuse_unless
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.models import Membership, Partnership


@transaction.atomic
def change_frequency(
    partnership: Partnership, *, by: User, frequency: ContactFrequency.Frequency | str, at: datetime
) -> ContactFrequency:
    """Change how often a pair is in touch; either side may, and the other is told (EI-1c)."""
    partnership, members = lock(partnership)
    refuse_unless(partnership.is_active, members, by=by)
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


def agree_at_the_first_meeting(
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
        context={**context_of(partnership, member), "frequency": agreed.get_frequency_display().lower()},
        at=at,
    )
