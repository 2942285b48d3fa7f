"""The end of a partnership: for everybody at the programme's last day, or before it, with what comes next for each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.models import State as ApplicationState
from mentorship.lib.refusals import NotPossible
from partnerships.models import EndReason, Flag, Membership, Partnership, State
from partnerships.services.closing import post_closing
from partnerships.services.flags import settle_all
from partnerships.services.letters import post, withdraw_names, withdraw_reminders
from partnerships.services.rights import lock, refuse_own, refuse_stranger
from programmes.models import Pathway

Part = Membership.Part


@transaction.atomic
def end(
    partnership: Partnership,
    *,
    by: User | None,
    at: datetime,
    reason: EndReason,
    rematch: Collection[Application] | None = None,
) -> Partnership:
    """End a partnership, free its places, and tell everybody in it once (EI-2).

    Before the programme's end, `rematch` are those for whom the office looks for somebody new; by default everybody
    but who asked to leave without that wish. They keep their application as it is, hence their place in the order;
    the others leave the pool. The letters say neither who asked nor why.
    """
    if reason == EndReason.MERGED:
        raise NotPossible("A circle ends so by joining another one.")
    partnership = lock(partnership)
    looking = {a.pk for a in (looking_for_somebody(partnership) if rematch is None else rematch)}
    for member in close(partnership, by=by, at=at, reason=reason):
        if reason == EndReason.PROGRAMME:
            post_closing(partnership, member.application, at=at)
        else:
            _part_early(partnership, member, looks=member.application_id in looking, at=at)
    return partnership


def _part_early(partnership: Partnership, member: Membership, *, looks: bool, at: datetime) -> None:
    if not looks:
        leave_the_pool(member)
    occasion = f"{member.application_id}"
    post(partnership, member.application, "ended_early", occasion, at=at, looks_for_somebody=looks)


def looking_for_somebody(partnership: Partnership) -> list[Application]:
    """Who would like somebody new, as far as the office knows: all but who asked to leave and said no."""
    done = Flag.objects.open().filter(
        partnership=partnership, kind=Flag.Kind.LEAVING, wants_new_partner=False
    )
    members = partnership.memberships.current().exclude(pk__in=done.values("membership"))
    return [member.application for member in members.select_related("application__user")]


def close(partnership: Partnership, *, by: User | None, at: datetime, reason: EndReason) -> list[Membership]:
    """End a locked partnership without a word; gives who was in it to the end, for whoever tells them."""
    refuse_stranger(by, partnership.cohort)
    refuse_own(by, partnership, "end")
    partnership.move_to(State.ENDED, at=at, reason=reason)
    inside = partnership.memberships.current().order_by("application")
    members = list(inside.select_related("application__user"))
    withdraw_reminders(partnership, at=at)
    withdraw_names(partnership, at=at)
    settle_all(Flag.objects.filter(partnership=partnership), by=by, at=at)
    inside.update(left_on=timezone.localdate(at), stayed_to_the_end=True)
    return members


def leave_the_pool(member: Membership) -> None:
    """Who wants nobody new: a mentee's application is taken back, a mentor's place isn't offered again.

    Call it once they have left, so that what they still hold elsewhere stays theirs.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=member.application_id)
    if member.part == Part.MENTEE:
        if application.state != ApplicationState.ACCEPTED:
            return
        application.move_to(ApplicationState.WITHDRAWN)
    elif member.part == Part.FACILITATOR:
        application.can_facilitate = False
    else:
        in_pairs = Membership.objects.current().filter(place__pathway=Pathway.Kind.ONE_TO_ONE)
        held = in_pairs.filter(application=application).count()
        application.places = max(held, application.places - 1, 0)
    application.save(update_fields=["state", "can_facilitate", "places"])
