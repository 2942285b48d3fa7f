"""Two people whom the office puts together itself, and the list of all that it has decided."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Application
from matching import choices, gathering, reasons
from matching.admin.cohorts import CohortPages
from matching.models import Decision
from matching.services import choosing, deciding
from mentorship.lib.refusals import NotPossible
from programmes.models import Pathway, Role


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, application):
        return application.user.name


class PairForm(forms.Form):
    """A mentee without a partner and a mentor with a place, never the reader; a pathway where there are two."""

    mentee = PersonField(queryset=None, empty_label="Choose a mentee")
    mentor = PersonField(queryset=None, empty_label="Choose a mentor")
    pathway = forms.ChoiceField(choices=())

    def __init__(self, *args, pool, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        people = Application.objects.exclude(user=viewer).select_related("user", "cohort__programme")
        ordered = people.order_by("user__name", "pk")
        self.fields["mentee"].queryset = ordered.filter(role=Role.MENTEE, pk__in=pool.mentees)
        self.fields["mentor"].queryset = ordered.filter(role=Role.MENTOR, pk__in=pool.mentors)
        kinds = [(kind.value, kind.label) for kind in Pathway.Kind if kind in pool.criteria]
        self.fields["pathway"].choices = kinds
        if len(kinds) == 1:
            self.fields["pathway"].widget = forms.HiddenInput()
            self.fields["pathway"].initial = kinds[0][0]


class ByHandMixin(CohortPages):
    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("pair/<int:cohort_pk>/", view(self.pair_view), name="matching_pair"),
            path("decisions/<int:cohort_pk>/", view(self.decisions_view), name="matching_decisions"),
            path(
                "decisions/<int:cohort_pk>/take-back/",
                view(require_POST(self.take_back_view)),
                name="matching_take_back",
            ),
        ]
        return own + super().get_urls()

    def pair_view(self, request, cohort_pk):
        """Choose two people, read what it would mean, confirm; only the last step changes anything."""
        cohort = self._cohort(request, cohort_pk)
        try:
            pool = gathering.gather(cohort, on=timezone.localdate())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:matching_decisions", cohort.pk)
        given = request.POST if request.method == "POST" else request.GET
        is_asked = request.method == "POST" or {"mentee", "mentor"} <= given.keys()
        form = PairForm(given if is_asked else None, initial=given.dict(), pool=pool, viewer=request.user)
        context = {"form": form, "cohort": cohort, "title": "Pair by hand", "found": None}
        if form.is_valid():
            if request.method == "POST":
                return self._pair(request, cohort, form)
            context |= self._previewed(request, pool, form.cleaned_data)
        return self._page(request, "pair.html", **context)

    @staticmethod
    def _previewed(request, pool, chosen):
        decided = Decision.objects.filter(**chosen, kind=Decision.Kind.APART)
        is_put_off = decided.exists()
        found = choices.by_hand(pool, **chosen, viewer=request.user, is_put_off=is_put_off)
        said = reasons.sentences(found.parts)
        locked = Decision.objects.filter(mentee=chosen["mentee"], kind=Decision.Kind.TOGETHER)
        other = locked.exclude(mentor=chosen["mentor"]).exclude(mentor__user=request.user)
        return {
            "found": found,
            "reasons": said,
            "is_put_off": is_put_off,
            "lock": other.select_related("mentor__user").first(),
            "chosen": chosen,
        }

    def _pair(self, request, cohort, form):
        try:
            run = choosing.choose(**form.cleaned_data, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self._page(
                request, "pair.html", form=form, cohort=cohort, title="Pair by hand", found=None
            )
        messages.success(request, "Paired and locked. This run places everybody else around them.")
        return HttpResponseRedirect(run.get_absolute_url())

    def decisions_view(self, request, cohort_pk):
        """Who is locked, refused for this time and for ever, with the reason, by whom and when."""
        cohort = self._cohort(request, cohort_pk)
        decisions = choices.decisions_of(cohort, viewer=request.user)
        return self._page(
            request, "decisions.html", cohort=cohort, decisions=decisions, title="Decisions about people"
        )

    def take_back_view(self, request, cohort_pk):
        cohort = self._cohort(request, cohort_pk)
        given = request.POST.get("decision", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        rows = choices.decisions_of(cohort, viewer=request.user).filter(pk=number)
        try:
            is_gone = deciding.forget(rows, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            said = (
                "Taken back: it doesn’t hold in further runs."
                if is_gone
                else "That has been taken back already."
            )
            messages.success(request, said)
        return redirect("admin:matching_decisions", cohort.pk)
