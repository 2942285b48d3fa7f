"""What people who wait are told: that a place came free for them, what became of it, and that they are on the list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, State
from matching.models import Offer
from outbox import services as outbox
from programmes.models import Pathway


def post_offer(offer: Offer, *, at: datetime) -> None:
    """A place has come free: say yes or no by a day. Nothing of the mentor is in it."""
    _post(offer, "offer", offer_key(offer), at=at)


def offer_key(offer: Offer) -> str:
    return f"offer/{offer.pk}"


def post_withdrawn(offer: Offer, *, at: datetime) -> None:
    """The place can't be kept after all."""
    _post(offer, "offer_withdrawn", f"offer-withdrawn/{offer.pk}", at=at)


def post_lapsed(offer: Offer, *, at: datetime) -> None:
    """The day has passed, and the place went to the next person."""
    _post(offer, "offer_lapsed", f"offer-lapsed/{offer.pk}", at=at)


def letter_key(application: Application) -> str:
    """The key of the waiting list's letter: one per person and cohort."""
    return f"waiting/{application.cohort_id}/{application.pk}"


def waiting_letter(application: Application) -> outbox.Letter:
    """What they asked for, and what happens next; nothing of anybody else, and no place in the order.

    Load the application with `user`, `cohort__programme` and its pathways, `sectors` and `support_areas`.
    """
    context = {
        **_about(application),
        "has_both_pathways": len(application.cohort.programme.pathways.all()) > 1,
        "sectors": [str(option.name) for option in application.sectors.all()],
        "support_areas": [str(option.name) for option in application.support_areas.all()],
    }
    return outbox.Letter(to=application.user.email, key=letter_key(application), context=context)


def _post(offer: Offer, name: str, key: str, *, at: datetime) -> None:
    """Nobody hears of an offer who has left the programme meanwhile, and nothing comes after its end (EI-2)."""
    application = offer.application
    is_here = application.user.is_active and application.state == State.ACCEPTED
    if not is_here or application.cohort.has_ended(timezone.localdate(at)):
        return
    outbox.post(
        f"matching/email/{name}",
        to=application.user.email,
        key=key,
        programme=application.cohort.programme.slug,
        context={
            **_about(application),
            "answer_by": offer.answer_by,
            "is_circle": offer.suggestion.pathway == Pathway.Kind.CIRCLE,
            "offer_url": settings.SITE_URL + offer.get_absolute_url(),
        },
        at=at,
    )


def _about(application: Application) -> dict[str, Any]:
    return {
        "name": application.user.name,
        "programme": application.cohort.programme,
        "cohort": application.cohort,
        "pathway": application.pathway,
        "application_url": settings.SITE_URL + reverse("application", args=[application.pk]),
    }
