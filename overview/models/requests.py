"""What people ask of their data, and complaints about it, with the clock that the law sets."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from mentorship.lib.periods import months_later
from mentorship.lib.refusals import NotPossible

MONTHS_TO_ANSWER = 1
MONTHS_OF_EXTENSION = 2
MONTHS_FOR_A_COMPLAINT = 3
DAYS_TO_ACKNOWLEDGE = 30
LONGEST_EMAIL = 254  # of a message's column


class State(models.TextChoices):
    RECEIVED = "received", "Received"
    ACKNOWLEDGED = "acknowledged", "Receipt confirmed"
    EXTENDED = "extended", "Extended"
    ANSWERED = "answered", "Answered"
    REFUSED = "refused", "Refused"


MOVES: dict[str, set[str]] = {
    State.RECEIVED: {State.ACKNOWLEDGED, State.EXTENDED, State.ANSWERED, State.REFUSED},
    State.ACKNOWLEDGED: {State.EXTENDED, State.ANSWERED, State.REFUSED},
    State.EXTENDED: {State.ANSWERED, State.REFUSED},
    State.ANSWERED: set(),
    State.REFUSED: set(),
}
CLOSED = [State.ANSWERED, State.REFUSED]


class DataRequestQuerySet(models.QuerySet):
    """Superusers answer for data protection; an office of one programme must not learn of people elsewhere."""

    is_open_to_rank = True

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.all() if self.opens_by_rank(user) else self.none()

    def administered_by(self, user: User | AnonymousUser) -> Self:
        return self.none()

    def opens_by_rank(self, user: User | AnonymousUser) -> bool:
        return user.is_authenticated and user.is_active and user.is_superuser

    def of(self, user: User) -> Self:
        return self.filter(person=user)

    def open(self) -> Self:
        return self.exclude(state__in=CLOSED)


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= LONGEST_EMAIL


# Once an account is erased nobody stands in the row, and no words about anybody.
_ERASED = Q(person=None, name="", address="")


class DataRequest(models.Model):
    """One request or complaint of one person, and when it has to be dealt with.

    `person` where they have an account; for others their name and address as they gave it. Once an account is erased
    neither stands here, and the row counts what was asked and when it was answered.

    `due_on` is the next day that the law, or for the end of a complaint this product, sets: see `first_due_on`.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "Have a copy of what is held"
        CORRECTION = "correction", "Have something corrected"
        ERASURE = "erasure", "Have something deleted"
        OBJECTION = "objection", "Object to a use, or have it restricted"
        COMPLAINT = "complaint", "Complain about how data was handled"

    class Channel(models.TextChoices):
        SITE = "site", "On this site"
        EMAIL = "email", "By e-mail"
        LETTER = "letter", "By letter"
        TELEPHONE = "telephone", "By telephone or in person"

    kind = models.CharField("what is asked", max_length=10, choices=Kind)
    channel = models.CharField("how it came", max_length=10, choices=Channel)
    received_on = models.DateField("received on", help_text="The day on which it reached the School.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=150, blank=True)
    address = models.CharField(
        max_length=300, blank=True, help_text="E-mail or post. To an e-mail address letters go by themselves."
    )
    text = models.TextField("in their words", max_length=4000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    due_on = models.DateField("due on")
    acknowledged_on = models.DateField(null=True, blank=True)
    extended_on = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    closed_on = models.DateField("closed on", null=True, blank=True)
    outcome = models.TextField(max_length=2000, blank=True, help_text="What they were told.")
    key = models.UUIDField(default=uuid.uuid4, editable=False)  # of the form: sent twice is one

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["closed_on", "due_on", "pk"]
        verbose_name = "data request"
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="data_request_sent_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["access", "correction", "erasure", "objection", "complaint"]),
                name="data_request_kind_known",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="data_request_state_known"),
            models.CheckConstraint(
                condition=Q(person=None) | Q(name="", address=""), name="data_request_of_one_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_on__isnull=False) & (~Q(outcome="") | _ERASED)
                | (~Q(state__in=CLOSED) & Q(closed_on=None, outcome="")),
                name="data_request_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=(~Q(state=State.EXTENDED) & Q(extended_on=None, extension_reason=""))
                | (Q(extended_on__isnull=False) & (~Q(extension_reason="") | _ERASED)),
                name="data_request_extended_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="complaint") | Q(extended_on=None),
                name="data_request_complaint_not_extended",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ACKNOWLEDGED) | Q(acknowledged_on__isnull=False),
                name="data_request_acknowledged_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on"))
                & (Q(closed_on=None) | Q(closed_on__gte=F("received_on"))),
                name="data_request_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def is_complaint(self) -> bool:
        return self.kind == self.Kind.COMPLAINT

    @property
    def email(self) -> str:
        """Where letters go by themselves; empty where somebody has to write by hand."""
        if self.person:
            return self.person.email if self.person.is_active else ""
        return self.address if _is_email(self.address) else ""

    @property
    def whose(self) -> str:
        return self.person.name or self.person.email if self.person else self.name

    def move_to(self, state: State) -> None:
        """Set the state if the table of moves allows it; the caller holds the row's lock and saves."""
        if state not in MOVES[self.state]:
            raise NotPossible(
                f"A request that is “{self.get_state_display().lower()}” can't become “{state.label.lower()}”."
            )
        self.state = state


def first_due_on(kind: str, received_on: date) -> date:
    """One calendar month (Article 12(3) UK GDPR): the same day of the next month, or that month's last.

    A complaint is acknowledged within 30 days that begin with the day of its receipt (Data Protection Act 2018,
    s. 164A, from the Data (Use and Access) Act 2025, s. 103). Days off count: we are rather early than late.
    """
    if kind == DataRequest.Kind.COMPLAINT:
        return received_on + timedelta(days=DAYS_TO_ACKNOWLEDGE - 1)
    return months_later(received_on, MONTHS_TO_ANSWER)
