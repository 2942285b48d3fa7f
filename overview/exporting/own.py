"""What is one's own where a table alone doesn't say so: what one's pages show, what one wrote, what one did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from accounts.models import User
from applications.models import Application
from concerns import contents
from concerns.models import Case
from concerns.sealing import Unreadable
from meetings.models import ContactFrequency, Meeting
from outbox.models import Message
from overview.exporting.readable import Line
from overview.personal import finding
from overview.personal.holding import Holding
from overview.queries import seen
from partnerships.models import Partnership
from programmes.models import Duty


def rows_of(holding: Holding, user: User) -> QuerySet[Any]:
    """The rows of a table that this person's copy holds: what is about them, and where they were there."""
    narrowed = _NARROWED.get(holding.model)
    return narrowed(user) if narrowed else holding.rows_of(user)


def _partnerships(user: User) -> QuerySet[Partnership]:
    """Those whose page is open to them: who has left learns no more of what became of the others."""
    return Partnership.objects.of(user).order_by("pk")


def _meetings(user: User) -> QuerySet[Meeting]:
    """Of those partnerships, and of former ones where they were there themselves."""
    open_to_them = Q(partnership__in=Partnership.objects.of(user).order_by().values("pk"))
    there = Q(attendances__membership__application__user=user)
    return Meeting.objects.filter(open_to_them | there).order_by("pk").distinct()


def _frequencies(user: User) -> QuerySet[ContactFrequency]:
    own = Partnership.objects.of(user).order_by().values("pk")
    return ContactFrequency.objects.filter(partnership__in=own).order_by("pk")


def _history(user: User) -> QuerySet[LogEntry]:
    """What the office changed in rows that are about them alone; of others it would tell of others."""
    asked = Q(pk__in=[])
    alone: tuple[tuple[type[Any], QuerySet[Any]], ...] = (
        (User, User.objects.filter(pk=user.pk)),
        (Application, Application.objects.filter(user=user)),
        (Duty, Duty.objects.filter(user=user)),
    )
    for model, rows in alone:
        numbers = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
        asked |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=numbers)
    return LogEntry.objects.filter(asked).order_by("pk")


def _messages(user: User) -> QuerySet[Message]:
    """What has left, or tried to: what still waits may tell of something before its time."""
    return finding.messages(user).exclude(state__in=[Message.State.WAITING, Message.State.WITHDRAWN])


_NARROWED: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    "partnerships.Partnership": _partnerships,
    "meetings.Meeting": _meetings,
    "meetings.ContactFrequency": _frequencies,
    "admin.LogEntry": _history,
    "outbox.Message": _messages,
}


def disclosures(user: User) -> list[Line]:
    """As the page “Who has seen what of mine” has it: names only where the policy shows them (ALL-2)."""
    return [
        {
            "When": line.at,
            "To whom": ", ".join(part for part in (line.viewer, line.part.lower()) if part),
            "What": list(line.facts),
            "How": line.channel,
            "Programme": line.programme,
            "Version": line.policy,
        }
        for line in seen.lines(seen.about(user))
    ]


def concerns(user: User) -> list[Line]:
    """What they raised with their name: their own words and the answers, nothing that handlers noted (EI-6)."""
    cases = Case.objects.of(user).select_related("programme").prefetch_related("entries")
    return [_concern(case) for case in cases.order_by("created_at", "pk")]


def _concern(case: Case) -> Line:
    line: Line = {
        "Reference": case.reference,
        "Programme": str(case.programme),
        "Sent": case.created_at,
        "State": case.get_state_display(),
        "What kind": case.get_category_display(),
        "Is anybody at risk": case.get_at_risk_display(),
    }
    try:
        told = contents.told_by_reporter(case)
    except Unreadable:
        return line | {"Words": "They can’t be opened at the moment; please ask under “Get help”."}
    return line | {
        "About whom": told.about,
        "How to reach you": told.contact,
        "Kept from, in your words": told.named,
        "Words": [
            {"when": each.at, "from": "answer" if each.is_answer else "you", "text": each.text}
            for each in told.lines
        ],
    }


# Tables that a copy has in other words than their columns.
IN_OTHER_WORDS: Mapping[str, tuple[str, Callable[[User], list[Line]]]] = {
    "partnerships.Disclosure": ("Who has seen what of yours", disclosures),
    "concerns.Case": ("What you raised with your name", concerns),
}


def deeds(holding: Holding, user: User) -> list[Line]:
    """How often this person did something to rows: those are others', so only the number is theirs."""
    if holding.model in IN_OTHER_WORDS:
        return []
    model: Any = holding.model_class
    counted = [(way, model._base_manager.filter(**{way: user}).count()) for way in holding.by]
    return [
        {
            "Where": str(model._meta.verbose_name_plural),
            "What": str(model._meta.get_field(way).verbose_name),
            "Times": times,
        }
        for way, times in counted
        if times
    ]
