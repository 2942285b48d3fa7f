"""A superuser sets programmes up and gives duties; rank alone opens nobody's application (ALL-1)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.models import AlumniRecord, Application
from matching.models import MatchRun
from matching.tests.factories import RunFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.models import DataRequest, RetentionPeriod, RetentionRun
from partnerships import services
from partnerships.models import Disclosure, Flag, Partnership
from partnerships.tests.factories import pair
from programmes.models import Cohort, Duty, PolicyVersion, Programme, Question, SchoolPage, Wording
from programmes.tests.factories import CohortFactory, DutyFactory
from training.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
OF_PEOPLE = [AlumniRecord, Application, Flag, MatchRun, Partnership, Session]
SET_UP = [
    Cohort,
    Duty,
    PolicyVersion,
    Programme,
    Question,
    RetentionPeriod,
    RetentionRun,
    SchoolPage,
    Wording,
]
# Who asked for something about their data belongs to no programme: superusers answer for data protection.
OPEN_TO_RANK = [*SET_UP, DataRequest, Disclosure, Message]
COHORT_PAGES = ["criteria", "decisions", "readiness", "waiting"]


@pytest.fixture
def root(client):
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    return user


def status(client, model):
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return client.get(reverse(page)).status_code


@pytest.mark.parametrize("model", OF_PEOPLE)
def test_a_list_of_people_opens_by_duty_alone(client, root, model):
    by_rank = status(client, model)
    DutyFactory(user=root)

    assert (by_rank, status(client, model)) == (403, 200)


@pytest.mark.parametrize("model", OPEN_TO_RANK)
def test_what_is_set_up_and_what_is_recorded_opens_by_rank(client, root, model):
    assert status(client, model) == 200


def test_the_index_names_to_rank_alone_no_list_of_people(client, root):
    groups = client.get(reverse("admin:index")).context["app_list"]

    named = {row["object_name"] for group in groups for row in group["models"]}
    assert named == {model.__name__ for model in OPEN_TO_RANK}


@pytest.mark.parametrize("page", COHORT_PAGES)
def test_the_pages_about_a_cohorts_people_open_by_duty_alone(client, root, page):
    cohort = RunFactory().cohort
    address = reverse(f"admin:matching_{page}", args=[cohort.pk])
    by_rank = client.get(address).status_code
    DutyFactory(user=root, programme=cohort.programme)

    assert (by_rank, client.get(address).status_code) == (404, 200)


@pytest.mark.parametrize("page", ["matching_start", "applications_application_import"])
def test_nothing_starts_and_nothing_is_imported_by_rank(client, root, page):
    assert client.get(reverse(f"admin:{page}")).status_code == 403


@pytest.mark.parametrize(
    "page", ["matching_start", "applications_application_import", "training_session_add"]
)
def test_a_duty_for_one_programme_offers_no_cohort_of_another(client, root, page):
    own, _elsewhere = CohortFactory(), CohortFactory()
    DutyFactory(user=root, programme=own.programme)

    context = client.get(reverse(f"admin:{page}")).context

    form = context["adminform"].form if "adminform" in context else context["form"]
    assert list(form.fields["cohort"].queryset) == [own]


def test_the_row_of_a_partnership_opens_by_duty_alone(client, root):
    partnership = pair()
    by_rank = list(Partnership.objects.visible_to(root))
    DutyFactory(user=root, programme=partnership.cohort.programme)

    assert (by_rank, list(Partnership.objects.visible_to(root))) == ([], [partnership])


def test_no_verb_takes_rank_for_a_duty(root):
    partnership = pair()

    with pytest.raises(NotPossible, match="You don't work for this programme"):
        services.pause(partnership, by=root, at=timezone.now())
