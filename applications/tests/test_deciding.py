from datetime import UTC, datetime

import pytest

from accounts.tests.factories import UserFactory
from applications.models import PolicyAcceptance, State
from applications.services import deciding
from applications.tests.factories import ApplicationFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, DutyFactory, OptionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 17, 12, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


def test_many_are_accepted_at_once_and_each_is_told(cohort, admin):
    waiting = [ApplicationFactory(cohort=cohort, waiting=True) for _ in range(3)]

    outcome = deciding.decide(waiting, to=State.ACCEPTED, by=admin, at=NOW)

    assert [a.state for a in outcome.decided] == [State.ACCEPTED] * 3
    assert {a.decided_by for a in outcome.decided} == {admin}
    assert set(Message.objects.values_list("to", "kind", "subject")) == {
        (a.user.email, "applications/email/accepted", "Your mentoring programme") for a in waiting
    }


@pytest.mark.parametrize("state", [State.QUERIED, State.DECLINED])
def test_a_question_or_a_no_needs_a_reason_that_the_person_reads(cohort, admin, state):
    application = ApplicationFactory(cohort=cohort, waiting=True)

    with pytest.raises(NotPossible, match="Please say why"):
        deciding.decide([application], to=state, by=admin, at=NOW, reason=" ")
    deciding.decide([application], to=state, by=admin, at=NOW, reason="We need your course.")

    assert "We need your course." in Message.objects.get().text


@pytest.mark.clause("BM-3", "BM-10")
def test_whom_the_rules_exclude_cannot_be_accepted_and_holds_back_nobody_else(cohort, admin):
    OptionFactory(
        programme=cohort.programme,
        fact="staff_group",
        name="Academic",
        is_eligible=False,
    )
    outside = ApplicationFactory(cohort=cohort, waiting=True, staff_group="Academic")
    inside = ApplicationFactory(cohort=cohort, waiting=True)

    outcome = deciding.decide([outside, inside], to=State.ACCEPTED, by=admin, at=NOW)

    assert outcome.decided == [inside]
    assert outcome.refused == [(outside, "The programme's rules say no; see the eligibility column.")]


def test_nobody_decides_on_their_own_application(cohort, admin):
    own = ApplicationFactory(cohort=cohort, user=admin, waiting=True)

    outcome = deciding.decide([own], to=State.ACCEPTED, by=admin, at=NOW)

    assert outcome.refused == [(own, "You can't decide on your own application: ask a colleague.")]


@pytest.mark.clause("ALL-1")
def test_an_administrator_of_another_programme_decides_nothing_here(cohort):
    application = ApplicationFactory(cohort=cohort, waiting=True)

    outcome = deciding.decide([application], to=State.ACCEPTED, by=DutyFactory().user, at=NOW)

    assert outcome.refused == [(application, "You don't administer this programme.")]


def test_who_has_been_introduced_is_not_decided_again(admin, cohort):
    mentee = pair(cohort).memberships.get(part="mentee").application

    outcome = deciding.decide([mentee], to=State.DECLINED, by=admin, at=NOW, reason="x")

    assert outcome.refused == [(mentee, "Already introduced: end the partnership first.")]


@pytest.mark.clause("EI-1")
def test_the_office_records_an_acceptance_with_its_source(cohort, admin):
    application = ApplicationFactory(cohort=cohort)

    deciding.record_acceptance(application, by=admin, at=NOW, accepted_at=NOW, note="Signed form")

    kept = PolicyAcceptance.objects.get()
    assert (kept.source, kept.note, kept.recorded_by) == (
        PolicyAcceptance.Source.OFFICE,
        "Signed form",
        admin,
    )


@pytest.mark.parametrize(
    ("who", "note", "sentence"),
    [
        ("admin", " ", "where you have the acceptance from"),
        ("stranger", "Signed form", "don't administer"),
        ("self", "Signed form", "for yourself"),
    ],
)
def test_an_acceptance_without_source_or_right_is_refused(cohort, admin, who, note, sentence):
    application = ApplicationFactory(cohort=cohort, user=admin if who == "self" else UserFactory())
    by = UserFactory() if who == "stranger" else admin

    with pytest.raises(NotPossible, match=sentence):
        deciding.record_acceptance(application, by=by, at=NOW, accepted_at=NOW, note=note)
