from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.html import format_html

from meetings.models import State as MeetingState
from overview.admin.partnerships.ending import EndMixin
from overview.admin.partnerships.filters import NeedsALookFilter
from overview.admin.partnerships.meetings import LogMeetingMixin
from overview.admin.partnerships.page import PageMixin
from overview.admin.partnerships.reminding import RemindMixin
from overview.admin.partnerships.verbs import VerbsMixin
from overview.admin.reading import ReadOnlyAdmin
from overview.queries.standing import standings
from partnerships.models import Membership, Partnership


class StandingChangeList(ChangeList):
    """A page of partnerships with how each stands, asked for all of them at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        shown = standings(self.result_list, viewer=request.user, on=timezone.localdate())
        for partnership in self.result_list:
            partnership.standing = shown[partnership.pk]


@admin.register(Partnership)
class PartnershipAdmin(PageMixin, VerbsMixin, LogMeetingMixin, RemindMixin, EndMixin, ReadOnlyAdmin):
    """Who is with whom and whether they meet. Partnerships begin by a release; the office looks after them."""

    list_display = ["people", "meetings_held", "flags", "last_sign_of_life", "away", "state", "kind"]
    list_per_page = 50
    ordering = ["-introduced_at", "-pk"]
    list_filter = [NeedsALookFilter, "cohort", "pathway", "state"]
    list_select_related = ["cohort__programme"]
    search_fields = ["name", "memberships__application__user__name", "memberships__application__user__email"]
    search_help_text = "Search by the name of a circle, or by a person’s name or address."
    actions = ["remind", "end"]
    view_on_site = False

    def get_changelist(self, request, **kwargs):
        return StandingChangeList

    def get_queryset(self, request):
        inside = Membership.objects.filter(Q(left_on=None) | Q(stayed_to_the_end=True))
        return (
            super()
            .get_queryset(request)
            .select_related("cohort__programme")
            .prefetch_related(Prefetch("memberships", inside.select_related("application__user"), "inside"))
            .annotate(
                held=Count("meetings", filter=Q(meetings__state=MeetingState.HELD), distinct=True),
            )
        )

    @admin.display(description="people")
    def people(self, partnership):
        return ", ".join(membership.application.user.name for membership in partnership.inside)

    @admin.display(description="pathway", ordering="pathway")
    def kind(self, partnership):
        return partnership.name or partnership.get_pathway_display()

    @admin.display(description="meetings held", ordering="held")
    def meetings_held(self, partnership):
        standing = partnership.standing
        if not standing.is_overdue:
            return standing.meetings
        return format_html('{} <span class="state state-warn">Overdue</span>', standing.meetings)

    @admin.display(description="last sign of life", empty_value="–")
    def last_sign_of_life(self, partnership):
        at = partnership.standing.last_sign_at
        return at and timezone.localdate(at)

    @admin.display(description="away", empty_value="–")
    def away(self, partnership):
        return "; ".join(partnership.standing.away) or None

    @admin.display(description="waits for the office", empty_value="–")
    def flags(self, partnership):
        if partnership.standing.is_own:
            return "Yours: a colleague looks after it"
        return "; ".join(partnership.standing.flags) or None
