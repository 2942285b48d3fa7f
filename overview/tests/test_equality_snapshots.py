"""The monthly count, on the whole way from rows to rows, and attacked with everything that it lets out."""

from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from applications.models import Application
from applications.tests.factories import ApplicationFactory, MentorFactory
from equality import services as answering
from equality.models import Answers
from equality.questions import QUESTIONS
from mentorship.lib import rounding
from overview import tasks
from overview.equality import snapshots, stages
from overview.equality.models import OF_A_COHORT, Figure, Snapshot, Stage, Table
from partnerships.models import Membership
from partnerships.tests.factories import MembershipFactory, PartnershipFactory, pair
from programmes.tests.factories import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 7)]
OTHER = "another-secret-" + "y8R" * 12


@pytest.fixture
def cohort():
    return CohortFactory()


def answer(application, **answers):
    given = answers or {"age": "35_44"}
    answering.give(cohort=application.cohort, account=application.user_id, answers=given, at=NOW)


def waiting(cohort, number, **answers):
    """So many people whose application waits, with the same answers."""
    people = ApplicationFactory.create_batch(number, cohort=cohort, waiting=True)
    for application in people:
        answer(application, **answers)
    return people


def count(cohort, month=0):
    assert snapshots.take(cohort, month=MONTHS[month])


def out(cohort):
    """Month and stage of every table that is out, in the order in which they came."""
    rows = Table.objects.filter(snapshot__cohort=cohort).order_by("pk")
    return [(month.month - 1, stage) for month, stage in rows.values_list("snapshot__month", "stage")]


def numbers(table, question="age"):
    rows = Figure.objects.filter(table=table, question=question)
    return {choice: number for choice, number in rows.values_list("choice", "number") if number != 0}


def test_answers_are_counted_into_rounded_figures(cohort):
    waiting(cohort, 13, age="35_44", gender="woman")
    waiting(cohort, 9, age="unsaid")

    count(cohort)

    table = Table.objects.get()
    assert (table.stage, table.number) == (Stage.APPLIED, 20)
    assert (numbers(table), numbers(table, "gender")) == ({"35_44": 15, "unsaid": 10}, {"woman": 15, "": 10})


def test_where_taking_part_is_sensitive_one_to_nine_are_not_told_apart():
    cohort = CohortFactory(programme__is_sensitive=True)
    waiting(cohort, 12, age="35_44"), waiting(cohort, 9, age="45_54"), waiting(cohort, 1, age="under_25")

    count(cohort)

    assert numbers(Table.objects.get()) == {"35_44": 10, "45_54": None, "under_25": None}


def test_people_are_counted_at_each_stage_that_they_have_reached(cohort):
    draft = ApplicationFactory(cohort=cohort, draft=True)
    applied, gone = ApplicationFactory(cohort=cohort, waiting=True), ApplicationFactory(cohort=cohort)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    eligible, elsewhere = MentorFactory(cohort=cohort), ApplicationFactory()
    running = pair(cohort=cohort)
    ended = pair(cohort=cohort)
    ended.memberships.update(left_on=NOW.date(), stayed_to_the_end=True)
    ended.state, ended.ended_at, ended.end_reason = "ended", NOW, "programme"
    ended.save()

    found = stages.of_cohort(cohort)

    def accounts(*partnerships):
        rows = Membership.objects.filter(partnership__in=partnerships)
        return set(rows.values_list("application__user", flat=True))

    both = accounts(running, ended)
    assert found == {
        Stage.APPLIED: both | {applied.user_id, gone.user_id, eligible.user_id},
        Stage.ELIGIBLE: both | {eligible.user_id},
        Stage.MATCHED: both,
        Stage.COMPLETED: accounts(ended),
    }
    assert {draft.user_id, elsewhere.user_id} & found[Stage.APPLIED] == set()


@pytest.mark.parametrize("reason", ["office", "leaving", "merged"])
def test_who_stayed_until_an_early_end_has_not_completed(cohort, reason):
    ended = pair(cohort=cohort)
    ended.memberships.update(left_on=NOW.date(), stayed_to_the_end=True)
    ended.state, ended.ended_at, ended.end_reason = "ended", NOW, reason
    ended.save()

    assert stages.of_cohort(cohort)[Stage.COMPLETED] == set()


def test_nothing_comes_out_until_ten_have_answered(cohort):
    waiting(cohort, 9)
    count(cohort)
    assert out(cohort) == []

    waiting(cohort, 1)
    count(cohort, 1)
    assert out(cohort) == [(1, "applied")]


def test_a_table_follows_when_ten_have_come_since_every_earlier_one(cohort):
    waiting(cohort, 20)
    count(cohort)
    waiting(cohort, 9)
    count(cohort, 1)
    waiting(cohort, 1)
    count(cohort, 2)

    assert out(cohort) == [(0, "applied"), (2, "applied")]


