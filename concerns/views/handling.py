"""Pages of the people who handle concerns."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from concerns import services
from concerns.forms import handling as forms
from concerns.models import Case
from mentorship.lib.refusals import NotPossible
from programmes.permissions import can_handle_concerns

CASES_PER_PAGE = 25


@never_cache
@login_required
@require_safe
def cases(request):
    """The handlers' list; for everybody else there is nothing at this address."""
    if not can_handle_concerns(request.user):
        raise Http404
    visible = Case.objects.visible_to(request.user).with_clock(timezone.now()).by_urgency()
    pages = Paginator(visible.select_related("programme", "handler"), CASES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "concerns/cases.html", {"page": page})


@never_cache
@login_required
@require_safe
def case(request, pk):
    return _case_page(request, _visible_case(request, pk))


def _action(view):
    """One thing that a handler does: its own address, by POST only."""
    return never_cache(login_required(require_POST(sensitive_post_parameters()(view))))


@_action
def case_answer(request, pk):
    return _act(request, pk, forms.AnswerForm, services.answer, "The answer has been sent.")


@_action
def case_note(request, pk):
    return _act(request, pk, forms.NoteForm, services.note, "The note has been kept.")


@_action
def case_assign(request, pk):
    return _act(request, pk, forms.AssignForm, services.assign, "The case has been given.")


@_action
def case_move(request, pk):
    return _act(request, pk, forms.MoveForm, services.move, "The state has been changed.")


@_action
def case_close(request, pk):
    return _act(request, pk, forms.CloseForm, services.close, "The case has been closed.")


def _act(request, pk, form_class, service, done):
    case = _visible_case(request, pk)
    form = form_class(request.POST, case=case)
    if form.is_valid():
        try:
            service(case, by=request.user, at=timezone.now(), **form.answers())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(case)
    return _case_page(request, case, form)


def _visible_case(request, pk):
    visible = Case.objects.visible_to(request.user).with_clock(timezone.now())
    return get_object_or_404(visible.select_related("programme", "handler"), pk=pk)


def _case_page(request, case, submitted=None):
    """A case with a form for each thing that can be done; `submitted` is the one that had a mistake."""
    try:
        opened = services.read(case, by=request.user, at=timezone.now())
    except NotPossible as refusal:  # the duty was taken away this very moment
        raise Http404 from refusal
    offered = {form_class.verb: form_class(case=case) for form_class in _offered(case)}
    if submitted:
        offered[submitted.verb] = submitted
    context = {
        "case": case,
        "opened": opened,
        "read_by": case.readings.values("user", "user__name")
        .annotate(last_at=Max("at"))
        .order_by("-last_at"),
        "forms": offered.values(),
        "has_mistake": submitted is not None,
    }
    return render(request, "concerns/case.html", context)


def _offered(case):
    if case.is_closed:
        return [forms.MoveForm]
    closing = [forms.CloseForm] if case.is_answered else []
    return [forms.AnswerForm, forms.NoteForm, forms.AssignForm, forms.MoveForm, *closing]
