"""What the forms of both sides share."""

from crispy_forms.helper import FormHelper
from django import forms

from concerns.limits import MOST_LETTERS


def fields_only():
    """Crispy draws the fields; the form around them stands in the page, which knows where it goes."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def text_field(label, help_text="", rows=6):
    return forms.CharField(
        label=label,
        help_text=help_text,
        error_messages={"required": "Please write something."},
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )
