"""What the office reads of a run, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from applications.models import Application
from matching.models import MatchRun, SuggestedMember, Suggestion
from partnerships.services import why_not_ready
from programmes.models import Weight

_BANDS = [(7500, "very good"), (5000, "good"), (2500, "fair"), (0, "weak")]


def members_of(suggestions: Sequence[Suggestion]) -> dict[int, list[SuggestedMember]]:
    """The people of each suggestion, mentors and facilitators first, with what `why_not_ready` needs."""
    rows = SuggestedMember.objects.filter(suggestion__in=[row.pk for row in suggestions]).order_by("pk")
    people = {
        application.pk: application
        for application in Application.objects.filter(pk__in=rows.values("application"))
        .select_related("user")
        .with_acceptance()
    }
    members: dict[int, list[SuggestedMember]] = defaultdict(list)
    for row in rows:
        row.application = people[row.application_id]
        members[row.suggestion_id].append(row)
    return members


@dataclass(frozen=True)
class Reviewed:
    """A suggestion as the office reads it: its people, whom it waits for and why, and the fit as a word."""

    suggestion: Suggestion
    people: list[tuple[SuggestedMember, str]]
    band: str
    is_own: bool


def review(run: MatchRun, *, viewer: User) -> dict[str, Any]:
    """Suggestions with their people, weakest fit first, whom each waits for, and who was left out and why.

    An administrator who takes part learns nothing here of their own match.
    """
    suggestions = list(run.suggestions.select_related("partnership").order_by("fit", "pk"))
    members = members_of(suggestions)
    others = set(run.suggestions.apart_from(viewer).values_list("pk", flat=True))
    return {
        "reviewed": [
            _reviewed(suggestion, members[suggestion.pk], is_own=suggestion.pk not in others)
            for suggestion in suggestions
        ],
        "left_out": list(
            run.exclusions.select_related("application__user").order_by("application__user__name")
        ),
        "weights": [
            (Weight.Part(part).label, Weight.Strength(strength).label)
            for part, strength in run.weights.items()
        ],
    }


def _reviewed(suggestion: Suggestion, members: list[SuggestedMember], *, is_own: bool) -> Reviewed:
    now = timezone.now()
    is_open = suggestion.state != Suggestion.State.RELEASED
    people = [(m, why_not_ready(m.application, by=None, at=now) if is_open else "") for m in members]
    band = next(word for least, word in _BANDS if suggestion.fit >= least)
    return Reviewed(suggestion, people, band, is_own)
