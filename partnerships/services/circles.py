"""What becomes of a circle: somebody is let go, it joins another one, or it lacks people (BM-7)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from outbox.models import Message
from partnerships.models import EndReason, Flag, Membership, Partnership, State
from partnerships.queries.circles import with_sizes
from partnerships.services.ending import close, leave_the_pool
from partnerships.services.flags import raise_flag, settle_all
from partnerships.services.introducing import join
from partnerships.services.letters import post
from partnerships.services.rights import lock, refuse_own, refuse_stranger

log = logging.getLogger(__name__)
Part = Membership.Part


@transaction.atomic
def let_go(
    membership: Membership, *, by: User | None, at: datetime, wants_new_partner: bool | None = None
) -> Membership:
    """Let one member of a circle go, at once; the others hear that somebody left, not who or why (BM-7).

    `wants_new_partner` is by default what the person said when they asked to leave, or else yes.
    """
    circle = lock(membership.partnership)
    refuse_stranger(by, circle.cohort)
    refuse_own(by, circle, "let anybody out of")
    members = {row.pk: row for row in circle.memberships.current().select_related("application__user")}
    leaver = members.pop(membership.pk, None)
    if leaver is None or not circle.is_circle or circle.state == State.ENDED:
        raise NotPossible("Only somebody who is in a circle now can be let go.")
    own = Flag.objects.open().filter(membership=leaver)
    if wants_new_partner is None:
        wants_new_partner = not own.filter(wants_new_partner=False).exists()
    settle_all(own, by=by, at=at)
    _step_out(leaver, at=at)
    if not wants_new_partner:
        leave_the_pool(leaver)
    post(circle, leaver.application, "left", f"{leaver.pk}", at=at, looks_for_somebody=wants_new_partner)
    for member in members.values():
        post(circle, member.application, "somebody_left", f"{leaver.pk}/{member.pk}", at=at)
    return leaver


def _step_out(leaver: Membership, *, at: datetime) -> None:
    """Out of the circle, hence out of sight on both sides; what waits for them about it isn't sent."""
    leaver.left_on = timezone.localdate(at)
    leaver.save(update_fields=["left_on"])
    outbox.withdraw(f"nudge/{leaver.application.user_id}", at=at)
    day_before = Message.objects.filter(
        state=Message.State.WAITING,
        key__startswith=f"day-before/{leaver.partnership_id}/",
        key__endswith=f"/{leaver.pk}",
    )
    for key in day_before.order_by("pk").values_list("key", flat=True):
        outbox.withdraw(key, at=at)


@transaction.atomic
def merge(circle: Partnership, *, into: Partnership, by: User | None, at: datetime) -> Partnership:
    """Let the mentees of one circle join another one, which everybody there then agrees to afresh (BM-7).

    The first one ends, and its facilitators are free again. Whoever can't be introduced holds the whole merger back.
    """
    if circle.pk == into.pk:
        raise NotPossible("Choose another circle to join.")
    rows = {row.pk: lock(row) for row in sorted([circle, into], key=lambda row: row.pk)}
    circle, into = rows[circle.pk], rows[into.pk]
    refuse_stranger(by, circle.cohort)
    refuse_own(by, circle, "merge")
    _refuse_merger(circle, into)
    members = close(circle, by=by, at=at, reason=EndReason.MERGED)
    moving = [member.application for member in members if member.part == Part.MENTEE]
    for member in members:
        post(circle, member.application, "merged", f"{member.pk}", at=at, moves=member.part == Part.MENTEE)
    return join(into, people=moving, by=by, at=at)


def _refuse_merger(circle: Partnership, into: Partnership) -> None:
    if not (circle.is_circle and into.is_circle) or circle.cohort_id != into.cohort_id:
        raise NotPossible("Only two circles of one cohort can become one.")
    if not circle.is_active:
        raise NotPossible("It rests at the moment: let it go on, or end it.")
    if Flag.objects.open().filter(partnership=circle, kind=Flag.Kind.LEAVING).exists():
        raise NotPossible("Somebody in it has asked to leave: answer that first.")
    if not circle.memberships.current().filter(part=Part.MENTEE).exists():
        raise NotPossible("There is nobody in it who could move: end it instead.")


def check_circles(*, at: datetime) -> int:
    """Flag circles that have too few mentees or nobody who leads them, once while it lasts; how many were flagged.

    A flag whose cause is gone settles by itself; one that the office has settled comes again once the circle has
    changed. One that fails holds back no other.
    """
    running = Partnership.objects.active().filter(cohort__ends_on__gte=timezone.localdate(at))
    flagged = 0
    for pk in list(running.filter(pathway="circle").values_list("pk", flat=True)):
        try:
            flagged += _check(pk, at=at)
        except Exception:  # it is tried again with the next sweep
            log.exception("Circle %s could not be checked.", pk)
    return flagged


@transaction.atomic
def _check(pk: int, *, at: datetime) -> int:
    """Look at one circle under its lock: somebody may be joining it at this moment."""
    lock_rows(Partnership.objects.filter(pk=pk))
    circles = with_sizes(Partnership.objects.active().select_related("cohort__programme"))
    circle = circles.filter(pk=pk).first()
    if circle is None:
        return 0
    lacks = {
        Flag.Kind.SMALL: circle.mentees < circle.smallest,
        Flag.Kind.UNLED: not circle.facilitators,
    }
    flags = Flag.objects.open().filter(partnership=circle, kind__in=lacks)
    settle_all(
        flags.filter(kind__in=[kind for kind, lacking in lacks.items() if not lacking]), by=None, at=at
    )
    known = set(flags.values_list("kind", flat=True)) | _settled_by_the_office(circle)
    missing = [kind for kind, lacking in lacks.items() if lacking and kind not in known]
    for kind in missing:
        raise_flag(circle, kind=kind, at=at)
    return len(missing)


def _settled_by_the_office(circle: Partnership) -> set[str]:
    """Kinds that it has looked at since the circle last changed: it isn't told the same again."""
    days = circle.memberships.values_list("joined_on", "left_on")
    changed_on = max((day for pair in days for day in pair if day), default=date.min)
    settled = Flag.objects.filter(partnership=circle, settled_at__isnull=False, settled_by__isnull=False)
    rows = settled.values_list("kind", "raised_at")
    return {kind for kind, raised_at in rows if timezone.localdate(raised_at) >= changed_on}
