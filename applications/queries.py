"""What a person has accepted and what they still owe: the cohort's policy, the programme's newest guidance (EI-1a)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from applications.models import Application, ApplicationQuerySet, PolicyAcceptance, State
from programmes.models import PolicyVersion

Kind = PolicyVersion.Kind
NEW_FOR = timedelta(days=180)  # a notice is told of within this, or not at all
SHOWN_FOR = timedelta(days=28)  # and stands on the first page for this long


@dataclass(frozen=True)
class Owed:
    """A text that waits for a person's acceptance, and the label of the version that it takes the place of for them."""

    version: PolicyVersion
    before: str

    @property
    def kind(self) -> str:
        return self.version.get_kind_display().lower()


def has_accepted(application: Application) -> bool:
    """Whether the person accepted all that their cohort now runs under, as `with_acceptance` says for many."""
    row = Application.objects.with_acceptance().get(pk=application.pk)
    return bool(row.has_accepted)  # type: ignore[attr-defined]


def owed(applications: Collection[Application]) -> dict[int, list[Owed]]:
    """What each still has to accept, the policy first; in a fixed number of queries. Nothing owed: an empty list."""
    asked = Application.objects.filter(pk__in=[application.pk for application in applications])
    rows = asked.with_acceptance().annotate(
        policy_done=F("has_accepted_policy"), guidance_done=F("has_accepted_guidance")
    )
    guidance = _guidance({application.cohort.programme_id for application in applications})
    found = {}
    for row in rows.select_related("cohort__policy__programme").prefetch_related(
        "acceptances__policy_version"
    ):
        versions = guidance[row.cohort.programme_id]
        done = list(row.acceptances.all())
        texts = [] if row.policy_done else [Owed(row.cohort.policy, _policy_before(done))]
        if not row.guidance_done:
            texts.append(Owed(versions[0], _guidance_before(done, versions)))
        found[row.pk] = texts
    return found


def _guidance(programmes: Collection[int]) -> dict[int, list[PolicyVersion]]:
    """Published guidance by programme, the newest first, as `newest` says."""
    rows = PolicyVersion.objects.published().filter(programme__in=programmes, kind=Kind.GUIDANCE)
    found: dict[int, list[PolicyVersion]] = defaultdict(list)
    for version in rows.select_related("programme").defer("text").order_by("-published_on", "-pk"):
        found[version.programme_id].append(version)
    return found


def _accepted(done: Collection[PolicyAcceptance], kind: str) -> list[PolicyAcceptance]:
    """The acceptances of one kind of text, the newest version first."""
    rows = [row for row in done if row.policy_version.kind == kind and row.policy_version.published_on]
    return sorted(
        rows, key=lambda row: (row.policy_version.published_on, row.policy_version_id), reverse=True
    )


def _policy_before(done: Collection[PolicyAcceptance]) -> str:
    return next((row.policy_version.label for row in _accepted(done, Kind.POLICY)), "")


def _guidance_before(done: Collection[PolicyAcceptance], versions: Collection[PolicyVersion]) -> str:
    """The one accepted by itself, or the one in force when the policy was accepted."""
    if own := _accepted(done, Kind.GUIDANCE):
        return own[0].policy_version.label
    for acceptance in _accepted(done, Kind.POLICY)[:1]:
        day = timezone.localdate(acceptance.accepted_at)
        return next((v.label for v in versions if v.published_on and v.published_on < day), "")
    return ""


def concerned_by_new_notices(rows: ApplicationQuerySet, *, on: date) -> ApplicationQuerySet:
    """Of these, whoever takes part in a running cohort and applied before its programme's newest privacy notice.

    Adds `newest_notice` to filter by and to read.
    """
    notices = PolicyVersion.objects.published().filter(
        programme=OuterRef("cohort__programme"), kind=Kind.NOTICE, published_on__gt=on - NEW_FOR
    )
    newest = notices.order_by("-published_on", "-pk")
    running = rows.filter(
        state__in=[State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED],
        cohort__ends_on__gte=on,
        user__is_active=True,
    ).annotate(newest_notice=Subquery(newest.values("pk")[:1]))
    running = running.alias(
        noticed_on=Subquery(newest.values("published_on")[:1]),
        handed_in_on=TruncDate("submitted_at", tzinfo=ZoneInfo(settings.TIME_ZONE)),
    )
    return running.filter(handed_in_on__lte=F("noticed_on")).order_by("pk")


def new_notices(user: User, *, on: date) -> list[PolicyVersion]:
    """Privacy notices that are new to this person, for a line on their first page."""
    rows = concerned_by_new_notices(Application.objects.of(user), on=on)
    found = PolicyVersion.objects.filter(pk__in=rows.values("newest_notice"), published_on__gt=on - SHOWN_FOR)
    return list(found.select_related("programme").defer("text").order_by("-published_on", "pk"))
