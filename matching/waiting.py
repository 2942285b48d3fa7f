"""The waiting list of a cohort as the office reads it: who waits, in what order, why, and what they have been told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import User
from applications.models import Application, State
from matching.models import Exclusion, MatchRun, Offer, SuggestedMember, Suggestion
from matching.places import Places
from matching.services.letters import letter_key
from outbox.models import Message
from partnerships.models import Membership
from programmes.models import Cohort, Pathway, Role

NEVER_IN_A_RUN = "Hasn’t been in a run yet."
SUGGESTED = {
    Suggestion.State.PROPOSED: "Suggested, and not released yet.",
    Suggestion.State.REFUSED: "What was suggested was refused.",
    Suggestion.State.OFFERED: "A place is offered.",
    Suggestion.State.LEAVING: "About to be introduced.",
    Suggestion.State.RELEASED: "Was introduced, and has no partner any more.",
}


@dataclass(frozen=True)
class Waiting:
    """Somebody on the list: their place in it, why they wait, what they were told, and what could be offered.

    `reason` is what the latest whole run said of them; `letter` the waiting list's, if it was written.
    """

    application: Application
    place: int
    of: int
    reason: str
    run: MatchRun | None
    letter: Message | None
    offer: Offer | None = None
    suggestion: Suggestion | None = None
    is_own: bool = False


@dataclass(frozen=True)
class FreePlaces:
    """What could be given: mentors' places in pairs, facilitators without a circle, seats in circles that meet."""

    pairs: int
    facilitators: int
    seats: int


def waiting_people(cohort: Cohort, *, on: date) -> QuerySet[Application]:
    """Accepted mentees without a partner to whom nobody is about to be introduced; who waits longest comes first.

    Whoever is on hold doesn't wait that day (BM-9); whoever has an open offer still does.
    """
    introduced = Membership.objects.current().filter(part=Membership.Part.MENTEE, partnership__cohort=cohort)
    leaving = SuggestedMember.objects.filter(
        suggestion__state=Suggestion.State.LEAVING, suggestion__run__cohort=cohort
    )
    return (
        Application.objects.filter(
            cohort=cohort, role=Role.MENTEE, state=State.ACCEPTED, user__is_active=True
        )
        .exclude(hold_until__gt=on)
        .exclude(pk__in=introduced.values("application"))
        .exclude(pk__in=leaving.values("application"))
        .order_by("submitted_at", "pk")
    )


def waiting_list(cohort: Cohort, *, viewer: User, on: date) -> list[Waiting]:
    """Everybody who waits, in order, in a number of queries that doesn't grow with them.

    An administrator who takes part finds nothing here of what was suggested for them or with them.
    """
    people = list(_with_latest(waiting_people(cohort, on=on).select_related("user"), cohort))
    letters = letters_to(people)
    exclusions = _exclusions(people)
    suggestions = _suggestions(people, viewer=viewer)
    offers = Offer.objects.filter(state=Offer.State.OPEN, suggestion__in=suggestions, application__in=people)
    open_offers = {offer.application_id: offer for offer in offers.order_by("pk")}
    listed = []
    for place, person in enumerate(people, start=1):
        reason, run = _reason(person, exclusions, suggestions)
        is_own = person.user_id == viewer.pk
        listed.append(
            Waiting(
                application=person,
                place=place,
                of=len(people),
                reason="A colleague looks after this one." if is_own else reason,
                run=None if is_own else run,
                letter=letters.get(person.pk),
                offer=open_offers.get(person.pk),
                suggestion=suggestions.get(person.latest_proposed),  # type: ignore[attr-defined]
                is_own=is_own,
            )
        )
    return listed


def letters_to(applications: Iterable[Application]) -> dict[int, Message]:
    """The waiting list's letter to each of these people who has one, by application."""
    by_key = {letter_key(application): application.pk for application in applications}
    written = Message.objects.filter(key__in=by_key)
    return {by_key[message.key]: message for message in written.order_by("pk")}


