"""Who was erased, outside the database: keyed pseudonyms with dates, no names, one a line, only ever added to.

A restored backup has the people of its day. The ledger is what still knows that some of them were erased since; keep
it apart from the backups of the database, and longer than they are kept.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User

_SALT = "overview.erasures"
_LINE = re.compile(r"(?m)^\d{4}-\d\d-\d\d ([0-9a-f]{64})$")


def pseudonym(user: User, *, secret: str | None = None) -> str:
    """A keyed hash of the account: of its number and the moment it began, since a restore gives numbers out again."""
    began = user.joined_at.astimezone(UTC).isoformat(timespec="microseconds")
    return salted_hmac(_SALT, f"{user.pk}/{began}", secret=secret, algorithm="sha256").hexdigest()


def pseudonyms(user: User) -> set[str]:
    """Under every secret key that the site has or had."""
    return {
        pseudonym(user, secret=secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    }


def add(mark: str, *, at: datetime) -> None:
    """Write a pseudonym and wait until it is on the disk; raises OSError where it can't be written."""
    path = Path(settings.ERASURE_LEDGER)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # It begins with an end of line, so that one that was torn by a full disk spoils no other.
        os.write(file, f"\n{timezone.localdate(at):%Y-%m-%d} {mark}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)


def read() -> set[str]:
    """Every pseudonym in it; nobody's where there is no ledger yet."""
    path = Path(settings.ERASURE_LEDGER)
    return set(_LINE.findall(path.read_text(encoding="ascii"))) if path.is_file() else set()
