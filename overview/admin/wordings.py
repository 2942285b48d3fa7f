"""A programme's own words for its reminders, tried on real people before anybody reads them (BM-5)."""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.services import nudging
from overview.queries.standing import own_partnerships
from partnerships.models import Membership, Partnership
from programmes.admin.base import ScopedAdmin
from programmes.models import Wording
from programmes.wording import ALLOWED, PLACEHOLDERS, USUAL

MOST_FOUND = 20


class WordingForm(forms.ModelForm):
    class Meta:
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "cols": 80})}


@admin.register(Wording)
class WordingAdmin(ScopedAdmin):
    """One text per message; without one the usual words are sent. Deleting it brings the usual words back."""

    may_delete = True
    form = WordingForm
    list_display = ["kind", "programme"]
    list_filter = ["programme", "kind"]
    list_select_related = ["programme"]
    fields = ["programme", "kind", "text"]

    def get_readonly_fields(self, request, obj=None):
        """Which message it is for is chosen once: its placeholders depend on it."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "kind") if obj else fields

    def get_changeform_initial_data(self, request):
        """Another text begins with the usual words of its message."""
        given = super().get_changeform_initial_data(request)
        return {**given, "text": USUAL.get(given.get("kind", ""), "")}

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.preview_view))
        return [path("<int:pk>/preview/", view, name="programmes_wording_preview"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        wording = self.get_object(request, object_id) if object_id else None
        asked = wording.kind if wording else request.GET.get("kind")
        kinds = [asked] if asked in Wording.Kind.values else Wording.Kind.values
        extra_context = {"explained": [_explained(kind) for kind in kinds], **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def preview_view(self, request, pk):
        """The filled message for a real person of the programme, who is found by name. Nothing is sent."""
        wording = self.get_queryset(request).filter(pk=pk).first()
        if wording is None:
            raise Http404
        people = _people_to_try(request, wording)
        reader, words = _chosen(request, people), None
        if reader is not None:
            words = nudging.preview_wording(wording.kind, wording.text, reader, at=timezone.now())
        asked = request.GET.get("q", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview: {wording}",
            "opts": self.opts,
            "wording": wording,
            "asked": asked,
            "people": people.filter(application__user__name__icontains=asked)[:MOST_FOUND],
            "reader": reader,
            "words": words,
        }
        return TemplateResponse(request, "admin/programmes/wording/preview.html", context)


def _explained(kind):
    return {
        "kind": kind,
        "label": Wording.Kind(kind).label,
        "usual": USUAL[kind],
        "placeholders": [(f"{{{name}}}", PLACEHOLDERS[name]) for name in ALLOWED[kind]],
        "url": f"{reverse('admin:programmes_wording_add')}?kind={kind}",
    }


def _people_to_try(request, wording):
    """Who is in a running partnership of the programme, but for partnerships of who looks."""
    running = Partnership.objects.running().filter(cohort__programme=wording.programme_id)
    others = running.exclude(pk__in=own_partnerships(request.user))
    inside = Membership.objects.current().filter(partnership__in=others.order_by().values("pk"))
    return inside.select_related("application__user", "partnership__cohort__programme").order_by(
        "application__user__name", "pk"
    )


def _chosen(request, people):
    """The person whose number came with the address; a number of anybody else answers like none at all."""
    given = request.GET.get("membership", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    reader = people.filter(pk=given).first()
    if reader is None:
        raise Http404
    return reader
