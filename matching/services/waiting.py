"""Tell people that they are on the waiting list, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from matching.models import Offer
from matching.permissions import one_at_a_time, refuse_stranger
from matching.services.letters import waiting_letter
from matching.waiting import letters_to, waiting_people
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from programmes.models import Cohort


@transaction.atomic
def write(applications: Collection[Application], *, by: User, at: datetime) -> int:
    """Post the waiting list's letter to those of these people who wait and haven't had it; how many that was.

    It says what they asked for and what happens next, and neither their place in the order nor anything of others.
    Whoever has an open offer isn't told that there is no place. NotPossible for another programme's people, and in
    a cohort that has ended (EI-2).
    """
    today = timezone.localdate(at)
    chosen = [application.pk for application in applications]
    cohorts = Cohort.objects.filter(applications__in=chosen).select_related("programme").distinct()
    written = 0
    for cohort in cohorts.prefetch_related("programme__pathways").order_by("pk"):
        refuse_stranger(by, cohort)
        if cohort.has_ended(today):
            raise NotPossible(f"{cohort} ended on {cohort.ends_on:%-d %B %Y}: nobody waits in it any more.")
        one_at_a_time(cohort)
        people = waiting_people(cohort, on=today).filter(pk__in=chosen).select_related("user")
        offered = Offer.objects.filter(state=Offer.State.OPEN, application__cohort=cohort)
        people = people.exclude(pk__in=offered.values("application"))
        waiting = list(people.prefetch_related("sectors", "support_areas"))
        known = letters_to(waiting)
        new = [person for person in waiting if person.pk not in known]
        for person in new:
            person.cohort = cohort
        letters = map(waiting_letter, new)
        outbox.post_all("matching/email/waiting", letters, programme=cohort.programme.slug, at=at)
        written += len(new)
    return written
