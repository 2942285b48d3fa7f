"""What is noted of a meeting: confirm it, correct it, strike it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from meetings import queries, services
from meetings.forms import CorrectForm
from meetings.models import State
from meetings.views.loading import inside, own_meeting, people
from mentorship.lib.refusals import NotPossible


@login_required
@require_POST
def confirm_meeting(request, pk):
    meeting = own_meeting(request, pk)
    try:
        services.confirm(meeting, by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Thank you: you have confirmed it.")
    return redirect(meeting.partnership)


@login_required
@require_http_methods(["GET", "POST"])
def correct_meeting(request, pk):
    meeting = own_meeting(request, pk)
    now = timezone.now()
    if not _is_open(meeting, at=now):
        messages.info(request, "What is noted of this meeting can’t be changed any more.")
        return redirect(meeting.partnership)
    members = inside(meeting.partnership)
    try:
        form = _form(request, meeting, members, at=now)
    except NotPossible as refusal:  # nobody is shown to who hasn't accepted a circle's agreement
        messages.info(request, str(refusal))
        return redirect(meeting.partnership)
    if form.is_valid():
        try:
            _correct(request, meeting, members, form.cleaned_data, at=now)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. Whatever you changed, the others who were there are told.")
            return redirect(meeting.partnership)
    context = {"form": form, "partnership": meeting.partnership, "meeting_pk": meeting.pk}
    return render(request, "meetings/correct_meeting.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def strike_meeting(request, pk):
    meeting = own_meeting(request, pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            services.strike(meeting, by=request.user, at=now)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "It isn’t noted as held any more, and the others who were there are told."
            )
        return redirect(meeting.partnership)
    if not _is_open(meeting, at=now):
        messages.info(request, "What is noted of this meeting can’t be changed any more.")
        return redirect(meeting.partnership)
    context = {"partnership": meeting.partnership, "held_on": meeting.held_on, "meeting_pk": meeting.pk}
    return render(request, "meetings/strike_meeting.html", context)


def _is_open(meeting, *, at):
    return meeting.state == State.HELD and queries.takes_meetings(meeting.partnership, at=at)


def _form(request, meeting, members, *, at):
    return CorrectForm(
        request.POST or None,
        meeting=meeting,
        partnership=meeting.partnership,
        people=people(meeting.partnership, members, viewer=request.user, at=at),
        attendees=list(meeting.attendances.values_list("membership", flat=True)),
        at=at,
    )


def _correct(request, meeting, members, cleaned, *, at):
    ticked = cleaned.pop("attendees", [])
    attendees = [member for member in members if member.pk in ticked]
    facts = {"is_official": False, **cleaned}
    services.correct(meeting, by=request.user, attendees=attendees, at=at, **facts)
