"""Rules for what belongs to the house itself: mail, questions, concerns, the office's history, accounts."""

from __future__ import annotations

from datetime import date, datetime

from allauth.account.models import EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.db.models import Exists, F, Max, OuterRef
from django.db.models.functions import Coalesce

from accounts.models import User
from applications.models import AlumniRecord, Application, Interest
from concerns.models import Case
from concerns.services import destroy_contents
from declarations.models import Declaration
from outbox.models import Message
from overview.models import DataRequest, Erasure
from overview.personal import categories, finding
from overview.personal.registry import holding_of
from overview.purging.rule import Rows, Rule, blank, day_of, delete, not_blank
from partnerships.models import Disclosure, Seat
from programmes.models import Duty, Question

_holding = holding_of(Message)
_WORDS = _holding.blank if _holding else {}


def _messages(on: date) -> Rows:
    """What is done with. The row and its key stay, so that nothing that was sent once is ever sent again."""
    done = Message.objects.exclude(state=Message.State.WAITING).filter(not_blank(_WORDS))
    return done.annotate(since=day_of(Coalesce("sent_at", "withdrawn_at", "created_at")))


def _askers(on: date) -> Rows:
    """A published question is the programme's own text; who asked it isn't."""
    rows = Question.objects.published().exclude(asker_email="")
    return rows.annotate(since=day_of("answered_at"))


def _questions(on: date) -> Rows:
    rows = Question.objects.filter(is_published=False).exclude(answered_at=None)
    return rows.annotate(since=day_of("answered_at"))


def _cases(on: date) -> Rows:
    """Closed, and still with a key of its own."""
    rows = Case.objects.closed().with_contents()
    return rows.annotate(since=day_of("closed_at"))


def _destroy(rows: Rows, at: datetime) -> None:
    for case in rows:
        destroy_contents(case, at=at)


def _history(on: date) -> Rows:
    return LogEntry.objects.annotate(since=day_of("action_time"))


def _alumni(on: date) -> Rows:
    """Of programmes whose last cohort is over; a list that is read in again takes care of itself meanwhile."""
    rows = AlumniRecord.objects.annotate(since=Max("programme__cohorts__ends_on"))
    return rows.filter(since__lt=on)


def _confirmations(on: date) -> Rows:
    return EmailConfirmation.objects.annotate(since=day_of("created"))


def _requests(on: date) -> Rows:
    rows = Erasure.objects.exclude(done_at=None, called_back_at=None)
    return rows.annotate(since=day_of(Coalesce("done_at", "called_back_at")))


def _answered(on: date) -> Rows:
    return DataRequest.objects.exclude(closed_on=None).annotate(since=F("closed_on"))


def _interests(on: date) -> Rows:
    return Interest.objects.annotate(since=day_of("asked_at"))


def _accounts(on: date) -> Rows:
    """In which nothing is left, of who has no office and no rank, and has no request that stands."""
    mine = {"user": OuterRef("pk")}
    left = [
        Application.objects.filter(**mine),
        Declaration.objects.filter(**mine),
        Duty.objects.filter(**mine),
        LogEntry.objects.filter(**mine),
        Seat.objects.filter(**mine).exclude(memberships=None),
        Disclosure.objects.filter(to=OuterRef("pk")),
        Erasure.objects.standing().filter(person=OuterRef("pk")),
        DataRequest.objects.open().filter(person=OuterRef("pk")),
    ]
    rows = User.objects.filter(is_superuser=False)
    for each in left:
        rows = rows.filter(~Exists(each))
    return rows.annotate(since=day_of(Coalesce("last_login", "joined_at")))


def _delete_accounts(rows: Rows, at: datetime) -> None:
    """With their addresses and proofs; mail that was sent to them keeps no address behind."""
    for user in rows:
        sent = finding.messages(user).exclude(state=Message.State.WAITING)
        blank(_WORDS)(sent, at)
    delete(rows, at)


RULES = (
    Rule("mail", "Kept e-mails", categories.MAIL, _messages, purge=blank(_WORDS)),
    Rule("questions/askers", "Who asked", categories.QUESTIONS, _askers, purge=blank({"asker_email": ""})),
    Rule("questions", "Questions that weren’t published", categories.QUESTIONS, _questions),
    Rule("concerns", "Contents of concerns", categories.CONCERNS, _cases, purge=_destroy),
    Rule("duties", "Lines of the office’s history", categories.DUTIES, _history),
    Rule("alumni", "Lines of alumni lists", categories.ALUMNI, _alumni),
    Rule("sign-in", "Confirmations of addresses", categories.SIGN_IN, _confirmations),
    Rule("requests", "Requests to be deleted", categories.REQUESTS, _requests),
    Rule("requests/answered", "Requests that were answered", categories.REQUESTS, _answered),
    Rule("interests", "Addresses of who hears when a programme widens", categories.INTERESTS, _interests),
    Rule(
        "account", "Accounts with nothing left in them", categories.ACCOUNT, _accounts, _delete_accounts, "pk"
    ),
)
