"""Who takes part in a run, as rows that hold nothing but what matching may know, and the way to and from the engine.

The only place where people become the engine's rows (EI-7, BM-2): the columns are those of `engine.Person`; names,
declarations and equality answers aren't among them, and addresses only as digests that say who manages whom.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from applications.card import contact_address
from applications.eligibility import Answer, assess
from applications.models import Application
from matching import engine
from matching.models import Suggestion
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership
from partnerships.services import room_declared
from programmes import countries
from programmes.models import Cohort, Pathway, Role

ONE_TO_ONE, CIRCLE = Pathway.Kind.ONE_TO_ONE, Pathway.Kind.CIRCLE
_Locks = dict[str, list[tuple[int, int]]]
_Taken = dict[int, dict[str, int]]
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

    `rooms` are a mentor's free places per pathway; `wishes` the pathways that a mentee would take. `forbidden`,
    `locked` and `locked_members` are (mentee, mentor) by position, as the engine takes them.
    """

    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    rows: Mapping[int, engine.Person]
    rooms: Mapping[int, Mapping[str, int]]
    wishes: Mapping[int, frozenset[str]]
    weights: Mapping[str, int]
    features: engine.Features
    forbidden: engine.Forbidden
    locked: tuple[tuple[int, int], ...]
    locked_members: tuple[tuple[int, int], ...]
    sizes: tuple[int, int]
    running: tuple[Running, ...]
    pathway: str
    waiting: Mapping[int, str]

    def place_of(self, application: int) -> int:
        """The position of an application among the mentees or the mentors."""
        people = self.mentees if application in self.wishes else self.mentors
        return people.index(application)

    def fit(self, mentee: int, mentor: int) -> int:
        """The fit of a pair by application, 0 to 10,000."""
        return int(self.features.wants[self.place_of(mentee)] @ self.features.offers[self.place_of(mentor)])


def gather(cohort: Cohort, *, pathway: str, on: date) -> Pool:
    """Everybody in a cohort who is accepted and eligible, has a place or none yet, and isn't on hold on that day.

    `pathway` restricts the run to one; empty means both. The number of queries doesn't grow with the people.
    """
    offered = {p.kind: p for p in cohort.programme.pathways.all() if pathway in {"", p.kind}}
    if not offered:
        raise NotPossible("This programme doesn't have that pathway.")
    people = Application.objects.filter(cohort=cohort, state="accepted").select_related("cohort__programme")
    accepted = list(people.with_card_facts().order_by("pk"))
    locks = _locks(cohort)
    waiting = _waiting(accepted, locks, offered, on)
    ready = [a for a in accepted if a.pk not in waiting]
    taken, circles = _membership(cohort)
    running = _running(circles, offered, {a.pk for a in ready})
    rooms = _rooms(ready, offered, taken, running)
    wishes = _wishes(ready, offered, taken)
    rows = {a.pk: _row(a) for a in ready if a.pk in rooms or a.pk in wishes}
    weights = {w.part: w.strength for w in cohort.programme.weights.all()}
    positions = _Positions(cohort, {a.pk: a.user_id for a in ready}, tuple(wishes), tuple(rooms))
    mentees, mentors = [rows[pk] for pk in wishes], [rows[pk] for pk in rooms]
    forbidden = _forbidden(cohort, mentees, mentors, positions)
    return Pool(
        mentees=tuple(wishes),
        mentors=tuple(rooms),
        rows=rows,
        rooms=rooms,
        wishes=wishes,
        weights=weights,
        features=engine.build_features(mentees, mentors, weights, _WORLD),
        forbidden=forbidden,
        locked=_allowed(positions.of(locks[ONE_TO_ONE]), forbidden),
        locked_members=_allowed(positions.of(locks[CIRCLE]), forbidden),
        sizes=(offered[CIRCLE].smallest, offered[CIRCLE].largest) if CIRCLE in offered else (1, 1),
        running=running,
        pathway=pathway,
        waiting=waiting,
    )


