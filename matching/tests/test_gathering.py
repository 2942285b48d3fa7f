import random
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from declarations import services as declarations
from declarations.models import Declaration
from matching.engine import Person
from matching.models import Decision, Exclusion, MatchRun
from matching.services import deciding
from matching.tests.factories import DecisionFactory, suggested
from matching.tests.people import NOW, mentee, mentor, people_of, placed_in, run
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import EndReason, Partnership
from partnerships.services import end
from partnerships.tests.factories import pair
from programmes.models import Weight
from programmes.tests.factories import CohortFactory, OptionFactory, PathwayFactory, WeightFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("EI-M")
def test_what_people_submitted_decides_and_the_reason_names_it(cohort):
    law, finance = mentor(cohort, "Law"), mentor(cohort, "Finance")
    wants_finance, wants_law = mentee(cohort, "Finance"), mentee(cohort, "Law")

    made = run(cohort)

    assert people_of(made) == {frozenset({law.pk, wants_law.pk}), frozenset({finance.pk, wants_finance.pk})}
    reasons = {
        m.application_id: m.reasons for s in made.suggestions.all() for m in s.members.filter(part="mentee")
    }
    assert reasons == {wants_law.pk: ["Both chose Law."], wants_finance.pk: ["Both chose Finance."]}
    assert (made.placed, made.total, made.is_optimal) == (2, 20_000, True)


def test_nobody_hears_of_a_run(cohort):
    mentor(cohort, "Law"), mentee(cohort, "Law")

    run(cohort)

    assert (Message.objects.count(), Partnership.objects.count()) == (0, 0)


@pytest.mark.clause("EI-7", "BM-2")
def test_the_engines_rows_hold_nothing_but_what_matching_may_know():
    assert [field.name for field in fields(Person)] == [
        "key",
        "sectors",
        "support_areas",
        "courses",
        "places",
        "band",
        "division",
        "managers",
    ]


@pytest.mark.clause("EI-7", "BM-2")
def test_what_was_declared_and_what_people_are_called_change_nothing_of_a_run(cohort):
    everybody = [mentor(cohort, "Law"), mentor(cohort), mentee(cohort, "Law"), mentee(cohort, "Finance")]
    declare(cohort, everybody, "I identify as …")
    before = run(cohort)
    Declaration.objects.all().delete()
    declare(cohort, everybody[::-1], "Another wording")
    for application in everybody:
        application.user.name = f"Other {application.pk}"
        application.user.save()

    after = run(cohort)

    assert (after.input_hash, people_of(after)) == (before.input_hash, people_of(before))


def declare(cohort, applications, wording):
    cohort.programme.declaration_wording = wording
    cohort.programme.save()
    for application in applications:
        declarations.declare(by=application.user, cohort=cohort, at=NOW)


@pytest.mark.clause("BM-8")
def test_a_mentor_is_suggested_for_no_more_than_the_free_places(cohort):
    first = mentor(cohort, places=2)
    for _ in range(3):
        mentee(cohort)

    made = run(cohort)

    assert made.placed == 2
    assert made.suggestions.filter(members__application=first).count() == 2


@pytest.mark.clause("EI-M")
def test_who_is_left_out_has_a_reason(cohort):
    mentor(cohort, places=1)
    placed, left = mentee(cohort), mentee(cohort)
    held = mentee(cohort, has_mentor_until=date(2026, 3, 31), hold_until=date(2026, 3, 31))

    made = run(cohort)

    reasons = dict(made.exclusions.values_list("application", "reason"))
    assert set(reasons) == {held.pk, ({placed.pk, left.pk} - placed_in(made)).pop()}
    assert reasons[held.pk] == "The application is held until 31 March 2026."


