from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import UserFactory
from applications.models import Application
from applications.tests.factories import PolicyAcceptanceFactory
from matching.models import Decision, Offer
from matching.services import offering, releasing
from matching.tasks import lapse_offers
from matching.tests.factories import RunFactory, pairs_of, suggested
from matching.tests.people import mentee, mentor
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import Partnership
from partnerships.tests.factories import circle, pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LAST = datetime(2026, 1, 19, 23, 30, tzinfo=UTC)  # of the day by which an offer of today is to be answered
TOO_LATE = datetime(2026, 1, 20, 0, 30, tzinfo=UTC)


@pytest.fixture
def suggestion(cohort):
    return pairs_of(cohort).suggestions.get()


@pytest.fixture
def offer(suggestion, admin):
    """An open offer whose e-mail has left."""
    offer = offering.offer(suggestion, by=admin, at=NOW)
    sent()
    return offer


def answer(offer, *, yes, at=NOW):
    return offering.answer(offer, by=offer.application.user, at=at, yes=yes)


def mails():
    """Kind and receiver of everything posted about offers."""
    posted = Message.objects.filter(kind__startswith="matching/").exclude(state="withdrawn").order_by("pk")
    return [(message.kind.removeprefix("matching/email/"), message.to) for message in posted]


def sent():
    Message.objects.filter(state="waiting").update(state="sent", sent_at=NOW)


# Making an offer


def test_a_place_is_offered_to_the_mentee_for_five_days(suggestion, admin):
    offer = offering.offer(suggestion, by=admin, at=NOW)

    suggestion.refresh_from_db()
    assert (suggestion.state, offer.state) == ("offered", "open")
    assert (offer.answer_by, offer.made_by) == (date(2026, 1, 19), admin)
    assert offer.application.role == "mentee"
    assert mails() == [("offer", offer.application.user.email)]


def test_an_offer_says_nothing_of_the_mentor(suggestion, admin):
    lead = suggestion.members.get(part="mentor").application
    lead.user.name = "Canary"
    lead.user.save()

    offering.offer(suggestion, by=admin, at=NOW)

    message = Message.objects.get()
    assert "canary" not in (message.subject + message.text + message.html).lower()
    assert lead.user.email not in message.text + message.html


@pytest.mark.parametrize(
    ("wished", "given"), [(date(2026, 1, 14), date(2026, 1, 14)), (None, date(2026, 1, 19))]
)
def test_the_office_may_choose_the_day(suggestion, admin, wished, given):
    assert offering.offer(suggestion, by=admin, at=NOW, answer_by=wished).answer_by == given


@pytest.mark.parametrize("wished", [date(2026, 1, 13), date(2026, 5, 1)])
def test_a_day_in_the_past_or_after_the_end_is_refused(suggestion, admin, wished):
    with pytest.raises(NotPossible, match="Choose a day from today to 30 April 2026"):
        offering.offer(suggestion, by=admin, at=NOW, answer_by=wished)


@pytest.mark.clause("EI-2")
def test_an_offer_ends_with_the_cohort_and_none_is_made_after_it(suggestion, admin):
    with pytest.raises(NotPossible, match="ended on 30 April 2026"):
        offering.offer(suggestion, by=admin, at=datetime(2026, 5, 1, 9, tzinfo=UTC))

    late = offering.offer(suggestion, by=admin, at=datetime(2026, 4, 28, 9, tzinfo=UTC))
    assert late.answer_by == date(2026, 4, 30)


@pytest.mark.clause("EI-2")
def test_no_offer_is_taken_once_the_cohort_ends_earlier_than_planned(offer, cohort):
    cohort.ends_on = date(2026, 1, 13)
    cohort.save()
    offer.application.cohort.refresh_from_db()

    assert offering.can_be_answered(offer, on=date(2026, 1, 14)) is False
    with pytest.raises(NotPossible, match="can't be answered any more"):
        answer(offer, yes=True)


def test_a_seat_in_a_circle_that_meets_is_offered_to_one(cohort, admin, with_circles):
    made = circle(cohort=cohort, members=2)
    run = RunFactory(cohort=cohort)
    newcomer = mentee(cohort, pathway="circle")
    suggestion = suggested(run, newcomer, pathway="circle", partnership=made)

    offer = offering.offer(suggestion, by=admin, at=NOW)
    answer(offer, yes=True)
    releasing.introduce_due(NOW + timedelta(minutes=15))

    assert newcomer.memberships.get().partnership == made
    assert "a seat in a mentoring circle" in Message.objects.get(kind="matching/email/offer").text


def test_a_circle_that_begins_is_offered_to_nobody(cohort, admin, with_circles):
    people = [mentor(cohort, can_facilitate=True), *(mentee(cohort, pathway="circle") for _ in range(2))]
    suggestion = suggested(RunFactory(cohort=cohort), *people, pathway="circle")

    with pytest.raises(NotPossible, match="A place is offered to one person"):
        offering.offer(suggestion, by=admin, at=NOW)


