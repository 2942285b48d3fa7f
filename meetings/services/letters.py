"""What messages about meetings may say."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Membership, Partnership


def context_of(partnership: Partnership, member: Membership) -> dict[str, object]:
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
