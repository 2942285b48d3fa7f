"""What one choice of pairs changes against another: a trial against what is in force, a run against the last (EI-M)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import apnumber, intcomma

from accounts.models import User
from applications.models import Application
from matching.models import Exclusion, MatchRun, SuggestedMember
from partnerships.models import Membership

GONE = "somebody who has left"
_TRIAL_NOTE = (
    "Each side’s fits are measured by its own weights: where those differ, look at who is with whom."
)
_RUN_NOTE = "The weights were different in the last run, so its fits can’t be compared with these."


@dataclass(frozen=True)
class Moves:
    """Whom each mentee is with, before and after: applications, in the mentees' order.

    `changed` are (mentee, mentor before, mentor after), `newly_placed` (mentee, mentor), `no_longer_placed` too.
    """

    pairs_before: int
    changed: tuple[tuple[int, int, int], ...]
    newly_placed: tuple[tuple[int, int], ...]
    no_longer_placed: tuple[tuple[int, int], ...]

    @property
    def rows(self) -> list[tuple[int, int | None, int | None]]:
        """(mentee, before, after) of everybody for whom something changes."""
        new = [(mentee, None, mentor) for mentee, mentor in self.newly_placed]
        old = [(mentee, mentor, None) for mentee, mentor in self.no_longer_placed]
        return [*self.changed, *new, *old]


def between(before: Mapping[int, int], after: Mapping[int, int]) -> Moves:
    """What changes from one to the other; both say which mentor, or who leads the circle, a mentee is with."""
    return Moves(
        pairs_before=len(before),
        changed=tuple(
            (mentee, before[mentee], mentor)
            for mentee, mentor in sorted(after.items())
            if before.get(mentee, mentor) != mentor
        ),
        newly_placed=tuple(pair for pair in sorted(after.items()) if pair[0] not in before),
        no_longer_placed=tuple(pair for pair in sorted(before.items()) if pair[0] not in after),
    )


@dataclass(frozen=True)
class Figures:
    """How many mentees are placed, the sum of their fits, and the weakest of them."""

    placed: int
    total: int
    smallest: int | None


@dataclass(frozen=True)
class Change:
    """One mentee for whom something changes, by names; empty where there is nobody."""

    mentee: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What a page shows of a difference.

    `own` counts changes that would tell the viewer of a match of their own, `left_pool` people of the last run who
    have been introduced or have left since; `note` says where figures can't be compared.
    """

    moves: Moves
    changes: tuple[Change, ...]
    own: int
    left_pool: int
    before: Figures
    after: Figures
    note: str = ""

    @property
    def summary(self) -> list[str]:
        """The difference in a few sentences."""
        return [
            _about_pairs(self.moves),
            _about_placed(self.before.placed, self.after.placed),
            _about("weakest fit", self.before.smallest, self.after.smallest),
            _about("total fit", self.before.total, self.after.total),
        ]


def of_trial(run: MatchRun, *, viewer: User) -> Difference | None:
    """What a trial's rules and weights would change against those in force, for the same people; None if it isn't
    a trial with a result."""
    in_force = run.comparison.get("in_force") if run.is_trial and run.is_done else None
    if not in_force:
        return None
    before = {int(mentee): mentor for mentee, mentor in in_force["mentor_of"].items()}
    figures = Figures(in_force["placed"], in_force["total"], in_force["smallest"])
    members = _Members([run], viewer)
    return _difference(members, before, members.mentor_of(run), figures, run, note=_TRIAL_NOTE)


def to_last_run(run: MatchRun, *, viewer: User) -> Difference | None:
    """What changed since the run before this one, over everybody and the same pathways; None where there is none.

    People who aren't in the pool any more aren't changes: they are counted as `left_pool`.
    """
    if not run.is_done or run.is_trial or run.only_for_id:
        return None
    earlier = MatchRun.objects.done().whole().filter(cohort=run.cohort_id, pathway=run.pathway, pk__lt=run.pk)
    last = earlier.order_by("-pk").first()
    if last is None:
        return None
    members = _Members([last, run], viewer)
    before, after = members.mentor_of(last), members.mentor_of(run)
    left_out = set(Exclusion.objects.filter(run=run).values_list("application", flat=True))
    there = {mentee: mentor for mentee, mentor in before.items() if mentee in after or mentee in left_out}
    note = "" if _weights(last) == _weights(run) else _RUN_NOTE
    figures = Figures(last.placed, last.total, last.smallest)
    return _difference(members, there, after, figures, run, note=note, left_pool=len(before) - len(there))


