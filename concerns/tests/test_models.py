"""The doors of cases: who sees which."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from concerns.models import About, AtRisk, Case, Category
from concerns.tests.factories import AT, file_case, handler
from partnerships.tests.factories import circle, pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


def seen_by(user):
    return list(Case.objects.visible_to(user))


@pytest.mark.clause("ALL-1", "EI-6")
def test_a_handler_sees_the_cases_of_their_programme_and_no_others():
    case, other = file_case(), file_case()

    assert seen_by(handler(case.programme)) == [case]
    assert seen_by(handler(other.programme)) == [other]


@pytest.mark.clause("ALL-1", "EI-6")
@pytest.mark.parametrize("kind", [Duty.Kind.ADMINISTER, Duty.Kind.ELIGIBILITY])
def test_another_duty_in_the_programme_opens_no_case(kind):
    case = file_case()

    assert seen_by(DutyFactory(programme=case.programme, kind=kind).user) == []


@pytest.mark.clause("ALL-1")
def test_a_superuser_sees_no_case_by_rank():
    file_case()

    assert seen_by(UserFactory(is_superuser=True)) == []


def test_a_superuser_who_handles_concerns_sees_those_of_the_programme_only():
    case = file_case()
    file_case()

    assert seen_by(handler(case.programme, is_superuser=True)) == [case]


def test_nobody_who_is_signed_out_or_closed_sees_a_case():
    case = file_case()

    assert seen_by(AnonymousUser()) == []
    assert seen_by(handler(case.programme, is_active=False)) == []


def test_a_duty_that_is_taken_away_is_gone_at_once():
    case = file_case()
    person = handler(case.programme)
    person.duties.all().delete()

    assert seen_by(person) == []


@pytest.mark.clause("EI-6", "EI-6a")
@pytest.mark.parametrize("about", About)
def test_a_handler_never_sees_a_case_of_their_mentor_or_mentee_whomever_it_is_about(about):
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    DutyFactory(user=mentor, programme=partnership.cohort.programme, kind=Duty.Kind.CONCERNS)

    case = file_case(by=mentee, about=about)

    assert seen_by(mentor) == []
    assert seen_by(handler(case.programme)) == [case]


@pytest.mark.clause("EI-6", "EI-6a")
@pytest.mark.parametrize("about", About)
def test_everybody_in_the_circle_is_kept_from_a_case_of_one_of_them(about):
    partnership = circle(members=2)
    people = [membership.application.user for membership in partnership.memberships.all()]
    for person in people:
        DutyFactory(user=person, programme=partnership.cohort.programme, kind=Duty.Kind.CONCERNS)

    file_case(by=people[1], about=about)

    assert [seen_by(person) for person in people] == [[], [], []]


def test_a_partner_of_the_past_is_kept_from_a_case():
    partnership = pair()
    mentor, mentee = partnership.memberships.all()
    partnership.memberships.update(left_on=AT.date())
    DutyFactory(user=mentor.application.user, programme=partnership.cohort.programme, kind=Duty.Kind.CONCERNS)

    file_case(by=mentee.application.user)

    assert seen_by(mentor.application.user) == []


def test_a_handler_who_raises_a_concern_follows_it_as_a_reporter_only():
    application = ApplicationFactory()
    DutyFactory(user=application.user, programme=application.cohort.programme, kind=Duty.Kind.CONCERNS)

    case = file_case(by=application.user)

    assert seen_by(application.user) == []
    assert list(Case.objects.of(application.user)) == [case]


def test_a_reporter_finds_their_own_cases_and_no_others():
    case, other = file_case(), file_case()
    reporter = case.programme.cohorts.get().applications.get().user

    assert list(Case.objects.of(reporter)) == [case]
    assert other not in Case.objects.of(reporter)


def test_doors_stay_the_same_after_a_new_key_is_put_in_front(settings):
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    DutyFactory(user=mentor, programme=partnership.cohort.programme, kind=Duty.Kind.CONCERNS)
    case = file_case(by=mentee, about=About.PARTNER)

    settings.CONCERN_KEYS = ["a newer key of the environment, 9876543210", *settings.CONCERN_KEYS]

    assert seen_by(mentor) == []
    assert list(Case.objects.of(mentee)) == [case]
    assert case.unseal("sealed_subject") == About.PARTNER


@pytest.mark.clause("EI-6b")
def test_the_list_begins_with_somebody_at_risk_then_with_who_waits():
    programme = ProgrammeFactory()
    cases = {
        name: file_case(programme=programme, category=Category.WELLBEING, at_risk=at_risk)
        for name, at_risk in [
            ("closed", AtRisk.YES),
            ("answered", AtRisk.NO),
            ("waits", AtRisk.UNSURE),
            ("at risk", AtRisk.YES),
        ]
    }
    of = Case.objects.filter
    of(pk=cases["closed"].pk).update(
        state="closed", first_answered_at=AT, unanswered_since=None, closed_at=AT, outcome="advice"
    )
    of(pk=cases["answered"].pk).update(state="acknowledged", first_answered_at=AT, unanswered_since=None)

    names = {case.pk: name for name, case in cases.items()}

    assert [names[case.pk] for case in Case.objects.by_urgency()] == [
        "at risk",
        "waits",
        "answered",
        "closed",
    ]


def test_the_clock_of_a_case_runs_out_at_its_moment_and_stops_with_an_answer():
    case = file_case()
    due = case.answer_due_at

    def is_late(at):
        return Case.objects.with_clock(at).get().is_late, Case.objects.overdue(at).exists()

    assert is_late(AT) == (False, False)
    assert is_late(due) == (True, True)
    Case.objects.update(state="acknowledged", first_answered_at=AT, unanswered_since=None)
    assert is_late(due) == (False, False)


def test_a_case_says_nothing_about_itself_where_rows_are_named():
    case = file_case()

    names = {str(row) for row in (case, *case.entries.all(), *case.exclusions.all())}

    assert names == {"Case", "Entry 1"}


@pytest.mark.parametrize("taken", [{"kind": "administer"}, {"programme": None}, {}])
def test_a_case_is_held_as_long_as_its_handler_has_the_duty_for_its_programme(taken):
    case = file_case()
    duty = DutyFactory(programme=case.programme, kind=Duty.Kind.CONCERNS)
    Case.objects.update(handler=duty.user)
    assert Case.objects.with_clock(AT).get().is_held is True

    if "programme" in taken:
        Duty.objects.update(programme=ProgrammeFactory())
    elif taken:
        Duty.objects.update(**taken)
    else:
        duty.delete()

    assert Case.objects.with_clock(AT).get().is_held is False
