"""Whether people would like to continue, what they hear then, and what their next application starts from (EI-3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, ApplicationQuerySet, ContinuationInterest, State
from applications.services.sweeping import post_new
from mentorship.lib.locks import lock_rows
from mentorship.lib.sweeps import in_sets
from outbox.services import Letter
from programmes.facts import FACTS, Kind
from programmes.models import Ask, Cohort

_NEVER_AGAIN = {"has_mentor_until"}  # true of the time when it was said


@transaction.atomic
def answer(application: Application, *, wishes_to_continue: bool, at: datetime) -> ContinuationInterest:
    """Keep the answer; another one takes its place."""
    lock_rows(Application.objects.filter(pk=application.pk))
    interest, _ = ContinuationInterest.objects.update_or_create(
        application=application,
        defaults={"wishes_to_continue": wishes_to_continue, "answered_at": at},
    )
    return interest


def said_yes(cohort: Cohort) -> ApplicationQuerySet:
    """For each person and role the last application before this cohort, if they said then that they would go on."""
    earlier = Application.objects.filter(
        cohort__programme=cohort.programme_id, cohort__starts_on__lt=cohort.starts_on
    ).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    since = earlier.filter(
        user=OuterRef("user"), role=OuterRef("role"), cohort__starts_on__gt=OuterRef("cohort__starts_on")
    )
    return earlier.filter(continuation__wishes_to_continue=True).exclude(Exists(since))


def earlier_application(*, user: User, cohort: Cohort, role: str) -> Application | None:
    """Whose answers a new draft starts from; None for who said no, said nothing, or wasn't there."""
    rows = said_yes(cohort).filter(user=user, role=role).select_related("cohort")
    return rows.order_by("-cohort__starts_on", "pk").first()


def answers_of(earlier: Application, cohort: Cohort) -> dict[str, Any]:
    """What is still asked, with the options that are still open; never a hold, an acceptance or a decision."""
    programme = cohort.programme
    open_options = list(programme.options.filter(is_open=True))
    names = {(option.fact, option.name) for option in open_options}
    answers: dict[str, Any] = {}
    for ask in programme.asks.filter(role=earlier.role):
        kind = FACTS[ask.fact].kind
        if kind is Kind.DECLARATION or ask.fact in _NEVER_AGAIN:
            continue
        value = getattr(earlier, ask.fact)
        if kind is Kind.CHOICES:
            answers[ask.fact] = [option for option in value.all() if option in open_options]
        elif kind is not Kind.CHOICE or (ask.fact, value) in names:
            answers[ask.fact] = value
    return answers


def tell_of_next_cohort(*, at: datetime) -> int:
    """Write to who said yes when the next cohort takes sign-ups, once per person and cohort; how many were written."""
    return sum(_tell_of(cohort, at=at) for cohort in _open_cohorts(timezone.localdate(at)))


def _open_cohorts(on: date) -> list[Cohort]:
    """The cohort of each programme that takes sign-ups today; of two, the later one, to which its page leads."""
    rows = Cohort.objects.filter(
        sign_up_opens_on__lte=on,
        sign_up_closes_on__gte=on,
        ends_on__gte=on,
        programme__is_public=True,
    )
    newest_first = rows.select_related("programme").order_by("-starts_on", "slug")
    return list({cohort.programme_id: cohort for cohort in reversed(newest_first)}.values())


def _tell_of(cohort: Cohort, *, at: datetime) -> int:
    pks = list(_due(cohort).order_by("pk").values_list("pk", flat=True))

    def send(some: Any) -> int:
        rows = _due(cohort).filter(pk__in=some).select_related("user").order_by("pk")
        by_person = {row.user_id: row for row in rows}  # in two roles: one message
        letters = [(cohort.programme.slug, _letter(row, cohort)) for row in by_person.values()]
        return post_new("applications/email/next_cohort", letters, at=at)

    return in_sets(pks, send, what="application")


def _due(cohort: Cohort) -> ApplicationQuerySet:
    there = Application.objects.filter(cohort=cohort, user=OuterRef("user"))
    asked = Ask.objects.filter(programme=cohort.programme_id, role=OuterRef("role"))
    return said_yes(cohort).filter(Exists(asked), ~Exists(there), user__is_active=True)


def _letter(application: Application, cohort: Cohort) -> Letter:
    apply = reverse("apply", args=[cohort.programme.slug, application.role])
    return Letter(
        to=application.user.email,
        key=f"next-cohort/{cohort.pk}/{application.user_id}",
        context={
            "name": application.user.name,
            "programme": cohort.programme,
            "cohort": cohort,
            "role": application.get_role_display().lower(),
            "apply_url": settings.SITE_URL + apply,
        },
    )