def test_the_line_of_management_is_kept_apart_where_the_programme_says_so(cohort):
    boss = mentor(cohort, user__email="boss@lse.ac.uk")
    report = mentee(cohort, line_manager_email="Boss@lse.ac.uk")
    assert people_of(run(cohort)) == {frozenset({boss.pk, report.pk})}
    cohort.programme.pathways.update(forbids_line_management=True)

    made = run(cohort)

    assert people_of(made) == set()
    assert made.exclusions.get(application=report).reason == (
        "Every mentor with a place is in their line of management."
    )


@pytest.mark.clause("BM-7")
def test_one_run_places_who_would_take_either_pathway_once(cohort, with_circles):
    lead = mentor(cohort, places=0, can_facilitate=True)
    pair_mentor = mentor(cohort, places=1)
    in_circle = [mentee(cohort, pathway="circle") for _ in range(2)]
    either = mentee(cohort, pathway="either")
    one_to_one = mentee(cohort, pathway="one_to_one")

    made = run(cohort)

    assert people_of(made) == {
        frozenset({lead.pk, either.pk, *(a.pk for a in in_circle)}),
        frozenset({pair_mentor.pk, one_to_one.pk}),
    }


@pytest.mark.clause("BM-7")
def test_a_run_may_be_restricted_to_one_pathway(cohort, with_circles):
    mentor(cohort, places=1, can_facilitate=True)
    for _ in range(2):
        mentee(cohort, pathway="either")

    assert {s.pathway for s in run(cohort, pathway="circle").suggestions.all()} == {"circle"}
    assert {s.pathway for s in run(cohort, pathway="one_to_one").suggestions.all()} == {"one_to_one"}


@pytest.mark.clause("BM-7")
def test_a_circle_that_cannot_reach_its_smallest_size_is_not_opened(cohort, with_circles):
    mentor(cohort, places=0, can_facilitate=True)
    alone = mentee(cohort, pathway="circle")

    made = run(cohort)

    assert people_of(made) == set()
    assert made.exclusions.get(application=alone).reason == (
        "A further circle would not reach its smallest size of 2."
    )


@pytest.mark.clause("BM-7")
def test_who_chose_a_circle_is_never_given_a_pair_because_there_is_no_circle(cohort, with_circles):
    mentor(cohort, places=1)
    waits = mentee(cohort, pathway="circle")

    made = run(cohort)

    assert people_of(made) == set()
    assert made.exclusions.get(application=waits).reason == "Nobody offers to facilitate a circle."


@pytest.mark.clause("BM-7")
def test_a_run_of_one_pathway_keeps_the_locks_of_the_other(cohort, admin, with_circles):
    mentor(cohort, places=2, can_facilitate=True)
    in_circle = [mentee(cohort, pathway="either") for _ in range(2)]
    deciding.lock(run(cohort, pathway="circle").suggestions.all(), by=admin, at=NOW)

    pairs = run(cohort, pathway="one_to_one")
    both = run(cohort)

    assert people_of(pairs) == set()
    assert set(pairs.exclusions.filter(application__role="mentee").values_list("application", "reason")) == {
        (a.pk, "Locked in the other pathway.") for a in in_circle
    }
    assert [s.is_locked for s in both.suggestions.all()] == [True]


@pytest.mark.clause("BM-7")
def test_a_programme_of_circles_alone_matches_who_was_not_asked_for_a_pathway(cohort):
    cohort.programme.pathways.all().delete()
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=3)
    mentor(cohort, places=0, can_facilitate=True)
    for _ in range(2):
        mentee(cohort)

    assert run(cohort).placed == 2


def test_a_pathway_that_the_programme_does_not_have_is_refused(cohort):
    with pytest.raises(NotPossible, match="doesn't have that pathway"):
        run(cohort, pathway="circle")


@pytest.mark.clause("BM-9")
def test_who_has_a_mentor_is_held_until_then_and_taken_up_again_by_itself(cohort):
    until = date(2026, 3, 31)
    mentor(cohort)
    held = mentee(cohort, has_mentor_until=until, hold_until=until)

    before = run(cohort, at=datetime(2026, 3, 30, 12, tzinfo=UTC))
    on_the_day = run(cohort, at=datetime(2026, 3, 31, 12, tzinfo=UTC))

    assert before.exclusions.get(application=held).reason == "The application is held until 31 March 2026."
    assert on_the_day.placed == 1


