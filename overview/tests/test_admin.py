from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.tests.factories import UserFactory
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from outbox.models import Message
from overview.tests.answers import without_token
from overview.tests.factories import DisclosureFactory, KeptMessageFactory
from partnerships.models import Disclosure, EndReason, Partnership
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

MESSAGES = reverse("admin:outbox_message_changelist")
PARTNERSHIPS = reverse("admin:partnerships_partnership_changelist")
DISCLOSURES = reverse("admin:partnerships_disclosure_changelist")


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def office(client, programme):
    """The client, signed in as an administrator of the programme."""
    client.force_login(DutyFactory(programme=programme).user)
    return client


def rows(page):
    return set(page.context["cl"].queryset)


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def disclosure_of(partnership):
    mentor, mentee = partnership.memberships.select_related("application__user").order_by("pk")[:2]
    return DisclosureFactory(partnership=partnership, of=mentee.application, to=mentor.application.user)


# Messages


@pytest.mark.clause("ALL-1")
def test_the_list_of_messages_holds_those_of_ones_own_programmes(office, programme):
    own = KeptMessageFactory(programme=programme.slug)
    KeptMessageFactory(programme=ProgrammeFactory().slug)
    KeptMessageFactory(programme="")

    assert rows(office.get(MESSAGES)) == {own}


@pytest.mark.parametrize("rank", ["administrator", "superuser"])
def test_messages_of_concerns_are_in_no_list_of_the_office(client, programme, rank):
    KeptMessageFactory(programme=programme.slug, kind="concerns/email/new_case")
    user = UserFactory(is_superuser=rank == "superuser")
    DutyFactory(user=user, programme=programme)
    client.force_login(user)

    page = client.get(MESSAGES)

    assert (rows(page), page.context["cl"].full_result_count) == (set(), 0)
    assert "concerns" not in page.content.decode()
    assert client.get(change_url(Message.objects.get())).status_code == 302


def test_a_superuser_sees_messages_of_no_programme_as_well(client, programme):
    kept = {KeptMessageFactory(programme=programme.slug), KeptMessageFactory(programme="")}
    client.force_login(UserFactory(is_superuser=True))

    assert rows(client.get(MESSAGES)) == kept


def test_a_message_shows_when_what_kind_and_to_whom_but_not_what_it_says(office, programme):
    message = KeptMessageFactory(
        programme=programme.slug,
        text="CanaryText",
        html="CanaryHtml",
        subject="CanarySubject",
        key="canary/key",
    )

    pages = [office.get(MESSAGES).content.decode(), office.get(change_url(message)).content.decode()]

    for page in pages:
        assert "canary" not in page.lower()
        assert message.to in page
        assert "Introduction" in page
    assert 'name="_save"' not in pages[1]


def test_a_failed_message_is_tried_again_and_others_are_left_alone(office, programme):
    failed = KeptMessageFactory(programme=programme.slug, state="failed", attempts=6, error="550 unknown")
    sent = KeptMessageFactory(
        programme=programme.slug, state="sent", sent_at=datetime(2025, 12, 1, 9, tzinfo=UTC)
    )
    elsewhere = KeptMessageFactory(programme=ProgrammeFactory().slug, state="failed")

    answer = office.post(
        MESSAGES,
        {"action": "try_again", "_selected_action": [failed.pk, sent.pk, elsewhere.pk]},
        follow=True,
    )

    assert [str(message) for message in answer.context["messages"]] == [
        "Messages that are tried again: 1.",
        "Left alone, since they hadn’t failed: 1.",
    ]
    assert dict(Message.objects.values_list("pk", "state")) == {
        failed.pk: "waiting",
        sent.pk: "sent",
        elsewhere.pk: "failed",
    }


# Partnerships


@pytest.mark.clause("ALL-1")
def test_the_list_of_partnerships_holds_those_of_ones_own_programmes(office, programme):
    own = pair(cohort=CohortFactory(programme=programme, name="CohortOfOurs"))
    pair(cohort=CohortFactory(name="CohortOfOthers"))

    page = office.get(PARTNERSHIPS)

    assert rows(page) == {own}
    assert "CohortOfOthers" not in page.content.decode()


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize(("method", "status"), [("get", 302), ("post", 403)])
def test_a_row_of_another_programme_answers_like_one_that_does_not_exist(office, method, status):
    elsewhere = pair()
    disclosure = disclosure_of(elsewhere)
    message = KeptMessageFactory(programme=elsewhere.cohort.programme.slug)

    for row in (elsewhere, disclosure, message):
        answer = getattr(office, method)(change_url(row))
        missing = getattr(office, method)(change_url(row).replace(f"/{row.pk}/", "/987654321/"))
        assert (answer.status_code, missing.status_code) == (status, status)
        assert (answer.headers.get("Location"), without_token(answer)) == (
            missing.headers.get("Location"),
            without_token(missing),
        )


def test_the_list_shows_people_meetings_held_and_the_last_one(office, programme):
    partnership = circle(cohort=CohortFactory(programme=programme), members=2)
    left = partnership.memberships.filter(part="mentee").order_by("pk").last()
    left.left_on = date(2026, 1, 5)
    left.save()
    MeetingFactory(partnership=partnership)
    MeetingFactory(partnership=partnership, held_on=date(2026, 1, 9))

    (row,) = office.get(PARTNERSHIPS).context["cl"].result_list
    shown = admin.site.get_model_admin(Partnership)

    names = [m.application.user.name for m in partnership.memberships.filter(left_on=None).order_by("pk")]
    assert (shown.people(row), shown.meetings_held(row)) == (", ".join(names), "2 · last 9 January")


