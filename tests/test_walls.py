"""The walls around all pages: what is asked in ways that no page asks, and what every answer carries."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.tests.factories import PASSWORD, UserFactory
from mentorship.wsgi import application
from outbox.tests.factories import MessageFactory
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    """An administrator of one programme, signed in; gives the programme."""
    duty = DutyFactory()
    client.force_login(duty.user)
    return duty.programme


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


# Questions by the address of a list


@pytest.mark.clause("ALL-1")
def test_no_list_says_by_its_address_what_stands_in_a_message(client, office):
    """Else an administrator could spell out the link that signs somebody in, letter by letter."""
    MessageFactory(programme=office.slug, text="https://mentoring.example/welcome/secret/")
    page = reverse("admin:outbox_message_changelist")

    shown = client.get(page).context["cl"].result_count
    asked = [
        client.get(f"{page}?{column}__startswith=h").status_code
        for column in ("text", "html", "key", "message_id")
    ]

    assert (shown, asked) == (1, [400, 400, 400, 400])


@pytest.mark.clause("ALL-1")
def test_lists_answer_no_question_but_those_of_their_filters(client):
    client.force_login(DutyFactory(user__is_superuser=True).user)
    answered = []
    for model, page in admin.site._registry.items():
        names = [spec[0] if isinstance(spec, tuple) else spec for spec in page.list_filter]
        offered = {name if isinstance(name, str) else name.parameter_name for name in names}
        texts = [f for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)]
        for field in texts:
            address = f"{list_of(model)}?{field.name}__contains=a"
            if field.name not in offered and client.get(address).status_code != 400:
                answered.append(address)

    assert answered == []


def test_the_filters_that_a_list_offers_still_work(client):
    client.force_login(DutyFactory(user__is_superuser=True).user)
    links = []
    for model in admin.site._registry:
        ProgrammeFactory()
        filters = client.get(list_of(model)).context["cl"]
        for each in filters.filter_specs:
            links += [list_of(model) + choice["query_string"] for choice in each.choices(filters)]

    assert links != []
    assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.mark.parametrize("number", ["", "x", "²", "1,2", "\x00", "9" * 5000])
def test_a_ticked_row_without_a_number_is_refused(client, office, number):
    MessageFactory(programme=office.slug)

    answer = client.post(
        reverse("admin:outbox_message_changelist"), {"action": "try_again", ACTION_CHECKBOX_NAME: number}
    )

    assert (answer.status_code, answer.templates[0].name) == (400, "400.html")


# What no browser sends


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/?page=%00", {}),
        ("/account/login/?next=a%00b", {}),
        ("/", {"HTTP_COOKIE": '__Host-session="\\000aaaaaaaaaaaaaaa"'}),
    ],
    ids=["query", "next", "cookie"],
)
def test_what_no_browser_sends_is_refused(client, address, sent):
    answer = client.get(address, **sent)

    assert (answer.status_code, answer.templates[0].name) == (400, "400.html")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("named", ["hex", "rot13", "utf-16", "nope", "UTF-8"])
def test_every_request_is_read_as_utf_8_whatever_it_says(named):
    """By the way that gunicorn calls, since Django fails before any middleware."""
    told = []
    environ = RequestFactory()._base_environ(
        PATH_INFO="/nothing/",
        SERVER_NAME="localhost",
        QUERY_STRING="x=%ff",
        CONTENT_TYPE=f"text/plain; charset={named}; a=b",
    )

    answer = application(environ, lambda status, headers: told.append(status))
    answer.close()

    assert told == ["404 Not Found"]


# What every answer carries


@pytest.mark.parametrize(
    ("address", "status"), [("/", 200), ("/admin/", 302), ("/nothing/", 404), ("/static/css/site.css", 200)]
)
def test_no_answer_may_be_framed_or_run_what_is_not_ours(client, address, status):
    answer = client.get(address)
    answer.close()

    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_refusals_and_the_way_to_https_carry_it_too(settings):
    settings.SECURE_SSL_REDIRECT = True
    to_https = Client().get("/")
    elsewhere = Client(SERVER_NAME="evil.example").get("/")
    forged = Client(enforce_csrf_checks=True).post("/account/login/", {}, secure=True)

    assert [answer.status_code for answer in (to_https, elsewhere, forged)] == [301, 400, 403]
    for answer in (to_https, elsewhere, forged):
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


# Where one is led


@pytest.mark.parametrize("address", ["//[", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site_and_fails_over_no_address(client, address):
    person = UserFactory()

    page = client.get("/account/login/", {"next": address})
    entered = client.post("/account/login/", {"login": person.email, "password": PASSWORD, "next": address})

    assert "account/login.html" in [template.name for template in page.templates]
    assert (entered.status_code, entered.url) == (302, "/")


@pytest.mark.parametrize("page", ["", "toolkit/", "policy/x/"])
def test_pages_to_read_take_nothing(client, page):
    answer = client.post(f"/programmes/{ProgrammeFactory().slug}/{page}", {"x": "y"})

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
