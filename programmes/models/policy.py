"""Texts that people accept or are told of, and which facts they let each side see."""

from __future__ import annotations

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from programmes.facts import DISCLOSABLE, Direction
from programmes.models.programme import OfProgrammeQuerySet, Programme


class PolicyVersionQuerySet(OfProgrammeQuerySet):
    def published(self) -> Self:
        return self.exclude(published_on=None)

    def newest(self, kind: str) -> PolicyVersion | None:
        return self.published().filter(kind=kind).order_by("-published_on", "-pk").first()  # type: ignore[return-value]


class PolicyVersion(models.Model):
    """A text that people accept, and, for a policy, which facts it lets each side see (EI-1, EI-4, EI-5).

    A privacy notice is told and never accepted: it informs (Article 13 UK GDPR), and a tick under it would be taken for
    a consent that the programme doesn't build on.

    Once published nothing of it changes: a new wording is a new version (`services.publish` refuses a second time,
    the admin shows a published one read-only, and the database refuses any change, see `triggers`).
    """

    class Kind(models.TextChoices):
        POLICY = "policy", "Policy"
        GUIDANCE = "guidance", "Guidance"
        NOTICE = "notice", "Privacy notice"

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="policy_versions")
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(
        "version",
        max_length=20,
        validators=[
            RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Use letters, figures, dots and dashes only.")
        ],
        help_text="Part of its address, e.g. 2025-26",
    )
    text = models.TextField(help_text="Markdown.")
    published_on = models.DateField(null=True, blank=True, editable=False)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "label"], name="policy_version_label_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("policy_version", args=[self.programme.slug, self.kind, self.label])

    @property
    def earlier(self) -> PolicyVersion | None:
        """The version of the same kind that was published before this one."""
        others = type(self).objects.published().filter(programme=self.programme_id, kind=self.kind)
        older = Q(published_on__lt=self.published_on) | Q(published_on=self.published_on, pk__lt=self.pk)
        return others.filter(older).order_by("-published_on", "-pk").first()

    def facts(self, direction: str) -> list[str]:
        """Keys of the facts that this version shows in a direction, in its order."""
        return [row.fact for row in self.disclosed_facts.all() if row.direction == direction]


class DisclosedFact(models.Model):
    """One fact that a policy shows to the other side; what isn't listed isn't shown (EI-4, EI-5)."""

    PROGRAMME_PATH = "policy_version__programme"
    policy_version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="disclosed_facts")
    direction = models.CharField(max_length=12, choices=Direction)
    fact = models.CharField(max_length=30, choices=DISCLOSABLE)
    label = models.CharField(
        max_length=80, blank=True, help_text="Other words for it; empty for the usual ones."
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["direction", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy_version", "direction", "fact"], name="fact_disclosed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.label or self.get_fact_display()}"
