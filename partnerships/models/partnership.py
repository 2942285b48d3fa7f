"""Who mentors whom: partnerships (pairs and circles alike), who is in them, and mentors' places."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Pathway
from programmes.scope import ScopedQuerySet


class State(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class EndReason(models.TextChoices):
    PROGRAMME = "programme", "The programme has ended"
    OFFICE = "office", "Ended by the office"
    LEAVING = "leaving", "Somebody couldn’t go on"
    MERGED = "merged", "Merged into another circle"


MOVES: dict[str, set[str]] = {
    State.ACTIVE: {State.PAUSED, State.ENDED},
    State.PAUSED: {State.ACTIVE, State.ENDED},
    State.ENDED: set(),
}


class PartnershipQuerySet(ScopedQuerySet):
    def of(self, user: User) -> Self:
        """Partnerships that a person is in, or was in to the end; who left before sees it no more."""
        inside = Membership.objects.filter(
            Q(left_on=None) | Q(stayed_to_the_end=True), application__user=user
        )
        return self.filter(pk__in=inside.values("partnership"))

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)

    def running(self) -> Self:
        """Not ended: active, or paused by the office."""
        return self.exclude(state=State.ENDED)


class Partnership(models.Model):
    """A pair, or a circle with its facilitators: one model, since all that matters is the same for both."""

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="partnerships")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    name = models.CharField(max_length=60, blank=True, help_text="Of a circle.")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    introduced_at = models.DateTimeField()
    # Grows when somebody joins a circle: everybody then accepts its agreement again.
    agreement_round = models.PositiveSmallIntegerField(default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Who ordered the pause, told only to whoever ordered it or holds the secret (`services.pausing`).
    pause_seal = models.CharField(max_length=64, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)  # its clocks begin anew after a pause
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(state="ended") & Q(ended_at=None, end_reason=""))
                | (Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="")),
                name="partnership_ended_with_moment_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False)
                | Q(state="active", paused_at=None)
                | ~Q(state__in=["paused", "active"]),  # an end still says whether it rested then
                name="partnership_paused_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(pause_seal="") | Q(state="paused"), name="pause_sealed_while_paused"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "ended"]), name="partnership_state_known"
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

    @property
    def is_paused(self) -> bool:
        return self.state == State.PAUSED

    def shows_cards(self, at: datetime) -> bool:
        """Whether partners see each other: while it is active, and for the programme's days after the end.

        Not in a pause nor after one: a pause that protects somebody looks like any other.
        """
        if self.paused_at is not None:
            return False
        if self.ended_at is None:
            return True
        return at <= self.ended_at + timedelta(days=self.cohort.programme.card_closes_after_days)

    def move_to(self, state: State, *, at: datetime, reason: EndReason | None = None, seal: str = "") -> None:
        """Pause, resume or end it if the table of moves allows; the caller holds the row's lock.

        An end has a reason and a pause a seal; nothing else has.
        """
        if state not in MOVES[self.state]:
            raise NotPossible(_ALREADY[State(self.state)])
        self.state, self.pause_seal = state, seal
        if state != State.ENDED:
            self.paused_at = at if state == State.PAUSED else None
        self.resumed_at = at if state == State.ACTIVE else self.resumed_at
        self.ended_at = at if state == State.ENDED else None
        self.end_reason = reason or "" if state == State.ENDED else ""
        self.save(update_fields=["state", "paused_at", "pause_seal", "resumed_at", "ended_at", "end_reason"])


_ALREADY = {
    State.ACTIVE: "This partnership is active already.",
    State.PAUSED: "This partnership is paused already.",
    State.ENDED: "This partnership has ended already.",
}


class Seat(models.Model):
    """One of the pairs and circles that a person mentors or leads at one time, over all programmes (BM-8).

    A row taken under a unique index, like `Place`, so that the ceiling which the person set for themselves holds
    whatever two offices do at once. It belongs to no programme, and no office sees it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["user", "number"]
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="seat_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.number}"


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
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="memberships")
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
            models.UniqueConstraint(fields=["seat"], condition=Q(left_on=None), name="seat_taken_once"),
            models.CheckConstraint(
                condition=Q(part="mentee", seat=None) | (~Q(part="mentee") & Q(seat__isnull=False)),
                name="mentors_and_facilitators_hold_a_seat",
            ),
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


class AgreementAcceptance(models.Model):
    """That a member of a circle accepted its agreement; again in each round, since somebody joined (BM-5)."""

    PROGRAMME_PATH = "membership__partnership__cohort__programme"
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="agreements")
    round = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "round"], name="agreement_accepted_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"Agreement {self.pk}"


class FlagQuerySet(ScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The office's flags, but for those about a partnership that the reader is or was in themselves."""
        rows = super().visible_to(user)
        return rows.exclude(partnership__memberships__application__user=user.pk) if user.pk else rows

    def open(self) -> Self:
        return self.filter(settled_at=None)


class Flag(models.Model):
    """Something about a partnership that waits for the office: asked for, or noticed by the clock (EI-1b, BM-5).

    `membership` is who asked. Partners see none of it. A reason, a line and a wish come with `LEAVING` alone.
    """

    class Kind(models.TextChoices):
        LEAVING = "leaving", "Somebody can’t go on"
        HELP = "help", "Somebody asked for help"
        BROKEN = "broken", "No meeting for too long"
        SQUEEZED = "squeezed", "An absence leaves too little time"
        SMALL = "small", "Circle below its smallest size"
        UNLED = "unled", "Circle without a facilitator"

    class Reason(models.TextChoices):
        TIME = "time", "I don’t have the time any more"
        CIRCUMSTANCES = "circumstances", "My circumstances have changed"
        FIT = "fit", "We aren’t the right match"
        SILENCE = "silence", "I hear nothing back"
        OTHER = "other", "Something else"

    PROGRAMME_PATH = "partnership__cohort__programme"
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=10, choices=Kind)
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="flags")
    reason = models.CharField(max_length=15, choices=Reason, blank=True)
    line = models.CharField(max_length=300, blank=True)
    wants_new_partner = models.BooleanField(null=True, blank=True)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind"],
                condition=Q(settled_at=None, membership=None),
                name="flag_open_once",
            ),
            models.UniqueConstraint(
                fields=["membership", "kind"],
                condition=Q(settled_at=None, membership__isnull=False),
                name="flag_open_once_per_member",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="leaving", membership__isnull=False, wants_new_partner__isnull=False)
                    & ~Q(reason="")
                )
                | (~Q(kind="leaving") & Q(reason="", line="", wants_new_partner=None)),
                name="who_leaves_gives_a_reason_and_a_wish",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["leaving", "help", "broken", "squeezed", "small", "unled"]),
                name="flag_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
