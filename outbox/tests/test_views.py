from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from outbox.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db
LINK = "https://mentoring.example/welcome/MQ/token/?next=%2F"


def shown(response):
    return [letter.pk for letter in response.context["page"]]


def policy(response):
    directives = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in directives}


@pytest.mark.parametrize("path", ["/mailbox/", "/mailbox/1/", "/mailbox/1/letter/"])
def test_there_is_no_mailbox_outside_the_rehearsal(client, path):
    MessageFactory(pk=1, sent=True, html="<p>Hello</p>")

    with pytest.raises(NoReverseMatch):
        reverse("mailbox")
    assert client.get(path).status_code == 404


def test_the_mailbox_is_locked_even_where_its_address_exists(client, example, settings):
    settings.EXAMPLE = False

    assert client.get("/mailbox/").status_code == 404


def test_the_mailbox_shows_what_left_and_what_will_newest_first(client, example):
    first = MessageFactory(sent=True)
    second = MessageFactory()
    third = MessageFactory(not_before=timezone.now() + timedelta(days=1))
    MessageFactory(failed=True)
    MessageFactory(withdrawn=True)

    response = client.get("/mailbox/")

    assert shown(response) == [third.pk, second.pk, first.pk]
    states = [
        line.strip() for line in response.content.decode().split('<span class="state ') if "</span>" in line
    ]
    assert [state.split(">")[1].split("<")[0] for state in states[1:]] == [
        "Leaves later",
        "About to leave",
        "Received",
    ]


def test_the_mailbox_of_one_person_shows_theirs_alone(client, example):
    hers = MessageFactory(sent=True, to="ada@lse.example")
    MessageFactory(sent=True, to="grace@lse.example")

    response = client.get("/mailbox/", {"to": "ada@lse.example"})

    assert shown(response) == [hers.pk]
    assert response.context["people"] == [
        {"to": "ada@lse.example", "count": 1},
        {"to": "grace@lse.example", "count": 1},
    ]


@pytest.mark.parametrize("address", ["nobody@lse.example", "'"])
def test_the_mailbox_of_nobody_is_empty(client, example, address):
    MessageFactory(sent=True)

    response = client.get("/mailbox/", {"to": address})

    assert shown(response) == []
    assert "Nothing for this person" in response.content.decode()


def test_an_empty_mailbox_says_what_will_stand_there(client, example):
    assert "No messages yet" in client.get("/mailbox/").content.decode()


def test_a_long_mailbox_has_pages(client, example):
    MessageFactory.create_batch(51, sent=True)

    response = client.get("/mailbox/", {"page": 2})

    assert len(shown(response)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_mailbox_asks_as_much_for_many_as_for_one(client, example, django_assert_num_queries, count):
    MessageFactory.create_batch(count, sent=True)

    with django_assert_num_queries(3):
        response = client.get("/mailbox/")

    assert len(shown(response)) == count


def test_the_mailbox_shows_the_first_words_and_no_long_addresses(client, example):
    MessageFactory(sent=True, text=f"Hello\n\n{LINK}\n\n" + "word " * 20)

    response = client.get("/mailbox/")

    assert [letter.preview for letter in response.context["page"]] == ["Hello" + " word" * 15 + " …"]


def test_a_message_shows_its_text_with_links_to_follow(client, example):
    message = MessageFactory(sent=True, to="ada@lse.example", text=f"Hello <Ada>\n\n{LINK}\n")

    page = client.get(f"/mailbox/{message.pk}/").content.decode()

    assert "<p>Hello &lt;Ada&gt;</p>" in page
    assert f'<a href="{LINK}" rel="nofollow">{LINK}</a>' in page


def test_a_message_whose_body_is_forgotten_says_so(client, example):
    message = MessageFactory(sent=True, text="")

    assert "has been forgotten" in client.get(f"/mailbox/{message.pk}/").content.decode()


@pytest.mark.parametrize("trait", ["failed", "withdrawn"])
def test_a_message_that_reached_nobody_is_not_there(client, example, trait):
    message = MessageFactory(**{trait: True}, html="<p>Hello</p>")

    assert client.get(f"/mailbox/{message.pk}/").status_code == 404
    assert client.get(f"/mailbox/{message.pk}/letter/").status_code == 404


def test_a_letter_is_shown_as_it_left_and_its_links_open_outside_the_frame(client, example):
    html = "<!doctype html><html><head><style>p {color: teal}</style></head><body><p>Hello</p></body></html>"
    message = MessageFactory(sent=True, html=html)

    response = client.get(f"/mailbox/{message.pk}/letter/")

    assert response.content.decode() == html.replace("<head>", '<head><base target="_top">')


def test_a_letter_can_run_nothing_send_nothing_and_be_framed_here_alone(client, example):
    message = MessageFactory(sent=True, html="<script>alert(1)</script>")

    response = client.get(f"/mailbox/{message.pk}/letter/")

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(response) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-top-navigation-by-user-activation",
    }


def test_a_message_without_html_has_no_letter(client, example):
    message = MessageFactory(sent=True)

    assert client.get(f"/mailbox/{message.pk}/letter/").status_code == 404
    assert "<iframe" not in client.get(f"/mailbox/{message.pk}/").content.decode()


def test_the_mailbox_is_only_read(client, example):
    assert client.post("/mailbox/").status_code == 405
