"""Who was shown what of whom (ALL-2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from applications.models import Application
from partnerships.models.partnership import Partnership
from programmes.models import PolicyVersion
from programmes.scope import ScopedQuerySet


class DisclosureQuerySet(ScopedQuerySet):
    """The record of who saw what is open to superusers as well, who answer for the whole of it."""

    is_open_to_rank = True


class Disclosure(models.Model):
    """A record that one person saw facts of another (ALL-2): which facts, by which way, on which day, and the
    policy version that allowed it.

    One row a day for the same facts by the same way: `first_at` is the day's first moment.
    """

    class Channel(models.TextChoices):
        PAGE = "page", "On a page"
        EMAIL = "email", "By e-mail"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="disclosures")
    of = models.ForeignKey(Application, models.CASCADE, related_name="disclosures")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    facts = models.CharField(max_length=400, help_text="Keys of the facts, in order, with commas between.")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    on = models.DateField()
    first_at = models.DateTimeField(default=timezone.now)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-first_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "partnership",
                    "of",
                    "to",
                    "channel",
                    "on",
                    "policy_version",
                    "facts",
                ],
                name="disclosure_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Disclosure {self.pk}"
