"""What the office decides before anybody hears of it: runs, what they suggest, whom they leave out (EI-M)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from partnerships.models import Membership, Partnership
from programmes.models import Cohort, Pathway
from programmes.scope import ScopedQuerySet


class MatchRun(models.Model):
    """One run of the engine over a cohort's pool, with what is needed to defend it later."""

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="match_runs")
    pathway = models.CharField(
        max_length=12,
        choices=Pathway.Kind,
        blank=True,
        help_text="Empty: both pathways in one run.",
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    started_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    weights = models.JSONField(help_text="Strength per part of the fit, as it was.")
    input_hash = models.CharField(max_length=64, help_text="SHA-256 of the pool, rules, weights and seed.")
    placed = models.PositiveIntegerField(default=0, help_text="Mentees placed.")
    total = models.PositiveIntegerField(default=0, help_text="Sum of the fits, each 0 to 10,000.")
    upper_bound = models.PositiveIntegerField(default=0, help_text="No other choice can have a larger sum.")
    is_optimal = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Match run {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:matching_matchrun_change", args=[self.pk])


class SuggestionQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Suggestions that a release would take: neither taken out nor released."""
        return self.filter(state__in=[Suggestion.State.PROPOSED, Suggestion.State.LOCKED])

    def apart_from(self, user: User) -> Self:
        """Without those that this person is in, or that bring somebody into their circle: colleagues decide those."""
        own = SuggestedMember.objects.filter(application__user=user)
        circles = Membership.objects.current().filter(application__user=user)
        return self.exclude(
            Q(pk__in=own.values("suggestion")) | Q(partnership__in=circles.values("partnership"))
        )


class Suggestion(models.Model):
    """A pair or a circle that a run proposes. Nobody but the office sees it before its release."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Suggested"
        LOCKED = "locked", "Locked"
        TAKEN_OUT = "taken_out", "Taken out"
        RELEASED = "released", "Released"

    PROGRAMME_PATH = "run__cohort__programme"
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="suggestions")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    fit = models.PositiveIntegerField(help_text="0 to 10,000; of a circle the mean of its members'.")
    partnership = models.ForeignKey(
        Partnership, models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["fit", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | Q(partnership__isnull=False),
                name="released_suggestion_has_partnership",
            ),
        ]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"


class SuggestedMember(models.Model):
    """Who would have which part in a suggestion, with the fit and the reasons in words."""

    PROGRAMME_PATH = "suggestion__run__cohort__programme"
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="members")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    part = models.CharField(max_length=12, choices=Membership.Part)
    fit = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="Sentences.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "application"],
                name="suggested_once_per_suggestion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.application_id}"


class Exclusion(models.Model):
    """Somebody whom a run left out, and the rule or the shortage that did it."""

    PROGRAMME_PATH = "run__cohort__programme"
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="exclusions")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="left_out_once_per_run")]

    def __str__(self) -> str:
        return self.reason
