"""Ways to take part, each with what keeps people apart and what counts when they are matched."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from programmes.models.programme import LAST, OfProgrammeQuerySet, Programme


class Pathway(models.Model):
    """A way to take part (BM-7): pairs, or circles with their sizes, and the rules by which it is matched (EI-M)."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "one_to_one", "One-to-one"
        CIRCLE = "circle", "Mentoring circle"

    class Objective(models.TextChoices):
        """What decides between choices of pairs that place as many people; most people placed always comes first."""

        TOTAL = "total", "Best fit in all"
        FAIREST = "fairest", "Fairest: the weakest match as good as can be"

    PROGRAMME_PATH = "programme"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="pathways")
    kind = models.CharField(max_length=12, choices=Kind)
    label = models.CharField(
        max_length=80, help_text="As forms and sheets write it, e.g. “A: mentoring circle”."
    )
    description = models.TextField(blank=True, help_text="Markdown.")
    smallest = models.PositiveSmallIntegerField(default=1, help_text="Fewest mentees of a circle.")
    largest = models.PositiveSmallIntegerField(default=1, help_text="Most mentees of a circle.")
    position = models.PositiveSmallIntegerField(default=LAST)
    agreement = models.TextField(
        blank=True,
        help_text="What everybody in a circle agrees to before they see one another there. Markdown.",
    )
    requires_training = models.BooleanField(
        "mentors are trained first",
        default=False,
        help_text="Nobody mentors or leads here before they attended a training for it.",
    )

    # Matching
    forbids_line_management = models.BooleanField(
        "keep lines of management apart",
        default=False,
        help_text="Nobody is matched with somebody in their line of management.",
    )
    forbids_same_manager = models.BooleanField(
        "keep colleagues under one line manager apart",
        default=False,
        help_text="Nobody is matched with somebody who has the same line manager.",
    )
    forbids_same_division = models.BooleanField(
        "keep colleagues of one division apart",
        default=False,
        help_text="Nobody is matched with somebody of their own division.",
    )
    forbids_former_partners = models.BooleanField(
        "keep former partners apart",
        default=True,
        help_text="People who were together before are not suggested again.",
    )
    objective = models.CharField(
        max_length=10,
        choices=Objective,
        default=Objective.TOTAL,
        help_text="Once as many people as possible are placed.",
    )

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="pathway_once_per_programme"),
            models.CheckConstraint(
                condition=Q(smallest__gte=1, smallest__lte=F("largest")),
                name="pathway_sizes_in_order",
                violation_error_message="The fewest mentees are at least one, and no more than the most.",
            ),
            models.CheckConstraint(
                condition=Q(objective__in=["total", "fairest"]), name="pathway_objective_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Weight(models.Model):
    """How much a part of the fit counts when a pathway is matched (EI-M); a part without a row doesn't count."""

    class Part(models.TextChoices):
        SECTORS = "sectors", "Sectors in common"
        SUPPORT_AREAS = "support_areas", "Support sought and offered"
        COURSE = "course", "The same or a related course"
        PLACE = "place", "Lives where the mentee would like to work"
        LEVEL = "level", "The mentor is more senior"
        DIVISION = "division", "They work in different divisions"

    class Strength(models.IntegerChoices):
        NONE = 0, "not at all"
        LITTLE = 1, "a little"
        SOME = 2, "somewhat"
        MUCH = 3, "much"
        MOST = 4, "most of all"

    PROGRAMME_PATH = "pathway__programme"
    pathway = models.ForeignKey(Pathway, models.CASCADE, related_name="weights")
    part = models.CharField(max_length=20, choices=Part)
    strength = models.PositiveSmallIntegerField(choices=Strength, default=Strength.SOME)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "part"], name="weight_once_per_part"),
            models.CheckConstraint(condition=Q(strength__lte=4), name="weight_strength_in_range"),
        ]

    def __str__(self) -> str:
        return self.get_part_display()
