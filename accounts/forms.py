from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.contrib.auth.hashers import make_password


class SignupForm(BaseSignupForm):
    """Sign up with a name, an address and a password."""

    name = forms.CharField(
        max_length=150, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]

    def try_save(self, request):
        """Where the address is known no password is set; take as long as if one were, so that time tells nothing."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
