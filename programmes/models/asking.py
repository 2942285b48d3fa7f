"""What a programme asks of people, which answers there are, and what the office's sheets call it."""

from __future__ import annotations

from django.db import models

from programmes.facts import ASKABLE, WITH_OPTIONS
from programmes.models.programme import LAST, OfProgrammeQuerySet, Programme, Role


class Option(models.Model):
    """One answer that may be chosen for a fact: a sector, an area of support, a division, a course."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="options")
    fact = models.CharField(max_length=30, choices=WITH_OPTIONS)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=LAST)
    is_open = models.BooleanField("can be chosen", default=True)
    is_eligible = models.BooleanField(
        "may join",
        default=True,
        help_text="Untick to keep people with this answer outside the programme, for now.",
    )

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["fact", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "fact", "name"], name="option_once_per_fact"),
        ]

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """That a programme asks a fact of a role, in which words, and under which heading the office's sheet has it."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="asks")
    role = models.CharField(max_length=10, choices=Role)
    fact = models.CharField(max_length=30, choices=ASKABLE)
    section = models.CharField(
        max_length=80, help_text="Heading over the question; equal headings stand together."
    )
    label = models.CharField(max_length=200)
    help_text = models.CharField(max_length=300, blank=True)
    column = models.CharField(
        max_length=200, blank=True, help_text="Heading of the column in the office's sheet."
    )
    is_required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=LAST)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["role", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "role", "fact"], name="fact_asked_once_per_role"),
        ]

    def __str__(self) -> str:
        return self.label


class SheetColumn(models.Model):
    """A column of the office's sheet that isn't an answer: when, who, which address, and the acceptance."""

    class Meaning(models.TextChoices):
        TIMESTAMP = "timestamp", "When it was submitted (day/month/year hour:minute)"
        NAME = "name", "Full name"
        FIRST_NAME = "first_name", "First name"
        LAST_NAME = "last_name", "Last name"
        EMAIL = "email", "Address to sign in with"
        ACCEPTANCE = "acceptance", "Acceptance of the policy (Yes)"

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sheet_columns")
    role = models.CharField(max_length=10, choices=Role)
    meaning = models.CharField(max_length=20, choices=Meaning)
    column = models.CharField(max_length=200)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "role", "meaning"], name="sheet_meaning_once_per_role"
            ),
        ]

    def __str__(self) -> str:
        return self.column
