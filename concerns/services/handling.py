"""What handlers do with a case. Each begins at their door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from concerns import contents, limits, queries
from concerns.models import Case, Category, Deed, Entry, Kind, Outcome, Reading, State
from concerns.services import telling
from concerns.services.recording import append, at_the_door, change_state, day_of, open_for_change
from mentorship.lib.refusals import NotPossible
from programmes.services import publish_answer


@transaction.atomic
def read(case: Case, *, by: User, at: datetime) -> contents.OpenCase:
    """Open a case for one of its handlers and write down that they read it."""
    case = at_the_door(case, by=by)
    Reading.objects.create(case=case, user=by, at=at)
    return contents.open_case(case)


@sensitive_variables()
@transaction.atomic
def answer(case: Case, *, by: User, text: str, at: datetime) -> None:
    """Answer the reporter, which stops the clock; whoever answers first takes a case that nobody has.

    The same words twice in a row are one answer.
    """
    case = open_for_change(case, by=by)
    _answer(case, by=by, text=limits.words(text), at=at)


def _answer(case: Case, *, by: User, text: str, at: datetime) -> None:
    content = {"by": by.pk, "text": text}
    if contents.last_content(case, Kind.ANSWER) == content:
        return
    case.first_answered_at = case.first_answered_at or at
    case.unanswered_since = None
    if case.handler_id is None:
        _give(case, by=by, to=by, at=at)
    if case.state == State.NEW:
        change_state(case, State.ACKNOWLEDGED, {"by": by.pk}, at=at)
    else:
        case.save()
    entry = append(case, Kind.ANSWER, content, at=at)
    telling.tell_reporter(case, "news", occasion=str(entry.pk), at=at)


@sensitive_variables()
@transaction.atomic
def note(case: Case, *, by: User, text: str, at: datetime) -> None:
    """Write something down for the handlers; the reporter never sees it. The same words twice in a row are one note."""
    case = open_for_change(case, by=by)
    content = {"by": by.pk, "text": limits.words(text)}
    if contents.last_content(case, Kind.NOTE) != content:
        append(case, Kind.NOTE, content, at=at)


@transaction.atomic
def assign(case: Case, *, by: User, to: User, at: datetime) -> None:
    """Give a case to a handler who may read it, and tell them if it wasn't their own doing (EI-6a)."""
    case = open_for_change(case, by=by)
    if to not in queries.readers_of(case):
        raise NotPossible("This person can’t be given the case.")
    if case.handler_id == to.pk:
        return
    entry = _give(case, by=by, to=to, at=at)
    if to != by:
        telling.tell_handler(case, to, occasion=str(entry.pk), at=at)


def _give(case: Case, *, by: User, to: User, at: datetime) -> Entry:
    case.handler = to
    case.save(update_fields=["handler"])
    return append(case, Kind.ASSIGNED, {"by": by.pk, "given_to": to.pk}, at=at)


@transaction.atomic
def move(case: Case, *, by: User, to: State, at: datetime, policy: str = "") -> None:
    """Move a case along, or reopen it. Who refers it says under which policy (EI-6a)."""
    case = at_the_door(case, by=by)
    if to == State.CLOSED:
        raise NotPossible("To close a case, say what its outcome is.")
    content: dict[str, Any] = {"by": by.pk}
    if to == State.REFERRED:
        content["policy"] = limits.at_most(policy, limits.MOST_POLICY_LETTERS)
        if not content["policy"]:
            raise NotPossible("Say under which policy the case is referred.")
        case.seal("sealed_policy", content["policy"])
    case.closed_at, case.outcome = None, ""
    change_state(case, to, content, at=at)


@transaction.atomic
def close(case: Case, *, by: User, outcome: Outcome, policy: str, at: datetime) -> None:
    """Close an answered case with its outcome and the policy that it was followed up under (EI-6a)."""
    case = at_the_door(case, by=by)
    if case.is_waiting:
        raise NotPossible("Answer the person first: a case in which somebody waits can’t be closed.")
    if policy := limits.at_most(policy, limits.MOST_POLICY_LETTERS):
        case.seal("sealed_policy", policy)
    case.closed_at, case.outcome = at, outcome
    change_state(case, State.CLOSED, {"by": by.pk, "outcome": outcome, "policy": policy}, at=at)
    telling.tell_reporter(case, "news", occasion=f"closed/{at.isoformat()}", at=at)


@sensitive_variables()
@transaction.atomic
def publish(case: Case, *, by: User, question: str, text: str, at: datetime) -> None:
    """Answer a question for everybody, on the programme's page, and the person who asked it too (EI-6, BM-13).

    Only what came in as a question, in words of the handler's own that say nothing of who asked. Nothing on the page
    leads back to the case.
    """
    case = open_for_change(case, by=by)
    if case.category != Category.QUESTION:
        raise NotPossible("Only a question can be answered in public; this is a concern.")
    question, text = limits.words(question, limits.MOST_QUESTION_LETTERS), limits.words(text)
    content = {"by": by.pk, "text": question}
    if contents.last_content(case, Deed.PUBLIC) == content:
        return
    publish_answer(case.programme, question=question, answer=text, at=day_of(at))
    _answer(case, by=by, text=text, at=at)
    append(case, Deed.PUBLIC, content, at=at)
