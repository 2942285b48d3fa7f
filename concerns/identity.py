"""By what a person is recognised where a case is kept from them: their account, their addresses, their name.

A reporter writes names as people do (“Dr Lovelace”, “ada@lse.example”), and whoever they mean may be given a duty only
later. So what they write is kept as keyed hashes of its addresses and of its words, and a case is closed to everybody
whose account, address or any word of whose name is among them. It may keep out a namesake: that is the safe mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from allauth.account.models import EmailAddress

from accounts.models import User
from concerns import sealing

Mark = tuple[Literal["account", "address", "word"], str]
_PURPOSES = {"account": "excluded", "address": "excluded/address", "word": "excluded/word"}
# Bounded, so that no text makes it slow.
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_a-z]")  # one sign may be a name, but for letters of the alphabet
_APOSTROPHES = re.compile(r"['’ʼ`]")
_BROKEN = re.compile(r"-\s*\n\s*")
_NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def account(user: User) -> Mark:
    return "account", str(user.pk)


def addresses_in(text: str) -> set[str]:
    """E-mail addresses in a text, in small letters; one with a “+tag” without it too."""
    found = {address.casefold() for address in _ADDRESS.findall(_plain(text))}
    return found | {re.sub(r"\+[^@]*", "", address) for address in found}


def words_in(text: str) -> set[str]:
    """The words of a text without case and accents; “O'Brien” gives “obrien” as well as “brien”."""
    decomposed = unicodedata.normalize("NFKD", _plain(text).casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_NOT_DECOMPOSED)
    return set(_WORD.findall(plain)) | set(_WORD.findall(_APOSTROPHES.sub("", plain)))


def _plain(text: str) -> str:
    """Without signs that nobody sees, with one form for each letter, and with words whole that a line broke."""
    plain = unicodedata.normalize("NFKC", text)
    return _BROKEN.sub("", "".join(sign for sign in plain if unicodedata.category(sign) != "Cf"))


def marks_in(text: str) -> set[Mark]:
    """What a reporter's list of people is recognised by: each address, and each word that isn't part of one."""
    addresses = addresses_in(text)
    rest = _ADDRESS.sub(" ", _plain(text))
    return {("address", address) for address in addresses} | {("word", word) for word in words_in(rest)}


def marks_of(user: User) -> set[Mark]:
    """Everything that a person may have been called: account, all addresses of it, each word of the name."""
    added = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    addresses = {address.casefold() for address in [user.email, *added]}
    return {
        account(user),
        *(("address", address) for address in addresses),
        *(("word", word) for word in words_in(user.name)),
    }


def is_named_in(name: str, words: Iterable[str]) -> bool:
    """Whether two words of a name stand among those of a longer text: titles and middle names are often left out."""
    return len(words_in(name).intersection(words)) > 1


def is_family_name_in(name: str, text: str) -> bool:
    """Whether the last word of a name stands in a text as names do: with a capital, where its script has capitals."""
    last = words_in((name.split() or [""])[-1])
    written = re.findall(r"[^\W\d_]+", _APOSTROPHES.sub(" ", _plain(text)))
    return any(_is_name(word) and any(part in words_in(word) for part in last) for word in written) or any(
        part in word for part in last if not part.isascii() for word in written
    )


def _is_name(word: str) -> bool:
    return word[:1].isupper()


def fingerprint(mark: Mark, *, key_id: str = "") -> str:
    """Under the first key, or under the one with an id."""
    kind, value = mark
    return sealing.fingerprint(_PURPOSES[kind], value, key_id=key_id)


def fingerprints(marks: Iterable[Mark]) -> list[str]:
    """Under every key of the environment: what was kept under an older key is found too."""
    return [found for kind, value in marks for found in sealing.fingerprints(_PURPOSES[kind], value)]
