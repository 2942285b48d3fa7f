"""Pages on which the people in a partnership say that they met, and how often they write."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meetings import queries, services
from meetings.forms import FrequencyForm, LogMeetingForm
from meetings.models import ContactFrequency
from mentorship.lib.refusals import NotPossible
from partnerships.disclosure import cards_for
from partnerships.models import Disclosure, Membership, Partnership


@login_required
@require_http_methods(["GET", "POST"])
def log_meeting(request, pk):
    partnership = get_object_or_404(_own(request), pk=pk)
    now = timezone.now()
    if not queries.takes_meetings(partnership, at=now):
        messages.info(
            request, "This partnership has ended. You are free to go on meeting; nothing more is logged."
        )
        return redirect(partnership)
    progress = queries.progress_of(partnership, on=timezone.localdate(now))
    members = list(Membership.objects.inside(partnership).select_related("application"))
    form = LogMeetingForm(
        request.POST or None,
        partnership=partnership,
        progress=progress,
        people=_people(partnership, members, viewer=request.user, at=now),
        is_agreed=ContactFrequency.objects.filter(partnership=partnership).exists(),
        at=now,
    )
    if form.is_valid():
        ticked = form.cleaned_data.pop("attendees", [])
        attendees = [member for member in members if member.pk in ticked]
        facts = {"is_official": False, **form.cleaned_data}
        try:
            services.log_meeting(partnership, by=request.user, attendees=attendees, at=now, **facts)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: the meeting is logged.")
            return redirect(partnership)
    context = {"form": form, "partnership": partnership, "progress": progress}
    return render(request, "meetings/log_meeting.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change_frequency(request, pk):
    partnership = get_object_or_404(_own(request).active(), pk=pk)
    if partnership.is_circle:
        raise Http404
    agreed = ContactFrequency.objects.filter(partnership=partnership).first()
    if agreed is None:
        messages.info(request, "You agree on this in your first meeting: log that one first.")
        return redirect("log_meeting", partnership.pk)
    form = FrequencyForm(request.POST or None, initial={"frequency": agreed.frequency})
    if form.is_valid():
        try:
            services.change_frequency(
                partnership, by=request.user, frequency=form.cleaned_data["frequency"], at=timezone.now()
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. Your partner sees it too.")
            return redirect(partnership)
    return render(request, "meetings/change_frequency.html", {"form": form, "partnership": partnership})


def _own(request):
    return Partnership.objects.of(request.user).select_related("cohort__programme", "cohort__policy")


def _people(partnership, members: list[Membership], *, viewer, at) -> list[tuple[int, str]]:
    """Everybody in a circle by the name on their card, oneself first; nobody for a pair: both were there."""
    if not partnership.is_circle:
        return []
    shown = cards_for(partnership, viewer=viewer, channel=Disclosure.Channel.PAGE, at=at, only=["name"])
    names = {person.pk: card.name for person, card in shown}
    own = [(member.pk, "You") for member in members if member.application_id not in names]
    by_application = {member.application_id: member.pk for member in members}
    rest = [(by_application[pk], name or f"Member {by_application[pk]}") for pk, name in names.items()]
    return own + rest
