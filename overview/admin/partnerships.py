from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Max, Prefetch, Q
from django.template.response import TemplateResponse
from django.utils import timezone

from meetings.models import ContactFrequency, Meeting
from mentorship.lib.refusals import NotPossible
from overview.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from partnerships import services
from partnerships.models import EndReason, Membership, Partnership
from programmes.admin.base import administers_something


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ["person", "part", "joined_on", "left_on"]
    readonly_fields = ["person"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("application__user")

    @admin.display(description="person")
    def person(self, membership):
        return membership.application.user.name


class MeetingInline(ReadOnlyInline):
    """Facts, since there is nothing else (EI-6)."""

    model = Meeting
    fields = ["held_on", "minutes", "format", "is_official"]


class ContactFrequencyInline(ReadOnlyInline):
    model = ContactFrequency
    verbose_name_plural = "between meetings"
    fields = ["frequency", "agreed_at"]


@admin.register(Partnership)
class PartnershipAdmin(ReadOnlyAdmin):
    """Who is with whom and whether they meet. Partnerships begin by a release; the office may end them."""

    list_display = ["people", "kind", "state", "meetings_held", "last_met_on", "introduced_on", "cohort_name"]
    list_per_page = 50
    ordering = ["-introduced_at", "-pk"]
    list_filter = ["cohort", "pathway", "state"]
    list_select_related = ["cohort__programme"]
    search_fields = ["name", "memberships__application__user__name", "memberships__application__user__email"]
    search_help_text = "Search by the name of a circle, or by a person’s name or address."
    fields = ["cohort", "pathway", "name", "state", "introduced_at", "ended_at", "end_reason"]
    inlines = [MembershipInline, MeetingInline, ContactFrequencyInline]
    actions = ["end"]
    view_on_site = False

    def get_queryset(self, request):
        inside = Membership.objects.filter(Q(left_on=None) | Q(stayed_to_the_end=True))
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", inside.select_related("application__user"), "inside"))
            .annotate(held=Count("meetings", distinct=True), last_met=Max("meetings__held_on"))
        )

    def has_end_permission(self, request):
        return administers_something(request)

    @admin.display(description="people")
    def people(self, partnership):
        return ", ".join(membership.application.user.name for membership in partnership.inside)

    @admin.display(description="pathway", ordering="pathway")
    def kind(self, partnership):
        return partnership.name or partnership.get_pathway_display()

    @admin.display(description="cohort", ordering="cohort")
    def cohort_name(self, partnership):
        return partnership.cohort.name

    @admin.display(description="introduced", ordering="introduced_at")
    def introduced_on(self, partnership):
        return timezone.localdate(partnership.introduced_at)

    @admin.display(description="meetings", ordering="held")
    def meetings_held(self, partnership):
        return partnership.held

    @admin.display(description="last met", ordering="last_met")
    def last_met_on(self, partnership):
        return partnership.last_met

    @admin.action(description="End these partnerships…", permissions=["end"])
    def end(self, request, queryset):
        """Ask once more, then end each; everybody in it is told (EI-2)."""
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "End partnerships",
                "opts": self.opts,
                "partnerships": queryset,
                "checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/partnerships/partnership/end.html", context)
        ended = 0
        for partnership in queryset:
            try:
                services.end(partnership, by=request.user, at=timezone.now(), reason=EndReason.OFFICE)
                ended += 1
            except NotPossible as refusal:
                self.message_user(request, f"{partnership}: {refusal}", messages.WARNING)
        if ended:
            self.message_user(
                request, f"Partnerships ended: {ended}. Everybody in them is told.", messages.SUCCESS
            )
        return None
