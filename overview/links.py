"""The signed link of a letter that calls an erasure back: it opens this one request, and nothing of the person."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from overview.models import Erasure

_SALT = "overview.links.call-back"


def call_back_url(erasure: Erasure) -> str:
    return settings.SITE_URL + reverse("call_back_erasure", args=[signing.dumps(erasure.pk, salt=_SALT)])


def erasure_of(token: str) -> Erasure | None:
    """Which request a token that we made is for; None if we never made it, or the person is no more."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Erasure.objects.filter(pk=pk, person__isnull=False).select_related("person").first()
