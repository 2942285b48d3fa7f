import pytest

from matching.criteria import Criteria, in_force
from matching.parts import OF_PART, OF_RULE, asked_by
from matching.services import runs, settling
from matching.tests.factories import RunFactory
from matching.tests.people import NOW, mentee, mentor
from mentorship.lib.refusals import NotPossible
from programmes.models import Ask, Weight
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db


def pathway_of(cohort):
    return cohort.programme.pathways.get(kind="one_to_one")


@pytest.mark.clause("EI-M")
def test_what_is_settled_is_in_force(cohort, admin):
    wanted = Criteria(weights={"sectors": 1, "place": 4}, forbids_same_manager=True, objective="fairest")

    changed = settling.settle(cohort, {"one_to_one": wanted}, by=admin, at=NOW)

    assert [pathway.kind for pathway in changed] == ["one_to_one"]
    assert in_force(cohort.programme) == {"one_to_one": wanted}


def test_a_pathway_that_stays_as_it_is_is_not_written(cohort, admin, with_circles):
    wanted = {"one_to_one": Criteria(weights={"sectors": 3, "place": 0}), "circle": Criteria({"sectors": 1})}

    changed = settling.settle(cohort, wanted, by=admin, at=NOW)

    assert [pathway.kind for pathway in changed] == ["circle"]
    assert dict(pathway_of(cohort).weights.values_list("part", "strength")) == {"sectors": 3}


def test_all_pathways_are_settled_or_none(cohort, admin, with_circles):
    before = in_force(cohort.programme)

    with pytest.raises(NotPossible, match="At least one part must count"):
        settling.settle(
            cohort, {"circle": Criteria({"sectors": 1}), "one_to_one": Criteria()}, by=admin, at=NOW
        )

    assert in_force(cohort.programme) == before


@pytest.mark.clause("ALL-1")
def test_a_stranger_settles_and_adopts_nothing(cohort):
    stranger, before = DutyFactory().user, in_force(cohort.programme)
    trial = RunFactory(cohort=cohort, is_trial=True, criteria={"one_to_one": {"weights": {"sectors": 1}}})

    for attempt in (
        lambda: settling.settle(cohort, {"one_to_one": Criteria({"sectors": 1})}, by=stranger, at=NOW),
        lambda: settling.adopt(trial, by=stranger, at=NOW),
    ):
        with pytest.raises(NotPossible, match="don't administer"):
            attempt()
    assert in_force(cohort.programme) == before


@pytest.mark.clause("EI-M")
def test_a_trial_changes_nothing_until_it_is_adopted(cohort, admin):
    mentor(cohort, "Law"), mentee(cohort, "Law")
    before, tried = in_force(cohort.programme), Criteria(weights={"sectors": 1}, objective="fairest")

    trial = runs.run(cohort=cohort, by=admin, at=NOW, trying={"one_to_one": tried})
    assert in_force(cohort.programme) == before

    settling.adopt(trial, by=admin, at=NOW)
    assert in_force(cohort.programme) == {"one_to_one": tried}


@pytest.mark.parametrize(
    "unfit", [{}, {"is_trial": True, "state": "waiting", "finished_at": None, "input_hash": ""}]
)
def test_only_a_finished_trial_is_adopted(cohort, admin, unfit):
    run = RunFactory(cohort=cohort, criteria={"one_to_one": {"weights": {"sectors": 1}}}, **unfit)

    with pytest.raises(NotPossible, match="finished trial"):
        settling.adopt(run, by=admin, at=NOW)


def test_every_part_and_every_rule_but_that_of_former_partners_has_its_answers():
    assert set(OF_PART) == set(Weight.Part)
    assert set(OF_RULE) | {"forbids_former_partners"} == {
        name for name in Criteria.__dataclass_fields__ if name.startswith("forbids_")
    }


@pytest.mark.parametrize(
    ("asks", "is_asked"),
    [
        ([("mentee", "study_programme"), ("mentor", "courses")], True),
        ([("mentee", "study_programme")], False),
        ([("mentee", "courses"), ("mentor", "study_programme")], False),
    ],
)
def test_a_part_means_something_where_both_sides_are_asked(cohort, asks, is_asked):
    for role, fact in asks:
        Ask.objects.create(programme=cohort.programme, role=role, fact=fact, section="S", label=fact)

    assert OF_PART["course"].is_asked(asked_by(cohort.programme)) is is_asked
