"""The page of a case: what its handlers read, and a form for each thing that they can do."""

from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from concerns import letters, places, queries, services
from concerns.forms.handling import offered
from concerns.forms.protecting import FindForm, PauseForm, ResumeForm
from concerns.models import Case
from mentorship.lib.refusals import NotPossible


def visible_case(request, pk):
    visible = Case.objects.visible_to(request.user).with_clock(timezone.now())
    return get_object_or_404(visible.select_related("programme", "handler"), pk=pk)


def case_page(request, case, *, submitted=None, found=()):
    """`submitted` is the form that had a mistake or looked for somebody, `found` the partnerships that it found."""
    try:
        opened = services.read(case, by=request.user, at=timezone.now())
    except NotPossible as refusal:  # the duty was taken away this very moment
        raise Http404 from refusal
    context = {
        "case": case,
        "opened": opened,
        "places": places.places_of(opened.reporter, case.programme),
        "letters": letters.letters_of(case),
        "readers": queries.readers_of(case),
        "read_by": _read_by(case),
        "found": found,
        "has_mistake": bool(submitted and submitted.errors),
        **_forms(case, submitted, found),
    }
    return render(request, "concerns/case.html", context)


def _read_by(case):
    readings = case.readings.values("user", "user__name")
    return readings.annotate(last_at=Max("at")).order_by("-last_at", "user__name", "user")


def _forms(case, submitted, found):
    """What stands open first, what else can be done, and what concerns partnerships."""
    main = {form_class.verb: form_class(case=case) for form_class in offered(case)}
    protecting = _protecting(case, submitted, found)
    if submitted and submitted.verb not in protecting:
        main[submitted.verb] = submitted
    return {
        "forms": list(main.values()),
        "protecting": list(protecting.values()),
        "is_protecting": submitted is not None and submitted.verb in protecting,
    }


def _protecting(case, submitted, found):
    """A closed case lets nothing rest any more, but what rests can go on."""
    pairs = places.pairs_of(case, also=found)
    resting = [pair for pair in pairs if pair.is_paused]
    classes = [ResumeForm, FindForm] if case.is_closed else [PauseForm, ResumeForm, FindForm]
    made = {form_class.verb: form_class(case=case) for form_class in classes}
    if submitted and submitted.verb in {"pause", "resume", "find"}:
        made[submitted.verb] = submitted
    if "pause" in made:
        made["pause"].offer([pair for pair in pairs if pair not in resting])
    made["resume"].offer(resting)
    return made
