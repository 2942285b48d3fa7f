from crispy_forms.helper import FormHelper
from django import forms

from equality.questions import QUESTIONS, choices_of


class QuestionnaireForm(forms.Form):
    """Every question can stay empty; a choice that was made can be unmade."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            *given, (empty, _) = choices_of(name)
            self.fields[name] = forms.ChoiceField(
                label=question.asks, choices=[(empty, "No answer"), *given], required=False
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
