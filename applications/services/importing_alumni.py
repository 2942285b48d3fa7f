"""Load the list of alumni that mentors are checked against (EI-0)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.answers import folded
from applications.models import AlumniRecord
from applications.spreadsheet.alumni import alumni
from applications.spreadsheet.rows import Refusal
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme
from programmes.permissions import can_administer


@dataclass(frozen=True)
class Loaded:
    """How many alumni a file added, how many of its rows were known, and what is wrong with the others."""

    new: int
    already_there: int
    refusals: tuple[Refusal, ...]

    @property
    def summary(self) -> str:
        refused = len({refusal.line for refusal in self.refusals})
        return f"{self.new} new, {self.already_there} already there, {refused} refused"


def import_alumni(*, programme: Programme, data: bytes, by: User | None, at: datetime) -> Loaded:
    """Add the alumni of a file to a programme's list; who is on it already stays as they are.

    `by` is the administrator, or None for who works at the server's own command line. Unreadable if the file as a
    whole can't be taken.
    """
    if by is not None and not can_administer(by, programme):
        raise NotPossible("You don't administer this programme.")
    found, refusals = alumni(data, today=timezone.localdate(at))
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        listed = programme.alumni_records.values_list("name", "course", "graduation_year")
        known = {(folded(name), folded(course), year) for name, course, year in listed}
        new = []
        for person in found:
            key = (folded(person.name), folded(person.course), person.year)
            if key not in known:
                known.add(key)
                new.append(person)
        AlumniRecord.objects.bulk_create(
            AlumniRecord(
                programme=programme, name=person.name, course=person.course, graduation_year=person.year
            )
            for person in new
        )
    return Loaded(len(new), len(found) - len(new), tuple(refusals))
