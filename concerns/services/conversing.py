"""What a reporter adds to what they sent, with their name or by their code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from concerns import contents, limits
from concerns.models import Case, Kind, State
from concerns.services import excluding, filing, telling
from concerns.services.recording import append, change_state, locked
from mentorship.lib.refusals import NotPossible

WRONG_CODE = "Nothing belongs to this code. Please compare it sign by sign with what you kept."


@sensitive_variables()
def open_by_code(code: str) -> Case:
    """The case that a code opens; spaces, dashes and small letters are as good. NotPossible for any other code."""
    case = Case.objects.with_code(_plain(code)).select_related("programme").first()
    if case is None:
        raise NotPossible(WRONG_CODE)
    return case


@sensitive_variables()
@transaction.atomic
def add_by_code(code: str, *, text: str, at: datetime) -> Case:
    """Add to what was sent without a name; the same words twice in a row are one message."""
    case = open_by_code(code)
    return _add(locked(Case.objects.with_code(_plain(code)).filter(pk=case.pk)), text, at=at)


@sensitive_variables()
@transaction.atomic
def add(case: Case, *, by: User, text: str, at: datetime) -> Case:
    """Add to what one has sent; the same words twice in a row are one message."""
    return _add(locked(Case.objects.of(by).filter(pk=case.pk)), text, at=at)


def _add(case: Case, text: str, *, at: datetime) -> Case:
    """A message starts the clock again, unless one is waiting already, and opens a closed case.

    Handlers hear of it at most once an hour, however often somebody writes.
    """
    content = {"text": limits.words(text)}
    if contents.last_content(case, Kind.MESSAGE) == content:
        return case
    if case.unanswered_since is None:
        case.unanswered_since, case.answer_due_at = at, filing.due(case, at)
    if case.is_closed:
        case.closed_at, case.outcome = None, ""
        change_state(case, State.IN_PROGRESS, {}, at=at)
    case.save()
    append(case, Kind.MESSAGE, content, at=at)
    excluding.keep_from_told(case, content["text"])
    excluding.let_go_of_handler(case)
    telling.tell_handlers(case, "waiting", occasion=f"added/{at:%Y-%m-%dT%H}", at=at)
    return case


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
