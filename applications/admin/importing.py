"""The office's sheets in the admin: choose a file, look at what it would do, then import exactly that."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from applications.models import Application
from applications.services import importing
from applications.spreadsheet.files import LARGEST_FILE, Unreadable
from applications.spreadsheet.sealed import LARGEST_SEALED, Sheet, seal, unseal
from mentorship.lib.refusals import NotPossible
from programmes.admin.base import administers_something
from programmes.facts import FACTS, Kind
from programmes.models import Cohort, Role

_MOST_REFUSALS_SHOWN = 500
_PEOPLE_SHOWN = 3
_OVER = "That page was too old. Please choose the file again; nothing has been stored."


class ImportForm(forms.Form):
    """Which cohort and role, and the file."""

    cohort = forms.ModelChoiceField(Cohort.objects.none(), empty_label=None)
    role = forms.ChoiceField(choices=Role)
    file = forms.FileField(
        label="CSV file",
        help_text="As your web form exports it: at most 5 MB. You see what it would do before anything is stored.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 5 MB. Please import it in parts.")
        return file


class ImportPeopleMixin:
    """Two more pages of the list of applications: choose and look, then confirm. For administrators only (ALL-1)."""

    def get_urls(self):
        own = [
            path(
                "import/",
                self.admin_site.admin_view(self.import_view),
                name="applications_application_import",
            ),
            path(
                "import/confirm/",
                self.admin_site.admin_view(self.confirm_import_view),
                name="applications_application_confirm_import",
            ),
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        """The list leads to the import, with the cohort that it shows."""
        cohort = request.GET.get("cohort__id__exact", "")
        query = f"?{urlencode({'cohort': cohort})}" if cohort.isdecimal() else ""
        link = reverse("admin:applications_application_import") + query
        return super().changelist_view(request, {**(extra_context or {}), "import_url": link})

    def import_view(self, request):
        """Choose a file; a good one leads to what it would do. Stores nothing."""
        form = ImportForm(
            request.POST or None,
            request.FILES or None,
            cohorts=_cohorts(request),
            initial={"cohort": request.GET.get("cohort")},
        )
        if form.is_valid():
            cohort, role = form.cleaned_data["cohort"], Role(form.cleaned_data["role"])
            try:
                return self._preview(request, cohort, role, form.cleaned_data["file"].read())
            except (Unreadable, NotPossible) as refusal:
                form.add_error("file", str(refusal))
        return self._import_page(request, "import_people.html", form=form)

    def confirm_import_view(self, request):
        """Import the file that was looked at, if it still does what was shown; otherwise show what it does now."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        cohorts = _cohorts(request)
        sheet = unseal(request.POST.get("sheet", ""), user=request.user.pk)
        if sheet is None:
            messages.error(request, _OVER)
            return HttpResponseRedirect(reverse("admin:applications_application_import"))
        cohort, role = get_object_or_404(cohorts, pk=sheet.cohort), Role(sheet.role)
        try:
            plan = importing.import_people(
                cohort=cohort,
                role=role,
                data=sheet.data,
                by=request.user,
                at=timezone.now(),
                digest=sheet.digest,
            )
        except NotPossible as refusal:
            messages.warning(request, str(refusal))
            return self._preview(request, cohort, role, sheet.data)
        messages.success(
            request, f"The sheet has been imported: {plan.summary}. Everybody new has a message."
        )
        query = urlencode({"cohort__id__exact": cohort.pk})
        return HttpResponseRedirect(f"{reverse('admin:applications_application_changelist')}?{query}")

    def _preview(self, request, cohort, role, data):
        plan = importing.plan_import(cohort=cohort, role=role, data=data, by=request.user, at=timezone.now())
        sealed = seal(Sheet(request.user.pk, cohort.pk, role, plan.digest, data))
        if len(sealed) > LARGEST_SEALED:
            raise Unreadable("The file is too large to be looked at here. Please import it in parts.")
        return self._import_page(
            request,
            "import_people_preview.html",
            plan=plan,
            sealed=sealed,
            people=[_as_stored(newcomer.row) for newcomer in plan.new[:_PEOPLE_SHOWN]],
            refusals=plan.refusals[:_MOST_REFUSALS_SHOWN],
            more_refusals=len(plan.refusals) - _MOST_REFUSALS_SHOWN,
        )

    def _import_page(self, request, template, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Import a sheet",
            **context,
        }
        return TemplateResponse(request, f"admin/applications/{template}", context)


def _cohorts(request):
    """Cohorts of the programmes that this person administers; no page for who administers none."""
    if not administers_something(request):
        raise PermissionDenied
    return Cohort.objects.administered_by(request.user).select_related("programme", "policy")


def _as_stored(row):
    """A row for the eye, fact by fact. The declaration stays out: it is for who decides eligibility (BM-2)."""
    facts = [(FACTS[fact].label, _shown(fact, value)) for fact, value in row.facts.items()]
    return {"row": row, "facts": facts}


def _shown(fact, value):
    kind = FACTS[fact].kind
    if kind is Kind.CHOICES:
        return "; ".join(option.name for option in value)
    if kind is Kind.YES_NO:
        return "Yes" if value else "No"
    if kind is Kind.DATE:
        return f"{value:%d/%m/%Y}" if value else ""
    if kind is Kind.PATHWAY:
        return Application.PathwayChoice(value).label
    return "" if value is None else value
