"""What other apps may ask of the outbox: post, withdraw, try again, forget the bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.template import Context, Engine, TemplateDoesNotExist
from django.utils.crypto import salted_hmac

from mentorship.lib.refusals import NotPossible
from outbox.models import Message

_SUBJECT = "Subject: "


def post(
    template: str,
    *,
    to: str,
    key: str,
    context: dict[str, Any],
    programme: str = "",
    at: datetime,
    not_before: datetime | None = None,
    calendar: str = "",
) -> Message:
    """Render `<template>.txt` (its first line is the subject) and `.html`, if there is one, and keep them to leave.

    `calendar` is an entry that goes with it (`mentorship.lib.ical`).

    Rendered now, in the transaction of its cause: what is disclosed is what was allowed at this moment.
    A key that is known already gives the message of that time, unchanged, whatever became of it.
    """
    if known := Message.objects.filter(key=key).first():
        return known
    return post_rendered(
        template,
        to=to,
        key=key,
        **_words(template, context),
        programme=programme,
        at=at,
        not_before=not_before,
        calendar=calendar,
    )


@dataclass(frozen=True)
class Letter:
    """One person's part of a message to many: address, key, and what the template is told."""

    to: str
    key: str
    context: dict[str, Any]


def post_all(template: str, letters: Iterable[Letter], *, programme: str = "", at: datetime) -> None:
    """Post one template to many people, as `post` does for one, in a few queries for hundreds of them."""
    waiting = iter(letters)
    while some := list(islice(waiting, 500)):
        keys = [letter.key for letter in some]
        known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
        Message.objects.bulk_create(
            (
                Message(
                    key=letter.key,
                    **_columns(letter.key, template, letter.to, at=at, programme=programme),
                    **_words(template, letter.context),
                )
                for letter in some
                if letter.key not in known
            ),
            ignore_conflicts=True,
        )


def post_rendered(
    kind: str,
    *,
    to: str,
    key: str,
    subject: str,
    text: str,
    html: str = "",
    programme: str = "",
    at: datetime,
    not_before: datetime | None = None,
    is_urgent: bool = False,
    calendar: str = "",
) -> Message:
    """Keep a message whose words are ready; `is_urgent` where somebody waits for it at a screen."""
    columns = _columns(key, kind, to, at=at, programme=programme)
    if not_before:
        columns["not_before"] = not_before
    words = {"subject": subject, "text": text, "html": html, "calendar": calendar}
    message, _ = Message.objects.get_or_create(key=key, defaults=columns | words | {"is_urgent": is_urgent})
    return message


def rendered(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML as `post` would keep them: for a preview."""
    words = _words(template, context)
    return words["subject"], words["text"], words["html"]


def message_id(key: str) -> str:
    """The Message-ID of a key: always the same, and it says nothing about the key."""
    digest = salted_hmac("outbox.message-id", key, algorithm="sha256").hexdigest()
    return f"<{digest[:40]}@{urlsplit(settings.SITE_URL).hostname}>"


def withdraw(key_prefix: str, *, at: datetime) -> int:
    """Keep back what has not left yet; gives how many.

    The prefix ends with a whole part of the key: `reminder/1` says nothing of `reminder/12/…`.
    """
    whole = key_prefix.rstrip("/")
    waiting = Message.objects.filter(
        Q(key=whole) | Q(key__startswith=f"{whole}/"), state=Message.State.WAITING
    )
    return waiting.update(state=Message.State.WITHDRAWN, withdrawn_at=at, lease_until=None, lease_token=None)


def retry(message: Message, *, at: datetime) -> None:
    """Let a message that failed try again from the start; raises NotPossible for any other."""
    failed = Message.objects.filter(pk=message.pk, state=Message.State.FAILED).exclude(text="")
    if not failed.update(state=Message.State.WAITING, attempts=0, not_before=at, error=""):
        raise NotPossible("Only a message that failed, and whose text is still kept, can be sent again.")
    message.refresh_from_db()


def forget_bodies(*, before: datetime) -> int:
    """Blank what was said in messages that were due before a moment and are done; what, to whom and when stays."""
    done = Message.objects.exclude(state=Message.State.WAITING).filter(not_before__lt=before)
    return done.exclude(text="", html="", calendar="").update(text="", html="", calendar="")


def forget_concerns(*, before: datetime) -> int:
    """Delete messages about concerns that were due before a moment and are done: who wrote to whom when is enough to
    guess who reported. Nothing asks for them again, since their keys are made of entries and days.
    """
    done = Message.objects.of_concerns().exclude(state=Message.State.WAITING).filter(not_before__lt=before)
    return done.delete()[0]


def _columns(key: str, kind: str, to: str, *, at: datetime, programme: str) -> dict[str, Any]:
    """What is addressed to nobody (`.invalid`, RFC 2606) is kept back at once: somebody has left meanwhile."""
    nobody = {"state": Message.State.WITHDRAWN, "withdrawn_at": at} if to.endswith(".invalid") else {}
    return nobody | {
        "message_id": message_id(key),
        "programme": programme,
        "kind": kind,
        "to": to,
        "not_before": at,
        "created_at": at,
    }


def _words(template: str, context: dict[str, Any]) -> dict[str, Any]:
    """Every frame leads to help, so each context has the address of the site."""
    context = {"site_url": settings.SITE_URL} | context
    subject, text = _render_text(f"{template}.txt", context)
    return {"subject": subject, "text": text, "html": _render_html(f"{template}.html", context)}


def _render_text(name: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a plain template; nothing is escaped, since it isn't HTML."""
    template = Engine.get_default().get_template(name)
    first, _, rest = template.render(Context(context, autoescape=False)).lstrip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"{name} must begin with a line '{_SUBJECT}…'")
    return first.removeprefix(_SUBJECT).strip(), rest.strip() + "\n"


def _render_html(name: str, context: dict[str, Any]) -> str:
    try:
        template = Engine.get_default().get_template(name)
    except TemplateDoesNotExist:
        return ""
    return template.render(Context(context)).strip() + "\n"
