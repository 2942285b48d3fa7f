from datetime import UTC, date, datetime, timedelta

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from mentorship.lib.refusals import NotPossible
from partnerships.disclosure import card_for, cards_for, others
from partnerships.models import Disclosure, EndReason, Partnership
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    OptionFactory,
    PolicyVersionFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)

EI_MENTOR = [
    "name",
    "email",
    "courses",
    "graduation_year",
    "country",
    "job_role",
    "bio",
    "linkedin",
]
EI_MENTEE = [
    "name",
    "school_email",
    "study_programme",
    "sectors",
    "support_areas",
    "linkedin",
    "bio",
]


def cohort_that_discloses(**directions):
    cohort = CohortFactory()
    for direction, facts in directions.items():
        for position, fact in enumerate(facts):
            DisclosedFactFactory(
                policy_version=cohort.policy,
                direction=direction,
                fact=fact,
                position=position,
            )
    return cohort


@pytest.fixture
def alumni_pair():
    """A pair in which every field of both people holds something."""
    cohort = cohort_that_discloses(of_mentor=EI_MENTOR, of_mentee=EI_MENTEE)
    everything = {
        "country": "Belgium",
        "job_role": "Desk officer",
        "job_title": "canary-job-title",
        "division": "canary-division",
        "bio": "A short text.",
        "linkedin": "https://www.linkedin.com/in/somebody",
        "work_place": "canary-work-place",
        "staff_group": "canary-staff-group",
        "line_manager_email": "canary@lse.ac.uk",
    }
    mentor = MentorFactory(
        cohort=cohort,
        user__email="alumna@alumni.example",
        courses="MSc Political Economy of Europe",
        graduation_year=2012,
        study_programme="canary-study",
        **everything,
    )
    mentee = ApplicationFactory(
        cohort=cohort,
        study_programme="MSc Europe",
        courses="canary-courses",
        graduation_year=1999,
        **everything,
    )
    for application in (mentor, mentee):
        application.sectors.add(
            OptionFactory(programme=cohort.programme, name=f"Sector of {application.role}")
        )
        application.support_areas.add(
            OptionFactory(
                programme=cohort.programme,
                fact="support_areas",
                name=f"Area of {application.role}",
            )
        )
    return pair(mentor=mentor, mentee=mentee)


def people(partnership):
    by_part = {m.part: m.application for m in partnership.memberships.select_related("application__user")}
    return by_part.get("mentor") or by_part["facilitator"], by_part["mentee"]


@pytest.mark.clause("EI-4a", "EI-4b", "EI-4c", "EI-4d", "EI-4e", "EI-4f", "EI-4g", "EI-4h")
def test_the_student_sees_exactly_the_eight_facts_of_the_alumna(alumni_pair):
    mentor, mentee = people(alumni_pair)

    card = card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=NOW)

    assert [(line.key, line.value) for line in card.lines] == [
        ("name", mentor.user.name),
        ("email", "alumna@alumni.example"),
        ("courses", "MSc Political Economy of Europe"),
        ("graduation_year", "2012"),
        ("country", "Belgium"),
        ("job_role", "Desk officer"),
        ("bio", "A short text."),
        ("linkedin", "https://www.linkedin.com/in/somebody"),
    ]


@pytest.mark.clause("EI-5a", "EI-5b", "EI-5c", "EI-5d", "EI-5e", "EI-5f", "EI-5g")
def test_the_alumna_sees_exactly_the_seven_facts_of_the_student(alumni_pair):
    mentor, mentee = people(alumni_pair)

    card = card_for(alumni_pair, viewer=mentor.user, of=mentee, channel="page", at=NOW)

    assert [(line.key, line.value or line.values) for line in card.lines] == [
        ("name", mentee.user.name),
        ("school_email", mentee.user.email),
        ("study_programme", "MSc Europe"),
        ("sectors", ("Sector of mentee",)),
        ("support_areas", ("Area of mentee",)),
        ("linkedin", "https://www.linkedin.com/in/somebody"),
        ("bio", "A short text."),
    ]


@pytest.mark.clause("EI-4g", "EI-4h", "EI-5f", "EI-5g")
def test_what_was_not_shared_has_no_line(alumni_pair):
    mentor, mentee = people(alumni_pair)
    mentor.bio = mentor.linkedin = mentee.bio = mentee.linkedin = ""
    mentor.save()
    mentee.save()

    of_mentor = card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=NOW)
    of_mentee = card_for(alumni_pair, viewer=mentor.user, of=mentee, channel="page", at=NOW)

    assert of_mentor.keys == tuple(EI_MENTOR[:6])
    assert of_mentee.keys == tuple(EI_MENTEE[:5])


@pytest.mark.clause("EI-5b")
def test_the_school_address_is_shown_whatever_the_student_signs_in_with(alumni_pair):
    mentor, mentee = people(alumni_pair)
    mentee.user.emailaddress_set.update(primary=False)
    mentee.user.emailaddress_set.create(email="student@mail.example", verified=True, primary=True)
    school_address = mentee.user.email
    mentee.user.email = "student@mail.example"
    mentee.user.save()

    card = card_for(alumni_pair, viewer=mentor.user, of=mentee, channel="page", at=NOW)

    assert [line.value for line in card.lines if line.key == "school_email"] == [school_address]
    assert "student@mail.example" not in str(card)


@pytest.mark.clause("EI-5b")
def test_an_unverified_school_address_that_the_student_typed_is_not_shown(alumni_pair):
    mentor, mentee = people(alumni_pair)
    mentee.user.emailaddress_set.update(verified=False)

    card = card_for(alumni_pair, viewer=mentor.user, of=mentee, channel="page", at=NOW)

    assert "school_email" not in card.keys


