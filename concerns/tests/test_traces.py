"""What raising a concern leaves behind: nothing of the words, nothing of the code, and no sign for anybody else."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns.models import Case
from concerns.tests.factories import handler
from concerns.tests.pages import body, form_of
from concerns.tests.test_anonymous_views import code_on
from concerns.tests.test_filing import dump
from mentorship.lib import logs
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "EI-6b", "ALL-1")]
HELP, ANSWERS, ADD = "/help/", "/help/answers/", "/help/answers/add/"
WORDS = {
    "text": "zaunkoenig text, in a sentence of its own",
    "named": "Zaunkoenigin Farrow, zaunkoenig@lse.example",
    "contact": "zaunkoenig contact, by night",
}


@pytest.fixture
def person(client):
    """Somebody in one programme, signed in, whose number stands for nothing else."""
    user = UserFactory(pk=740_519_283, name="Tobias Arkwright")
    ApplicationFactory(user=user)
    client.force_login(user)
    return user


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def everywhere(client, log):
    """Whatever outlasts a request: all tables, sessions as they read, messages, cookies, the log."""
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    mails = [f"{mail.key} {mail.subject} {mail.text} {mail.html}" for mail in Message.objects.all()]
    return "\n".join([dump(), *sessions, *mails, client.cookies.output(), *lines_of(log)]).lower()


def lines_of(log):
    """What production writes, down to the lowest level."""
    return [logs.Json().format(record) for record in log.records]


def left_of(words, client, log):
    kept = everywhere(client, log)
    return [word for word in words if word.lower() in kept]


def test_the_words_that_went_with_a_name_stand_nowhere(client, person, log):
    handler(person.applications.get().cohort.programme)

    client.post(HELP, form_of(client) | WORDS)
    case = Case.objects.get()
    client.post(reverse("my_concern_add", args=[case.reference]), {"text": "zaunkoenig again"})
    client.post(reverse("my_concern_add", args=[case.reference]), {"text": ""})

    assert case.entries.count() == 2
    assert left_of(["zaunkoenig"], client, log) == []


def test_neither_the_words_nor_the_code_of_the_other_door_stand_anywhere(client, person, log):
    handler(person.applications.get().cohort.programme)

    code = code_on(client.post(HELP, form_of(client) | WORDS | {"door": "anonymous"}))
    client.post(ANSWERS, {"code": code})
    client.post(ANSWERS, {"code": f"{code}X"})
    client.post(ADD, {"code": code, "text": "zaunkoenig again"})
    client.post(ADD, {"code": code, "text": ""})
    client.post(ADD, {"code": f"{code}X", "text": "zaunkoenig again"})

    assert Case.objects.get().entries.count() == 2
    assert left_of(["zaunkoenig", code, code.replace("-", ""), code[:9]], client, log) == []


def test_no_row_leads_from_a_concern_without_a_name_to_who_was_signed_in(client, clock, person, log):
    handler(person.applications.get().cohort.programme)
    form = form_of(client)
    before, session = set(dump().splitlines()), Session.objects.values().get()
    log.clear()

    clock.shift(300)
    code = code_on(client.post(HELP, form | WORDS | {"door": "anonymous"}))
    client.post(ADD, {"code": code, "text": "zaunkoenig again"})

    new = "\n".join(set(dump().splitlines()) - before)
    marks = [str(person.pk), person.email, person.name]
    assert new.count("concerns_entry ") == 2
    assert [mark for mark in marks if mark in new] == []
    assert [mark for mark in marks if mark in "".join(lines_of(log))] == []
    assert Session.objects.values().get() == session


@pytest.mark.parametrize("door", ["named", "anonymous"])
def test_whom_it_is_about_and_who_works_there_see_no_difference(client, door):
    """In the very same second; also an administrator who is named, and a handler who is struck out."""
    partnership = pair()
    programme = partnership.cohort.programme
    mentor, mentee = (
        partnership.memberships.get(part=part).application.user for part in ("mentor", "mentee")
    )
    office = DutyFactory(programme=programme, user__name="Edith Marlowe").user
    struck = DutyFactory(programme=programme, user__name="Ottilie Farrow", kind=Duty.Kind.CONCERNS).user
    handler(programme)
    lists = ["partnerships_partnership", "applications_application", "outbox_message", "partnerships_flag"]
    offices = ["/", "/admin/", *(reverse(f"admin:{name}_changelist") for name in lists)]
    offices.append(reverse("admin:partnerships_partnership_change", args=[partnership.pk]))
    theirs = {
        mentor: ["/", partnership.get_absolute_url(), reverse("seen"), HELP, reverse("my_concerns")],
        office: [*offices, reverse("my_concerns")],
        struck: ["/", reverse("cases"), reverse("my_concerns")],
    }
    before = pages_of(client, theirs)

    client.force_login(mentee)
    named = f"{mentor.name}, Edith Marlowe, ottilie farrow"
    client.post(HELP, form_of(client) | {"text": "He shouts.", "named": named, "door": door})

    assert Case.objects.count() == 1
    assert pages_of(client, theirs) == before


def pages_of(client, theirs):
    """What each person sees now, without what differs by itself."""
    seen = {}
    for user, addresses in theirs.items():
        client.force_login(user)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, (user, address)
            html = body(response, address)
            key = response.context["form"]["key"].value() if address == HELP else None
            seen[user.pk, address] = html.replace(str(key), "")
    return seen


def test_only_the_reporter_and_the_handlers_get_mail(client):
    partnership = pair()
    programme = partnership.cohort.programme
    mentor, mentee = (
        partnership.memberships.get(part=part).application.user for part in ("mentor", "mentee")
    )
    reader = handler(programme, name="Ottilie Farrow")
    client.force_login(mentee)

    client.post(HELP, form_of(client) | {"text": "He shouts.", "named": mentor.name})

    assert sorted(Message.objects.values_list("to", flat=True)) == sorted([mentee.email, reader.email])
