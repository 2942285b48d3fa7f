import logging
import threading
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from outbox import delivery, services
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from outbox.tests.mail_server import DROP, mail_server

pytestmark = pytest.mark.django_db
State = Message.State


def fresh(message):
    return Message.objects.get(pk=message.pk)


def minutes_until_next(message):
    return (fresh(message).not_before - timezone.now()).total_seconds() / 60


def test_a_message_leaves_as_text_and_html_to_one_receiver():
    message = MessageFactory(to="ada@lse.example", text="Hello\n", html="<p>Hello</p>")

    delivery.deliver_batch()

    (email,) = mail.outbox
    assert (email.to, email.cc, email.bcc) == (["ada@lse.example"], [], [])
    assert (email.subject, email.body) == ("Your mentoring programme", "Hello\n")
    assert [tuple(part) for part in email.alternatives] == [("<p>Hello</p>", "text/html")]
    headers = email.message()
    assert (headers["Message-ID"], headers["Auto-Submitted"]) == (message.message_id, "auto-generated")


def test_what_left_is_written_down():
    message = MessageFactory()

    delivery.deliver_batch()

    sent = fresh(message)
    assert (sent.state, sent.sent_at, sent.attempts) == (State.SENT, timezone.now(), 1)
    assert (sent.lease_until, sent.lease_token) == (None, None)


def test_a_sent_message_never_leaves_again():
    MessageFactory()

    delivery.deliver_batch()
    delivery.deliver_batch()

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("trait", ["sent", "failed", "withdrawn"])
def test_only_waiting_messages_leave(trait):
    MessageFactory(**{trait: True})

    assert delivery.deliver_batch() is False
    assert mail.outbox == []


def test_a_message_does_not_leave_before_its_moment(clock):
    MessageFactory(not_before=timezone.now() + timedelta(hours=1))

    delivery.deliver_batch()
    assert mail.outbox == []

    clock.shift(timedelta(hours=1))
    delivery.deliver_batch()
    assert len(mail.outbox) == 1


def test_what_somebody_waits_for_at_a_screen_leaves_first():
    MessageFactory.create_batch(delivery.BATCH)
    code = MessageFactory(is_urgent=True)

    claimed = delivery.claim(at=timezone.now())

    assert claimed[0] == code
    assert len(claimed) == delivery.BATCH


# Two senders at once


def test_two_senders_claim_different_messages():
    MessageFactory.create_batch(delivery.BATCH + 5)

    one = delivery.claim(at=timezone.now())
    other = delivery.claim(at=timezone.now())

    assert (len(one), len(other)) == (delivery.BATCH, 5)
    assert {message.pk for message in one} & {message.pk for message in other} == set()


