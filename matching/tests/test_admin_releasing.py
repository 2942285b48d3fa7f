from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from matching.models import Suggestion
from matching.services import releasing
from matching.tests.factories import RunFactory, pairs_of, suggested
from matching.tests.people import mentee, mentor
from overview.tests.answers import without_token
from partnerships.models import Partnership
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(client, admin):
    """The client, signed in as an administrator of the cohort's programme."""
    client.force_login(admin)
    return client


def release_of(run):
    return reverse("admin:matching_release", args=[run.pk])


def call_back_of(run):
    return reverse("admin:matching_call_back", args=[run.pk])


def states(run):
    return list(run.suggestions.order_by("pk").values_list("state", flat=True))


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_release_is_asked_once_more_and_takes_what_was_ticked(office, cohort):
    run = pairs_of(cohort, 2)
    one = run.suggestions.order_by("pk")[0]

    asked = office.post(release_of(run), {"suggestion": [one.pk]})
    before = states(run)
    office.post(release_of(run), {"suggestion": [one.pk], "confirm": "1"})

    assert ([*asked.context["suggestions"]], [*asked.context["ticked"]]) == ([one], [one.pk])
    assert (before, states(run)) == (["proposed", "proposed"], ["leaving", "proposed"])


def test_without_ticks_everything_is_released(office, cohort):
    run = pairs_of(cohort, 2)

    answer = office.post(release_of(run), {"confirm": "1"}, follow=True)

    assert said(answer) == [
        "Released: 2. Their introductions leave at 09:45; until then you can call them back, and nobody will know."
    ]
    assert (states(run), Partnership.objects.count()) == (["leaving", "leaving"], 0)
    assert answer.content.decode().count("Call all of them back") == 1


def test_ticks_that_are_no_suggestions_of_this_run_release_nothing(office, cohort):
    run, other = pairs_of(cohort), pairs_of(cohort)

    office.post(release_of(run), {"suggestion": [other.suggestions.get().pk], "confirm": "1"})
    office.post(release_of(run), {"suggestion": ["x", "9" * 50], "confirm": "1"})

    assert (states(run), states(other)) == (["proposed"], ["proposed"])


def test_without_a_delay_people_are_introduced_at_once(office, cohort, settings):
    settings.RELEASE_DELAY = timedelta(0)
    run = pairs_of(cohort)

    answer = office.post(release_of(run), {"confirm": "1"}, follow=True)

    assert said(answer) == ["Released: 1. Everybody in them has been introduced."]
    assert Partnership.objects.count() == 1


def test_whoever_is_held_back_is_named(office, cohort):
    run = pairs_of(cohort)
    person = Application.objects.get(role="mentee")
    Application.objects.filter(pk=person.pk).update(state="withdrawn")

    answer = office.post(release_of(run), {"confirm": "1"}, follow=True)

    both = " and ".join(member.application.user.name for member in run.suggestions.get().members.all())
    assert said(answer) == [f"Held back, {both}: {person.user.name} isn't accepted at the moment."]


def test_what_is_leaving_is_called_back(office, cohort):
    run = pairs_of(cohort, 2)
    one = run.suggestions.order_by("pk")[0]
    office.post(release_of(run), {"confirm": "1"})

    answer = office.post(call_back_of(run), {"suggestion": [one.pk]}, follow=True)

    assert said(answer)[-1] == "Called back: 1. Nobody has been told anything."
    assert states(run) == ["proposed", "leaving"]
    office.post(call_back_of(run))
    assert states(run) == ["proposed", "proposed"]


def test_it_is_too_late_to_call_back_whoever_is_introduced(office, cohort, clock):
    run = pairs_of(cohort)
    office.post(release_of(run), {"confirm": "1"})
    clock.shift(timedelta(minutes=15))
    releasing.introduce_due(NOW + timedelta(minutes=15))

    answer = office.post(call_back_of(run), follow=True)

    assert (
        said(answer)[-1]
        == "None of these is on its way: only what is released and not introduced yet comes back."
    )
    assert states(run) == ["released"]


def test_the_page_of_a_trial_says_why_it_is_not_released(office, cohort):
    run = RunFactory(cohort=cohort, is_trial=True)
    suggested(run, mentor(cohort), mentee(cohort))

    text = office.get(release_of(run)).content.decode()

    assert "A trial of other rules can&#x27;t be released" in text
    assert 'name="confirm"' not in text


def test_looking_changes_nothing(office, cohort):
    run = pairs_of(cohort)

    office.get(release_of(run), {"confirm": "1"})
    called = office.get(call_back_of(run))

    assert (called.status_code, states(run)) == (405, ["proposed"])


def test_an_administrator_who_takes_part_sees_and_does_nothing_with_their_own_match(office, cohort, admin):
    run = RunFactory(cohort=cohort)
    other = mentee(cohort)
    suggested(run, mentor(cohort, user=admin), other)
    texts = [office.get(release_of(run)).content.decode()]
    office.post(release_of(run), {"confirm": "1"})
    not_released = states(run)
    releasing.release(run, by=None, at=NOW)

    texts.append(office.get(release_of(run)).content.decode())
    office.post(call_back_of(run))

    assert [other.user.name in text for text in texts] == [False, False]
    assert (not_released, states(run)) == (["proposed"], ["leaving"])


def test_calling_all_back_leaves_the_administrators_own_match_to_a_colleague(office, cohort, admin):
    run = RunFactory(cohort=cohort)
    suggested(run, mentor(cohort, user=admin), mentee(cohort))
    suggested(run, mentor(cohort), mentee(cohort))
    releasing.release(run, by=None, at=NOW)

    office.post(call_back_of(run))

    assert states(run) == ["leaving", "proposed"]


@pytest.mark.clause("ALL-1")
def test_another_programme_s_run_is_not_there(client, cohort):
    run = pairs_of(cohort)
    client.force_login(DutyFactory().user)

    for name in ("admin:matching_release", "admin:matching_call_back"):
        answers = [client.post(reverse(name, args=[pk]), {"confirm": "1"}) for pk in (run.pk, 987654)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len({without_token(answer) for answer in answers}) == 1
    assert states(run) == ["proposed"]


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_releases_nothing(client, cohort):
    run = pairs_of(cohort)
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    assert client.post(release_of(run), {"confirm": "1"}).status_code == 404
    assert states(run) == ["proposed"]


def test_the_page_costs_the_same_for_one_pair_and_for_three(office, cohort):
    counts = []
    for number in (1, 3):
        run = pairs_of(cohort, 2 * number)
        half = run.suggestions.filter(pk__in=run.suggestions.order_by("pk").values("pk")[:number])
        Suggestion.objects.filter(pk__in=list(half.values_list("pk", flat=True))).update(
            state="leaving", leaves_at=NOW
        )
        with CaptureQueriesContext(connection) as queries:
            office.get(release_of(run))
        counts.append(len(queries))

    assert counts[0] == counts[1]
