"""From two sheets to pairs and circles, and to everybody without one (EI-M, BM-7, BM-8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from applications.answers import folded
from applications.spreadsheet.rows import Checked
from matching import engine, reasons, solving
from matching.pool import CIRCLE, Pool
from matching.sheets.entrants import Entrant, LeftOut, Sheet
from matching.sheets.scheme import Scheme
from mentorship.lib.refusals import NotPossible
from programmes.models import Role

_OTHER_PATHWAY = {
    Role.MENTOR: "Offers only the other pathway, which this run doesn't cover.",
    Role.MENTEE: "Would only take the other pathway, which this run doesn't cover.",
}


@dataclass(frozen=True)
class Placed:
    """A mentee with a mentor, or with who facilitates their circle; `circle` counts from 1, and is 0 for a pair."""

    mentee: Checked
    mentors: tuple[Checked, ...]
    circle: int
    fit: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """What came of two sheets, and how good `solution` is known to be."""

    placed: tuple[Placed, ...]
    left_out: tuple[LeftOut, ...]
    solution: solving.Solution


def match(one: Scheme, mentees: Sheet, mentors: Sheet, *, pathway: str = "", seed: int = 0) -> Matching:
    """The best choice of pairs and circles: most people placed, then as the programme wants it.

    Everybody is placed once at most, and nobody with themselves. `pathway` restricts the run to one; empty means
    both. The order of the rows has no influence, and `seed` decides only between equally good choices. NotPossible
    if the programme doesn't have the pathway or the engine refuses.
    """
    pool = _pool(one, mentees, mentors, one.offered(pathway))
    try:
        result = solving.solve(pool, seed=seed)
    except (engine.InvalidProblem, engine.OutOfTime) as impossible:
        raise NotPossible(str(impossible)) from impossible
    entrants = {entrant.number: entrant for entrant in (*mentees.entrants, *mentors.entrants)}
    left_out = [
        LeftOut(entrants[number].role, entrants[number].row, why)
        for number, why in reasons.of_left_out(pool, result).items()
    ]
    return Matching(
        tuple(sorted(_all_placed(pool, result, entrants), key=_by_circle)),
        tuple(sorted([*left_out, *mentees.left_out, *mentors.left_out], key=_by_name)),
        result.solution,
    )


def _pool(one: Scheme, mentees: Sheet, mentors: Sheet, kinds: Collection[str]) -> Pool:
    """Everybody in the sheets as a run takes them, in the order of their numbers."""
    everybody = sorted((*mentees.entrants, *mentors.entrants), key=lambda entrant: entrant.number)
    wishes = {e.number: e.wishes & set(kinds) for e in everybody if e.wishes & set(kinds)}
    rooms = {
        e.number: {kind: e.places[kind] for kind in kinds}
        for e in everybody
        if any(e.places.get(kind) for kind in kinds)
    }
    circle = one.pathways.get(CIRCLE)
    inside = wishes.keys() | rooms.keys()
    return Pool(
        mentees=tuple(wishes),
        mentors=tuple(rooms),
        rows={e.number: e.person for e in everybody},
        rooms=rooms,
        wishes=wishes,
        criteria={kind: one.criteria[kind] for kind in sorted(kinds)},
        sizes=(circle.smallest, circle.largest) if circle else (1, 1),
        waiting={e.number: _OTHER_PATHWAY[e.role] for e in everybody if e.number not in inside},
    )


def _all_placed(pool: Pool, result: solving.Result, entrants: Mapping[int, Entrant]) -> Iterator[Placed]:
    """Every mentee of every pair and circle; circles are numbered by who leads them."""
    circles = sorted(
        (entrants[proposal.mentors[0]].row.email, proposal.mentors[0])
        for proposal in result.proposals
        if proposal.pathway == CIRCLE
    )
    numbers = {lead: number for number, (_, lead) in enumerate(circles, start=1)}
    for proposal in result.proposals:
        lead = proposal.mentors[0]
        for mentee in proposal.mentees:
            yield Placed(
                entrants[mentee].row,
                tuple(entrants[mentor].row for mentor in proposal.mentors),
                numbers[lead] if proposal.pathway == CIRCLE else 0,
                pool.fit(proposal.pathway, mentee, lead),
                tuple(reasons.of_pair(pool, proposal.pathway, mentee, lead)),
            )


def _by_circle(one: Placed) -> tuple[Any, ...]:
    return one.circle, folded(one.mentee.name), one.mentee.email


def _by_name(one: LeftOut) -> tuple[Any, ...]:
    return one.role, folded(one.row.name), one.row.email, one.row.line
