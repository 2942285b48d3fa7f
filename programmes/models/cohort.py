"""One run of a programme and its dates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from programmes.models.policy import PolicyVersion
from programmes.models.programme import OfProgrammeQuerySet, Programme


class Cohort(models.Model):
    """One run of a programme, from its first day to its last, both included (EI-2, BM-4)."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    sign_up_opens_on = models.DateField()
    sign_up_closes_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    policy = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        related_name="cohorts",
        limit_choices_to={"kind": PolicyVersion.Kind.POLICY},
    )

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="cohort_slug_once_per_programme"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="cohort_dates_in_order",
                violation_error_message="A cohort can’t end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(sign_up_opens_on__lte=F("sign_up_closes_on")),
                name="cohort_sign_up_in_order",
                violation_error_message="Sign-up can’t close before it opens.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.name}, {self.name}"

    def clean(self) -> None:
        """A cohort runs under a published policy of its own programme (ALL-1, EI-1)."""
        if self.policy_id is None or self.programme_id is None:
            return
        if self.policy.programme_id != self.programme_id or self.policy.kind != PolicyVersion.Kind.POLICY:
            raise ValidationError({"policy": "Choose a policy of this programme."})
        if self.policy.published_on is None:
            raise ValidationError({"policy": "Publish this policy first: people accept published versions."})

    def is_open_for_sign_up(self, on: date) -> bool:
        return self.sign_up_opens_on <= on <= self.sign_up_closes_on and not self.has_ended(on)

    def has_ended(self, on: date) -> bool:
        return on > self.ends_on


class KeyDate(models.Model):
    """A date of a cohort that people must know: training, a window for an official meeting, a review (EI-1b, BM-4)."""

    class Kind(models.TextChoices):
        MEETING = "meeting", "Official meeting"
        TRAINING = "training", "Training"
        REVIEW = "review", "Review"
        EVENT = "event", "Event"

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="key_dates")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    opens_on = models.DateField("from")
    closes_on = models.DateField("until")

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["opens_on", "closes_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "kind", "title"], name="key_date_title_once"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on")),
                name="key_date_in_order",
                violation_error_message="“Until” can’t lie before “from”.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
