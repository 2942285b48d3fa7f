"""What a person who wrote with their name finds afterwards: the receipt, the answers, and a way to write more."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import contents, services
from concerns.models import AtRisk, Case, Kind, State
from concerns.tests.factories import AT, file_case, handler
from concerns.tests.pages import HELP, body, queries_for, text_of
from outbox.models import Message

pytestmark = pytest.mark.django_db
MINE = "/help/mine/"


@pytest.fixture
def case():
    return file_case(text="What I wrote.")


@pytest.fixture
def reporter(client, case):
    """Who filed the case, signed in."""
    user = contents.reporter_of(case)
    client.force_login(user)
    return user


def received(case):
    return reverse("concern_received", args=[case.reference])


def add_to(reference):
    return reverse("my_concern_add", args=[reference])


# The receipt


@pytest.mark.clause("EI-6", "ALL-1")
def test_a_receipt_is_for_its_reporter_alone(client, case):
    page = received(case)
    missing = reverse("concern_received", args=["BBB-222"])
    for user in (UserFactory(), handler(case.programme), UserFactory(is_superuser=True)):
        client.force_login(user)
        assert body(client.get(page), page) == body(client.get(missing), missing)
        assert client.get(page).status_code == 404

    client.force_login(contents.reporter_of(case))
    assert case.reference in text_of(client.get(page))


@pytest.mark.clause("EI-6")
def test_a_receipt_says_by_when_a_person_answers(client, case, reporter):
    handler(case.programme)

    assert "answers you by 5 p.m. on Friday 16 January ." in text_of(client.get(received(case)))


@pytest.mark.clause("EI-6b")
def test_where_somebody_is_at_risk_the_emergency_numbers_come_first_and_the_answer_the_same_day(client):
    case = file_case(at_risk=AtRisk.YES)
    handler(case.programme)
    client.force_login(contents.reporter_of(case))

    response = client.get(received(case))

    html = response.content.decode()
    assert html.index("tel:999") < html.index("<h1>")
    assert html.count("tel:999") == 1
    assert "answers you by 5 p.m. on Wednesday 14 January ." in text_of(response)


@pytest.mark.clause("EI-6b")
def test_where_nobody_is_at_risk_they_come_last(client, case, reporter):
    html = client.get(received(case)).content.decode()

    assert html.index("tel:999") > html.index("<h1>")


@pytest.mark.clause("EI-6", "EI-6a")
def test_a_receipt_says_so_when_nobody_may_read_it(client):
    case = file_case(named="Ottilie Farrow")
    handler(case.programme, name="Ottilie Farrow")
    client.force_login(contents.reporter_of(case))

    words = text_of(client.get(received(case)))

    assert "At this moment nobody may read it" in words
    assert "Somebody is being found who may" in words
    assert "One of them reads it" not in words
    assert "Farrow" not in words


def test_a_receipt_of_something_answered_promises_no_more(client, case, reporter):
    services.answer(case, by=handler(case.programme), text="We hear you.", at=AT)

    words = text_of(client.get(received(case)))

    assert "One of them has answered you." in words
    assert "5 p.m." not in words


# What one has sent


@pytest.mark.clause("EI-6")
def test_a_reporter_reads_where_it_stands_and_the_answers_but_no_notes_and_no_names(client, case, reporter):
    reader = handler(case.programme)
    services.note(case, by=reader, text="Ask the tutor.", at=AT)
    services.answer(case, by=reader, text="We <i>hear</i> you.", at=AT)
    file_case(text="Somebody else’s.")

    html = client.get(MINE).content.decode()

    assert re.findall(r'<h2 id="r-([^"]+)"', html) == [case.reference]
    assert "We &lt;i&gt;hear&lt;/i&gt; you." in html
    assert State.ACKNOWLEDGED.label in html
    assert [told for told in ["Ask the tutor.", reader.name, "What I wrote."] if told in html] == []


def test_it_says_when_one_wrote_and_not_what(client, case, reporter):
    services.add(case, by=reporter, text="And again.", at=AT + timedelta(hours=1))

    html = client.get(MINE).content.decode()

    written = re.findall(r"<li[^>]*><time[^>]*>([^<]+)</time><h3>You wrote</h3>", html)
    assert written == ["Wednesday 14 January 2026, 09:30", "Wednesday 14 January 2026, 10:30"]
    assert "And again." not in html


@pytest.mark.clause("EI-6")
def test_a_late_answer_is_called_late(client, clock, case, reporter):
    clock.shift(timedelta(days=3))
    client.force_login(reporter)

    words = text_of(client.get(MINE))

    assert "Late You were to have an answer by 5 p.m. on Friday 16 January . We are sorry." in words


# Writing more


@pytest.mark.clause("EI-6")
def test_a_reporter_writes_more_and_an_answer_is_due_again(client, clock, case, reporter):
    reader = handler(case.programme)
    services.answer(case, by=reader, text="Thank you.", at=AT)
    clock.shift(timedelta(minutes=10))

    response = client.post(add_to(case.reference), {"text": "And again."}, follow=True)

    case.refresh_from_db()
    assert response.redirect_chain == [(received(case), 302)]
    assert "answers you by 5 p.m. on Friday 16 January ." in text_of(response)
    assert case.unanswered_since == timezone.now()
    told = [(entry.kind, entry.text) for entry in services.read(case, by=reader, at=AT).entries]
    assert told[-1] == (Kind.MESSAGE, "And again.")


@pytest.mark.clause("ALL-1")
def test_nobody_writes_more_to_what_isnt_theirs(client, case):
    page, missing = add_to(case.reference), add_to("BBB-222")
    for user in (UserFactory(), handler(case.programme), UserFactory(is_superuser=True)):
        client.force_login(user)
        answers = [client.post(address, {"text": "x"}) for address in (page, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert body(answers[0], page) == body(answers[1], missing)

    assert case.entries.count() == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" ", "Please write something."), ("y" * 1_000_000, "Please keep it to 20,000 letters.")],
    ids=["nothing", "a megabyte"],
)
def test_a_mistake_is_said_beside_its_case_and_nothing_is_lost(client, case, reporter, text, reason):
    file_case(by=reporter)

    response = client.post(add_to(case.reference), {"text": text})

    html = response.content.decode()
    assert re.findall(r'<a href="#([^"]+)">Your message</a>', html) == [f"{case.reference}-text"]
    assert f"Your message – {reason}" in text_of(response)
    assert (html.count("<details open>"), "<title>Error: " in html) == (1, True)
    assert f"{text.strip()}</textarea>" in html.replace("\n", "")
    assert case.entries.count() == 1


def test_who_has_been_signed_out_gets_the_words_back(client, case):
    response = client.post(add_to(case.reference), {"text": "A long story."})

    html = response.content.decode()
    assert "A long story.</textarea>" in html
    assert f'href="{reverse("account_login")}?next={MINE}"' in html
    assert "no-store" in response["Cache-Control"]
    assert case.entries.count() == 1


def test_writing_more_goes_by_post_only(client, case, reporter):
    assert client.get(add_to(case.reference)).status_code == 405


def test_receipts_need_a_sign_in(client, case):
    for page in (MINE, received(case)):
        assert client.get(page).url == f"{reverse('account_login')}?next={page}"


def test_receipts_cost_the_same_queries_however_many_they_are(client, case, reporter):
    one = queries_for(client, MINE)

    for _ in range(2):
        file_case(by=reporter)

    assert queries_for(client, MINE) == one


# The way here


@pytest.mark.clause("EI-6", "EI-6b")
def test_what_went_without_a_name_isnt_among_what_one_has_sent(client):
    user = ApplicationFactory().user
    client.force_login(user)
    form = client.get(HELP).context["form"]

    client.post(HELP, {"door": "anonymous", "key": form["key"].value(), "text": "x"})

    assert Case.objects.count() == 1
    assert "You have sent nothing yet" in text_of(client.get(MINE))


def test_the_message_leads_to_what_one_has_sent(client, case, reporter):
    text = Message.objects.get(kind__endswith="received").text

    assert f"https://mentoring.example{MINE}" in text
