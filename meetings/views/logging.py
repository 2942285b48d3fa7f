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
from meetings.views.loading import day_in_address, inside, own_partnerships, people
from mentorship.lib.refusals import NotPossible


@login_required
@require_http_methods(["GET", "POST"])
def log_meeting(request, pk):
    partnership = get_object_or_404(own_partnerships(request), pk=pk)
    now = timezone.now()
    if not queries.takes_meetings(partnership, at=now):
        messages.info(request, _why_closed(partnership))
        return redirect(partnership)
    progress = queries.progress_of(partnership, on=timezone.localdate(now), viewer=request.user)
    members = inside(partnership)
    try:
        form = log_form(request, partnership, progress, members, viewer=request.user, at=now)
    except NotPossible as refusal:  # nobody is shown to who hasn't accepted a circle's agreement
        messages.info(request, str(refusal))
        return redirect(partnership)
    if form.is_valid():
        try:
            log(partnership, members, form.cleaned_data, by=request.user, at=now)
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
    partnership = get_object_or_404(own_partnerships(request).active(), pk=pk)
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


def log_form(request, partnership, progress, members, *, viewer, at):
    """Filled with what is probably right; who comes from a plan finds its day, length and way there."""
    held_on = day_in_address(request)
    return LogMeetingForm(
        request.POST or None,
        partnership=partnership,
        progress=progress,
        people=people(partnership, members, viewer=viewer, at=at),
        is_agreed=ContactFrequency.objects.filter(partnership=partnership).exists(),
        at=at,
        held_on=held_on,
        planned=services.planned_for(partnership, held_on) if held_on else None,
    )


def log(partnership, members, cleaned, *, by, at):
    """Log what a valid form says, in the name of whoever filled it in."""
    ticked = cleaned.pop("attendees", [])
    attendees = [member for member in members if member.pk in ticked]
    facts = {"is_official": False, **cleaned}
    services.log_meeting(partnership, by=by, attendees=attendees, at=at, **facts)


def _why_closed(partnership):
    if partnership.is_paused:
        return "The programme’s team has paused this partnership: nothing is due, and nothing is logged meanwhile."
    return "This partnership has ended. You are free to go on meeting; nothing more is logged."
