"""Which kept messages an office may look at."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from outbox.models import Message
from overview.queries.standing import own_partnerships
from programmes.models import Programme

_FLAGS = "partnerships/email/flag"


def visible_messages(user: User | AnonymousUser) -> QuerySet[Message]:
    """Messages of the programmes that a person administers (ALL-1); a superuser sees those of none as well.

    The outbox knows a programme by its slug only. Nothing about concerns, whatever the rank; nor that something about a
    partnership waits, since the reader may be in it (the list of flags leaves their own out). What was written to the
    reader, or to somebody whom they are or were in a partnership with, is for a colleague to look after.
    """
    rows = Message.objects.not_of_concerns().exclude(kind=_FLAGS).exclude(to__in=_own_addresses(user))
    if user.is_authenticated and user.is_active and user.is_superuser:
        return rows
    return rows.filter(programme__in=Programme.objects.visible_to(user).order_by().values("slug"))


def _own_addresses(user: User | AnonymousUser) -> QuerySet[User, str]:
    inside = Q(pk=user.pk) | Q(applications__memberships__partnership__in=own_partnerships(user))
    return User.objects.filter(inside).order_by().values_list("email", flat=True)
