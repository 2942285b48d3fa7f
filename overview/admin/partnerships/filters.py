from django.contrib import admin
from django.utils import timezone

from applications.models import Absence
from overview.queries.standing import overdue, owing_an_agreement, own_partnerships
from partnerships.models import Flag, Membership, Partnership, State


class NeedsALookFilter(admin.SimpleListFilter):
    """What somebody at the office should look at (BM-5).

    Flags and absences of one's own partnership choose nothing: a filter would tell what its row doesn't.
    """

    title = "what needs a look"
    parameter_name = "look"

    def lookups(self, request, model_admin):
        return [
            ("overdue", "A meeting is overdue"),
            ("flag", "Somebody waits for the office"),
            ("never", "Never met"),
            ("away", "Somebody is away today"),
            ("paused", "Paused"),
            ("agreement", "An agreement is still to be accepted"),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        running = queryset.filter(pk__in=Partnership.objects.running().values("pk"))
        others = running.exclude(pk__in=own_partnerships(request.user))
        match self.value():
            case "overdue":
                rows = (
                    Partnership.objects.visible_to(request.user).running().select_related("cohort__programme")
                )
                return queryset.filter(pk__in=overdue(rows, on=today))
            case "flag":
                flags = Flag.objects.visible_to(request.user).open()
                return queryset.filter(pk__in=flags.order_by().values("partnership"))
            case "never":
                return running.filter(held=0)
            case "away":
                away = Absence.objects.on(today).order_by().values("application")
                inside = Membership.objects.current().filter(application__in=away)
                return others.filter(pk__in=inside.order_by().values("partnership"))
            case "paused":
                return running.filter(state=State.PAUSED)
            case "agreement":
                owing = owing_an_agreement(others)
                return others.filter(pk__in=owing.order_by().values("partnership"))
        return queryset
