"""Keeping that a person accepted the texts in force: the cohort's policy, the programme's newest guidance (EI-1a)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from applications.models import Application, PolicyAcceptance
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from programmes.models import Cohort, PolicyVersion, Programme

NO_GUIDANCE = 0  # what a form says that showed no guidance, because there was none


def newest_guidance(programme: Programme) -> PolicyVersion | None:
    """The guidance in force."""
    return programme.policy_versions.newest(PolicyVersion.Kind.GUIDANCE)


def in_force(cohort: Cohort) -> list[PolicyVersion]:
    """What is accepted by one press: the cohort's policy, then the newest guidance if there is any."""
    guidance = newest_guidance(cohort.programme)
    return [cohort.policy, guidance] if guidance else [cohort.policy]


def refuse_unread(texts: Sequence[PolicyVersion], *, version: int | None, guidance: int | None) -> None:
    """Who was shown another version than the one in force reads that first; None where nothing is known of it."""
    policy, *newest = [text.pk for text in texts]
    if version is not None and version != policy:
        raise NotPossible("There is a new version of the policy. Please read it, and accept it then.")
    if guidance is not None and guidance != (newest[0] if newest else NO_GUIDANCE):
        raise NotPossible("There is a new version of the guidance. Please read it, and accept it then.")


def keep(
    application: Application,
    versions: Iterable[PolicyVersion],
    *,
    accepted_at: datetime,
    at: datetime,
    **source: object,
) -> list[PolicyAcceptance]:
    """Keep the acceptance of each version once; a message that still asks for it isn't sent any more."""
    kept = []
    for version in versions:
        acceptance, _ = PolicyAcceptance.objects.get_or_create(
            application=application,
            policy_version=version,
            defaults={"accepted_at": accepted_at, **source},
        )
        kept.append(acceptance)
        outbox.withdraw(message_key(version.pk, application.pk), at=at)
    return kept


def stop_asking(application: Application, *, at: datetime) -> None:
    """Keep back what still asks somebody who has taken their application back."""
    for version in in_force(application.cohort):
        outbox.withdraw(message_key(version.pk, application.pk), at=at)


def message_key(version: int, application: int) -> str:
    """One message per person and version, ever; by their numbers."""
    return f"new-version/{version}/{application}"
