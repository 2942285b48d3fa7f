"""A card: the facts about one person that a policy version shows in one direction, and nothing else (EI-4, EI-5).

Pure: it decides nothing about who may look. The preview before submission and the door that partners use
(`partnerships.disclosure.card_for`) render by this same function, so that they can't differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from accounts.queries import school_address
from applications.models import Application
from programmes.facts import FACTS
from programmes.models import PolicyVersion


@dataclass(frozen=True)
class Line:
    """One fact: `value` or several `values`; `url` where it leads somewhere."""

    key: str
    label: str
    value: str = ""
    values: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Card:
    lines: tuple[Line, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(line.key for line in self.lines)

    @property
    def name(self) -> str:
        return next((line.value for line in self.lines if line.key == "name"), "")


def card_of(application: Application, policy: PolicyVersion, direction: str) -> Card:
    """The card of a person under a policy version; a fact that wasn't given has no line ("if shared").

    Load the application by `with_card_facts()` and the version with its `disclosed_facts` to spare queries.
    """
    rows = [row for row in policy.disclosed_facts.all() if row.direction == direction]
    lines = [
        Line(row.fact, row.label or FACTS[row.fact].label, *_content(application, row.fact)) for row in rows
    ]
    return Card(tuple(line for line in lines if line.value or line.values))


def accepted_policy(application: Application) -> PolicyVersion | None:
    """The policy that decides what is shown of a person: the newest that they accepted (EI-1)."""
    versions = [acceptance.policy_version for acceptance in application.acceptances.all()]
    accepted = [version for version in versions if version.kind == PolicyVersion.Kind.POLICY]
    return max(accepted, key=lambda version: (version.published_on or date.min, version.pk), default=None)


def contact_address(application: Application) -> str:
    """The School address that the person verified, or else the one the office's sheet gave for them (EI-5b)."""
    return school_address(application.user) or application.office_email


def _content(application: Application, key: str) -> tuple[str, tuple[str, ...], str]:
    special: dict[str, Callable[[Application], tuple[str, tuple[str, ...], str]]] = {
        "name": lambda a: (a.user.name, (), ""),
        "email": lambda a: _address(a.user.email),
        "school_email": lambda a: _address(contact_address(a)),
        "circle_email": lambda a: _address(contact_address(a) if a.circle_email else ""),
        "sectors": lambda a: ("", tuple(option.name for option in a.sectors.all()), ""),
        "support_areas": lambda a: (
            "",
            tuple(option.name for option in a.support_areas.all()),
            "",
        ),
        "linkedin": lambda a: (a.linkedin, (), a.linkedin),
    }
    if key in special:
        return special[key](application)
    value = getattr(application, key)
    return ("" if value is None else str(value)), (), ""


def _address(address: str) -> tuple[str, tuple[str, ...], str]:
    return address, (), f"mailto:{address}" if address else ""
