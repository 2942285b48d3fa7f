"""Asking again when a new version of the policy or the guidance is published in mid-programme (EI-1a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from applications.models import Application, ApplicationQuerySet, PolicyAcceptance, State
from applications.queries import Owed, owed
from applications.services.accepting import message_key, newest_guidance
from applications.services.sweeping import post_new
from applications.services.writing import message_context
from mentorship.lib.locks import lock_rows
from mentorship.lib.sweeps import in_sets
from outbox.models import Message
from outbox.services import Letter
from programmes.models import PolicyVersion, Programme

_RUNNING = [State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED]


def ask_again(*, at: datetime) -> int:
    """Write, once per version, to who accepted an earlier one and owes this one now; how many were written.

    Who never accepted a policy isn't asked again: the mail of their import, and their page, ask for the first time.
    """
    return in_sets(_unasked(at), lambda pks: _ask(pks, at=at), what="application")


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


def _unasked(at: datetime) -> list[int]:
    """Who hasn't been asked for what they owe: to look at the others again in each sweep would cost seconds."""
    rows = _due(at).annotate(policy_done=F("has_accepted_policy"))
    owing = list(rows.values_list("pk", "policy_done", "cohort__policy", "cohort__programme"))
    programmes = Programme.objects.filter(pk__in={programme for *_, programme in owing})
    newest = {programme.pk: newest_guidance(programme) for programme in programmes}
    keys: dict[int, str] = {}
    for pk, has_policy, policy, programme in owing:
        guidance = newest[programme]
        keys[pk] = message_key(guidance.pk if has_policy and guidance else policy, pk)
    known = set(Message.objects.filter(key__in=list(keys.values())).values_list("key", flat=True))
    return [pk for pk, key in keys.items() if key not in known]


def _ask(pks: Sequence[int], *, at: datetime) -> int:
    """Under the lock, asked again: somebody may just have accepted."""
    lock_rows(Application.objects.filter(pk__in=pks))
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
    key = message_key(texts[0].version.pk, application.pk)
    return Letter(to=application.user.email, key=key, context=context)
