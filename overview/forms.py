from crispy_forms.helper import FormHelper
from django import forms


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
