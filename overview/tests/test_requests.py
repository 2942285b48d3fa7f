"""Requests about data and complaints: the clock, who may deal with them, and what the person hears."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from conftest import NOW
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview import tasks
from overview.models import DataRequest, State
from overview.models.requests import first_due_on
from overview.services import requesting
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
ON = NOW.date()
ASK = "/my-data/ask/"
SECRET = "my manager"


@pytest.fixture
def root():
    return UserFactory(is_superuser=True, name="Root")


def ask(person=None, kind="access", at=NOW, **facts):
    facts = {"text": f"It is about {SECRET}.", "key": uuid4()} | facts
    return requesting.ask(by=person or UserFactory(name="Ada"), kind=kind, at=at, **facts)


def by_letter(root, kind="complaint", **facts):
    facts = {"channel": "letter", "received_on": ON, "name": "Ben", "address": "1 Houghton Street"} | facts
    return requesting.register(by=root, kind=kind, at=NOW, **facts)


def letters(template):
    return list(Message.objects.filter(kind=f"overview/email/{template}").order_by("pk"))


# The clock


@pytest.mark.parametrize(
    ("kind", "received_on", "due_on"),
    [
        ("access", date(2026, 1, 14), date(2026, 2, 14)),
        ("erasure", date(2026, 1, 31), date(2026, 2, 28)),
        ("objection", date(2027, 12, 31), date(2028, 1, 31)),
        ("complaint", date(2026, 7, 1), date(2026, 7, 30)),
    ],
)
def test_a_request_is_due_in_a_month_and_a_complaint_is_acknowledged_within_thirty_days(
    kind, received_on, due_on
):
    assert first_due_on(kind, received_on) == due_on


def test_a_receipt_goes_out_at_once_and_is_the_acknowledgement(root):
    asked = ask(kind="complaint")

    (letter,) = letters("request_received")
    assert (asked.state, asked.acknowledged_on, asked.due_on) == ("acknowledged", ON, date(2026, 4, 14))
    assert (letter.to, letter.subject) == (asked.person.email, "We have your message")


def test_where_no_letter_can_go_by_itself_somebody_confirms_by_hand(root):
    complaint = by_letter(root)
    due_before = complaint.due_on
    requesting.acknowledge(complaint, by=root, at=NOW)

    complaint.refresh_from_db()
    assert (due_before, complaint.due_on, complaint.state) == (
        date(2026, 2, 12),
        date(2026, 4, 14),
        "acknowledged",
    )
    assert Message.objects.count() == 0


def test_a_request_is_extended_once_by_two_months_with_a_reason_that_the_person_reads(root):
    asked = requesting.extend(ask(), reason="There are many letters.", by=root, at=NOW)

    (letter,) = letters("request_extended")
    assert asked.due_on == date(2026, 4, 14)
    assert "There are many letters." in letter.text
    with pytest.raises(NotPossible, match="can't become"):
        requesting.extend(asked, reason="Still.", by=root, at=NOW)


@pytest.mark.parametrize(
    ("facts", "reason", "days", "said"),
    [
        ({}, " ", 0, "say why"),
        ({}, "Much.", 32, "within it"),
        ({"kind": "complaint"}, "Much.", 0, "can't be extended"),
    ],
)
def test_it_is_not_extended_without_a_reason_too_late_or_for_a_complaint(root, facts, reason, days, said):
    asked = ask(**facts)

    with pytest.raises(NotPossible, match=said):
        requesting.extend(asked, reason=reason, by=root, at=NOW + timedelta(days=days))


@pytest.mark.parametrize(("verb", "state"), [("answer", "answered"), ("refuse", "refused")])
def test_a_closing_letter_says_what_came_of_it_and_where_to_turn_and_no_subject_does(root, verb, state):
    closed = getattr(requesting, verb)(ask(), outcome="Here is your copy.", by=root, at=NOW)

    (letter,) = letters("request_closed")
    assert (closed.state, closed.closed_on, closed.outcome) == (state, ON, "Here is your copy.")
    assert "Here is your copy." in letter.text
    assert "https://ico.org.uk/make-a-complaint/" in letter.text
    assert letter.subject == "An answer to your message"


def test_it_is_not_closed_without_a_word_nor_twice(root):
    asked = ask()

    with pytest.raises(NotPossible, match="what came of it"):
        requesting.answer(asked, outcome=" ", by=root, at=NOW)
    requesting.answer(asked, outcome="Done.", by=root, at=NOW)
    with pytest.raises(NotPossible, match="can't become"):
        requesting.refuse(asked, outcome="No.", by=root, at=NOW)


# Who deals with it


@pytest.mark.parametrize("kind", Duty.Kind.values)
def test_no_duty_opens_the_register(client, root, kind):
    asked = ask()
    holder = DutyFactory(kind=kind).user
    client.force_login(holder)

    answers = [
        client.get(reverse(f"admin:overview_datarequest_{page}", args=args)).status_code
        for page, args in (("changelist", []), ("add", []), ("change", [asked.pk]), ("answer", [asked.pk]))
    ]
    assert set(answers) <= {302, 403, 404}
    assert DataRequest.objects.visible_to(holder).count() == 0
    with pytest.raises(NotPossible, match="by superusers"):
        requesting.answer(asked, outcome="Done.", by=holder, at=NOW)


def test_nobody_deals_with_their_own_request(root):
    with pytest.raises(NotPossible, match="ask a colleague"):
        requesting.answer(ask(root), outcome="Done.", by=root, at=NOW)


def test_superusers_are_told_that_something_waits_and_nothing_more(root):
    UserFactory(is_superuser=True, is_active=False)
    asked = ask(root_person := UserFactory(name="Ada Lovelace", is_superuser=True))

    (letter,) = letters("new_request")
    assert letter.to == root.email
    for word in (SECRET, "Ada", root_person.email, asked.get_kind_display()):
        assert word not in letter.text + letter.subject + letter.html


# Reminders


def test_superusers_are_reminded_ten_and_three_days_before_and_every_week_when_it_is_late(root, clock):
    ask()  # due on 14 February
    told = []
    for day in range(1, 55):
        clock.move_to(NOW + timedelta(days=day))
        if tasks.remind_of_requests():
            told.append((NOW + timedelta(days=day)).date())
        assert tasks.remind_of_requests() == 0

    assert told == [date(2026, 2, day) for day in (4, 11, 15, 22)] + [date(2026, 3, 1), date(2026, 3, 8)]
    assert [letter.subject for letter in letters("request_due")][:3] == [
        "A request is due soon",
        "A request is due soon",
        "A request is late",
    ]


def test_a_clock_that_stood_still_makes_up_for_one_reminder(root):
    ask()

    assert requesting.remind(at=NOW + timedelta(days=30)) == 1


def test_what_is_closed_or_extended_reminds_nobody_of_the_old_day(root):
    first, second = ask(), ask()
    late = NOW + timedelta(days=30)
    requesting.remind(at=late)
    requesting.answer(first, outcome="Done.", by=root, at=late)
    requesting.extend(second, reason="Much.", by=root, at=late)

    assert [letter.state for letter in letters("request_due")] == ["withdrawn", "withdrawn"]
    assert requesting.remind(at=late) == 0


# The person's page


def test_a_person_asks_and_sees_what_became_of_it(client, root):
    client.force_login(person := UserFactory())
    form = client.get(ASK).context["form"]
    sent = {"kind": "access", "text": "Everything.", "key": str(form.initial["key"])}
    for _ in range(2):  # twice is once
        assert client.post(ASK, sent).url == ASK
    asked = DataRequest.objects.get()
    requesting.answer(asked, outcome="Here it is.", by=root, at=NOW)

    assert (asked.person, asked.text, asked.channel) == (person, "Everything.", "site")
    assert "Here it is." in client.get(ASK).content.decode()


def test_nobody_sees_the_requests_of_anybody_else(client):
    ask()
    client.force_login(UserFactory())

    assert list(client.get(ASK).context["requests"]) == []


def test_a_key_of_another_person_opens_nothing(client):
    asked = ask()
    client.force_login(UserFactory())

    response = client.post(ASK, {"kind": "access", "text": "Mine.", "key": str(asked.key)})

    assert response.status_code == 302
    assert DataRequest.objects.count() == 2


def test_ten_open_requests_are_enough():
    person = UserFactory()
    for _ in range(requesting.MOST_OPEN):
        ask(person)

    with pytest.raises(NotPossible, match="open already"):
        ask(person)


# The register


def test_what_came_by_letter_is_entered_under_a_name_or_an_account(client, root):
    client.force_login(root)
    known = UserFactory()
    sent = {"kind": "access", "channel": "letter", "received_on": "2026-01-10", "text": "Please."}
    add = reverse("admin:overview_datarequest_add")
    client.post(add, sent | {"name": "Ben", "address": "ben@school.example"})
    client.post(add, sent | {"account": known.email.upper()})

    rows = DataRequest.objects.order_by("pk").values_list("name", "address", "person", "due_on", "state")
    assert list(rows) == [
        ("Ben", "ben@school.example", None, date(2026, 2, 10), "acknowledged"),
        ("", "", known.pk, date(2026, 2, 10), "acknowledged"),
    ]
    assert [letter.to for letter in letters("request_received")] == ["ben@school.example", known.email]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "name"),
        ({"account": "nobody@lse.example"}, "account"),
        ({"name": "Ben", "received_on": "2026-01-15"}, "received_on"),
        ({"name": "Ben", "channel": "site"}, "channel"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(client, root, facts, field):
    client.force_login(root)
    sent = {"kind": "access", "channel": "letter", "received_on": "2026-01-10", "text": "Please."}

    response = client.post(reverse("admin:overview_datarequest_add"), sent | facts)

    assert list(response.context["adminform"].form.errors) == [field]
    assert DataRequest.objects.count() == 0


def test_each_step_has_a_page_of_its_own_that_asks_first(client, root):
    client.force_login(root)
    complaint = by_letter(root, kind="access")
    page = reverse("admin:overview_datarequest_change", args=[complaint.pk])

    seen = []
    for name, text in (("acknowledge", ""), ("extend", "Much."), ("answer", "Done.")):
        address = reverse(f"admin:overview_datarequest_{name}", args=[complaint.pk])
        offered = address in client.get(page).content.decode()
        client.get(address)
        assert client.post(address, {"text": text}).url == page
        complaint.refresh_from_db()
        seen.append((offered, complaint.state))

    assert seen == [(True, "acknowledged"), (True, "extended"), (True, "answered")]
    assert (
        client.post(reverse("admin:overview_datarequest_refuse", args=[complaint.pk]), {"text": "x"}).url
        == page
    )
    complaint.refresh_from_db()
    assert complaint.state == State.ANSWERED


def test_an_erased_account_leaves_a_row_without_a_person(root):
    asked = ask()
    asked.person.delete()

    asked.refresh_from_db()
    assert (asked.person, asked.whose, asked.email) == (None, "", "")


def test_the_register_asks_the_database_as_often_for_one_row_as_for_three(
    client, root, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(root)
    ask()
    address = reverse("admin:overview_datarequest_changelist")
    with django_assert_max_num_queries(25) as for_one:
        client.get(address)
    ask()
    by_letter(root)

    with django_assert_num_queries(len(for_one)):
        client.get(address)
