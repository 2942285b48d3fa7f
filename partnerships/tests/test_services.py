from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.models import State as ApplicationState
from applications.tests.factories import (
    ApplicationFactory,
    MentorFactory,
    PolicyAcceptanceFactory,
)
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships import services
from partnerships.models import (
    Disclosure,
    EndReason,
    Membership,
    Partnership,
    Place,
    State,
)
from partnerships.tasks import end_partnerships_due
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    OptionFactory,
    PathwayFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    PathwayFactory(programme=cohort.programme)
    return cohort


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


def accepted(factory, cohort, **fields):
    application = factory(cohort=cohort, **fields)
    PolicyAcceptanceFactory(application=application)
    return application


def introduce(mentor, mentee, **kwargs):
    people = [(mentor, Membership.Part.MENTOR), (mentee, Membership.Part.MENTEE)]
    fields = {
        "cohort": mentor.cohort,
        "pathway": "one_to_one",
        "by": None,
        "at": NOW,
        **kwargs,
    }
    return services.introduce(people=people, **fields)


@pytest.mark.clause("EI-4a", "EI-5a", "ALL-2")
def test_an_introduction_makes_the_partnership_the_place_the_messages_and_the_record(
    cohort,
):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort),
    )

    made = introduce(mentor, mentee)

    parts = made.memberships.order_by("pk").values_list("application", "part", "place__number", "joined_on")
    assert list(parts) == [
        (mentor.pk, "mentor", 1, NOW.date()),
        (mentee.pk, "mentee", None, NOW.date()),
    ]
    assert set(Message.objects.values_list("to", "key")) == {
        (mentor.user.email, f"introduction/{made.pk}/{mentor.pk}"),
        (mentee.user.email, f"introduction/{made.pk}/{mentee.pk}"),
    }
    assert set(Disclosure.objects.values_list("of", "to", "channel")) == {
        (mentor.pk, mentee.user_id, "email"),
        (mentee.pk, mentor.user_id, "email"),
    }


def test_an_introduction_names_the_other_and_has_a_neutral_subject(cohort):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort),
    )

    introduce(mentor, mentee)

    to_mentee = Message.objects.get(to=mentee.user.email)
    assert to_mentee.subject == "Your mentoring programme"
    assert mentor.user.name in to_mentee.text
    assert mentor.user.email not in to_mentee.text + to_mentee.html


@pytest.mark.clause("BM-8")
def test_nobody_is_given_more_than_the_room_they_declared(cohort):
    mentor = accepted(MentorFactory, cohort, places=2)
    for _ in range(2):
        introduce(mentor, accepted(ApplicationFactory, cohort))

    with pytest.raises(NotPossible, match="has no free place"):
        introduce(mentor, accepted(ApplicationFactory, cohort))
    assert Partnership.objects.count() == 2


@pytest.mark.clause("BM-8")
def test_the_database_itself_refuses_a_second_partnership_on_one_place(cohort):
    made = pair(cohort)
    place = Place.objects.get()
    second = pair(cohort, mentor=MentorFactory(cohort=cohort))

    with pytest.raises(IntegrityError), transaction.atomic():
        second.memberships.filter(part="mentor").update(place=place)
    assert made.memberships.get(part="mentor").place == place


@pytest.mark.clause("EI-1")
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_nobody_is_introduced_before_they_accepted_the_policy(cohort, side):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort),
    )
    {"mentor": mentor, "mentee": mentee}[side].acceptances.all().delete()

    with pytest.raises(NotPossible, match="hasn't accepted the policy and guidance yet"):
        introduce(mentor, mentee)
    assert (
        Partnership.objects.count(),
        Message.objects.count(),
        Disclosure.objects.count(),
    ) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": ApplicationState.WITHDRAWN}, "isn't accepted at the moment"),
        ({"state": ApplicationState.WAITLISTED}, "isn't accepted at the moment"),
        (
            {"has_mentor_until": date(2026, 3, 31), "hold_until": date(2026, 3, 31)},
            "is held until 31 March 2026",
        ),
    ],
)
@pytest.mark.clause("BM-9")
def test_who_is_not_ready_is_not_introduced(cohort, changes, sentence):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort, **changes),
    )

    with pytest.raises(NotPossible, match=sentence):
        introduce(mentor, mentee)


def test_a_release_into_a_cohort_that_has_ended_is_refused(cohort):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort),
    )

    with pytest.raises(NotPossible, match="ended on 30 April 2026"):
        introduce(mentor, mentee, at=datetime(2026, 5, 1, 9, tzinfo=UTC))


def test_people_of_another_cohort_are_refused(cohort):
    mentor, stranger = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, CohortFactory()),
    )

    with pytest.raises(NotPossible, match="applied to another cohort"):
        introduce(mentor, stranger)


def test_a_mentee_is_introduced_once(cohort):
    mentee = accepted(ApplicationFactory, cohort)
    introduce(accepted(MentorFactory, cohort), mentee)

    with pytest.raises(NotPossible, match="has been introduced already"):
        introduce(accepted(MentorFactory, cohort), mentee)


def test_nobody_releases_their_own_match(cohort, admin):
    mentor, mentee = accepted(MentorFactory, cohort, user=admin), accepted(ApplicationFactory, cohort)

    with pytest.raises(NotPossible, match="a match of your own"):
        introduce(mentor, mentee, by=admin)


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_releases_and_ends_nothing(cohort):
    mentor, mentee = accepted(MentorFactory, cohort), accepted(ApplicationFactory, cohort)
    stranger, made = DutyFactory().user, pair(cohort)

    with pytest.raises(NotPossible, match="don't administer"):
        introduce(mentor, mentee, by=stranger)
    with pytest.raises(NotPossible, match="don't administer"):
        services.end(made, by=stranger, at=NOW, reason=EndReason.OFFICE)


