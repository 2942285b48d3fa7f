"""What the office reads of a run, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from matching.models import Exclusion, MatchRun, SuggestedMember, Suggestion
from partnerships.services import why_not_ready
from programmes.models import Pathway, Weight

ROWS_PER_PAGE = 100
_BANDS = [(7500, "very good"), (5000, "good"), (2500, "fair"), (0, "weak")]
_LABELS = {kind.value: kind.label for kind in Pathway.Kind}


def band(fit: int) -> str:
    """A fit of 0 to 10,000 as a word: a number alone would promise a precision that it hasn't."""
    return next(word for least, word in _BANDS if fit >= least)


def members_of(suggestions: Iterable[Suggestion]) -> dict[int, list[SuggestedMember]]:
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


def suggestions_page(run: MatchRun, *, viewer: User, number: str | None) -> tuple[Page, list[Reviewed]]:
    """A page of a run's suggestions with their people, the weakest fit first.

    An administrator who takes part learns nothing here of their own match.
    """
    everything = run.suggestions.select_related("partnership", "released_by").order_by("fit", "pk")
    page = Paginator(everything, ROWS_PER_PAGE).get_page(number)
    shown = list(page.object_list)
    members = members_of(shown)
    others = set(
        run.suggestions.filter(pk__in=[row.pk for row in shown])
        .apart_from(viewer)
        .values_list("pk", flat=True)
    )
    reviewed = [_reviewed(row, members[row.pk], is_own=row.pk not in others) for row in shown]
    return page, reviewed


def _reviewed(suggestion: Suggestion, members: list[SuggestedMember], *, is_own: bool) -> Reviewed:
    now = timezone.now()
    is_open = suggestion.state == Suggestion.State.PROPOSED
    people = [(m, why_not_ready(m.application, by=None, at=now) if is_open else "") for m in members]
    return Reviewed(suggestion, people, band(suggestion.fit), is_own)


def left_out_of(run: MatchRun, *, viewer: User) -> QuerySet[Exclusion]:
    """Whom a run left out: who asked for something first, then mentors without a mentee; never the reader."""
    rows = run.exclusions.select_related("application__user").exclude(application__user=viewer)
    return rows.order_by("application__role", "application__user__name", "pk")


def terms(run: MatchRun) -> list[tuple[str, list[str]]]:
    """The rules and weights of a run in words, by pathway."""
    words = []
    for kind, content in sorted(run.criteria.items()):
        weights = content.get("weights", {}).items()
        said = [f"{Weight.Part(part).label}: {Weight.Strength(strength).label}" for part, strength in weights]
        said += [_rule(name) for name, is_on in content.items() if name.startswith("forbids_") and is_on]
        words.append((_LABELS[kind], said))
    return words


def _rule(name: str) -> str:
    return str(getattr(Pathway._meta.get_field(name), "verbose_name", name))


def report(run: MatchRun, outcome: Any) -> dict[str, Any]:
    """A run, and what became of its release, as plain data for the command line."""
    suggestions = list(run.suggestions.order_by("fit", "pk"))
    members = members_of(suggestions)
    left_out = run.exclusions.select_related("application__user").order_by("pk")
    return {
        "run": run.pk,
        "programme": run.cohort.programme.slug,
        "cohort": run.cohort.slug,
        "pathway": run.pathway or None,
        "objective": run.objective,
        "seed": run.seed,
        "input_hash": run.input_hash,
        "placed": run.placed,
        "total": run.total,
        "smallest": run.smallest,
        "upper_bound": run.upper_bound,
        "optimal": run.is_optimal,
        "proved_bound": run.comparison.get("proved_bound"),
        "suggestions": [_suggestion(suggestion, members[suggestion.pk]) for suggestion in suggestions],
        "left_out": [
            {**_person(row.application), "role": row.application.role, "reason": row.reason}
            for row in left_out
        ],
        "released": outcome.released if outcome else None,
        "held_back": [{"people": held.people, "reason": held.reason} for held in outcome.held_back]
        if outcome
        else [],
    }


def _suggestion(suggestion: Suggestion, members: Sequence[SuggestedMember]) -> dict[str, Any]:
    return {
        "pathway": suggestion.pathway,
        "state": suggestion.state,
        "locked": suggestion.is_locked,
        "fit": suggestion.fit,
        "members": [_member(member) for member in members],
    }


def _member(member: SuggestedMember) -> dict[str, Any]:
    return {
        **_person(member.application),
        "part": member.part,
        "fit": member.fit,
        "reasons": member.reasons,
    }


def _person(application: Application) -> dict[str, Any]:
    return {
        "application": application.pk,
        "name": application.user.name,
        "email": application.user.email,
    }