def ruled_out(cohort: Cohort, *, on: date) -> dict[tuple[int, int], engine.HardRule]:
    """(mentee, mentor) applications that a rule keeps apart on that day, for a release that comes after its run."""
    if not cohort.programme.pathways.exists():
        return {}
    pool = gather(cohort, pathway="", on=on)
    return {(pool.mentees[i], pool.mentors[j]): rule for (i, j), rule in pool.forbidden.rule_of().items()}


def _waiting(
    accepted: list[Application], locks: _Locks, offered: Collection[str], on: date
) -> dict[int, str]:
    """Accepted people who can't take part in this run, each with a sentence."""
    verdicts = assess(accepted)
    elsewhere = {mentee for kind, pairs in locks.items() if kind not in offered for mentee, _ in pairs}
    waiting = {}
    for person in accepted:
        if person.hold_until and person.hold_until > on:
            waiting[person.pk] = f"The application is held until {person.hold_until:%-d %B %Y}."
        elif verdicts[person.pk].answer is Answer.NO:
            waiting[person.pk] = "The programme's rules say no; see the application."
        elif person.pk in elsewhere:
            waiting[person.pk] = "Locked in a run of the other pathway."
    return waiting


def _locks(cohort: Cohort) -> _Locks:
    """Locked (mentee, mentor) applications by pathway, from the latest run that covered it."""
    locks: _Locks = {}
    for kind in (ONE_TO_ONE, CIRCLE):
        latest = cohort.match_runs.filter(pathway__in=["", kind]).order_by("-pk").values("pk")[:1]
        locked = Suggestion.objects.filter(run__in=latest, pathway=kind, state=Suggestion.State.LOCKED)
        locks[kind] = [pair for suggestion in _with_people(locked) for pair in _pairs(suggestion)]
    return locks


def _rooms(
    ready: list[Application], offered: Iterable[str], taken: _Taken, running: tuple[Running, ...]
) -> dict[int, dict[str, int]]:
    """Free places of every mentor who has one or leads a circle with seats left, by application and pathway."""
    facilitating = {pk for circle in running for pk in circle.facilitators}
    rooms = {
        a.pk: {kind: max(0, room_declared(a, kind) - taken[a.pk][kind]) for kind in offered}
        for a in ready
        if a.is_mentor
    }
    return {pk: room for pk, room in rooms.items() if any(room.values()) or pk in facilitating}


def _wishes(ready: list[Application], offered: Iterable[str], taken: _Taken) -> dict[int, frozenset[str]]:
    """Pathways that each mentee without a partnership would take."""
    free = [a for a in ready if not a.is_mentor and not taken[a.pk]]
    wishes = {a.pk: frozenset(kind for kind in offered if a.wants(kind)) for a in free}
    return {pk: wish for pk, wish in wishes.items() if wish}


def _row(application: Application) -> engine.Person:
    """What the engine may know of a person, and nothing else."""
    places = [application.country if application.is_mentor else application.work_place]
    courses = (
        re.split(r"[;\n]", application.courses) if application.is_mentor else [application.study_programme]
    )
    return engine.Person(
        key=_digest(contact_address(application) or application.user.email),
        sectors=tuple(sorted(option.name for option in application.sectors.all())),
        support_areas=tuple(sorted(option.name for option in application.support_areas.all())),
        courses=tuple(course.strip() for course in courses if course.strip()),
        places=tuple(place for place in places if place),
        band=application.band,
        division=application.division,
        managers=(_digest(application.line_manager_email),) if application.line_manager_email else (),
    )


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]


def _membership(cohort: Cohort) -> tuple[_Taken, dict[int, list[Membership]]]:
    """Places that people hold now, and who is in each circle that meets."""
    taken: _Taken = defaultdict(lambda: defaultdict(int))
    circles: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.current().filter(partnership__cohort=cohort, partnership__state="active")
    for row in rows.select_related("partnership").order_by("pk"):
        taken[row.application_id][row.partnership.pathway] += 1
        if row.partnership.is_circle:
            circles[row.partnership_id].append(row)
    return taken, circles


