"""The link that is sent to an address which somebody left: it confirms the address, and takes it off again (BM-3).

The address in it is encrypted, since addresses of pages end up in the logs of servers and in the history of browsers.
It stays good for ever: whoever has it must be able to take the address off on any day.
"""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from programmes.models import Programme

_SALT = "applications.interest_links"


def interest_url(programme: Programme, address: str) -> str:
    """The absolute address of the page on which its owner says yes or no."""
    told = json.dumps([programme.pk, address]).encode()
    return settings.SITE_URL + reverse("interest", args=[_box().encrypt(told).decode().rstrip("=")])


def opened(token: str) -> tuple[Programme, str] | None:
    """The programme and the address of a link that we made; None for any other, and where the programme is no more."""
    try:
        pk, address = json.loads(_box().decrypt(token.encode() + b"=" * (-len(token) % 4)))
    except InvalidToken:
        return None
    programme = Programme.objects.public().filter(pk=pk).first()
    return (programme, address) if programme else None


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac(_SALT, "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
