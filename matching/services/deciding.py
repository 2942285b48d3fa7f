"""What the office decides about two people, for every further run: lock, refuse, put back, pair by hand (EI-M)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from applications.models import Application, State
from matching import moves
from matching.models import Decision, SuggestedMember, Suggestion
from matching.permissions import one_at_a_time, refuse_stranger
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership
from programmes.models import Cohort, Pathway

Kind = Decision.Kind
Part = Membership.Part
_PEOPLE = ("members", "partnership__memberships")
UNDECIDED = {Suggestion.State.PROPOSED, Suggestion.State.REFUSED}


@transaction.atomic
def lock(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    """Keep suggestions in every further run."""
    rows = _change(suggestions, by=by)
    _decide(rows, Kind.TOGETHER, by=by, at=at)
    _become(rows, Suggestion.State.PROPOSED)


@transaction.atomic
def unlock(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    rows = _change(suggestions, by=by)
    _forget(rows, [Kind.TOGETHER])
    _show_locks(rows)


@transaction.atomic
def refuse(
    suggestions: QuerySet[Suggestion], *, by: User, at: datetime, for_ever: bool = False, reason: str = ""
) -> None:
    """They aren't released, and no further run of this cohort makes them again; `for_ever` none of the programme.

    For ever needs a reason, which only the office sees.
    """
    if for_ever and not reason.strip():
        raise NotPossible("Please say why they should never be matched; only the office sees it.")
    rows = _change(suggestions, by=by)
    _decide(rows, Kind.NEVER if for_ever else Kind.APART, by=by, at=at, reason=reason.strip())
    _become(rows, Suggestion.State.REFUSED)


@transaction.atomic
def put_back(suggestions: QuerySet[Suggestion], *, by: User, at: datetime) -> None:
    """Take a refusal back, one for ever too."""
    rows = _change(suggestions, by=by)
    _forget(rows, [Kind.APART, Kind.NEVER])
    _become(rows, Suggestion.State.PROPOSED)


@transaction.atomic
def pair(
    mentee: Application,
    mentor: Application,
    *,
    by: User,
    at: datetime,
    pathway: str = Pathway.Kind.ONE_TO_ONE,
) -> Decision:
    """Lock two people whom the office puts together itself; the next run keeps them and places everybody else anew.

    Whether a rule allows it and the mentor has room is said by the run, and checked again by the release.
    """
    cohort = mentee.cohort
    _refuse_meddling(cohort, [mentee, mentor], by=by)
    one_at_a_time(cohort)
    if mentor.cohort_id != cohort.pk or mentee.is_mentor or not mentor.is_mentor:
        raise NotPossible("Please choose a mentee and a mentor of one cohort.")
    if any(person.state != State.ACCEPTED for person in (mentee, mentor)):
        raise NotPossible("Only people who are accepted can be matched.")
    never = Q(mentee__user=mentee.user_id, mentor__user=mentor.user_id)
    never |= Q(mentee__user=mentor.user_id, mentor__user=mentee.user_id)
    if Decision.objects.filter(never, cohort__programme=cohort.programme_id, kind=Kind.NEVER).exists():
        raise NotPossible("These two are never to be matched; take that back first.")
    _unlock_others([mentee.pk], by=by)
    decision, _ = Decision.objects.update_or_create(
        pathway=pathway,
        mentee=mentee,
        mentor=mentor,
        defaults={"cohort": cohort, "kind": Kind.TOGETHER, "reason": "", "by": by, "at": at},
    )
    _show_locks(_suggestions_of([mentee.pk]))
    return decision


@transaction.atomic
def forget(decisions: QuerySet[Decision], *, by: User, at: datetime) -> int:
    """Take decisions back, and what they made of a pair that is still suggested; how many there were."""
    rows = list(decisions.select_related("cohort__programme", "mentee", "mentor").order_by("pk"))
    for decision in rows:
        _refuse_meddling(decision.cohort, [decision.mentee, decision.mentor], by=by)
        one_at_a_time(decision.cohort)
    Decision.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _open_again(rows)
    return len(rows)


def _suggestions_of(mentees: Collection[int]) -> list[Suggestion]:
    """What is suggested for these mentees and not decided for good, in any run."""
    about = SuggestedMember.objects.filter(application__in=mentees, part=Part.MENTEE)
    rows = Suggestion.objects.filter(pk__in=about.values("suggestion"), state__in=UNDECIDED)
    return list(rows.order_by("pk").prefetch_related(*_PEOPLE))


def _open_again(decisions: Sequence[Decision]) -> None:
    """Suggestions of these pairs, as if nothing had been decided; a circle is put back as a whole, on its own page."""
    pairs = {(d.mentee_id, d.mentor_id) for d in decisions if d.pathway == Pathway.Kind.ONE_TO_ONE}
    rows = _suggestions_of([decision.mentee_id for decision in decisions])
    refused = [row for row in rows if row.state == Suggestion.State.REFUSED]
    moves.move_suggestions([row for row in refused if pairs & set(pairs_of(row))], Suggestion.State.PROPOSED)
    _show_locks(rows)


def _refuse_meddling(cohort: Cohort, people: Iterable[Application], *, by: User) -> None:
    refuse_stranger(by, cohort)
    if any(person.user_id == by.pk for person in people):
        raise NotPossible("You can't decide on a match of your own: ask a colleague.")


def _change(suggestions: QuerySet[Suggestion], *, by: User) -> list[Suggestion]:
    """The suggestions under lock, if they may be decided by this person and nothing has become of them yet."""
    chosen = suggestions.select_related("run__cohort__programme").order_by("pk")
    for cohort in {row.run.cohort for row in chosen}:
        refuse_stranger(by, cohort)
        one_at_a_time(cohort)
    rows = list(
        chosen.select_for_update(of=("self",)).prefetch_related("members", "partnership__memberships")
    )
    if any(row.state not in UNDECIDED for row in rows):
        raise NotPossible("Some of these have been offered or released already; nothing was changed.")
    if any(row.run.is_trial for row in rows):
        raise NotPossible("A trial of other rules can't be decided on: save the rules, then run again.")
    if Suggestion.objects.filter(pk__in=[row.pk for row in rows]).apart_from(by).count() < len(rows):
        raise NotPossible("You can't decide on a match of your own: ask a colleague.")
    return rows


def pairs_of(suggestion: Suggestion) -> list[tuple[int, int]]:
    """(mentee, mentor) applications of a suggestion; in a circle each mentee with who leads it.

    Load it with `members` and `partnership__memberships`.
    """
    members = list(suggestion.members.all())
    leads = [member.application_id for member in members if member.part != Part.MENTEE]
    if not leads and suggestion.partnership:
        inside = suggestion.partnership.memberships.all()
        leads = [m.application_id for m in inside if m.part == Part.FACILITATOR and m.left_on is None]
    mentees = [member.application_id for member in members if member.part == Part.MENTEE]
    return [(mentee, leads[0]) for mentee in mentees if leads]


def _decide(rows: Sequence[Suggestion], kind: Kind, *, by: User, at: datetime, reason: str = "") -> None:
    """One decision per mentee in the suggestions, in place of what was decided about the two before."""
    _forget(rows, list(Kind))
    everybody = [(row, mentee, mentor) for row in rows for mentee, mentor in pairs_of(row)]
    if kind == Kind.TOGETHER:
        _unlock_others([mentee for _, mentee, _ in everybody], by=by)
    Decision.objects.bulk_create(
        Decision(
            cohort=row.run.cohort,
            pathway=row.pathway,
            mentee_id=mentee,
            mentor_id=mentor,
            kind=kind,
            reason=reason,
            by=by,
            at=at,
        )
        for row, mentee, mentor in everybody
    )


def _unlock_others(mentees: Collection[int], *, by: User) -> None:
    """Nobody is locked twice; but a colleague's lock on who decides here stays, and is told to nobody."""
    locked = Decision.objects.filter(mentee__in=mentees, kind=Kind.TOGETHER)
    if locked.filter(Q(mentee__user=by) | Q(mentor__user=by)).exists():
        raise NotPossible("A colleague decides on this mentee.")
    locked.delete()


