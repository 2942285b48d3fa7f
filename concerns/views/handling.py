"""Pages of the people who handle concerns: their list, and a case with one address for each thing they do."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.proofs import step_up
from concerns import queries, services
from concerns.forms import handling as forms
from concerns.forms import protecting
from concerns.models import Case
from concerns.views.case_page import case_page, visible_case
from mentorship.lib.refusals import NotPossible
from programmes.models import Duty
from programmes.permissions import can_handle_concerns

CASES_PER_PAGE = 25
VIEWS = {"open": "Open", "mine": "Given to me", "closed": "Closed"}


@login_required
@require_safe
def cases(request):
    """The handlers' list; for everybody else there is nothing at this address."""
    if not can_handle_concerns(request.user):
        raise Http404
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in VIEWS else "open"
    visible = Case.objects.visible_to(request.user).with_clock(timezone.now())
    shown = _shown(visible, chosen, request.user).select_related("programme", "handler")
    page = Paginator(shown, CASES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "views": VIEWS.items(),
        "chosen": chosen,
        "has_several_programmes": request.user.duties.filter(kind=Duty.Kind.CONCERNS).count() > 1,
    }
    return render(request, "concerns/cases.html", context)


def _shown(visible, chosen, user):
    if chosen == "closed":
        return visible.closed().order_by("-closed_at", "pk")
    still_open = visible.still_open().by_urgency()
    return still_open.filter(handler=user) if chosen == "mine" else still_open


@login_required
@require_safe
@step_up
def case(request, pk):
    return case_page(request, visible_case(request, pk))


def _action(view):
    """One thing that a handler does: its own address, by POST only."""
    return login_required(require_POST(sensitive_post_parameters()(step_up(back="case")(view))))


@_action
def case_answer(request, pk):
    return _act(request, pk, forms.AnswerForm, services.answer, "The answer has been sent.")


@_action
def case_note(request, pk):
    return _act(request, pk, forms.NoteForm, services.note, "The note has been kept.")


@_action
def case_publish(request, pk):
    done = "The answer stands on the programme’s page, and the person who asked has it too."
    return _act(request, pk, forms.PublishForm, services.publish, done)


@_action
def case_assign(request, pk):
    return _act(request, pk, forms.AssignForm, services.assign, "The case has been given.")


@_action
def case_move(request, pk):
    return _act(request, pk, forms.MoveForm, services.move, "The state has been changed.")


@_action
def case_close(request, pk):
    return _act(request, pk, forms.CloseForm, services.close, "The case has been closed.")


@_action
def case_keep_from(request, pk):
    """Who writes their own name has no page to come back to but the list."""
    return _act(request, pk, forms.KeepFromForm, services.keep_from, "The case is kept from them now.")


@_action
def case_pause(request, pk):
    return _act(request, pk, protecting.PauseForm, services.pause, "The partnership has been paused.")


@_action
def case_resume(request, pk):
    return _act(request, pk, protecting.ResumeForm, services.resume, "The partnership goes on.")


@_action
def case_find(request, pk):
    """Shows the case once more with the partnerships found: what is typed stands in no address."""
    case = visible_case(request, pk)
    form = protecting.FindForm(request.POST, case=case)
    found = []
    if form.is_valid():
        people = queries.people_called(form.cleaned_data["named"], case.programme)
        found = queries.partnerships_of(people, case.programme)
        if not found:
            form.add_error("named", "Nobody who is called so is in a partnership of this programme.")
    return case_page(request, case, submitted=form, found=found)


def _act(request, pk, form_class, service, done):
    case = visible_case(request, pk)
    form = form_class(request.POST, case=case)
    if not form.is_valid():
        return case_page(request, case, submitted=form)
    try:
        service(case, by=request.user, at=timezone.now(), **form.answers())
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        meant = form.cleaned_data.get("partnership")
        return case_page(request, visible_case(request, pk), submitted=form, found=[meant] if meant else [])
    messages.success(request, done)
    is_open = Case.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(case if is_open else "cases")
