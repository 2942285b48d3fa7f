"""Who does what for a programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from programmes.models.programme import OfProgrammeQuerySet, Programme


class Duty(models.Model):
    """What somebody does for a programme. Given by a superuser, gone with the next request once taken away."""

    class Kind(models.TextChoices):
        ADMINISTER = "administer", "Administers the programme"
        ELIGIBILITY = "eligibility", "Decides eligibility and reads declarations"
        CONCERNS = "concerns", "Handles concerns"

    PROGRAMME_PATH = "programme"
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=12, choices=Kind)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "kind", "pk"]
        verbose_name_plural = "duties"
        constraints = [models.UniqueConstraint(fields=["user", "programme", "kind"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
