"""Concerns: a case with its timeline, who it is kept from, and who has read it.

What somebody wrote, who they are and whom it is about is sealed before SQL (`concerns.sealing`). In the clear
stands what the handlers' list and its clock need: programme, kind, risk, state and moments. No permission of
Django's opens these tables and none of them is in the admin.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from concerns import sealing
from mentorship.lib.refusals import NotPossible
from programmes.models import Duty, Programme


class State(models.TextChoices):
    NEW = "new", "Received"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    IN_PROGRESS = "in_progress", "In progress"
    REFERRED = "referred", "Referred"
    CLOSED = "closed", "Closed"


# Closing waits for a first answer (a constraint), and an answer acknowledges: so nothing goes from new to closed.
MOVES: dict[str, set[str]] = {
    State.NEW: {State.ACKNOWLEDGED, State.IN_PROGRESS, State.REFERRED},
    State.ACKNOWLEDGED: {State.IN_PROGRESS, State.REFERRED, State.CLOSED},
    State.IN_PROGRESS: {State.REFERRED, State.CLOSED},
    State.REFERRED: {State.IN_PROGRESS, State.CLOSED},
    State.CLOSED: {State.IN_PROGRESS},
}


class Category(models.TextChoices):
    CONDUCT = "conduct", "How somebody behaved"
    WELLBEING = "wellbeing", "Somebody’s wellbeing, mine or another’s"
    RELATIONSHIP = "relationship", "The mentoring relationship isn’t working"
    DATA = "data", "How personal details were used"
    QUESTION = "question", "A question"
    OTHER = "other", "Something else"


class About(models.TextChoices):
    """Whom it is about. Sealed: this stands in no column."""

    ME = "me", "Me"
    PARTNER = "partner", "My mentor, my mentee or somebody in my circle"
    SOMEBODY = "somebody", "Somebody else"
    UNSAID = "unsaid", "I would rather not say"


class AtRisk(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "I am not sure"
    UNSAID = "unsaid", "Not answered"


class Outcome(models.TextChoices):
    ADVICE = "advice", "Advice or an answer was given"
    RESOLVED = "resolved", "Put right between the people"
    SUPPORT = "support", "Support was found"
    PARTNERSHIP = "partnership", "The partnership was changed or ended"
    PROCEDURE = "procedure", "Taken up under another procedure of the School"
    NOTHING = "nothing", "No further step was needed"


class Kind(models.TextChoices):
    """What an entry of the timeline is."""

    FILED = "filed", "Filed"
    NOTE = "note", "Note"
    ANSWER = "answer", "Answer to the reporter"
    ASSIGNED = "assigned", "Given to a handler"
    STATE = "state", "State changed"


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The handlers' door: cases of the programmes for which this person handles concerns (ALL-1).

        Never those of people with whom they have been in a partnership, whatever their duty, and never those that
        they filed, which they follow as reporters do. Being a superuser opens nothing.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        handled = Duty.objects.filter(user=user, kind=Duty.Kind.CONCERNS)
        excluded = sealing.fingerprints("excluded", user.pk)
        kept_from = CaseExclusion.objects.filter(person_fingerprint__in=excluded)
        return (
            self.filter(programme__in=handled.values("programme"))
            .exclude(pk__in=kept_from.values("case"))
            .exclude(reporter_fingerprint__in=sealing.fingerprints("reporter", user.pk))
        )

    def of(self, reporter: User) -> Self:
        """The reporter's door: what this person has filed."""
        return self.filter(reporter_fingerprint__in=sealing.fingerprints("reporter", reporter.pk))

    def unanswered(self, at: datetime) -> Self:
        """Without a first answer although its moment has come."""
        return self.filter(first_answered_at=None, answer_due_at__lte=at)

    def with_clock(self, at: datetime) -> Self:
        return self.annotate(is_late=Q(first_answered_at=None, answer_due_at__lte=at))

    def by_urgency(self) -> Self:
        """Somebody at risk first, then whoever waits for a first answer, then what is open, then closed."""
        rank = models.Case(
            models.When(state=State.CLOSED, then=3),
            models.When(at_risk=AtRisk.YES, then=0),
            models.When(first_answered_at=None, then=1),
            default=2,
        )
        return self.order_by(rank, "answer_due_at", "created_at", "pk")


