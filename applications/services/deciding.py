"""What the office decides about applications, one or many, and what it records for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries import with_addresses
from applications.eligibility import Answer, assess
from applications.models import Application, PolicyAcceptance, State
from applications.queries import has_accepted
from applications.services import accepting
from applications.services.writing import message_context
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from programmes.models import Programme
from programmes.permissions import can_administer, can_decide

_TEMPLATES = {
    State.ACCEPTED: "applications/email/accepted",
    State.QUERIED: "applications/email/queried",
    State.WAITLISTED: "applications/email/waitlisted",
    State.DECLINED: "applications/email/declined",
}
_NEEDS_REASON = {State.QUERIED, State.DECLINED}


@dataclass
class Outcome:
    """What became of a decision about many: who was decided, and who wasn't and why."""

    decided: list[Application] = field(default_factory=list)
    refused: list[tuple[Application, str]] = field(default_factory=list)


@transaction.atomic
def decide(
    applications: Iterable[Application], *, to: State, by: User, at: datetime, reason: str = ""
) -> Outcome:
    """Accept, ask for more, waitlist or decline; each person has one message that says so, with the reason if given.

    One that can't be decided so (own application, rules say no, wrong state) is named with a sentence and holds
    back nobody else. The number of queries doesn't grow with the people, but for saving each.
    """
    reason = reason.strip()
    if to not in _TEMPLATES:
        raise NotPossible("That isn't a decision.")
    if to in _NEEDS_REASON and not reason:
        raise NotPossible("Please say why: the person reads it.")
    rows = _locked(applications)
    verdicts = assess(rows)
    decides = {pk: can_decide(by, programme) for pk, programme in _programmes(rows).items()}
    outcome = Outcome()
    for application in rows:
        says_no = verdicts[application.pk].answer is Answer.NO
        may_decide = decides[application.cohort.programme_id]
        try:
            _refuse_decision(application, to=to, by=by, may_decide=may_decide, says_no=says_no)
            application.move_to(to)
        except NotPossible as refusal:
            outcome.refused.append((application, str(refusal)))
            continue
        application.decided_at, application.decided_by, application.reason = at, by, reason
        outcome.decided.append(application)
    Application.objects.bulk_update(outcome.decided, ["state", "decided_at", "decided_by", "reason"])
    _tell(outcome.decided, to=to, at=at)
    return outcome


def _locked(applications: Iterable[Application]) -> list[Application]:
    """Locked first and read then: what the locking query itself read of other tables may be older than the lock."""
    chosen = Application.objects.filter(pk__in=[a.pk for a in applications]).order_by("pk")
    lock_rows(chosen)
    return list(
        chosen.select_related("user", "cohort__programme")
        .prefetch_related(with_addresses("user"), "sectors", "support_areas")
        .with_acceptance()
        .with_introduction()
    )


def _programmes(rows: Iterable[Application]) -> dict[int, Programme]:
    return {row.cohort.programme_id: row.cohort.programme for row in rows}


def _refuse_decision(
    application: Application, *, to: State, by: User, may_decide: bool, says_no: bool
) -> None:
    if application.user_id == by.pk:
        raise NotPossible("You can't decide on your own application: ask a colleague.")
    if not may_decide:
        raise NotPossible("You don't administer this programme.")
    if to == State.ACCEPTED and says_no:
        raise NotPossible("The programme's rules say no; see the eligibility column.")
    if application.is_introduced:  # type: ignore[attr-defined]
        raise NotPossible("Already introduced: end the partnership first.")


def _tell(decided: Iterable[Application], *, to: State, at: datetime) -> None:
    letters: dict[str, list[outbox.Letter]] = defaultdict(list)
    for application in decided:
        key = f"decided/{application.pk}/{application.state}/{at.timestamp():.0f}"
        letter = outbox.Letter(to=application.user.email, key=key, context=message_context(application))
        letters[application.cohort.programme.slug].append(letter)
    for programme, theirs in letters.items():
        outbox.post_all(_TEMPLATES[to], theirs, programme=programme, at=at)


@transaction.atomic
def record_acceptance(
    application: Application,
    *,
    by: User,
    at: datetime,
    accepted_at: datetime,
    note: str,
) -> PolicyAcceptance:
    """Keep an acceptance that the person gave elsewhere, with where the office has it from (EI-1, EI-1a).

    It covers the newest guidance too, unless that was published only after the day on which they accepted.
    """
    if not can_administer(by, application.cohort.programme):
        raise NotPossible("You don't administer this programme.")
    if application.user_id == by.pk:
        raise NotPossible("You can't record an acceptance for yourself: accept it on your own page.")
    if not note.strip():
        raise NotPossible("Please say where you have the acceptance from.")
    if accepted_at > at:
        raise NotPossible("The acceptance can't lie in the future.")
    policy, *guidance = accepting.in_force(application.cohort)
    day = timezone.localdate(accepted_at)
    known = [text for text in guidance if text.published_on and text.published_on <= day]
    has_policy = application.acceptances.filter(policy_version=policy).exists()
    if known != guidance and has_policy and not has_accepted(application):
        raise NotPossible(f"The guidance that is missing, {guidance[0].label}, was published after that day.")
    source = {"source": PolicyAcceptance.Source.OFFICE, "note": note.strip(), "recorded_by": by}
    return accepting.keep(application, [policy, *known], accepted_at=accepted_at, at=at, **source)[0]
