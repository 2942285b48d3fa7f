"""That a partnership met: facts only. No field here takes what was talked about, none ever will (EI-6)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from partnerships.models import Membership, Partnership
from programmes.scope import ScopedQuerySet


class Meeting(models.Model):
    """One meeting that was held: when, how long, how, official or not (EI-1b, EI-6)."""

    class Format(models.TextChoices):
        VIDEO = "video", "Video call"
        IN_PERSON = "in_person", "In person"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings")
    held_on = models.DateField("date")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(480)])
    format = models.CharField("how", max_length=10, choices=Format)
    is_official = models.BooleanField("official meeting", default=False)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    logged_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "held_on"], name="meeting_logged_once_a_day"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="meeting_minutes_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting on {self.held_on:%d %B %Y}"


class Attendance(models.Model):
    """That somebody was at a meeting."""

    PROGRAMME_PATH = "meeting__partnership__cohort__programme"
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="attendances")

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
