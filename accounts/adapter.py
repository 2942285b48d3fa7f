"""What allauth asks of us: names on sign-up, and mail through the outbox."""

from __future__ import annotations

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.utils import timezone

from accounts import proofs
from outbox import services as outbox

WAYS = {
    "reauthenticate": "Type your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The address and the password don’t belong together. Please try again.",
        "too_many_login_attempts": "This was tried too often. Please wait a few minutes and try again.",
        "enter_current_password": "This isn’t your password. Please type the one you use now.",
        "incorrect_password": "This isn’t your password. Please try again.",
        "incorrect_code": "This isn’t the code, or it is too old. Please look again, or ask for a new one.",
        "duplicate_email": "This address is on your account already.",
        "email_taken": "This address can’t be used here.",
        "same_as_current": "This is the address you have given before.",
    }

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "").strip()
        return super().save_user(request, user, form, commit)

    def login(self, request, user):
        """Every way in ends here, whatever came before it."""
        super().login(request, user)
        proofs.note_sign_in(request)

    def is_reauthentication_required(self, *, app, **kwargs):
        """By the rule of `accounts.proofs`, so that whoever has just signed in isn't asked again.

        The package's own way would keep what was sent in the session, and let an account without a password pass.
        """
        if super().is_reauthentication_required(app=app, **kwargs) and not proofs.is_fresh(self.request):
            raise ImmediateHttpResponse(proofs.ask(self.request))
        return False

    def get_reauthentication_methods(self, user):
        return [way | {"description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def is_safe_url(self, url):
        """An address that can't be read leads nowhere; the package would fail over it."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def format_email_subject(self, subject):
        """One and the same for every message: a subject stands on locked screens and in shared offices."""
        return "Your mentoring programme"

    def send_mail(self, template_prefix, email, context):
        """Each mail is an occasion of its own: asking twice for a code gives two."""
        about = {
            "request": self.request,
            "email": email,
            "current_site": get_current_site(self.request),
            "site_url": settings.SITE_URL,
        }
        mail = self.render_mail(template_prefix, email, about | context)
        outbox.post_rendered(
            template_prefix,
            to=email,
            key=f"{template_prefix}/{uuid.uuid4()}",
            subject=mail.subject,
            text=mail.body,
            html=next((alternative.content for alternative in mail.alternatives), ""),
            at=timezone.now(),
            is_urgent=True,
        )
