"""By what a person is recognised in a text: their name and their addresses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from accounts.models import GONE, User
from overview.personal.finding import addresses_of

_FOLDED = re.compile(r"\r\n[ \t]")  # a long line of a calendar (RFC 5545, 3.1)


@dataclass(frozen=True)
class Traces:
    """A name of one word counts in its own letters only, and one of two or three letters not at all, since it may be a
    word of the language too. See `certain`.
    """

    name: str
    addresses: frozenset[str]

    @classmethod
    def of(cls, user: User) -> Traces:
        return cls(user.name, frozenset(addresses_of(user)))

    @property
    def certain(self) -> Traces:
        """Without a name that may be a word: a short one, alone."""
        is_certain = len(self.name.split()) > 1 or len(self.name) > 7
        return self if is_certain else Traces("", self.addresses)

    def are_in(self, text: str) -> bool:
        """Also where HTML or a calendar wrote it in its own way."""
        text = _FOLDED.sub("", text) if "\r" in text else text
        small = text.lower()
        if not any(anchor in small for anchor in self._anchors):  # much sooner said than by the patterns
            return False
        return any(pattern.search(text) for pattern in self._patterns)

    def taken_out_of(self, text: str) -> str:
        if self.are_in(text):
            text = _FOLDED.sub("", text)
        for pattern in self._patterns:
            text = pattern.sub(GONE, text)
        return text

    def taken_out_of_all(self, value: Any) -> Any:
        """The same for every text in plain data."""
        if isinstance(value, str):
            return self.taken_out_of(value)
        if isinstance(value, list):
            return [self.taken_out_of_all(each) for each in value]
        if isinstance(value, dict):
            return {self.taken_out_of_all(key): self.taken_out_of_all(each) for key, each in value.items()}
        return value

    @cached_property
    def _names(self) -> set[str]:
        """As itself, in HTML, in a calendar, and in the history of the admin, which is JSON in ASCII."""
        plain = {self.name, escape(self.name), self.name.replace(",", "\\,")}
        return plain | {json.dumps(name)[1:-1] for name in plain}

    @cached_property
    def _anchors(self) -> set[str]:
        """One of these stands, in small letters, wherever a pattern finds something."""
        return {address.lower() for address in self.addresses} | {
            name.split()[-1].lower() for name in self._names if name.strip()
        }

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        found = [
            _as_written(name) for name in sorted(self._names, key=len, reverse=True) if len(name.strip()) > 3
        ]
        return [*(_address(address) for address in sorted(self.addresses)), *found]


def _as_written(name: str) -> re.Pattern[str]:
    """The words of a name with any space between them, not as a part of longer words."""
    words = name.split()
    between = r"\s+".join(re.escape(word) for word in words)
    # A sign that JSON writes as a number is the end of a word, although its last figure may be a letter.
    return re.compile(
        rf"(?:(?<!\w)|(?<=\\u[0-9a-f]{{4}})){between}(?!\w)", re.IGNORECASE if len(words) > 1 else 0
    )


def _address(address: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
