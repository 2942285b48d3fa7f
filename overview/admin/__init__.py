"""The office's pages that show several floors at once: messages, partnerships, disclosures, words of reminders."""

from overview.admin import (
    disclosures,
    equality,
    flags,
    messages,
    partnerships,
    requests,
    retention,
    wordings,
)

__all__ = [
    "disclosures",
    "equality",
    "flags",
    "messages",
    "partnerships",
    "requests",
    "retention",
    "wordings",
]
