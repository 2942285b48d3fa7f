from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from overview.tests.factories import DisclosureFactory
from overview.views.pages import LINES_PER_PAGE
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DisclosedFactFactory

pytestmark = pytest.mark.django_db
SEEN = reverse("seen")


def lines(client, user, page=1):
    client.force_login(user)
    return client.get(SEEN, {"page": page}).context["lines"]


@pytest.fixture
def partnership():
    """A pair under a policy that shows names both ways, and the mentee's course under a label of its own."""
    cohort = CohortFactory()
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    DisclosedFactFactory(
        policy_version=cohort.policy,
        direction="of_mentee",
        fact="study_programme",
        label="Master’s programme",
    )
    return pair(
        mentor=MentorFactory(cohort=cohort, user__name="Rosa Mentor"),
        mentee=ApplicationFactory(cohort=cohort, user__name="Ilse Mentee"),
    )


def sides(partnership):
    rows = {row.part: row.application for row in partnership.memberships.select_related("application__user")}
    return rows["mentor"], rows["mentee"]


@pytest.mark.clause("ALL-2")
def test_a_person_reads_what_of_theirs_was_shown_to_whom_when_how_and_under_which_version(
    client, partnership
):
    mentor, mentee = sides(partnership)
    DisclosureFactory(
        partnership=partnership,
        of=mentee,
        to=mentor.user,
        facts="name,study_programme",
        channel="email",
        first_at=datetime(2025, 12, 1, 9, 5, tzinfo=UTC),
    )

    (line,) = lines(client, mentee.user)
    text = client.get(SEEN).content.decode()

    policy = partnership.cohort.policy
    assert (line.facts, line.viewer, line.part, line.channel, line.policy) == (
        ("Name", "Master’s programme"),
        "Rosa Mentor",
        "Mentor",
        "By e-mail",
        f"Policy {policy.label}",
    )
    assert "1 December 2025, 09:05" in text
    assert text.count(f'href="{policy.get_absolute_url()}"') == 1


@pytest.mark.clause("ALL-2")
def test_the_record_is_about_oneself_and_shows_nobody_elses(client, partnership):
    mentor, mentee = sides(partnership)
    DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)
    DisclosureFactory(partnership=partnership, of=mentor, to=mentee.user)

    assert [line.viewer for line in lines(client, mentee.user)] == ["Rosa Mentor"]
    assert [line.viewer for line in lines(client, mentor.user)] == ["Ilse Mentee"]
    assert lines(client, UserFactory()) == []


def test_the_viewer_is_named_only_if_the_policy_lets_one_know_their_name(client):
    partnership = pair(mentor=MentorFactory(user__name="Canary Mentor"))
    mentor, mentee = sides(partnership)
    DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)

    (line,) = lines(client, mentee.user)

    assert (line.viewer, line.part) == ("", "Mentor")
    assert "Canary" not in client.get(SEEN).content.decode()


def test_of_the_viewer_the_page_shows_nothing_but_name_and_part(client, partnership):
    mentor, mentee = sides(partnership)
    mentor.job_role, mentor.bio = "CanaryRole", "CanaryBio"
    mentor.save()
    DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)
    client.force_login(mentee.user)

    text = client.get(SEEN).content.decode()

    assert (text.count("Rosa Mentor"), text.count("Canary"), text.count(mentor.user.email)) == (1, 0, 0)


def test_a_viewer_who_has_left_since_stays_in_the_record(client):
    partnership = circle()
    DisclosedFactFactory(policy_version=partnership.cohort.policy, direction="in_circle", fact="name")
    first, second = partnership.memberships.filter(part="mentee").order_by("pk")[:2]
    DisclosureFactory(partnership=partnership, of=first.application, to=second.application.user)
    second.left_on = date(2026, 1, 5)
    second.save()

    assert [(line.viewer, line.part) for line in lines(client, first.application.user)] == [
        (second.application.user.name, "Member")
    ]


def test_somebody_who_was_shown_to_nobody_is_told_so(client):
    client.force_login(UserFactory())

    assert "Nobody yet" in client.get(SEEN).content.decode()


def many(partnership, number):
    mentor, mentee = sides(partnership)
    for day in range(number):
        DisclosureFactory(
            partnership=partnership,
            of=mentee,
            to=mentor.user,
            on=date(2025, 12, 1 + day),
            first_at=datetime(2025, 12, 1 + day, 9, tzinfo=UTC),
        )
    return mentee.user


def test_a_long_record_comes_in_pages_with_the_newest_first(client, partnership):
    user = many(partnership, LINES_PER_PAGE + 2)

    first, second = lines(client, user), lines(client, user, page=2)

    assert (len(first), len(second)) == (LINES_PER_PAGE, 2)
    assert [line.at.day for line in [*first, *second]] == list(range(LINES_PER_PAGE + 2, 0, -1))


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999"])
def test_a_page_that_is_not_there_gives_one_that_is(client, partnership, page):
    assert len(lines(client, many(partnership, 1), page=page)) == 1


def test_the_record_asks_the_database_as_often_for_one_row_as_for_three(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    user = UserFactory()

    def one_more():
        partnership = pair(mentee=ApplicationFactory(user=user))
        mentor, mentee = sides(partnership)
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)

    one_more()
    client.force_login(user)
    client.get(SEEN)
    with django_assert_max_num_queries(15) as for_one:
        client.get(SEEN)
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        assert len(client.get(SEEN).context["lines"]) == 3


def test_who_is_signed_out_is_asked_to_sign_in(client):
    assert client.get(SEEN).url == f"{reverse('account_login')}?next={SEEN}"
