"""The second factor: what the package asks of us, and its secrets sealed before SQL sees them.

Sealed with AES-GCM under a key that is derived from SECRET_KEY. A copy of the database alone doesn't let anybody
compute a code; a taken web server does. After a change of SECRET_KEY the old one must stand in SECRET_KEY_FALLBACKS,
or everybody sets up their second factor anew.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from qrcode.image.svg import SvgPathFillImage

from accounts.models import User

NAME = "Mentorship"  # in apps and on keys: says nothing about a programme
NONCE_BYTES = 12
_PLACE = b"second factor"


class Unreadable(Exception):
    """A sealed secret doesn't open: SECRET_KEY has changed, or it was altered."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This isn’t the code, or it is too old. Please wait for the next one and try again.",
        "unverified_email": "One of your addresses isn’t confirmed yet. Please confirm or remove it first, on your"
        " account page.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first; the codes stand in for it.",
    }

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), _PLACE)
        return urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unreadable; an empty secret instead would let everybody in who knows how codes are computed."""
        sealed = urlsafe_b64decode(encrypted_text)
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                opened = AESGCM(_key(secret)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _PLACE)
            except InvalidTag:
                continue
            return opened.decode()
        raise Unreadable("No key of SECRET_KEY and SECRET_KEY_FALLBACKS opens this second factor.")

    def get_totp_issuer(self) -> str:
        return NAME

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a camera reads it in the dark scheme too."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {number + 1}" if number else "My passkey"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": NAME}


def has_second_factor(user: User | AnonymousUser) -> bool:
    """An app or a passkey; recovery codes only stand in for one."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return user.is_authenticated and Authenticator.objects.filter(user=user, type__in=kinds).exists()


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.second_factor")
    return derived.derive(secret.encode())
