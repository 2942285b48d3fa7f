"""Addresses of the pages on which people plan, log and correct, and what is typed there, for tests."""

from django.urls import reverse

FACTS = {"on": "2026-01-20", "clock": "17:30", "minutes": "60", "format": "video", "place": "Room 3"}
VERBS = ["change_plan", "cancel_plan", "miss_meeting"]
NOTED = ["correct_meeting", "strike_meeting"]


def plan_url(partnership):
    return reverse("plan_meeting", args=[partnership.pk])


def url(name, meeting):
    return reverse(name, args=[meeting.pk])


def log_url(partnership):
    return reverse("log_meeting", args=[partnership.pk])


def page_of(partnership):
    return reverse("partnership", args=[partnership.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]
