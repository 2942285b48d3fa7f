"""Addresses of the pages of training, and what they say, for tests."""

from datetime import UTC, datetime

from django.urls import reverse

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)
LIST = "/training/"
ON_A_SESSION = ["training_session", "training_calendar", "training_certificate"]
VERBS = ["book_training", "cancel_training"]


def url(name, session):
    return reverse(name, args=[session.pk])


def row_of(client, session):
    return client.get(url("training_session", session)).context["row"]


def said(response):
    return [str(message) for message in response.context["messages"]]
