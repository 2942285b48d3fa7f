"""A new privacy notice is made known to those whom it concerns (Articles 13 and 14 UK GDPR).

Nobody is asked to accept it: it informs, and isn't a consent. Who applied after it was published read it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.queries import concerned_by_new_notices
from applications.services.sweeping import post_new
from mentorship.lib.sweeps import in_sets
from outbox.models import Message
from outbox.services import Letter
from programmes.models import PolicyVersion


def make_known(*, at: datetime) -> int:
    """Write once per person and version to everybody in a running cohort; how many were written."""
    return in_sets(_unwritten(at), lambda pks: _write(pks, at=at), what="application")


def _unwritten(at: datetime) -> list[int]:
    rows = concerned_by_new_notices(Application.objects.all(), on=timezone.localdate(at))
    keys = {pk: _key(notice, user) for pk, notice, user in rows.values_list("pk", "newest_notice", "user")}
    known = set(Message.objects.filter(key__in=set(keys.values())).values_list("key", flat=True))
    return [pk for pk, key in keys.items() if key not in known]


def _key(notice: int, user: int) -> str:
    return f"notice/{notice}/{user}"


def _write(pks: Iterable[int], *, at: datetime) -> int:
    rows = concerned_by_new_notices(Application.objects.filter(pk__in=list(pks)), on=timezone.localdate(at))
    found = list(rows.select_related("user", "cohort__programme"))
    notices = PolicyVersion.objects.select_related("programme").in_bulk({row.newest_notice for row in found})
    by_person = {(row.newest_notice, row.user_id): row for row in found}  # in two roles: one letter
    letters = [
        (row.cohort.programme.slug, _letter(row, notices[row.newest_notice])) for row in by_person.values()
    ]
    return post_new("applications/email/new_notice", letters, at=at)


def _letter(application: Application, notice: PolicyVersion) -> Letter:
    context: dict[str, Any] = {
        "name": application.user.name,
        "programme": notice.programme,
        "notice": notice,
        "url": settings.SITE_URL + notice.get_absolute_url(),
        "changes_url": _changes_url(notice),
    }
    return Letter(to=application.user.email, key=_key(notice.pk, application.user_id), context=context)


def _changes_url(notice: PolicyVersion) -> str:
    if (earlier := notice.earlier) is None:
        return ""
    names = [notice.programme.slug, notice.kind, notice.label, earlier.label]
    return settings.SITE_URL + reverse("compare_versions", args=names)
