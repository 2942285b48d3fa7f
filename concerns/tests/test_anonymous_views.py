"""The door without a name: the code that is shown once, and coming back with it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns import services
from concerns.models import Case, Kind
from concerns.tests.factories import AT, file_without_name, handler
from concerns.tests.pages import HELP, form_of, send, text_of
from programmes.tests.factories import ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6", "EI-6b")]
ANSWERS, ADD = "/help/answers/", "/help/answers/add/"
DOOR = {"door": "anonymous"}


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def receipt(programme):
    return file_without_name(programme)


def code_on(response):
    return re.search(r'class="reference">([^<]+)<', response.content.decode())[1]


def entries_of(case):
    return list(case.entries.values_list("kind", flat=True))


# Sending


def test_a_visitor_writes_without_a_name_and_gets_a_code_in_groups_of_four(client, programme):
    reader = handler(programme)

    response = send(client, text="Somebody shouts.", named="Ada Quill", contact="Ring.")

    case = Case.objects.get()
    assert response.status_code == 200
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code_on(response))
    assert services.open_by_code(code_on(response)) == case
    assert case.reference in text_of(response)
    assert "answers you by 5 p.m. on Friday 16 January ." in text_of(response)
    opened = services.read(case, by=reader, at=AT)
    assert (opened.reporter, opened.entries[0].text, opened.contact) == (None, "Somebody shouts.", "Ring.")
    assert opened.kept_from == ("“ada”", "“quill”")


def test_the_page_with_the_code_is_kept_by_no_browser_and_names_it_once(client, programme):
    response = send(client, text="x")

    assert "no-store" in response["Cache-Control"]
    assert response.content.decode().count(code_on(response)) == 1
    assert "<title>Received – Mentorship</title>" in response.content.decode()


def test_the_same_form_sent_twice_shows_the_same_case_and_code(client, programme):
    form = form_of(client) | {"text": "Once."}

    first, second = client.post(HELP, form), client.post(HELP, form)

    assert (code_on(first), Case.objects.count()) == (code_on(second), 1)


def test_where_somebody_is_at_risk_the_emergency_numbers_stand_before_the_code(client, programme):
    handler(programme)

    response = send(client, text="x", at_risk="yes")

    html = response.content.decode()
    assert html.index("tel:999") < html.index("<h1>")
    assert "answers you by 5 p.m. on Wednesday 14 January ." in text_of(response)


def test_it_is_said_when_nobody_may_read_it(client, programme):
    handler(programme, name="Ottilie Farrow")

    response = send(client, text="x", named="Ottilie Farrow")

    assert "At this moment nobody may read it" in text_of(response)
    assert "Farrow" not in text_of(response)


def test_who_is_signed_in_may_use_this_door_for_their_programme(client):
    application = ApplicationFactory()
    client.force_login(application.user)

    response = send(client, **DOOR, text="x")

    case = Case.objects.get()
    assert (case.is_anonymous, case.programme) == (True, application.cohort.programme)
    assert services.open_by_code(code_on(response)) == case


def test_it_isnt_offered_where_the_programme_takes_nothing_without_a_name(client):
    application = ApplicationFactory(cohort__programme__allows_anonymous_concerns=False)
    client.force_login(application.user)

    response = client.post(HELP, DOOR | {"text": "A long story."})

    assert response.context["form"].doors == ["named"]
    assert "please say whether you write with your name" in text_of(response)
    assert not re.search(r"<input[^>]*name=\"door\"[^>]*checked", response.content.decode())
    assert "A long story.</textarea>" in response.content.decode()
    assert Case.objects.count() == 0


def test_of_several_programmes_the_list_says_which_take_nothing_without_a_name(client):
    application = ApplicationFactory(cohort__programme__allows_anonymous_concerns=False)
    ApplicationFactory(user=application.user)
    client.force_login(application.user)
    strict = application.cohort.programme

    response = send(client, **DOOR, text="A long story.", programme=strict.pk)

    assert f"{strict.name} (only with your name)" in text_of(response)
    assert response.context["form"].errors["door"] == [
        f"{strict.name} takes nothing without a name. Write with yours, or choose another way."
    ]
    assert Case.objects.count() == 0


def test_a_visitor_is_offered_only_programmes_that_take_it(client, programme):
    other = ProgrammeFactory()
    ProgrammeFactory(allows_anonymous_concerns=False)
    ProgrammeFactory(is_public=False)

    field = client.get(HELP).context["form"].fields["programme"]

    assert set(field.queryset) == {programme, other}


# Coming back


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: " ".join(code), lambda code: f" {code[:4]}-{code[4:]}"]
)
def test_a_code_opens_its_case_however_it_is_written(client, receipt, write):
    services.answer(receipt.case, by=handler(receipt.case.programme), text="We <i>hear</i> you.", at=AT)

    response = client.post(ANSWERS, {"code": write(receipt.code)})

    html = response.content.decode()
    assert receipt.case.reference in text_of(response)
    assert "We &lt;i&gt;hear&lt;/i&gt; you." in html
    assert "What I wrote." not in html
    assert "no-store" in response["Cache-Control"]


def test_who_comes_back_reads_by_when_an_answer_comes(client, receipt):
    handler(receipt.case.programme)

    response = client.post(ANSWERS, {"code": receipt.code})

    assert "You will have an answer by 5 p.m. on Friday 16 January ." in text_of(response)
    assert "nobody may read it" not in text_of(response)


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKMN-PQRT", "x", "\0", "y" * 150, "6CW-X5K"])
def test_every_wrong_code_gets_the_same_sentence(client, receipt, code):
    response = client.post(ANSWERS, {"code": code})
    wanted = "Nothing belongs to this code. Please compare it sign by sign with what you kept."

    assert [*response.context["form"].errors.values()] == [
        ["Please type your code." if code == "\0" else wanted]
    ]
    assert receipt.case.reference not in text_of(response)


def test_the_reference_opens_nothing(client, receipt):
    response = client.post(ANSWERS, {"code": receipt.case.reference})

    assert "Nothing belongs to this code." in text_of(response)


def test_the_form_for_the_code_asks_the_browser_to_keep_nothing(client):
    html = client.get(ANSWERS).content.decode()

    assert re.findall(r'<input type="text"[^>]*autocomplete="off"', html) != []
    assert '<form method="post" action="/help/answers/" autocomplete="off"' in html


# Writing more


def test_who_comes_back_writes_more_and_an_answer_is_due_again(client, clock, receipt):
    services.answer(receipt.case, by=handler(receipt.case.programme), text="Thank you.", at=AT)
    clock.shift(timedelta(minutes=10))

    response = client.post(ADD, {"code": receipt.code, "text": "And again."})

    assert entries_of(receipt.case)[-1] == Kind.MESSAGE
    assert "Your message has arrived." in text_of(response)
    assert "You will have an answer by" in text_of(response)
    assert "And again." not in response.content.decode()
    assert f'name="code" value="{receipt.code}"' in response.content.decode()


def test_the_same_message_sent_twice_is_one(client, receipt):
    for _ in range(2):
        client.post(ADD, {"code": receipt.code, "text": "And again."})

    assert entries_of(receipt.case) == [Kind.FILED, Kind.MESSAGE]


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" ", "Please write something."), ("y" * 1_000_000, "Please keep it to 20,000 letters.")],
    ids=["nothing", "a megabyte"],
)
def test_a_mistake_keeps_the_words_and_the_code_on_the_page(client, receipt, text, reason):
    response = client.post(ADD, {"code": receipt.code, "text": text})

    html = response.content.decode()
    assert f"Your message – {reason}" in text_of(response)
    assert f"{text.strip()}</textarea>" in html.replace("\n", "")
    assert f'name="code" value="{receipt.code}"' in html
    assert entries_of(receipt.case) == [Kind.FILED]


@pytest.mark.parametrize("code", [{}, {"code": "wrong"}])
def test_words_with_a_wrong_code_come_back(client, receipt, code):
    response = client.post(ADD, code | {"text": "A long story."})

    assert "A long story.</textarea>" in response.content.decode()
    assert response.context["form"].errors.keys() == {"code"}
    assert entries_of(receipt.case) == [Kind.FILED]


def test_who_asks_for_the_address_of_that_form_alone_is_asked_for_the_code(client):
    assert client.get(ADD).url == reverse("concern_answers")


@pytest.mark.parametrize("page", [ANSWERS, ADD])
def test_other_methods_are_refused(client, page):
    assert client.put(page).status_code == 405


@pytest.mark.clause("ALL-1")
def test_whoever_is_signed_in_sees_the_same_behind_a_code(client, receipt):
    """The code is the door: who stands before it makes no difference, not even to a handler who may read it."""
    reader = handler(receipt.case.programme)
    signed_out = text_of(client.post(ANSWERS, {"code": receipt.code}))
    for user in (UserFactory(), reader, UserFactory(is_superuser=True)):
        browser = Client()
        browser.force_login(user)
        seen = text_of(browser.post(ANSWERS, {"code": receipt.code}))
        assert seen == signed_out
