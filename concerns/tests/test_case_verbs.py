"""What a handler does with a case: one address each, by POST, for whoever may open it at that moment."""

import re

import pytest
from django.urls import reverse

from concerns import contents, services
from concerns.models import Case, Category, Kind, Outcome, Reading, State
from concerns.tests.factories import AT, file_case, file_without_name, handler, mail
from concerns.tests.pages import VERBS, text_of
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import pair
from programmes.models import Question

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6a")]


@pytest.fixture
def partnership():
    return pair()


@pytest.fixture
def case(partnership):
    return file_case(by=partnership.memberships.get(part="mentee").application.user, text="What I wrote.")


@pytest.fixture
def person(client, case):
    """A handler of the case, signed in."""
    user = handler(case.programme, name="Harriet Quill", email="hq@lse.example")
    client.force_login(user)
    return user


def do(client, case, verb, **answers):
    return client.post(reverse(f"case_{verb}", args=[case.pk]), answers)


def typed(verb, partnership, person):
    """What a handler types so that the verb is done, if it can be."""
    return {
        "publish": {"question": "May we?", "text": "Yes."},
        "assign": {"to": person.pk},
        "move": {"to": "in_progress"},
        "close": {"outcome": "advice"},
        "keep_from": {"named": "Lovelace"},
        "pause": {"partnership": partnership.pk},
        "resume": {"partnership": partnership.pk},
        "find": {"named": "Lovelace"},
    }.get(verb, {"text": "Words."})


def close(case, person):
    services.answer(case, by=person, text="x", at=AT)
    services.close(case, by=person, outcome=Outcome.ADVICE, policy="", at=AT)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_by_following_a_link(client, case, person, verb):
    response = client.get(reverse(f"case_{verb}", args=[case.pk]))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert (case.entries.count(), Reading.objects.count()) == (1, 0)


@pytest.mark.parametrize("verb", ["answer", "note", "publish", "assign", "pause"])
def test_a_closed_case_refuses_and_gives_the_typed_words_back(client, case, person, partnership, verb):
    close(case, person)
    before = case.entries.count()

    response = do(client, case, verb, **typed(verb, partnership, person))

    assert "This case is closed. Reopen it first." in text_of(response)
    assert case.entries.count() == before
    words = typed(verb, partnership, person).get("text", "")
    assert words in response.content.decode()


@pytest.mark.parametrize(("verb", "kind"), [("move", Kind.STATE), ("keep_from", Kind.DEED)])
def test_a_closed_case_is_reopened_or_kept_from_somebody_further(
    client, case, person, partnership, verb, kind
):
    close(case, person)

    response = do(client, case, verb, **typed(verb, partnership, person))

    assert response.url == case.get_absolute_url()
    assert case.entries.order_by("number").last().kind == kind


def test_a_closed_case_isnt_closed_twice(client, case, person):
    close(case, person)

    response = do(client, case, "close", outcome="advice")

    assert "A case that is “closed” can't become “closed”." in text_of(response)


def test_what_a_closed_case_let_rest_can_go_on(client, case, person, partnership):
    services.pause(case, by=person, partnership=partnership, at=AT)
    close(case, person)
    offered = re.findall(
        r'id="resume-partnership_0"[^>]*', client.get(case.get_absolute_url()).content.decode()
    )

    response = do(client, case, "resume", partnership=partnership.pk)

    partnership.refresh_from_db()
    assert (len(offered), response.url, partnership.is_active) == (1, case.get_absolute_url(), True)


def test_each_reading_adds_one_to_the_log_and_the_page_says_who_read_when(client, clock, case, person):
    other = handler(case.programme, name="Grace Hopper")
    services.read(case, by=other, at=AT)

    for _ in range(2):
        client.get(case.get_absolute_url())
    words = text_of(client.get(case.get_absolute_url()))

    assert Reading.objects.filter(user=person).count() == 3
    moment = "last on 14 Jan 2026, 09:30"
    assert f"Who has read it Grace Hopper, {moment} Harriet Quill, {moment}" in words


@pytest.mark.parametrize("named", ["Harriet Quill", "hq@lse.example"])
def test_a_handler_who_keeps_it_from_themselves_loses_it_with_the_next_request(client, case, person, named):
    handler(case.programme)
    services.assign(case, by=person, to=person, at=AT)

    landed = client.post(reverse("case_keep_from", args=[case.pk]), {"named": named}, follow=True)

    assert landed.redirect_chain == [(reverse("cases"), 302)]
    assert "The case is kept from them now." in text_of(landed)
    assert case.reference not in landed.content.decode()
    assert client.get(case.get_absolute_url()).status_code == 404
    assert do(client, case, "note", text="x").status_code == 404
    case.refresh_from_db()
    assert case.handler is None


