"""A pause protects: what would still name somebody doesn't leave, and comes once it goes on (EI-6a, EI-1d)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from outbox.models import Message
from partnerships import services
from partnerships.models import EndReason, Partnership
from partnerships.services import absences, circles
from partnerships.tests.factories import circle, pair
from programmes.facts import Direction
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, PathwayFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cohort():
    made = CohortFactory()
    for direction in Direction.values:
        DisclosedFactFactory(policy_version=made.policy, direction=direction, fact="name")
    return made


def go_away(partnership):
    """The mentor is away for two months; their partner is told."""
    mentor = partnership.memberships.get(part="mentor").application
    return absences.announce(
        mentor, by=mentor.user, from_on=date(2026, 1, 20), until_on=date(2026, 3, 20), at=NOW
    )


def waiting(kind):
    return list(
        Message.objects.filter(kind=f"partnerships/email/{kind}", state=Message.State.WAITING).values_list(
            "to", flat=True
        )
    )


@pytest.mark.clause("EI-6a", "EI-1d")
def test_what_names_somebody_and_has_not_left_is_kept_back_by_a_pause_and_comes_when_it_goes_on(cohort):
    made = pair(cohort=cohort)
    mentee = made.memberships.get(part="mentee").application.user
    go_away(made)
    before = waiting("away")

    services.pause(made, by=None, at=NOW)
    during = waiting("away")
    services.resume(made, by=None, at=LATER)

    assert (before, during, waiting("away")) == ([mentee.email], [], [mentee.email])


@pytest.mark.clause("EI-1d")
def test_what_had_left_before_the_pause_is_not_said_again(cohort):
    made = pair(cohort=cohort)
    go_away(made)
    Message.objects.update(state=Message.State.SENT, sent_at=NOW)

    services.pause(made, by=None, at=NOW)
    services.resume(made, by=None, at=LATER)

    assert waiting("away") == []


def test_an_end_keeps_it_back_for_good(cohort):
    made = pair(cohort=cohort)
    go_away(made)

    services.end(made, by=None, at=NOW, reason=EndReason.OFFICE)

    assert waiting("away") == []


def test_an_introduction_that_a_pause_kept_back_comes_when_it_goes_on(cohort):
    made = pair(cohort=cohort)
    people = [row.application for row in made.memberships.select_related("application__user")]
    for person in people:
        outbox.post_rendered(
            "partnerships/email/introduction",
            to=person.user.email,
            key=f"introduction/{made.pk}/{person.pk}",
            subject="s",
            text="t",
            at=NOW,
        )

    services.pause(made, by=None, at=NOW)
    during = waiting("introduction")
    services.resume(made, by=None, at=LATER)

    assert during == []
    assert sorted(waiting("introduction")) == sorted(person.user.email for person in people)


@pytest.mark.clause("EI-6a")
def test_nobody_is_moved_out_of_a_pause_into_another_circle(cohort):
    PathwayFactory(programme=cohort.programme, kind="circle", smallest=2, largest=8)
    one, two = circle(cohort=cohort), circle(cohort=cohort)
    services.pause(one, by=None, at=NOW)

    with pytest.raises(NotPossible, match="rests at the moment"):
        circles.merge(one, into=two, by=None, at=LATER)

    assert Partnership.objects.get(pk=one.pk).is_paused
