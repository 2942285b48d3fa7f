"""Which rules and weights a programme is matched by, set by hand or as a trial has tried them out (EI-M)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from matching.criteria import RULES, Criteria, from_json
from matching.models import MatchRun
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Pathway
from programmes.services import set_criteria


@transaction.atomic
def settle(cohort: Cohort, wanted: Mapping[str, Criteria], *, by: User | None, at: datetime) -> list[Pathway]:
    """Set the criteria of those of the programme's pathways for which they differ; which these were.

    Either all of them are set or, where one is refused, none.
    """
    pathways = cohort.programme.pathways.prefetch_related("weights").order_by("kind")
    changed = [row for row in pathways if row.kind in wanted and differs(wanted[row.kind], row)]
    for pathway in changed:
        criteria = wanted[pathway.kind]
        rules = {rule: getattr(criteria, rule) for rule in RULES}
        set_criteria(
            pathway, by=by, at=at, rules=rules, objective=criteria.objective, weights=criteria.weights
        )
    return changed


def adopt(run: MatchRun, *, by: User | None, at: datetime) -> list[Pathway]:
    """Set what a trial has tried out; refused unless it is a trial with a result."""
    if not run.is_trial or not run.is_done:
        raise NotPossible("Only rules and weights that a finished trial has tried out can be saved from it.")
    return settle(run.cohort, from_json(run.criteria), by=by, at=at)


def differs(criteria: Criteria, pathway: Pathway) -> bool:
    """Whether these aren't what is set; a part with no weight is as good as one that isn't named."""
    counted = {part: strength for part, strength in criteria.weights.items() if strength}
    return replace(criteria, weights=counted) != Criteria.of(pathway)
