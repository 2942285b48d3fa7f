"""One row of a sheet into what would be stored of a person, or into every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.queries import is_school_address
from applications import answers
from applications.answers import BadAnswer, Options, folded, quoted
from applications.spreadsheet.columns import Expected, Layout
from applications.spreadsheet.files import Row
from programmes.facts import FACTS, Kind
from programmes.models import SheetColumn

Meaning = SheetColumn.Meaning
WHOLE_ROW = "row"
_PARTS = (Meaning.FIRST_NAME, Meaning.LAST_NAME)


@dataclass(frozen=True)
class Rules:
    """What a row is measured against; `at` is the present moment."""

    options: Options
    needs_school_address: bool
    at: datetime


@dataclass(frozen=True)
class Refusal:
    """One reason why a row isn't taken: its line, the heading of the cell, and a sentence."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


@dataclass(frozen=True)
class Checked:
    """A row as it was understood; `facts` are the clean answers. It may be stored if nothing is refused."""

    line: int
    submitted_at: datetime
    email: str = ""
    name: str = ""
    has_accepted: bool = False
    has_declared: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def refused(self, field: str, reason: str) -> Checked:
        return replace(self, refusals=(*self.refusals, Refusal(self.line, field, reason)))


def check(row: Row, *, layout: Layout, rules: Rules) -> Checked:
    """Read every cell of a row, so that all that is wrong with it is said at once."""
    if row.fault:
        return Checked(row.line, rules.at).refused(WHOLE_ROW, row.fault)
    told: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    refusals = []
    for column in layout.columns:
        try:
            value = _value(column.expected, row.cells[column.place], rules)
            (facts if column.expected.is_fact else told)[column.expected.key] = value
        except BadAnswer as bad:
            refusals.append(Refusal(row.line, column.heading, bad.sentence))
    return _named(
        Checked(
            line=row.line,
            email=told.get(Meaning.EMAIL, ""),
            submitted_at=told.get(Meaning.TIMESTAMP, rules.at),
            has_accepted=told.get(Meaning.ACCEPTANCE, False),
            has_declared=any(facts.pop(fact) for fact in list(facts) if FACTS[fact].kind is Kind.DECLARATION),
            facts=facts,
            refusals=tuple(refusals),
        ),
        told,
        layout,
    )


def _named(checked: Checked, told: Mapping[str, Any], layout: Layout) -> Checked:
    """With the full name, from one column or from two."""
    if Meaning.NAME in told:
        return replace(checked, name=told[Meaning.NAME])
    full = " ".join(told[part] for part in _PARTS if told.get(part))
    try:
        return replace(checked, name=answers.name(full))
    except BadAnswer as bad:
        return checked.refused(layout.heading(*_PARTS), bad.sentence)


def _value(expected: Expected, raw: str, rules: Rules) -> Any:
    kind = FACTS[expected.key].kind if expected.is_fact else None
    if expected.key == Meaning.ACCEPTANCE or (kind is Kind.DECLARATION and expected.is_required):
        return _consent(raw)
    if expected.is_required and not raw.strip(" \t\r\n;"):
        raise BadAnswer("It is empty, and an answer is needed.")
    if not expected.is_fact:
        return _MEANINGS[expected.key](raw, rules)
    return answers.clean(expected.key, raw, options=rules.options, today=timezone.localdate(rules.at))


def _consent(raw: str) -> bool:
    """Only a yes is one: an empty cell, a no and anything else are no consent."""
    try:
        agreed = answers.yes_or_no(raw)
    except BadAnswer:
        agreed = False
    if not agreed:
        typed = f"says {quoted(raw.strip())}" if raw.strip() else "is empty"
        raise BadAnswer(f"No consent: the cell {typed}, and only Yes counts.")
    return True


def _address(raw: str, rules: Rules) -> str:
    address = answers.email(raw)
    if rules.needs_school_address and not is_school_address(address):
        domains = " or ".join(settings.SCHOOL_EMAIL_DOMAINS)
        raise BadAnswer(f"{quoted(address)} isn't an address of the School ({domains}).")
    return address


_MEANINGS: dict[str, Callable[[str, Rules], Any]] = {
    Meaning.TIMESTAMP: lambda raw, rules: answers.moment(raw, latest=rules.at),
    Meaning.NAME: lambda raw, rules: answers.name(raw),
    Meaning.FIRST_NAME: lambda raw, rules: answers.name(raw),
    Meaning.LAST_NAME: lambda raw, rules: answers.name(raw),
    Meaning.EMAIL: _address,
}


def refuse_repeated(rows: Iterable[Checked], *, field: str) -> list[Checked]:
    """An address stands for one person: a later row with it is refused, naming the first, under `field`.

    The same name again is a repetition if the first row is good; if that one is refused itself, the later row may
    well be its correction and stands on its own. Another name is always an error, never a merge.
    """
    first: dict[str, Checked] = {}
    checked = []
    for row in rows:
        before = first.get(row.email) if row.email else None
        if before and not same_name(before.name, row.name):
            row = row.refused(
                field, f"{quoted(row.email)} stands in line {before.line} already, with another name."
            )
        elif before and not before.refusals:
            row = row.refused(field, f"{quoted(row.email)} stands in line {before.line} already.")
        elif row.email:
            first[row.email] = row
        checked.append(row)
    return checked


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for capitals and white space; one that couldn't be read is no other."""
    return not one or not other or folded(one) == folded(other)
