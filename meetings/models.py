"""That a partnership met: facts only. No field here takes what was talked about, none ever will (EI-6)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership
from programmes.scope import ScopedQuerySet


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"
    MISSED = "missed", "Didn’t take place"


MOVES: dict[str, set[str]] = {
    State.PLANNED: {State.HELD, State.CANCELLED, State.MISSED},
    State.HELD: {State.MISSED},
    State.CANCELLED: set(),
    State.MISSED: {State.HELD},
}


class MeetingQuerySet(ScopedQuerySet):
    def held(self) -> Self:
        return self.filter(state=State.HELD)

    def planned(self) -> Self:
        return self.filter(state=State.PLANNED)


class Meeting(models.Model):
    """One meeting, planned or held: when, how long, how, official or not (EI-1b, EI-6).

    One that was planned has its moment in `starts_at`, one that was held its School's day in `held_on`; `place` is
    where or by which link: only the people in the partnership read it, and it is forgotten once the day is over.
    """

    class Format(models.TextChoices):
        VIDEO = "video", "Video call"
        IN_PERSON = "in_person", "In person"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    starts_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField("date", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(480)])
    format = models.CharField("how", max_length=10, choices=Format)
    place = models.CharField("place or link", max_length=200, blank=True)
    is_official = models.BooleanField("official meeting", default=False)
    # How often the plan has changed, as calendars count it (RFC 5545, 3.8.7.4), and when it did last.
    sequence = models.PositiveSmallIntegerField(default=0)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField(null=True, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    logged_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "held_on"], name="meeting_logged_once_a_day"),
            models.UniqueConstraint(
                fields=["partnership", "starts_at"], condition=Q(state="planned"), name="meeting_planned_once"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="meeting_minutes_in_range"
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_on__isnull=False, logged_at__isnull=False)
                | (~Q(state="held") & Q(held_on=None, logged_at=None)),
                name="meeting_held_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="held", starts_at=None, planned_at=None)
                | Q(starts_at__isnull=False, planned_at__isnull=False),
                name="meeting_planned_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(place=""), name="meeting_place_forgotten_afterwards"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "cancelled", "missed"]), name="meeting_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting {self.pk}"

    def move_to(self, state: State) -> None:
        """Set the state if the table of moves allows it; the caller holds the partnership's lock and saves."""
        if state not in MOVES[self.state]:
            raise NotPossible(f"This meeting is “{self.get_state_display().lower()}” already.")
        self.state = state


class Attendance(models.Model):
    """That somebody was at a meeting; `confirmed_at` once they said so themselves."""

    PROGRAMME_PATH = "meeting__partnership__cohort__programme"
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="attendances")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="attended_once")]

    def __str__(self) -> str:
        return f"Attendance {self.pk}"


class ContactFrequency(models.Model):
    """How often a pair agreed, in its first meeting, to write to each other (EI-1c)."""

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", "Every week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Every month"
        BETWEEN_MEETINGS = "between_meetings", "Once between meetings"
        WHEN_NEEDED = "when_needed", "When one of us needs it"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="contact_frequency")
    frequency = models.CharField("how often you will be in touch", max_length=20, choices=Frequency)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    agreed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "contact frequencies"

    def __str__(self) -> str:
        return self.get_frequency_display()


class Arranging(models.Model):
    """That somebody said a date is being found: reminders of that partnership rest until then, the day included."""

    PROGRAMME_PATH = "membership__partnership__cohort__programme"
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="arranging")
    said_on = models.DateField()
    until_on = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "said_on"], name="arranging_said_once_a_day"),
            models.CheckConstraint(condition=Q(said_on__lte=F("until_on")), name="arranging_in_order"),
        ]

    def __str__(self) -> str:
        return f"Arranging {self.pk}"


class Nudge(models.Model):
    """One mail to one person that lists everything of theirs that is due; a week at least lies between two.

    It spans programmes, so no office has a list of them; the lines below it belong to theirs.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="nudges")
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="nudged_once_a_day")]

    def __str__(self) -> str:
        return f"Nudge {self.pk}"


class NudgeLine(models.Model):
    """One thing of which a mail reminded: which meeting of a partnership, for the first or the second time.

    `occasion` is the meeting's number there, so that one that is due is reminded of twice and never more;
    `step` 0 is a reminder that the office sent by hand.
    """

    PROGRAMME_PATH = "membership__partnership__cohort__programme"
    nudge = models.ForeignKey(Nudge, models.CASCADE, related_name="lines")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="nudge_lines")
    occasion = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "occasion", "step"],
                condition=Q(step__gte=1),
                name="reminded_once_a_step",
            ),
            models.UniqueConstraint(fields=["nudge", "membership"], name="nudge_lists_a_partnership_once"),
            models.CheckConstraint(condition=Q(step__lte=2), name="nudge_step_known"),
        ]

    def __str__(self) -> str:
        return f"Nudge line {self.pk}"
