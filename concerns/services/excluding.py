"""Whom a case is kept from: partners of the reporter, and whoever is named (deny wins)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from concerns import identity, limits, queries
from concerns.models import Case, CaseExclusion, Deed
from concerns.services import telling
from concerns.services.recording import append, at_the_door
from mentorship.lib.refusals import NotPossible


def keep_from_people(case: Case, people: Iterable[User]) -> None:
    _keep_from(case, {identity.account(person) for person in people})


def keep_from_named(case: Case, named: str) -> None:
    """Keep a case from everybody who is called by an address or a word of this list, now or later.

    Who could read it today, and whoever it names in full, also by their account: changing a name or an address opens
    nothing.
    """
    marks = identity.marks_in(named)
    able = [user for user in queries.who_could_read(case.programme) if marks & identity.marks_of(user)]
    _keep_from(case, marks | {identity.account(user) for user in [*able, *queries.people_told_of(named)]})


def keep_from_told(case: Case, *texts: str) -> None:
    """Keep a case from everybody whose name or address stands in what the reporter tells.

    Of who could read it the family name is enough: people write “Ms Quill”.
    """
    text = "\n".join(texts)
    able = queries.who_could_read(case.programme)
    keep_from_people(case, [user for user in able if identity.is_family_name_in(user.name, text)])
    keep_from_people(case, queries.people_told_of(text))


@sensitive_variables()
@transaction.atomic
def keep_from(case: Case, *, by: User, named: str, at: datetime) -> None:
    """Keep a case from further people, by name or address; what was kept from somebody stays so.

    Who does this may find themselves among them, if they write their own name: the case is then closed to them too.
    Where an open case loses its handler or its last reader, those who are left are told, or else whoever can help.
    """
    case = at_the_door(case, by=by)
    held_by = case.handler
    named = limits.words(named, limits.MOST_NAMES_LETTERS)
    if not identity.marks_in(named):
        raise NotPossible("Write a name or an e-mail address.")
    keep_from_named(case, named)
    entry = append(case, Deed.KEPT, {"by": by.pk, "text": named}, at=at)
    let_go_of_handler(case)
    if not case.is_closed and (case.handler != held_by or not queries.readers_of(case)):
        telling.tell_handlers(case, "waiting", occasion=str(entry.pk), at=at)


def let_go_of_handler(case: Case) -> None:
    """A handler from whom the case is kept holds it no longer."""
    if case.handler is not None and case.handler not in queries.readers_of(case):
        case.handler = None
        case.save(update_fields=["handler"])


def _keep_from(case: Case, marks: Iterable[identity.Mark]) -> None:
    """Add what isn't kept yet, under whichever key; each row sealed for its own place."""
    known = set(case.exclusions.values_list("person_fingerprint", flat=True))
    key, rows = case.data_key(), []
    for mark in sorted(set(marks)):
        if known.isdisjoint(identity.fingerprints([mark])):
            made = identity.fingerprint(mark, key_id=case.key_id)  # as a rotation finds it
            row = CaseExclusion(case=case, person_fingerprint=made)
            row.sealed_person = key.seal(mark, place=row.place())
            rows.append(row)
    CaseExclusion.objects.bulk_create(rows, ignore_conflicts=True)
