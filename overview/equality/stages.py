"""Who has come how far, by the number of their account: read in sets, whatever the size of a cohort."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from applications.models import Application, State
from matching.models import Exclusion, MatchRun, SuggestedMember, Suggestion
from overview.equality.models import Stage
from partnerships.models import EndReason, Membership
from programmes.models import Cohort, Role


def of_cohort(cohort: Cohort) -> dict[Stage, set[int]]:
    """Applied: sent an application. Eligible: is accepted, or has been introduced, which needs it.

    Matched: was ever in a partnership. Completed: stayed to its end, when the programme ended it.
    """
    sent = Application.objects.filter(cohort=cohort).submitted()
    matched = Membership.objects.filter(partnership__cohort=cohort)
    completed = matched.filter(stayed_to_the_end=True, partnership__end_reason=EndReason.PROGRAMME)
    introduced = _accounts(matched, "application__user")
    return {
        Stage.APPLIED: _accounts(sent, "user") | introduced,
        Stage.ELIGIBLE: _accounts(sent.filter(state=State.ACCEPTED), "user") | introduced,
        Stage.MATCHED: introduced,
        Stage.COMPLETED: _accounts(completed, "application__user"),
    }


def runs_to_count(cohort: Cohort) -> list[MatchRun]:
    """Runs over everybody from which people have been introduced."""
    introduced = Suggestion.objects.filter(run=OuterRef("pk"), state=Suggestion.State.RELEASED)
    runs = MatchRun.objects.done().whole().filter(Exists(introduced), cohort=cohort)
    return list(runs.order_by("pk"))


def of_run(run: MatchRun) -> tuple[set[int], dict[int, int]]:
    """The mentees whom a run placed or left out, and the fit of those whom it placed, 0 to 10,000.

    As the engine proposed it, whatever the office decided afterwards. Mentors aren't counted: a run gives places, and
    it is the mentees who need one.
    """
    members = SuggestedMember.objects.filter(suggestion__run=run, part=Membership.Part.MENTEE)
    fits = dict(members.order_by("pk").values_list("application__user", "fit"))
    left_out = Exclusion.objects.filter(run=run, application__role=Role.MENTEE)
    return _accounts(left_out, "application__user") | fits.keys(), fits


def _accounts(rows: QuerySet, path: str) -> set[int]:
    return set(rows.order_by().values_list(path, flat=True))
