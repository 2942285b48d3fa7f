"""Pairs that may not be, whatever their fit: the hard rules, each switched on or off by the programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from .arrays import Ints, sealed
from .features import Person

Pair = tuple[int, int]


class HardRule(StrEnum):
    """Why a pair may not be; where several rules apply, the first in this order is given."""

    SAME_PERSON = "same_person"
    REFUSED = "refused"
    ENDED = "ended"
    OTHER = "other"
    MANAGEMENT_LINE = "management_line"
    SAME_MANAGER = "same_manager"
    SAME_DIVISION = "same_division"


@dataclass(frozen=True, eq=False)
class Forbidden:
    """The forbidden (mentee, mentor) pairs in order, as `Problem` takes them, with the rule behind each."""

    pairs: Ints
    rules: tuple[HardRule, ...]

    def rule_of(self) -> dict[Pair, HardRule]:
        return {(i, j): rule for (i, j), rule in zip(self.pairs.tolist(), self.rules, strict=True)}


def forbidden_pairs(
    mentees: Sequence[Person],
    mentors: Sequence[Person],
    *,
    refused: Iterable[Pair] = (),
    ended: Iterable[Pair] = (),
    other: Iterable[Pair] = (),
    management_line: bool = True,
    same_manager: bool = True,
    same_division: bool = False,
) -> Forbidden:
    """All pairs that a rule forbids, by the people's numbers in both sequences.

    Nobody is ever paired with themselves. `refused`, `ended` and `other` are the caller's own pairs: refused
    by the office, together before, or not to be for another reason. `management_line` forbids pairs of whom
    one manages the other, directly or through managers in between as far as anybody's row tells.
    `same_manager` forbids pairs with the same direct manager, `same_division` pairs from one division.
    """
    found: dict[Pair, HardRule] = {}

    def forbid(rule: HardRule, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            found.setdefault(pair, rule)

    forbid(HardRule.SAME_PERSON, _alike(mentees, mentors, lambda person: person.key))
    forbid(HardRule.REFUSED, refused)
    forbid(HardRule.ENDED, ended)
    forbid(HardRule.OTHER, other)
    if management_line:
        forbid(HardRule.MANAGEMENT_LINE, _in_line(mentees, mentors))
    if same_manager:
        forbid(HardRule.SAME_MANAGER, _alike(mentees, mentors, _direct_manager))
    if same_division:
        forbid(HardRule.SAME_DIVISION, _alike(mentees, mentors, lambda person: person.division))
    pairs = sorted(found)
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Forbidden(sealed(table), tuple(found[pair] for pair in pairs))


def _direct_manager(person: Person) -> str:
    return person.managers[0] if person.managers else ""


def _numbers(people: Sequence[Person], trait: Callable[[Person], str]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        numbers[trait(person)].append(number)
    numbers.pop("", None)
    return numbers


def _alike(
    mentees: Sequence[Person], mentors: Sequence[Person], trait: Callable[[Person], str]
) -> Iterator[Pair]:
    """Pairs with the same value of a trait; a blank one equals nobody's."""
    theirs = _numbers(mentors, trait)
    for value, ours in _numbers(mentees, trait).items():
        yield from ((i, j) for i in ours for j in theirs.get(value, ()))


def _in_line(mentees: Sequence[Person], mentors: Sequence[Person]) -> Iterator[Pair]:
    managers = _known_managers([*mentees, *mentors])
    mentee_numbers = _numbers(mentees, lambda person: person.key)
    mentor_numbers = _numbers(mentors, lambda person: person.key)
    for i, mentee in enumerate(mentees):
        yield from ((i, j) for key in _above(mentee.key, managers) for j in mentor_numbers.get(key, ()))
    for j, mentor in enumerate(mentors):
        yield from ((i, j) for key in _above(mentor.key, managers) for i in mentee_numbers.get(key, ()))


def _known_managers(people: Sequence[Person]) -> dict[str, set[str]]:
    """Who is known to be directly above whom: a row also tells of the managers it names."""
    managers: dict[str, set[str]] = defaultdict(set)
    for person in people:
        line = (person.key, *person.managers)
        for below, above in pairwise(line):
            managers[below].add(above)
    return managers


def _above(key: str, managers: dict[str, set[str]]) -> set[str]:
    """Everybody above somebody, also where rows contradict each other and go in a circle."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        for manager in managers.get(waiting.pop(), ()):
            if manager not in seen:
                seen.add(manager)
                waiting.append(manager)
    return seen
