import pytest

from matching.models import Decision, Suggestion
from matching.services import deciding
from matching.tests.factories import DecisionFactory, RunFactory, suggested
from matching.tests.people import NOW, mentee, mentor, people_of, run
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import circle
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db
STATE, KIND = Suggestion.State, Decision.Kind


def of(suggestion):
    """A suggestion as the verbs take it."""
    return Suggestion.objects.filter(pk=suggestion.pk)


def decided(cohort):
    return list(cohort.match_decisions.order_by("pk").values_list("mentee", "mentor", "kind"))


@pytest.fixture
def pair(cohort):
    lead, follower = mentor(cohort), mentee(cohort)
    suggestion = suggested(RunFactory(cohort=cohort), lead, follower)
    suggestion.lead, suggestion.follower = lead, follower
    return suggestion


def test_a_lock_is_kept_by_every_further_run(cohort, admin):
    first, second = mentor(cohort, "Law"), mentor(cohort, "Finance")
    one, other = mentee(cohort, "Law"), mentee(cohort, "Finance")
    crossed = suggested(RunFactory(cohort=cohort), first, other)

    deciding.lock(of(crossed), by=admin, at=NOW)
    again = run(cohort)

    assert people_of(again) == {frozenset({first.pk, other.pk}), frozenset({second.pk, one.pk})}
    assert list(again.suggestions.filter(is_locked=True).values_list("fit", flat=True)) == [0]
    assert people_of(run(cohort)) == people_of(again)


def test_an_unlocked_pair_is_open_again(cohort, admin, pair):
    deciding.lock(of(pair), by=admin, at=NOW)

    deciding.unlock(of(pair), by=admin, at=NOW)

    pair.refresh_from_db()
    assert (decided(cohort), pair.is_locked) == ([], False)


def test_what_is_refused_this_time_is_suggested_by_no_further_run_of_the_cohort(cohort, admin, pair):
    deciding.refuse(of(pair), by=admin, at=NOW)

    pair.refresh_from_db()
    assert pair.state == STATE.REFUSED
    assert [run(cohort).placed, run(cohort).placed] == [0, 0]


def test_for_ever_needs_a_reason_and_keeps_it(cohort, admin, pair):
    with pytest.raises(NotPossible, match="say why"):
        deciding.refuse(of(pair), by=admin, at=NOW, for_ever=True, reason=" ")

    deciding.refuse(of(pair), by=admin, at=NOW, for_ever=True, reason="They asked us.")

    decision = Decision.objects.get()
    assert (decision.kind, decision.reason, decision.by) == (KIND.NEVER, "They asked us.", admin)


def test_what_is_put_back_may_be_suggested_again(cohort, admin, pair):
    deciding.refuse(of(pair), by=admin, at=NOW)

    deciding.put_back(of(pair), by=admin, at=NOW)

    pair.refresh_from_db()
    assert (pair.state, decided(cohort), run(cohort).placed) == (STATE.PROPOSED, [], 1)


def test_a_refusal_takes_the_place_of_a_lock_and_the_other_way_round(cohort, admin, pair):
    deciding.lock(of(pair), by=admin, at=NOW)
    deciding.refuse(of(pair), by=admin, at=NOW)
    assert decided(cohort) == [(pair.follower.pk, pair.lead.pk, KIND.APART)]

    deciding.lock(of(pair), by=admin, at=NOW)
    assert decided(cohort) == [(pair.follower.pk, pair.lead.pk, KIND.TOGETHER)]


def test_deciding_the_same_twice_is_deciding_it_once(cohort, admin, pair):
    for _ in range(2):
        deciding.lock(of(pair), by=admin, at=NOW)

    assert decided(cohort) == [(pair.follower.pk, pair.lead.pk, KIND.TOGETHER)]


@pytest.mark.clause("BM-7")
def test_a_circle_is_decided_for_each_member_with_who_leads_it(cohort, admin, with_circles):
    lead = mentor(cohort, places=0, can_facilitate=True)
    members = [mentee(cohort, pathway="circle") for _ in range(2)]
    suggestion = suggested(RunFactory(cohort=cohort), lead, *members, pathway="circle")

    deciding.lock(of(suggestion), by=admin, at=NOW)

    assert decided(cohort) == [(member.pk, lead.pk, KIND.TOGETHER) for member in members]
    assert people_of(run(cohort)) == {frozenset({lead.pk, *(member.pk for member in members)})}


@pytest.mark.clause("BM-7")
def test_who_joins_a_circle_that_meets_is_decided_with_who_leads_it(cohort, admin, with_circles):
    meets = circle(cohort, members=2)
    facilitator = meets.memberships.get(part="facilitator").application
    newcomer = mentee(cohort, pathway="circle")
    suggestion = suggested(RunFactory(cohort=cohort), newcomer, pathway="circle", partnership=meets)

    deciding.refuse(of(suggestion), by=admin, at=NOW)

    assert decided(cohort) == [(newcomer.pk, facilitator.pk, KIND.APART)]
    assert run(cohort).placed == 0


def test_people_paired_by_hand_are_kept_by_the_next_run_and_an_earlier_lock_goes(cohort, admin, pair):
    other = mentor(cohort)
    deciding.lock(of(pair), by=admin, at=NOW)

    deciding.pair(pair.follower, other, by=admin, at=NOW)

    assert decided(cohort) == [(pair.follower.pk, other.pk, KIND.TOGETHER)]
    assert people_of(run(cohort)) == {frozenset({pair.follower.pk, other.pk})}


