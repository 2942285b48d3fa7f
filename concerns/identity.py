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
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]+[^\s<>()\[\],;:\"“”.!?]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_APOSTROPHES = re.compile(r"['’ʼ`]")
_NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def account(user: User) -> Mark:
    return "account", str(user.pk)


def addresses_in(text: str) -> set[str]:
    """E-mail addresses in a text, in small letters."""
    return {found.casefold() for found in _ADDRESS.findall(text)}


def words_in(text: str) -> set[str]:
    """The words of a text without case and accents; “O'Brien” gives “obrien” as well as “brien”."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_NOT_DECOMPOSED)
    return set(_WORD.findall(plain)) | set(_WORD.findall(_APOSTROPHES.sub("", plain)))


def marks_in(text: str) -> set[Mark]:
    """What a reporter's list of people is recognised by: each address, and each word that isn't part of one."""
    addresses = addresses_in(text)
    rest = _ADDRESS.sub(" ", text)
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


def fingerprint(mark: Mark) -> str:
    kind, value = mark
    return sealing.fingerprint(_PURPOSES[kind], value)


def fingerprints(marks: Iterable[Mark]) -> list[str]:
    """Under every key of the environment: what was kept under an older key is found too."""
    return [found for kind, value in marks for found in sealing.fingerprints(_PURPOSES[kind], value)]