@pytest.mark.parametrize("state", ["refused", "leaving", "offered"])
def test_only_what_is_suggested_is_offered(suggestion, admin, state):
    suggestion.state, suggestion.leaves_at = state, NOW if state == "leaving" else None
    suggestion.save()

    with pytest.raises(NotPossible, match="offered or given already, or these two are refused"):
        offering.offer(suggestion, by=admin, at=NOW)


def test_a_trial_offers_nothing(suggestion, admin):
    suggestion.run.is_trial = True
    suggestion.run.save()

    with pytest.raises(NotPossible, match="A trial of other rules"):
        offering.offer(suggestion, by=admin, at=NOW)


def test_what_a_release_would_hold_back_is_not_offered(suggestion, admin):
    person = suggestion.members.get(part="mentor").application
    pair(mentor=person)

    with pytest.raises(NotPossible) as refusal:
        offering.offer(suggestion, by=admin, at=NOW)

    suggestion.refresh_from_db()
    assert (str(refusal.value), suggestion.state) == (f"{person.user.name} has no free place.", "proposed")


def test_nobody_has_two_open_offers(cohort, admin, offer):
    other = suggested(RunFactory(cohort=cohort), mentor(cohort), offer.application)

    with pytest.raises(NotPossible, match="has been offered another place"):
        offering.offer(other, by=admin, at=NOW)


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_offers_and_withdraws_nothing(suggestion, admin):
    stranger = DutyFactory().user

    with pytest.raises(NotPossible, match="don't administer"):
        offering.offer(suggestion, by=stranger, at=NOW)
    offer = offering.offer(suggestion, by=admin, at=NOW)
    with pytest.raises(NotPossible, match="don't administer"):
        offering.withdraw_offer(offer, by=stranger, at=NOW)


def test_nobody_offers_or_withdraws_a_match_of_their_own(cohort, admin):
    suggestion = suggested(RunFactory(cohort=cohort), mentor(cohort, user=admin), mentee(cohort))
    colleague = DutyFactory(programme=cohort.programme).user

    with pytest.raises(NotPossible, match="a match of your own"):
        offering.offer(suggestion, by=admin, at=NOW)
    offer = offering.offer(suggestion, by=colleague, at=NOW)
    with pytest.raises(NotPossible, match="a match of your own"):
        offering.withdraw_offer(offer, by=admin, at=NOW)


# Yes and no


def test_yes_leaves_as_if_whoever_offered_had_released_it(offer, admin):
    answered = answer(offer, yes=True)

    suggestion = answered.suggestion.__class__.objects.get()
    assert (answered.state, suggestion.state) == ("accepted", "leaving")
    assert (suggestion.leaves_at, suggestion.released_by) == (NOW + timedelta(minutes=15), admin)
    assert releasing.introduce_due(suggestion.leaves_at) == 1
    assert offer.application.memberships.count() == 1


def test_no_lets_the_place_go_and_decides_nothing_about_the_two(offer):
    answered = answer(offer, yes=False)

    offer.suggestion.refresh_from_db()
    assert (answered.state, offer.suggestion.state) == ("declined", "refused")
    assert (Decision.objects.count(), Partnership.objects.count()) == (0, 0)
    assert mails() == [("offer", offer.application.user.email)]


@pytest.mark.parametrize("yes", [True, False])
def test_the_same_answer_again_changes_nothing_and_another_is_refused(offer, yes):
    first = answer(offer, yes=yes)

    again = answer(offer, yes=yes, at=NOW + timedelta(minutes=1))

    assert (again.state, again.closed_at) == (first.state, first.closed_at)
    with pytest.raises(NotPossible, match="can't be answered any more"):
        answer(offer, yes=not yes)


def test_only_the_person_answers(offer, admin):
    for user in (admin, UserFactory()):
        with pytest.raises(NotPossible, match="Only the person"):
            offering.answer(offer, by=user, at=NOW, yes=True)


def test_an_offer_is_answered_on_its_last_day_and_not_after(offer):
    with pytest.raises(NotPossible, match="can't be answered any more"):
        answer(offer, yes=True, at=TOO_LATE)

    assert answer(offer, yes=True, at=LAST).state == "accepted"


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_who_has_left_the_programme_answers_nothing(offer, state):
    Application.objects.filter(pk=offer.application_id).update(state=state)

    with pytest.raises(NotPossible, match="can't be answered any more"):
        answer(offer, yes=True)


def test_a_place_that_can_t_be_kept_is_said_kindly_and_the_person_stays_on_the_list(offer):
    lead = offer.suggestion.members.get(part="mentor").application
    Application.objects.filter(pk=lead.pk).update(state="withdrawn")

    answered = answer(offer, yes=True)

    offer.suggestion.refresh_from_db()
    assert (answered.state, offer.suggestion.state) == ("withdrawn", "proposed")
    assert offer.suggestion.held_back == f"{lead.user.name} isn't accepted at the moment."
    assert mails() == [(kind, offer.application.user.email) for kind in ("offer", "offer_withdrawn")]
    assert lead.user.name not in Message.objects.get(kind="matching/email/offer_withdrawn").text


