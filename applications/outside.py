"""For whom a programme is for now, and for whom not yet, by the answers that it doesn't take (BM-3, BM-10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from applications.models import Application
from programmes.facts import FACTS, Kind
from programmes.models import Option, Programme

_CHOICES = [key for key, fact in FACTS.items() if fact.kind is Kind.CHOICE]


@dataclass(frozen=True)
class Boundary:
    """Of one fact: the answers that may join and those that may not, for now."""

    fact: str
    inside: tuple[Option, ...]
    outside: tuple[Option, ...]

    @property
    def label(self) -> str:
        return FACTS[self.fact].label


def boundaries(programme: Programme) -> list[Boundary]:
    """One for each fact that keeps somebody outside; none, where a programme takes everybody who can apply."""
    by_fact: dict[str, list[Option]] = defaultdict(list)
    for option in programme.options.filter(fact__in=_CHOICES, is_open=True).order_by(
        "fact", "position", "pk"
    ):
        by_fact[option.fact].append(option)
    return [
        Boundary(
            fact,
            tuple(option for option in options if option.is_eligible),
            tuple(option for option in options if not option.is_eligible),
        )
        for fact, options in by_fact.items()
        if not all(option.is_eligible for option in options)
    ]


def answers_outside(application: Application) -> list[str]:
    """The person's own answers with which they can't join for now."""
    given = {fact: getattr(application, fact) for fact in _CHOICES if getattr(application, fact)}
    rows = application.cohort.programme.options.filter(fact__in=given, is_eligible=False)
    return [option.name for option in rows if given[option.fact] == option.name]
