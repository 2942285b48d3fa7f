from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from mentorship.lib.refusals import NotPossible
from programmes import queries, services
from programmes.admin.base import ScopedAdmin, ScopedInline
from programmes.models import DisclosedFact, PolicyVersion


class _UntilPublished:
    """What is published stays as it is (EI-1): it can be looked at, and nothing else."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.published_on)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and super().has_delete_permission(request, obj) and obj.published_on is None


class _DisclosedFactForm(forms.ModelForm):
    class Meta:
        widgets = {"label": forms.TextInput(attrs={"size": 20})}


class DisclosedFactInline(_UntilPublished, ScopedInline):
    model = DisclosedFact
    form = _DisclosedFactForm
    verbose_name, verbose_name_plural = "fact", "what each side sees of the other"
    may_delete = True
    extra = 4
    fields = ["direction", "fact", "label", "position"]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not (obj and obj.published_on)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(_UntilPublished, ScopedAdmin):
    """Texts that people accept, and what each lets the other side see. Publishing has a page of its own."""

    may_delete = True
    list_display = ["name", "programme", "published"]
    list_filter = ["programme", "kind"]
    list_select_related = ["programme"]
    inlines = [DisclosedFactInline]
    fields = ["programme", "kind", "label", "text", "published"]
    readonly_fields = ["published"]
    change_form_template = "admin/programmes/policy_version.html"

    def get_inlines(self, request, obj):
        """Guidance and privacy notices show nobody anything."""
        return [] if obj and obj.kind != PolicyVersion.Kind.POLICY else super().get_inlines(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """What is published needs no hints for writing it."""
        if obj and obj.published_on:
            kwargs["help_texts"] = {"label": "", "text": ""}
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description="version", ordering="label")
    def name(self, version):
        return str(version)

    @admin.display(description="published on", ordering="published_on", empty_value="A draft")
    def published(self, version):
        return version.published_on

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.published_on else None

    def get_urls(self):
        publish = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.publish))
        return [
            path("<int:pk>/publish/", publish, name="programmes_policyversion_publish"),
            *super().get_urls(),
        ]

    def publish(self, request, pk):
        """Ask once more, showing all of it: after this nothing of it can be changed."""
        version = self.get_queryset(request).filter(pk=pk, published_on=None).first()
        if version is None:
            raise Http404
        if request.method == "POST":
            try:
                services.publish(version, by=request.user, at=timezone.now())
            except NotPossible as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _published(version))
            return redirect(reverse("admin:programmes_policyversion_change", args=[version.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Publish {version}",
            "opts": self.opts,
            "version": version,
            "shown_facts": queries.shown_facts(version),
        }
        return TemplateResponse(request, "admin/programmes/publish.html", context)


def _published(version):
    """What follows from it, and where that is looked after."""
    if version.kind == PolicyVersion.Kind.POLICY:
        return format_html(
            '{} is published. It holds for a cohort as soon as you <a href="{}">choose it there</a>.',
            version,
            reverse("admin:programmes_cohort_changelist"),
        )
    if version.kind == PolicyVersion.Kind.NOTICE:
        return f"{version} is published. Everybody who takes part is told of it; nobody needs to accept it."
    return format_html(
        '{} is published. Everybody who takes part is asked to accept it: <a href="{}">who hasn’t yet</a>.',
        version,
        reverse("admin:applications_application_changelist") + "?state__exact=accepted&accepted=no",
    )
