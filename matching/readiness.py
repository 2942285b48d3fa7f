"""What the office should know before a run: who is in the pool, who isn't and why, and demand against places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from applications.eligibility import Answer, Verdict, assess
from applications.models import Application, State
from matching import engine, gathering, parts
from matching.pool import CIRCLE, Pool
from partnerships.services import room_declared
from programmes.facts import FACTS
from programmes.models import Cohort, Pathway, Role, Weight

_BY_OPTION = {Weight.Part.SECTORS: "By sector", Weight.Part.SUPPORT_AREAS: "By area of support"}


@dataclass(frozen=True)
class Person:
    """Somebody to look after, by the number of their application, with what is to be known of them."""

    application: int
    name: str
    role: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """People with one and the same reason; `key` is one of REASONS."""

    key: str
    people: tuple[Person, ...]

    @property
    def title(self) -> str:
        return REASONS[self.key][0]

    @property
    def why(self) -> str:
        """What it means, and what mends it."""
        return REASONS[self.key][1]


REASONS = {
    "submitted": ("Waiting for a decision", "They are in the pool once they are accepted."),
    "queried": ("More information asked", "They have been asked, and haven’t answered yet."),
    "waitlisted": ("On the waiting list", "Accept whom there may be a place for."),
    "policy": (
        "Accepted, but without the policy",
        "They haven’t accepted the policy or the guidance in force yet.",
    ),
    "hold": ("On hold", "They have a mentor elsewhere, and come in by themselves on the day."),
    "rules": ("The programme’s rules say no", "Accepted, but an answer is outside the programme now."),
    "pathway": ("Chose a pathway that isn’t offered", "The programme doesn’t have it at present."),
    "no_place": ("Mentors who offer no place at present", "They come in as soon as they offer one."),
    "closed": ("The account is closed", "Nobody can be introduced who can’t sign in."),
}


@dataclass(frozen=True)
class Room:
    """A pathway: mentees who would take it, those who would take nothing else, mentors with room, and places."""

    kind: str
    label: str
    wanted: int
    only: int
    mentors: int
    places: int


@dataclass(frozen=True)
class Demand:
    """Who wants and who offers one option; `places` are those of the mentors who offer it."""

    option: str
    wanted: int
    offering: int
    places: int
    most: int

    @property
    def short(self) -> int:
        """How many more want it than could have it."""
        return max(0, self.wanted - self.places)

    @property
    def wanted_share(self) -> int:
        """Per cent of the largest figure of the table, for a bar."""
        return round(100 * self.wanted / self.most)

    @property
    def places_share(self) -> int:
        return round(100 * self.places / self.most)


@dataclass(frozen=True)
class Blanks:
    """What is missing in the pool, though everybody in it is matched all the same.

    `people` left out what counts, with what; `unseen` are, by fact, those whom a rule can't keep apart since they
    didn't give it; `unasked` are sentences on what counts and isn't asked.
    """

    people: tuple[Person, ...]
    unseen: tuple[tuple[str, tuple[Person, ...]], ...]
    unasked: tuple[str, ...]


@dataclass(frozen=True)
class Readiness:
    """Everything that the page shows; `introduced` mentees and `full` mentors have nothing left to be matched for."""

    accepted: int
    mentees: int
    mentors: int
    rooms: tuple[Room, ...]
    left_over: int
    groups: tuple[Group, ...]
    drafts: int
    introduced: int
    full: int
    blanks: Blanks
    demand: tuple[tuple[str, tuple[Demand, ...]], ...]

    @property
    def can_run(self) -> bool:
        return self.mentees > 0 and any(room.places for room in self.rooms)


def readiness(cohort: Cohort, *, on: date) -> Readiness:
    """How ready a cohort is on that day, in a number of queries that doesn't grow with its people.

    Raises NotPossible where the programme has no pathway.
    """
    accepted = gathering.accepted_in(cohort)
    pool = gathering.gather(cohort, on=on, accepted=accepted)
    people = {person.pk: person for person in accepted}
    settled = _settled(people, pool, cohort)
    absent = people.keys() - {*pool.mentees, *pool.mentors, *settled}
    rooms = _rooms(cohort, pool)
    return Readiness(
        accepted=len(people),
        mentees=len(pool.mentees),
        mentors=len(pool.mentors),
        rooms=rooms,
        left_over=_left_over(rooms, len(pool.mentees)),
        groups=(*_undecided(cohort), *_absent([people[pk] for pk in sorted(absent)], on=on)),
        drafts=Application.objects.filter(cohort=cohort, state=State.DRAFT).count(),
        introduced=sum(not people[pk].is_mentor for pk in settled),
        full=sum(people[pk].is_mentor for pk in settled),
        blanks=_blanks(pool, people, parts.asked_by(cohort.programme)),
        demand=tuple(_demand(pool)),
    )


# Who isn't in the pool


def _undecided(cohort: Cohort) -> list[Group]:
    """Applications that a decision or an answer would bring in. Drafts are nobody's business until they're sent."""
    states = [State.SUBMITTED, State.QUERIED, State.WAITLISTED]
    rows = Application.objects.filter(cohort=cohort, state__in=states).select_related("user")
    found: dict[str, list[Person]] = {state: [] for state in states}
    for row in rows.order_by("submitted_at", "pk"):
        since = row.submitted_at or row.started_at
        found[row.state].append(_person(row, f"since {since:%-d %B %Y}"))
    return [Group(str(state), tuple(people)) for state, people in found.items() if people]


def _settled(people: Mapping[int, Application], pool: Pool, cohort: Cohort) -> set[int]:
    """Who isn't in the pool since nothing is left to match: introduced mentees, mentors without a free place."""
    taken, ceilings = gathering.places_taken(cohort), gathering.ceilings_in(cohort)
    outside = people.keys() - {*pool.mentees, *pool.mentors}
    return {
        pk
        for pk in outside & (taken.keys() | ceilings.keys())
        if not people[pk].is_mentor
        or (
            (pk in taken or any(room_declared(people[pk], kind) for kind in pool.criteria))
            and not any(
                gathering.free_places(people[pk], pool.criteria, taken.get(pk, {}), ceilings).values()
            )
        )
    }


