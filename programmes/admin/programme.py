from django import forms
from django.contrib import admin

from programmes.admin.base import ScopedAdmin, ScopedInline, ScopedStackedInline
from programmes.models import (
    Aim,
    Ask,
    Commitment,
    Option,
    Pathway,
    Programme,
    Resource,
    SheetColumn,
)


class _SentenceForm(forms.ModelForm):
    """A sentence is longer than one line of a form."""

    class Meta:
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "cols": 60})}


class AimInline(ScopedInline):
    model = Aim
    form = _SentenceForm
    may_delete = True
    classes = ["collapse"]
    fields = ["text", "position"]


class CommitmentInline(ScopedInline):
    model = Commitment
    verbose_name, verbose_name_plural = "commitment", "commitments of each role"
    form = _SentenceForm
    may_delete = True
    classes = ["collapse"]
    fields = ["role", "text", "position"]


class PathwayInline(ScopedStackedInline):
    """Not to be deleted, since circles take their smallest and largest size from it."""

    model = Pathway
    verbose_name, verbose_name_plural = "pathway", "pathways: ways to take part"
    classes = ["collapse"]
    fields = [
        *["kind", "label", "description", ("smallest", "largest")],
        *["agreement", "requires_training", "position"],
    ]


class OptionInline(ScopedInline):
    """Not to be deleted, since people have chosen it: one that is closed isn't offered any more."""

    model = Option
    verbose_name, verbose_name_plural = "answer", "answers to choose from"
    classes = ["collapse"]
    fields = ["fact", "name", "is_open", "is_eligible", "position"]


class AskInline(ScopedStackedInline):
    model = Ask
    verbose_name, verbose_name_plural = "question", "what applicants are asked"
    may_delete = True
    extra = 2
    classes = ["collapse"]
    fields = [("role", "fact"), "section", "label", "help_text", "column", ("is_required", "position")]


class SheetColumnInline(ScopedInline):
    model = SheetColumn
    verbose_name, verbose_name_plural = "column", "other columns of the office’s sheets"
    may_delete = True
    classes = ["collapse"]
    fields = ["role", "meaning", "column"]


class ResourceInline(ScopedStackedInline):
    model = Resource
    verbose_name, verbose_name_plural = "text", "toolkit"
    may_delete = True
    classes = ["collapse"]
    fields = ["title", "text", "url", "position"]


class ProgrammeForm(forms.ModelForm):
    class Meta:
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "conduct_policy": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "declaration_wording": forms.Textarea(attrs={"rows": 3, "cols": 80}),
        }


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    """A programme and everything that makes it what it is. A superuser begins one; its administrators keep it."""

    form = ProgrammeForm
    list_display = ["name", "team_name", "is_public", "position"]
    search_fields = ["name"]
    inlines = [
        AimInline,
        CommitmentInline,
        PathwayInline,
        OptionInline,
        AskInline,
        SheetColumnInline,
        ResourceInline,
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "team_name", "summary", "introduction", "audience"]}),
        ("Contact", {"fields": ["contact", "contact_address"]}),
        ("The School’s policies", {"fields": ["safeguarding_url", "privacy_url", "conduct_policy"]}),
        (
            "Who may join",
            {
                "description": "Beside this, an option that is not ticked “may join” keeps its people outside for now.",
                "fields": [
                    "requires_school_email_of_mentors",
                    "requires_school_email_of_mentees",
                    "checks_alumni_list",
                    "declaration_wording",
                ],
            },
        ),
        (
            "Meetings and clocks",
            {
                "fields": [
                    "official_meetings",
                    ("weeks_between_meetings_least", "weeks_between_meetings_most"),
                    "meeting_minutes",
                    "first_meeting_within_days",
                    "days_between_reminders",
                    "days_until_the_office_is_told",
                    "card_closes_after_days",
                    "concern_answer_days",
                ],
            },
        ),
        (
            "Matching",
            {
                "description": "Who is kept apart and what counts is set under Matching, for each pathway,"
                " with a look at what a change would do.",
                "fields": [],
            },
        ),
        ("Front page", {"fields": ["is_public", "position"]}),
    ]

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def get_readonly_fields(self, request, obj=None):
        """The slug is in addresses and on command lines: it is chosen once."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "slug") if obj else fields