def test_two_senders_that_chose_the_same_messages_do_not_both_take_them():
    MessageFactory.create_batch(3)
    chosen_by_one, chosen_by_other = (delivery.choose(at=timezone.now()) for _ in range(2))

    one = delivery.take(chosen_by_one, at=timezone.now())
    other = delivery.take(chosen_by_other, at=timezone.now())

    assert (len(one), len(other)) == (3, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_senders_in_parallel_send_each_message_once(settings):
    MessageFactory.create_batch(200)

    def send_all():
        while delivery.deliver_batch():
            pass
        connection.close()

    with mail_server(settings) as server:
        senders = [threading.Thread(target=send_all) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

    assert sorted(server.addresses) == sorted(Message.objects.values_list("to", flat=True))
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


# Senders that die


def test_what_a_killed_sender_held_goes_again_when_its_lease_is_over(clock):
    MessageFactory()
    delivery.claim(at=timezone.now())

    delivery.deliver_batch()
    assert mail.outbox == []

    clock.shift(delivery.LEASE)
    delivery.deliver_batch()
    assert len(mail.outbox) == 1


def test_a_lease_is_longer_than_a_message_can_take():
    longest = 4 * timedelta(seconds=django_settings.EMAIL_TIMEOUT)  # sender, receiver, data, body

    assert longest < delivery.LEASE


def test_a_sender_that_comes_back_after_its_lease_sends_nothing(clock):
    MessageFactory()
    (message,) = delivery.claim(at=timezone.now())

    clock.shift(delivery.LEASE)

    assert delivery.hold(message, at=timezone.now()) is False


def test_a_sender_whose_message_another_has_claimed_sends_nothing(clock):
    MessageFactory()
    (message,) = delivery.claim(at=timezone.now())
    clock.shift(delivery.LEASE)
    delivery.claim(at=timezone.now())

    assert delivery.hold(message, at=timezone.now()) is False


def test_a_message_that_takes_each_sender_down_fails_in_the_end(clock):
    message = MessageFactory()
    for _ in range(delivery.MOST_ATTEMPTS):
        (held,) = delivery.claim(at=timezone.now())
        assert delivery.hold(held, at=timezone.now()) is True
        clock.shift(delivery.LEASE)

    assert delivery.claim(at=timezone.now()) == []

    assert (fresh(message).state, fresh(message).error) == (State.FAILED, "SenderStopped")


def test_a_message_that_left_is_sent_even_if_its_sender_was_late(clock):
    MessageFactory()
    (slow,) = delivery.claim(at=timezone.now())
    clock.shift(delivery.LEASE)
    (quick,) = delivery.claim(at=timezone.now())
    delivery.settle_sent(slow, at=timezone.now())

    delivery.settle_refused(quick, error=ValueError(), at=timezone.now())

    assert fresh(slow).state == State.SENT


def test_a_message_that_left_twice_keeps_its_first_moment(clock):
    message = MessageFactory()
    first = timezone.now()
    delivery.settle_sent(message, at=first)
    clock.shift(timedelta(minutes=1))

    delivery.settle_sent(message, at=timezone.now())

    assert fresh(message).sent_at == first


# Withdrawn


def test_a_message_withdrawn_after_it_was_claimed_does_not_leave():
    MessageFactory(key="reminder/1/1")
    (message,) = delivery.claim(at=timezone.now())

    services.withdraw("reminder/1", at=timezone.now())

    assert delivery.hold(message, at=timezone.now()) is False
    assert fresh(message).state == State.WITHDRAWN


def test_a_message_withdrawn_while_it_left_counts_as_sent():
    MessageFactory(key="reminder/1/1")
    (message,) = delivery.claim(at=timezone.now())
    delivery.hold(message, at=timezone.now())
    services.withdraw("reminder/1", at=timezone.now())

    delivery.settle_sent(message, at=timezone.now())

    assert (fresh(message).state, fresh(message).withdrawn_at) == (State.SENT, None)


# What the mail server says


def test_a_message_passes_a_real_conversation(settings):
    message = MessageFactory(to="ada@lse.example", text="Grüße, Łukasz\n", html="<p>Grüße</p>")

    with mail_server(settings) as server:
        delivery.deliver_batch()

    (email,) = server.received
    assert (email["To"], email["Message-ID"]) == ("ada@lse.example", message.message_id)
    text, html = email.get_payload()
    assert text.get_payload(decode=True).decode() == "Grüße, Łukasz\r\n"
    assert html.get_content_type() == "text/html"


@pytest.mark.parametrize(
    ("verb", "reply", "error"),
    [
        ("RCPT", "550 no such person", "SMTPRecipientsRefused 550"),
        ("BODY", "554 refused", "SMTPDataError 554"),
    ],
)
def test_a_receiver_refused_for_good_fails_at_once(settings, verb, reply, error):
    message = MessageFactory(to="gone@lse.example")

    with mail_server(settings, {(verb, "gone@lse.example"): reply}):
        delivery.deliver_batch()

    assert (fresh(message).state, fresh(message).error) == (State.FAILED, error)


@pytest.mark.parametrize(
    ("verb", "reply", "error"),
    [
        ("RCPT", "450 mailbox busy", "SMTPRecipientsRefused 450"),
        ("BODY", "451 later", "SMTPDataError 451"),
        ("BODY", DROP, "SMTPServerDisconnected"),
        ("RCPT", "421 closing", "SMTPRecipientsRefused 421"),
    ],
)
def test_a_message_refused_for_now_waits_a_minute(settings, verb, reply, error):
    message = MessageFactory(to="ada@lse.example")

    with mail_server(settings, {(verb, "ada@lse.example"): reply}):
        delivery.deliver_batch()

    assert (fresh(message).state, fresh(message).error) == (State.WAITING, error)
    assert minutes_until_next(message) == pytest.approx(1, rel=0.1)
    assert fresh(message).lease_token is None


@pytest.mark.parametrize("reply", ["550 no such person", "421 closing", DROP])
def test_one_message_that_is_refused_holds_nobody_up(settings, reply):
    MessageFactory(to="first@lse.example")
    MessageFactory(to="refused@lse.example")
    MessageFactory(to="last@lse.example")

    with mail_server(settings, {("RCPT", "refused@lse.example"): reply}) as server:
        delivery.deliver_batch()

    assert server.addresses == ["first@lse.example", "last@lse.example"]


def test_a_batch_leaves_in_one_conversation(settings):
    MessageFactory.create_batch(3)

    with mail_server(settings) as server:
        delivery.deliver_batch()

    assert (len(server.received), server.connections) == (3, 1)


@pytest.mark.parametrize("reply", ["421 come back later", "554 not from you", DROP])
def test_a_server_that_does_not_answer_costs_one_message_an_attempt(settings, reply):
    MessageFactory.create_batch(3)

    with mail_server(settings, {("CONNECT", ""): reply}) as server:
        goes_on = delivery.deliver_batch()

    assert goes_on is False
    assert server.connections == 1
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert set(Message.objects.values_list("state", "lease_token")) == {(State.WAITING, None)}


def test_the_waits_grow_and_end_within_a_day(settings, clock):
    message = MessageFactory(to="ada@lse.example")
    first_attempt, waits = timezone.now(), []

    with mail_server(settings, {("RCPT", "ada@lse.example"): "450 busy"}):
        while fresh(message).state == State.WAITING:
            delivery.deliver_batch()
            waits.append(round(minutes_until_next(message)))
            clock.move_to(fresh(message).not_before, tick=False)

    *waits, nothing_left = waits
    assert waits == [pytest.approx(minutes, rel=0.11) for minutes in (1, 5, 15, 60, 240, 240, 240, 240, 240)]
    assert (nothing_left, fresh(message).attempts) == (0, 10)
    assert timezone.now() - first_attempt <= timedelta(hours=24)


def test_the_longest_waits_end_within_a_day():
    assert sum(delivery.RETRY_AFTER, timedelta()) * 1.1 <= timedelta(hours=24)


def test_a_message_that_can_not_be_built_waits_and_holds_nobody_up():
    poison = MessageFactory(subject="Your mentoring\nprogramme")
    MessageFactory(to="ada@lse.example")

    delivery.deliver_batch()

    assert [email.to for email in mail.outbox] == [["ada@lse.example"]]
    assert (fresh(poison).state, fresh(poison).error) == (State.WAITING, "BadHeaderError")


def test_a_message_that_can_not_be_built_fails_after_its_attempts():
    poison = MessageFactory(subject="Your mentoring\nprogramme", attempts=delivery.MOST_ATTEMPTS - 1)

    delivery.deliver_batch()

    assert fresh(poison).state == State.FAILED


def test_neither_log_nor_error_names_anybody(settings, caplog):
    message = MessageFactory(to="ada@lse.example", subject="Your mentoring programme")

    refusal = {("RCPT", "ada@lse.example"): "550 <ada@lse.example> unknown"}
    with caplog.at_level(logging.DEBUG), mail_server(settings, refusal):
        delivery.deliver_batch()

    written = caplog.text + fresh(message).error
    assert [word for word in ("ada", "lse.example", "mentoring programme") if word in written] == []
    assert f"Message {message.pk} did not leave: SMTPRecipientsRefused 550" in caplog.text
