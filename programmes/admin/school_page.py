from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from mentorship.lib.refusals import NotPossible
from programmes import school_pages
from programmes.admin.base import ScopedAdmin
from programmes.models import SchoolPage


@admin.register(SchoolPage)
class SchoolPageAdmin(ScopedAdmin):
    """The School's own policies that a programme's pages link to: each is looked at twice a year (EI-1f)."""

    list_display = ["which", "programme", "link", "looked_at_on", "asked_on", "due"]
    list_filter = ["programme", "which"]
    list_select_related = ["programme"]
    fields = ["programme", "which", "link", "looked_at_on", "asked_on", "due"]
    readonly_fields = ["link", "due"]
    change_form_template = "admin/programmes/school_page.html"

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="link", ordering="url")
    def link(self, page):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', page.url, page.url)

    @admin.display(description="due", empty_value="No")
    def due(self, page):
        return school_pages.why_due(page, on=timezone.localdate()) or None

    def get_urls(self):
        look = self.admin_site.admin_view(require_POST(self.look))
        return [path("<int:pk>/look/", look, name="programmes_schoolpage_look"), *super().get_urls()]

    def look(self, request, pk):
        """It still leads there: said by somebody who opened the link that the page shows."""
        page = self.get_queryset(request).filter(pk=pk).first()
        if page is None:
            raise Http404
        try:
            school_pages.look(page, url=request.POST.get("url", ""), by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Thank you: {page} is noted as looked at today.")
        return redirect("admin:programmes_schoolpage_changelist")
