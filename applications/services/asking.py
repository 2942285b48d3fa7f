"""Asking again when a new version of the policy or the guidance is published in mid-programme (EI-1a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from applications.models import Application, ApplicationQuerySet, PolicyAcceptance, State
from applications.queries import Owed, owed
from applications.services.accepting import message_key
from applications.services.sweeping import in_sets, post_new
from applications.services.writing import message_context
from outbox.services import Letter
from programmes.models import PolicyVersion

_RUNNING = [State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED]


def ask_again(*, at: datetime) -> int:
    """Write, once per version, to who accepted an earlier one and owes this one now; how many were written.

    Who never accepted a policy isn't asked again: the mail of their import, and their page, ask for the first time.
    """
    return in_sets(list(_due(at).values_list("pk", flat=True)), lambda pks: _ask(pks, at=at))


def _due(at: datetime) -> ApplicationQuerySet:
    before = PolicyAcceptance.objects.filter(
        application=OuterRef("pk"), policy_version__kind=PolicyVersion.Kind.POLICY
    )
    running = Application.objects.filter(
        Exists(before),
        state__in=_RUNNING,
        cohort__ends_on__gte=timezone.localdate(at),
        user__is_active=True,
    )
    return running.with_acceptance().filter(has_accepted=False).order_by("pk")  # type: ignore[misc]


def _ask(pks: Sequence[int], *, at: datetime) -> int:
    """Under the lock, asked again: somebody may just have accepted."""
    list(Application.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    rows = list(_due(at).filter(pk__in=pks).with_introduction().select_related("user", "cohort__programme"))
    texts = owed(rows)
    letters = [
        (row.cohort.programme.slug, _letter(row, texts[row.pk], is_introduced=row.is_introduced))
        for row in rows
    ]
    return post_new("applications/email/new_version", letters, at=at)


def _letter(application: Application, texts: Sequence[Owed], *, is_introduced: bool) -> Letter:
    """About everything that is owed, under the key of the first: both are accepted by one press."""
    context: dict[str, Any] = {
        **message_context(application),
        "texts": [(text, settings.SITE_URL + text.version.get_absolute_url()) for text in texts],
        "is_introduced": is_introduced,
    }
    key = message_key(texts[0].version, application)
    return Letter(to=application.user.email, key=key, context=context)
