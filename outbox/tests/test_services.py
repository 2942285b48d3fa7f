import copy
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from outbox import services
from outbox.models import Message
from outbox.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def letter(tmp_path, settings):
    """Writes the templates of a message `letter`: the text, and the HTML if it is given."""
    templates = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"].append(tmp_path)
    settings.TEMPLATES = templates

    def write(text, html=None):
        (tmp_path / "letter.txt").write_text(text)
        if html is not None:
            (tmp_path / "letter.html").write_text(html)

    return write


def post(**changes):
    given = {"to": "ada@lse.example", "key": "letter/1/1", "context": {"name": "Ada"}, "at": timezone.now()}
    return services.post("letter", **(given | changes))


def states():
    return dict(Message.objects.order_by("key").values_list("key", "state"))


def test_a_message_is_rendered_when_it_is_posted(letter):
    letter("Subject: Your mentoring programme\n\nHello {{ name }}\n", "<p>Hello {{ name }}</p>")

    message = Message.objects.get(pk=post(programme="ei-alumni").pk)

    assert (message.subject, message.text, message.html) == (
        "Your mentoring programme",
        "Hello Ada\n",
        "<p>Hello Ada</p>\n",
    )
    assert (message.kind, message.to, message.programme) == ("letter", "ada@lse.example", "ei-alumni")
    assert (message.state, message.not_before, message.created_at) == (
        State.WAITING,
        timezone.now(),
        timezone.now(),
    )


def test_html_is_optional(letter):
    letter("Subject: Your mentoring programme\n\nHello\n")

    assert post().html == ""


def test_only_the_html_is_escaped(letter):
    letter("Subject: Your mentoring programme\n\n{{ name }}", "<p>{{ name }}</p>")

    message = post(context={"name": "<b>O'Neill</b>"})

    assert message.text == "<b>O'Neill</b>\n"
    assert message.html == "<p>&lt;b&gt;O&#x27;Neill&lt;/b&gt;</p>\n"


def test_a_text_without_a_subject_is_refused(letter):
    letter("Hello\n")

    with pytest.raises(ValueError, match="letter.txt must begin with"):
        post()


def test_a_known_key_gives_the_message_of_that_time(letter):
    letter("Subject: Your mentoring programme\n\nHello {{ name }}\n")
    first = post()

    again = post(context={"name": "Grace"}, to="grace@lse.example")

    assert (again.pk, again.text, again.to) == (first.pk, "Hello Ada\n", "ada@lse.example")
    assert Message.objects.count() == 1


def test_a_message_whose_cause_is_undone_was_never_posted(letter):
    letter("Subject: Your mentoring programme\n\nHello\n")

    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert Message.objects.count() == 0


def test_a_message_may_wait_for_its_moment(letter):
    letter("Subject: Your mentoring programme\n\nHello\n")
    tomorrow = timezone.now() + timedelta(days=1)

    post(not_before=tomorrow)

    assert list(Message.objects.due(timezone.now())) == []
    assert Message.objects.due(tomorrow).count() == 1


def test_many_are_posted_at_once_as_each_would_be_alone(letter, django_assert_num_queries):
    letter("Subject: Your mentoring programme\n\nHello {{ name }}\n", "<p>{{ name }}</p>")
    alone = post(key="letter/1/0", context={"name": "Ada"})
    letters = [
        services.Letter(
            to=f"person{number}@lse.example", key=f"letter/1/{number}", context={"name": f"P{number}"}
        )
        for number in (0, 1, 2, 2)
    ]

    with django_assert_num_queries(2):
        services.post_all("letter", letters, programme="ei-alumni", at=timezone.now())

    rows = Message.objects.order_by("key").values_list("key", "to", "text", "html", "programme", "message_id")
    assert list(rows) == [
        ("letter/1/0", alone.to, "Hello Ada\n", "<p>Ada</p>\n", "", alone.message_id),
        *(
            (key, to, f"Hello {name}\n", f"<p>{name}</p>\n", "ei-alumni", services.message_id(key))
            for key, to, name in [
                ("letter/1/1", "person1@lse.example", "P1"),
                ("letter/1/2", "person2@lse.example", "P2"),
            ]
        ),
    ]
    assert Message.objects.due(timezone.now()).count() == 3


def test_the_message_id_is_the_same_for_a_key_and_says_nothing_of_it():
    one, same, other = (
        services.message_id(key) for key in ("introduced/1/2", "introduced/1/2", "introduced/1/3")
    )

    assert one == same != other
    assert one.endswith("@mentoring.example>")
    assert "introduced" not in one


def test_only_waiting_messages_below_a_prefix_are_withdrawn():
    MessageFactory(key="no-meeting/1/7")
    MessageFactory(key="no-meeting/1/8", sent=True)
    MessageFactory(key="no-meeting/12/7")
    MessageFactory(key="no-meeting/1")

    withdrawn = services.withdraw("no-meeting/1/", at=timezone.now())

    assert withdrawn == 2
    assert states() == {
        "no-meeting/1": State.WITHDRAWN,
        "no-meeting/1/7": State.WITHDRAWN,
        "no-meeting/1/8": State.SENT,
        "no-meeting/12/7": State.WAITING,
    }


def test_a_failed_message_tries_again_from_the_start():
    message = MessageFactory(failed=True, not_before=timezone.now() - timedelta(days=1))

    services.retry(message, at=timezone.now())

    assert (message.state, message.attempts, message.error) == (State.WAITING, 0, "")
    assert list(Message.objects.due(timezone.now())) == [message]


@pytest.mark.parametrize("trait", ["sent", "withdrawn"])
def test_only_a_failed_message_can_be_tried_again(trait):
    message = MessageFactory(**{trait: True})

    with pytest.raises(NotPossible):
        services.retry(message, at=timezone.now())

    assert Message.objects.get().state == trait


def test_a_message_whose_body_is_forgotten_can_not_be_tried_again():
    message = MessageFactory(failed=True, text="")

    with pytest.raises(NotPossible):
        services.retry(message, at=timezone.now())


def test_bodies_are_forgotten_and_the_rest_stays():
    now = timezone.now()
    old = MessageFactory(sent=True, html="<p>Hello</p>", not_before=now - timedelta(days=91))
    recent = MessageFactory(sent=True, not_before=now - timedelta(days=89))
    waiting = MessageFactory(not_before=now - timedelta(days=91))

    forgotten = services.forget_bodies(before=now - timedelta(days=90))

    assert forgotten == 1
    kept = Message.objects.get(pk=old.pk)
    assert (kept.text, kept.html) == ("", "")
    assert (kept.key, kept.kind, kept.to, kept.sent_at) == (old.key, old.kind, old.to, old.sent_at)
    assert Message.objects.get(pk=recent.pk).text == recent.text
    assert Message.objects.get(pk=waiting.pk).text == waiting.text


def test_what_is_addressed_to_nobody_never_waits(letter):
    letter("Subject: S\nB")

    post(to="somebody@left.invalid", key="a")
    services.post_all(
        "letter", [services.Letter(to="x@left.invalid", key="b", context={})], at=timezone.now()
    )
    post(key="c")

    assert states() == {"a": State.WITHDRAWN, "b": State.WITHDRAWN, "c": State.WAITING}
