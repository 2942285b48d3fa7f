"""What waits for the office: raised once while it is open, told to the team at once, settled once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from mentorship.lib.locks import lock_rows
from outbox import services as outbox
from partnerships.models import Flag, FlagQuerySet, Membership, Partnership
from partnerships.services.rights import refuse_own, refuse_stranger


@transaction.atomic
def raise_flag(
    partnership: Partnership,
    *,
    kind: str,
    at: datetime,
    membership: Membership | None = None,
    reason: str = "",
    line: str = "",
    wants_new_partner: bool | None = None,
) -> Flag:
    """Raise a flag and tell the programme's address at once that it waits (EI-1b).

    One of this kind (and member) that is open already is returned as it is; the unique index decides between two.
    """
    said = {"reason": reason, "line": line, "wants_new_partner": wants_new_partner}
    flag, is_new = Flag.objects.get_or_create(
        partnership=partnership,
        kind=kind,
        membership=membership,
        settled_at=None,
        defaults={"raised_at": at, **said},
    )
    if is_new:
        _tell_the_team(flag, at=at)
    return flag


@transaction.atomic
def settle(flag: Flag, *, by: User, at: datetime) -> Flag:
    """Say for the office that nothing more is to be done about it; twice is once."""
    locked = Flag.objects.select_for_update(of=("self",)).select_related("partnership__cohort__programme")
    flag = locked.get(pk=flag.pk)
    refuse_stranger(by, flag.partnership.cohort)
    refuse_own(by, flag.partnership, "decide about")
    settle_all(Flag.objects.filter(pk=flag.pk), by=by, at=at)
    flag.refresh_from_db()
    return flag


@transaction.atomic
def settle_all(flags: FlagQuerySet, *, by: User | None, at: datetime) -> None:
    """Settle those of these that are open; what hasn't been told to the team yet needn't be told any more.

    The flags are locked before their messages, as `settle` does it.
    """
    pks = lock_rows(flags.open())
    for pk in pks:
        outbox.withdraw(f"flag/{pk}", at=at)
    Flag.objects.filter(pk__in=pks).update(settled_at=at, settled_by=by)


def _tell_the_team(flag: Flag, *, at: datetime) -> None:
    """One message to the programme's address: that something waits, and where the list is (EI-1b).

    No name, no kind and no partnership: somebody who reads that address may be in it.
    """
    programme = flag.partnership.cohort.programme
    outbox.post(
        "partnerships/email/flag",
        to=programme.contact_email,
        key=f"flag/{flag.pk}",
        programme=programme.slug,
        context={"url": settings.SITE_URL + reverse("admin:partnerships_flag_changelist")},
        at=at,
    )