def test_a_partnership_shows_who_is_in_it_and_its_meetings_as_facts_and_nothing_can_be_written(
    office, programme
):
    partnership = pair(cohort=CohortFactory(programme=programme))
    MeetingFactory(partnership=partnership, minutes=77)
    ContactFrequencyFactory(partnership=partnership, frequency="fortnightly")

    page = office.get(change_url(partnership)).content.decode()

    for membership in partnership.memberships.select_related("application__user"):
        assert membership.application.user.name in page
    assert "77" in page
    assert "Every two weeks" in page
    assert 'name="_save"' not in page
    assert office.post(change_url(partnership), {"state": "ended"}).status_code == 403


def test_ending_asks_once_more_and_then_tells_everybody(office, programme):
    partnership = pair(cohort=CohortFactory(programme=programme))
    selected = {"action": "end", "_selected_action": [partnership.pk]}

    asked = office.post(PARTNERSHIPS, selected)
    before = Partnership.objects.get().state
    answer = office.post(PARTNERSHIPS, selected | {"confirmed": "yes"}, follow=True)

    assert (asked.templates[0].name, before) == ("admin/partnerships/partnership/end.html", "active")
    assert [str(message) for message in answer.context["messages"]] == [
        "Partnerships ended: 1. Everybody in them is told."
    ]
    ended = Partnership.objects.get()
    assert (ended.state, ended.end_reason, ended.ended_at) == (
        "ended",
        EndReason.OFFICE,
        datetime(2026, 1, 14, 9, 30, tzinfo=UTC),
    )
    assert Message.objects.filter(kind="partnerships/email/ended_early").count() == 2


def test_what_has_ended_already_is_named_and_holds_back_nothing_else(office, programme):
    cohort = CohortFactory(programme=programme)
    over, active = pair(cohort=cohort), pair(cohort=cohort)
    end(over, by=None, at=datetime(2026, 1, 13, tzinfo=UTC), reason=EndReason.PROGRAMME)

    answer = office.post(
        PARTNERSHIPS,
        {"action": "end", "_selected_action": [over.pk, active.pk], "confirmed": "yes"},
        follow=True,
    )

    assert sorted(str(message) for message in answer.context["messages"]) == [
        f"Partnership {over.pk}: This partnership has ended already.",
        "Partnerships ended: 1. Everybody in them is told.",
    ]


@pytest.mark.clause("ALL-1")
def test_nobody_ends_a_partnership_of_another_programme(office):
    elsewhere = pair()

    office.post(PARTNERSHIPS, {"action": "end", "_selected_action": [elsewhere.pk], "confirmed": "yes"})

    assert Partnership.objects.get().state == "active"


# Disclosures


@pytest.mark.clause("ALL-2")
def test_the_office_reads_the_record_of_its_own_programme(office, programme):
    partnership = pair(cohort=CohortFactory(programme=programme))
    own = disclosure_of(partnership)
    disclosure_of(pair())

    page = office.get(DISCLOSURES)
    shown = admin.site.get_model_admin(Disclosure)

    assert rows(page) == {own}
    assert (shown.whose(own), shown.what(own), own.to.name in page.content.decode()) == (
        own.of.user.name,
        "Name",
        True,
    )


def test_nobody_writes_the_record_by_hand(office, programme):
    own = disclosure_of(pair(cohort=CohortFactory(programme=programme)))

    assert 'name="_save"' not in office.get(change_url(own)).content.decode()
    assert office.post(change_url(own), {"facts": "bio"}).status_code == 403
    assert office.get(reverse("admin:partnerships_disclosure_add")).status_code == 403
    assert office.post(reverse("admin:partnerships_disclosure_delete", args=[own.pk])).status_code == 403
    assert Disclosure.objects.get().facts == "name"


# All three


@pytest.mark.parametrize("url", [MESSAGES, PARTNERSHIPS, DISCLOSURES])
@pytest.mark.parametrize("kind", [Duty.Kind.ELIGIBILITY, Duty.Kind.CONCERNS, None])
def test_only_who_administers_a_programme_opens_the_lists(client, url, kind):
    user = UserFactory()
    if kind:
        DutyFactory(user=user, kind=kind)
    client.force_login(user)

    assert client.get(url, follow=True).status_code == 403


@pytest.mark.parametrize(
    ("url", "search"),
    [(MESSAGES, "reader"), (PARTNERSHIPS, "Person"), (DISCLOSURES, "Person"), (MESSAGES, "")],
)
def test_a_list_asks_the_database_as_often_for_one_row_as_for_three(
    office, programme, url, search, django_assert_num_queries, django_assert_max_num_queries
):
    cohort = CohortFactory(programme=programme)

    def one_more():
        partnership = pair(cohort=cohort)
        MeetingFactory(partnership=partnership)
        disclosure_of(partnership)
        KeptMessageFactory(programme=programme.slug)

    one_more()
    office.get(url)
    with django_assert_max_num_queries(25) as for_one:
        office.get(url, {"q": search})
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        assert len(office.get(url, {"q": search}).context["cl"].result_list) == 3
