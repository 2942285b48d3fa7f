"""The School's pages on safeguarding and privacy, as links that somebody looks after (EI-1f)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from programmes.models.programme import OfProgrammeQuerySet, Programme, is_https


class SchoolPage(models.Model):
    """One of the School's pages that a programme links to: when somebody last looked, and whether it answers.

    The link itself is the programme's; `url` is the one that was looked at, and another one begins anew.
    """

    class Which(models.TextChoices):
        SAFEGUARDING = "safeguarding", "Safeguarding"
        PRIVACY = "privacy", "Privacy"

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="school_pages")
    which = models.CharField("policy", max_length=12, choices=Which)
    url = models.URLField("link")
    looked_at_on = models.DateField(
        "looked at on", null=True, blank=True, help_text="By somebody, who read it."
    )
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField("asked on", null=True, blank=True, help_text="By the clock, once a week.")
    failure = models.CharField("what it said", max_length=200, blank=True)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "which"]
        verbose_name = "School page"
        constraints = [
            models.UniqueConstraint(fields=["programme", "which"], name="school_page_once"),
            models.CheckConstraint(condition=is_https("url"), name="school_page_is_https"),
            models.CheckConstraint(
                condition=models.Q(failure="") | models.Q(asked_on__isnull=False),
                name="school_page_failed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_which_display()}, {self.programme}"
