"""From any page one click leads to help, and from any message too (EI-6, EI-6b)."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from concerns import services
from concerns.tests.factories import AT, file_case
from outbox.models import Message
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "EI-6b")]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LINK = re.compile(r'<a(?: class="is-strong")? href="/help/"')


@pytest.mark.parametrize(
    "page", ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/nothing/"]
)
def test_the_head_of_a_page_leads_to_help(client, page):
    head = client.get(page).content.decode().partition("<main")[0]

    assert len(LINK.findall(head)) == 1


@pytest.mark.parametrize("name", ["index", "programmes_programme_changelist"])
def test_the_head_of_an_office_s_page_leads_to_help(client, name):
    client.force_login(DutyFactory().user)

    head = client.get(reverse(f"admin:{name}")).content.decode().partition('id="content"')[0]

    assert len(LINK.findall(head)) == 1


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_a_page_that_nothing_may_be_asked_for_leads_to_help(page):
    assert len(LINK.findall(render_to_string(page))) == 1


@pytest.mark.parametrize("page", ["403.html", "403_csrf.html", "429.html"])
def test_a_refusal_leads_to_help(client, page):
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}
    request._messages = FallbackStorage(request)

    assert len(LINK.findall(render(request, page, {"typed": []}).content.decode())) == 1


def test_a_page_with_a_head_of_its_own_leads_to_help_too():
    heads = re.compile(r"{% block (?:nav|usertools) %}.*?{% endblock %}", re.DOTALL)
    pages = {str(page.relative_to(TEMPLATES)): page.read_text() for page in TEMPLATES.rglob("*.html")}
    own = {page: head[0] for page, text in pages.items() if (head := heads.findall(text))}

    assert {"base.html", "404.html", "admin/base_site.html"} <= own.keys()
    assert [page for page, head in own.items() if not re.search("{% url ['\"]concern['\"]", head)] == []


def test_every_message_leads_to_help():
    file_case()

    messages = list(Message.objects.all())

    assert messages != []
    for message in messages:
        assert message.text.endswith("Worried about something? Get help: https://mentoring.example/help/\n")
        assert message.html.count('href="https://mentoring.example/help/"') == 1


def test_every_message_stands_in_the_frame_that_does():
    messages = {page: page.read_text() for page in TEMPLATES.rglob("email/*.txt")}

    # the frame itself, and pieces of messages, say in a comment what they are
    assert [
        page for page, text in messages.items() if not text.startswith(("{% extends ", "{% comment "))
    ] == []


# What is said to the School's central address


def test_the_school_hears_that_somebody_waits_and_nothing_else(settings, clock):
    settings.CONCERNS_CENTRAL_EMAIL = "safeguarding@lse.example"
    programme = ProgrammeFactory(name="A scheme whose name tells something")
    DutyFactory(programme=programme, kind="concerns", user__name="Ottilie Farrow")
    case = file_case(programme, text="Zaunkönig.", named="Ada Quill")
    clock.shift(5 * 24 * 3600)

    services.chase(case, at=AT.replace(day=19))

    message = Message.objects.get(to="safeguarding@lse.example")
    words = (message.text + message.html).lower()
    assert (message.kind, message.subject) == ("concerns/email/unanswered", "Your mentoring programme")
    assert "was to have an answer by 5 p.m. on Friday 16 January" in message.text
    told = [programme.name, "zaunkönig", "ada", "farrow", case.reference, str(case.pk), programme.slug]
    assert [each for each in told if each.lower() in words] == []


def test_who_is_asked_to_find_a_handler_reads_nothing_of_the_case_nor_of_the_programme(settings):
    settings.CONCERNS_CENTRAL_EMAIL = "safeguarding@lse.example"
    programme = ProgrammeFactory(name="A scheme whose name tells something")

    case = file_case(programme, text="Zaunkönig.", named="Ada Quill")

    message = Message.objects.get(to="safeguarding@lse.example")
    words = (message.text + message.html).lower()
    assert (message.kind, message.subject) == ("concerns/email/nobody", "Your mentoring programme")
    assert "an answer by 5 p.m. on Friday 16 January" in message.text
    told = [programme.name, "zaunkönig", "quill", case.reference, str(case.pk), programme.slug]
    assert [each for each in told if each.lower() in words] == []
