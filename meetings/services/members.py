"""Who is in a partnership, under its lock: what every verb here begins with."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from meetings.models import Meeting
from mentorship.lib.refusals import NotPossible
from partnerships.models import Membership, Partnership
from partnerships.services import rights


def lock(partnership: Partnership) -> tuple[Partnership, list[Membership]]:
    """The partnership as it is now, locked, and who is in it or stayed to its end."""
    partnership = rights.lock(partnership)
    members = list(Membership.objects.inside(partnership).select_related("application__user"))
    return partnership, members


def lock_meeting(meeting: Meeting) -> tuple[Meeting, Partnership, list[Membership]]:
    """The meeting as it is now, under the lock of its partnership; NotPossible if it was struck meanwhile."""
    partnership, members = lock(meeting.partnership)
    found = Meeting.objects.filter(pk=meeting.pk).first()
    if found is None:
        raise NotPossible("This meeting isn’t noted any more.")
    found.partnership = partnership
    return found, partnership, members


def refuse_unless(
    is_open: bool,
    members: Sequence[Membership],
    *,
    by: User,
    is_paused: bool = False,
    or_office: bool = False,
) -> None:
    """Who isn't in it changes nothing, and nobody does in a pause or after the end (EI-2)."""
    if not is_open:
        raise NotPossible(PAUSED if is_paused else ENDED)
    if own(members, by) is None and not or_office:
        raise NotPossible("Only the people in this partnership can do this.")


def own(members: Sequence[Membership], user: User) -> Membership | None:
    """A person's own part among the members."""
    return next((member for member in members if member.application.user_id == user.pk), None)


PAUSED = "The programme’s team has paused this partnership: nothing is due, and nothing is planned or logged."
ENDED = "This partnership has ended, so nothing about it changes any more."
