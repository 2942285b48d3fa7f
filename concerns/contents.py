"""What a sealed case says, unsealed for the people whom a door let in (`CaseQuerySet.visible_to`, `.of`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from concerns.models import About, Case, Entry, Kind, Outcome, State
from concerns.sealing import DataKey

GONE = "Somebody who is no longer here"
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
    """Everything that a handler reads of a case."""

    reporter: User | None
    about: str
    contact: str
    policy: str
    kept_from: tuple[str, ...]
    entries: tuple[OpenEntry, ...]


def open_case(case: Case) -> OpenCase:
    """Unseal a case for a handler; `services.read` is the way here, since it writes down who reads."""
    key = case.data_key()
    reporter = reporter_of(case)
    kept_from = [key.open(row.sealed_person, place=row.place()) for row in case.exclusions.all()]
    contents = [(entry, _content(key, entry)) for entry in case.entries.all()]
    names = _names([*kept_from, *(person for _, content in contents for person in _people_in(content))])
    return OpenCase(
        reporter=reporter,
        about=_about(About(case.unseal("sealed_subject"))),
        contact=case.unseal("sealed_contact"),
        policy=case.unseal("sealed_policy"),
        kept_from=tuple(sorted(names.get(person, GONE) for person in kept_from)),
        entries=tuple(_in_words(entry, content, names, reporter) for entry, content in contents),
    )


def _about(answer: About) -> str:
    """The reporter's answer, as somebody else reads it."""
    return _ABOUT.get(answer, answer.label)


def reporter_of(case: Case) -> User | None:
    """Who filed a case; None once the account is gone."""
    return User.objects.filter(pk=case.unseal("sealed_reporter")).first()


def answers_of(case: Case) -> list[OpenEntry]:
    """What the reporter reads of the timeline: the handlers' answers without their names, nothing else."""
    key = case.data_key()
    answers = [entry for entry in case.entries.all() if entry.kind == Kind.ANSWER]
    return [
        OpenEntry(entry.kind, entry.get_kind_display(), entry.at, "", "", _content(key, entry)["text"])
        for entry in answers
    ]


def last_content(case: Case, kind: Kind) -> dict[str, Any] | None:
    """What the newest entry holds if it is of this kind, else None."""
    entry = case.entries.order_by("number").last()
    return _content(case.data_key(), entry) if entry and entry.kind == kind else None


def _content(key: DataKey, entry: Entry) -> dict[str, Any]:
    return key.open(entry.sealed_content, place=entry.place())


def _people_in(content: dict[str, Any]) -> list[int]:
    return [content[role] for role in ("by", "given_to") if role in content]


def _names(people: Iterable[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=set(people))}


def _in_words(
    entry: Entry, content: dict[str, Any], names: dict[int, str], reporter: User | None
) -> OpenEntry:
    who = names.get(content.get("by", 0), GONE) if entry.kind != Kind.FILED else str(reporter or GONE)
    return OpenEntry(
        entry.kind, entry.get_kind_display(), entry.at, who, _summary(content, names), content.get("text", "")
    )


def _summary(content: dict[str, Any], names: dict[int, str]) -> str:
    """One line about what an entry changed: the handler, or the state with its outcome and policy."""
    parts = []
    if "given_to" in content:
        parts.append(names.get(content["given_to"], GONE))
    if "to" in content:
        parts.append(f"From “{State(content['from']).label}” to “{State(content['to']).label}”")
    if content.get("outcome"):
        parts.append(Outcome(content["outcome"]).label)
    if content.get("policy"):
        parts.append(f"Policy: {content['policy']}")
    return " · ".join(parts)
