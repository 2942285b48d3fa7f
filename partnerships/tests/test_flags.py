from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import services
from partnerships.models import Flag
from partnerships.tests.factories import FlagFactory, MembershipFactory, pair
from partnerships.tests.people import member, names_and_addresses
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


@pytest.mark.clause("EI-1b", "BM-5")
@pytest.mark.parametrize("kind", [kind for kind in Flag.Kind if kind != Flag.Kind.LEAVING])
def test_the_team_is_told_once_at_the_programmes_address_that_something_waits(kind):
    partnership = pair()

    flag = services.raise_flag(partnership, kind=kind, at=NOW)
    again = services.raise_flag(partnership, kind=kind, at=LATER)

    message = Message.objects.get()
    assert (again, again.raised_at) == (flag, NOW)
    assert (message.key, message.to, message.subject, message.programme, message.not_before) == (
        f"flag/{flag.pk}",
        partnership.cohort.programme.contact_email,
        "Your mentoring programme",
        partnership.cohort.programme.slug,
        NOW,
    )
    assert kind.label.lower() not in message.text.lower()
    assert "https://mentoring.example" + reverse("admin:partnerships_flag_changelist") in message.text


def test_the_message_to_the_team_names_nobody():
    partnership = pair()

    services.raise_flag(partnership, kind=Flag.Kind.HELP, membership=member(partnership), at=NOW)

    message = Message.objects.get()
    said = [w for w in names_and_addresses(partnership, but=None) if w in message.text + message.html]
    assert said == []


def test_each_member_has_a_flag_of_their_own_and_a_settled_one_makes_room_for_another():
    partnership = pair()
    one, other = member(partnership), member(partnership, "mentor")
    first = services.raise_flag(partnership, kind=Flag.Kind.HELP, membership=one, at=NOW)
    services.raise_flag(partnership, kind=Flag.Kind.HELP, membership=other, at=NOW)
    services.settle(first, by=DutyFactory(programme=partnership.cohort.programme).user, at=NOW)

    services.raise_flag(partnership, kind=Flag.Kind.HELP, membership=one, at=LATER)

    assert (Flag.objects.count(), Flag.objects.open().count(), Message.objects.count()) == (3, 2, 3)


def test_an_administrator_settles_it_once_and_the_message_that_still_waits_is_kept_back():
    partnership = pair()
    one, other = (DutyFactory(programme=partnership.cohort.programme).user for _ in range(2))
    flag = services.raise_flag(partnership, kind=Flag.Kind.BROKEN, at=NOW)

    services.settle(flag, by=one, at=NOW)
    settled = services.settle(flag, by=other, at=LATER)

    assert (settled.settled_at, settled.settled_by) == (NOW, one)
    assert Message.objects.get().state == Message.State.WITHDRAWN


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("kind", ["eligibility", "concerns", None])
def test_nobody_else_settles_it(kind):
    flag = FlagFactory(partnership=pair())
    stranger = UserFactory()
    if kind:
        DutyFactory(user=stranger, kind=kind, programme=flag.partnership.cohort.programme)

    for user in (stranger, DutyFactory().user):
        with pytest.raises(NotPossible, match="don't administer"):
            services.settle(flag, by=user, at=NOW)
    assert Flag.objects.open().count() == 1


@pytest.mark.parametrize("left_on", [None, datetime(2026, 1, 5, tzinfo=UTC).date()])
def test_nobody_settles_it_who_is_or_was_in_that_partnership(left_on):
    partnership = pair()
    admin = DutyFactory(programme=partnership.cohort.programme).user
    MembershipFactory(partnership=partnership, application__user=admin, left_on=left_on)
    flag = FlagFactory(partnership=partnership)

    with pytest.raises(NotPossible, match="a partnership of your own"):
        services.settle(flag, by=admin, at=NOW)
    assert list(Flag.objects.visible_to(admin)) == []
