"""Makes a pool of a cohort's applications: who is free, for what, and whom a rule or the office keeps apart.

The only place where people become the engine's rows. The number of queries doesn't grow with the people.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

from accounts.queries import with_addresses
from applications.card import contact_address
from applications.eligibility import Answer, assess
from applications.models import MOST_PLACES, Application
from matching import criteria, engine
from matching.criteria import Criteria
from matching.models import Decision, MatchRun, SuggestedMember, Suggestion
from matching.pool import CIRCLE, ONE_TO_ONE, Pair, Pool, Running
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership
from partnerships.services import room_declared
from programmes.models import Cohort, Pathway, Role

Value = TypeVar("Value")
Taken = Mapping[int, Mapping[str, int]]


def gather(
    cohort: Cohort,
    *,
    on: date,
    pathway: str = "",
    using: Mapping[str, Criteria] | None = None,
    only_for: int | None = None,
    accepted: list[Application] | None = None,
) -> Pool:
    """Everybody in a cohort who is accepted, eligible and under its policy, has room or no partner yet, and isn't
    on hold that day (EI-1, BM-9).

    `pathway` restricts the pool to one, `only_for` to one person's application and whoever could be matched with it.
    `using` are other rules and weights than those in force, `accepted` what `accepted_in` gave. Raises NotPossible
    for a pathway that there isn't.
    """
    chosen = {k: c for k, c in (using or criteria.in_force(cohort.programme)).items() if pathway in {"", k}}
    offered = {p.kind: p for p in cohort.programme.pathways.all() if p.kind in chosen}
    if not offered:
        raise NotPossible("This programme doesn't have that pathway.")
    accepted = accepted_in(cohort) if accepted is None else accepted
    decisions = _decisions(cohort)
    locked = {kind: [_people(d) for d in decisions if _is_lock(d, kind)] for kind in (ONE_TO_ONE, CIRCLE)}
    elsewhere = {mentee for kind, pairs in locked.items() if kind not in offered for mentee, _ in pairs}
    waiting = why_waiting(accepted, on=on) | dict.fromkeys(elsewhere, "Locked in the other pathway.")
    ready = {a.pk: a for a in accepted if a.pk not in waiting}
    taken = places_taken(cohort, draft_for=only_for)
    running = _running(cohort, offered, ready)
    ceilings = ceilings_in(cohort)
    rooms = _only(_rooms(ready.values(), offered, taken, running, ceilings), only_for, Role.MENTOR, ready)
    wishes = _only(_wishes(ready.values(), offered, taken), only_for, Role.MENTEE, ready)
    return Pool(
        mentees=tuple(wishes),
        mentors=tuple(rooms),
        rows=_rows(ready[pk] for pk in (*wishes, *rooms)),
        rooms=rooms,
        wishes=wishes,
        criteria={kind: chosen[kind] for kind in sorted(offered)},
        sizes=(offered[CIRCLE].smallest, offered[CIRCLE].largest) if CIRCLE in offered else (1, 1),
        refused=_refused(decisions, ready, wishes, rooms),
        former=_former(cohort, ready, wishes, rooms),
        locked={kind: pairs for kind, pairs in locked.items() if kind in offered},
        running=tuple(circle for circle in running if set(circle.facilitators) <= rooms.keys()),
        waiting={pk: why for pk, why in waiting.items() if only_for in {None, pk} and pk not in taken},
    )


def ruled_out(cohort: Cohort, *, pathway: str, on: date) -> dict[Pair, engine.HardRule]:
    """(mentee, mentor) applications that a rule keeps apart on that day, for a release that comes after its run.

    Whoever holds a place meanwhile isn't looked at: places are counted where they're given.
    """
    pathways = criteria.in_force(cohort.programme, pathway)
    if not pathways:
        return {}
    people = {a.pk: a for a in accepted_in(cohort)}
    mentees = {pk: frozenset(pathways) for pk, a in people.items() if not a.is_mentor}
    mentors: dict[int, dict[str, int]] = {pk: {} for pk, a in people.items() if a.is_mentor}
    everybody = Pool(
        mentees=tuple(mentees),
        mentors=tuple(mentors),
        rows=_rows(people.values()),
        rooms=mentors,
        wishes=mentees,
        criteria=pathways,
        refused=_refused(_decisions(cohort), people, mentees, mentors),
        former=_former(cohort, people, mentees, mentors),
    )
    found = everybody.rules[pathway]
    return {(everybody.mentees[i], everybody.mentors[j]): rule for (i, j), rule in found.items()}


def accepted_in(cohort: Cohort) -> list[Application]:
    """Accepted applications with all that matching, eligibility and readiness ask of them, by number."""
    people = Application.objects.filter(cohort=cohort, state="accepted").select_related("user")
    rows = people.with_acceptance().prefetch_related(with_addresses("user"))
    accepted = list(rows.order_by("pk"))
    for application in accepted:
        application.cohort = cohort
    _share_options(accepted, cohort)
    return accepted


def _share_options(accepted: list[Application], cohort: Cohort) -> None:
    """Prefetch what people chose, with each option once in memory: Django would make an object for every choice."""
    chosen: dict[str, dict[int, list[int]]] = {}
    for name in ("sectors", "support_areas"):
        chosen[name] = defaultdict(list)
        through = getattr(Application, name).through
        rows = through.objects.filter(application__cohort=cohort, application__state="accepted").order_by(
            "pk"
        )
        for application, option in rows.values_list("application", "option"):
            chosen[name][application].append(option)
    options = {option.pk: option for option in cohort.programme.options.all()}  # read last: none is missing
    for person in accepted:
        # What `prefetch_related` fills and `.all()` reads.
        person.__dict__.setdefault("_prefetched_objects_cache", {}).update(
            {name: [options[pk] for pk in of[person.pk]] for name, of in chosen.items()}
        )


def why_waiting(accepted: list[Application], *, on: date) -> dict[int, str]:
    """Accepted people who can't be matched on that day, each with a sentence; load them by `accepted_in`."""
    verdicts = assess(accepted)
    waiting = {}
    for person in accepted:
        if not person.user.is_active:
            waiting[person.pk] = "The account is closed."
        elif person.hold_until and person.hold_until > on:
            waiting[person.pk] = f"The application is held until {person.hold_until:%-d %B %Y}."
        elif verdicts[person.pk].answer is Answer.NO:
            waiting[person.pk] = "The programme's rules say no; see the application."
        elif not person.has_accepted:  # type: ignore[attr-defined]
            waiting[person.pk] = "Hasn't accepted this cohort's policy and guidance yet."
    return waiting


