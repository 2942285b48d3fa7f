"""The certificate of thanks for mentors and facilitators."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.models import EndReason, Membership, State


@login_required
@require_safe
def certificate_of_thanks(request, pk):
    """For who mentored or facilitated to the programme's end, after it; nobody else's name stands on it."""
    theirs = Membership.objects.filter(
        application__user=request.user,
        part__in=[Membership.Part.MENTOR, Membership.Part.FACILITATOR],
        stayed_to_the_end=True,
        partnership__state=State.ENDED,
        partnership__end_reason=EndReason.PROGRAMME,
    )
    rows = theirs.select_related("partnership__cohort__programme")
    own = get_object_or_404(rows, partnership__pk=pk)
    cohort = own.partnership.cohort
    context = {
        "name": request.user.name,
        "is_facilitator": own.part == Membership.Part.FACILITATOR,
        "programme": cohort.programme,
        "cohort": cohort,
        "partnership_url": own.partnership.get_absolute_url(),
        "from_on": own.joined_on,
        "until_on": min(own.left_on, cohort.ends_on),
    }
    return render(request, "partnerships/thanks.html", context)
