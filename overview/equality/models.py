"""Figures about the answers to the questionnaire: monthly, rounded, and kept when the answers are gone (EI-7)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from matching.models import MatchRun
from programmes.models import Cohort
from programmes.scope import ScopedQuerySet


class Stage(models.TextChoices):
    APPLIED = "applied", "Applied"
    ELIGIBLE = "eligible", "Eligible"
    MATCHED = "matched", "Matched"
    COMPLETED = "completed", "Completed"
    CONSIDERED = "considered", "In the match run"
    PLACED = "placed", "Placed by it"


OF_A_COHORT = (Stage.APPLIED, Stage.ELIGIBLE, Stage.MATCHED, Stage.COMPLETED)
OF_A_RUN = (Stage.CONSIDERED, Stage.PLACED)


def _is_rounded(column: str) -> Q:
    """In steps of five, or nothing."""
    return Q(**{column: None}) | Q(**{column: F(column) / 5 * 5})


class Snapshot(models.Model):
    """That a cohort was counted in a month, once, whether or not any table came out of it."""

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    month = models.DateField(help_text="Its first day.")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        verbose_name = "equality figures of a month"
        verbose_name_plural = "equality figures"
        constraints = [
            models.UniqueConstraint(fields=["cohort", "month"], name="snapshot_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="snapshot_of_a_whole_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("admin:overview_snapshot_change", args=[self.pk])


class Table(models.Model):
    """The figures of a stage, or of one side of a match run, in the month in which they came out.

    `behind` is sealed: the numbers of the rows that were counted, so that a later table can be compared with this one.
    They lead to nobody once the answers are gone, and the list is emptied when those of the cohort are removed.
    """

    PROGRAMME_PATH = "snapshot__cohort__programme"
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="tables")
    run = models.ForeignKey(MatchRun, models.CASCADE, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage)
    number = models.PositiveSmallIntegerField(help_text="Of answers behind it, rounded.")
    behind = models.BinaryField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "stage"], condition=Q(run=None), name="table_once_a_month"
            ),
            models.UniqueConstraint(
                fields=["run", "stage"], condition=Q(run__isnull=False), name="table_once_a_run"
            ),
            models.CheckConstraint(
                condition=Q(run=None, stage__in=OF_A_COHORT) | Q(run__isnull=False, stage__in=OF_A_RUN),
                name="table_of_a_cohort_or_of_a_run",
            ),
            models.CheckConstraint(condition=_is_rounded("number"), name="table_is_rounded"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, {self.snapshot}"


class Figure(models.Model):
    """A rounded count: how many gave this answer; empty where that is one to nine and being there is sensitive.

    `mean` is their mean fit in per cent, of those whom a match run placed.
    """

    PROGRAMME_PATH = "table__snapshot__cohort__programme"
    table = models.ForeignKey(Table, models.CASCADE, related_name="figures")
    question = models.SlugField(max_length=20, db_index=False)
    choice = models.SlugField(max_length=12, blank=True, db_index=False)
    number = models.PositiveSmallIntegerField(null=True)
    mean = models.PositiveSmallIntegerField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "question", "choice"], name="figure_once"),
            models.CheckConstraint(condition=_is_rounded("number"), name="figure_is_rounded"),
            models.CheckConstraint(condition=_is_rounded("mean"), name="mean_is_rounded"),
        ]

    def __str__(self) -> str:
        return f"{self.question}, {self.choice}"
