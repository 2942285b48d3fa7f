from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from accounts.tests.factories import UserFactory
from applications.models import Application, PolicyAcceptance, State
from applications.services import writing
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.tests.factories import pair
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, OptionFactory, PolicyVersionFactory

pytestmark = pytest.mark.django_db
OPEN = datetime(2025, 10, 20, 12, tzinfo=UTC)
CLOSED = datetime(2025, 11, 17, 12, tzinfo=UTC)


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    asked = [
        ("study_programme", True),
        ("sectors", True),
        ("bio", False),
        ("has_mentor_until", False),
    ]
    for fact, required in asked:
        Ask.objects.create(
            programme=cohort.programme,
            role="mentee",
            fact=fact,
            section="You",
            label=fact,
            is_required=required,
        )
    return cohort


def draft(cohort, **answers):
    user = UserFactory()
    application = writing.start(by=user, cohort=cohort, role="mentee", at=OPEN)
    option = OptionFactory(programme=cohort.programme)
    given = {"study_programme": "MSc Europe", "sectors": [option], **answers}
    return writing.save_answers(application, by=user, answers=given, at=OPEN)


def test_beginning_twice_gives_the_same_draft(cohort):
    user = UserFactory()

    first = writing.start(by=user, cohort=cohort, role="mentee", at=OPEN)
    second = writing.start(by=user, cohort=cohort, role="mentee", at=OPEN)

    assert first == second
    assert first.state == State.DRAFT


def test_nobody_begins_while_sign_up_is_closed(cohort):
    with pytest.raises(NotPossible, match="isn't open"):
        writing.start(by=UserFactory(), cohort=cohort, role="mentee", at=CLOSED)


def test_a_role_that_the_programme_does_not_ask_takes_no_applications(cohort):
    with pytest.raises(NotPossible, match="takes no applications in this role"):
        writing.start(by=UserFactory(), cohort=cohort, role="mentor", at=OPEN)


@pytest.mark.clause("EI-1")
def test_submitting_keeps_who_accepted_which_version_when(cohort):
    application = draft(cohort)

    writing.submit(application, by=application.user, at=OPEN, accepts_policy=True)

    acceptance = PolicyAcceptance.objects.get()
    assert (acceptance.application, acceptance.policy_version) == (
        application,
        cohort.policy,
    )
    assert (acceptance.accepted_at, acceptance.source) == (
        OPEN,
        PolicyAcceptance.Source.WEB,
    )


def test_submitting_twice_is_submitting_once(cohort):
    application = draft(cohort)

    for _ in range(2):
        submitted = writing.submit(application, by=application.user, at=OPEN, accepts_policy=True)

    assert submitted.state == State.SUBMITTED
    assert (
        Application.objects.count(),
        PolicyAcceptance.objects.count(),
        Message.objects.count(),
    ) == (1, 1, 1)


@pytest.mark.clause("EI-1")
def test_without_acceptance_nothing_is_submitted(cohort):
    application = draft(cohort)

    with pytest.raises(NotPossible, match="accept the commitments"):
        writing.submit(application, by=application.user, at=OPEN, accepts_policy=False)
    application.refresh_from_db()
    assert (application.state, PolicyAcceptance.objects.count()) == (State.DRAFT, 0)


def test_missing_answers_are_named_and_nothing_is_submitted(cohort):
    application = draft(cohort, study_programme="", sectors=[])

    with pytest.raises(NotPossible, match="Please answer first: study_programme, sectors."):
        writing.submit(application, by=application.user, at=OPEN, accepts_policy=True)


