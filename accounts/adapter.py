"""What allauth asks of us: names on sign-up, and mail through the outbox."""

from __future__ import annotations

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.utils import timezone

from outbox import services as outbox


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "").strip()
        return super().save_user(request, user, form, commit)

    def format_email_subject(self, subject):
        """One and the same for every message: a subject stands on locked screens and in shared offices."""
        return "Your mentoring programme"

    def send_mail(self, template_prefix, email, context):
        """Each mail is an occasion of its own: asking twice for a code gives two."""
        about = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
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
