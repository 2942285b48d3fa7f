from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from applications.models import Application
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from declarations import services as declarations
from declarations.models import Declaration
from matching import services
from matching.engine import Person
from matching.models import Exclusion, MatchRun, Suggestion
from matching.queries import review
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import EndReason, Partnership
from partnerships.services import end, join
from partnerships.tests.factories import circle
from programmes.models import Weight
from programmes.tests.factories import (
    CohortFactory,
    DisclosedFactFactory,
    DutyFactory,
    OptionFactory,
    PathwayFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
SUGGESTED = Suggestion.State


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    Weight.objects.create(programme=cohort.programme, part="sectors", strength=3)
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    return cohort


@pytest.fixture
def admin(cohort):
    return DutyFactory(programme=cohort.programme).user


@pytest.fixture
def with_circles(cohort):
    return PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=3)


def sector(cohort, name):
    return OptionFactory._meta.model.objects.get_or_create(
        programme=cohort.programme, fact="sectors", name=name
    )[0]


def mentor(cohort, *sectors, accepted=True, **details):
    return _person(MentorFactory, cohort, sectors, accepted, details)


def mentee(cohort, *sectors, accepted=True, **details):
    return _person(ApplicationFactory, cohort, sectors, accepted, details)


def _person(factory, cohort, sectors, accepted, details):
    application = factory(cohort=cohort, **details)
    application.sectors.set([sector(cohort, name) for name in sectors])
    if accepted:
        PolicyAcceptanceFactory(application=application)
    return application


def run(cohort, **kwargs):
    return services.run(**{"cohort": cohort, "by": None, "at": NOW, **kwargs})


def people_of(run):
    """Sets of application numbers, one per suggestion."""
    return {
        frozenset(suggestion.members.values_list("application", flat=True))
        for suggestion in run.suggestions.all()
    }


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
    assert set(reasons) == {held.pk, ({placed.pk, left.pk} - _placed(made)).pop()}
    assert reasons[held.pk] == "The application is held until 31 March 2026."


def _placed(made):
    return {pk for people in people_of(made) for pk in people}


def test_the_line_of_management_is_kept_apart_where_the_programme_says_so(cohort):
    boss = mentor(cohort, user__email="boss@lse.ac.uk")
    report = mentee(cohort, line_manager_email="Boss@lse.ac.uk")
    assert people_of(run(cohort)) == {frozenset({boss.pk, report.pk})}
    cohort.programme.forbids_line_management = True
    cohort.programme.save()

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


def test_locks_that_cannot_be_kept_are_answered_with_a_sentence(cohort, admin, with_circles):
    mentor(cohort, places=0, can_facilitate=True)
    first, second = (mentee(cohort, pathway="circle") for _ in range(2))
    services.lock(run(cohort).suggestions.all(), by=admin, at=NOW)
    Application.objects.filter(pk=second.pk).update(state="withdrawn")

    with pytest.raises(NotPossible):
        run(cohort)
    assert MatchRun.objects.count() == 1


def test_what_is_locked_stays_and_what_was_taken_out_does_not_come_back(cohort, admin):
    law, finance = mentor(cohort, "Law"), mentor(cohort, "Finance")
    wants_law, wants_finance = mentee(cohort, "Law"), mentee(cohort, "Finance")
    first = run(cohort)
    services.take_out(first.suggestions.filter(members__application=law), by=admin, at=NOW)

    second = run(cohort)

    crossed = {frozenset({law.pk, wants_finance.pk}), frozenset({finance.pk, wants_law.pk})}
    assert people_of(second) == crossed
    services.lock(second.suggestions.all(), by=admin, at=NOW)
    services.put_back(first.suggestions.all(), by=admin, at=NOW)
    third = run(cohort)
    assert people_of(third) == crossed
    assert set(third.suggestions.values_list("state", flat=True)) == {SUGGESTED.LOCKED}


def test_a_release_introduces_everybody_and_a_second_one_nobody_more(cohort, admin):
    for name in ("Law", "Finance"):
        mentor(cohort, name), mentee(cohort, name)
    made = run(cohort)

    first = services.release(made, by=admin, at=NOW)
    second = services.release(made, by=admin, at=NOW)

    assert (first.released, second.released) == (2, 0)
    assert Partnership.objects.count() == 2
    assert Message.objects.filter(kind="partnerships/email/introduction").count() == 4


@pytest.mark.clause("EI-1")
def test_a_release_waits_for_who_has_not_accepted_and_holds_back_nobody_else(cohort, admin):
    mentor(cohort, "Law"), mentee(cohort, "Law")
    mentor(cohort, "Finance")
    waits = mentee(cohort, "Finance", accepted=False)
    made = run(cohort)

    outcome = services.release(made, by=admin, at=NOW)

    assert outcome.released == 1
    (held,) = outcome.held_back
    assert held.reason == f"{waits.user.name} hasn't accepted the policy yet."
    PolicyAcceptanceFactory(application=waits)
    assert services.release(made, by=admin, at=NOW).released == 1