def _absent(people: list[Application], *, on: date) -> list[Group]:
    """Accepted people who are missing in the pool, by reason."""
    why = gathering.why_waiting(people, on=on)
    verdicts = assess([person for person in people if person.pk in why])
    found: dict[str, list[Person]] = {}
    for person in people:
        verdict = verdicts.get(person.pk)
        key = _reason(person, verdict, on=on)
        found.setdefault(key, []).append(_person(person, _note(key, person, verdict)))
    return [Group(key, tuple(found[key])) for key in REASONS if key in found]


def _reason(person: Application, verdict: Verdict | None, *, on: date) -> str:
    """The key of REASONS; the first that applies, in the order of `gathering.why_waiting`.

    `verdict` is there for those whom it lets wait.
    """
    if not person.user.is_active:
        return "closed"
    if person.hold_until and person.hold_until > on:
        return "hold"
    if verdict:
        return "rules" if verdict.answer is Answer.NO else "policy"
    return "no_place" if person.is_mentor else "pathway"


def _note(key: str, person: Application, verdict: Verdict | None) -> str:
    if key == "hold" and person.hold_until:
        return f"until {person.hold_until:%-d %B %Y}"
    if key == "rules" and verdict:
        return " ".join(verdict.reasons)
    return f"chose {person.get_pathway_display()}" if key == "pathway" else ""


# Who is in it


def _blanks(pool: Pool, people: Mapping[int, Application], asked: parts.Asked) -> Blanks:
    return Blanks(
        people=_blank(pool, people, asked),
        unseen=tuple(_unseen(pool, people, asked)),
        unasked=tuple(_unasked(pool, asked)),
    )


def _blank(pool: Pool, people: Mapping[int, Application], asked: parts.Asked) -> tuple[Person, ...]:
    """People in the pool who left blank what counts in a pathway that they could be matched in."""
    found = []
    for pk in (*pool.mentees, *pool.mentors):
        weighty = {part for kind in _kinds(pool, pk) for part, s in pool.criteria[kind].weights.items() if s}
        role = people[pk].role
        missing = [
            FACTS[source.fact_of(role)].label
            for part, source in parts.OF_PART.items()
            if part in weighty and (role, source.fact_of(role)) in asked and _is_blank(pool.rows[pk], source)
        ]
        if missing:
            found.append(_person(people[pk], ", ".join(missing)))
    return tuple(found)


def _kinds(pool: Pool, pk: int) -> Iterable[str]:
    """Pathways that somebody in the pool could be matched in."""
    if pk in pool.wishes:
        return pool.wishes[pk]
    return pool.criteria.keys()


