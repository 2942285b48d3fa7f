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


class WordsField(forms.CharField):
    """What people write, of which nothing gets lost but NUL, which nobody types and PostgreSQL doesn't take."""

    def __init__(self, *, max_length, **kwargs):
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = f"Please keep it to {max_length:,} letters."

    def to_python(self, value):
        return super().to_python(value).replace("\0", "").strip()

    def widget_attrs(self, widget):
        """Without a length: a browser cuts off what is pasted beyond it, and says nothing."""
        return {"autocomplete": "off"}


def text_field(label, help_text="", rows=6):
    return WordsField(
        label=label,
        help_text=help_text,
        error_messages={"required": "Please write something."},
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
