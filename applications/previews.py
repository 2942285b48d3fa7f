"""What a person is shown of their own application: their answers, and exactly what a partner will see."""

from __future__ import annotations

from dataclasses import dataclass

from applications.card import Card, card_of
from applications.models import Application
from programmes.facts import FACTS, Direction, Kind
from programmes.models import Ask, Pathway


@dataclass(frozen=True)
class Answer:
    label: str
    value: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A card and who would see it: "mentor", "mentee" or "circle"."""

    seen_by: str
    card: Card


def answers(application: Application) -> list[Answer]:
    """Every question that the programme asks of this role with the person's answer, in the form's order."""
    asks = application.cohort.programme.asks.filter(role=application.role)
    return [_answer(application, ask) for ask in asks if FACTS[ask.fact].kind is not Kind.DECLARATION]


def cards(application: Application) -> list[Preview]:
    """The card as a partner will see it, by the function that partners' pages use; one per pathway chosen."""
    policy = application.cohort.policy
    return [
        Preview(seen_by, card_of(application, policy, direction))
        for direction, seen_by in _directions(application).items()
    ]


def kept_from_partners(application: Application) -> list[str]:
    """What was asked and no partner sees: it reaches the office alone."""
    shown = {
        row.fact
        for row in application.cohort.policy.disclosed_facts.all()
        if row.direction in _directions(application)
    }
    asks = application.cohort.programme.asks.filter(role=application.role)
    kept = [FACTS[ask.fact] for ask in asks if ask.fact not in shown]
    return [fact.label for fact in kept if fact.kind is not Kind.DECLARATION]


def _directions(application: Application) -> dict[str, str]:
    """Directions in which this person would be shown, with who would look."""
    kinds = set(application.cohort.programme.pathways.values_list("kind", flat=True))
    directions = {}
    if Pathway.Kind.ONE_TO_ONE in kinds and application.wants(Pathway.Kind.ONE_TO_ONE):
        direction = Direction.OF_MENTOR if application.is_mentor else Direction.OF_MENTEE
        directions[direction.value] = "mentee" if application.is_mentor else "mentor"
    if Pathway.Kind.CIRCLE in kinds and application.wants(Pathway.Kind.CIRCLE):
        directions[Direction.IN_CIRCLE.value] = "circle"
    return directions


def _answer(application: Application, ask: Ask) -> Answer:
    kind = FACTS[ask.fact].kind
    value = getattr(application, ask.fact)
    if kind is Kind.CHOICES:
        return Answer(ask.label, "", tuple(option.name for option in value.all()))
    if kind is Kind.YES_NO:
        return Answer(ask.label, "Yes" if value else "No")
    if kind is Kind.PATHWAY:
        return Answer(ask.label, application.get_pathway_display())
    if kind is Kind.DATE:
        return Answer(ask.label, f"{value:%-d %B %Y}" if value else "")
    return Answer(ask.label, "" if value is None else str(value))
