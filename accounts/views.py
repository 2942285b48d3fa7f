from urllib.parse import urlencode

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.utils import perform_login
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import links, pretence, proofs, services
from accounts.forms import SettingsForm
from mentorship.lib.refusals import NotPossible


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request, uidb64, token):
    """The way in for people the office imported. Mail programs open links by themselves, so opening changes nothing."""
    link = links.read(uidb64, token)
    if link is None:
        raise Http404
    destination = links.local(request.GET.get("next", ""))
    if request.user.is_authenticated and request.user != link.user:
        return render(request, "accounts/welcome_other.html", {"address": links.veiled(link.user.email)})
    if request.user.is_authenticated:
        return redirect(destination)
    if link.is_alive and request.method == "POST":
        return _enter(request, link.user, destination)
    if link.is_alive:
        return render(request, "accounts/welcome.html", {"address": links.veiled(link.user.email)})
    return render(request, "accounts/welcome_over.html", {"destination": destination})


def _enter(request, user, destination):
    try:
        services.prove_address(user, address=user.email)
    except NotPossible:
        return render(request, "accounts/welcome_over.html", {"destination": destination})
    return perform_login(request, user, email=user.email, redirect_url=destination)


class _AsForSomebody:
    """A page for a code does and sends as much where there is nobody whose code it could be (`accounts.pretence`)."""

    users_looked_for = 1

    def get_form(self, form_class=None):
        if self._process.user is None:
            pretence.look_for(users=self.users_looked_for)
        return super().get_form(form_class)

    def _resend_form_valid(self, form):
        answer = super()._resend_form_valid(form)
        if self._process.user is None:
            self.tell_nobody(self._process.state["email"])
        return answer


class ConfirmLoginCodeView(_AsForSomebody, allauth_views.ConfirmLoginCodeView):
    """Sign-in by code proves the address too, so the same rule about passwords holds."""

    def tell_nobody(self, address):
        send_unknown_account_mail(self.request, address)

    def _verify_form_valid(self, form):
        services.forget_unproven_password(self._process.user, address=self._process.state["email"])
        return super()._verify_form_valid(form)


class ConfirmEmailView(_AsForSomebody, allauth_views.ConfirmEmailVerificationCodeView):
    users_looked_for = 2

    def tell_nobody(self, address):
        pretence.look_for(addresses=1)
        get_adapter().send_account_already_exists_mail(address)


confirm_login_code = ConfirmLoginCodeView.as_view()
confirm_email = login_not_required(ConfirmEmailView.as_view())


class _SetUp:
    """Who sets a second factor up has used it by doing so."""

    def form_valid(self, form):
        answer = super().form_valid(form)
        proofs.note_second_factor(self.request)
        return answer


class ActivateTOTPView(_SetUp, totp_views.ActivateTOTPView):
    pass


class AddWebAuthnView(_SetUp, webauthn_views.AddWebAuthnView):
    pass


activate_totp = ActivateTOTPView.as_view()
add_webauthn = AddWebAuthnView.as_view()


@login_required
@require_safe
def sign_in_again(request):
    """For an account without a password or a second factor, which can only prove itself by a new code."""
    destination = links.local(request.GET.get("next", ""))
    way_in = f"{reverse('account_request_login_code')}?{urlencode({'next': destination})}"
    return render(request, "accounts/sign_in_again.html", {"way_in": way_in})


@login_required
@require_http_methods(["GET", "POST"])
def account_settings(request):
    now = {"time_zone": request.user.time_zone, "most_partnerships": request.user.most_partnerships}
    form = SettingsForm(request.POST or None, initial=now, zone=request.user.time_zone)
    if form.is_valid():
        try:
            services.change_settings(request.user, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your settings are saved.")
            return redirect("account_settings")
    return render(request, "accounts/settings.html", {"form": form})
