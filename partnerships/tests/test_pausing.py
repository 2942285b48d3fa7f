from datetime import UTC, datetime, timedelta

import pytest

from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.tests.factories import KeptMessageFactory
from partnerships import permissions, services
from partnerships.models import EndReason, State
from partnerships.tests.factories import MembershipFactory, circle, pair
from partnerships.tests.people import names_and_addresses, user
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6a")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


def office(partnership, kind=Duty.Kind.ADMINISTER):
    return DutyFactory(programme=partnership.cohort.programme, kind=kind).user


def letters(kind):
    return list(Message.objects.filter(kind=f"partnerships/email/{kind}").order_by("pk"))


@pytest.mark.parametrize("made", [pair, circle])
def test_everybody_in_it_hears_of_a_pause_in_one_and_the_same_words(made):
    partnership = made()
    people = [m.application.user for m in partnership.memberships.select_related("application__user")]

    paused = services.pause(partnership, by=office(partnership), at=NOW)

    assert (paused.state, paused.paused_at) == (State.PAUSED, NOW)
    said = letters("paused")
    assert [message.to for message in said] == [person.email for person in people]
    assert {message.text.replace(person.name, "…") for message, person in zip(said, people, strict=True)} == {
        said[0].text.replace(people[0].name, "…")
    }


def test_a_pause_for_a_concern_reads_like_any_other():
    one, other = pair(), pair()

    services.pause(one, by=office(one), at=NOW)
    services.pause(other, by=office(other, Duty.Kind.CONCERNS), at=NOW)

    def words(partnership):
        person, programme = user(partnership), partnership.cohort.programme
        said = Message.objects.get(kind="partnerships/email/paused", to=person.email)
        text = said.text.replace(person.name, "…").replace(programme.contact_email, "…")
        return said.subject, text, said.not_before

    assert words(one) == words(other)


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_the_letters_name_nobody_else_and_no_reason(verb):
    partnership = circle()
    acting = office(partnership, Duty.Kind.CONCERNS)
    services.pause(partnership, by=acting, at=NOW)
    services.resume(partnership, by=acting, at=LATER)

    said = {"pause": letters("paused"), "resume": letters("resumed")}[verb]

    assert len(said) == 4
    for message in said:
        reader = partnership.memberships.get(application__user__email=message.to).application.user
        body = (message.text + message.html).lower()
        private = [*names_and_addresses(partnership, but=reader), acting.name, "concern", "conduct", "case"]
        assert [word for word in private if word.lower() in body] == []
        assert message.subject == "Your mentoring programme"


def test_it_goes_on_and_may_rest_again():
    partnership = pair()
    acting = office(partnership)

    services.pause(partnership, by=acting, at=NOW)
    resumed = services.resume(partnership, by=acting, at=LATER)
    services.pause(partnership, by=acting, at=LATER + timedelta(days=1))

    assert (resumed.state, resumed.paused_at) == (State.ACTIVE, None)
    assert (len(letters("paused")), len(letters("resumed"))) == (4, 2)


def test_what_waits_to_remind_them_rests():
    partnership = pair()
    KeptMessageFactory(key=f"nudge/{user(partnership).pk}/2026-01-14")
    KeptMessageFactory(key=f"day-before/{partnership.pk}/1/1/1")

    services.pause(partnership, by=office(partnership), at=NOW)

    assert Message.objects.filter(state="withdrawn").count() == 2


def test_nobody_sees_a_card_meanwhile(client):
    partnership = pair()

    services.pause(partnership, by=None, at=NOW)

    partnership.refresh_from_db()
    assert not permissions.can_see_cards(user(partnership), partnership, at=NOW)


@pytest.mark.parametrize("verb", [services.pause, services.resume])
def test_only_the_programmes_own_office_and_handlers_may(verb):
    partnership = pair()
    people = [office(partnership, Duty.Kind.ELIGIBILITY), office(pair()), office(pair(), Duty.Kind.CONCERNS)]

    for person in [*people, user(partnership)]:
        with pytest.raises(NotPossible, match="don't work for this programme"):
            verb(partnership, by=person, at=NOW)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("kind", [Duty.Kind.ADMINISTER, Duty.Kind.CONCERNS])
def test_nobody_pauses_a_partnership_of_their_own(kind):
    partnership = pair()
    acting = office(partnership, kind)
    MembershipFactory(partnership=partnership, application__user=acting)

    with pytest.raises(NotPossible, match="pause a partnership of your own"):
        services.pause(partnership, by=acting, at=NOW)


def test_each_refuses_what_is_so_already():
    partnership, over = pair(), pair()
    services.end(over, by=None, at=NOW, reason=EndReason.OFFICE)

    with pytest.raises(NotPossible, match="active already"):
        services.resume(partnership, by=None, at=NOW)
    services.pause(partnership, by=None, at=NOW)
    with pytest.raises(NotPossible, match="paused already"):
        services.pause(partnership, by=None, at=NOW)
    with pytest.raises(NotPossible, match="ended already"):
        services.pause(over, by=None, at=NOW)
