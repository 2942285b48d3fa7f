"""What is done for an address that nobody has, so that its answer takes as long as for one that somebody has.

Whether somebody has an account here can tell what nobody else is to know of them. Words are equal by the package's own
care; time is equal when the same work is done. `make bench-enumeration` measures it.
"""

from __future__ import annotations

import uuid

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone

from accounts.models import User

_NOBODY = 0  # no row has this key


def nobodys_address() -> str:
    """An address to make an account with that is taken back at once."""
    return f"{uuid.uuid4().hex}@nobody.invalid"


def look_for(*, users: int = 0, addresses: int = 0) -> None:
    """Ask the database as often as for somebody, and find nobody."""
    for _ in range(users):
        User.objects.filter(pk=_NOBODY).first()
    for _ in range(addresses):
        EmailAddress.objects.filter(user_id=_NOBODY).first()


def look_as_long(address: str) -> None:
    """A proved address is found by one query less than any other: make that query, as the package makes it."""
    if EmailAddress.objects.filter(email=address.lower(), verified=True).exists():
        list(User.objects.filter(email=nobodys_address()).iterator(chunk_size=2000))


def make_link() -> None:
    """The work of a link for a new password."""
    nobody = User(pk=_NOBODY, email=nobodys_address(), last_login=timezone.now())
    PasswordResetTokenGenerator().make_token(nobody)
    look_for(addresses=2)
