"""One suggestion as the office reads it before it decides: the people side by side, and what their fit is made of.

What people wrote stands here only as far as matching may use it, with their work and what they say of themselves;
never a declaration (EI-7, BM-2). The number of queries is the same for a pair and for a large circle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from applications.models import Application
from matching import engine, reasons
from matching.engine import Part, PartOfFit
from matching.models import Decision, SuggestedMember, Suggestion
from matching.pool import Pool
from matching.queries import band, members_of
from partnerships.models import Membership
from partnerships.services import why_not_ready
from programmes.facts import FACTS
from programmes.models import Weight

ABOUT = ("job_role", "job_title", "bio")
"""What the office reads beside what matching weighs."""


@dataclass(frozen=True)
class Line:
    """One part of the fit: what the mentee asks, what the mentor offers, and what it gives; no points where the run
    doesn't weigh it.
    """

    label: str
    asks: tuple[str, ...]
    offers: tuple[str, ...]
    points: int
    out_of: int
    says: str


@dataclass(frozen=True)
class Person:
    """Somebody in a suggestion; `waits_for` says why they couldn't be introduced now."""

    application: Application
    part: str
    about: list[tuple[str, str]]
    waits_for: str = ""

    @property
    def name(self) -> str:
        return self.application.user.name


@dataclass(frozen=True)
class Mentee(Person):
    """Whom a suggestion places, with their fit; `reasons` are those that the run wrote down."""

    fit: int = 0
    band: str = ""
    reasons: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Closer:
    """A suggestion with its people. `leads` are the mentor or who leads the circle, the first of them counts;
    `decision` is what the office decided about them and still holds.
    """

    suggestion: Suggestion
    leads: list[Person]
    mentees: list[Mentee]
    band: str
    decision: Decision | None

    @property
    def lead(self) -> Person | None:
        return self.leads[0] if self.leads else None

    @property
    def waits_for(self) -> list[str]:
        """Why its people couldn't be introduced now."""
        return [person.waits_for for person in (*self.leads, *self.mentees) if person.waits_for]


def closer(suggestion: Suggestion, pool: Pool | None) -> Closer:
    """`pool` is what its run met (see `situation.pool_of`). Load the suggestion with `run` and `partnership`."""
    members = members_of([suggestion])[suggestion.pk]
    is_open = suggestion.state in {Suggestion.State.PROPOSED, Suggestion.State.REFUSED}
    leads = [_person(member, is_open) for member in members if member.part != Membership.Part.MENTEE]
    if not leads:
        leads = _facilitators(suggestion)
    lead = leads[0].application.pk if leads else None
    mentees = [
        _mentee(member, suggestion, pool, lead, is_open)
        for member in members
        if member.part == Membership.Part.MENTEE
    ]
    return Closer(suggestion, leads, mentees, band(suggestion.fit), _decision(suggestion, leads, mentees))


def _decision(suggestion: Suggestion, leads: list[Person], mentees: list[Mentee]) -> Decision | None:
    """The newest; the members of a circle are decided about together."""
    about = Decision.objects.filter(
        pathway=suggestion.pathway,
        mentor__in=[person.application.pk for person in leads[:1]],
        mentee__in=[person.application.pk for person in mentees],
    )
    return about.select_related("by").order_by("-at", "-pk").first()


def _facilitators(suggestion: Suggestion) -> list[Person]:
    """Who leads the circle that a suggestion joins."""
    inside = Membership.objects.current().filter(
        partnership=suggestion.partnership, part=Membership.Part.FACILITATOR
    )
    rows = inside.select_related("application__user").order_by("pk")
    return [Person(row.application, row.get_part_display(), _about(row.application)) for row in rows]


def _person(member: SuggestedMember, is_open: bool) -> Person:
    return Person(
        member.application,
        member.get_part_display(),
        _about(member.application),
        _waits_for(member.application) if is_open else "",
    )


def _mentee(
    member: SuggestedMember, suggestion: Suggestion, pool: Pool | None, lead: int | None, is_open: bool
) -> Mentee:
    person = _person(member, is_open)
    return Mentee(
        **vars(person),
        fit=member.fit,
        band=band(member.fit),
        reasons=tuple(member.reasons),
        lines=lines(pool, suggestion.pathway, member.application_id, lead) if pool and lead else (),
    )


def _waits_for(application: Application) -> str:
    return why_not_ready(application, by=None, at=timezone.now())


def _about(application: Application) -> list[tuple[str, str]]:
    facts = [(FACTS[key].label, getattr(application, key)) for key in ABOUT]
    return [(label, value) for label, value in facts if value]


def lines(pool: Pool, kind: str, mentee: int, mentor: int) -> tuple[Line, ...]:
    """The parts of a pair's fit, the weightiest first, then what the two wrote that this run doesn't weigh."""
    if not {mentee, mentor} <= pool.rows.keys() or kind not in pool.criteria:
        return ()
    two = replace(pool, mentees=(mentee,), mentors=(mentor,))
    weighed = {part.part: part for part in reasons.parts_of_pair(two, kind, mentee, mentor)}
    asks, offers = pool.rows[mentee], pool.rows[mentor]
    order = sorted(Part, key=lambda part: -weighed[part].out_of if part in weighed else 1)
    found = (_line(part, asks, offers, weighed) for part in order)
    return tuple(line for line in found if line.out_of or line.asks or line.offers)


def _line(part: Part, asks: engine.Person, offers: engine.Person, weighed: Mapping[Part, PartOfFit]) -> Line:
    label = Weight.Part(part.value).label
    written = _WRITTEN[part](asks), _WRITTEN[part](offers)
    if part not in weighed:
        return Line(label, *written, 0, 0, "Not weighed in this run.")
    found = weighed[part]
    return Line(label, *written, found.points, found.out_of, reasons.sentence_of(found))


_WRITTEN: dict[Part, Callable[[engine.Person], tuple[str, ...]]] = {
    Part.SECTORS: lambda person: person.sectors,
    Part.SUPPORT_AREAS: lambda person: person.support_areas,
    Part.COURSE: lambda person: person.courses,
    Part.PLACE: lambda person: person.places,
    Part.LEVEL: lambda person: () if person.band is None else (f"Band {person.band}",),
    Part.DIVISION: lambda person: (person.division,) if person.division else (),
}
