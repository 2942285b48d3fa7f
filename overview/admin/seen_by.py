"""What an account saw in a period, for superusers, under the record of disclosures."""

from django import forms
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.proofs import step_up
from overview.queries.seen_by import as_csv, earlier_looks
from overview.services.looking import look

_FORM = "admin:partnerships_disclosure_seen_by"


class PeriodForm(forms.Form):
    address = forms.EmailField(
        label="Address of the account",
        help_text="With which it signs in. It is sent with the form, so that it stands in no log.",
    )
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until, included", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_address(self):
        self.account = User.objects.filter(email__iexact=self.cleaned_data["address"]).first()
        if self.account is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return self.cleaned_data["address"]

    def clean(self):
        answers = super().clean()
        if answers.get("since") and answers.get("until") and answers["since"] > answers["until"]:
            self.add_error("until", "The last day can’t lie before the first.")
        return answers


class SeenByMixin:
    """For the admin of disclosures: a page with the report, and the same as a file."""

    def get_urls(self):
        def guarded(view, **options):
            return self.admin_site.admin_view(sensitive_post_parameters("address")(step_up(view, **options)))

        page = require_http_methods(["GET", "POST"])(self.seen_by_view)
        file = require_POST(self.seen_by_file)
        return [
            path("seen-by/", guarded(page, back=_FORM), name="partnerships_disclosure_seen_by"),
            path("seen-by/file/", guarded(file, back=_FORM), name="partnerships_disclosure_seen_by_file"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"can_look": request.user.is_superuser, **(extra_context or {})}
        )

    def seen_by_view(self, request):
        form = self._form(request)
        report = self._report(request, form) if form.is_valid() else None
        return self._page(request, form, report)

    def seen_by_file(self, request):
        form = self._form(request)
        if not form.is_valid():
            return self._page(request, form, None)
        report = self._report(request, form)
        response = HttpResponse("\ufeff" + as_csv(report), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="seen.csv"'
        return response

    @staticmethod
    def _form(request):
        if not request.user.is_superuser:
            raise Http404
        return PeriodForm(request.POST if request.method == "POST" else None)

    @staticmethod
    def _report(request, form):
        days = {name: form.cleaned_data[name] for name in ("since", "until")}
        return look(form.account, by=request.user, at=timezone.now(), **days)

    def _page(self, request, form, report):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What an account saw",
            "form": form,
            "report": report,
            "looks": earlier_looks(report.account)[:20] if report else [],
        }
        return TemplateResponse(request, "admin/overview/seen_by.html", context)
