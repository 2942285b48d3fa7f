"""What a sealed case says, unsealed for the people whom a door let in (`CaseQuerySet.visible_to`, `.of`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from applications.models import Application
from concerns import identity
from concerns.models import About, Case, Deed, Entry, Kind, Outcome, State
from concerns.sealing import DataKey
from partnerships.models import Membership
from programmes.models import Duty, Programme

GONE = "Somebody who is no longer here"
NAMELESS = "Somebody who wrote without their name"
_ABOUT = {
    About.ME: "The person who wrote",
    About.PARTNER: "Their mentor, their mentee or somebody in their circle",
    About.UNSAID: "They would rather not say",
}


@dataclass(frozen=True)
class OpenEntry:
    """An entry in words: what it is, when, by whom, a line about what changed, and the text."""

    kind: str
    label: str
    at: datetime
    who: str
    summary: str
    text: str


@dataclass(frozen=True)
class OpenCase:
    """Everything that a handler reads of a case; `reporter` is missing for who gave no name or is gone (`who`)."""

    reporter: User | None
    who: str
    about: str
    contact: str
    policy: str
    kept_from: tuple[str, ...]
    entries: tuple[OpenEntry, ...]


def open_case(case: Case) -> OpenCase:
    """Unseal a case for a handler; `services.read` is the way here, since it writes down who reads."""
    key = case.data_key()
    reporter = reporter_of(case)
    marks = [row.mark(key) for row in case.exclusions.all()]
    contents = [(entry, _content(key, entry)) for entry in case.entries.all()]
    names = _names([*(person for _, content in contents for person in _people_in(content))])
    pairs = _partnerships([content["partnership"] for _, content in contents if "partnership" in content])
    who = NAMELESS if case.is_anonymous else str(reporter or GONE)
    return OpenCase(
        reporter=reporter,
        who=who,
        about=_about(About(case.unseal("sealed_subject"))),
        contact=case.unseal("sealed_contact"),
        policy=case.unseal("sealed_policy"),
        kept_from=_kept_from(marks, case.programme),
        entries=tuple(_in_words(entry, content, names, pairs, who) for entry, content in contents),
    )


def _kept_from(marks: Iterable[identity.Mark], programme: Programme) -> tuple[str, ...]:
    """People by their names first, then the addresses and words by which others are recognised.

    Names of this programme's people alone: that somebody is another one's is not its handlers' to know (ALL-1).
    """
    accounts = {int(value) for kind, value in marks if kind == "account"}
    people = User.objects.filter(pk__in=accounts).filter(
        Q(pk__in=Duty.objects.filter(programme=programme).values("user"))
        | Q(pk__in=Application.objects.filter(cohort__programme=programme).order_by().values("user"))
    )
    called = [value for kind, value in marks if kind != "account"]
    return (
        *sorted({str(user) for user in people.order_by("pk")}),
        *(f"“{value}”" for value in sorted(called)),
    )


def _about(answer: About) -> str:
    """The reporter's answer, as somebody else reads it."""
    return _ABOUT.get(answer, answer.label)


def reporter_number(case: Case) -> int | None:
    """The number of the reporter's account; None for who gave no name."""
    number: int | None = case.unseal("sealed_reporter")
    return number


def reporter_of(case: Case) -> User | None:
    """Who filed a case; None for who gave no name, and once the account is gone."""
    number = reporter_number(case)
    return User.objects.filter(pk=number).first() if number is not None else None


def people_of(case: Case) -> list[User]:
    """The reporter and everybody from whom a case is kept by their account, for its handlers."""
    key, reporter = case.data_key(), reporter_number(case)
    marks = [row.mark(key) for row in case.exclusions.all()]
    people = {int(value) for kind, value in marks if kind == "account"}
    if reporter is not None:
        people.add(reporter)
    return list(User.objects.filter(pk__in=people).order_by("pk"))


def partnerships_in(case: Case) -> set[int]:
    """Which partnerships a case has let rest or go on."""
    key = case.data_key()
    done = [_content(key, entry) for entry in case.entries.all() if entry.kind == Kind.DEED]
    return {content["partnership"] for content in done if "partnership" in content}


@dataclass(frozen=True)
class Line:
    """What a reporter reads of their own case: an answer, or that they wrote something themselves."""

    at: datetime
    is_answer: bool
    text: str


