"""Pages on which a person applies: answers, check, where it stands. Access starts from the person's own rows."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications import previews
from applications.forms import AnswersForm, CheckForm
from applications.models import Application, State
from applications.services import writing
from mentorship.lib.refusals import NotPossible
from programmes.models import Cohort, Programme, Role
from programmes.queries import current_cohort


@login_required
@require_http_methods(["GET", "POST"])
def apply(request, slug, role):
    """Begin an application; what is typed is kept with the first save. Who has one already is taken to it."""
    programme = get_object_or_404(Programme.objects.public(), slug=slug)
    cohort = current_cohort(programme, timezone.localdate())
    if role not in Role.values or cohort is None or not programme.asks.filter(role=role).exists():
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
    application = get_object_or_404(_own(request).editable(), pk=pk)
    return _answers_page(request, application)


@login_required
@require_http_methods(["GET", "POST"])
def check_application(request, pk):
    """Check the answers, see what a partner will see, accept, submit."""
    application = get_object_or_404(_own(request), pk=pk)
    if application.state not in _UNSENT:
        return redirect("application", application.pk)
    wording = application.cohort.programme.declaration_wording
    form = CheckForm(request.POST or None, version=application.cohort.policy_id, declaration=wording)
    if form.is_valid():
        try:
            writing.submit(
                application,
                by=request.user,
                at=timezone.now(),
                accepts_policy=form.cleaned_data["accepts_policy"],
                declares=form.cleaned_data.get("declares", False),
                version=form.cleaned_data["version"],
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: your application has reached us.")
            return redirect("application", application.pk)
    missing = writing.missing_answers(application)
    context = {"form": form, "missing": missing, "steps": _steps("check", application)}
    return render(
        request,
        "applications/check_application.html",
        {**_shown(application), **context},
    )


@login_required
@require_safe
def application(request, pk):
    """Where an application stands and what comes next; a draft goes on where it was left."""
    own = get_object_or_404(_own(request), pk=pk)
    if own.state == State.DRAFT:
        return redirect("edit_application", own.pk)
    accepted = own.acceptances.filter(policy_version=own.cohort.policy).first()
    context = {
        "acceptance": accepted,
        "can_edit": own.state in _EDITABLE,
        "form": CheckForm(version=own.cohort.policy_id),
    }
    return render(request, "applications/application.html", {**_shown(own), **context})


@login_required
@require_http_methods(["POST"])
def accept_policy(request, pk):
    """Accept the version that the cohort runs under: for people whom the office's sheet brought, and new versions."""
    own = get_object_or_404(_own(request).editable(), pk=pk)
    form = CheckForm(request.POST, version=own.cohort.policy_id)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            writing.accept_policy(own, by=request.user, at=timezone.now(), version=version)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: your acceptance has been recorded.")
            return redirect("application", own.pk)
    context = {"acceptance": None, "can_edit": own.state in _EDITABLE, "form": form}
    return render(request, "applications/application.html", {**_shown(own), **context})


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_application(request, pk):
    own = get_object_or_404(_own(request).editable(), pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            writing.withdraw(own, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "Your application has been withdrawn.")
            return redirect("home")
    return render(
        request,
        "applications/withdraw_application.html",
        {"application": own, "refused": refused},
    )


_UNSENT = {State.DRAFT, State.QUERIED}
_EDITABLE = {State.SUBMITTED, State.QUERIED, State.WAITLISTED, State.ACCEPTED}


def _own(request):
    return (
        Application.objects.of(request.user)
        .with_card_facts()
        .select_related("cohort__programme", "cohort__policy")
    )


def _answers_page(request, application):
    is_unsent = application.state in {*_UNSENT, State.WITHDRAWN}
    is_complete = not is_unsent or "later" not in request.POST
    form = AnswersForm(request.POST or None, application=application, complete=is_complete)
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
    }
    return render(request, "applications/edit_application.html", context)


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


def _shown(application):
    cohort: Cohort = application.cohort
    return {
        "application": application,
        "programme": cohort.programme,
        "cohort": cohort,
        "policy": cohort.policy,
        "guidance": cohort.programme.policy_versions.newest("guidance"),
        "commitments": cohort.programme.commitments.filter(role=application.role),
        "answers": previews.answers(application),
        "cards": previews.cards(application),
        "outsiders": previews.kept_from_partners(application),
    }


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
