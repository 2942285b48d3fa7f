"""Concerns: a case with its timeline, who it is kept from, and who has read it.

What somebody wrote, who they are and whom it is about is sealed before SQL (`concerns.sealing`). In the clear
stands what the handlers' list and its clock need: programme, kind, risk, state and moments. No permission of
Django's opens these tables and none of them is in the admin.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from concerns import identity, sealing
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership
from programmes.models import Duty, Programme


class State(models.TextChoices):
    NEW = "new", "Received"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    IN_PROGRESS = "in_progress", "In progress"
    REFERRED = "referred", "Referred"
    CLOSED = "closed", "Closed"


# Closing waits for an answer (a constraint), and an answer acknowledges: so nothing goes from new to closed.
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
    MESSAGE = "message", "From the reporter"
    ASSIGNED = "assigned", "Given to a handler"
    STATE = "state", "State changed"
    DEED = "deed", "Something was done"


class Deed(models.TextChoices):
    """What was done, where the clear must not say so: it would lead to a partnership, a page or a person."""

    KEPT = "kept", "Kept from somebody"
    PAUSED = "paused", "Partnership paused"
    RESUMED = "resumed", "Partnership goes on"
    PUBLIC = "public", "Answered in public"
    WAITS = "waits", "An erasure waits"


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The handlers' door: cases of the programmes for which this person handles concerns (ALL-1).

        Deny wins. Never a case that is kept from them, as its subject or at the reporter's wish; never one of
        somebody with whom they are or were in a partnership, also where that began after the filing; never one that
        they filed, which they follow as reporters do. Being a superuser opens nothing.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        handled = Duty.objects.filter(user=user, kind=Duty.Kind.CONCERNS)
        return (
            self.filter(programme__in=handled.values("programme"))
            .filter(
                key_id__in=sealing.known_key_ids()
            )  # whom another is kept from isn't known without its key
            .exclude(pk__in=CaseExclusion.objects.of(user).values("case"))
            .exclude(reporter_fingerprint__in=_marks_of_reporters([user.pk, *numbers_of_partners(user)]))
        )

    def of(self, reporter: User) -> Self:
        """The reporter's door: what this person has filed with their name."""
        return self.filter(reporter_fingerprint__in=_marks_of_reporters([reporter.pk]))

    def with_code(self, code: str) -> Self:
        """The door of whoever wrote without a name: the one case that this code opens."""
        return self.filter(code_fingerprint=sealing.fingerprint_of_code(code))

    def overdue(self, at: datetime) -> Self:
        """Somebody waits for an answer although its moment has come."""
        return self.filter(unanswered_since__isnull=False, answer_due_at__lte=at)

    def with_contents(self) -> Self:
        """Their key hasn't been destroyed at the end of their period."""
        return self.exclude(key_id="")

    def still_open(self) -> Self:
        return self.exclude(state=State.CLOSED)

    def closed(self) -> Self:
        return self.filter(state=State.CLOSED)

    def with_clock(self, at: datetime) -> Self:
        """Whether an answer is late, and whether whoever holds the case still has the duty."""
        holds = Duty.objects.filter(
            user=models.OuterRef("handler"), programme=models.OuterRef("programme"), kind=Duty.Kind.CONCERNS
        )
        return self.annotate(
            is_late=Q(unanswered_since__isnull=False, answer_due_at__lte=at), is_held=models.Exists(holds)
        )

    def by_urgency(self) -> Self:
        """Somebody at risk first, then whoever waits for an answer, then what is open, then closed."""
        rank = models.Case(
            models.When(state=State.CLOSED, then=3),
            models.When(at_risk=AtRisk.YES, then=0),
            models.When(unanswered_since__isnull=False, then=1),
            default=2,
        )
        return self.order_by(rank, "answer_due_at", "created_at", "pk")


def numbers_of_partners(user: User) -> list[int]:
    """Everybody who is or ever was in a partnership with this person, in any programme; they themselves too."""
    theirs = Membership.objects.filter(application__user=user)
    others = Membership.objects.filter(partnership__in=theirs.values("partnership"))
    return list(others.order_by().values_list("application__user", flat=True).distinct())


def _marks_of_reporters(people: Iterable[int]) -> list[str]:
    return [mark for person in set(people) for mark in sealing.fingerprints("reporter", person)]


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
    unanswered_since = models.DateTimeField(null=True, blank=True, help_text="Empty: nobody waits.")
    answer_due_at = models.DateTimeField(help_text="Of what waits, or waited last.")
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter_fingerprint = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Empty: written without a name."
    )
    code_fingerprint = models.CharField(
        max_length=64, blank=True, help_text="Of the code that was shown once to who wrote without a name."
    )

    key_id = models.CharField(
        max_length=8, help_text="Which key of the environment wrapped the case's own. Empty: destroyed."
    )
    wrapped_key = models.BinaryField()
    sealed_reporter = models.BinaryField(help_text="Key of the user, or nothing.")
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
                condition=~Q(state="closed") | Q(unanswered_since=None), name="case_closed_while_nobody_waits"
            ),
            models.CheckConstraint(
                condition=Q(unanswered_since__isnull=False) | Q(first_answered_at__isnull=False),
                name="case_waits_until_answered",
            ),
            models.CheckConstraint(
                condition=(~Q(reporter_fingerprint="") & Q(code_fingerprint=""))
                | (Q(reporter_fingerprint="") & ~Q(code_fingerprint="")),
                name="case_of_a_person_or_a_code",
            ),
            models.UniqueConstraint(
                fields=["code_fingerprint"], condition=~Q(code_fingerprint=""), name="case_of_one_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="new") | Q(first_answered_at=None), name="case_answered_is_not_new"
            ),
            models.CheckConstraint(
                condition=~Q(key_id="") | Q(state="closed", handler=None), name="case_destroyed_when_closed"
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
        """A person has answered once; somebody may wait again since (`is_waiting`)."""
        return self.first_answered_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.unanswered_since is not None

    @property
    def is_anonymous(self) -> bool:
        return not self.reporter_fingerprint

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
    at = models.DateTimeField(help_text="The day. The moment is sealed: it would lead to what was done then.")
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


class CaseExclusionQuerySet(models.QuerySet):
    def of(self, user: User) -> Self:
        """By whatever a person is recognised: account, an address, a word of their name."""
        return self.filter(person_fingerprint__in=identity.fingerprints(identity.marks_of(user)))


class CaseExclusion(models.Model):
    """That a case is kept from somebody, whatever their duty: its subject, whom the reporter names, their partners.

    A hash of what the person is recognised by (`concerns.identity`), since who they are is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="exclusions")
    person_fingerprint = models.CharField(max_length=64, db_index=True)
    sealed_person = models.BinaryField(help_text="By what they are recognised, and its value.")

    objects = CaseExclusionQuerySet.as_manager()

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

    def mark(self, key: sealing.DataKey) -> identity.Mark:
        """What this row was made of; those of an earlier version hold the number of an account alone."""
        kept = key.open(self.sealed_person, place=self.place())
        return ("account", str(kept)) if isinstance(kept, int) else tuple(kept)


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
