from allauth.account import views as allauth_views
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import links, services
from accounts.forms import SettingsForm
from mentorship.lib.refusals import NotPossible


@never_cache
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


class ConfirmLoginCodeView(allauth_views.ConfirmLoginCodeView):
    """Sign-in by code proves the address too, so the same rule about passwords holds."""

    def _verify_form_valid(self, form):
        services.forget_unproven_password(self._process.user, address=self._process.state["email"])
        return super()._verify_form_valid(form)


confirm_login_code = ConfirmLoginCodeView.as_view()


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
