"""Who takes part in a run: rows that hold nothing but what matching may know, and the rules that bind them.

The columns of a row are those of `engine.Person` (EI-7, BM-2): names, declarations and equality answers aren't among
them, and of line managers only who is whose. A pool is all that decides a run but the seed; `gathering` makes it of
applications, `records` keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from matching import engine
from matching.criteria import Criteria
from programmes import countries
from programmes.models import Pathway

ONE_TO_ONE, CIRCLE = Pathway.Kind.ONE_TO_ONE, Pathway.Kind.CIRCLE
Pair = tuple[int, int]
_WORLD = engine.World(regions={name: countries.region_of(name) or name for name in countries.NAMES})


@dataclass(frozen=True)
class Running:
    """A circle that meets already and has seats left."""

    partnership: int
    facilitators: tuple[int, ...]
    members: int


@dataclass(frozen=True, eq=False)
class Pool:
    """People of a run by application number, in one order, with the rules that bind them.

    `rooms` are a mentor's free places per pathway; `wishes` the pathways that a mentee would take; `criteria` the rules
    and weights per pathway. Pairs are (mentee, mentor) applications: `refused` by the office per pathway, `former`
    partners, `locked` by the office per pathway (in a circle with who leads it). `waiting` are accepted people who
    can't take part, each with a sentence; they decide nothing.
    """

    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    rows: Mapping[int, engine.Person]
    rooms: Mapping[int, Mapping[str, int]]
    wishes: Mapping[int, frozenset[str]]
    criteria: Mapping[str, Criteria]
    sizes: tuple[int, int] = (1, 1)
    refused: Mapping[str, Collection[Pair]] = field(default_factory=dict)
    former: Collection[Pair] = ()
    locked: Mapping[str, Collection[Pair]] = field(default_factory=dict)
    running: tuple[Running, ...] = ()
    waiting: Mapping[int, str] = field(default_factory=dict)

    @property
    def pathway(self) -> str:
        """The one pathway of this run; empty for both."""
        return next(iter(self.criteria)) if len(self.criteria) == 1 else ""

    @property
    def objective(self) -> str:
        """Both pathways are solved together, so they share an objective: the fairest, if either asks for it."""
        asked = {criteria.objective for criteria in self.criteria.values()}
        return engine.Objective.FAIREST if engine.Objective.FAIREST in asked else engine.Objective.TOTAL

    @cached_property
    def mentee_at(self) -> dict[int, int]:
        """The position of each mentee."""
        return {pk: i for i, pk in enumerate(self.mentees)}

    @cached_property
    def mentor_at(self) -> dict[int, int]:
        """The position of each mentor."""
        return {pk: j for j, pk in enumerate(self.mentors)}

    @cached_property
    def features(self) -> dict[str, engine.Features]:
        """The tables whose product is the fit, per pathway; one and the same where the weights are."""
        by_weights: dict[tuple[tuple[str, int], ...], engine.Features] = {}
        mentees, mentors = self._people()
        for criteria in self.criteria.values():
            key = tuple(sorted(criteria.weights.items()))
            if key not in by_weights:
                by_weights[key] = engine.build_features(mentees, mentors, criteria.weights, _WORLD)
        return {
            kind: by_weights[tuple(sorted(criteria.weights.items()))]
            for kind, criteria in self.criteria.items()
        }

    @cached_property
    def forbidden(self) -> dict[str, engine.Forbidden]:
        """Who may not be together, per pathway, and by which rule."""
        mentees, mentors = self._people()
        return {
            kind: engine.forbidden_pairs(
                mentees,
                mentors,
                refused=self.positions(self.refused.get(kind, ())),
                ended=self.positions(self.former if criteria.forbids_former_partners else ()),
                management_line=criteria.forbids_line_management,
                same_manager=criteria.forbids_same_manager,
                same_division=criteria.forbids_same_division,
            )
            for kind, criteria in self.criteria.items()
        }

    @cached_property
    def rules(self) -> dict[str, dict[Pair, engine.HardRule]]:
        """Per pathway, the rule behind each forbidden (mentee, mentor) by position."""
        return {kind: forbidden.rule_of() for kind, forbidden in self.forbidden.items()}

    def fit(self, kind: str, mentee: int, mentor: int) -> int:
        """The fit of a pair by application, 0 to 10,000."""
        features = self.features[kind]
        return int(features.wants[self.mentee_at[mentee]] @ features.offers[self.mentor_at[mentor]])

    def locks(self, kind: str) -> list[Pair]:
        """Locked pairs by position, less those that a rule forbids meanwhile."""
        if kind not in self.criteria:
            return []
        locked = self.positions(self.locked.get(kind, ()))
        return [pair for pair in locked if pair not in self.rules[kind]]

    def positions(self, pairs: Collection[Pair]) -> list[Pair]:
        """(mentee, mentor) applications as positions, for those who are in the pool."""
        mentees, mentors = self.mentee_at, self.mentor_at
        return [(mentees[i], mentors[j]) for i, j in pairs if i in mentees and j in mentors]

    def _people(self) -> tuple[list[engine.Person], list[engine.Person]]:
        return [self.rows[pk] for pk in self.mentees], [self.rows[pk] for pk in self.mentors]
