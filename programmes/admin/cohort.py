from django.contrib import admin

from programmes.admin.base import ScopedAdmin, ScopedStackedInline
from programmes.models import Cohort, KeyDate


class KeyDateInline(ScopedStackedInline):
    model = KeyDate
    may_delete = True
    extra = 2
    fields = [("kind", "title"), ("opens_on", "closes_on")]


@admin.register(Cohort)
class CohortAdmin(ScopedAdmin):
    """One run of a programme: its dates and the policy that it runs under."""

    list_display = ["name", "programme", "sign_up_opens_on", "sign_up_closes_on", "starts_on", "ends_on"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    inlines = [KeyDateInline]
    fieldsets = [
        (None, {"fields": ["programme", "name", "slug", "policy"]}),
        ("Sign-up", {"fields": [("sign_up_opens_on", "sign_up_closes_on")]}),
        ("The programme", {"fields": [("starts_on", "ends_on")]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """The slug is written on command lines: it is chosen once."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "slug") if obj else fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """People accept published versions, so a cohort runs under one; `Cohort.clean` keeps the rule."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "policy":
            field.queryset = field.queryset.published().select_related("programme")
            field.label_from_instance = lambda version: f"{version.programme}: {version}"
        return field
