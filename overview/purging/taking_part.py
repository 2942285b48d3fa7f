"""Rules for who applied and took part; nothing goes before its cohort is over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, When
from django.db.models.functions import Coalesce

from applications.models import Absence, Application, ContinuationInterest, PolicyAcceptance, State
from declarations.models import Declaration
from equality.models import Answers
from matching.models import Decision, Exclusion, MatchRun, Offer, SuggestedMember, Suggestion
from meetings.models import Arranging, ContactFrequency, Meeting, Nudge
from overview.equality import snapshots
from overview.personal import categories
from overview.personal.registry import holding_of
from overview.purging.rule import Rows, Rule, blank, day_of, not_blank
from partnerships.models import Disclosure, Membership, Partnership
from partnerships.models import State as PartnershipState
from training.models import Booking

_holding = holding_of(Application)
_FACTS = _holding.blank if _holding else {}
_PARTS: tuple[Any, ...] = (
    Absence,
    ContinuationInterest,
    Application.sectors.through,
    Application.support_areas.through,
)
_ON_THEIR_WAY = [Suggestion.State.OFFERED, Suggestion.State.LEAVING]


def _runs(on: date) -> Rows:
    """Finished runs, and no suggestion of theirs still on its way."""
    finished = MatchRun.objects.exclude(state__in=[MatchRun.State.WAITING, MatchRun.State.RUNNING])
    busy = Suggestion.objects.filter(run=OuterRef("pk"), state__in=_ON_THEIR_WAY)
    return finished.filter(~Exists(busy), cohort__ends_on__lt=on).annotate(since=F("cohort__ends_on"))


def _decisions(on: date) -> Rows:
    """That two people are never to be matched protects them: it goes with the later of their applications."""
    rows = Decision.objects.exclude(kind=Decision.Kind.NEVER).filter(cohort__ends_on__lt=on)
    return rows.annotate(since=F("cohort__ends_on"))


def _nudges(on: date) -> Rows:
    """With their lines: once the last cohort is over of which one reminded."""
    over = Max("lines__membership__partnership__cohort__ends_on")
    return Nudge.objects.annotate(since=Coalesce(over, F("on"))).filter(since__lt=on)


def _disclosures(on: date) -> Rows:
    rows = Disclosure.objects.filter(
        partnership__cohort__ends_on__lt=on, partnership__state=PartnershipState.ENDED
    )
    return rows.annotate(since=F("partnership__cohort__ends_on"))


def _meetings(on: date) -> Rows:
    rows = Meeting.objects.filter(
        partnership__cohort__ends_on__lt=on, partnership__state=PartnershipState.ENDED
    )
    return rows.annotate(since=F("partnership__cohort__ends_on"))


def _frequencies(on: date) -> Rows:
    rows = ContactFrequency.objects.filter(
        partnership__cohort__ends_on__lt=on, partnership__state=PartnershipState.ENDED
    )
    return rows.annotate(since=F("partnership__cohort__ends_on"))


def _arranging(on: date) -> Rows:
    rows = Arranging.objects.filter(membership__partnership__cohort__ends_on__lt=on)
    return rows.annotate(since=F("membership__partnership__cohort__ends_on"))


def _partnerships(on: date) -> Rows:
    rows = Partnership.objects.filter(cohort__ends_on__lt=on, state=PartnershipState.ENDED)
    return rows.annotate(since=F("cohort__ends_on"))


def _without_anything_of_them(rows: Rows) -> Rows:
    return rows.filter(meetings=None, disclosures=None, suggestions=None, contact_frequency=None)


def _bookings(on: date) -> Rows:
    rows = Booking.objects.filter(session__cohort__ends_on__lt=on)
    return rows.annotate(since=F("session__cohort__ends_on"))


def _declarations(on: date) -> Rows:
    """Their cohort is over, also of one that was taken back: as long as it runs, an old sheet may be read once more,
    and what was taken back must not stand up again (BM-2).
    """
    rows = Declaration.objects.filter(cohort__ends_on__lt=on)
    return rows.annotate(since=Coalesce(day_of("withdrawn_at"), F("cohort__ends_on")))


def _equality(on: date) -> Rows:
    return Answers.objects.filter(cohort__ends_on__lt=on).annotate(since=F("cohort__ends_on"))


def _forget_equality(rows: Rows, at: datetime) -> None:
    snapshots.purge(rows)


def _acceptances(on: date) -> Rows:
    rows = PolicyAcceptance.objects.filter(application__cohort__ends_on__lt=on)
    return rows.annotate(since=F("application__cohort__ends_on"))


def _apart() -> Rows:
    """Applications of nobody who is in a pair or a circle."""
    inside = Membership.objects.current().filter(application=OuterRef("pk"))
    return Application.objects.filter(~Exists(inside))


def _free(rows: Rows) -> Rows:
    """Nothing leans on them any more that has a period of its own."""
    here = {"application": OuterRef("pk")}
    leaning = [
        *(
            model.objects.filter(**here)
            for model in (Membership, PolicyAcceptance, Booking, Exclusion, Offer)
        ),
        SuggestedMember.objects.filter(**here),
        Disclosure.objects.filter(of=OuterRef("pk")),
    ]
    for each in leaning:
        rows = rows.filter(~Exists(each))
    return rows


_EARLIER = Case(
    When(state=State.DECLINED, then=day_of("decided_at")),
    When(state__in=[State.DRAFT, State.WITHDRAWN], then=F("cohort__sign_up_closes_on")),
    default=F("cohort__ends_on"),
)


def _came_to_nothing(on: date) -> Rows:
    """Whole, and earlier than others: from the refusal, or from the end of sign-up, where nothing leans on them."""
    ended = [State.DRAFT, State.DECLINED, State.WITHDRAWN]
    return _free(_apart()).filter(state__in=ended).annotate(since=_EARLIER).filter(since__lt=on)


def _answers(on: date) -> Rows:
    """Of which something more than the bare row is left; the row waits for what leans on it."""
    here = {"application": OuterRef("pk")}
    left = not_blank(_FACTS)
    for model in _PARTS:
        left |= Q(Exists(model._default_manager.filter(**here)))
    return _apart().filter(left).annotate(since=_EARLIER).filter(since__lt=on)


def _forget_answers(rows: Rows, at: datetime) -> None:
    pks = list(rows.values_list("pk", flat=True))
    for model in _PARTS:
        model._default_manager.filter(application__in=pks).delete()
    blank(_FACTS)(Application.objects.filter(pk__in=pks), at)


def _bare(on: date) -> Rows:
    return _apart().filter(cohort__ends_on__lt=on).annotate(since=F("cohort__ends_on"))


RULES = (
    Rule(
        "matching",
        "Runs of the matching",
        categories.MATCHING,
        _runs,
        people="suggestions__members__application__user",
    ),
    Rule(
        "matching/decisions",
        "Decisions about two people",
        categories.MATCHING,
        _decisions,
        people="mentee__user",
    ),
    Rule("reminders", "Reminders", categories.REMINDERS, _nudges, people="user"),
    Rule("disclosures", "Who has seen what", categories.DISCLOSURES, _disclosures, people="of__user"),
    Rule(
        "meetings",
        "Meetings",
        categories.MEETINGS,
        _meetings,
        people="partnership__memberships__application__user",
    ),
    Rule(
        "meetings/frequency",
        "Agreed contact",
        categories.MEETINGS,
        _frequencies,
        people="partnership__memberships__application__user",
    ),
    Rule("meetings/arranging", "Dates being found", categories.MEETINGS, _arranging),
    Rule(
        "partnerships",
        "Partnerships",
        categories.PARTNERSHIPS,
        _partnerships,
        people="memberships__application__user",
        leaning=(categories.MATCHING, categories.MEETINGS, categories.DISCLOSURES, categories.REMINDERS),
        free=_without_anything_of_them,
    ),
    Rule("training", "Places at training", categories.TRAINING, _bookings, people="application__user"),
    Rule("declarations", "Declarations", categories.DECLARATIONS, _declarations, people="user"),
    Rule("equality", "Answers about equality", categories.EQUALITY, _equality, _forget_equality),
    Rule(
        "acceptances",
        "Acceptances of policies",
        categories.ACCEPTANCES,
        _acceptances,
        people="application__user",
    ),
    Rule(
        "applications/nothing",
        "Applications that came to nothing",
        categories.APPLICATIONS,
        _came_to_nothing,
        people="user",
        free=_free,
    ),
    Rule(
        "applications",
        "Answers of applications",
        categories.APPLICATIONS,
        _answers,
        purge=_forget_answers,
        people="user",
    ),
    Rule(
        "applications/rows",
        "Applications",
        categories.APPLICATIONS,
        _bare,
        people="user",
        leaning=(
            *(categories.MATCHING, categories.MEETINGS, categories.DISCLOSURES, categories.REMINDERS),
            *(categories.PARTNERSHIPS, categories.TRAINING, categories.ACCEPTANCES),
        ),
        free=_free,
    ),
)
