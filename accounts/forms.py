"""The package's forms in the words of the rest of the site."""

from typing import Any

from allauth.account import forms as allauth
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import zones

_LABELS = {
    "Email": "E-mail address",
    "Current Password": "Your password now",
    "New Password": "New password",
    "New Password (again)": "The same once more",
    "Password (again)": "The same once more",
    "Code": "The code from the message",
}
_REQUIRED = {"required": "Please fill this in."}
_INVALID = {"invalid": "Please type an address such as name@example.org."}


class OurWords:
    """Mixed into a form of the package: our labels and errors, and no second label inside the field."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = _LABELS.get(str(field.label), field.label)
            field.error_messages |= _REQUIRED | (_INVALID if isinstance(field, forms.EmailField) else {})
            field.widget.attrs.pop("placeholder", None)


class SignupForm(OurWords, allauth.SignupForm):
    """Sign up with a name, an address and a password."""

    name = forms.CharField(
        max_length=150, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]

    def try_save(self, request):
        """Where the address is known no password is set; take as long as if one were, so that time tells nothing.

        An address that is signed up twice at the same moment is known to the second.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


def _in_our_words(form: type[forms.Form]) -> type[forms.Form]:
    return type(form.__name__, (OurWords, form), {})


LoginForm = _in_our_words(allauth.LoginForm)
RequestLoginCodeForm = _in_our_words(allauth.RequestLoginCodeForm)
ConfirmLoginCodeForm = _in_our_words(allauth.ConfirmLoginCodeForm)
ReauthenticateForm = _in_our_words(allauth.ReauthenticateForm)
AddEmailForm = _in_our_words(allauth.AddEmailForm)
ChangeEmailForm = _in_our_words(allauth.ChangeEmailForm)
ConfirmEmailForm = _in_our_words(allauth.ConfirmEmailVerificationCodeForm)
ChangePasswordForm = _in_our_words(allauth.ChangePasswordForm)
SetPasswordForm = _in_our_words(allauth.SetPasswordForm)
ResetPasswordForm = _in_our_words(allauth.ResetPasswordForm)
ResetPasswordKeyForm = _in_our_words(allauth.ResetPasswordKeyForm)


class SettingsForm(forms.Form):
    """What belongs to the person rather than to a programme."""

    time_zone = forms.ChoiceField(
        label="Your time zone",
        help_text="We write the times of your meetings in it. What a programme counts in days follows London.",
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
    )
    most_partnerships = forms.IntegerField(
        label="At most this many pairs and circles at a time (optional)",
        help_text="That you mentor or lead, over all programmes together. No office sees this number, or that it is"
        " why a place of yours isn’t free. What runs already isn’t touched. Leave it empty for no limit of your own.",
        required=False,
        min_value=0,
        max_value=50,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], "Give a number from 0 to 50, or leave it empty."
        ),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones.choices(zone)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "novalidate"}
        self.helper.layout = Layout("time_zone", "most_partnerships", Submit("", "Save"))
