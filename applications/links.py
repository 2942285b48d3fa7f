"""The link under which a person says, without signing in, whether they would like to continue (EI-3)."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from applications.models import Application

_SALT = "applications.links.continue"
DAYS_VALID = 400  # until the next cohort of a programme that runs once a year


def continue_url(application: Application) -> str:
    """The absolute address of the page; it opens this one answer, and nothing else of the person."""
    token = signing.dumps(application.pk, salt=_SALT)
    return settings.SITE_URL + reverse("continue_interest", args=[token])


def application_of(token: str) -> Application | None:
    """Whom a token that we made is for; nobody if it was changed, is too old, or the account is closed."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=DAYS_VALID * 24 * 3600)
    except signing.BadSignature:
        return None
    rows = Application.objects.select_related("user", "cohort__programme")
    return rows.filter(pk=pk, user__is_active=True).first()