@pytest.mark.clause("BM-7")
def test_in_a_circle_everybody_sees_the_circles_facts_and_the_address_only_if_ticked():
    cohort = cohort_that_discloses(
        in_circle=["name", "job_title", "division", "circle_email"], of_mentee=EI_MENTEE
    )
    made = circle(cohort)
    facilitator, member = people(made)
    member.job_title, member.division, member.bio = "Officer", "Library", "canary"
    member.save()

    without = card_for(made, viewer=facilitator.user, of=member, channel="page", at=NOW)
    member.circle_email = True
    member.save()
    with_address = card_for(made, viewer=facilitator.user, of=member, channel="page", at=NOW)

    assert without.keys == ("name", "job_title", "division")
    assert with_address.keys == ("name", "job_title", "division", "circle_email")


@pytest.mark.clause("EI-4a", "EI-5a")
def test_before_a_partnership_and_for_strangers_there_is_no_card(alumni_pair):
    mentor, mentee = people(alumni_pair)
    stranger = ApplicationFactory(cohort=mentor.cohort)

    for viewer, of in [
        (stranger.user, mentor),
        (mentee.user, stranger),
        (mentor.user, mentor),
    ]:
        with pytest.raises(NotPossible):
            card_for(alumni_pair, viewer=viewer, of=of, channel="page", at=NOW)
    assert Disclosure.objects.count() == 0


@pytest.mark.clause("EI-2")
def test_after_the_end_the_card_stays_for_the_programmes_days_and_then_closes(
    alumni_pair,
):
    mentor, mentee = people(alumni_pair)
    end(alumni_pair, by=None, at=NOW, reason=EndReason.PROGRAMME)
    alumni_pair.refresh_from_db()
    last = NOW + timedelta(days=alumni_pair.cohort.programme.card_closes_after_days)

    assert (
        card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=last).name == mentor.user.name
    )
    with pytest.raises(NotPossible):
        card_for(
            alumni_pair,
            viewer=mentee.user,
            of=mentor,
            channel="page",
            at=last + timedelta(seconds=1),
        )


@pytest.mark.clause("EI-2")
def test_who_has_left_sees_nobody_and_is_seen_by_nobody(alumni_pair):
    mentor, mentee = people(alumni_pair)
    alumni_pair.memberships.filter(application=mentee).update(left_on=NOW.date())

    assert others(alumni_pair, viewer=mentor.user) == []
    for viewer, of in [(mentee.user, mentor), (mentor.user, mentee)]:
        with pytest.raises(NotPossible):
            card_for(alumni_pair, viewer=viewer, of=of, channel="page", at=NOW)


@pytest.mark.clause("ALL-2")
def test_every_card_leaves_a_record_of_what_whose_to_whom_when_and_under_which_version(
    alumni_pair,
):
    mentor, mentee = people(alumni_pair)

    card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=NOW)
    card_for(
        alumni_pair,
        viewer=mentee.user,
        of=mentor,
        channel="page",
        at=NOW + timedelta(minutes=5),
    )
    card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="email", at=NOW)

    records = Disclosure.objects.order_by("channel").values_list(
        "of", "to", "facts", "policy_version", "channel", "first_at"
    )
    facts, version = ",".join(EI_MENTOR), alumni_pair.cohort.policy_id
    assert list(records) == [
        (mentor.pk, mentee.user_id, facts, version, "email", NOW),
        (mentor.pk, mentee.user_id, facts, version, "page", NOW),
    ]


@pytest.mark.clause("ALL-2")
def test_a_page_that_shows_names_alone_records_names_alone():
    made = circle(cohort_that_discloses(in_circle=["name", "job_title"]))
    viewer = people(made)[0].user

    shown = cards_for(made, viewer=viewer, channel="page", at=NOW, only=["name"])

    assert {card.keys for _, card in shown} == {("name",)}
    assert set(Disclosure.objects.values_list("facts", flat=True)) == {"name"}


def test_the_number_of_queries_does_not_grow_with_the_circle(django_assert_num_queries):
    cohort = cohort_that_discloses(in_circle=["name", "job_title", "circle_email"])
    small, large = circle(cohort, members=1), circle(cohort, members=6)

    for made in (small, large):
        viewer = people(made)[0].user
        made = Partnership.objects.select_related("cohort__programme", "cohort__policy").get(pk=made.pk)
        with django_assert_num_queries(14):
            cards_for(made, viewer=viewer, channel="page", at=NOW)


@pytest.mark.clause("EI-1", "EI-4a", "EI-5a")
def test_a_new_version_shows_nothing_more_of_anybody_before_they_accepted_it(alumni_pair):
    mentor, mentee = people(alumni_pair)
    cohort = alumni_pair.cohort
    first = cohort.policy
    cohort.policy = PolicyVersionFactory(programme=cohort.programme, published_on=date(2026, 1, 10))
    cohort.save()
    for fact in ("name", "email", "job_title", "bio"):
        DisclosedFactFactory(policy_version=cohort.policy, direction="of_mentor", fact=fact)

    before = card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=NOW)
    PolicyAcceptanceFactory(application=mentor, policy_version=cohort.policy)
    after = card_for(alumni_pair, viewer=mentee.user, of=mentor, channel="page", at=NOW)

    assert before.keys == ("name", "email", "bio")
    assert after.keys == ("name", "email", "job_title", "bio")
    assert set(Disclosure.objects.values_list("policy_version", flat=True)) == {first.pk, cohort.policy_id}
