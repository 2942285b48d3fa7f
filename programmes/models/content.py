"""What a programme says: aims, commitments, its toolkit, questions and answers."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from programmes.models.programme import LAST, OfProgrammeQuerySet, Programme, Role, is_https


class Aim(models.Model):
    """One aim of a programme, shown on its page (BM-1)."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="aims")
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=LAST)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "text"], name="aim_once_per_programme")]

    def __str__(self) -> str:
        return self.text


class Commitment(models.Model):
    """One thing that a mentor or a mentee promises by applying (EI-1, BM-5, BM-6)."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="commitments")
    role = models.CharField(max_length=10, choices=Role)
    text = models.CharField(max_length=400)
    position = models.PositiveSmallIntegerField(default=LAST)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["role", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "role", "text"], name="commitment_once_per_role"),
        ]

    def __str__(self) -> str:
        return self.text


class Resource(models.Model):
    """Something in a programme's toolkit (BM-1)."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="resources")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, help_text="Markdown.")
    url = models.URLField("link", blank=True)
    position = models.PositiveSmallIntegerField(default=LAST)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "title"], name="resource_title_once"),
            models.CheckConstraint(
                condition=is_https("url"),
                name="resource_link_is_https",
                violation_error_message="Links begin with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionQuerySet(OfProgrammeQuerySet):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class Question(models.Model):
    """A question about a programme and its answer (BM-13). The asker's address is never published."""

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=500)
    answer = models.TextField(blank=True, help_text="Markdown.")
    asker_email = models.EmailField("asker's address", blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    is_published = models.BooleanField("on the page", default=False)
    position = models.PositiveSmallIntegerField(default=LAST)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="question_answered_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(answered_at__isnull=False),
                name="question_published_with_answer",
                violation_error_message="A question is published with its answer.",
            ),
            models.UniqueConstraint(
                fields=["programme", "text", "asker_email"],
                condition=Q(answered_at=None),
                name="question_waits_once",
                violation_error_message="This question is waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
