"""Whether the people of a suggestion can be introduced at this moment: every rule again, as it is now (EI-1, BM-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from accounts.queries import with_addresses
from applications.eligibility import Answer, assess
from applications.models import Application
from matching import gathering, reasons
from matching.engine import HardRule
from matching.models import LONGEST_REASON, MatchRun, SuggestedMember, Suggestion
from matching.places import Places
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership
from partnerships.services import why_not_ready
from partnerships.services.readiness import untrained
from programmes.models import Cohort, Pathway

Part = Membership.Part
CIRCLE = Pathway.Kind.CIRCLE
Held = list[tuple[SuggestedMember, str]]


@dataclass(frozen=True)
class Split:
    """The people of a suggestion who can be introduced, and the others, each with a sentence."""

    ready: list[SuggestedMember]
    waiting: Held


def refuse_unfit_run(run: MatchRun, *, at: datetime) -> None:
    """Nothing of a trial or of a run that isn't done leaves the office, and nothing after the cohort's end (EI-2)."""
    if run.is_trial:
        raise NotPossible("A trial of other rules can't be released: save the rules, then run again.")
    if not run.is_done:
        raise NotPossible("This run isn't done.")
    cohort = run.cohort
    if cohort.has_ended(timezone.localdate(at)):
        raise NotPossible(
            f"{cohort} ended on {cohort.ends_on:%-d %B %Y}: nobody can be introduced in it any more."
        )


def lock_people(suggestions: Sequence[Suggestion]) -> None:
    """Circles first, then everybody in one order, as introductions and decisions lock them: nobody blocks anybody."""
    circles = {row.partnership_id for row in suggestions if row.partnership_id}
    if circles:
        lock_rows(Partnership.objects.filter(pk__in=circles))
    people = SuggestedMember.objects.filter(suggestion__in=suggestions).values("application")
    lock_rows(Application.objects.filter(pk__in=people))


class Apart:
    """Whom a rule of a cohort keeps apart on a day: asked once per pathway, however many suggestions there are."""

    def __init__(self, cohort: Cohort, *, on: date) -> None:
        self._cohort, self._on = cohort, on
        self._rules: dict[str, dict[tuple[int, int], HardRule]] = {}

    def why(self, person: Application, leads: Iterable[int], pathway: str) -> str:
        """The rule between a mentee and any of these mentors, in a sentence; empty if there is none."""
        if pathway not in self._rules:
            self._rules[pathway] = gathering.ruled_out(self._cohort, pathway=pathway, on=self._on)
        for lead in leads:
            if rule := self._rules[pathway].get((person.pk, lead)):
                return f"A rule keeps {person.user} apart from the other: {reasons.RULES[rule]}."
        return ""


class Check:
    """The rules for some suggestions of one cohort, read at once; make it under `lock_people`."""

    def __init__(
        self,
        cohort: Cohort,
        suggestions: Sequence[Suggestion],
        *,
        by: User | None,
        at: datetime,
        apart: Apart | None = None,
    ) -> None:
        self._by, self._at = by, at
        self._apart = apart or Apart(cohort, on=timezone.localdate(at))
        self._places = Places(cohort, but=suggestions)
        self._circle = cohort.programme.pathways.filter(kind=CIRCLE).first()
        self.people = people_of([row.pk for row in suggestions])
        applications = [member.application for members in self.people.values() for member in members]
        self._verdicts = assess(applications)
        self._untrained = {
            pathway: untrained(applications, cohort=cohort, pathway=pathway)
            for pathway in {suggestion.pathway for suggestion in suggestions}
        }

    def take(self, suggestion: Suggestion) -> Split:
        """Who can be introduced; takes their places, so that the next suggestion finds them gone.

        Raises NotPossible, with who is in the way and why, where the others make no pair and no circle.
        """
        people = self.people[suggestion.pk]
        leads = [m.application_id for m in people if m.part != Part.MENTEE]
        leads += self._places.leads.get(suggestion.partnership_id or 0, [])
        split = Split([], [])
        for member in people:
            reason = self._why_not(member, suggestion, leads)
            if reason:
                split.waiting.append((member, reason))
            else:
                split.ready.append(member)
        if suggestion.pathway == CIRCLE:
            self._refuse_circle(suggestion, split)
        elif split.waiting:
            raise NotPossible(split.waiting[0][1])
        self._places.hold(suggestion, split.ready)
        return split

    def _why_not(self, member: SuggestedMember, suggestion: Suggestion, leads: Sequence[int]) -> str:
        person = member.application
        if reason := why_not_ready(person, by=self._by, at=self._at):
            return reason
        if self._verdicts[person.pk].answer is Answer.NO:
            return f"{person.user}: the programme's rules say no; see the application."
        if person.pk in self._untrained[suggestion.pathway]:
            return self._untrained[suggestion.pathway][person.pk]
        if reason := self._places.why_not(member, suggestion.pathway):
            return reason
        return self._apart.why(person, leads, suggestion.pathway) if member.part == Part.MENTEE else ""

    def _refuse_circle(self, suggestion: Suggestion, split: Split) -> None:
        if self._circle is None:
            raise NotPossible("This programme doesn't have that pathway.")
        if suggestion.partnership:
            self._fill(suggestion.partnership, split)
            return
        for member, reason in split.waiting:
            if member.part != Part.MENTEE:
                raise NotPossible(reason)
        members = sum(member.part == Part.MENTEE for member in split.ready)
        if members < self._circle.smallest:
            raise NotPossible(
                f"Only {members} of its members are ready; a circle begins with {self._circle.smallest}."
                f" {sentences(split.waiting)}"
            )
        _seat(split, "The circle", seats=self._circle.largest)

    def _fill(self, circle: Partnership, split: Split) -> None:
        if not (circle.is_circle and circle.is_active):
            raise NotPossible("Only a circle that is active takes further members.")
        largest = self._circle.largest if self._circle else 0
        _seat(split, str(circle), seats=self._places.seats(circle.pk, largest=largest))
        if not split.ready:
            raise NotPossible(sentences(split.waiting))


def _seat(split: Split, circle: str, *, seats: int) -> None:
    """Whoever finds no seat in a circle waits."""
    mentees = [member for member in split.ready if member.part == Part.MENTEE]
    for member in mentees[seats:]:
        split.ready.remove(member)
        split.waiting.append((member, f"{circle} has no seat left for {member.application.user}."))


def people_of(suggestions: Sequence[int]) -> dict[int, list[SuggestedMember]]:
    """The people of each suggestion by its number, mentors and facilitators first, with all that the rules ask."""
    rows = SuggestedMember.objects.filter(suggestion__in=suggestions).order_by("pk")
    found = Application.objects.filter(pk__in=rows.values("application"))
    facts = found.select_related("user", "cohort__programme").prefetch_related(
        "sectors", "support_areas", with_addresses("user")
    )
    applications = {row.pk: row for row in facts.with_acceptance()}
    people: dict[int, list[SuggestedMember]] = defaultdict(list)
    for row in rows:
        row.application = applications[row.application_id]
        people[row.suggestion_id].append(row)
    for members in people.values():
        members.sort(key=lambda member: member.part == Part.MENTEE)
    return people


def names_of(members: Iterable[SuggestedMember]) -> str:
    return " and ".join(member.application.user.name for member in members)


def sentences(waiting: Held) -> str:
    """Why people wait, one after the other."""
    return " ".join(reason for _, reason in waiting)


def as_reason(text: str) -> str:
    """What fits into `held_back`: a circle may wait for many."""
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"