def test_two_who_are_never_to_be_matched_are_not_paired_by_hand(cohort, admin, pair):
    deciding.refuse(of(pair), by=admin, at=NOW, for_ever=True, reason="They asked us.")

    with pytest.raises(NotPossible, match="never to be matched"):
        deciding.pair(pair.follower, pair.lead, by=admin, at=NOW)


@pytest.mark.parametrize("wrong", ["two mentors", "two cohorts", "not accepted"])
def test_only_an_accepted_mentee_and_mentor_of_one_cohort_are_paired_by_hand(cohort, admin, wrong):
    people = {
        "two mentors": lambda: (mentor(cohort), mentor(cohort)),
        "two cohorts": lambda: (mentee(cohort), mentor(CohortFactory(programme=cohort.programme, slug="b"))),
        "not accepted": lambda: (mentee(cohort, state="waitlisted"), mentor(cohort)),
    }[wrong]()

    with pytest.raises(NotPossible):
        deciding.pair(*people, by=admin, at=NOW)

    assert decided(cohort) == []


@pytest.mark.parametrize("state", [STATE.OFFERED, STATE.LEAVING, STATE.RELEASED])
def test_what_is_on_its_way_is_not_decided_any_more(cohort, admin, pair, state):
    from partnerships.tests.factories import PartnershipFactory

    became = PartnershipFactory(cohort=cohort) if state == STATE.RELEASED else None
    of(pair).update(state=state, partnership=became, leaves_at=NOW if state == STATE.LEAVING else None)

    for verb in (deciding.lock, deciding.unlock, deciding.refuse, deciding.put_back):
        with pytest.raises(NotPossible, match="offered or released already"):
            verb(of(pair), by=admin, at=NOW)
    assert decided(cohort) == []


def test_a_trial_is_not_decided_on(cohort, admin):
    suggestion = suggested(RunFactory(cohort=cohort, is_trial=True), mentor(cohort), mentee(cohort))

    with pytest.raises(NotPossible, match="trial"):
        deciding.lock(of(suggestion), by=admin, at=NOW)


def test_nobody_decides_on_a_match_of_their_own(cohort, admin):
    own = mentor(cohort, user=admin)
    other = mentee(cohort)
    suggestion = suggested(RunFactory(cohort=cohort), own, other)
    DecisionFactory(cohort=cohort, mentee=other, mentor=own, kind=KIND.APART)

    for act in (
        lambda: deciding.lock(of(suggestion), by=admin, at=NOW),
        lambda: deciding.refuse(of(suggestion), by=admin, at=NOW),
        lambda: deciding.pair(other, own, by=admin, at=NOW),
        lambda: deciding.forget(Decision.objects.all(), by=admin, at=NOW),
    ):
        with pytest.raises(NotPossible, match="match of your own"):
            act()


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_decides_nothing(cohort, pair):
    stranger = DutyFactory(programme=CohortFactory().programme).user
    DecisionFactory(cohort=cohort, mentee=pair.follower, mentor=pair.lead)

    for act in (
        lambda: deciding.lock(of(pair), by=stranger, at=NOW),
        lambda: deciding.refuse(of(pair), by=stranger, at=NOW),
        lambda: deciding.pair(pair.follower, pair.lead, by=stranger, at=NOW),
        lambda: deciding.forget(Decision.objects.all(), by=stranger, at=NOW),
    ):
        with pytest.raises(NotPossible, match="don't administer"):
            act()


def test_a_decision_that_is_taken_back_leaves_the_pair_open_again(cohort, admin, pair):
    deciding.refuse(of(pair), by=admin, at=NOW)

    assert deciding.forget(Decision.objects.all(), by=admin, at=NOW) == 1

    pair.refresh_from_db()
    assert (decided(cohort), pair.state) == ([], STATE.PROPOSED)


def test_nobody_decides_who_joins_a_circle_of_their_own(cohort, admin, with_circles):
    own = mentor(cohort, places=0, can_facilitate=True, user=admin)
    meets = circle(cohort, facilitator=own, members=2)
    joining = suggested(
        RunFactory(cohort=cohort), mentee(cohort, pathway="circle"), pathway="circle", partnership=meets
    )

    with pytest.raises(NotPossible, match="match of your own"):
        deciding.refuse(of(joining), by=admin, at=NOW)


def test_every_run_shows_the_same_lock(cohort, admin, pair):
    earlier = suggested(RunFactory(cohort=cohort), pair.lead, pair.follower)
    deciding.lock(of(pair), by=admin, at=NOW)
    earlier.refresh_from_db()
    assert earlier.is_locked

    deciding.pair(pair.follower, mentor(cohort), by=admin, at=NOW)

    assert not Suggestion.objects.filter(is_locked=True).exists()


def test_a_colleagues_lock_on_who_decides_is_not_undone_by_deciding_about_somebody_else(cohort, admin):
    own, other, locked = mentor(cohort, user=admin), mentor(cohort), mentee(cohort)
    DecisionFactory(cohort=cohort, mentee=locked, mentor=own)
    suggestion = suggested(RunFactory(cohort=cohort), other, locked)

    for act in (
        lambda: deciding.pair(locked, other, by=admin, at=NOW),
        lambda: deciding.lock(of(suggestion), by=admin, at=NOW),
    ):
        with pytest.raises(NotPossible, match="A colleague decides on this mentee"):
            act()

    assert decided(cohort) == [(locked.pk, own.pk, KIND.TOGETHER)]
