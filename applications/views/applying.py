"""Pages on which a person applies: answers, check, submission. Access starts from the person's own rows."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.forms import AnswersForm, CheckForm
from applications.models import Application, State
from applications.outside import answers_outside
from applications.services import continuing, writing
from applications.views.own import own_applications, shown
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme
from programmes.queries import current_cohort

_UNSENT = {State.DRAFT, State.QUERIED}


@login_required
@require_http_methods(["GET", "POST"])
def apply(request, slug, role):
    """Begin an application; what is typed is kept with the first save. Who has one already is taken to it."""
    programme = get_object_or_404(Programme.objects.public(), slug=slug)
    cohort = current_cohort(programme, timezone.localdate())
    if cohort is None or not programme.asks.filter(role=role).exists():
        raise Http404
    is_open = cohort.is_open_for_sign_up(timezone.localdate())
    existing = Application.objects.of(request.user).filter(cohort=cohort, role=role).first()
    if existing and existing.state == State.WITHDRAWN and is_open:
        return _answers_page(request, existing)
    if existing:
        return redirect("edit_application" if existing.state == State.DRAFT else "application", existing.pk)
    if not is_open:
        return render(
            request, "applications/closed.html", {"programme": programme, "cohort": cohort}, status=403
        )
    new = Application(user=request.user, cohort=cohort, role=role, started_at=timezone.now())
    return _answers_page(request, new)


@login_required
@require_http_methods(["GET", "POST"])
def edit_application(request, pk):
    application = get_object_or_404(own_applications(request.user).editable(), pk=pk)
    return _answers_page(request, application)


@login_required
@require_http_methods(["GET", "POST"])
def check_application(request, pk):
    """Check the answers, see what a partner will see, accept, submit."""
    application = get_object_or_404(own_applications(request.user), pk=pk)
    if application.state not in _UNSENT:
        return redirect("application", application.pk)
    if answers_outside(application):
        return redirect("outside", application.cohort.programme.slug)
    wording = application.cohort.programme.declaration_wording
    context = shown(application)
    form = CheckForm(
        request.POST or None, policy=context["policy"], guidance=context["guidance"], declaration=wording
    )
    if form.is_valid():
        try:
            writing.submit(application, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotPossible as refusal:
            form.refuse(str(refusal))
        else:
            messages.success(request, "Thank you: your application has reached us.")
            return redirect("application", application.pk)
    missing = writing.missing_answers(application)
    context |= {"form": form, "missing": missing, "steps": _steps("check", application)}
    return render(request, "applications/check_application.html", context)


def _answers_page(request, application):
    is_unsent = application.state in {*_UNSENT, State.WITHDRAWN}
    is_complete = not is_unsent or "later" not in request.POST
    earlier = _earlier(application)
    start = continuing.answers_of(earlier, application.cohort) if earlier else None
    form = AnswersForm(request.POST or None, application=application, complete=is_complete, start=start)
    if form.is_valid():
        try:
            application = _save(request, application, form)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_saving(request, application)
    context = {
        "form": form,
        "application": application,
        "programme": application.cohort.programme,
        "cohort": application.cohort,
        "commitments": application.cohort.programme.commitments.filter(role=application.role),
        "steps": _steps("answers", application),
        "is_unsent": is_unsent,
        "earlier": earlier.cohort.name if earlier else "",
    }
    return render(request, "applications/edit_application.html", context)


def _earlier(application):
    """Whose answers the form starts from: of somebody who begins, and said that they would like to continue (EI-3)."""
    if application.pk is not None:
        return None
    return continuing.earlier_application(
        user=application.user, cohort=application.cohort, role=application.role
    )


def _save(request, application, form):
    now = timezone.now()
    if application.pk is None or application.state == State.WITHDRAWN:
        application = writing.start(by=request.user, cohort=application.cohort, role=application.role, at=now)
    return writing.save_answers(application, by=request.user, answers=form.answers(), at=now)


def _after_saving(request, application):
    if "later" in request.POST and application.state in _UNSENT:
        messages.success(request, "Your answers are saved. Come back whenever you like.")
        return redirect("home")
    if application.state in _UNSENT:
        return redirect("check_application", application.pk)
    messages.success(request, "Your answers are saved.")
    return redirect("application", application.pk)


@dataclass(frozen=True)
class Step:
    label: str
    state: str
    url: str = ""


def _steps(current, application):
    answers = reverse("edit_application", args=[application.pk]) if application.pk else ""
    if current == "answers":
        return [
            Step("Your answers", "current"),
            Step("Check and submit", "next"),
            Step("Decision", "next"),
        ]
    return [
        Step("Your answers", "done", answers),
        Step("Check and submit", "current"),
        Step("Decision", "next"),
    ]
