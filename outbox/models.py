"""Kept e-mails: what is to leave, what has left, and what couldn't.

Knows no other app: `programme` is an opaque label, `to` is an address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        """Waiting, its moment has come, and no sender holds it."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lte=at), state=Message.State.WAITING, not_before__lte=at
        )

    def in_turn(self) -> Self:
        """The order in which messages leave: first those that somebody waits for at a screen."""
        return self.order_by("-is_urgent", "not_before", "pk")

    def not_of_concerns(self) -> Self:
        """Messages of concerns are for their handlers only and counted nowhere else."""
        return self.exclude(kind__startswith="concerns/")

    def of_concerns(self) -> Self:
        return self.filter(kind__startswith="concerns/")


class Message(models.Model):
    """One e-mail to one address, written in the transaction of its cause; `key` makes it once."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    key = models.CharField(max_length=200, unique=True, help_text="kind/object/person/occasion")
    message_id = models.CharField(max_length=200, unique=True, help_text="The same on every attempt.")
    programme = models.CharField(max_length=40, blank=True, db_index=True)
    kind = models.CharField(max_length=80, help_text="Template it was rendered from.")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True, help_text="An iCalendar object that goes with it.")
    is_urgent = models.BooleanField(default=False, help_text="Somebody waits for it at a screen.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True, default=None)
    error = models.CharField(max_length=100, blank=True, help_text="A kind and a code, never an address.")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["-is_urgent", "not_before", "id"], condition=Q(state="waiting"), name="message_due"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="message_withdrawn_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(lease_until=None, lease_token=None)
                | Q(state="waiting", lease_until__isnull=False, lease_token__isnull=False),
                name="message_lease_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"
