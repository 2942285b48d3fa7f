"""When a table may come out, beside any others: by hand at the edges, and over all histories of who answers when."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.questions import QUESTIONS, choices_of
from mentorship.lib import rounding
from overview.equality.publishing import are_apart, cells, may_come_out

pytestmark = pytest.mark.clause("EI-7")
PEOPLE = 36


def rows(*numbers):
    return frozenset(UUID(int=number) for number in numbers)


def row_of(person, version):
    """A person has another row each time that they change an answer, or come back after deleting."""
    return UUID(int=person * 1000 + version)


TEN = rows(*range(10))
THIRTY = rows(*range(30))


@pytest.mark.parametrize(
    ("other", "are"),
    [
        (THIRTY, True),
        (rows(*range(29)), False),
        (rows(*range(31)), False),
        (rows(*range(39)), False),
        (rows(*range(40)), True),
        (rows(*range(21)), False),
        (rows(*range(20)), True),
        (
            rows(*range(9, 39)),
            False,
        ),  # nine have gone and nine have come: it may be nine who changed an answer
        (rows(*range(10, 40)), True),
    ],
)
def test_two_tables_are_the_same_or_ten_people_apart(other, are):
    assert (are_apart(THIRTY, other), are_apart(other, THIRTY)) == (are, are)


@pytest.mark.parametrize(("number", "may"), [(0, False), (1, False), (9, False), (10, True)])
def test_a_first_table_has_ten_answers_behind_it(number, may):
    assert may_come_out([rows(*range(number))], beside=[]) is may


def test_a_table_keeps_apart_from_every_one_that_is_out_not_only_from_the_last():
    assert may_come_out([rows(*range(31))], beside=[THIRTY, TEN]) is False
    assert may_come_out([rows(*range(31))], beside=[TEN, THIRTY]) is False


def test_tables_that_come_out_together_keep_apart_from_one_another():
    assert may_come_out([THIRTY, rows(*range(25))], beside=[]) is False
    assert may_come_out([THIRTY, rows(*range(20))], beside=[]) is True


# One step of a history: for some people, whether they have no answers, keep theirs or have others; and who is looked
# at in a table of that month.
steps = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, PEOPLE - 1), st.sampled_from(["delete", "answer"]), max_size=PEOPLE),
        st.lists(st.sets(st.integers(0, PEOPLE - 1)) | st.just(set(range(PEOPLE))), min_size=1, max_size=4),
    ),
    max_size=8,
)


@given(history=steps)
def test_whatever_happens_no_two_tables_differ_by_the_answers_of_one_to_nine_people(history):
    version, has, out, whose = dict.fromkeys(range(PEOPLE), 0), set(range(PEOPLE)), [], []
    for acts, looks in history:
        for person, act in acts.items():
            version[person] += 1
            (has.add if act == "answer" else has.discard)(person)
        for people in looks:
            behind = {person: version[person] for person in people & has}
            found = frozenset(row_of(*item) for item in behind.items())
            if may_come_out([found], beside=out):
                out.append(found)
                whose.append(behind)

    apart = {len({p for p, _ in one.items() ^ other.items()}) for one, other in combinations(whose, 2)}

    assert [number for number in apart if 0 < number < 10] == []
    assert [len(behind) for behind in whose if len(behind) < 10] == []


answers = st.fixed_dictionaries(
    {name: st.sampled_from([value for value, _ in choices_of(name)]) for name in QUESTIONS}
)


@given(people=st.lists(answers, max_size=30), is_sensitive=st.booleans())
def test_a_table_says_the_rounded_count_of_each_answer_and_nothing_else(people, is_sensitive):
    said = cells(people, is_sensitive=is_sensitive)

    assert said == {
        (name, value): rounding.kept(sum(each[name] == value for each in people), is_sensitive=is_sensitive)
        for name in QUESTIONS
        for value, _ in choices_of(name)
    }