def _difference(
    members: _Members,
    before: dict[int, int],
    after: dict[int, int],
    figures: Figures,
    run: MatchRun,
    *,
    note: str,
    left_pool: int = 0,
) -> Difference:
    moves = between(before, after)
    own = members.own(run, before, after)
    shown = [row for row in moves.rows if own.isdisjoint(row)]
    names = _names(run, {pk for row in shown for pk in row if pk is not None})
    changes = [Change(*("" if pk is None else names.get(pk, GONE) for pk in row)) for row in shown]
    return Difference(
        moves=moves,
        changes=tuple(sorted(changes, key=lambda change: change.mentee.casefold())),
        own=len(moves.rows) - len(shown),
        left_pool=left_pool,
        before=figures,
        after=Figures(run.placed, run.total, run.smallest),
        note=note,
    )


class _Member(NamedTuple):
    """Somebody in a suggestion; `circle` is the partnership that the suggestion joins or became."""

    run: int
    suggestion: int
    circle: int | None
    application: int
    part: str
    user: int


class _Members:
    """Who is in the suggestions of some runs, and who leads the circles that they join, in two queries."""

    def __init__(self, runs: Iterable[MatchRun], viewer: User) -> None:
        self._viewer = viewer
        rows = (
            SuggestedMember.objects.filter(suggestion__run__in=list(runs))
            .order_by("pk")
            .values_list(
                "suggestion__run",
                "suggestion",
                "suggestion__partnership",
                "application",
                "part",
                "application__user",
            )
        )
        self._members = [_Member(*row) for row in rows]
        circles = {member.circle for member in self._members} - {None}
        leads = Membership.objects.current().filter(partnership__in=circles, part=Membership.Part.FACILITATOR)
        self._facilitators: dict[int, dict[int, int]] = defaultdict(dict)
        columns = ("partnership", "application", "application__user")
        for circle, application, user in leads.order_by("pk").values_list(*columns):
            self._facilitators[circle][application] = user
        self._lead_of = self._leads()

    def _leads(self) -> dict[int, int]:
        """Who leads each suggestion: its first mentor or facilitator, or that of the circle it joins."""
        leads: dict[int, int] = {}
        for member in self._members:
            if member.part != Membership.Part.MENTEE:
                leads.setdefault(member.suggestion, member.application)
        for member in self._members:
            if member.circle in self._facilitators:
                leads.setdefault(member.suggestion, next(iter(self._facilitators[member.circle])))
        return leads

    def mentor_of(self, run: MatchRun) -> dict[int, int]:
        """Whom each mentee of a run is with: the mentor, or who leads the circle."""
        return {
            member.application: self._lead_of[member.suggestion]
            for member in self._members
            if member.run == run.pk
            and member.part == Membership.Part.MENTEE
            and member.suggestion in self._lead_of
        }

    def own(self, run: MatchRun, before: Mapping[int, int], after: Mapping[int, int]) -> set[int]:
        """Applications that would tell the viewer of a match of their own: theirs, and who leads what they are in."""
        viewer = self._viewer.pk
        mine = Application.objects.filter(cohort=run.cohort_id, user=viewer)
        own = set(mine.values_list("pk", flat=True))
        own |= {self._lead_of.get(m.suggestion, m.application) for m in self._members if m.user == viewer}
        for facilitators in self._facilitators.values():
            if viewer in facilitators.values():
                own |= facilitators.keys()
        return own | {side[pk] for side in (before, after) for pk in own if pk in side}


def _names(run: MatchRun, applications: Iterable[int]) -> dict[int, str]:
    people = Application.objects.filter(cohort=run.cohort_id, pk__in=list(applications))
    return {pk: name or email for pk, name, email in people.values_list("pk", "user__name", "user__email")}


def _weights(run: MatchRun) -> dict[str, dict[str, int]]:
    """The weights of a run by pathway; a part without weight is as good as one that isn't named."""
    return {
        kind: {part: strength for part, strength in content.get("weights", {}).items() if strength}
        for kind, content in run.criteria.items()
    }


def _about_pairs(moves: Moves) -> str:
    change = len(moves.changed) + len(moves.no_longer_placed)
    if not change:
        return "No pair changes."
    of = f"{change:,} of {moves.pairs_before:,}" if moves.pairs_before > 1 else "The one"
    return f"{of} {'pair' if moves.pairs_before == 1 else 'pairs'} {'changes' if change == 1 else 'change'}."


def _about_placed(before: int, after: int) -> str:
    if before == after:
        return f"As many people are placed: {after:,}."
    count = abs(after - before)
    number = str(apnumber(count)).capitalize() if count < 10 else f"{count:,}"
    which = "more" if after > before else "fewer"
    people = f"{which} person is" if count == 1 else f"{which} people are"
    return f"{number} {people} placed: {after:,} instead of {before:,}."


def _about(what: str, before: int | None, after: int | None) -> str:
    said = ["none" if value is None else str(intcomma(value)) for value in (before, after)]
    if before == after:
        return f"The {what} stays at {said[1]}." if after is not None else f"There is no {what}."
    return f"{what.capitalize()} {said[1]} instead of {said[0]}."
