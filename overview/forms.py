"""Forms of pages that belong to no single floor."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from overview.models import DataRequest


class AskForm(forms.Form):
    """What somebody asks or complains of about their own data. `key` makes the same form, sent twice, one request."""

    kind = forms.ChoiceField(
        label="What would you like?",
        choices=DataRequest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )
    text = forms.CharField(
        label="In your own words",
        max_length=DataRequest._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Please say what you would like."},
        help_text="Which details, or what happened, as far as you know. You need not give a reason.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout("kind", "text", "key", Submit("", "Send"))


class DeleteAccountForm(forms.Form):
    """One tick, so that nobody deletes an account by pressing a button too many."""

    understood = forms.BooleanField(
        label="Yes, delete my account and what is held about me",
        error_messages={"required": "Tick this if you are sure; else nothing happens."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
