"""From the outbox to the mail server: claim a few, commit, then hand over one by one.

E-mail can't be exactly-once: whoever dies between the server's last word and our commit sends that one message
again. Because each is committed alone, it is never more than one, and none is lost.
"""

from __future__ import annotations

import logging
import random
import smtplib
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from mentorship.lib import ical
from outbox.models import Message, MessageQuerySet

logger = logging.getLogger(__name__)

BATCH = 20
# A message takes four turns of the server, each within EMAIL_TIMEOUT, so no lease ends while its message is on the way.
LEASE = timedelta(seconds=6 * settings.EMAIL_TIMEOUT)
# Ten attempts, the last one within 24 hours of the first even with the longest jitter.
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 240, 240, 240)]
MOST_ATTEMPTS = len(RETRY_AFTER) + 1


def deliver_batch() -> bool:
    """Send what is due, up to a batch; whether to go on at once: something was, and the server can be reached."""
    claimed = claim(at=timezone.now())
    if not claimed:
        return False
    server = get_connection()
    try:
        for message in claimed:
            refusal = _reach(server)
            if hold(message, at=timezone.now()):
                _hand_over(message, server, refusal)
            if refusal:
                release(claimed)
                return False
    finally:
        _leave(server)
    return True


def claim(*, at: datetime) -> list[Message]:
    """Up to a batch of due messages, now held by this sender alone, and committed so before any is sent."""
    if not Message.objects.due(at).exists():
        return []
    with transaction.atomic(durable=True):
        _give_up_the_hopeless(at)
        return take(choose(at=at), at=at)


def choose(*, at: datetime) -> list[int]:
    """The next messages; where rows can be locked, none that another sender is just taking."""
    due = Message.objects.due(at).in_turn()
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return list(due.values_list("pk", flat=True)[:BATCH])


def take(chosen: list[int], *, at: datetime) -> list[Message]:
    """Lease those of the chosen that are still free."""
    token = uuid.uuid4()
    Message.objects.due(at).filter(pk__in=chosen).update(lease_until=at + LEASE, lease_token=token)
    return list(Message.objects.filter(lease_token=token).in_turn())


def hold(message: Message, *, at: datetime) -> bool:
    """Begin an attempt if the message is still ours to send: not withdrawn, and the lease not over.

    The attempt counts before it is made, so that a message which takes its sender down comes to an end too.
    """
    held = _held(message).filter(lease_until__gt=at)
    if not held.update(attempts=F("attempts") + 1, lease_until=at + LEASE):
        return False
    message.attempts += 1
    return True


def release(claimed: list[Message]) -> None:
    """Give back what was claimed and not begun; what was begun carries no lease of ours any more."""
    Message.objects.filter(
        pk__in=[message.pk for message in claimed], lease_token=claimed[0].lease_token
    ).update(lease_until=None, lease_token=None)


def settle_sent(message: Message, *, at: datetime) -> None:
    """The server took it, so it is sent, even if it was withdrawn or claimed by another in the meantime."""
    Message.objects.filter(pk=message.pk).exclude(state=Message.State.SENT).update(
        state=Message.State.SENT, sent_at=at, withdrawn_at=None, lease_until=None, lease_token=None, error=""
    )


def settle_refused(message: Message, *, error: Exception, at: datetime) -> None:
    """Refused for good, or once too often: failed. Otherwise it waits, longer each time."""
    change: dict[str, Any] = {"state": Message.State.FAILED}
    if not is_final(error) and message.attempts < MOST_ATTEMPTS:
        jitter = random.uniform(0.9, 1.1)  # noqa: S311 - so that not all come back at one moment
        change = {"not_before": at + RETRY_AFTER[message.attempts - 1] * jitter}
    _held(message).update(**change, error=describe(error), lease_until=None, lease_token=None)


def is_final(error: Exception) -> bool:
    """Whether the server refuses this receiver or this message for good (5xx), rather than us or for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def describe(error: Exception) -> str:
    """Kind and code of an error; its own words may hold an address."""
    codes: list[int] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    return " ".join([type(error).__name__, *map(str, codes)])


def as_email(message: Message, server: BaseEmailBackend) -> EmailMultiAlternatives:
    """The message as it leaves: one receiver, text and HTML, and the same Message-ID on every attempt."""
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        connection=server,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    if message.calendar:
        # Once as an alternative, which calendars take up by themselves, and once as a file for all other programs.
        email.attach_alternative(
            message.calendar, f"text/calendar; method={ical.method_of(message.calendar)}"
        )
        email.attach("appointment.ics", message.calendar, "application/ics")
    return email


def _held(message: Message) -> MessageQuerySet:
    """The row while it is ours; only a waiting message has a lease (`message_lease_whole`)."""
    return Message.objects.filter(pk=message.pk, lease_token=message.lease_token)


def _give_up_the_hopeless(at: datetime) -> None:
    """Fail messages whose last attempt was never settled: each of their senders stopped in the middle."""
    Message.objects.due(at).filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Message.State.FAILED, error="SenderStopped", lease_until=None, lease_token=None
    )


def _hand_over(message: Message, server: BaseEmailBackend, refusal: Exception | None) -> None:
    """Send one message and write down at once what became of it; `refusal` says that the server can't be reached."""
    error = refusal or _send(message, server)
    if error is None:
        settle_sent(message, at=timezone.now())
        return
    logger.warning("Message %s did not leave: %s", message.pk, describe(error))
    settle_refused(message, error=error, at=timezone.now())


def _send(message: Message, server: BaseEmailBackend) -> Exception | None:
    try:
        as_email(message, server).send()
    except Exception as error:  # one message that can't be sent must not stop the others
        _leave(server)
        return error
    return None


def _reach(server: BaseEmailBackend) -> Exception | None:
    """Open the connection unless it is open; what went wrong, if it did."""
    try:
        server.open()
    except Exception as error:
        return error
    return None


def _leave(server: BaseEmailBackend) -> None:
    with suppress(OSError):
        server.close()