@pytest.mark.clause("BM-3", "BM-10")
def test_whom_the_rules_exclude_since_the_decision_is_not_suggested(cohort):
    mentor(cohort)
    outside = mentee(cohort, staff_group="Academic")
    OptionFactory(programme=cohort.programme, fact="staff_group", name="Academic", is_eligible=False)

    made = run(cohort)

    assert (
        made.exclusions.get(application=outside).reason
        == "The programme's rules say no; see the application."
    )


def test_two_who_were_together_before_are_not_suggested_again(cohort, admin):
    end(pair(mentor=mentor(cohort), mentee=mentee(cohort)), by=admin, at=NOW, reason=EndReason.OFFICE)

    made = run(cohort)

    assert people_of(made) == set()
    assert "together before" in Exclusion.objects.filter(run=made).order_by("pk")[0].reason


@pytest.mark.clause("ALL-1")
def test_a_run_takes_people_of_its_own_cohort_only(cohort):
    own = {mentor(cohort).pk, mentee(cohort).pk}
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    mentor(other), mentee(other)

    assert placed_in(run(cohort)) == own


def test_the_number_of_queries_does_not_grow_with_the_people(cohort):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        for _ in range(3):
            mentor(cohort, "Law"), mentee(cohort, "Law")
        with CaptureQueriesContext(connection) as queries:
            run(cohort)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert MatchRun.objects.count() == 2


@pytest.mark.clause("EI-1")
def test_who_has_not_accepted_the_policy_is_not_matched_and_is_named(cohort):
    mentor(cohort)
    waits = mentee(cohort, accepted=False)

    made = run(cohort)

    assert made.placed == 0
    assert (
        made.exclusions.get(application=waits).reason
        == "Hasn't accepted this cohort's policy and guidance yet."
    )


def test_each_pathway_has_weights_of_its_own(cohort, with_circles):
    Weight.objects.filter(pathway=with_circles).delete()
    WeightFactory(pathway=with_circles, part="level", strength=4)
    mentor(cohort, "Law", places=0, can_facilitate=True, band=9)
    mentor(cohort, "Law", band=None)
    in_circle = [mentee(cohort, "Law", pathway="circle", band=4) for _ in range(2)]
    in_pair = mentee(cohort, "Law", pathway="one_to_one", band=9)

    made = run(cohort)

    members = made.suggestions.get(pathway="circle").members.filter(part="mentee")
    assert {m.application_id: m.reasons for m in members} == {
        a.pk: ["The mentor works at least two bands above."] for a in in_circle
    }
    alone = made.suggestions.get(pathway="one_to_one").members.get(part="mentee")
    assert (alone.application_id, alone.reasons) == (in_pair.pk, ["Both chose Law."])


def test_a_rule_of_one_pathway_does_not_bind_the_other(cohort, with_circles):
    with_circles.forbids_same_division = True
    with_circles.save()
    mentor(cohort, places=1, can_facilitate=True, division="Library")
    mentee(cohort, pathway="one_to_one", division="Library")
    for _ in range(2):
        mentee(cohort, pathway="circle", division="Library")

    made = run(cohort)

    assert [s.pathway for s in made.suggestions.all()] == ["one_to_one"]


@pytest.mark.clause("BM-8")
@pytest.mark.parametrize("state", ["leaving", "offered"])
def test_places_of_what_is_on_its_way_are_held_and_its_people_are_not_matched_again(cohort, state):
    leaves_at = NOW if state == "leaving" else None
    first, second = mentor(cohort, places=1), mentor(cohort, places=2)
    on_their_way = mentee(cohort)
    waits = [mentee(cohort) for _ in range(2)]
    suggested(run(cohort, pathway="one_to_one"), first, on_their_way, state=state, leaves_at=leaves_at)

    made = run(cohort)

    assert people_of(made) == {frozenset({second.pk, person.pk}) for person in waits}


