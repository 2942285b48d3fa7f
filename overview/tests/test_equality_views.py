"""The questionnaire as people meet it: offered, never required, theirs to change and to delete."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from applications.tests.factories import ApplicationFactory, MentorFactory
from equality.models import Answers
from equality.questions import QUESTIONS
from mentorship.lib.refusals import NotPossible
from overview.equality import answering

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7")]
AFTER = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def own(client):
    application = ApplicationFactory(waiting=True)
    client.force_login(application.user)
    return application


def page(application):
    return reverse("equality", args=[application.pk])


def chosen(response):
    """Question and chosen answer of every field of the page."""
    text = response.content.decode()
    fields = re.findall(r'<select name="(\w+)".*?</select>', text, re.DOTALL)
    picked = re.findall(
        r'<select name="(\w+)"(?:(?!</select>).)*?<option value="(\w+)" selected', text, re.DOTALL
    )
    return dict.fromkeys(fields, "") | dict(picked)


def test_all_is_said_before_the_first_question_and_nothing_is_chosen(client, own):
    response = client.get(page(own))

    text = response.content.decode()
    said = text[: text.index("<select")]
    for words in (
        "What for.",
        "Who reads it.",
        "How it is kept.",
        "rounded figures",
        "What we can’t promise.",
    ):
        assert words in said
    assert chosen(response) == dict.fromkeys(QUESTIONS, "")
    assert re.findall(r"<select[^>]*required", text) == []


def test_answers_are_kept_and_shown_to_their_person_again(client, own):
    response = client.post(page(own), {"age": "35_44", "religion": "unsaid"}, follow=True)

    assert response.redirect_chain == [(page(own), 302)]
    assert chosen(response) == dict.fromkeys(QUESTIONS, "") | {"age": "35_44", "religion": "unsaid"}
    assert answering.answers_of(own)["age"] == "35_44"


def test_who_has_two_applications_in_a_cohort_has_one_set_of_answers(client, own):
    other = MentorFactory(user=own.user, cohort=own.cohort)
    client.post(page(own), {"age": "35_44"})

    client.post(page(other), {"age": "45_54"})

    assert (Answers.objects.count(), answering.answers_of(own)["age"]) == (1, "45_54")


def test_an_answer_that_is_not_offered_is_refused(client, own):
    response = client.post(page(own), {"age": "a hundred"})

    assert ("Error:" in response.content.decode(), Answers.objects.count()) == (True, 0)


def test_an_empty_form_keeps_nothing(client, own):
    client.post(page(own), {"age": "35_44"})

    client.post(page(own), {})

    assert Answers.objects.count() == 0


def test_answers_can_be_deleted_on_any_day(client, own, clock):
    client.post(page(own), {"age": "35_44"})
    clock.move_to(AFTER)
    client.force_login(own.user)
    shown = client.get(page(own)).content.decode()
    assert ("<select" in shown, "Delete my answers" in shown) == (False, True)

    response = client.post(reverse("delete_equality", args=[own.pk]), follow=True)

    assert Answers.objects.count() == 0
    assert "Your answers are deleted." in response.content.decode()
    assert "Delete my answers" not in response.content.decode()


def test_to_delete_what_is_not_there_says_nothing(client, own):
    response = client.post(reverse("delete_equality", args=[own.pk]), follow=True)

    assert "deleted" not in response.content.decode()


def test_deleting_leaves_the_answers_of_others(client, own):
    colleague = ApplicationFactory(cohort=own.cohort)
    answering.answer(colleague, by=colleague.user, answers={"age": "35_44"}, at=AFTER.replace(month=1))

    client.post(reverse("delete_equality", args=[own.pk]))

    assert answering.answers_of(colleague)["age"] == "35_44"


@pytest.mark.parametrize(
    ("facts", "takes"),
    [
        ({"draft": True}, False),
        ({"waiting": True}, True),
        ({}, True),
        ({"state": "declined"}, True),
        ({"state": "withdrawn"}, False),
    ],
)
def test_the_questions_come_after_an_application_was_sent(client, facts, takes):
    application = ApplicationFactory(**facts)
    client.force_login(application.user)

    client.post(page(application), {"age": "35_44"})

    assert (Answers.objects.count() == 1, "<select" in client.get(page(application)).content.decode()) == (
        takes,
        takes,
    )


def test_the_service_refuses_what_the_page_does_not_offer():
    draft = ApplicationFactory(draft=True)

    with pytest.raises(NotPossible, match="have sent"):
        answering.answer(draft, by=draft.user, answers={"age": "35_44"}, at=AFTER.replace(month=1))


def test_another_persons_page_is_not_there(client, own):
    answering.answer(own, by=own.user, answers={"age": "35_44"}, at=AFTER.replace(month=1))
    stranger = ApplicationFactory(cohort=own.cohort)
    client.force_login(stranger.user)

    answers = [
        client.get(page(own)),
        client.post(page(own), {"age": "45_54"}),
        client.post(reverse("delete_equality", args=[own.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answering.answers_of(own)["age"] == "35_44"


def test_who_is_not_signed_in_is_led_to_sign_in(client):
    application = ApplicationFactory(waiting=True)

    answers = [client.get(page(application)), client.post(reverse("delete_equality", args=[application.pk]))]

    assert [answer.url.partition("?")[0] for answer in answers] == [reverse("account_login")] * 2


def test_answers_are_deleted_by_a_button_and_by_no_link(client, own):
    answers = [client.get(reverse("delete_equality", args=[own.pk])), client.put(page(own))]

    assert [answer.status_code for answer in answers] == [405, 405]


@pytest.mark.parametrize(("facts", "is_offered"), [({"draft": True}, False), ({"waiting": True}, True)])
def test_it_is_offered_on_ones_first_page_and_beside_the_application_once_that_is_sent(
    client, facts, is_offered
):
    application = ApplicationFactory(**facts)
    client.force_login(application.user)

    pages = [client.get(url, follow=True) for url in (reverse("home"), application.get_absolute_url())]

    assert [page(application) in shown.content.decode() for shown in pages] == [is_offered] * 2


def test_whether_somebody_answered_shows_on_no_other_page(client, own):
    urls = [reverse("home"), own.get_absolute_url()]
    before = [client.get(url).content for url in urls]
    answering.answer(own, by=own.user, answers={"age": "35_44"}, at=AFTER.replace(month=1))

    assert [strip(client.get(url).content) for url in urls] == [strip(each) for each in before]


def strip(content):
    """Without what changes with each answer of the server."""
    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"', b"", content)
