from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import UserFactory
from declarations import services
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory(programme__declaration_wording="I identify as …")


@pytest.mark.clause("BM-2")
def test_a_yes_is_kept_with_the_wording_that_was_shown(cohort):
    person = UserFactory()

    services.declare(by=person, cohort=cohort, at=NOW)
    services.declare(by=person, cohort=cohort, at=NOW)

    assert list(Declaration.objects.values_list("user", "wording", "made_at")) == [
        (person.pk, "I identify as …", NOW)
    ]


def test_a_programme_without_a_wording_takes_no_declarations():
    with pytest.raises(NotPossible, match="asks for no declaration"):
        services.declare(by=UserFactory(), cohort=CohortFactory(), at=NOW)


@pytest.mark.clause("BM-2", "ALL-1")
@pytest.mark.parametrize(
    ("kind", "own", "sees"),
    [
        ("eligibility", True, 1),
        ("eligibility", False, 0),
        ("administer", True, 0),
        ("concerns", True, 0),
    ],
)
def test_only_who_decides_eligibility_in_this_programme_reads_it(cohort, kind, own, sees):
    services.declare(by=UserFactory(), cohort=cohort, at=NOW)
    duty = DutyFactory(kind=kind, **({"programme": cohort.programme} if own else {}))

    assert Declaration.objects.visible_to(duty.user).count() == sees


@pytest.mark.clause("BM-2")
def test_a_superusers_rank_opens_no_declaration(cohort):
    services.declare(by=UserFactory(), cohort=cohort, at=NOW)

    assert Declaration.objects.visible_to(UserFactory(is_superuser=True)).count() == 0


def test_nothing_reaches_a_declaration_by_walking_from_a_person_or_a_cohort():
    names = {
        relation.get_accessor_name()
        for field in ("user", "cohort")
        for relation in Declaration._meta.get_field(field).related_model._meta.related_objects
        if relation.related_model is Declaration
    }
    assert names <= {None, "+"} or all(name.endswith("+") for name in names if name)


def test_two_standing_declarations_of_one_person_are_impossible(cohort):
    person = UserFactory()
    services.declare(by=person, cohort=cohort, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(user=person, cohort=cohort, wording="w", made_at=NOW)
