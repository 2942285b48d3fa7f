"""The words of a reminder: a programme's own or the usual ones, neutral where two programmes meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from meetings.cadence import day
from meetings.links import answer_urls
from meetings.models import Meeting, Nudge
from meetings.queries import Clock
from mentorship.lib.moments import in_words
from outbox import services as outbox
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Membership
from programmes.models import Programme, Wording
from programmes.wording import ALLOWED, USUAL, fill

TEMPLATE = "meetings/email/reminder"


@dataclass(frozen=True)
class Due:
    """A meeting that somebody is to be reminded of, and which reminder it is."""

    membership: Membership
    clock: Clock
    occasion: int
    step: int

    @property
    def programme(self) -> Programme:
        return self.clock.partnership.cohort.programme


def key_of(user: int, nudge: int) -> str:
    """`nudge/<person>` is what withdraws all that waits for a person."""
    return f"nudge/{user}/{nudge}"


def post(nudge: Nudge, dues: Sequence[Due], *, at: datetime) -> None:
    """One mail to one person with all that is due. It names no programme if it spans two (`trust.md`: neutral)."""
    programmes = {due.programme for due in dues}
    programme = programmes.pop() if len(programmes) == 1 else None
    words = _words_of(dues)
    person = dues[0].membership.application.user
    lines = [
        {
            "text": fill(words[due.programme.pk, _kind(due)], _values(due, _partner(due, at=at))),
            "answers": answer_urls(due.membership),
            "url": settings.SITE_URL + reverse("partnership", args=[due.membership.partnership_id]),
        }
        for due in dues
    ]
    outbox.post(
        TEMPLATE,
        to=person.email,
        key=key_of(person.pk, nudge.pk),
        programme=programme.slug if programme else "",
        context=_context(person.name, lines, programme),
        at=at,
        not_before=max(at, _morning_of(nudge.on)),
    )


def _morning_of(day: date) -> datetime:
    hour = time(settings.REMINDERS_FROM_HOUR)
    return datetime.combine(day, hour, tzinfo=timezone.get_current_timezone())


def preview(due: Due) -> tuple[str, str]:
    """Subject and text of a reminder, as its reader would have it. Nothing is sent or recorded, and no link works."""
    words = _words_of([due])[due.programme.pk, _kind(due)]
    line = {
        "text": fill(words, _values(due, _names(due))),
        "answers": dict.fromkeys(["met", "arranging", "help", "away"], "…"),
        "url": "…",
    }
    context = _context(due.membership.application.user.name, [line], due.programme)
    subject, text, _ = outbox.rendered(TEMPLATE, context)
    return subject, text


def preview_words(kind: str, text: str, due: Due, *, at: datetime) -> str:
    """A text with the placeholders of its kind filled: as if they met in a day, where nothing is planned."""
    planned = Meeting.objects.planned().filter(partnership=due.clock.partnership, starts_at__gt=at).first()
    moment = planned.starts_at if planned and planned.starts_at else at + timedelta(days=1)
    values = {**_values(due, _names(due)), "when": in_words(moment, due.membership.application.user.zone)}
    return fill(text, {name: values[name] for name in ALLOWED[kind]})


def _context(name: str, lines: Sequence[Mapping[str, Any]], programme: Programme | None) -> dict[str, Any]:
    return {
        "name": name,
        "lines": lines,
        "signed_by": programme.team_name if programme else "Your mentoring programmes",
        "help_url": settings.SITE_URL + reverse("concern"),
    }


def _kind(due: Due) -> str:
    if due.step == 0 and due.clock.progress.overdue is None:
        return "by_hand"
    return Wording.Kind.SECOND_REMINDER if due.step == 2 else Wording.Kind.REMINDER


def _words_of(dues: Sequence[Due]) -> Mapping[tuple[int, str], str]:
    """The words of each kind in each programme: its own where it has some."""
    programmes = {due.programme.pk for due in dues}
    words = {(programme, kind): text for programme in programmes for kind, text in USUAL.items()}
    own = Wording.objects.filter(programme__in=programmes).values_list("programme", "kind", "text")
    return words | {(programme, kind): text for programme, kind, text in own}


def _partner(due: Due, *, at: datetime) -> str:
    """Whom they meet: a circle by its name, a partner by the name on their card (EI-4, EI-5, ALL-2)."""
    partnership = due.clock.partnership
    if partnership.is_circle:
        return partnership.name
    shown = cards_for(
        partnership,
        viewer=due.membership.application.user,
        channel=Disclosure.Channel.EMAIL,
        at=at,
        only=["name"],
    )
    return ", ".join(card.name for _, card in shown if card.name) or "your partner"


def _names(due: Due) -> str:
    """For the office's preview only: an administrator reads these names anyway."""
    partnership = due.clock.partnership
    if partnership.is_circle:
        return partnership.name
    others = Membership.objects.inside(partnership).exclude(pk=due.membership.pk)
    return ", ".join(others.values_list("application__user__name", flat=True))


def _values(due: Due, partner: str) -> dict[str, str]:
    progress, cohort = due.clock.progress, due.clock.partnership.cohort
    due_by = progress.overdue.due_by if progress.overdue else progress.due_by
    return {
        "name": due.membership.application.user.name,
        "partner": partner,
        "due": day(due_by) if due_by else "now",
        "progress": progress.summary,
        "programme": cohort.programme.name,
        "team": cohort.programme.team_name,
        "ends": day(cohort.ends_on),
    }
