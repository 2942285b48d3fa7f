"""The e-mails about a case in words: which, to whom, when, and whether they left. For its handlers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from concerns import queries
from concerns.models import Case
from outbox.models import Message

_WHICH = {
    "received": "That it has arrived",
    "news": "That there is news",
    "waiting": "That something waits",
    "late": "That an answer is late",
    "nobody": "That no handler can open it",
    "unanswered": "That nobody has answered",
}
_STATE = {
    Message.State.WAITING: "Waits to leave",
    Message.State.SENT: "Sent",
    Message.State.FAILED: "Couldn’t be sent",
    Message.State.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class Letter:
    """One e-mail about a case: none has any content, and no address is shown here."""

    what: str
    to: str
    at: datetime
    state: str
    has_failed: bool


def letters_of(case: Case) -> list[Letter]:
    return [
        Letter(
            what=_WHICH.get(message.kind.rpartition("/")[2], "A message"),
            to=_to(message),
            at=message.sent_at or message.created_at,
            state=_STATE[Message.State(message.state)],
            has_failed=message.state == Message.State.FAILED,
        )
        for message in queries.messages_of(case)
    ]


def _to(message: Message) -> str:
    """By the key, which says it also when addresses have changed since (`services.telling`)."""
    if message.key.endswith("/reporter"):
        return "The person who wrote"
    return "The School’s central address" if "/centre/" in message.key else "A handler"
