"""The keys of the questionnaire, each derived for its one purpose from the site's secret (EI-7).

A pseudonym is a keyed hash of a cohort and an account: it finds a person's answers when they come back, and when stages
are counted. A copy of the database alone can't make it; whoever has the server's secret as well can, for every account.

Keys may change: the first secret makes, all of them find and open (`SECRET_KEY_FALLBACKS`). The monthly count renews
what it finds under a former one, so a former secret may go a month after a new one came. Who drops it earlier leaves
answers that nobody can find any more, and they stay in no figure; `services.purge` removes them with their cohort.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
ROW_BYTES = 16
BLOCK_ROWS = 64  # a sealed list tells its length only in steps of so many rows


def pseudonym(*, cohort: int, account: int) -> str:
    """By what a person's answers in a cohort are found, made under the present secret."""
    return pseudonyms(cohort=cohort, account=account)[0]


def pseudonyms(*, cohort: int, account: int) -> list[str]:
    """The same under every secret that the settings know, the present one first."""
    value = f"{cohort}/{account}".encode()
    return [hmac.digest(_derive(secret, "pseudonym"), value, "sha256").hex() for secret in _secrets()]


def seal(rows: Collection[UUID], *, place: str) -> bytes:
    """A list of rows that only this server can read, bound to its place in the database."""
    plain = len(rows).to_bytes(4) + b"".join(sorted(row.bytes for row in rows))
    padded = plain + b"\0" * (-(len(plain) - 4) % (BLOCK_ROWS * ROW_BYTES))
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_derive(_secrets()[0], "seal")).encrypt(nonce, padded, place.encode())


def unseal(sealed: bytes | memoryview, *, place: str) -> frozenset[UUID] | None:
    """The rows of a sealed list; None if it doesn't open: emptied, moved, altered, or its secret is gone."""
    sealed = bytes(sealed)  # PostgreSQL gives a memoryview
    for secret in _secrets() if len(sealed) > NONCE_BYTES else []:
        try:
            plain = AESGCM(_derive(secret, "seal")).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()
            )
        except InvalidTag:
            continue
        return frozenset(
            UUID(bytes=plain[start : start + ROW_BYTES])
            for start in range(4, 4 + ROW_BYTES * int.from_bytes(plain[:4]), ROW_BYTES)
        )
    return None


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=16)
def _derive(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose; keys of other purposes, here or elsewhere, say nothing about them."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"equality/{purpose}".encode()).derive(
        secret.encode()
    )