def _unseen(
    pool: Pool, people: Mapping[int, Application], asked: parts.Asked
) -> Iterable[tuple[str, tuple[Person, ...]]]:
    """For each rule that is on, who didn't give the answer that it needs; said once for rules that need the same."""
    needed = {
        source.column: source
        for rule, source in parts.OF_RULE.items()
        if any(getattr(criteria, rule) for criteria in pool.criteria.values())
    }
    for source in needed.values():
        missing = [
            _person(people[pk])
            for pk in (*pool.mentees, *pool.mentors)
            if (people[pk].role, source.fact_of(people[pk].role)) in asked
            and _is_blank(pool.rows[pk], source)
        ]
        if missing:
            yield FACTS[source.mentee].label, tuple(missing)


def _unasked(pool: Pool, asked: parts.Asked) -> Iterable[str]:
    """What counts and isn't asked of one side: it makes no difference."""
    weighty = {part for criteria in pool.criteria.values() for part, s in criteria.weights.items() if s}
    for part, source in parts.OF_PART.items():
        sides = [("mentees", pool.mentees, Role.MENTEE), ("mentors", pool.mentors, Role.MENTOR)]
        silent = [
            name
            for name, side, role in sides
            if side
            and (role, source.fact_of(role)) not in asked
            and all(_is_blank(pool.rows[pk], source) for pk in side)
        ]
        if part in weighty and silent:
            yield f"“{part.label}” counts, but isn’t asked of {' or '.join(silent)}: it makes no difference."


def _is_blank(row: engine.Person, source: parts.Source) -> bool:
    return getattr(row, source.column) in (None, "", ())


def _person(application: Application, note: str = "") -> Person:
    return Person(application.pk, str(application.user), application.get_role_display(), note)


# Demand and places


def _rooms(cohort: Cohort, pool: Pool) -> tuple[Room, ...]:
    """Every pathway of the pool, in the programme's order."""
    return tuple(_room(pool, row) for row in cohort.programme.pathways.all() if row.kind in pool.criteria)


def _room(pool: Pool, pathway: Pathway) -> Room:
    kind = pathway.kind
    wanted = [wish for wish in pool.wishes.values() if kind in wish]
    seats = _seats(pool, {kind})
    return Room(
        kind=kind,
        label=pathway.label,
        wanted=len(wanted),
        only=sum(len(wish) == 1 for wish in wanted),
        mentors=sum(count > 0 for count in seats.values()),
        places=sum(seats.values()),
    )


def _left_over(rooms: Iterable[Room], mentees: int) -> int:
    """How many mentees there is no place for, even if every place that anybody offers were taken."""
    listed = list(rooms)
    too_many = sum(max(0, room.only - room.places) for room in listed)
    spare = sum(max(0, room.places - room.only) for room in listed)
    either = mentees - sum(room.only for room in listed)
    return too_many + max(0, either - spare)


def _seats(pool: Pool, kinds: Iterable[str]) -> Counter[int]:
    """Mentees whom each mentor could take in these pathways: in circles as many as one may hold."""
    seats: Counter[int] = Counter()
    largest = pool.sizes[1]
    for kind in kinds:
        for pk, room in pool.rooms.items():
            seats[pk] += room.get(kind, 0) * (largest if kind == CIRCLE else 1)
        if kind == CIRCLE:
            for circle in pool.running:
                seats[circle.facilitators[0]] += largest - circle.members
    return seats


def _demand(pool: Pool) -> Iterable[tuple[str, tuple[Demand, ...]]]:
    """Tables of options, the greatest shortage first, for what counts in some pathway."""
    for part, title in _BY_OPTION.items():
        kinds = {kind for kind, criteria in pool.criteria.items() if criteria.weights.get(part)}
        seats = _seats(pool, kinds)
        wanted, offering, places = Counter[str](), Counter[str](), Counter[str]()
        for pk in pool.mentees:
            if pool.wishes[pk] & kinds:
                wanted.update(_options(pool, pk, part))
        for pk in pool.mentors:
            for option in _options(pool, pk, part) if seats[pk] else ():
                offering[option] += 1
                places[option] += seats[pk]
        options = sorted({*wanted, *offering}, key=lambda name: (places[name] - wanted[name], name))
        most = max([*wanted.values(), *places.values()], default=1)
        rows = (Demand(name, wanted[name], offering[name], places[name], most) for name in options)
        if options:
            yield title, tuple(rows)


def _options(pool: Pool, pk: int, part: Weight.Part) -> Iterable[str]:
    return getattr(pool.rows[pk], parts.OF_PART[part].column)
