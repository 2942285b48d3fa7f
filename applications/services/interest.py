"""Who is outside a programme leaves an address, hears once when it widens, and is forgotten (BM-3, BM-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from applications.interest_links import interest_url
from applications.models import Interest, WhoMayJoin
from applications.outside import boundaries
from mentorship.lib.refusals import NotPossible
from mentorship.lib.sweeps import in_sets
from outbox import services as outbox
from outbox.models import Message
from programmes.models import Option, Programme

MOST_LETTERS_AN_HOUR = 60  # for one programme: more than people ask, less than a flood
_CONFIRM = "applications/email/confirm_interest"


def wording(programme: Programme) -> str:
    """What a person agrees to, word for word; it is kept with their address."""
    return (
        f"Keep my e-mail address to tell me once if {programme.name} opens to more people."
        " It is used for nothing else, nobody in the office reads it, and it is deleted as soon as I have been told,"
        " or on the day on which I ask for it."
    )


@transaction.atomic
def ask(programme: Programme, *, address: str, at: datetime) -> None:
    """Write to an address that was left, with the link that confirms it; until then nothing is kept but the letter.

    The same whether the address is known or not, so that nobody learns of anybody else; once a day at most. The
    letter belongs to no programme's list of messages, on which an office would read the address.
    """
    _refuse_if_all_may_join(programme)
    prefix = f"interest/{programme.pk}/"
    recent = Message.objects.filter(key__startswith=prefix, created_at__gt=at - timedelta(hours=1))
    if recent.count() >= MOST_LETTERS_AN_HOUR:
        raise NotPossible("Many addresses have been left just now. Please try again in an hour.")
    outbox.post(
        _CONFIRM,
        to=address,
        key=f"{prefix}{_blurred(address)}/{timezone.localdate(at)}",
        context={"programme": programme, "url": interest_url(programme, address)},
        at=at,
    )


def _blurred(address: str) -> str:
    return salted_hmac("applications.interest", address.lower(), algorithm="sha256").hexdigest()[:32]


def _refuse_if_all_may_join(programme: Programme) -> None:
    if not boundaries(programme):
        raise NotPossible("This programme keeps nobody outside any more: please look at its page.")


@transaction.atomic
def keep(programme: Programme, *, address: str, at: datetime) -> Interest:
    """Keep an address that its owner has confirmed, with the wording that they agreed to. Twice is once."""
    _refuse_if_all_may_join(programme)
    WhoMayJoin.objects.get_or_create(programme=programme, defaults={"answers": _who_may_join(programme)})
    interest, _ = Interest.objects.get_or_create(
        programme=programme,
        address__iexact=address,
        defaults={"address": address, "asked_at": at, "wording": wording(programme)},
    )
    return interest


def forget(programme: Programme, *, address: str) -> None:
    """Take an address off; one that isn't there is off already."""
    Interest.objects.filter(programme=programme, address__iexact=address).delete()


def tell_of_widening(*, at: datetime) -> int:
    """Write to everybody who left an address where a programme has widened, and forget them; how many were written.

    A programme in preparation says nothing yet. What was noted of the rule is renewed only after the last letter, so
    that who couldn't be written to now is written to next time.
    """
    notes = WhoMayJoin.objects.filter(programme__is_public=True).select_related("programme").order_by("pk")
    return sum(_tell(note, at=at) for note in notes)


def _tell(note: WhoMayJoin, *, at: datetime) -> int:
    programme, told = note.programme, 0
    if new := _newly_inside(note):
        names = [option.name for option in new]
        pks = list(Interest.objects.filter(programme=programme).order_by("pk").values_list("pk", flat=True))
        told = in_sets(pks, lambda some: _write(programme, names, some, at=at), what="address that was left")
        if told < len(pks):
            return told
    answers = _who_may_join(programme)
    if note.answers != answers:
        WhoMayJoin.objects.filter(pk=note.pk).update(answers=answers)
    return told


def _write(programme: Programme, names: Sequence[str], pks: Sequence[int], *, at: datetime) -> int:
    rows = list(Interest.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    still = [option.name for each in boundaries(programme) for option in each.outside]
    context = {
        "programme": programme,
        "names": names,
        "still_outside": still,
        "url": settings.SITE_URL + programme.get_absolute_url(),
        "outside_url": settings.SITE_URL + reverse("outside", args=[programme.slug]),
    }
    letters = [
        outbox.Letter(to=row.address, key=f"widened/{programme.pk}/{row.pk}", context=context) for row in rows
    ]
    outbox.post_all("applications/email/widened", letters, at=at)
    Interest.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(pks)


def _newly_inside(note: WhoMayJoin) -> list[Option]:
    """Answers that may join now and couldn't when the rule was noted, of facts that kept somebody outside then."""
    known = {pk for pks in note.answers.values() for pk in pks}
    rows = note.programme.options.filter(fact__in=list(note.answers), is_open=True, is_eligible=True)
    return list(rows.exclude(pk__in=known).order_by("fact", "position", "pk"))


def _who_may_join(programme: Programme) -> dict[str, list[int]]:
    return {each.fact: [option.pk for option in each.inside] for each in boundaries(programme)}
