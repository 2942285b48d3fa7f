"""Pages of the person who raises a concern, with their name or without.

Nothing that is said here gets into the session, an address or a cookie. A code stands in the answer to the form that it
came with, and nowhere else: so these pages are shown at once and never after a redirect.
"""

import logging

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns import contents, queries, services
from concerns.forms import reporting as forms
from concerns.models import Case
from mentorship.lib.refusals import NotPossible
from programmes.models import Programme

log = logging.getLogger(__name__)
SIGNS_IN_A_GROUP = 4
NOT_KEPT = "We couldn’t keep it just now, and nothing has been sent. Your words are still here: please send them again."


def _private(*methods):
    """Kept in no report of an error."""

    def decorate(view):
        view = sensitive_post_parameters()(sensitive_variables()(view))
        return require_http_methods(methods)(view)

    return decorate


@_private("GET", "HEAD", "POST")
def concern(request):
    """Where to turn, for everybody (EI-6b), and the form (EI-6): with a name, if signed in, or without.

    Words that couldn't be sent are shown again, whatever has changed meanwhile: nobody has to write them twice.
    """
    form = forms.ConcernForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 200
    if form.doors and form.is_valid():
        try:
            return _file(request, form)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        except DatabaseError:
            log.exception("A form for help could not be kept.")
            form.add_error(None, NOT_KEPT)
            status = 503
    context = {
        "form": form,
        "programmes": form.programmes or Programme.objects.public(),
        "typed": form.typed(),
        "has_lost_the_name": form.is_bound and not request.user.is_authenticated and "door" in form.errors,
    }
    return render(request, "concerns/concern.html", context, status=status)


@sensitive_variables()
def _file(request, form):
    if form.is_anonymous:
        receipt = services.file_anonymously(form.report(), at=timezone.now())
        context = _next_steps(receipt.case) | {"code": _in_groups(receipt.code)}
        return render(request, "concerns/concern_code.html", context)
    case = services.file(form.report(), by=request.user, at=timezone.now())
    return redirect("concern_received", reference=case.reference)


def _in_groups(code):
    groups = range(0, len(code), SIGNS_IN_A_GROUP)
    return "-".join(code[start : start + SIGNS_IN_A_GROUP] for start in groups)


def _next_steps(case):
    """What a receipt tells; where nobody may read the case, it says so."""
    return {"case": case, "has_readers": bool(queries.readers_of(case))}


@login_required
@require_safe
def concern_received(request, reference):
    """The receipt: the reference at once, and what happens next (EI-6)."""
    case = get_object_or_404(Case.objects.of(request.user).select_related("programme"), reference=reference)
    return render(request, "concerns/concern_received.html", _next_steps(case))


# Coming back by code


@_private("GET", "HEAD", "POST")
def concern_answers(request):
    """Whoever wrote without a name reads the answer, by the code (EI-6)."""
    if request.method != "POST":
        return _ask_for_the_code(request)
    code = request.POST.get("code", "")
    try:
        return _conversation(request, services.open_by_code(code), code, forms.AddForm())
    except NotPossible as refusal:
        return _ask_for_the_code(request, str(refusal))


@_private("GET", "HEAD", "POST")
def concern_add(request):
    """Whoever wrote without a name adds to it. Who asks for this address alone is asked for the code."""
    if request.method != "POST":
        return redirect("concern_answers")
    code, form = request.POST.get("code", ""), forms.AddForm(request.POST)
    try:
        case = services.open_by_code(code)
        if form.is_valid():
            case = services.add_by_code(code, text=form.cleaned_data["text"], at=timezone.now())
            return _conversation(request, case, code, forms.AddForm(), has_arrived=True)
    except NotPossible as refusal:
        again = forms.CodeForm(request.POST)
        again.add_error("code", str(refusal))
        return render(
            request, "concerns/concern_answers.html", {"form": again, "typed": [form.data.get("text", "")]}
        )
    return _conversation(request, case, code, form)


@sensitive_variables()
def _ask_for_the_code(request, refusal="", typed=()):
    form = forms.CodeForm(request.POST if refusal else None)
    if refusal and form.is_valid():
        form.add_error("code", refusal)
    return render(
        request, "concerns/concern_answers.html", {"form": form, "typed": list(filter(None, typed))}
    )


@sensitive_variables()
def _conversation(request, case, code, form, *, has_arrived=False):
    context = {"receipt": _receipt(case, form), "code": code, "has_arrived": has_arrived}
    return render(request, "concerns/concern_conversation.html", context | _next_steps(case))


# What one has sent with one's name


@login_required
@require_safe
def my_concerns(request):
    """What this person has sent, where it stands, the answers, and a form to add something."""
    return _my_concerns(request)


@require_POST
@sensitive_post_parameters()
def my_concern_add(request, reference):
    """Add to what one has sent. Whose session has ended gets their words back."""
    if not request.user.is_authenticated:
        return render(request, "concerns/unsent.html", {"typed": [request.POST.get("text", "")]})
    case = get_object_or_404(Case.objects.of(request.user), reference=reference)
    form = forms.AddForm(request.POST, reference=reference)
    if form.is_valid():
        try:
            services.add(case, by=request.user, text=form.cleaned_data["text"], at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("concern_received", reference=reference)
    return _my_concerns(request, {reference: form})


def _my_concerns(request, submitted=None):
    """`submitted` holds the form that had a mistake, by the reference of its case."""
    mine = Case.objects.of(request.user).order_by("-created_at", "pk")
    mine = mine.select_related("programme").prefetch_related("entries")
    forms_of = submitted or {}
    receipts = [
        _receipt(case, forms_of.get(case.reference) or forms.AddForm(reference=case.reference))
        for case in mine
    ]
    return render(request, "concerns/my_concerns.html", {"receipts": receipts, "has_mistake": bool(forms_of)})


def _receipt(case, form):
    """A case as its reporter sees it, with the form to add to it."""
    return {
        "case": case,
        "lines": contents.conversation_of(case),
        "is_late": case.is_waiting and case.answer_due_at <= timezone.now(),
        "form": form,
    }
