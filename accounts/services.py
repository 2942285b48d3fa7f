"""Changes to a person's account that have a rule."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import GONE, NOWHERE, User
from accounts.queries import people_by_address
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox


@transaction.atomic
def create_imported(*, email: str, name: str) -> User:
    """An account for somebody the office knows: no password, and the address still to be proved by its owner.

    Raises NotPossible if somebody has this address already, in whatever letter case.
    """
    email = email.strip().lower()
    if people_by_address([email]):
        raise NotPossible("There is an account with this address already.")
    (user,) = create_all_imported([(email, name)])
    return user


@transaction.atomic
def create_all_imported(people: Sequence[tuple[str, str]]) -> list[User]:
    """The same for many addresses with their names, in their order and in a few queries.

    The caller has asked `queries.people_by_address`; an address that is taken all the same is an IntegrityError.
    """
    users = [User(email=email.lower(), name=name.strip()) for email, name in people]
    for user in users:
        user.set_unusable_password()
    users = User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True) for user in users
    )
    return users


@transaction.atomic
def prove_address(user: User, *, address: str) -> None:
    """The person has read mail sent to this address, so it is theirs: verified, and primary if there is no other.

    Raises NotPossible if another account has proved it before.
    """
    forget_unproven_password(user, address=address)
    email, _ = EmailAddress.objects.get_or_create(user=user, email=address.lower())
    if not email.set_verified():
        raise NotPossible("This address belongs to another account.")
    email.set_as_primary(conditional=True)


@transaction.atomic
def forget_unproven_password(user: User, *, address: str) -> None:
    """Drop a password chosen by somebody who never showed that the address is theirs.

    Otherwise a stranger could sign up with another person's address and wait until its owner proves it.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    is_proven = EmailAddress.objects.filter(user=person, email=address.lower(), verified=True).exists()
    if not is_proven and person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        user.password = person.password


@transaction.atomic
def forget_second_factor(user: User, *, at: datetime) -> None:
    """Take the second factor of somebody away who has lost it, recovery codes too, and tell them.

    Whoever asks for it has made sure that it is them. Raises NotPossible if there is none.
    """
    gone, _ = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise NotPossible("There is no second step on this account.")
    occasion = f"second_factor_forgotten/{user.pk}/{at.isoformat()}"
    outbox.post(
        "accounts/email/second_factor_forgotten",
        to=user.email,
        key=occasion,
        context={"name": str(user)},
        at=at,
    )


def close(user: User) -> None:
    """Nobody signs in any more, and whoever is signed in isn't from the next request on; all else stays."""
    User.objects.filter(pk=user.pk).update(is_active=False)


@transaction.atomic
def become_nobody(user: User) -> User:
    """Leave of an account what others' records lead to, and nothing of the person; nobody signs in to it again.

    The row is locked as in any change of a person; what else hangs on it is the caller's to erase.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person.name, person.email = GONE, f"{secrets.token_hex(8)}@{NOWHERE}"
    person.is_active = person.is_superuser = False
    person.last_login, person.most_partnerships = None, None
    person.time_zone = User._meta.get_field("time_zone").get_default()
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def change_settings(user: User, *, time_zone: str, most_partnerships: int | None) -> User:
    """Change the zone in which a person reads times, and their own ceiling over all programmes (BM-8).

    The ceiling holds for what begins from now on; what runs already isn't touched, and no office is told. Raises
    NotPossible for an unknown zone or a ceiling out of range. The person's row is locked, as it is while somebody
    is introduced (`partnerships.services.places.free_seat`).
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person.time_zone, person.most_partnerships = time_zone, most_partnerships
    try:
        person.clean_fields(exclude=_all_but("time_zone", "most_partnerships"))
    except ValidationError as wrong:
        raise NotPossible(" ".join(wrong.messages)) from wrong
    person.save(update_fields=["time_zone", "most_partnerships"])
    return person


def _all_but(*names: str) -> set[str]:
    return {field.name for field in User._meta.fields} - set(names)
