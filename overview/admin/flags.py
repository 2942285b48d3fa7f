from functools import partial

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from overview.admin.asking import AskMixin
from overview.admin.reading import ReadOnlyAdmin
from overview.admin.verbs import VERBS
from partnerships.models import Flag, Membership


class WaitingFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = "state"
    parameter_name = "settled"

    def lookups(self, request, model_admin):
        return [("yes", "Settled"), ("all", "All")]

    def choices(self, changelist):
        _, *others = super().choices(changelist)
        query = changelist.get_query_string(remove=[self.parameter_name])
        return [{"selected": self.value() is None, "query_string": query, "display": "Waiting"}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "yes")


NEXT_STEPS = {
    Flag.Kind.LEAVING: "Write to who asked, thank them, and end it or let them go.",
    Flag.Kind.HELP: "Write to who asked and find out what would help. Settle it once that is done.",
    Flag.Kind.BROKEN: "Ask each of them how it goes. Log a meeting that they held, or pause or end it.",
    Flag.Kind.SQUEEZED: "Agree with both how their meetings still fit in, or pause or end it.",
    Flag.Kind.SMALL: "Find another member in a match run, or merge it with another circle.",
    Flag.Kind.UNLED: "Add a facilitator, or merge it with another circle.",
}


@admin.register(Flag)
class FlagAdmin(AskMixin, ReadOnlyAdmin):
    """What waits for the office about a partnership, oldest first, and what can be done about it (EI-1b, BM-5).

    Who is or was in the partnership finds nothing of it here, whatever their duty.
    """

    list_display = ["kind", "people", "asked_by", "cohort_name", "raised_at", "age"]
    list_per_page = 50
    ordering = ["raised_at", "pk"]
    list_filter = [WaitingFilter, "kind", "partnership__cohort"]
    search_fields = ["partnership__name", "partnership__memberships__application__user__name"]
    search_help_text = "Search by the name of a circle or of a person."

    def get_queryset(self, request):
        inside = Membership.objects.filter(Q(left_on=None) | Q(stayed_to_the_end=True))
        people = inside.select_related("application__user").order_by("pk")
        rows = super().get_queryset(request)
        return rows.select_related(
            "partnership__cohort__programme", "membership__application__user", "settled_by"
        ).prefetch_related(Prefetch("partnership__memberships", people, "inside"))

    @admin.display(description="people")
    def people(self, flag):
        names = ", ".join(member.application.user.name for member in flag.partnership.inside)
        return f"{flag.partnership.name}: {names}" if flag.partnership.name else names

    @admin.display(description="asked by")
    def asked_by(self, flag):
        return flag.membership.application.user.name if flag.membership else "Noticed automatically"

    @admin.display(description="cohort", ordering="partnership__cohort")
    def cohort_name(self, flag):
        return flag.partnership.cohort.name

    @admin.display(description="waits")
    def age(self, flag):
        """Days until now, or until it was settled."""
        until = flag.settled_at or timezone.now()
        days = (timezone.localdate(until) - timezone.localdate(flag.raised_at)).days
        return f"{days} {'day' if days == 1 else 'days'}"

    # The page of one flag, and a page for each verb

    def get_urls(self):
        own = [
            path(
                f"<int:pk>/{verb.name}/",
                self.admin_site.admin_view(partial(self.verb_view, verb=verb)),
                name=verb.flag_route.partition(":")[2],
            )
            for verb in VERBS
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        flag = self.get_object(request, unquote(object_id))
        if flag is None or request.method == "POST":
            return super().change_view(request, object_id, form_url, extra_context)
        others = Flag.objects.open().filter(partnership=flag.partnership).exclude(pk=flag.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": flag.get_kind_display(),
            "flag": flag,
            "asked_by": self.asked_by(flag),
            "members": flag.partnership.inside,
            "others": others.select_related("membership__application__user").order_by("raised_at", "pk"),
            "next_step": NEXT_STEPS[flag.kind],
            "verbs": [verb for verb in VERBS if verb.fits(flag.partnership, flag)],
        }
        return TemplateResponse(request, "admin/partnerships/flag/flag.html", context)

    def verb_view(self, request, pk, *, verb):
        flag = self.get_queryset(request).filter(pk=pk).first()
        if flag is None:
            raise Http404
        page = reverse("admin:partnerships_flag_change", args=[pk])
        return self.ask(
            request, verb, partnership=flag.partnership, people=self.people(flag), page=page, flag=flag
        )
