"""What really went out in a rehearsal, read from the outbox in the words of `history.Expected`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from django.utils import timezone

from outbox.models import Message
from overview.simulation.history import Expected
from overview.simulation.running import Rehearsal, name_of
from partnerships.models import Flag, Membership

# Kinds of messages, and which part of a key names the partnership; what isn't listed is counted under its own name.
_KINDS = {
    "partnerships/email/introduction": ("introduction", 1),
    "partnerships/email/closing": ("closing", 1),
    "meetings/email/reminder": ("nudge", None),
    "meetings/email/day_before": ("day-before", 1),
    "partnerships/email/away": ("away", None),
    "partnerships/email/back": ("back", None),
    "partnerships/email/flag": ("flag", None),
}


def sent(rehearsal: Rehearsal) -> list[Expected]:
    """Every message that went out to the people of a rehearsal and to its office; what was withdrawn never did."""
    people = [application.user.email for application in rehearsal.applications]
    names = {row.pk: name_of(number) for number, row in rehearsal.partnerships.items()}
    flags = dict(Flag.objects.filter(partnership__in=names).values_list("pk", "partnership"))
    kinds = dict(Flag.objects.filter(partnership__in=names).values_list("pk", "kind"))
    inside = Membership.objects.filter(partnership__in=names)
    members = dict(inside.order_by().values_list("pk", "partnership"))
    rows = Message.objects.filter(to__in=[*people, rehearsal.history.team]).order_by("pk")
    lines = []
    for row in rows.exclude(state=Message.State.WITHDRAWN):
        kind, place = _KINDS.get(row.kind, (row.kind, None))
        parts, about = row.key.split("/"), ""
        if place:
            about = names.get(int(parts[place]), "")
        elif kind in {"away", "back"}:
            about = names.get(members.get(int(parts[-1]), 0), "")
        elif kind == "flag":
            if int(parts[1]) not in flags:
                continue  # of another cohort of this programme
            about = f"{names[flags[int(parts[1])]]}: {kinds[int(parts[1])]}"
        lines.append(Expected(timezone.localdate(row.created_at), kind, row.to, about))
    return sorted(lines)


def fingerprint(lines: Iterable[Expected], rehearsal: Rehearsal) -> str:
    """The same for two runs of a script that sent the same messages to the same people, on whatever day."""
    numbers: Mapping[str, int] = {
        application.user.email: number for number, application in enumerate(rehearsal.applications)
    }
    text = sorted(f"{line.kind} {numbers.get(line.to, 'team')} {line.about}" for line in lines)
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]
