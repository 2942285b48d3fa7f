"""The pages that show several floors at once: the first page, a partnership, and who has seen what."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.queries import new_notices
from meetings.models import ContactFrequency
from meetings.queries import last_day_to_meet, progress_of, takes_meetings
from overview.queries import own, programmes
from overview.queries import partnership as page
from overview.queries import seen as record
from partnerships.models import Partnership
from partnerships.queries.absences import told_absences
from partnerships.queries.circles import owes_agreement
from training import queries as training

LINES_PER_PAGE = 25


@require_safe
def home(request):
    """Everybody's first page: the programmes for visitors, one's own affairs for who is signed in."""
    today = timezone.localdate()
    if not request.user.is_authenticated:
        return render(request, "overview/front.html", {"programmes": programmes.public_programmes(on=today)})
    applications = own.applications_of(request.user, on=today)
    partnerships = own.partnerships_of(request.user, on=today)
    is_in_something = bool(applications or partnerships)
    offered = (
        programmes.open_to(request.user, on=today)
        if is_in_something
        else programmes.public_programmes(on=today)
    )
    context = {
        "applications": applications,
        "partnerships": partnerships,
        "steps": own.next_steps(applications, partnerships, own.other_steps(request.user, on=today)),
        "notices": new_notices(request.user, on=today) if applications else [],
        "has_training": training.sessions_of(request.user).exists(),
        "is_in_something": is_in_something,
        "programmes": offered,
    }
    return render(request, "overview/home.html", context)


@require_safe
@login_required
def partnership(request, pk):
    """A partnership as the people in it see it; for anybody else there is nothing at its address."""
    own_partnerships = Partnership.objects.of(request.user).select_related(
        "cohort__programme", "cohort__policy"
    )
    partnership = get_object_or_404(own_partnerships, pk=pk)
    now = timezone.now()
    owes = owes_agreement(partnership, request.user)
    context = {
        "partnership": partnership,
        "programme": partnership.cohort.programme,
        "partners": [] if owes else page.partners(partnership, viewer=request.user, at=now),
        "cards_close_on": page.cards_close_on(partnership),
        "cards_are_open": partnership.shows_cards(now),
        "progress": progress_of(partnership, on=timezone.localdate(now), viewer=request.user),
        "meetings": page.meetings_of(partnership, viewer=request.user, at=now),
        "away": [] if owes else told_absences(partnership, viewer=request.user, at=now),
        "owes_agreement": owes,
        "takes_meetings": takes_meetings(partnership, at=now),
        "last_day_to_meet": last_day_to_meet(partnership),
        "own": page.own_part(partnership, viewer=request.user),
        "frequency": ContactFrequency.objects.filter(partnership=partnership).first(),
    }
    return render(request, "overview/partnership.html", context)


@require_safe
@login_required
def seen(request):
    """Who has seen what of mine (ALL-2)."""
    shown = Paginator(record.about(request.user), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "overview/seen.html", {"page": shown, "lines": record.lines(shown.object_list)})
