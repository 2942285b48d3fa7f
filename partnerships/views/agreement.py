"""What a circle agrees to, and each member's yes to it (BM-5)."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.models import Partnership
from partnerships.queries.circles import agreement_of, owes_agreement


class AgreementForm(forms.Form):
    """The round that was shown, so that nobody accepts what they haven't read."""

    round = forms.IntegerField(min_value=1, max_value=30_000, widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "POST"])
def agreement(request, pk):
    rows = Partnership.objects.of(request.user).running().select_related("cohort__programme")
    partnership = get_object_or_404(rows, pk=pk)
    text = agreement_of(partnership)
    if not text:
        raise Http404
    form = AgreementForm(request.POST or None)
    if form.is_valid():
        try:
            services.accept_agreement(
                partnership, by=request.user, at=timezone.now(), round=form.cleaned_data["round"]
            )
        except NotPossible as refusal:
            messages.warning(request, str(refusal))
            return redirect("agreement", partnership.pk)
        messages.success(request, "Thank you: you have accepted what your circle agrees to.")
        return redirect(partnership)
    context = {
        "partnership": partnership,
        "text": text,
        "round": partnership.agreement_round,
        "owes": owes_agreement(partnership, request.user),
    }
    return render(request, "partnerships/agreement.html", context)