class Case(models.Model):
    """A concern or a query that somebody raised, and what became of it (EI-6, EI-6a, EI-6b, BM-5, BM-6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=7, unique=True, help_text="What people say on the telephone.")
    receipt_key = models.CharField(
        max_length=64, unique=True, help_text="The same form sent twice makes one."
    )
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    category = models.CharField(max_length=12, choices=Category, default=Category.OTHER)
    at_risk = models.CharField(max_length=8, choices=AtRisk, default=AtRisk.UNSAID)
    created_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter_fingerprint = models.CharField(max_length=64, db_index=True)

    key_id = models.CharField(max_length=8, help_text="Which key of the environment wrapped the case's own.")
    wrapped_key = models.BinaryField()
    sealed_reporter = models.BinaryField(help_text="Key of the user.")
    sealed_subject = models.BinaryField(help_text="Whom it is about, in the reporter's choice of words.")
    sealed_contact = models.BinaryField(help_text="How to reach the reporter.")
    sealed_policy = models.BinaryField(help_text="The policy under which it is followed up.")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="case_category_known"),
            models.CheckConstraint(condition=Q(at_risk__in=AtRisk.values), name="case_risk_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, outcome__in=Outcome.values)
                | (~Q(state="closed") & Q(closed_at=None, outcome="")),
                name="case_closed_with_moment_and_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(first_answered_at__isnull=False),
                name="case_closed_after_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="new") | Q(first_answered_at=None), name="case_answered_is_not_new"
            ),
            models.CheckConstraint(
                condition=Q(answer_due_at__gte=F("created_at")), name="case_answer_due_after_filing"
            ),
        ]

    def __str__(self) -> str:
        return "Case"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def is_answered(self) -> bool:
        return self.first_answered_at is not None

    def move_to(self, state: State) -> None:
        """Set the state if the table of moves allows it; the caller holds the row's lock and saves."""
        if state not in MOVES[self.state]:
            raise NotPossible(
                f"A case that is “{self.get_state_display().lower()}” can't become"
                f" “{State(state).label.lower()}”."
            )
        self.state = state

    def place(self, column: str) -> str:
        return f"{self._meta.db_table}/{column}/{self.pk}"

    def data_key(self) -> sealing.DataKey:
        return sealing.DataKey.unwrap(self.key_id, self.wrapped_key, place=self.place("wrapped_key"))

    def take_new_key(self) -> None:
        """Give an unsaved case its own key."""
        self.key_id, self.wrapped_key = sealing.DataKey.new().wrap(place=self.place("wrapped_key"))

    def seal(self, column: str, value: Any) -> None:
        setattr(self, column, self.data_key().seal(value, place=self.place(column)))

    def unseal(self, column: str) -> Any:
        return self.data_key().open(getattr(self, column), place=self.place(column))


class Entry(models.Model):
    """One thing that happened in a case: never altered, never deleted (`concerns.triggers`). Who is sealed too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    sealed_content = models.BinaryField()

    class Meta:
        ordering = ["case", "number"]
        default_permissions = ()
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="entry_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_numbered_from_one"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="entry_kind_known"),
        ]

    def __str__(self) -> str:
        return f"Entry {self.number}"

    def place(self) -> str:
        return f"{self._meta.db_table}/sealed_content/{self.pk}"


class CaseExclusion(models.Model):
    """That a case is kept from somebody, whatever their duty: the reporter's partners never see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="exclusions")
    person_fingerprint = models.CharField(max_length=64, db_index=True)
    sealed_person = models.BinaryField(help_text="Key of the user.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person_fingerprint"], name="case_kept_from_a_person_once"
            ),
        ]

    def __str__(self) -> str:
        return "Exclusion"

    def place(self) -> str:
        return f"{self._meta.db_table}/sealed_person/{self.pk}"


class Reading(models.Model):
    """That a handler opened a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return "Reading"