def _forget(rows: Sequence[Suggestion], kinds: Sequence[str]) -> None:
    about = {(row.pathway, *pair) for row in rows for pair in pairs_of(row)}
    known = Decision.objects.filter(mentee__in=[mentee for _, mentee, _ in about], kind__in=kinds)
    gone = [d.pk for d in known if (d.pathway, d.mentee_id, d.mentor_id) in about]
    Decision.objects.filter(pk__in=gone).delete()


def _become(rows: Sequence[Suggestion], state: Suggestion.State) -> None:
    """Move those that aren't there yet, and show in every run what is locked now."""
    moves.move_suggestions([row for row in rows if row.state != state], state)
    _show_locks(rows)


def _show_locks(rows: Iterable[Suggestion]) -> None:
    """Keep `is_locked` true to the decisions, in every run in which these mentees are suggested."""
    mentees = {mentee for row in rows for mentee, _ in pairs_of(row)}
    locked = Decision.objects.filter(mentee__in=mentees, kind=Kind.TOGETHER)
    together = set(locked.values_list("pathway", "mentee", "mentor"))
    shown = _suggestions_of(mentees)
    for row in shown:
        row.is_locked = any((row.pathway, *people) in together for people in pairs_of(row))
    Suggestion.objects.bulk_update(shown, ["is_locked"], batch_size=500)
