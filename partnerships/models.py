"""Who mentors whom: partnerships (pairs and circles alike), who is in them, mentors' places, and disclosures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Pathway, PolicyVersion
from programmes.scope import ScopedQuerySet


class State(models.TextChoices):
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


class EndReason(models.TextChoices):
    PROGRAMME = "programme", "The programme has ended"
    OFFICE = "office", "Ended by the office"


MOVES: dict[str, set[str]] = {State.ACTIVE: {State.ENDED}, State.ENDED: set()}


class PartnershipQuerySet(ScopedQuerySet):
    def of(self, user: User) -> Self:
        """Partnerships that a person is in, or was in to the end; who left before sees it no more."""
        inside = Membership.objects.filter(
            Q(left_on=None) | Q(stayed_to_the_end=True), application__user=user
        )
        return self.filter(pk__in=inside.values("partnership"))

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)


class Partnership(models.Model):
    """A pair, or a circle with its facilitators: one model, since all that matters is the same for both."""

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="partnerships")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    name = models.CharField(max_length=60, blank=True, help_text="Of a circle.")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    introduced_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", ended_at=None, end_reason="")
                | (Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")),
                name="partnership_ended_with_moment_and_reason",
            ),
            models.CheckConstraint(condition=~Q(pathway="circle") | ~Q(name=""), name="circle_has_a_name"),
            models.UniqueConstraint(
                fields=["cohort", "name"], condition=~Q(name=""), name="circle_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"Partnership {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("partnership", args=[self.pk])

    @property
    def is_circle(self) -> bool:
        return self.pathway == Pathway.Kind.CIRCLE

    @property
    def is_active(self) -> bool:
        return self.state == State.ACTIVE

    def shows_cards(self, at: datetime) -> bool:
        """Whether partners still see each other: while it is active, and for the programme's days after the end."""
        if self.ended_at is None:
            return True
        return at <= self.ended_at + timedelta(days=self.cohort.programme.card_closes_after_days)

    def move_to(self, state: State, *, at: datetime, reason: EndReason) -> None:
        """End it if the table of moves allows; the caller holds the row's lock."""
        if state not in MOVES[self.state]:
            raise NotPossible("This partnership has ended already.")
        self.state, self.ended_at, self.end_reason = state, at, reason
        self.save(update_fields=["state", "ended_at", "end_reason"])


class Place(models.Model):
    """Room for one more: a mentor's declared capacity as rows, so that nobody is ever given more (BM-8)."""

    PROGRAMME_PATH = "application__cohort__programme"
    application = models.ForeignKey(Application, models.CASCADE, related_name="places_held")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    number = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["application", "pathway", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "pathway", "number"], name="place_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=20), name="place_number_in_range"),
        ]

    def __str__(self) -> str:
        return f"Place {self.number} ({self.get_pathway_display().lower()})"


class MembershipQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        return self.filter(left_on=None)

    def inside(self, partnership: Partnership) -> Self:
        """Who is in a partnership now, or stayed to its end."""
        return self.filter(Q(left_on=None) | Q(stayed_to_the_end=True), partnership=partnership)


class Membership(models.Model):
    """A person's part in a partnership, from the day they joined to the day they left."""

    class Part(models.TextChoices):
        MENTOR = "mentor", "Mentor"
        FACILITATOR = "facilitator", "Facilitator"
        MENTEE = "mentee", "Mentee"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="memberships")
    application = models.ForeignKey(Application, models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=12, choices=Part)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="memberships")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    stayed_to_the_end = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "application"],
                condition=Q(left_on=None),
                name="membership_once_at_a_time",
            ),
            models.UniqueConstraint(fields=["place"], condition=Q(left_on=None), name="place_taken_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(left_on=None, part="mentee"),
                name="mentee_in_one_partnership",
            ),
            models.CheckConstraint(
                condition=Q(part="mentee", place=None) | (~Q(part="mentee") & Q(place__isnull=False)),
                name="mentors_and_facilitators_hold_a_place",
            ),
            models.CheckConstraint(
                condition=Q(stayed_to_the_end=False) | Q(left_on__isnull=False),
                name="who_stayed_has_a_last_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.application_id}"


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

    objects = ScopedQuerySet.as_manager()

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
