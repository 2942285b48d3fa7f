"""Which texts count as accepted, and how they come to be (EI-1, EI-1a)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import queries
from applications.card import accepted_policy
from applications.models import Application, PolicyAcceptance, State
from applications.services import deciding, writing
from applications.tests.factories import ApplicationFactory, PolicyAcceptanceFactory
from conftest import NOW
from mentorship.lib.refusals import NotPossible
from partnerships.tests.factories import pair
from programmes import services as programmes
from programmes.tests.factories import CohortFactory, DutyFactory, PolicyVersionFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


@pytest.fixture
def cohort():
    return CohortFactory()


def guidance(cohort, on=TODAY, **values):
    return PolicyVersionFactory(programme=cohort.programme, kind="guidance", published_on=on, **values)


def accepted(cohort, at=NOW, **values):
    application = ApplicationFactory(cohort=cohort, **values)
    PolicyAcceptanceFactory(application=application, accepted_at=at)
    return application


@pytest.mark.clause("EI-1a")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 1, 13, 23, tzinfo=UTC), False),  # the day before: of another guidance
        (datetime(2026, 1, 14, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 14, 23, 59, tzinfo=UTC), False),  # the day itself: nobody knows which came first
        (datetime(2026, 1, 15, 0, tzinfo=UTC), True),
    ],
)
def test_who_accepted_the_policy_on_a_later_day_accepted_the_guidance_of_then_with_it(cohort, at, expected):
    guidance(cohort)

    assert queries.has_accepted(accepted(cohort, at=at)) is expected


@pytest.mark.clause("EI-1a")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 23, 1, tzinfo=UTC), True),  # past midnight in London
    ],
)
def test_the_days_of_acceptance_are_londons(cohort, at, expected):
    guidance(cohort, on=date(2026, 7, 1))

    assert queries.has_accepted(accepted(cohort, at=at)) is expected


@pytest.mark.clause("EI-1a")
def test_a_new_guidance_waits_for_an_acceptance_of_its_own(cohort):
    application = accepted(cohort, at=NOW - timedelta(days=30))
    before = queries.has_accepted(application)
    version = guidance(cohort)
    asked = queries.has_accepted(application)
    PolicyAcceptanceFactory(application=application, policy_version=version, accepted_at=NOW)

    assert (before, asked, queries.has_accepted(application)) == (True, False, True)


@pytest.mark.clause("EI-1a")
def test_the_guidance_alone_is_no_acceptance_of_the_policy(cohort):
    application = ApplicationFactory(cohort=cohort)
    PolicyAcceptanceFactory(application=application, policy_version=guidance(cohort))

    assert not queries.has_accepted(application)


@pytest.mark.clause("EI-1a")
def test_only_the_newest_published_guidance_of_the_own_programme_counts(cohort):
    application = accepted(cohort, at=NOW - timedelta(days=30))
    guidance(cohort, on=date(2025, 12, 1))
    guidance(CohortFactory(), on=TODAY)
    guidance(cohort, on=None)

    assert queries.has_accepted(application)


@pytest.mark.clause("EI-1a")
def test_an_older_guidance_that_was_accepted_does_not_stand_for_the_newest(cohort):
    application = accepted(cohort, at=NOW - timedelta(days=30))
    PolicyAcceptanceFactory(application=application, policy_version=guidance(cohort, on=date(2026, 1, 10)))
    guidance(cohort)

    assert not queries.has_accepted(application)


@pytest.mark.clause("EI-1")
def test_everybodys_acceptance_is_read_in_one_query(cohort, django_assert_num_queries):
    for _ in range(3):
        accepted(cohort)
    guidance(cohort, on=date(2026, 1, 13))

    with django_assert_num_queries(1):
        assert [row.has_accepted for row in Application.objects.with_acceptance()] == [True] * 3


@pytest.mark.clause("EI-1", "EI-1a")
def test_one_press_accepts_the_policy_and_the_newest_guidance(cohort):
    version = guidance(cohort)
    application = ApplicationFactory(cohort=cohort)

    for _ in range(2):
        writing.accept_policy(
            application, by=application.user, at=NOW, version=cohort.policy_id, guidance=version.pk
        )

    rows = PolicyAcceptance.objects.values_list("application", "policy_version", "accepted_at", "source")
    assert sorted(rows) == sorted((application.pk, pk, NOW, "web") for pk in (cohort.policy_id, version.pk))


@pytest.mark.clause("EI-1a")
def test_submitting_accepts_the_guidance_too(cohort, clock):
    at = datetime(2025, 10, 20, 12, tzinfo=UTC)
    version = guidance(cohort, on=date(2025, 10, 20))
    application = ApplicationFactory(cohort=cohort, draft=True)

    writing.submit(application, by=application.user, at=at, accepts_policy=True, guidance=version.pk)

    assert {row.policy_version for row in application.acceptances.all()} == {cohort.policy, version}


@pytest.mark.clause("EI-1a")
def test_whoever_was_shown_an_older_guidance_reads_the_new_one_first(cohort):
    shown = guidance(cohort, on=date(2026, 1, 10))
    guidance(cohort)
    application = ApplicationFactory(cohort=cohort)

    with pytest.raises(NotPossible, match="a new version of the guidance"):
        writing.accept_policy(application, by=application.user, at=NOW, guidance=shown.pk)
    assert not application.acceptances.exists()


@pytest.mark.clause("EI-1a")
def test_whoever_was_shown_no_guidance_reads_the_first_one_before_accepting(client, cohort):
    application = ApplicationFactory(cohort=cohort)
    client.force_login(application.user)
    address = reverse("application", args=[application.pk])
    form = client.get(address).context["form"]
    guidance(cohort, label="first")

    sent = {name: form[name].value() for name in ("version", "guidance")}
    refused = client.post(reverse("accept_policy", args=[application.pk]), {"accepts_policy": "on", **sent})

    assert "a new version of the guidance" in refused.content.decode()
    assert not application.acceptances.exists()
    again = refused.context["form"]
    sent = {name: again[name].value() for name in ("version", "guidance")}
    client.post(reverse("accept_policy", args=[application.pk]), {"accepts_policy": "on", **sent})
    assert application.acceptances.count() == 2


@pytest.mark.clause("EI-1a")
def test_after_a_refusal_the_tick_has_to_be_set_again(client, cohort):
    application = ApplicationFactory(cohort=cohort)
    client.force_login(application.user)

    refused = client.post(
        reverse("accept_policy", args=[application.pk]), {"accepts_policy": "on", "version": 0}
    )

    assert refused.context["form"]["accepts_policy"].value() is False


# The office records


def recorded(application, *, by, accepted_at, note="Signed form"):
    return deciding.record_acceptance(application, by=by, at=NOW, accepted_at=accepted_at, note=note)


@pytest.mark.clause("EI-1", "EI-1a")
def test_what_the_office_records_covers_the_guidance_of_that_day(cohort):
    admin = DutyFactory(programme=cohort.programme).user
    version = guidance(cohort)
    application = ApplicationFactory(cohort=cohort)

    recorded(application, by=admin, accepted_at=NOW)

    rows = application.acceptances.values_list("policy_version", "source", "note", "recorded_by")
    assert sorted(rows) == sorted(
        (pk, "office", "Signed form", admin.pk) for pk in (cohort.policy_id, version.pk)
    )


@pytest.mark.clause("EI-1a")
def test_a_signed_form_of_earlier_does_not_cover_a_guidance_of_later(cohort):
    admin = DutyFactory(programme=cohort.programme).user
    guidance(cohort)
    application = ApplicationFactory(cohort=cohort)

    recorded(application, by=admin, accepted_at=NOW - timedelta(days=2))
    with pytest.raises(NotPossible, match="published after that day"):
        recorded(application, by=admin, accepted_at=NOW - timedelta(days=1))

    assert [row.policy_version for row in application.acceptances.all()] == [cohort.policy]


@pytest.mark.clause("EI-1")
def test_recording_the_same_twice_changes_nothing(cohort):
    admin = DutyFactory(programme=cohort.programme).user
    guidance(cohort, on=date(2026, 1, 1))
    application = ApplicationFactory(cohort=cohort)

    for _ in range(2):
        recorded(application, by=admin, accepted_at=NOW - timedelta(days=2))

    assert application.acceptances.count() == 2


@pytest.mark.clause("EI-1a")
@pytest.mark.parametrize(("answer", "seen"), [("yes", "Has accepted"), ("no", "Has not"), ("", None)])
def test_the_office_filters_its_list_by_who_has_accepted(client, cohort, answer, seen):
    client.force_login(DutyFactory(programme=cohort.programme).user)
    accepted(cohort, user__name="Has accepted")
    ApplicationFactory(cohort=cohort, user__name="Has not")

    page = client.get("/admin/applications/application/", {"accepted": answer} if answer else {})

    names = sorted(row.user.name for row in page.context["cl"].result_list)
    assert names == ([seen] if seen else ["Has accepted", "Has not"])


def test_the_page_on_which_the_office_records_names_what_is_missing(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme).user)
    application = accepted(cohort, at=NOW - timedelta(days=30))
    guidance(cohort, label="spring")

    page = client.get(f"/admin/applications/application/record-acceptance/?ids={application.pk}")

    assert [note for _, note in page.context["rows"]] == ["Guidance spring"]


# What is owed


@pytest.mark.clause("EI-1a")
def test_what_is_owed_is_named_with_the_version_that_it_replaces(cohort):
    guidance(cohort, on=date(2025, 9, 1), label="autumn")
    application = accepted(cohort, at=NOW - timedelta(days=30))
    old = cohort.policy.label
    cohort.policy = PolicyVersionFactory(programme=cohort.programme, label="second", published_on=TODAY)
    cohort.save()
    guidance(cohort, label="spring")

    texts = queries.owed([application])[application.pk]

    assert [(text.kind, text.version.label, text.before) for text in texts] == [
        ("policy", "second", old),
        ("guidance", "spring", "autumn"),
    ]


@pytest.mark.clause("EI-1a")
def test_the_page_shows_what_is_owed_with_links_to_both_texts(client, cohort):
    guidance(cohort, on=date(2025, 9, 1), label="autumn")
    application = accepted(cohort, at=NOW - timedelta(days=30))
    version = guidance(cohort, label="spring")
    client.force_login(application.user)

    page = client.get(reverse("application", args=[application.pk])).content.decode()

    assert "in place of version autumn that you accepted" in page
    assert f'href="{version.get_absolute_url()}"' in page
    assert f'href="{cohort.policy.get_absolute_url()}"' in page


@pytest.mark.clause("EI-1a")
def test_the_page_asks_for_nothing_when_all_is_accepted_or_the_cohort_has_ended(client, cohort, clock):
    application = ApplicationFactory(cohort=cohort)
    client.force_login(application.user)
    address = reverse("application", args=[application.pk])
    asked = "Please read and accept"

    before = asked in client.get(address).content.decode()
    writing.accept_policy(application, by=application.user, at=NOW)
    accepted_all = asked in client.get(address).content.decode()
    guidance(cohort)
    again = asked in client.get(address).content.decode()
    clock.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC))
    client.force_login(application.user)
    after = asked in client.get(address).content.decode()

    assert (before, accepted_all, again, after) == (True, False, True, False)


@pytest.mark.clause("EI-1a")
def test_what_many_owe_is_read_in_as_many_queries_as_for_one(cohort):
    guidance(cohort)
    counts = []
    for _ in range(2):
        accepted(cohort, at=NOW - timedelta(days=30))
        rows = list(Application.objects.select_related("cohort"))
        with CaptureQueriesContext(connection) as asked:
            queries.owed(rows)
        counts.append(len(asked))
        accepted(cohort, at=NOW - timedelta(days=30))

    assert counts[0] == counts[1]


@pytest.mark.clause("EI-1a")
def test_an_accepted_guidance_decides_nothing_about_what_is_shown(cohort):
    application = accepted(cohort)
    PolicyAcceptanceFactory(application=application, policy_version=guidance(cohort))

    assert accepted_policy(application) == cohort.policy


@pytest.mark.clause("EI-1a")
def test_publishing_a_guidance_in_mid_programme_asks_for_it(cohort):
    application = accepted(cohort, at=NOW - timedelta(days=30))
    draft = guidance(cohort, on=None)

    programmes.publish(draft, by=None, at=NOW)

    assert [text.version for text in queries.owed([application])[application.pk]] == [draft]


def test_a_state_in_which_nothing_can_be_accepted_has_no_form(client, cohort):
    application = ApplicationFactory(cohort=cohort, state=State.DECLINED)
    client.force_login(application.user)

    response = client.post(reverse("accept_policy", args=[application.pk]), {"accepts_policy": "on"})

    assert (response.status_code, application.acceptances.count()) == (404, 0)


@pytest.mark.clause("EI-1a")
def test_who_has_been_introduced_reads_on_the_page_that_it_goes_on_meanwhile(client, cohort):
    made = pair(cohort)
    guidance(cohort)
    application = made.memberships.get(part="mentee").application
    client.force_login(application.user)

    page = client.get(reverse("application", args=[application.pk])).content.decode()

    assert "Your partnership goes on as it is meanwhile." in page
    assert "You can be introduced to somebody only after" not in page
