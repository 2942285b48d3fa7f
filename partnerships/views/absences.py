"""Pages on which a person says when they can't be reached (EI-1d). Access starts from their own rows."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.models import Absence, Application
from mentorship.lib.refusals import NotPossible
from partnerships.forms.absences import AbsenceForm, ChangeAbsenceForm
from partnerships.queries.absences import own_absences
from partnerships.services import absences


@login_required
@require_http_methods(["GET", "POST"])
def announce_absence(request, pk):
    application = get_object_or_404(_own_applications(request), pk=pk)
    now = timezone.now()
    form = AbsenceForm(request.POST or None, at=now)
    if form.is_valid():
        try:
            absence = absences.announce(application, by=request.user, at=now, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _thanks(absence))
            return redirect("announce_absence", application.pk)
    context = {
        "form": form,
        "application": application,
        "absences": own_absences(application, timezone.localdate(now)),
    }
    return render(request, "partnerships/away.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change_absence(request, pk):
    absence = get_object_or_404(_own_absences(request), pk=pk)
    now = timezone.now()
    form = ChangeAbsenceForm(
        request.POST or None, initial={"until_on": absence.until_on}, from_on=absence.from_on, at=now
    )
    if form.is_valid():
        try:
            absence = absences.change(
                absence, by=request.user, at=now, until_on=form.cleaned_data["until_on"]
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _thanks(absence))
            return redirect("announce_absence", absence.application_id)
    return render(request, "partnerships/away_change.html", {"form": form, "absence": absence})


@login_required
@require_http_methods(["POST"])
def return_early(request, pk):
    absence = get_object_or_404(_own_absences(request), pk=pk)
    try:
        absence = absences.return_early(absence, by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _welcome(absence))
    return redirect("announce_absence", absence.application_id)


def _own_applications(request):
    running = Application.objects.of(request.user).filter(state__in=absences.OPEN_STATES)
    return running.select_related("cohort__programme")


def _own_absences(request):
    return Absence.objects.filter(application__in=_own_applications(request)).select_related(
        "application__cohort__programme"
    )


def _thanks(absence):
    if absence.tells_partners:
        return "Thank you, that is noted. Whoever you are partnered with is told the days, and nothing else."
    return "Thank you, that is noted. Nobody is told; our reminders rest meanwhile."


def _welcome(absence):
    if absence.returned_on == absence.from_on:
        return "Thank you: that absence is called off."
    return "Welcome back. Reminders begin again."