@pytest.mark.parametrize(
    "parts",
    [
        [("mentor", "mentor"), ("mentor", "mentor")],
        [("mentor", "mentor")],
        [("mentee", "mentor"), ("mentor", "mentee")],
        [("mentor", "mentor"), ("mentee", "mentee"), ("mentee", "mentee")],
    ],
    ids=["two mentors", "one alone", "the wrong way round", "a pair of three"],
)
def test_a_pair_is_a_mentor_and_a_mentee(cohort, parts):
    made = {"mentor": MentorFactory, "mentee": ApplicationFactory}
    people = [(accepted(made[role], cohort), part) for role, part in parts]

    with pytest.raises(NotPossible):
        services.introduce(cohort=cohort, pathway="one_to_one", people=people, by=None, at=NOW)


def test_nobody_is_introduced_to_themselves(cohort):
    mentor = accepted(MentorFactory, cohort)
    as_mentee = accepted(ApplicationFactory, cohort, user=mentor.user)

    with pytest.raises(NotPossible, match="to themselves"):
        introduce(mentor, as_mentee)


@pytest.mark.clause("BM-7")
@pytest.mark.parametrize("members", [1, 4])
def test_a_circle_has_the_size_of_its_pathway(cohort, members):
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=3)
    lead = accepted(MentorFactory, cohort, can_facilitate=True)
    mentees = [accepted(ApplicationFactory, cohort, pathway="circle") for _ in range(members)]
    people = [(lead, "facilitator"), *((mentee, "mentee") for mentee in mentees)]

    with pytest.raises(NotPossible, match="the programme's size"):
        services.introduce(cohort=cohort, pathway="circle", people=people, by=None, at=NOW)


@pytest.mark.clause("BM-3", "BM-10")
def test_whom_the_rules_exclude_since_the_decision_is_not_introduced(cohort):
    mentor, mentee = (
        accepted(MentorFactory, cohort),
        accepted(ApplicationFactory, cohort, staff_group="Academic"),
    )
    OptionFactory(programme=cohort.programme, fact="staff_group", name="Academic", is_eligible=False)

    with pytest.raises(NotPossible, match="the programme's rules say no"):
        introduce(mentor, mentee)


@pytest.mark.clause("BM-8")
def test_who_lowers_their_room_is_given_nobody_more(cohort):
    mentor = accepted(MentorFactory, cohort, places=3)
    made = [introduce(mentor, accepted(ApplicationFactory, cohort)) for _ in range(3)]
    services.end(made[0], by=None, at=NOW, reason=EndReason.OFFICE)
    mentor.places = 1
    mentor.save()

    with pytest.raises(NotPossible, match="has no free place"):
        introduce(mentor, accepted(ApplicationFactory, cohort))


@pytest.mark.clause("BM-7")
def test_who_joins_a_circle_is_introduced_and_the_others_are_told(cohort):
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=3, largest=4)
    made = circle(cohort, members=3)
    newcomer = accepted(ApplicationFactory, cohort, pathway="circle")

    services.join(made, people=[newcomer], by=None, at=NOW)

    kinds = sorted(Message.objects.values_list("kind", flat=True))
    assert kinds == ["partnerships/email/introduction"] + ["partnerships/email/joined"] * 4
    assert Message.objects.get(to=newcomer.user.email).kind == "partnerships/email/introduction"


@pytest.mark.clause("BM-7")
def test_a_circle_never_grows_beyond_its_largest_size(cohort):
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=3, largest=3)
    made = circle(cohort, members=3)

    with pytest.raises(NotPossible, match="has room for 0 more"):
        services.join(
            made,
            people=[accepted(ApplicationFactory, cohort, pathway="circle")],
            by=None,
            at=NOW,
        )


@pytest.mark.clause("EI-2")
def test_a_partnership_ends_by_itself_after_the_cohorts_last_day_and_tells_each_once(
    cohort,
):
    made = pair(cohort)
    last_evening = datetime(2026, 4, 30, 22, 30, tzinfo=UTC)  # half past eleven in London

    assert end_partnerships_due(last_evening) == 0
    assert end_partnerships_due(last_evening + timedelta(hours=1)) == 1
    assert end_partnerships_due(last_evening + timedelta(hours=2)) == 0

    made.refresh_from_db()
    assert (made.state, made.end_reason) == (State.ENDED, EndReason.PROGRAMME)
    assert Message.objects.filter(kind="partnerships/email/closing").count() == 2


def test_nobody_ends_a_partnership_of_their_own_for_the_office(cohort, admin):
    made = pair(cohort, mentor=MentorFactory(cohort=cohort, user=admin))

    with pytest.raises(NotPossible, match="a partnership of your own"):
        services.end(made, by=admin, at=NOW, reason=EndReason.OFFICE)
    made.refresh_from_db()
    assert made.is_active


def test_the_end_frees_the_mentors_place(cohort):
    made = pair(cohort, mentor=accepted(MentorFactory, cohort))
    mentor = made.memberships.get(part="mentor").application

    services.end(made, by=None, at=NOW, reason=EndReason.OFFICE)

    introduce(mentor, accepted(ApplicationFactory, cohort))
    assert Place.objects.count() == 1