def free_places(cohort: Cohort, *, on: date) -> FreePlaces:
    """What could be given to who waits, as it is now: nothing that is offered or about to be given counts."""
    places = Places(cohort)
    mentors = Application.objects.filter(cohort=cohort, role=Role.MENTOR, state=State.ACCEPTED)
    ready = list(mentors.exclude(hold_until__gt=on).filter(user__is_active=True).order_by("pk"))
    circle = cohort.programme.pathways.filter(kind=Pathway.Kind.CIRCLE).first()
    return FreePlaces(
        pairs=sum(places.free(mentor, Pathway.Kind.ONE_TO_ONE) for mentor in ready),
        facilitators=sum(places.free(mentor, Pathway.Kind.CIRCLE) for mentor in ready) if circle else 0,
        seats=sum(places.seats(pk, largest=circle.largest) for pk in places.leads) if circle else 0,
    )


def _with_latest(people: QuerySet[Application], cohort: Cohort) -> QuerySet[Application]:
    """Adds what the latest whole run made of each person, and what could be offered to them by now."""
    mine = SuggestedMember.objects.filter(application=OuterRef("pk")).order_by("-suggestion__run_id", "-pk")
    whole = MatchRun.objects.done().whole().filter(cohort=cohort)
    of_whole = mine.filter(suggestion__run__in=whole)
    exclusion = Exclusion.objects.filter(application=OuterRef("pk"), run__in=whole).order_by("-run_id")
    proposed = mine.filter(
        suggestion__run__in=MatchRun.objects.done().filter(cohort=cohort),
        suggestion__state=Suggestion.State.PROPOSED,
    )
    offered = mine.filter(suggestion__state=Suggestion.State.OFFERED)
    return people.annotate(
        latest_exclusion=Subquery(exclusion.values("pk")[:1]),
        latest_suggestion=Subquery(of_whole.values("suggestion")[:1]),
        latest_suggestion_run=Subquery(of_whole.values("suggestion__run")[:1]),
        latest_proposed=Subquery(proposed.values("suggestion")[:1]),
        latest_offered=Subquery(offered.values("suggestion")[:1]),
    )


def _exclusions(people: Iterable[Application]) -> dict[int, Exclusion]:
    latest = [person.latest_exclusion for person in people]  # type: ignore[attr-defined]
    return Exclusion.objects.select_related("run").in_bulk([pk for pk in latest if pk])


def _suggestions(people: Iterable[Application], *, viewer: User) -> dict[int | None, Suggestion]:
    """The suggestions that are named in the list, but for those that concern the viewer."""
    names = ("latest_suggestion", "latest_proposed", "latest_offered")
    pks: Collection[int] = {pk for person in people for name in names if (pk := getattr(person, name))}
    members = SuggestedMember.objects.select_related("application__user").order_by("pk")
    rows = Suggestion.objects.filter(pk__in=pks).apart_from(viewer).select_related("run", "partnership")
    found = rows.prefetch_related(Prefetch("members", queryset=members)).order_by("pk")
    return {suggestion.pk: suggestion for suggestion in found}


def _reason(
    person: Application, exclusions: dict[int, Exclusion], suggestions: dict[int | None, Suggestion]
) -> tuple[str, MatchRun | None]:
    """What the latest whole run that covered this person said, and which one it was."""
    exclusion = exclusions.get(person.latest_exclusion)  # type: ignore[attr-defined]
    run = person.latest_suggestion_run  # type: ignore[attr-defined]
    if exclusion and (run is None or run < exclusion.run_id):
        return exclusion.reason, exclusion.run
    if run is None:
        return NEVER_IN_A_RUN, None
    suggestion = suggestions.get(person.latest_suggestion)  # type: ignore[attr-defined]
    if suggestion is None:  # it concerns who reads this
        return SUGGESTED[Suggestion.State.PROPOSED], None
    return suggestion.held_back or SUGGESTED[Suggestion.State(suggestion.state)], suggestion.run
