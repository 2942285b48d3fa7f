"""What the front page says of each public programme."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from accounts.models import User
from applications.models import Application
from mentorship.lib.rich_text import to_html
from programmes.models import Ask, Cohort, Programme, Role
from programmes.queries import current_cohort


@dataclass(frozen=True)
class Shown:
    """A programme with the cohort that a visitor would ask about, and the roles it takes applications in."""

    programme: Programme
    cohort: Cohort | None
    roles: tuple[Role, ...]
    is_open: bool
    opens_later: bool
    has_ended: bool

    @property
    def audience(self) -> SafeString:
        """For whom, as its administrators wrote it."""
        return to_html(self.programme.audience)


def public_programmes(*, on: date) -> list[Shown]:
    """All public programmes in their order, in three queries."""
    roles = defaultdict(set)
    for programme, role in Ask.objects.order_by().values_list("programme", "role").distinct():
        roles[programme].add(role)
    return [
        _shown(programme, [role for role in Role if role in roles[programme.pk]], on=on)
        for programme in Programme.objects.public().prefetch_related("cohorts")
    ]


def open_to(user: User, *, on: date) -> list[Shown]:
    """Public programmes that take applications now, but for those whose open cohort they applied to."""
    applied = set(Application.objects.of(user).values_list("cohort", flat=True))
    return [
        shown
        for shown in public_programmes(on=on)
        if shown.is_open and shown.cohort is not None and shown.cohort.pk not in applied
    ]


def _shown(programme: Programme, roles: list[Role], *, on: date) -> Shown:
    cohort = current_cohort(programme, on)
    return Shown(
        programme=programme,
        cohort=cohort,
        roles=tuple(roles),
        is_open=bool(cohort and roles and cohort.is_open_for_sign_up(on)),
        opens_later=bool(cohort and on < cohort.sign_up_opens_on),
        has_ended=bool(cohort and cohort.has_ended(on)),
    )