@pytest.mark.clause("BM-7", "EI-1")
def test_a_circle_begins_with_who_is_ready_and_the_rest_join_by_the_next_run(cohort, admin, with_circles):
    mentor(cohort, places=0, can_facilitate=True)
    for _ in range(2):
        mentee(cohort, pathway="circle")
    late = mentee(cohort, pathway="circle", accepted=False)

    outcome = services.release(run(cohort), by=admin, at=NOW)
    circle = Partnership.objects.get()
    assert (outcome.released, circle.memberships.count()) == (1, 3)

    PolicyAcceptanceFactory(application=late)
    services.release(run(cohort), by=admin, at=NOW)
    assert Partnership.objects.get() == circle
    assert circle.memberships.count() == 4


def test_a_release_into_a_cohort_that_has_ended_is_refused(cohort, admin):
    mentor(cohort), mentee(cohort)
    made = run(cohort)

    with pytest.raises(NotPossible, match="ended on 30 April 2026"):
        services.release(made, by=admin, at=datetime(2026, 5, 1, 9, tzinfo=UTC))


def test_a_release_asks_the_rules_again(cohort, admin):
    cohort.programme.forbids_line_management = True
    cohort.programme.save()
    boss, report = mentor(cohort, user__email="boss@lse.ac.uk"), mentee(cohort)
    made = run(cohort)
    report.line_manager_email = "boss@lse.ac.uk"
    report.save()

    outcome = services.release(made, by=admin, at=NOW)

    assert outcome.released == 0
    assert outcome.held_back[0].reason == (
        f"A rule keeps {report.user.name} apart from the other: in their line of management."
    )
    assert boss.memberships.count() == 0


def test_what_was_taken_out_later_is_not_released_from_an_earlier_run(cohort, admin):
    mentor(cohort), mentee(cohort)
    earlier, later = run(cohort), run(cohort)
    services.take_out(later.suggestions.all(), by=admin, at=NOW)

    outcome = services.release(earlier, by=admin, at=NOW)

    assert (outcome.released, Partnership.objects.count()) == (0, 0)


@pytest.mark.clause("ALL-1")
def test_who_does_not_administer_the_programme_runs_locks_and_releases_nothing(cohort):
    mentor(cohort), mentee(cohort)
    made, stranger = run(cohort), DutyFactory().user

    for attempt in (
        lambda: run(cohort, by=stranger),
        lambda: services.lock(made.suggestions.all(), by=stranger, at=NOW),
        lambda: services.release(made, by=stranger, at=NOW),
    ):
        with pytest.raises(NotPossible, match="don't administer"):
            attempt()


@pytest.mark.clause("BM-7")
def test_a_run_of_one_pathway_keeps_the_locks_of_the_other(cohort, admin, with_circles):
    mentor(cohort, places=2, can_facilitate=True)
    in_circle = [mentee(cohort, pathway="either") for _ in range(2)]
    services.lock(run(cohort, pathway="circle").suggestions.all(), by=admin, at=NOW)

    pairs = run(cohort, pathway="one_to_one")
    both = run(cohort)

    assert people_of(pairs) == set()
    assert set(pairs.exclusions.filter(application__role="mentee").values_list("application", "reason")) == {
        (a.pk, "Locked in a run of the other pathway.") for a in in_circle
    }
    assert [s.state for s in both.suggestions.all()] == [SUGGESTED.LOCKED]


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


def test_who_withdrew_meanwhile_is_named_and_skipped(cohort, admin):
    mentor(cohort)
    gone = mentee(cohort)
    made = run(cohort)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")

    outcome = services.release(made, by=admin, at=NOW)

    assert outcome.released == 0
    assert outcome.held_back[0].reason == f"{gone.user.name} isn't accepted at the moment."


def test_nobody_decides_on_a_match_of_their_own(cohort, admin):
    mentor(cohort, user=admin), mentee(cohort)
    made = run(cohort)

    with pytest.raises(NotPossible, match="a match of your own"):
        services.lock(made.suggestions.all(), by=admin, at=NOW)
    assert services.release(made, by=admin, at=NOW).released == 0


def test_nobody_decides_who_joins_a_circle_of_their_own(cohort, admin):
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=3)
    led = mentor(cohort, user=admin, can_facilitate=True)
    made = circle(cohort, facilitator=led, members=2)
    newcomer = mentee(cohort, pathway="circle")
    suggested = run(cohort, pathway="circle")
    assert [row.partnership for row in suggested.suggestions.all()] == [made]

    with pytest.raises(NotPossible, match="a match of your own"):
        services.take_out(suggested.suggestions.all(), by=admin, at=NOW)
    with pytest.raises(NotPossible, match="a circle of your own"):
        join(made, people=[newcomer], by=admin, at=NOW)
    assert services.release(suggested, by=admin, at=NOW).released == 0
    assert [row.is_own for row in review(suggested, viewer=admin)["reviewed"]] == [True]


def test_two_who_were_together_before_are_not_suggested_again(cohort, admin):
    mentor(cohort), mentee(cohort)
    services.release(run(cohort), by=admin, at=NOW)
    end(Partnership.objects.get(), by=admin, at=NOW, reason=EndReason.OFFICE)

    made = run(cohort)

    assert people_of(made) == set()
    assert "together before" in Exclusion.objects.filter(run=made).order_by("pk")[0].reason


@pytest.mark.clause("ALL-1")
def test_a_run_takes_people_of_its_own_cohort_only(cohort):
    own = {mentor(cohort).pk, mentee(cohort).pk}
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    mentor(other), mentee(other)

    assert _placed(run(cohort)) == own


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
