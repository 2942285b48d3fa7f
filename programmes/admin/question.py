from django import forms
from django.contrib import admin
from django.utils import timezone

from programmes import services
from programmes.admin.base import ScopedAdmin
from programmes.models import Question


class QuestionForm(forms.ModelForm):
    """An answer, and whether it stands on the page; `Question`'s constraints say the same."""

    class Meta:
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "cols": 80})}

    def clean(self):
        answers = super().clean()
        if not answers.get("answer", "").strip():
            if answers.get("is_published"):
                self.add_error("answer", "A question is published with its answer.")
            elif self.instance.answered_at:
                self.add_error("answer", "It is answered already: better the answer, but leave one.")
        return answers


class WaitingFilter(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", "Waiting for one"), ("no", "Answered")]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.waiting()
        return queryset.exclude(answered_at=None) if self.value() == "no" else queryset


@admin.register(Question)
class QuestionAdmin(ScopedAdmin):
    """Visitors' questions and the office's own; saving an answer sends it to who asked (BM-13)."""

    may_delete = True
    form = QuestionForm
    list_display = ["text", "is_answered", "is_published", "asked_at", "programme"]
    list_filter = ["programme", WaitingFilter, "is_published"]
    list_select_related = ["programme"]
    search_fields = ["text", "answer"]
    ordering = ["-asked_at"]
    fields = [
        "programme",
        "text",
        "answer",
        "is_published",
        "position",
        "asker_email",
        "asked_at",
        "answered_at",
    ]
    readonly_fields = ["asker_email", "asked_at", "answered_at"]

    @admin.display(description="answered", boolean=True)
    def is_answered(self, question):
        return question.answered_at is not None

    def save_model(self, request, obj, form, change):
        """The text and its place are the office's to better; the answer goes through its service."""
        now = timezone.now()
        answer, is_published = obj.answer, obj.is_published
        before = Question.objects.get(pk=obj.pk) if change else Question(answer="", is_published=False)
        obj.asked_at = obj.asked_at or now
        obj.answer, obj.is_published = before.answer, before.is_published
        obj.save()
        if answer.strip():
            answered = services.answer_question(
                obj, answer=answer, publish=is_published, by=request.user, at=now
            )
            obj.answer, obj.is_published = answered.answer, answered.is_published
            obj.answered_at = answered.answered_at
