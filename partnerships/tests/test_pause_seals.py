"""Who lifts a pause: whoever ordered it, or a handler of concerns; no list, rank or accident does (EI-6a)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import serializers

from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import services
from partnerships.models import EndReason, Partnership, State
from partnerships.services.pausing import SOMEBODY_ELSES
from partnerships.tasks import end_partnerships_due
from partnerships.tests.factories import MembershipFactory, circle, pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6a")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
ADMINISTER, CONCERNS = Duty.Kind.ADMINISTER, Duty.Kind.CONCERNS


@pytest.fixture
def partnership():
    return pair()


def works(partnership, kind=ADMINISTER):
    return DutyFactory(programme=partnership.cohort.programme, kind=kind).user


def superuser(partnership):
    """Who administers the programme as well, since rank alone pauses nothing."""
    return DutyFactory(programme=partnership.cohort.programme, user__is_superuser=True).user


def refused(partnership, by):
    with pytest.raises(NotPossible) as refusal:
        services.resume(partnership, by=by, at=LATER)
    partnership.refresh_from_db()
    assert partnership.state == State.PAUSED
    return str(refusal.value)


def lifts(partnership, by):
    return services.resume(partnership, by=by, at=LATER).state == State.ACTIVE


@pytest.mark.parametrize("kind", [ADMINISTER, CONCERNS])
def test_whoever_ordered_it_lifts_it(partnership, kind):
    acting = works(partnership, kind)
    works(partnership, CONCERNS)
    services.pause(partnership, by=acting, at=NOW)

    assert lifts(partnership, acting)


def test_a_superuser_who_ordered_it_lifts_it(partnership):
    acting = superuser(partnership)
    services.pause(partnership, by=acting, at=NOW)

    assert lifts(partnership, acting)


@pytest.mark.parametrize("kind", [ADMINISTER, CONCERNS])
def test_somebody_else_who_handles_concerns_lifts_it_from_its_case_alone(partnership, kind):
    services.pause(partnership, by=works(partnership, kind), at=NOW)
    other = works(partnership, CONCERNS)

    with pytest.raises(NotPossible, match=SOMEBODY_ELSES):
        services.resume(partnership, by=other, at=NOW)
    services.resume(partnership, by=other, at=NOW, is_from_its_case=True)
    partnership.refresh_from_db()
    assert partnership.state == State.ACTIVE


def test_the_clock_lifts_any(partnership):
    services.pause(partnership, by=works(partnership, CONCERNS), at=NOW)

    assert lifts(partnership, None)


@pytest.mark.parametrize("other", [works, superuser])
def test_a_colleague_and_a_superuser_are_refused_in_one_sentence_whoever_ordered_it(other):
    orders = [works, superuser, lambda partnership: works(partnership, CONCERNS)]
    said = []
    for order in orders:
        partnership = pair()
        services.pause(partnership, by=order(partnership), at=NOW)
        said.append(refused(partnership, other(partnership)))

    assert said == [SOMEBODY_ELSES] * 3
    assert Message.objects.exclude(kind="partnerships/email/paused").count() == 0


def test_who_handles_concerns_of_another_programme_lifts_nothing_by_administering_this_one(partnership):
    acting = works(partnership)
    DutyFactory(user=acting, kind=CONCERNS)
    services.pause(partnership, by=works(partnership), at=NOW)

    assert refused(partnership, acting) == SOMEBODY_ELSES


def test_one_that_the_clock_ordered_or_that_is_older_than_seals_is_any_administrators(partnership):
    services.pause(partnership, by=None, at=NOW)

    assert partnership.pause_seal == ""
    assert lifts(partnership, works(partnership))


# Once whoever ordered it is gone


def loses_the_duty(user):
    user.duties.all().delete()


def loses_the_account(user):
    user.is_active = False
    user.save(update_fields=["is_active"])


def goes_for_good(user):
    user.delete()


@pytest.mark.parametrize("goes", [loses_the_duty, loses_the_account, goes_for_good])
@pytest.mark.parametrize("kind", [ADMINISTER, CONCERNS])
def test_handlers_lift_what_somebody_who_has_gone_ordered(partnership, goes, kind):
    acting, handler, colleague = works(partnership, kind), works(partnership, CONCERNS), works(partnership)
    services.pause(partnership, by=acting, at=NOW)

    goes(acting)

    assert refused(partnership, colleague) == SOMEBODY_ELSES
    assert lifts(partnership, handler)


@pytest.mark.parametrize("goes", [loses_the_duty, loses_the_account, goes_for_good])
@pytest.mark.parametrize("kind", [ADMINISTER, CONCERNS])
def test_once_nobody_is_left_who_could_any_administrator_may(partnership, goes, kind):
    acting = works(partnership, kind)
    services.pause(partnership, by=acting, at=NOW)

    goes(acting)

    assert lifts(partnership, works(partnership))


def test_a_handler_who_is_in_it_themselves_is_not_somebody_who_could(partnership):
    acting, inside = works(partnership), works(partnership, CONCERNS)
    services.pause(partnership, by=acting, at=NOW)
    MembershipFactory(partnership=partnership, application__user=inside)

    loses_the_duty(acting)

    with pytest.raises(NotPossible, match="resume a partnership of your own"):
        services.resume(partnership, by=inside, at=LATER)
    assert lifts(partnership, works(partnership))


def test_whoever_ordered_it_and_lost_every_duty_lifts_nothing(partnership):
    acting = works(partnership)
    services.pause(partnership, by=acting, at=NOW)

    loses_the_duty(acting)

    assert refused(partnership, acting) == "You don't work for this programme."


# What the row says


def test_the_row_names_nobody_and_says_the_same_of_no_two_pauses(partnership):
    acting, other = works(partnership), pair(partnership.cohort)
    services.pause(partnership, by=acting, at=NOW)
    services.pause(other, by=acting, at=NOW)
    third = pair(partnership.cohort)
    services.pause(third, by=works(partnership), at=NOW)
    rows = Partnership.objects.order_by("pk")
    seals = [row.pause_seal for row in rows]

    assert [len(seal) for seal in seals] == [64] * 3
    assert len(set(seals)) == 3
    assert acting.email not in serializers.serialize("json", rows)


def test_it_says_nothing_without_the_secret(settings):
    first, second = pair(), pair()
    acting = superuser(first)
    DutyFactory(user=acting, programme=second.cohort.programme)
    services.pause(first, by=acting, at=NOW)
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz"
    services.pause(second, by=acting, at=NOW)
    works(first, CONCERNS)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.pause_seal != second.pause_seal
    assert refused(first, acting) == SOMEBODY_ELSES


def test_a_secret_that_was_in_force_before_still_opens_it(partnership, settings):
    acting = works(partnership)
    works(partnership, CONCERNS)
    services.pause(partnership, by=acting, at=NOW)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz"

    assert lifts(partnership, acting)


def test_the_seal_goes_with_the_pause(partnership):
    acting, other = works(partnership), pair(partnership.cohort)
    for each in (partnership, other):
        services.pause(each, by=acting, at=NOW)

    services.resume(partnership, by=acting, at=LATER)
    services.end(other, by=works(partnership), at=LATER, reason=EndReason.OFFICE)

    assert list(Partnership.objects.values_list("pause_seal", flat=True)) == ["", ""]


# No other way round it


@pytest.mark.clause("EI-2")
def test_it_ends_with_its_cohort_all_the_same(partnership):
    services.pause(partnership, by=works(partnership, CONCERNS), at=NOW)

    end_partnerships_due(datetime(2026, 5, 1, 9, 30, tzinfo=UTC))

    partnership.refresh_from_db()
    assert (partnership.state, partnership.pause_seal) == (State.ENDED, "")


def test_a_circle_that_rests_goes_on_by_no_merger_and_no_facilitator():
    first = circle()
    second = circle(first.cohort)
    services.pause(first, by=works(first, CONCERNS), at=NOW)
    acting = works(first)

    for one, other in ((first, second), (second, first)):
        with pytest.raises(NotPossible):
            services.merge(one, into=other, by=acting, at=LATER)
    mentor = second.memberships.get(part="facilitator").application
    with pytest.raises(NotPossible, match="active"):
        services.add_facilitator(first, application=mentor, by=acting, at=LATER)
    first.refresh_from_db()
    assert first.state == State.PAUSED
