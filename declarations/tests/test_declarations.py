from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import UserFactory
from declarations import services
from declarations.models import Declaration
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


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
def test_another_persons_duty_opens_nothing_and_a_closed_account_neither(cohort):
    services.declare(by=UserFactory(), cohort=cohort, at=NOW)
    closed = UserFactory(is_active=False)
    for user in (UserFactory(), closed):
        DutyFactory(kind="eligibility", programme=cohort.programme, user=user)

    read = [Declaration.objects.visible_to(user).count() for user in (UserFactory(), closed)]

    assert read == [0, 0]


@pytest.mark.clause("BM-2")
def test_another_persons_yes_is_nobody_elses(cohort):
    services.declare(by=UserFactory(), cohort=cohort, at=NOW)

    assert services.has_declared(user=UserFactory(), cohort=cohort) is False


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


def test_one_that_was_taken_back_stands_no_more_and_stays_on_record(cohort):
    person = UserFactory()
    services.declare(by=person, cohort=cohort, at=NOW)

    taken = [services.withdraw(by=person, cohort=cohort, at=LATER) for _ in range(2)]

    assert taken == [True, False]
    assert not services.has_declared(user=person, cohort=cohort)
    assert list(Declaration.objects.values_list("made_at", "withdrawn_at")) == [(NOW, LATER)]


def test_it_is_taken_back_in_one_cohort_and_by_one_person(cohort):
    person, other = UserFactory(), UserFactory()
    elsewhere = CohortFactory(programme__declaration_wording="I identify as …")
    for who, where in ((person, cohort), (other, cohort), (person, elsewhere)):
        services.declare(by=who, cohort=where, at=NOW)

    services.withdraw(by=person, cohort=cohort, at=LATER)

    standing = Declaration.objects.standing().order_by("pk").values_list("user", "cohort")
    assert list(standing) == [(other.pk, cohort.pk), (person.pk, elsewhere.pk)]


def test_a_new_yes_stands_beside_the_record_of_the_old_one(cohort):
    person = UserFactory()
    services.declare(by=person, cohort=cohort, at=NOW)
    services.withdraw(by=person, cohort=cohort, at=LATER)

    services.declare(by=person, cohort=cohort, at=LATER)

    assert Declaration.objects.count() == 2
    assert services.has_declared(user=person, cohort=cohort)


@pytest.mark.parametrize(("said_at", "stands"), [(-1, False), (0, False), (1, True)])
def test_a_sheet_brings_back_only_a_yes_of_afterwards(cohort, said_at, stands):
    person = UserFactory()
    for at in (NOW, LATER):  # taken back twice: the last time decides
        services.declare(by=person, cohort=cohort, at=at)
        services.withdraw(by=person, cohort=cohort, at=at)

    services.declare_all([(person, LATER + timedelta(seconds=said_at))], cohort=cohort)

    assert services.has_declared(user=person, cohort=cohort) is stands


def test_a_sheet_adds_nothing_to_one_that_stands(cohort):
    person = UserFactory()
    services.declare(by=person, cohort=cohort, at=NOW)
    services.withdraw(by=person, cohort=cohort, at=NOW)
    services.declare(by=person, cohort=cohort, at=NOW)

    services.declare_all([(person, LATER)], cohort=cohort)

    assert Declaration.objects.count() == 2
