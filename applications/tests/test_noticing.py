"""A new privacy notice is told to those whom it concerns, and nobody is asked to accept it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications import tasks
from applications.models import State
from applications.queries import owed
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from conftest import NOW
from outbox.models import Message
from programmes.models import Ask, PolicyVersion
from programmes.tests.factories import CohortFactory, PolicyVersionFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cohort():
    return CohortFactory(programme__slug="alumni", programme__name="Alumni mentoring")


def notice(cohort, label="n2", published_on=TODAY):
    return PolicyVersionFactory(
        programme=cohort.programme,
        kind="notice",
        label=label,
        published_on=published_on,
        text="What we keep.",
    )


def test_everybody_in_a_running_cohort_is_written_to_once_with_what_changed(cohort):
    person = MentorFactory(cohort=cohort).user
    ApplicationFactory(cohort=cohort, user=person, waiting=True)  # in two roles
    notice(cohort, "n1", date(2025, 1, 1))
    notice(cohort)

    written = [tasks.make_notices_known() for _ in range(2)]

    letter = Message.objects.get()
    assert (written, letter.to, letter.subject) == ([1, 0], person.email, "Your mentoring programme")
    assert "/programmes/alumni/notice/n2/since/n1/" in letter.text
    assert "nobody asks you to accept it" in letter.text


@pytest.mark.parametrize(
    "facts",
    [
        {"draft": True},
        {"state": State.WITHDRAWN},
        {"state": State.DECLINED},
        {"user__is_active": False},
        {"submitted_at": NOW + timedelta(days=1)},
    ],
)
def test_whom_it_does_not_concern_hears_nothing(cohort, facts):
    ApplicationFactory(cohort=cohort, **facts)
    notice(cohort)

    assert tasks.make_notices_known() == 0


def test_nobody_is_told_of_a_draft_an_old_notice_or_after_the_end(cohort, clock):
    ApplicationFactory(cohort=cohort)
    notice(cohort, "old", date(2025, 1, 1))
    notice(cohort, "draft", None)
    before = tasks.make_notices_known()
    clock.move_to(NOW.replace(month=5, day=2))
    notice(cohort, "late", date(2026, 5, 1))

    assert (before, tasks.make_notices_known()) == (0, 0)


def test_a_notice_is_owed_by_nobody(cohort):
    own = PolicyAcceptanceFactory(application__cohort=cohort).application
    notice(cohort)

    assert owed([own]) == {own.pk: []}


def test_it_stands_on_the_first_page_for_four_weeks(client, clock, cohort):
    client.force_login(ApplicationFactory(cohort=cohort).user)
    new = notice(cohort)

    shown = []
    for days in (0, 27, 28):
        clock.move_to(NOW + timedelta(days=days))
        client.force_login(ApplicationFactory._meta.model.objects.get().user)
        shown.append(client.get("/").context["notices"])

    assert shown == [[new], [new], []]


def test_the_notice_is_linked_wherever_details_are_asked_for(client, clock, cohort):
    address = notice(cohort, published_on=date(2025, 9, 1)).get_absolute_url()
    Ask.objects.create(programme=cohort.programme, role="mentee", fact="bio", section="You", label="Bio")
    clock.move_to(NOW.replace(year=2025, month=10, day=20))
    draft = ApplicationFactory(cohort=cohort, draft=True)
    visitor = [client.get(reverse(name)) for name in ("account_signup", "concern")]
    client.force_login(draft.user)
    own = [
        client.get(reverse(name, args=args))
        for name, args in (
            ("edit_application", [draft.pk]),
            ("check_application", [draft.pk]),
            ("programme", ["alumni"]),
            ("privacy", []),
        )
    ]

    assert [address in page.content.decode() for page in own] == [True] * 4
    assert ['href="/privacy/"' in page.content.decode() for page in visitor] == [True] * 2


def test_the_page_of_notices_links_the_newest_of_each_public_programme(
    client, cohort, django_assert_num_queries
):
    notice(cohort, "n1", date(2025, 1, 1))
    new = notice(cohort)
    other = CohortFactory(programme__is_public=False)
    notice(other)

    with django_assert_num_queries(2):
        page = client.get("/privacy/")

    assert [
        found for found in PolicyVersion.objects.all() if found.get_absolute_url() in page.content.decode()
    ] == [new]