def test_a_stage_with_the_same_people_as_another_comes_out_and_one_too_near_does_not(cohort):
    accepted = ApplicationFactory.create_batch(20, cohort=cohort)
    for application in accepted:
        answer(application)
    count(cohort)
    assert out(cohort) == [(0, "applied"), (0, "eligible")]

    Application.objects.filter(pk=accepted[0].pk).update(state="withdrawn")
    count(cohort, 1)
    assert out(cohort) == [(0, "applied"), (0, "eligible")]


def test_deleted_and_changed_answers_are_nobodys_to_infer(cohort):
    people = waiting(cohort, 30)
    count(cohort)

    answering.take_back(cohort=cohort, account=people[0].user_id)
    count(cohort, 1)
    for application in people[1:9]:
        answer(application, age="unsaid")
    count(cohort, 2)
    assert out(cohort) == [(0, "applied")]

    answer(people[9], age="unsaid")
    count(cohort, 3)
    assert out(cohort) == [(0, "applied"), (3, "applied")]


def test_the_same_answers_make_no_new_table(cohort):
    waiting(cohort, 20)

    for month in range(3):
        count(cohort, month)

    assert out(cohort) == [(0, "applied")]


def test_a_cohort_is_counted_once_a_month_however_often_the_clock_rings(cohort):
    waiting(cohort, 10)

    assert [snapshots.take_due(at=NOW) for _ in range(2)] == [1, 0]
    waiting(cohort, 20)
    assert (snapshots.take(cohort, month=MONTHS[0]), out(cohort)) == (False, [(0, "applied")])


def test_the_clock_counts_this_month(cohort):
    waiting(cohort, 10)

    assert tasks.take_snapshots() == 1
    assert list(Snapshot.objects.values_list("cohort", "month")) == [(cohort.pk, date(2026, 1, 1))]


@pytest.mark.parametrize(
    ("day", "is_counted"),
    [
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2026, 4, 30), True),
        (date(2026, 5, 31), True),
        (date(2026, 6, 1), False),
    ],
)
def test_a_cohort_is_counted_from_the_opening_of_its_sign_up_to_the_month_after_its_end(
    cohort, day, is_counted
):
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    assert snapshots.take_due(at=at) == is_counted


def test_one_cohort_that_fails_holds_back_no_other(cohort, monkeypatch, caplog):
    other, take = CohortFactory(), snapshots.take

    def failing(each, **facts):
        if each == cohort:
            raise RuntimeError
        return take(each, **facts)

    monkeypatch.setattr(snapshots, "take", failing)

    assert snapshots.take_due(at=NOW) == 1
    assert list(Snapshot.objects.values_list("cohort", flat=True)) == [other.pk]
    assert [record.getMessage() for record in caplog.records] == [
        f"The equality figures of cohort {cohort.pk} could not be counted."
    ]


def test_people_who_answered_elsewhere_are_not_counted_here(cohort):
    waiting(CohortFactory(), 20)
    ApplicationFactory.create_batch(20, cohort=cohort)

    count(cohort)

    assert out(cohort) == []


def test_once_the_answers_are_removed_figures_stay_and_no_others_follow(cohort):
    waiting(cohort, 20)
    count(cohort)

    snapshots.purge(Answers.objects.filter(cohort=cohort))

    waiting(cohort, 20)
    count(cohort, 1)
    assert (out(cohort), numbers(Table.objects.get())) == ([(0, "applied")], {"35_44": 20})
    assert bytes(Table.objects.get().behind) == b""


def test_the_answers_of_another_cohort_stay_when_those_of_one_are_removed(cohort):
    other = CohortFactory()
    waiting(other, 10)
    count(other)

    snapshots.purge(Answers.objects.filter(cohort=cohort))

    assert (Answers.objects.count(), bytes(Table.objects.get().behind) == b"") == (10, False)


def test_after_a_change_of_secrets_the_next_count_still_compares_and_needs_the_former_one_no_more(
    cohort, settings
):
    people = waiting(cohort, 20)
    count(cohort)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]
    answering.take_back(cohort=cohort, account=people[0].user_id)
    count(cohort, 1)
    settings.SECRET_KEY_FALLBACKS = []

    waiting(cohort, 9)
    count(cohort, 2)
    assert out(cohort) == [(0, "applied")]
    waiting(cohort, 1)
    count(cohort, 3)
    assert out(cohort) == [(0, "applied"), (3, "applied")]


def test_where_a_secret_was_lost_nothing_more_comes_out(cohort, settings):
    waiting(cohort, 20)
    count(cohort)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, []

    waiting(cohort, 40)
    count(cohort, 1)

    assert out(cohort) == [(0, "applied")]


