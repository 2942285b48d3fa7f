"""The signed link of a letter that calls an erasure back: it opens this one request, and nothing of the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from overview.models import Erasure

_SALT = "overview.links.call-back"


def call_back_url(erasure: Erasure) -> str:
    return settings.SITE_URL + reverse("call_back_erasure", args=[signing.dumps(_said(erasure), salt=_SALT)])


def _said(erasure: Erasure) -> list[Any]:
    """With its moment: a restore gives numbers out again."""
    return [erasure.pk, erasure.asked_at.timestamp()]


def erasure_of(token: str, *, at: datetime) -> Erasure | None:
    """Which request a token that we made is for; None if we never made it, or once it has begun."""
    try:
        pk, asked_at = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    early = Erasure.objects.filter(pk=pk, person__isnull=False, ready_at__gt=at).select_related("person")
    found = early.first()
    return found if found and _said(found) == [pk, asked_at] else None
