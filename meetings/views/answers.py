"""The four answers to a reminder. A signed link opens each page without sign-in; only its button changes anything."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meetings import links, queries
from meetings.services import answering
from meetings.views.loading import inside
from meetings.views.logging import log, log_form
from mentorship.lib.refusals import NotPossible
from partnerships.forms.absences import AbsenceForm
from partnerships.services import absences


def by_link(view):
    """Opens the link of a reminder: one that we never made isn't there; one that is over says so and does nothing."""

    @wraps(view)
    def opened(request, token):
        link = links.read(token)
        if link is None:
            raise Http404
        partnership = link.membership.partnership
        if not link.is_alive or not partnership.is_active:
            return render(request, "meetings/answers/over.html", status=410)
        return view(request, link.membership)

    return require_http_methods(["GET", "HEAD", "POST"])(opened)


@by_link
def answer_arranging(request, membership):
    return _confirmed(request, membership, answering.say_arranging, "arranging")


@by_link
def answer_help(request, membership):
    return _confirmed(request, membership, answering.ask_for_help, "help")


def _confirmed(request, membership, say, name):
    """Asks first; says it once the button is pressed; then tells what follows."""
    context = {"programme": membership.partnership.cohort.programme, "is_said": False, "refused": ""}
    if request.method == "POST":
        try:
            say(membership, at=timezone.now())
        except NotPossible as refusal:
            context["refused"] = str(refusal)
        else:
            context["is_said"] = True
    return render(request, f"meetings/answers/{name}.html", context)


@by_link
def answer_met(request, membership):
    """The log of a meeting that was held, as `log_meeting` has it, for who came by the link.

    In a circle it asks who was there, hence names people: that page wants a sign-in.
    """
    partnership, person, now = membership.partnership, membership.application.user, timezone.now()
    if partnership.is_circle:
        return redirect("log_meeting", partnership.pk)
    members = inside(partnership)
    progress = queries.progress_of(partnership, on=timezone.localdate(now), viewer=person)
    form = log_form(request, partnership, progress, members, viewer=person, at=now)
    is_said = False
    if form.is_valid():
        try:
            log(partnership, members, form.cleaned_data, by=person, at=now)
            is_said = True
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return render(request, "meetings/answers/met.html", {"form": form, "is_said": is_said})


@by_link
def answer_away(request, membership):
    now, is_said = timezone.now(), False
    form = AbsenceForm(request.POST or None, at=now, initial={"from_on": timezone.localdate(now)})
    if form.is_valid():
        application = membership.application
        try:
            absences.announce(application, by=application.user, at=now, **form.cleaned_data)
            is_said = True
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return render(request, "meetings/answers/away.html", {"form": form, "is_said": is_said})
