"""Entries of the timeline, and the doors with their locks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from concerns.models import Case, CaseQuerySet, Deed, Entry, Kind, State
from mentorship.lib.refusals import NotPossible


def append(case: Case, kind: Kind | Deed, content: dict[str, Any], *, at: datetime) -> Entry:
    """Append an entry; the caller holds the case's lock, so numbers have no gap."""
    sealed = {**content, "at": at.isoformat()}
    if isinstance(kind, Deed):
        kind, sealed["deed"] = Kind.DEED, str(kind)
    entry = Entry(case=case, number=case.entries.count() + 1, kind=kind, at=day_of(at))
    entry.sealed_content = case.data_key().seal(sealed, place=entry.place())
    entry.save(force_insert=True)
    return entry


def day_of(at: datetime) -> datetime:
    """The beginning of a moment's day: what stands in the clear where the moment would lead somewhere."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def change_state(case: Case, to: State, content: dict[str, Any], *, at: datetime) -> None:
    was = case.state
    case.move_to(to)
    case.save()
    append(case, Kind.STATE, {**content, "from": was, "to": to}, at=at)


def at_the_door(case: Case, *, by: User) -> Case:
    """The case under a lock, if this person may see it."""
    return locked(Case.objects.visible_to(by).filter(pk=case.pk))


def open_for_change(case: Case, *, by: User) -> Case:
    case = at_the_door(case, by=by)
    if case.is_closed:
        raise NotPossible("This case is closed. Reopen it first.")
    return case


def locked(door: CaseQuerySet) -> Case:
    """The one case that a door lets through, locked until the transaction ends."""
    found = door.select_for_update(of=("self",)).select_related("programme").first()
    if found is None:
        raise NotPossible("This case isn’t open to you.")
    return found
