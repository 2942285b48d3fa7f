"""Taking one's declaration back: all that it carried ends, in words that don't say why (BM-2)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory
from applications.eligibility import Answer, assess_one
from applications.models import State
from applications.services import writing
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from declarations.models import Declaration
from declarations.services import declare, has_declared
from matching.tasks import lapse_offers
from matching.tests.factories import OfferFactory, RunFactory, suggested
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import services
from partnerships.models import EndReason, Membership, Partnership
from partnerships.tests.factories import FlagFactory, MembershipFactory, PlaceFactory, circle, pair
from partnerships.tests.people import member
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, PathwayFactory
from tests.at_once import at_once
from training.models import Booking
from training.tasks import free_places
from training.tests.factories import BookingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-2")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
MADE = datetime(2025, 10, 7, 9, tzinfo=UTC)


@pytest.fixture
def cohort():
    cohort = CohortFactory(programme__declaration_wording="I identify as …")
    for kind in ("one_to_one", "circle"):
        PathwayFactory(programme=cohort.programme, kind=kind, label=kind, smallest=2, largest=6)
    return cohort


def declared(application):
    declare(by=application.user, cohort=application.cohort, at=MADE)
    return application


def withdraw(application, at=NOW):
    return services.withdraw_declaration(application, by=application.user, at=at)


def state_of(application):
    application.refresh_from_db()
    return application.state


def letters(reader):
    """What somebody was sent, to the letter, but for their own name and the number of what it is about."""
    rows = Message.objects.filter(to=reader.email).order_by("pk")
    return [(row.kind, row.subject, row.text.replace(reader.name, "…"), row.not_before) for row in rows]


# What becomes of it


def test_the_fact_and_its_moments_are_kept_and_count_for_nothing(cohort):
    own = declared(ApplicationFactory(cohort=cohort))
    before = assess_one(own).answer

    assert withdraw(own) is True

    assert list(Declaration.objects.values_list("user", "wording", "made_at", "withdrawn_at")) == [
        (own.user_id, "I identify as …", MADE, NOW)
    ]
    assert (before, assess_one(own).answer) == (Answer.YES, Answer.NO)
    assert not has_declared(user=own.user, cohort=cohort)


@pytest.mark.parametrize("state", ["submitted", "queried", "waitlisted", "accepted"])
def test_an_application_under_way_is_withdrawn(cohort, state):
    own = declared(ApplicationFactory(cohort=cohort, state=state))

    withdraw(own)

    assert state_of(own) == State.WITHDRAWN
    assert Message.objects.count() == 0


def test_a_draft_goes_with_it_and_a_refusal_stays_what_it_was(cohort):
    draft = declared(ApplicationFactory(cohort=cohort, draft=True))
    declined = ApplicationFactory(cohort=cohort, role="mentor", state="declined", user=draft.user)

    withdraw(draft)

    assert (state_of(draft), state_of(declined)) == (State.WITHDRAWN, State.DECLINED)


def test_one_declaration_carries_both_roles_and_no_other_cohort(cohort):
    own = declared(ApplicationFactory(cohort=cohort))
    as_mentor = MentorFactory(cohort=cohort, user=own.user)
    later = CohortFactory(programme=cohort.programme, slug="2026-27", policy=cohort.policy)
    elsewhere = declared(ApplicationFactory(user=own.user, cohort=later))

    withdraw(own)

    assert [state_of(each) for each in (own, as_mentor, elsewhere)] == ["withdrawn", "withdrawn", "accepted"]
    assert has_declared(user=own.user, cohort=later)


def test_twice_is_once(cohort):
    own = declared(member(pair(cohort)).application)

    assert [withdraw(own), withdraw(own, at=NOW + timedelta(hours=1))] == [True, False]

    assert Declaration.objects.get().withdrawn_at == NOW
    assert Message.objects.count() == 2


def test_where_nothing_stands_nothing_changes(cohort):
    own = ApplicationFactory(cohort=cohort)

    assert withdraw(own) is False
    assert state_of(own) == State.ACCEPTED


def test_nobody_takes_back_anothers(cohort):
    own = declared(ApplicationFactory(cohort=cohort))

    with pytest.raises(NotPossible, match="belongs to somebody else"):
        services.withdraw_declaration(own, by=UserFactory(is_superuser=True), at=NOW)
    assert has_declared(user=own.user, cohort=cohort)


def test_who_applies_again_is_asked_afresh(cohort):
    own = declared(ApplicationFactory(cohort=cohort))
    asks = {"fact": "bio", "section": "You", "label": "Bio", "is_required": False}
    Ask.objects.create(programme=cohort.programme, role="mentee", **asks)
    withdraw(own)
    open_at = datetime(2025, 11, 1, 9, tzinfo=UTC)
    again = writing.start(by=own.user, cohort=cohort, role="mentee", at=open_at)

    with pytest.raises(NotPossible, match="make the declaration"):
        writing.submit(again, by=own.user, at=open_at, accepts_policy=True)
    writing.submit(again, by=own.user, at=NOW - timedelta(days=60), accepts_policy=True, declares=True)

    assert [bool(row.withdrawn_at) for row in Declaration.objects.order_by("pk")] == [True, False]


# Running partnerships


@pytest.mark.parametrize("part", ["mentee", "mentor"])
@pytest.mark.parametrize("state", ["active", "paused"])
def test_a_pair_ends_and_whoever_stays_is_in_the_pool_again(cohort, part, state):
    partnership = pair(cohort, state=state, paused_at=NOW if state == "paused" else None)
    own = declared(member(partnership, part).application)
    other = member(partnership, "mentor" if part == "mentee" else "mentee").application

    withdraw(own)

    partnership.refresh_from_db()
    assert (partnership.state, partnership.end_reason) == ("ended", EndReason.LEAVING)
    assert (state_of(own), state_of(other)) == (State.WITHDRAWN, State.ACCEPTED)
    assert Membership.objects.current().count() == 0


def test_all_pairs_of_a_mentor_end(cohort):
    first = pair(cohort, mentor=MentorFactory(cohort=cohort, places=2))
    mentor = declared(member(first, "mentor").application)
    second = Partnership.objects.create(cohort=cohort, pathway="one_to_one", introduced_at=MADE)
    place = PlaceFactory(application=mentor, number=2)
    MembershipFactory(partnership=second, application=mentor, part="mentor", place=place)
    MembershipFactory(partnership=second, application=ApplicationFactory(cohort=cohort))

    withdraw(mentor)

    assert Partnership.objects.running().count() == 0
    assert state_of(mentor) == State.WITHDRAWN


@pytest.mark.parametrize("part", ["mentee", "facilitator"])
def test_a_circle_goes_on_without_them(cohort, part):
    partnership = circle(cohort)
    own = declared(member(partnership, part).application)

    withdraw(own)

    partnership.refresh_from_db()
    assert partnership.is_active
    assert (partnership.memberships.current().count(), state_of(own)) == (3, State.WITHDRAWN)


@pytest.mark.parametrize("part", ["mentee", "mentor"])
@pytest.mark.parametrize("reader", ["mentee", "mentor"])
def test_both_letters_of_a_pair_are_those_of_anybody_who_cannot_go_on(cohort, part, reader):
    partnership, ordinary = pair(cohort), pair(cohort)
    withdraw(declared(member(partnership, part).application))
    flag = {"kind": "leaving", "reason": "fit", "wants_new_partner": False}
    FlagFactory(partnership=ordinary, membership=member(ordinary, part), **flag)
    services.end(ordinary, by=None, at=NOW, reason=EndReason.LEAVING)

    said, usual = (letters(member(row, reader).application.user) for row in (partnership, ordinary))

    assert len(said) == 1
    assert said == usual


@pytest.mark.parametrize("part", ["mentee", "facilitator"])
def test_every_letter_of_a_circle_is_that_of_anybody_who_is_let_go(cohort, part):
    partnership, ordinary = circle(cohort), circle(cohort)
    withdraw(declared(member(partnership, part).application))
    services.let_go(member(ordinary, part), by=None, at=NOW, wants_new_partner=False)

    def all_letters(row):
        url = f"/partnerships/{row.pk}/"
        for each in row.memberships.select_related("application__user").order_by("pk"):
            for kind, subject, text, at in letters(each.application.user):
                yield kind, subject, text.replace(url, "…"), at

    said = list(all_letters(partnership))
    assert len(said) == 4
    assert said == list(all_letters(ordinary))


def test_no_message_and_no_history_says_why(cohort):
    for own in (member(pair(cohort)).application, member(circle(cohort)).application):
        withdraw(declared(own))

    said = " ".join(row.subject + row.text + row.html + row.key for row in Message.objects.all()).lower()
    assert [word for word in ("declar", "identif", "eligib", "withdr") if word in said] == []


# What higher floors hold for them


def test_an_offer_closes_without_a_word(cohort):
    own = declared(ApplicationFactory(cohort=cohort))
    run = RunFactory(cohort=cohort)
    suggestion = suggested(run, MentorFactory(cohort=cohort), own, state="offered")
    offer = OfferFactory(suggestion=suggestion, application=own)

    withdraw(own)
    lapse_offers()

    offer.refresh_from_db()
    assert (offer.state, offer.suggestion.state) == ("lapsed", "proposed")
    assert Message.objects.count() == 0


def test_nobody_is_introduced_by_what_was_suggested_before(cohort):
    mentor, own = (declared(make(cohort=cohort)) for make in (MentorFactory, ApplicationFactory))
    for each in (mentor, own):
        PolicyAcceptanceFactory(application=each)
    withdraw(own)

    with pytest.raises(NotPossible, match="isn't accepted"):
        services.introduce(
            cohort=cohort, pathway="one_to_one", people=[(mentor, "mentor"), (own, "mentee")], by=None, at=NOW
        )


def test_a_place_at_a_training_comes_free(cohort):
    booking = BookingFactory(session__cohort=cohort)

    withdraw(declared(booking.application))
    free_places()

    assert Booking.objects.get().state == "cancelled"


# At the same moment


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_pressed_many_times_at_once_it_is_taken_back_once(cohort):
    partnership = pair(cohort)
    own = declared(member(partnership).application)

    at_once(*[lambda: withdraw(own)] * 6)

    assert Declaration.objects.get().withdrawn_at == NOW
    assert Message.objects.filter(kind="partnerships/email/ended_early").count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_nobody_is_left_in_a_partnership_that_began_at_that_moment(cohort):
    mentor, own = (declared(make(cohort=cohort)) for make in (MentorFactory, ApplicationFactory))
    for each in (mentor, own):
        PolicyAcceptanceFactory(application=each)
    people = [(mentor, "mentor"), (own, "mentee")]

    at_once(
        lambda: services.introduce(cohort=cohort, pathway="one_to_one", people=people, by=None, at=NOW),
        lambda: withdraw(own),
    )

    is_in = Membership.objects.current().filter(application=own).exists()
    assert has_declared(user=own.user, cohort=cohort) is is_in


def test_who_leaves_everything_is_in_nothing_in_any_cohort(cohort):
    mentor = MentorFactory(cohort=cohort)
    pair(mentor=mentor)
    around = circle(facilitator=MentorFactory(cohort=CohortFactory()))
    follower = around.memberships.filter(part="mentee").first().application
    type(follower).objects.filter(pk=follower.pk).update(user=mentor.user)
    other = ApplicationFactory(cohort=cohort)

    services.leave_everything(mentor.user, at=NOW)
    services.leave_everything(mentor.user, at=NOW)

    assert not Membership.objects.current().filter(application__user=mentor.user).exists()
    assert (state_of(mentor), state_of(follower)) == (State.WITHDRAWN, State.WITHDRAWN)
    assert state_of(other) == State.ACCEPTED
    around.refresh_from_db()
    assert around.state == "active"
