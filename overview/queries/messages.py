"""Which kept messages an office may look at."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from outbox.models import Message
from programmes.models import Programme

_FLAGS = "partnerships/email/flag"


def visible_messages(user: User | AnonymousUser) -> QuerySet[Message]:
    """Messages of the programmes that a person administers (ALL-1); a superuser sees those of none as well.

    The outbox knows a programme by its slug only. Nothing about concerns, whatever the rank; nor that something about a
    partnership waits, since the reader may be in it (the list of flags leaves their own out).
    """
    rows = Message.objects.not_of_concerns().exclude(kind=_FLAGS)
    if user.is_authenticated and user.is_active and user.is_superuser:
        return rows
    return rows.filter(programme__in=Programme.objects.visible_to(user).order_by().values("slug"))