@pytest.mark.clause("BM-2")
def test_the_declaration_is_kept_apart_with_the_wording_that_was_shown(cohort):
    cohort.programme.declaration_wording = "I identify as …"
    cohort.programme.save()
    application = draft(cohort)

    with pytest.raises(NotPossible, match="make the declaration"):
        writing.submit(application, by=application.user, at=OPEN, accepts_policy=True)
    writing.submit(application, by=application.user, at=OPEN, accepts_policy=True, declares=True)

    kept = Declaration.objects.get()
    assert (kept.user, kept.cohort, kept.wording, kept.made_at) == (
        application.user,
        cohort,
        "I identify as …",
        OPEN,
    )


def test_a_draft_begun_in_time_is_not_submitted_after_the_close_and_is_kept(cohort):
    application = draft(cohort)

    with pytest.raises(NotPossible, match="Your draft is kept"):
        writing.submit(application, by=application.user, at=CLOSED, accepts_policy=True)
    assert Application.objects.get() == application


def test_somebody_else_can_neither_change_nor_submit_nor_accept_nor_withdraw(cohort):
    application, stranger = draft(cohort), UserFactory()

    for attempt in (
        lambda: writing.save_answers(application, by=stranger, answers={"bio": "x"}, at=OPEN),
        lambda: writing.submit(application, by=stranger, at=OPEN, accepts_policy=True),
        lambda: writing.accept_policy(application, by=stranger, at=OPEN),
        lambda: writing.withdraw(application, by=stranger, at=OPEN),
    ):
        with pytest.raises(NotPossible):
            attempt()


def test_a_fact_that_is_not_asked_is_refused(cohort):
    with pytest.raises(NotPossible, match="doesn't ask for “Band”"):
        draft(cohort, band=3)


@pytest.mark.clause("BM-9")
def test_a_hold_falls_with_its_reason(cohort):
    until = date(2026, 3, 31)
    application = draft(cohort, has_mentor_until=until, hold_until=until)

    saved = writing.save_answers(
        application, by=application.user, answers={"has_mentor_until": None}, at=OPEN
    )

    assert saved.hold_until is None


def test_who_has_been_introduced_turns_to_the_office_to_withdraw():
    made = pair()
    mentee = made.memberships.get(part="mentee").application

    with pytest.raises(NotPossible, match=made.cohort.programme.contact_email):
        writing.withdraw(mentee, by=mentee.user, at=OPEN)


def test_a_withdrawn_application_is_taken_up_again_while_sign_up_is_open(cohort):
    application = draft(cohort)
    withdrawn = writing.withdraw(application, by=application.user, at=OPEN)

    again = writing.start(by=application.user, cohort=cohort, role="mentee", at=OPEN)

    assert (again, again.state, again.submitted_at) == (withdrawn, State.DRAFT, None)
    assert again.study_programme == "MSc Europe"


def test_what_was_handed_in_may_change_but_required_answers_stay(cohort):
    application = draft(cohort)
    writing.submit(application, by=application.user, at=OPEN, accepts_policy=True)

    with pytest.raises(NotPossible, match="Please answer: study_programme."), transaction.atomic():
        writing.save_answers(application, by=application.user, answers={"study_programme": ""}, at=OPEN)
    changed = writing.save_answers(application, by=application.user, answers={"bio": "New"}, at=OPEN)

    assert (changed.study_programme, changed.bio) == ("MSc Europe", "New")


@pytest.mark.clause("BM-9")
def test_an_application_is_held_no_longer_than_the_other_mentoring(cohort):
    with pytest.raises(NotPossible, match="until the other mentoring ends"):
        draft(cohort, has_mentor_until=date(2026, 3, 31), hold_until=date(2026, 4, 1))


@pytest.mark.clause("EI-1")
def test_nobody_accepts_a_version_that_they_were_not_shown(cohort):
    application = draft(cohort)
    shown = cohort.policy_id
    cohort.policy = PolicyVersionFactory(programme=cohort.programme)
    cohort.save()

    with pytest.raises(NotPossible, match="a new version of the policy"):
        writing.submit(application, by=application.user, at=OPEN, accepts_policy=True, version=shown)
    assert PolicyAcceptance.objects.count() == 0
