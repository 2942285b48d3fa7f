"""What the office has before anybody hears of it: runs, what they suggest, whom they leave out, decisions (EI-M)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from matching.engine import Objective
from partnerships.models import Membership, Partnership
from programmes.models import Cohort, Pathway
from programmes.scope import ScopedQuerySet

LONGEST_REASON = 300


class MatchRunQuerySet(ScopedQuerySet):
    def done(self) -> Self:
        """Runs with a result that the office may act on: finished, and no mere trial of other settings."""
        return self.filter(state=MatchRun.State.DONE, is_trial=False)

    def whole(self) -> Self:
        """Runs over everybody, not for one person alone."""
        return self.filter(only_for=None)


class MatchRun(models.Model):
    """One run of the engine over a cohort's pool. A worker carries it out; nobody waits for it in a request.

    `criteria` are the rules and weights per pathway, as they were; a trial has those that somebody tries out.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to begin"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Not possible"
        CANCELLED = "cancelled", "Cancelled"

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="match_runs")
    pathway = models.CharField(
        max_length=12,
        choices=Pathway.Kind,
        blank=True,
        help_text="Empty: both pathways in one run.",
    )
    only_for = models.ForeignKey(
        Application,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The one person for whom a match is looked for; empty: everybody.",
    )
    is_trial = models.BooleanField(default=False, help_text="Tries other rules and weights; never released.")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    started_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    criteria = models.JSONField(default=dict, help_text="Rules and weights per pathway, as they were.")

    # How far it is
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    claim = models.UUIDField(null=True, blank=True, help_text="The worker that carries it out.")
    alive_at = models.DateTimeField(null=True, blank=True, help_text="That worker's last sign of life.")
    progress = models.CharField(max_length=100, blank=True)
    cancel_asked = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=LONGEST_REASON, blank=True, help_text="Why it wasn't possible.")

    # What came out
    input_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of all that decided the run.")
    objective = models.CharField(
        max_length=8, choices=[(goal.value, goal.value) for goal in Objective], default="total"
    )
    placed = models.PositiveIntegerField(default=0, help_text="Mentees placed.")
    total = models.PositiveIntegerField(default=0, help_text="Sum of the fits, each 0 to 10,000.")
    smallest = models.PositiveIntegerField(null=True, blank=True, help_text="The weakest fit.")
    upper_bound = models.PositiveIntegerField(default=0, help_text="No other choice can have a larger sum.")
    is_optimal = models.BooleanField(default=False)
    comparison = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the other objective would have given, or the criteria in force beside a trial's.",
    )
    seconds = models.FloatField(default=0, help_text="Time of the engine alone.")

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="match_run_to_do")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, alive_at__isnull=False)
                | (~Q(state="running") & Q(claim=None, alive_at=None)),
                name="match_run_claimed_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at=None),
                name="match_run_finished_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(input_hash="") | ~Q(state="done"),
                name="match_run_done_has_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="match_run_failed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(upper_bound__gte=F("total")), name="match_run_bound_above_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{'Trial' if self.is_trial else 'Match run'} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:matching_matchrun_change", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def gap(self) -> float:
        """How far the total may be below the best one, as a share of the bound."""
        return (self.upper_bound - self.total) / self.upper_bound if self.upper_bound else 0.0


class RunRecord(models.Model):
    """What proves a run later: its input and its certificate. Numbers and answers, no names and no addresses."""

    PROGRAMME_PATH = "run__cohort__programme"
    run = models.OneToOneField(MatchRun, models.CASCADE, primary_key=True, related_name="record")
    input = models.BinaryField(help_text="Compressed JSON; its SHA-256 is the run's input hash.")
    certificate = models.JSONField(help_text="The result and the duals, by position in the input.")
    seal = models.CharField(max_length=64, help_text="A keyed digest of the record and the run's figures.")

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Record of run {self.run_id}"


class SuggestionQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Suggestions that a release would take."""
        return self.filter(state=Suggestion.State.PROPOSED)

    def holding_places(self) -> Self:
        """Suggestions on their way: offered or leaving, so that nobody else is given these places."""
        return self.filter(state__in=[Suggestion.State.OFFERED, Suggestion.State.LEAVING])

    def due(self, at: datetime) -> Self:
        """Released a while ago: their people are introduced now."""
        return self.filter(state=Suggestion.State.LEAVING, leaves_at__lte=at)

    def apart_from(self, user: User) -> Self:
        """Without those that this person is in, or that bring somebody into their circle: colleagues decide those."""
        own = SuggestedMember.objects.filter(application__user=user)
        circles = Membership.objects.current().filter(application__user=user)
        return self.exclude(
            Q(pk__in=own.values("suggestion")) | Q(partnership__in=circles.values("partnership"))
        )


class Suggestion(models.Model):
    """A pair or a circle that a run proposes. Nobody but the office sees it before people are introduced.

    Released, it is LEAVING until `leaves_at`, and can be called back without a trace; then its people are introduced.
    `partnership` is what it became, or the circle that it joins.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Suggested"
        REFUSED = "refused", "Refused"
        OFFERED = "offered", "Offered"
        LEAVING = "leaving", "About to be introduced"
        RELEASED = "released", "Introduced"

    PROGRAMME_PATH = "run__cohort__programme"
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="suggestions")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    is_locked = models.BooleanField(default=False, help_text="Every further run keeps it.")
    fit = models.PositiveIntegerField(help_text="0 to 10,000; of a circle the mean of its members'.")
    partnership = models.ForeignKey(
        Partnership, models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )
    leaves_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    held_back = models.CharField(
        max_length=LONGEST_REASON,
        blank=True,
        help_text="Why nobody was introduced when it was last released.",
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["fit", "pk"]
        indexes = [
            models.Index(fields=["leaves_at"], condition=Q(state="leaving"), name="suggestion_leaving")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | Q(partnership__isnull=False),
                name="released_suggestion_has_partnership",
            ),
            models.CheckConstraint(
                condition=Q(state="leaving", leaves_at__isnull=False)
                | (~Q(state="leaving") & Q(leaves_at=None)),
                name="suggestion_leaves_at_a_moment",
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
    reason = models.CharField(max_length=LONGEST_REASON)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="left_out_once_per_run")]

    def __str__(self) -> str:
        return self.reason


class DecisionQuerySet(ScopedQuerySet):
    def refused(self) -> Self:
        return self.filter(kind__in=[Decision.Kind.APART, Decision.Kind.NEVER])


class Decision(models.Model):
    """What the office decided about two people, for every further run; `mentor` is in a circle who leads it.

    TOGETHER and APART hold in their cohort, NEVER in every cohort of the programme, whichever part the two have.
    The reason is for the office alone.
    """

    class Kind(models.TextChoices):
        TOGETHER = "together", "Locked"
        APART = "apart", "Not this time"
        NEVER = "never", "Never"

    PROGRAMME_PATH = "cohort__programme"
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="match_decisions")
    pathway = models.CharField(max_length=12, choices=Pathway.Kind)
    mentee = models.ForeignKey(Application, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Application, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, help_text="Only the office sees it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "mentee", "mentor"], name="decided_once_about_two_people"
            ),
            models.UniqueConstraint(
                fields=["mentee"], condition=Q(kind="together"), name="locked_to_one_mentor"
            ),
            models.CheckConstraint(condition=~Q(kind="never") | ~Q(reason=""), name="never_has_a_reason"),
            models.CheckConstraint(condition=~Q(mentee=F("mentor")), name="decision_about_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.mentee_id} and {self.mentor_id}"


class Offer(models.Model):
    """A place that came free, offered to somebody who was waiting; they say yes or no by a day.

    While it is open its suggestion holds the place. Nothing of the mentor is shown before the introduction.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting for the answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Not answered in time"
        WITHDRAWN = "withdrawn", "Withdrawn by the office"

    PROGRAMME_PATH = "suggestion__run__cohort__programme"
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="offers")
    application = models.ForeignKey(Application, models.CASCADE, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer_by = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="open"), name="offer_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="open"), name="one_open_offer_per_person"
            ),
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(state="open"), name="one_open_offer_per_suggestion"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="offer_closed_with_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("offer", args=[self.pk])
