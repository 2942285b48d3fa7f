from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.tests.answers import without_token
from overview.tests.factories import KeptMessageFactory
from partnerships import services
from partnerships.models import EndReason, Flag
from partnerships.tests.factories import FlagFactory, circle, pair
from partnerships.tests.people import member, user

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1b")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


def url(partnership, name="leave"):
    return reverse(name, args=[partnership.pk])


def ask(partnership, part="mentee", **fields):
    fields = {"reason": "fit", "wants_new_partner": True, "by": user(partnership, part), "at": NOW, **fields}
    return services.ask_to_leave(partnership, **fields)


@pytest.mark.parametrize("part", ["mentor", "mentee"])
@pytest.mark.parametrize("state", ["active", "paused"])
def test_either_side_says_that_they_cannot_go_on_and_the_team_is_told_at_once(part, state):
    partnership = pair(state=state, paused_at=NOW if state == "paused" else None)

    flag = ask(partnership, part, line="  a word\nor two ", wants_new_partner=False)

    assert (flag.kind, flag.membership, flag.reason, flag.line, flag.wants_new_partner, flag.raised_at) == (
        "leaving",
        member(partnership, part),
        "fit",
        "a word or two",
        False,
        NOW,
    )
    message = Message.objects.get()
    assert (message.to, message.not_before) == (partnership.cohort.programme.contact_email, NOW)


def test_asked_twice_the_first_answer_stands():
    partnership = pair()

    assert ask(partnership) == ask(partnership, reason="time", wants_new_partner=False)
    assert (Flag.objects.get().reason, Message.objects.count()) == ("fit", 1)


def test_both_sides_may_ask_and_neither_hears_of_the_other():
    partnership = pair()

    ask(partnership, "mentor")
    ask(partnership, "mentee")

    assert Flag.objects.open().count() == 2
    assert set(Message.objects.values_list("to", flat=True)) == {partnership.cohort.programme.contact_email}


def test_the_line_itself_and_who_wrote_it_are_not_in_the_message():
    partnership = pair()

    ask(partnership, line="CanaryLine")

    message = Message.objects.get()
    said = message.text + message.html
    assert [w for w in ("CanaryLine", "right match", user(partnership).name) if w in said] == []


def test_reminders_that_wait_for_anybody_there_rest():
    partnership, elsewhere = pair(), pair()
    both = [user(partnership, part) for part in ("mentor", "mentee")]
    waiting = [
        *(KeptMessageFactory(key=f"nudge/{person.pk}/2026-01-14") for person in both),
        KeptMessageFactory(key=f"day-before/{partnership.pk}/7/1/{member(partnership).pk}"),
    ]
    other = KeptMessageFactory(key=f"nudge/{user(elsewhere).pk}/2026-01-14")

    ask(partnership)

    assert set(Message.objects.filter(state="withdrawn")) == set(waiting)
    other.refresh_from_db()
    assert other.state == "waiting"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"reason": "gossip"}, "one of the reasons"), ({"line": "x" * 301}, "keep it to 300 letters")],
)
def test_a_reason_is_one_of_those_there_are_and_a_line_is_short(changes, sentence):
    partnership = pair()

    with pytest.raises(NotPossible, match=sentence):
        ask(partnership, **changes)
    assert (Flag.objects.count(), Message.objects.count()) == (0, 0)


def test_nobody_asks_for_somebody_else_nor_once_it_has_ended():
    partnership, over = pair(), pair()
    person = user(over)
    services.end(over, by=None, at=NOW, reason=EndReason.OFFICE)

    for where, by in ((partnership, UserFactory()), (over, person)):
        with pytest.raises(NotPossible, match="still runs"):
            ask(where, by=by)
        with pytest.raises(NotPossible, match="still runs"):
            services.take_back(where, by=by, at=NOW)


def test_who_asked_takes_it_back_and_only_their_own():
    partnership = pair()
    own, theirs = ask(partnership), ask(partnership, "mentor")

    services.take_back(partnership, by=user(partnership), at=NOW)

    own.refresh_from_db()
    assert (own.settled_at, own.settled_by) == (NOW, user(partnership))
    assert list(Flag.objects.open()) == [theirs]


# The page


