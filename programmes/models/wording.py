"""Texts of reminders, as a programme's administrator words them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from programmes.models.programme import OfProgrammeQuerySet, Programme
from programmes.wording import unknown_placeholders


class Wording(models.Model):
    """A programme's own words for one of its reminders; without a row the usual words are sent.

    Subjects aren't edited: they are neutral by construction, since they show on locked screens.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "A meeting is due"
        SECOND_REMINDER = "second_reminder", "A meeting is due: the second reminder"
        DAY_BEFORE = "day_before", "The day before a planned meeting"
        CLOSING = "closing", "The end of the programme"

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="wordings")
    kind = models.CharField("message", max_length=20, choices=Kind)
    text = models.TextField(max_length=2000)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="wording_once_per_programme")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        """Only placeholders that exist: a text with another one would leave with a hole in it."""
        if unknown := unknown_placeholders(self.kind, self.text):
            raise ValidationError({"text": f"There is no placeholder {', '.join(unknown)}."})
