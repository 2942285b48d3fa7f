"""What is held of a person, and where they put it right or take it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from applications.models import Application
from declarations.models import Declaration
from overview.exporting import own
from overview.personal import categories
from overview.personal.categories import CATEGORIES
from overview.personal.holding import Category, Holding
from overview.personal.registry import HOLDINGS
from overview.services.periods import months_of
from partnerships.models import Membership


@dataclass(frozen=True)
class Held:
    """One category of which the person has something: what for, who reads it, how long."""

    category: Category
    months: int

    @property
    def period(self) -> str:
        """E.g. “6 months”, “2 years”."""
        number, unit = (self.months, "month") if self.months % 12 else (self.months // 12, "year")
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


@dataclass(frozen=True)
class OwnApplication:
    """One of a person's applications, and what they can do to it here."""

    application: Application
    can_change: bool
    can_withdraw: bool
    has_declared: bool


def categories_of(user: User) -> list[Held]:
    """The categories in which something is held of this person; each table is asked at most once.

    A concern that others raised shows nowhere here: that there is one is not for whom it is about. Nor does it show
    when the matching has run: its records stand here for everybody who has applied.
    """
    months, asked = months_of(), _known_without_asking(user)
    return [
        Held(category, months[category.key])
        for category in CATEGORIES
        if asked.get(category, False)
        or (
            category not in asked
            and any(_has_rows(row, user) for row in HOLDINGS if row.category == category)
        )
    ]


def _known_without_asking(user: User) -> dict[Category, bool]:
    """Whoever is signed in has a session."""
    has_applied = Application.objects.of(user).submitted().exists()
    return {categories.SIGN_IN: True, categories.MATCHING: has_applied}


def _has_rows(holding: Holding, user: User) -> bool:
    if not holding.is_exported and _is_of_concerns(holding):
        return False
    return own.rows_of(holding, user).exists()


def _is_of_concerns(holding: Holding) -> bool:
    return holding.category == categories.CONCERNS


def applications_of(user: User) -> list[OwnApplication]:
    """Newest first, with what is open to them. Who has been introduced leaves by the partnership's page."""
    standing = Declaration.objects.standing().filter(user=user, cohort=OuterRef("cohort"))
    own_rows = Application.objects.of(user)
    editable = set(own_rows.editable().order_by().values_list("pk", flat=True))
    inside = Membership.objects.current().filter(application__user=user)
    introduced = set(inside.order_by().values_list("application", flat=True))
    rows = own_rows.select_related("cohort__programme")
    return [
        OwnApplication(
            row,
            can_change=row.pk in editable,
            can_withdraw=row.pk in editable and row.pk not in introduced,
            has_declared=row.has_declared,
        )
        for row in rows.annotate(has_declared=Exists(standing)).order_by("-started_at", "-pk")
    ]


def partnerships_of(user: User) -> list[Membership]:
    """The person's part in what runs, to correct a meeting or to leave."""
    inside = Membership.objects.current().filter(partnership__state="active", application__user=user)
    return list(inside.select_related("partnership__cohort__programme").order_by("pk"))
