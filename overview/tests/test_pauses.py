"""A pause that protects somebody looks like any other, on every page and in every message (EI-6a)."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from outbox.models import Message
from overview.queries.digest import figures
from overview.tests.answers import without_token
from partnerships import services
from partnerships.models import Partnership
from partnerships.services.pausing import SOMEBODY_ELSES
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, KeyDateFactory, PathwayFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6a")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture(params=[pair, circle])
def partnership(request):
    """A pair or a circle in which something is due, and about which something waits."""
    cohort = CohortFactory(programme__official_meetings=2)
    for kind in ("one_to_one", "circle"):
        PathwayFactory(programme=cohort.programme, kind=kind, label=kind, smallest=2, largest=6)
    KeyDateFactory(cohort=cohort)
    made = request.param(cohort)
    FlagFactory(partnership=made)
    return made


@pytest.fixture
def people(partnership):
    """Who works for the programme: who pauses for the office, who handles concerns, and who looks at it."""
    programme = partnership.cohort.programme
    kinds = {"office": Duty.Kind.ADMINISTER, "handler": Duty.Kind.CONCERNS, "reader": Duty.Kind.ADMINISTER}
    return {name: DutyFactory(programme=programme, kind=kind).user for name, kind in kinds.items()}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def by_the_office(partnership, people):
    page = reverse("admin:partnerships_partnership_pause", args=[partnership.pk])
    assert signed_in(people["office"]).post(page).status_code == 302


def by_a_handler(partnership, people):
    services.pause(partnership, by=people["handler"], at=NOW)


def of_participants(partnership):
    """Every page that its people have of it, by person and address."""
    own = ["partnership", "leave", "log_meeting", "plan_meeting", "change_frequency"]
    for member in partnership.memberships.select_related("application__user").order_by("pk"):
        pages = [reverse("home"), reverse("seen"), reverse("application", args=[member.application_id])]
        pages += [reverse("announce_absence", args=[member.application_id])]
        pages += [reverse(name, args=[partnership.pk]) for name in own]
        client = signed_in(member.application.user)
        for page in pages:
            yield f"{member.pk} {page}", told(client.get(page))


def of_the_office(partnership, reader):
    """Every page that an administrator who didn't order it has of it, and what becomes of their resuming it."""
    client = signed_in(reader)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        rows = client.get(pages[0])
        if rows.status_code == 200:
            pages += [reverse(f"{name}_change", args=[row.pk]) for row in rows.context["cl"].result_list]
            pages += [reverse(f"{name}_history", args=[row.pk]) for row in rows.context["cl"].result_list]
        for number, page in enumerate(pages):
            yield f"{number} {without_numbers(page)}", told(client.get(page))
    partnerships = reverse("admin:partnerships_partnership_changelist")
    yield "filtered", told(client.get(partnerships, {"look": "paused"}))
    for page in pages_to_resume(partnership):
        yield f"asked {page}", told(client.get(page))
        yield f"refused {page}", told(client.post(page))


def told(answer):
    return answer.status_code, without_numbers(without_token(answer))


def without_numbers(page):
    """What a rolled back message leaves behind on PostgreSQL: the next one has another number."""
    page = re.sub(r"(/outbox/message/|Message )\d+", r"\1n", page)
    return re.sub(r'name="_selected_action" value="\d+"', "", page)


def of_the_outbox():
    for message in Message.objects.order_by("key"):
        facts = model_to_dict(message)
        facts.pop("id")
        yield message.key, facts


def everything(order, partnership, people):
    """All that anybody has of a pause that was ordered so, on pages and in rows; nothing of it stays."""
    with transaction.atomic():
        order(partnership, people)
        had = {
            "participants": dict(of_participants(partnership)),
            "office": dict(of_the_office(partnership, people["reader"])),
            "messages": dict(of_the_outbox()),
            "figures": figures(partnership.cohort, at=NOW),
            "history": list(LogEntry.objects.values_list("user", "change_message")),
            "row": [{**model_to_dict(row), "pause_seal": ""} for row in Partnership.objects.all()],
        }
        transaction.set_rollback(True)
    return had


def test_nobody_can_tell_who_ordered_a_pause(partnership, people):
    one = everything(by_the_office, partnership, people)
    other = everything(by_a_handler, partnership, people)

    assert one["history"] == []
    assert len(one["participants"]) > 10
    assert len(one["office"]) > len(admin.site._registry)
    for what, had in one.items():
        assert had == other[what], what


@pytest.mark.parametrize("order", [by_the_office, by_a_handler])
def test_who_did_not_order_it_is_refused_on_both_pages_and_nothing_changes(partnership, people, order):
    order(partnership, people)
    before = Message.objects.count()

    for page in pages_to_resume(partnership):
        answer = signed_in(people["reader"]).post(page)
        assert (answer.status_code, answer.context["form"].non_field_errors()) == (200, [SOMEBODY_ELSES])
    partnership.refresh_from_db()
    assert (partnership.is_paused, Message.objects.count()) == (True, before)


@pytest.mark.parametrize("number", [0, 1], ids=["its page", "the flag's page"])
def test_who_ordered_it_resumes_it_from_both_pages(partnership, people, number):
    by_the_office(partnership, people)

    answer = signed_in(people["office"]).post(pages_to_resume(partnership)[number])

    partnership.refresh_from_db()
    assert (answer.status_code, partnership.is_active) == (302, True)


def pages_to_resume(partnership):
    return [
        reverse("admin:partnerships_partnership_resume", args=[partnership.pk]),
        reverse("admin:partnerships_flag_resume", args=[partnership.flags.get().pk]),
    ]


def test_no_action_over_many_resumes():
    names = [name for page in admin.site._registry.values() for name in page.actions]

    assert [name for name in names if "resume" in str(name) or "pause" in str(name)] == []
