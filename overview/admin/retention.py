"""The table of periods, what is due next, and what went: for superusers, who answer for the whole of it."""

from django.contrib import admin
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.proofs import step_up
from overview.admin.reading import ReadOnlyAdmin
from overview.models import RetentionPeriod, RetentionRun
from overview.personal.categories import CATEGORIES
from overview.purging.rules import RULES
from overview.services import periods, purging
from programmes.admin.base import ScopedAdmin

_CATEGORIES = {category.key: category for category in CATEGORIES}


class _OfTheHouse:
    """Rows of no programme: an administrator's duty opens none of them."""

    def is_in_scope(self, request, obj):
        return self.model.objects.opens_by_rank(request.user)


@admin.register(RetentionPeriod)
@method_decorator(step_up, name="change_view")
class RetentionPeriodAdmin(_OfTheHouse, ScopedAdmin):
    """How long each category is kept. Rows come with the product; only the months are anybody's to set."""

    list_display = ["title", "period", "since", "usual"]
    list_display_links = ["title"]
    fields = ["title", "purpose", "since", "months"]
    change_list_template = "admin/overview/retentionperiod/change_list.html"

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["title", "purpose", "since"]

    def get_queryset(self, request):
        """In the order of the record of processing; a category that the product has no more is nobody's to set."""
        return super().get_queryset(request).filter(category__in=_CATEGORIES)

    def changelist_view(self, request, extra_context=None):
        """With a dry run of what an announcement of today would name. Whoever comes before the clock finds a table."""
        shown = {}
        if self.has_view_permission(request):
            periods.install()
            shown = {
                "due": [each for each in purging.plan(at=timezone.now()) if each.rows],
                "run": RetentionRun.objects.visible_to(request.user).open().first(),
            }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    @admin.display(description="what", ordering="category")
    def title(self, row):
        return _CATEGORIES[row.category].title

    @admin.display(description="kept", ordering="months")
    def period(self, row):
        return f"{row.months} months" if row.months > 1 else "1 month"

    @admin.display(description="from")
    def since(self, row):
        return _CATEGORIES[row.category].kept

    @admin.display(description="as delivered")
    def usual(self, row):
        return f"{_CATEGORIES[row.category].months} months"

    @admin.display(description="what for")
    def purpose(self, row):
        return _CATEGORIES[row.category].purpose


@admin.register(RetentionRun)
class RetentionRunAdmin(_OfTheHouse, ReadOnlyAdmin):
    """What was announced and what went. Counts; nobody stands in them."""

    list_display = ["planned_at", "begins_at", "done_at", "announced", "gone"]
    list_per_page = 50
    fields = ["planned_at", "reported_at", "begins_at", "done_at", "counts"]
    readonly_fields = ["counts"]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields

    @admin.display(description="announced")
    def announced(self, run):
        return sum(run.planned.values())

    @admin.display(description="gone")
    def gone(self, run):
        return sum(run.purged.values())

    @admin.display(description="rows")
    def counts(self, run):
        """In the order in which they go; what stayed is needed still, or couldn't be deleted."""
        lines = [
            f"{rule.title}: {run.planned[rule.key]} announced, {run.purged.get(rule.key, 0)} gone"
            + (f", {failed} failed" if (failed := run.failed.get(rule.key, 0)) else "")
            for rule in RULES
            if rule.key in run.planned
        ]
        return "; ".join(lines)
