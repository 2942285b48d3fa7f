"""Where the people of a case stand in its programme, in words: for its handlers, who may have to part some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from applications.models import Application
from concerns import contents, queries
from concerns.models import Case
from partnerships.models import Membership, Partnership
from programmes.models import Programme


@dataclass(frozen=True)
class Place:
    """A part that somebody takes in a cohort, and each partnership that they are or were in there."""

    role: str
    cohort: str
    state: str
    partnerships: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A partnership that runs or rests, by who is in it."""

    number: int
    words: str
    is_paused: bool


def places_of(user: User | None, programme: Programme) -> tuple[Place, ...]:
    """Where somebody takes part; of who gave no name nothing is known."""
    if user is None:
        return ()
    rows = Application.objects.filter(user=user, cohort__programme=programme, submitted_at__isnull=False)
    own = Membership.objects.filter(application__in=rows).select_related("partnership")
    theirs = list(own.order_by("joined_on", "pk"))
    named = _people_in(row.partnership_id for row in theirs)
    return tuple(
        Place(
            role=row.get_role_display(),
            cohort=row.cohort.name,
            state=row.get_state_display(),
            partnerships=tuple(_line(each, named) for each in theirs if each.application_id == row.pk),
        )
        for row in rows.select_related("cohort").order_by("-cohort__starts_on", "pk")
    )


def pairs_of(case: Case, *, also: Iterable[Partnership] = ()) -> list[Pair]:
    """Partnerships of the reporter, of people from whom a case is kept, those that it let rest, and further ones.

    Each once, and none that has ended.
    """
    near = queries.partnerships_of(contents.people_of(case), case.programme)
    rested = queries.partnerships_numbered(contents.partnerships_in(case), case.programme)
    found = {each.pk: each for each in [*also, *near, *rested]}
    named = _people_in(found)
    return [Pair(pk, f"{named[pk]}, {each.cohort.name}", each.is_paused) for pk, each in found.items()]


def _line(own: Membership, named: dict[int, str]) -> str:
    state = f"left on {own.left_on:%-d %B %Y}" if own.left_on else own.partnership.get_state_display().lower()
    return f"{named[own.partnership_id]} – {state}"


def _people_in(numbers: Iterable[int]) -> dict[int, str]:
    """Who is in each partnership, or was at its end: “Ada (mentor) and Grace (mentee)”; circles with their name."""
    wanted = set(numbers)
    members = Membership.objects.filter(partnership__in=wanted).order_by("pk")
    leading: dict[int, list[str]] = {number: [] for number in wanted}
    following: dict[int, list[str]] = {number: [] for number in wanted}
    names = dict.fromkeys(wanted, "")
    for member in members.select_related("application__user", "partnership"):
        names[member.partnership_id] = member.partnership.name
        if member.left_on is None or member.stayed_to_the_end:
            people = following if member.part == Membership.Part.MENTEE else leading
            person = f"{member.application.user} ({member.get_part_display().lower()})"
            people[member.partnership_id].append(person)
    return {number: _in_words(names[number], leading[number] + following[number]) for number in wanted}


def _in_words(circle: str, people: list[str]) -> str:
    joined = " and ".join([", ".join(people[:-1]), people[-1]]) if len(people) > 1 else "".join(people)
    return f"{circle}: {joined}" if circle else joined
