"""That somebody asked to be erased, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User


class ErasureQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Neither done nor called back."""
        return self.filter(done_at=None, called_back_at=None)

    def ready(self, at: datetime) -> Self:
        return self.standing().filter(ready_at__lte=at)

    def of(self, user: User) -> Self:
        return self.filter(person=user)


class Erasure(models.Model):
    """Asked for, ready after some days in which it can be called back, due within a month (Article 12(3) UK GDPR).

    Done, it leads to nobody: a keyed pseudonym stays, and how many rows there were. It doesn't say whether something
    holds it: that there is a concern isn't for this table to tell.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pseudonym = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    due_at = models.DateTimeField()
    called_back_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True, help_text="Rows by table.")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, called_back_at=None),
                name="one_standing_erasure_per_person",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, pseudonym="")
                | Q(done_at__isnull=False, person=None, called_back_at=None) & ~Q(pseudonym=""),
                name="erasure_done_leads_to_nobody",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__lte=F("ready_at"), ready_at__lte=F("due_at")),
                name="erasure_moments_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"
