"""The package's forms in the words of the rest of the site."""

import struct
from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.db import IntegrityError, transaction
from django.forms.fields import InvalidJSONInput

from accounts import pretence, zones

_LABELS = {
    "Email": "E-mail address",
    "Current Password": "Your password now",
    "New Password": "New password",
    "New Password (again)": "The same once more",
    "Password (again)": "The same once more",
    "Code": "The code from the message",
    "Authenticator code": "The code that the app shows",
    "Passwordless": "Also sign in with this passkey alone",
}
_NO_KEY = "This passkey couldn’t be used here. Please try again."
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    InvalidSignature,
    LookupError,
    RuntimeError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
)
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
        """An address that is signed up twice at the same moment is known to the second."""
        if self.account_already_exists:
            self._make_and_forget(request)
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def _make_and_forget(self, request):
        """Where the address is known no account is made; take as long as if one were, so that time tells nothing."""
        typed = self.cleaned_data["email"]
        self.account_already_exists, self.cleaned_data["email"] = False, pretence.nobodys_address()
        with transaction.atomic(), transaction.atomic():  # a commit too takes its time
            self.save(request)
            transaction.set_rollback(True)
        self.account_already_exists, self.cleaned_data["email"] = True, typed
        pretence.look_for(users=1, addresses=3)


class LoginForm(OurWords, allauth.LoginForm):
    def clean_login(self):
        address = super().clean_login()
        pretence.look_as_long(address)
        return address


class RequestLoginCodeForm(OurWords, allauth.RequestLoginCodeForm):
    def clean_email(self):
        address = super().clean_email()
        pretence.look_as_long(address)
        return address


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    def clean_email(self):
        address = super().clean_email()
        pretence.look_as_long(address)
        return address

    def save(self, request, **kwargs):
        if not self.users:
            pretence.make_link()
        return super().save(request, **kwargs)


def _in_our_words(form: type[forms.Form]) -> type[forms.Form]:
    return type(form.__name__, (OurWords, form), {})


ConfirmLoginCodeForm = _in_our_words(allauth.ConfirmLoginCodeForm)
ReauthenticateForm = _in_our_words(allauth.ReauthenticateForm)
AddEmailForm = _in_our_words(allauth.AddEmailForm)
ChangeEmailForm = _in_our_words(allauth.ChangeEmailForm)
ConfirmEmailForm = _in_our_words(allauth.ConfirmEmailVerificationCodeForm)
ChangePasswordForm = _in_our_words(allauth.ChangePasswordForm)
SetPasswordForm = _in_our_words(allauth.SetPasswordForm)
ResetPasswordKeyForm = _in_our_words(allauth.ResetPasswordKeyForm)
ActivateTOTPForm = _in_our_words(totp.ActivateTOTPForm)


class _AppOrRecoveryCode(OurWords):
    """A code of either kind; phones show the keys for figures."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "The code"
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AuthenticateForm(_AppOrRecoveryCode, second_factor.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(_AppOrRecoveryCode, second_factor.ReauthenticateForm):
    pass


class CredentialField(forms.JSONField):
    """What a browser says of a key: short, plain, and nothing that PostgreSQL wouldn't keep."""

    widget = forms.HiddenInput
    longest = 20_000

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > self.longest or not value.isascii() or "\\" in value):
            raise forms.ValidationError(_NO_KEY)
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A page with mistakes never repeats it: each is good for one time."""
        return InvalidJSONInput("")


class _WithKey(OurWords):
    """The packages that read a key fail in many ways over what no browser sends; here all of them are one refusal."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(
            error_messages=dict.fromkeys(["required", "invalid"], _NO_KEY)
        )

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except _UNREADABLE:
            self.add_error("credential", _NO_KEY)  # type: ignore[attr-defined]


class AddPasskeyForm(_WithKey, webauthn.AddWebAuthnForm):
    """The name is for people with several; the package fills an empty one in."""

    name = forms.CharField(label="A name by which you know it again", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = (
            "Without a password: your device asks for your fingerprint, your face or its PIN. Simple keys that ask for"
            " nothing can’t do this."
        )


class EditPasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    name = forms.CharField(label="A name by which you know it again", max_length=100)


class AuthenticateByPasskeyForm(_WithKey, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(_WithKey, webauthn.ReauthenticateWebAuthnForm):
    pass


class LoginByPasskeyForm(_WithKey, webauthn.LoginWebAuthnForm):
    pass


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
