"""Who is away when, for clocks and for partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from applications.models import Absence, Application
from mentorship.lib.periods import Days, is_longer_than_a_month, joined
from partnerships import disclosure, permissions
from partnerships.models import Disclosure, Membership, Partnership


def days_away(
    partnerships: Iterable[Partnership], *, viewer: User | None = None
) -> Mapping[int, Mapping[int, list[Days]]]:
    """The days on which people can't be reached, told to anybody or not: by partnership and current member (EI-1d).

    In two queries, however many they are. The clocks read it; what a `viewer` is shown counts their own absences and
    those that partners were told of.
    """
    periods: dict[int, list[Days]] = defaultdict(list)
    inside = Membership.objects.current().filter(partnership__in=list(partnerships))
    members = list(inside.values_list("partnership", "pk", "application"))
    absences = Absence.objects.filter(application__in=[application for _, _, application in members])
    if viewer is not None:
        absences = absences.filter(Q(tells_partners=True) | Q(application__user=viewer))
    for absence in absences:
        periods[absence.application_id].append((absence.from_on, absence.last_on))
    away: dict[int, dict[int, list[Days]]] = defaultdict(dict)
    for partnership, member, application in members:
        if days := joined(periods.get(application, [])):
            away[partnership][member] = days
    return away


def away_on(applications: Iterable[Application | int], day: date) -> set[int]:
    """Which of these applications (their keys) are of people who can't be reached on a day, told or not."""
    return set(
        Absence.objects.on(day)
        .filter(application__in=list(applications))
        .values_list("application", flat=True)
    )


@dataclass(frozen=True)
class Span:
    """Days away without a gap, both included, and the absences that make them."""

    first_on: date
    last_on: date
    absences: tuple[Absence, ...]

    @property
    def is_long(self) -> bool:
        return is_longer_than_a_month(self.first_on, self.last_on)


def spans_of(absences: Iterable[Absence]) -> list[Span]:
    """One person's absences, those that overlap or follow one another without a gap made one; empty ones left out."""
    rows = [absence for absence in absences if absence.from_on <= absence.last_on]
    return [
        Span(first, last, tuple(row for row in rows if first <= row.from_on <= last))
        for first, last in joined((row.from_on, row.last_on) for row in rows)
    ]


def told_spans(absences: Collection[Absence]) -> list[Span]:
    """What partners are told of one person's absences: what lasts longer than a month, and what the person wished.

    Two short ones that make a long one together are told as that one (EI-1d).
    """
    long = {row.pk for span in spans_of(absences) if span.is_long for row in span.absences}
    return spans_of(row for row in absences if row.tells_partners or row.pk in long)


@dataclass(frozen=True)
class Away:
    """What a partner reads: who is away, from when until when, and nothing else."""

    name: str
    from_on: date
    until_on: date


def told_absences(partnership: Partnership, *, viewer: User, at: datetime) -> list[Away]:
    """The absences of the others, running or to come, of which they were told; with a record of each name shown.

    Empty for who has no right to the others' cards, in a pause, and after the end. The number of queries doesn't
    grow with the people; without an absence no name is asked for.
    """
    if not partnership.is_active or not permissions.can_see_cards(viewer, partnership, at=at):
        return []
    inside = partnership.memberships.current().exclude(application__user=viewer)
    spans = _told_by_application(list(inside.values_list("application", flat=True)), timezone.localdate(at))
    if not spans:
        return []
    shown = disclosure.cards_for(
        partnership,
        viewer=viewer,
        of=list(Application.objects.filter(pk__in=spans)),
        channel=Disclosure.Channel.PAGE,
        at=at,
        only=["name"],
    )
    away = [
        Away(called(card.name, partnership), span.first_on, span.last_on)
        for person, card in shown
        for span in spans[person.pk]
    ]
    return sorted(away, key=lambda row: (row.from_on, row.until_on, row.name.casefold()))


def called(name: str, partnership: Partnership) -> str:
    """What to call somebody whose name the policy may keep to itself."""
    return name or ("Somebody in your circle" if partnership.is_circle else "Your partner")


def _told_by_application(applications: Collection[int], on: date) -> dict[int, list[Span]]:
    rows: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(application__in=applications):
        rows[absence.application_id].append(absence)
    told = {pk: [s for s in told_spans(absences) if s.last_on >= on] for pk, absences in rows.items()}
    return {pk: spans for pk, spans in told.items() if spans}


@dataclass(frozen=True)
class OwnAbsence:
    """A line of a person's own list."""

    pk: int
    from_on: date
    until_on: date
    is_told: bool
    has_begun: bool


def own_absences(application: Application, on: date) -> list[OwnAbsence]:
    """A person's own absences that aren't over, in order."""
    return [
        OwnAbsence(row.pk, row.from_on, row.last_on, row.tells_partners, row.from_on <= on)
        for row in application.absences.filter(returned_on=None, until_on__gte=on)
    ]