@pytest.mark.clause("EI-1")
def test_who_has_not_accepted_the_policy_of_now_accepts_it_first_and_then_the_place(offer):
    acceptance = offer.application.acceptances.get()
    acceptance.delete()

    with pytest.raises(NotPossible, match="There is a new version of the policy"):
        answer(offer, yes=True)
    PolicyAcceptanceFactory(application=offer.application)
    assert answer(offer, yes=True).state == "accepted"


def test_an_offer_outlives_the_duty_of_who_made_it(offer, admin):
    Duty.objects.filter(user=admin).delete()

    answered = answer(offer, yes=True)

    assert releasing.introduce_due(NOW + timedelta(minutes=15)) == 1
    assert answered.state == "accepted"


@pytest.mark.parametrize("by_the_office", [True, False])
def test_a_promise_that_is_not_kept_after_all_is_told(offer, admin, by_the_office):
    answer(offer, yes=True)
    if by_the_office:
        releasing.call_back(offer.suggestion.run.suggestions.all(), by=admin, at=NOW)
    else:
        Application.objects.filter(role="mentor").update(state="withdrawn")
        releasing.introduce_due(NOW + timedelta(minutes=15))

    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    assert mails() == [(kind, offer.application.user.email) for kind in ("offer", "offer_withdrawn")]


# Withdrawing


def test_an_offer_that_has_left_is_withdrawn_with_a_word(offer, admin):
    withdrawn = offering.withdraw_offer(offer, by=admin, at=NOW)

    offer.suggestion.refresh_from_db()
    assert (withdrawn.state, offer.suggestion.state) == ("withdrawn", "proposed")
    assert mails() == [(kind, offer.application.user.email) for kind in ("offer", "offer_withdrawn")]


@pytest.mark.parametrize("close", ["withdraw", "lapse", "answer"])
def test_an_offer_that_has_not_left_yet_is_closed_without_a_trace(suggestion, admin, close):
    offer = offering.offer(suggestion, by=admin, at=NOW)

    if close == "withdraw":
        offering.withdraw_offer(offer, by=admin, at=NOW)
    elif close == "lapse":
        offering.lapse_offers(TOO_LATE)
    else:
        answer(offer, yes=False)

    assert mails() == []


def test_an_offer_that_was_answered_is_not_withdrawn(offer, admin):
    answer(offer, yes=False)

    with pytest.raises(NotPossible, match="isn't open any more"):
        offering.withdraw_offer(offer, by=admin, at=NOW)


# Lapsing


def test_an_offer_lapses_after_its_day_with_one_kind_word_and_its_place_is_free(offer):
    counts = [offering.lapse_offers(at) for at in (LAST, TOO_LATE, TOO_LATE)]

    offer.refresh_from_db()
    assert counts == [0, 1, 0]
    assert (offer.state, offer.closed_at, offer.suggestion.state) == ("lapsed", TOO_LATE, "proposed")
    assert mails() == [(kind, offer.application.user.email) for kind in ("offer", "offer_lapsed")]


@pytest.mark.parametrize("state", ["withdrawn", "declined", "waitlisted"])
def test_the_offer_of_somebody_who_has_left_is_closed_without_a_word(offer, state):
    Application.objects.filter(pk=offer.application_id).update(state=state)

    assert lapse_offers() == 1

    offer.refresh_from_db()
    assert (offer.state, offer.suggestion.state) == ("lapsed", "proposed")
    assert mails() == [("offer", offer.application.user.email)]


@pytest.mark.clause("EI-2")
def test_nobody_is_written_to_after_the_end(suggestion, admin):
    offer = offering.offer(suggestion, by=admin, at=datetime(2026, 4, 29, 9, tzinfo=UTC))
    sent()

    assert offering.lapse_offers(datetime(2026, 5, 1, 9, tzinfo=UTC)) == 1
    assert mails() == [("offer", offer.application.user.email)]


def test_withdrawing_one_offer_leaves_the_mail_of_another_alone(offer, admin):
    """Keys are compared by whole parts: offer/1 says nothing of offer/12."""
    other = MessageFactory(key=f"offer/{offer.pk}2")

    offering.withdraw_offer(offer, by=admin, at=NOW)

    assert Message.objects.get(pk=other.pk).state == "waiting"
    assert Offer.objects.get().state == "withdrawn"


@pytest.mark.parametrize("kind", ["offer", "offer_withdrawn", "offer_lapsed"])
def test_mail_about_an_offer_has_a_neutral_subject_and_the_same_words_in_both_forms(offer, admin, kind):
    if kind == "offer_withdrawn":
        offering.withdraw_offer(offer, by=admin, at=NOW)
    offering.lapse_offers(TOO_LATE)

    message = Message.objects.get(kind=f"matching/email/{kind}")

    name = offer.application.user.name
    assert message.subject == "Your mentoring programme"
    assert [text.count(f"Dear {name},") for text in (message.text, message.html)] == [1, 1]
    assert offer.application.cohort.programme.name not in message.subject
