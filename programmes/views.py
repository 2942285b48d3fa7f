"""The open pages of a programme: what it is, its texts and their versions, the toolkit, questions."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mentorship.lib.refusals import NotPossible
from programmes import queries, services
from programmes.comparing import What, compare
from programmes.forms import QuestionForm
from programmes.models import Programme, Role


@require_safe
def programme(request, slug):
    today = timezone.localdate()
    try:
        programme = queries.programme_page(slug, user=request.user)
    except Programme.DoesNotExist as missing:
        raise Http404 from missing
    cohort = queries.current_cohort(programme, today)
    context = {
        "programme": programme,
        "cohort": cohort,
        "cohorts": queries.cohorts_to_show(programme, today),
        "today": today,
        "is_open": bool(cohort and cohort.is_open_for_sign_up(today)),
        "roles": queries.roles_asked(programme),
        "is_closed_to_some": queries.is_closed_to_some(programme),
        "promises": [
            (role, [promise for promise in programme.commitments.all() if promise.role == role])
            for role in Role
        ],
        **_texts(programme.published_versions, cohort),
    }
    return render(request, "programmes/programme.html", context)


def _texts(versions, cohort):
    """The policy that the cohort runs under, the newest guidance and privacy notice, and all other versions."""
    policy = next((version for version in versions if cohort and version.pk == cohort.policy_id), None)
    policy = policy or _newest(versions, "policy")
    guidance, notice = _newest(versions, "guidance"), _newest(versions, "notice")
    return {
        "policy": policy,
        "guidance": guidance,
        "notice": notice,
        "other_versions": [version for version in versions if version not in (policy, guidance, notice)],
        "shown_facts": queries.shown_facts(policy) if policy else [],
    }


@require_safe
def policy_version(request, slug, kind, label):
    """One published version, old or new: what people accepted stays readable."""
    programme = _readable(request, slug)
    versions = programme.policy_versions.published().filter(kind=kind)
    version = get_object_or_404(versions.prefetch_related("disclosed_facts"), label=label)
    context = {
        "programme": programme,
        "version": version,
        "others": versions.exclude(pk=version.pk).defer("text"),
        "is_newest": version == versions.newest(kind),
        "earlier": version.earlier,
        "shown_facts": queries.shown_facts(version),
    }
    return render(request, "programmes/policy_version.html", context)


@require_safe
def compare_versions(request, slug, kind, label, earlier):
    """What one published version took out of another and added to it: open to all, as the versions are."""
    programme = _readable(request, slug)
    versions = programme.policy_versions.published().filter(kind=kind).prefetch_related("disclosed_facts")
    version, before = (get_object_or_404(versions, label=name) for name in (label, earlier))
    pieces = compare(before.text, version.text)
    shown = queries.compared_facts(before, version)
    everything = [piece.what for piece in [*pieces, *(piece for _, facts in shown for piece in facts)]]
    context = {
        "programme": programme,
        "version": version,
        "before": before,
        "pieces": pieces,
        "shown": shown,
        "taken_out": everything.count(What.OUT),
        "added": everything.count(What.IN),
    }
    return render(request, "programmes/compare_versions.html", context)


@require_safe
def privacy(request):
    """The privacy notices of all programmes, for whoever looks for theirs from any page."""
    programmes = list(queries.with_notice(Programme.objects.public()))
    return render(request, "programmes/privacy.html", {"programmes": programmes})


@require_safe
def toolkit(request, slug):
    programme = _readable(request, slug)
    context = {"programme": programme, "resources": programme.resources.all()}
    return render(request, "programmes/toolkit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_question(request, slug):
    """A visitor asks; the answer comes by e-mail, on the page, or both (BM-13)."""
    programme = _readable(request, slug)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        try:
            if not form.is_trapped:
                services.ask_question(
                    programme,
                    text=form.cleaned_data["text"],
                    email=form.cleaned_data["email"],
                    at=timezone.now(),
                )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: your question has reached the team.")
            return redirect(f"{reverse('programme', args=[programme.slug])}#questions")
    return render(request, "programmes/ask_question.html", {"programme": programme, "form": form})


def _newest(versions, kind):
    """Of published versions as they are ordered, the newest first."""
    return next((version for version in versions if version.kind == kind), None)


def _readable(request, slug):
    return get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