def test_a_count_takes_the_same_queries_for_few_people_and_for_many():
    asked = []
    for number in (12, 36):
        cohort = CohortFactory()
        waiting(cohort, number)
        with CaptureQueriesContext(connection) as queries:
            count(cohort)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_a_dump_without_the_secret_tells_neither_whose_answers_are_whose_nor_who_is_behind_a_table(cohort):
    people = waiting(cohort, 20)
    count(cohort)

    rows = {str(value) for row in Answers.objects.values() for value in row.values()}
    behind = bytes(Table.objects.get().behind)

    ids = {str(number) for person in people for number in (person.pk, person.user_id, person.user.email)}
    assert rows & ids <= {str(cohort.pk)}
    assert [row.pk for row in Answers.objects.all() if row.pk.bytes in behind] == []


# Any history: people come, move on, leave, answer, change and delete their answers; each month is counted.

PEOPLE = 24
ACTS = ["apply", "accept", "introduce", "withdraw", "answer", "answer", "delete"]
months = st.lists(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, PEOPLE - 1), st.integers(1, PEOPLE)), max_size=5
    ),
    min_size=2,
    max_size=len(MONTHS),
)


class Life:
    """A cohort that goes through a history; `seen` are the answers of whom stood behind each table that came out."""

    def __init__(self, shift):
        self.cohort, self.shift = CohortFactory(programme__is_sensitive=shift % 2 == 1), shift
        users = User.objects.bulk_create(
            User(email=f"p{n}.{shift}@lse.example", name=f"P {n}") for n in range(PEOPLE)
        )
        self.people = [ApplicationFactory.build(user=user, cohort=self.cohort, draft=True) for user in users]
        self.people = Application.objects.bulk_create(self.people)
        self.version, self.given, self.seen = [0] * PEOPLE, {}, {}
        self.partnership = PartnershipFactory(cohort=self.cohort)

    def act(self, what, person):
        rows = Application.objects.filter(pk=self.people[person].pk)
        if what == "apply":
            rows.filter(state="draft").update(state="submitted", submitted_at=NOW)
        elif what == "accept":
            rows.filter(state="submitted").update(state="accepted", decided_at=NOW)
        elif what == "withdraw":
            rows.filter(state__in=["submitted", "accepted"]).update(state="withdrawn")
        elif what == "introduce" and rows.filter(state="accepted", memberships=None).exists():
            MembershipFactory(partnership=self.partnership, application=self.people[person])
        elif what == "answer":
            self.version[person] += 1
            ages = QUESTIONS["age"].choices.values
            self.given[person] = ages[(person * self.shift + self.version[person]) % len(ages)]
            answer(self.people[person], age=self.given[person])
        elif what == "delete":
            self.given.pop(person, None)
            answering.take_back(cohort=self.cohort, account=self.people[person].user_id)

    def month(self, number):
        count(self.cohort, number)
        reached = stages.of_cohort(self.cohort)
        for table in Table.objects.filter(snapshot__cohort=self.cohort, snapshot__month=MONTHS[number]):
            behind = {
                person: (self.version[person], age)
                for person, age in self.given.items()
                if self.people[person].user_id in reached[Stage(table.stage)]
            }
            self.seen[number, table.stage] = table, behind


def live(history, shift):
    """One history in a world in which people answer in a way of their own."""
    life = Life(shift)
    for number in range(PEOPLE):
        life.act("apply", number)
        life.act("answer", number)
    for number, acts in enumerate(history):
        for what, first, many in acts:
            for person in range(first, min(first + many, PEOPLE)):
                life.act(what, person)
        life.month(number)
    return life


@settings(max_examples=15)
@given(history=months)
def test_what_an_attacker_learns_from_everything_that_came_out_is_about_ten_people_or_nobody(history):
    """They know who applied, moved on, answered, changed and deleted when, and everybody's answers but one's."""
    with transaction.atomic():
        first, second = live(history, 1), live(history, 2)
        tables = list(first.seen.values())
        figures = {table.pk: numbers(table) for table, _ in tables}
        transaction.set_rollback(True)

    # Two tables set against each other: the people whose answers make the difference.
    for (_, one), (_, other) in combinations(tables, 2):
        differing = {person for person, _ in one.items() ^ other.items()}
        assert len(differing) == 0 or len(differing) >= 10
    # A table by itself: rounded counts of ten people or more.
    for table, behind in tables:
        counts = {age: [a for _, a in behind.values()].count(age) for _, age in behind.values()}
        rounded = {age: rounding.kept(number, is_sensitive=True) for age, number in counts.items()}
        assert figures[table.pk] == {age: number for age, number in rounded.items() if number != 0}
        assert (len(behind) >= 10, table.number) == (True, rounding.nearest_five(len(behind)))
    # What came out and what was held back: the same whatever anybody answered.
    assert [(at, table.number) for at, (table, _) in first.seen.items()] == [
        (at, table.number) for at, (table, _) in second.seen.items()
    ]
    assert {stage for _, stage in first.seen} <= set(OF_A_COHORT)
