"""Matching can't use what people declared about themselves, nor what they answered: not a bit of it changes."""

import random
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from declarations import services as declarations
from declarations.models import Declaration
from equality import services as equality
from equality.models import Answers
from equality.questions import QUESTIONS
from matching import proofs, readiness
from matching.models import MatchRun
from matching.services import runs
from matching.tests.people import mentee, mentor
from programmes.models import Programme
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    PathwayFactory,
    WeightFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7", "BM-2")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
SECTORS = ["Law", "Finance", "EU", "Media"]


@pytest.fixture
def cohort():
    """Both pathways, more mentees than places, and everybody has declared and answered."""
    cohort = CohortFactory(programme__declaration_wording="I belong.", programme__is_sensitive=True)
    for kind in ("one_to_one", "circle"):
        pathway = PathwayFactory(programme=cohort.programme, kind=kind, label=kind, smallest=1, largest=4)
        WeightFactory(pathway=pathway, part="sectors", strength=3)
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    chance = random.Random(7)
    people = [mentor(cohort, *chance.sample(SECTORS, 2), can_facilitate=n < 2) for n in range(6)]
    people += [mentee(cohort, *chance.sample(SECTORS, 2), pathway="either") for _ in range(16)]
    for application in people:
        declarations.declare(by=application.user, cohort=cohort, at=NOW)
        answers = {name: chance.choice(question.choices.values) for name, question in QUESTIONS.items()}
        equality.give(cohort=cohort, account=application.user_id, answers=answers, at=NOW)
    return cohort


def shuffle_answers():
    """Everybody has somebody else's answers, and somebody else's declaration under another wording."""
    answers = list(Answers.objects.order_by("pk"))
    for old, new in zip(answers, [answers[-1].given(), *(row.given() for row in answers)], strict=False):
        Answers.objects.filter(pk=old.pk).update(**new)
    Declaration.objects.update(wording="Another wording", made_at=NOW)


def withdraw_half():
    for row in Declaration.objects.order_by("pk")[::2]:
        Declaration.objects.filter(pk=row.pk).update(withdrawn_at=NOW)
    for row in Answers.objects.order_by("pk")[::2]:
        row.delete()


def delete_all():
    Declaration.objects.all().delete()
    Answers.objects.all().delete()


def delete_answers():
    Answers.objects.all().delete()


def result(run):
    """All that a run decided, kept and proves, but for its number, its clock and what is derived from these."""
    aside = {"id", "started_at", "finished_at", "seconds"}
    figures = MatchRun.objects.filter(pk=run.pk).values().get()
    people = [
        (
            suggestion.pathway,
            suggestion.fit,
            suggestion.state,
            [
                (member.application_id, member.part, member.fit, member.reasons)
                for member in suggestion.members.order_by("application")
            ],
        )
        for suggestion in run.suggestions.order_by("pk")
    ]
    return (
        {name: value for name, value in figures.items() if name not in aside},
        people,
        sorted(run.exclusions.values_list("application", "reason")),
        bytes(run.record.input),
        run.record.certificate,
        [(finding.holds, finding.says) for finding in proofs.prove(run)],
    )


def run(cohort, **choices):
    return runs.run(**{"cohort": cohort, "by": None, "at": NOW, **choices})


@pytest.mark.parametrize("seed", [0, 11])
@pytest.mark.parametrize("change", [shuffle_answers, delete_answers])
def test_whatever_people_declared_and_answered_a_run_is_the_same_to_the_bit(cohort, change, seed):
    before = result(run(cohort, seed=seed))

    change()

    assert result(run(cohort, seed=seed)) == before
    assert before[0]["placed"] > 0


@pytest.mark.parametrize("change", [shuffle_answers, withdraw_half, delete_all])
def test_eligibility_apart_whether_people_declared_at_all_changes_no_bit_of_a_run(cohort, change):
    Programme.objects.update(declaration_wording="")  # so that nobody is eligible or not by it
    before = result(run(cohort))

    change()

    assert result(run(cohort)) == before


def test_of_declarations_a_run_asks_by_eligibility_whose_stand_and_of_answers_nothing(cohort):
    with CaptureQueriesContext(connection) as asked:
        made = run(cohort)
        proofs.prove(made)
        readiness.readiness(cohort, on=NOW.date())

    statements = [query["sql"] for query in asked.captured_queries]
    columns = {sql.partition(" FROM ")[0] for sql in statements if "declarations_" in sql}
    assert columns == {
        'SELECT "declarations_declaration"."user_id" AS "user_id",'
        ' "declarations_declaration"."cohort_id" AS "cohort_id"'
    }
    assert [sql for sql in statements if "equality_" in sql] == []
