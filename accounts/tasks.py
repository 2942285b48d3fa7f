"""The clock's calls for accounts."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task
def forget_sessions() -> None:
    """Sessions that are over say when somebody was here, and nobody needs them any more."""
    SessionStore.clear_expired()