def places_taken(cohort: Cohort, *, draft_for: int | None = None) -> Taken:
    """Places per person and pathway that are taken now, or held by what is offered or about to be introduced.

    With `draft_for`, somebody for whom alone a match is looked for, what the last run suggests to the others is
    held as well: a match for one breaks up nobody else's.
    """
    taken: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    inside = Membership.objects.current().filter(partnership__cohort=cohort)
    for application, kind in inside.values_list("application", "partnership__pathway"):
        taken[application][kind] += 1
    holding = Suggestion.objects.holding_places().filter(run__cohort=cohort)
    if draft_for:
        last = MatchRun.objects.done().whole().filter(cohort=cohort).order_by("-pk").values("pk")[:1]
        own = SuggestedMember.objects.filter(application=draft_for).values("suggestion")
        holding |= Suggestion.objects.filter(run__in=last).open().exclude(pk__in=own)
    held = SuggestedMember.objects.filter(suggestion__in=holding.values("pk"))
    for application, kind in held.values_list("application", "suggestion__pathway"):
        taken[application][kind] += 1
    return taken


def _only(
    people: dict[int, Value], only_for: int | None, role: str, ready: Mapping[int, Application]
) -> dict[int, Value]:
    """All of them; or, if the run is for somebody of this role, them alone."""
    asked = ready.get(only_for) if only_for else None
    if only_for and asked is None:
        return {}
    return {only_for: people[only_for]} if asked and asked.role == role and only_for in people else people