def test_what_was_refused_for_ever_holds_in_the_next_cohort_and_the_other_way_round(cohort):
    one, other = mentor(cohort), mentee(cohort)
    DecisionFactory(
        cohort=cohort, mentee=other, mentor=one, kind=Decision.Kind.NEVER, reason="They asked us."
    )
    following = CohortFactory(programme=cohort.programme, slug="next")
    mentor(following, user=other.user), mentee(following, user=one.user)

    assert run(following).placed == 0


def test_what_was_refused_for_this_time_is_open_again_in_the_next_cohort(cohort):
    one, other = mentor(cohort), mentee(cohort)
    DecisionFactory(cohort=cohort, mentee=other, mentor=one, kind=Decision.Kind.APART)
    following = CohortFactory(programme=cohort.programme, slug="next")
    mentor(following, user=one.user), mentee(following, user=other.user)

    assert (run(cohort).placed, run(following).placed) == (0, 1)


def test_a_match_for_one_mentee_is_looked_for_on_what_is_left(cohort):
    free = mentor(cohort, "Law")
    pair(mentor=mentor(cohort, "Law", places=1), mentee=mentee(cohort))
    mentee(cohort, "Law")
    asked = mentee(cohort, "Law")

    made = run(cohort, only_for=asked)

    assert people_of(made) == {frozenset({free.pk, asked.pk})}
    assert not made.exclusions.exists()


def test_a_match_for_one_mentor_is_looked_for_among_who_waits(cohort):
    mentor(cohort, "Law")
    asked, waits = mentor(cohort, "Finance", places=1), mentee(cohort, "Finance")
    mentee(cohort, "Law")

    made = run(cohort, only_for=asked)

    assert people_of(made) == {frozenset({asked.pk, waits.pk})}


def test_a_match_for_one_breaks_up_nothing_that_is_suggested_to_others(cohort):
    for _ in range(2):
        mentor(cohort, "Law", places=1), mentee(cohort, "Law")
    run(cohort)
    asked = mentor(cohort, "Law", places=2)
    newcomer = mentee(cohort)

    assert people_of(run(cohort, only_for=asked)) == {frozenset({asked.pk, newcomer.pk})}


def test_a_match_for_who_is_not_accepted_finds_nobody(cohort):
    mentor(cohort)
    draft = mentee(cohort, state="draft", submitted_at=None, decided_at=None)

    assert run(cohort, only_for=draft).placed == 0


def test_the_objective_of_the_pathway_is_followed_and_the_other_one_said(cohort):
    cohort.programme.pathways.update(objective="fairest")
    mentor(cohort, "A", "B"), mentor(cohort, "A")
    mentee(cohort, "A", "B"), mentee(cohort, "B")

    made = run(cohort)

    assert made.objective == "fairest"
    assert made.comparison["other"]["objective"] == "total"
    assert made.smallest >= made.comparison["other"]["smallest"]


@pytest.mark.clause("EI-M")
def test_the_same_people_give_the_same_run_on_every_database_and_in_every_order(cohort, with_circles):
    """Equal fits everywhere, so that the lot alone decides: what it draws is the same on all machines."""
    cohort.programme.pathways.update(smallest=2, largest=2)
    people = [(mentor, 9001 + i, {"places": 1, "can_facilitate": i == 0}) for i in range(3)]
    people += [(mentee, 9101 + i, {"pathway": "either"}) for i in range(7)]
    random.shuffle(people)
    for kind, number, details in people:
        kind(cohort, "Law", pk=number, **details)

    made = run(cohort, seed=20)

    placed = {frozenset(pk for pk in people if pk > 9100) for people in people_of(made)}
    assert (made.placed, made.total, len(placed)) == (5, 50_000, 4)
    drawn = sorted(sorted(people) for people in people_of(made))
    assert drawn == [[9001, 9102, 9103], [9001, 9105], [9002, 9106], [9003, 9101]]
