"""What concerns say is sealed here, before SQL sees it (EI-6, ALL-1).

Each case has a data key of its own. That key is kept in the case's row, wrapped by a key of
`settings.CONCERN_KEYS`: the first of the list wraps, all of them unwrap, so a new key is put in front and the old
one stays. Values are sealed with AES-GCM and bound to their table, column and row: a value that was moved or altered
doesn't open. They are padded, so that their length doesn't tell one choice from another.

A fingerprint is a keyed hash: it finds the rows of a person whose identity is sealed, and says nothing without
the key.

A copy of the database alone tells nothing of this. A taken web server, which holds the keys, tells everything.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
BLOCK_BYTES = 64


class Unreadable(Exception):
    """A sealed value doesn't open: its key isn't in CONCERN_KEYS, or it was altered or moved."""


class DataKey:
    """The key of one case, unwrapped. It lives as long as a request and is never stored."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    @classmethod
    def new(cls) -> Self:
        return cls(AESGCM.generate_key(bit_length=256))

    @classmethod
    def unwrap(cls, key_id: str, wrapped: bytes | memoryview, *, place: str) -> Self:
        """Open a wrapped data key with the key of the list that has this id; raises Unreadable."""
        return cls(_decrypt(_derive(_secret(key_id), "wrap"), wrapped, place))

    def wrap(self, *, place: str) -> tuple[str, bytes]:
        """The id of the first key of the list, and the data key wrapped by it."""
        secret = settings.CONCERN_KEYS[0]
        return _key_id(secret), _encrypt(_derive(secret, "wrap"), self._raw, place)

    def seal(self, value: Any, *, place: str) -> bytes:
        """Seal anything that JSON can hold; `place` is table/column/row."""
        return _encrypt(self._raw, _pad(json.dumps(value).encode()), place)

    def open(self, sealed: bytes | memoryview, *, place: str) -> Any:
        """What was sealed for this place; raises Unreadable."""
        return json.loads(_unpad(_decrypt(self._raw, sealed, place)))


def fingerprint(purpose: str, value: object, *, key_id: str = "") -> str:
    """A keyed hash under the first key, or under the one with an id. Hashes of different purposes can't be compared."""
    return _fingerprint(_secret(key_id) if key_id else settings.CONCERN_KEYS[0], purpose, value)


def fingerprints(purpose: str, value: object) -> list[str]:
    """The keyed hashes under all keys of the list: rows made under an older key are found too."""
    return [_fingerprint(secret, purpose, value) for secret in settings.CONCERN_KEYS]


def fingerprint_of_code(code: str) -> str:
    """The hash by which a code of an anonymous reporter is found, whatever the keys of the day.

    Without a key, since it couldn't be made anew when keys change; a code has too many possibilities to try out.
    """
    return hashlib.sha256(f"concerns/code/{code}".encode()).hexdigest()


def secrets_for(purpose: str, value: object) -> list[bytes]:
    """32 bytes that only this server can make from a value, under each key of the list."""
    return [
        hmac.digest(_derive(secret, f"secret/{purpose}"), str(value).encode(), "sha256")
        for secret in settings.CONCERN_KEYS
    ]


def _fingerprint(secret: str, purpose: str, value: object) -> str:
    return hmac.digest(_derive(secret, f"fingerprint/{purpose}"), str(value).encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose from a secret of the environment, which must be random (see `settings.secret`)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"concerns/{purpose}".encode()).derive(
        secret.encode()
    )


def current_key_id() -> str:
    """The id of the key that wraps now."""
    return _key_id(settings.CONCERN_KEYS[0])


def known_key_ids() -> set[str]:
    return {_key_id(secret) for secret in settings.CONCERN_KEYS}


def _secret(key_id: str) -> str:
    for secret in settings.CONCERN_KEYS:
        if _key_id(secret) == key_id:
            return secret
    raise Unreadable("This key isn't among CONCERN_KEYS.")


def _key_id(secret: str) -> str:
    return _derive(secret, "id")[:4].hex()


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _decrypt(key: bytes, sealed: bytes | memoryview, place: str) -> bytes:
    sealed = bytes(sealed)  # PostgreSQL gives a memoryview
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        raise Unreadable("A sealed value was altered or moved.") from error


def _pad(plain: bytes) -> bytes:
    return plain + b"\x80" + b"\x00" * (-(len(plain) + 1) % BLOCK_BYTES)


def _unpad(padded: bytes) -> bytes:
    return padded.rstrip(b"\x00")[:-1]
