"""How long each category is kept, and what was purged when: counts, never people."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from overview.personal.categories import CATEGORIES

LONGEST = 120  # months
_TITLES = {category.key: category.title for category in CATEGORIES}


class OfTheHouseQuerySet(models.QuerySet):
    """Rows that belong to no programme: superusers answer for them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if self.opens_by_rank(user) else self.none()

    def opens_by_rank(self, user: User | AnonymousUser) -> bool:
        return user.is_superuser and user.is_active


class RetentionPeriod(models.Model):
    """For how many months a category is kept, from the moment that its description names (ASVS 14.2.7).

    One row a category (`services.periods.install`); without one the category's own default holds.
    """

    category = models.CharField(max_length=40, unique=True, editable=False)
    months = models.PositiveSmallIntegerField(help_text=f"1 to {LONGEST}.")

    objects = OfTheHouseQuerySet.as_manager()

    class Meta:
        ordering = ["category"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=LONGEST),
                name="retention_months_in_range",
                violation_error_message=f"Between 1 and {LONGEST} months.",
            ),
        ]

    def __str__(self) -> str:
        return _TITLES.get(self.category, self.category)


class RetentionRunQuerySet(OfTheHouseQuerySet):
    def open(self) -> Self:
        """Announced and not finished."""
        return self.filter(is_done=False)


class RetentionRun(models.Model):
    """One purge: what was announced, from when it may begin, and what went. Counts per category, no people.

    `months` are the periods as they were announced, so that a shorter one set meanwhile waits for the next run.
    """

    planned_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    begins_at = models.DateTimeField()
    months = models.JSONField()
    planned = models.JSONField(help_text="Rows that fall due, per category.")
    purged = models.JSONField(default=dict, help_text="Rows that went, per category.")
    failed = models.JSONField(default=dict, help_text="Rows that couldn't go, per category.")
    is_done = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        verbose_name = "purge"
        constraints = [
            models.UniqueConstraint(
                fields=["is_done"], condition=Q(is_done=False), name="one_purge_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(is_done=True, done_at__isnull=False) | Q(is_done=False, done_at=None),
                name="purge_done_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(planned_at__lte=F("reported_at"), reported_at__lt=F("begins_at")),
                name="purge_announced_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("begins_at")),
                name="purge_done_after_its_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"Purge {self.pk}"
