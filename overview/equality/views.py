"""The page of the questionnaire, for who applied and nobody else. It keeps nobody from anything."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application
from mentorship.lib.refusals import NotPossible
from overview.equality import answering
from overview.equality.forms import QuestionnaireForm


@login_required
@require_http_methods(["GET", "POST"])
def equality(request, pk):
    own = _own(request, pk)
    given = answering.answers_of(own)
    form = QuestionnaireForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        try:
            answering.answer(own, by=request.user, answers=form.cleaned_data, at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you. It is kept as you left it.")
            return redirect("equality", own.pk)
    context = {
        "application": own,
        "programme": own.cohort.programme,
        "form": form,
        "has_answers": bool(given),
        "takes_answers": answering.takes_answers(own, on=timezone.localdate()),
    }
    return render(request, "overview/equality.html", context)


@login_required
@require_POST
def delete_equality(request, pk):
    own = _own(request, pk)
    if answering.take_back(own, by=request.user):
        messages.success(request, "Your answers are deleted.")
    return redirect("equality", own.pk)


def _own(request, pk):
    rows = Application.objects.of(request.user).select_related("cohort__programme")
    return get_object_or_404(rows, pk=pk)
