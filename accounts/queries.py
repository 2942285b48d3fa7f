"""Whose an address is, and which address of a person is the School's."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from accounts.models import NOWHERE, User


def is_school_address(address: str) -> bool:
    """Whether an address lies at one of the School's domains (`SCHOOL_EMAIL_DOMAINS`), not at a subdomain."""
    return address.rpartition("@")[2].lower() in settings.SCHOOL_EMAIL_DOMAINS


def with_addresses(prefix: str = "") -> Prefetch:
    """Prefetch of the verified addresses for `school_address`; `prefix` is the path to the user."""
    addresses = EmailAddress.objects.filter(verified=True).order_by("-primary", "pk")
    path = f"{prefix}__emailaddress_set" if prefix else "emailaddress_set"
    return Prefetch(path, queryset=addresses, to_attr="verified_addresses")


def school_address(user: User) -> str:
    """The verified School address of a person, whatever they sign in with (EI-5b); empty if there is none."""
    verified = getattr(user, "verified_addresses", None)
    if verified is None:
        verified = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return next((address.email.lower() for address in verified if is_school_address(address.email)), "")


def people_here() -> QuerySet[User]:
    """Everybody but who was erased, whose name is nobody's."""
    return User.objects.exclude(email__endswith=f"@{NOWHERE}")


def people_by_address(addresses: Iterable[str]) -> dict[str, User]:
    """Whose each of these addresses is, in small letters: proved by a person, or else what they sign in with.

    Their `verified_addresses` are loaded. An address that somebody added and never proved is nobody's.
    """
    wanted = iter({address.lower() for address in addresses})
    found: dict[str, User] = {}
    while some := list(islice(wanted, 500)):
        people = User.objects.annotate(folded=Lower("email")).prefetch_related(with_addresses())
        found |= {user.folded: user for user in people.filter(folded__in=some).order_by("pk")}
        proved = EmailAddress.objects.annotate(folded=Lower("email")).filter(folded__in=some, verified=True)
        owners = dict(proved.order_by("pk").values_list("folded", "user"))
        users = {user.pk: user for user in people.filter(pk__in=owners.values()).order_by("pk")}
        found |= {address: users[pk] for address, pk in owners.items()}
    return found
