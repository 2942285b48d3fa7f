"""The welcome link of people whom the office imported: it shows that the address is theirs, and signs them in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import (
    url_has_allowed_host_and_scheme,
    urlsafe_base64_decode,
    urlsafe_base64_encode,
)

from accounts.models import User


class WelcomeTokenGenerator(PasswordResetTokenGenerator):
    """Dies with the first sign-in, a new password, another address, or after PASSWORD_RESET_TIMEOUT."""

    key_salt = "accounts.links.welcome"


_tokens = WelcomeTokenGenerator()
# The token alone can't tell a used link from an invented one; the seal around it can.
_seal = Signer(salt="accounts.links.seal", sep=".")


@dataclass(frozen=True)
class WelcomeLink:
    """A link that we made: for whom, and whether it still opens the door."""

    user: User
    is_alive: bool


def welcome_url(user: User, *, next: str) -> str:
    """Absolute address of the person's welcome page, which leads on to the local address `next`."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    uidb64, token = _seal.sign(f"{uid}/{_tokens.make_token(user)}").split("/")
    path = reverse("welcome", kwargs={"uidb64": uidb64, "token": token})
    return f"{settings.SITE_URL}{path}?{urlencode({'next': next})}"


def read(uidb64: str, token: str) -> WelcomeLink | None:
    """What a link says; None if we never made it, or the person is no more."""
    try:
        uid, inner = _seal.unsign(f"{uidb64}/{token}").split("/")
    except BadSignature:
        return None
    user = User.objects.filter(pk=int(urlsafe_base64_decode(uid))).first()
    if user is None:
        return None
    return WelcomeLink(user, is_alive=user.is_active and _tokens.check_token(user, inner))


def local(address: str) -> str:
    """The address if it lies on this site, otherwise the home page."""
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_local else reverse("home")


def veiled(address: str) -> str:
    """An address that its owner knows again and nobody else learns: `j…@lse.ac.uk`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