def _running(
    circles: Mapping[int, list[Membership]], offered: Mapping[str, Pathway], ready: Collection[int]
) -> tuple[Running, ...]:
    """Circles that meet already, have seats left, and whose facilitators are all there."""
    if CIRCLE not in offered:
        return ()
    found = []
    for partnership, members in circles.items():
        leads = tuple(m.application_id for m in members if m.part == Membership.Part.FACILITATOR)
        count = len(members) - len(leads)
        if leads and count < offered[CIRCLE].largest and set(leads) <= set(ready):
            found.append(Running(partnership, leads, count))
    return tuple(found)


def _forbidden(
    cohort: Cohort, mentees: list[engine.Person], mentors: list[engine.Person], positions: _Positions
) -> engine.Forbidden:
    apart = cohort.programme.forbids_line_management
    return engine.forbidden_pairs(
        mentees,
        mentors,
        refused=positions.taken_out(),
        ended=positions.ended(),
        management_line=apart,
        same_manager=apart,
    )


def _allowed(locked: Iterable[tuple[int, int]], forbidden: engine.Forbidden) -> tuple[tuple[int, int], ...]:
    """Locks that no rule forbids meanwhile."""
    ruled_out = forbidden.rule_of()
    return tuple(pair for pair in locked if pair not in ruled_out)


class _Positions:
    """What was decided or lived before, as (mentee, mentor) positions in the pool."""

    def __init__(
        self, cohort: Cohort, users: Mapping[int, int], mentees: tuple[int, ...], mentors: tuple[int, ...]
    ) -> None:
        self._cohort = cohort
        self._mentee = {pk: i for i, pk in enumerate(mentees)}
        self._mentor = {pk: j for j, pk in enumerate(mentors)}
        self._mentee_of_user = {users[pk]: pk for pk in mentees}
        self._mentor_of_user = {users[pk]: pk for pk in mentors}

    def taken_out(self) -> list[tuple[int, int]]:
        """Pairs that the office took out of any run of the cohort."""
        out = Suggestion.objects.filter(run__cohort=self._cohort, state=Suggestion.State.TAKEN_OUT)
        return self.of(pair for suggestion in _with_people(out) for pair in _pairs(suggestion))

    def ended(self) -> list[tuple[int, int]]:
        """Pairs who were together before in this programme, whatever the cohort."""
        before = Membership.objects.filter(
            partnership__cohort__programme=self._cohort.programme_id,
            partnership__state="ended",
            partnership__pathway=ONE_TO_ONE,
        )
        together: dict[int, dict[str, int]] = defaultdict(dict)
        for partnership, part, user in before.order_by("pk").values_list(
            "partnership", "part", "application__user"
        ):
            together[partnership][part] = user
        pairs = [(both.get(Role.MENTEE, 0), both.get(Role.MENTOR, 0)) for both in together.values()]
        return self.of(
            (self._mentee_of_user[mentee], self._mentor_of_user[mentor])
            for mentee, mentor in pairs
            if mentee in self._mentee_of_user and mentor in self._mentor_of_user
        )

    def of(self, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        return [
            (self._mentee[i], self._mentor[j]) for i, j in pairs if i in self._mentee and j in self._mentor
        ]


def _with_people(suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    return suggestions.order_by("pk").prefetch_related("members", "partnership__memberships")


def _pairs(suggestion: Suggestion) -> list[tuple[int, int]]:
    """(mentee, first mentor) applications; for a circle that meets already, its facilitator."""
    members = list(suggestion.members.all())
    leads = [m.application_id for m in members if m.part != Membership.Part.MENTEE]
    if not leads and suggestion.partnership:
        inside = suggestion.partnership.memberships.all()
        leads = [
            m.application_id for m in inside if m.part == Membership.Part.FACILITATOR and m.left_on is None
        ]
    mentees = [m.application_id for m in members if m.part == Membership.Part.MENTEE]
    return [(mentee, leads[0]) for mentee in mentees if leads]