def _rooms(
    ready: Iterable[Application],
    offered: Iterable[str],
    taken: Taken,
    running: tuple[Running, ...],
    ceilings: Mapping[int, int],
) -> dict[int, dict[str, int]]:
    """Free places of every mentor who has one or leads a circle with seats left, by application and pathway."""
    facilitating = {pk for circle in running for pk in circle.facilitators}
    rooms = {a.pk: free_places(a, offered, taken.get(a.pk, {}), ceilings) for a in ready if a.is_mentor}
    return {pk: room for pk, room in rooms.items() if any(room.values()) or pk in facilitating}


def free_places(
    mentor: Application, pathways: Iterable[str], taken: Mapping[str, int], ceilings: Mapping[int, int]
) -> dict[str, int]:
    """A mentor's free places by pathway: declared, less those taken in this cohort, under their own ceiling (BM-8)."""
    left = ceilings.get(mentor.pk, MOST_PLACES) - sum(taken.values())
    free: dict[str, int] = {}
    for kind in pathways:
        free[kind] = max(0, min(room_declared(mentor, kind) - taken.get(kind, 0), left))
        left -= free[kind]
    return free


def ceilings_in(cohort: Cohort) -> dict[int, int]:
    """How many pairs and circles a mentor takes on in this cohort, where they set a ceiling over all programmes (BM-8).

    By application. What they hold elsewhere is counted and never named: no page says why a place isn't free.
    """
    mentors = Application.objects.filter(
        cohort=cohort, role=Role.MENTOR, user__most_partnerships__isnull=False
    )
    rows = list(mentors.values_list("pk", "user", "user__most_partnerships"))
    elsewhere = Counter(
        Membership.objects.current()
        .filter(seat__user__in=[user for _, user, _ in rows])
        .exclude(partnership__cohort=cohort)
        .values_list("seat__user", flat=True)
    )
    return {pk: max(0, most - elsewhere[user]) for pk, user, most in rows if most is not None}


def _wishes(ready: Iterable[Application], offered: Iterable[str], taken: Taken) -> dict[int, frozenset[str]]:
    """Pathways that each mentee without a partnership would take."""
    free = [a for a in ready if not a.is_mentor and a.pk not in taken]
    wishes = {a.pk: frozenset(kind for kind in offered if a.wants(kind)) for a in free}
    return {pk: wish for pk, wish in wishes.items() if wish}


def _rows(people: Iterable[Application]) -> dict[int, engine.Person]:
    """What the engine may know of people, and nothing else: addresses become numbers that say who manages whom."""
    listed = list(people)
    numbers: dict[str, str] = {}

    def number(address: str) -> str:
        return numbers.setdefault(address.strip().lower(), f"person {len(numbers) + 1}")

    keys = {a.pk: number(contact_address(a) or a.user.email) for a in listed}
    return {
        a.pk: _row(a, keys[a.pk], (number(a.line_manager_email),) if a.line_manager_email else ())
        for a in listed
    }


def _row(application: Application, key: str, managers: tuple[str, ...]) -> engine.Person:
    places = [application.country if application.is_mentor else application.work_place]
    courses = (
        re.split(r"[;\n]", application.courses) if application.is_mentor else [application.study_programme]
    )
    return engine.Person(
        key=key,
        sectors=tuple(sorted(option.name for option in application.sectors.all())),
        support_areas=tuple(sorted(option.name for option in application.support_areas.all())),
        courses=tuple(course.strip() for course in courses if course.strip()),
        places=tuple(place for place in places if place),
        band=application.band,
        division=application.division,
        managers=managers,
    )


def _running(cohort: Cohort, offered: Mapping[str, Pathway], ready: Collection[int]) -> tuple[Running, ...]:
    """Circles that meet already, have seats left, and whose facilitators are all there."""
    if CIRCLE not in offered:
        return ()
    inside = Membership.objects.current().filter(
        partnership__cohort=cohort, partnership__state="active", partnership__pathway=CIRCLE
    )
    circles: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for partnership, application, part in inside.order_by("pk").values_list(
        "partnership", "application", "part"
    ):
        circles[partnership].append((application, part))
    joining = _joining(cohort)
    found = []
    for partnership, members in circles.items():
        leads = tuple(pk for pk, part in members if part == Membership.Part.FACILITATOR)
        count = len(members) - len(leads) + joining[partnership]
        if leads and count < offered[CIRCLE].largest and set(leads) <= set(ready):
            found.append(Running(partnership, leads, count))
    return tuple(found)


