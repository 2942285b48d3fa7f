"""Training for the people of a cohort: sessions, who has a place in them, who waits for one, who was there (BM-12)."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Role
from programmes.scope import ScopedQuerySet


class SessionQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Not called off."""
        return self.filter(cancelled_at=None)


class Session(models.Model):
    """One training session of a cohort. `kind` is the pathway that it prepares for, or other."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "one_to_one", "One-to-one mentoring"
        CIRCLE = "circle", "Facilitating circles"
        OTHER = "other", "Something else"

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="training_sessions")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120)
    role = models.CharField("for", max_length=10, choices=Role, blank=True, help_text="Empty: for everybody.")
    starts_at = models.DateTimeField("starts")
    minutes = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    place = models.CharField("place or link", max_length=200)
    places = models.PositiveSmallIntegerField(default=20, validators=[MinValueValidator(1)])
    cancelled_at = models.DateTimeField("called off", null=True, blank=True, editable=False)
    # How often it has changed, as calendars count it (RFC 5545, 3.8.7.4), and when it did last.
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "title", "starts_at"], name="training_session_once"),
            models.CheckConstraint(condition=Q(places__gte=1), name="training_session_has_places"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=1440), name="training_session_minutes_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training_session", args=[self.pk])


class State(models.TextChoices):
    BOOKED = "booked", "Booked"
    WAITING = "waiting", "On the waiting list"
    CANCELLED = "cancelled", "Cancelled"


MOVES: dict[str, set[str]] = {
    State.WAITING: {State.BOOKED, State.CANCELLED},
    State.BOOKED: {State.CANCELLED},
    State.CANCELLED: set(),
}


class BookingQuerySet(ScopedQuerySet):
    def of(self, user: User) -> Self:
        return self.filter(application__user=user)

    def booked(self) -> Self:
        return self.filter(state=State.BOOKED)

    def waiting(self) -> Self:
        """In turn: who asked first comes first."""
        return self.filter(state=State.WAITING).order_by("asked_at", "pk")

    def standing(self) -> Self:
        return self.exclude(state=State.CANCELLED)


class Booking(models.Model):
    """A person's place in a session, or their place in its queue. A place is a number under a unique index."""

    PROGRAMME_PATH = "session__cohort__programme"
    session = models.ForeignKey(Session, models.CASCADE, related_name="bookings")
    application = models.ForeignKey(Application, models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=10, choices=State)
    number = models.PositiveSmallIntegerField("place", null=True, blank=True)
    asked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    has_attended = models.BooleanField("was there", null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "application"], condition=~Q(state="cancelled"), name="booked_once"
            ),
            models.UniqueConstraint(
                fields=["session", "number"], condition=Q(state="booked"), name="training_place_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(state="booked", number__gte=1) | (~Q(state="booked") & Q(number=None)),
                name="who_is_booked_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
                name="booking_cancelled_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(has_attended=None) | Q(state="booked"), name="only_who_is_booked_attends"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "waiting", "cancelled"]), name="booking_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Booking {self.pk}"

    def move_to(self, state: State) -> None:
        """Set the state if the table of moves allows it; the caller holds the session's lock and saves."""
        if state not in MOVES[self.state]:
            raise NotPossible(f"This booking is “{self.get_state_display().lower()}” already.")
        self.state = state
