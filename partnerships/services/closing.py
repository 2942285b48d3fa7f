"""The one message with which the programme closes for a person (EI-2, EI-3)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from applications.links import continue_url
from applications.models import Application
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Partnership
from partnerships.services.letters import context_of
from programmes.models import Wording
from programmes.wording import USUAL, fill


def post_closing(partnership: Partnership, application: Application, *, at: datetime) -> None:
    """Close the programme for one person: thanks, whether they would like to continue, their certificate.

    Nothing is asked that anybody waits for, and nothing is chased (EI-2). The key is that of every other message
    about the end of a partnership, so that nobody ever has two.
    """
    thanks_url = settings.SITE_URL + reverse("certificate_of_thanks", args=[partnership.pk])
    outbox.post(
        "partnerships/email/closing",
        to=application.user.email,
        key=f"ended/{partnership.pk}/{application.pk}",
        programme=partnership.cohort.programme.slug,
        context={
            **context_of(partnership, application),
            "words": _words(partnership, application, at=at),
            "continue_url": continue_url(application),
            "thanks_url": thanks_url if application.is_mentor else "",
        },
        at=at,
    )


def _words(partnership: Partnership, application: Application, *, at: datetime) -> str:
    """The programme's own words, or else the usual ones."""
    cohort = partnership.cohort
    own = Wording.objects.filter(programme=cohort.programme, kind=Wording.Kind.CLOSING).first()
    values = {
        "name": application.user.name,
        "partner": _partner(partnership, application, at=at),
        "programme": cohort.programme.name,
        "team": cohort.programme.team_name,
        "ends": f"{cohort.ends_on:%-d %B}",
    }
    return fill(own.text if own else USUAL["closing"], values)


def _partner(partnership: Partnership, application: Application, *, at: datetime) -> str:
    """The circle's name, or the other's if their card still shows it."""
    if partnership.is_circle:
        return partnership.name
    channel = Disclosure.Channel.EMAIL
    try:
        shown = cards_for(partnership, viewer=application.user, only=["name"], channel=channel, at=at)
    except NotPossible:
        shown = []
    names = [card.name for _, card in shown if card.name]
    return " and ".join(names) or ("your mentee" if application.is_mentor else "your mentor")