def _joining(cohort: Cohort) -> dict[int, int]:
    """Seats of running circles that are held for people who are about to join them."""
    joining: dict[int, int] = defaultdict(int)
    on_their_way = Suggestion.objects.holding_places().filter(run__cohort=cohort).exclude(partnership=None)
    for partnership in on_their_way.filter(members__part=Membership.Part.MENTEE).values_list(
        "partnership", flat=True
    ):
        joining[partnership] += 1
    return joining


def _decisions(cohort: Cohort) -> list[Decision]:
    """Decisions of this cohort, and what was decided for ever in another cohort of the programme."""
    ours = Decision.objects.filter(cohort=cohort)
    for_ever = Decision.objects.filter(cohort__programme=cohort.programme_id, kind=Decision.Kind.NEVER)
    return list((ours | for_ever).select_related("mentee", "mentor").order_by("pk"))


def _people(decision: Decision) -> Pair:
    return decision.mentee_id, decision.mentor_id


def _is_lock(decision: Decision, kind: str) -> bool:
    return decision.kind == Decision.Kind.TOGETHER and decision.pathway == kind


def _refused(
    decisions: list[Decision],
    people: Mapping[int, Application],
    mentees: Iterable[int],
    mentors: Iterable[int],
) -> dict[str, list[Pair]]:
    """Refused pairs per pathway; what was refused for ever holds in both, and whichever part the two have."""
    refused: dict[str, list[Pair]] = {ONE_TO_ONE: [], CIRCLE: []}
    never: set[Pair] = set()
    for decision in decisions:
        if decision.kind == Decision.Kind.APART:
            refused[decision.pathway].append(_people(decision))
        elif decision.kind == Decision.Kind.NEVER:
            one, other = decision.mentee.user_id, decision.mentor.user_id
            never |= {(one, other), (other, one)}
    pairs = _applications_of(never, people, mentees, mentors)
    return {kind: [*found, *pairs] for kind, found in refused.items()}


def _former(
    cohort: Cohort, people: Mapping[int, Application], mentees: Iterable[int], mentors: Iterable[int]
) -> list[Pair]:
    """Pairs who were together before in this programme, whatever the cohort, and who left whose circle."""
    before = Membership.objects.filter(
        partnership__cohort__programme=cohort.programme_id,
        partnership__state="ended",
        partnership__pathway=ONE_TO_ONE,
    )
    together: dict[int, dict[str, int]] = defaultdict(dict)
    for partnership, part, user in before.values_list("partnership", "part", "application__user"):
        together[partnership][part] = user
    users = {(both.get(Role.MENTEE, 0), both.get(Role.MENTOR, 0)) for both in together.values()}
    users |= _left_circles(cohort)
    return _applications_of(users, people, mentees, mentors)


def _left_circles(cohort: Cohort) -> set[tuple[int, int]]:
    """Users who left a circle before its end, each with everybody who leads or led it."""
    left = Membership.objects.filter(
        partnership__cohort__programme=cohort.programme_id,
        part=Membership.Part.MENTEE,
        partnership__pathway=CIRCLE,
        left_on__isnull=False,
        stayed_to_the_end=False,
    )
    leads = Membership.objects.filter(partnership__in=left.values("partnership")).exclude(
        part=Membership.Part.MENTEE
    )
    of_circle: dict[int, list[int]] = defaultdict(list)
    for partnership, user in leads.values_list("partnership", "application__user"):
        of_circle[partnership].append(user)
    rows = left.values_list("partnership", "application__user")
    return {(mentee, lead) for partnership, mentee in rows for lead in of_circle[partnership]}


def _applications_of(
    pairs: Iterable[Pair],
    people: Mapping[int, Application],
    mentees: Iterable[int],
    mentors: Iterable[int],
) -> list[Pair]:
    """Pairs of (mentee's, mentor's) users as pairs of their applications in the pool, in order."""
    mentee_of = {people[pk].user_id: pk for pk in mentees}
    mentor_of = {people[pk].user_id: pk for pk in mentors}
    return sorted((mentee_of[i], mentor_of[j]) for i, j in pairs if i in mentee_of and j in mentor_of)
