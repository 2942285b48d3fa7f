"""What an account saw in a period: for whoever has to find out what somebody else may have seen with it.

From the record of disclosures, which is whole for what partners are shown. What an office or a handler of concerns
opened is recorded in part or not at all; `unrecorded` says so for each account, so that nobody takes this for more
than it is.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from accounts.models import User
from concerns.models import Case, Reading
from mentorship.lib.cells import harmless
from overview.queries.standing import own_partnerships
from partnerships.models import Disclosure
from programmes.facts import FACTS
from programmes.models import Duty

HEADINGS = ["Person", "Address", "Programme", "Facts", "How", "First day", "Last day", "Days"]
LOOKED = "Looked at what this account saw"


@dataclass(frozen=True)
class Line:
    """One person of whom something was seen, in one programme, by one way: which facts, and on which days."""

    person: str
    address: str
    programme: str
    facts: tuple[str, ...]
    channel: str
    first_on: date
    last_on: date
    days: int

    def cells(self) -> list[str]:
        """For a spreadsheet program: whatever people wrote stays a text."""
        days = [str(self.first_on), str(self.last_on), str(self.days)]
        cells = [self.person, self.address, self.programme, ", ".join(self.facts), self.channel]
        return [*map(harmless, cells), *days]


@dataclass(frozen=True)
class Report:
    """All that is recorded of what an account saw, and in words what isn't."""

    account: User
    since: date
    until: date
    lines: Sequence[Line]
    cases_read: int
    cases: Sequence[str] = field(
        default_factory=list
    )  # references, of those that the reader handles themselves
    changes: int = 0
    own_left_out: int = 0
    unrecorded: Sequence[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({line.address for line in self.lines})


def seen_by(account: User, *, since: date, until: date, reader: User | None) -> Report:
    """What an account saw from the first day to the last, both included, in a number of queries that doesn't grow.

    `reader` is who asks; None on the command line. What concerns the reader's own partnerships is left to a colleague,
    and of concerns they learn how many were opened, and which only if they handle them.
    """
    rows = Disclosure.objects.filter(to=account, on__range=(since, until))
    shown = rows.exclude(partnership__in=own_partnerships(reader)) if reader else rows
    readings = Reading.objects.filter(user=account, at__date__range=(since, until))
    return Report(
        account=account,
        since=since,
        until=until,
        lines=list(_lines(shown)),
        cases_read=readings.values("case").distinct().count(),
        cases=_references(readings, reader),
        changes=_history(account).filter(action_time__date__range=(since, until)).count(),
        own_left_out=rows.count() - shown.count() if reader else 0,
        unrecorded=list(_unrecorded(account)),
    )


def as_csv(report: Report) -> str:
    """The people and facts alone, for a spreadsheet program."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([HEADINGS, *(line.cells() for line in report.lines)])
    return file.getvalue()


def _lines(rows: QuerySet[Disclosure]) -> Iterator[Line]:
    groups: dict[tuple[int, int, str], list[Disclosure]] = defaultdict(list)
    read = rows.select_related("of__user", "of__cohort__programme").order_by("on", "pk")
    for row in read:
        groups[row.of.user_id, row.of.cohort.programme_id, row.channel].append(row)
    lines = [_line(group) for group in groups.values()]
    yield from sorted(
        lines, key=lambda line: (line.person.casefold(), line.address, line.programme, line.channel)
    )


def _line(group: Sequence[Disclosure]) -> Line:
    first, last = group[0], group[-1]
    keys = dict.fromkeys(key for row in group for key in row.facts.split(",") if key)
    return Line(
        person=first.of.user.name,
        address=first.of.user.email,
        programme=first.of.cohort.programme.name,
        facts=tuple(FACTS[key].label if key in FACTS else key for key in keys),
        channel=first.get_channel_display(),
        first_on=first.on,
        last_on=last.on,
        days=len({row.on for row in group}),
    )


def _references(readings: QuerySet[Reading], reader: User | None) -> list[str]:
    """Deny wins: only of cases that the handlers' own door opens to this reader."""
    if reader is None:
        return []
    cases = Case.objects.visible_to(reader).filter(pk__in=readings.values("case"))
    return sorted(case.reference for case in cases)


def _history(account: User) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(user=account)


def _unrecorded(account: User) -> Iterator[str]:
    """What the account could open, as far as it may now, without a record of what it did open."""
    duties = Duty.objects.filter(user=account).select_related("programme").order_by("programme__name", "kind")
    for duty in duties:
        yield f"{duty.programme}: {_OPENS[Duty.Kind(duty.kind)]}"
    if account.is_superuser:
        yield (
            "As a superuser: the set-up of all programmes, accounts, messages without a programme, the record of"
            " disclosures, and requests about data. Which of them it opened isn’t recorded."
        )
    yield "Its own pages: application, meetings, messages to its address. That they were opened isn’t recorded."
    yield "Duties that were taken away before today aren’t listed here; whoever gave them knows of them."


_OPENS = {
    Duty.Kind.ADMINISTER: "as its administrator, every application, partnership and meeting, the waiting list, and"
    " files made of them. Which of them it opened isn’t recorded.",
    Duty.Kind.ELIGIBILITY: "as who decides eligibility, every application and declaration. Which it opened isn’t"
    " recorded.",
    Duty.Kind.CONCERNS: "as who handles concerns, the list of cases. Each case that it opened is counted above.",
}


def earlier_looks(account: User) -> QuerySet[LogEntry]:
    """Who has asked for such a report about an account before, the latest first."""
    kind = ContentType.objects.get_for_model(User)
    rows = LogEntry.objects.filter(
        content_type=kind, object_id=str(account.pk), change_message__startswith=LOOKED
    )
    return rows.select_related("user").order_by("-action_time", "-pk")