@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_the_form_comes_filled_so_that_one_click_is_enough(client, part):
    partnership = pair()
    client.force_login(user(partnership, part))
    form = client.get(url(partnership)).context["form"]
    filled = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}

    answer = client.post(url(partnership), filled, follow=True)

    flag = Flag.objects.get()
    assert (flag.reason, flag.line, flag.wants_new_partner) == ("other", "", True)
    assert answer.redirect_chain == [(url(partnership), 302)]
    assert answer.context["asked"] == flag
    assert "We have it" in answer.content.decode()


def test_a_get_changes_nothing_and_says_who_reads_it_and_where_else_to_turn(client):
    partnership = pair()
    client.force_login(user(partnership))

    page = client.get(url(partnership)).content.decode()

    assert "Your mentor doesn’t" in page
    assert "that never keeps anybody from reporting" in page
    assert f'href="{reverse("concern")}"' in page
    assert (Flag.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("made", "part", "question"),
    [
        (pair, "mentee", "Would you like a new mentor?"),
        (pair, "mentor", "Would you like to mentor somebody else later?"),
        (circle, "mentee", "Would you like another circle or a mentor?"),
        (circle, "facilitator", "Would you like to lead another circle later?"),
    ],
)
def test_everybody_is_asked_in_their_own_words_whether_they_would_like_somebody_new(
    client, made, part, question
):
    partnership = made()
    client.force_login(user(partnership, part))

    page = client.get(url(partnership))

    assert page.context["form"].fields["wants_new_partner"].label == question


def test_mistakes_stand_beside_the_fields(client):
    partnership = pair()
    client.force_login(user(partnership))

    answer = client.post(url(partnership), {"reason": "gossip", "line": "x" * 301})

    assert set(answer.context["form"].errors) == {"reason", "line", "wants_new_partner"}
    assert Flag.objects.count() == 0


@pytest.mark.parametrize(("wants", "shown"), [(True, "Yes please"), (False, "No thank you")])
def test_what_one_asked_stands_on_the_page_instead_of_the_form_and_is_taken_back_there(client, wants, shown):
    partnership = pair()
    ask(partnership, line="My hours have changed.", wants_new_partner=wants)
    client.force_login(user(partnership))

    page = client.get(url(partnership)).content.decode()
    answer = client.post(url(partnership, "take_back_leaving"), follow=True)

    assert "My hours have changed." in page
    assert f"<dd>{shown}</dd>" in page
    assert 'name="reason"' not in page
    assert answer.redirect_chain == [(reverse("partnership", args=[partnership.pk]), 302)]
    assert Flag.objects.open().count() == 0


def test_taking_back_needs_the_button(client):
    partnership = pair()
    ask(partnership)
    client.force_login(user(partnership))

    assert client.get(url(partnership, "take_back_leaving")).status_code == 405
    assert Flag.objects.open().count() == 1


def test_the_partner_finds_everything_as_it_was(client):
    partnership = pair()
    pages = [
        reverse("home"),
        reverse("partnership", args=[partnership.pk]),
        url(partnership),
        reverse("seen"),
    ]
    client.force_login(user(partnership, "mentor"))
    [client.get(page) for page in pages]  # what is seen for the first time is noted under "seen"
    before = [without_token(client.get(page)) for page in pages]

    ask(partnership)

    assert [without_token(client.get(page)) for page in pages] == before
    assert Message.objects.filter(to=user(partnership, "mentor").email).count() == 0


@pytest.mark.parametrize("name", ["leave", "take_back_leaving"])
def test_somebody_elses_partnership_is_not_there(client, name):
    partnership = pair()
    ask(partnership)
    client.force_login(user(pair()))

    answers = [client.post(url(partnership, name)), client.post(reverse(name, args=[987654]))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Flag.objects.open().count() == 1


def test_who_has_left_a_circle_finds_the_page_no_more(client):
    partnership = circle()
    gone = member(partnership)
    person = gone.application.user
    gone.left_on = date(2026, 1, 13)
    gone.save()
    client.force_login(person)

    assert client.get(url(partnership)).status_code == 404


def test_the_page_is_for_who_is_signed_in(client):
    partnership = pair()

    assert client.get(url(partnership)).headers["Location"].startswith(reverse("account_login"))


def test_the_office_who_is_in_the_partnership_sees_no_flag_of_it():
    flag = FlagFactory(partnership=pair())

    assert list(Flag.objects.visible_to(user(flag.partnership))) == []