def test_whom_it_is_kept_from_stands_on_the_page_and_in_its_story(client, case, person):
    do(client, case, "keep_from", named="Ada Lovelace")

    words = text_of(client.get(case.get_absolute_url()))
    assert "Kept from somebody by Harriet Quill Ada Lovelace" in words
    assert "“ada” “lovelace”" in words


def test_who_can_help_is_told_when_the_last_handler_goes(client, case, person, settings):
    settings.CONCERNS_CENTRAL_EMAIL = "centre@lse.example"
    before = mail()

    do(client, case, "keep_from", named="Harriet Quill")

    assert [row[:2] for row in mail() if row not in before] == [("nobody", "centre@lse.example")]


@pytest.mark.clause("EI-6", "BM-13")
def test_a_question_is_answered_in_public_with_nothing_of_who_asked(client, case, person):
    do(client, case, "publish", question="May pairs meet in a museum?", text="Gladly.")

    client.logout()
    html = client.get(case.programme.get_absolute_url()).content.decode()
    assert (html.count("May pairs meet in a museum?"), html.count("Gladly.")) == (1, 1)
    reporter = contents.reporter_of(case)
    traces = [case.reference, str(case.pk), reporter.name, reporter.email, "What I wrote.", "Harriet Quill"]
    assert [trace for trace in traces if trace in html] == []
    assert [line.text for line in contents.conversation_of(case) if line.is_answer] == ["Gladly."]


@pytest.mark.parametrize("category", [Category.CONDUCT, Category.WELLBEING, Category.OTHER])
def test_a_concern_isnt_offered_to_the_public_and_refused_if_tried(client, case, person, category):
    Case.objects.filter(pk=case.pk).update(category=category)

    page = client.get(case.get_absolute_url()).content.decode()
    response = do(client, case, "publish", question="May we?", text="Yes.")

    assert reverse("case_publish", args=[case.pk]) not in page
    assert "Only a question can be answered in public" in text_of(response)
    assert Question.objects.count() == 0


@pytest.mark.clause("EI-6")
def test_a_case_is_closed_only_while_nobody_waits(client, case, person):
    close_page = reverse("case_close", args=[case.pk])
    unanswered = client.get(case.get_absolute_url()).content.decode()
    services.answer(case, by=person, text="x", at=AT)
    answered = client.get(case.get_absolute_url()).content.decode()
    services.add(case, by=contents.reporter_of(case), text="More.", at=AT)
    waiting = client.get(case.get_absolute_url()).content.decode()

    assert [close_page in page for page in (unanswered, answered, waiting)] == [False, True, False]
    assert "Answer the person first" in text_of(do(client, case, "close", outcome="advice"))


@pytest.mark.clause("EI-6")
def test_who_gave_no_name_is_nobody_on_the_page_and_reads_the_answer_with_their_code(client, person, case):
    receipt = file_without_name(case.programme, contact="")
    client.force_login(handler(case.programme))
    words = text_of(client.get(receipt.case.get_absolute_url()))

    do(client, receipt.case, "answer", text="We hear you.")

    assert "From Somebody who wrote without their name How to reach them Not said" in words
    assert "reads it on this site with the code that they kept" in words
    told = contents.conversation_of(services.open_by_code(receipt.code))
    assert [line.text for line in told if line.is_answer] == ["We hear you."]
    assert [kind for kind, _, _ in mail() if kind == "news"] == []


def test_two_handlers_who_answer_make_two_answers_and_the_first_has_the_case(client, case, person):
    other = handler(case.programme)
    do(client, case, "answer", text="One.")
    client.force_login(other)

    do(client, case, "answer", text="Two.")

    case.refresh_from_db()
    assert (case.handler, case.state) == (person, State.ACKNOWLEDGED)
    assert [line.text for line in contents.conversation_of(case) if line.is_answer] == ["One.", "Two."]


@pytest.mark.clause("ALL-1")
def test_a_duty_that_is_taken_away_between_page_and_form_does_nothing(client, case, person):
    client.get(case.get_absolute_url())
    person.duties.all().delete()

    assert do(client, case, "answer", text="Too late.").status_code == 404
    with pytest.raises(NotPossible):
        services.read(case, by=person, at=AT)
    assert case.entries.count() == 1


def test_a_mistake_opens_its_form_alone_and_takes_the_focus(client, case, person):
    html = do(client, case, "keep_from", named="").content.decode()

    opened = re.findall(r'<details id="([\w-]+)" open>', html)
    assert opened == ["answer", "note", "keep_from"]
    assert html.count("autofocus") == 1


@pytest.mark.parametrize("settled", [True, False])
def test_the_page_and_its_verbs_ask_for_a_fresh_proof_where_that_is_wished(
    client, case, person, settings, settled
):
    settings.STEP_UP = settled
    pages = [client.get(case.get_absolute_url())] + [do(client, case, verb) for verb in VERBS]

    asked = {response.status_code == 302 and "next=" in response.url for response in pages}

    assert asked == {settled}
    assert client.get(reverse("cases")).status_code == 200