def conversation_of(case: Case) -> list[Line]:
    """The handlers' answers without their names, and when the reporter wrote; their own words aren't shown again."""
    key = case.data_key()
    told = [entry for entry in case.entries.all() if entry.kind in (Kind.FILED, Kind.MESSAGE, Kind.ANSWER)]
    return [
        Line(
            _moment(entry, content := _content(key, entry)),
            entry.kind == Kind.ANSWER,
            content["text"] if entry.kind == Kind.ANSWER else "",
        )
        for entry in told
    ]


def erasures_waiting(case: Case) -> set[str]:
    """Of which erasures the handlers know already that they wait for this case, by their marks."""
    key = case.data_key()
    done = [_content(key, entry) for entry in case.entries.all() if entry.kind == Kind.DEED]
    return {content["erasure"] for content in done if "erasure" in content}


def last_content(case: Case, kind: Kind | Deed) -> dict[str, Any] | None:
    """What the newest entry holds if it is of this kind, without its moment; else None."""
    entry = case.entries.order_by("number").last()
    if entry is None:
        return None
    content = _content(case.data_key(), entry)
    kept = {name: value for name, value in content.items() if name not in ("at", "deed")}
    return kept if _kind(entry, content) == kind else None


def _kind(entry: Entry, content: dict[str, Any]) -> Kind | Deed:
    return Deed(content["deed"]) if "deed" in content else Kind(entry.kind)


def _moment(entry: Entry, content: dict[str, Any]) -> datetime:
    """Entries of an earlier version have theirs in the clear."""
    return datetime.fromisoformat(content["at"]) if "at" in content else entry.at


def _content(key: DataKey, entry: Entry) -> dict[str, Any]:
    return key.open(entry.sealed_content, place=entry.place())


def _people_in(content: dict[str, Any]) -> list[int]:
    return [content[role] for role in ("by", "given_to") if role in content]


def _names(people: Iterable[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=set(people))}


def _partnerships(numbers: Iterable[int]) -> dict[int, str]:
    """Partnerships in words: who is in them."""
    members = Membership.objects.filter(partnership__in=set(numbers)).select_related("application__user")
    people: dict[int, list[str]] = {}
    for member in members.order_by("part", "pk"):
        people.setdefault(member.partnership_id, []).append(str(member.application.user))
    return {number: " and ".join(names) for number, names in people.items()}


def _in_words(
    entry: Entry, content: dict[str, Any], names: dict[int, str], pairs: dict[int, str], reporter: str
) -> OpenEntry:
    kind, at = _kind(entry, content), _moment(entry, content)
    who = _who(kind, content, names, reporter)
    summary = _summary(content, names, pairs)
    return OpenEntry(str(kind), str(kind.label), at, who, summary, content.get("text", ""))


def _who(kind: Kind | Deed, content: dict[str, Any], names: dict[int, str], reporter: str) -> str:
    if kind == Deed.WAITS:
        return "the clock"
    is_theirs = kind in (Kind.FILED, Kind.MESSAGE) or "by" not in content
    return reporter if is_theirs else names.get(content["by"], GONE)


def _summary(content: dict[str, Any], names: dict[int, str], pairs: dict[int, str]) -> str:
    """One line about what an entry changed or named: a handler, a state with outcome and policy, a partnership."""
    parts = []
    if content.get("named"):
        parts.append(f"Named, and kept from: {content['named']}")
    if "given_to" in content:
        parts.append(names.get(content["given_to"], GONE))
    if "to" in content:
        parts.append(f"From “{State(content['from']).label}” to “{State(content['to']).label}”")
    if content.get("outcome"):
        parts.append(Outcome(content["outcome"]).label)
    if content.get("policy"):
        parts.append(f"Policy: {content['policy']}")
    if "partnership" in content:
        parts.append(pairs.get(content["partnership"], GONE))
    return " · ".join(parts)


@dataclass(frozen=True)
class OwnCase:
    """What a reporter told and was told, for a copy of their data; of handlers' work only their answers."""

    about: str
    contact: str
    named: str
    lines: tuple[Line, ...]


def told_by_reporter(case: Case) -> OwnCase:
    """Unseal a case for who filed it with their name (`CaseQuerySet.of`), with their own words; raises Unreadable."""
    key = case.data_key()
    told = [entry for entry in case.entries.all() if entry.kind in (Kind.FILED, Kind.MESSAGE, Kind.ANSWER)]
    contents = [(entry, _content(key, entry)) for entry in told]
    return OwnCase(
        about=About(case.unseal("sealed_subject")).label,
        contact=case.unseal("sealed_contact"),
        named=next((said["named"] for _, said in contents if said.get("named")), ""),
        lines=tuple(
            Line(_moment(entry, said), entry.kind == Kind.ANSWER, said["text"]) for entry, said in contents
        ),
    )
