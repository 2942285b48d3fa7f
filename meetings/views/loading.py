"""What the pages of meetings begin with: one's own rows, and people by the names that they may be shown with."""

from datetime import date

from django.shortcuts import get_object_or_404

from meetings.models import Meeting
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Membership, Partnership


def own_partnerships(request):
    return Partnership.objects.of(request.user).select_related("cohort__programme", "cohort__policy")


def own_meeting(request, pk):
    """A meeting of a partnership that the reader is in; anybody else's isn't there."""
    meetings = Meeting.objects.select_related("partnership__cohort__programme", "partnership__cohort__policy")
    return get_object_or_404(meetings, pk=pk, partnership__in=Partnership.objects.of(request.user))


def day_in_address(request):
    """The day that another page of ours passed on; none where it is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def people(partnership, members: list[Membership], *, viewer, at) -> list[tuple[int, str]]:
    """Everybody in a circle by the name on their card, oneself first; nobody for a pair: both were there.

    NotPossible where the viewer may see nobody.
    """
    if not partnership.is_circle:
        return []
    shown = cards_for(partnership, viewer=viewer, channel=Disclosure.Channel.PAGE, at=at, only=["name"])
    names = {person.pk: card.name for person, card in shown}
    own = [(member.pk, "You") for member in members if member.application_id not in names]
    by_application = {member.application_id: member.pk for member in members}
    rest = [(by_application[pk], name or f"Member {by_application[pk]}") for pk, name in names.items()]
    return own + rest


def inside(partnership) -> list[Membership]:
    return list(Membership.objects.inside(partnership).select_related("application"))
