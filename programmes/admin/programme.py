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


class PathwayForm(forms.ModelForm):
    class Meta:
        labels = {
            "label": "Name",
            "smallest": "Fewest mentees in a circle",
            "largest": "Most mentees in a circle",
            "agreement": "Agreement of a circle",
            "requires_training": "Mentors attend a training first",
        }
        help_texts = {
            "label": "As forms and sheets write it, e.g. “A: mentoring circle”.",
            "smallest": "For circles; leave 1 for one-to-one. A circle below it is flagged for you.",
            "largest": "For circles; leave 1 for one-to-one. Nobody joins a circle that is full.",
            "agreement": "For circles; leave empty if there is none. Everybody agrees to it before they see the others’"
            " details, and again whenever somebody joins. Markdown.",
            "requires_training": "If ticked, nobody is introduced here as a mentor or facilitator before you have noted"
            " under Training that they attended a session of this kind.",
        }


class PathwayInline(ScopedStackedInline):
    """Not to be deleted, since circles take their smallest and largest size from it."""

    model = Pathway
    form = PathwayForm
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
        labels = {
            "official_meetings": "Official meetings",
            "weeks_between_meetings_least": "Weeks between meetings, at least",
            "weeks_between_meetings_most": "Weeks between meetings, at most",
            "meeting_minutes": "Length of a meeting",
            "first_meeting_within_days": "First meeting within",
            "days_between_reminders": "Second reminder after",
            "days_until_the_office_is_told": "You are told after",
            "card_closes_after_days": "Details stay visible for",
            "concern_answer_days": "A concern is answered within",
        }
        help_texts = {
            "official_meetings": "How many each pair holds, in the windows that the cohort’s key dates set."
            " 0 if they meet in a rhythm instead.",
            "weeks_between_meetings_least": "The rhythm, if they meet in one; otherwise leave both empty.",
            "weeks_between_meetings_most": "A meeting is due after so many weeks without one.",
            "meeting_minutes": "Minutes. What forms suggest; anybody may write another length.",
            "first_meeting_within_days": "Days after the introduction. Who has logged no meeting by then is reminded.",
            "days_between_reminders": "Days after the first, if the meeting is still missing. At least 7:"
            " nobody is reminded more often than once a week.",
            "days_until_the_office_is_told": "Days after a meeting was due, if it is still missing:"
            " then the partnership stands under Flags.",
            "card_closes_after_days": "Days after its end in which both people still see each other’s details.",
            "concern_answer_days": "Working days until somebody has had a first answer from a person.",
        }
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
                "description": "Besides, under “Answers to choose from” below, an"
                " answer that isn’t ticked “May join” keeps who gave it outside for now.",
                "fields": [
                    "requires_school_email_of_mentors",
                    "requires_school_email_of_mentees",
                    "checks_alumni_list",
                    "declaration_wording",
                    "is_sensitive",
                ],
            },
        ),
        (
            "Meetings, reminders and deadlines",
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
                    "allows_anonymous_concerns",
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
