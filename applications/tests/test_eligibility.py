import pytest

from accounts.queries import with_addresses
from accounts.tests.factories import UserFactory
from applications.eligibility import Answer, Verdict, assess, assess_one
from applications.models import AlumniRecord, Application
from applications.tests.factories import ApplicationFactory, MentorFactory
from declarations import services as declarations
from programmes.models import Ask
from programmes.tests.factories import CohortFactory, OptionFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


def alumnus(**fields):
    cohort = CohortFactory(
        programme=ProgrammeFactory(checks_alumni_list=True, requires_school_email_of_mentors=False)
    )
    details = {
        "courses": "MSc Political Economy of Europe",
        "graduation_year": 2012,
        **fields,
    }
    return MentorFactory(cohort=cohort, user__name="Ada Byrne", **details)


def listed(application, name="Ada Byrne", course="MSc Political Economy of Europe", year=2012):
    return AlumniRecord.objects.create(
        programme=application.cohort.programme,
        name=name,
        course=course,
        graduation_year=year,
    )


@pytest.mark.clause("EI-0")
def test_a_student_proves_it_by_a_verified_school_address():
    application = ApplicationFactory(user__email="student@lse.ac.uk")

    assert assess_one(application) == Verdict(Answer.YES, ("School address verified.",))


@pytest.mark.clause("EI-0")
@pytest.mark.parametrize(
    ("email", "verified", "office_email", "answer"),
    [
        ("student@mail.example", True, "", Answer.NO),
        ("student@lse.ac.uk", False, "", Answer.NO),
        ("student@lse.ac.uk.evil.example", True, "", Answer.NO),
        ("student@sub.lse.ac.uk", True, "", Answer.NO),
        ("student@lse.ac.uk", False, "student@lse.ac.uk", Answer.ASK),
        ("Student@LSE.AC.UK", True, "", Answer.YES),
    ],
)
def test_an_address_elsewhere_or_unverified_is_no_proof(email, verified, office_email, answer):
    user = UserFactory(email=email, verified=False)
    user.emailaddress_set.create(email=email, verified=verified, primary=True)
    application = ApplicationFactory(user=user, office_email=office_email)

    assert assess_one(application).answer == answer


@pytest.mark.clause("EI-0")
def test_an_alumnus_on_the_list_is_found_whatever_the_case():
    application = alumnus(courses="msc  political economy of Europe")
    listed(application, name="ADA  byrne")

    assert assess_one(application) == Verdict(Answer.YES, ("Found on the alumni list.",))


@pytest.mark.clause("EI-0")
def test_an_alumnus_who_is_not_on_the_list_is_checked_by_hand():
    assert assess_one(alumnus()) == Verdict(Answer.ASK, ("Not found on the alumni list: check by hand.",))


@pytest.mark.clause("EI-0")
def test_an_alumnus_with_another_year_is_asked():
    application = alumnus()
    listed(application, year=2011)

    assert assess_one(application).reasons == (
        "On the alumni list with another course or year (MSc Political Economy of Europe, 2011): ask.",
    )


@pytest.mark.clause("BM-3", "BM-10")
def test_a_staff_group_outside_the_programme_is_a_no_until_the_office_widens_it():
    application = ApplicationFactory(staff_group="Academic")
    group = OptionFactory(
        programme=application.cohort.programme,
        fact="staff_group",
        name="Academic",
        is_eligible=False,
    )

    assert assess_one(application) == Verdict(
        Answer.NO, ("Staff group “Academic” is outside this programme for now.",)
    )
    group.is_eligible = True
    group.save()
    assert assess_one(application).answer is Answer.YES


@pytest.mark.clause("BM-2")
def test_a_missing_declaration_is_a_no_with_a_reason_that_says_nothing_about_the_person(
    clock,
):
    application = ApplicationFactory(cohort__programme__declaration_wording="I identify as …")
    before = assess_one(application)
    declarations.declare(by=application.user, cohort=application.cohort, at=application.started_at)

    assert before == Verdict(
        Answer.NO,
        ("A condition of this programme isn't met; who decides eligibility can say more.",),
    )
    assert assess_one(application).answer is Answer.YES


def test_required_answers_that_are_missing_are_named():
    application = ApplicationFactory(job_title="")
    Ask.objects.create(
        programme=application.cohort.programme,
        role="mentee",
        fact="job_title",
        section="You",
        label="Job title",
    )

    assert assess_one(application) == Verdict(Answer.ASK, ("Not answered: Job title.",))


def test_a_mentor_without_room_is_asked():
    assert "Offers no place at present." in assess_one(alumnus(places=0)).reasons


def test_many_are_assessed_in_as_many_queries_as_one(django_assert_num_queries):
    first = alumnus()
    listed(first)
    people = [first] + [MentorFactory(cohort=first.cohort) for _ in range(3)]

    for pks in ([first.pk], [person.pk for person in people]):
        rows = Application.objects.filter(pk__in=pks).select_related("user", "cohort__programme")
        loaded = list(rows.prefetch_related(with_addresses("user"), "sectors", "support_areas"))
        with django_assert_num_queries(4):
            assess(loaded)
