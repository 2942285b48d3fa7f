"""What rows of others say of a person: the office's words, the history, letters to partners, open sessions."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, Q, QuerySet

from accounts.models import User
from applications.models import Application
from meetings.models import Meeting
from outbox.models import Message
from overview.services.erasing.traces import Traces
from partnerships.models import Membership, Partnership

# Texts that the office, the product or several people write, and that may name anybody. What is somebody's own word
# about themselves (their bio, say) isn't ours to rewrite.
QUOTED: dict[str, tuple[str, ...]] = {
    "admin.LogEntry": ("object_repr", "change_message"),
    "programmes.Question": ("text", "answer"),
    "applications.Application": ("reason",),
    "applications.PolicyAcceptance": ("note",),
    "partnerships.Flag": ("line",),
    "meetings.Meeting": ("place",),
    "matching.MatchRun": ("progress", "failure"),
    "matching.Suggestion": ("held_back",),
    "matching.SuggestedMember": ("reasons",),
    "matching.Exclusion": ("reason",),
    "matching.Decision": ("reason",),
}
_WORDS = ("subject", "text", "html", "calendar")


def take_out(traces: Traces) -> int:
    """Put “Somebody who has left” where a text names the person; gives how many rows."""
    return sum(_take_out_of(model, columns, traces) for model, columns in QUOTED.items()) + _circles(traces)


def _take_out_of(label: str, columns: tuple[str, ...], traces: Traces) -> int:
    model, changed = apps.get_model(label), 0
    for row in model._default_manager.order_by("pk").only("pk", *columns).iterator():
        said = {column: getattr(row, column) for column in columns}
        left = {column: _at_most(model, column, traces.taken_out_of_all(said[column])) for column in columns}
        if left != said:
            changed += model._default_manager.filter(pk=row.pk).update(**left)
    return changed


def _at_most(model: type, column: str, value: object) -> object:
    field = model._meta.get_field(column)  # type: ignore[attr-defined]
    return value[: field.max_length] if isinstance(field, CharField) and isinstance(value, str) else value


def _circles(traces: Traces) -> int:
    """A circle's name is one of its cohort's, so one that loses a person gets its number."""
    named = Partnership.objects.exclude(name="").order_by("pk").only("pk", "name")
    theirs = [row.pk for row in named if traces.are_in(row.name)]
    for pk in theirs:
        Partnership.objects.filter(pk=pk).update(name=f"Circle no. {pk}")
    return len(theirs)


def forget_manager(addresses: frozenset[str], *, gone: str) -> int:
    """Whose line manager they were: who shares one still does, without the address."""
    asked = Q(pk__in=[])
    for address in addresses:
        asked |= Q(line_manager_email__iexact=address)
    return Application.objects.filter(asked).update(line_manager_email=gone)


def forget_places(user: User) -> int:
    """Where to meet, of meetings that this person planned: it may be their room or their link."""
    return Meeting.objects.filter(planned_by=user).exclude(place="").update(place="")


def forget_letters(user: User, traces: Traces, *, own: list[int], at: datetime) -> int:
    """Blank letters to others that say something of the person: those of a programme to whoever was with them in a
    partnership of it, from then on, and all that name them. `own` are the letters to the person.

    Of those that still wait, one to a partner that names the person isn't sent; any other goes without the name.
    """
    others = Message.objects.exclude(pk__in=own).exclude(subject="", text="", html="", calendar="")
    naming = set()
    for pk, *words in others.order_by("pk").values_list("pk", *_WORDS).iterator():
        if any(traces.are_in(text) for text in words):
            naming.add(pk)
    partners = set(_to_partners(user, others).values_list("pk", flat=True))
    waiting = others.filter(state=Message.State.WAITING)
    kept_back = waiting.filter(pk__in=naming & partners)
    kept_back.update(state=Message.State.WITHDRAWN, withdrawn_at=at, lease_until=None, lease_token=None)
    for letter in list(waiting.filter(pk__in=naming).order_by("pk")):
        _send_without(letter, traces.certain)
    _rename_keys(traces)
    said = others.filter(pk__in=naming | partners).exclude(state=Message.State.WAITING)
    return said.update(**dict.fromkeys(_WORDS, ""))


def _send_without(letter: Message, traces: Traces) -> None:
    for column in _WORDS:
        setattr(letter, column, traces.taken_out_of(getattr(letter, column)))
    letter.save(update_fields=_WORDS)


def _to_partners(user: User, letters: QuerySet[Message]) -> QuerySet[Message]:
    asked = Q(pk__in=[])
    own = Membership.objects.filter(application__user=user).select_related("partnership__cohort__programme")
    for membership in own.order_by("pk"):
        inside = Membership.objects.filter(partnership=membership.partnership_id)
        people = inside.exclude(application__user=user).order_by().values("application__user")
        addresses = User.objects.filter(pk__in=people).order_by().values("email")
        asked |= Q(
            to__in=addresses,
            programme=membership.partnership.cohort.programme.slug,
            created_at__date__gte=membership.joined_on,
        )
    return letters.filter(asked)


def _rename_keys(traces: Traces) -> None:
    """A few keys end with an address."""
    asked = Q(pk__in=[])
    for address in traces.addresses:
        asked |= Q(key__icontains=address)
    for pk in list(Message.objects.filter(asked).values_list("pk", flat=True)):
        Message.objects.filter(pk=pk).update(key=f"erased/{pk}")


def forget_in_sessions(traces: Traces) -> int:
    """Take what names the person out of open sessions of others, and of who hasn't signed in: a message to an office,
    an address that was typed."""
    changed = 0
    for session in Session.objects.order_by("pk").iterator():
        said = session.get_decoded()
        left = {key: value for key, value in said.items() if not traces.are_in(str(value))}
        if left != said:
            data = SessionStore().encode(left)
            changed += Session.objects.filter(pk=session.pk).update(session_data=data)
    return changed
