"""Duties of handlers: given and taken in the open, and never one alone unsaid (ALL-1)."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes import services
from programmes.models import Duty, Programme
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LIST = reverse("admin:programmes_duty_changelist")
CONCERNS = Duty.Kind.CONCERNS


@pytest.fixture
def root(client):
    user = UserFactory(is_superuser=True, name="Root Person")
    client.force_login(user)
    return user


@pytest.fixture
def programme():
    return ProgrammeFactory(name="The Scheme")


@pytest.fixture
def handlers(programme):
    return [DutyFactory(programme=programme, kind=CONCERNS) for _ in range(2)]


def told():
    return sorted(Message.objects.values_list("kind", "to", "subject"))


def letters(kind, *addresses):
    return sorted((f"programmes/email/{kind}", address, "Your mentoring programme") for address in addresses)


def in_bulk(*duties):
    chosen = [duty.pk for duty in duties]
    return {"action": "delete_selected", ACTION_CHECKBOX_NAME: chosen, "post": "yes"}


# Taking one away


def test_the_person_the_other_handlers_and_the_team_hear_that_it_was_taken(root, programme, handlers):
    DutyFactory(kind=CONCERNS)
    one, other = handlers

    services.take_duty(one, by=root, at=AT)

    assert list(Duty.objects.filter(programme=programme)) == [other]
    assert told() == letters("handler_left", one.user.email, other.user.email, programme.contact_email)


def test_the_letters_say_whose_it_was_and_who_took_it_and_to_the_person_that_it_was_theirs(root, handlers):
    one, other = handlers
    services.take_duty(one, by=root, at=AT)

    own, others = (Message.objects.get(to=duty.user.email).text for duty in (one, other))

    assert f"{one.user.name} ({one.user.email}) no longer has the duty of handling concerns" in others
    assert "You no longer have the duty of handling concerns" in own
    assert ["taken away by Root Person" in text for text in (own, others)] == [True, True]


def test_twice_is_once(root, handlers):
    stale = Duty.objects.get(pk=handlers[0].pk)
    services.take_duty(handlers[0], by=root, at=AT)

    services.take_duty(stale, by=root, at=AT)

    assert Message.objects.count() == 3


@pytest.mark.parametrize("kind", [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY])
def test_of_other_duties_nobody_is_told(root, kind):
    services.take_duty(DutyFactory(kind=kind), by=root, at=AT)

    assert (Duty.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", Duty.Kind.values)
def test_nobody_but_a_superuser_takes_one_away(handlers, programme, kind):
    acting = DutyFactory(programme=programme, kind=kind).user

    with pytest.raises(NotPossible, match="by a superuser"):
        services.take_duty(handlers[0], by=acting, at=AT)
    assert (Duty.objects.filter(kind=CONCERNS, pk=handlers[0].pk).count(), Message.objects.count()) == (1, 0)


def test_the_page_that_takes_one_away_tells_as_well(client, root, programme, handlers):
    client.post(reverse("admin:programmes_duty_delete", args=[handlers[0].pk]), {"post": "yes"})

    assert Duty.objects.filter(programme=programme).count() == 1
    assert Message.objects.filter(kind="programmes/email/handler_left").count() == 3


def test_taking_many_at_once_tells_of_each(client, root, programme, handlers):
    client.post(LIST, in_bulk(*handlers))

    assert Duty.objects.filter(programme=programme).count() == 0
    of_first = [duty.user.email for duty in handlers] + [programme.contact_email]
    of_second = [handlers[1].user.email, programme.contact_email]
    assert told() == letters("handler_left", *of_first, *of_second)


# A superuser who reads along


def test_a_superuser_who_takes_the_duty_from_all_first_is_known_to_each_of_them(
    client, root, programme, handlers
):
    client.post(LIST, in_bulk(*handlers))
    answers = {"email": root.email, "programme": programme.pk, "kind": CONCERNS}
    client.post(reverse("admin:programmes_duty_add"), answers)

    assert Duty.objects.get().user == root
    warned = set(Message.objects.values_list("to", flat=True))
    assert warned == {handlers[0].user.email, handlers[1].user.email, programme.contact_email}


def test_what_reports_it_cannot_be_kept_back(client, root, programme, handlers):
    answers = {"email": root.email, "programme": programme.pk, "kind": CONCERNS}
    client.post(reverse("admin:programmes_duty_add"), answers)
    reports = list(Message.objects.order_by("pk"))
    rows = reverse("admin:outbox_message_changelist")

    for report in reports:
        for action in ("delete_selected", *admin.site.get_model_admin(Message).actions):
            client.post(rows, {"action": action, ACTION_CHECKBOX_NAME: [report.pk], "post": "yes"})
        client.post(reverse("admin:outbox_message_delete", args=[report.pk]), {"post": "yes"})
        page = reverse("admin:outbox_message_change", args=[report.pk])
        client.post(page, {"state": "withdrawn", "to": "nobody@lse.example"})

    assert {report.to for report in reports} == {
        handlers[0].user.email,
        handlers[1].user.email,
        programme.contact_email,
    }
    now = Message.objects.order_by("pk").values_list("state", "to", "text")
    assert list(now) == [("waiting", report.to, report.text) for report in reports]


def test_duties_are_given_on_no_other_page():
    pages = dict(admin.site._registry)
    inlines = [inline.model for page in pages.values() for inline in page.inlines]

    assert [model for model in (User, *User.__mro__) if model in pages] == []
    assert [model for model in inlines if model in (User, Duty)] == []
    points_here = [
        field.name for page in pages for field in page._meta.many_to_many if field.related_model is User
    ]
    assert points_here == []


# Two of them


@pytest.mark.parametrize(
    ("number", "says"),
    [(0, "nobody handles its concerns"), (1, "one person alone handles its concerns"), (2, "")],
)
def test_the_list_says_plainly_where_there_are_fewer_than_two(client, root, programme, number, says):
    for _ in range(number):
        DutyFactory(programme=programme, kind=CONCERNS)
    DutyFactory(programme=programme, kind=CONCERNS, user__is_active=False)
    DutyFactory(programme=programme, kind=Duty.Kind.ADMINISTER)

    page = client.get(LIST).content.decode()

    assert (f"The Scheme: {says}" in page) is bool(says)
    assert page.count("Give the duty to") == bool(says)


def test_the_list_asks_as_many_queries_for_three_programmes_as_for_one(client, root):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).content.decode().count("Give the duty to") == Programme.objects.count()
        return len(asked)

    ProgrammeFactory()
    client.get(LIST)
    for_one = queries()
    ProgrammeFactory()
    ProgrammeFactory()

    assert queries() == for_one
