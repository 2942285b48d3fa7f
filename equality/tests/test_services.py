from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from equality import keys, queries, services
from equality.models import Answers
from equality.tests.factories import AnswersFactory
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
OTHER = "another-secret-" + "y8R" * 12


@pytest.fixture
def cohort():
    return CohortFactory()


def give(cohort, account=7, at=NOW, **answers):
    services.give(cohort=cohort, account=account, answers=answers, at=at)


def own(cohort, account=7):
    found = queries.own(cohort=cohort, account=account)
    return {question: answer for question, answer in found.given().items() if answer} if found else None


def test_a_person_finds_their_answers_again_and_nobody_elses(cohort):
    give(cohort, age="35_44", caring="unsaid")
    give(cohort, account=8, age="under_25")

    assert (own(cohort), own(cohort, 8)) == ({"age": "35_44", "caring": "unsaid"}, {"age": "under_25"})
    assert (own(cohort, 9), own(CohortFactory())) == (None, None)


def test_new_answers_take_the_place_of_the_old_ones_in_a_row_of_their_own(cohort):
    give(cohort, age="35_44", gender="woman")
    before = Answers.objects.get().pk

    give(cohort, age="45_54")

    assert (own(cohort), Answers.objects.get().pk == before) == ({"age": "45_54"}, False)


def test_the_same_answers_again_change_nothing(cohort):
    give(cohort, age="35_44")
    before = Answers.objects.get().pk

    give(cohort, age="35_44", gender="")

    assert Answers.objects.get().pk == before


def test_answers_that_are_all_emptied_are_gone(cohort):
    give(cohort, age="35_44")

    give(cohort)

    assert Answers.objects.count() == 0


def test_a_cohort_that_is_over_takes_no_answers_and_lets_them_be_taken_back(cohort):
    give(cohort, age="35_44")

    with pytest.raises(NotPossible, match="is over"):
        give(cohort, age="45_54", at=datetime(2027, 1, 1, tzinfo=UTC))
    assert own(cohort) == {"age": "35_44"}
    assert services.take_back(cohort=cohort, account=7)


def test_taking_back_deletes_ones_own_answers_and_no_others(cohort):
    give(cohort, age="35_44")
    give(cohort, account=8, age="under_25")

    assert [services.take_back(cohort=cohort, account=7) for _ in range(2)] == [True, False]
    assert (own(cohort), own(cohort, 8)) == (None, {"age": "under_25"})


def test_everything_that_a_person_answered_is_found_over_all_cohorts(cohort):
    other = CohortFactory()
    mine = {AnswersFactory(cohort=where, account=7).pk for where in (cohort, other)}
    AnswersFactory(cohort=cohort, account=8)

    assert {row.pk for row in queries.of_account(7)} == mine


def test_answers_are_found_and_replaced_after_the_secret_has_changed(cohort, settings):
    give(cohort, age="35_44")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]

    assert own(cohort) == {"age": "35_44"}
    give(cohort, age="45_54")
    assert (own(cohort), Answers.objects.count()) == ({"age": "45_54"}, 1)


def test_renewed_answers_no_longer_need_the_former_secret(cohort, settings):
    for account in (7, 8):
        give(cohort, account=account, age="35_44")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]
    rows = set(Answers.objects.values_list("pk", flat=True))

    assert [services.renew(cohort=cohort, accounts=[7, 8, 9]) for _ in range(2)] == [2, 0]

    settings.SECRET_KEY_FALLBACKS = []
    assert [own(cohort, account) for account in (7, 8)] == [{"age": "35_44"}] * 2
    assert set(Answers.objects.values_list("pk", flat=True)) == rows


def test_without_a_former_secret_there_is_nothing_to_renew(cohort, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert services.renew(cohort=cohort, accounts=[7]) == 0


def test_whose_answers_are_whose_takes_one_query_for_any_number(cohort):
    rows = {account: AnswersFactory(cohort=cohort, account=account) for account in (7, 8, 9)}

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.by_account(cohort=cohort, accounts=range(5, 9))

    assert (found, len(asked)) == ({7: rows[7], 8: rows[8]}, 1)


def test_what_is_kept_of_a_person_is_a_keyed_hash_alone(cohort):
    give(cohort, account=7, age="35_44")

    assert Answers.objects.get().pseudonym == keys.pseudonym(cohort=cohort.pk, account=7)
