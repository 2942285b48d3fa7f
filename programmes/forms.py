from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms

from programmes.models import Question


class QuestionForm(forms.Form):
    """A visitor's question. `website` is a trap: people don't see it, and what fills it in is no person."""

    text = forms.CharField(
        label="Your question",
        max_length=Question._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Please write your question."},
        help_text="If it may interest others, we publish it with the answer and without your name. Please name nobody.",
    )
    email = forms.EmailField(
        label="Your e-mail address (optional)",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Please type an address such as name@example.org."},
        help_text="For the answer only. It is never published.",
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout(
            "text",
            "email",
            Div(Field("website"), css_class="visually-hidden", aria_hidden="true"),
            Submit("", "Send the question"),
        )

    @property
    def is_trapped(self):
        return bool(self.cleaned_data.get("website"))
