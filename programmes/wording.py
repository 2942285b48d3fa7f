"""The words of reminders: which placeholders there are, the usual words, and how a text is filled.

Plain text with a list of placeholders, never the template language: what an administrator writes can't read anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# What each placeholder stands for, as the admin explains it.
PLACEHOLDERS: dict[str, str] = {
    "name": "the reader’s name",
    "partner": "whom they meet: their partner’s name, or the circle’s",
    "due": "until when the meeting was due, e.g. 15 March",
    "progress": "how far they are, e.g. 1 of 3 official meetings",
    "when": "day and time of the planned meeting, in the reader’s time zone",
    "programme": "the programme’s name",
    "team": "who runs the programme",
    "ends": "the last day of the programme, e.g. 30 April",
}
ALLOWED: dict[str, tuple[str, ...]] = {
    "reminder": ("name", "partner", "due", "progress", "programme", "team", "ends"),
    "second_reminder": ("name", "partner", "due", "progress", "programme", "team", "ends"),
    "day_before": ("name", "partner", "when", "programme", "team"),
    "closing": ("name", "partner", "programme", "team", "ends"),
}
USUAL: dict[str, str] = {
    "reminder": "Your meeting with {partner} was due by {due}. It is easy for a date to slip, and just as easy to"
    " find another: suggest two or three times this week and see which fits.",
    "second_reminder": "Your meeting with {partner}, due by {due}, still isn’t noted. If something is in the way,"
    " tell us: we can help, and the other side isn’t told that you asked.",
    # Sent by the office although nothing is late; not worded by programmes.
    "by_hand": "Have you and {partner} found a date for your next meeting? Suggest two or three times this week and see"
    " which fits.",
    "day_before": "You meet {partner} on {when}. A few minutes to think about what you would like to bring make a"
    " good hour; nobody asks what it is.",
    "closing": "{programme} has come to its official end, and with it your time with {partner}. Thank you for what you"
    " gave to it. Nothing more is asked of you; you are free to stay in touch if you both wish.",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def unknown_placeholders(kind: str, text: str) -> list[str]:
    """Placeholders in a text that this kind of message doesn't have, with their braces."""
    return [f"{{{name}}}" for name in _PLACEHOLDER.findall(text) if name not in ALLOWED.get(kind, ())]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, once: a name that looks like a placeholder stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
