"""How partnerships stand, for the office's list: meetings, last sign of life, who is away, open flags (BM-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from applications.models import Absence
from meetings.cadence import Progress, Stage, day
from meetings.queries import last_signs_of_life, progress_by_partnership
from partnerships.models import AgreementAcceptance, Flag, Membership, Partnership
from programmes.models import Pathway

OVERDUE = frozenset({Stage.SLIPPED, Stage.BROKEN})


@dataclass(frozen=True)
class Standing:
    """One partnership on a day, in facts.

    `is_own`: who looks is or was in it, and is told here no more than its own page tells them.
    """

    progress: Progress
    is_own: bool
    last_sign_at: datetime | None = None
    away: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def is_overdue(self) -> bool:
        return self.progress.stage in OVERDUE

    @property
    def meetings(self) -> str:
        """What was held, e.g. “2 of 3” or “4 · last 12 January”."""
        if self.progress.wanted:
            return f"{self.progress.counted} of {self.progress.wanted}"
        if self.progress.last_met_on is None:
            return "None yet"
        return f"{self.progress.held} · last {day(self.progress.last_met_on)}"


def own_partnerships(user: User | AnonymousUser) -> QuerySet[Membership, int]:
    """The partnerships that a person is or ever was in: as administrator they leave these to a colleague."""
    return (
        Membership.objects.filter(application__user=user.pk).order_by().values_list("partnership", flat=True)
    )


def standings(
    partnerships: Collection[Partnership], *, viewer: User | AnonymousUser, on: date
) -> Mapping[int, Standing]:
    """Each partnership as it stands, by its number; the number of queries doesn't grow with them.

    Give them with `select_related("cohort__programme")`.
    """
    progress = progress_by_partnership(partnerships, on=on)
    own = set(own_partnerships(viewer).filter(partnership__in=partnerships))
    signs = last_signs_of_life(partnerships)
    away = people_away(partnerships, on=on)
    flags = _open_flags(partnerships, viewer=viewer)
    return {
        row.pk: Standing(progress[row.pk], is_own=True)
        if row.pk in own
        else Standing(
            progress[row.pk],
            is_own=False,
            last_sign_at=signs[row.pk],
            away=tuple(away[row.pk]),
            flags=tuple(flags[row.pk]),
        )
        for row in partnerships
    }


def overdue(partnerships: Iterable[Partnership], *, on: date) -> set[int]:
    """Which of these are late with a meeting (BM-5), in one pass over all of them."""
    progress = progress_by_partnership(partnerships, on=on)
    return {pk for pk, each in progress.items() if each.stage in OVERDUE}


def owing_an_agreement(partnerships: QuerySet[Partnership]) -> QuerySet[Membership]:
    """Who is in a circle whose agreement they haven't accepted since somebody joined last (BM-5)."""
    agreed = Pathway.objects.filter(
        programme=OuterRef("partnership__cohort__programme"), kind=Pathway.Kind.CIRCLE
    ).exclude(agreement="")
    accepted = AgreementAcceptance.objects.filter(
        membership=OuterRef("pk"), round=OuterRef("partnership__agreement_round")
    )
    circles = partnerships.filter(pathway=Pathway.Kind.CIRCLE).order_by().values("pk")
    return Membership.objects.current().filter(Exists(agreed), ~Exists(accepted), partnership__in=circles)


def people_away(partnerships: Collection[Partnership], *, on: date) -> Mapping[int, list[str]]:
    """Who of each partnership is away on the day and until when; no reason was ever asked (EI-1d)."""
    members = (
        Membership.objects.current().filter(partnership__in=partnerships).select_related("application__user")
    )
    rows = list(members.order_by("pk"))
    absences = Absence.objects.on(on).filter(application__in={row.application_id for row in rows})
    until: dict[int, date] = {}
    for absence in absences:
        known = until.get(absence.application_id, absence.last_on)
        until[absence.application_id] = max(known, absence.last_on)
    away: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.application_id in until:
            away[row.partnership_id].append(
                f"{row.application.user.name} until {day(until[row.application_id])}"
            )
    return away


def _open_flags(
    partnerships: Collection[Partnership], *, viewer: User | AnonymousUser
) -> Mapping[int, list[str]]:
    """Open flags in words, each kind once: two people may have asked for help."""
    words: dict[int, list[str]] = defaultdict(list)
    rows = Flag.objects.visible_to(viewer).open().filter(partnership__in=partnerships)
    for pk, kind in rows.order_by("raised_at", "pk").values_list("partnership", "kind"):
        if (label := Flag.Kind(kind).label) not in words[pk]:
            words[pk].append(label)
    return words
